package CorsMigrate::Beside;

# What a recipe grants beside what the new lines come to, said in words: other
# origins, errors and preflights that are answered in another way.

use strict;
use warnings;
use CorsMigrate::Granted qw(grants);
use CorsMigrate::Origins qw(covers);
use Exporter 'import';

our @EXPORT_OK = qw(beside);

my $MOST_SHOWN = 3;     # examples of one kind
my %WHERE = (errors => 'on errors', sent => 'on OPTIONS');

# The words: pairs of a kind and a text.  filter: of origins, got: who was
# asked, with what each is granted; in: the origins of the new lines.
sub beside {
    my ($program, $filter, $got, @in) = @_;
    return (others($program, $filter, @in), elsewhere($got, @in));
}

# Origins beside the listed ones that the recipe lets in as well.
sub others {
    my ($program, $filter, @in) = @_;
    my @beside;
    for my $origin (grep { !/\*/ } @in[0 .. ($#in < 9 ? $#in : 9)]) {
        my ($scheme, $host) = $origin =~ m{^(.*?://)(.*)$};
        push @beside, "$origin.stranger.example", "${scheme}x$host",
            "$origin:4443", $scheme . $host =~ s/\./x/r,
            ($scheme eq 'http://' ? 'https://' : 'http://') . $host;
    }
    my @more = grep { $filter->($_) && grants($program, $_)->{reads}
        && !is_in($_, @in) } @beside;
    return map { (wrong => "the old lines let in $_ too") } some(@more);
}

# Whom errors or preflights alone let in: those whom every response lets in are
# for others() to name, or to decide.
sub elsewhere {
    my ($got, @in) = @_;
    my @words;
    for my $where (qw(errors sent)) {
        my @more = grep { !$got->{$_}{reads}
            && reads_there($got->{$_}, $where) && !is_in($_, @in) }
            sort keys %$got;
        push @words, map { (note => "$WHERE{$where} the old lines let in $_ "
            . 'too') } some(@more);
    }
    return (@words, map { (note => $_) } more_on_errors($got, @in));
}

# What the errors, or the preflights, of an origin say: one hash each.
sub said {
    my ($granted, $where) = @_;
    my $said = $granted->{$where};
    return ref $said eq 'ARRAY' ? @$said : $said;
}

sub reads_there {
    my ($granted, $where) = @_;
    return grep { $_->{reads} } said($granted, $where);
}

sub more_on_errors {
    my ($got, @in) = @_;
    my %more;
    for my $one (keys %$got) {
        my @errors = grep { $_->{reads} } said($got->{$one}, 'errors')
            or next;
        my @differs = grep { more($got->{$one}, $_, @errors) }
            qw(credentials exposed);
        @more{@differs} = @differs if @differs && is_in($one, @in);
    }
    return map { "on errors the old lines say something else of "
        . ($_ eq 'exposed' ? 'the headers that scripts see' : $_) }
        sort keys %more;
}

sub more {
    my ($usual, $name, @errors) = @_;
    my ($said, @others) = map { defined $_->{$name} ? $_->{$name} : '' }
        $usual, @errors;
    return grep { $_ ne '' && $_ ne $said } @others;
}

sub is_in {
    my ($one, @in) = @_;
    return grep { $_ eq '*' || covers($_, $one) } @in;
}

sub some { return @_[0 .. (@_ < $MOST_SHOWN ? $#_ : $MOST_SHOWN - 1)] }

1;
