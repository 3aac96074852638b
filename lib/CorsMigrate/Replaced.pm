package CorsMigrate::Replaced;

# Which lines the new ones take the place of: whole lines, or whole sections,
# that can be taken out as they stand.

use strict;
use warnings;
use CorsMigrate::Granted;
use CorsMigrate::Guard;
use CorsMigrate::Openers qw(openers);
use CorsMigrate::Sections;
use Exporter 'import';

our @EXPORT_OK = qw(replaced);

# Notes the lines that are replaced in { gone } of each section, and adds the
# words that they need.
sub replaced {
    my ($reader, $sections, @targets) = @_;
    my $self = { reader => $reader, sections => $sections, gone => {},
        kept => {}, targets => \@targets };
    headers($self);
    return unless %{ $self->{gone} };
    setters($self);
    openers($self);
    options_rules($self);
    whole_blocks($self);
}

sub key { my ($line) = @_; return "$line->{file}\0$line->{line}" }

# A line is gone if it is gone in each place that reads it.
sub take {
    my ($self, $place, @lines) = @_;
    for (@lines) {
        next if $self->{kept}{ key($_) };
        $self->{gone}{ key($_) } = $_;
        push @{ $place->{gone} }, $_;
    }
}

sub keep {
    my ($self, @lines) = @_;
    for (@lines) {
        $self->{kept}{ key($_) } = 1;
        delete $self->{gone}{ key($_) };
    }
}

sub is_decided {
    my ($place) = @_;
    return grep { $_->{decided} } values %{ $place->{cases} || {} };
}

# What a section comes to.
sub is_settled {
    my ($place) = @_;
    return $place->{cases} && !is_decided($place);
}

sub lets_in {
    my ($place) = @_;
    return grep { $_->{policy} && $_->{policy}{kind} ne 'none' }
        values %{ $place->{cases} || {} };
}

# The Header lines of sections that are settled.
sub headers {
    my ($self) = @_;
    my (@gone, @kept);
    for my $place ($self->{reader}->places) {
        my $owner = $self->{sections}->owner($place);
        for my $step (@{ $place->{header} || [] }) {
            my ($limit) = grep { $_->{name} =~ /^limit/ }
                @{ $step->{line}{inside} };
            say($owner, 'note', $step->{line}, "httpd sends it for all "
                . "methods, whatever <$limit->{name}> says")
                if $limit && $owner->{cases};
            say(target($self, $place), 'wrong', $step->{line},
                "'$step->{from}' matches empty text, so edit* never ends on "
                . "values such as '$step->{endless_on}': the process of httpd "
                . 'crashes') if defined $step->{endless_on};
            my $goes = is_settled($owner) && lets_in($owner)
                && goes($owner, $step);
            if ($goes && covers_others($self, $owner, $step)) {
                $goes = 0;
                say($owner, 'note', $step->{line}, 'it stays: where nobody is '
                    . 'let in, it covers what lines around it send');
            }
            push @{ $goes ? \@gone : \@kept }, [ $owner, $step->{line} ];
        }
    }
    keep($self, map { $_->[1] } @kept);
    take($self, @$_) for @gone;
}

# Whether a line holds in a case that lets nobody in, where lines that stay may
# send something: without it, these would come to life.
sub covers_others {
    my ($self, $place, $step) = @_;
    my $sections = $self->{sections};
    my @guards = @{ $place->{guards_of} };
    my $holds = sub {
        my %is;
        @is{ map { $_->{key} } @guards } = split //, $_[0];
        return CorsMigrate::Guard::hold($step->{line}{guards}, \%is);
    };
    return 0 unless grep { $place->{cases}{$_}{policy}{kind} eq 'none'
        && $holds->($_) } keys %{ $place->{cases} };
    return scalar grep { my $other = $sections->owner($_); $other != $place
        && CorsMigrate::Sections::sends($_) && $_->meets($place)
        && !(is_settled($other) && lets_in($other)) } @{ $place->{near} };
}

sub goes {
    my ($place, $step) = @_;
    return only_origin($place, $step) if $step->{name} eq 'vary';
    return 1 if $step->{name} ne 'timing-allow-origin';
    return !grep { $_->{policy}{keeps_timing} } values %{ $place->{cases} };
}

