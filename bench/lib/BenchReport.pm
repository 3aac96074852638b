package BenchReport;

=head1 NAME

BenchReport - what was counted, against its bounds and as tables

=cut

use strict;
use warnings;
use BenchCases qw(@WORK @PLACES @SIZES @HOSTILE @SETUPS @HALVES);
use Exporter 'import';

our @EXPORT_OK = qw(check_answers check_bounds counts_report);

# The lines of CORS in an answer's head, sorted, blanks after commas left out:
# httpd joins Vary without them.
sub lines_of {
    my ($head) = @_;
    return join '', sort map { s/, /,/gr } $head =~
        /^((?:Vary|Access-Control-[^:]+): .*\n)/mg;
}

# A count of something else than what was meant would be worth nothing.
sub check_answers {
    my @jobs = @_;
    my @wrong;
    for my $job (@jobs) {
        next unless $job->{setup} =~ /^(?:floor|cors)$/ && $job->{lines};
        my $expected = lines_of(join '', map { "$_->[0]: $_->[1]\r\n" }
            @{ $job->{lines} });
        my ($status) = $job->{head} =~ /^HTTP\S+ (\d+)/;
        push @wrong, "$job->{name}: answered\n$job->{head}"
            if lines_of($job->{head}) ne $expected
            || $job->{setup} eq 'cors' && $status != $job->{status};
    }
    return @wrong;
}

# [ what, count, bound ] each.
sub findings {
    my ($count) = @_;
    return (work_findings($count), size_findings($count),
        hostile_findings($count));
}

sub work_findings {
    my ($count) = @_;
    my @found;
    for my $row (@WORK) {
        my $cors = $count->("$row->{name}: cors");
        push @found, [ "$row->{name}, over plain",
            $cors - $count->("$row->{name}: plain"), $row->{bound} ]
            if defined $row->{bound};
        push @found, [ "$row->{name}, over the floor",
            $cors - $count->("$row->{name}: floor"), $row->{floor_bound} ]
            if defined $row->{floor_bound};
    }
    return @found;
}

# In parts of 100 of the whole request.
sub size_findings {
    my ($count) = @_;
    my ($least, @more) = map { $count->("$_->[0] + $_->[1] origins: cors") }
        @SIZES;
    return [ 'the longest list against the shortest, %',
        100 * abs($more[-1] / $least - 1), 1 ];
}

# What each byte costs over the floor, in the first and the second half of the
# longest value.
sub hostile_findings {
    my ($count) = @_;
    my @found;
    for my $row (@HOSTILE) {
        my @over = map { $count->("$row->{name}, $_ bytes: cors")
            - $count->("$row->{name}, $_ bytes: floor") } @HALVES;
        my @each = map { ($over[$_] - $over[$_ - 1])
            / ($HALVES[$_] - $HALVES[$_ - 1]) } 1 .. $#HALVES;
        push @found, [ "$row->{name}, a byte", $each[-1], $row->{bound} ],
            [ "$row->{name}, a byte more in the second half",
              $each[-1] - $each[-2], 1 ];
    }
    return @found;
}

# What is beyond its bound, as sentences.
sub check_bounds {
    my ($count) = @_;
    return map { sprintf '%s: %.1f, bound %s', @$_ }
        grep { $_->[1] > $_->[2] } findings($count);
}

sub number {
    my ($n) = @_;
    my $text = sprintf '%.0f', $n;
    1 while $text =~ s/^(-?\d+)(\d{3})/$1,$2/;
    return $text;
}

sub over {
    my ($count, $name, $plain) = @_;
    my $n = $count->($name);
    return '' unless defined $n;
    my $over = number($n - $plain);
    return $over =~ /^-/ ? $over : "+$over";
}

sub table {
    my ($head, @rows) = @_;
    my @lines = map { '| ' . join(' | ', @$_) . " |\n" } $head,
        [ map { /^[A-Z]?[a-z]+$/ ? '---:' : '---' } @$head ], @rows;
    $lines[1] =~ s/---:/---/;
    return join '', @lines;
}

sub counts_report {
    my ($count) = @_;
    return join "\n", work_table($count), place_table($count),
        bound_table($count);
}

sub work_table {
    my ($count) = @_;
    return table([ 'request', @SETUPS ], map { my $row = $_;
        my $plain = $count->("$row->{name}: plain");
        [ $row->{name}, number($plain), map { over($count,
            "$row->{name}: $_", $plain) } @SETUPS[1 .. $#SETUPS] ] } @WORK);
}

sub place_table {
    my ($count) = @_;
    return table([ 'policy in', 'plain', 'cors' ], map {
        my $plain = $count->("$_->{name}: plain");
        [ "`$_->{name}`", number($plain), over($count, "$_->{name}: cors",
            $plain) ] } @PLACES);
}

sub bound_table {
    my ($count) = @_;
    return table([ 'what', 'measured', 'bound' ], map {
        [ $_->[0], sprintf($_->[1] < 50 ? '%.1f' : '%.0f', $_->[1]),
          $_->[2] ] } findings($count));
}

1;
