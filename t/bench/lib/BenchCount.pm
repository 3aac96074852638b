package BenchCount;

=head1 NAME

BenchCount - the instructions that a request takes, by callgrind

=head1 DESCRIPTION

httpd runs under valgrind in one process.  It answers many requests on one
connection in one run and fewer in another; the difference is what one request
costs, without start, connection and end.  The figure repeats to about 5
instructions: what is left is how often httpd writes a new second into its
dates.

=cut

use strict;
use warnings;
use BenchServer;
use Exporter 'import';
use File::Temp qw(tempdir);

our @EXPORT_OK = qw(count_all);

# Requests in the two runs: all lengths equally often.
our ($FEW, $MANY) = (200, 1_200);

# The instructions for one request of the job, and the answer's head.
sub count {
    my ($job) = @_;
    my ($few) = run($job, $FEW);
    my ($many, $head) = run($job, $MANY);
    return (($many - $few) / ($MANY - $FEW), $head);
}

sub run {
    my ($job, $requests) = @_;
    my $server = BenchServer->new(mpm => 'prefork', %$job);
    my $log = "$server->{root}/valgrind.log";
    $server->start('valgrind', '--tool=callgrind', '--vgdb=no',
        "--log-file=$log", "--callgrind-out-file=$server->{root}/callgrind");
    my $head = $server->talk($job->{request}, $requests);
    $server->stop;
    my $said = CorsTest::slurp($log);
    $said =~ /Collected : (\d+)/ or die "callgrind failed:\n$said";
    return ($1, $head);
}

# Counts all jobs, as many at a time as there are processors, and puts count
# and head into each.
sub count_all {
    my @jobs = @_;
    die "not all lengths alike\n" if grep { $_ % $BenchServer::LENGTHS }
        $FEW, $MANY;
    my $dir = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    chomp(my $free = `nproc`);
    my @waiting = keys @jobs;
    my %running;
    while (@waiting || %running) {
        if (@waiting && $free > keys %running) {
            my $i = shift @waiting;
            $running{ begin($jobs[$i], "$dir/$i") } = $i;
            next;
        }
        my $i = delete $running{ wait() };
        die "cannot count $jobs[$i]{name}\n" if $?;
        my ($count, $head) = split /\n/, CorsTest::slurp("$dir/$i"), 2;
        @{ $jobs[$i] }{qw(count head)} = ($count, $head);
        printf STDERR "  %-50s %9.0f\n", $jobs[$i]{name}, $count;
    }
}

sub begin {
    my ($job, $path) = @_;
    my $pid = fork;
    die "fork: $!\n" unless defined $pid;
    return $pid if $pid;
    my ($count, $head) = eval { count($job) };
    if (!defined $count) {
        print STDERR $@;
        exit 1;
    }
    CorsTest::write_file($path, "$count\n$head");
    exit 0;
}

1;
