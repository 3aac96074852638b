# Every response but a preflight's: exactly one correct set of headers, no
# matter who made it.

use strict;
use warnings;
use lib 't/lib';
use IO::Socket::INET;
use POSIX ();
use Test::More;
use CorsTest;

my $cgi = <<'CGI';
#!/bin/sh
echo "Status: ${QUERY_STRING:-200}"
echo "Content-Type: text/plain"
echo "Access-Control-Allow-Origin: https://evil.example"
echo "access-control-allow-ORIGIN: *"
echo "Access-Control-Allow-Headers: X-Evil"
echo "Access-Control-Allow-Credentials: true"
echo "Timing-Allow-Origin: *"
echo "X-Own: 1"
echo
echo "$CORS_REQUEST $CORS_ORIGIN $CORS_VERDICT"
CGI

# A back end that hangs up.
my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 5)
    or die "cannot listen: $!\n";
my $port = $listener->sockport;
my $owner = $$;
my $pid = fork;
die "cannot fork: $!\n" unless defined $pid;
if (!$pid) {
    alarm 120;
    while (my $client = $listener->accept) {
        sysread $client, my $request, 1;
        close $client;
    }
    POSIX::_exit(0);
}
END { kill TERM => $pid if $$ == $owner }

my $s = CorsTest->start(<<'CONF' =~ s/\@HANGS\@/$port/r . login('/secret'),
<Location />
  CorsAllowOrigin https://a.example https://b.example
</Location>
<Location /denied>
  Require all denied
</Location>
<Location /methods>
  AllowMethods GET
</Location>
Redirect /moved https://elsewhere.example/
RewriteEngine On
RewriteRule ^/gone - [G]
<Location /doc404>
  CorsAllowOrigin https://other.example
</Location>
<Directory "@ROOT@/htdocs/err">
  ErrorDocument 404 /doc404/error.html
</Directory>
ErrorDocument 405 /doc404/error.html
<Location /full>
  CorsAllowCredentials On
  CorsExposeHeaders X-One X-Two
  CorsTimingAllowOrigin On
</Location>
<Location /own>
  CorsAllowCredentials On
  CorsExposeHeaders *
</Location>
<Location /any>
  CorsAllowOrigin *
  CorsExposeHeaders *
  CorsTimingAllowOrigin On
</Location>
<Location /any/credentials>
  CorsAllowCredentials On
</Location>
<Location /null>
  CorsAllowUnsafe null-origin
  CorsAllowOrigin null
</Location>
<Location /null/with>
  CorsAllowCredentials On
</Location>
<Location /insecure>
  CorsAllowOrigin http://plain.example http://localhost:*
</Location>
<Location /insecure/with>
  CorsAllowCredentials On
</Location>
<Location /granted>
  CorsAllowOrigin http://plain.example
  CorsAllowCredentials On
  CorsAllowUnsafe insecure-origins
</Location>
<Location /none>
  CorsAllowOrigin none
</Location>
<Location /off>
  CorsEngine Off
</Location>
<Location /detect>
  CorsEngine DetectionOnly
</Location>
<Location /keep>
  CorsBackendHeaders keep
  CorsPreflight answer
</Location>
<Location /left>
  Header set Access-Control-Allow-Origin *
  Header always set Access-Control-Allow-Origin *
  Header merge Vary Origin
  Header always set Access-Control-Allow-Methods PUT
</Location>
<Location /variables>
  Header always set X-Verdict "%{CORS_REQUEST}e %{CORS_VERDICT}e" env=CORS_VERDICT
</Location>
<Location /big>
  LimitRequestBody 10
</Location>
<Directory "@ROOT@/htdocs/fallback">
  FallbackResource /front.html
</Directory>
<Location /expression>
  Header always set X-Verdict refused "expr=reqenv('CORS_VERDICT') == 'origin-not-allowed'"
</Location>
<Location /required>
  Require expr "reqenv('CORS_VERDICT') == 'allowed'"
</Location>
<Directory "@ROOT@/htdocs/redirected">
  RewriteEngine On
  RewriteRule ^run$ /run.cgi [L]
</Directory>
<Directory "@ROOT@/htdocs/action">
  Action told /run.cgi
  AddHandler told .told
</Directory>
<Location /varies.html>
  Header append Vary Accept-Language
  Header append Vary origin
</Location>
<Location /exact>
  CorsAllowOrigin https://app.example.com http://localhost:3000
  CorsAllowOrigin https://[::1]:8443 app://host
</Location>
<Location /by-name.html>
  SetOutputFilter CORS;CORS_ANSWER
</Location>
<Location /wild>
  CorsAllowOrigin https://*.wild.example http://localhost:*
</Location>
ProxyPass /proxy/ http://127.0.0.1:@PORT@/backend/
ProxyPass /overridden/ http://127.0.0.1:@PORT@/backend/
<Location /overridden>
  ProxyErrorOverride On
</Location>
<Location /overridden/run.cgi>
  ErrorDocument 500 /doc404/error.html
</Location>
ProxyPass /hangs-up/ http://127.0.0.1:@HANGS@/
ProxyPass /broken/ http://127.0.0.1:@PORT2@/
<Location /backend>
  CorsEngine Off
</Location>
CacheRoot "@ROOT@/cache"
CONF
    users => htpasswd(qw(user secret)), 'run.cgi' => $cgi,
    'keep/run.cgi' => $cgi, 'off/run.cgi' => $cgi, 'backend/run.cgi' => $cgi,
    'detect/run.cgi' => $cgi,
    'own/run.cgi' => $cgi, 'doc404/error.html' => "no\n", 'err/x' => '',
    'keep/plain.html' => "x\n",
    'closed/x' => '', 'by-name.html' => "b\n", 'varies.html' => "v\n",
    'required/x' => "x\n",
    'redirected/x' => '', 'action/page.told' => '',
    'local.cgi' => "#!/bin/sh\nprintf 'Location: /page.html\\n\\n'\n",
    'front.html' => "front\n", 'fallback/x' => '', 'dir/index.html' => "d\n",
    'full/index.html' => "f\n", 'broken.cgi' => "#!/bin/sh\nexit 1\n",
    'badht/.htaccess' => "CorsAllowOrigin https://x.example/\n",
    'big/run.cgi' => $cgi, 'page.html' => 'x' x 1000);

