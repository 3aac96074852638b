# Lines that answer OPTIONS or let it in, which mod_cors makes useless, and rules
# that refuse preflights: one warning each, with its exact text.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $at   = 'of ROOT/test.conf';
my $list = "CorsAllowOrigin https://a.example\n";

# In the rows below the policy stands in the first line, the directive under
# test in the second.
my %fate = (
    options => 'mod_cors answers preflights before authentication, and this '
        . 'lets other requests in unchecked: leave it out '
        . '[options-left-over]',
    except => 'mod_cors answers preflights before authentication, and this '
        . 'lets other requests in unchecked: write what stands in it outside '
        . '[options-left-over]',
    inside => 'mod_cors answers preflights before authentication, and this '
        . 'lets other requests in unchecked: write it outside of <If> '
        . '[options-left-over]',
    rule => 'is for OPTIONS alone, and mod_cors answers preflights without '
        . 'it: leave it out. Other OPTIONS requests are then served like any '
        . 'request [options-left-over]',
    ended => 'refuses the preflights that it matches before mod_cors sees them: '
        . 'write RewriteCond %{REQUEST_METHOD} !=OPTIONS [OR] and RewriteCond '
        . '%{HTTP:Access-Control-Request-Method} ^$ before its other '
        . 'conditions [rewrite-refuses-preflights]',
);

# What only answers OPTIONS, or lets it through.
for my $pattern ('OPTIONS', '^OPTIONS$', '=OPTIONS', '^(OPTIONS)$',
    '"OPTIONS"', '^OPTIONS$ [NC]') {
    my $rule = '^(.*)$ $1 [R=204,L]';
    warned("${list}RewriteEngine On\nRewriteCond %{REQUEST_METHOD} $pattern\n"
            . "RewriteRule $rule\n",
        "RewriteRule $rule (line 4 $at) $fate{rule}");
}
my $rule = "RewriteRule ^ - [R=204,L]\n";
my $cond = 'RewriteCond %{REQUEST_METHOD}';
warned("$list$_") for "$cond !OPTIONS\n$rule", "$cond ^(OPTIONS|TRACE)\$\n$rule",
    "$cond OPTIONS [OR]\n$cond TRACE\n$rule",
    "$cond TRACE [OR]\n$cond OPTIONS\n$rule",
    "RewriteCond %{REQUEST_URI} OPTIONS\n$rule", $rule,
    "$cond TRACE\n$rule";
warned(within('<Location "/">', $list . $_))
    for within('<LimitExcept GET OPTIONS>', "Require all denied\n"),
    within('<Limit OPTIONS PUT>', "Require all denied\n"),
    "Require method GET OPTIONS\n";
warned("$list$cond OPTIONS\nRewriteRule a b\n$rule",
    "RewriteRule a b (line 3 $at) $fate{rule}");
warned("$cond OPTIONS\n$rule");
# Nor is one that does something else than let OPTIONS through.
warned("$list$cond OPTIONS\nRewriteRule $_\n")
    for '^ http://127.0.0.1:1/ [P]', '^ http://127.0.0.1:1/ [proxy,L]',
    '^ - [E=SEEN:1]', '^ - [CO=seen:1:.example.com]', '^ - [H=cgi-script]',
    '^ - [C]', '^ - [S=1]', '^ - [T=text/plain]';
# What refuses OPTIONS is no answer to a preflight: it ends one, if it stands in
# the server itself, where mod_rewrite runs before all sections are known.
my $engine = "RewriteEngine On\n";
for my $flags ('[F]', '[L,forbidden]', '[R=405,L]', '[G]', '[nc,redirect=403]') {
    warned("$list$engine$cond OPTIONS\nRewriteRule ^ - $flags\n",
        "RewriteRule ^ - $flags (line 4 $at) $fate{ended}");
    warned($list . within('<Location "/">',
        "$engine$cond OPTIONS\nRewriteRule ^ - $flags\n"));
}
my $ends = "RewriteRule ^ - [F]\n";
my $no_login = 'RewriteCond %{HTTP:Authorization}';
warned("$list$engine$_$ends",
    "RewriteRule ^ - [F] (line @{[3 + tr/\n//]} $at) $fate{ended}")
    for "$cond ^(TRACE|OPTIONS|PUT)\$\n", "$cond !^(GET|POST|HEAD)\$\n",
    "$cond !=GET\n", "$cond =OPTIONS\n", "$cond ^options\$ [NC]\n",
    "$no_login ^\$\n", "$no_login !^Bearer\n", "$no_login =\"\"\n",
    "RewriteCond %{HTTP_COOKIE} !session=\n", "RewriteCond %{HTTP:Cookie} ^\$\n",
    "$cond TRACE [OR]\n$cond OPTIONS\n", "$cond OPTIONS [OR]\n$cond TRACE\n",
    "RewriteCond %{REQUEST_URI} ^/api\n$cond OPTIONS\n";
