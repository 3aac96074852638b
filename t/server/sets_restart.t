# Sets over graceful restarts: what is kept, and what a process that ends does
# to a reading that is under way.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use Time::HiRes qw(sleep);
use CorsPostgres;
use CorsSets;
use CorsTest;

my $modules = CorsSets::modules();
CorsService::needs('CorsPostgres', CorsSets::dbd('pgsql'));

my ($A, $B) = ('https://a.example', 'https://b.example');
my $database = CorsPostgres->start;
$database->make_tables;
$database->list($B);

# Most of the time a process is reading.
my $s = CorsTest->start(<<"CONF", 'a.origins' => "$A\n", 'x/index.html' => "x\n",
DBDriver pgsql
DBDParams "@{[ $database->parameters ]}"
DBDMin 0
LogLevel cors:info
CorsOriginSet file file:htdocs/a.origins refresh=1s
CorsOriginSet slow "dbd:SELECT origin FROM cors_api, pg_sleep(0.8)" refresh=1s
<Location /x>
  CorsAllowOrigin \@file \@slow
</Location>
CONF
    -modules => [qw(dbd watchdog)]);

sub allowed {
    my ($origin) = @_;
    return (CorsTest::all($s->get('/x/', Origin => $origin),
        'Access-Control-Allow-Origin'))[0] || '-';
}

my $others = join '', map { "LoadModule ${_}_module $modules/mod_$_.so\n" }
    grep { -e "$modules/mod_$_.so" } qw(data dialup echo usertrack speling);
$s->wait_for('the list of the database', sub { allowed($B) eq $B });
for my $round (1 .. 6) {
    sleep 0.3 * $round;
    # Others come before the module or not: it is at another address each time.
    $s->reconfigure(sub { $round % 2 ? s/\A/$others/ : s/\A\Q$others\E// });
    is allowed($A), $A, "restart $round: the list of the file holds";
    is allowed($B), $B, 'and that of the database';
}
is_deeply [ map { my $set = $_; scalar grep {
    /CorsOriginSet $set .*: generation 1 of/ } $s->log_lines } qw(file slow) ],
    [ 1, 1 ], 'no list was begun anew';
$s->announce(qr/: generation \d+ of/);
# No line tells of a process that has ended by a signal.
$s->finish;
