# Preflights that the module answers by itself, whatever stands behind it.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $s = CorsTest->start(<<'CONF' . login('/basic'), 'users' => htpasswd(qw(user secret)), 'dir/index.html' => "dir\n");
<Location />
  CorsAllowOrigin https://a.example
  CorsAllowMethods GET PUT DELETE
  CorsAllowHeaders Content-Type X-A
  CorsMaxAge 600
</Location>
<Location /denied>
  Require all denied
</Location>
<Location /methods>
  AllowMethods GET
</Location>
<Location /limit>
  <Limit OPTIONS>
    Require all denied
  </Limit>
</Location>
Redirect /moved https://elsewhere.example/
Redirect permanent /documented https://elsewhere.example/
ErrorDocument 301 /nothing/here
RewriteEngine On
RewriteRule ^/rewritten https://elsewhere.example/ [R=302,L]
RewriteRule ^/gone - [G]
ErrorDocument 410 /dir/index.html
RewriteCond %{REQUEST_METHOD} ^OPTIONS$
RewriteRule ^/leftover/204 - [R=204,L]
RewriteCond %{REQUEST_METHOD} ^OPTIONS$
RewriteRule ^/leftover/200 - [R=200,L]
<Location /perdir>
  RewriteEngine On
  RewriteRule . https://elsewhere.example/ [R]
</Location>
<Location /ok>
  CorsPreflightStatus 200
  CorsAllowCredentials On
  CorsAllowPrivateNetwork On
</Location>
<Location /put>
  CorsAllowMethods PUT
  CorsPreflightStatus 200
</Location>
<Location /any>
  CorsAllowOrigin *
  CorsAllowMethods *
  CorsAllowHeaders * Authorization
</Location>
<Location /anycred>
  CorsAllowMethods *
  CorsAllowHeaders *
  CorsAllowCredentials On
</Location>
<Location /always>
  Header always set X-Always yes
  Header set X-Success yes
  ErrorDocument 403 "custom"
</Location>
<Location /dav>
  Dav On
</Location>
<Location /forward>
  CorsPreflight forward
  Header always set Access-Control-Allow-Methods "GET, PATCH, POST, TRACK"
</Location>
<Location /forward/any>
  CorsAllowMethods *
  CorsAllowHeaders *
</Location>
<Location /detect>
  CorsEngine DetectionOnly
</Location>
<Location /off>
  CorsEngine Off
</Location>
<Location /body>
  LimitRequestBody 10
</Location>
CONF

my $vary = 'Origin,Access-Control-Request-Method,'
    . 'Access-Control-Request-Headers';

sub vary_is_normal {
    my ($cors) = @_;
    $cors->{Vary} =~ s/, /,/g if $cors->{Vary};
    return $cors;
}

my $allowed = {
    'Access-Control-Allow-Origin'  => 'https://a.example',
    'Access-Control-Allow-Methods' => 'GET, PUT, DELETE',
    'Access-Control-Allow-Headers' => 'Content-Type, X-A',
    'Access-Control-Max-Age'       => '600',
    Vary                           => $vary,
};

for my $path (qw(/ /basic /denied /methods /limit /moved/x /documented
    /rewritten /perdir /dir /nothing/here /always /dav/)) {
    my $res = $s->preflight($path, 'https://a.example', 'PUT', 'x-a');
    is $res->{status}, 204, "$path: status";
    is $res->{body}, '', "$path: no body";
    is_deeply vary_is_normal(cors($res)), $allowed, "$path: headers";
    is_deeply [ CorsTest::all($res, 'Location') ], [], "$path: no redirect";
}

sub refused {
    my ($what, $reason, $res) = @_;
    is $res->{status}, 403, "$what: refused";
    is $res->{body}, '', "$what: no body";
    is_deeply vary_is_normal(cors($res)), { Vary => $vary },
        "$what: no header but Vary";
    $s->announce(qr/preflight refused: \Q$reason\E/);
}

# Refused for what it asks, not for its origin: it is told what is allowed, so
# that the browser's console says what is missing.
sub told {
    my ($what, $reason, $res, $status) = @_;
    is $res->{status}, $status || 204, "$what: refused by the browser";
    is $res->{body}, '', "$what: no body";
    is_deeply vary_is_normal(cors($res)), $allowed,
        "$what: the headers of an allowed one";
    $s->announce(qr/preflight refused: \Q$reason\E/);
}

