# dbd: sets from SQLite: a database that is locked, replaced or removed.

use strict;
use warnings;
use lib 't/lib';
use File::Temp qw(tempdir);
use Test::More;
use Time::HiRes qw(sleep);
use CorsChecker;
use CorsService;
use CorsSets;
use CorsTest;

my $sqlite = CorsService::find_program('sqlite3');
CorsService::needs([ $sqlite, 'sqlite3' ], CorsSets::dbd('sqlite3'));

my ($a, $new, $evil) = map { "https://$_.example" } qw(a new evil);
my ($yes, $no) = qw(allowed origin-not-allowed);
my $folder = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
chmod 0755, $folder;

sub sql {
    my ($statements) = @_;
    CorsTest::write_file("$folder/in.sql", $statements);
    system "'$sqlite' -bail '$folder/origins.db' <'$folder/in.sql' >/dev/null";
    is $?, 0, 'sqlite3' or diag $statements;
}

sub list { sql("INSERT INTO cors_origin (service, origin) VALUES ('api', '$_[0]');") }

sql(CorsTest::slurp('conf/origins.sqlite.sql'));
list($a);
my $s = CorsSets->start(<<"CONF", -modules => [qw(dbd watchdog)]);
DBDriver sqlite3
DBDParams $folder/origins.db
DBDMin 0
CorsOriginSet p "dbd:SELECT origin FROM cors_api" "version=SELECT version FROM cors_version" refresh=1s
CorsAllowOrigin \@p
CONF

$s->settles('', $a, $yes, 'listed');
$s->settles('', $evil, $no, 'not listed');
list($new);
$s->settles('', $new, $yes, 'put in');
sql("DELETE FROM cors_origin WHERE origin = '$new';");
$s->settles('', $new, $no, 'taken out');

# Locked for a moment, in which the last list goes on.
my $checker = CorsChecker->start($s, until => time + 4, always => [ $a ],
    never => [ $evil ]);
open my $lock, '|-', $sqlite, "$folder/origins.db" or die "sqlite3: $!\n";
print $lock "BEGIN EXCLUSIVE;\n";
$lock->flush;
sleep 3;
print $lock "COMMIT;\n";
close $lock;
my $report = $checker->finish;
is_deeply $report->{wrong}, [], 'locked: no wrong answer';
is $report->{unavailable}, 0, 'and all are answers';

# A table that is gone.
sql('ALTER TABLE cors_version RENAME TO away;');
my $cause = qr/\[cors:error\] .*: the database says 'no such table: cors_version'/;
$s->wait_for('the error', sub { grep { /$cause/ } $s->log_lines });
$s->settles('', $a, $yes, 'the last list goes on');
$s->settles('', $evil, $no, 'and no other');
# The first statement after a change of the schema may fail.
$s->announce($cause, qr/\[cors:error\] .*CorsOriginSet p /);
sql('ALTER TABLE away RENAME TO cors_version;');
list($new);
$s->settles('', $new, $yes, 'it works again');
$s->announce(qr/\[cors:notice\] .*: it works again$/);
$s->finish;
