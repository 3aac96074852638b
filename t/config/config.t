# What is refused and warned of when the configuration is read: snippet and
# exact text.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $alone = '* and none stand alone: leave either it or the others out';
my $empty = 'httpd drops everything after an empty argument: leave it out';
my $comment = 'httpd takes a comment after a directive for arguments: write '
    . 'it on a line of its own';
my $age   = 'this is not a time: write seconds, as in 600, or a number with a '
    . 'unit, as in 10min or 2h, or none';
my $long  = 'no browser caches a preflight for more than a day: write 86400 or '
    . 'less';
my $leave = ': leave it out';
my $whole = 'write the whole origin, as in https://app.example.com';
my $no_dot = "the scheme is missing, and a host without a dot is hardly meant: $whole";
my $slashes = '"://" stands between scheme and host';
my $self  = 'pages of this server itself need no CORS: leave it out';
my $range = 'an origin is no range of addresses: write each origin, as in '
    . 'http://10.0.0.1';
my $regex = 'an origin is no regular expression';
my $variable = 'an origin has no variables: write each origin, as in '
    . 'https://app.example.com';
my $serve = 'serve the page by http or https, and write the origin that it '
    . 'then has';
my $bad_ipv4 = 'browsers take a host that ends in a number for an IPv4 '
    . "address, and this is not a valid one: $whole";
my $form  = 'browsers send the address in its canonical form: write';

