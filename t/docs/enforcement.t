# docs/enforcement.md: each configuration of the page does what the page says of
# it, and the steps of the rollout lead where they say.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $app   = 'https://app.example.com';
my $evil  = 'https://evil.example';
my @cross = ('Sec-Fetch-Site' => 'cross-site');
my $page  = CorsTest::slurp('docs/enforcement.md');
my $s;

sub blocks { return CorsTest::blocks($page, @_) }

sub post {
    my ($path, $origin, @more) = @_;
    return $s->request('POST', $path, $origin ? (Origin => $origin) : (),
        @more)->{status};
}

my $cgi = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\necho ran\n";
my %files = map { ("$_/run.cgi" => $cgi) }
    qw(account/paid account/saml account/transfer login/callback socket .);

# The first example.
my ($first) = $page =~ /^```apache\n(.*?)^```/ms;
$s = CorsTest->start($first, %files);
is post('/account/run.cgi', $_->[0], @cross), $_->[1], "the example: $_->[0]"
    for [ $app => 404 ], [ $evil => 403 ];
is post('/account/paid/run.cgi', 'http://test.example'), 200, 'an own page';
is post('/account/paid/run.cgi'), 200, 'a program';
$s->announce(qr/request refused by enforcement: origin-not-allowed/);
$s->stop;
is_deeply [ $s->unannounced ], [], 'clean log';

# The steps of the rollout, with the requests that the page counts.
my ($try, $list, $enforce) = blocks('Rolling out CorsEnforce', 'apache');
my ($count) = blocks('Rolling out CorsEnforce', 'sh');
my ($counted) = blocks('Rolling out CorsEnforce', '');
my @lines = map { [ split ] } split /\n/, $counted;

# Sends what was counted, and returns the status of each line.
sub send_all {
    return map { my ($times, undef, $origin, $method, $url) = @$_;
        join ',', do { my %seen; grep { !$seen{$_}++ } map {
            $s->request($method, "$url/run.cgi", Origin => $origin, @cross)
                ->{status} } 1 .. $times } } @lines;
}

# What the page's command says of the log.
sub counts {
    my $command = $count =~ s{logs/enforced\.log}{$s->{root}/enforced.log}r;
    return `$command` =~ s{/run\.cgi$}{}mgr;
}

sub step {
    my ($conf) = @_;
    $conf =~ s{"logs/}{"\@ROOT\@/};
    $s = CorsTest->start($conf, %files);
    my @statuses = send_all();
    is post('/account/paid/run.cgi', $app, @cross), 200, 'a listed page';
    return @statuses;
}

sub done {
    $s->announce(qr/request refused by enforcement/);
    $s->stop;
    is_deeply [ $s->unannounced ], [], 'clean log';
}

sub squeeze { return $_[0] =~ s/^ +//mgr }

is_deeply [ step($try) ], [ 200, 200, 200 ], 'try: nothing is refused';
is squeeze(counts()), squeeze($counted), 'count: what the page shows';
done();
is_deeply [ step($list) ], [ 200, 200, 200 ], 'list: nothing is refused';
is squeeze(counts()), squeeze($counted =~ s/^.*(?:paid|saml)\n//mgr),
    'list: nothing is left but what should be refused';
done();
is_deeply [ step($enforce) ], [ 200, 200, 403 ], 'enforce: the rest is refused';
done();
is $list =~ s/ DetectionOnly//r =~ s/^(?:LogFormat|CustomLog).*\n|\A\n//mgr =~ s/\A\n//r,
    $enforce, 'the last step takes DetectionOnly away';

# What is let through.
my ($through) = blocks('Requests that break, and how to let them through',
    'apache');
$s = CorsTest->start($through, %files);
is post("/$_->[0]/run.cgi", $evil, @cross), $_->[1], "let through: $_->[0]"
    for [ 'login/callback' => 200 ], [ 'account/paid' => 403 ], [ socket => 403 ];
is post('/socket/run.cgi', 'https://test.example'), 200,
    'an https page of the same host';
done();

# A WebSocket: the back end answers what it is let have.
my ($socket) = blocks('WebSocket servers', 'apache');
$socket =~ s/127\.0\.0\.1:9000/127.0.0.1:\@PORT2\@/;
$s = CorsTest->start(<<"CONF", %files);
<VirtualHost *:\@PORT\@>
$socket
</VirtualHost>
Listen 127.0.0.1:\@PORT2\@
<VirtualHost *:\@PORT2\@>
</VirtualHost>
CONF
my @upgrade = (Upgrade => 'websocket', Connection => 'Upgrade',
    'Sec-WebSocket-Version' => 13, 'Sec-WebSocket-Key' => 'dGhlIHNhbXBsZSBub25jZQ==');
is $s->get('/socket/run.cgi', @upgrade, Origin => $_->[0])->{status}, $_->[1],
    "a WebSocket of $_->[0]" for [ $evil => 403 ], [ $app => 200 ],
    [ 'http://test.example' => 200 ];
is $s->get('/socket/run.cgi', Origin => $evil)->{status}, 200, 'an ordinary GET';
done();

# What mod_cache has stored: the quick handler asks nobody.
my @own = ('Sec-Fetch-Site' => 'same-origin');
for ([ On => 200 ], [ Off => 403 ]) {
    my ($quick, $status) = @$_;
    $s = CorsTest->start(<<"CONF", 'image.txt' => "image\n");
CacheQuickHandler $quick
CacheRoot "\@ROOT\@/cache"
CacheEnable disk /
Header set Cache-Control max-age=600
CorsAllowOrigin $app
CorsEnforce All
CONF
    $s->announce(qr/\[cache-keeps-headers\]$/);
    is_deeply [ map { $s->get('/image.txt', @$_)->{status} } \@own, \@cross,
        \@own ], [ 200, $status, 200 ], "CacheQuickHandler $quick";
    $s->announce(qr/request refused by enforcement/) if $status == 403;
    $s->stop;
    is_deeply [ $s->unannounced ], [], 'clean log';
}

done_testing();
