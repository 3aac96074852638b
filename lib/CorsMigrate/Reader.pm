package CorsMigrate::Reader;

# Reads httpd configurations as httpd does: Include with the context that it
# stands in, Define, Macro and Use, and the conditions of the configuration
# (IfDefine and its like), which stay open unless what was read settles them.
#
# What comes out is a list of lines, each {
#     name, words, file, line, last,   # what it says and where it stands
#     place,      # the section that httpd files it under: CorsMigrate::Place
#     guards,     # the conditions of the configuration around it
#     inside,     # the sections around it that make no place: Limit, Require
#     blocks,     # all sections around it, each { file, line, last, end }
#     unclear,    # why nobody can say what it says, or undef
# }.

use strict;
use warnings;
use Cwd qw(realpath);
use CorsMigrate::Guard;
use CorsMigrate::Place;
use CorsMigrate::Words qw(arguments logical_lines tag words);
use File::Basename qw(basename dirname);
use File::Glob qw(:bsd_glob);

my $DEEPEST_USE = 20;   # macros in macros, as httpd has no macro in itself

# Lines of a configuration that change how what follows is read.
my %READ = (
    define          => \&define,
    undefine        => \&undefine,
    include         => sub { $_[0]->include(@_[1, 2], 1) },
    includeoptional => sub { $_[0]->include(@_[1, 2], 0) },
    loadmodule      => sub { $_[0]{guards}->load($_[1]) },
    serverroot      => sub { $_[0]{server_root} = $_[1]{words}[0] },
    use             => \&use_macro,
);

# server_root: for relative Include paths, until a ServerRoot line says more.
# defined: names that -D gives.  progress: called with each file's name.
sub new {
    my ($class, %given) = @_;
    return bless { server_root => $given{server_root}, lines => [],
        guards => CorsMigrate::Guard->new(@{ $given{defined} || [] }),
        progress => $given{progress} || sub { }, variables => {}, macros => {},
        places => [], errors => [], reading => {}, times => {}, unused => {} },
        $class;
}

sub lines  { return @{ $_[0]{lines} } }
sub places { return @{ $_[0]{places} } }
sub errors { return @{ $_[0]{errors} } }

# How often a file was read: what is read twice can't be changed for one.
sub times { return $_[0]{times}{ $_[1] } || 0 }

# Macros that nothing uses: [ line of <Macro>, its lines ] each.
sub unused_macros {
    my ($self) = @_;
    return map { $self->{macros}{$_} } sort keys %{ $self->{unused} };
}

sub error { my ($self, $text) = @_; push @{ $self->{errors} }, $text }

# Reads a file that was named on the command line: a configuration of its own.
sub read {
    my ($self, $path) = @_;
    $self->{server_root} = dirname($path) unless defined $self->{server_root};
    my $kind = basename($path) =~ /^\.ht/ ? '.htaccess' : 'server config';
    my $place = $self->place($kind, '', { file => $path, line => 1 });
    $self->read_file($path, { place => $place, guards => [], inside => [],
        blocks => [], uses => 0 });
}

sub place {
    my ($self, $name, $args, $at, $in) = @_;
    my $place = CorsMigrate::Place->new(name => $name, args => $args,
        words => [ words($args) ], file => $at->{file}, line => $at->{line},
        block => $at->{block}, use => $in && $in->{use},
        parent => $in && $in->{place}, guards => $in ? $in->{guards} : [],
        order => scalar @{ $self->{places} });
    push @{ $self->{places} }, $place;
    return $place;
}

sub read_file {
    my ($self, $path, $in) = @_;
    my $real = realpath($path) || $path;
    return $self->error("$path: includes itself") if $self->{reading}{$real};
    return $self->error("$path: is no file") if -e $path && !-f _;
    open my $fh, '<', $path or return $self->error("$path: $!");
    local $/;
    my $text = <$fh>;
    $text = '' unless defined $text;
    return $self->error("$path: is no configuration: it has bytes that no "
        . 'text has') if $text =~ /[\x00-\x08\x0e-\x1f]/;
    $self->{progress}->($path);
    $self->{times}{$path}++;
    $self->{reading}{$real} = 1;
    $self->read_lines([ map { { text => $_->[0], file => $path,
        line => $_->[1], last => $_->[2] } } logical_lines($text) ], $path,
        $in);
    delete $self->{reading}{$real};
}

