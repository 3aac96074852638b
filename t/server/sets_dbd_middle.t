# dbd: sets while PostgreSQL is stopped, and while it is killed, in the middle of
# a large result: half of the rows have been sent.  No list is cut or empty.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use Time::HiRes qw(sleep time);
use CorsChecker;
use CorsPostgres;
use CorsSets;
use CorsTest;

CorsService::needs('CorsPostgres', CorsSets::dbd('pgsql'));

my $ROWS = 100000;
my $REST = 5;           # seconds
my ($evil, $own) = ('https://evil.example', 'https://own.example');
my ($yes, $no, $fail) = qw(allowed origin-not-allowed source-unavailable);
sub row { "https://t$_[0].example" }

# The statement rests at the row in the middle for as long as the table "rest"
# says.  By then many of the rows before it have left the server.
my $database = CorsPostgres->start;
$database->make_tables;
$database->sql(<<"SQL");
CREATE TABLE rest (seconds float);
CREATE FUNCTION rests() RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER
    AS 'BEGIN PERFORM pg_sleep(seconds) FROM rest; RETURN true; END';
CREATE TABLE long (n int PRIMARY KEY, origin text);
INSERT INTO long SELECT n, 'https://t' || n || '.example'
    FROM generate_series(1, $ROWS) n;
GRANT SELECT ON long TO cors;
SQL
my $statement = 'SELECT origin FROM long WHERE n <> ' . $ROWS / 2
    . ' OR rests() ORDER BY n';

my $s = CorsSets->start($database->conf . <<"CONF", -modules => ['dbd', 'watchdog']);
CorsOriginSet tenants "dbd:$statement" refresh=1s stale=1h
CorsOriginSet brief "dbd:$statement" refresh=1s stale=0
<Location /tenants>
  CorsAllowOrigin \@tenants $own
</Location>
<Location /brief>
  CorsAllowOrigin \@brief $own
</Location>
CONF
$s->settles($_, row($ROWS), $yes, "$_: the last row") for qw(tenants brief);

my @always = ($own, map { row($_) } 1, 2, $ROWS / 2 - 1, $ROWS / 2,
    $ROWS / 2 + 1, $ROWS);
my @never = ($evil, row(0), row($ROWS + 1));

# Waits until both sets' statements rest.
sub rest {
    my ($seconds) = @_;
    $database->sql("DELETE FROM rest; INSERT INTO rest VALUES ($seconds)");
    $s->wait_for('the statements to rest', sub {
        $database->sql("SELECT count(*) FROM pg_stat_activity
            WHERE wait_event = 'PgSleep'") =~ /^2$/ });
}

# break: returns when it has sent its signal.
sub holds_through {
    my ($what, $break, $mend) = @_;
    rest($REST);
    my $begin = time;
    cmp_ok $break->() - $begin, '<', $REST - 1,
        "$what: while the statements rest";
    my $checker = CorsChecker->start($s, path => '/tenants/',
        until => time + 9, always => \@always, never => \@never);
    $s->settles('brief', row(1), $fail, "$what: stale= is over");
    $s->judges('brief', $_, $fail, "$what, $_: nothing goes on")
        for row($ROWS), $evil;
    $s->judges('brief', $own, $yes, "$what: the list beside the set holds");
    $mend->();
    my $report = $checker->finish;
    is_deeply $report->{wrong}, [], "$what: no wrong answer";
    is $report->{unavailable}, 0, "$what: the last list goes on";
    cmp_ok $report->{slowest}, '<', $CorsSets::SLACK, "$what: nobody waits";
    $database->sql('DELETE FROM rest');
    $s->settles('brief', $_, $yes, "$what is over: $_") for row(1), row($ROWS);
    $s->judges($_, $evil, $no, "$what is over, $_: not listed")
        for qw(tenants brief);
}

holds_through('stopped', sub { $database->stop_all; time },
    sub { $database->continue_all });
holds_through('killed', sub { my $at = time; $database->kill_all; $at },
    sub { $database->launch });
# One backend: PostgreSQL then ends all others, and goes on by itself.
holds_through('a backend killed', sub {
    my ($pid) = $database->sql("SELECT pid FROM pg_stat_activity
        WHERE wait_event = 'PgSleep' LIMIT 1") =~ /(\d+)/;
    kill KILL => $pid;
    my $at = time;
    $database->wait_until('it to be back', sub { $database->takes_connections });
    $database->sql('DELETE FROM rest; INSERT INTO rest VALUES (8)');
    return $at;
}, sub { $database->kill_all; $database->launch });

# The next change is seen.
$database->sql("UPDATE long SET origin = '" . row($ROWS + 1)
    . "' WHERE n = $ROWS");
$s->settles('tenants', row($ROWS + 1), $yes, 'a changed row');
$s->judges('tenants', row($ROWS), $no, 'and what it was');
$s->announce(qr/\[cors:error\] .*CorsOriginSet tenants /,
    qr/\[cors:error\] .*CorsOriginSet brief /,
    qr/\[cors:notice\] .*: it works again$/);
unlike join("\n", $s->log_lines), qr/has no rows/, 'no list was empty';
$s->finish;
