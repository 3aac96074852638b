# CorsEngine DetectionOnly compares what is sent with what the policy would
# send: in the log, in CORS_DIFFERS and in a counter.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $A = 'https://a.example';
my $O = 'Access-Control-Allow-Origin';
my $C = 'Access-Control-Allow-Credentials';
my $M = 'Access-Control-Allow-Methods';
my $H = 'Access-Control-Allow-Headers';
my $E = 'Access-Control-Expose-Headers';

# Each with the lines of a recipe.
my %place = (
    none => '',
    same => <<'CONF',
Header always set Access-Control-Allow-Origin "https://a.example"
Header always merge Vary Origin
CONF
    star => 'Header set Access-Control-Allow-Origin *',
    other => <<'CONF',
Header set Access-Control-Allow-Origin https://b.example
Header set Vary Origin
CONF
    twice => <<'CONF',
Header set Access-Control-Allow-Origin https://a.example
Header always set Access-Control-Allow-Origin https://a.example
Header set Vary Origin
CONF
    rich => <<'CONF',
Header always set Access-Control-Allow-Origin https://a.example
Header always set Access-Control-Allow-Credentials true
Header always set Access-Control-Expose-Headers "X-Total, X-Never"
Header always set X-Total 5
Header always set Vary "Accept, Origin"
CONF
    wide => <<'CONF',
Header always set Access-Control-Allow-Origin https://a.example
Header always set Access-Control-Allow-Methods "GET, PUT, DELETE"
Header always set Access-Control-Allow-Headers "Content-Type, X-A, X-B"
Header always set Vary "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"
RewriteEngine On
RewriteCond %{REQUEST_METHOD} =OPTIONS
RewriteRule ^ - [R=204,L]
CONF
    keep => <<'CONF',
Header set Access-Control-Allow-Origin https://b.example
CorsBackendHeaders keep
CONF
);
my $conf = join '', map { "<Location /$_>\n$place{$_}\n</Location>\n" }
    sort keys %place;
my $s = CorsTest->start(<<"CONF",
LogFormat "%m %U %>s %{CORS_DIFFERS}e" differs
CustomLog "\@ROOT\@/differs.log" differs "expr=%{REQUEST_URI} !~ /nph/"
ProxyPass /short http://127.0.0.1:\@PORT\@/nph-short.cgi
RewriteEngine On
RewriteCond %{REQUEST_METHOD} =OPTIONS
RewriteRule ^/early - [R=204,L]
RewriteRule ^/denied - [F]
CorsAllowOrigin https://a.example
CorsAllowMethods GET PUT
CorsAllowHeaders X-A
CorsEngine DetectionOnly
$conf
<Location /moved>
  Redirect 302 http://elsewhere.example/
</Location>
<Location /login>
  $place{same}
  AuthType Basic
  AuthName test
  AuthUserFile "\@ROOT\@/htdocs/users"
  Require valid-user
</Location>
<Location /creds>
  $place{rich}
  CorsAllowCredentials On
  CorsExposeHeaders X-Total
</Location>
<Location /exposing>
  $place{rich}
  CorsAllowCredentials On
  CorsExposeHeaders *
</Location>
<Location /any>
  CorsAllowOrigin *
  Header set Access-Control-Allow-Origin https://a.example
</Location>
<Location /broken>
  $place{other}
  Header set X-Broken "a\001b"
</Location>
<Location /on>
  CorsEngine On
</Location>
<Location /off>
  CorsEngine Off
</Location>
<Location /forward>
  $place{same}
  CorsPreflight forward
</Location>
<Location /enforced>
  CorsEnforce All
</Location>
<Location /server-status>
  SetHandler server-status
</Location>
ErrorDocument 404 /none/page.html
CONF
    'nph-short.cgi' => "#!/bin/sh\nprintf 'HTTP/1.1 200 OK\\r\\n"
        . "Content-Length: 5\\r\\n\\r\\n'\n",
    -modules => ['status'], users => CorsTest::htpasswd(a => 'b'),
    map({ ("$_/page.html" => "x\n", "$_/index.html" => "x\n") }
        keys %place, qw(creds exposing any broken on off enforced forward early)));

my $log = "$s->{root}/differs.log";
my $lines = 0;
my $count = 0;

# Sends a request and returns what the variable and the log say.
sub told {
    my ($send) = @_;
    my $said = () = $s->log_lines;
    my $res = $send->();
    my @now;
    $s->wait_for('the access log', sub {
        @now = split /\n/, CorsTest::slurp($log); @now > $lines });
    $lines = @now;
    my ($differs) = $now[-1] =~ / (\S+)$/;
    my @texts = map { /\[cors:info\] .*((?:response|preflight) differs .*)/
        ? $1 : () } ($s->log_lines)[ $said .. scalar(() = $s->log_lines) - 1 ];
    $count += @texts;
    return ($res, $differs, @texts);
}

sub differs {
    my ($expected, $what, $send) = @_;
    my ($res, $differs, @texts) = told($send);
    is $differs, $expected, $what;
    is scalar @texts, $expected eq '-' ? 0 : 1, '... in the log, too';
    return ($res, $texts[0]);
}

