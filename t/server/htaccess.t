# .htaccess files, subrequests, redirects inside the server, proxies: where the
# policy comes from when httpd goes round a corner.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $a = 'https://a.example';
my $s = CorsTest->start(<<'CONF',
<Directory "@ROOT@/htdocs/ignored">
  AllowOverride None
</Directory>
<Directory "@ROOT@/htdocs/other">
  AllowOverride AuthConfig
</Directory>
<Directory "@ROOT@/htdocs/listed">
  AllowOverride None
  AllowOverrideList CorsAllowOrigin
</Directory>
<Directory "@ROOT@/htdocs/granting">
  AllowOverride None
  AllowOverrideList CorsAllowUnsafe
</Directory>
<Directory "@ROOT@/htdocs/ceiling">
  AllowOverride None
  AllowOverrideList CorsLimitOrigin
</Directory>
<Directory "@ROOT@/htdocs/fileinfo">
  AllowOverride FileInfo
</Directory>
<Macro Allow $origin>
  CorsAllowOrigin $origin
</Macro>
<Directory "@ROOT@/htdocs/front">
  CorsAllowOrigin https://front.example
</Directory>
<Files "index.html">
  CorsAllowOrigin https://index.example
</Files>
<Directory "@ROOT@/htdocs/ssi">
  CorsAllowOrigin https://a.example
  AddOutputFilter INCLUDES .shtml
  AddType text/html .shtml
</Directory>
<Directory "@ROOT@/htdocs/inner">
  CorsAllowOrigin https://inner.example
</Directory>
<Directory "@ROOT@/htdocs/rewrite">
  CorsAllowOrigin https://a.example
  RewriteEngine On
  RewriteRule ^go$ /inner/page.html [L]
</Directory>
<Directory "@ROOT@/htdocs/none">
  RewriteEngine On
  RewriteRule ^go$ /inner/page.html [L]
</Directory>
CONF
    'good/.htaccess' => "CorsAllowOrigin $a\nCorsAllowMethods PUT\n",
    'good/page.html' => 'x',
    'good/deeper/.htaccess' => "CorsAllowOrigin inherit https://b.example\n",
    'good/deeper/page.html' => 'x',
    'if/.htaccess' => "CorsAllowOrigin $a\n<If \"%{QUERY_STRING} == 'more'\">\n"
        . "CorsAllowOrigin inherit https://b.example\nCorsAllowMethods PUT\n"
        . "</If>\n<Files \"none.html\">\nCorsAllowOrigin none\n</Files>\n",
    'if/page.html' => 'x', 'if/none.html' => 'x',
    'ignored/.htaccess' => "CorsAllowOrigin *\n", 'ignored/page.html' => 'x',
    'other/.htaccess' => "CorsAllowOrigin *\n", 'other/page.html' => 'x',
    'listed/.htaccess' => "CorsAllowOrigin $a\n", 'listed/page.html' => 'x',
    'listed/more/.htaccess' => "CorsMaxAge 1\n", 'listed/more/x' => '',
    'fileinfo/.htaccess' => "Use Allow $a\n", 'fileinfo/page.html' => 'x',
    'bad/.htaccess' => "\nCorsAllowOrigin https://A.example https://b.example/\n"
        . "CorsMaxAge soon\n",
    'bad/page.html' => 'x',
    'unsafe/.htaccess' => "CorsAllowUnsafe null-origin\n",
    'unsafe/page.html' => 'x',
    'granting/.htaccess' => "CorsAllowUnsafe null-origin\n",
    'granting/page.html' => 'x',
    'ceiling/.htaccess' => "CorsLimitOrigin https://a.example\n",
    'ceiling/page.html' => 'x',
    'limit/.htaccess' => "<Limit GET>\nCorsAllowOrigin *\n</Limit>\n",
    'limit/page.html' => 'x',
    'case/.htaccess' => "CorsAllowOrigin *\nCorsAllowMethods Patch\n",
    'case/page.html' => 'x',
    'suffix/.htaccess' => "CorsAllowCredentials On\n"
        . "CorsAllowOrigin $a https://*.github.io https://*.a.example\n",
    'suffix/page.html' => 'x',
    'front/index.html' => 'x', 'back/page.html' => 'theirs',
    'ssi/page.shtml' => '<!--#include virtual="/inner/page.html"-->',
    'inner/page.html' => 'inner', 'rewrite/x' => '', 'none/x' => '');

sub origin_of {
    my ($path, $origin, @more) = @_;
    my $value = cors($s->get($path, Origin => $origin || $a, @more))
        ->{'Access-Control-Allow-Origin'};
    return defined $value ? $value : '-';
}

is origin_of('/good/page.html'), $a, '.htaccess';
is $s->preflight('/good/page.html', $a, 'PUT')->{status}, 204,
    'its preflight';
is origin_of('/good/deeper/page.html'), $a, 'inherited by another';
is origin_of('/good/deeper/page.html', 'https://b.example'),
    'https://b.example', 'and added to';
my $b = 'https://b.example';
is origin_of('/if/page.html'), $a, '.htaccess with <If> that does not hold';
is origin_of('/if/page.html', $b), '-', 'refuses what stands inside';
is cors($s->preflight('/if/page.html', $a, 'PUT'))
    ->{'Access-Control-Allow-Methods'}, 'GET, HEAD, POST', 'and its method';
