package CorsChecker;

=head1 NAME

CorsChecker - clients that know which origins are listed

=head1 SYNOPSIS

    my $checker = CorsChecker->start($s, requests => 20000,
        always => [ 'https://a.example' ], never => [ 'https://b.example' ]);
    # ... whatever is to go wrong ...
    my $report = $checker->finish;
    is_deeply $report->{wrong}, [], 'no wrong answer';

Each client asks for origins that are always listed, that are never listed and
that it makes up, as fast as it can, and looks at every response: an origin that
is always listed is allowed, or the verdict is source-unavailable; any other
origin is never allowed.  The server has to send its verdict as the header
X-Verdict: CorsChecker::CONF does that.

An exchange may be cut off when a child ends: it is counted, and asked again.

=cut

use strict;
use warnings;
use CorsTest;
use IO::Select;
use IO::Socket::INET;
use JSON::PP;
use Time::HiRes qw(sleep time);

use constant CONF => <<'CONF';
Header always set X-Verdict "expr=%{env:CORS_VERDICT}"
Header always unset Keep-Alive
KeepAlive On
MaxKeepAliveRequests 0
CONF

my $AT_ONCE  = 8;       # requests that are sent together
my $SHOWN    = 5;       # wrong answers of each client
my $DEADLINE = $ENV{CORS_TEST_DEADLINE} || 20;

# clients: how many of them (2).  requests: how many each sends at least; until:
# instead, the time at which they end.  least: the time before which they don't.
# path: what they ask for (/).
sub start {
    my ($class, $server, %options) = @_;
    my $self = bless { path => '/', clients => 2, requests => 1e9,
        until => 1e12, least => 0, made_up => 1, %options, port => $server->{port},
        pipes => [], server => $server }, $class;
    for my $number (1 .. $self->{clients}) {
        my $pid = open my $pipe, '-|';
        die "fork: $!\n" unless defined $pid;
        if (!$pid) {
            my $report = eval { $self->ask_all($number) }
                || { wrong => [ "the client dies: $@" ] };
            print encode_json($report);
            close STDOUT;
            POSIX::_exit(0);
        }
        push @{ $self->{pipes} }, $pipe;
    }
    return $self;
}

sub is_running {
    my ($self) = @_;
    my @ready = IO::Select->new(@{ $self->{pipes} })->can_read(0);
    return @ready < @{ $self->{pipes} };
}

# Waits for all clients; returns the sums of what they found.
sub finish {
    my ($self) = @_;
    my %sum = (wrong => [], slowest => 0);
    for my $pipe (@{ $self->{pipes} }) {
        my $report = decode_json(do { local $/; <$pipe> });
        close $pipe;
        push @{ $sum{wrong} }, @{ delete $report->{wrong} };
        my $slowest = delete $report->{slowest} || 0;
        $sum{slowest} = $slowest if $slowest > $sum{slowest};
        $sum{$_} += $report->{$_} for keys %$report;
    }
    return \%sum;
}

sub ask_all {
    my ($self, $number) = @_;
    srand $number;
    my %report = (wrong => [], slowest => 0,
        map { $_ => 0 } qw(requests allowed refused unavailable cut));
    local $SIG{PIPE} = 'IGNORE';
    local $SIG{ALRM} = sub { die "no answer within $DEADLINE s\n" };
    my $socket;
    while (time < $self->{least} || ($report{requests} < $self->{requests}
        && time < $self->{until})) {
        my @origins = map { $self->pick } 1 .. $AT_ONCE;
        my $begin = time;
        alarm $DEADLINE;
        $socket ||= IO::Socket::INET->new(PeerAddr => '127.0.0.1',
            PeerPort => $self->{port});
        sleep 0.02 if !$socket;
        my $answered = $socket ? $self->exchange($socket, \%report, @origins)
                               : 0;
        alarm 0;
        my $took = time - $begin;
        $report{slowest} = $took if $took > $report{slowest};
        next if $answered == @origins;
        $report{cut}++;
        close $socket if $socket;
        undef $socket;
    }
    return \%report;
}

# An origin, and whether it is listed.
sub pick {
    my ($self) = @_;
    my $which = rand;
    return [ $self->{always}[ rand @{ $self->{always} } ], 1 ] if $which < 0.6;
    return [ $self->{never}[ rand @{ $self->{never} } ], 0 ]
        if $which < 0.9 || !$self->{made_up};
    return [ sprintf('https://made-up-%08x.example', rand 2**32), 0 ];
}

# Returns how many of the requests were answered.
sub exchange {
    my ($self, $socket, $report, @origins) = @_;
    print $socket map { "GET $self->{path} HTTP/1.1\r\nHost: test.example\r\n"
        . "Origin: $_->[0]\r\n\r\n" } @origins or return 0;
    for my $done (0 .. $#origins) {
        my $head = read_response($socket) or return $done;
        $report->{requests}++;
        my $wrong = judge($report, $head, @{ $origins[$done] });
        push @{ $report->{wrong} }, "$origins[$done][0]: $wrong\n$head"
            if $wrong && @{ $report->{wrong} } < $SHOWN;
    }
    return scalar @origins;
}

# Returns the head of a response, or nothing where the connection ends.
sub read_response {
    my ($socket) = @_;
    my $head = '';
    while (defined(my $line = <$socket>)) {
        last if $line eq "\r\n";
        $head .= $line;
    }
    my ($length) = $head =~ /^Content-Length: (\d+)/mi or return;
    my $got = $length ? read($socket, my $body, $length) : 0;
    return defined $got && $got == $length ? $head : undef;
}

# Returns what is wrong with the response, if anything.
sub judge {
    my ($report, $head, $origin, $listed) = @_;
    my ($allowed) = $head =~ /^Access-Control-Allow-Origin: (.*)\r$/mi;
    my ($verdict) = $head =~ /^X-Verdict: (.*)\r$/mi;
    return 'no verdict' if !$verdict;
    return 'no Vary' if $head !~ /^Vary:.*\bOrigin\b/mi;
    if ($verdict eq 'source-unavailable') {
        $report->{unavailable}++;
        return $allowed ? 'allowed, and the source unavailable' : '';
    }
    $report->{ $allowed ? 'allowed' : 'refused' }++;
    return $listed ? '' : 'allowed, and never listed' if $allowed;
    return $listed ? "always listed, and $verdict" : '';
}

1;
