# Responses that scripts write before httpd has found a handler, in each hook
# that mod_lua and mod_perl offer.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my ($a, $b) = qw(https://a.example https://b.example);
my $modules = CorsTest::apxs_q('LIBEXECDIR');
my $policy = "LogLevel cors:info\nCorsAllowOrigin $a\nCorsAllowMethods GET PUT\n";

# Whether a response has the headers of the policy, whoever asks.
sub has_headers {
    my ($s, $path, $what, @more) = @_;
    my $res = $s->get($path, Origin => $a, @more);
    is $res->{body}, "written early\n", "$what writes the response";
    is_deeply cors($res),
        { Vary => 'Origin', 'Access-Control-Allow-Origin' => $a },
        'with the headers';
    is_deeply cors($s->get($path, Origin => $b, @more)), { Vary => 'Origin' },
        'which another origin does not get';
    is_deeply cors($s->get($path, @more)), { Vary => 'Origin' },
        'nor does none';
}

# Whether a preflight is answered here, or is ended by the script and told.
sub has_preflight {
    my ($s, $path, $answered) = @_;
    my $res = $s->preflight($path, $a, 'PUT');
    if ($answered) {
        is $res->{status}, 204, 'a preflight is answered before';
        is $res->{body}, '', 'without the script';
        return;
    }
    is $res->{status}, 200, 'a preflight is ended by the script';
    is_deeply cors($res),
        { Vary => 'Origin', 'Access-Control-Allow-Origin' => $a },
        'and has the headers of any response';
    my $line = qr/\[cors:info\] .*preflight was ended before mod_cors could answer it, with status 200: origin '$a' for PUT $path on test\.example; the policy says: allowed$/;
    ok scalar(grep { $_ =~ $line } $s->log_lines), 'which the log tells';
    $s->announce($line);
}

# By hook: the directive of mod_lua, and whether mod_cors judges before it.
my @lua = ([ 'quick', 'LuaQuickHandler', 0 ],
    [ 'translate', 'LuaHookTranslateName', 0 ], [ 'map', 'LuaHookMapToStorage', 0 ],
    [ 'access', 'LuaHookAccessChecker', 1 ],
    [ 'type', 'LuaHookTypeChecker', 1 ], [ 'fixups', 'LuaHookFixups', 1 ]);
my $script = join '', map { <<"LUA" } @lua;
function $_->[0](r)
  if r.uri ~= "/$_->[0]" then return apache2.DECLINED end
  r.status = 200
  r.content_type = "text/plain"
  r.headers_out["Access-Control-Allow-Origin"] = "https://evil.example"
  r:puts("written early\\n")
  return apache2.DONE
end
LUA
my $s = CorsTest->start($policy . join('',
        map { "$_->[1] \"\@ROOT\@/htdocs/hooks.lua\" $_->[0]\n" } @lua)
        . <<'CONF',
CacheRoot "@ROOT@/cache"
CacheEnable disk /cached
CacheHeader On
<Directory "@ROOT@/htdocs/cached">
  CorsAllowOrigin https://folder.example
  Header set Cache-Control max-age=600
</Directory>
<Location /own>
  CorsAllowCredentials On
  CorsExposeHeaders *
</Location>
CONF
    'hooks.lua' => $script, 'own/x' => "x\n", 'cached/x' => "x\n",
    -modules => ['lua']);
for (@lua) {
    my ($name, $hook, $answered) = @$_;
    has_headers($s, "/$name", $hook);
    has_preflight($s, "/$name", $answered);
}

# Whatever no script writes is as ever.
is_deeply cors($s->get('/', Origin => $a)),
    { Vary => 'Origin', 'Access-Control-Allow-Origin' => $a },
    'a file has each header once';
is $s->preflight('/', $a, 'PUT')->{status}, 204, 'a preflight is answered';
is_deeply cors($s->get('/missing', Origin => $a)),
    { Vary => 'Origin', 'Access-Control-Allow-Origin' => $a }, 'an error';
exposes_what_leaves($s->get('/own/x', Origin => $a), 'a file');

# The quick handler knows no folder, so the cache has the headers.
for my $from (qw(MISS HIT)) {
    my $res = $s->get('/cached/x', Origin => 'https://folder.example');
    like join(' ', CorsTest::all($res, 'X-Cache')), qr/^$from/,
        "mod_cache: a $from";
    is_deeply cors($res), { Vary => 'Origin',
        'Access-Control-Allow-Origin' => 'https://folder.example' },
        'with the headers of the folder';
}
$s->announce(qr/CacheEnable disk/);
is_deeply [ $s->unannounced ], [], 'clean log';
$s->stop;

