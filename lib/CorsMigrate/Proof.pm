package CorsMigrate::Proof;

# Looks whether the lines that sections get come to what the recipe does,
# wherever sections may meet.  Where they would let more in, the section that
# httpd merges last lets nobody in, and somebody has to decide.

use strict;
use warnings;
use CorsMigrate::Any qw(by_origin is_for_all);
use CorsMigrate::Case qw(case lets_in);
use CorsMigrate::Granted qw(@STRANGERS candidates examples grants);
use CorsMigrate::Guard;
use CorsMigrate::Lists qw(exposed headers methods);
use CorsMigrate::Origins qw(covers);

our $MOST_PAIRS = 400;          # of sections that one meets
my $MOST_GUARDS = 6;            # in one meeting

sub prove {
    my ($sections, @targets) = @_;
    for my $place (@targets) {
        my @meetings = meetings($sections, $place);
        if ((grep { @$_ == 2 } @meetings) > $MOST_PAIRS) {
            close_place($place, [], undef, 'it meets others in more ways than '
                . 'anybody can look at');
            next;
        }
        prove_meeting($sections, $place, $_) for @meetings;
    }
}

# The sets of places that may hold with a place, merged before it: none, one or
# two of those that do not always hold with it.
sub meetings {
    my ($sections, $place) = @_;
    my %always = map { ($_ => 1) } @{ $place->{with} };
    my @may = grep { $_ != $place && !$always{$_} && $_->{key} lt $place->{key}
        && !$sections->is_inline($_) && $_->meets($place) }
        @{ $place->{near} };
    my @pairs;
    PAIR: for my $i (0 .. $#may) {
        for my $j ($i + 1 .. $#may) {
            push @pairs, [ @may[$i, $j] ] if $may[$i]->meets($may[$j]);
            last PAIR if @pairs > $MOST_PAIRS;
        }
    }
    return ([], (map { [$_] } @may), @pairs);
}

sub prove_meeting {
    my ($sections, $place, $others) = @_;
    my %in = map { ($_ => $_) } map { $_, @{ $_->{with} } } $place, @$others;
    my @in = CorsMigrate::Place::merged(values %in);
    my %guards = $sections->guards(@in);
    my @keys = sort keys %guards;
    if (@keys > $MOST_GUARDS) {
        close_place($place, $others, undef) if @$others;
        return;
    }
    for my $assignment (CorsMigrate::Sections::assignments(@keys)) {
        my $case = case($place, $assignment) or next;
        next if $case->{decided} && !@$others;
        my $said = merged_lines(\@in, $assignment);
        next if !lets_in($said);
        my $program = @$others ? $sections->program_of(\@in, $assignment)
            : $case->{program};
        my $wider = wider($said, $program,
            $sections->filter($place, @$others), $case);
        close_place($place, $others, $assignment, $wider) if $wider;
        note_lost($said, $program, $case, $others,
            $sections->filter($place, @$others)) if @$others && !$wider;
    }
}

# Origins that sections let in where they meet, and the new lines do not.
sub note_lost {
    my ($said, $program, $case, $others, $filter) = @_;
    my @allowed = @{ $said->{CorsAllowOrigin} };
    return if "@allowed" eq '*' || $case->{silent};
    my ($lost) = grep { my $one = $_; grants($program, $one)->{reads}
        && !grep { covers($_, $one) } @allowed }
        grep { !$filter || $filter->($_) } @STRANGERS,
            map { examples($_) } @{ candidates($program)->{origins} };
    return unless defined $lost;
    my $where = where(@$others);
    push @{ $case->{words}{note} }, "where $where holds too, the old lines let "
        . "in more, as $lost";
}

sub where { return join ' and ', map { $_->opening || $_->{file} } @_ }

# The Cors lines that hold where these places do.
sub merged_lines {
    my ($in, $assignment) = @_;
    my %lines;
    for (grep { $_->{cases} } @$in) {
        my $case = case($_, $assignment) or next;
        %lines = (%lines, %{ $case->{lines} || {} });
    }
    return \%lines;
}

# What the lines let in and the recipe does not, in words; or nothing.
sub wider {
    my ($said, $program, $filter, $case) = @_;
    $filter ||= sub { 1 };
    my @allowed = @{ $said->{CorsAllowOrigin} };
    my $found = candidates($program);
    my @exact = grep { !/\*/ } @{ $found->{origins} };
    my @asked = "@allowed" eq '*' ? (@STRANGERS, @exact)
        : ((grep { my $one = $_; grep { covers($_, $one) } @allowed } @exact),
            map { examples($_, @{ $found->{labels} }) } @allowed);
    my $seen = { program => $program, found => $found };
    return 'who may read, or what, depends on the origin' if "@allowed" eq '*'
        && (!is_for_all($seen) || by_origin($seen));
    for my $origin (grep { $filter->($_) } @asked) {
        my $got = grants($program, $origin);
        return "$got->{unknown}" if defined $got->{unknown};
        return "the old lines do not let in $origin" unless $got->{reads};
        my $more = more_than($said, $got);
        return $more if $more;
    }
    return;
}

sub more_than {
    my ($said, $got) = @_;
    my $sent = CorsMigrate::Policy::known($got->{sent});
    my $credentials = CorsMigrate::Policy::has_credentials($got);
    return 'the old lines give no credentials' if !$credentials
        && "@{ $said->{CorsAllowOrigin} }" ne '*' && ($said->{CorsAllowCredentials} || ['Off'])->[0] eq 'On';
    my $words = {};
    my %old = (
        CorsAllowMethods => [ 'GET', 'HEAD', 'POST',
            methods($words, $sent, $credentials) ],
        CorsAllowHeaders => [ headers($words, $sent, $credentials) ],
        CorsExposeHeaders => [ exposed($words,
            CorsMigrate::Policy::known($got), $credentials) ]);
    return 'no browser takes the answer of the old lines to a preflight'
        if $words->{decide} || !$got->{sent}{reads} && !$got->{ended};
    for my $name (sort keys %old) {
        my %has = map { lc $_ => 1 } @{ $old{$name} };
        my @more = grep { !$has{lc $_} && !($has{'*'}
            && lc ne 'authorization') && $_ ne 'none' }
            @{ $said->{$name} || [] };
        return "the old lines have no $more[0] for $name" if @more;
    }
    return;
}

# Lets nobody in where a place meets others, and says why.
sub close_place {
    my ($place, $others, $assignment, $why) = @_;
    my @cases = $assignment
        ? case($place, $assignment)
        : values %{ $place->{cases} };
    my $where = where(@$others);
    for my $case (@cases) {
        # A section that lets nobody in says so to the ones before it.
        if (!$case->{decided} && $case->{policy}{kind} eq 'none'
            && @$others && !$case->{silent}) {
            $case->{lines} = { CorsAllowOrigin => ['none'] };
            push @{ $case->{words}{note} }, "where $where holds too, nobody "
                . 'is let in';
            next;
        }
        push @{ $case->{words}{decide} }, (@$others ? "where $where holds too"
            : 'in all') . ', the new lines would let in more'
            . ($why ? ": $why" : '');
        $case->{suggested} ||= $case->{lines};
        $case->{lines} = { CorsAllowOrigin => ['none'] };
        $case->{decided} = 1;
        delete $case->{silent};
    }
}

1;
