package CorsMigrate::Request;

# Runs the steps of places for one request, in httpd's order, and tells which
# CORS headers the response has.

use strict;
use warnings;
use CorsMigrate::Expression qw(compile_condition is_unknown unknown);
use CorsMigrate::Guard;
use CorsMigrate::Place;
use CorsMigrate::Rewrite;
use Exporter 'import';

our @EXPORT_OK = qw(answer program);

# Variables that exist once a script runs.
my $OF_SCRIPTS = qr/^(?:HTTP_|HTTPS$|REMOTE_|SERVER_|REQUEST_|SCRIPT_|QUERY_
    |DOCUMENT_|CONTENT_|PATH|GATEWAY_|CONTEXT_|AUTH_TYPE|SSL_)/x;

# The steps that run where just these places hold, under an assignment of the
# guards.  inline: the branches of <If> that are asked for each request; any
# other branch among the places holds.  named: all names that some line sets.
sub program {
    my (%given) = @_;
    my ($places, $guards) = @given{qw(places guards)};
    my %program = (named => $given{named}, uses => {}, inline => [], apart => [],
        early => [], server_rewrite => [], setenvif => [], rewrite => [],
        env => [], header => [], other => []);
    my $on = { 0 => 0, 1 => 0 };
    for my $place (CorsMigrate::Place::merged(@$places)) {
        my $server = $place->{phase} <= 1;
        my $inline = $given{inline}{$place};
        push @{ $program{inline} }, $place if $inline;
        push @{ $program{apart} }, @{ $place->{chain} }[0 .. $place->{branch}]
            if !$inline && $place->is_if && $place->{inline};
        for my $hook (qw(setenvif env header other)) {
            my $to = $hook eq 'setenvif' && $server ? 'early' : $hook;
            push @{ $program{$to} }, map { [ $_, $inline && $place ] }
                held($place, $hook, $guards);
        }
        rewrites(\%program, $place, $server, $on, $guards);
    }
    rules_of_server(\%program, $given{hosts}, @$places);
    $program{env_names} = { map { ($_->[0]{name} => 1) }
        grep { $_->[0]{name} } @{ $program{env} } };
    $program{asked} = conditions(\%program);
    note_uses(\%program);
    return \%program;
}

sub held {
    my ($place, $hook, $guards) = @_;
    return grep { !@{ $_->{line}{guards} }
        || CorsMigrate::Guard::hold($_->{line}{guards}, $guards) }
        @{ $place->{$hook} || [] };
}

# The rules of the last place that has any take the place of all before.
sub rewrites {
    my ($program, $place, $server, $on, $guards) = @_;
    my @steps = held($place, 'rewrite', $guards) or return;
    my $to = $server ? 'server_rewrite' : 'rewrite';
    for (@steps) { $on->{$server} = $_->{on} if $_->{kind} eq 'engine' }
    my $inherits = grep { $_->{inherits} } @steps;
    my @before = $inherits ? @{ $program->{$to} } : ();
    $program->{rewrite_from}{$to} = $place;
    $program->{$to} = [ @before, @steps ];
    $program->{rewrite_on}{$to} = $on->{$server};
    $program->{rewrite_unsure} ||= "'$_->{line}{text}' adds the rules of "
        . 'other sections' for grep { $_->{inherits} } @steps;
}

# A virtual host does not have the rules of the server around it.
sub rules_of_server {
    my ($program, $hosts, @places) = @_;
    my $from = $program->{rewrite_from}{server_rewrite};
    return if !$from || $from->{phase} || $program->{rewrite_unsure};
    if (grep { $_->host->{phase} == 1 } @places) {
        $program->{server_rewrite} = [];
        return;
    }
    my %asked = map { ($_ => 1) } map { keys %{ $_->{uses}{variables} || {} } }
        (map { $_->[0] } map { @{ $program->{$_} } } qw(setenvif header)),
        @{ $program->{inline} };
    push @{ $program->{other} }, map { [ { line => $_->{line}, why => 'a rule '
        . 'of the server, which its virtual hosts do not have, and the new '
        . 'lines would hold there too' } ] }
        grep { grep { $asked{ $_->{name} } } @{ $_->{sets} || [] } }
        $hosts ? @{ $program->{server_rewrite} } : ();
}

