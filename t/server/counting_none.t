# Without shared memory, nothing is counted and everything else is as ever.

use strict;
use warnings;
use lib 't/lib';
use File::Temp qw(tempdir);
use Test::More;
use CorsTest;

plan skip_all => 'these are preloaded too'
    if $ENV{ASAN_OPTIONS} || $ENV{CORS_MEMCHECK};

my $dir = tempdir(CLEANUP => 1);
chmod 0755, $dir;
chomp(my $flags = `\$(\${APXS:-apxs} -q APR_CONFIG) --cppflags --includes`);
system "\${CC:-cc} -D_GNU_SOURCE $flags -shared -fPIC -o $dir/noshm.so"
    . ' t/lib/noshm.c';
is $?, 0, 'what is preloaded was built';

local $ENV{LD_PRELOAD} = "$dir/noshm.so";
my $s = CorsTest->start(<<'CONF', -modules => ['status']);
LogLevel cors:warn
CorsAllowOrigin https://a.example
<Location /server-status>
  SetHandler server-status
</Location>
<Location /met>
  CorsAllowMethods GET
</Location>
CONF
delete $ENV{LD_PRELOAD};

is cors($s->get('/', Origin => 'https://a.example'))
    ->{'Access-Control-Allow-Origin'}, 'https://a.example', 'a request';
is $s->preflight('/', 'https://b.example', 'PUT')->{status}, 403, 'a preflight';
my $page = $s->get('/server-status');
is $page->{status}, 200, 'mod_status answers';
like $page->{body}, qr/<p>Nothing is counted: /, 'and says that nothing is';
unlike $page->{body}, qr/<caption>CORS/, 'with no number';
unlike $s->get('/server-status?auto')->{body}, qr/^Cors/m,
    'nor one for a program';
$s->reconfigure(sub {});
is $s->get('/', Origin => 'https://b.example')->{status}, 200,
    'after a restart too';
$s->announce(qr/\[cors:warn\] .*\(12\)Cannot allocate memory: .*no shared memory of \d+ bytes for the counters: some requests will not be counted\. Give httpd more memory and restart it$/);
$s->finish;
