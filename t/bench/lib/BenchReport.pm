package BenchReport;

=head1 NAME

BenchReport - what was counted, against its bounds and as tables

=cut

use strict;
use warnings;
use BenchCases qw(@WORK @PLACES @SIZES @HOSTILE @SETUPS @HALVES);
use Exporter 'import';

our @EXPORT_OK = qw(check_answers count_findings scale_findings work_table
    place_table bound_table scale_table time_table);

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

# What there is a bound for: [ what, measured, bound ] each.
sub count_findings {
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

# The memory that the policy adds to that of the same hosts, and that each
# origin takes beyond httpd's own copy of the text.
sub scale_findings {
    my %row = map { ("$_->{count} $_->{of}, $_->{kind}" => $_) } @_;
    my @found;
    for my $name (sort keys %row) {
        my $one = $row{$name};
        my $plain = $row{"$one->{count} $one->{of}, plain"};
        push @found, [ "$name: memory, %",
            100 * ($one->{parent} / $plain->{parent} - 1), 2 ]
            if $one->{kind} eq 'one policy for all';
        push @found, [ "$name: bytes each",
            ($one->{parent} - $plain->{parent}) / $one->{count}, 100 ]
            if $one->{kind} eq 'one list';
    }
    return @found;
}

sub number {
    my ($n) = @_;
    my $text = sprintf '%.0f', $n;
    1 while $text =~ s/^(-?\d+)(\d{3})/$1,$2/;
    return $text;
}

sub over {
    my ($n, $plain) = @_;
    return '' unless defined $n;
    return ($n < $plain ? '' : '+') . number($n - $plain);
}

# The first column is text, the others are figures.
sub table {
    my ($head, @rows) = @_;
    return join '', map { '| ' . join(' | ', @$_) . " |\n" } $head,
        [ '---', ('---:') x $#$head ], @rows;
}

our %TITLE = (plain => 'plain', floor => 'floor', recipe => 'recipe, correct',
    popular => 'recipe, popular', cors => 'mod_cors',
    express => 'express and cors', nginx => 'nginx');

sub work_table {
    my ($count) = @_;
    return table([ 'request', map { $TITLE{$_} } @SETUPS ], map {
        my $name = $_->{name};
        my $plain = $count->("$name: plain");
        [ $name, number($plain), map { over($count->("$name: $_"), $plain) }
            @SETUPS[1 .. $#SETUPS] ] } @WORK);
}

sub place_table {
    my ($count) = @_;
    return table([ 'policy in', $TITLE{plain}, $TITLE{cors} ], map {
        my $plain = $count->("$_->{name}: plain");
        [ "`$_->{name}`", number($plain),
            over($count->("$_->{name}: cors"), $plain) ] } @PLACES);
}

sub bound_table {
    my @findings = @_;
    return table([ 'what', 'measured', 'bound' ], map {
        [ $_->[0], abs $_->[1] < 100 ? sprintf '%.1f', $_->[1] + 0
            : number($_->[1]), number($_->[2]) ] } @findings);
}

sub scale_table {
    my @rows = @_;
    return table([ 'configuration', 'configtest, s', 'start, s',
        'parent, MB', 'child, MB' ], map { my $row = $_;
        [ number($row->{count}) . " $row->{of}, $row->{kind}",
          map({ sprintf '%.2f', $row->{$_} } qw(configtest start)),
          map { sprintf '%.1f', $row->{$_} / 1e6 } qw(parent child) ]
        } @rows);
}

sub time_table {
    my @rows = @_;
    return table([ 'request', 'requests a second', 'half within, ms',
        '99 of 100, ms', 'rate against mod_cors', 'half of the rounds' ], map { my $row = $_;
        [ "$row->{kind}, $TITLE{$row->{name}}", number($row->{rate}),
          map({ sprintf '%.2f', $row->{$_} / 1000 } qw(p50 p99)),
          sprintf('%.2f', $row->{ratio}),
          sprintf('%.2f to %.2f', @$row{qw(least most)}) ] } @rows);
}

1;
