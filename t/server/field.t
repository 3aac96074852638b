# What failed in the field: responses that other modules, back ends and caches
# make, and what the log says of them.

use strict;
use warnings;
use lib 't/lib';
use IO::Socket::INET;
use Test::More;
use CorsTest;

my ($a, $b) = qw(https://a.example https://b.example);

# A back end that answers each request with what its path names, byte for byte.
my %raw = (
    '/early' => "HTTP/1.1 103 Early Hints\r\nLink: </x.css>\r\n"
        . "Access-Control-Allow-Origin: *\r\n"
        . "access-control-allow-credentials: true\r\n"
        . "Timing-Allow-Origin: *\r\n\r\n"
        . "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n"
        . "Access-Control-Allow-Origin: *\r\n\r\nok\n",
    '/switch' => "HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\n"
        . "Connection: Upgrade\r\nAccess-Control-Allow-Origin: *\r\n"
        . "Access-Control-Allow-Credentials: true\r\n\r\nswitched\n",
    '/options' => "HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n"
        . "Access-Control-Allow-Origin: *\r\n\r\nno\n",
);
my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 16)
    or die "no back end: $!\n";
my $backend = $listener->sockport;
defined(my $child = fork) or die "fork: $!\n";
if (!$child) {
    while (my $client = $listener->accept) {
        my $head = '';
        $head .= $_ while defined($_ = <$client>) && !/^\r?$/;
        my ($path) = $head =~ m{^\S+ (\S+)};
        print $client $raw{ $path } || "HTTP/1.1 404 None\r\n\r\n";
        close $client;
    }
    exit 0;
}
close $listener;

my %lua = (
    'access.lua' => 'function access(r) r.status = 200; '
        . 'r:puts("written early\n"); return apache2.DONE end',
    'type.lua' => 'function type(r) r:puts("written early\n"); '
        . 'return apache2.DONE end',
    'map.lua' => 'function map(r) if r.uri == "/mapped" then return 404 end; '
        . 'return apache2.DECLINED end',
    'own/vary.cgi' => "#!/bin/sh\nprintf 'Vary: Cookie\\nVary: origin\\n"
        . "Vary: Accept\\nX-Own: 1\\nKeep-Alive: 1\\nSet-Cookie: a=b\\n"
        . "Access-Control-Expose-Headers: X-Theirs\\n\\n'\n",
);
my $conf = policy_for($a, $b) . <<"CONF";
ProxyPass /backend/switch http://127.0.0.1:$backend/switch upgrade=other
ProxyPass /backend/ http://127.0.0.1:$backend/
CacheRoot "\@ROOT\@/cache"
CacheEnable disk /cached
CacheQuickHandler Off
CacheHeader On
H2EarlyHints on
ProxyPass /kept/ http://127.0.0.1:$backend/
<Location /kept>
  CorsBackendHeaders keep
  CorsPreflight answer
</Location>
<Location /backend>
  Header set X-Passed yes
</Location>
<Location /backend/options>
  CorsPreflight forward
</Location>
<Location /cached>
  SetOutputFilter DEFLATE
  Header set Cache-Control max-age=600
  Header always merge Vary X-Always
</Location>
<Location /lua/x>
  LuaHookAccessChecker "\@ROOT\@/htdocs/access.lua" access
</Location>
<Location /lua/type>
  LuaHookTypeChecker "\@ROOT\@/htdocs/type.lua" type
</Location>
LuaHookMapToStorage "\@ROOT\@/htdocs/map.lua" map
<Location /login>
  CorsPreflight forward
  AuthType Basic
  AuthName test
  AuthUserFile /dev/null
  Require valid-user
</Location>
<Location /fonts>
  CorsEngine Off
  <If "%{HTTP:Origin} =~ m#:#">
    CorsEngine On
    CorsAllowOrigin *
  </If>
</Location>
<Location /offender>
  Header always set X-Offender %{CORS_OFFENDER}e env=CORS_OFFENDER
</Location>
<Location /stars>
  Header set Vary *
</Location>
<Location /static>
  CorsAllowOrigin $a
  CorsAllowCredentials On
  CorsExposeHeaders X-Total
  CorsTimingAllowOrigin On
  CorsStaticOrigin On
</Location>
<Location /static/denied>
  Require all denied
</Location>
<Macro Partner \$origin>
  <Location /macro>
    CorsAllowOrigin \$origin
  </Location>
</Macro>
Use Partner $b
RewriteEngine On
RewriteCond %{REQUEST_METHOD} ^(?:TRACE|OPTIONS)\$
RewriteRule ^/forbidden - [F]
CONF
my $modules = join ' ', qw(deflate lua macro);
my $s = CorsTest->start($conf, 'own/page.html' => 'x' x 100,
    'cached/page.html' => "page\n" x 300, 'lua/x' => 'x', 'stars/x' => "x\n",
    'static/x' => "x\n", 'fonts/x' => "x\n", 'index.html' => "home\n", %lua,
    -modules => [ split ' ', $modules ]);

