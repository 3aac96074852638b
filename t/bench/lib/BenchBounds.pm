package BenchBounds;

=head1 NAME

BenchBounds - what was counted, against its bounds

=cut

use strict;
use warnings;
use BenchCases qw(@WORK @SECTIONS @ENFORCED @LIMITED @SETS @FLOODS @HTACCESS @SIZES
    @HOSTILE @HALVES);
use Exporter 'import';

our @EXPORT_OK = qw(check_answers count_findings scale_findings
    more_in_sections over_empty_file);

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
        next unless $job->{lines}
            && ($job->{checked} || $job->{setup} =~ /^(?:floor|cors)$/);
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
    return (work_findings($count), section_findings($count),
        enforced_findings($count), limited_findings($count),
        set_findings($count),
        flood_findings($count), htaccess_findings($count), size_findings($count),
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

sub section_findings {
    my ($count) = @_;
    return map { [ "three sections, $_->{name}, over the same at the top",
        more_in_sections($count, $_), $_->{bound} ] }
        grep { defined $_->{bound} } @SECTIONS;
}

sub enforced_findings {
    my ($count) = @_;
    return map { my $name = "enforcement, $_->{name}";
        [ "$name, over the same without it",
            $count->("$name: on") - $count->("$name: off"), $_->{bound} ] }
        @ENFORCED;
}

sub limited_findings {
    my ($count) = @_;
    return map { my $name = "ceiling, $_->{name}";
        [ "$name, over the same without it",
            $count->("$name: on") - $count->("$name: off"), $_->{bound} ] }
        @LIMITED;
}

sub set_findings {
    my ($count) = @_;
    return map { my $name = "set, $_->{name}";
        [ "$name, over the same in a list",
            $count->("$name: on") - $count->("$name: off"), $_->{bound} ] }
        @SETS;
}

sub flood_findings {
    my ($count) = @_;
    return map { [ "$_->{name}, over one that is known",
        $count->("$_->{name}: on") - $count->("$_->{name}: off"),
        $_->{bound} ] } @FLOODS;
}

# What the lines cost more in sections than at the top, beyond what the
# sections cost where they are empty.
sub more_in_sections {
    my ($count, $row) = @_;
    my ($lines, $none) = map { $count->("$_->{name}: sections")
        - $count->("$_->{name}: top") } $row, $SECTIONS[0];
    return $lines - $none;
}

sub htaccess_findings {
    my ($count) = @_;
    return map { [ "`.htaccess`, $_->{name}, over an empty one",
        over_empty_file($count, $_), $_->{bound} ] }
        grep { defined $_->{bound} } @HTACCESS;
}

sub over_empty_file {
    my ($count, $row) = @_;
    my ($lines, $none) = map { $count->(".htaccess: $_->{name}") }
        $row, $HTACCESS[0];
    return $lines - $none;
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

my $MEGABYTES = 150;    # of a policy for each host or section

# The memory that the policy adds to that of the same hosts, and that each
# origin takes beyond httpd's own copy of the text; the time that configtest
# takes for them.
sub scale_findings {
    my %row = map { ("$_->{count} $_->{of}, $_->{kind}" => $_) } @_;
    my @found;
    for my $name (sort keys %row) {
        my $one = $row{$name};
        my $plain = $row{"$one->{count} $one->{of}, plain"};
        push @found, [ "$name: memory, %",
            100 * ($one->{parent} / $plain->{parent} - 1), 3 ]
            if $one->{kind} eq 'one policy for all';
        push @found, [ "$name: bytes each",
            ($one->{parent} - $plain->{parent}) / $one->{count}, 100 ]
            if $one->{kind} eq 'one list';
        push @found, [ "$name: memory, MB",
            ($one->{parent} - $plain->{parent}) / 1e6, $MEGABYTES ]
            if $one->{kind} eq 'a policy each';
        push @found, [ "$name: configtest, s",
            $one->{configtest} - $plain->{configtest}, $one->{seconds} ]
            if defined $one->{seconds} && $one != $plain;
    }
    return @found;
}

1;
