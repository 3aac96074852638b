package CorsMigrate::Model;

# What each directive does to a request: the one table of what is modelled.
# A line becomes a step, filed in its place under the hook in which httpd runs
# it; CorsMigrate::Request runs the steps.

use strict;
use warnings;
use CorsMigrate::Expression qw(compile_condition compile_text is_unknown
    unknown);
use CorsMigrate::Rewrite;
use Exporter 'import';

our @EXPORT_OK = qw(%CORS_HEADERS model);

# directive => [ the hook, what makes a step of a line ].
my %MODEL = (
    header               => [ header   => \&header ],
    setenvif             => [ setenvif => \&setenvif ],
    setenvifnocase       => [ setenvif => \&setenvifnocase ],
    setenvifexpr         => [ setenvif => \&setenvifexpr ],
    browsermatch         => [ setenvif => \&browsermatch ],
    browsermatchnocase   => [ setenvif => \&browsermatch ],
    setenv               => [ env      => \&setenv ],
    passenv              => [ env      => \&passenv ],
    unsetenv             => [ env      => \&unsetenv ],
    rewriteengine        => [ rewrite  => \&CorsMigrate::Rewrite::engine ],
    rewritecond          => [ rewrite  => \&CorsMigrate::Rewrite::condition ],
    rewriterule          => [ rewrite  => \&CorsMigrate::Rewrite::rule ],
    rewriteoptions       => [ rewrite  => \&CorsMigrate::Rewrite::options ],
    rewritebase          => [ rewrite  => \&CorsMigrate::Rewrite::base ],
    rewritemap           => [ rewrite  => \&CorsMigrate::Rewrite::base ],
    requestheader        => [ other    => \&requestheader ],
);

# The headers that CORS is made of.
our %CORS_HEADERS = map { $_ => 1 } qw(access-control-allow-origin
    access-control-allow-credentials access-control-allow-methods
    access-control-allow-headers access-control-expose-headers
    access-control-max-age access-control-allow-private-network
    timing-allow-origin vary);

# Files the steps of a line in its place.  A step has { line, uses, unknown }
# besides what its hook needs: uses is what it depends on, unknown why nobody
# knows what it does.
sub model {
    my ($line) = @_;
    if ($line->{name} =~ /^cors[a-z]/) {
        push @{ $line->{place}{own} }, $line;
        return;
    }
    my $how = $MODEL{ $line->{name} } or return;
    my ($hook, $make) = @$how;
    my $step = $make->($line, @{ $line->{words} }) or return;
    $step->{line} = $line;
    $step->{uses} ||= {};
    $step->{unknown} = why_unknown($line);
    push @{ $line->{place}{$hook} }, $step;
}

# What makes a line's meaning unknown before anybody looks at it.
sub why_unknown {
    my ($line) = @_;
    return $line->{unclear} if defined $line->{unclear};
    for (@{ $line->{guards} }) {
        return "$_->{args} is defined, or taken away, at line "
            . "$_->{changed}{line}, after it was asked for" if $_->{changed};
    }
    return 'it stands in <Else>, and an <If> before it under another condition'
        if grep { $_->is_if && !has_one_condition($_) } $line->{place},
            $line->{place}->around;
    return "what stands in <$line->{inside}[-1]{name}> is not known here"
        if grep { !/^(?:limit|limitexcept|require\w+)$/ }
        map { $_->{name} } @{ $line->{inside} };
    return;
}

# Whether an <If> and its <Else> stand under the same conditions of the
# configuration: with one of them missing, httpd joins others.
sub has_one_condition {
    my ($place) = @_;
    my %conditions = map { (join("\0", map { ($_->{not} ? '!' : '')
        . $_->{key} } @{ $_->{guards} }) => 1) }
        @{ $place->{chain} }[0 .. $place->{branch}];
    return keys %conditions == 1;
}

# Header [always|onsuccess] ACTION NAME [VALUE [env=...|expr=...|early]]
my %ACTION = map { $_ => 1 } qw(set add append merge setifempty unset edit
    edit* echo note);

