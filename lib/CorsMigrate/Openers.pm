package CorsMigrate::Openers;

# Lines that let OPTIONS in without a password, for preflights: mod_cors ends
# these before anybody asks for one.  A section that does nothing else is
# replaced, and anything else is told.

use strict;
use warnings;
use CorsMigrate::Expression qw(compile_condition is_unknown);
use CorsMigrate::Guard;
use Exporter 'import';

our @EXPORT_OK = qw(openers);

my $OPENS = 'every OPTIONS request gets in without a password';
my $CAN_GO = 'mod_cors ends preflights before anybody asks for a password: if '
    . 'it is there for these, it can go';

# What lets anybody in, and what may stand beside it.
my $OPENER = qr/^(?:Require\s+all\s+granted|Satisfy\s+any|Allow\s+from\s+all
    |Order\s+\S+|AuthType\s+None)\z/xi;
my $ALONE = qr/^(?:Order|AuthType)\b/i;
my $ACCESS = qr/^(?:order|allow|deny|satisfy)\z/;
my $FOR_OPTIONS = qr/^Require\s+method\s+OPTIONS\z/i;

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
        push @{ $self->{of_place}{ $line->{place} } }, $line;
        push @{ $self->{lines_of}{ $line->{place}{block} } }, $line
            if $line->{place}{block};
    }
    $self->{for_options} = { for_options($self->{reader}->places) };
    for my $line (grep { $_->{name} =~ /$ACCESS|^require\z/ }
        $self->{reader}->lines) {
        my ($kind, $of) = kind($self, $line) or next;
        next if $seen{"$kind $of"}++;
        if (!CorsMigrate::Replaced::is_answered($self, $line->{place})) {
            push @{ $self->{open} }, $line->{place};
            next;
        }
        $LOOKS{$kind}->($self, $line, $of);
    }
    take_agreed($self);
}

# A line of a macro, or of a file that is included twice, goes if it can go
# wherever it is read: taken out for one section, it is missing in all.
sub take_agreed {
    my ($self) = @_;
    my (%read, %agreed);
    for my $line ($self->{reader}->lines) {
        $read{ key($_) }{$_} = 1 for $line, @{ $line->{blocks} };
    }
    my @goes = @{ $self->{goes} || [] };
    $agreed{ key($_->{of}) }{ $_->{of} } = 1 for @goes;
    for my $goes (@goes) {
        my $key = key($goes->{of});
        if (keys %{ $read{$key} } > keys %{ $agreed{$key} }) {
            stays($self, $goes->{owner}, $goes->{of}, 'it lets OPTIONS in: it '
                . 'is read elsewhere too, and stays');
            next;
        }
        CorsMigrate::Replaced::take($self, $goes->{owner},
            @{ $goes->{lines} });
        say($goes->{owner}, 'wrong', $goes->{of}, $goes->{text});
    }
}

