package BenchScale;

=head1 NAME

BenchScale - what a large configuration takes: memory, and time to start

=cut

use strict;
use warnings;
use BenchServer;
use BenchSetups qw($POLICY);
use Exporter 'import';
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(measure_scale);

# How large a configuration can be: what a server of that size takes in memory
# and to start, against the same with words or hosts that nobody looks at.
# conf(n) is a list of lines.  seconds: what configtest may take beyond plain.
my @SCALE = (
    { name => 'virtual hosts', of => 'hosts', counts => [ 10_000 ],
      conf => { plain => sub { hosts($_[0], '') },
                'one policy for all' => sub { ($POLICY, hosts($_[0], '')) },
                'a policy each' => sub { hosts($_[0], $POLICY) } } },
    { name => 'hosts and sections', of => 'hosts and 1,000 sections',
      counts => [ 5_000 ], seconds => { 5_000 => 5 },
      conf => { plain => sub { (sections(1_000, ''), hosts($_[0], '')) },
                'a policy each' => sub { (sections(1_000, 'CorsMaxAge 600'),
                    hosts($_[0], $POLICY)) } } },
    { name => 'sections', of => 'sections with `Require ip`',
      counts => [ 10_000 ], seconds => { 10_000 => 2 },
      modules => ['authz_host'],
      conf => { map { my ($kind, $line) = @$_;
          $kind => sub { sections($_[0], "Require ip 10.0.0.0/8\n$line") } }
          [ plain => '' ],
          [ 'a policy each' => 'CorsAllowOrigin https://app.example.com' ] } },
    { name => 'origins', of => 'origins', counts => [ 100_000, 1_000_000 ],
      seconds => { 1_000_000 => 3 },
      conf => { plain => sub { listed($_[0], 'FloorIgnore') },
                'one list' => sub { listed($_[0], 'CorsAllowOrigin') } } },
);

sub hosts {
    my ($count, $policy) = @_;
    return map { "<VirtualHost *:\@PORT\@>\nServerName host$_.example\n"
        . "$policy</VirtualHost>\n" } 1 .. $count;
}

sub sections {
    my ($count, $lines) = @_;
    return map { "<Location \"/section$_\">\n$lines\n</Location>\n" }
        1 .. $count;
}

sub listed {
    my ($count, $directive) = @_;
    return map { "$directive https://host$_.example.net\n" } 1 .. $count;
}

# Times each is measured; the median is reported.
our $TIMES = 3;

my $EVENT = <<'CONF';
StartServers 1
ServerLimit 1
ThreadsPerChild 4
MaxRequestWorkers 4
CONF

sub measure_scale {
    my (%more) = @_;
    my @rows;
    for my $row (@SCALE) {
        for my $count (@{ $row->{counts} }) {
            next if $more{most} && $count > $more{most};
            my %conf = %{ $row->{conf} };
            for my $kind ('plain', sort grep { $_ ne 'plain' } keys %conf) {
                print STDERR "  $count $row->{of}, $kind\n";
                push @rows, { of => $row->{of}, count => $count,
                    kind => $kind, seconds => $row->{seconds}{$count},
                    measure([ modules_of($row, $kind) ],
                        $conf{$kind}->($count)) };
            }
        }
    }
    return @rows;
}

# A plain list of origins needs the floor, whose words nobody looks at.
sub modules_of {
    my ($row, $kind) = @_;
    return (@{ $row->{modules} || [] },
        $kind eq 'plain' && $row->{of} ne 'origins' ? () : qw(cors floor));
}

sub measure {
    my ($modules, @lines) = @_;
    my $conf = join '', $EVENT, @lines;
    my $server = BenchServer->new(mpm => 'event', conf => $conf,
        modules => $modules);
    my (@test, @start, @parent, @child);
    for (1 .. $TIMES) {
        push @test, $server->configtest;
        my $begin = time;
        $server->start([ '-D', 'FOREGROUND' ]);
        push @start, time - $begin;
        my $child = child_of($server->{pid});
        push @parent, resident($server->{pid});
        push @child, resident($child);
        $server->stop;
    }
    return (configtest => median(@test), start => median(@start),
        parent => median(@parent), child => median(@child));
}

# Bytes of its own, programs and libraries left out.  What a child has not
# changed counts as its parent's too.
sub resident {
    my ($pid) = @_;
    my ($kib) = CorsTest::slurp("/proc/$pid/smaps_rollup")
        =~ /^Anonymous:\s+(\d+) kB/m;
    die "no figures of process $pid\n" unless defined $kib;
    return $kib * 1024;
}

sub child_of {
    my ($pid) = @_;
    my $end = time + 20;
    while (time < $end) {
        my ($child) = split ' ', CorsTest::slurp(
            "/proc/$pid/task/$pid/children");
        return $child if $child;
        sleep 0.02;
    }
    die "httpd has no child\n";
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return $sorted[$#sorted / 2];
}

1;