refused 'origin', "origin-not-allowed",
    $s->preflight('/', 'https://b.example', 'PUT');
refused 'malformed', "origin-malformed",
    $s->preflight('/', 'https://a.example/', 'PUT');
told 'method', "method-not-allowed",
    $s->preflight('/', 'https://a.example', 'PATCH');
told 'case of method', "method-not-allowed: 'put'",
    $s->preflight('/', 'https://a.example', 'put');
told 'header', "header-not-allowed: 'x-b'",
    $s->preflight('/', 'https://a.example', 'PUT', 'x-a, x-b');
told 'header list', "headers-malformed: 'x y'",
    $s->preflight('/', 'https://a.example', 'PUT', 'x-a, x y'), 403;
for ([ 'GET', 403 ], [ 'HEAD', 403 ], [ 'POST', 403 ], [ 'PATCH', 200 ]) {
    my ($method, $status) = @$_;
    my $res = $s->preflight('/put', 'https://a.example', $method);
    is $res->{status}, $status, "$method not in the list: $status";
    is_deeply [ @{ cors($res) }{qw(Access-Control-Allow-Origin
        Access-Control-Allow-Methods)} ], [ 'https://a.example', 'PUT' ],
        'with the headers of an allowed one';
    $s->announce(qr/method-not-allowed: '$method' for $method \/put/);
}
told 'left to right', "header-not-allowed: 'x-c'",
    $s->preflight('/', 'https://a.example', 'PUT', 'x-c, x y');
refused 'redirected', "origin-not-allowed: 'https://c.example'",
    $s->preflight('/moved/x', 'https://c.example', 'PUT');
refused 'with ErrorDocument', "origin-not-allowed: 'https://d.example'",
    $s->preflight('/always', 'https://d.example', 'PUT');

my $res = $s->preflight('/', 'https://a.example', 'HEAD');
is $res->{status}, 204, 'HEAD comes with GET';

$res = $s->preflight('/', 'https://a.example', 'PUT', ", ,X-A\t,,content-type ,");
is $res->{status}, 204, 'blanks, empty elements and any case';
$res = $s->preflight('/', 'https://a.example', 'PUT', 'x-a',
    'Access-Control-Request-Headers' => 'content-type');
is $res->{status}, 204, 'several lines of requested headers';

$res = $s->preflight('/always', 'https://a.example', 'PUT');
is_deeply [ CorsTest::all($res, 'X-Always') ], ['yes'], 'Header always';
is_deeply [ CorsTest::all($res, 'X-Success') ], [], 'Header onsuccess';

$res = $s->preflight('/ok', 'https://a.example', 'PUT', undef,
    'Access-Control-Request-Private-Network' => 'true');
is $res->{status}, 200, 'CorsPreflightStatus 200';
is_deeply vary_is_normal(cors($res)), { %$allowed,
    Vary => "$vary,Access-Control-Request-Private-Network",
    'Access-Control-Allow-Credentials' => 'true',
    'Access-Control-Allow-Private-Network' => 'true' },
    'credentials and private network';

$res = $s->preflight('/any', 'file://', 'X-YZ', 'x-q, authorization');
is_deeply vary_is_normal(cors($res)), {
    Vary => 'Access-Control-Request-Method,Access-Control-Request-Headers',
    'Access-Control-Allow-Origin'  => '*',
    'Access-Control-Allow-Methods' => '*',
    'Access-Control-Allow-Headers' => '*, Authorization',
    'Access-Control-Max-Age'       => '600' }, 'all of it *';
for my $method (qw(CONNECT TRACE trace TRACK)) {
    is $s->preflight('/any', 'https://x.example', $method)->{status}, 403,
        "* does not cover $method";
}
$s->announce(qr/method-not-allowed: '(?i:CONNECT|TRAC[EK])'/);

$res = $s->preflight('/anycred', 'https://a.example', 'PATCH',
    'x-q,,x-r');
is_deeply vary_is_normal(cors($res)), { %$allowed,
    'Access-Control-Allow-Credentials' => 'true',
    'Access-Control-Allow-Methods' => 'PATCH',
    'Access-Control-Allow-Headers' => 'x-q, x-r' },
    '* with credentials says what was asked for';
