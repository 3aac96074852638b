package BenchJudge;

=head1 NAME

BenchJudge - the instructions that judging alone takes, by callgrind

=head1 DESCRIPTION

t/bench/judge.c, which is built and linked as the module is, judges one request
many times.  No server is there, so that a few instructions are seen: what sets
and ceilings cost over a list.

=cut

use strict;
use warnings;
use BenchReport ();
use BenchServer;
use Exporter 'import';
use File::Temp qw(tempdir);

our @EXPORT_OK = qw(@JUDGED judge_rows judge_findings judge_table);

# What a list and a set have, both of which find what they have.
my $EXACT = 'https://app.example.com';
my $BOTH  = "$EXACT https://*.example.org";

# list, set, limit: see judge.c.  over: the row that it is compared with, and
# the bound of what it may take more.  An image has a seed of its own each time:
# where a text comes to stand differs, and with it a step of 10 instructions or
# several.
our @JUDGED = (
    { name => 'exact, in a list', list => $BOTH },
    { name => 'exact, in a set of 10', set => '10+1',
      over => 'exact, in a list', bound => 260 },
    { name => 'exact, in a set of 100,000', set => '100000+1',
      over => 'exact, in a list', bound => 260 },
    { name => 'exact, in a set of 1,000,000', set => '1000000+1', long => 1,
      over => 'exact, in a list', bound => 260 },
    { name => 'by a pattern, in a list', list => $BOTH,
      origin => 'https://www.example.org' },
    { name => 'by a pattern, in a set', set => '10+1',
      origin => 'https://www.example.org', over => 'by a pattern, in a list',
      bound => 440 },
    { name => 'refused, by a list', list => $BOTH, allowed => 0 },
    { name => 'refused, by a set', set => '10+1', allowed => 0,
      over => 'refused, by a list', bound => 420 },
    { name => 'refused, by a list without patterns', list => $EXACT,
      allowed => 0 },
    { name => 'refused, by a set without patterns', set => '10', allowed => 0,
      over => 'refused, by a list without patterns', bound => 390 },
    { name => 'in Redis, by a kept answer', set => 'kept', list => $EXACT,
      origin => 'https://www.example.org',
      over => 'refused, by a list without patterns', bound => 740 },
    { name => 'exact, under a ceiling', list => $BOTH,
      limit => 'https://*.example.com', over => 'exact, in a list',
      bound => 115 },
);

# Judgements of each.
my $COUNT = 1_000;

# Counts all rows; of those that take long, none if $quick.
sub judge_rows {
    my ($quick) = @_;
    my $dir = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    my @rows = grep { !($quick && $_->{long}) } @JUDGED;
    count($_, $dir) for @rows;
    return @rows;
}

sub count {
    my ($row, $dir) = @_;
    my $allowed = $row->{allowed} // 1;
    my @arguments = (map({ $row->{$_} // '-' } qw(list set limit)),
        $row->{origin} || ($allowed ? $EXACT : 'https://evil.example.com'),
        $COUNT);
    my $program = BenchServer::bench_dir() . '/../../build/judge';
    my @command = ('valgrind', '--tool=callgrind', '--toggle-collect=judge_all',
        "--log-file=$dir/log", "--callgrind-out-file=$dir/out", $program,
        @arguments);
    open my $out, '-|', @command or die "valgrind: $!\n";
    my $said = do { local $/; <$out> };
    close $out or die "failed: @command\n", CorsTest::slurp("$dir/log");
    my ($verdict, $bytes) = $said =~ /^(\S+) (\d+)$/ or die "judge: $said\n";
    die "$row->{name}: $verdict\n"
        if $verdict ne ($allowed ? 'allowed' : 'origin-not-allowed');
    CorsTest::slurp("$dir/log") =~ /Collected : (\d+)/
        or die "callgrind failed\n";
    @$row{qw(count bytes)} = ($1 / ($COUNT + 1), $bytes);
    printf STDERR "  %-50s %9.0f\n", $row->{name}, $row->{count};
}

sub over {
    my ($row, @rows) = @_;
    my ($other) = grep { $_->{name} eq $row->{over} } @rows;
    return $row->{count} - $other->{count};
}

# The image of a large set, for each origin.
sub bytes_findings {
    my @rows = @_;
    my @found;
    for my $row (@rows) {
        my ($count) = ($row->{set} || '') =~ /^(\d{5,})\b/ or next;
        push @found, [ BenchReport::number($count) . ' origins in a set: bytes each',
            $row->{bytes} / $count, 80 ];
    }
    return @found;
}

# [ what, measured, bound ] each.
sub judge_findings {
    my @rows = @_;
    return ((map { [ "judging, $_->{name}, over $_->{over}", over($_, @rows),
        $_->{bound} ] } grep { $_->{over} } @rows), bytes_findings(@rows));
}

sub judge_table {
    my @rows = @_;
    return BenchReport::table([ 'an origin', 'instructions', 'more' ], map {
        [ $_->{name}, BenchReport::number($_->{count}), $_->{over}
            ? sprintf('%+.0f', over($_, @rows)) : '' ] } @rows);
}

1;