warned("$list$engine$_$ends") for '', "$cond ^TRACE\$\n",
    "$cond !^(GET|OPTIONS)\$\n", "$cond !=OPTIONS\n", "$cond .\n",
    "$cond options\n", "$no_login .\n", "$no_login .*\n",
    "RewriteCond %{REQUEST_URI} ^/api\n", "RewriteCond %{HTTP:Origin} ^\$\n",
    "RewriteCond %{REQUEST_FILENAME} -f\n", "$cond >A\n",
    "$cond !=OPTIONS [OR]\nRewriteCond %{HTTP:Access-Control-Request-Method} "
    . "^\$\n$cond ^(TRACE|OPTIONS)\$\n",
    "$cond !=OPTIONS\n$no_login ^\$\n", "$cond OPTIONS\n$cond TRACE\n";
warned("$list$cond OPTIONS\n$ends");
warned("$list${engine}RewriteEngine Off\n$cond OPTIONS\n$ends");
warned("$engine$list" . within('<VirtualHost *:1>', "ServerName b.example\n"
    . "$cond OPTIONS\n$ends"), "RewriteRule ^ - [F] (line 6 $at) $fate{ended}");
warned("$engine$list" . within('<VirtualHost *:1>', "ServerName b.example\n"
    . "RewriteEngine Off\n$cond OPTIONS\n$ends"));
warned($engine . within('<Location "/api">', $list) . "$cond OPTIONS\n$ends",
    "RewriteRule ^ - [F] (line 6 $at) $fate{ended}");
# No virtual host takes over the rules of the main server.
warned("$engine$cond OPTIONS\n$_" . within('<VirtualHost *:1>',
    "ServerName b.example\n$list")) for $ends, $rule;
# A rule before one that refuses may be what lets OPTIONS through.
warned("$list$engine$cond OPTIONS\nRewriteRule ^ - [L]\n$no_login ^\$\n$ends",
    "RewriteRule ^ - [F] (line 6 $at) $fate{ended}");
warned(within('<Location "/">', $list . within('<Limit OPTIONS>', "$_\n")))
    for 'Require all denied', 'Deny from all';
warned($list . within('<Location "/a">', "$cond OPTIONS\n")
    . within('<Location "/b">', $rule));
warned("$list$cond OPTIONS\n" . within('<Location "/b">', $rule));
my $user = "AuthType Basic\nAuthName a\nRequire valid-user\n";
my $granted = "Require all granted\n";
for my $limit ('<LimitExcept OPTIONS>', '<LimitExcept "OPTIONS" >') {
    warned(within('<Location "/">', $list . within($limit, $user)),
        "$limit (line 3 $at): $fate{except}");
    warned(within('<Location "/">', $list . within($limit, $granted)));
}
for my $limit ('<Limit OPTIONS>', '<Limit options >') {
    warned(within('<Location "/">', $list . within($limit, $_)),
        "$limit (line 3 $at): $fate{options}")
        for $granted, "Satisfy any\n", "Order allow,deny\nAllow from all\n",
        "${user}Satisfy Any\n";
    warned(within('<Location "/">', $list . within($limit, $user)));
}
warned(within('<Location "/a">', $list) . within('<Location "/">',
    within('<Limit OPTIONS>', $granted)), "<Limit OPTIONS> (line 5 $at): "
    . $fate{options} =~ s/leave it out\K/ if it is for nothing else/r);
warned(within('<Location "/">', $list . within('<RequireAll>', $granted
    . within('<RequireNone>', "Require method OPTIONS\nRequire ip 10.0.0.1\n"))));

