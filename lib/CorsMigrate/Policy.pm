package CorsMigrate::Policy;

# The policy that a recipe comes to where given places hold, read off what it
# grants: { kind, lines, words, decided }.  kind is any, list or none; lines
# are directives with their arguments; decided is set where somebody has to
# decide, and then the lines are suggestions.

use strict;
use warnings;
use CorsMigrate::Alike qw(remember remembered);
use CorsMigrate::Any qw(by_origin is_for_all only_if);
use CorsMigrate::Beside qw(beside);
use CorsMigrate::Expression qw(is_unknown);
use CorsMigrate::Granted qw(@STRANGERS candidates examples grants);
use CorsMigrate::Lists qw(exposed headers max_age methods);
use CorsMigrate::Origins qw(covers distinct is_local);
use CorsMigrate::Suffix qw(is_public_suffix);
use Exporter 'import';

our @EXPORT_OK = qw(@DIRECTIVES %DEFAULTS policy);

# The directives in the order in which they are written, and what each stands
# for where it is not.
our @DIRECTIVES = qw(CorsEngine CorsAllowOrigin CorsAllowCredentials
    CorsAllowMethods CorsAllowHeaders CorsExposeHeaders CorsMaxAge
    CorsAllowPrivateNetwork CorsTimingAllowOrigin CorsBackendHeaders);
our %DEFAULTS = (CorsEngine => 'On', CorsAllowOrigin => 'none',
    CorsAllowCredentials => 'Off', CorsAllowMethods => 'GET HEAD POST',
    CorsAllowHeaders => 'none', CorsExposeHeaders => 'none',
    CorsMaxAge => 'none', CorsAllowPrivateNetwork => 'Off',
    CorsTimingAllowOrigin => 'Off', CorsBackendHeaders => 'replace');

# filter: of origins, where places hold for some only.
sub policy {
    my ($program, $filter) = @_;
    my $known = !$filter && remembered($program);
    return $known if $known;
    my %policy = (kind => 'none', lines => {}, decided => 0,
        words => { map { $_ => [] } qw(wrong dropped note decide) });
    my $found = candidates($program);
    # What the policy is read off: each origin with what it is granted.
    my $seen = { program => $program, filter => $filter || sub { 1 },
        found => $found };
    @{$seen}{qw(exact patterns)} = split_patterns(@{ $found->{origins} });
    decide(\%policy, strange($program));
    $_->(\%policy, $seen) for \&look_at_all, \&look_for_any, \&look_at_origins,
        \&look_at_lists, \&look_at_timing, \&look_at_rest;
    $policy{decided} = @{ $policy{words}{decide} } ? 1 : 0;
    $policy{kind} = 'none' if $policy{decided};
    remember($program, \%policy) unless $filter;
    return \%policy;
}

sub word { my ($policy, $kind, @texts) = @_;
    push @{ $policy->{words}{$kind} }, @texts; return }

sub decide { my ($policy, @texts) = @_;
    return word($policy, 'decide', @texts) }

sub split_patterns {
    my %seen;
    my @once = grep { !$seen{$_}++ } @_;
    return ([ grep { !/\*/ } @once ], [ grep { /\*/ } @once ]);
}

# What keeps everything from being known.
sub strange {
    my ($program) = @_;
    return map { at($_->[0]{line}) . ": $_->[0]{why}" }
        @{ $program->{other} };
}

sub at { my ($line) = @_; return "$line->{file}:$line->{line}" }

# Whoever asks, somebody must know the answer.
sub look_at_all {
    my ($policy, $seen) = @_;
    my $program = $seen->{program};
    my @asked = grep { $seen->{filter}->($_) } @STRANGERS,
        @{ $seen->{exact} }, map { (examples($_))[0] } @{ $seen->{patterns} };
    my %got = map { $_ => grants($program, $_) } @asked;
    $seen->{got} = \%got;
    $seen->{strangers} = [ grep { exists $got{$_} } @STRANGERS ];
    my %open = map { ($_->{unknown} => 1) } grep { defined $_->{unknown} }
        values %got;
    if (%open) {
        $seen->{unknown} = 1;
        return decide($policy, map { "$_: write the origins that may" }
            sort keys %open);
    }
    my ($by_method) = grep { $_->{differs} } values %got;
    return decide($policy, 'it depends on the method, which a policy does '
        . 'not') if $by_method;
}