# A Vary line goes if Origin, and what preflights depend on, is all it says.
sub only_origin {
    my ($place, $step) = @_;
    my @names = map { s/^\s+|\s+$//gr } split /,/, $step->{text};
    my @origin = grep { /^Origin$/i } @names;
    return 0 unless @origin;
    if (grep { !/^(?:Origin|Access-Control-Request-.*)$/i } @names) {
        say($place, 'note', $step->{line}, 'it says more than Origin, and '
            . 'stays');
        return 0;
    }
    say($place, 'wrong', $step->{line}, "'set' takes away whatever else Vary "
        . 'said') if $step->{action} eq 'set';
    return 1;
}

sub say {
    my ($place, $kind, $line, $text) = @_;
    push @{ $place->{said}{$kind} }, ($line ? "$line->{file}:$line->{line}: "
        : '') . $text;
}

# Lines that set variables that only lines that are gone ask for.
sub setters {
    my ($self) = @_;
    my (%seen, %steps, %asked);
    my @names = grep { !$seen{$_}++ }
        map { keys %{ $_->{uses}{variables} || {} } }
        grep { $self->{gone}{ key($_->{line}) } }
        map { @{ $_->{header} || [] } } $self->{reader}->places;
    return unless @names;
    my %names = map { (lc $_ => 1) } @names;
    my $any = join '|', map { quotemeta } sort @names;
    # An inner redirect puts REDIRECT_ before names.
    $any = "(?<![\\w-])(?:REDIRECT_)*($any)(?![\\w-])";
    for my $place ($self->{reader}->places) {
        for my $step ((map { @{ $place->{$_} || [] } } qw(setenvif env)),
            rules($place)) {
            next unless grep { $names{$_} } names_set($step);
            $steps{ key($_) } = [ $place, $step ] for lines_of($step);
        }
    }
    for my $line ($self->{reader}->lines) {
        next if $self->{gone}{ key($line) } || $steps{ key($line) };
        $asked{$_} = 1 for named($line->{args}, $any);
    }
    # An <If> may let in by them, or refuse.
    for my $place (grep { $_->is_if } $self->{reader}->places) {
        $asked{$_} = 1 for named($place->{args}, $any);
    }
    settle_setters($self, \%steps, \%asked);
}

# The names in a text.  To httpd, capital letters in them are as small ones:
# this holds behind "env", as elsewhere Origin is a header.
sub named {
    my ($text, $any) = @_;
    my ($behind) = $text =~ /env\b(.*)/si;
    return map { lc } $text =~ /$any/g,
        defined $behind ? $behind =~ /$any/gi : ();
}

sub names_set { return map { lc } CorsMigrate::Granted::sets(@_) }

# A rule with its conditions, and the rules behind it.
sub rules {
    my ($place) = @_;
    my (@rules, @asked);
    my @steps = @{ $place->{rewrite} || [] };
    my $jumps = grep { $_->{flag} && ($_->{flag}{S} || $_->{flag}{C}) } @steps;
    for my $step (@steps) {
        push @asked, $step if $step->{kind} eq 'condition';
        next unless $step->{kind} eq 'rule';
        push @rules, { %$step, asked => [ @asked ], jumps => $jumps };
        @asked = ();
    }
    for my $i (0 .. $#rules) {
        $rules[$i]{behind} = [ map { key($_->{line}) }
            @rules[$i + 1 .. $#rules] ];
    }
    return @rules;
}

sub lines_of {
    my ($step) = @_;
    return ((map { $_->{line} } @{ $step->{asked} || [] }), $step->{line});
}

# Lines that set a name that is still asked for stay, and so what they ask.
sub settle_setters {
    my ($self, $steps, $asked) = @_;
    my $again = 1;
    while ($again) {
        $again = 0;
        for my $key (sort keys %$steps) {
            my ($place, $step) = @{ $steps->{$key} || next };
            next unless stays($step) || ends_before($step, $steps)
                || grep { $asked->{$_} } names_set($step);
            delete @{$steps}{ map { key($_) } lines_of($step) };
            $asked->{$_} = $again = 1 for names_set($step), map { lc }
                map { keys %{ $_->{uses}{variables} || {} } }
                $step, @{ $step->{asked} || [] };
        }
    }
    for (map { $steps->{$_} } sort keys %$steps) {
        my ($place, $step) = @$_;
        my $owner = $self->{sections}->owner($place);
        take($self, is_settled($owner) ? $owner
            : (user($self, $step) || $owner), $step->{line},
            map { $_->{line} } @{ $step->{asked} || [] });
    }
}

# A rule that keeps requests from one that stays.
sub ends_before {
    my ($step, $steps) = @_;
    return $step->{flag} && $step->{flag}{L}
        && grep { !$steps->{$_} } @{ $step->{behind} || [] };
}

# The first section that has a line that asks for what a step sets.
sub user {
    my ($self, $step) = @_;
    my %sets = map { $_ => 1 } CorsMigrate::Granted::sets($step);
    return (grep { my $place = $_; $place->{gone} && grep { grep { $sets{$_} }
        keys %{ $_->{uses}{variables} || {} } } @{ $place->{header} || [] } }
        @{ $self->{targets} })[0];
}

# A rule that does more than to set a variable.
sub stays {
    my ($step) = @_;
    return 0 if ($step->{kind} || '') ne 'rule';
    return $step->{jumps} || $step->{to} ne '-'
        || grep { !/^(?:E|L|NE|NC|QSA)$/ } keys %{ $step->{flag} };
}

sub is_options {
    my ($asked) = @_;
    return ($asked->{test} || '') =~ /^%\{REQUEST_METHOD\}$/i
        && $asked->{pattern} =~ /^[\^=("]*OPTIONS[)\$"]*$/i;
}

# The sections that may hold with a place: near it, or of its host.
sub relatives {
    my ($self, $place) = @_;
    $self->{by_host} ||= do {
        my %by;
        push @{ $by{ $_->host } }, $_ for @{ $self->{targets} };
        \%by;
    };
    my $root = $place->{root} || $place;
    my %all = map { ($_ => $_) } @{ $place->{near} || [] },
        map { @{ $self->{by_host}{$_} || [] } } $place->host, $root;
    return grep { $_->{cases} && ($_->covers($place) || $place->covers($_)) }
        values %all;
}

sub is_answered {
    my ($self, $place) = @_;
    return grep { is_settled($_) && lets_in($_) } relatives($self, $place);
}

# Rules that answer OPTIONS, where a policy does.
sub options_rules {
    my ($self) = @_;
    for my $place ($self->{reader}->places) {
        my @rules = grep { grep { is_options($_) } @{ $_->{asked} } }
            rules($place) or next;
        next if !is_answered($self, $place)
            || grep { is_decided($_) } relatives($self, $place);
        options_rule($self, $place, $_) for @rules;
    }
}

sub options_rule {
    my ($self, $place, $rule) = @_;
    my $flag = $rule->{flag};
    my $status = $flag->{R} ? $flag->{R}[-1] : '';
    my $owner = target($self, $place);
    my $line = $rule->{line};
    if ($rule->{jumps} || grep({ !is_options($_) } @{ $rule->{asked} })
        || $status !~ /^2/ || grep { !/^(?:R|L|END|NC|NE|QSA)$/ }
            keys %$flag) {
        say($owner, 'note', $line, 'it is for OPTIONS and does more than to '
            . 'answer: it stays, and preflights do not get to it');
        return;
    }
    # Without the rule, the application gets what it answered.
    return say($owner, 'note', $line, 'it answers OPTIONS that other lines '
        . 'let in without a password: it stays, and preflights do not get to '
        . 'it') if grep { $_->meets($place) } @{ $self->{open} || [] };
    take($self, $owner, lines_of($rule));
    say($owner, 'wrong', $line, ($place->{phase} > 1
        ? 'in a section it comes after authentication, whose 401 preflights '
            . 'get' : 'it ends every OPTIONS request, not only preflights')
        . ($status eq '200' ? ', and R=200 sends the text of an error' : ''));
}

# The section to which words about a place belong.
sub target {
    my ($self, $place) = @_;
    my $owner = $self->{sections}->owner($place);
    $owner->{cases} ||= { '' => { lines => {}, words => {}, decided => 0,
        silent => 1 } };
    $owner->{guards_of} ||= [];
    return $owner;
}

# Sections of which nothing is left.  The branches of an <If> go together.
sub whole_blocks {
    my ($self) = @_;
    my (%left, %all);
    for my $line ($self->{reader}->lines) {
        push @{ $self->{read}{ key($line) } }, $line;
        for (@{ $line->{blocks} }) {
            $all{$_} = $_;
            $left{$_}++ unless $self->{gone}{ key($line) };
        }
    }
    # A section that holds a place is more than its lines.
    for my $place ($self->{reader}->places) {
        next if $self->{sections}->is_inline($place);
        $_->{holds} = 1 for @{ $place->{blocks} || [] };
    }
    my $empty = sub { my ($block) = @_; $all{$block} && !$left{$block}
        && !$block->{holds} && $block->{end} };
    for my $block (values %all) {
        next unless $empty->($block) && !$block->{use};
        my $place = $block->{place};
        next if $place && (!$self->{sections}->is_inline($place)
            || grep { !$_->{block} || !$empty->($_->{block}) }
                @{ $place->{chain} });
        push @{ $self->{whole} }, $block;
    }
    tell_blocks($self);
}

# Each whole section goes with the section whose lines were in it.
sub tell_blocks {
    my ($self) = @_;
    my %whole = map { ($_ => $_) } @{ $self->{whole} || [] } or return;
    my %told;
    for my $target ($self->{reader}->places) {
        my %lines = map { (key($_) => 1) } @{ $target->{gone} || next };
        for my $line (map { @{ $self->{read}{$_} || [] } } keys %lines) {
            for (grep { $whole{$_} } @{ $line->{blocks} }) {
                push @{ $target->{gone} }, { %$_, last => $_->{end} }
                    unless $told{"$target $_"}++;
            }
        }
    }
}

1;
