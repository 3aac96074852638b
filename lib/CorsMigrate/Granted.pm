package CorsMigrate::Granted;

# Asks a recipe about one origin after the other, and says what it grants.
# Nothing here reads a regular expression: origins are candidates, and the
# steps of the recipe, run for each of them, have the last word.

use strict;
use warnings;
use CorsMigrate::Expression qw(is_unknown unknown);
use CorsMigrate::Origins qw(add covers distinct finding from_regex from_text);
use CorsMigrate::Request qw(answer);
use Exporter 'import';

our @EXPORT_OK = qw(candidates grants examples relevant @STRANGERS);

# Origins that no recipe means: what lets them in lets in everybody.
our @STRANGERS = ('https://stranger.example', 'http://stranger.test:8080',
    'app://stranger', 'https://stranger.co.uk', 'null');

# What a subdomain can be: recipes that say yes to some of these only do not
# mean all subdomains.
my @LABELS = ('a', 'a.b', 'x-1.y2.z', '0', '9a', '-', 'a_b', 'xn--bcher-kva',
    'a' x 63, 'a.b.c.d.e.f.g.h', 'www', 'evil', 'stranger');
my $MOST_LABELS = 60;   # of those that a recipe speaks of
my @PORTS = ('', ':1', ':8443', ':65535');

# The steps that have to do with who may read, of a program: its Header lines
# and all that sets what these depend on.
sub relevant {
    my ($program) = @_;
    my @steps = grep { $_->{name} ne 'vary' } map { $_->[0] }
        @{ $program->{header} };
    my %need = map { $_ => 1 } map { keys %{ $_->{uses}{variables} || {} } }
        @steps, @{ $program->{inline} };
    my @setters = ((map { $_->[0] } map { @{ $program->{$_} } }
        qw(early setenvif env)), rules($program));
    my ($more, %have) = (1);
    while ($more) {
        $more = 0;
        for my $step (@setters) {
            next if $have{$step} || !grep { $need{$_} } sets($step);
            $have{$step} = $more = 1;
            $need{$_} = 1 for keys %{ $step->{uses}{variables} || {} };
        }
    }
    return (\@steps, [ grep { $have{$_} } @setters ], \%need);
}

sub sets {
    my ($step) = @_;
    return ((map { $_->{name} } @{ $step->{sets} || [] }),
        $step->{names} ? @{ $step->{names} } : $step->{name} || (),
        keys %{ $step->{unsets} || {} });
}

# Rules, each with the conditions before it as its own.
sub rules {
    my ($program) = @_;
    my (@rules, @asked);
    for my $step (@{ $program->{server_rewrite} }, @{ $program->{rewrite} }) {
        push @asked, $step if $step->{kind} eq 'condition';
        next unless $step->{kind} eq 'rule';
        my %uses;
        for my $of (@asked, $step) {
            $uses{$_} ||= $of->{uses}{$_} for qw(negative more);
            push @{ $uses{$_} }, @{ $of->{uses}{$_} || [] }
                for qw(texts regexes);
            $uses{$_} = { %{ $uses{$_} || {} }, %{ $of->{uses}{$_} || {} } }
                for qw(fields variables);
        }
        push @rules, { %$step, uses => \%uses, asked => [ @asked ] }
            if $step->{sets};
        # What is chained to it asks the same first.
        @asked = () unless $step->{flag}{C};
    }
    return @rules;
}

# What the steps compare with: { origins, wrong, decide } as CorsMigrate::
# Origins has it, and the labels that they speak of.
sub candidates {
    return $_[0]{candidates} ||= found_in($_[0]);
}

sub found_in {
    my ($program) = @_;
    my ($headers, $setters) = relevant($program);
    my $all = finding(labels => []);
    my @grant = grep { $_->{name} =~
        /^(?:access-control-allow-(?:origin|credentials)|timing-.*)$/ }
        @$headers;
    for my $of (@grant, @$setters, @{ $program->{inline} },
        @{ $program->{apart} }) {
        my $uses = $of->{uses};
        my $found = finding();
        $all->{negative} ||= $uses->{negative};
        $all->{depends} = 1 if $uses->{fields}{origin};
        add($found, from_regex($_)) for grep { !/^:$|OPTIONS/ }
            $uses->{fields}{origin} ? @{ $uses->{regexes} || [] } : ();
        add($found, from_text($_)) for @{ $uses->{texts} || [] };
        push @{ $found->{decide} }, "$uses->{more}: write the origins that may"
            if $uses->{more};
        # A step has its line; a branch of <If> is where it stands.
        my $line = ref $of->{line} ? $of->{line} : $of;
        for my $kind (@CorsMigrate::Origins::KINDS) {
            $_ = at($line) . ": $_" for @{ $found->{$kind} };
        }
        add($all, $found);
        push @{ $all->{labels} }, map { labels_in($_) }
            @{ $uses->{regexes} || [] }, @{ $uses->{texts} || [] };
    }
    # What other headers ask is asked too: origins may differ in these alone.
    for my $regex (map { @{ $_->{uses}{regexes} || [] } } @$headers) {
        push @{ $all->{origins} }, @{ from_regex($regex)->{origins} };
        push @{ $all->{labels} }, labels_in($regex);
    }
    my %seen;
    @{ $all->{labels} } = grep { !$seen{$_}++ && length() < 64 }
        map { lc } @{ $all->{labels} };
    $all->{many} = 1 if splice @{ $all->{labels} }, $MOST_LABELS;
    return $all;
}

