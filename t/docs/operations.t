# docs/operations.md: each configuration of the page does what the page says of
# it, and what the page warns of does happen.

use strict;
use warnings;
use lib 't/lib';
use File::Copy qw(copy);
use File::Path qw(remove_tree);
use Test::More;
use CorsTest;

my $app   = 'https://app.example.com';
my $admin = 'https://admin.example.com';
my $evil  = 'https://evil.example';
my $page  = CorsTest::slurp('docs/operations.md');
my $s;

sub blocks { return CorsTest::blocks($page, @_) }

# A virtual host with a folder of its own.
sub site {
    my ($name, $conf) = @_;
    return <<"CONF";
<VirtualHost 127.0.0.1:\@PORT\@>
  ServerName $name.example
  DocumentRoot "\@ROOT\@/htdocs/$name"
  $conf
</VirtualHost>
CONF
}

sub get {
    my ($site, $path, @headers) = @_;
    return $s->get($path, Host => "$site.example", @headers);
}

sub preflight {
    my ($site, $path, $origin, $method) = @_;
    return $s->preflight($path, $origin, $method || 'GET', undef,
        Host => "$site.example");
}

sub allowed {
    my ($site, $path, $origin) = @_;
    return cors(get($site, $path, Origin => $origin))
        ->{'Access-Control-Allow-Origin'};
}

my $NONE;               # no such header

# Trying a policy beside an old recipe: the page's block, and what is left of
# it after the switch.
my ($trial) = blocks('Trying a policy beside an old recipe', 'apache');
$trial =~ s{"logs/}{"\@ROOT\@/} or die "no log file in the trial\n";
my $switched = $trial =~ s/^ *CorsEngine .*\n//mr =~ s/^ *(?:SetEnvIf|Header) .*\n//mgr;
is scalar(() = $trial =~ /\n/g) - (() = $switched =~ /\n/g), 3,
    'the switch takes three lines away';

# .htaccess files
my $policy = "CorsAllowOrigin $app";
my %htaccess = (
    origin => "CorsAllowOrigin *\n",
    credentials => "CorsAllowCredentials On\n",
    off => "CorsEngine Off\n",
    if => "<If \"true\">\nCorsAllowOrigin *\n</If>\n",
    header => "Header always set Access-Control-Allow-Origin \"$evil\"\n",
    risk => "CorsAllowOrigin *\nCorsAllowCredentials On\n");
my %files;
for my $name (keys %htaccess) {
    for my $place ('open', 'listed', 'strict', 'held/users', 'half/users') {
        $files{"$place/$name/.htaccess"} = $htaccess{$name};
        $files{"$place/$name/x"} = "x\n";
    }
}
my ($forbid) = blocks('Forbidding Cors lines in .htaccess', 'apache');
my ($restate) = blocks('Restating the policy in Location', 'apache');
my $half = $restate =~ s/^ *<If .*?^ *<\/If>\n//msr =~ s/UserPolicy/Half/gr;

# The other sections that one server can have.
my ($shared) = blocks('Configurations for servers without the module', 'apache');
my ($socket) = blocks('WebSocket', 'apache');
my ($ended) = blocks('Web application firewalls', 'apache');
$ended =~ s{"logs/}{"\@ROOT\@/} or die "no log file for preflights\n";
my ($refusing) = blocks('Back ends that refuse Origin', 'apache');
is $refusing =~ s/127\.0\.0\.1:3000/127.0.0.1:\@PORT2\@\/echo.cgi/, 1,
    'a back end of ours';
my $proxied = 'ProxyPass "/grafana" "http://127.0.0.1:@PORT2@/echo.cgi"';
my ($apps, $session) = blocks(
    'Mobile apps, desktop apps and browser extensions', 'apache');

$files{"$_/x"} = "x\n" for qw(shared);
$files{'socket/socket'} = $files{'apps/app-api'} = $files{'apps/app-session'}
    = $files{'trial/api/items'} = $files{'switched/api/items'} = "x\n";
