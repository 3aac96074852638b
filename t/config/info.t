# CorsInfo in the configuration: where it may stand, and what limits access to it.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $FLOOR = 110;     # configurations

my $at = 'of ROOT/test.conf';
my $checked = 0;

sub errors {
    my ($conf) = @_;
    my ($ok, $out) = configtest($conf);
    $checked++;
    my @errors = map { $_->[0] eq 'error' ? $_->[1] : () } said($out);
    push @errors, $out if !$ok && !@errors;
    return @errors;
}

sub accepted {
    my ($conf) = @_;
    is_deeply [ errors($conf) ], [], join '; ', 'accepted', split /\n/, $conf;
}

# Why the lines of the section limit nobody: the first Require that lets in
# everybody, else the first.
sub lack {
    my ($conf, $line) = @_;
    my @lines = ('', split /\n/, $conf);
    my ($end) = grep { !defined $lines[$_] || $lines[$_] =~ m{^</Location} }
        $line .. @lines;
    my @at = grep { $lines[$_] =~ /^Require / } $line .. $end - 1;
    my ($first) = grep { $lines[$_] !~ /^Require (?:local|not|ip 10\.1)\b(?!.*\/)/ } @at;
    $first //= $at[0] // return 'no Require limits who may read it: write it into '
        . 'a <Location> with a Require, such as Require local';
    my $limit = $lines[$first - 1] =~ /^<Limit/;
    return "$lines[$first] (line $first $at) " . ($limit
        ? 'is for some methods only: write it outside of that section'
        : 'limits nobody: write one that asks who sends the request, such as '
            . 'Require local');
}

sub refused {
    my ($conf, $line, $place, $reason) = @_;
    $reason ||= lack($conf, $line);
    is_deeply [ errors($conf) ], [ "CorsInfo On (line $line $at)"
        . ($place ? " in $place" : '')
        . ": the page shows every policy, and $reason [info-unprotected]" ],
        join '; ', 'refused', split /\n/, $conf;
}

# By a section that is named with its line.
sub opened {
    my ($conf, $line, $place, $by, $by_line) = @_;
    refused($conf, $line, $place, "$by (line $by_line $at) "
        . ($by =~ /^<Location [^~*]*$/ ? 'lets' : 'may let')
        . ' everybody read it: write a Require into that section that limits '
        . 'who may, such as Require local, or move CorsInfo On to a <Location> '
        . "that it can't hold for");
}

my $cors = '<Location "/cors">';