# --- No policy for a whole server: a <Location> of one virtual host, and a
# <Directory> of the other, where a request is redirected
$s = CorsTest->start(join('',
        map { "$_->[1] \"\@ROOT\@/htdocs/hooks.lua\" $_->[0]\n" } @lua)
        . <<CONF, 'hooks.lua' => $script, -modules => ['lua']);
<VirtualHost *:\@PORT\@>
  ServerName test.example
  <Directory "\@ROOT\@/htdocs">
    ${policy}ErrorDocument 404 /translate
  </Directory>
</VirtualHost>
<VirtualHost *:\@PORT\@>
  ServerName location.example
  <Location /quick>
    $policy</Location>
</VirtualHost>
CONF
has_headers($s, '/quick', 'in a <Location>: LuaQuickHandler',
    Host => 'location.example');
has_headers($s, '/missing', 'as an ErrorDocument: LuaHookTranslateName');
is_deeply cors($s->get('/translate', Origin => $a)),
    { 'Access-Control-Allow-Origin' => 'https://evil.example' },
    'a script that no policy holds for sends what it likes';
is_deeply [ $s->unannounced ], [], 'clean log';
$s->stop;

# --- mod_perl
SKIP: {
    skip 'memcheck would look at perl', 1 if $ENV{CORS_MEMCHECK};
    skip 'mod_perl is not installed: libapache2-mod-perl2', 1
        unless -e "$modules/mod_perl.so" || $ENV{CORS_TEST_ALL};
    my @perl = ([ 'Trans', 0 ], [ 'MapToStorage', 0 ], [ 'HeaderParser', 0 ],
        [ 'Access', 1 ], [ 'Type', 1 ], [ 'Fixup', 1 ]);
    my $handlers = join '', map { <<"PERL" } @perl;
package Early::$_->[0];
sub handler { return Early::answer(\$_[0], '/$_->[0]') }
PERL
    my $s = CorsTest->start($policy . <<'CONF'
<Perl>
use APR::Brigade ();
use APR::Bucket ();
use Apache2::Connection ();
use Apache2::Const -compile => qw(DECLINED DONE);
use Apache2::Filter ();
use Apache2::RequestRec ();

# mod_perl's own print works in a handler alone.
sub Early::answer {
    my ($r, $path) = @_;
    return Apache2::Const::DECLINED if $r->uri ne $path;
    my $alloc = $r->connection->bucket_alloc;
    my $bb = APR::Brigade->new($r->pool, $alloc);
    $bb->insert_tail(APR::Bucket->new($alloc, "written early\n"));
    $r->content_type('text/plain');
    $r->output_filters->pass_brigade($bb);
    return Apache2::Const::DONE;
}
sub Early::Forbids::handler {
    return $_[0]->uri eq '/forbidden' ? 403 : Apache2::Const::DECLINED;
}
sub Early::Folder::handler {
    return $_[0]->uri eq '/folder/forbidden' ? 403
        : Early::answer($_[0], '/folder/page');
}
CONF
        . "$handlers</Perl>\n" . join('', "PerlTransHandler Early::Forbids\n",
            map { "Perl$_->[0]Handler Early::$_->[0]\n" } @perl) . <<'CONF',
PerlHeaderParserHandler Early::Folder
<Directory "@ROOT@/htdocs/folder">
  CorsAllowOrigin https://folder.example
  AllowOverride All
</Directory>
CONF
        'folder/.htaccess' => "CorsAllowCredentials On\n",
        -modules => ['perl']);
    for (qw(page forbidden)) {
        is_deeply cors($s->get("/folder/$_", Origin => 'https://folder.example')),
            { 'Access-Control-Allow-Origin' => 'https://folder.example',
              'Access-Control-Allow-Credentials' => 'true', Vary => 'Origin' },
            "PerlHeaderParserHandler, $_: httpd knows the folder by then";
        is_deeply cors($s->get("/folder/$_", Origin => $a)),
            { Vary => 'Origin' }, 'which another policy does not open';
    }
    for (@perl) {
        my ($hook, $answered) = @$_;
        has_headers($s, "/$hook", "Perl${hook}Handler");
        has_preflight($s, "/$hook", $answered);
    }
    is $s->preflight('/forbidden', $a, 'PUT')->{status}, 403,
        'mod_perl ends a preflight by a status';
    my $line = qr/preflight was ended before mod_cors could answer it, with status 403: origin '$a' for PUT \/forbidden on test\.example/;
    ok scalar(grep { $_ =~ $line } $s->log_lines), 'which the log tells';
    $s->announce($line);
    is_deeply [ $s->unannounced ], [], 'clean log';
    $s->stop;
}

done_testing();
