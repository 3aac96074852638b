# In front of a back end and as one: mod_cors on both sides, on one, and what
# a back end says that knows nothing of the policy before it.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $s = CorsTest->start(<<'CONF',
Listen 127.0.0.1:@PORT2@
<VirtualHost *:@PORT@>
  ProxyPass /both/     http://127.0.0.1:@PORT2@/both/
  ProxyPass /behind/   http://127.0.0.1:@PORT2@/both/
  ProxyPass /forward/  http://127.0.0.1:@PORT2@/both/
  ProxyPass /careless/ http://127.0.0.1:@PORT2@/careless/
  ProxyPass /keep/     http://127.0.0.1:@PORT2@/both/
  <Location /both/>
    CorsAllowOrigin https://a.example
    CorsAllowMethods GET POST PUT
    CorsExposeHeaders X-Front
  </Location>
  <Location /forward/>
    CorsAllowOrigin https://a.example
    CorsAllowMethods GET POST PUT
    CorsPreflight forward
  </Location>
  <Location /careless/>
    CorsAllowOrigin https://a.example
    CorsPreflight forward
  </Location>
  <Location /keep/>
    CorsAllowOrigin https://a.example
    CorsBackendHeaders keep
    CorsPreflight answer
  </Location>
  ProxyPass /proxied/   http://127.0.0.1:@PORT2@/proxied/
  ProxyPass /matched/   http://127.0.0.1:@PORT2@/matched/
  ProxyPass /directory/ http://127.0.0.1:@PORT2@/directory/
  ProxyPass /down/      http://127.0.0.1:1/down/
  ProxyPass /group/     balancer://group/
  RewriteEngine On
  RewriteRule ^/rewritten/(.*) http://127.0.0.1:@PORT2@/matched/$1 [P]
  <Proxy "http://127.0.0.1:@PORT2@/proxied/">
    CorsAllowOrigin https://a.example
  </Proxy>
  <ProxyMatch "^http://127\.0\.0\.1:\d+/(?:matched|down)/">
    CorsAllowOrigin https://b.example
    CorsAllowMethods GET PUT
  </ProxyMatch>
  <Proxy "balancer://group">
    BalancerMember http://127.0.0.1:@PORT2@/matched
    CorsAllowOrigin https://a.example
  </Proxy>
  <Directory "@ROOT@/htdocs/directory">
    CorsAllowOrigin https://a.example
  </Directory>
  <Location /proxied/above>
    CorsAllowOrigin inherit https://b.example
  </Location>
  <Location /proxied/instead>
    CorsAllowOrigin https://b.example
  </Location>
</VirtualHost>
<VirtualHost *:@PORT2@>
  <Location /both>
    CorsAllowOrigin https://a.example https://b.example
    CorsAllowMethods GET POST PUT DELETE
    CorsAllowCredentials On
    CorsExposeHeaders X-Back
    CorsMaxAge 600
  </Location>
  <Location /careless>
    Header always set Access-Control-Allow-Origin *
    Header always set Access-Control-Allow-Credentials true
    Header always set Access-Control-Allow-Methods DELETE
  </Location>
</VirtualHost>
CONF
    'both/page.html' => "page\n", 'careless/page.html' => "page\n",
    (map { ("$_/page.html" => "page\n") } qw(proxied matched directory)),
    -modules => [qw(proxy_balancer lbmethod_byrequests slotmem_shm)]);

my $a = 'https://a.example';
my $b = 'https://b.example';
my $vary = 'Origin,Access-Control-Request-Method,'
    . 'Access-Control-Request-Headers';

is_deeply cors($s->get('/both/page.html', Origin => $a)),
    { Vary => 'Origin', 'Access-Control-Allow-Origin' => $a,
      'Access-Control-Expose-Headers' => 'X-Front' },
    'both: the front alone speaks';
is_deeply cors($s->get('/both/page.html', Origin => $b)),
    { Vary => 'Origin' }, 'both: what the back end allows does not get by';
is_deeply cors($s->get('/both/page.html')), { Vary => 'Origin' },
    'both: no origin, Vary once';
is_deeply cors($s->preflight('/both/page.html', $a, 'PUT')),
    { Vary => $vary, 'Access-Control-Allow-Origin' => $a,
      'Access-Control-Allow-Methods' => 'GET, POST, PUT' },
    'both: the front answers preflights';
is_deeply cors($s->preflight('/both/page.html', $a, 'DELETE')),
    { Vary => $vary, 'Access-Control-Allow-Origin' => $a,
      'Access-Control-Allow-Methods' => 'GET, POST, PUT' },
    'by its own policy';
