package CorsMigrate::Openers;

# Lines that let OPTIONS in without a password, for preflights: mod_cors ends
# these before anybody asks for one.  A section that does nothing else is
# replaced, and anything else is told.

use strict;
use warnings;
use CorsMigrate::Expression qw(compile_condition is_unknown);
use Exporter 'import';

our @EXPORT_OK = qw(openers);

my $OPENS = 'every OPTIONS request gets in without a password';
my $CAN_GO = 'mod_cors ends preflights before anybody asks for a password: if '
    . 'it is there for these, it can go';

# What lets anybody in, and what may stand beside it.
my $OPENER = qr/^(?:Require\s+all\s+granted|Satisfy\s+any|Allow\s+from\s+all
    |Order\s+\S+|AuthType\s+None)\z/xi;
my $ALONE = qr/^(?:Order|AuthType)\b/i;

my %LOOKS = (
    limit     => \&limit,
    condition => \&condition,
    options   => \&required,
    variable  => \&variable,
    either    => \&either,
);

# self: what CorsMigrate::Replaced knows.
sub openers {
    my ($self) = @_;
    my %seen;
    for my $line ($self->{reader}->lines) {
        push @{ $self->{lines_of}{$_} }, $line for @{ $line->{inside} };
        push @{ $self->{lines_of}{ $line->{place}{block} } }, $line
            if $line->{place}{block};
    }
    $self->{for_options} = { for_options($self->{reader}->places) };
    for my $line (grep { $_->{name} =~ /^(?:require|satisfy|allow|deny|order)$/ }
        $self->{reader}->lines) {
        my ($kind, $of) = kind($self, $line) or next;
        next if $seen{"$kind $of"}++
            || !CorsMigrate::Replaced::is_answered($self, $line->{place});
        $LOOKS{$kind}->($self, $line, $of);
    }
}

# Which of the above a line is, and what it stands in or speaks of.
sub kind {
    my ($self, $line) = @_;
    my ($limit) = grep { $_->{name} =~ /^limit/ } @{ $line->{inside} };
    return (limit => $limit)
        if $limit && grep { uc eq 'OPTIONS' } @{ $limit->{words} };
    return if $limit;
    return (condition => $line->{place})
        if $line->{text} =~ $OPENER && is_for_options($line->{place});
    return (options => $line) if $line->{args} =~ /\bOPTIONS\b/;
    return if grep { $_->{name} eq 'requirenone' } @{ $line->{inside} };
    return (variable => $line)
        if $line->{text} =~ /^(?:Require\s+env\s|Allow\s+from\s.*env=)/i
        && grep { $self->{for_options}{ s/^env=//r } } @{ $line->{words} };
    return (either => $line) if $line->{text} =~ /^Satisfy\s+any\z/i;
    return;
}

# The variables that say what the method is, or that it is a preflight.
sub for_options {
    my (@places) = @_;
    return map { ($_ => 1) } map { CorsMigrate::Granted::sets($_) } grep {
        grep { asks_options($_->{uses}) } $_, @{ $_->{asked} || [] }
    } map { my $place = $_; (@{ $place->{setenvif} || [] },
        CorsMigrate::Replaced::rules($place)) } @places;
}

sub asks_options {
    my ($uses) = @_;
    return $uses->{method}
        || grep { /^access-control-request/ } keys %{ $uses->{fields} || {} };
}

# Whether an <If> holds for OPTIONS and for no other method.
sub is_for_options {
    my ($place) = @_;
    return 0 unless $place->is_if && $place->{kind} eq 'if';
    $place->{asks} ||= compile_condition($place->condition,
        $place->{uses} ||= {});
    return 0 unless asks_options($place->{uses});
    my %asked = map { ("access-control-request-$_" => '') } qw(method headers);
    return !grep { my $is = $place->{asks}->({ method => $_, status => 200,
        fields => { %asked, origin => 'https://stranger.example' },
        variable => sub { undef } }); is_unknown($is) || $is }
        qw(GET HEAD POST PUT PATCH DELETE);
}

sub take   { return CorsMigrate::Replaced::take(@_) }
sub target { return CorsMigrate::Replaced::target(@_) }
sub say    { return CorsMigrate::Replaced::say(@_) }

sub limit {
    my ($self, $line, $limit) = @_;
    my $owner = target($self, $line->{place});
    return say($owner, 'note', $limit, "it lets OPTIONS in: $CAN_GO")
        if uc "@{ $limit->{words} }" ne 'OPTIONS';
    return whole($self, $owner, $limit) if $limit->{name} eq 'limit';
    take($self, $owner, { %$limit }, { %$limit, line => $limit->{end},
        last => $limit->{end} }) if $limit->{end};
    say($owner, 'wrong', $limit, "$OPENS: what stands in it is for all "
        . 'methods then');
}

# A section for OPTIONS: it goes if it does no more than to open.
sub whole {
    my ($self, $owner, $block) = @_;
    my @in = @{ $self->{lines_of}{$block} };
    my @opens = grep { $_->{text} =~ $OPENER } @in;
    return unless grep { $_->{text} !~ $ALONE } @opens;
    if (@opens == @in && $block->{end}) {
        take($self, $owner, { %$block, last => $block->{end} });
        return say($owner, 'wrong', $block, $OPENS);
    }
    say($owner, 'note', $block, "$OPENS: it does more, and stays");
}

# <If "%{REQUEST_METHOD} == 'OPTIONS'">.
sub condition {
    my ($self, $line, $place) = @_;
    my $owner = target($self, $place);
    return whole($self, $owner, $place->{block})
        if @{ $place->{chain} } == 1 && !grep { $_->{parent}
            && $_->{parent} == $place } $self->{reader}->places;
    say($owner, 'note', $line, "$OPENS: $CAN_GO");
}

# Require lines for OPTIONS alone.
sub required {
    my ($self, $line) = @_;
    my $owner = target($self, $line->{place});
    my @around = map { $_->{name} } @{ $line->{inside} };
    return if grep { /^require(?:none|all)$/ } @around;
    my ($any) = @{ $line->{inside} };
    my @beside = $any ? @{ $self->{lines_of}{$any} } : ();
    if ($line->{text} =~ /^Require\s+method\s+OPTIONS$/i
        && @around <= 1 && (!$any || @beside > 1)) {
        take($self, $owner, $line);
        return say($owner, 'wrong', $line, $OPENS);
    }
    say($owner, 'note', $line, 'it lets OPTIONS in: it stays, and preflights '
        . 'do not need it');
}

sub variable {
    my ($self, $line) = @_;
    say(target($self, $line->{place}), 'note', $line, 'it lets in by a '
        . "variable that says which method it is: $CAN_GO");
}

# Satisfy any, without a section for OPTIONS around it.
sub either {
    my ($self, $line) = @_;
    say(target($self, $line->{place}), 'note', $line, 'it lets in without a '
        . "password whom an address or a variable lets in: $CAN_GO");
}

1;