sub get { my ($path, @more) = @_;
    sub { $s->get($path, Origin => $A, @more) } }
sub pre { my ($path, @more) = @_; sub { $s->preflight($path, $A, @more) } }

my ($res, $text) = differs("$O,Vary", 'a recipe that sends nothing',
    get('/none/page.html'));
is_deeply cors($res), {}, 'and nothing is sent';
is $text, "response differs (detection only): $O: sent today nothing, "
    . "would be sent '$A'; Vary: sent today nothing, would be sent 'Origin'; "
    . "origin '$A' for GET /none/page.html on test.example",
    'the whole line';
differs('-', 'the same', get('/same/page.html'));
differs('-', 'no origin', sub { $s->get('/none/page.html') });
differs('Vary', 'an origin that neither allows', sub {
    $s->get('/none/page.html', Origin => 'https://c.example') });
differs('-', 'and none that Vary lacks', sub {
    $s->get('/same/page.html', Origin => 'https://c.example') });
differs($O, 'an origin that the recipe alone allows', sub {
    $s->get('/other/page.html', Origin => 'https://b.example') });
differs('Vary', '* is the origin, but for caches', get('/star/page.html'));
differs("$O,Vary", '* for an origin that is not listed', sub {
    $s->get('/star/page.html', Origin => 'https://c.example') });
differs($O, 'two lines are none', get('/twice/page.html'));
differs("$C,$E", 'credentials, and a header that is there',
    get('/rich/page.html'));
differs('-', 'which the policy can have', get('/creds/page.html'));
differs($E, 'and more of them', get('/exposing/page.html'));
differs('-', '* in the policy', get('/any/page.html'));
differs($O, 'which allows others', sub {
    $s->get('/any/page.html', Origin => 'https://c.example') });
differs('Vary', 'headers that are kept', get('/keep/page.html'));

# Errors, and what is made of several requests.
differs("$O,Vary", 'an error document', get('/none/missing'));
differs("$O,Vary", 'a folder', get('/none/'));
differs('-', 'a folder that is the same', get('/same/'));
differs("$O,Vary", 'an error document elsewhere', get('/same/missing'));
differs("$O,Vary", 'a redirect', get('/moved'));
differs('-', 'a login that is the same', get('/login'));
differs("$O,Vary", 'a refusal before any section', get('/denied'));

# httpd finds out while it sends the headers.
{
    my ($res, $differs, @texts) = told(get('/broken/page.html'));
    is $res->{status}, 500, 'a header that httpd refuses to send';
    is $differs, "$O,Vary", 'the error is compared';
    like $texts[-1], qr/Allow-Origin: sent today nothing, /, '... in the log';
    $count -= @texts - 1;       # the response counts once
}
(undef, $text) = differs("$O,Vary", 'a back end that breaks off',
    get('/short'));
like $text, qr/^response differs/, 'is compared once, as the error';

# Preflights.
(undef, $text) = differs("$O,Vary", 'a preflight that httpd answers',
    pre('/none/page.html', 'PUT'));
like $text, qr/^preflight differs .* for PUT \/none\/page.html on test/,
    'which is said';
differs('-', 'the same methods', pre('/wide/page.html', 'PUT', 'x-a'));
differs('-', 'GET needs no list', pre('/wide/page.html', 'GET'));
differs($M, 'a method more', pre('/wide/page.html', 'DELETE'));
differs($H, 'a name more', pre('/wide/page.html', 'PUT', 'x-a,x-b'));
differs("$M,$H", 'both', pre('/wide/page.html', 'DELETE', 'x-b'));
differs('-', 'one that neither has', pre('/wide/page.html', 'PATCH', 'x-c'));
(undef, $text) = differs('status,Vary', 'a status that is no success',
    pre('/login', 'PUT'));
like $text, qr/status: sent today 401, would be sent 204/, 'which is said';
(undef, $text) = differs("$O,Vary", 'one that a rule ends early',
    pre('/early', 'PUT'));
like $text, qr/would be sent 'Origin, Access-Control-Request-Method/,
    'which would be answered here';
differs('Vary', 'one that is refused early', pre('/denied', 'PUT'));
differs("$M,Vary", 'one that is forwarded', pre('/forward/page.html', 'PUT'));

# Where nothing is compared.
differs('-', 'a policy that is on', get('/on/page.html'));
differs('-', 'a policy that is off', get('/off/page.html'));
differs('-', 'a request that enforcement would refuse', sub {
    $s->request('POST', '/enforced/page.html', Origin => 'https://c.example',
        'Sec-Fetch-Site' => 'cross-site', -body => 'x') });
$s->announce(qr/request refused by enforcement \(detection only\)/);

my ($counted) = $s->get('/server-status?auto')->{body}
    =~ /^CorsResponseDiffers: (\d+)$/m;
is $counted, $count, 'all differences were counted';
$s->announce(qr/\[cors:info\] .*(?:response|preflight) differs/,
    qr/\[cors:info\] .*preflight refused \(detection only\)/);
$s->finish;
