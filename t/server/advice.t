# Advice about other modules' lines is true: each row is served twice, with the
# lines that the check warns of and as the warning says, and nothing differs
# but what the warning announces.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $FLOOR = 30;     # rows

my $a = 'https://a.example';
my $list = "CorsAllowOrigin $a\nCorsAllowMethods GET PUT\n";
my $any  = "CorsAllowOrigin *\n";
my $cond = 'RewriteCond %{REQUEST_METHOD}';
my $basic = "AuthType Basic\nAuthName a\nAuthUserFile \"\@ROOT\@/htdocs/users\"\n";
my $user = "Require valid-user\n";
my $granted = "Require all granted\n";
my $set = "SetEnvIf Request_Method ^OPTIONS\$ opt\n";
my $test = "%{REQUEST_METHOD} == 'OPTIONS'";
# A plain OPTIONS, which went around the password.
my @plain = ('OPTIONS' => '200 -> 401 Allow WWW-Authenticate');

sub root { return within('<Location "/">', join '', @_) }

# What it is, the code of the warning, lines that stay, lines that the warning
# is of, what it says to write instead; and by probe what that changes.
my @rows = (
    (map { [ "Header $_", 'recipe-left-over', $list, "Header $_\n", '' ] }
        'set Access-Control-Allow-Origin *',
        'always set Access-Control-Allow-Origin https://b.example',
        'unset Access-Control-Allow-Origin',
        'always set Access-Control-Allow-Credentials true',
        'unset Access-Control-Allow-Credentials',
        'set Access-Control-Max-Age 5',
        'set Access-Control-Expose-Headers X-A'),
    [ 'Header, and what it says to write', 'recipe-left-over', $list,
        "Header set Access-Control-Allow-Credentials true\n",
        "CorsAllowCredentials On\n",
        'GET from a' => '200 -> 200 Access-Control-Allow-Credentials',
        'preflight from a' => '204 -> 204 Access-Control-Allow-Credentials' ],
    [ 'Header, and a policy for a part', 'recipe-left-over',
        within('<Location "/part">', $list),
        "Header set Access-Control-Allow-Origin *\n",
        within('<Location "/else">',
            "Header set Access-Control-Allow-Origin *\n") ],
    [ 'Header under keep', 'header-kept', "${list}CorsBackendHeaders keep\n"
            . "CorsPreflight answer\n",
        "Header set Access-Control-Allow-Origin https://b.example\n", '',
        'GET' => '200 -> 200 Access-Control-Allow-Origin',
        'GET with a password' => '200 -> 200 Access-Control-Allow-Origin',
        'GET from a' => '200 -> 200 Access-Control-Allow-Origin',
        'GET from b' => '200 -> 200 Access-Control-Allow-Origin',
        'OPTIONS' => '200 -> 200 Access-Control-Allow-Origin' ],
    [ 'keep', 'keep-answers-preflights',
        "${list}CorsBackendHeaders keep\nProxyPass / http://127.0.0.1:\@PORT2\@/\n",
        '', "CorsPreflight forward\n",
        'preflight from a' => '204 -> 204 Access-Control-Allow-Methods' ],
    [ 'keep, as it is meant', 'keep-answers-preflights',
        "${list}CorsBackendHeaders keep\nProxyPass / http://127.0.0.1:\@PORT2\@/\n",
        '', "CorsPreflight answer\n" ],
    [ 'Header merge Vary Origin', 'vary-line', $list,
        "Header merge Vary Origin\n", '' ],
    [ 'Header merge Vary Origin under DEFLATE', 'vary-line',
        "${list}SetOutputFilter DEFLATE\n", "Header merge Vary Origin\n", '' ],
    [ 'Header append Vary, with another name', 'vary-line', $list,
        "Header append Vary \"Accept-Language, Origin\"\n",
        "Header append Vary Accept-Language\n" ],
    [ 'Header append Vary Origin under *', 'vary-line', $any,
        "Header append Vary Origin\n", '',
        map { $_ => '200 -> 200 Vary' } 'GET', 'GET with a password',
        'GET from a', 'GET from b', 'OPTIONS' ],
    [ 'Header append Vary Origin under one origin for all', 'vary-line',
        "CorsAllowOrigin $a\nCorsStaticOrigin On\n",
        "Header append Vary Origin\n", '',
        map { $_ => '200 -> 200 Vary' } 'GET', 'GET with a password',
        'GET from a', 'GET from b', 'OPTIONS' ],
    [ 'RequestHeader early', 'request-header-early', $list,
        "RequestHeader unset Origin early\n", "RequestHeader unset Origin\n",
        'GET from a' => '200 -> 200 Access-Control-Allow-Origin',
        'preflight from a' => '200 -> 204 Access-Control-Allow-Methods '
            . 'Access-Control-Allow-Origin Allow Vary',
        'preflight from b' => '200 -> 403 Allow Vary' ],
    [ 'RequestHeader', 'request-header-late', $list,
        "RequestHeader set Access-Control-Request-Method DELETE\n", '' ],
    (map { [ "RewriteRule $_", 'options-left-over',
            "${list}RewriteEngine On\n", "$cond ^OPTIONS\$\nRewriteRule $_\n",
            '', 'OPTIONS' => '204 -> 200 Allow' ] }
        '^(.*)$ $1 [R=204,L]', '^ - [R=204]'),
    [ 'RewriteRule in a section', 'options-left-over', $list,
        root("RewriteEngine On\n$cond OPTIONS\nRewriteRule ^ - [R=204,L]\n"),
        '', 'OPTIONS' => '204 -> 200 Allow' ],
    [ 'RewriteRule, and rules behind it', 'options-left-over',
        "${list}RewriteEngine On\n", "$cond OPTIONS\nRewriteRule ^ - [L]\n"
        . "RewriteRule ^ - [E=SEEN:1]\n", "RewriteRule ^ - [E=SEEN:1]\n" ],
    (map { my ($conditions, $status) = @$_;
        [ "RewriteRule after $conditions", 'rewrite-refuses-preflights',
            "${list}RewriteEngine On\n",
            "$conditions\nRewriteRule ^ - [R=403]\n",
            "$cond !=OPTIONS [OR]\n"
            . "RewriteCond %{HTTP:Access-Control-Request-Method} ^\$\n"
            . "$conditions\nRewriteRule ^ - [R=403]\n",
            'preflight from a' => '403 -> 204 Access-Control-Allow-Methods Vary',
            'preflight from b' => '403 -> 403 Vary' ] }
        [ "$cond ^(TRACE|OPTIONS)\$" ], [ "$cond !^GET\$" ],
        [ 'RewriteCond %{HTTP:Authorization} ^$' ]),
    [ '<Limit OPTIONS>', 'options-left-over', $list,
        root($basic, $user, within('<Limit OPTIONS>', $granted)),
        root($basic, $user), @plain ],
    # Its Require takes the place of that of the section before.
    [ '<Limit OPTIONS> in a section of its own', 'options-left-over',
        $list . root($basic, $user), root(within('<Limit OPTIONS>', $granted)),
        '', @plain, map { $_ => '200 -> 401 WWW-Authenticate' } 'GET',
        'GET from a', 'GET from b' ],
    [ '<Limit OPTIONS> with Satisfy', 'options-left-over', $list,
        root($basic, $user, within('<Limit OPTIONS>', "Satisfy Any\n")),
        root($basic, $user), @plain ],
    [ '<LimitExcept OPTIONS>', 'options-left-over', $list,
        root($basic, within('<LimitExcept OPTIONS>', $user)),
        root($basic, $user), @plain ],
    (map { my ($before, $line) = @$_;
        [ $line, 'options-left-over', "$list$before",
            root($basic, "$line\n$user"), root($basic, $user), @plain ] }
        [ '', 'Require method OPTIONS' ], [ '', "Require expr $test" ],
        [ $set, 'Require env opt' ]),
    [ 'Allow from env', 'options-left-over', "$list$set",
        root($basic, $user, "Order deny,allow\nDeny from all\nSatisfy Any\n"
            . "Allow from env=opt\n"),
        root($basic, $user, "Order deny,allow\nDeny from all\nSatisfy Any\n"),
        @plain ],
    (map { [ "<If> with $_", 'options-left-over', $list,
            root($basic, $user, within("<If \"$test\">", "$_\n")),
            root($basic, $user), @plain ] }
        'Require all granted', 'Satisfy Any'),
    [ '<If> for all but OPTIONS', 'options-left-over', $list,
        root($basic, within("<If \"%{REQUEST_METHOD} != 'OPTIONS'\">", $user)),
        root($basic, $user), @plain ],
);