is $s->preflight('/anycred', 'https://a.example', 'PUT', 'authorization')
    ->{status}, 403, '* does not cover Authorization';
$s->announce(qr/header-not-allowed: 'authorization'/);

# What ends before the module can answer keeps its status.
$res = $s->preflight('/gone', 'https://a.example', 'PUT');
is $res->{status}, 410, 'RewriteRule [G] keeps its status';
$s->announce(qr{preflight was ended before mod_cors could answer it, with status \d+: origin 'https://a\.example' for PUT /\S* on test\.example; the policy says: allowed});
is_deeply cors($res), { Vary => 'Origin',
    'Access-Control-Allow-Origin' => 'https://a.example' },
    'with the headers of any response';
for ([ '/a%2Fb', 404 ], [ '/../../x', 400 ]) {
    my ($path, $status) = @$_;
    $res = $s->preflight($path, 'https://a.example', 'PUT');
    is $res->{status}, $status, "$path keeps its status";
    is_deeply cors($res), { Vary => 'Origin',
        'Access-Control-Allow-Origin' => 'https://a.example' },
        'with the headers of any response';
}
$res = $s->preflight('/body', 'https://a.example', 'PUT', undef,
    -body => 'x' x 100);
is $res->{status}, 413, 'LimitRequestBody';
# httpd reads the body after the answer, and what is wrong with it replaces that.
$s->announce(qr{preflight was answered by mod_cors, and something else replaced the answer, with status $_: origin}) for 413, 400;

# But for what is of no use to any browser: a leftover of a recipe.
for my $status (204, 200) {
    $res = $s->preflight("/leftover/$status", 'https://a.example', 'PUT');
    is_deeply [ @$res{qw(status body)} ], [ 204, '' ],
        "RewriteRule [R=$status] for OPTIONS: answered in its place";
    like cors($res)->{'Access-Control-Allow-Methods'}, qr/PUT/,
        'with all that a browser asks for';
    is $s->request('OPTIONS', "/leftover/$status")->{status}, $status,
        'any other OPTIONS is as before';
}
$s->announce(qr/Header set Access-Control-Allow-Methods .*\[recipe-left-over\]$/);
$s->announce(qr/CorsAllowMethods without GET /);
$s->announce(qr/RewriteRule \^\/leftover\/20[04] .*is for OPTIONS alone/);

# No preflight: left alone.
$res = $s->request('OPTIONS', '/dav/', Origin => 'https://a.example');
is_deeply [ map { /LOCK/ ? 1 : () } CorsTest::all($res, 'Allow') ], [1],
    'OPTIONS with an origin alone is mod_dav\'s';
$res = $s->request('OPTIONS', '/dav/',
    'Access-Control-Request-Method' => 'PUT');
is $res->{status}, 200, 'OPTIONS without an origin is mod_dav\'s';
$res = $s->request('OPTIONS', '*', Origin => 'https://a.example',
    'Access-Control-Request-Method' => 'PUT');
is_deeply cors($res), {}, 'OPTIONS * is left alone';
for my $path (qw(/detect /off)) {
    $res = $s->preflight($path, 'https://a.example', 'PUT');
    is_deeply cors($res), {}, "$path: nothing sent";
}

$s->preflight('/detect', 'https://e.example', 'PUT');
$s->announce(qr/preflight refused \(detection only\): origin-not-allowed: 'https:\/\/e\.example'/,
    qr/preflight differs \(detection only\): /);

# What is told at which level.
$s->get('/items?q=1', Origin => 'https://g.example');
$s->get('/items?q=2', Origin => 'https://a.example');
my $log = join "\n", $s->log_lines;
like $log, qr/\[cors:info\].*preflight refused: method-not-allowed: 'PATCH'/,
    'info: a refused preflight';
like $log, qr/\[cors:debug\].*request refused: origin-not-allowed: 'https:\/\/g\.example' for GET \/items\?q=1 on test\.example; CorsAllowOrigin \(line \d+ of \S+\) decides$/m,
    'debug: a refused request, and the line that decides';
like $log, qr/\[cors:trace1\].*preflight allowed: origin 'https:\/\/a\.example' for PUT \/ on test\.example$/m,
    'trace1: an allowed preflight';
