# CorsEnforce: what the server acts on, whom it tells, and for whose pages.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $s = CorsTest->start(<<'CONF' . login('/secret'),
LogFormat "%m %U %>s %{CORS_REQUEST}e %{CORS_VERDICT}e %{CORS_OFFENDER}e %{CORS_ENFORCED}e" enforced
CustomLog "@ROOT@/enforced.log" enforced
CorsAllowOrigin https://app.example https://*.team.example
CorsEnforce Unsafe
Header always set X-Enforced %{CORS_ENFORCED}e env=CORS_ENFORCED
ErrorDocument 404 /errors/404.html
<Location /all>
  CorsEnforce All
</Location>
<Location /try>
  CorsEnforce Unsafe DetectionOnly
</Location>
<Location /tryall>
  CorsEnforce All DetectionOnly
</Location>
<Location /engine>
  CorsEngine DetectionOnly
</Location>
<Location /off>
  CorsEngine Off
</Location>
<Location /alone>
  CorsAllowOrigin none
</Location>
<Location /callback>
  CorsEnforce Off
</Location>
<Location /put>
  CorsAllowMethods GET PUT
  CorsAllowCredentials On
</Location>
<Location /only>
  CorsAllowMethods PUT
</Location>
<Location /put/post>
  ErrorDocument 403 /errors/403.cgi
</Location>
Redirect /moved http://elsewhere.example/
<Directory "@ROOT@/htdocs/inner">
  RewriteEngine On
  RewriteRule ^open$ /callback/run.cgi
  FallbackResource /inner/fallback.cgi
</Directory>
<Location /ssi>
  Options +Includes
  SetOutputFilter INCLUDES
</Location>
CONF
    (map { ("$_/index.html" => "page\n", "$_/run.cgi" => <<'CGI') }
#!/bin/sh
printf 'Content-Type: text/plain\n\n'
echo "ran $REQUEST_METHOD $CORS_VERDICT $CORS_ENFORCED"
CGI
        qw(all try tryall engine off alone callback put put/post inner
        below ssi)),
    'run.cgi' => "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\necho ran\n",
    'errors/403.cgi' => "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\n"
        . "echo \"document \$CORS_VERDICT \$CORS_ENFORCED\"\n",
    'errors/404.html' => "not found\n",
    'inner/fallback.cgi' => "#!/bin/sh\n"
        . "printf 'Content-Type: text/plain\\n\\n'\necho \"fallback \$CORS_VERDICT\"\n",
    'ssi/page.html' => "<!--#include virtual=\"/all/index.html\" -->"
        . "<!--#include virtual=\"/ssi/run.cgi\" -->",
    'below/.htaccess' => "CorsEnforce All\n",
    'star/.htaccess' => "CorsAllowOrigin *\n",
    'star/run.cgi' => "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\n",
    'users' => htpasswd(qw(user secret)));

my $own = 'http://test.example';
my $app = 'https://app.example';
my $evil = 'https://evil.example';
my @cross = ('Sec-Fetch-Site' => 'cross-site');

sub enforced {
    my ($res) = @_;
    return join ' ', $res->{status}, CorsTest::all($res, 'X-Enforced');
}

sub judged {
    my ($what, $expected, $method, $path, @headers) = @_;
    is enforced($s->request($method, $path, @headers)), $expected, $what;
}

