# The demonstration without a browser: what README types is answered as README
# says, two can run at once, and both end when they are told to.

use strict;
use warnings;
use lib 't/lib';
use IO::Socket::INET;
use IO::Socket::IP;
use Test::More;
use CorsTest;
use DemoTest;

sub slurp { CorsTest::slurp($_[0]) }

# What is missing is named before it is missed: here that is everything.
like `PATH=/nonexistent /bin/sh tools/deps run 2>&1`,
    qr/^Missing: .*\bcurl\b.*\. Install them with your package manager\.$/,
    'what the demonstration needs';

my $port = free_ports();
my $demo = run_demo($port);
like $demo->{said}, qr{http://localhost:$port/$}m, 'says where the page is';

my $other = free_ports();
my $second = run_demo($other);
like $second->{said}, qr{http://localhost:$other/$}m, 'two at once';
is end_demo($second, 'TERM'), 0, 'the second ends';

my $refused = run_demo($port);
is $refused->{said}, "Port $port is in use: try  make run PORT="
    . ($port + 1000) . "\n", 'a port in use';
close $refused->{out};
isnt $?, 0, 'is an error';
SKIP: {
    my $free = free_ports();
    my $six = IO::Socket::IP->new(LocalHost => '::1', LocalPort => $free,
        Listen => 1) or skip 'no IPv6', 1;
    is run_demo($free)->{said}, "Port $free is in use: try  make run PORT="
        . ($free + 1000) . "\n", 'by ::1 too, which localhost can be';
}
for my $wrong (qw(80 http 65535)) {
    is run_demo($wrong)->{said} =~ /^PORT is/ ? 1 : 0, 1, "PORT=$wrong";
}

# Each command of README that is typed beside the demonstration, with the
# lines that README shows for it.
my ($text) = slurp('README.md') =~ /^## Checking with curl\n(.*?)^## /ms;
my $api = $port + 1;
my ($command, $lines) = $text =~ /^```sh\n(.*?)^```\n.*?^```\n(.*?)^```\n/ms;
for ($command, $lines) {
    s/localhost:8081/localhost:$api/g;
    s/localhost:8080/localhost:$port/g;
}
my $answer = `$command` =~ s/\r//gr;
for my $line (split /\n/, $lines) {
    like $answer, qr/^\Q$line\E$/m, "README: $line";
}
$text =~ /`(curl [^`]+)`/ or die "README has lost its second command\n";
$command = $1 =~ s/\n/ /gr =~ s/localhost:8081/localhost:$api/gr
    =~ s/localhost:8080/localhost:$port/gr;
like `$command`, qr{^Access-Control-Allow-Origin: http://localhost:$port\r$}m,
    'README: the request that follows';
like `$command -H 'Access-Control-Request-Method: PATCH' -X OPTIONS`,
    qr{^Access-Control-Allow-Methods: GET, POST, PUT, DELETE\r$}m,
    'README: another method is told what is allowed';
my ($log) = $demo->{said} =~ /^Why it refuses: +(\S+)$/m;
like slurp($log), qr/preflight refused: method-not-allowed: 'PATCH'/,
    'README: and the error log says why';

# The two cards on refusals: an answer that lets the console name what is
# missing, and a line in the log.
for (
    [ method => 'DELETE', 'range', 'Access-Control-Allow-Methods: GET, POST',
      "method-not-allowed: 'DELETE'" ],
    [ header => 'GET', 'x-trace', 'Access-Control-Allow-Headers: Content-Type',
      "header-not-allowed: 'x-trace'" ],
) {
    my ($path, $method, $header, $line, $logged) = @$_;
    my $res = curl("http://localhost:$api/$path", -X => 'OPTIONS',
        map { (-H => $_) } "Origin: http://localhost:$port",
        "Access-Control-Request-Method: $method",
        "Access-Control-Request-Headers: $header");
    is $res->{status}, 204, "a refused $path: 204";
    is scalar(grep { "$_->[0]: $_->[1]" eq $line } @{ $res->{headers} }), 1,
        "it has $line";
    like slurp($log), qr/preflight refused: \Q$logged\E/, 'and a line';
}

# What the last rows of the page try: with a policy the server refuses, and
# without one it acts.
my @upgrade = map { ('-H', $_) } 'Upgrade: websocket', 'Connection: Upgrade',
    'Sec-WebSocket-Version: 13', 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==';
for ([ transfer => 200, '-X', 'POST' ], [ socket => 101, @upgrade ],
    [ picture => 200, '-H', 'Sec-Fetch-Site: same-site' ]) {
    my ($path, $status, @arguments) = @$_;
    my @origin = $path eq 'picture' ? ()
                                    : ('-H', "Origin: http://localhost:$port");
    is curl("http://localhost:$api/$path", @origin, @arguments)->{status}, 403,
        "/$path is refused";
    is curl("http://localhost:$api/without/$path", @origin, @arguments)->{status},
        $status, "/without/$path is not";
}

is end_demo($demo, 'INT'), 0, 'ends on Ctrl-C';
ok !IO::Socket::INET->new(PeerAddr => '127.0.0.1', PeerPort => $_),
    "nobody listens on $_" for $port .. $port + 2;
done_testing();