sub header {
    my ($line, @words) = @_;
    my $table = ($words[0] || '') =~ /^(?:always|onsuccess)$/i
        ? lc shift @words : 'onsuccess';
    my $action = lc(shift @words || '');
    return unless $ACTION{$action} && @words;
    my $name = lc((shift @words) =~ s/:$//r);
    return unless $CORS_HEADERS{$name} && $action ne 'echo';
    my %step = (table => $table, action => $action, name => $name,
        uses => {});
    if ($action =~ /^edit/) {
        @step{qw(from text)} = splice @words, 0, 2;
        $step{endless_on} = endless_on($action, $step{from});
    }
    elsif ($action ne 'unset') { $step{text} = shift @words }
    $step{text} = '' unless defined $step{text};
    $step{value} = header_value($step{text}, $step{uses});
    $step{condition} = shift @words;
    @step{qw(asks conditional)} = asks($step{condition}, \%step);
    return \%step;
}

# What a CORS header may hold.
my @HELD = ('*', 'https://app.example.com', 'true', 'null', '60', 'GET, PUT',
    'x-one');

# A value on which edit* never ends; undef if it ends on all.  mod_headers looks
# for the next match in what is left behind the last one.  A match that ends
# where it looks leaves all of that, and the process runs out of stack.
sub endless_on {
    my ($action, $from) = @_;
    return unless $action eq 'edit*' && defined $from;
    return $HELD[0] if $from eq '';     # to Perl, the last regular expression
    my $regex = CorsMigrate::Expression::regex($from, 0) or return;
    for my $value (@HELD) {
        my $rest = $value;
        while ($rest =~ $regex) {
            my $end = $+[0] or return $value;
            $rest = substr $rest, $end;
        }
    }
    return;
}

# What Header asks before it acts.
sub asks {
    my ($condition, $step) = @_;
    return (sub { 1 }, 0) unless defined $condition;
    if ($condition =~ /^env=(!?)(.+)/s) {
        my ($not, $name) = ($1, $2);
        $step->{uses}{variables}{$name} = 1;
        return (sub {
            my $value = $_[0]{variable}->($_[0], $name);
            return $value if is_unknown($value);
            return (defined $value xor $not) ? 1 : 0;
        }, 1);
    }
    if ($condition =~ s/^expr=//) {
        return (sub { 1 }, 0) if asks_if_empty($condition, $step);
        return (compile_condition($condition, $step->{uses}), 1);
    }
    return (sub { unknown("'$condition' is not known here") }, 1);
}

# -z %{resp:NAME} and its like: as setifempty does.
sub asks_if_empty {
    my ($condition, $step) = @_;
    my $resp = qr/(?:%\{resp:(?<n>[\w-]+)\}|resp\(\s*'(?<n>[\w-]+)'\s*\))/;
    return 0 unless $condition =~ /^\s*(?:-z\s*$resp|!\s*\(?\s*-n\s*$resp
        \s*\)?|!\s*$resp|$resp\s*==\s*'')\s*$/x
        && lc $+{n} eq $step->{name} && $step->{action} eq 'set';
    $step->{action} = 'setifempty';
    return 1;
}

# The value of a header: a text with %{NAME}e, or an expression.
sub header_value {
    my ($text, $uses) = @_;
    return compile_text($1, $uses) if $text =~ /^expr=(.*)/s;
    my @parts;
    while ($text =~ /\G(?:%\{([^}]*)\}(\w?)|%(.?)|([^%]+))/gs) {
        my ($name, $of, $sign, $plain) = ($1, $2, $3, $4);
        if (defined $plain || (defined $sign && $sign eq '%')) {
            $plain = '%' unless defined $plain;
            push @{ $uses->{texts} }, $plain;
            push @parts, sub { $plain };
        }
        elsif (defined $name && $of eq 'e') {
            $uses->{variables}{$name} = 1;
            push @parts, sub {
                my $value = $_[0]{variable}->($_[0], $name);
                return defined $value ? $value : '(null)';
            };
        }
        else {
            $uses->{odd} = 1;
            push @parts, sub { unknown("'$text' can be anything") };
        }
    }
    return @parts ? CorsMigrate::Expression::joined(@parts) : sub { '' };
}

# Variables: NAME, NAME=VALUE or !NAME.
sub assignments {
    return map { /^(!?)([^=]+)(?:=(.*))?$/s ? { not => $1, name => $2,
        text => defined $3 ? $3 : 1 } : () } @_;
}

