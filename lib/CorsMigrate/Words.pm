package CorsMigrate::Words;

# Takes the text of a configuration apart as httpd does: continued lines,
# arguments with quotes, sections.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(arguments logical_lines tag words);

# The lines of a text, each [ text, first number, last number ], without
# comments and empty lines.
sub logical_lines {
    my ($text) = @_;
    my @lines = split /\r?\n/, $text;
    my ($number, @logical) = (0);
    while ($number < @lines) {
        my $first = $number + 1;
        my $line = $lines[$number++];
        while ($number < @lines && $line =~ s/\\$//) {
            $line .= $lines[$number++];
        }
        $line =~ s/^\s+|\s+$//g;
        push @logical, [ $line, $first, $number ]
            if $line ne '' && $line !~ /^#/;
    }
    return @logical;
}

# What a line is: ('</', name), ('<', name, arguments) or ('', name,
# arguments).
sub tag {
    my ($line) = @_;
    return ('</', $1, '') if $line =~ m{^</([^\s>]*)};
    return ('<', $1, $2) if $line =~ /^<(\w+)\s*(.*?)\s*>?$/;
    my ($name, $args) = $line =~ /^(\S+)\s*(.*)$/s;
    return ('', $name, $args);
}

# The arguments of a line.
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

# The arguments of a directive: mod_rewrite has a way of its own, in which a
# backslash stays and no quote is escaped.
sub arguments {
    my ($name, $text) = @_;
    return words($text) unless $name =~ /^rewrite(?:cond|rule)\z/i;
    my @words;
    while ($text =~ /\G\s*(?:"([^"]*)"?|'([^']*)'?|((?:\\\s|\S)+))/gs) {
        push @words, grep { defined } $1, $2, $3;
    }
    return @words;
}

1;