# Lines beside CorsInfo that limit access.
for my $limit ('Require local', 'Require ip 10.0.0.0/8', 'Require valid-user',
    'Require all denied', 'Require host a.example', 'require user me',
    "<RequireAny>\nRequire local\nRequire ip 10.1\n</RequireAny>",
    "<RequireAll>\nRequire all granted\nRequire local\n</RequireAll>",
    "<RequireAll>\nRequire local\nRequire not ip 10.1\n</RequireAll>",
    "<RequireAll>\n<RequireNone>\nRequire ip 10.1\n</RequireNone>\n"
        . "Require valid-user\n</RequireAll>",
    q{Require expr "%{REMOTE_ADDR} == '10.1.1.1'"},
    q{Require expr "%{REQUEST_METHOD} == 'GET' && -R '10.0.0.0/8'"},
    q{Require expr req('X-Key') == 'a'},
    "Require local\nAuthMerging Off", "Require local\nAuthMerging And",
    "Require local\n<Limit POST>\nRequire all granted\n</Limit>",
    "Require method OPTIONS", "Require local\nSatisfy All",
    "Require local\nSatisfy Any\nsatisfy all",
    "Require local\n<Limit POST>\nSatisfy Any\n</Limit>",
    "Require local\n<LimitExcept GET>\nSatisfy Any\n</LimitExcept>",
    'Require ip fc00::/7', 'Require ip 10.0.0.0/255.0.0.0', 'Require ip 10.1 ::1',
    "<RequireAll>\nRequire ip 0.0.0.0/1\nRequire local\n</RequireAll>",
    'Require forward-dns a.example', 'Require env from_the_office',
    'Require expr false', 'Require expr "false"',
    q{Require expr -R '10.0.0.0/8'}, q{Require expr "-R '0.0.0.0/1' && }
        . q{%{REMOTE_USER} == 'me'"},
    q{Require expr "%{HTTPS} == 'on' && %{REMOTE_USER} == 'me'"},
    "Require local\n<LimitExcept HEAD>\nRequire all granted\n</LimitExcept>") {
    accepted(within($cors, "CorsInfo On\n$limit\n"));
}

# And lines that don't.
for my $limit ('', "Require all granted\n", "Require all granted\nRequire local\n",
    "Require method GET POST\n", "<RequireAny>\nRequire local\n"
        . "Require all granted\n</RequireAny>\n",
    "<RequireAll>\nRequire all granted\n</RequireAll>\n",
    "<RequireAll>\nRequire all granted\nRequire not ip 10.1\n</RequireAll>\n",
    "<RequireAll>\nRequire all granted\n<RequireNone>\nRequire ip 10.1\n"
        . "</RequireNone>\n</RequireAll>\n",
    "Require expr true\n", "Require expr \"1 == 1\"\n",
    "Require expr \"%{REQUEST_METHOD} == 'GET'\"\n",
    "Require expr %{REQUEST_METHOD} in { 'GET', 'HEAD' }\n",
    "Require local\n<Limit GET>\nRequire all granted\n</Limit>\n",
    "Require local\n<LimitExcept POST>\nRequire all granted\n</LimitExcept>\n",
    "AuthMerging Off\n", "Require all granted\nAuthMerging And\n",
    "<Limit POST>\nRequire local\n</Limit>\n",
    "<LimitExcept GET>\nRequire local\n</LimitExcept>\n",
    "Require method HEAD\n", "Require method POST HEAD\n",
    "Require local\n<Limit HEAD>\nRequire all granted\n</Limit>\n",
    "<LimitExcept HEAD>\nRequire local\n</LimitExcept>\n",
    "Require ip 0.0.0.0/0.0.0.0\n", "Require ip 0.0.0.0/1 128.0.0.0/1\n",
    "Require ip 10.0.0.0/7\n", "Require ip 10.0.0.0/254.0.0.0\n",
    "Require ip 2000::/3\n", "Require ip ::/1 8000::/1\n",
    "Require ip 10.1 128.0.0.0/1\n",
    "<RequireAny>\nRequire local\nRequire ip 0.0.0.0/1\n</RequireAny>\n",
    "Require expr \"-R '0.0.0.0/1'\"\n", "Require expr -R \"::/1\"\n",
    "Require expr \"false || true\"\n",
    "Require expr \"-R '0.0.0.0/1' || -R '128.0.0.0/1'\"\n",
    "Require expr \"-R '0.0.0.0/1' || -R '10.1.1.1'\"\n",
    "Require expr \"-R '0.0.0.0/1' && true\"\n",
    (map { "Require expr \"%{$_} =~ /./\"\n" } qw(HTTPS REQUEST_SCHEME
        REQUEST_URI HTTP_HOST HTTP:Host THE_REQUEST REQUEST_FILENAME
        SCRIPT_FILENAME PATH_INFO DOCUMENT_ROOT CONTEXT_PREFIX
        CONTEXT_DOCUMENT_ROOT IS_SUBREQ REQUEST_STATUS SERVER_NAME SERVER_PORT server_port TIME_HOUR)),
    "Order deny,allow\nDeny from all\n") {
    refused(within($cors, "CorsInfo On\n$limit"), 2, $cors);
}

# httpd refuses ranges without any bit, and a "not" with nothing beside it.
for my $range ('0.0.0.0/0', '::/0', '0/0') {
    isnt scalar(errors(within($cors, "CorsInfo On\nRequire ip $range\n"))), 0,
        "refused: Require ip $range";
}
isnt scalar(errors(within($cors, "CorsInfo On\n<RequireAll>\n"
    . "Require not ip 10.1\n</RequireAll>\n"))), 0, 'refused: Require not alone';

# Names for providers.
my $aliases = "<AuthzProviderAlias all everybody granted>\n</AuthzProviderAlias>\n"
    . "<AuthzProviderAlias ip world \"0.0.0.0/1\">\n</AuthzProviderAlias>\n"
    . "<AuthzProviderAlias ip office \"10.1\">\n</AuthzProviderAlias>\n";
accepted($aliases . within($cors, "CorsInfo On\nRequire office\n"));
refused($aliases . within($cors, "CorsInfo On\nRequire $_\n"), 8, $cors)
    for 'everybody', 'world';
my $names = "<AuthzProviderAlias all Local granted>\n</AuthzProviderAlias>\n"
    . "<AuthzProviderAlias all \"my world\" granted>\n</AuthzProviderAlias>\n"
    . "<AuthzProviderAlias ip \"my office\" 10.1>\n</AuthzProviderAlias>\n";
accepted($names . within($cors, "CorsInfo On\n$_\n"))
    for 'Require "my office"', 'Require local';
refused($names . within($cors, "CorsInfo On\nRequire $_\n"), 8, $cors)
    for 'Local', '"my world"', "'my world'", "\"Local\"";

# TLS hides what is sent; everybody may use it.
SKIP: {
    my $modules = CorsTest::apxs_q('LIBEXECDIR');
    skip 'mod_ssl is not installed', 3 unless -e "$modules/mod_ssl.so";
    my $ssl = "<IfModule !mod_ssl.c>\nLoadModule ssl_module $modules/mod_ssl.so\n"
        . "</IfModule>\n";
    refused($ssl . within($cors, "CorsInfo On\nRequire ssl\n"), 5, $cors);
    refused($ssl . "<AuthzProviderAlias ssl tls>\n</AuthzProviderAlias>\n"
        . within($cors, "CorsInfo On\nRequire tls\n"), 7, $cors);
    accepted($ssl . within($cors, "CorsInfo On\nRequire ssl-verify-client\n"));
}

# Other sections that the requests of the place have too.
my $on = within($cors, "CorsInfo On\n");
my $root = within('<Location "/">', "Require local\n");
my $open = "Require all granted\n";
accepted("$root$on");
accepted("$on$root");
accepted(within($cors, "Require local\n") . $on);
accepted(within('<Location "/cors">', "CorsInfo On\nRequire local\n")
    . within('<Location "/corset">', $open));
accepted(within('<Location "/cors/x">', $open)
    . within($cors, "CorsInfo On\nRequire local\n"));
refused($root . within($cors, "CorsInfo On\n$open"), 5, $cors);
my $limited = within($cors, "CorsInfo On\nRequire local\n");     # 4 lines
for my $by ('<Location "/">', '<Location /cors/x>', '<LocationMatch ^/cors>',
    '<LocationMatch "^/cors$">', '<LocationMatch "/a">',
    '<LocationMatch "^/c?d">', '<LocationMatch "^/a|^/cors">',
    '<LocationMatch "(?i)^/CORS">',
    '<Location ~ "^/cors">', '<Location "/c*">', '<If "true">') {
    opened($limited . within($by, $open), 2, $cors, $by, 5);
    accepted($limited . within($by, "Require local\n"));
    accepted($limited . within($by, "CorsMaxAge 1\n"));
    my $earlier = within($by, $open) . $limited;
    $by =~ /^<If/ ? opened($earlier, 5, $cors, $by, 1) : accepted($earlier);
}
for my $by ('<LocationMatch "^/public">', '<LocationMatch ^/a/*>',
    '<Location "/public/*">', '<Location ~ ^/d>', '<Location "/d">',
    '<Directory "/">', '<Files "cors">', '<FilesMatch "c">', '<Proxy "*">') {
    accepted($limited . within($by, $open));
}
opened($limited . within($cors, "<Limit POST>\nRequire local\n</Limit>\n"), 2,
    $cors, $cors, 5);
opened($limited . within($cors, "AuthMerging Off\n"), 2, $cors, $cors, 5);
accepted($limited . within($cors, "AuthMerging Or\n"));
accepted($limited . within($cors, "AuthMerging Or\nRequire ip 10.1\n"));
accepted($limited . within($cors, "AuthMerging And\n$open"));
opened($limited . within($cors, "AuthMerging Or\n$open"), 2, $cors, $cors, 5);

# <If> comes after all <Location>, wherever it stands.
my $any = '<If "true">';
opened(within($cors, "CorsInfo On\nRequire local\n" . within($any, $open)), 2,
    $cors, $any, 4);
opened($limited . within('<Directory "/">', within($any, $open)), 2, $cors,
    $any, 6);
opened($limited . within($any, within('<If "-T \'a\'">', $open)), 2, $cors,
    q{<If "-T 'a'">}, 6);
opened($limited . within($any, "Require local\n") . within('<Else>', $open), 2,
    $cors, '<Else>', 8);
accepted($limited . within('<Location "/d">', within($any, $open)));
accepted($limited . within($any, "AuthMerging And\n$open"));

# An <If> for a range opens the page to that range only.
for my $few (q{<If "-R '10.0.0.0/8'">}, q{<If "-R 'fc00::/7'">}, '<If "false">') {
    accepted($limited . within($few, $_)) for $open, "Satisfy Any\n",
        within($any, $open);
    accepted(within($cors, "CorsInfo On\nRequire local\n" . within($few, $open)));
    opened($limited . within($few, "Require local\n") . within('<Else>', $open),
        2, $cors, '<Else>', 8);
    refused(within($cors, "CorsInfo On\n" . within($few, "Require local\n")), 2,
        $cors);
}
opened($limited . within($_, $open), 2, $cors, $_, 5)
    for q{<If "-R '0.0.0.0/1'">}, q{<If "! -R '10.0.0.0/8'">},
    q{<If "-R '10.0.0.0/8' || true">}, q{<If "%{HTTP_USER_AGENT} =~ /M/">},
    '<If "false || true">';

# AuthMerging Or: folders and what is laid below may open the page.
my $or = within($cors, "CorsInfo On\nAuthMerging Or\nRequire ip 10.9.9.9\n");
my $whom = 'lets in everybody whom earlier sections let in: write AuthMerging '
    . 'Off';
refused($or, 2, $cors, "AuthMerging Or (line 3 $at) in $cors $whom");
refused(within('<Location "/">', "AuthMerging Or\nRequire local\n") . $on, 6,
    $cors, "AuthMerging Or (line 2 $at) in <Location \"/\"> $whom");
accepted($root . $or);
opened(within('<Location "/">', $open) . $or, 5, $cors, '<Location "/">', 1);
refused(within('<Location "/corsx">', "Require local\n") . $on, 5, $cors);
refused(within('<Location "/cors/x">', "Require local\n") . $on, 5, $cors);
refused(within('<Directory "/">', "Require all denied\n") . $on, 5, $cors);

# Satisfy is inherited, whatever section it stands in and whatever is required
# later.
sub unsatisfied {
    my ($conf, $line, $place, $by, $by_line) = @_;
    refused($conf, $line, $place, "Satisfy Any (line $by_line $at) in $by may "
        . 'let in whom Require keeps out: write Satisfy All '
        . ($place !~ /^<Virt/ && $by ne $place && $by =~ /^<(?:Dir|Files|Proxy)/
            ? 'beside CorsInfo On' : 'in place of Any there'));
    my @lines = split /^/, $conf;
    if ($place !~ /^<Virt/ && $by ne $place && $by =~ /^<(?:Dir|Files|Proxy)/) {
        splice @lines, $line, 0, "Satisfy All\n";
    }
    else {
        $lines[$by_line - 1] =~ s/any/All/i;
    }
    accepted(join '', @lines);
}
for my $satisfy ('Satisfy Any', 'satisfy "any"', "Satisfy All\nSatisfy Any") {
    my $conf = within($cors, "CorsInfo On\nRequire local\n$satisfy\n");
    unsatisfied($conf, 2, $cors, $cors, 3 + split /\n/, $satisfy);
}
unsatisfied(within($cors, "CorsInfo On\nRequire local\n$_->[0]\nSatisfy Any\n"
    . "$_->[1]\n"), 2, $cors, $cors, 5)
    for [ '<Limit GET>', '</Limit>' ], [ '<Limit POST HEAD>', '</Limit>' ],
    [ '<LimitExcept POST>', '</LimitExcept>' ];
my $satisfied = within($cors, "CorsInfo On\nRequire local\nSatisfy All\n");
for my $by ('<Location "/">', '<Location "/cors/x">', '<LocationMatch "/a">',
    '<Directory "/">', '<Directory "/srv">', '<Files "a">', '<Proxy "*">',
    '<If "true">') {
    my $any = within($by, "Satisfy Any\n");
    unsatisfied($any . $limited, 5, $cors, $by, 2);
    unsatisfied($limited . $any, 2, $cors, $by, 6);
    $by =~ /^<If/ ? unsatisfied($any . $satisfied, 5, $cors, $by, 2)
        : accepted($any . $satisfied);
    $by =~ /^<(?:If|Loc)/ ? unsatisfied($satisfied . $any, 2, $cors, $by, 7)
        : accepted($satisfied . $any);
    accepted($limited . within($by, "Satisfy All\n"));
}
accepted($limited . within($_, "Satisfy Any\n")) for '<Location "/d">',
    '<LocationMatch "^/public">';
unsatisfied(within('<Location "/">', "Satisfy Any\n")
    . within('<LocationMatch "c">', "Satisfy All\n") . $limited, 8, $cors,
    '<Location "/">', 2);
accepted(within('<Directory "/">', "Satisfy Any\n")
    . within('<Location "/">', "Satisfy All\n") . $limited);
unsatisfied($limited . within('<VirtualHost 127.0.0.1:81>',
    within('<Directory "/srv">', "Satisfy Any\n")), 2, $cors,
    '<Directory "/srv">', 7);
unsatisfied(within('<Directory "/srv/x">', "CorsInfo On\nRequire local\n")
    . within('<Directory "/srv">', "Satisfy Any\n"), 2, '<Directory "/srv/x">',
    '<Directory "/srv">', 6);
opened(within('<Directory "/">', "Satisfy Any\n") . $limited
    . within('<If "true">', $open), 5, $cors, '<If "true">', 8);

# Sections in sections, and of other kinds.
my $if = '<If "-R \'10.0.0.0/8\'">';
accepted(within($cors, "Require local\n" . within($if, "CorsInfo On\n")));
accepted(within($cors, within($if, "CorsInfo On\nRequire local\n")));
refused(within($cors, within($if, "CorsInfo On\n")), 3, $if);
refused(within($cors, "Require local\n"
    . within($if, "CorsInfo On\n$open")), 4, $if);
for my $first ('<Directory "/srv/x">', '<LocationMatch "^/c">',
    '<Files "cors">', '<DirectoryMatch "x">') {
    accepted(within($first, "CorsInfo On\nRequire local\n"));
    accepted($root . within($first, "CorsInfo On\n"));
    refused(within($first, "CorsInfo On\n"), 2, $first);
    opened(within($first, "CorsInfo On\nRequire local\n")
        . within('<LocationMatch "^/c">', $open), 2, $first,
        '<LocationMatch "^/c">', 5);
}
my $folder = within('<Directory "/srv/x">', "CorsInfo On\nRequire local\n");
for my $by ('<Directory "/srv/x/y">', '<DirectoryMatch "y">', '<Files "a">',
    '<Directory "/srv/*">') {
    opened($folder . within($by, $open), 2, '<Directory "/srv/x">', $by, 5);
}
for my $by ('<Directory "/">', '<Directory "/srv">', '<Directory "/var">',
    '<Directory "/home/*/x">', '<DirectoryMatch "^/home/">') {
    accepted($folder . within($by, $open));
}
refused("CorsInfo On\n", 1);
accepted("${root}CorsInfo On\n");
accepted("CorsInfo Off\n");
accepted(within($cors, "CorsInfo Off\n"));

# Virtual hosts.
my $host = '<VirtualHost 127.0.0.1:81>';
accepted(within($host, within($cors, "CorsInfo On\nRequire local\n")));
accepted($root . within($host, $on));
accepted(within($host, $root . $on));
accepted(within($host, "CorsInfo On\n$root"));
refused(within($host, $root) . $on, 7, $cors);
refused(within($host, "CorsInfo On\n"), 2, $host);
refused(within($host, $on) . within('<VirtualHost 127.0.0.1:82>', $root),
    3, $cors);
opened("$root$on" . within($host, within('<Location "/">', $open)), 5, $cors,
    '<Location "/">', 8);
opened($limited . within($host, within('<LocationMatch "^/c">', $open)), 2,
    $cors, '<LocationMatch "^/c">', 6);
opened(within($any, $open) . within($host, $limited), 6, $cors, $any, 1);
accepted($limited . within($host, within('<LocationMatch "^/d">', $open)));

# Other faults.
is_deeply [ errors(within($cors, "CorsInfo Maybe\nRequire local\n")) ],
    [ "CorsInfo 'Maybe' (line 2 $at) in $cors: the directive has no such "
        . 'value: write Off or On [unknown-value]' ], 'a wrong value';
cmp_ok $checked, '>=', $FLOOR, "looked at $checked";

# .htaccess files.
my $s = CorsTest->start(<<'CONF', 'a/.htaccess' => "CorsInfo On\n",
<Directory "@ROOT@/htdocs/a">
  AllowOverride None
  AllowOverrideList CorsInfo
</Directory>
CONF
    'b/.htaccess' => "CorsInfo On\n");
is $s->get('/a/')->{status}, 500, 'not in .htaccess, even by its name';
is $s->get('/b/')->{status}, 500, 'not in .htaccess';
is scalar(grep { /a\/\.htaccess: CorsInfo 'On' \(line 1 of [^)]*\): no \.htaccess file can show the page: write it into the server's configuration \[in-htaccess\]/ }
    $s->log_lines), 1, 'the message';
$s->stop;

done_testing;