# "*", and what lets in everybody.
sub look_for_any {
    my ($policy, $seen) = @_;
    return if $seen->{unknown};
    my @strangers = @{ $seen->{strangers} };
    my @own = grep { $seen->{got}{$_}{reads} eq 'own' } @strangers;
    if ("@own" eq 'null') {
        decide($policy, "it lets in 'null', which any page can make itself: "
            . 'leave it out, or read CorsAllowUnsafe null-origin')
            unless grep { /'null'/ } @{ $seen->{found}{decide} };
        @own = ();
    }
    my @any = grep { $seen->{got}{$_}{reads} eq 'any' } @strangers;
    if (@own) {
        $seen->{everybody} = 1;
        return decide($policy, "it lets in whatever origin comes, as $own[0]: "
            . 'write those that may');
    }
    return unless @any;
    my @others = grep { !$seen->{got}{$_}{reads} } keys %{ $seen->{got} };
    if (@others && defined($policy->{only_if} = only_if($seen))) {
        $policy->{kind} = 'any';
        word($policy, 'wrong', 'no Vary: what a cache stores for a request '
            . 'without Origin lacks the header, for pages too')
            unless says_vary($seen->{program});
        return word($policy, 'note', "it sends * to some origins only, not to "
            . "$others[0], and so do the new lines");
    }
    if (@others || !is_for_all($seen)) {
        $seen->{everybody} = 1;
        return decide($policy, "it sends * to some origins only"
            . (@others ? ", not to $others[0]" : '') . ': write the origins '
            . 'that may, or CorsAllowOrigin * if all may');
    }
    $policy->{kind} = 'any';
    decide($policy, map { at($_) . ': it depends on the origin, and * is one '
        . 'policy for all: write the origins that get it' } by_origin($seen));
    say_what_else($policy, $seen, '*');
}

# Whether some line names Origin in Vary.
sub says_vary {
    my ($program) = @_;
    return grep { $_->{name} eq 'vary'
        && grep { /^\s*Origin\s*$/i } split /,/, $_->{text} || '' }
        map { $_->[0] } @{ $program->{header} };
}