# One section in another: each of @in is what the lines in it belong to.
sub read_lines {
    my ($self, $lines, $file, $outside) = @_;
    my @in = ({ %$outside, closes => '' });
    for (my $i = 0; $i < @$lines; $i++) {
        my %line = %{ $lines->[$i] };
        my ($sort, $name, $args) = tag($line{text});
        if ($sort eq '</') {
            if (lc $name ne $in[-1]{closes}) {
                $self->error("$line{file}:$line{line}: </$name> closes "
                    . 'nothing');
                next;
            }
            my $closed = pop @in;
            $closed->{block}{end} = $line{line};
            next;
        }
        ($args, $line{unclear}) = $self->expand($args, $in[-1]);
        if ($sort eq '<' && lc $name eq 'macro') {
            $i = $self->macro($lines, $i, $args);
            next;
        }
        if ($sort eq '<') {
            push @in, $self->section($in[-1], $name, $args, \%line);
            next;
        }
        $self->line($in[-1], { %line, text => $line{text}, name => lc $name,
            args => $args, words => [ arguments($name, $args) ] });
    }
    $self->error("$file: <$_->{named}> is not closed") for @in[1 .. $#in];
}

sub line {
    my ($self, $in, $line) = @_;
    return if $in->{never};
    @{$line}{qw(place guards inside blocks use)} =
        @{$in}{qw(place guards inside blocks use)};
    push @{ $self->{lines} }, $line;
    my $read = $READ{ $line->{name} };
    $self->$read($line, $in) if $read;
}

sub section {
    my ($self, $in, $name, $args, $at) = @_;
    my $block = { name => lc $name, words => [ words($args) ],
        args => $args, file => $at->{file}, line => $at->{line},
        last => $at->{last}, use => $in->{use} };
    my %new = (%$in, closes => lc $name, named => $name, block => $block,
        blocks => [ @{ $in->{blocks} }, $block ]);
    my $guard = $self->{guards}->guard($name, $args, $at);
    if ($guard) {
        if ($guard->{known} && !$guard->{holds}) {
            $new{never} = 1;
            $_->{holds} = 1 for @{ $new{blocks} };
        }
        $new{guards} = [ @{ $in->{guards} }, $guard ] unless $guard->{known};
    }
    elsif (CorsMigrate::Place::is_place($name)) {
        $self->open_place(\%new, $name, $args, $at) unless $in->{never};
    }
    else {
        $new{inside} = [ @{ $in->{inside} }, $block ];
    }
    return \%new;
}

sub open_place {
    my ($self, $new, $name, $args, $at) = @_;
    my $place = $self->place($name, $args, { %$at,
        block => $new->{block} }, $new);
    $place->{unclear} = $at->{unclear};
    @{$new}{qw(place inside)} = ($place, []);
    $new->{block}{place} = $place;
    $place->{blocks} = $new->{blocks};
}

# A macro keeps its lines until it is used.
sub macro {
    my ($self, $lines, $at, $args) = @_;
    my ($name, @parameters) = words($args);
    my ($end, @body) = ($at + 1);
    while ($end < @$lines && $lines->[$end]{text} !~ m{^</Macro\b}i) {
        push @body, $lines->[$end++];
    }
    $self->error("$lines->[$at]{file}: <Macro> is not closed")
        if $end == @$lines;
    return $end unless defined $name;
    $self->{macros}{lc $name} = { name => $name, at => $lines->[$at],
        parameters => \@parameters, body => \@body };
    $self->{unused}{lc $name} = 1;
    return $end;
}

sub use_macro {
    my ($self, $line, $in) = @_;
    my ($name, @arguments) = @{ $line->{words} };
    my $macro = defined $name && $self->{macros}{lc $name};
    return $self->error("$line->{file}:$line->{line}: no macro "
        . (defined $name ? $name : '')) unless $macro;
    return $self->error("$line->{file}:$line->{line}: macros go too deep")
        if $in->{uses} >= $DEEPEST_USE;
    delete $self->{unused}{lc $name};
    my %value;
    @value{@{ $macro->{parameters} }} = @arguments;
    my $any = join '|', map { quotemeta }
        sort { length $b <=> length $a } keys %value;
    my @body = map { my %copy = %$_; $copy{text} =~
        s/($any)/defined $value{$1} ? $value{$1} : ''/ge if length $any;
        \%copy } @{ $macro->{body} };
    $self->read_lines(\@body, $line->{file}, { %$in, uses => $in->{uses} + 1,
        use => $in->{use} || $line });
}

sub define {
    my ($self, $line, $in) = @_;
    my ($name, $value) = @{ $line->{words} };
    return unless defined $name;
    $self->{guards}->define($name, $line, $in->{guards});
    push @{ $self->{variables}{$name} },
        [ $in->{guards}, defined $value ? $value : '' ];
}

sub undefine {
    my ($self, $line, $in) = @_;
    my ($name) = @{ $line->{words} };
    return unless defined $name;
    $self->{guards}->undefine($name, $line, $in->{guards});
    push @{ $self->{variables}{$name} }, [ $in->{guards}, undef ];
}

# As httpd: what is defined, or else in the environment, or else as it stands.
# Also says why nobody knows, if a value hangs on a condition.
sub expand {
    my ($self, $text, $in) = @_;
    my $unclear;
    $text =~ s/\$\{(\w+)\}/my ($value, $why) = $self->value($1, $in);
        $unclear ||= $why; defined $value ? $value : "\${$1}"/ge
        if index($text, '${') >= 0;
    return ($text, $unclear);
}

sub value {
    my ($self, $name, $in) = @_;
    for my $definition (reverse @{ $self->{variables}{$name} || [] }) {
        my ($guards, $value) = @$definition;
        return defined $value ? $value : $ENV{$name}
            if CorsMigrate::Guard::implies($in->{guards}, $guards);
        next if CorsMigrate::Guard::excludes($in->{guards}, $guards);
        return ($value, "\${$name} is not always the same: it is defined "
            . 'under a condition');
    }
    return $ENV{$name};
}

sub include {
    my ($self, $line, $in, $required) = @_;
    my ($pattern) = @{ $line->{words} };
    return unless defined $pattern;
    $pattern = "$self->{server_root}/$pattern" =~ s{^\./}{}r
        unless $pattern =~ m{^/};
    my @found = $pattern =~ /[*?[]/ ? bsd_glob($pattern, 0)
                                    : grep { -e } $pattern;
    $self->error("$line->{file}:$line->{line}: " . ($required ? 'Include'
        : 'IncludeOptional') . " finds no $pattern")
        if $required && !@found && !@{ $in->{guards} };
    $self->read_file($_, { %$in, closes => '' })
        for map { files_below($_) } @found;
}

# A folder stands for all files in and below it.
sub files_below {
    my ($path) = @_;
    return $path unless -d $path;
    return map { files_below($_) }
        bsd_glob(quotemeta($path) . '/*', GLOB_QUOTE);
}

1;
