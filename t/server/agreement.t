# What cors-explain and the page of CorsInfo say, and what the running server
# does: one table of situations is asked of all three.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;
use ExplainTest;

my $APP = 'https://app.example';
my $EVIL = 'https://evil.example';

my $s = CorsTest->start(<<'CONF',
CorsAllowOrigin https://app.example
ErrorDocument 404 /errors/404.html
Header always set X-Verdict %{CORS_VERDICT}e env=CORS_VERDICT
Header always set X-Enforced %{CORS_ENFORCED}e env=CORS_ENFORCED
<Location /any>
  CorsAllowOrigin *
  CorsExposeHeaders X-One X-Two
</Location>
<Location /any/own>
  CorsAllowOrigin https://app.example
  CorsAllowCredentials On
  CorsExposeHeaders *
</Location>
<Location /none>
  CorsAllowOrigin none
</Location>
<Location /put>
  CorsAllowMethods GET PUT
  CorsAllowHeaders Content-Type X-Trace
  CorsAllowCredentials On
  CorsMaxAge 600
  CorsPreflightStatus 200
</Location>
<Location /star>
  CorsAllowMethods *
  CorsAllowHeaders * Authorization
</Location>
<Location /starcred>
  CorsAllowMethods *
  CorsAllowHeaders *
  CorsAllowCredentials On
</Location>
<Location /readonly>
  CorsAllowMethods PUT
</Location>
<Location /off>
  CorsEngine Off
</Location>
<Location /try>
  CorsEngine DetectionOnly
</Location>
<Location /static>
  CorsStaticOrigin On
  CorsTimingAllowOrigin On
</Location>
<Location /private>
  CorsAllowPrivateNetwork On
</Location>
<Location /forward>
  CorsPreflight forward
</Location>
<Location /forward/put>
  CorsAllowMethods PUT
</Location>
<Location /keep>
  CorsBackendHeaders keep
</Location>
<LocationMatch "^/match/[0-9]+$">
  CorsAllowOrigin https://*.match.example
</LocationMatch>
<Location /more>
  CorsAllowOrigin inherit https://more.example
</Location>
<Location /more/most>
  CorsAllowOrigin inherit https://most.example
</Location>
<Directory "@ROOT@/htdocs/dir">
  CorsAllowOrigin https://dir.example
  <Files "special.txt">
    CorsAllowOrigin https://files.example
  </Files>
</Directory>
<DirectoryMatch "/htdocs/dirmatch-[a-z]$">
  CorsAllowOrigin https://dirmatch.example
</DirectoryMatch>
<FilesMatch "\.woff2$">
  CorsAllowOrigin *
</FilesMatch>
<Location /dir/over>
  CorsAllowOrigin https://over.example
</Location>
<If "%{REQUEST_URI} =~ m#^/if/#">
  CorsAllowOrigin https://if.example
</If>
<ElseIf "%{QUERY_STRING} == 'elseif'">
  CorsAllowOrigin https://elseif.example
</ElseIf>
<Location /ifcookie>
  <If "%{HTTP_COOKIE} =~ /beta/">
    CorsAllowOrigin https://beta.example
  </If>
</Location>
<Location /ifmethod>
  <If "%{REQUEST_METHOD} == 'OPTIONS'">
    CorsAllowMethods PUT
  </If>
</Location>
<Location /else>
  <If "%{QUERY_STRING} == 'if'">
    CorsAllowOrigin https://if.example
  </If>
  <Else>
    CorsAllowOrigin https://else.example
  </Else>
</Location>
<Macro AllowPage $path $origin>
  <Location $path>
    CorsAllowOrigin $origin
  </Location>
</Macro>
Use AllowPage /macro https://macro.example
<IfModule cors_module>
  <IfDefine !NOBODY>
    Include "@ROOT@/htdocs/included.conf"
  </IfDefine>
</IfModule>
CorsOriginSet partners "file:@ROOT@/htdocs/partners.origins"
<Location /set>
  CorsAllowOrigin @partners
</Location>
<Directory "@ROOT@/htdocs/limited">
  CorsLimitOrigin https://*.example
</Directory>
<Directory "@ROOT@/htdocs/ignored">
  AllowOverride None
</Directory>
<Location /iforigin>
  <If "req('Origin') =~ /evil/">
    CorsAllowOrigin https://evil.example
  </If>
</Location>
Alias /alias "@ROOT@/htdocs/dir"
AliasMatch "^/am/(.*)$" "@ROOT@/htdocs/dir/$1"
ScriptAlias /scripts "@ROOT@/htdocs/scripts"
Redirect /moved http://elsewhere.example/
RedirectMatch 410 ^/gone$
<Location /moved>
  CorsAllowMethods DELETE
</Location>
ProxyPass /proxied http://127.0.0.1:@PORT@/plain
ProxyPass /dead http://127.0.0.1:@PORT2@/
<Proxy "http://127.0.0.1:@PORT@/*">
  CorsAllowOrigin https://proxy.example
</Proxy>
ProxyPass /proxymatch http://127.0.0.1:@PORT@/any/own
<ProxyMatch "^http://.*/any/own">
  CorsAllowOrigin https://proxymatch.example
</ProxyMatch>
<Location /secret>
  AuthType Basic
  AuthName test
  AuthUserFile "@ROOT@/htdocs/users"
  Require valid-user
</Location>
<Location /closed>
  CorsAllowOrigin https://closed.example
</Location>
<Location /denied>
  Require all denied
</Location>
<Location /enforced>
  CorsEnforce Unsafe
  CorsAllowMethods GET PUT
</Location>
<Location /enforceall>
  CorsEnforce All
</Location>
<Location /enforcetry>
  CorsEnforce Unsafe DetectionOnly
</Location>
<Directory "@ROOT@/htdocs/perdir">
  RewriteEngine On
  RewriteRule ^moved$ /dir/page.txt
  FallbackResource /plain/page.txt
</Directory>
<Location /cors-info>
  CorsInfo On
  Require local
</Location>
<Location /nosection>
  Header set X-Other one
</Location>
<VirtualHost *:@PORT@>
  ServerName test.example
  RewriteEngine On
  RewriteRule ^/rw/in$ /dir/page.txt
  RewriteRule ^/rw/pt$ /put/page.txt [PT]
  RewriteRule ^/rw/out$ http://elsewhere.example/ [R=302,L]
  RewriteRule ^/rw/forbidden$ - [F]
  RewriteRule ^/rw/204$ - [R=204]
  RewriteRule ^/rw/proxy$ http://127.0.0.1:@PORT@/plain/page.txt [P]
  RewriteRule ^/rw/last$ - [L]
  RewriteCond %{HTTP_USER_AGENT} robot
  RewriteRule ^/rw/last$ - [F]
  RewriteCond %{HTTP_USER_AGENT} robot
  RewriteRule ^/rw/agent$ - [F]
  RewriteCond %{HTTP_HOST} =test.example:@PORT@ [OR]
  RewriteCond %{HTTP_HOST} =test.example
  RewriteRule ^/rw/host$ - [G]
  RewriteCond %{REMOTE_ADDR} ^10\.
  RewriteRule ^/elsewhere$ - [F]
</VirtualHost>
<VirtualHost *:@PORT@>
  ServerName two.example
  ServerAlias *.two.example
  DocumentRoot "@ROOT@/htdocs/two"
  CorsAllowOrigin https://two-app.example
  CorsAllowMethods GET DELETE
  RewriteEngine On
  RewriteRule ^/only$ - [F]
</VirtualHost>
<VirtualHost *:@PORT@>
  ServerName bare.example
  CorsEngine Off
</VirtualHost>
<Macro Host $name>
  <VirtualHost *:@PORT@>
    ServerName $name
    CorsAllowOrigin https://macro.example
    RewriteEngine On
    RewriteRule ^/gone$ - [G]
  </VirtualHost>
</Macro>
Use Host made.example
CONF
    (map { ("$_/page.txt" => "page\n") } qw(any any/own none put star starcred
        readonly off try static private forward keep more more/most dir
        dir/over dirmatch-a if plain ifcookie ifmethod iforigin secret denied
        enforced enforceall enforcetry perdir two errors hta hta/deep tryht
        star-ht nosection else macro included set limited ignored rwht)),
    'included.conf' => "<Location /included>\nCorsAllowOrigin https://included.example\n</Location>\n",
    'partners.origins' => "https://partner.example\n",
    'limited/.htaccess' => "CorsAllowOrigin https://a.example https://a.test\n",
    'ignored/.htaccess' => "CorsAllowOrigin https://hta.example\n",
    'rwht/.htaccess' => "CorsAllowOrigin https://hta.example\nRewriteEngine On\n"
        . "RewriteRule ^forbidden - [F]\nRedirect /rwht/moved http://elsewhere.example/\n",
    'match/1' => "one\n", 'dir/special.txt' => "special\n",
    'font.woff2' => "font\n", 'errors/404.html' => "not found\n",
    'scripts/run.cgi' => "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\nran\\n'\n",
    'hta/.htaccess' => "CorsAllowOrigin https://hta.example\n",
    'hta/deep/.htaccess' => "CorsAllowOrigin inherit https://deep.example\n"
        . "<Files \"*.xml\">\nCorsAllowOrigin *\n</Files>\n"
        . "<If \"%{HTTP:X-Beta} == '1'\">\nCorsAllowOrigin https://beta.example\n</If>\n",
    'hta/deep/data.xml' => "<a/>\n", 'broken/.htaccess' => "Nonsense on\n",
    'closed/page.txt' => "page\n", 'broken/page.txt' => "page\n", 'dir/index.html' => "index\n",
    'users' => htpasswd('u', 'p'), 'two/page.txt' => "two\n",
    'star-ht/.htaccess' => "CorsAllowCredentials On\nCorsAllowOrigin *\n",
    -modules => ['watchdog']);
