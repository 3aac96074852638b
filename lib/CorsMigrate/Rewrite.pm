package CorsMigrate::Rewrite;

# mod_rewrite, as far as it sets variables and ends OPTIONS requests.  What a
# rule's pattern sees is known only if the pattern matches everything.

use strict;
use warnings;
use CorsMigrate::Expression qw(compile_condition field is_unknown matches
    unknown);

my $EVERYTHING = qr/^(?:\^|\.\*|\^\.\*\$?|\(\.\*\)|\^\(\.\*\)\$?|\.\?|\$|\^\/?
    |\^\/\.\*\$?|\.\*\$|\^\.\*|\(\^\)|\^\/\(\.\*\)\$?)$/x;

sub engine { return { kind => 'engine', on => lc($_[1] || '') eq 'on' } }
sub base { return { kind => 'base' } }

sub options {
    my ($line, @words) = @_;
    return { kind => 'options',
        inherits => scalar grep { /^inherit/i } @words };
}

sub condition {
    my ($line, $test, $pattern, $flags) = @_;
    return unless defined $pattern;
    my %flag = flags($flags);
    my %step = (kind => 'condition', uses => {}, or => exists $flag{OR},
        test => $test, pattern => $pattern);
    if ($test =~ /^expr$/i) {
        $step{asks} = compile_condition($pattern, $step{uses});
        return \%step;
    }
    my $value = text($test, $step{uses});
    $step{uses}{more} = "'$test' is more than the origin"
        if $test =~ /%\{HTTP:Origin\}/i && $test !~ /^%\{HTTP:Origin\}\z/i;
    my $not = $pattern =~ s/^!//;
    my $ask = compare($pattern, exists $flag{NC}, $step{uses});
    only_texts($step{uses}) if $not;
    $step{asks} = sub {
        my $is = $ask->($_[0], $value->($_[0]));
        return is_unknown($is) || !$not ? $is : !$is || 0;
    };
    return \%step;
}

# Who may not is no list of who may.
sub only_texts {
    my ($uses) = @_;
    push @{ $uses->{texts} }, @{ delete $uses->{regexes} || [] };
    $uses->{negative} = 1;
}

sub compare {
    my ($pattern, $ignores_case, $uses) = @_;
    if ($pattern =~ /^=(.*)/s) {
        my $text = $1 eq '""' ? '' : $1;
        push @{ $uses->{texts} }, $text;
        return sub { is_unknown($_[1]) ? $_[1] : ($ignores_case
            ? lc $_[1] eq lc $text : $_[1] eq $text) ? 1 : 0 };
    }
    my $regex = CorsMigrate::Expression::regex($pattern, $ignores_case);
    return sub { unknown("'$pattern' is a question that is not known here") }
        if !$regex || $pattern =~ /^(?:-|[<>])/;
    push @{ $uses->{regexes} }, $pattern;
    return sub {
        my ($request, $value) = @_;
        local $request->{groups};
        my $is = matches($request, $value, $regex);
        $request->{asked} = $request->{groups} if $is && !is_unknown($is);
        return $is;
    };
}

# A text of mod_rewrite with its variables.
sub text {
    my ($text, $uses) = @_;
    my @parts;
    while ($text =~ /\G(?:%\{([^{}]*)\}|%(\d)|([\$%])|\\(.)|([^%\$\\]+))/gs) {
        my ($name, $n, $sign, $escaped, $plain) = ($1, $2, $3, $4, $5);
        $plain = $escaped if defined $escaped;
        if (defined $plain) {
            push @{ $uses->{texts} }, $plain;
            push @parts, sub { $plain };
        }
        elsif (defined $n) {
            push @parts, sub { my $groups = $_[0]{asked};
                $groups && defined $groups->[$n] ? $groups->[$n] : '' };
        }
        else {
            push @parts, defined $name ? variable($name, $uses)
                : sub { unknown("'$text' depends on the URL") };
        }
    }
    return sub { '' } unless @parts;
    return CorsMigrate::Expression::joined(@parts);
}

sub variable {
    my ($name, $uses) = @_;
    if ($name =~ /^HTTP:(.*)/i) {
        my $field = $1;
        $uses->{fields}{lc $field} = 1;
        return sub { field($_[0], $field) };
    }
    if ($name =~ /^ENV:(.*)/i) {
        my $of = $1;
        $uses->{variables}{$of} = 1;
        return sub { my $value = $_[0]{variable}->($_[0], $of);
            defined $value ? $value : '' };
    }
    if (uc $name eq 'REQUEST_METHOD') {
        $uses->{method} = 1;
        return sub { $_[0]{method} };
    }
    return sub { unknown("it depends on $name") };
}

