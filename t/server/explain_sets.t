# cors-explain, and the page of a running server, where sets have the origins:
# a file is read by both, and only the server can ask anybody else.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsRedis;
use CorsTest;
use ExplainTest;

CorsService::needs('CorsRedis',
    [ scalar(`ldd build/mod_cors.so` =~ /libhiredis/), 'libhiredis-dev' ]);

my $redis = CorsRedis->start;
$redis->ask(SET => 'cors:https://shop.example', 1);

my $s = CorsTest->start(<<"CONF", -modules => ['watchdog'],
CorsOriginSet partners file:htdocs/partners.origins
CorsOriginSet shops redis:127.0.0.1:$redis->{port}/cors:
<Location /api>
  CorsAllowOrigin https://own.example \@partners
  CorsAllowCredentials On
</Location>
<Location /shop>
  CorsAllowOrigin https://own.example \@shops \@partners
</Location>
<Location /cors-info>
  CorsInfo On
  Require local
</Location>
LogLevel cors:notice
CONF
    'partners.origins' => "https://a.example\nhttps://*.b.example\n"
        . "http://plain.example\n",
    map { ("$_/index.html" => "x\n") } qw(api shop));

# path, origin, what cors-explain says, what the page says, whose line decides.
for ([ '/api/', 'https://a.example', 'allowed', 'allowed', 'CorsOriginSet' ],
    [ '/api/', 'https://x.b.example', 'allowed', 'allowed', 'CorsOriginSet' ],
    [ '/api/', 'https://own.example', 'allowed', 'allowed', 'CorsAllowOrigin' ],
    [ '/api/', 'https://c.example', 'refused', 'refused', 'CorsAllowOrigin' ],
    [ '/shop/', 'https://shop.example', 'unknown', 'allowed', 'CorsOriginSet' ],
    [ '/shop/', 'https://none.example', 'unknown', 'refused', 'CorsAllowOrigin' ],
    [ '/shop/', 'https://a.example', 'allowed', 'allowed', 'CorsOriginSet' ],
    [ '/shop/', 'https://own.example', 'allowed', 'allowed', 'CorsAllowOrigin' ]) {
    my ($path, $origin, $told, $shown, $directive) = @$_;
    my $is = ExplainTest::situation($s, "$origin at $path", GET => $path, $origin);
    my ($answer) = ExplainTest::explain($s, $is);
    my $page = ExplainTest::ask_page($s, '/cors-info', ExplainTest::query($is))
        ->{explanation};
    is $answer->{outcome}, $told, "$is->{what}: cors-explain";
    is $page->{outcome}, $shown, "$is->{what}: the page";
    is $page->{decided}{directive}, $directive, "$is->{what}: $directive decides";
    is_deeply [ map { lc } CorsTest::all($s->get($path, Origin => $origin),
        'Access-Control-Allow-Origin') ], $shown eq 'allowed' ? [ $origin ] : [],
        "$is->{what}: so does the server";
}

sub text {
    my ($path, $origin, @more) = @_;
    my ($text, $status) = ExplainTest::run($s, '', 'GET',
        "http://test.example:$s->{port}$path", '--origin', $origin, @more);
    return ($text =~ s/\s+/ /gr, $status);
}
my ($text, $status) = text('/api/', 'https://a.example');
like $text, qr/the set \@partners has its origin by the row https:\/\/a\.example, from file:htdocs\/partners\.origins/,
    'the set, the row and the source are named';
like +(text('/api/', 'https://x.b.example'))[0],
    qr/the set \@partners has its origin by the row https:\/\/\*\.b\.example, from /,
    'a row that is a pattern';
is $status, 0, 'exit status 0';
($text, $status) = text('/shop/', 'https://shop.example');
like $text, qr/CorsOriginSet shops \(line \d+ of .*\) has its origins from redis:[\d.:]+\/cors:, which only a running server asks/,
    'a source that is not asked is named';
is $status, 2, 'exit status 2';
# Without credentials, as for a request.
is_deeply [ map { (text('/api/', 'http://plain.example', @$_))[1] }
    [], ['--credentials'] ], [ 0, 1 ], 'a row without TLS gets no credentials';
$s->announce(qr/set \@partners allows http:\/\/plain\.example/)
    if grep { /plain\.example/ } $s->log_lines;

$redis->kill_all;
my $page = ExplainTest::ask_page($s, '/cors-info', ExplainTest::query(
    ExplainTest::situation($s, 'x', GET => '/shop/', 'https://new.example')))
    ->{explanation};
is_deeply [ $page->{outcome}, $page->{decided}{directive} ],
    [ 'refused', 'CorsOriginSet' ],
    'the page says that the server can\'t ask';
$s->announce(qr/\[cors:error\] .*CorsOriginSet shops /);
$s->finish;
