# The page of CorsInfo: who can read it, what it says, and that whatever is typed
# comes back as text.

use strict;
use warnings;
use lib 't/lib';
use Digest::SHA qw(sha256_base64);
use JSON::PP qw(decode_json);
use Test::More;
use CorsTest;
use ExplainTest;

my $APP = 'https://app.example';

my $s = CorsTest->start(<<'CONF',
CorsAllowOrigin https://app.example
CorsAllowCredentials On
CorsTimingAllowOrigin On
CorsEnforce All
Header always set Access-Control-Allow-Origin *
Header set Access-Control-Allow-Credentials true
Header set Timing-Allow-Origin *
Header always set Cache-Control public
<Location /cors>
  CorsInfo On
  Require local
</Location>
# Laid over the page after its own section.
<Location />
  CorsEngine On
</Location>
<Location /put>
  CorsAllowMethods GET PUT
  CorsAllowHeaders Content-Type
</Location>
<Location /closed>
  CorsInfo On
  AuthType Basic
  AuthName test
  AuthUserFile "@ROOT@/htdocs/users"
  Require valid-user
</Location>
CacheRoot "@ROOT@/cache"
CacheEnable disk /kept
CacheIgnoreNoLastMod On
CacheIgnoreQueryString On
<Location /kept>
  CorsInfo On
  Require local
</Location>
<Location /off>
  CorsInfo Off
</Location>
<Location "/<b>&'quoted'">
  CorsAllowHeaders X-Odd
</Location>
<Location "/byte-ÿ">
  CorsAllowHeaders X-Odd
</Location>
RewriteEngine On
RewriteRule ^/inside$ /cors [PT]
Options +Includes
AddType text/html .shtml
AddOutputFilter INCLUDES .shtml
ErrorDocument 410 /cors
RewriteRule ^/gone$ - [G]
<VirtualHost *:@PORT@>
  ServerName test.example
  RewriteEngine On
  RewriteOptions InheritBefore
</VirtualHost>
<VirtualHost *:@PORT@>
  ServerName two.example
  CorsAllowOrigin https://two-app.example
</VirtualHost>
CONF
    'users' => htpasswd('u', 'p'), 'off/index.html' => "off\n",
    'part.shtml' => "begin<!--#include virtual=\"/cors\" -->end\n");
$s->announce(qr/\[recipe-left-over\]$/, qr/\[cache-keeps-headers\]$/,
    qr/request refused by enforcement: origin-not-allowed: 'https:\/\/refused/);

sub header { my ($response, $name) = @_;
    join ' | ', CorsTest::all($response, $name) }

# A page is too long to be shown where a test fails.
sub says { my ($body, $re, $what) = @_; ok $body =~ $re, $what }
sub says_not { my ($body, $re, $what) = @_; ok $body !~ $re, $what }

# Tests what no response of the page is without.
sub guarded {
    my ($response, $what) = @_;
    is_deeply [ grep { /^(?:Access-Control-|Timing-)/ } map { $_->[0] }
        @{ $response->{headers} } ], [], "$what: no header of CORS";
    my %expected = ('Cache-Control' => 'no-store',
        'Cross-Origin-Opener-Policy' => 'same-origin',
        'Cross-Origin-Resource-Policy' => 'same-origin',
        'Referrer-Policy' => 'no-referrer', 'Vary' => 'Accept',
        'X-Content-Type-Options' => 'nosniff', 'X-Frame-Options' => 'DENY');
    is header($response, $_), $expected{$_}, "$what: $_"
        for sort keys %expected;
    like header($response, 'Content-Security-Policy'),
        qr/^default-src 'none'; style-src 'sha256-[^']+'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
        "$what: Content-Security-Policy";
}

my $plain = $s->get('/cors');
is $plain->{status}, 200, 'the page';
is header($plain, 'Content-Type'), 'text/html; charset=utf-8', 'is HTML';
guarded($plain, 'nobody');
guarded($s->get('/cors', Origin => $APP), 'a listed origin');
guarded($s->get('/cors', Origin => 'https://evil.example',
    'Sec-Fetch-Site' => 'cross-site'), 'another origin');
guarded($s->get('/cors?format=json', Origin => $APP), 'JSON');
guarded($s->get('/cors?url=nonsense'), 'an error');
guarded($s->get('/inside', Origin => $APP), 'a rewritten URL');

