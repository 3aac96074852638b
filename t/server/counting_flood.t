# A flood of made-up origins neither hides those that were refused often nor
# takes memory.  COUNT_FLOOD says how many origins are made up: make count-long
# sends 100,000 under each MPM.

use strict;
use warnings;
use lib 't/lib';
use IO::Socket::INET;
use Test::More;
use CorsTest;

my $flood = $ENV{COUNT_FLOOD} || 10_000;
my $REAL  = 10;         # origins that come again and again
my $EACH  = $flood / 500;   # times: less often than any place is asked for
my $BATCH = 20;         # requests that are sent at once
my $GROWTH = 2_000;     # KiB that all processes may take more: each of their
                        # threads takes 43 when it first answers

my $s = CorsTest->start(<<'CONF', -modules => ['status']);
LogLevel cors:warn
MaxKeepAliveRequests 0
<Location /server-status>
  SetHandler server-status
</Location>
<VirtualHost *:@PORT@>
  ServerName test.example
  CustomLog /dev/null cors
  CorsAllowOrigin https://a.example
</VirtualHost>
CONF

my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
    PeerPort => $s->{port}) or die "cannot connect: $!\n";

# Sends a request from each origin.
sub send_from {
    my @origins = @_;
    local $SIG{ALRM} = sub { die "no answer\n" };
    while (my @batch = splice @origins, 0, $BATCH) {
        alarm 60;
        syswrite $socket, join '', map { "HEAD / HTTP/1.1\r\n"
            . "Host: test.example\r\nOrigin: $_\r\n\r\n" } @batch;
        my ($answers, $count) = ('', 0);
        while ($count < @batch) {
            sysread $socket, $answers, 65536, length $answers
                or die "the connection has ended\n";
            $count++ while $answers =~ s/\A.*?\r\n\r\n//s;
        }
        alarm 0;
    }
}

# The memory of all processes, in KiB.  What they share counts once; files do
# not count, because other servers that come and go share these too.
sub memory {
    my $sum = 0;
    for my $pid ($s->{pid}, split ' ',
        CorsTest::slurp("/proc/$s->{pid}/task/$s->{pid}/children")) {
        my $rollup = CorsTest::slurp("/proc/$pid/smaps_rollup");
        $sum += $1 while $rollup =~ /^Pss_(?:Anon|Shmem): +(\d+)/mg;
    }
    return $sum;
}

my $made = 0;
sub made_up { map { 'https://made-up-' . $made++ . '.example' } 1 .. shift }

# The real ones come among the first tenth: the longest time to be displaced.
my @real = map { "https://real-$_.example" } 1 .. $REAL;
for (1 .. $EACH) {
    send_from(@real, made_up($flood / 10 / $EACH));
}
# Each thread takes its memory when it answers for the first time.
send_from(made_up($flood / 2 - $made));
my $before = memory();
send_from(made_up($flood - $made));
my $after = memory();
is $made, $flood, "$made origins were made up";

my ($rows) = $s->get('/server-status')->{body}
    =~ m{<caption>Origins refused most</caption>(.*?)</table>}s;
my @shown = $rows =~ m{<tr><td>([^<]*)</td><td>(\d+)</td>}g;
my %count = @shown;
cmp_ok scalar keys %count, '<=', 64, 'no more are listed than 64';
is_deeply [ sort map { $shown[ 2 * $_ ] } 0 .. $REAL - 1 ], [ sort @real ],
    "the $REAL real ones stand first";
for (@real) {
    cmp_ok $count{$_} || 0, '<=', $EACH, "$_: not more often than it came";
    cmp_ok $count{$_} || 0, '>=', $EACH / 2, '... nor much less often';
}
SKIP: {
    skip 'no /proc/PID/smaps_rollup', 1 if !$before;
    skip 'a sanitizer or memcheck keeps what is free', 1
        if $ENV{ASAN_OPTIONS} || $ENV{CORS_MEMCHECK};
    cmp_ok $after - $before, '<=', $GROWTH,
        "the memory has not grown: $before KiB, $after KiB";
}
my ($counted) = $s->get('/server-status?auto')->{body}
    =~ /^CorsActualOriginNotAllowed: (\d+)$/m;
is $counted, $flood + $REAL * $EACH, 'and each request was counted';
$s->finish;
