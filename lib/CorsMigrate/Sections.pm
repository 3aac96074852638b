package CorsMigrate::Sections;

# The policies of all sections of a configuration: what each section adds to
# those that always hold with it, for every way in which the conditions of the
# configuration can turn out.
#
# A section that is translated gets { guards, cases }: the open conditions, and
# for each assignment of them its lines and words.  CorsMigrate::Proof then
# looks whether sections that may meet come to what the recipe does.

use strict;
use warnings;
use CorsMigrate::Alike qw(share);
use CorsMigrate::Expression qw(compile_condition is_unknown);
use CorsMigrate::Granted qw(@STRANGERS relevant);
use CorsMigrate::Guard;
use CorsMigrate::Model qw(model);
use CorsMigrate::Near;
use CorsMigrate::Place;
use CorsMigrate::Case qw(case_of closed difference inherited nobody only_if
    say_own);
use CorsMigrate::Policy qw(policy);
use CorsMigrate::Proof;
use CorsMigrate::Redirect qw(look_at_redirects);
use CorsMigrate::Request qw(program);

my $MOST_GUARDS = 5;    # in one section: 32 ways to turn out

# A reader that has read everything.
sub new {
    my ($class, $reader) = @_;
    my $self = bless { reader => $reader, named => {}, apart => {} }, $class;
    model($_) for $reader->lines;
    for my $place ($reader->places) {
        $self->{hosts} = 1 if $place->{phase} == 1;
        $place->{root} = ($place->around)[0] || $place;
        for my $hook (qw(setenvif env rewrite)) {
            $self->{named}{$_} = 1 for map { CorsMigrate::Granted::sets($_) }
                @{ $place->{$hook} || [] };
        }
    }
    return $self;
}

# Translates; returns the sections that have something to say.
sub translate {
    my ($self) = @_;
    my @contexts = $self->contexts;
    $self->translate_context($_) for @contexts;
    return grep { $_->{cases} } $self->{reader}->places;
}

# What can hold together: the server with each of its hosts, and .htaccess
# files with all of them.
sub contexts {
    my ($self) = @_;
    my @places = grep { has_steps($_) } $self->{reader}->places;
    my (@htaccess, %of);
    for (@places) {
        if ($_->host->{kind} eq '.htaccess') { push @htaccess, $_ }
        else { push @{ $of{ $_->{root} }{ $_->host } }, $_ }
    }
    my @contexts;
    my %done;
    for my $root (grep { !$done{$_}++ } map { $_->{root} } @places) {
        my $hosts = $of{$root} or next;
        my @main = @{ $hosts->{$root} || [] };
        my @hosts = grep { $_ ne "$root" } sort keys %$hosts;
        push @contexts, [ @main, @htaccess ] if @main || !@hosts;
        push @contexts, map { [ @main, @{ $hosts->{$_} }, @htaccess ] } @hosts;
    }
    return @contexts ? @contexts : @htaccess ? [@htaccess] : ();
}

sub has_steps {
    my ($place) = @_;
    return grep { $place->{$_} } qw(header setenvif env rewrite other own);
}

sub translate_context {
    my ($self, $places) = @_;
    my %places = map { ($_ => $_) } map { ($_, $self->owner($_)) }
        $self->of_cors($places);
    my @places = CorsMigrate::Place::merged(values %places);
    return unless @places;
    my $near = CorsMigrate::Near->new(@places);
    my @targets = grep { !$self->is_inline($_) } @places;
    for my $place (@targets) {
        $place->{near} = [ $near->near($place) ];
        next if $place->{cases};
        $self->translate_place($place, $place->{near});
        redo if $self->set_apart($place, $place->{near});
    }
    @targets = grep { !$self->is_inline($_) } @places;
    for my $place (@targets) {
        $place->{near} ||= [ $near->near($place) ];
        $self->translate_place($place, $place->{near}) unless $place->{cases};
    }
    CorsMigrate::Proof::prove($self, @targets);
    look_at_redirects($self, @targets);
}