# What a browser's request always is, whoever it comes from.
my %ATTRIBUTE = (
    request_method => sub { $_[0]{method} },
    map { my $name = $_; ($name => sub { unknown("it depends on $name") }) }
        qw(remote_addr remote_host server_addr request_uri
            request_protocol));

sub attribute {
    my ($of, $uses) = @_;
    my $known = $ATTRIBUTE{lc $of};
    $uses->{method} = 1 if lc $of eq 'request_method';
    return $known if $known;
    my $name = $of =~ s/^\^(.*)\$$/$1/r;
    return sub { unknown("it depends on $of") } if $name =~ /[\^\$\\*+?\[(|.]/;
    $uses->{fields}{lc $name} = 1;
    return sub { CorsMigrate::Expression::field($_[0], $name) }
        if $name =~ /-|^(?:Origin|Host|Referer|Cookie|Authorization|Accept
            |Range|Via|From|TE|Upgrade|Connection|Expect)$/xi;
    $uses->{variables}{$name} = 1;
    return sub { my $value = $_[0]{variable}->($_[0], $name);
        defined $value ? $value : '' };
}

# What makes a regular expression of a text, to mod_setenvif.
my $SIGN = '\^.$|()\[\]*+?{}';

sub setenvif { return of_regex(0, @_) }
sub setenvifnocase { return of_regex(1, @_) }

sub browsermatch {
    my ($line, @words) = @_;
    return of_regex(0, $line, 'User-Agent', @words);
}

sub of_regex {
    my ($ignores_case, $line, $of, $text, @names) = @_;
    return unless @names;
    my %step = (uses => { regexes => [ $text ] }, regex_of => lc $of,
        regex => $text, ignores_case => $ignores_case);
    # The regular expression and its groups can be read here, or nothing is.
    my $regex = CorsMigrate::Expression::regex($text, $ignores_case);
    my $value = attribute($of, $step{uses});
    $step{asks} = $regex ? sub { CorsMigrate::Expression::matches($_[0],
        $value->($_[0]), $regex) } : sub { unknown("'$text' is a regular "
        . "expression that can't be read here") };
    # httpd compares plain texts without groups.
    $step{plain} = !$ignores_case
        && $text =~ /^(?:[^$SIGN\\]|\\[$SIGN\\])*\z/;
    $step{sets} = [ assignments(@names) ];
    CorsMigrate::Rewrite::only_texts($step{uses})
        if !grep { !$_->{not} } @{ $step{sets} };
    note_texts(\%step);
    return \%step;
}

sub setenvifexpr {
    my ($line, $expression, @names) = @_;
    return unless @names;
    my %step = (uses => {}, sets => [ assignments(@names) ]);
    $step{asks} = compile_condition($expression =~ s/^expr=//r, $step{uses});
    # httpd 2.4 answers 500 now and then: it reads groups that are not set.
    my $asks = $step{asks};
    $step{asks} = sub { my $is = $asks->($_[0]); $is ? unknown('groups of '
        . 'SetEnvIfExpr are not safe: ask the same with SetEnvIf') : 0 }
        if grep { !$_->{not} && $_->{text} =~ /\$\d/ } @{ $step{sets} };
    note_texts(\%step);
    return \%step;
}

sub note_texts {
    my ($step) = @_;
    push @{ $step->{uses}{texts} }, map { $step->{plain} ? $_->{text}
        : $_->{text} =~ s/\\(.)/$1/gsr } @{ $step->{sets} };
}

sub setenv {
    my ($line, $name, $value) = @_;
    return unless defined $name;
    $value = '' unless defined $value;
    return { name => $name, value => $value, uses => { texts => [ $value ] } };
}

sub passenv {
    my ($line, @names) = @_;
    return { names => \@names, name => $names[0],
        passes => unknown("it comes from the server's environment") };
}

sub unsetenv {
    my ($line, @names) = @_;
    return { unsets => { map { $_ => 1 } @names } };
}

# A request whose fields are changed is not the browser's any more.
sub requestheader {
    my ($line, @words) = @_;
    shift @words if ($words[0] || '') =~ /^early$/i;
    my ($action, $name) = @words;
    return unless defined $name
        && $name =~ /^(?:Origin|Access-Control-Request-\w+):?$/i;
    return { why => "'$line->{text}' changes what the other lines see" };
}

1;