# Who may have the server act.
judged(@$_) for
    [ 'a program', 200, POST => '/run.cgi' ],
    [ 'the own page', 200, POST => '/run.cgi', Origin => $own ],
    [ 'a listed page', 200, POST => '/run.cgi', Origin => $app, @cross ],
    [ 'a listed page of a team', 200, POST => '/run.cgi',
        Origin => 'https://a.team.example', @cross ],
    [ 'a foreign page', '403 refused', POST => '/run.cgi', Origin => $evil ],
    [ 'a foreign page of the same site', '403 refused', POST => '/run.cgi',
        'Sec-Fetch-Site' => 'same-site' ],
    [ 'a sandboxed page', '403 refused', POST => '/run.cgi',
        Origin => 'null', @cross ],
    [ 'a form with no-referrer', 200, POST => '/run.cgi', Origin => 'null',
        'Sec-Fetch-Site' => 'same-origin' ],
    [ 'a bookmark', 200, POST => '/run.cgi', 'Sec-Fetch-Site' => 'none' ],
    [ 'a foreign DELETE', '403 refused', DELETE => '/run.cgi', @cross ],
    [ 'an unknown method', '403 refused', FOO => '/run.cgi', @cross ],
    [ 'a foreign GET', 200, GET => '/run.cgi', Origin => $evil, @cross ],
    [ 'a foreign HEAD', 200, HEAD => '/run.cgi', Origin => $evil, @cross ],
    [ 'a foreign OPTIONS', 200, OPTIONS => '/index.html', Origin => $evil,
        @cross ],
    [ 'a listed page with a method not listed', '403 refused',
        POST => '/put/run.cgi', Origin => $app, @cross ],
    [ 'a listed page with a listed method', 200, PUT => '/put/run.cgi',
        Origin => $app, @cross ],
    [ 'the own page with a method not listed', 200, POST => '/put/run.cgi',
        Origin => $own ],
    [ 'no list: the own page', 200, POST => '/alone/run.cgi',
        Origin => $own ],
    [ 'no list: another page', '403 refused', POST => '/alone/run.cgi',
        Origin => $app, @cross ],
    [ 'a foreign WebSocket', '403 refused', GET => '/index.html',
        Origin => $evil, Upgrade => 'websocket', Connection => 'Upgrade' ],
    [ 'a foreign WebSocket, in capitals', '403 refused', GET => '/index.html',
        Origin => $evil, Upgrade => 'WebSocket', Connection => 'Upgrade' ],
    [ 'a foreign WebSocket is no visit', '403 refused', GET => '/index.html',
        Origin => $evil, Upgrade => 'websocket', Connection => 'Upgrade',
        'Sec-Fetch-Mode' => 'navigate' ],
    [ 'a WebSocket of a listed page', 200, GET => '/put/', Origin => $app,
        Upgrade => 'WebSocket', Connection => 'Upgrade' ],
    [ 'a WebSocket of a listed page, without GET in the list', 404,
        GET => '/only/', Origin => $app, Upgrade => 'websocket',
        Connection => 'Upgrade' ],
    [ 'a GET of a listed page is not looked at', 404, GET => '/only/',
        Origin => $app ],
    [ 'a WebSocket of the own page', 200, GET => '/index.html',
        Origin => $own, Upgrade => 'websocket', Connection => 'Upgrade' ],
    [ 'enforcement off for one URL', 200, POST => '/callback/run.cgi',
        Origin => $evil, @cross ],
    [ 'the engine off', 200, POST => '/off/run.cgi', Origin => $evil, @cross ],

    # All.
    [ 'All: a foreign image', '403 refused', GET => '/all/', @cross,
        'Sec-Fetch-Mode' => 'no-cors', 'Sec-Fetch-Dest' => 'image' ],
    [ 'All: a foreign HEAD', '403 refused', HEAD => '/all/', @cross ],
    [ 'All: a foreign fetch()', '403 refused', GET => '/all/',
        Origin => $evil, @cross, 'Sec-Fetch-Mode' => 'cors' ],
    [ 'All: an own image', 200, GET => '/all/',
        'Sec-Fetch-Site' => 'same-origin', 'Sec-Fetch-Mode' => 'no-cors' ],
    [ 'All: a link', 200, GET => '/all/', @cross,
        'Sec-Fetch-Mode' => 'navigate', 'Sec-Fetch-Dest' => 'document' ],
    [ 'All: an object', '403 refused', GET => '/all/', @cross,
        'Sec-Fetch-Mode' => 'navigate', 'Sec-Fetch-Dest' => 'object' ],
    [ 'All: an embedded page', '403 refused', GET => '/all/', @cross,
        'Sec-Fetch-Mode' => 'navigate', 'Sec-Fetch-Dest' => 'embed' ],
    [ 'All: a form', '403 refused', POST => '/all/run.cgi', @cross,
        'Sec-Fetch-Mode' => 'navigate', 'Sec-Fetch-Dest' => 'document' ],
    [ 'All: a preflight', 204, OPTIONS => '/all/', Origin => $app, @cross,
        'Access-Control-Request-Method' => 'POST' ],
    [ 'All: a program', 200, GET => '/all/' ],
    [ 'All in .htaccess', '403 refused', GET => '/below/', @cross ],

    # Nothing is refused.
    [ 'DetectionOnly', '200 would-refuse', POST => '/try/run.cgi', @cross ],
    [ 'DetectionOnly: a GET', 200, GET => '/try/', @cross ],
    [ 'All DetectionOnly', '200 would-refuse', GET => '/tryall/', @cross ],
    [ 'CorsEngine DetectionOnly', '200 would-refuse',
        POST => '/engine/run.cgi', @cross ],

    # Before a password is asked for.
    [ 'a foreign page, no password', '403 refused', POST => '/secret/', @cross ],
    [ 'the own page, no password', 401, POST => '/secret/', Origin => $own ],
    # What has failed by then is not refused.
    [ 'a redirect of the server', 302, POST => '/moved', Origin => $evil,
        @cross ],
    [ 'a file that is not there', '403 refused', POST => '/none',
        Origin => $evil, @cross ],
    [ 'a file that is not there, by the own page', 404, POST => '/none',
        Origin => $own ];