# --- The names of a response's own headers, as it leaves.
my $res = $s->get('/own/page.html', Origin => $a, Range => 'bytes=0-9');
is $res->{status}, 206, 'a part of a file';
exposes_what_leaves($res, 'a part');
like cors($res)->{'Access-Control-Expose-Headers'}, qr/Content-Range/,
    'Content-Range is one of them';
is $res->{body}, 'x' x 10, 'the part';
$res = $s->get('/own/page.html', Origin => $a);
unlike +(CorsTest::all($res, 'Access-Control-Expose-Headers'))[0],
    qr/Content-Range/, 'not of a whole file';

$res = $s->request('HEAD', '/own/page.html', Origin => $a,
    Range => 'bytes=0-9');
like cors($res)->{'Access-Control-Expose-Headers'}, qr/, Content-Range$/,
    'of a part asked for by HEAD too';
is_deeply cors($s->get('/own/vary.cgi', Origin => $a)),
    { Vary => 'Cookie,origin,Accept', 'Access-Control-Allow-Origin' => $a,
      'Access-Control-Allow-Credentials' => 'true',
      'Access-Control-Expose-Headers' => 'Date, Server, Vary, X-Own' },
    'of a script: one Vary line, and its own list is replaced';

# --- One Vary line, so that the cache keeps one variant for each origin.
my %hits;
for my $round (1 .. 5) {
    for my $origin ($a, $b) {
        $res = $s->get('/cached/page.html', Origin => $origin,
            'Accept-Encoding' => 'gzip');
        my @vary = CorsTest::all($res, 'Vary');
        is scalar(@vary), 1, "round $round: one Vary line" or diag "@vary";
        is join(',', sort map { lc } split /,\s*/, $vary[0]),
            'accept-encoding,origin,x-always', 'with every name';
        is cors($res)->{'Access-Control-Allow-Origin'}, $origin,
            'and the headers of its own origin';
        $hits{$1}++ if join(' ', CorsTest::all($res, 'X-Cache'))
            =~ /^(HIT|MISS)/;
    }
}
is_deeply \%hits, { MISS => 2, HIT => 8 }, 'eight of ten from the cache';
is_deeply [ CorsTest::all($s->get('/stars/x', Origin => $a), 'Vary') ], ['*'],
    'Vary: * stays';

# httpd itself names what an <If> asks for, so that no cache gives a page what
# is meant for requests without Origin.
is_deeply cors($s->get('/fonts/x', @$_)), { Vary => 'Origin', @$_
        ? ('Access-Control-Allow-Origin' => '*') : () }, "<If> for @$_: Vary"
    for [], [ Origin => $b ];

# --- A response that an access hook writes.
$res = $s->get('/lua/x', Origin => $a);
is $res->{body}, "written early\n", 'mod_lua answers before any handler';
is_deeply cors($res),
    { Vary => 'Origin', 'Access-Control-Allow-Origin' => $a },
    'with the headers';
is_deeply cors($s->get('/lua/x')), { Vary => 'Origin' }, 'and without origin';
is_deeply cors($s->get('/lua/type', Origin => $a)),
    { Vary => 'Origin', 'Access-Control-Allow-Origin' => $a },
    'a hook that looks for the type answers with the headers too';

# --- Interim responses.
my $sock = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
    PeerPort => $s->{port}, Timeout => 20) or die "cannot connect: $!\n";
print $sock "GET /backend/early HTTP/1.1\r\nHost: t\r\nOrigin: $a\r\n"
    . "Connection: close\r\n\r\n";
my $all = join '', <$sock>;
my ($interim, $final) = $all =~ /\A(HTTP\/1\.1 103.*?\r\n\r\n)(.*)\z/s
    or diag $all;
like $interim, qr/^Link: <\/x\.css>\r$/m, 'a 103 passes';
unlike $interim, qr/Access-Control/i,
    'without the CORS headers of the back end';
is_deeply [ $final =~ /^(Access-Control-Allow-Origin: .*)\r$/mg ],
    [ "Access-Control-Allow-Origin: $a" ], 'and the response has ours';

SKIP: {
    skip 'curl has no HTTP/2', 3 unless `curl -V` =~ /HTTP2/;
    my $all = `curl -s -i --max-time 20 --http2-prior-knowledge -H "Origin: $a" http://127.0.0.1:$s->{port}/backend/early`;
    my ($interim, $final) = split /^\r?\n/m, $all, 2;
    like $interim, qr{\AHTTP/2 103\b.*^link: </x\.css>}ms,
        'a 103 passes over HTTP/2';
    unlike $interim, qr/access-control/i, 'without the CORS headers too';
    like $final, qr/^access-control-allow-origin: \Q$a\E\r?$/m, 'as it should';
}
my $kept = curl("http://127.0.0.1:$s->{port}/kept/early", '-H', "Origin: $a");
is_deeply [ $kept->{status}, cors($kept)->{'Access-Control-Allow-Origin'} ],
    [ 103, '*' ], 'keep leaves them on a 103';

