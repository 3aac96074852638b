# README's configurations do what README says of them.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my @blocks = CorsTest::slurp('README.md')
    =~ /^## Five configurations\n(.*?)^## /ms
    ? $1 =~ /^```apache\n(.*?)^```$/msg : ();
is scalar @blocks, 5, 'five configurations';

my $s = CorsTest->start(join('', @blocks) . <<'CONF',
ProxyPass "/service" "http://127.0.0.1:@PORT@/backend"
<Location "/backend">
  Header always set Access-Control-Allow-Origin "https://theirs.example"
  Header always set X-Request-Id 1
</Location>
CONF
    map { ("$_/index.html" => "x\n") } qw(public api account shared backend));

my $app = 'https://app.example.com';
my $any = 'https://any.example';

is_deeply cors($s->get('/public/', Origin => $any)),
    { 'Access-Control-Allow-Origin' => '*' }, 'public: any page';

is_deeply cors($s->preflight('/api/', $app, 'DELETE',
        'authorization,content-type')),
    { Vary => 'Origin,Access-Control-Request-Method,'
          . 'Access-Control-Request-Headers',
      'Access-Control-Allow-Origin' => $app,
      'Access-Control-Allow-Methods' => 'GET, POST, PUT, DELETE',
      'Access-Control-Allow-Headers' => 'Content-Type, Authorization',
      'Access-Control-Max-Age' => 600 }, 'api: JSON, DELETE, a token';
is_deeply cors($s->get('/api/', Origin => $any)), { Vary => 'Origin' },
    'and nobody else';

is_deeply cors($s->get('/account/', Origin => $app)),
    { Vary => 'Origin', 'Access-Control-Allow-Origin' => $app,
      'Access-Control-Allow-Credentials' => 'true' }, 'account: cookies';
is $s->preflight('/account/', $app, 'POST', 'content-type')->{status}, 204,
    'and JSON';

for my $origin ('https://a.example.com', 'https://b.a.example.com',
    'http://localhost', 'http://localhost:3000') {
    is cors($s->get('/shared/', Origin => $origin))
        ->{'Access-Control-Allow-Origin'}, $origin, "shared: $origin";
}
is_deeply cors($s->get('/shared/', Origin => $_)), { Vary => 'Origin' },
    "shared: not $_" for 'https://example.com', 'https://localhost';

is_deeply cors($s->get('/service/', Origin => $app)),
    { Vary => 'Origin', 'Access-Control-Allow-Origin' => $app,
      'Access-Control-Expose-Headers' => 'X-Request-Id' },
    'service: the headers of the back end are replaced';

$s->finish;
