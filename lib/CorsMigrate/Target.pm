package CorsMigrate::Target;

# Where httpd itself leads the requests of a section: rules within it, and
# DirectoryIndex or FallbackResource with a URL.  mod_headers then goes by the
# sections of that URL, and mod_cors by those of the one that the client asked
# for.

use strict;
use warnings;
use CorsMigrate::Place;
use CorsMigrate::Rewrite;
use Exporter 'import';

our @EXPORT_OK = qw(holds_there leads_to targets);

# Each is { line, place, to, absolute, path, open, tail, roots }: path are the
# folders of a URL that is absolute, or of one below the place; open, that more
# may follow; tail, how it then ends; roots, the folders that "/" may be, each
# as [ parts ].
sub targets {
    my ($reader) = @_;
    my @lines = $reader->lines;
    my %base = map { ("$_->{place}" => $_->{words}[0]) }
        grep { $_->{name} eq 'rewritebase' } @lines;
    my @roots = map { [ CorsMigrate::Place::parts($_->{words}[0]) ] }
        grep { $_->{name} eq 'documentroot' && @{ $_->{words} } } @lines;
    my $rules = grep { $_->{name} eq 'rewriteengine'
        && lc($_->{words}[0] || '') eq 'on' } @lines;
    my @targets;
    for my $line (grep { $_->{place}{phase} > 1 } @lines) {
        for my $to ($line->{name} eq 'rewriterule' ? $rules ? rewritten($line)
            : () : led($line)) {
            push @targets, target($line, $to, $base{ $line->{place} }, @roots);
        }
    }
    # A folder that DirectoryIndex of the whole server leads out of.
    push @targets, map { my $line = $_; map { target($line, $_, undef, @roots) }
        led($line) } grep { $_->{place}{phase} <= 1 } @lines;
    return @targets;
}

# The file or URL that a rule leads to within the server.
sub rewritten {
    my ($line) = @_;
    my (undef, $to, $flags) = @{ $line->{words} };
    my %flag = CorsMigrate::Rewrite::flags($flags);
    return if !defined $to || $to eq '-' || $to =~ m{^[a-z][a-z0-9+.-]*:}i
        || grep { $flag{$_} } qw(F G R P);
    return $to;
}

sub led {
    my ($line) = @_;
    return grep { m{^/} } @{ $line->{words} } if $line->{name} eq 'directoryindex';
    return grep { m{^/} } ($line->{words}[0] || '')
        if $line->{name} eq 'fallbackresource';
    return;
}

sub target {
    my ($line, $to, $base, @roots) = @_;
    $to =~ s/\?.*//s;
    my ($literal, $open) = $to =~ /^([^\$%]*)(.*)/s;
    my $absolute = $to =~ m{^[/%]} ? 1 : 0;
    # With RewriteBase, a URL below it is one of the folder.
    my $here = defined $base && $absolute && index($to, $base) == 0
        && $base =~ m{/\z};
    my @path = CorsMigrate::Place::parts($literal =~ s{[^/]*\z}{}r);
    my $folder = $line->{place}->path_in(2);
    my @all = $folder ? grep { CorsMigrate::Place::begins($folder, $_) } @roots
        : ();
    push @all, $folder if $folder && !length $open && $absolute
        && -e join '/', '', @$folder, $literal;
    return { line => $line, place => $line->{place}, to => $to,
        absolute => $absolute, path => \@path, open => length $open ? 1 : 0,
        tail => $to =~ /([^\$%}\/]*)\z/ && $1 =~ s/^\d//r, roots => \@all,
        here => $here };
}

# Whether a section surely holds for what is led there, if it does before.
sub holds_there {
    my ($target, $place) = @_;
    return 1 if $place->{phase} <= 1;
    # What asks for the origin alone holds where the section around it does.
    return holds_there($target, $place->{parent})
        if $place->is_if && $place->{inline};
    my $path = $place->{path};
    return 0 if !$path || $place->is_if;
    return $target->{absolute}
        && CorsMigrate::Place::begins($target->{path}, $path) ? 1 : 0
        if $place->{phase} == 5;
    return 1 unless @$path;
    my $folder = $target->{place}->path_in(2) or return 0;
    return CorsMigrate::Place::begins($folder, $path)
        if $target->{here} || !$target->{absolute};
    return scalar grep { CorsMigrate::Place::begins([ @$_,
        @{ $target->{path} } ], $path) } @{ $target->{roots} };
}

# Whether a section may hold there that did not hold before.
sub leads_to {
    my ($target, $place) = @_;
    return 0 if $place->covers($target->{place});
    my $path = $place->{path};
    my @folders = @{ $target->{path} };
    my $word = join ' ', $place->is_if
        ? map { @{ $_->{words} } } @{ $place->{chain} }[0 .. $place->{branch}]
        : $place->{words}[-1] || ();
    return leads_to($target, $place->{parent})
        if $place->is_if && $word !~ /URI|FILENAME/;
    if ($path && $place->{phase} == 5 && $target->{absolute}) {
        return 1 if CorsMigrate::Place::begins(\@folders, $path)
            || $target->{to} =~ m{^\Q$word\E/?\z};
        return $target->{open} && (CorsMigrate::Place::begins($path, \@folders)
            || $target->{to} =~ /^%/);
    }
    # A tail, as of $1.php, that names what the section is for.
    return 1 if $path && @$path && length $target->{tail} && $target->{open}
        && $path->[-1] =~ /\Q$target->{tail}\E\z/;
    return scalar grep { my $folder = $_; grep { $_ eq $folder } @folders }
        @$path if $path;
    return 0 if $place->{phase} == 4;   # a name, which names() has
    return scalar grep { index($word, $_) >= 0 } @folders;
}

1;
