package CorsMigrate::Alike;

# Thousands of files may have one recipe.  What it grants, and the policy that
# it comes to, is worked out once: programs are alike if the same lines stand at
# the same places of their files.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(remember remembered share);

my @HOOKS = qw(early server_rewrite setenvif rewrite env header other);

# Gives a program what is known of those like it.  memory: of one run.
sub share {
    my ($program, $memory) = @_;
    return if @{ $program->{inline} } || @{ $program->{apart} };
    my (%index, @files);
    my @said = map { defined $_ ? $_ : '' } $program->{rewrite_unsure},
        map { $program->{rewrite_on}{$_} } qw(server_rewrite rewrite);
    for my $hook (@HOOKS) {
        for my $step (map { ref $_ eq 'ARRAY' ? $_->[0] : $_ }
            @{ $program->{$hook} }) {
            my $line = $step->{line};
            $index{ $line->{file} } = push @files, $line->{file}
                unless $index{ $line->{file} };
            push @said, join "\0", $hook, $index{ $line->{file} },
                $line->{line}, $line->{name}, map { defined $_ ? $_ : '' }
                @{$step}{qw(unknown why)}, @{ $line->{words} };
        }
    }
    my $same = $memory->{ join "\1", @said } ||= { granted => {} };
    @{$program}{qw(same files granted)} = ($same, \@files, $same->{granted});
}

# The policy of a program like this one, with the lines of its own files.
sub remembered {
    my ($program) = @_;
    my ($policy, $files) = @{ $program->{same} || {} }{qw(policy files)};
    return unless $policy;
    my %file;
    @file{@$files} = @{ $program->{files} };
    return copy($policy, \%file);
}

sub remember {
    my ($program, $policy) = @_;
    my $same = $program->{same} or return;
    @{$same}{qw(policy files)} = (copy($policy, {}), $program->{files});
}

# Words are added to those of a policy, each where it stands.
sub copy {
    my ($policy, $file) = @_;
    my $words = $policy->{words};
    return { %$policy, words => { map { my $kind = $_; ($kind => [ map {
        s/^(.+?)(?=:\d+: )/exists $file->{$1} ? $file->{$1} : $1/er }
        @{ $words->{$kind} } ]) } keys %$words } };
}

1;
