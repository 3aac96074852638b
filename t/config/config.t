# What is refused and warned of when the configuration is read: snippet and
# exact text.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $alone = '* and none stand alone: leave either it or the others out';
my $empty = 'is no argument, and httpd would drop what follows: leave it out';
my $comment = 'a comment stands on a line of its own';
my $age   = 'is not a time: write seconds, as in 600, or a unit after the '
    . 'number, as in 10min or 2h, or none';
my $long  = 'is more than a day, and no browser keeps a preflight for '
    . 'longer: write 86400 or less';

for ([ 'CorsEngine Maybe', 'is unknown: write On, Off or DetectionOnly' ],
    [ 'CorsAllowCredentials yes', 'is unknown: write Off or On' ],
    [ 'CorsPreflight ask', 'is unknown: write answer or forward' ],
    [ 'CorsPreflightStatus 302', 'is unknown: write 204 or 200' ],
    [ 'CorsBackendHeaders merge', 'is unknown: write replace or keep' ],
    [ 'CorsAllowPrivateNetwork 1', 'is unknown: write Off or On' ],
    [ 'CorsTimingAllowOrigin *', 'is unknown: write Off or On' ],
    [ 'CorsAllowUnsafe all', 'is unknown: write insecure-origins, '
        . 'public-suffixes or null-origin' ],
    [ 'CorsAllowOrigin https://a.example/',
        'an origin has no path: write https://a.example' ],
    [ 'CorsAllowOrigin https://a.example,', 'arguments are separated by '
        . 'spaces, not commas: write https://a.example' ],
    [ 'CorsAllowOrigin Null', 'browsers send it in lower case: write null' ],
    [ 'CorsAllowOrigin "https://a.example https://b.example"',
        'an origin has no blank, and quotes make one argument of several: '
        . 'write https://a.example https://b.example' ],
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
    [ 'CorsAllowMethods none', 'a policy without methods allows nothing: '
        . 'write CorsAllowOrigin none' ],
    [ 'CorsAllowMethods GET,PUT', 'arguments are separated by spaces, not '
        . 'commas: write GET PUT' ],
    [ 'CorsAllowMethods get,PUT', 'arguments are separated by spaces, not '
        . 'commas: write GET PUT' ],
    [ 'CorsAllowMethods GET,*',
        'arguments are separated by spaces, not commas' ],
    [ 'CorsAllowMethods get:', "a method name has no ':': write GET" ],
    [ 'CorsAllowHeaders X-A,Cookie',
        'arguments are separated by spaces, not commas' ],
    [ 'CorsAllowMethods P(T', "a method name has no '('" ],
    [ 'CorsAllowHeaders X-A:', "a header name has no ':': write X-A" ],
    [ 'CorsAllowHeaders Cookie:', "a header name has no ':'" ],
    [ 'CorsAllowHeaders "X A"', 'a header name has no 0x20' ],
    (map { [ "CorsAllowHeaders $_",
        'browsers let no script set this header: leave it out' ] }
        qw(Cookie host Sec-Fetch-Mode proxy-x Origin Via DNT)),
    [ 'CorsAllowHeaders Access-Control-Allow-Origin', 'it is a header of '
        . 'CORS itself, which mod_cors sends: leave it out' ],
    [ 'CorsExposeHeaders access-control-max-age', 'it is a header of CORS '
        . 'itself, which mod_cors sends: leave it out' ],
    [ 'CorsExposeHeaders set-cookie2',
        'browsers show it to no script: leave it out' ],
    [ 'CorsMaxAge -1', 'is negative: write 0 to have no preflight cached' ],
    [ 'CorsMaxAge 86401', $long ], [ 'CorsMaxAge 25h', $long ],
    [ 'CorsMaxAge 99999999999999999999', $long ],
    [ 'CorsMaxAge 10x', $age ], [ 'CorsMaxAge 1.5', $age ],
    [ 'CorsMaxAge ten', $age ], [ 'CorsMaxAge 600seconds', $age ],
    [ 'CorsMaxAge 1500ms', 'is not whole seconds: write 1s or more' ],
) {
    my ($snippet, $message) = @$_;
    my ($directive) = $snippet =~ /^(Cors\w+)/m;
    my ($ok, $out) = configtest("$snippet\n");
    ok !$ok, 'refused: ' . join '; ', split /\n/, $snippet;
    like $out, qr/on line \d of ROOT\/test\.conf:\n\Q$directive\E: '.*':? \Q$message\E$/m,
        'with what to write';
}

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
        like $out, qr/$directive cannot occur within <Limit> or <LimitExcept>/,
            'says so';
    }
    my ($ok, $out) = configtest(lc($directive) . " \n");
    ok !$ok, "$directive without an argument";
    like $out, qr/$directive (?:takes|requires).* argument/i, 'says so';
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
like $out, qr/line 1 of macro 'm'.*a scheme is missing/s, 'a macro';

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
