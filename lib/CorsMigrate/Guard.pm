package CorsMigrate::Guard;

# The conditions of a configuration: IfDefine, IfModule, IfVersion, IfFile,
# IfDirective, IfSection.  One that was read so far settles is known; any other
# is open, and what stands in it may hold or not.
#
# A guard is { key, name, args, not, known, holds }: the guards of <IfDefine X>
# and <IfDefine !X> have one key, and not tells them apart.

use strict;
use warnings;

my %IS_GUARD = map { $_ => 1 }
    qw(ifdefine ifmodule ifversion iffile ifdirective ifsection);

sub new {
    my ($class, @defined) = @_;
    return bless { defined => { map { $_ => 1 } @defined }, loaded => {},
        asked => {} }, $class;
}

# The guard that a section is, or undef if it is another section.
sub guard {
    my ($self, $name, $args, $at) = @_;
    return unless $IS_GUARD{lc $name};
    # httpd knows the sign as the first byte alone, not within quotes.
    my $positive = $args =~ s/^!\s*//r;
    my %guard = (name => $name, args => $positive, line => $at,
        not => $positive ne $args, key => lc($name) . " $positive");
    my $value = $positive =~ s/^["']|["']$//gr;
    my $known = lc $name eq 'ifdefine' ? $self->{defined}{$value}
        : lc $name eq 'ifmodule' ? $self->{loaded}{lc $value} : undef;
    if (defined $known) {
        @guard{qw(known holds)} = (1, $guard{not} ? !$known : $known);
    }
    push @{ $self->{asked}{$value} }, \%guard if lc $name eq 'ifdefine';
    return \%guard;
}

# A name that is defined or taken away after it was asked for is not one thing:
# what asked for it before can't be said by the same words after.
sub define {
    my ($self, $name, $line, $guards) = @_;
    $self->change($name, $line, $guards, 1);
}

sub undefine {
    my ($self, $name, $line, $guards) = @_;
    $self->change($name, $line, $guards, 0);
}

sub change {
    my ($self, $name, $line, $guards, $to) = @_;
    $_->{changed} = $line for @{ $self->{asked}{$name} || [] };
    if (!@$guards) { $self->{defined}{$name} = $to }
    else { delete $self->{defined}{$name} }
}

sub load {
    my ($self, $line) = @_;
    return if @{ $line->{guards} } || !defined $line->{words}[1];
    my ($identifier, $file) = @{ $line->{words} };
    $file =~ s{.*/|\.so$}{}g;
    $self->{loaded}{lc $_} = 1 for $identifier, "$file.c";
}

# Whether what holds under the first guards always has the second.
sub implies {
    my ($have, $need) = @_;
    my %holds = map { ("$_->{key}" => !$_->{not}) } @$have;
    return !grep { !exists $holds{ $_->{key} }
        || $holds{ $_->{key} } != !$_->{not} } @$need;
}

sub excludes {
    my ($have, $other) = @_;
    my %holds = map { ("$_->{key}" => !$_->{not}) } @$have;
    return scalar grep { exists $holds{ $_->{key} }
        && $holds{ $_->{key} } != !$_->{not} } @$other;
}

# Whether guards hold where the keys are as the assignment has them.
sub hold {
    my ($guards, $assignment) = @_;
    for (@$guards) {
        return 0 if !!$assignment->{ $_->{key} } == !!$_->{not};
    }
    return 1;
}

# The lines that open and close a guard.
sub opens {
    my ($guard, $holds) = @_;
    my $args = ($holds ? '' : '!') . $guard->{args};
    return ("<$guard->{name} $args>", "</$guard->{name}>");
}

1;
