package CorsMigrate::Policy;

# The policy that the recipe lines of a place come to, as Cors lines.

use strict;
use warnings;
use CorsMigrate::Origins qw(@KINDS add distinct finding is_local);
use CorsMigrate::Recipe qw(at origins_of);
use Exporter 'import';

our @EXPORT_OK = qw(policies);

# The headers, in the order in which their directives are written.
my @TRANSLATE = (
    [ 'access-control-allow-origin'          => \&allow_origin ],
    [ 'access-control-allow-credentials'     => \&allow_credentials ],
    [ 'access-control-allow-methods'         => \&allow_methods ],
    [ 'access-control-allow-headers'         => \&allow_headers ],
    [ 'access-control-expose-headers'        => \&expose_headers ],
    [ 'access-control-max-age'               => \&max_age ],
    [ 'access-control-allow-private-network' => \&private_network ],
    [ 'timing-allow-origin'                  => \&timing ],
);

my %IS_NORMALIZED = map { $_ => 1 } qw(DELETE GET HEAD OPTIONS POST PUT);
my $NO_METHOD = qr/^(?:CONNECT|TRACE|TRACK)$/i;
my $CORS_FIELD = qr/^Access-Control-(?:Allow-(?:Credentials|Headers|Methods
    |Origin|Private-Network)|Expose-Headers|Max-Age)$/xi;
my $NO_REQUEST_FIELD = qr/^(?:Accept-Charset|Accept-Encoding
    |Access-Control-Request-(?:Headers|Method)|Connection|Content-Length
    |Cookie2?|Date|DNT|Expect|Host|Keep-Alive|Origin|Referer|Set-Cookie|TE
    |Trailer|Transfer-Encoding|Upgrade|Via|proxy-.*|sec-.*)$/xi;
my $SAFE_RESPONSE_FIELD = qr/^(?:Cache-Control|Content-(?:Language|Length|Type)
    |Expires|Last-Modified|Pragma)$/xi;
