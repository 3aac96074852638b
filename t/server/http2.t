# The same over HTTP/2: curl is the client.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

plan skip_all => 'curl has no HTTP/2' unless `curl -V` =~ /HTTP2/;

my $s = CorsTest->start(<<'CONF' . login('/secret'), 'users' => htpasswd(qw(user secret)),
<Location />
  CorsAllowOrigin https://a.example
  CorsAllowMethods GET POST PUT
  CorsAllowHeaders X-A
  CorsAllowCredentials On
  CorsExposeHeaders *
  CorsMaxAge 600
</Location>
<Location /any>
  CorsAllowOrigin *
  CorsAllowCredentials Off
</Location>
<Location /varies>
  Header append Vary Accept-Language
  Header append Vary origin
</Location>
Redirect /moved https://elsewhere.example/
ProxyPass /proxy/ http://127.0.0.1:@PORT@/backend/
<Location /backend>
  CorsEngine Off
  Header always set Access-Control-Allow-Origin *
</Location>
CONF
    'page.html' => "page\n", 'any/page.html' => "page\n",
    'varies/page.html' => "page\n", 'backend/page.html' => "page\n",
    'run.cgi' => "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\n"
        . "echo \"\$SERVER_PROTOCOL \$CORS_VERDICT\"\n");

$s->announce(qr/Header append Vary /);
my $a = 'https://a.example';

# One request by curl; names of fields come in lower case.
sub h2 {
    my ($path, @arguments) = @_;
    my $res = curl("http://127.0.0.1:$s->{port}$path",
        '--http2-prior-knowledge', @arguments);
    return { %$res, status => $res->{version} eq '2' ? $res->{status} : 0 };
}

sub preflight {
    my ($path, $origin, $method, $names) = @_;
    return h2($path, '-X', 'OPTIONS', map { ('-H', $_) }
        "Origin: $origin", "Access-Control-Request-Method: $method",
        $names ? "Access-Control-Request-Headers: $names" : ());
}

my $readable = { vary => 'Origin', 'access-control-allow-origin' => $a,
    'access-control-allow-credentials' => 'true' };
my $vary = 'Origin,Access-Control-Request-Method,'
    . 'Access-Control-Request-Headers';

for ([ '/page.html', 200 ], [ '/run.cgi', 200 ], [ '/missing', 404 ],
    [ '/secret/', 401 ], [ '/moved/x', 302 ], [ '/a%2Fb', 404 ],
    [ '/proxy/page.html', 200 ]) {
    my ($path, $status) = @$_;
    my $res = h2($path, '-H', "Origin: $a");
    is $res->{status}, $status, "$path: $status";
    my $got = cors($res);
    exposes_what_leaves($res, $path);
    delete $got->{'access-control-expose-headers'};
    is_deeply $got, $readable, "$path: headers";
    is_deeply cors(h2($path, '-H', 'Origin: https://b.example')),
        { vary => 'Origin' }, "$path: refused";
}
is h2('/run.cgi', '-H', "Origin: $a")->{body}, "HTTP/2.0 allowed\n",
    'it is HTTP/2, and variables are there';
is_deeply cors(h2('/any/page.html', '-H', 'Origin: file://')),
    { 'access-control-allow-origin' => '*',
      'access-control-expose-headers' => '*' }, 'any origin';

my $res = h2('/varies/page.html', '-H', 'Origin: https://b.example');
is join('|', sort map { lc } split /,\s*/, cors($res)->{vary}),
    'accept-language|origin', 'Origin once in Vary';

for my $path (qw(/page.html /secret/ /moved/x /proxy/page.html)) {
    $res = preflight($path, $a, 'PUT', 'x-a');
    is_deeply [ @$res{qw(status body)} ], [ 204, '' ],
        "$path: preflight answered";
    is_deeply cors($res), { %$readable, vary => $vary,
        'access-control-allow-methods' => 'GET, POST, PUT',
        'access-control-allow-headers' => 'X-A',
        'access-control-max-age' => 600 }, "$path: headers";
}
my $told = { %$readable, vary => $vary,
    'access-control-allow-methods' => 'GET, POST, PUT',
    'access-control-allow-headers' => 'X-A',
    'access-control-max-age' => 600 };
for ([ 'origin-not-allowed', 403, { vary => $vary },
        'https://b.example', 'PUT', 'x-a' ],
    [ 'method-not-allowed', 204, $told, $a, 'DELETE', 'x-a' ],
    [ 'header-not-allowed', 204, $told, $a, 'PUT', 'x-b' ]) {
    my ($reason, $status, $headers, @asked) = @$_;
    $res = preflight('/page.html', @asked);
    is_deeply [ @$res{qw(status body)} ], [ $status, '' ], $reason;
    is_deeply cors($res), $headers, 'and what it is told';
    $s->announce(qr/preflight refused: $reason/);
}

$res = h2('/page.html', '-H', "Origin: $a", '-H', 'Origin: https://b.example');
is_deeply cors($res), { vary => 'Origin' }, 'two Origin fields';

$s->finish;