sub conditions {
    my ($program) = @_;
    my %asked;
    for (@{ $program->{inline} }) {
        $asked{$_} = $_->{asks} ||= compile_condition($_->condition,
            $_->{uses} ||= {}) if $_->{kind} ne 'else';
        $_->{uses} ||= {};
    }
    return \%asked;
}

sub note_uses {
    my ($program) = @_;
    for my $uses ((map { $_->[0]{uses} || () } map { @{ $program->{$_} } }
        qw(early setenvif env header)), (map { $_->{uses} || () }
        @{ $program->{server_rewrite} }, @{ $program->{rewrite} }),
        map { $_->{uses} } @{ $program->{inline} }) {
        $program->{uses}{$_} ||= $uses->{$_} for qw(method status);
        $program->{uses}{preflight} = 1
            if grep { /^access-control/ } keys %{ $uses->{fields} || {} };
    }
    $program->{uses}{method} = 1 if grep { my $step = $_;
        $step->{kind} eq 'rule' && ($step->{sets}
            || grep { $step->{flag}{$_} } qw(F G R)) }
        @{ $program->{server_rewrite} }, @{ $program->{rewrite} };
}

# Answers a request { origin, method, status, asked_method, asked_headers }
# with { always, onsuccess, ended }: the values of each header by table, and
# whether a rule has ended the request.
sub answer {
    my ($program, %given) = @_;
    my %request = (method => $given{method}, status => 200,
        environment => {}, variable => \&variable, program => $program,
        fields => { origin => $given{origin},
            'access-control-request-method' => $given{asked_method} || '',
            'access-control-request-headers' => $given{asked_headers} || '' });
    $request{fields}{origin} = '' unless defined $given{origin};
    my %answer = (always => {}, onsuccess => {});
    set_variables(\%request, $program->{early});
    $answer{ended} = run_rules(\%request, 'server_rewrite');
    my $holds = branches(\%request, $program);
    set_variables(\%request, $program->{setenvif}, $holds);
    $answer{ended} ||= run_rules(\%request, 'rewrite', $holds);
    set_environment(\%request, $program->{env}, $holds);
    $request{status} = $given{status} || 200;
    for (@{ $program->{header} }) {
        my ($step, $place) = @$_;
        my $is = $place ? $holds->{$place} : 1;
        act(\%request, \%answer, $step, $is) if $is;
    }
    return \%answer;
}

sub variable {
    my ($request, $name) = @_;
    return $request->{environment}{$name}
        if exists $request->{environment}{$name};
    return undef if $request->{program}{named}{$name};
    return unknown("$name is a variable of scripts: no file and no error has "
        . 'it') if $name =~ $OF_SCRIPTS;
    return unknown("nothing that was read sets $name");
}

# Which inline branches hold: 1, 0 or unknown.
sub branches {
    my ($request, $program) = @_;
    my %holds;
    for my $place (@{ $program->{inline} }) {
        my $is = $place->{kind} eq 'else' ? 1
            : $program->{asked}{$place}->($request);
        for my $before (@{ $place->{chain} }[0 .. $place->{branch} - 1]) {
            my $was = $before->{asks} ? $before->{asks}->($request) : 1;
            $is = 0, last if $was && !is_unknown($was);
            $is = $was if is_unknown($was);
        }
        my $around = $place->{parent};
        $is = $holds{$around} && $is if exists $holds{$around};
        $holds{$place} = $is;
    }
    return \%holds;
}

