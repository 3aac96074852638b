# dbd: sets when httpd starts before the database does, when the database is a
# black hole meanwhile, and when a hundred thousand rows come at once or are cut
# off in the middle.

use strict;
use warnings;
use lib 't/lib';
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(sleep time);
use CorsChecker;
use CorsPostgres;
use CorsTest;

chomp(my $modules = `@{[ $ENV{APXS} || 'apxs' ]} -q LIBEXECDIR`);
CorsService::needs('CorsPostgres',
    [ -e "$modules/mod_dbd.so", 'apache2-bin' ],
    [ CorsPostgres::has_driver('pgsql'), 'libaprutil1-dbd-pgsql' ]);

my ($a, $new, $evil, $own) = map { "https://$_.example" } qw(a new evil own);
my $SLACK = 0.7;        # seconds that a busy machine may take more
my ($yes, $no, $fail) = qw(allowed origin-not-allowed source-unavailable);

my $database = CorsPostgres->start;
$database->make_tables;
$database->list($a);

sub conf {
    my ($parameters) = @_;
    return <<"CONF" . CorsChecker::CONF;
DBDriver pgsql
DBDParams "$parameters"
DBDMin 0
CorsOriginSet tenants "dbd:SELECT origin FROM cors_api" refresh=1s stale=1h
CorsAllowOrigin \@tenants $own
LogLevel cors:notice
CONF
}

sub verdict {
    my ($s, $origin) = @_;
    my $begin = time;
    my $res = $s->get('/', Origin => $origin);
    my ($found) = CorsTest::all($res, 'X-Verdict');
    is_deeply cors($res), { Vary => 'Origin', $found eq $yes
        ? ('Access-Control-Allow-Origin' => $origin) : () },
        "$origin: headers";
    cmp_ok time - $begin, '<', $SLACK, 'at once';
    return $found;
}

sub settles {
    my ($s, $origin, $verdict, $what) = @_;
    my $found = '';
    for (1 .. 100) {
        ($found) = CorsTest::all($s->get('/', Origin => $origin), 'X-Verdict');
        last if $found eq $verdict;
        sleep 0.1;
    }
    is $found, $verdict, $what;
}

# Killed, so that nobody listens; and a port that takes connections and never
# answers.
my $hole = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 50)
    or die "listen: $!\n";
my %database = (
    'nobody listens' => [ $database->parameters,
        qr/mod_dbd can't connect to the database/ ],
    'a black hole' => [ $database->parameters =~
        s/port=\d+/"port=" . $hole->sockport/er,
        qr/mod_dbd can't connect to the database/ ],
);
$database->kill_all;
for my $what (sort keys %database) {
    my ($parameters, $cause) = @{ $database{$what} };
    my $begin = time;
    my $s = CorsTest->start(conf($parameters), -modules => [qw(dbd watchdog)]);
    is verdict($s, $a), $fail, "$what at start: no list is known";
    is verdict($s, $evil), $fail, 'of an origin that is not listed, too';
    is verdict($s, $own), $yes, 'the list beside it holds';
    $s->wait_for('the error', sub { grep { /$cause/ } $s->log_lines });
    $s->announce(qr/\[cors:error\] .*CorsOriginSet tenants .*: $cause.*; until it can be read, every origin of it is refused/);
    if ($what eq 'nobody listens') {
        $database->launch;
        settles($s, $a, $yes, "$what: later it does");
        is verdict($s, $evil), $no, 'not listed';
        $s->announce(qr/\[cors:notice\] .*: it works again$/);
    }
    is_deeply [ $s->unannounced ], [], "$what: the log";
    unlike join("\n", $s->log_lines), qr/\Q$database->{password}/,
        'no password';
    $s->stop;
}

# A hundred thousand rows, while the database is killed again and again: mostly
# in the middle of a result.
$database->sql("INSERT INTO cors_origin (service, origin)
    SELECT 'api', 'https://t' || n || '.example' FROM generate_series(1, 100000) n");
my $s = CorsTest->start(conf($database->parameters),
    -modules => [qw(dbd watchdog)]);
settles($s, 'https://t100000.example', $yes, 'a hundred thousand rows');
my $checker = CorsChecker->start($s, until => time + 8,
    always => [ $a, $own, map { "https://t$_.example" } 1, 99, 50000, 100000 ],
    never => [ $evil, 'https://t0.example', 'https://t100001.example' ]);
for (1 .. 8) {
    sleep 0.5 + 0.5 * rand;
    $database->kill_all;
    $database->launch;
}
my $report = $checker->finish;
is_deeply $report->{wrong}, [], 'killed in the middle: no wrong answer';
is $report->{unavailable}, 0, 'the last list goes on';
settles($s, $evil, $no, 'not listed');
$database->list($new);
settles($s, $new, $yes, 'and the next list is read');
# Unless each reading fell between two kills.
$s->announce(qr/\[cors:error\] .*CorsOriginSet tenants /,
    qr/\[cors:notice\] .*: it works again$/)
    if grep { /\[cors:error\] .*CorsOriginSet tenants / } $s->log_lines;
$s->finish;