my @preflight = ('Access-Control-Request-Method' => 'PUT');
my @probes = ([ 'GET', 'GET' ], [ 'GET from a', 'GET', Origin => $a ],
    [ 'GET from b', 'GET', Origin => 'https://b.example' ],
    [ 'GET with a password', 'GET', Authorization => 'Basic dTpw' ],
    [ 'OPTIONS', 'OPTIONS' ],
    [ 'preflight from a', 'OPTIONS', Origin => $a, @preflight ],
    [ 'preflight from b', 'OPTIONS', Origin => 'https://b.example',
        @preflight ]);

# The warnings that a virtual host with these lines causes, by their codes.
sub codes_of {
    my ($lines) = @_;
    $lines =~ s/\@PORT2\@/1/g;
    my ($ok, $out) = configtest(within('<VirtualHost *:1>', $lines));
    diag $out unless $ok;
    return map { $_->[1] =~ / \[([^] ]+)\]$/ } said($out);
}

# The names of headers that differ, but for those of a body and a connection.
my $own = qr/^(?:Accept-Ranges|Connection|Content-\w+|Date|ETag|Keep-Alive|
    Last-Modified|Upgrade)$/x;
sub differing {
    my (@responses) = @_;
    my @by_name = map { my %value;
        push @{ $value{ $_->[0] } }, $_->[1] for @{ $_->{headers} };
        +{ map { $_ => join "\n", @{ $value{$_} } } keys %value } } @responses;
    my %name = map { %$_ } @by_name;
    return grep { !/$own/ && ($by_name[0]{$_} || '') ne ($by_name[1]{$_} || '') } sort keys %name;
}