# The hash in the source is that of the style: write this one.
my ($style) = $plain->{body} =~ m{<style>(.*)</style>}s;
my ($hash) = header($plain, 'Content-Security-Policy') =~ /'sha256-([^']+)'/;
is $hash, sha256_base64($style) . '=', 'the hash of the style';
unlike $plain->{body}, qr/<script|<link|<img|\bon\w+=|\bstyle=|url\(|\@import/,
    'no script and nothing from elsewhere';

# Who is let at it.
for my $method (qw(POST PUT DELETE PATCH OPTIONS PROPFIND)) {
    my $response = $s->request($method, '/cors');
    is $response->{status}, 405, "$method is not allowed";
    is_deeply [ sort grep { $_ ne 'TRACE' } split /,\s*/,
        header($response, 'Allow') ], [qw(GET HEAD)], "$method: Allow";
}
my $head = $s->request('HEAD', '/cors');
is $head->{status}, 200, 'HEAD';
is $head->{body}, '', 'has no body';
guarded($head, 'HEAD');
for ([ 'If-None-Match' => '*' ], [ 'If-Modified-Since' => 'Fri, 31 Dec 2100 23:59:59 GMT' ],
    [ Range => 'bytes=0-9' ]) {
    my $response = $s->get('/cors', @$_);
    is $response->{status}, 200, "$_->[0]: the whole page";
    guarded($response, $_->[0]);
}
is $s->get('/cors', '-body' => 'x' x 70000)->{status}, 200, 'a body is dropped';
my $preflight = $s->preflight('/cors', $APP, 'GET', 'x-a');
is $preflight->{status}, 405, 'a preflight is refused';
is_deeply [ grep { /^Access-Control-Allow-(?!Origin|Credentials)/ } keys
    %{ cors($preflight) } ], [], 'and no policy answers it';
is $s->get('/closed')->{status}, 401, 'a password is asked for';
is $s->get('/closed', Authorization => 'Basic dTpw')->{status}, 200,
    'and is enough';
is $s->get('/off/')->{body}, "off\n", 'Off';
unlike $s->get('/part.shtml')->{body}, qr/Explain/, 'no page includes it';
is $s->get('/gone')->{status}, 410, 'as an ErrorDocument it keeps the status';

$s->get('/kept?host=two.example');
says_not $s->get('/kept')->{body}, qr/Only the servers named/, 'no cache keeps it';

# What it says.
sub asked {
    my ($query, @headers) = @_;
    return $s->get("/cors?$query", @headers);
}
my $put = 'url=http%3A%2F%2Ftest.example%2Fput%2Fx&method=PUT'
    . '&origin=https%3A%2F%2Fapp.example&header=x-trace';
my $html = asked($put)->{body};
says $html, qr/<title>Refused: PUT http:\/\/test\.example\/put\/x/, 'the title';
says $html, qr/<section id="answer" class="refused"/, 'the outcome';
says $html, qr/the header x-trace is not in CorsAllowHeaders/, 'the reason';
says $html, qr/<dt>Decided by<\/dt><dd><code>CorsAllowHeaders<\/code> <span class="at">line \d+ of /,
    'the line';
says $html, qr/name="method"[^>]*value="PUT"/, 'the form keeps the method';
says $html, qr/>\nx-trace<\/textarea>/, 'and the headers';
says $html, qr/<h3><span><code>&lt;Location \/put&gt;<\/code>/, 'the policies';
says $html, qr/<option value="http:\/\/two\.example\/">/, 'the virtual hosts';
says $html, qr/\[recipe-left-over\]/, 'the findings';
says asked('url=http://two.example/&origin=https://two-app.example')->{body},
    qr/class="allowed".*Virtual host <code>two\.example/s, 'another virtual host';
says asked('url=http://test.example/cors&origin=https://app.example')->{body},
    qr/CorsInfo On: this is mod_cors&#39;s own page/, 'the page about itself';
says asked('url=http://test.example/put/&origin=https://app.example'
    . '&header=Content-Type&header=x-a%0D%0Ax-b%3A+1')->{body},
    qr/>\nContent-Type\nx-a\r?\nx-b: 1<\/textarea>/, 'several headers';
says asked('url=http://test.example/&origin=https://app.example&credentials=on')
    ->{body}, qr/value="on" checked>.*, with credentials</s, 'credentials';

# JSON.
my $json = ExplainTest::ask_page($s, '/cors', $put);
is $json->{explanation}{outcome}, 'refused', 'JSON: the explanation';
is $json->{explanation}{decided}{directive}, 'CorsAllowHeaders',
    'JSON: what decided';
cmp_ok scalar @{ $json->{places} }, '>', 5, 'JSON: the policies';
ok $json->{complete}, 'JSON: all of them';
is_deeply [ map { (($_->{within} || {})->{section} // '') eq '<Location /cors>'
    && !$_->{server}{name} ? $_->{policy} ? 1 : 0 : () } @{ $json->{places} } ],
    [ 0 ], 'JSON: the page has no policy';
is ExplainTest::ask_page($s, '/cors', '')->{explanation}, undef,
    'JSON: nothing is asked';
my $dump = ExplainTest::dump_json($s);
$json = ExplainTest::ask_page($s, '/cors', '');
delete @$json{qw(complete explanation counted)};
is_deeply $json, $dump, 'JSON: what DUMP_CORS_JSON prints';
my $two = ExplainTest::ask_page($s, '/cors', 'host=two.example');
is_deeply [ grep { ($_->{server}{name} // '') ne 'two.example' }
    @{ $two->{places} } ], [], 'JSON: one virtual host';

my %wanted = ('application/json' => 'application/json',
    'text/html,application/xhtml+xml,*/*;q=0.8' => 'text/html; charset=utf-8',
    'application/json, text/html;q=0.5' => 'application/json',
    'application/json;q=0.5,text/html' => 'text/html; charset=utf-8',
    'Application/JSON ; q=1' => 'application/json',
    'application/jsonx' => 'text/html; charset=utf-8',
    'application/openmetrics-text;version=1.0.0,text/plain;q=0.5,*/*;q=0.1' =>
        'application/openmetrics-text; version=1.0.0; charset=utf-8',
    'text/plain;version=0.0.4;q=0.5,*/*;q=0.1' =>
        'text/plain; version=0.0.4; charset=utf-8',
    'application/json, text/plain, */*' => 'application/json',
    'application/json;q=0' => 'text/html; charset=utf-8',
    '*/*' => 'text/html; charset=utf-8', '' => 'text/html; charset=utf-8');
is header($s->get('/cors', Accept => $_), 'Content-Type'), $wanted{$_},
    "Accept: $_" for sort keys %wanted;
is header(asked('format=html', Accept => 'application/json'), 'Content-Type'),
    'text/html; charset=utf-8', 'format wins';

# Counters.  The page itself is not counted, and neither is a question.
$s->get('/put/x', Origin => 'https://refused.example') for 1 .. 3;
$s->preflight('/put/x', $APP, 'PUT') for 1 .. 2;
my $counted = ExplainTest::ask_page($s, '/cors', $put)->{counted};
$counted = ExplainTest::ask_page($s, '/cors', $put)->{counted};
is $counted->{whole}{preflight}{allowed}, 2, 'JSON: preflights';
is $counted->{whole}{actual}{'origin-not-allowed'}, 3, 'JSON: refused requests';
is_deeply [ map { [ @$_{qw(origin count)} ] } @{ $counted->{refused} } ],
    [ [ 'https://refused.example', 3 ] ], 'JSON: refused origins';
is_deeply [ map { $_->{counts} } @{ $counted->{hosts} } ],
    [ $counted->{whole} ], 'JSON: of one host';
says $s->get('/cors')->{body}, qr/<h2 id="counters-title">Counters.*https:\/\/refused\.example<\/td><td>3</s,
    'HTML: refused origins';
my $metrics = asked('format=openmetrics');
is header($metrics, 'Content-Type'),
    'application/openmetrics-text; version=1.0.0; charset=utf-8',
    'OpenMetrics: the type';
guarded($metrics, 'OpenMetrics');
like $metrics->{body}, qr/^mod_cors_requests_total\{[^}]*kind="actual",outcome="origin-not-allowed"[^}]*\} 3$/m,
    'OpenMetrics: the number' or diag $metrics->{body};
like $metrics->{body}, qr/\n# EOF\n\z/, 'OpenMetrics: the end';
is asked('format=openmetrics&metod=x')->{status}, 400, 'OpenMetrics: 400';
my $older = asked('format=prometheus');
guarded($older, 'the form of Prometheus');
unlike $older->{body}, qr/^# EOF/m, 'the form of Prometheus has no end';
is asked('format=prometheus&metod=x')->{status}, 400,
    'the form of Prometheus: 400';

# What can't be read.
my @wrong = (
    [ 'url=http://test.example/%zz', 'the query has a % that two hexadecimal digits' ],
    [ 'url=%00', 'the query has a % that two hexadecimal digits' ],
    [ 'url=%', 'the query has a % that two hexadecimal digits' ],
    [ 'url=nonsense', 'the URL must be whole' ],
    [ 'url=ftp://test.example/', 'a page reads URLs of http and https alone' ],
    [ 'url=http://u:p@test.example/', 'the URL must be whole' ],
    [ 'url=http://test.example:0/', 'the URL must be whole' ],
    [ 'url=http://test.example/' . 'x' x 4096, 'url has more than 4096 bytes' ],
    [ 'url=http://test.example/&method=G%20T', "'G T' is no method" ],
    [ 'url=http://test.example/&method=TRACE', 'no browser sends TRACE' ],
    [ 'url=http://test.example/&origin=a%0Ab', 'no origin has a line break' ],
    [ 'url=http://test.example/&header=a%20b', "'a b' is no name of a header: write NAME or NAME: VALUE" ],
    [ 'url=http://test.example/&url=http://a/', 'url is given twice' ],
    [ 'url=http://test.example/&credentials=yes', "credentials is on or off" ],
    [ 'metod=PUT', "there is no parameter 'metod'" ],
    [ 'format=xml', "there is no format 'xml'" ],
    [ 'host=nobody.example', "no ServerName and no ServerAlias is 'nobody.example'" ],
);
for my $row (@wrong) {
    my ($query, $text) = @$row;
    my $response = asked($query, Accept => 'text/html');
    my $what = substr $query, 0, 60;
    is $response->{status}, 400, "$what: 400";
    my $quoted = $text =~ s/'/&#39;/gr;
    says $response->{body}, qr/role="alert"[^>]*><strong>This could not be read:<\/strong> \Q$quoted\E/,
        "$what: says what is wrong";
    $response = asked($query, Accept => 'application/json');
    is $response->{status}, 400, "$what: JSON: 400";
    like decode_json($response->{body})->{error}, qr/\Q$text/,
        "$what: JSON: what is wrong";
}
is asked("url=http://test.example/&origin=$_")->{status}, 200,
    "an origin that is none is explained: $_"
    for 'https://app.example/', 'x' x 400, '%C3%BC', '%3Cb%3E';

# Whatever is typed is text.
for my $bad ('"><script>alert(1)</script>', "' onfocus='x",
    '" onfocus="x', '</textarea><b>',
    '&lt;', "\xFF\xFE", "\x01\x1B[31m", '%s%n%d', '--><!--') {
    for my $name (qw(url origin method header host metod)) {
        my $query = join '&', map { "$_=" . ExplainTest::encoded(
            $_ eq $name ? $bad : { url => 'http://test.example/',
                origin => $APP, method => 'GET' }->{$_} // '') }
            grep { $_ eq $name || /^(?:url|origin|method)$/ }
            qw(url origin method header host metod);
        my $body = asked($query)->{body};
        my $what = "$name=" . ExplainTest::encoded($bad);
        says $body, qr/<\/html>\n\z/, "$what: the page is whole";
        says_not $body, qr/<script|<b>|\x01|\x1B|\xFF|\xFE| onfocus=["']|\/textarea><\/?b|--><!--/,
            "$what: nothing but text";
    }
}
says_not $plain->{body}, qr/<Location|<b>/, 'sections are text too';
says $plain->{body}, qr/byte-\xEF\xBF\xBD/, 'and every byte is UTF-8';

# It explains the configuration that is running, and goes when its line does.
$s->reconfigure(sub { s/CorsAllowHeaders Content-Type/$& X-Trace/ });
is ExplainTest::ask_page($s, '/cors', $put)->{explanation}{outcome}, 'allowed',
    'after a graceful restart';
$s->reconfigure(sub { s/CorsInfo On/CorsInfo Off/g });
is $s->get('/cors')->{status}, 404, 'without CorsInfo On there is no page';

$s->finish;