# The 403 is httpd's own, with the headers of a response: a listed page may
# read why it is refused.
my $res = $s->request(POST => '/run.cgi', Origin => $evil, @cross);
is_deeply cors($res), { Vary => 'Origin' }, 'refused: Vary alone';
like $res->{body}, qr/<title>403 Forbidden/, 'and the usual body';
$res = $s->request(POST => '/put/run.cgi', Origin => $app, @cross);
is_deeply cors($res), { Vary => 'Origin', 'Access-Control-Allow-Origin' => $app,
    'Access-Control-Allow-Credentials' => 'true' }, 'a listed page can read it';
$res = $s->request(POST => '/put/post/run.cgi', Origin => $app, @cross);
is $res->{body}, "document method-not-allowed refused\n",
    'ErrorDocument applies, and knows the variables';
is_deeply cors($res), { Vary => 'Origin', 'Access-Control-Allow-Origin' => $app,
    'Access-Control-Allow-Credentials' => 'true' }, 'with the same headers';
is $s->request(POST => '/put/post/run.cgi', @cross)->{body},
    "document origin-missing refused\n", 'also where there is no origin';
is_deeply cors($s->request(POST => '/engine/run.cgi', Origin => $evil, @cross)),
    {}, 'CorsEngine DetectionOnly adds nothing';
is_deeply cors($s->request(POST => '/try/run.cgi', Origin => $app)),
    { Vary => 'Origin', 'Access-Control-Allow-Origin' => $app },
    'CorsEnforce DetectionOnly leaves the policy on';

# The request that the client sent is judged, once.
is $s->request(POST => '/inner/open', Origin => $evil, @cross)->{status}, 403,
    'an internal redirect to what is open: the policy of the first URL';
is $s->request(POST => '/inner/open', Origin => $own)->{body},
    "ran POST same-origin \n", 'and its verdict';
is $s->get('/inner/none', Origin => $own)->{body}, "fallback origin-not-allowed\n",
    'FallbackResource: a GET is not looked at';
is $s->request(POST => '/inner/none', Origin => $own)->{body},
    "fallback same-origin\n", 'FallbackResource: the own page';
is $s->get('/ssi/page.html', @cross)->{body}, "page\nran GET  \n",
    'a subrequest is not judged, whatever holds there';

# Nothing comes on top of what the request was; its body is read away.
my ($first, $second) = $s->raw("POST /run.cgi HTTP/1.1\r\nHost: test.example\r\n"
    . "Origin: $evil\r\nContent-Length: 5\r\n\r\nhello"
    . "GET / HTTP/1.1\r\nHost: test.example\r\nConnection: close\r\n\r\n");
is "$first->{status} $second->{status}", '403 200', 'a body does no harm';