my $conf = <<'CONF';
Listen 127.0.0.1:@PORT2@
<VirtualHost *:@PORT2@>
  DocumentRoot "@ROOT@/htdocs"
  CorsAllowOrigin https://a.example
  CorsAllowMethods GET PUT DELETE
</VirtualHost>
CONF
for my $i (0 .. $#rows) {
    my ($what, $code, $stay, @lines) = @{ $rows[$i] };
    is_deeply [ codes_of($stay . $lines[0]) ], [ $code ], "$what: warned of";
    is_deeply [ codes_of($stay . $lines[1]) ], [], 'but not as it says';
    for my $j (0, 1) {
        $conf .= within("<VirtualHost *:\@PORT\@>", "ServerName h$i-$j.example\n"
            . "DocumentRoot \"\@ROOT\@/htdocs\"\n$stay$lines[$j]");
    }
}
cmp_ok scalar @rows, '>=', $FLOOR, 'rows were tried';
my $s = CorsTest->start($conf, -modules => [ 'deflate' ],
    'page.html' => "page\n" x 20, 'part' => "part\n", 'users' => htpasswd('u', 'p'));
for my $i (0 .. $#rows) {
    my ($what, undef, undef, undef, undef, %changes) = @{ $rows[$i] };
    my $path = $what =~ /for a part/ ? '/part' : '/page.html';
    for (@probes) {
        my ($name, $method, @headers) = @$_;
        my @got = map { $s->request($method, $path, @headers,
            'Accept-Encoding' => 'gzip', Host => "h$i-$_.example") } 0, 1;
        my @names = differing(@got);
        my $got = join ' ', "$got[0]{status} -> $got[1]{status}", @names;
        my $same = $got[0]{status} == $got[1]{status} && !@names;
        is $same ? 'same' : $got, $changes{$name} || 'same', "$what: $name";
    }
}

$s->announce(qr/\[cors:warn\] /, qr/preflight was ended before mod_cors/,
    qr/preflight was left to others/,
    qr/preflight refused: (?:origin|method)-not-allowed/);
$s->finish;