like $log, qr/\[cors:trace1\].*request allowed: origin 'https:\/\/a\.example' for GET \/items\?q=2 on test\.example$/m,
    'and an allowed request';

$res = $s->preflight('/forward', 'https://a.example', 'PUT');
is $res->{status}, 200, 'forward: the handler answers';
$s->announce(qr{preflight was left to others \(CorsPreflight forward\) and ended with status 200: origin 'https:});
is_deeply vary_is_normal(cors($res)), $allowed, 'forward: with our headers';
$res = $s->preflight('/forward', 'https://f.example', 'PUT');
is_deeply vary_is_normal(cors($res)), { Vary => $vary },
    'forward: refused, without';
$s->announce(qr/origin-not-allowed: 'https:\/\/f\.example'/);

# Forwarded: the browser compares, where it would be answered here with a list.
my @told = ([ '/forward', 'PATCH', undef, 1 ], [ '/forward', 'PUT', 'x-z', 1 ],
    [ '/forward', 'PUT', 'x y', 0 ], [ '/forward', 'POST', undef, 0 ],
    [ '/forward/any', 'TRACK', undef, 0 ],
    [ '/forward/any', 'PUT', 'authorization', 0 ]);
for (@told) {
    my ($path, $method, $names, $told) = @$_;
    my $res = $s->preflight($path, 'https://a.example', $method, $names);
    is $res->{status}, 200, "forward, $method " . ($names || '')
        . ': the handler answers';
    is_deeply vary_is_normal(cors($res)), $told ? $allowed : { Vary => $vary },
        $told ? 'with what is allowed' : 'with none of its headers or ours';
}
$s->announce(qr/preflight refused: (?:method-not|header-not|headers-mal)\S+: .* for \w+ \/forward/);

# A body is dropped, and the connection stays in step.
my $head = "OPTIONS / HTTP/1.1\r\nHost: t\r\nOrigin: https://a.example\r\n"
    . "Access-Control-Request-Method: PUT\r\n";
my $next = "GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n";
for ([ 'length', "Content-Length: 5\r\n\r\nHELLO" ],
    [ 'chunked', "Transfer-Encoding: chunked\r\n\r\n5\r\nHELLO\r\n0\r\n\r\n" ],
    [ '100 kB', "Content-Length: 100000\r\n\r\n" . 'x' x 100000 ]) {
    my @res = $s->raw("$head$_->[1]$next", 'OPTIONS', 'GET');
    is_deeply [ map { $_->{status} } @res ], [ 204, 200 ],
        "body by $_->[0], and a request behind it";
    is $res[1]{body}, "home\n", 'which is answered as it should be';
}

my @res = $s->raw("${head}Transfer-Encoding: chunked\r\n\r\nnonsense\r\n"
    . $next, 'OPTIONS', 'GET');
is_deeply [ map { $_->{status} } @res ], [400],
    'a body that cannot be read: 400, and the connection ends';
is_deeply cors($res[0]), { Vary => 'Origin',
    'Access-Control-Allow-Origin' => 'https://a.example' },
    'with the headers of any response';

# A client that asks before it sends a body.
for ([ 'PUT', 204 ], [ 'PATCH', 204 ]) {
    my ($method, $status) = @$_;
    @res = $s->raw($head =~ s/PUT/$method/r
        . "Expect: 100-continue\r\nContent-Length: 5\r\n"
        . "Connection: close\r\n\r\nHELLO", 'OPTIONS');
    is_deeply [ map { $_->{status} } @res ], [$status],
        "Expect: 100-continue: $status";
}

my @logged = grep { /^OPTIONS \/ / } $s->access_lines(1);
for my $line ('204 preflight https://a.example allowed',
    '403 preflight https://b.example origin-not-allowed',
    '403 preflight - origin-malformed') {
    ok scalar(grep { $_ eq "OPTIONS / $line" } @logged), "access log: $line";
}

# The policy changes by a graceful restart.
$s->reconfigure(sub { s/X-A$/X-A X-New/m });
$res = $s->preflight('/', 'https://a.example', 'PUT', 'x-new');
is $res->{status}, 204, 'a restart brings the new policy';
is cors($res)->{'Access-Control-Allow-Headers'}, 'Content-Type, X-A, X-New',
    'as a whole';

$s->finish;