sub goes {
    my ($self, $owner, $of, $text, @lines) = @_;
    push @{ $self->{goes} }, { owner => $owner, of => $of, text => $text,
        lines => \@lines };
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

sub key    { return CorsMigrate::Replaced::key(@_) }
sub target { return CorsMigrate::Replaced::target(@_) }
sub say    { return CorsMigrate::Replaced::say(@_) }

# What still lets OPTIONS in.
sub stays {
    my ($self, $owner, $of, $text) = @_;
    push @{ $self->{open} }, $owner;
    say($owner, 'note', $of, $text);
}

sub limit {
    my ($self, $line, $limit) = @_;
    my $owner = target($self, $line->{place});
    return stays($self, $owner, $limit, "it lets OPTIONS in: $CAN_GO")
        if uc "@{ $limit->{words} }" ne 'OPTIONS';
    return whole($self, $owner, $limit, may_unlimit($self, $line, $limit))
        if $limit->{name} eq 'limit';
    return stays($self, $owner, $limit, 'it is not for OPTIONS, which other '
        . 'lines may refuse: it stays')
        unless $limit->{end} && may_open_to_all($self, $line, $limit);
    goes($self, $owner, $limit, "$OPENS: what stands in it is for all "
        . 'methods then', { %$limit }, { %$limit, line => $limit->{end},
        last => $limit->{end} });
}

# The sections between a line and one around it, by name.
sub between {
    my ($line, $block) = @_;
    my @inner = @{ $line->{blocks} };
    while (@inner) { last if shift(@inner) == $block }
    return map { $_->{name} } @inner;
}

# A Require line that can let somebody in.
sub is_positive {
    my ($line) = @_;
    return $line->{name} eq 'require' && lc($line->{words}[0] || '') ne 'not'
        && !grep { $_->{name} eq 'requirenone' } @{ $line->{inside} };
}

# AuthMerging joins the lines with those of other sections.
sub merges {
    my ($self, $place) = @_;
    return grep { $_->{name} eq 'authmerging' } @{ $self->{of_place}{$place} };
}

# Whether <Limit OPTIONS> can go as far as other methods are concerned.  Order,
# Allow, Deny and Satisfy of a section replace all those around it, for every
# method: one must be left if there was one.  AuthType is for every method.
sub may_unlimit {
    my ($self, $line, $limit) = @_;
    my @in = @{ $self->{lines_of}{$limit} };
    return 0 if $line->{inside}[0] != $limit || merges($self, $line->{place})
        || grep { $_->{name} =~ /^(?:order|authtype)\z/ } @in;
    return 1 unless grep { $_->{name} =~ $ACCESS } @in;
    return grep { $_->{name} =~ $ACCESS && !@{ $_->{inside} }
        && CorsMigrate::Guard::implies($line->{guards}, $_->{guards}) }
        @{ $self->{of_place}{ $line->{place} } };
}

# Whether what stands in <LimitExcept OPTIONS> may be for OPTIONS too: it lets
# nobody in whom it did not, if it has all that the section says of access, as
# OPTIONS needs nothing then.
sub may_open_to_all {
    my ($self, $line, $limit) = @_;
    return 0 if $line->{inside}[0] != $limit || merges($self, $line->{place});
    return 0 if grep { $_->{name} =~ /$ACCESS|^require\z/
        && !grep { $_ == $limit } @{ $_->{inside} } }
        @{ $self->{of_place}{ $line->{place} } };
    return grep { is_positive($_)
        && !grep { !/^require(?:any|all)\z/ } between($_, $limit) }
        @{ $self->{lines_of}{$limit} };
}

# A section for OPTIONS: it goes if it does no more than to open.
sub whole {
    my ($self, $owner, $block, $may) = @_;
    my @in = @{ $self->{lines_of}{$block} };
    my @opens = grep { $_->{text} =~ $OPENER && !between($_, $block) } @in;
    return unless grep { $_->{text} =~ $OPENER && $_->{text} !~ $ALONE } @in;
    return goes($self, $owner, $block, $OPENS, { %$block,
        last => $block->{end} })
        if $may && @opens == @in && $block->{end} && !$block->{holds};
    stays($self, $owner, $block, @opens == @in && !$may
        ? 'it is for OPTIONS: what it says of access takes the place of what '
            . 'is said around it, so it stays'
        : 'it is for OPTIONS: it does more, and stays');
}

# Whether everybody for whom an <If> holds gets in.  What it says of addresses
# replaces what is said around it.
sub opens_wholly {
    my ($self, $block) = @_;
    my $all = join "\n", map { $_->{text} } @{ $self->{lines_of}{$block} };
    return 0 if $all =~ /^Order\s+(?!deny,allow\s*$)/mi
        && $all !~ /^Allow\s/mi;
    return $all =~ /^(?:Require\s+all\s+granted|Satisfy\s+any)$/mi;
}

# <If "%{REQUEST_METHOD} == 'OPTIONS'">.
sub condition {
    my ($self, $line, $place) = @_;
    my $owner = target($self, $place);
    return whole($self, $owner, $place->{block},
        opens_wholly($self, $place->{block}))
        if @{ $place->{chain} } == 1 && !grep { $_->{parent}
            && $_->{parent} == $place } $self->{reader}->places;
    stays($self, $owner, $line, "$OPENS: $CAN_GO");
}

# Require lines for OPTIONS alone.
sub required {
    my ($self, $line) = @_;
    my $owner = target($self, $line->{place});
    my @around = map { $_->{name} } @{ $line->{inside} };
    return if grep { /^require(?:none|all)$/ } @around;
    my $is_plain = $line->{text} =~ $FOR_OPTIONS && @around <= 1;
    return goes($self, $owner, $line, $OPENS, $line)
        if $is_plain && is_beside_others($self, $line);
    stays($self, $owner, $line, 'it lets OPTIONS in: ' . ($is_plain
        ? 'with no other Require beside it that stays, it refuses every other '
            . 'method too, and stays'
        : 'it stays, and preflights do not need it'));
}

# Whether another Require stays where the line stands.  Without any, httpd goes
# by the sections around, which may let everybody in.
sub is_beside_others {
    my ($self, $line) = @_;
    return 0 if merges($self, $line->{place});
    my ($any) = @{ $line->{inside} };
    return grep { is_positive($_) && $_->{text} !~ $FOR_OPTIONS
        && !grep({ !/^require/ } map { $_->{name} } @{ $_->{inside} })
        && CorsMigrate::Guard::implies($line->{guards}, $_->{guards}) }
        @{ $any ? $self->{lines_of}{$any}
            : $self->{of_place}{ $line->{place} } };
}

sub variable {
    my ($self, $line) = @_;
    stays($self, target($self, $line->{place}), $line, 'it lets in by a '
        . "variable that says which method it is: $CAN_GO");
}

# Satisfy any, without a section for OPTIONS around it.
sub either {
    my ($self, $line) = @_;
    stays($self, target($self, $line->{place}), $line, 'it lets in without a '
        . "password whom an address or a variable lets in: $CAN_GO");
}

1;