sub set_variables {
    my ($request, $steps, $holds) = @_;
    for (@$steps) {
        my ($step, $place) = @$_;
        my $is = $place ? $holds->{$place} : 1;
        next unless $is;
        my $asked = $step->{unknown} ? unknown($step->{unknown})
            : $step->{asks}->($request);
        next unless $asked;
        $is = $asked if !is_unknown($is);
        for (@{ $step->{sets} }) {
            $request->{environment}{ $_->{name} } = is_unknown($is) ? $is
                : $_->{not} ? undef : $step->{plain} ? $_->{text}
                : substituted($_->{text}, $request->{groups});
        }
    }
}

# A value with $0 to $9.
sub substituted {
    my ($text, $groups) = @_;
    return $text if index($text, '$') < 0 && index($text, '\\') < 0;
    return $text =~ s/\\(.)|\$(\d)/defined $1 ? $1
        : $groups && defined $groups->[$2] ? $groups->[$2] : ''/gers;
}

sub run_rules {
    my ($request, $which, $holds) = @_;
    my $program = $request->{program};
    my $steps = $program->{$which};
    return unless @$steps && $program->{rewrite_on}{$which};
    my $place = $program->{rewrite_from}{$which};
    my $unsure = $program->{rewrite_unsure};
    $unsure ||= 'rules in <If> take the place of others'
        if $holds && exists $holds->{$place};
    if ($unsure) {
        $request->{environment}{ $_->{name} } = unknown($unsure)
            for map { @{ $_->{sets} || [] } } @$steps;
        return;
    }
    my $ended = CorsMigrate::Rewrite::run($request, $steps);
    return $ended && $ended->{ended};
}

# SetEnv is for what is not set: no one has to know which of two it is.
sub set_environment {
    my ($request, $steps, $holds) = @_;
    for (@$steps) {
        my ($step, $place) = @$_;
        my $is = $place ? $holds->{$place} : 1;
        next unless $is;
        if ($step->{unsets}) {
            $request->{environment}{$_} = unknown("UnsetEnv and SetEnv of $_")
                for grep { $request->{program}{env_names}{$_} }
                    keys %{ $step->{unsets} };
            next;
        }
        my $value = is_unknown($is) ? $is : $step->{unknown}
            ? unknown($step->{unknown}) : $step->{passes} || $step->{value};
        for my $name ($step->{names} ? @{ $step->{names} } : $step->{name}) {
            my $set = $request->{environment}{$name};
            $request->{environment}{$name} = !defined $set
                || $request->{by_env}{$name} ? $value
                : unknown("SetEnv and another line set $name");
            $request->{by_env}{$name} = 1;
        }
    }
}

# What a Header line does to its table.
sub act {
    my ($request, $answer, $step, $is) = @_;
    my $asked = $step->{unknown} ? unknown($step->{unknown})
        : $step->{asks}->($request);
    return unless $asked;
    $is = $asked if !is_unknown($is);
    my ($table, $name, $action) = ($answer->{ $step->{table} },
        @{$step}{qw(name action)});
    my $values = $table->{$name} ||= [];
    return if $action eq 'note';
    if (is_unknown($is)) {
        @$values = $is if @$values || $action !~ /^(?:unset|edit)/;
        return;
    }
    return @$values = () if $action eq 'unset';
    if ($action =~ /^edit/) {
        @$values = unknown("'$step->{line}{text}' makes of it what is not "
            . 'known here') if @$values;
        return;
    }
    my $value = $step->{value}->($request);
    put($values, $action, $value);
}

sub put {
    my ($values, $action, $value) = @_;
    return @$values = $value if $action eq 'set';
    return if $action eq 'setifempty' && @$values;
    if ($action eq 'add' || !@$values) {
        push @$values, $value;
        return;
    }
    my ($open) = grep { is_unknown($_) } $value, $values->[0];
    return $values->[0] = $open if $open;
    return if $action eq 'merge'
        && grep { $_ eq $value } split /\s*,\s*/, $values->[0];
    $values->[0] .= ", $value";
}

1;
