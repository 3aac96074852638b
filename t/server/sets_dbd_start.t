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
use CorsSets;
use CorsTest;

CorsService::needs('CorsPostgres', CorsSets::dbd('pgsql'));

my ($a, $new, $evil, $own) = map { "https://$_.example" } qw(a new evil own);
my ($yes, $no, $fail) = qw(allowed origin-not-allowed source-unavailable);

my $database = CorsPostgres->start;
$database->make_tables;
$database->list($a);

sub start {
    my ($parameters) = @_;
    return CorsSets->start($database->conf($parameters) . <<"CONF",
CorsOriginSet tenants "dbd:SELECT origin FROM cors_api" refresh=1s stale=1h
CorsAllowOrigin \@tenants $own
CONF
        -modules => [qw(dbd watchdog)]);
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
    my $s = start($parameters);
    $s->judges('', $a, $fail, "$what at start: no list is known");
    $s->judges('', $evil, $fail, 'of an origin that is not listed, too');
    $s->judges('', $own, $yes, 'the list beside it holds');
    $s->wait_for('the error', sub { grep { /$cause/ } $s->log_lines });
    $s->announce(qr/\[cors:error\] .*CorsOriginSet tenants .*: $cause.*; until it can be read, every origin of it is refused/);
    if ($what eq 'nobody listens') {
        $database->launch;
        $s->settles('', $a, $yes, "$what: later it does");
        $s->judges('', $evil, $no, 'not listed');
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
my $s = start($database->parameters);
$s->settles('', 'https://t100000.example', $yes, 'a hundred thousand rows');
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
$s->settles('', $evil, $no, 'not listed');
$database->list($new);
$s->settles('', $new, $yes, 'and the next list is read');
# Unless each reading fell between two kills.
$s->announce(qr/\[cors:error\] .*CorsOriginSet tenants /,
    qr/\[cors:notice\] .*: it works again$/)
    if grep { /\[cors:error\] .*CorsOriginSet tenants / } $s->log_lines;
$s->finish;