# The places of a context that have to do with CORS.
sub of_cors {
    my ($self, $places) = @_;
    return unless grep { $_->{header} } @$places;
    my %need = map { $_ => 1 } map { keys %{ $_->{uses}{variables} || {} } }
        (map { @{ $_->{header} || [] } } @$places);
    for (grep { $_->is_if && $_->{kind} ne 'else' } @$places) {
        $_->{asks} ||= compile_condition($_->condition, $_->{uses} ||= {});
        $need{$_} = 1 for keys %{ $_->{uses}{variables} || {} };
    }
    my $more = 1;
    my @setters = map { my $place = $_; map { @{ $place->{$_} || [] } }
        qw(setenvif env rewrite) } @$places;
    while ($more) {
        $more = 0;
        for my $step (@setters) {
            next unless grep { $need{$_} } CorsMigrate::Granted::sets($step);
            $need{$_}++ || ($more = 1)
                for keys %{ $step->{uses}{variables} || {} };
        }
    }
    my $rules = grep { $_->{kind} eq 'rule' && grep { $need{ $_->{name} } }
        @{ $_->{sets} || [] } } map { @{ $_->{rewrite} || [] } } @$places;
    return grep { my $place = $_; $place->{own} || $place->{other}
        || grep({ $_->{name} ne 'vary' } @{ $place->{header} || [] })
        || ($rules || ends_options($place)) && $place->{rewrite}
        || grep { my $step = $_; grep { $need{$_} }
            CorsMigrate::Granted::sets($step) }
            map { @{ $place->{$_} || [] } } qw(setenvif env) } @$places;
}

sub ends_options {
    my ($place) = @_;
    return grep { my $step = $_; $step->{kind} eq 'rule'
        && grep { $step->{flag}{$_} } qw(F G R) } @{ $place->{rewrite} || [] };
}

# Whether an <If> asks only what is known of each request: it is then part of
# the section around it, unless that comes to no policy.
sub is_inline {
    my ($self, $place) = @_;
    return 0 unless $place->is_if && $place->{parent};
    $place->{inline} = is_known($place) unless defined $place->{inline};
    return $place->{inline} && !$self->{apart}{ $place->{chain} };
}

sub is_known {
    my ($place) = @_;
    my @asked = grep { $_->{kind} ne 'else' }
        @{ $place->{chain} }[0 .. $place->{branch}];
    for my $branch (@asked) {
        $branch->{asks} ||= compile_condition($branch->condition,
            $branch->{uses} ||= {});
        return 0 if $branch->{uses}{odd} || $branch->{unclear}
            || keys %{ $branch->{uses}{variables} || {} };
        for my $method (qw(GET OPTIONS)) {
            return 0 if grep { is_unknown($branch->{asks}->({ status => 200,
                method => $method, fields => { origin => $_,
                    'access-control-request-method' => '',
                    'access-control-request-headers' => '' } })) } @STRANGERS;
        }
    }
    return 1;
}

# The section that an inline <If> belongs to.
sub owner {
    my ($self, $place) = @_;
    $place = $place->{parent} while $self->is_inline($place);
    return $place;
}

# Tries the branches of <If> on their own where a section came to nothing.
sub set_apart {
    my ($self, $place, $places) = @_;
    return 0 unless grep { $_->{decided} } values %{ $place->{cases} };
    my @chains = map { $_->{chain} } grep { $self->is_inline($_)
        && $self->owner($_) == $place && !asks_preflight($_) } @$places;
    return 0 unless @chains;
    $self->{apart}{$_} = 1 for @chains;
    delete $place->{cases};
    return 1;
}

# Whether it holds for preflights alone, or for all but these.  One policy
# answers preflights and requests alike.
sub asks_preflight {
    my ($place) = @_;
    return grep { $_->{method} || grep { /^access-control-request-/ }
        keys %{ $_->{fields} || {} } } map { $_->{uses} || {} }
        @{ $place->{chain} };
}

# The places that always hold with a place and are merged before it.
sub always_with {
    my ($self, $place, $places) = @_;
    my $key = $place->{key};
    return grep { my $owner = $self->owner($_);
        $owner->covers($place) && ($owner->{key} ||= $owner->key) le $key
            && ($_ != $owner || 1) } @$places;
}

