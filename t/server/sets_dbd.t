# dbd: sets against a real PostgreSQL that is killed, stopped, started late, and
# whose table is dropped, emptied or full of slips.  Whatever happens, no origin
# is allowed that is not listed, and no request waits.

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

my ($a, $b, $new, $evil, $own) = map { "https://$_.example" }
    qw(a b new evil own);
my ($yes, $no, $fail) = qw(allowed origin-not-allowed source-unavailable);

my $database = CorsPostgres->start;
$database->make_tables;
$database->list($a, $b, 'https://*.sub.example');
$database->sql("CREATE VIEW cors_all AS SELECT origin, service FROM cors_origin;
    GRANT SELECT ON cors_all TO cors");

my @sets = (tenants => '"dbd:SELECT origin FROM cors_api" stale=1h',
    brief => '"dbd:SELECT origin, 1 FROM cors_api" stale=2s',
    versioned => '"dbd:SELECT origin FROM cors_api ORDER BY 1" stale=1h '
        . '"version=SELECT version FROM cors_version"');
my $conf = $database->conf . "DBDKeep 2\nDBDMax 5\n";
while (my ($name, $source) = splice @sets, 0, 2) {
    $conf .= "CorsOriginSet $name $source refresh=1s\n"
        . within("<Location /$name>", "CorsAllowOrigin \@$name $own\n");
}
my $s = CorsSets->start($conf, -modules => ['dbd', 'watchdog']);

for my $set (qw(tenants brief versioned)) {
    $s->settles($set, $a, $yes, "$set: listed");
    $s->judges($set, $evil, $no, "$set: not listed");
    $s->judges($set, 'https://x.sub.example', $yes, "$set: a subdomain");
    $s->judges($set, $own, $yes, "$set: an origin beside the set");
}

# What is put in and taken out.
my $begin = time;
$database->list($new);
$s->settles($_, $new, $yes, "$_: put in") for qw(tenants versioned);
$database->unlist($new);
$s->settles($_, $new, $no, "$_: taken out") for qw(tenants versioned);
cmp_ok time - $begin, '<', 12, 'within a few seconds';

# As long as the version is the same, no row is read: a change that the trigger
# does not see stays unseen.
$database->sql('ALTER TABLE cors_origin DISABLE TRIGGER cors_changed');
$database->list($new);
$s->settles('tenants', $new, $yes, 'without a version, rows are read');
sleep 2.5;
$s->judges('versioned', $new, $no, 'with the same version, they are not');
$database->sql('ALTER TABLE cors_origin ENABLE TRIGGER cors_changed;
    UPDATE cors_version SET version = version + 1');
$s->settles('versioned', $new, $yes, 'with another version, they are');
$database->unlist($new);

# Slips among the rows: they are left out, and the others hold.
$database->sql("ALTER TABLE cors_origin DROP CONSTRAINT cors_origin_origin_check,
    DROP CONSTRAINT cors_origin_origin_check1,
    DROP CONSTRAINT cors_origin_origin_check2");
$database->list('https://slash.example/', '*', 'null', '@tenants', '', 'x',
    "https://two.example\nhttps://three.example", 'https://behind.example');
$s->settles('tenants', 'https://behind.example', $yes, 'slips: the row beside them');
$s->judges('tenants', $_, $no, "slips: $_") for 'https://slash.example',
    'null', 'https://two.example', 'https://three.example';
$s->judges('tenants', $evil, $no, 'slips: * is none');
$s->announce(qr/\[cors:warn\] .*CorsOriginSet \w+ \(.*\): row \d+ of .* is left out: '.*': /);
$database->sql("DELETE FROM cors_origin WHERE origin NOT LIKE 'https://_%.example'
    OR origin LIKE '%\n%'");

# An empty result is believed the second time: a TRUNCATE and refill is not seen.
my $checker = CorsChecker->start($s, path => '/tenants/', until => time + 4,
    always => [ $a, $b ], never => [ $evil, 'https://sub.example' ]);
for (1 .. 3) {
    $database->sql('CREATE TEMP TABLE kept AS SELECT * FROM cors_origin;
        TRUNCATE cors_origin; SELECT pg_sleep(0.3);
        INSERT INTO cors_origin SELECT * FROM kept');
    sleep 1;
}
my $report = $checker->finish;
is_deeply $report->{wrong}, [], 'TRUNCATE and refill: no wrong answer';
is $report->{unavailable}, 0, 'and all are answers';
cmp_ok $report->{requests}, '>', 1000, 'many of them';

# Whatever happens to it: the last list goes on for stale=, and only then;
# nothing else is allowed; and it works again by itself.
sub holds_through {
    my ($what, $break, $mend, $cause) = @_;
    $s->settles('brief', $a, $yes, "before: $what");
    $break->();
    my $checker = CorsChecker->start($s, path => '/tenants/',
        until => time + 5, always => [ $a, $b, $own ], never => [ $evil ]);
    $s->settles('brief', $a, $fail, "$what: stale= is over");
    $s->judges('brief', $evil, $fail, "$what: not listed");
    $s->judges('brief', $own, $yes, "$what: the list holds");
    my $report = $checker->finish;
    is_deeply $report->{wrong}, [], "$what: no wrong answer";
    is $report->{unavailable}, 0, "$what: the last list goes on";
    cmp_ok $report->{slowest}, '<', $CorsSets::SLACK, "$what: nobody waits";
    $s->judges('tenants', 'https://x.sub.example', $yes, "$what: a subdomain");
    $mend->();
    $s->settles('brief', $a, $yes, "$what is over: listed");
    $s->settles('brief', $evil, $no, "$what is over: not listed");
    $s->announce(qr/\[cors:error\] .*CorsOriginSet brief \(.*\): .*$cause/)
        if $cause;
}

holds_through('killed', sub { $database->kill_all },
    sub { $database->launch }, qr/mod_dbd\ can't\ connect\ to\ the\ database
        |Connection\ refused|closed\ the\ connection|starting\ up/x);
# Its error comes when the connection does.
holds_through('stopped', sub { $database->stop_all },
    sub { $database->continue_all }, undef);
holds_through('table dropped', sub {
    $database->sql('ALTER TABLE cors_origin RENAME TO elsewhere;
        DROP VIEW cors_api') },
    sub { $database->sql("ALTER TABLE elsewhere RENAME TO cors_origin;
        CREATE VIEW cors_api AS SELECT origin FROM cors_origin
        WHERE service = 'api'; GRANT SELECT ON cors_api TO cors") },
    qr/the database says 'ERROR:  relation "cors_api" does not exist.*': mend the statement/);
holds_through('permission withdrawn',
    sub { $database->sql('REVOKE SELECT ON cors_api FROM cors') },
    sub { $database->sql('GRANT SELECT ON cors_api TO cors') },
    qr/the database says 'ERROR:  permission denied for view cors_api.*': mend the statement/);
is_deeply [ grep { /mend the statement/ && !/does not exist|permission denied/ }
    $s->log_lines ], [], 'nobody is told to mend a statement that is right';
ok scalar(grep { /the database says '.*': see that it runs/ } $s->log_lines),
    'but to start the database';
$s->announce(qr/\[cors:error\] .*CorsOriginSet (?:tenants|versioned|brief) /,
    qr/\[cors:notice\] .*CorsOriginSet \w+ \(.*\): .*: it works again$/);

# Emptied for good: believed, and said.
$database->sql('DELETE FROM cors_origin');
$s->settles('tenants', $a, $no, 'an empty table allows nobody');
$s->judges('tenants', $own, $yes, 'but for the list beside it');
$s->announce(qr/\[cors:warn\] .*CorsOriginSet \w+: .* has no rows, where it had some: /);

unlike join("\n", $s->log_lines), qr/not-told/, 'no password is in the log';
$s->finish;
