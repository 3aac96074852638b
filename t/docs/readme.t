# README's configurations do what README says of them.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $readme = CorsTest::slurp('README.md');
my @blocks = $readme =~ /^## Example policies\n(.*?)^## /ms
    ? $1 =~ /^```apache\n(.*?)^```$/msg : ();
is scalar @blocks, 5, 'five policies';

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
is_deeply cors($s->preflight('/account/', $app, 'DELETE',
        'authorization,content-type')),
    { %{ cors($s->preflight('/api/', $app, 'DELETE',
            'authorization,content-type')) },
      'Access-Control-Allow-Credentials' => 'true' },
    'account: all that api allows, with cookies';

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

is_deeply [ $s->unannounced ], [], 'clean log';
$s->stop;

# The ten-minute fix: its virtual host, without the reader's certificate and
# with a back end of ours, answers its commands with the lines that it shows.
my ($fix) = $readme =~ /^## The ten-minute fix\n(.*?)^## /ms;
my ($host) = $fix =~ /^```apache\n(.*?)^```$/ms;
is $host =~ s/^\s*SSL\w+ .*\n//mg, 3, 'TLS is left out';
is $host =~ s/\*:443/127.0.0.1:\@PORT\@/g, 1, 'and its port';
is $host =~ s/127\.0\.0\.1:9000/127.0.0.1:\@PORT2\@/g, 2, 'a back end';
$s = CorsTest->start($host . <<'CONF', 'backend/items' => "all items\n");
Listen 127.0.0.1:@PORT2@
<VirtualHost 127.0.0.1:@PORT2@>
  DocumentRoot "@ROOT@/htdocs/backend"
  Header always set Access-Control-Allow-Origin *
</VirtualHost>
CONF

my @shown = $fix =~ /^ {3}```\w*\n(.*?)^ {3}```$/msg;
my @typed = map { s/^ {3}//mgr } grep { /^ {3}(?:curl |HTTP|Vary)/ } @shown;
is scalar @typed, 4, 'two commands, each with what it shows';
while (my ($command, $lines) = splice @typed, 0, 2) {
    $command =~ s{https://api\.example\.com/}
                 {-H 'Host: api.example.com' http://127.0.0.1:$s->{port}/};
    my $answer = `$command` =~ s/\r//gr;
    like $answer, qr/^\Q$_\E$/m, "the fix: $_" for split /\n/, $lines;
    is scalar(() = $answer =~ /^(?:Access-Control-|Vary)/mg),
        scalar(() = $lines =~ /^(?:Access-Control-|Vary)/mg),
        'and nothing else that CORS is about';
}
my ($url, $method, $sent) = $fix =~ m{fetch\('https://api\.example\.com(/\w+)',
    .*?method:\ '(\w+)' .*?headers:\ \{\ '([\w-]+)'}msx;
is $s->preflight($url, $app, $method, lc $sent,
    Host => 'api.example.com')->{status}, 204, 'its fetch() is allowed';
like $fix, qr/credentials: 'include'/, 'and asks for cookies';

$s->finish;