sub flags {
    my ($text) = @_;
    return unless defined $text && $text =~ /^\[(.*)\]$/s;
    my %flag;
    my %short = (last => 'L', forbidden => 'F', gone => 'G', redirect => 'R',
        proxy => 'P', env => 'E', chain => 'C', skip => 'S', next => 'N',
        nocase => 'NC', ornext => 'OR', end => 'END');
    for (split /,/, $1) {
        my ($name, $value) = /^\s*(\w+)(?:=(.*?))?\s*$/s or next;
        my $key = $short{lc $name} || uc $name;
        push @{ $flag{$key} }, defined $value ? $value : '';
    }
    return %flag;
}

sub rule {
    my ($line, $pattern, $to, $flags) = @_;
    return unless defined $to;
    my %flag = flags($flags);
    my %step = (kind => 'rule', to => $to, flag => \%flag, uses => {},
        everything => $pattern =~ $EVERYTHING ? 1 : 0, pattern => $pattern);
    for (@{ $flag{E} || [] }) {
        my ($not, $name, $value) = /^(!?)([^:]+)(?::(.*))?$/s or next;
        push @{ $step{sets} }, { not => $not, name => $name,
            value => text(defined $value ? $value : '', $step{uses}) };
    }
    return \%step;
}

# What a list of steps makes of a request: sets its variables, and returns
# { ended } if a rule ends it.
sub run {
    my ($request, $steps) = @_;
    my (@asked, $open, $chain);
    for my $step (@$steps) {
        push @asked, $step if $step->{kind} eq 'condition';
        next unless $step->{kind} eq 'rule';
        # The rules that are chained to one which does not hold are left out.
        my $is = $chain && !$chain->{is} ? 0
            : $step->{unknown} ? unknown($step->{unknown})
            : holds($request, $step, \@asked);
        @asked = ();
        $is = $chain->{is} if $is && $chain && is_unknown($chain->{is});
        $chain = $step->{flag}{C} && { is => $is };
        next unless $is;
        $is = $open if $open && !is_unknown($is);
        set($request, $step, $is);
        $request->{asked} = undef;
        my $ends = ends($step);
        next if $step->{to} eq '-' && !$ends
            && !grep { $step->{flag}{$_} } qw(S N);
        return $ends if $ends && !is_unknown($is)
            && $step->{to} eq '-' || !is_unknown($is) && $ends
            && $ends->{ended};
        # It may have run, and then others do not.
        $open ||= is_unknown($is) ? $is : unknown('rules that come after '
            . "'$step->{line}{text}' see another URL");
    }
    return;
}

# Whether a rule ends the rules, and with which status.
sub ends {
    my ($step) = @_;
    my $flag = $step->{flag};
    return { ended => 403 } if $flag->{F};
    return { ended => 410 } if $flag->{G};
    if ($flag->{R}) {
        my $status = $flag->{R}[-1] || 302;
        $status = 302 unless $status =~ /^\d{3}$/;
        return { ended => $status } if $status !~ /^3/ || $flag->{L}
            || $flag->{END};
    }
    return $flag->{L} || $flag->{END} || $flag->{P} ? { last => 1 } : undef;
}

# Whether the pattern and all conditions hold, as mod_rewrite joins them.
sub holds {
    my ($request, $rule, $asked) = @_;
    my $open = $rule->{everything} ? undef
        : unknown("it depends on whether the URL matches '$rule->{pattern}'");
    my $i = 0;
    while ($i < @$asked) {
        my $is = $asked->[$i]{unknown} ? unknown($asked->[$i]{unknown})
            : $asked->[$i]{asks}->($request);
        if ($asked->[$i]{or}) {
            my $maybe = is_unknown($is) ? $is : undef;
            while ($i < $#$asked && $asked->[$i]{or}
                && (!$is || is_unknown($is))) {
                $is = $asked->[++$i]{asks}->($request);
                $maybe ||= $is if is_unknown($is);
            }
            $i++ while $i < $#$asked && $asked->[$i]{or};
            $is = $maybe if !$is && $maybe;
        }
        return 0 if !$is;
        $open ||= $is if is_unknown($is);
        $i++;
    }
    return $open || 1;
}

sub set {
    my ($request, $step, $is) = @_;
    for (@{ $step->{sets} || [] }) {
        $request->{environment}{ $_->{name} } = is_unknown($is) ? $is
            : $_->{not} ? undef : $_->{value}->($request);
    }
}

1;