$s->announce(qr/preflight refused: method-not-allowed: 'PUT'/);
is origin_of('/if/page.html?more', $b), $b, '<If> that holds';
is origin_of('/if/page.html?more'), $a, 'inherits';
is $s->preflight('/if/page.html?more', $b, 'PUT')->{status}, 204,
    'for preflights too';
is origin_of('/if/none.html'), '-', '.htaccess with <Files>';

is origin_of('/ignored/page.html'), '-', 'AllowOverride None: not read';
is origin_of('/listed/page.html'), $a, 'AllowOverrideList';
is origin_of('/fileinfo/page.html'), $a, 'AllowOverride FileInfo, by a macro';
for my $dir (qw(other bad unsafe granting ceiling limit listed/more)) {
    is $s->get("/$dir/page.html", Origin => $a)->{status}, 500, "$dir: 500";
}
my $log = join "\n", $s->log_lines;
like $log, qr{other/\.htaccess: CorsAllowOrigin not allowed here},
    'AllowOverride without FileInfo';
like $log, qr{more/\.htaccess: CorsMaxAge not allowed here},
    'AllowOverrideList without it';
like $log, qr{bad/\.htaccess: CorsAllowOrigin 'https://A\.example' \(line 2 of \S+/bad/\.htaccess\): browsers send it in lower case: write https://a\.example \[origin-upper-case\]},
    'an error says what to write';
is scalar(grep { m{/bad/\.htaccess} } $s->log_lines), 1,
    'the first error alone';
like $log, qr{unsafe/\.htaccess: CorsAllowUnsafe not allowed here},
    'CorsAllowUnsafe';
like $log, qr{granting/\.htaccess: CorsAllowUnsafe 'null-origin' \(line 1 of \S+/granting/\.htaccess\): no \.htaccess file can permit what is unsafe: write it into the server's configuration \[in-htaccess\]},
    'nor by AllowOverrideList';
like $log, qr{ceiling/\.htaccess: CorsLimitOrigin 'https://a\.example' \(line 1 of \S+/ceiling/\.htaccess\): no \.htaccess file can set a ceiling: write it into the server's configuration \[in-htaccess\]},
    'nor can it set a ceiling';
like $log, qr{limit/\.htaccess: CorsAllowOrigin '\*' \(line 2 of \S+\) in <Limit GET>: .* \[in-limit\]},
    '<Limit>';
is origin_of('/case/page.html'), '*', 'no warning for each request';

for ([ $a, 1 ], [ 'https://x.a.example', 1 ], [ 'https://x.github.io', 0 ]) {
    my ($origin, $has) = @$_;
    my $cors = cors($s->get('/suffix/page.html', Origin => $origin));
    is $cors->{'Access-Control-Allow-Origin'}, $origin,
        "$origin is allowed beside a public suffix";
    is $cors->{'Access-Control-Allow-Credentials'}, $has ? 'true' : undef,
        $has ? 'with credentials' : 'without credentials below it';
}
my $suffix = qr{CorsAllowCredentials On \(line 1 of \S+/suffix/\.htaccess\) meets CorsAllowOrigin https://\*\.github\.io \(line 2 of \S+\): anyone can have a host below the public suffix github\.io: write the hosts that are yours, or CorsAllowUnsafe public-suffixes\. Until then no response goes with Access-Control-Allow-Credentials$};
is scalar(grep { /$suffix/ } $s->log_lines), 1, 'the log says so';
$s->announce($suffix);

is origin_of('/front/', 'https://front.example'), 'https://front.example',
    'DirectoryIndex: the policy of the URL asked for';
is origin_of('/front/', 'https://index.example'), '-', 'not of the file';
is origin_of('/front/index.html', 'https://index.example'),
    'https://index.example', 'but when it is asked for itself';
is origin_of('/rewrite/go'), $a, 'RewriteRule: the URL asked for';
is origin_of('/rewrite/go', 'https://inner.example'), '-', 'not the target';
is_deeply cors($s->get('/none/go', Origin => 'https://inner.example')), {},
    'none there, none here';
my $res = $s->get('/ssi/page.shtml', Origin => $a);
is $res->{body}, 'inner', 'a subrequest';
is_deeply cors($res), { Vary => 'Origin',
    'Access-Control-Allow-Origin' => $a }, 'is never judged by itself';

is_deeply [ $s->unannounced ], [], 'clean log';
$s->stop;

# What a forward proxy fetches belongs to another site, whatever the policy.
$s = CorsTest->start(<<'CONF', 'back/page.html' => 'theirs');
CorsAllowOrigin https://a.example
ProxyRequests On
Listen 127.0.0.1:@PORT2@
<VirtualHost 127.0.0.1:@PORT2@>
  CorsEngine Off
  DocumentRoot "@ROOT@/htdocs/back"
  Header always set Access-Control-Allow-Origin https://theirs.example
</VirtualHost>
CONF
$res = $s->get("http://127.0.0.1:$s->{port2}/page.html", Origin => $a);
is $res->{body}, 'theirs', 'a forward proxy';
is_deeply cors($res),
    { 'Access-Control-Allow-Origin' => 'https://theirs.example' },
    'passes on what is not its own';
is origin_of('/index.html'), $a, 'and its own server has its policy';

$s->finish;
