# Sets under load while everything fails in turn: databases are killed and
# stopped, children are killed, the file is replaced, httpd restarts.  No answer
# is wrong.  SETS_REQUESTS says how many requests each of the four clients sends
# (10,000); make sets-long sends a million.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use Time::HiRes qw(sleep time);
use CorsChecker;
use CorsPostgres;
use CorsRedis;
use CorsSets;
use CorsTest;

my $requests = $ENV{SETS_REQUESTS} || 10000;
my $least = $ENV{SETS_SECONDS} || 15;   # so that every fault has its turn

CorsService::needs('CorsPostgres', 'CorsRedis', CorsSets::dbd('pgsql'),
    CorsSets::hiredis());

sub origins { my ($name) = @_; map { "https://$name$_.example" } 1 .. 20 }

my $database = CorsPostgres->start;
$database->make_tables;
$database->list(origins('dbd'));
# What it has been told outlives a kill.
my $redis = CorsRedis->start(arguments => [ '--appendonly', 'yes' ]);
$redis->list(origins('redis'));

my $list = join '', map { "$_\n" } origins('file');
my $s = CorsSets->start($database->conf . <<"CONF", -modules =>
CorsOriginSet file file:htdocs/list.origins refresh=1s
CorsOriginSet dbd "dbd:SELECT origin FROM cors_api" refresh=1s
CorsOriginSet redis redis:127.0.0.1:$redis->{port}/cors: refresh=1s timeout=50ms
<Location /snapshots>
  CorsAllowOrigin \@file \@dbd
</Location>
<Location /all>
  CorsAllowOrigin \@redis \@dbd \@file
</Location>
CustomLog /dev/null cors
CONF
    [qw(dbd watchdog)], 'list.origins' => $list);
my $file = "$s->{root}/htdocs/list.origins";

sub put_elsewhere { "https://@{[ int rand 1e9 ]}.elsewhere.example" }

# Each ends with everything as it was.
my @faults = (
    sub { $redis->kill_all; sleep 0.3; $redis->launch },
    sub { $database->kill_all; sleep 0.3; $database->launch },
    sub { kill USR1 => $s->{pid}; sleep 1 },
    sub { my @c = $s->children; kill KILL => $c[ rand @c ] if @c },
    sub { $redis->stop_all; sleep 0.7; $redis->continue_all },
    sub { $database->stop_all; sleep 0.7; $database->continue_all },
    sub { CorsSets::replace_file($file, $list . put_elsewhere() . "\n") },
    sub { $database->list(put_elsewhere()) },
    sub { CorsTest::write_file($file, $list) },
    sub { $redis->ask('CLIENT', 'PAUSE', 100); $redis->list(put_elsewhere()) },
    sub { kill KILL => $s->children },
    sub { $database->sql('BEGIN; ALTER TABLE cors_origin RENAME TO away; COMMIT');
        sleep 1.2; $database->sql('ALTER TABLE away RENAME TO cors_origin') },
);

# The first lists are there.
$s->wait_for('the first list of the database', sub {
    grep { $_ eq 'allowed' } CorsTest::all($s->get('/snapshots/',
        Origin => (origins('dbd'))[0]), 'X-Verdict') });

my @never = (origins('never'), 'https://file21.example', 'http://dbd1.example',
    'https://redis1.example:8443');
my @checkers = map { CorsChecker->start($s, path => "/$_/", never => \@never,
    requests => $requests, least => time + $least,
    always => [ origins('file'), origins('dbd'),
        $_ eq 'all' ? origins('redis') : () ]) } qw(snapshots all);
my $count = 0;
while ($checkers[0]->is_running || $checkers[1]->is_running) {
    $faults[ $count++ % @faults ]->();
    sleep 0.2;
}
for my $checker (@checkers) {
    my $report = $checker->finish;
    diag "$checker->{path}: ", join ', ', map { "$_ $report->{$_}" }
        grep { $_ ne 'wrong' } sort keys %$report;
    is_deeply $report->{wrong}, [], "$checker->{path}: no wrong answer";
    cmp_ok $report->{requests}, '>=', 2 * $requests, 'to all requests';
    is $report->{unavailable}, 0, 'a snapshot always has an answer'
        if $checker->{path} eq '/snapshots/';
}
cmp_ok $count, '>=', scalar @faults, 'every fault had its turn';
$s->announce(qr/\[cors:error\] .*CorsOriginSet /,
    qr/\[cors:notice\] .*: it works again$/);
$s->finish;