# The same by a variable or an expression.
sub opened {
    my ($before, $line, $after) = @_;
    warned($before . within('<Location "/">', "$list$line\n$after"),
        @_ > 3 ? () : "$line (line @{[3 + ($before =~ tr/\n//)]} $at): "
            . $fate{options});
}
my $set = "SetEnvIf Request_Method ^OPTIONS\$ opt";
my $test = "%{REQUEST_METHOD} == 'OPTIONS'";
opened("$_\n", 'Require env opt', $user) for $set, "$set=1 opt2",
    "SetEnvIfNoCase Request_Method \"OPTIONS\" opt",
    "SetEnvIfExpr \"$test\" opt", "$set\n$set";
opened("$_\n", 'Require env opt', $user, 'no') for
    'SetEnvIf Request_Method ^(OPTIONS|GET)$ opt',
    'SetEnvIf Remote_Addr ^10\. opt', "$set\nSetEnv opt 1",
    "SetEnvIf Remote_Addr ^10\\. opt=1\n$set", 'SetEnv opt OPTIONS',
    "$set\nBrowserMatch OPTIONS opt", 'SetEnvIf X-A ^OPTIONS$ opt',
    "SetEnvIfExpr \"%{REQUEST_METHOD} != 'OPTIONS'\" opt";
opened("$set\n", 'Require env opt other', $user, 'no');
opened("$set\n", 'Require env opt', '', 'no');
warned("$set\n" . within('<Location "/">', $list . within('<RequireAll>',
    "Require env opt\nRequire valid-user\n")));
opened("$set\n", 'allow from env=opt', "Deny from all\nSatisfy Any\n");
opened("$set\n", 'allow from env=opt', "Allow from 10.0.0.1\n");
opened("$set\n", 'allow from env=opt', $_, 'no') for '', "Satisfy All\n";
my @for_options = ($test, '%{REQUEST_METHOD} = "OPTIONS"',
    q('OPTIONS' == %{REQUEST_METHOD}), '%{REQUEST_METHOD} =~ /^OPTIONS$/',
    '%{REQUEST_METHOD} =~ m#^(OPTIONS)$#i', q(%{REQUEST_METHOD} -in {'OPTIONS'}),
    q(%{REQUEST_METHOD} -strmatch 'OPTIONS'),
    q(%{REQUEST_METHOD} == 'OPTIONS' && -n %{HTTP:Origin}));
my @for_others = (q(%{REQUEST_METHOD} -in {'OPTIONS', 'GET'}),
    q(%{REQUEST_METHOD} =~ /OPTIONS|GET/), "$test || -n %{HTTP:X-A}",
    "!($test)", q(%{REQUEST_METHOD} == 'GET'), q('OPTIONS' == %{HTTP:X-A}));
opened('', "Require expr $_", $user) for @for_options;
opened('', "Require expr $_", $user, 'no') for @for_others;
for my $open ('Require all granted', 'Satisfy Any', 'allow from all') {
    my $if = sub { within(q(<If ") . $_[0] =~ s/"/\\"/gr . q(">), $_[1]) };
    warned(within('<Location "/">', $list . $if->($_, "$open\n")),
        "$open (line 4 $at): $fate{options}") for @for_options;
    warned(within('<Location "/">', $list . $if->($_, "$open\n")))
        for @for_others;
}
warned(within('<Location "/">', $list . within("<If \"$test\">", $_)))
    for $user, "Header set X-A b\n", "Deny from all\nSatisfy Any\n";
for my $except (q(%{REQUEST_METHOD} != 'OPTIONS'),
    '%{REQUEST_METHOD} !~ /^OPTIONS$/') {
    warned(within('<Location "/">', $list . within("<If \"$except\">", $user)),
        "Require valid-user (line 6 $at): $fate{inside}");
    warned(within('<Location "/">', $list . within("<If \"$except\">", $granted)));
}
warned(within('<Location "/">', "$list<RequireAny>\nRequire method OPTIONS\n"
        . "Require all denied\n</RequireAny>\n"),
    "Require method OPTIONS (line 4 $at): $fate{options}");

# A policy that is only tried takes the place of nothing, nor does one that
# forwards preflights answer them.
warned($list . within('<Location "/">', "$_\n$cond OPTIONS\n$rule"
    . within('<LimitExcept OPTIONS>', "Require local\n")))
    for 'CorsPreflight forward', 'CorsEngine DetectionOnly';

done_testing();
