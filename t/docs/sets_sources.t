# docs/sets.md: the fleet of two servers, with the page's commands.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use Time::HiRes qw(sleep time);
use CorsPostgres;
use CorsTest;

my $modules = CorsTest::apxs_q('LIBEXECDIR');
CorsService::needs('CorsPostgres',
    [ -e "$modules/mod_dbd.so", 'apache2-bin' ],
    [ CorsPostgres::has_driver('pgsql'), 'libaprutil1-dbd-pgsql' ]);

my $page = CorsTest::slurp('docs/sets.md');
my $title = 'A fleet of two servers';
my ($make, $insert, $ask, $delete) = CorsTest::blocks($page, $title, 'sh');
my ($conf) = CorsTest::blocks($page, $title, 'apache');
my ($shown) = CorsTest::blocks($page, $title, '');
my $database = CorsPostgres->start;

# As the owner of the database, in the folder of the files.
sub run {
    my ($commands) = @_;
    my $psql = CorsService::find_program('psql', CorsPostgres::folders());
    local %ENV = (%ENV, PGHOST => $database->{root}, PGUSER => 'owner',
        PGPORT => $database->{port}, PGDATABASE => 'postgres');
    $commands =~ s/^psql/"$psql" -q -X -v ON_ERROR_STOP=1/mg;
    $commands =~ s{-f origins}{-f conf/origins};
    my $said = `set -e
$commands`;
    return $said =~ s/\r//gr;
}

run($make);
is $?, 0, 'the tables are made';
$conf .= "LogLevel cors:notice\n";
$conf =~ s/host=192\.0\.2\.10/hostaddr=127.0.0.1 port=$database->{port}/;
my @servers;
while (@servers < 2) {
    push @servers, CorsTest->start($conf, 'api/index.html' => "x\n",
        -modules => [qw(dbd watchdog)]);
}
$ask =~ s/192\.0\.2\.$_/127.0.0.1:$servers[$_ - 1]{port}/ for 1, 2;

# What both servers say once the reading is done, and how long that took.
sub says {
    my ($expected, $what) = @_;
    my $begin = time;
    my $said;
    while (time - $begin < 10) {
        $said = run($ask);      # grep fails where there is no such line
        last if $said eq $expected;
        sleep 0.2;
    }
    is $said, $expected, $what;
}

says('', 'nothing is listed');
run($insert);
is $?, 0, 'an origin is inserted';
says($shown, 'both servers allow it');
run($delete);
is $?, 0, 'it is deleted';
says('', 'both servers refuse it');
$_->announce(qr/\[cors:warn\] .* has no rows, where it had some: /)
    for @servers;
is_deeply [ map { $_->unannounced } @servers ], [], 'nothing else is logged';
$_->stop for @servers;
done_testing;
