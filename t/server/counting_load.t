# The numbers are exact under load, while the server restarts gracefully and
# children are killed.  COUNT_REQUESTS says how many requests are sent: make
# count-long sends a million under each MPM.

use strict;
use warnings;
use lib 't/lib';
use IO::Select;
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(sleep time);
use CorsTest;

my $requests = $ENV{COUNT_REQUESTS} || 20_000;
my $CLIENTS  = 4;
my $BATCH    = 20;      # requests that are sent at once
my $DEADLINE = 60;      # seconds, for the answers to a batch
my $EVERY    = 0.7;     # seconds between two restarts or kills
my $A        = 'https://a.example';

my $s = CorsTest->start(<<'CONF', -modules => ['status']);
LogLevel cors:warn
StartServers 4
MaxRequestWorkers 100
MaxKeepAliveRequests 0
<IfModule mpm_prefork_module>
  MinSpareServers 6
</IfModule>
<IfModule !mpm_prefork_module>
  ThreadsPerChild 10
  MinSpareThreads 4
</IfModule>
<Location /server-status>
  SetHandler server-status
</Location>
<VirtualHost *:@PORT@>
  ServerName test.example
  CustomLog /dev/null cors
  CorsAllowOrigin https://a.example
  CorsAllowMethods GET PUT
  CorsAllowHeaders X-A
</VirtualHost>
CONF
my $parent = $s->{pid};

sub numbers {
    my %found = $s->get('/server-status?auto')->{body}
        =~ /^Cors(\w+): (\d+)$/mg;
    return { map { $found{$_} ? ($_ => $found{$_}) : () } keys %found };
}

# No answer has a body.
sub preflight {
    my ($origin, $method, $names) = @_;
    return "OPTIONS / HTTP/1.1\r\nHost: test.example\r\nOrigin: $origin\r\n"
        . "Access-Control-Request-Method: $method\r\n"
        . "Access-Control-Request-Headers: $names\r\n\r\n";
}
my @kinds = (
    [ PreflightAllowed => preflight($A, 'PUT', 'x-a') ],
    [ PreflightOriginNotAllowed => preflight('https://b.example', 'PUT', 'x-a') ],
    [ PreflightMethodNotAllowed => preflight($A, 'DELETE', 'x-a') ],
    [ PreflightHeaderNotAllowed => preflight($A, 'PUT', 'x-b') ],
    [ ActualAllowed => "HEAD / HTTP/1.1\r\nHost: test.example\r\n"
        . "Origin: $A\r\n\r\n" ],
);

sub dial {
    my $end = time + $DEADLINE;
    while (time < $end) {
        my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
            PeerPort => $s->{port});
        return $socket if $socket;
        sleep 0.05;
    }
    die "cannot connect\n";
}

# Sends so many requests.  What was not answered when the server closes the
# connection is sent anew: a server that restarts has not read it.  A child
# that is killed may have counted it, and its answer is lost.
sub client {
    my ($seed, $count, $report) = @_;
    srand $seed;
    my (%answered, %cut, @waiting);
    my $socket = dial();
    local $SIG{PIPE} = 'IGNORE';
    while ($count > 0 || @waiting) {
        while (@waiting < $BATCH && $count > 0) {
            push @waiting, int rand @kinds;
            $count--;
        }
        syswrite $socket, join '', map { $kinds[$_][1] } @waiting;
        my $answers = '';
        while (@waiting) {
            local $SIG{ALRM} = sub { die "no answer\n" };
            alarm $DEADLINE;
            my $read = sysread $socket, $answers, 65536, length $answers;
            alarm 0;
            while ($answers =~ s/\A.*?\r\n\r\n//s) {
                $answered{ $kinds[shift @waiting][0] }++;
            }
            last if !$read;
        }
        next if !@waiting;
        $cut{ $kinds[$_][0] }++ for @waiting;
        $socket = dial();
    }
    print $report "@{[%answered]}|@{[%cut]}\n";
}

sub add {
    my ($sum, $of) = @_;
    $sum->{$_} += $of->{$_} for keys %$of;
}

# Has the clients send requests while `disturb` is called.  Returns the answers
# of each kind, and how many requests were cut off.
sub load {
    my ($count, $disturb) = @_;
    my @reports;
    for my $i (1 .. $CLIENTS) {
        my $pid = open my $report, '-|';
        die "fork: $!\n" unless defined $pid;
        if (!$pid) {
            $| = 1;
            eval { client($i, $count / $CLIENTS, \*STDOUT); 1 }
                or print STDERR $@;
            POSIX::_exit(0);
        }
        push @reports, $report;
    }
    my $open = IO::Select->new(@reports);
    my ($next, %sum, %cut) = (time + $EVERY / 4);
    while ($open->count) {
        for my $report ($open->can_read($next > time ? $next - time : 0)) {
            my $line = <$report>;
            $open->remove($report);
            my ($answered, $lost) = split /\|/, $line // die "a client has failed\n";
            add(\%sum, { split ' ', $answered });
            add(\%cut, { split ' ', $lost });
        }
        next if time < $next || !$open->count;
        $disturb->();
        $next = time + $EVERY;
    }
    close $_ for @reports;
    return (\%sum, \%cut);
}

# A child that answers requests: mod_cgid's daemon has no thread but one, as
# prefork's children have.
sub children {
    my $prefork = ($ENV{MPM} || 'event') eq 'prefork';
    return grep { my @tasks = glob "/proc/$_/task/*"; $prefork || @tasks > 1 }
        split ' ', CorsTest::slurp("/proc/$parent/task/$parent/children");
}

my $killed = 0;
sub kill_one {
    my @children = children() or return;
    $killed++ if kill KILL => $children[rand @children];
}

my $restarts = 0;
sub restart {
    $s->reconfigure(sub {});
    $restarts++;
}

my %total;
my ($answered, $cut) = load($requests / 2, \&restart);
add(\%total, $answered);
restart() while $restarts < 2;
is_deeply numbers(), \%total, 'restarts: all that was answered was counted, '
    . 'and nothing else';
cmp_ok $restarts, '>=', 2, "$restarts restarts";

# Between two requests.
for (1 .. 3) {
    kill_one();
    restart() if $_ == 2;
    ($answered) = load($requests / 20, sub {});
    add(\%total, $answered);
}
is_deeply numbers(), \%total, 'killed between requests: the same';

# In the midst of requests: of those that were cut off, the ones that the child
# had judged are counted, and no other.
($answered, $cut) = load($requests / 2, \&kill_one);
add(\%total, $answered);
my $numbers = numbers();
my ($sent, $counted, $lost) = (0, 0, 0);
for my $kind (map { $_->[0] } @kinds) {
    my ($is, $least, $cut_off) = map { $_ || 0 } $numbers->{$kind}, $total{$kind}, $cut->{$kind};
    cmp_ok $is, '>=', $least, "killed: $kind: each answer was counted";
    cmp_ok $is, '<=', $least + $cut_off, 'and nothing but what was cut off besides';
    $sent += $least;
    $counted += $is;
    $lost += $cut_off;
}
is_deeply [ grep { !exists $total{$_} } keys %$numbers ], [], 'and nothing of another kind';
cmp_ok $sent, '>=', $requests, "$sent requests were answered";
cmp_ok $killed, '>=', 3, "$killed children were killed";
diag "$sent answers; $lost requests were cut off, ${\($counted - $sent)} of them counted;"
    . " $restarts graceful restarts, $killed children killed";
ok kill(0, $parent), 'the parent has stayed';

$s->announce(qr/exit signal Killed/)
    if grep { /exit signal/ } $s->log_lines;
$s->finish;