sub translate_place {
    my ($self, $place, $places) = @_;
    my @with = $self->always_with($place, $places);
    my %guards = $self->guards(@with);
    my @keys = sort keys %guards;
    $place->{may_meet} = grep { $_->{key} lt $place->{key} && sends($_)
        && $_->meets($place) } @$places;
    $place->{meets_others} = grep { $self->owner($_) != $place
        && $_->meets($place) && ($_->{header} || $_->{rewrite}
            || $_->{setenvif}) } @$places;
    @{$place}{qw(guards_of cases with)} = ([ map { $guards{$_} } @keys ], {},
        \@with);
    if (@keys > $MOST_GUARDS) {
        $place->{guards_of} = [];
        $place->{cases}{''} = { lines => {}, decided => 1, words => {
            decide => [ 'it depends on ' . @keys . ' conditions of the '
                . 'configuration: write a policy for each that matters' ] } };
        return;
    }
    for my $assignment (assignments(@keys)) {
        $place->{cases}{ case_of($place, $assignment) } =
            $self->translate_case($place, \@with, $assignment);
    }
}

sub sends {
    my ($place) = @_;
    return grep { $_->{name} =~ /allow-origin$/ && $_->{action} ne 'unset' }
        @{ $place->{header} || [] };
}

# The open conditions that steps of the places stand under.
sub guards {
    my ($self, @places) = @_;
    my %guards;
    for my $place (@places) {
        for my $step (map { @{ $place->{$_} || [] } }
            qw(header setenvif env rewrite other)) {
            next if $step->{name} && $step->{name} eq 'vary';
            $guards{ $_->{key} } = $_ for @{ $step->{line}{guards} };
        }
    }
    return %guards;
}

sub assignments {
    my (@keys) = @_;
    my @all = {};
    for my $key (@keys) {
        @all = map { ({ %$_, $key => 1 }, { %$_, $key => 0 }) } @all;
    }
    return @all;
}

sub translate_case {
    my ($self, $place, $with, $assignment) = @_;
    my $program = $self->program_of($with, $assignment);
    my $policy = policy($program, $self->filter($place));
    my $inherited = inherited($place, $with, $assignment);
    my %case = (words => $policy->{words}, policy => $policy,
        program => $program);
    $case{decided} = $policy->{decided};
    my @held = own_steps($self, $place, $with, $assignment);
    say_own($place, \%case, $assignment);
    if ($case{decided}) {
        # Only what stands here asks for a decision here.
        return { lines => {}, words => {}, decided => 0, policy => $policy,
            program => $program, silent => 1 } if !@held && !$place->{own};
        $case{suggested} = $policy->{lines};
        $case{lines} = closed($inherited);
        return \%case;
    }
    if (defined $policy->{only_if}) {
        return only_if($place, \%case, $inherited);
    }
    if ($policy->{kind} eq 'none') {
        nobody($place, \%case, $inherited, @held);
        return \%case;
    }
    $case{lines} = difference($policy->{lines}, $inherited);
    delete $case{lines}{CorsBackendHeaders}
        unless $case{lines}{CorsAllowOrigin};
    return \%case;
}

sub program_of {
    my ($self, $places, $assignment) = @_;
    my $program = program(places => $places, guards => $assignment,
        named => $self->{named}, hosts => $self->{hosts},
        inline => { map { ($_ => 1) } grep { $self->is_inline($_) } @$places });
    share($program, $self->{alike} ||= {});
    return $program;
}

# The Header lines of a place, and of the <If> in it.
sub own_steps {
    my ($self, $place, $with, $assignment) = @_;
    my $is_set = sub { CorsMigrate::Guard::hold($_->{line}{guards},
        $assignment) };
    my @own = grep { $self->owner($_) == $place } @$with;
    return grep { $is_set->() } map { my $in = $_;
        map { @{ $in->{$_} || [] } } qw(header setenvif env rewrite other) }
        @own;
}

# An origin counts where the <If> that are sections of their own hold.
sub filter {
    my ($self, @places) = @_;
    my @branches = grep { $_->is_if && $_->{inline} }
        map { ($_->around, $_) } @places;
    return undef unless @branches;
    return sub {
        my %request = (status => 200, method => 'GET', fields => {
            origin => $_[0], 'access-control-request-method' => '',
            'access-control-request-headers' => '' });
        $request{fields}{origin} = '' unless defined $_[0];
        for my $place (@branches) {
            my @chain = @{ $place->{chain} };
            return 0 if grep { $_->{asks}->(\%request) }
                @chain[0 .. $place->{branch} - 1];
            return 0 if $place->{kind} ne 'else'
                && !$place->{asks}->(\%request);
        }
        return 1;
    };
}

1;