chmod 0, "$s->{root}/htdocs/closed";
# The messages are those of other tests.
$s->announce(qr/\[cors:/);

# what, method, path, origin, headers of the script; then -host, -can't.
my @situations = (
    [ 'the whole server', 'GET', '/plain/page.txt', $APP ],
    [ 'an origin that is not listed', 'GET', '/plain/page.txt', $EVIL ],
    [ 'an origin that is none', 'GET', '/plain/page.txt', 'https://app.example/' ],
    [ 'null', 'GET', '/plain/page.txt', 'null' ],
    [ 'POST', 'POST', '/plain/page.txt', $APP ],
    [ 'HEAD', 'HEAD', '/plain/page.txt', $APP ],
    [ 'PUT that is not listed', 'PUT', '/plain/page.txt', $APP ],
    [ 'a header that is not listed', 'GET', '/plain/page.txt', $APP, 'x-trace: 1' ],
    [ 'a preflight of another origin', 'PUT', '/put/page.txt', $EVIL ],
    [ 'a Content-Type', 'POST', '/plain/page.txt', $APP, 'content-type: application/json' ],
    [ 'a Content-Type of a form', 'POST', '/plain/page.txt', $APP, 'content-type: text/plain' ],
    [ 'any origin', 'GET', '/any/page.txt', $EVIL ],
    [ 'any origin, a preflight', 'GET', '/any/page.txt', $EVIL, 'x-trace: 1' ],
    [ 'nested Location', 'GET', '/any/own/page.txt', $APP ],
    [ 'none', 'GET', '/none/page.txt', $APP ],
    [ 'none, a preflight', 'DELETE', '/none/page.txt', $APP ],
    [ 'PUT', 'PUT', '/put/page.txt', $APP, 'content-type: text/xml', 'x-trace: 1' ],
    [ 'PUT, one header too many', 'PUT', '/put/page.txt', $APP, 'x-other: 1', 'x-trace: 1' ],
    [ 'POST that a list leaves out', 'POST', '/put/page.txt', $APP, 'x-trace: 1' ],
    [ 'any method', 'PATCH', '/star/page.txt', $APP, 'authorization: x', 'x-a: 1' ],
    [ 'any method with credentials', 'PATCH', '/starcred/page.txt', $APP, 'x-a: 1', 'x-b: 2' ],
    [ 'Authorization is not in *', 'GET', '/starcred/page.txt', $APP, 'authorization: x' ],
    [ 'GET that a list leaves out', 'GET', '/readonly/page.txt', $APP, 'x-a: 1' ],
    [ 'Off', 'GET', '/off/page.txt', $APP ],
    [ 'Off, a preflight', 'PUT', '/off/page.txt', $APP ],
    [ 'DetectionOnly', 'GET', '/try/page.txt', $APP ],
    [ 'a static origin', 'GET', '/static/page.txt', $APP ],
    [ 'a static origin, another page', 'GET', '/static/page.txt', $EVIL ],
    [ 'a private network', 'GET', '/private/page.txt', $APP, 'x-a: 1' ],
    [ 'forward', 'PUT', '/forward/page.txt', $APP ],
    [ 'forward, another origin', 'PUT', '/forward/page.txt', $EVIL ],
    [ 'forward, GET that a list leaves out', 'GET', '/forward/put', $APP, 'x-a: 1' ],
    [ 'keep', 'GET', '/keep/page.txt', $APP ],
    [ 'LocationMatch', 'GET', '/match/1', 'https://a.match.example' ],
    [ 'LocationMatch that does not match', 'GET', '/match/x', 'https://a.match.example' ],
    [ 'inherit', 'GET', '/more/page.txt', 'https://more.example' ],
    [ 'inherit twice', 'GET', '/more/most/page.txt', 'https://more.example' ],
    [ 'inherit twice, the last', 'GET', '/more/most/page.txt', 'https://most.example' ],
    [ 'Directory', 'GET', '/dir/page.txt', 'https://dir.example' ],
    [ 'Directory, the whole server', 'GET', '/dir/page.txt', $APP ],
    [ 'Files', 'GET', '/dir/special.txt', 'https://files.example' ],
    [ 'Location over Directory', 'GET', '/dir/over/page.txt', 'https://over.example' ],
    [ 'DirectoryMatch', 'GET', '/dirmatch-a/page.txt', 'https://dirmatch.example' ],
    [ 'FilesMatch', 'GET', '/font.woff2', $EVIL ],
    [ 'If', 'GET', '/if/page.txt', 'https://if.example' ],
    [ 'If that does not hold', 'GET', '/plain/page.txt', 'https://if.example' ],
    [ 'ElseIf', 'GET', '/plain/page.txt?elseif', 'https://elseif.example' ],
    [ 'If in a Location', 'GET', '/else/page.txt?if', 'https://if.example' ],
    [ 'Else', 'GET', '/else/page.txt', 'https://else.example' ],
    [ 'Else that does not hold', 'GET', '/else/page.txt?if', 'https://else.example' ],
    [ 'Macro', 'GET', '/macro/page.txt', 'https://macro.example' ],
    [ 'Include in IfModule and IfDefine', 'GET', '/included/page.txt', 'https://included.example' ],
    [ 'a set', 'GET', '/set/page.txt', 'https://partner.example' ],
    [ 'a set without the origin', 'PUT', '/set/page.txt', $APP ],
    [ 'a ceiling', 'GET', '/limited/page.txt', 'https://a.test' ],
    [ 'below a ceiling', 'GET', '/limited/page.txt', 'https://a.example' ],
    [ 'If on the method', 'PUT', '/ifmethod/page.txt', $APP ],
    [ 'If on the origin', 'GET', '/iforigin/page.txt', $EVIL ],
    [ 'If on a cookie', 'GET', '/ifcookie/page.txt', 'https://beta.example', "-can't" ],
    [ 'If on a cookie that is given', 'GET', '/ifcookie/page.txt', 'https://beta.example', 'Cookie: beta=1' ],
    [ 'Alias', 'GET', '/alias/page.txt', 'https://dir.example' ],
    [ 'AliasMatch', 'GET', '/am/special.txt', 'https://files.example' ],
    [ 'ScriptAlias', 'GET', '/scripts/run.cgi', $APP ],
    [ 'Redirect', 'GET', '/moved', $APP ],
    [ 'Redirect, a preflight', 'DELETE', '/moved', $APP ],
    [ 'RedirectMatch 410', 'GET', '/gone', $APP ],
    [ 'RewriteRule to a file', 'GET', '/rw/in', 'https://dir.example' ],
    [ 'RewriteRule to a URL', 'PUT', '/rw/pt', $APP, 'x-trace: 1' ],
    [ 'RewriteRule [R]', 'GET', '/rw/out', $APP ],
    [ 'RewriteRule [R], a preflight', 'GET', '/rw/out', $APP, 'x-trace: 1' ],
    [ 'RewriteRule [F]', 'GET', '/rw/forbidden', $APP ],
    [ 'RewriteRule [F], a preflight', 'GET', '/rw/forbidden', $APP, 'x-trace: 1' ],
    [ 'RewriteRule [R=204], a preflight', 'PUT', '/rw/204', $APP ],
    [ 'RewriteRule [P]', 'GET', '/rw/proxy', 'https://proxy.example' ],
    [ 'RewriteRule [L] before a condition', 'GET', '/rw/last', $APP ],
    [ 'RewriteCond on the host', 'GET', '/rw/host', $APP ],
    [ 'RewriteCond on the browser', 'GET', '/rw/agent', $APP, "-can't" ],
    [ 'RewriteCond on an address', 'GET', '/elsewhere', $APP, "-can't" ],
    [ 'ProxyPass', 'GET', '/proxied/page.txt', 'https://proxy.example' ],
    [ 'ProxyPass, a preflight', 'PUT', '/proxied/page.txt', 'https://proxy.example' ],
    [ 'ProxyMatch', 'GET', '/proxymatch/page.txt', 'https://proxymatch.example' ],
    [ 'ProxyMatch, a preflight', 'PUT', '/proxymatch/page.txt', 'https://proxymatch.example' ],
    [ 'a back end that is down', 'GET', '/dead/', $APP ],
    [ 'a login', 'GET', '/secret/page.txt', $APP ],
    [ 'a login, a preflight', 'GET', '/secret/page.txt', $APP, 'x-trace: 1' ],
    [ 'no access', 'GET', '/denied/page.txt', $APP ],
    [ '404 with an ErrorDocument', 'GET', '/missing', $APP ],
    [ 'DirectoryIndex', 'GET', '/dir/', 'https://dir.example' ],
    [ 'DirectorySlash', 'GET', '/dir', 'https://dir.example' ],
    [ 'RewriteRule in a Directory', 'GET', '/perdir/moved', $APP ],
    [ 'FallbackResource', 'GET', '/perdir/nothing', $APP ],
    [ '.htaccess', 'GET', '/hta/page.txt', 'https://hta.example' ],
    [ '.htaccess, the whole server', 'GET', '/hta/page.txt', $APP ],
    [ '.htaccess with inherit', 'GET', '/hta/deep/page.txt', 'https://hta.example', 'x-beta: 0' ],
    [ '.htaccess with inherit, its own', 'GET', '/hta/deep/page.txt', 'https://deep.example', 'x-beta: 0' ],
    [ '.htaccess with Files', 'GET', '/hta/deep/data.xml', $EVIL, 'x-beta: 0' ],
    [ '.htaccess with If', 'GET', '/hta/deep/page.txt', 'https://beta.example', 'x-beta: 1' ],
    [ '.htaccess that is ignored', 'GET', '/ignored/page.txt', 'https://hta.example' ],
    [ 'RewriteRule in .htaccess', 'GET', '/rwht/forbidden', 'https://hta.example' ],
    [ 'RewriteRule in .htaccess, a preflight', 'PUT', '/rwht/forbidden', 'https://hta.example' ],
    [ 'Redirect in .htaccess', 'GET', '/rwht/moved', 'https://hta.example' ],
    [ 'Redirect in .htaccess, a preflight', 'PUT', '/rwht/moved', 'https://hta.example' ],
    [ 'a broken .htaccess', 'GET', '/broken/page.txt', $APP ],
    [ 'a broken .htaccess, a preflight', 'PUT', '/broken/page.txt', $APP ],
    [ 'what only meets in .htaccess', 'GET', '/star-ht/page.txt', $EVIL ],
    [ 'a folder that only others may search', 'GET', '/closed/page.txt', $APP ],
    [ 'that folder in a Location', 'GET', '/closed/page.txt', 'https://closed.example' ],
    [ 'enforcement of what fails anyway', 'POST', '/enforced/a%2Fb', $EVIL ],
    [ 'that folder, a preflight', 'PUT', '/closed/page.txt', $APP ],
    [ 'an escape that is none', 'GET', '/%zz', $APP ],
    [ 'a path above the root', 'GET', '/..%2f..', $APP ],
    [ '%2F', 'GET', '/dir%2Fpage.txt', $APP ],
    [ '/../', 'GET', '/any/../put/page.txt', $APP ],
    [ 'a path in escapes', 'GET', '/%61ny/page.txt', $EVIL ],
    [ 'enforced POST of a listed page', 'POST', '/enforced/page.txt', $APP ],
    [ 'enforced WebSocket of another page', 'GET', '/enforced/page.txt', $EVIL, 'Upgrade: websocket' ],
    [ 'enforced POST of another page', 'POST', '/enforced/page.txt', $EVIL ],
    [ 'enforced PUT', 'PUT', '/enforced/page.txt', $APP ],
    [ 'enforced GET of another page', 'GET', '/enforceall/page.txt', $EVIL ],
    [ 'enforced GET of a listed page', 'GET', '/enforceall/page.txt', $APP ],
    [ 'enforcement that tries', 'POST', '/enforcetry/page.txt', $EVIL ],
    [ 'enforcement without a page', 'POST', '/enforced/page.txt', undef ],
    [ 'no page', 'GET', '/plain/page.txt', undef ],
    [ 'another virtual host', 'GET', '/page.txt', 'https://two-app.example', -host => 'two.example' ],
    [ 'another virtual host, a preflight', 'DELETE', '/page.txt', 'https://two-app.example', -host => 'two.example' ],
    [ 'its alias', 'GET', '/page.txt', 'https://two-app.example', -host => 'a.two.example' ],
    [ 'a page of the first in the second', 'GET', '/page.txt', $APP, -host => 'two.example' ],
    [ 'a section of the main server', 'GET', '/any/page.txt', $EVIL, -host => 'two.example' ],
    [ 'a rule of the virtual host', 'GET', '/only', 'https://two-app.example', -host => 'two.example' ],
    [ 'a rule of another virtual host', 'GET', '/rw/forbidden', 'https://two-app.example', -host => 'two.example' ],
    [ 'a virtual host without a policy', 'GET', '/page.txt', $APP, -host => 'bare.example' ],
    [ 'a virtual host of a macro', 'GET', '/plain/page.txt', 'https://macro.example', -host => 'made.example' ],
    [ 'a rule of a macro', 'GET', '/gone', 'https://macro.example', -host => 'made.example' ],
    [ 'an unknown host', 'GET', '/plain/page.txt', $APP, -host => 'nobody.example' ],
    [ 'HTTP/2', 'GET', '/put/page.txt', $APP, -http2 => 1 ],
    [ 'the page of CorsInfo', 'GET', '/cors-info', $APP ],
    [ 'the page of CorsInfo, a preflight', 'PUT', '/cors-info', $APP ],
    [ 'a section of other modules', 'GET', '/nosection/page.txt', $APP ],
);

my @asked = map { ExplainTest::situation($s, @$_) } @situations;
my @answers = ExplainTest::explain($s, @asked);
is @answers, @asked, 'an answer for each situation';
cmp_ok scalar @asked, '>=', 60, 'enough situations';

my $unknown = 0;
for my $i (0 .. $#asked) {
    my ($asked, $answer) = ($asked[$i], $answers[$i]);
    $unknown++ if $answer->{outcome} eq 'unknown';
    is $answer->{outcome} eq 'unknown' ? 1 : 0, $asked->{cannot},
        "$asked->{what}: whether it can be told"
        or diag $answer->{unknown} // $answer->{summary};
    my $page = ExplainTest::ask_page($s, '/cors-info',
        ExplainTest::query($asked));
    is_deeply $page->{explanation}, $answer,
        "$asked->{what}: the page says what cors-explain says"
        or diag explain $page->{error};
    next if $asked->{cannot};
    is_deeply ExplainTest::said($answer), ExplainTest::done($s, $asked, $answer),
        $asked->{what} or diag explain $answer;
}
cmp_ok $unknown, '<=', 3, "at most three can't be told";

chmod 0755, "$s->{root}/htdocs/closed";
$s->finish;
