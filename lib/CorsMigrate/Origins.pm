package CorsMigrate::Origins;

# Turns what recipes compare the Origin field with, words and regular
# expressions, into origins that CorsAllowOrigin takes.  These are candidates:
# CorsMigrate::Granted asks the recipe about each of them.  What can't be
# turned into a list of origins is said, never guessed.

use strict;
use warnings;
use CorsMigrate::Punycode qw(is_punycode);
use Exporter 'import';
use Socket qw(AF_INET6 inet_ntop inet_pton);

our @EXPORT_OK = qw(add covers distinct finding from_regex from_text is_local
    @KINDS);

my $MANY = 100;         # origins from one regular expression

# What a regular expression leaves open, in the words it expands to.
my ($START, $END, $BYTE, $OF_LABEL, $OF_HOST, $DIGIT, $STAR, $LABEL, $RUN,
    $DIGITS) = map { chr } 1 .. 8, 14, 15;
my $OPEN = qr/[\x01-\x08\x0e\x0f]/;
my %SHOWN = ($START => '^', $END => '$', $BYTE => '.', $OF_LABEL => '\w',
    $OF_HOST => '.', $DIGIT => '\d', $STAR => '\*', $LABEL => '\w+',
    $RUN => '.*', $DIGITS => '\d+');

my %DEFAULT_PORT = (http => 80, ws => 80, https => 443, wss => 443);

# What each function here finds: origins, and texts of three kinds: what was
# wrong in the recipe, what to note, what has to be decided.
our @KINDS = qw(wrong note decide);

sub finding { return { origins => [], (map { $_ => [] } @KINDS), @_ } }

sub add {
    my ($to, $from) = @_;
    push @{ $to->{$_} }, @{ $from->{$_} } for 'origins', @KINDS;
    return $to;
}

