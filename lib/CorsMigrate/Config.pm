package CorsMigrate::Config;

# Reads httpd configurations as httpd does, as far as their form goes:
# continued lines, quotes, sections, Include, Define.  What comes out is a list
# of places, a place being a section that can have a policy of its own.

use strict;
use warnings;
use Cwd qw(realpath);
use File::Basename qw(basename dirname);
use File::Glob qw(:bsd_glob);

# Sections whose lines are their surroundings' own.
my %IS_TRANSPARENT = map { $_ => 1 }
    qw(ifmodule ifdefine ifversion iffile ifdirective ifsection);

# Sections that are a condition for lines and can hold no policy.
my %IS_CONDITION = map { $_ => 1 }
    qw(limit limitexcept requireall requireany requirenone elseif else);

# server_root: for relative Include paths, until a ServerRoot line says more.
sub new {
    my ($class, %given) = @_;
    return bless { server_root => $given{server_root}, variables => {},
        places => [], errors => [], open => {} }, $class;
}

sub places { return @{ $_[0]{places} } }
sub errors { return @{ $_[0]{errors} } }

sub error { my ($self, $text) = @_; push @{ $self->{errors} }, $text }

# Reads a file that was named on the command line: a configuration of its own.
sub read {
    my ($self, $path) = @_;
    $self->{server_root} = dirname($path) unless defined $self->{server_root};
    my $kind = basename($path) =~ /^\.ht/ ? '.htaccess' : 'server config';
    $self->read_file($path, $self->new_place($kind, '', $path, 1));
}

sub new_place {
    my ($self, $name, $args, $file, $number, $parent) = @_;
    my $place = { name => $name, args => $args, file => $file,
        line => $number, parent => $parent, lines => [] };
    push @{ $self->{places} }, $place;
    return $place;
}

sub read_file {
    my ($self, $path, $place) = @_;
    my $real = realpath($path) || $path;
    return $self->error("$path: includes itself") if $self->{open}{$real};
    return $self->error("$path: is no file") if -e $path && !-f _;
    open my $in, '<', $path or return $self->error("$path: $!");
    local $/;
    my $text = <$in>;
    return $self->error("$path: is no configuration: it has bytes that no "
        . 'text has') if $text =~ /[\x00-\x08\x0e-\x1f]/;
    $self->{open}{$real} = 1;
    $self->read_text($text, $path, $place);
    delete $self->{open}{$real};
}

# One section in another, each { place, conditions, closes } that its lines
# belong to; the last one is open.
sub read_text {
    my ($self, $text, $file, $place) = @_;
    my @open = ({ place => $place, conditions => [], closes => '' });
    my @lines = split /\r?\n/, $text;
    my $number = 0;
    while ($number < @lines) {
        my $first = $number + 1;
        my $line = $lines[$number++];
        $line .= $lines[$number++]
            while $number < @lines && $line =~ s/\\$//;
        $line =~ s/^\s+|\s+$//g;
        next if $line eq '' || $line =~ /^#/;
        $self->read_line($self->expand($line), \@open, $file, $first,
            $number);
    }
    $self->error("$file: <$_->{closes}> is not closed")
        for @open[1 .. $#open];
}

sub read_line {
    my ($self, $line, $open, $file, $number, $last) = @_;
    if ($line =~ m{^</([^\s>]*)}) {
        return pop @$open if lc $1 eq lc $open->[-1]{closes};
        return $self->error("$file:$number: </$1> closes nothing");
    }
    if ($line =~ /^<(\w+)\s*(.*?)>?$/) {
        push @$open, $self->section($open->[-1], $1, $2, $file, $number);
        return;
    }
    my ($name, $args) = $line =~ /^(\S+)\s*(.*)$/;
    my $directive = { name => $name, args => $args, words => [ words($args) ],
        file => $file, line => $number, last => $last,
        conditions => $open->[-1]{conditions} };
    push @{ $open->[-1]{place}{lines} }, $directive;
    my $special = $self->can('on_' . lc $name);
    $self->$special($directive, $open->[-1]{place}) if $special;
}

sub section {
    my ($self, $in, $name, $args, $file, $number) = @_;
    my %new = (%$in, closes => $name);
    if ($IS_TRANSPARENT{lc $name}) {
        return \%new;
    }
    if ($IS_CONDITION{lc $name} || (lc $name eq 'if' && is_cors($args))) {
        $new{conditions} = [ @{ $in->{conditions} }, { name => lc $name,
            words => [ words($args) ], file => $file, line => $number } ];
        return \%new;
    }
    $new{place} = $self->new_place($name, $args, $file, $number,
        $in->{place});
    $new{conditions} = [];
    return \%new;
}

# Whether an <If> asks what CORS asks.
sub is_cors { return $_[0] =~ /\bOrigin\b|HTTP_ORIGIN|REQUEST_METHOD/i }

sub on_serverroot {
    my ($self, $line) = @_;
    $self->{server_root} = $line->{words}[0];
}

sub on_define {
    my ($self, $line) = @_;
    my ($name, $value) = @{ $line->{words} };
    $self->{variables}{$name} = defined $value ? $value : '';
}

sub on_undefine { delete $_[0]{variables}{ $_[1]{words}[0] } }

# As httpd: what is defined, or else in the environment, or else as it stands.
sub expand {
    my ($self, $line) = @_;
    $line =~ s/\$\{(\w+)\}/defined $self->{variables}{$1}
        ? $self->{variables}{$1} : defined $ENV{$1} ? $ENV{$1} : "\${$1}"/ge;
    return $line;
}

sub on_include { $_[0]->include(@_[1, 2], 1) }
sub on_includeoptional { $_[0]->include(@_[1, 2], 0) }

sub include {
    my ($self, $line, $place, $required) = @_;
    my ($pattern) = @{ $line->{words} };
    return unless defined $pattern;
    $pattern = "$self->{server_root}/$pattern" =~ s{^\./}{}r
        unless $pattern =~ m{^/};
    my @found = $pattern =~ /[*?[]/ ? bsd_glob($pattern, 0)
                                    : grep { -e } $pattern;
    $self->error("$line->{file}:$line->{line}: $line->{name} finds no "
        . "$pattern") if $required && !@found;
    $self->read_file($_, $place) for map { files_below($_) } @found;
}

# A folder stands for all files in and below it.
sub files_below {
    my ($path) = @_;
    return $path unless -d $path;
    return map { files_below($_) }
        bsd_glob(quotemeta($path) . '/*', GLOB_QUOTE);
}

# The arguments of a line, as httpd takes them apart.
sub words {
    my ($text) = @_;
    my @words;
    while ($text =~ /\G\s*(?:"((?:[^"\\]+|\\.)*)(?:"|\z)
            |'((?:[^'\\]+|\\.)*)(?:'|\z)|(\S+))/gsx) {
        my ($word) = grep { defined } $1, $2, $3;
        my $escaped = defined $1 ? qr/\\([\\"])/
            : defined $2 ? qr/\\([\\'])/ : qr/\\(\\)/;
        push @words, $word =~ s/$escaped/$1/gr;
    }
    return @words;
}

1;
