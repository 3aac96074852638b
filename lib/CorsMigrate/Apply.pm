package CorsMigrate::Apply;

# Writes copies of the files with the lines replaced, and a patch that makes
# the same change to the files themselves.

use strict;
use warnings;
use Cwd qw(realpath);
use CorsMigrate::Print qw(lines_in);
use CorsMigrate::Place;
use Exporter 'import';
use File::Basename qw(basename dirname);
use File::Path qw(make_path);

our @EXPORT_OK = qw(apply);

# Returns what failed.
sub apply {
    my ($reader, $folder, @places) = @_;
    return "$folder: is not empty" if -e $folder
        && (!-d $folder || grep { !m{/\.\.?$} } glob "$folder/* $folder/.*");
    my $change = { reader => $reader, out => {}, in => {}, failed => [] };
    for my $place (@places) {
        $change->{out}{ $_->{file} }{$_->{line}} = $_->{last} || $_->{line}
            for @{ $place->{gone} || [] };
        insert($change, $place);
    }
    my @files = sort keys %{ { %{ $change->{out} }, %{ $change->{in} } } };
    my $top = common_folder(@files);
    my $patch = '';
    for my $file (@files) {
        my ($old, $new) = changed($change, $file);
        my $copy = $folder . '/' . substr $file, length $top;
        write_file($change, $copy, $new) or next;
        $patch .= difference($file, $old, $new);
    }
    write_file($change, "$folder/cors.patch", $patch);
    return @{ $change->{failed} };
}

# The folder that all files are in, as the files are named.
sub common_folder {
    my ($first, @files) = @_;
    return '' unless defined $first;
    my $top = $first =~ s{[^/]*$}{}r;
    for (@files) {
        $top =~ s{[^/]*/$}{} while index($_, $top) != 0;
    }
    return $top;
}

# Where the lines of a place are to stand: at the end of its section, or for a
# whole file before what they replace.
sub insert {
    my ($change, $place) = @_;
    my $block = $place->{block};
    # Origins that a section has in Cors lines are not for this tool to change.
    return if grep { $_->{name} eq 'corsalloworigin' } @{ $place->{own} || [] };
    my ($file, $line, @around) = $place->{use} ? behind($place)
        : $block ? @{$block}{qw(file end)} : before($change, $place);
    # Conditions that hold there are settled.
    my %known = map { ($_->{key} => !$_->{not} || 0) }
        $place->{use} ? @{ $place->{use}{guards} } : @{ $place->{guards} };
    local $CorsMigrate::Print::SUGGESTS = 0;
    my @lines = CorsMigrate::Print::nested(\@around,
        lines_in($place, \%known)) or return;
    return fail($change, "$place->{file}:$place->{line}: no place for the new "
        . 'lines: put them in by hand') unless defined $line;
    my $text = join '', map { "$_\n" } @lines;
    my $at = $change->{in}{$file}{$line} ||= [];
    return if grep { $_->{text} eq $text } @$at;
    return fail($change, "$file:$line: it is read more than once, and not to "
        . 'the same end: put the new lines in by hand')
        if $change->{reader}->times($file) > 1 && $block && @$at;
    push @$at, { text => $text, deeper => $block && !$place->{use} ? 1 : 0 };
}

sub fail { my ($change, $text) = @_; push @{ $change->{failed} }, $text;
    return }

# Behind the line that uses a macro, in the sections of the macro.
sub behind {
    my ($place) = @_;
    my $use = $place->{use};
    my $at = $use->{place};
    return ($use->{file}, ($use->{last} || $use->{line}) + 1,
        grep { my $in = $_; $in->{use} && $in != $at }
            $place->around, $place);
}

# Before the first line of the recipe of a whole file, outside of all
# conditions.
sub before {
    my ($change, $place) = @_;
    my ($first) = sort { $a->{line} <=> $b->{line} }
        map { $_->{line} } map { @{ $_->{header} || [] } } $place,
        grep { $_->is_if && ($_->{inline} || 0) && ($_->{parent} || 0) == $place }
        @{ $place->{with} || [] };
    return ($place->{file}, 1) unless $first;
    return ($first->{use}{file}, ($first->{use}{last} || 0) + 1)
        if $first->{use};
    my ($outermost) = grep { $_->{file} eq $first->{file} }
        @{ $first->{blocks} };
    return ($first->{file}, ($outermost || $first)->{line});
}

# A file before and after.
sub changed {
    my ($change, $file) = @_;
    open my $in, '<', $file or do { fail($change, "$file: $!"); return };
    my @old = <$in>;
    my (%gone, @new);
    my $out = $change->{out}{$file} || {};
    for my $first (keys %$out) { @gone{ $first .. $out->{$first} } = () }
    for my $number (1 .. @old + 1) {
        my $line = $old[$number - 1];
        $new[-1] .= "\n" if @new && $new[-1] !~ /\n\z/
            && $change->{in}{$file}{$number};
        for (@{ $change->{in}{$file}{$number} || [] }) {
            my $indent = indent($line, $number, @old);
            $indent .= '    ' if $_->{deeper};
            push @new, $_->{text} =~ s/^/$indent/mgr;
        }
        push @new, $line if defined $line && !exists $gone{$number};
    }
    return (join('', @old), join '', @new);
}

sub indent {
    my ($line, $number, @old) = @_;
    $line = $number > 1 ? $old[$number - 2] : '' unless defined $line;
    return $line =~ /^([ \t]*)/ ? $1 : '';
}

sub write_file {
    my ($change, $path, $text) = @_;
    return fail($change, "$path: no such folder")
        unless eval { make_path(dirname($path)); 1 };
    open my $out, '>', $path or return fail($change, "$path: $!");
    print $out $text;
    return close($out) || fail($change, "$path: $!");
}

# A patch in the unified form, of whole hunks: three lines around a change.
sub difference {
    my ($file, $old, $new) = @_;
    return '' if $old eq $new;
    my @files;
    require File::Temp;
    for ($old, $new) {
        my $temp = File::Temp->new;
        print $temp $_;
        close $temp;
        push @files, $temp;
    }
    my $name = $file =~ s{^/}{}r;
    open my $diff, '-|', 'diff', '-u', '--label', "a/$name", '--label',
        "b/$name", map { $_->filename } @files or return '';
    local $/;
    my $text = <$diff>;
    close $diff;
    return defined $text ? $text : '';
}

1;
