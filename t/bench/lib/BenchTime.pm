package BenchTime;

=head1 NAME

BenchTime - the CPU time that a request takes, in pairs

=head1 DESCRIPTION

All servers run at once.  Each is loaded in turns with mod_cors, A B B A, so
that what else the machine does meets both alike; four such rounds make one
ratio.  The median of the ratios is reported with its 95 % interval.  CPU time
and not the clock: that shows how the processes of others were scheduled.
Times are never a failure.

=cut

use strict;
use warnings;
use BenchRivals qw(start_rivals has);
use BenchSetups qw(timed_headers);
use Exporter 'import';
use POSIX ();

our @EXPORT_OK = qw(measure_times);

# Ratios for each pair, and the CPU time of a round: of many clock ticks.
our $BLOCKS  = 31;
our $SECONDS = 0.25;
my $CLIENTS  = 8;
my $WARM_UP  = 2_000;   # requests
my $TICK     = 1 / POSIX::sysconf(POSIX::_SC_CLK_TCK());

my @ORDER = qw(plain recipe popular express nginx);

# Returns the rows of a table, and what was left out.
sub measure_times {
    return ([], [ 'anything: no h2load' ]) unless has('h2load');
    my ($server, $left_out) = start_rivals();
    my @rows;
    for my $kind (qw(allowed preflight)) {
        my %load = map { $_ => load_for($server->{$_}, $kind) } keys %$server;
        for my $name (grep { $load{$_} } @ORDER) {
            # The plain server answers no preflight.
            next if $name eq 'plain' && $kind eq 'preflight';
            print STDERR "  $kind, $name\n";
            push @rows, { kind => $kind, name => $name,
                compare(@load{ $name, 'cors' }) };
        }
    }
    $_->stop for values %$server;
    return (\@rows, $left_out);
}

# How a server is loaded: as many requests as take it $SECONDS.
sub load_for {
    my ($server, $kind) = @_;
    my $load = { server => $server, kind => $kind, requests => $WARM_UP };
    my $each = cpu_of($load) || $TICK / $WARM_UP;
    $load->{requests} = int($SECONDS / $each) + $CLIENTS;
    return $load;
}

# What each takes for a request, in microseconds, and the ratio with its
# interval.
sub compare {
    my ($own, $cors) = @_;
    my (@own, @cors, @ratio);
    for (1 .. $BLOCKS) {
        my ($a1, $b1, $b2, $a2) = map { 1e6 * cpu_of($_) }
            $own, $cors, $cors, $own;
        push @own, ($a1 + $a2) / 2;
        push @cors, ($b1 + $b2) / 2;
        push @ratio, ($a1 + $a2) / ($b1 + $b2);
    }
    my ($ratio, $least, $most) = interval(@ratio);
    return (own => median(@own), cors => median(@cors), ratio => $ratio,
        least => $least, most => $most,
        narrow => $most - $least < 0.1 * $ratio);
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return ($sorted[$#sorted / 2] + $sorted[@sorted / 2]) / 2;
}

# The median, and between which values the true one is with a probability of
# 95 % at the least: as many are left out at each end as heads come up so
# seldom, or less, where a coin is tossed for each value.
sub interval {
    my @sorted = sort { $a <=> $b } @_;
    my ($out, $below, $ways) = (0, 0, 0.5 ** @sorted);
    while (($below += $ways) <= 0.025) {
        $ways *= (@sorted - $out) / ($out + 1);
        $out++;
    }
    die "too few values for an interval\n" unless $out;
    return (median(@sorted), $sorted[$out - 1], $sorted[-$out]);
}

# Loads a server and returns the seconds that its processes took for each
# request.
sub cpu_of {
    my ($load) = @_;
    my $before = cpu_seconds($load->{server});
    answer_all($load);
    return (cpu_seconds($load->{server}) - $before) / $load->{requests};
}

# User and system time of all processes of a server, those included that have
# ended.
sub cpu_seconds {
    my ($server) = @_;
    my @pids = ($server->{pid}, @{ $server->{helpers} || [] });
    my $ticks = 0;
    while (defined(my $pid = shift @pids)) {
        my ($fields) = CorsTest::slurp("/proc/$pid/stat") =~ /.*\) (.*)/s
            or die "no process $pid\n";
        # utime, stime, cutime and cstime of proc(5).
        $ticks += $_ for (split ' ', $fields)[11 .. 14];
        push @pids, split ' ',
            CorsTest::slurp("/proc/$pid/task/$pid/children");
    }
    return $ticks * $TICK;
}

sub answer_all {
    my ($load) = @_;
    my @headers = map { ('-H', $_) } timed_headers($load->{kind});
    my $url = "http://127.0.0.1:$load->{server}{port}/file.txt";
    my $pid = open my $h2load, '-|';
    die "fork: $!\n" unless defined $pid;
    if (!$pid) {
        open STDERR, '>&', \*STDOUT;
        exec 'h2load', '--h1', '-t1', "-c$CLIENTS", "-n$load->{requests}",
            @headers, $url or exit 1;
    }
    my $said = join '', <$h2load>;
    close $h2load or die "h2load failed:\n$said";
    $said =~ /^status codes: (\d+) 2xx/m && $1 == $load->{requests}
        or die "h2load: not every answer was 200 or 204\n$said";
}

1;
