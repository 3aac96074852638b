package CorsMigrate::Recipe;

# Recognizes the lines of CORS recipes in a place of a configuration, and says
# which origins they let in.

use strict;
use warnings;
use CorsMigrate::Origins qw(@KINDS add everybody finding from_expression
    from_regex from_words);
use Exporter 'import';

our @EXPORT_OK = qw(at origins_of recognize);

# The directives that recipes are made of.
my %RECOGNIZE = (
    header         => \&see_header,
    setenv         => \&see_setenv,
    setenvif       => \&see_setenvif,
    setenvifnocase => \&see_setenvif,
    setenvifexpr   => \&see_setenvifexpr,
    rewritecond    => \&see_rewritecond,
    rewriterule    => \&see_rewriterule,
    require        => \&see_require,
);

# Notes in the place what its lines are in a recipe.
sub recognize {
    my ($place) = @_;
    for my $line (@{ $place->{lines} }) {
        my $see = $RECOGNIZE{lc $line->{name}};
        $see->($place, $line, @{ $line->{words} }) if $see;
    }
}

sub at { my ($line) = @_; return "$line->{file}:$line->{line}" }

# The finding with the line that it is from before each text.
sub found_at {
    my ($line, $found) = @_;
    for my $kind (@KINDS) {
        $_ = at($line) . ": $_" for @{ $found->{$kind} };
    }
    return $found;
}

# Header [always|onsuccess] ACTION NAME [VALUE [env=...|expr=...|early]]
sub see_header {
    my ($place, $line, @words) = @_;
    my $table = ($words[0] || '') =~ /^(?:always|onsuccess)$/i
        ? lc shift @words : 'onsuccess';
    my ($action, $name, $value, @more) = @words;
    return unless defined $name;
    $name = lc $name =~ s/:$//r;
    return unless $name =~ /^access-control-|^timing-allow-origin$/
        || ($name eq 'vary' && "@words" =~ /\bOrigin\b/i);
    push @{ $place->{headers}{$name} }, { line => $line, table => $table,
        action => lc $action, name => $name,
        value => defined $value ? $value : '',
        condition => @more && lc $more[0] ne 'early' ? $more[0] : '' };
}