$s->announce(qr/Header $_ \(line/) for 'set Access-Control-Allow-Origin',
    'merge Vary', 'append Vary', 'set Access-Control-Allow-Methods';
my $a = 'https://a.example';
# Nobody can search this one.
chmod 0, "$s->{root}/htdocs/closed" or die "closed: $!\n";
my $readable = { Vary => 'Origin', 'Access-Control-Allow-Origin' => $a };

# [ what, status, method, path, headers ]
for ([ 'static', 200, 'GET', '/page.html' ],
    [ 'HEAD', 200, 'HEAD', '/page.html' ],
    [ 'part', 206, 'GET', '/page.html', Range => 'bytes=0-9' ],
    [ 'range', 416, 'GET', '/page.html', Range => 'bytes=5000-' ],
    [ 'not modified', 304, 'GET', '/page.html',
        'If-None-Match' => '*' ],
    [ 'precondition', 412, 'GET', '/page.html', 'If-Match' => '"no"' ],
    [ 'directory', 301, 'GET', '/dir' ],
    [ 'index', 200, 'GET', '/dir/' ],
    [ 'Redirect', 302, 'GET', '/moved/x' ],
    [ 'RewriteRule', 410, 'GET', '/gone' ],
    [ 'password', 401, 'GET', '/secret/' ],
    [ 'denied', 403, 'GET', '/denied/' ],
    [ 'missing', 404, 'GET', '/missing' ],
    [ 'ErrorDocument of another policy', 404, 'GET', '/err/missing' ],
    [ 'method', 405, 'POST', '/methods' ],
    [ 'unknown method', 501, 'FOO', '/page.html' ],
    [ 'large body', 413, 'POST', '/big/run.cgi', -body => 'x' x 50 ],
    [ 'CGI', 200, 'GET', '/run.cgi' ],
    [ 'CGI 503', 503, 'GET', '/run.cgi?503' ],
    [ 'broken CGI', 500, 'GET', '/broken.cgi' ],
    [ 'broken .htaccess', 500, 'GET', '/badht/' ],
    [ 'proxied', 200, 'GET', '/proxy/run.cgi' ],
    [ 'proxied 404', 404, 'GET', '/proxy/missing' ],
    [ 'proxied 500', 500, 'GET', '/proxy/run.cgi?500' ],
    [ 'ProxyErrorOverride 404', 404, 'GET', '/overridden/missing' ],
    [ 'ProxyErrorOverride 500', 500, 'GET', '/overridden/run.cgi?500' ],
    [ 'ProxyErrorOverride 200', 200, 'GET', '/overridden/run.cgi' ],
    [ 'a back end that hangs up', 502, 'GET', '/hangs-up/x' ],
    [ 'no back end', 503, 'GET', '/broken/x' ],
    [ 'FallbackResource', 200, 'GET', '/fallback/any/thing' ],
    [ 'Action', 200, 'GET', '/action/page.told' ],
    [ 'CGI that redirects inside', 200, 'GET', '/local.cgi' ],
    [ 'our filters added by name', 200, 'GET', '/by-name.html' ],
    [ 'leftovers of mod_headers', 404, 'GET', '/left' ],
    [ 'a path that cannot be searched', 403, 'GET', '/closed/x' ],
    [ 'encoded slash', 404, 'GET', '/a%2Fb' ],
    [ 'above the root', 400, 'GET', '/../../x' ],
) {
    my ($what, $status, $method, $path, @headers) = @$_;
    my $res = $s->request($method, $path, Origin => $a, @headers);
    is $res->{status}, $status, "$what: status";
    my $got = cors($res);
    $got->{Vary} = 'Origin' if ($got->{Vary} || '') =~ /^Origin$/i;
    if ($path =~ /run\.cgi|told/) {
        # Timing-Allow-Origin is the back end's own where the policy has none
        delete $got->{'Timing-Allow-Origin'};
    }
    # Before 2.4.47 httpd itself takes all but a few fields off a 304.
    is_deeply $got, $status == 304 && CorsTest::is_before(47)
        ? { Vary => 'Origin' } : $readable, "$what: headers";

    $res = $s->request($method, $path, @headers);
    $got = cors($res);
    delete $got->{'Timing-Allow-Origin'};
    is_deeply $got, { Vary => 'Origin' }, "$what: no origin, Vary alone";
    $res = $s->request($method, $path, Origin => 'https://evil.example',
        @headers);
    $got = cors($res);
    delete $got->{'Timing-Allow-Origin'};
    is_deeply $got, { Vary => 'Origin' }, "$what: refused, Vary alone";
}

chmod 0755, "$s->{root}/htdocs/closed";

my $res = $s->get('/full/', Origin => $a);
is_deeply cors($res), { %$readable,
    'Access-Control-Allow-Credentials' => 'true',
    'Access-Control-Expose-Headers' => 'X-One, X-Two',
    'Timing-Allow-Origin' => $a }, 'all that there is';

for my $origin (undef, $a, 'file://', 'nonsense') {
    is_deeply cors($s->get('/any', $origin ? (Origin => $origin) : ())),
        { 'Access-Control-Allow-Origin' => '*',
        'Access-Control-Expose-Headers' => '*',
        'Timing-Allow-Origin' => '*' }, 'any origin: the same for all';
}
is_deeply cors($s->get('/any/credentials', Origin => $a)),
    { 'Access-Control-Allow-Origin' => '*',
      'Access-Control-Expose-Headers' => '*', 'Timing-Allow-Origin' => '*' },
    '* never with credentials';
$s->announce(qr/CorsAllowCredentials On .* meets CorsAllowOrigin \* /);
is_deeply cors($s->get('/null', Origin => 'null')), { Vary => 'Origin',
    'Access-Control-Allow-Origin' => 'null' }, 'null granted';
is_deeply cors($s->get('/null/with', Origin => 'null')), { Vary => 'Origin',
    'Access-Control-Allow-Origin' => 'null' }, 'never with credentials';
$s->announce(qr/CorsAllowCredentials On .* meets CorsAllowOrigin null /);
is_deeply cors($s->get('/insecure/with', Origin => 'http://plain.example')),
    { Vary => 'Origin', 'Access-Control-Allow-Origin' =>
        'http://plain.example' }, 'insecure origin: no credentials';
$s->announce(qr/CorsAllowCredentials On .* meets CorsAllowOrigin http:\/\/plain\.example /);
is cors($s->get('/insecure/with', Origin => 'http://localhost:3000'))
    ->{'Access-Control-Allow-Credentials'}, 'true', 'but loopback';
is cors($s->get('/granted', Origin => 'http://plain.example'))
    ->{'Access-Control-Allow-Credentials'}, 'true', 'insecure, but granted';

$res = $s->get('/own/run.cgi', Origin => $a);
my @names = sort split /, /, cors($res)->{'Access-Control-Expose-Headers'};
is_deeply \@names, [ sort qw(Date Server X-Own Vary Timing-Allow-Origin) ],
    'CorsExposeHeaders * with credentials names them';

is_deeply cors($s->get('/none', Origin => $a)), { Vary => 'Origin' },
    'CorsAllowOrigin none is a policy';
is_deeply cors($s->get('/off', Origin => $a)), {}, 'CorsEngine Off';
is cors($s->get('/off/run.cgi', Origin => $a))
    ->{'Access-Control-Allow-Origin'}, 'https://evil.example, *',
    'and nothing is taken off';
$res = $s->get('/detect/run.cgi', Origin => $a);
is cors($res)->{'Access-Control-Allow-Headers'}, 'X-Evil',
    'DetectionOnly takes nothing off';
$s->announce(qr/response differs \(detection only\): Access-Control-Allow-Origin/);
is $res->{body}, "actual $a allowed\n", 'DetectionOnly judges';

$res = $s->get('/keep/run.cgi', Origin => $a);
is cors($res)->{'Access-Control-Allow-Headers'}, 'X-Evil',
    'keep: the back end\'s headers stand';
is cors($res)->{Vary}, 'Origin', 'keep: with Vary';
is_deeply cors($s->get('/keep/plain.html', Origin => $a)), $readable,
    'keep: as replace where there is none to keep';

# Origins that are none, and patterns.
for my $origin ('', ' ', 'https://a.example/', 'HTTPS://a.example',
    'https://A.example', 'https://a.example.', 'https://a.example:443/',
    'https://a.example, https://b.example', 'https://a.example@evil',
    'https://a.example.evil.example', 'https://xa.example',
    "https://a.example\x{e9}", 'https://' . 'a' x 8000) {
    is_deeply cors($s->get('/', Origin => $origin)), { Vary => 'Origin' },
        'refused: ' . substr $origin, 0, 40;
}
is_deeply cors($s->get('/', Origin => $a, Origin => 'https://b.example')),
    { Vary => 'Origin' }, 'two Origin fields';
for ([ 'https://x.wild.example', 1 ], [ 'https://a.b.wild.example', 1 ],
    [ 'https://wild.example', 0 ], [ 'https://xwild.example', 0 ],
    [ 'http://x.wild.example', 0 ], [ 'https://x.wild.example:8443', 0 ],
    [ 'http://localhost', 1 ], [ 'http://localhost:65535', 1 ],
    [ 'http://localhost:0', 0 ], [ 'http://x.localhost', 0 ],
    [ 'https://localhost:1', 0 ]) {
    my ($origin, $allowed) = @$_;
    is cors($s->get('/wild', Origin => $origin))
        ->{'Access-Control-Allow-Origin'}, $allowed ? $origin : undef,
        "pattern: $origin";
}

# Variables.
is $s->get('/run.cgi', Origin => $a)->{body}, "actual $a allowed\n",
    'variables for CGI';
is $s->get('/run.cgi', Origin => 'x y')->{body},
    "actual  origin-malformed\n", 'no CORS_ORIGIN unless it is one';
is $s->get('/run.cgi')->{body}, "  \n", 'none without an origin';
is_deeply [ CorsTest::all($s->get('/variables', Origin => 'https://z'),
    'X-Verdict') ], ['actual origin-not-allowed'], 'variables for Header';
my ($line) = grep { m{/variables} } $s->access_lines(1);
like $line, qr{404 actual https://z origin-not-allowed}, 'and the access log';

is $s->get($_, Origin => $a)->{body}, "actual $a allowed\n",
    "variables again after a redirect inside: $_"
    for '/redirected/run', '/action/page.told';
is_deeply [ map { CorsTest::all($s->get('/expression', Origin => $_),
    'X-Verdict') } 'https://z.example', $a ], ['refused'],
    'variables for expressions';
is $s->get('/required/x', Origin => $a)->{status}, 200,
    'variables before authorization';
is $s->get('/required/x', Origin => 'https://z')->{status}, 403,
    'for a refused origin too';

# Vary is one line, with each field once, whoever else is in it.
is_deeply [ sort map { lc } split /,\s*/,
    cors($s->get('/varies.html', Origin => $_))->{Vary} ],
    [ 'accept-language', 'origin' ], "Vary: $_" for $a, 'https://z.example';

# Two lines are one list, and an origin is allowed byte for byte.
for my $origin (qw(https://app.example.com http://localhost:3000
    https://[::1]:8443 app://host)) {
    is_deeply cors($s->get('/exact', Origin => $origin)),
        { Vary => 'Origin', 'Access-Control-Allow-Origin' => $origin },
        "exactly $origin";
}
is_deeply cors($s->get('/exact', Origin => $_)), { Vary => 'Origin' },
    "not $_" for qw(http://app.example.com https://app.example.com:443
    https://x.app.example.com https://app.example.co http://localhost:3001
    http://localhost https://[::1] https://[0::1]:8443 app://hos null);

$s->finish;
