package CorsMigrate::Print;

# Prints what was translated: comments, and the Cors lines in the sections and
# conditions in which they are to stand.

use strict;
use warnings;
use CorsMigrate::Guard;
use CorsMigrate::Policy qw(@DIRECTIVES);
use CorsMigrate::Case;
use Exporter 'import';

our @EXPORT_OK = qw(is_told report section_text lines_in);

my @KINDS = qw(wrong dropped note decide);
our $SUGGESTS = 1;      # whether lines that are to decide come as comments
my $WIDTH = 70;         # of a line, if it can be

# Whether a section has anything to be printed.
sub is_told {
    my ($place) = @_;
    return 1 if $place->{gone} || $place->{said};
    return grep { !$_->{silent} && (%{ $_->{lines} || {} } || $_->{only_if}
        || $_->{decided} || grep { @{ $_ } } values %{ $_->{words} || {} }) }
        values %{ $place->{cases} || {} };
}

sub is_decided {
    my ($place) = @_;
    return scalar grep { $_->{decided} } values %{ $place->{cases} };
}

# All that is said of a section, as text.
sub report {
    my ($place) = @_;
    my $text = '# ' . title($place) . "\n";
    $text .= comment('replaces', lines_used($place)) if $place->{gone};
    my %words = words_of($place);
    for my $kind (@KINDS) {
        $text .= comment($kind, s/^\Q$place->{file}\E:(\d+):/line $1:/r)
            for @{ $words{$kind} };
    }
    return $text . section_text($place) . "\n";
}

sub title {
    my ($place) = @_;
    my $name = $place->opening;
    my $use = $place->{use};
    my $from = $use ? " of $use->{text}, $use->{file}:$use->{line}" : '';
    return $name ? "$place->{file}:$place->{line}: $name$from"
                 : "$place->{file}: $place->{name}";
}

# The words of all cases, once each.
sub words_of {
    my ($place) = @_;
    my (%words, %seen);
    for my $words ((map { $_->{words} } map { $place->{cases}{$_} }
        sort keys %{ $place->{cases} }), $place->{said} || {}) {
        for my $kind (@KINDS) {
            push @{ $words{$kind} }, grep { !$seen{"$kind$_"}++ }
                @{ $words->{$kind} || [] };
        }
    }
    # What an outer section's own words say is said there.
    my %own = map { ("$_->{file}:$_->{line}" => 1) } own_lines($place);
    for my $kind (qw(wrong dropped note)) {
        @{ $words{$kind} } = grep { !/^(\S+:\d+): / || $own{$1} }
            @{ $words{$kind} || [] };
    }
    return %words;
}

sub own_lines {
    my ($place) = @_;
    my @inline = @{ $place->{with} || [] };
    my @in = grep { my $in = $_; $in == $place
        || $in->is_if && $in->{inline} && grep { $_ == $place } $in->around }
        $place, @inline;
    return ((map { $_->{line} } map { my $in = $_; map { @{ $in->{$_} || [] } }
        qw(header setenvif env rewrite other) } @in), @{ $place->{own} || [] },
        @{ $place->{gone} || [] }, (map { /^(.*):(\d+): /
            ? { file => $1, line => $2 } : () }
            map { @$_ } values %{ $place->{said} || {} }));
}

# A comment of any length, in lines of 79.
sub comment {
    my ($kind, $text) = @_;
    my @lines = "$kind: $text" =~ /\G(.{1,72}(?=\s|\z)|\S+)\s*/g;
    return join '', map { "$_\n" } '#   ' . shift @lines,
        map { "#     $_" } @lines;
}

# "lines 3-5, 9", and those of other files than the place's own.
sub lines_used {
    my ($place) = @_;
    my %lines;
    for my $line (@{ $place->{gone} }) {
        $lines{ $line->{file} }{$_} = 1
            for $line->{line} .. $line->{last} || $line->{line};
    }
    return join '; ', map { ($_ eq $place->{file} ? '' : "$_: ")
        . (keys %{ $lines{$_} } > 1 ? 'lines ' : 'line ')
        . join ', ', map { $_->[0] == $_->[1] ? $_->[0] : "$_->[0]-$_->[1]" }
            ranges(keys %{ $lines{$_} }) } sort keys %lines;
}

sub ranges {
    my @ranges;
    for (sort { $a <=> $b } @_) {
        if (@ranges && $ranges[-1][1] == $_ - 1) { $ranges[-1][1] = $_ }
        else { push @ranges, [ $_, $_ ] }
    }
    return @ranges;
}

# The lines of a section, in the sections around it.
sub section_text {
    my ($place) = @_;
    my @around = grep { $_->{parent} } $place->around, $place;
    my $text = join '', map { "$_\n" } nested([ @around ],
        lines_in($place, {}));
    return $text;
}

# Lines in sections.  A branch of an <If> stands behind the ones before it.
sub nested {
    my ($around, @lines) = @_;
    return @lines unless @$around && @lines;
    my ($outer, @inner) = @$around;
    my @in = map { "    $_" } nested(\@inner, @lines);
    my @before = $outer->is_if ? map { ($_->opening, "</$_->{name}>") }
        @{ $outer->{chain} }[0 .. $outer->{branch} - 1] : ();
    return (@before, $outer->opening, @in, "</$outer->{name}>");
}

# The lines of a section by itself: Cors lines in their conditions.  known:
# conditions that are settled where the lines are to stand.
sub lines_in {
    my ($place, $known) = @_;
    return in_conditions($place, [ @{ $place->{guards_of} } ], { %$known });
}

sub in_conditions {
    my ($place, $guards, $assignment) = @_;
    my @guards = @$guards;
    if (!@guards) {
        my $case = CorsMigrate::Case::case($place, $assignment) or return;
        return case_lines($case);
    }
    my $guard = shift @guards;
    return in_conditions($place, \@guards, $assignment)
        if exists $assignment->{ $guard->{key} };
    my @either = map { [ in_conditions($place, [ @guards ],
        { %$assignment, $guard->{key} => $_ }) ] } 1, 0;
    return @{ $either[0] } if "@{ $either[0] }" eq "@{ $either[1] }";
    return map { my $holds = $_ == 0;
        my ($open, $close) = CorsMigrate::Guard::opens($guard, $holds);
        @{ $either[$_] } ? ($open, (map { "    $_" } @{ $either[$_] }),
            $close) : () } 0, 1;
}

sub case_lines {
    my ($case) = @_;
    my %lines = %{ $case->{lines} || {} };
    my @lines = map { wrapped($_, @{ $lines{$_} }) }
        grep { $lines{$_} } @DIRECTIVES;
    if (my $only = $case->{only_if}) {
        push @lines, "<If \"$case->{policy}{only_if}\">", (map { "    $_" }
            map { wrapped($_, @{ $only->{$_} }) } grep { $only->{$_} }
            @DIRECTIVES), '</If>';
    }
    return @lines
        unless $SUGGESTS && $case->{decided} && $case->{suggested};
    my %suggested = %{ $case->{suggested} };
    $suggested{CorsAllowOrigin} ||= ['ORIGIN'] if %suggested;
    return (@lines, map { "#$_" } map { wrapped($_, @{ $suggested{$_} }) }
        grep { $suggested{$_} } @DIRECTIVES);
}

# A directive in lines of no more than $WIDTH, if it can: lists add up.
sub wrapped {
    my ($name, @arguments) = @_;
    my @lines = $name;
    for (@arguments) {
        push @lines, $name
            if length "$lines[-1] $_" > $WIDTH && $lines[-1] ne $name;
        $lines[-1] .= " $_";
    }
    return @lines;
}

1;
