package CorsMigrate::Expression;

# Expressions of httpd (ap_expr) as functions of a request.  An answer is a
# value, or an object of the class below where the request does not settle it:
# what an expression asks that is not here is not known, never guessed.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(compile_condition compile_text field glob_regex is_unknown
    matches unknown);

sub unknown { return bless [ $_[0] ], 'CorsMigrate::Unknown' }
sub is_unknown { return ref $_[0] eq 'CorsMigrate::Unknown' }

# A header field of the request.  The ones that a browser sets for CORS are
# known, any other can be anything.
sub field {
    my ($request, $name) = @_;
    $name = lc $name;
    return exists $request->{fields}{$name} ? $request->{fields}{$name}
        : unknown("it depends on the header field $name");
}

# A regular expression of httpd; undef if Perl does not take it.
sub regex {
    my ($text, $ignores_case) = @_;
    no warnings;
    return eval { $ignores_case ? qr/$text/i : qr/$text/ };
}

# Matches, and keeps the groups for $1 and its like.
sub matches {
    my ($request, $value, $regex) = @_;
    return $value if is_unknown($value);
    my @groups = $value =~ $regex or return 0;
    no warnings 'uninitialized';
    $request->{groups} = [ map { substr $value, $-[$_], $+[$_] - $-[$_] }
        0 .. $#+ ];
    return 1;
}

# uses: notes what the expression depends on: { fields, variables, texts,
# regexes }.
sub compile_condition {
    my ($text, $uses) = @_;
    my $parser = { rest => $text, uses => $uses };
    my $ask = eval { my $all = any_of($parser); skip($parser);
        die "\n" if length $parser->{rest}; $all };
    return apart($ask) if $ask;
    $uses->{odd} = 1;
    return sub { unknown("'$text' asks what is not known here") };
}

# A text with %{...} in it, as after "expr=".
sub compile_text {
    my ($text, $uses) = @_;
    my $parts = eval { apart(interpolated({ uses => $uses }, $text)) };
    return $parts || do { $uses->{odd} = 1; sub {
        unknown("'$text' can be anything") } };
}

# Groups of a regular expression are for the expression that it stands in.
sub apart {
    my ($ask) = @_;
    return sub {
        my ($request) = @_;
        local $request->{groups};
        return $ask->($request);
    };
}

sub skip { $_[0]{rest} =~ s/^\s+// }

sub takes {
    my ($parser, $regex) = @_;
    skip($parser);
    return $parser->{rest} =~ s/^$regex// ? defined $1 ? $1 : '' : undef;
}

sub any_of {
    my ($parser) = @_;
    my @asked = all_of($parser);
    push @asked, all_of($parser) while defined takes($parser, qr/\|\|/);
    return $asked[0] if @asked == 1;
    return sub {
        my ($request, $open) = @_;
        for (@asked) {
            my $is = $_->($request);
            return 1 if $is && !is_unknown($is);
            $open ||= $is if is_unknown($is);
        }
        return $open || 0;
    };
}

sub all_of {
    my ($parser) = @_;
    my @asked = negated($parser);
    push @asked, negated($parser) while defined takes($parser, qr/&&/);
    return $asked[0] if @asked == 1;
    return sub {
        my ($request, $open) = @_;
        for (@asked) {
            my $is = $_->($request);
            return 0 if !$is;
            $open ||= $is if is_unknown($is);
        }
        return $open || 1;
    };
}

sub negated {
    my ($parser) = @_;
    return primary($parser) unless defined takes($parser, qr/!(?![=~])/);
    my $asked = negated($parser);
    return sub { my $is = $asked->($_[0]); is_unknown($is) ? $is : !$is || 0 };
}

sub primary {
    my ($parser) = @_;
    if (defined takes($parser, qr/\(/)) {
        my $asked = any_of($parser);
        die "\n" unless defined takes($parser, qr/\)/);
        return $asked;
    }
    my $constant = takes($parser, qr/(true|false)\b/i);
    return sub { lc $constant eq 'true' ? 1 : 0 } if defined $constant;
    my $unary = takes($parser, qr/-([nzTR])\s/);
    return unary($unary, word($parser)) if defined $unary;
    die "\n" if defined takes($parser, qr/-\w\s/);
    return comparison($parser, word($parser));
}

sub unary {
    my ($is, $word) = @_;
    my %asked = (n => sub { length $_[0] ? 1 : 0 },
        z => sub { length $_[0] ? 0 : 1 },
        T => sub { $_[0] =~ /^(?:|0|off|false|no)$/i ? 0 : 1 });
    my $asked = $asked{$is} or return sub {
        unknown('it depends on the address of the client') };
    return sub { my $value = $word->($_[0]);
        is_unknown($value) ? $value : $asked->($value) };
}

my %COMPARE = (
    '==' => sub { $_[0] eq $_[1] }, '!=' => sub { $_[0] ne $_[1] },
    '<' => sub { $_[0] lt $_[1] }, '<=' => sub { $_[0] le $_[1] },
    '>' => sub { $_[0] gt $_[1] }, '>=' => sub { $_[0] ge $_[1] },
    eq => sub { number($_[0]) == number($_[1]) },
    ne => sub { number($_[0]) != number($_[1]) },
    lt => sub { number($_[0]) < number($_[1]) },
    le => sub { number($_[0]) <= number($_[1]) },
    gt => sub { number($_[0]) > number($_[1]) },
    ge => sub { number($_[0]) >= number($_[1]) },
    strmatch => sub { $_[0] =~ glob_regex($_[1], 0) },
    strcmatch => sub { $_[0] =~ glob_regex($_[1], 1) },
);
$COMPARE{'='} = $COMPARE{'=='};

sub number { return $_[0] =~ /^\s*(-?\d+)/ ? $1 : 0 }

# What httpd's ap_strcmp_match() matches: any bytes for *, one for ?.
sub glob_regex {
    my ($glob, $ignores_case) = @_;
    my $regex = join '', map { $_ eq '*' ? '.*' : $_ eq '?' ? '.'
        : quotemeta } split //, $glob;
    return $ignores_case ? qr/^$regex\z/is : qr/^$regex\z/s;
}

sub comparison {
    my ($parser, $left) = @_;
    my $operator = takes($parser, qr/(=~|!~)/);
    return matching($parser, $left, $operator) if defined $operator;
    return listed($parser, $left) if defined takes($parser, qr/-?in\b/);
    $operator = takes($parser, qr/(==|!=|<=|>=|=|<|>)/);
    $operator = takes($parser, qr/-?((?:eq|ne|lt|le|gt|ge)|strc?match)\b/)
        unless defined $operator;
    die "\n" unless defined $operator;
    my $before = @{ $parser->{uses}{texts} || [] };
    my $right = word($parser);
    if ($operator =~ /match/) {
        push @{ $parser->{uses}{regexes} }, map { '^'
            . quotemeta($_) =~ s/\\\*/.*/gr =~ s/\\\?/./gr . '$' }
            @{ $parser->{uses}{texts} || [] }[$before
                .. $#{ $parser->{uses}{texts} || [] }];
    }
    my $compare = $COMPARE{$operator};
    return sub {
        my @values = map { $_->($_[0]) } $left, $right;
        for (@values) { return $_ if is_unknown($_) }
        return $compare->(@values) ? 1 : 0;
    };
}

sub matching {
    my ($parser, $left, $operator) = @_;
    skip($parser);
    $parser->{rest} =~ s{^(?:m([/\#\$%^|?!'",;:._-])|(/))(.*?)(?:\1|\2)([ismg]*)}
        {}s or die "\n";
    my ($text, $flags) = ($3, $4);
    # The group that did not match is empty: only one delimiter counts.
    my $regex = regex($text, $flags =~ /i/);
    push @{ $parser->{uses}{regexes} }, $text;
    return sub { unknown("'$text' is a regular expression that can't be "
        . 'read here') } unless $regex;
    my $negated = $operator eq '!~';
    return sub {
        my $is = matches($_[0], $left->($_[0]), $regex);
        return is_unknown($is) ? $is : $negated ? !$is || 0 : $is;
    };
}

sub listed {
    my ($parser, $left) = @_;
    die "\n" unless defined takes($parser, qr/\{/);
    my @words = word($parser);
    push @words, word($parser) while defined takes($parser, qr/,/);
    die "\n" unless defined takes($parser, qr/\}/);
    return sub {
        my $value = $left->($_[0]);
        return $value if is_unknown($value);
        my $open;
        for (@words) {
            my $word = $_->($_[0]);
            if (is_unknown($word)) { $open = $word }
            elsif ($word eq $value) { return 1 }
        }
        return $open || 0;
    };
}

# A word: texts, variables and functions, put together by dots.
sub word {
    my ($parser) = @_;
    my @parts = part($parser);
    push @parts, part($parser) while defined takes($parser, qr/\.(?!\d)/);
    return joined(@parts);
}

sub joined {
    my (@parts) = @_;
    return $parts[0] if @parts == 1;
    return sub {
        my @values = map { $_->($_[0]) } @parts;
        for (@values) { return $_ if is_unknown($_) }
        return join '', @values;
    };
}

sub part {
    my ($parser) = @_;
    skip($parser);
    if ($parser->{rest} =~ s/^(-?\d+)//) { my $n = $1; return sub { $n } }
    if ($parser->{rest} =~ s/^'((?:[^'\\]|\\.)*)'//s
        || $parser->{rest} =~ s/^"((?:[^"\\]|\\.)*)"//s) {
        return interpolated($parser, $1);
    }
    return variable($parser, $1) if $parser->{rest} =~ s/^%\{([^{}]*)\}//;
    return group($1) if $parser->{rest} =~ s/^\$(\d)//;
    if ($parser->{rest} =~ s/^(\w+)\(//) {
        my $function = lc $1;
        my $argument = word($parser);
        die "\n" unless defined takes($parser, qr/\)/);
        return function($parser, $function, $argument);
    }
    die "\n";
}

sub group {
    my ($n) = @_;
    return sub { my $groups = $_[0]{groups};
        $groups && defined $groups->[$n] ? $groups->[$n] : '' };
}

sub interpolated {
    my ($parser, $text) = @_;
    my @parts;
    while ($text =~ /\G(?:%\{([^{}]*)\}|\$(\d)|((?:\\.|[^%\$\\]|%(?!\{)|\$(?!\d))+))/gs) {
        my ($name, $n, $plain) = ($1, $2, $3);
        if (defined $plain) {
            $plain =~ s/\\(.)/$1/gs;
            push @{ $parser->{uses}{texts} }, $plain;
            push @parts, sub { $plain };
        }
        else {
            push @parts, defined $n ? group($n) : variable($parser, $name);
        }
    }
    die "\n" if $text =~ /%\{(?![^{}]*\})/;
    return @parts ? joined(@parts) : sub { '' };
}

sub variable {
    my ($parser, $name) = @_;
    return function($parser, lc $1, do { my $of = $2; sub { $of } })
        if $name =~ /^(\w+):(.*)$/s;
    if ($name =~ /^REQUEST_(METHOD|STATUS)$/i) {
        my $of = lc $1;
        $parser->{uses}{$of} = 1;
        return sub { $_[0]{$of} };
    }
    return sub { unknown("it depends on $name") };
}

my %OF_FIELD = map { $_ => 1 } qw(req http req_novary);
my %OF_VARIABLE = map { $_ => 1 } qw(reqenv env);
my %CHANGE = (tolower => sub { lc $_[0] }, toupper => sub { uc $_[0] });

sub function {
    my ($parser, $function, $argument) = @_;
    my $name = $argument->({});
    if ($OF_FIELD{$function} && !is_unknown($name)) {
        $parser->{uses}{fields}{lc $name} = 1;
        return sub { field($_[0], $name) };
    }
    if ($OF_VARIABLE{$function} && !is_unknown($name)) {
        $parser->{uses}{variables}{$name} = 1;
        return sub { my $value = $_[0]{variable}->($_[0], $name);
            defined $value ? $value : '' };
    }
    if (my $change = $CHANGE{$function}) {
        return sub { my $value = $argument->($_[0]);
            is_unknown($value) ? $value : $change->($value) };
    }
    return sub { unknown("it depends on $function "
        . (is_unknown($name) ? '' : $name)) };
}

1;
