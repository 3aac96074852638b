package BenchSets;

=head1 NAME

BenchSets - what large sets take: time, and memory of each process

=cut

use strict;
use warnings;
use BenchReport ();
use BenchScale ();
use BenchServer;
use CorsPostgres;
use Exporter 'import';
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(measure_sets large_set_findings set_tables);

my @COUNTS = (100_000, 1_000_000);
my $DEADLINE = 120;     # seconds; a list from the database takes 2

# Times that configtest is measured; the median is reported.
our $TIMES = 3;

my $TWO = <<'CONF';
StartServers 2
ServerLimit 2
ThreadsPerChild 4
MaxRequestWorkers 8
MinSpareThreads 1
MaxSpareThreads 8
LogLevel cors:info
CONF

sub origin_of { return "https://tenant$_[0].example.com" }

# Returns rows of files, rows of the database, and what is left out.
sub measure_sets {
    my (%more) = @_;
    my @counts = grep { !$more{most} || $_ <= $more{most} } @COUNTS;
    my @files = map { measure_file($_) } @counts;
    my @missing = missing();
    return (\@files, [], [ "a set from PostgreSQL (@missing)" ]) if @missing;
    my $database = CorsPostgres->start;
    $database->make_tables;
    my @rows = map { measure_database($database, $_) } @counts;
    $database->kill_all;
    return (\@files, \@rows, []);
}

sub missing {
    my $modules = CorsTest::apxs_q('LIBEXECDIR');
    return ((CorsPostgres->binary ? () : 'postgresql'),
        (-e "$modules/mod_dbd.so" ? () : 'mod_dbd'),
        (CorsPostgres::has_driver('pgsql') ? () : 'libaprutil1-dbd-pgsql'));
}

# Seconds and CPU seconds of configtest: the medians.
sub configtest {
    my ($server) = @_;
    my (@seconds, @cpu);
    for (1 .. $TIMES) {
        my @before = times;
        push @seconds, $server->configtest;
        my @after = times;
        push @cpu, $after[2] + $after[3] - $before[2] - $before[3];
    }
    return map { BenchScale::median(@$_) } \@seconds, \@cpu;
}

sub measure_file {
    my ($count) = @_;
    print STDERR "  a file of $count origins\n";
    my $file = '@ROOT@/htdocs/p.origins';
    my $plain = BenchServer->new(mpm => 'event', modules => [qw(cors watchdog)],
        conf => "CorsAllowOrigin https://a.example\n");
    my $with = BenchServer->new(mpm => 'event', modules => [qw(cors watchdog)],
        conf => "CorsOriginSet p file:$file\nCorsAllowOrigin \@p\n",
        files => { 'p.origins' => join '', map { origin_of($_) . "\n" }
            1 .. $count });
    chmod 0644, "$with->{root}/htdocs/p.origins";
    my ($seconds, $cpu) = configtest($with);
    my ($other_seconds, $other_cpu) = configtest($plain);
    return { count => $count, seconds => $seconds - $other_seconds,
        cpu => $cpu - $other_cpu };
}

sub children {
    my ($pid) = @_;
    return split ' ', CorsTest::slurp("/proc/$pid/task/$pid/children");
}

# The most memory that a process has had, in bytes.
sub peak {
    my ($pid) = @_;
    my ($kib) = CorsTest::slurp("/proc/$pid/status") =~ /^VmHWM:\s+(\d+) kB/m;
    return ($kib || 0) * 1024;
}

# The server with a set or without.  Waits for the list if there is one.
sub start {
    my ($database, $lines) = @_;
    my $server = BenchServer->new(mpm => 'event',
        modules => [qw(cors watchdog dbd)], conf => $TWO . "DBDriver pgsql\n"
        . 'DBDParams "' . $database->parameters . "\"\nDBDMin 0\n$lines");
    $server->start([ '-D', 'FOREGROUND' ]);
    wait_for($server, 'two processes', sub { children($server->{pid}) >= 2 });
    return $server;
}

sub wait_for {
    my ($server, $what, $done) = @_;
    my $end = time + $DEADLINE;
    until ($done->()) {
        die "waited for $what:\n", $server->said if time > $end;
        sleep 0.05;
    }
}

sub measure_database {
    my ($database, $count) = @_;
    print STDERR "  $count rows of PostgreSQL\n";
    $database->sql("TRUNCATE cors_origin;\nINSERT INTO cors_origin (service, "
        . "origin) SELECT 'api', 'https://tenant' || i || '.example.com' FROM "
        . "generate_series(1, $count) AS i;\nANALYZE cors_origin;\n");
    my $plain = start($database, "CorsAllowOrigin https://a.example\n");
    sleep 1.5;
    my $least = BenchScale::median(map { BenchScale::resident($_) }
        children($plain->{pid}));
    $plain->stop;

    my $server = start($database, 'CorsOriginSet p "dbd:SELECT origin FROM '
        . "cors_api\" refresh=1h\nCorsAllowOrigin \@p\n");
    my $read;
    wait_for($server, 'the list', sub { ($read) = join('', $server->said)
        =~ /CorsOriginSet p .*: $count origins.* in (\d+) ms/ });
    my @children = sort { peak($a) <=> peak($b) } children($server->{pid});
    my %row = (count => $count, seconds => $read / 1000,
        peak => peak($children[-1]),
        other => BenchScale::resident($children[0]) - $least);
    $server->stop;
    return \%row;
}

# [ what, measured, bound ] each; judged are rows of BenchJudge.
sub large_set_findings {
    my ($files, $rows) = @_;
    my @found;
    for my $row (@$files) {
        my $name = BenchReport::number($row->{count}) . ' origins in a file';
        push @found, [ "$name: configtest, s", $row->{seconds}, 2 ],
            [ "$name: configtest, s of CPU", $row->{cpu}, 5 ];
    }
    for my $row (@$rows) {
        my $name = BenchReport::number($row->{count}) . ' rows of PostgreSQL';
        push @found, [ "$name: reading, s", $row->{seconds}, 3 ],
            [ "$name: the process that reads, MB", $row->{peak} / 1e6, 300 ],
            [ "$name: another process, MB more", $row->{other} / 1e6, 1 ];
    }
    return @found;
}

sub set_tables {
    my ($files, $rows) = @_;
    my @tables = BenchReport::table([ 'origins in a file',
        'configtest, s more', 's of CPU more' ], map { my $row = $_;
        [ BenchReport::number($row->{count}),
          map { sprintf '%.2f', $row->{$_} } qw(seconds cpu) ] } @$files);
    push @tables, BenchReport::table([ 'rows of PostgreSQL', 'reading, s',
        'the process that reads, MB', 'another process, KB more' ], map {
        [ BenchReport::number($_->{count}), sprintf('%.2f', $_->{seconds}),
          sprintf('%.0f', $_->{peak} / 1e6),
          sprintf('%.0f', $_->{other} / 1e3) ] } @$rows) if @$rows;
    return join "\n", @tables;
}

1;
