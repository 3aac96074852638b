# Where no policy holds nothing changes, and what can never carry CORS headers
# is left alone.

use strict;
use warnings;
use lib 't/lib';
use IO::Socket::INET;
use Test::More;
use CorsTest;

# Everything but the one directive that makes a policy.
my $rest = <<'CONF';
CorsAllowMethods GET POST PUT
CorsAllowHeaders *
CorsExposeHeaders *
CorsAllowCredentials On
CorsAllowPrivateNetwork On
CorsTimingAllowOrigin On
CorsMaxAge 600
CorsPreflight answer
CorsPreflightStatus 200
CorsBackendHeaders replace
CorsAllowUnsafe null-origin
CorsEngine On
CONF

my $server = <<'CONF';
Header always set Access-Control-Allow-Origin *
Header always set Timing-Allow-Origin *
<Location /dav>
  Dav On
</Location>
<Location /denied>
  Require all denied
</Location>
CONF

my %page = ('dav/x' => '', 'page.html' => "page\n", 'run.cgi' =>
    "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\nenv | grep -c ^CORS\n");

# The order of methods is that of a hash, another for each server.
sub sorted { my ($name, $value) = @_; join ': ', $name, $name eq 'Allow'
    ? join ',', sort split /,/, $value : $value }

sub answers {
    my ($s) = @_;
    my @origin = (Origin => 'https://a.example');
    my @ask = (@origin, 'Access-Control-Request-Method' => 'PUT');
    return map {
        my ($method, $path, @headers) = @$_;
        my $res = $s->request($method, $path, @headers);
        [ "$method $path @headers", $res->{status},
            $method eq 'PROPFIND' ? 'XML' : $res->{body},
            map { sorted(@$_) }
            grep { $_->[0] !~ /^(?:Date|ETag|Last-Modified)$/ }
            grep { $method ne 'PROPFIND' || $_->[0] ne 'Content-Length' }
            @{ $res->{headers} } ];
    } [ 'GET', '/page.html' ], [ 'GET', '/page.html', @origin ],
        [ 'OPTIONS', '/page.html', @ask ], [ 'OPTIONS', '/dav/', @ask ],
        [ 'OPTIONS', '/dav/', @origin ], [ 'PROPFIND', '/dav/', Depth => 0 ],
        [ 'OPTIONS', '/denied', @ask ], [ 'GET', '/missing', @origin ],
        [ 'GET', '/a%2Fb', @origin ], [ 'GET', '/run.cgi', @origin ],
        [ 'HEAD', '/page.html', @origin ];
}

my $without = CorsTest->start("CorsEngine Off\n$server", %page);
my $with = CorsTest->start($rest . $server, %page);
my @expected = answers($without);
my @got = answers($with);
is scalar @got, 11, 'answers';
is_deeply $got[$_], $expected[$_], "as ever: $expected[$_][0]" for 0 .. $#got;
is_deeply [ map { $_->[1] } @expected ],
    [ 200, 200, 200, 200, 200, 207, 403, 404, 404, 200, 200 ], 'as httpd has it';
is $got[9][2], "0\n", 'and no variables';
$without->stop;
$with->stop;
$with->announce(qr/does nothing but for \.htaccess files: no CorsAllowOrigin is in reach/);
is_deeply [ $with->unannounced ], [], 'clean log';

# What nobody can put a header on, or should.
my $s = CorsTest->start(<<'CONF', %page,
CorsAllowOrigin https://a.example
TraceEnable On
HttpProtocolOptions Unsafe
CONF
    'nph-run.cgi' => "#!/bin/sh\nprintf 'HTTP/1.1 200 OK\\r\\n'\n"
        . "printf 'X-Own: 1\\r\\nConnection: close\\r\\n\\r\\nown\\n'\n");
my @origin = (Origin => 'https://a.example');
my $res = $s->request('TRACE', '/page.html', @origin);
is $res->{status}, 200, 'TRACE';
is_deeply cors($res), {}, 'is left alone';
$res = $s->get('/nph-run.cgi', @origin);
is $res->{body}, "own\n", 'an nph- script';
is_deeply cors($res), {}, 'is left alone';
is_deeply cors($s->request('OPTIONS', '*', @origin,
    'Access-Control-Request-Method' => 'PUT')), {}, 'OPTIONS * too';
$res = $s->raw("GET /page.html\r\n", 'GET');
is_deeply [ @$res{qw(status body)} ], [ 0, "page\n" ],
    'HTTP/0.9 is a body alone';
$res = $s->get('/' . 'x' x 9000, @origin);
is $res->{status}, 414, 'a request line that is too long';
unlike join(' ', %{ cors($res) }), qr/Allow-Origin/, 'allows nobody';

# While a policy holds, OPTIONS that is no preflight is the handler's.
for my $headers ([], [@origin], [ 'Access-Control-Request-Method' => 'PUT' ]) {
    $res = $s->request('OPTIONS', '/page.html', @$headers);
    is $res->{status}, 200, 'OPTIONS with ' . (@$headers ? $headers->[0]
                                                        : 'neither');
    like join(' ', CorsTest::all($res, 'Allow')), qr/GET/, 'httpd answers';
}
$s->finish;
