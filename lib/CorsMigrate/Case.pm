package CorsMigrate::Case;

# What a section writes where its policy is known, or is to decide: the
# difference to what holds there without it.

use strict;
use warnings;
use CorsMigrate::Policy qw(%DEFAULTS @DIRECTIVES);
use Exporter 'import';

our @EXPORT_OK = qw(case case_of closed difference inherited lets_in nobody
    only_if say_own);

# The name of the case that an assignment of the guards is for a place.
sub case_of {
    my ($place, $assignment) = @_;
    return join '', map { $assignment->{ $_->{key} } ? 1 : 0 }
        @{ $place->{guards_of} };
}

sub case {
    my ($place, $assignment) = @_;
    return $place->{cases}{ case_of($place, $assignment) };
}

# Lines in an <If> of their own, which httpd merges after all sections: nothing
# else may have a say.
sub only_if {
    my ($place, $case, $inherited) = @_;
    if ($place->{meets_others} || lets_in($inherited)) {
        push @{ $case->{words}{decide} }, 'it sends * to some origins only: '
            . 'write the origins that may, or CorsAllowOrigin * if all may';
        @{$case}{qw(decided suggested lines)} = (1,
            $case->{policy}{lines}, closed($inherited));
        return $case;
    }
    $case->{lines} = {};
    $case->{only_if} = { %{ $case->{policy}{lines} } };
    return $case;
}

sub say_own {
    my ($place, $case, $assignment) = @_;
    my @own = @{ $place->{own} || [] } or return;
    push @{ $case->{words}{decide} }, "$own[0]{file}:$own[0]{line}: "
        . "'$own[0]{text}' is here already: put the two together";
    $case->{decided} = 1;
}

# What the sections that hold with a place already say there.
sub inherited {
    my ($place, $with, $assignment) = @_;
    my %lines;
    for (grep { $_ != $place && $_->{cases} } @$with) {
        my $case = case($_, $assignment) or next;
        %lines = (%lines, %{ $case->{lines} || {} });
    }
    return \%lines;
}

sub lets_in {
    my ($lines) = @_;
    return $lines->{CorsAllowOrigin}
        && "@{ $lines->{CorsAllowOrigin} }" ne 'none'
        && ($lines->{CorsEngine} ? $lines->{CorsEngine}[0] : 'On') eq 'On';
}

# Nobody, where sections around let somebody in.
sub closed {
    my ($inherited) = @_;
    return lets_in($inherited) ? { CorsAllowOrigin => ['none'] } : {};
}

sub nobody {
    my ($place, $case, $inherited, @steps) = @_;
    my @headers = grep { ($_->{name} || '') =~ /^access-control/ } @steps;
    my @sent = grep { $_->{action} !~ /^(?:unset|edit)/ } @headers;
    # Lines that send something stay, and must not come to life.
    $case->{lines} = !lets_in($inherited) ? {}
        : @sent ? { CorsAllowOrigin => ['none'] } : { CorsEngine => ['Off'] };
    return if lets_in($inherited) || !@headers;
    my ($last) = grep { $_->{name} =~ /allow-origin$/ } reverse @headers;
    if (@sent && $last && $last->{action} eq 'unset') {
        push @{ $case->{words}{note} }, "$last->{line}{file}:"
            . "$last->{line}{line}: it takes off what the lines before it "
            . 'send, and lets nobody in';
        return;
    }
    if (grep { $_->{name} =~ /allow-origin$/ } @sent) {
        push @{ $case->{words}{note} }, 'no origin is let in: its lines stay';
        return;
    }
    # What it takes off may be what another section sends.
    return if !@sent && $place->{may_meet};
    # It may be sent where a condition of the configuration holds.
    return if @sent && grep { $_->{name} =~ /allow-origin$/
        && $_->{action} !~ /^(?:unset|edit)/ }
        map { @{ $_->{header} || [] } } @{ $place->{with} };
    push @{ $case->{words}{decide} }, @sent
        ? 'nothing here or around it sends Access-Control-Allow-Origin, so no '
            . 'browser looked at the rest: write CorsAllowOrigin with it, or '
            . 'leave all of it out'
        : map { "$_->{line}{file}:$_->{line}{line}: $_->{action} $_->{name}: "
            . 'it is about what a back end sends: keep the line, or write '
            . 'CorsAllowOrigin' } @headers;
    $case->{decided} = 1;
    $case->{suggested} = $case->{policy}{lines};
}

# What a section has to write to come to its policy.
sub difference {
    my ($want, $have) = @_;
    my %lines;
    for my $name (@DIRECTIVES) {
        my ($new, $old) = map { $_->{$name} ? "@{ $_->{$name} }"
            : $DEFAULTS{$name} } $want, $have;
        $lines{$name} = [ split / /, $new ] if $new ne $old;
    }
    return \%lines;
}

1;