my $TOKEN = qr/^[!#\$%&'*+.^_`|~0-9A-Za-z-]+$/;
my $DAY = 86_400;

# The policies of all places that have a recipe's lines.  What is there for
# OPTIONS is for CORS only where CORS headers are.
sub policies {
    my @places = @_;
    return unless grep { $_->{headers} } @places;
    return map { policy($_) }
        grep { $_->{headers} || $_->{rules} || $_->{open} } @places;
}

# The policy that a place's lines come to: { lines } of it, what was { wrong },
# { dropped }, what to { decide }, and the lines { used }.
sub policy {
    my ($place) = @_;
    my $headers = $place->{headers} || {};
    my %policy = (place => $place, lines => [], used => [],
        dropped => [], map { $_ => [] } @KINDS);
    for (@TRANSLATE) {
        my ($name, $translate) = @$_;
        my @sent = grep { is_sent($_) } @{ $headers->{$name} || [] };
        $translate->(\%policy, @sent) if @sent;
    }
    my @all = map { @$_ } @{$headers}{sort keys %$headers};
    push @{ $policy{used} }, map { $_->{line} }
        grep { is_sent($_) || has_origins($place) } @all;
    note_changes(\%policy, grep { !is_sent($_) } @all);
    settle_credentials(\%policy);
    note_vary(\%policy, @{ $headers->{vary} || [] });
    note_rules(\%policy);
    return \%policy;
}

# Whether the line puts the header on.
sub is_sent {
    return $_[0]{action} =~ /^(?:set|add|append|merge|setifempty)$/;
}

# Lines that take a header off or change it.
sub note_changes {
    my ($policy, @changes) = @_;
    my $holds = has_origins($policy->{place});
    push @{ $policy->{$holds ? 'dropped' : 'decide'} }, at($_->{line})
        . ": $_->{action} $_->{name}: " . ($holds
            ? 'mod_cors takes off what others send'
            : 'it is about what a back end sends: keep the line, or write '
                . 'CorsAllowOrigin') for @changes;
}

# Whether a header with origins is sent here or in a section around.
sub has_origins {
    my ($place) = @_;
    for (my $in = $place; $in; $in = $in->{parent}) {
        return 1 if grep { is_sent($_) }
            @{ $in->{headers}{'access-control-allow-origin'} || [] };
    }
    return 0;
}

sub write_line {
    my ($policy, $name, @words) = @_;
    push @{ $policy->{lines} }, [ $name, @words ] if @words;
}

sub allow_origin {
    my ($policy, @sent) = @_;
    my $all = finding();
    for (@sent) {
        my $found = origins_of($policy->{place}, $_, $policy->{used});
        add($all, $found);
        $policy->{any} ||= $found->{any};
        $policy->{varies} ||= $found->{varies};
        note_table($policy, $_);
    }
    push @{ $policy->{$_} }, once(@{ $all->{$_} }) for @KINDS;
    $policy->{origins} = $policy->{any} ? [ '*' ]
                                        : [ distinct(@{ $all->{origins} }) ];
}

sub once { my %seen; return grep { !$seen{$_}++ } @_ }

sub note_table {
    my ($policy, $header) = @_;
    my $at = at($header->{line});
    push @{ $policy->{wrong} }, "$at: without 'always' it is missing on what "
        . 'httpd answers itself: 401, 404, 500'
        if $header->{table} ne 'always';
    push @{ $policy->{wrong} }, "$at: 'add' puts a second header beside "
        . 'any other, and browsers take neither'
        if $header->{action} eq 'add';
}

sub allow_credentials {
    my ($policy, @sent) = @_;
    $policy->{credentials} = grep { $_->{value} eq 'true' } @sent;
    push @{ $policy->{dropped} }, map { at($_->{line})
        . ": '$_->{value}': only 'true' says anything" }
        grep { $_->{value} ne 'true' } @sent;
}

# Writes the origins, without those that may not have credentials.
sub settle_credentials {
    my ($policy) = @_;
    my @origins = @{ $policy->{origins} || [] };
    if ($policy->{credentials} && $policy->{any}) {
        push @{ $policy->{decide} }, 'no browser takes * with credentials: '
            . 'write the origins that may have them, or leave '
            . 'CorsAllowCredentials out';
        @origins = ();
    }
    elsif ($policy->{credentials}) {
        push @{ $policy->{dropped} }, map { "$_: anyone on the way could "
            . 'speak for it, so it gets no credentials' }
            grep { !is_local($_) } @origins;
        @origins = grep { is_local($_) } @origins;
    }
    unshift @{ $policy->{lines} }, [ 'CorsAllowCredentials', 'On' ]
        if $policy->{credentials};
    return need_origins($policy) unless $policy->{origins};
    $policy->{incomplete} = !@origins;
    push @{ $policy->{decide} }, 'no origin is left: write those that may'
        if !@origins && !@{ $policy->{decide} };
    unshift @{ $policy->{lines} },
        [ 'CorsAllowOrigin', @origins ? @origins : 'ORIGIN' ];
}

# Lines without origins of their own are for those of a section around them.
sub need_origins {
    my ($policy) = @_;
    return if !@{ $policy->{lines} } || has_origins($policy->{place});
    $policy->{incomplete} = 1;
    push @{ $policy->{decide} }, 'nothing here or around it sends '
        . 'Access-Control-Allow-Origin, so no browser looked at the rest: '
        . 'write CorsAllowOrigin with it, or leave all of it out';
}

# The names in the values of a header; { reflected } if it is whatever the
# browser asks for.
sub names {
    my ($policy, @sent) = @_;
    my (@names, $reflected);
    for (@sent) {
        my $at = at($_->{line});
        if ($_->{value} =~ /%\{[^}]*Access-Control-Request/i) {
            $reflected = 1;
            push @{ $policy->{wrong} }, "$at: it allows whatever is asked "
                . 'for: list what the pages need';
        }
        elsif ($_->{value} =~ /[\$%]\{|%|^expr=/) {
            push @{ $policy->{decide} }, "$at: '$_->{value}' can be anything: "
                . 'list what the pages need';
        }
        else {
            push @names, grep { length } split /[\s,]+/, $_->{value};
        }
    }
    my %seen;
    return ($reflected, grep { !$seen{lc $_}++ } @names);
}

# The names that can stand in a list, the others being dropped with the reason
# that the first matching pattern has.
sub keep {
    my ($policy, $names, @reasons) = @_;
    my @kept;
    NAME: for my $name (@$names) {
        for (@reasons, [ qr/^(?!$TOKEN)/, 'is no name' ]) {
            my ($pattern, $why) = @$_;
            next if $name !~ $pattern;
            push @{ $policy->{dropped} }, "'$name': $why";
            next NAME;
        }
        push @kept, $name;
    }
    return @kept;
}

sub allow_methods {
    my ($policy, @sent) = @_;
    my ($reflected, @names) = names($policy, @sent);
    my @kept = once(map { $IS_NORMALIZED{uc $_} ? uc : $_ }
        keep($policy, \@names, [ $NO_METHOD, 'no script can send it' ],
            [ qr/^OPTIONS$/i, 'preflights need no permission: list it if '
                . 'scripts send it themselves' ]));
    @kept = '*' if $reflected || grep { $_ eq '*' } @kept;
    write_line($policy, 'CorsAllowMethods', @kept);
}

sub allow_headers {
    my ($policy, @sent) = @_;
    my ($reflected, @names) = names($policy, @sent);
    my @kept = keep($policy, \@names,
        [ $CORS_FIELD, 'is a header of responses' ],
        [ $NO_REQUEST_FIELD, 'no script can set it' ]);
    if ($reflected || grep { $_ eq '*' } @kept) {
        @kept = ('*', $reflected || grep({ lc eq 'authorization' } @kept)
            ? 'Authorization' : ());
    }
    write_line($policy, 'CorsAllowHeaders', @kept);
}

sub expose_headers {
    my ($policy, @sent) = @_;
    my ($reflected, @names) = names($policy, @sent);
    my @kept = keep($policy, \@names,
        [ $CORS_FIELD, 'mod_cors sends it itself' ],
        [ $SAFE_RESPONSE_FIELD, 'scripts can read it anyway' ],
        [ qr/^Set-Cookie2?$/i, 'no script can read it' ]);
    @kept = '*' if $reflected || grep { $_ eq '*' } @kept;
    write_line($policy, 'CorsExposeHeaders', @kept);
}

sub max_age {
    my ($policy, @sent) = @_;
    my ($value, $at) = ($sent[-1]{value}, at($sent[-1]{line}));
    if ($value !~ /^-?\d+$/) {
        push @{ $policy->{dropped} }, "$at: '$value' is not a number";
        return;
    }
    my $kept = $value < 0 ? 0 : $value > $DAY ? $DAY : $value + 0;
    push @{ $policy->{dropped} }, "$at: no browser keeps an answer for $value "
        . 'seconds' if $value > $DAY;
    write_line($policy, 'CorsMaxAge', $kept);
}

sub private_network {
    my ($policy, @sent) = @_;
    return unless grep { $_->{value} eq 'true' } @sent;
    return write_line($policy, 'CorsAllowPrivateNetwork', 'On')
        unless $policy->{any};
    push @{ $policy->{decide} }, at($sent[0]{line}) . ': * would let any web '
        . 'page into the private network: write the origins that may, and '
        . 'CorsAllowPrivateNetwork On';
}

sub timing { write_line($_[0], 'CorsTimingAllowOrigin', 'On') }

sub note_vary {
    my ($policy, @vary) = @_;
    push @{ $policy->{wrong} }, map { at($_->{line}) . ": 'set' takes away "
        . 'whatever else Vary said' } grep { $_->{action} eq 'set' } @vary;
    push @{ $policy->{wrong} }, 'no Vary: ' . ($policy->{any}
            ? 'what a cache stores for a request without Origin lacks the '
                . 'header, for pages too'
            : 'a cache gives one origin what was meant for another')
        if $policy->{varies} && !@vary;
}

sub note_rules {
    my ($policy) = @_;
    my $place = $policy->{place};
    for my $rule (@{ $place->{rules} || [] }) {
        push @{ $policy->{used} }, @{ $rule->{lines} };
        push @{ $policy->{wrong} }, at($rule->{lines}[-1]) . ': '
            . ($place->{name} !~ /^(?:server config|VirtualHost)$/i
                ? 'in a section it comes after authentication, whose 401 '
                    . 'preflights get' : 'it ends every OPTIONS request, '
                    . 'not only preflights')
            . ($rule->{flags} =~ /\bR=200\b/ ? ', and R=200 sends the text of '
                . 'an error' : '');
    }
    for my $line (once(@{ $place->{open} || [] })) {
        push @{ $policy->{used} }, $line;
        push @{ $policy->{wrong} }, at($line) . ': every OPTIONS request gets '
            . 'in without a password' . ($line->{name} eq 'limitexcept'
                ? ': write its Require lines outside of it' : '');
    }
}

1;