# The origins and patterns that the recipe lets in, each asked for.
sub look_at_origins {
    my ($policy, $seen) = @_;
    return if $seen->{unknown} || $policy->{kind} eq 'any';
    my $program = $seen->{program};
    $seen->{suggested} = $seen->{found}{origins};
    return if $seen->{everybody};
    my @in = grep { $seen->{got}{$_} && $seen->{got}{$_}{reads} }
        @{ $seen->{exact} };
    my @failed;
    for my $pattern (@{ $seen->{patterns} }) {
        my @asked = grep { $seen->{filter}->($_) }
            examples($pattern, @{ $seen->{found}{labels} }),
            grep { covers($pattern, $_) } @{ $seen->{exact} };
        my @yes = grep { grants($program, $_)->{reads} } @asked;
        if ($seen->{found}{many}) {
            decide($policy, "it speaks of so many names that nobody knows "
                . "whether $pattern is what it lets in: write the origins "
                . 'that may');
        }
        elsif (@yes == @asked && @yes && alike($program, @yes)) {
            push @in, $pattern;
        }
        elsif (@yes) { push @failed, [ $pattern, \@yes, \@asked ] }
    }
    @in = distinct(@in);
    say_why_not($policy, $program, \@in, @$_) for @failed;
    decide($policy, @{ $seen->{found}{decide} });
    word($policy, 'wrong', map { s/^://r } @{ $seen->{found}{wrong} });
    word($policy, 'note', @{ $seen->{found}{note} });
    $seen->{in} = \@in;
    $policy->{kind} = 'list' if @in;
    say_what_else($policy, $seen, @in);
}

sub say_what_else {
    my ($policy, $seen, @in) = @_;
    return unless @in;
    my @words = beside(@{$seen}{qw(program filter got)}, @in);
    while (my ($kind, $text) = splice @words, 0, 2) {
        word($policy, $kind, $text);
    }
}

# Why a pattern is not what the recipe lets in.
sub say_why_not {
    my ($policy, $program, $in, $pattern, $yes, $asked) = @_;
    my %yes = map { $_ => 1 } @$yes;
    my ($no) = grep { !$yes{$_} } @$asked;
    my @lost = grep { my $one = $_; !grep { covers($_, $one) } @$in } @$yes;
    return word($policy, 'wrong', "what it answers to "
        . "'$no' is another origin") if !@lost;
    decide($policy, "the old lines let in $lost[0], and "
        . (defined $no ? "not $no" : 'not all alike')
        . ": CorsAllowOrigin $pattern is more than that. Write it if it is "
        . 'meant, or the origins that may');
}

sub alike {
    my ($program, @origins) = @_;
    my %kinds = map { signature(grants($program, $_)) => 1 } @origins;
    return keys %kinds == 1;
}

sub signature {
    my ($got) = @_;
    return join "\0", map { defined $_ ? $_ : '-' }
        $got->{credentials}, $got->{exposed}, $got->{fails} ? 1 : 0,
        @{ $got->{sent} }{qw(credentials methods headers age network)},
        $got->{sent}{reads} ? 1 : 0, has_credentials($got) ? 1 : 0;
}

sub say_error {
    my ($policy, $got) = @_;
    word($policy, 'wrong', "without 'always' it is missing on what httpd "
        . 'answers itself: 401, 404, 500') if $got->{fails};
}

# What goes with the origins: one answer for all of them, or to decide.
sub look_at_lists {
    my ($policy, $seen) = @_;
    return if $policy->{kind} eq 'none' && !suggestions($seen);
    my ($any, @in) = ($policy->{kind} eq 'any', @{ $seen->{in} || [] });
    my @granted = $any ? grep { $_->{reads} } values %{ $seen->{got} }
        : map { grants($seen->{program}, (examples($_))[0]) } @in;
    my @true = grep { has_credentials($_) } @granted;
    @in = without_insecure($policy, @in) if @true && !$any;
    @granted = map { grants($seen->{program}, (examples($_))[0]) } @in
        if !$any;
    my %kinds = map { (signature($_) => $_) } @granted;
    decide($policy, 'not all origins get the same: write a section or an <If> '
        . 'for those that get more') if keys %kinds > 1;
    my ($got) = @granted ? $granted[0] : grep { $_->{reads} || 1 }
        map { $seen->{got}{$_} } sort keys %{ $seen->{got} };
    return unless $got;
    decide($policy, 'no origin is left: write those that may')
        if !$any && $policy->{kind} eq 'list' && !@in;
    write_policy($policy, $seen, $got, $any ? '*' : @in ? @in
        : suggestions($seen));
}

# "*" is never for credentials.
sub has_credentials {
    my ($got) = @_;
    return is_true($got->{credentials}) && !is_unknown($got->{reads})
        && $got->{reads} eq 'own' ? 1 : 0;
}

sub is_true { return defined $_[0] && !is_unknown($_[0]) && $_[0] eq 'true' }

sub suggestions {
    my ($seen) = @_;
    my @suggested = distinct(@{ $seen->{suggested} || [] });
    return @suggested ? @suggested
        : $seen->{everybody} || $seen->{unknown} ? 'ORIGIN' : ();
}

sub without_insecure {
    my ($policy, @origins) = @_;
    my @kept;
    for (@origins) {
        my $why = !is_local($_) ? 'anyone on the way could speak for it, '
            : m{://\*\.([^:]+)} && is_public_suffix($1)
            ? 'anyone can have a host below it, ' : undef;
        if (defined $why) {
            word($policy, 'dropped', "$_: ${why}so it gets no credentials");
        }
        else { push @kept, $_ }
    }
    return @kept;
}

sub write_policy {
    my ($policy, $seen, $got, @origins) = @_;
    my ($words, $lines, $sent) = (@{$policy}{qw(words lines)}, $got->{sent});
    my $credentials = $policy->{kind} eq 'any'
        ? is_true($got->{credentials}) : has_credentials($got);
    say_error($policy, $got);
    say_preflight($policy, $got) if $policy->{kind} ne 'none';
    $lines->{CorsAllowOrigin} = \@origins;
    if ($credentials) {
        $lines->{CorsAllowCredentials} = ['On'];
        decide($policy, 'no browser takes * with credentials: write the '
            . 'origins that may have them, or leave CorsAllowCredentials out')
            if $policy->{kind} eq 'any';
    }
    elsif (defined $got->{credentials} && !is_unknown($got->{credentials})) {
        word($policy, 'dropped', "'$got->{credentials}': only 'true' says "
            . 'anything');
    }
    my %list = (
        CorsAllowMethods => [ methods($words, known($sent), $credentials) ],
        CorsAllowHeaders => [ headers($words, known($sent), $credentials) ],
        CorsExposeHeaders => [ exposed($words, known($got), $credentials) ],
        CorsMaxAge => [ max_age($words, known($sent)) ]);
    for (keys %list) { $lines->{$_} = $list{$_} if @{ $list{$_} } }
    word($policy, 'wrong', 'it allows whatever is asked for: list what the '
        . 'pages need') if $sent->{reflects_methods}
        || $sent->{reflects_headers};
    return unless is_true($sent->{network});
    $lines->{CorsAllowPrivateNetwork} = ['On'] if $policy->{kind} ne 'any';
    decide($policy, '* would let any web page into the private network: write '
        . 'the origins that may, and CorsAllowPrivateNetwork On')
        if $policy->{kind} eq 'any';
}

sub known {
    my ($sent) = @_;
    return { map { $_ => is_unknown($sent->{$_}) ? undef : $sent->{$_} }
        keys %$sent };
}

# Preflights, which the recipe may answer in another way.
sub say_preflight {
    my ($policy, $got) = @_;
    my ($sent, $ended) = @{$got}{qw(sent ended)};
    return decide($policy, "a rule ends OPTIONS with $ended, and mod_cors "
        . 'would answer preflights') if ($ended || 0) >= 400;
    return decide($policy, 'on OPTIONS it sends nothing: mod_cors would answer '
        . 'preflights') if !$sent->{reads} && !$ended;
    return decide($policy, 'on OPTIONS it does not say the same of '
        . 'credentials') if has_credentials($sent) != has_credentials($got)
            && !$ended;
}

# Timing-Allow-Origin follows the origins, or its lines stay.
sub look_at_timing {
    my ($policy, $seen) = @_;
    my $got = $seen->{got};
    my @all = map { $_->{timing} } values %$got;
    return if !grep { is_unknown($_) || $_ ne 'none' } @all;
    my @in = $policy->{kind} eq 'any' ? grep { $_->{reads} } values %$got
        : map { grants($seen->{program}, (examples($_))[0]) }
            @{ $policy->{lines}{CorsAllowOrigin} || [] };
    my @out = $policy->{kind} eq 'any' ? ()
        : map { $got->{$_} } @{ $seen->{strangers} };
    my $want = $policy->{kind} eq 'any' ? 'any' : 'own';
    if ($policy->{kind} ne 'none' && !grep({ is_unknown($_->{timing})
            || $_->{timing} ne $want } @in)
        && !grep({ is_unknown($_->{timing}) || $_->{timing} =~ /any|own/ }
            @out)) {
        $policy->{lines}{CorsTimingAllowOrigin} = ['On'];
        return;
    }
    $policy->{keeps_timing} = 1;
    word($policy, 'note', 'Timing-Allow-Origin is for others than those that '
        . 'may read: its lines stay') if $policy->{kind} ne 'none';
}

# What is left where nobody is let in.
sub look_at_rest {
    my ($policy, $seen) = @_;
    return if $policy->{kind} ne 'none' || @{ $policy->{words}{decide} };
    my @all = values %{ $seen->{got} };
    my ($options) = grep { $_->{sent}{reads} } @all;
    return decide($policy, 'on OPTIONS alone: the response that the page '
        . 'wants to read goes without') if $options;
    return decide($policy, 'what it sends is never the origin of the page '
        . 'that asks, and nobody can read that: write the origins that may')
        if grep { $_->{broken} } @all;
}

1;