# What a text or a regular expression speaks of, as labels of a host: each
# name, and each run of names.  A list of whole origins is asked as it is.
sub labels_in {
    my ($text) = @_;
    my $origins = from_regex($text)->{origins};
    return if @$origins && !grep { /\*/ } @$origins;
    my @runs = $text =~ s/\\([.-])/$1/gr =~ /[a-z0-9_][a-z0-9_.-]*/gi;
    return map { my $run = s/[.-]+\z//r; ($run, $run =~ /([a-z0-9]+)/gi) }
        @runs;
}

sub at { my ($line) = @_; return "$line->{file}:$line->{line}" }

# Origins that a pattern of CorsAllowOrigin stands for.
sub examples {
    my ($pattern, @labels) = @_;
    my @all = $pattern;
    if ($pattern =~ /\*\.([^:]+)/) {
        # The host itself is no label of what is below it.
        @labels = grep { length } map { s/(?:^|\.)\Q$1\E\z//r } @labels;
        @all = map { my $label = $_; map { s/\*\./$label./r } @all }
            @LABELS, @labels, map { ("x$_", "$_.x") } @labels;
    }
    @all = map { my $port = $_; map { s/:\*$/$port/r } @all }
        $pattern =~ /\*\./ ? @PORTS[0, 2] : @PORTS if $pattern =~ /:\*$/;
    return @all;
}

# The value of a header in an answer, of all its lines; undef if it has none.
sub value {
    my ($answer, $name, $on_error) = @_;
    my @values = (@{ $answer->{always}{$name} || [] },
        $on_error ? () : @{ $answer->{onsuccess}{$name} || [] });
    for (@values) { return $_ if is_unknown($_) }
    return @values ? join ', ', @values : undef;
}

my $ORIGIN = 'access-control-allow-origin';
my @ERRORS = (401, 403, 404, 500);

# Who may read by a value: 'any', 'own', or nobody.
sub reads {
    my ($value, $origin) = @_;
    return $value if is_unknown($value);
    return !defined $value ? '' : $value eq '*' ? 'any'
        : defined $origin && $value eq $origin ? 'own' : '';
}

# What the recipe grants an origin: { reads, credentials, exposed, timing,
# errors: what they are told, fails: one of them, sent: what a preflight is told,
# unknown: why nobody knows }.
sub grants {
    my ($program, $origin) = @_;
    # Where nothing is sent and no rule runs, all origins are one.
    $origin = undef unless @{ $program->{header} }
        || @{ $program->{server_rewrite} } || @{ $program->{rewrite} };
    return $program->{granted}{ defined $origin ? $origin : '' }
        ||= ask($program, $origin);
}

sub ask {
    my ($program, $origin) = @_;
    my $uses = $program->{uses};
    my $got = answer($program, method => 'GET', origin => $origin);
    my @failed = !$uses->{status} ? $got : map { answer($program,
        method => 'GET', origin => $origin, status => $_) } @ERRORS;
    my $asked = $uses->{method} || $uses->{preflight} ? answer($program,
        method => 'OPTIONS', origin => $origin, asked_method => 'PUT',
        asked_headers => 'x-one') : $got;
    my %told = told($got, $origin);
    my %grants = %told;
    $grants{timing} = times_for($got, $origin);
    # An error page has what "always" puts there.
    $grants{errors} = [ map { $_ == $got && !%{ $got->{onsuccess} }
        ? { %told } : { told($_, $origin, 1) } } @failed ];
    $grants{fails} = $grants{reads} && grep { is_unknown($_) || !$_ }
        map { $_->{reads} } @{ $grants{errors} };
    my %sent = $asked == $got ? %told : told($asked, $origin);
    reflected($program, $origin, \%sent) if $uses->{preflight};
    $grants{ended} = $asked->{ended};
    $grants{sent} = \%sent;
    $grants{broken} = is_unknown($grants{reads}) ? 0
        : defined value($got, $ORIGIN) && !$grants{reads};
    same_for_methods($program, $origin, \%grants) if $uses->{method};
    unsure(\%grants);
    return \%grants;
}

my %TOLD = (credentials => 'access-control-allow-credentials',
    exposed => 'access-control-expose-headers',
    methods => 'access-control-allow-methods',
    headers => 'access-control-allow-headers',
    age => 'access-control-max-age',
    network => 'access-control-allow-private-network');

sub told {
    my ($answer, $origin, $on_error) = @_;
    my @tables = ($answer->{always}, $on_error ? () : $answer->{onsuccess});
    return (reads => '') unless grep { %$_ } @tables;
    return (reads => reads(value($answer, $ORIGIN, $on_error), $origin),
        map { ($_ => value($answer, $TOLD{$_}, $on_error)) }
            grep { my $name = $TOLD{$_}; grep { $_->{$name} } @tables }
            keys %TOLD);
}

sub times_for {
    my ($answer, $origin) = @_;
    my $value = value($answer, 'timing-allow-origin');
    return $value if is_unknown($value);
    return 'none' unless defined $value;
    my @values = split /\s*,\s*/, $value;
    return 'any' if grep { $_ eq '*' } @values;
    return defined $origin && grep({ $_ eq $origin } @values) ? 'own' : '';
}

# Whether a preflight is told whatever it asks for, as a list or as part of one.
sub reflected {
    my ($program, $origin, $sent) = @_;
    my %other = told(answer($program, method => 'OPTIONS', origin => $origin,
        asked_method => 'X-TWO', asked_headers => 'x-two'), $origin);
    my %asked = (methods => [qw(PUT X-TWO)], headers => [qw(x-one x-two)]);
    for (grep { defined $other{$_} && !is_unknown($other{$_})
        && defined $sent->{$_} && !is_unknown($sent->{$_}) }
        qw(methods headers)) {
        next if $other{$_} eq $sent->{$_};
        my ($one, $two) = @{ $asked{$_} };
        $sent->{"reflects_$_"} = 1
            if has($sent->{$_}, $one) && has($other{$_}, $two);
    }
    same_for_preflights($program, $origin, $sent, %other);
}

# A preflight that asks for something else may be told something else.
sub same_for_preflights {
    my ($program, $origin, $sent, %other) = @_;
    my @told = (\%other, map { { told(answer($program, method => 'OPTIONS',
        origin => $origin, asked_method => $_, asked_headers => lc), $origin) } }
        @{ $program->{asked_for} ||= [ asked_for($program) ] });
    for my $key ('reads', keys %TOLD) {
        my ($said, @others) = map { my $value = $_->{$key};
            is_unknown($value) ? "$value->[0]" : defined $value ? $value : '' }
            $sent, @told;
        $sent->{$key} = unknown('what it allows depends on what a preflight '
            . 'asks for') if !$sent->{"reflects_$key"}
                && grep { $_ ne $said } @others;
    }
}

# The names that lines about preflights speak of.
sub asked_for {
    my ($program) = @_;
    my %names = map { ($_ => 1) } 'DELETE', map { /([\w-]+)/g }
        map { (@{ $_->{texts} || [] }, @{ $_->{regexes} || [] }) }
        grep { grep { /^access-control/ } keys %{ $_->{fields} || {} } }
        (map { $_->[0]{uses} } map { @{ $program->{$_} } }
            qw(early setenvif header)), map { $_->{uses} }
            @{ $program->{inline} }, rules($program);
    return sort keys %names;
}

sub has {
    my ($list, $name) = @_;
    return scalar grep { $_ eq $name } split /[\s,]+/, $list;
}

sub same_for_methods {
    my ($program, $origin, $grants) = @_;
    for my $method (qw(HEAD POST PUT PATCH DELETE)) {
        my %told = told(answer($program, method => $method,
            origin => $origin), $origin);
        for (qw(reads credentials exposed)) {
            my ($one, $two) = map { defined $_ ? is_unknown($_) ? $_->[0]
                : $_ : '' } $told{$_}, $grants->{$_};
            $grants->{differs} = 1 if $one ne $two;
        }
    }
}

# The first thing that nobody knows, of what matters.
sub unsure {
    my ($grants) = @_;
    my $sent = $grants->{sent};
    my ($open) = grep { is_unknown($_) } $grants->{reads}, $sent->{reads};
    if (!$open && ($grants->{reads} || $sent->{reads})) {
        ($open) = grep { is_unknown($_) } @{$grants}{qw(credentials exposed)},
            @{$sent}{qw(credentials methods headers age network)};
    }
    $grants->{unknown} = $open && $open->[0];
}

1;
