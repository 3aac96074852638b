package CorsMigrate::Near;

# Which places of many may hold for the same requests as a place: found by
# their paths, so that thousands of folders cost no more than each by itself.

use strict;
use warnings;

my @PHASES = (2, 5);    # whose paths can be compared: folders, and URLs

sub new {
    my ($class, @places) = @_;
    my $self = bless { below => {}, at => {}, without => {}, order => {},
        all => { map { ($_ => $_) } @places } },
        $class;
    for my $i (0 .. $#places) {
        my $place = $places[$i];
        $self->{order}{$place} = $i;
        for my $phase (@PHASES) {
            my $path = $place->path_in($phase);
            if (!$path) {
                push @{ $self->{without}{$phase} }, $place;
                next;
            }
            push @{ $self->{at}{$phase}{ join '/', @$path } }, $place;
            push @{ $self->{below}{$phase}{$_} }, $place
                for prefixes(@$path);
        }
    }
    return $self;
}

sub prefixes { return map { my $last = $_ - 1; join '/', @_[0 .. $last] }
    0 .. @_ }

# The places whose paths do not tell them apart, in the order given.
sub near {
    my ($self, $place) = @_;
    my @paths = grep { $_->[1] } map { [ $_, $place->path_in($_) ] } @PHASES;
    return $self->sorted(values %{ $self->{all} }) unless @paths;
    my (%count, %near);
    for (@paths) {
        my ($phase, $path) = @$_;
        my %here = map { ($_ => $_) }
            (map { @{ $self->{at}{$phase}{$_} || [] } } prefixes(@$path)),
            @{ $self->{below}{$phase}{ join '/', @$path } || [] },
            @{ $self->{without}{$phase} || [] };
        $count{$_}++ for keys %here;
        %near = (%near, %here);
    }
    return $self->sorted(map { $near{$_} } grep { $count{$_} == @paths }
        keys %near);
}

sub sorted {
    my ($self, @places) = @_;
    return sort { $self->{order}{$a} <=> $self->{order}{$b} } @places;
}

1;