# The origins in a text, as browsers send them.
sub from_text {
    my ($text) = @_;
    my @words = grep { m{^[a-z][a-z0-9+.-]*://}i } split /[\s,]+/, $text;
    my $found = finding();
    for (@words) {
        my ($origin, $why) = normalize($_);
        if (!defined $origin) { push @{ $found->{note} }, "'$_' $why" }
        else {
            push @{ $found->{origins} }, $origin;
            push @{ $found->{wrong} }, "'$_' never matched: browsers send "
                . $origin if $origin ne $_;
        }
    }
    push @{ $found->{wrong} }, "'$text': a header can hold one origin, and "
        . 'no browser takes more' if @words > 1;
    return $found;
}

# As browsers send an origin; or undef, and why it can't be said.
sub normalize {
    my ($text) = @_;
    return (undef, 'is whatever has no origin of its own, which any page can '
        . 'make itself: leave it out, or read CorsAllowUnsafe null-origin')
        if lc $text eq 'null';
    return (undef, 'names no scheme: write https:// and the host')
        unless $text =~ m{^([a-z][a-z0-9+.-]*)://(.*)$}i;
    my ($scheme, $rest) = (lc $1, lc $2);
    my ($host, $port) = $rest =~
        m{^(\[[0-9a-f:.]+\]|(?:\*\.)?[a-z0-9_-]+(?:\.[a-z0-9_-]+)*)
          \.?(?::(\d+|\*)?)?(?:[/?\#].*)?$}x
        or return (undef, 'is not an origin');
    return (undef, 'is every host of a top level: name yours')
        if $host =~ /^\*\.([^.]+)$/ && $1 ne 'localhost';
    return (undef, 'is an address, and not as browsers write it')
        if $host =~ /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/ && !is_ipv4($host);
    my $limit = limit($scheme, $host);
    return (undef, $limit) if $limit;
    if ($host =~ /^\[(.*)\]$/) {
        my $address = inet_pton(AF_INET6, $1)
            or return (undef, 'is not an address');
        $host = '[' . inet_ntop(AF_INET6, $address) . ']';
    }
    return "$scheme://$host" unless defined $port && length $port;
    return "$scheme://$host:*" if $port eq '*';
    return (undef, 'has no port that there is')
        if $port < 1 || $port > 65535;
    $port += 0;
    return $port == ($DEFAULT_PORT{$scheme} || 0) ? "$scheme://$host"
                                                  : "$scheme://$host:$port";
}

# What is too long for a browser, or no name to it.
sub limit {
    my ($scheme, $host) = @_;
    return 'has a scheme of more than 64 bytes' if length $scheme > 64;
    return 'has a host of more than 253 bytes' if length $host > 253;
    my @labels = split /\./, $host;
    return 'has a label of more than 63 bytes' if grep { length > 63 } @labels;
    return 'has a label that is not valid Punycode'
        if grep { !is_punycode($_) } @labels;
    return;
}

# The origins without those that another covers.
sub distinct {
    my %seen;
    my @once = grep { !$seen{$_}++ } @_;
    return grep { my $one = $_;
        !grep { $_ ne $one && covers($_, $one) } @once } @once;
}

sub covers {
    my ($pattern, $one) = @_;
    my ($scheme, $host, $port) = $pattern =~ m{^(.*?://)(.*?)(:\*)?$};
    my $match = quotemeta($scheme)
        . ($host =~ s/^\*// ? '.+' : '') . quotemeta($host)
        . ($port ? '(?::(?:\d+|\*))?' : '');
    return $one =~ /^$match$/;
}

sub is_ipv4 {
    my @bytes = split /\./, $_[0], -1;
    return @bytes == 4
        && !grep { !/^(?:0|[1-9]\d{0,2})$/ || $_ > 255 } @bytes;
}

# Whether mod_cors lets credentials go there without being told twice.
sub is_local {
    my ($origin) = @_;
    return $origin =~ m{^https://|^[^:]+://
        (?:(?:.*\.)?localhost|127(?:\.\d+){3}|\[::1\])(?::[\d*]+)?$}x;
}

# The same few regular expressions stand in thousands of files.
my %known;

sub from_regex {
    my ($regex) = @_;
    my $found = $known{$regex} ||= read_regex($regex);
    return { map { ($_ => [ @{ $found->{$_} } ]) } keys %$found };
}

sub read_regex {
    my ($regex) = @_;
    my @words = eval { expand($regex) };
    return finding(decide => [ "'$regex': " . ($@ =~ s/\n//r) ]) if $@;
    my %slips;
    my $found = finding();
    add($found, from_alternative($_, \%slips)) for @words;
    push @{ $found->{wrong} }, map { "'$regex' $_" } sort keys %slips;
    return $found;
}

# One of the words that a regular expression stands for.
sub from_alternative {
    my ($word, $slips) = @_;
    my $starts = $word =~ s/^$START+//;
    my $ends = $word =~ s/$END+$//;
    return finding() if $starts && $ends && $word eq '';
    my $dot = $word =~ s/$BYTE/./g;
    my $path = $word =~ s{^([^/]+://[^/]+?):?/.*}{$1}s;
    $word =~ s/:(?:$DIGITS|$RUN)$/:*/;
    $word =~ s{(://.*:)$}{$1*} unless $ends;
    $word =~ s{://$LABEL\.}{://*.};
    $word =~ s{://$RUN\.}{://*.};
    return finding() if $word =~ m{^$RUN?(?:(?:http)?s?:?/?/?)?$RUN?$};
    return finding(decide => [ too_open($word) ]) if $word =~ $OPEN;
    my %slip = ('has no ^: it matches with anything before it too' => !$starts,
        'has no $ after it: it matches with anything after it too' => !$ends,
        'has a dot without a backslash, which is any byte' => $dot,
        'has a path, which no origin has' => $path);
    $slips->{$_} = 1 for grep { $slip{$_} } keys %slip;
    return finding(note => [ "'$word' is left out: no origin is written with "
        . 'that end' ]) if $word =~ /(?:\.|:)$|\.:/;
    my ($origin, $why) = normalize($word);
    return finding(decide => [ "'$word' $why" ]) unless defined $origin;
    return finding(origins => [ $origin ],
        wrong => $origin eq lc $word ? []
            : [ "'$word' never matched: browsers send $origin" ]);
}

sub too_open {
    my ($word) = @_;
    my $shown = $word =~ s/($OPEN)/$SHOWN{$1}/gr;
    my ($scheme, $host) =
        $word =~ m{^(?:(\w+)://)?(?:$RUN|$LABEL)\.?([\w-]+(?:\.[\w-]+)+)$};
    $scheme = 'https' unless defined $scheme;
    return "'$shown' is more than the subdomains of a host: write the origins "
        . 'that are meant'
        . ($host ? ", such as $scheme://$host or $scheme://*.$host" : '');
}

no warnings 'recursion';        # as deep as the expression's parentheses

# All words that a regular expression stands for.  Dies if it can't be said.
sub expand {
    my ($regex) = @_;
    my $rest = $regex =~ s/^\(\?i\)//r;
    my @words = alternatives(\$rest);
    die "unbalanced parentheses\n" if length $rest;
    return @words;
}

sub alternatives {
    my ($rest) = @_;
    my @words = sequence($rest);
    push @words, sequence($rest) while $$rest =~ s/^\|//;
    return @words;
}

sub sequence {
    my ($rest) = @_;
    my @words = ('');
    while ($$rest =~ /^[^|)]/) {
        my @next = repeat($rest, atom($rest));
        @words = map { my $head = $_; map { "$head$_" } @next } @words;
        die "it stands for more than $MANY origins\n" if @words > $MANY;
    }
    return @words;
}

my @ATOMS = ([ qr/^\^/, $START ], [ qr/^\$/, $END ], [ qr/^\./, $BYTE ],
    [ qr/^(?:\\d|\[0-9\]|\[\\d\])/, $DIGIT ], [ qr/^\[\\?\.\]/, '.' ],
    [ qr/^(?:\\w|\[\^[^\]]*\.[^\]]*\]|\[[^\].^]+\])/, $OF_LABEL ],
    [ qr/^(?:\\S|\[[^\]]+\])/, $OF_HOST ], [ qr/^\\\*/, $STAR ],
    [ qr/^\\([^A-Za-z0-9])/ ], [ qr/^([^\\*+?{\[\]])/ ]);

sub atom {
    my ($rest) = @_;
    if ($$rest =~ s/^\((?!\?[^:])(?:\?:)?//) {
        my @words = alternatives($rest);
        $$rest =~ s/^\)// or die "unbalanced parentheses\n";
        return @words;
    }
    for (@ATOMS) {
        my ($atom, $stands_for) = @$_;
        next if $$rest =~ /^\(/ || $$rest !~ s/$atom//;
        return defined $stands_for ? $stands_for : $1;
    }
    die "no list of origins can be made of '$$rest'\n";
}

# The words of an atom, with what follows it: ?, *, + or {n,m}.
sub repeat {
    my ($rest, @words) = @_;
    return @words unless $$rest =~ s/^([?*+]|\{\d+(?:,\d*)?\})[?+]?//;
    return (@words, '') if $1 eq '?';
    my $many = $1;
    return $DIGITS if "@words" eq $DIGIT;
    if ($many =~ /[*+]/) {
        return $RUN if "@words" eq $BYTE || "@words" eq $OF_HOST;
        return $LABEL if "@words" eq $OF_LABEL;
        return ("$RUN.", $many eq '*' ? '' : ())
            if "@words" =~ /^(?:$RUN|$LABEL)(?:\.|$BYTE)$/;
    }
    die "no list of origins can be made of what it repeats with $many\n";
}

1;
