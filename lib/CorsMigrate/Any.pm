package CorsMigrate::Any;

# Whether a recipe that sends "*" sends it to whoever asks, and the same beside
# it.  What no origin was asked about has to be read off the lines.

use strict;
use warnings;
use CorsMigrate::Granted qw(relevant);
use Exporter 'import';

our @EXPORT_OK = qw(by_origin is_for_all only_if);

my $ORIGIN = 'access-control-allow-origin';

# The question about the origin that all lines with "*" ask, as httpd's <If>
# asks it, if there is one.
sub only_if {
    my ($seen) = @_;
    my (undef, $setters) = relevant($seen->{program});
    return if @$setters != 1 || ($setters->[0]{regex_of} || '') ne 'origin';
    my ($setter) = @$setters;
    my ($name, @more) = map { $_->{name} } grep { !$_->{not} }
        @{ $setter->{sets} };
    return if @more || !defined $name || $setter->{regex} =~ /[#"\\]/;
    for (@{ $seen->{program}{header} }) {
        my ($step, $place) = @$_;
        next if $step->{name} ne $ORIGIN;
        return if $place || ($step->{text} || '') ne '*'
            || ($step->{condition} || '') ne "env=$name";
    }
    return "%{HTTP:Origin} =~ m#$setter->{regex}#"
        . ($setter->{ignores_case} ? 'i' : '');
}

# Whether some line sends "*" whatever the origin, so that no origin that
# nobody thought of goes without.
sub is_for_all {
    my ($seen) = @_;
    return 1 if !$seen->{found}{depends};
    return 0 if @{ $seen->{found}{decide} } || $seen->{found}{negative};
    my $program = $seen->{program};
    my %depends = depending($program);
    # By table: whether "*" is there for all, and whether anything else may be.
    my (%for_all, %other);
    for (@{ $program->{header} }) {
        my ($step, $place) = @$_;
        next if $step->{name} ne $ORIGIN;
        my $table = $step->{table};
        my $by_origin = $place || asks_origin($step, \%depends);
        my $sets = $step->{action} =~ /^set/;
        # What always acts takes away what was before.
        $for_all{$table} = $other{$table} = 0 if !$place
            && !$step->{conditional} && $step->{action} =~ /^(?:set|unset)\z/;
        $for_all{$table} = 1
            if !$by_origin && $sets && ($step->{text} || '') eq '*';
        # For some origins it may be another one that is sent, or two.
        $other{$table} = 1 if $by_origin && !($sets
            && $step->{text} =~ /^(?:\*|expr=%\{(?:req|HTTP):Origin\})\z/i);
    }
    return grep({ $_ } values %for_all) && !grep { $_ } values %other;
}

# Lines of the lists that ask for the origin: beside "*", no origin that they
# mean may ever have been asked about.
sub by_origin {
    my ($seen) = @_;
    my $program = $seen->{program};
    my %depends = depending($program);
    return map { $_->[0]{line} } grep { my ($step, $place) = @$_;
        $step->{name} =~ /^access-control-(?!allow-origin|allow-cred)/
            && ($place && $place->{uses}{fields}{origin}
                || asks_origin($step, \%depends)) } @{ $program->{header} };
}

# The variables that depend on the origin, as far as anybody knows.
sub depending {
    my (undef, $setters) = relevant($_[0]);
    return map { ($_->{name} => 1) } map { @{ $_->{sets} || [] } } @$setters;
}

sub asks_origin {
    my ($step, $depends) = @_;
    return $step->{uses}{fields}{origin} || grep { $depends->{$_} }
        keys %{ $step->{uses}{variables} || {} };
}

1;