$files{"waf/$_"} = "x\n" for qw(rule gone moved);
$files{'waf/inside/x'} = "x\n";
$files{'backend/echo.cgi'} = "#!/bin/sh\nprintf 'Content-Type: text/plain\\n"
    . "\\n%s' \"\$REQUEST_METHOD \${HTTP_ORIGIN:-none}\"\n";
$s = CorsTest->start(join('',
    site('trial', $trial), site('switched', $switched),
    site('open', $policy),
    site('listed', $policy . "\n"
        . $forbid =~ s{/var/www/users}{\@ROOT\@/htdocs/listed}r),
    site('strict', $policy . "\n"
        . $forbid =~ s{/var/www/users}{\@ROOT\@/htdocs/strict}r
            =~ s/ Nonfatal=Override//r),
    site('held', $policy . "\n$restate"),
    site('half', $policy . "\n$half"),
    site('shared', $shared),
    site('socket', $socket),
    site('waf', <<"CONF" . $ended),
  $policy
  RewriteEngine On
  RewriteRule ^/rule - [F]
  RewriteRule ^/gone - [R=404]
  RewriteRule ^/moved https://else.example/ [R]
  <Directory "\@ROOT\@/htdocs/waf/inside">
    RewriteEngine On
    RewriteRule . - [F]
  </Directory>
CONF
    site('refusing', $refusing),
    site('early', "$policy\n$proxied\nRequestHeader unset Origin early"),
    site('apps', "$apps\n$session"),
    <<'CONF'), %files);
Listen 127.0.0.1:@PORT2@
<VirtualHost 127.0.0.1:@PORT2@>
  DocumentRoot "@ROOT@/htdocs/backend"
</VirtualHost>
CONF

# --- Trying a policy beside an old recipe
is_deeply cors(get('trial', '/api/items', Origin => $app)),
    { 'Access-Control-Allow-Origin' => $app },
    'DetectionOnly: the recipe alone answers';
is_deeply cors(get('trial', '/api/items', Origin => $admin)), {},
    'and the policy adds nothing';
isnt preflight('trial', '/api/items', $app, 'PUT')->{status}, 403,
    'nor does it refuse';
get('trial', '/api/items');
my @log;
$s->wait_for('three verdicts', sub {
    @log = split /\n/, CorsTest::slurp("$s->{root}/cors.log"); @log >= 3 });
my ($line) = blocks('Trying a policy beside an old recipe', '');
my ($end) = $line =~ /^\S+ \[[^]]+\] (.*)$/m;
is_deeply [ sort map { s/^\S+ \[[^]]+\] //r } @log ],
    [ qq("GET /api/items HTTP/1.1" 200 actual allowed $app Vary), $end,
      qq("OPTIONS /api/items HTTP/1.1" 200 preflight method-not-allowed $app Vary) ],
    'LogFormat has the verdicts, as the page shows one';
$s->announce(qr/preflight refused \(detection only\): method-not-allowed: 'PUT'/,
    qr/(?:response|preflight) differs \(detection only\): Vary: sent today nothing, would be sent 'Origin/);
is_deeply cors(get('switched', '/api/items', Origin => $app)),
    { Vary => 'Origin', 'Access-Control-Allow-Origin' => $app },
    'the policy alone after the switch';

# --- Configurations for servers without the module
is_deeply cors(get('shared', '/x', Origin => $app)),
    { Vary => 'Origin', 'Access-Control-Allow-Origin' => $app },
    '<IfModule> with the module';
is allowed('shared', '/x', $evil), $NONE, 'leaves the other lines out';

# Checks a configuration with an httpd that has no mod_cors.
sub without_module {
    configtest($_[0]);
    my $root = CorsTest::checked_root();
    my $main = CorsTest::slurp("$root/conf/httpd.conf");
    $main =~ s/^\s*LoadModule cors_module .*\n//m
        or die "no LoadModule line for mod_cors\n";
    $main =~ s/^LogLevel .*\K cors:\w+//m or die "no LogLevel for mod_cors\n";
    CorsTest::write_file("$root/conf/without.conf", $main);
    my $httpd = CorsTest::httpd();
    my $out = `$httpd -t -f "$root/conf/without.conf" 2>&1`;
    return ($? == 0, $out);
}
my ($ok, $out) = without_module($shared);
ok $ok, '<IfModule> without the module' or diag $out;
($ok, $out) = without_module("$policy\n");
ok !$ok, 'without <IfModule> httpd does not start';
my ($said) = (blocks('Removing', ''))[0] =~ /^(Invalid command .*)$/m;
like $out, qr/^\Q$said\E$/m, 'and says what the page shows';
($ok, $out) = without_module("LogLevel cors:info\n");
ok !$ok, 'nor does it with a LogLevel for the module';
like $out, qr/^Cannot find module cors$/m, 'and says so';

# --- .htaccess files
is allowed('open', '/origin/x', $evil), '*', '.htaccess: another origin';
is cors(get('open', '/credentials/x', Origin => $app))
    ->{'Access-Control-Allow-Credentials'}, 'true', 'credentials';
is_deeply cors(get('open', '/off/x', Origin => $app)), {}, 'no policy';
is_deeply cors(get('open', '/risk/x', Origin => $app)),
    { 'Access-Control-Allow-Origin' => '*' }, 'but no credentials with *';
$s->announce(qr/CorsAllowCredentials On .* meets CorsAllowOrigin \*/);
is allowed('open', '/header/x', $evil), $NONE, 'and no Header line';

my %safe = (Vary => 'Origin', 'Access-Control-Allow-Origin' => $app);
for my $name (sort keys %htaccess) {
    is_deeply cors(get('listed', "/$name/x", Origin => $app)), \%safe,
        "AllowOverrideList: $name";
    is get('listed', "/$name/x")->{status}, 200, 'ignored';
    is get('strict', "/$name/x")->{status}, $name eq 'header' ? 200 : 500,
        "without Nonfatal: $name";
    is_deeply cors(get('held', "/users/$name/x", Origin => $app)), \%safe,
        "restated in <Location>: $name";
    is allowed('half', "/users/$name/x", $evil), $name eq 'if' ? '*' : $NONE,
        "without an <If> of its own: $name";
}
like join("\n", $s->log_lines),
    qr{strict/origin/\.htaccess: CorsAllowOrigin not allowed here},
    'the log says what is forbidden';

# --- WebSocket
my @handshake = (Connection => 'Upgrade', Upgrade => 'websocket',
    'Sec-WebSocket-Version' => 13, 'Sec-WebSocket-Key' => 'x' x 22 . '==');
is get('socket', '/socket', @handshake, Origin => $app)->{status}, 200,
    'a handshake from a listed origin';
is get('socket', '/socket', @handshake, Origin => $evil)->{status}, 403,
    'from another';
is get('socket', '/socket', @handshake, Origin => 'http://socket.example')
    ->{status}, 200, 'from its own';
is get('socket', '/socket', @handshake)->{status}, 200, 'from none';
$s->announce(qr/request refused by enforcement: origin-not-allowed: /);
is get('open', '/header/x', @handshake, Origin => $evil)->{status}, 200,
    'the policy alone refuses none';

# --- Web application firewalls
is_deeply [ map { preflight('waf', $_, $app)->{status} }
        qw(/rule /gone /moved /inside/x) ], [ 403, 404, 204, 204 ],
    'a preflight that httpd ends, redirects, and rewrites too late';
is_deeply cors(preflight('waf', '/rule', $app)), \%safe,
    'it has the headers of any response';
$s->wait_for('five preflights', sub {
    @log = split /\n/, CorsTest::slurp("$s->{root}/preflights.log");
    @log >= 5 });
is scalar(grep { / (?:403|404) allowed$/ } @log), 3, 'the log shows them';
is scalar(grep { / 204 allowed$/ } @log), 2, 'and those that were answered';

# --- Back ends that refuse Origin
my $res = get('refusing', '/grafana', Origin => $app);
is $res->{body}, 'GET none', 'RequestHeader unset: the back end sees none';
is_deeply cors($res), \%safe, 'the page reads';
$res = get('refusing', '/grafana', Origin => $evil);
is $res->{body}, "GET $evil", 'an origin that is not listed stays';
is_deeply cors($res), { Vary => 'Origin' }, 'and reads nothing';
is preflight('refusing', '/grafana', $app)->{status}, 204,
    'preflights are answered';
is preflight('early', '/grafana', $app)->{body}, 'OPTIONS none',
    'early: the back end gets the preflight';
is_deeply cors(get('early', '/grafana', Origin => $app)),
    { Vary => 'Origin' }, 'and no page reads';

# --- Mobile apps, desktop apps and browser extensions
for my $origin ($apps =~ /(\S+:\/\/\S+)/g) {
    is allowed('apps', '/app-api', $origin), $origin, $origin;
}
my ($id) = $session =~ /(\S+:\/\/\S+)/;
is cors(get('apps', '/app-session', Origin => $id))
    ->{'Access-Control-Allow-Credentials'}, 'true', "$id: cookies";
($ok, $out) = configtest($session =~ s{\Q$id\E}{http://app.example}r);
ok !$ok, 'which an http origin does not get';
($ok, $out) = configtest("CorsAllowOrigin capacitor://localhost "
    . "ionic://localhost https://localhost http://tauri.localhost\n"
    . "CorsAllowCredentials On\n");
ok $ok, 'but on localhost it does' or diag $out;

$s->announce(qr/preflight was ended before mod_cors could answer it, with status 40[34]: .* on waf\.example/);
$s->announce(qr/RequestHeader unset Origin .* early changes what mod_cors judges/);
is_deeply [ $s->unannounced ], [], 'clean log';
$s->stop;

# --- Caches: an origin that is taken away is in the cache until that is empty.
$s = CorsTest->start(<<"CONF", 'page.html' => "page\n");
CacheRoot "\@ROOT\@/cache"
CacheEnable disk /
Header set Cache-Control max-age=600
CorsAllowOrigin $app $admin
CONF
$s->announce(qr/CacheEnable disk .* with a list in CorsAllowOrigin/);
is cors($s->get('/page.html', Origin => $admin))
    ->{'Access-Control-Allow-Origin'}, $admin, 'a response to keep';
$s->reconfigure(sub { s/^CorsAllowOrigin \S+\K.*$//m or die });
is cors($s->get('/page.html', Origin => $admin))
    ->{'Access-Control-Allow-Origin'}, $admin, 'is kept as it was';
remove_tree("$s->{root}/cache", { keep_root => 1 });
is_deeply cors($s->get('/page.html', Origin => $admin)), { Vary => 'Origin' },
    'until the cache is empty';

# --- Upgrading: a graceful restart loads a new file in the place of the old.
my $so = "$s->{root}/mod_cors.so";
my $path = "$s->{root}/conf/httpd.conf";
my ($built) = CorsTest::slurp($path) =~ /^\s*LoadModule cors_module "?(.*?)"?$/m
    or die "no LoadModule line for mod_cors\n";
copy($built, $so) or die "$built: $!\n";
$s->reconfigure(sub { s/^(\s*LoadModule cors_module ).*$/$1"$so"/m or die });
my $asks = sub { cors($s->get('/page.html?' . rand, Origin => $app)) };
is_deeply $asks->(), \%safe, 'a copy of the module';
my $changed = CorsTest::slurp($so);
cmp_ok $changed =~ s/Access-Control-Allow-Origin/Access-Control-Allow-0rigin/g,
    '>=', 1, 'another version';
CorsTest::write_file("$so.new", $changed);
rename "$so.new", $so or die "$so: $!\n";
is_deeply $asks->(), \%safe, 'the one that is loaded goes on';
$s->reconfigure(sub { });
is $asks->()->{'Access-Control-Allow-Origin'}, $NONE,
    'a graceful restart loads the other';

$s->finish;