# Variables and log.
is_deeply [ (split /\n/, CorsTest::slurp("$s->{root}/enforced.log"))[ 0 .. 6 ] ], [
    'POST /run.cgi 200 - - - -',
    'POST /run.cgi 200 actual same-origin - -',
    'POST /run.cgi 200 actual allowed - -',
    'POST /run.cgi 200 actual allowed - -',
    "POST /run.cgi 403 actual origin-not-allowed $evil refused",
    'POST /run.cgi 403 - origin-missing - refused',
    'POST /run.cgi 403 actual origin-not-allowed null refused',
], 'what the variables hold';
my @lines = map { /\[cors:info\] .*?\] (request refused .*)/ } $s->log_lines;
s/line \d+ of \S+httpd\.conf\b/line/ for @lines;
is_deeply [ @lines[ 0, 1 ] ], [
    "request refused by enforcement: origin-not-allowed: '$evil' for "
        . "POST /run.cgi on test.example; Sec-Fetch-Site ''; "
        . 'CorsAllowOrigin (line) decides',
    'request refused by enforcement: origin-missing for POST /run.cgi on '
        . "test.example; Sec-Fetch-Site 'same-site'; CorsEnforce "
        . '(line) decides' ], 'the log says what decides';
is scalar(grep { /\(detection only\): origin-missing for GET \/tryall\/ on/ }
    @lines), 1, 'and where nothing is refused';

# What only meets for a request: * lists nobody.
# One connection is one child's, which logs each pair of lines once.
sub on_one_connection {
    my (@requests) = @_;
    return join ' ', map { $_->{status} } $s->raw(join('', map {
        "$_\r\nHost: test.example\r\nContent-Length: 0\r\n\r\n" } @requests)
        . "GET /missing HTTP/1.1\r\nHost: test.example\r\nConnection: close\r\n\r\n");
}

my $post = 'POST /star/run.cgi HTTP/1.1';
is on_one_connection("$post\r\nOrigin: $evil", "$post\r\nOrigin: $app",
    "$post\r\nOrigin: $own"), '403 403 200 404',
    '* in .htaccess: only the own page';
my $meets = qr{CorsEnforce \(line \d+ of \S+httpd\.conf\) meets CorsAllowOrigin \* \(line 1 of \S+star/\.htaccess\): \* is no list to enforce: write the origins whose pages may send requests, as in CorsAllowOrigin https://app\.example\.com, or CorsEnforce Off\. Until then requests of pages of other origins are refused$};
is scalar(grep { /$meets/ } $s->log_lines), 1, 'the log says so once';

$s->announce(qr/request refused by enforcement/, $meets,
    qr/CorsAllowMethods without GET .*\[method-missing\]$/);
$s->stop;
is_deeply [ $s->unannounced ], [], 'clean log';

# An .htaccess file with nothing to enforce: no check has read it.
my $null = within('<Location /null>', "CorsAllowUnsafe null-origin\n"
    . "CorsAllowOrigin null\n");
$s = CorsTest->start($null, map { ("$_->[0]/.htaccess" => $_->[1],
        "$_->[0]/index.html" => "page\n") }
    [ 'nothing' => "CorsEnforce All\n" ],
    [ 'engine' => "CorsEnforce All\nCorsEngine Off\n" ],
    [ 'off' => "CorsEnforce Off\n" ],
    [ 'none' => "CorsEnforce All\nCorsAllowOrigin none\n" ],
    [ 'null' => "CorsEnforce Unsafe\n" ]);
is on_one_connection(map { "GET /$_/ HTTP/1.1\r\nSec-Fetch-Site: cross-site" }
    qw(nothing nothing engine off none)), '200 200 200 200 403 404',
    'CorsEnforce in .htaccess, and no list';
my $nothing = qr{CorsEnforce \(line 1 of \S+nothing/\.htaccess\) enforces nothing: no CorsAllowOrigin is in reach, so write one beside it$};
is scalar(grep { /$nothing/ } $s->log_lines), 1,
    'the log says once that there is nothing to enforce';
is on_one_connection("POST /null/ HTTP/1.1\r\nOrigin: null",
    "GET /null/ HTTP/1.1\r\nOrigin: null"), '403 200 404',
    'null may read, and have nothing done';
$s->announce($nothing, qr/request refused by enforcement/,
    qr{CorsEnforce \(line 1 of \S+null/\.htaccess\) meets CorsAllowOrigin null });
$s->finish;