# What stands in a sentence for a value of the directive.
my %value = (
    CorsAllowOrigin   => qr{://|^(?:\*|none|null|inherit)$},
    CorsAllowMethods  => qr/^(?:[A-Z]+|\*)$/,
    CorsAllowHeaders  => qr/^(?:\*|none|inherit|[A-Z][\w-]*)$/,
    CorsMaxAge        => qr/^(?:\d+\w*|none)$/,
);
my $taken = 0;

# Writes what a message says to write, and requires that it is accepted: the
# whole of a list, or each of several choices.
sub takes_suggestion {
    my ($directive, $message) = @_;
    my ($write) = $message =~ /\bwrite (?!it )(.+)/ or return;
    my $value = $value{$directive} || qr/^(?!or$)/;
    my @words = grep { /$value/ } map { s/,$//r } split / /, $write;
    my $is_list = $directive =~ /^Cors(?:Allow(?:Origin|Methods|Headers)|Expose)/
        && $write !~ /as in/;
    for my $words ($write =~ /^Cors/ ? () : $is_list ? "@words" : @words) {
        next if $words eq '';
        my $unsafe = $words eq 'null' ? "CorsAllowUnsafe null-origin\n" : '';
        my ($ok, $out) = configtest("$directive $words\n$unsafe");
        ok $ok, "accepted as told: $directive $words" or diag $out;
        $taken++;
    }
}

for ([ 'CorsEngine Maybe', 'the directive has no such value: write On, Off or DetectionOnly' ],
    [ 'CorsAllowCredentials yes', 'the directive has no such value: write Off or On' ],
    [ 'CorsPreflight ask', 'the directive has no such value: write answer or forward' ],
    [ 'CorsPreflightStatus 302', 'the directive has no such value: write 204 or 200' ],
    [ 'CorsBackendHeaders merge', 'the directive has no such value: write replace or keep' ],
    [ 'CorsAllowPrivateNetwork 1', 'the directive has no such value: write Off or On' ],
    [ 'CorsTimingAllowOrigin *', 'the directive has no such value: write Off or On' ],
    [ 'CorsAllowUnsafe all', 'the directive has no such value: write insecure-origins, '
        . 'public-suffixes or null-origin' ],
    [ 'CorsAllowOrigin https://a.example/',
        'an origin has no path: write https://a.example' ],
    [ 'CorsAllowOrigin https://a.example,', 'arguments are separated by '
        . 'spaces, not commas: write https://a.example' ],
    [ 'CorsAllowOrigin Null', 'browsers send it in lower case: write null' ],
    [ 'CorsAllowOrigin "https://a.example https://b.example"',
        'an origin has no blank, and quotes make one argument of several: '
        . 'write https://a.example https://b.example' ],
    (map { [ "CorsAllowOrigin $_->[0]", $_->[1] ] }
        [ 'https://App.Example.COM',
            'browsers send it in lower case: write https://app.example.com' ],
        [ 'https://a.example:443',
            'browsers leave out the default port: write https://a.example' ],
        [ 'app.example.com',
            'the scheme is missing: write https://app.example.com' ],
        [ "https://b\xc3\xbccher.example", 'browsers send the host in its '
            . 'ASCII form: write https://xn--bcher-kva.example' ],
        [ 'https://a.example.',
            'an origin has no dot at the end: write https://a.example' ],
        [ 'https:/app.example', "$slashes: write https://app.example" ],
        [ 'https//app.example', "$slashes: write https://app.example" ],
        [ '"https:\\/\\/app.example"',
            "$slashes: write https://app.example" ],
        [ 'https;//app.example', "$slashes: write https://app.example" ],
        [ 'https:app.example', "$slashes: write https://app.example" ],
        [ 'https:///app.example', "$slashes: write https://app.example" ],
        [ 'http:/app.example:8080',
            "$slashes: write http://app.example:8080" ],
        [ 'https://https://app.example',
            "$slashes: write https://app.example" ],
        [ 'https://a.examplehttps://b.example', 'a space stands between two '
            . 'origins: write https://a.example https://b.example' ],
        [ 'http://www.https://a.example',
            "a space stands between two origins: $whole" ],
        [ 'http://::1:3000', 'an IPv6 address stands in brackets: write it '
            . 'as in http://[::1]:3000' ],
        [ 'a.example:80',
            'the scheme is missing: write http://a.example' ],
        [ 'https://.example.com', 'a host has no dot at the beginning: write '
            . 'https://*.example.com' ],
        [ 'https://a.example:8443:8443',
            'an origin has one port: write https://a.example:8443' ],
        [ 'https://a.example:443:*', "an origin has one port: $whole" ],
        [ 'Origin:https://more.example', 'an origin begins with its scheme: '
            . 'write https://more.example' ],
        [ '-https://a.example', "an origin begins with its scheme: $whole" ],
        [ 'https.//app.example', "$slashes: write https://app.example" ],
        [ 'https:*', "$slashes: $whole" ],
        [ '-', $no_dot ], [ 'intranet', $no_dot ],
        [ 'localhost:3000',
            'the scheme is missing: write http://localhost:3000' ],
        (map { [ $_, '* stands for every origin: write *' ] }
            qw(all Any everyone ** *://*), q{"'*'"}),
        (map { [ $_, $self ] } qw(self SELF same-origin)),
        [ 'data:', "browsers send null for such a URL: $serve" ],
        [ 'file:///x', "browsers send null for file URLs: $serve" ],
        [ 'about:blank', 'a page at an about URL has the origin of the page '
            . "that opened it: write that page's origin" ],
        [ 'blob:https://app.example/1f', 'a blob URL has the origin of the '
            . 'page that made it: write https://app.example' ],
        [ 'ws://app.example', 'no page has the origin of a WebSocket: write '
            . 'http://app.example' ],
        [ 'wss://app.example', 'no page has the origin of a WebSocket: write '
            . 'https://app.example' ],
        [ 'ftp://app.example', 'no page has an ftp origin: leave it out' ],
        [ '10.0.0.0/8', $range ], [ '10.0.0.*', $range ],
        [ 'http://10.0.0.*', $range ],
        [ '^https://.*\.example\.com$',
            "$regex: write https://*.example.com" ],
        [ 'https://.*\.example\.com', "$regex: write https://*.example.com" ],
        [ 'https?://a.example', "$regex: write https://a.example" ],
        [ '^https://(.+\.)?example\.com$',
            "$regex: write https://example.com https://*.example.com" ],
        [ '^https://[a-z]+\.example$', "$regex: write each origin, or all "
            . 'subdomains, as in https://*.example.com' ],
        [ '^.*$', "$regex: write *" ],
        (map { [ $_, $variable ] }
            qw($http_origin %{HTTP_ORIGIN}e ${CORS_UNDEFINED} $1)),
        [ 'http://127.1', "$form http://127.0.0.1" ],
        [ 'http://0x7f.1', "$form http://127.0.0.1" ],
        [ 'http://2130706433', "$form http://127.0.0.1" ],
        [ 'https://1.2.3', "$form https://1.2.0.3" ],
        [ 'http://[0:0:0:0:0:0:0:1]', "$form http://[::1]" ],
        [ 'http://[::ffff:1.2.3.4]', "$form http://[::ffff:102:304]" ],
        (map { [ $_, $bad_ipv4 ] }
            qw(https://1.2.3.4.5 https://256.1.1.1 http://1.2.3.08))),
    [ 'CorsAllowOrigin https://a.example "" https://b.example', $empty ],
    [ "CorsAllowMethods GET '' PUT", $empty ],
    [ 'CorsAllowUnsafe null-origin ""', $empty ],
    [ 'CorsAllowOrigin https://a.example # ours', $comment ],
    [ 'CorsAllowMethods GET PUT #DELETE', $comment ],
    [ 'CorsAllowHeaders X-A # ours', $comment ],
    [ 'CorsExposeHeaders #X-A', $comment ],
    [ 'CorsAllowUnsafe null-origin # for a while', $comment ],
    [ 'CorsAllowOrigin https://a.example *', $alone ],
    [ "CorsAllowOrigin *\nCorsAllowOrigin https://a.example", $alone ],
    [ 'CorsAllowOrigin none https://a.example', $alone ],
    [ 'CorsAllowOrigin inherit *', $alone ],
    [ 'CorsAllowHeaders X-A *', $alone ],
    [ 'CorsAllowHeaders * X-A', $alone ],
    [ 'CorsExposeHeaders none X-A', $alone ],
    [ 'CorsAllowMethods get', 'browsers send it in upper case: write GET' ],
    [ 'CorsAllowMethods Options',
        'browsers send it in upper case: write OPTIONS' ],
    [ 'CorsAllowMethods TRACE',
        'browsers let no script use this method: leave it out' ],
    (map { [ "CorsAllowMethods $_", '* stands for every method: write *' ] }
        qw(ALL ANY all Any)),
    [ 'CorsAllowMethods GET,ALL',
        'arguments are separated by spaces, not commas' ],
    [ 'CorsAllowMethods none', 'a policy without methods allows nothing: '
        . 'write CorsAllowOrigin none' ],
    [ 'CorsAllowMethods GET,PUT', 'arguments are separated by spaces, not '
        . 'commas: write GET PUT' ],
    [ 'CorsAllowMethods get,PUT', 'arguments are separated by spaces, not '
        . 'commas: write GET PUT' ],
    [ 'CorsAllowMethods GET,*',
        'arguments are separated by spaces, not commas' ],
    [ 'CorsAllowMethods *,',
        'arguments are separated by spaces, not commas: write *' ],
    (map { [ "CorsAllowHeaders $_", 'arguments are separated by spaces, not '
        . 'commas: write * Authorization' ] }
        '*,Authorization', '"*, Authorization"'),
    [ 'CorsAllowHeaders *, Authorization',
        'arguments are separated by spaces, not commas: write *' ],
    [ 'CorsAllowHeaders none,',
        'arguments are separated by spaces, not commas: write none' ],
    [ 'CorsAllowHeaders "Content Type"',
        'a header name has no blank: write Content-Type' ],
    [ 'CorsAllowOrigin "https://a b.example"', 'an origin has no blank, and '
        . 'quotes make one argument of several' ],
    [ 'CorsAllowMethods get:', "a method name has no ':': write GET" ],
    [ 'CorsAllowHeaders X-A,Cookie',
        'arguments are separated by spaces, not commas' ],
    [ 'CorsAllowMethods P(T', "a method name has no '('$leave" ],
    [ 'CorsAllowHeaders X-A:', "a header name has no ':': write X-A" ],
    [ 'CorsAllowHeaders Cookie:', "a header name has no ':'$leave" ],
    [ 'CorsAllowHeaders "X-A X-B"', 'a header name has no blank, and quotes '
        . 'make one argument of several: write X-A X-B' ],
    [ 'CorsAllowHeaders all', '* stands for every header: write *' ],
    [ 'CorsExposeHeaders Any', '* stands for every header: write *' ],
    (map { [ "CorsAllowHeaders $_",
        'browsers let no script set this header: leave it out' ] }
        qw(Cookie host Sec-Fetch-Mode proxy-x Origin Via DNT)),
    [ 'CorsAllowHeaders Access-Control-Allow-Origin', 'it is a header of '
        . 'CORS itself, which mod_cors sends: leave it out' ],
    [ 'CorsExposeHeaders access-control-max-age', 'it is a header of CORS '
        . 'itself, which mod_cors sends: leave it out' ],
    [ 'CorsExposeHeaders set-cookie2',
        'browsers show it to no script: leave it out' ],
    [ 'CorsMaxAge -1', "a time can't be negative: write 0 to have no preflight "
        . 'cached' ],
    [ 'CorsMaxAge 86401', $long ], [ 'CorsMaxAge 25h', $long ],
    [ 'CorsMaxAge 99999999999999999999', $long ],
    [ 'CorsMaxAge 10x', $age ], [ 'CorsMaxAge 1.5', $age ],
    [ 'CorsMaxAge ten', $age ], [ 'CorsMaxAge 600seconds', $age ],
    [ 'CorsMaxAge 1500ms', 'browsers read whole seconds only: write 1s or more' ],
) {
    my ($snippet, $message) = @$_;
    my ($directive) = $snippet =~ /^(Cors\w+)/m;
    my ($ok, $out) = configtest("$snippet\n");
    ok !$ok, 'refused: ' . join '; ', split /\n/, $snippet;
    like $out, qr/\[cors:error\] .*\] \Q$directive\E '.*' \(line \d of ROOT\/test\.conf\): \Q$message\E \[[a-z0-9-]+\]$/m,
        'with what to write';
    takes_suggestion($directive, $message);
}
cmp_ok $taken, '>=', 80, 'suggestions were written in turn';

for my $snippet ('CorsAllowOrigin', 'CorsMaxAge', 'CorsEngine On Off',
    'CorsAllowHeaders ""') {
    my ($ok) = configtest("$snippet\n");
    ok !$ok, "refused: $snippet";
}
# Each directive, as the table has it.
my %override = CorsTest::directives();
my @directives = sort keys %override;
cmp_ok scalar @directives, '>=', 13, 'the table was found';
for my $directive (@directives) {
    for my $limit ('Limit', 'LimitExcept') {
        my ($ok, $out) = configtest("<Location />\n<$limit GET>\n"
            . "$directive x\n</$limit>\n</Location>\n");
        ok !$ok, "$directive in <$limit>";
        # httpd itself lets a directive of the server stand in no section.
        like $out, $directive eq 'CorsOriginSet'
            ? qr/^CorsOriginSet not allowed in <$limit> context$/m
            : qr/$directive 'x' \(line 3 of ROOT\/test\.conf\) in <$limit GET>: a policy applies to all methods: write it outside of <Limit> and <LimitExcept> \[in-limit\]$/m,
            'says so';
    }
    my ($ok, $out) = configtest(lc($directive) . " \n");
    ok !$ok, "$directive without an argument";
    like $out, $directive eq 'CorsOriginSet'
        ? qr/CorsOriginSet '' .*: write a name and a source, as in .* \[set-source\]$/m
        : qr/$directive (?:takes|requires).* argument/i, 'says so';
}

for my $conf (map({ /AllowOrigin/i ? $_ : "CorsAllowOrigin *\n$_" }
    'CorsMaxAge 0', 'CorsMaxAge 86400', 'CorsMaxAge 24h',
    'CorsMaxAge 10min', 'CorsMaxAge 2000ms', 'CorsMaxAge None',
    'corsalloworigin none', 'CorsAllowHeaders * Authorization',
    'CorsAllowHeaders Authorization *', 'CorsAllowHeaders inherit X-A',
    'CorsAllowMethods *', 'CorsAllowOrigin *',
    "<VirtualHost *:1>\nCorsAllowOrigin *\n</VirtualHost>",
    "<Directory />\n<Files x>\nCorsAllowOrigin *\n</Files>\n</Directory>",
    "<Location />\n<If \"true\">\nCorsAllowOrigin *\n</If>\n</Location>",
    "<Macro M \$o>\nCorsAllowOrigin \$o\n</Macro>\nUse M https://a.example"),
) {
    my ($ok, $out) = configtest("$conf\n");
    ok $ok, 'accepted: ' . join '; ', split /\n/, $conf or diag $out;
    unlike $out, qr/cors/i, 'without a warning';
}

# An included file is named by itself; a macro is too.
my ($ok, $out) = configtest("Include \"\@ROOT\@/more.conf\"\n",
    'more.conf' => "\nCorsAllowOrigin a.example\n");
like $out, qr/line 2 of ROOT\/more\.conf/, 'an included file';
($ok, $out) = configtest(
    "<Macro M \$o>\nCorsAllowOrigin \$o\n</Macro>\nUse M a.example\n");
like $out, qr/line 1 of macro 'm'.*the scheme is missing/s, 'a macro';

# 100,000 origins.
my $many = join '', map { "CorsAllowOrigin https://o$_.example\n" }
    1 .. 100_000;
($ok, $out) = configtest("Include \"\@ROOT\@/many.conf\"\n",
    'many.conf' => $many);
ok $ok, '100,000 origins' or diag $out;
($ok, $out) = configtest("Include \"\@ROOT\@/many.conf\"\n",
    'many.conf' => "${many}CorsAllowOrigin https://x.example/\n");
like $out, qr/line 100001 of ROOT\/many\.conf/, 'and a slip in the last line';
my $s = CorsTest->start("Include \"\@ROOT\@/htdocs/many.conf\"\n",
    'many.conf' => $many);
for ([ 1, 1 ], [ 50_000, 1 ], [ 100_000, 1 ], [ 0, 0 ], [ 100_001, 0 ]) {
    my ($number, $allowed) = @$_;
    my $origin = "https://o$number.example";
    is cors($s->get('/', Origin => $origin))->{'Access-Control-Allow-Origin'},
        $allowed ? $origin : undef, "among them: $origin";
}
$s->stop;
is_deeply [ $s->unannounced ], [], 'clean log';

done_testing();
