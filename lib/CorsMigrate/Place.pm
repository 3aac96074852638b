package CorsMigrate::Place;

# A place is a section that httpd merges for requests, or a whole file.  This
# file says in which order httpd merges places, and which of them can hold for
# one request.

use strict;
use warnings;
use Cwd qw(realpath);
use File::Basename qw(dirname);

# When httpd merges each kind of section; a virtual host is merged with the
# server, and <Proxy> takes the place of <Directory>.
my %PHASE = ('server config' => 0, virtualhost => 1, directory => 2,
    '.htaccess' => 2, proxy => 2, directorymatch => 3, proxymatch => 3,
    files => 4, filesmatch => 4, location => 5, locationmatch => 5, if => 6,
    elseif => 6, else => 6);

sub is_place { return exists $PHASE{lc $_[0]} }

sub new {
    my ($class, %self) = @_;
    my $self = bless \%self, $class;
    my $kind = lc $self->{name};
    my @words = @{ $self->{words} };
    my $matches = @words && $words[0] eq '~' && shift @words;
    $kind .= 'match' if $matches && $kind !~ /match$/;
    @{$self}{qw(kind phase)} = ($kind, $PHASE{$kind} || $PHASE{lc $self->{name}});
    $self->{path} = path_of($kind, $words[0], $self->{file});
    @{$self}{qw(branch chain)} = $self->branch if $self->is_if;
    return $self;
}

sub is_if { return $_[0]{phase} == 6 }

# The host that the place is in, or the server.
sub host {
    my ($self) = @_;
    for (my $in = $self; $in; $in = $in->{parent}) {
        return $in if $in->{phase} <= 1 || $in->{kind} eq '.htaccess';
    }
}

# The path that a place is for as [ parts ]; undef if it is not one path.
sub path_of {
    my ($kind, $word, $file) = @_;
    return [ parts(realpath(dirname($file)) || dirname($file)) ]
        if $kind eq '.htaccess';
    return if $kind !~ /^(?:directory|location)$/ || !defined $word
        || $word =~ /[*?[]/ || $word !~ m{^/};
    # Of a folder that goes by another name, nobody knows what it meets.
    return if $kind eq 'directory' && -e $word
        && realpath($word) ne $word =~ s{(?<=.)/+\z}{}r;
    return [ parts($word) ];
}

sub parts { return grep { length } split m{/}, $_[0] }

# <If> and the <ElseIf> and <Else> behind it are one chain of branches.
sub branch {
    my ($self) = @_;
    my $parent = $self->{parent};
    return (0, [ $self ]) unless $parent;
    my $chains = $parent->{chains} ||= [];
    push @$chains, [] if $self->{kind} eq 'if' || !@$chains;
    push @{ $chains->[-1] }, $self;
    return ($#{ $chains->[-1] }, $chains->[-1]);
}

sub condition { return $_[0]{words}[0] }

# Sorts places in the order in which httpd merges them.
sub merged {
    return map { $_->[0] } sort { $a->[1] cmp $b->[1] }
        map { [ $_, $_->{key} ||= $_->key ] } @_;
}

sub key {
    my ($self) = @_;
    # A host's sections come behind those of the server, wherever they stand.
    my $key = sprintf '%d.%05d.%d.%07d', $self->{phase},
        $self->{phase} == 2 && $self->{path} ? scalar @{ $self->{path} }
            : $self->is_if ? $self->depth : 0,
        $self->host->{phase}, $self->{order};
    # Files and If come in the order of the sections that hold them.
    return $key unless $self->{phase} == 4 || $self->is_if;
    my $parent = $self->{parent};
    $parent = $parent->{parent} while $self->is_if && $parent
        && $parent->is_if;
    return sprintf('%d.%05d.', $self->{phase}, $self->is_if ? $self->depth : 0)
        . ($parent ? $parent->{key} ||= $parent->key : '') . ".$key";
}

sub depth {
    my ($self) = @_;
    my $depth = 0;
    $depth++ while ($self = $self->{parent}) && $self->is_if;
    return $depth;
}

# The places around this one, outermost first.
sub around {
    my ($self) = @_;
    my @around;
    for (my $in = $self->{parent}; $in; $in = $in->{parent}) {
        unshift @around, $in;
    }
    return @around;
}

# Whether a place holds for every request that another one holds for.
sub covers {
    my ($self, $other) = @_;
    for (my $in = $other; $in; $in = $in->{parent}) {
        return 1 if $in == $self;
    }
    return 1 if $self->{kind} eq 'server config';
    return 0 if $self->is_if || ($self->{parent}
        && !$self->{parent}->covers($other) && $self->{parent}{phase} > 1);
    my $path = $self->{path} or return 0;
    return 1 if !@$path && $self->{kind} eq 'location';
    my $inner = $other->path_in($self->{phase}) or return 0;
    # /api/ holds for what is below it only.
    return 0 if $self->{phase} == 5 && @$inner == @$path
        && $self->ends_in_slash && !$other->ends_in_slash;
    return begins($inner, $path);
}

sub ends_in_slash {
    my ($self) = @_;
    return ($self->{words}[-1] || '') =~ m{./\z};
}

# The path of a place or of what is around it, in the same kind of paths.
sub path_in {
    my ($self, $phase) = @_;
    for (my $in = $self; $in; $in = $in->{parent}) {
        return $in->{path} if $in->{phase} == $phase && $in->{path};
    }
    return;
}

sub begins {
    my ($path, $with) = @_;
    return 0 if @$path < @$with;
    for (0 .. $#$with) {
        return 0 if $path->[$_] ne $with->[$_];
    }
    return 1;
}

# Whether two places can hold for one request.
sub meets {
    my ($self, $other) = @_;
    my ($one, $two) = ($self->host, $other->host);
    return 0 if $one->{phase} == 1 && $two->{phase} == 1 && $one != $two;
    for my $phase (2, 5) {
        my ($path, $its) = ($self->path_in($phase), $other->path_in($phase));
        return 0 if $path && $its && !begins($path, $its)
            && !begins($its, $path);
    }
    return !$self->excludes($other);
}

# Two branches of one <If> never hold together, nor what stands in them.
sub excludes {
    my ($self, $other) = @_;
    for my $one ($self, $self->around) {
        next unless $one->is_if;
        for my $two ($other, $other->around) {
            return 1 if $two->is_if && $two != $one
                && $two->{chain} == $one->{chain};
        }
    }
    return 0;
}

# What opens the place; nothing for a whole file.
sub opening {
    my ($self) = @_;
    return '' unless $self->{parent};
    return "<$self->{name}" . (length $self->{args} ? " $self->{args}" : '')
        . '>';
}

1;