$s->announce(qr/preflight refused: method-not-allowed: 'DELETE'/);

my $back = { Vary => 'Origin', 'Access-Control-Allow-Origin' => $b,
    'Access-Control-Allow-Credentials' => 'true',
    'Access-Control-Expose-Headers' => 'X-Back' };
is_deeply cors($s->get('/behind/page.html', Origin => $b)), $back,
    'behind: the back end alone';
my $answer = $s->preflight('/behind/page.html', $b, 'DELETE');
is $answer->{status}, 204, 'behind: and it answers preflights';
is cors($answer)->{'Access-Control-Max-Age'}, 600, 'with all that it sends';
is_deeply cors($s->get('/keep/page.html', Origin => $b)), $back,
    'keep: what the back end has said stands, Vary once';
is_deeply cors($s->get('/keep/missing', Origin => $b)), $back,
    'keep: on its errors too';

$answer = $s->preflight('/forward/page.html', $a, 'PUT');
is $answer->{status}, 204, 'forward: the status of the back end';
my $got = cors($answer);
is join(',', sort split /,\s*/, delete $got->{Vary}),
    join(',', sort split /,/, $vary), 'forward: each field once in Vary';
is_deeply $got, { 'Access-Control-Allow-Origin' => $a,
    'Access-Control-Allow-Methods' => 'GET, POST, PUT' },
    'forward: the headers of the front';
for my $path (qw(/forward /careless)) {
    $answer = $s->preflight("$path/page.html", $b, 'PUT');
    isnt $answer->{status}, 403, "$path: refused, yet forwarded";
    $got = cors($answer);
    is join(',', sort split /,\s*/, delete $got->{Vary}),
        join(',', sort split /,/, $vary), "$path: Vary";
    is_deeply $got, {}, "$path: and what the back end allows taken off";
}
$s->announce(qr{preflight refused: origin-not-allowed: 'https://b\.example'});

# <Proxy> and <ProxyMatch> for reverse-proxied URLs: by which URL of the back
# end they are found, and what stands above them.
for (
    [ '/proxied/page.html',   $a, 200, '<Proxy>' ],
    [ '/proxied/missing',     $a, 404, 'an error of the back end' ],
    [ '/matched/page.html',   $b, 200, '<ProxyMatch>' ],
    [ '/rewritten/page.html', $b, 200, 'RewriteRule [P]' ],
    [ '/down/page.html',      $b, 503, 'no back end' ],
    [ '/group/page.html',     $a, 200, 'a balancer' ],
    [ '/proxied/above',       $b, 404, '<Location> above <Proxy>' ],
    [ '/proxied/above',       $a, 404, 'and what it inherits' ],
    [ '/proxied/instead',     $b, 404, '<Location> instead of <Proxy>' ],
) {
    my ($path, $origin, $status, $what) = @$_;
    my $res = $s->get($path, Origin => $origin);
    is $res->{status}, $status, "$what: $status";
    is_deeply cors($res), { Vary => 'Origin',
        'Access-Control-Allow-Origin' => $origin }, "$what: the policy";
    is $s->preflight($path, $origin, 'GET')->{status}, 204,
        "$what: answers preflights too";
}
is_deeply cors($s->preflight('/down/x', $b, 'PUT')), { Vary => $vary,
    'Access-Control-Allow-Origin' => $b,
    'Access-Control-Allow-Methods' => 'GET, PUT' },
    'a preflight needs no back end';
for my $path (qw(/proxied/page.html /proxied/instead)) {
    my $other = $path =~ /instead/ ? $a : $b;
    is_deeply cors($s->get($path, Origin => $other)), { Vary => 'Origin' },
        "$path: nobody else";
}
is_deeply cors($s->get('/directory/page.html', Origin => $a)), {},
    '<Directory> has nothing to do with proxied URLs';
my ($ok, $out) = configtest(<<'CONF');
<Proxy "http://127.0.0.1:1/">
  CorsAllowOrigin *
  CorsAllowCredentials On
</Proxy>
<ProxyMatch "^http://x/">
  CorsAllowOrigin http://x.example
  CorsAllowCredentials On
</ProxyMatch>
CONF
ok !$ok, 'configtest looks into both';
is_deeply [ map { $_->[1] =~ / in (<Proxy\w* "[^"]+">)/ } said($out) ],
    [ '<Proxy "http://127.0.0.1:1/">', '<ProxyMatch "^http://x/">' ],
    'and names each' or diag $out;

$s->announce(qr/preflight was left to others \(CorsPreflight forward\) and ended with status \d+: origin/);
$s->finish;