$sock = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
    PeerPort => $s->{port}, Timeout => 20) or die "cannot connect: $!\n";
print $sock "GET /backend/switch HTTP/1.1\r\nHost: t\r\nOrigin: $a\r\n"
    . "Upgrade: other\r\nConnection: Upgrade\r\n\r\n";
$all = join '', <$sock>;
like $all, qr/\AHTTP\/1\.1 101 .*^switched$/ms, 'a 101 passes';
unlike $all, qr/Access-Control-Allow-(?:Origin: \*|Credentials)/i,
    'without the CORS headers of the back end';

# --- One origin for everybody.
for my $origin ($a, $b, 'x y', undef) {
    for ([ '/static/x', 200 ], [ '/static/none', 404 ],
        [ '/static/denied', 403 ], [ '/static', 301 ]) {
        my ($path, $status) = @$_;
        my $res = $s->get($path, $origin ? (Origin => $origin) : ());
        my $what = "$status, " . ($origin || 'no origin');
        is $res->{status}, $status, "CorsStaticOrigin: $what";
        is_deeply cors($res), { 'Access-Control-Allow-Origin' => $a,
            'Access-Control-Allow-Credentials' => 'true',
            'Access-Control-Expose-Headers' => 'X-Total',
            'Timing-Allow-Origin' => $a }, 'the one origin, without Vary';
    }
}
is $s->preflight('/static/x', $b, 'GET')->{status}, 403,
    'preflights are judged as ever';
like cors($s->preflight('/static/x', $a, 'GET'))->{Vary}, qr/^Origin/,
    'and depend on the origin';

# --- What the log says.
sub logged { my ($re) = @_; return scalar grep { /$re/ } $s->log_lines }

is $s->preflight('/forbidden', $a, 'PUT')->{status}, 403,
    'a RewriteRule of the server ends a preflight';
ok logged(qr/\[cors:info\] .*preflight was ended before mod_cors could answer it, with status 403: origin 'https:\/\/a\.example' for PUT \/forbidden on test\.example; the policy says: allowed/),
    'which the log tells';
is $s->preflight('/mapped', $a, 'PUT')->{status}, 404,
    'a hook of map_to_storage ends one too';
ok logged(qr/preflight was ended before mod_cors could answer it, with status 404: .* for PUT \/mapped/),
    'which the log tells';
is $s->preflight('/login', $a, 'PUT')->{status}, 401,
    'a login ends a forwarded preflight';
ok logged(qr/preflight was left to others \(CorsPreflight forward\) and ended with status 401: .* for PUT \/login/),
    'which no back end has answered';
is $s->preflight('/backend/options', $a, 'PUT')->{status}, 404,
    'a back end refuses a forwarded preflight';
ok logged(qr/preflight was left to others \(CorsPreflight forward\) and ended with status 404: .* for PUT \/backend\/options/),
    'which the log tells too';
$s->preflight('/', $a, 'DELETE');
ok logged(qr/preflight refused: method-not-allowed: 'DELETE' for DELETE \/ on test\.example; CorsAllowMethods \(line \d+ of \S+\) decides$/),
    'a refusal names method, URL, host and line';
$s->preflight('/', $a, 'PUT', 'x-a');
ok logged(qr/header-not-allowed: 'x-a' for PUT \/ on test\.example; CorsAllowHeaders \(the default\) decides$/),
    'or the default';
$s->preflight('/', 'https://c.example', 'PUT');
ok logged(qr/origin-not-allowed: 'https:\/\/c\.example' for PUT \/ on test\.example; CorsAllowOrigin \(line \d+ of \S+\) decides$/),
    'or the list of origins';
$s->preflight('/', 'x y', 'PUT');
ok logged(qr/origin-malformed: 'x y' for PUT \/ on test\.example$/),
    'or nothing, where no line could';

my ($offender) = CorsTest::all($s->preflight('/offender', $a, 'PUT',
    'x-' . 'a' x 300), 'X-Offender');
is $offender, 'x-' . 'a' x 254, 'a variable has 256 bytes of what is refused';

is_deeply [ map { CorsTest::all($s->get('/offender', Origin => $_),
    'X-Offender') } 'https://c.example', $a, 'x y' ],
    [ 'https://c.example', 'x y' ], 'and an allowed request has none';

# httpd frees the file name that mod_macro gives the lines of a macro.
$s->preflight('/macro', $a, 'PUT');
ok logged(qr/for PUT \/macro on test\.example; CorsAllowOrigin \(line \d+ of macro 'partner' \(defined on line \d+ of "[^"]+"\) used on line \d+ of "[^"]+"\) decides$/),
    'or the line of a macro'
    or diag $s->log_lines;

$s->announce(qr/preflight (?:refused|was)/, qr/CacheEnable disk/,
    qr/RewriteRule \^\/forbidden .*\[rewrite-refuses-preflights\]$/,
    qr/Header \w+ Vary/);
$s->finish;
kill TERM => $child;
waitpid $child, 0;