# A source of variables: the lines that set them, and when they do.
sub add_variables {
    my ($place, $lines, $found, @names) = @_;
    found_at($lines->[-1], $found);
    for (@names) {
        my ($not, $name, $value) = /^(!?)([^=]+)(?:=(.*))?/ or next;
        my $fixed = defined $value && $value =~ m{^[^\$]*(?:://|\*)[^\$]*$};
        my $why = $not ? "it takes $name away" : "it sets $name to '$value'"
            if $not || $fixed;
        push @{ $place->{variables}{$name} }, { lines => $lines,
            found => $why ? found_at($lines->[-1], finding(decide =>
                [ "$why: write the origins that may" ])) : $found };
    }
}

sub see_setenv {
    my ($place, $line, $name, $value) = @_;
    add_variables($place, [ $line ], from_words($value), $name)
        if defined $value && $value =~ m{://};
}

sub see_setenvif {
    my ($place, $line, $of, $regex, @names) = @_;
    return unless @names;
    $of =~ s/^\^|\$$//g;
    my $found = lc $of eq 'origin' ? from_regex($regex)
        : lc $of eq 'request_method' && $regex =~ /OPTIONS/
            ? finding(methods => 1, options => 1)
        : finding(decide => [ "it depends on $of: write a section for that" ]);
    $found->{varies} = 1 if lc $of eq 'origin';
    add_variables($place, [ $line ], $found, @names);
}

sub see_setenvifexpr {
    my ($place, $line, $expression, @names) = @_;
    return unless @names;
    add_variables($place, [ $line ], from_expression($expression), @names);
}

sub see_rewritecond {
    my ($place, $line, $test, $pattern, $flags) = @_;
    return unless defined $pattern;
    push @{ $place->{asked} }, { line => $line, test => $test,
        pattern => $pattern, or => scalar(($flags || '') =~ /\bOR\b/i) };
}

sub see_rewriterule {
    my ($place, $line, undef, undef, $flags) = @_;
    my @asked = @{ delete $place->{asked} || [] };
    my @lines = ((map { $_->{line} } @asked), $line);
    $flags = '' unless defined $flags;
    push @{ $place->{rules} }, { lines => \@lines, flags => $flags }
        if $flags !~ /\b[FG]\b/ && grep { asks_for_options($_) } @asked;
    add_variables($place, \@lines, from_asked(@asked),
        $flags =~ /\bE=(\w+):/gi);
}

sub asks_for_options {
    my ($asked) = @_;
    return $asked->{test} =~ /^%\{REQUEST_METHOD\}$/i
        && $asked->{pattern} =~ /^[\^=("]*OPTIONS[)\$"]*$/i;
}

# The origins that RewriteCond lines let through.
sub from_asked {
    my @origin = grep { !asks_for_options($_) } @_;
    return everybody() unless @origin;
    my $found = finding(varies => 1);
    add($found, from_condition($_)) for @origin;
    push @{ $found->{decide} }, 'several RewriteCond without OR: write the '
        . 'origins that may' if grep { !$_->{or} } @origin[0 .. $#origin - 1];
    return $found;
}

sub from_condition {
    my ($asked) = @_;
    my ($test, $pattern) = @{$asked}{qw(test pattern)};
    return finding(decide => [ "it depends on $test: write a section for "
        . 'that' ]) if $test !~ /^%\{HTTP:Origin\}$/i;
    return finding(decide => [ "'$pattern' says who may not: write the "
        . 'origins that may' ]) if $pattern =~ /^!/;
    return $pattern =~ /^=(.*)/ ? from_words($1) : from_regex($pattern);
}

# Require lines that are there for OPTIONS alone, or not for it.
sub see_require {
    my ($place, $line, @words) = @_;
    push @{ $place->{open} }, $line
        if "@words" =~ /^method OPTIONS$/i;
    my ($limit) = grep { $_->{name} =~ /^limit/ } @{ $line->{conditions} };
    push @{ $place->{open} }, $limit
        if $limit && uc "@{ $limit->{words} }" eq 'OPTIONS';
}

# What the variable lets through here, of all that set it around.
sub variable {
    my ($place, $line, $name, $used) = @_;
    my $all = finding();
    my @sources;
    for (my $in = $place; $in; $in = $in->{parent}) {
        push @sources, @{ $in->{variables}{$name} || [] };
    }
    for (@sources) {
        add($all, $_->{found});
        push @$used, @{ $_->{lines} };
    }
    return @sources ? $all : found_at($line, finding(decide => [ 'nothing '
        . "that was read sets $name: write the origins that may" ]));
}

# What a question that is asked before a header is sent lets through.
sub condition {
    my ($place, $line, $text, $used) = @_;
    my $found = $text =~ /^env=!/
        ? finding(decide => [ "'$text' says when not: write the origins that "
            . 'may' ])
        : $text =~ /^env=(.*)/ ? finding(variable => $1)
        : from_expression($text);
    my $name = $found->{variable};
    return defined $name ? variable($place, $line, $name, $used)
                         : found_at($line, $found);
}

my $ECHO = qr/^expr=%\{(?:req(?:_novary)?|HTTP):Origin\}$
    |^%\{HTTP_ORIGIN\}e$/xi;

# What the value of Access-Control-Allow-Origin lets in by itself.
sub value {
    my ($place, $line, $value, $used) = @_;
    return variable($place, $line, $1, $used)
        if $value =~ /^%\{(\w+)\}e$/ && $value !~ $ECHO;
    return finding(all => 1) if $value eq '*';
    return found_at($line, $value =~ $ECHO ? everybody()
        : $value =~ /%\{|^expr=/ ? finding(decide => [ "'$value' can be "
            . 'anything: write the origins that may' ])
        : from_words($value));
}

# The origins that a line with Access-Control-Allow-Origin lets in.
sub origins_of {
    my ($place, $header, $used) = @_;
    my $line = $header->{line};
    my @ifs = grep { $_->{name} eq 'if' } @{ $line->{conditions} };
    push @$used, @ifs;
    my @asked = map { condition($place, $line, $_, $used) } grep { length }
        (map { $_->{words}[0] } @ifs), $header->{condition};
    my $found = value($place, $line, $header->{value}, $used);
    $found = both($found, $_) for grep { !$_->{methods} } @asked;
    $found->{any} = $header->{value} eq '*' && $found->{all};
    return $found unless grep { $_->{options} } @asked;
    my $kind = $found->{any} ? 'decide' : 'wrong';
    push @{ $found->{$kind} }, at($line) . ': on OPTIONS alone: the response '
        . 'that the page wants to read goes without'
        . ($found->{any} ? ', so write the origins that may read it' : '');
    $found->{any} = 0;
    return $found;
}

# What passes two questions.
sub both {
    my ($one, $other) = @_;
    my $varies = $one->{varies} || $other->{varies};
    return { %{ $other->{all} ? $one : $other }, varies => $varies }
        if $one->{all} || $other->{all};
    my %in = map { $_ => 1 } @{ $other->{origins} };
    my $found = add(add(finding(), $one), $other);
    $found->{origins} = [ grep { $in{$_} } @{ $one->{origins} } ];
    return $found;
}

1;
