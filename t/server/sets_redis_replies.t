# redis: sets against servers that answer anything but what Redis answers.  Only
# the integers 1 and 0 are answers; all else is an error, and never "not listed".
# The log repeats nothing that a client sent and no password.

use strict;
use warnings;
use lib 't/lib';
use File::Temp qw(tempdir);
use IO::Socket::INET;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);
use CorsChecker;
use CorsService;
use CorsSets;
use CorsTest;

CorsService::needs(CorsSets::hiredis());

my $TIMEOUT = 0.3;
my ($yes, $no, $fail) = qw(allowed origin-not-allowed source-unavailable);
my $none = qr/what it answers is no reply to EXISTS/;
my $late = qr/it did not answer within timeout=/;

# What the server sends for a command: texts, and times to wait before the next.
my @rows = (
    [ one         => $yes, undef, ":1\r\n" ],
    [ zero        => $no, undef, ":0\r\n" ],
    [ pieces      => $yes, undef, ':', 0.05, '1', 0.05, "\r", 0.05, "\n" ],
    [ two         => $fail, $none, ":2\r\n" ],
    [ minus       => $fail, $none, ":-1\r\n" ],
    [ status      => $fail, $none, "+OK\r\n" ],
    [ text        => $fail, $none, "+1\r\n" ],
    [ bulk        => $fail, $none, "\$1\r\n1\r\n" ],
    [ array       => $fail, $none, "*1\r\n:1\r\n" ],
    [ huge        => $fail, $none, "*2147483647\r\n" ],
    [ null        => $fail, $none, "\$-1\r\n" ],
    [ true        => $fail, $none, "#t\r\n" ],
    [ web         => $fail, $none, "HTTP/1.1 200 OK\r\n\r\n" ],
    [ binary      => $fail, $none, "\0\1\2\3" ],
    [ no_number   => $fail, qr/./, ":1x\r\n" ],
    [ no_digits   => $fail, qr/./, ":\r\n" ],
    [ too_much    => $fail, qr/it sends more than a reply/, ":1\r\n:1\r\n" ],
    [ silent      => $fail, $late ],
    [ half        => $fail, $late, ':1' ],
    [ trickle     => $fail, $late, ':', map { (0.1, '0') } 1 .. 30 ],
    [ closed      => $fail, qr/Server closed the connection/, 'close' ],
    [ cut         => $fail, qr/Server closed the connection/, ':1', 'close' ],
    [ echo        => $fail, qr/it answers ERR; /, "-ERR unknown command "
        . "`EXISTS`, with args beginning with: `cors:https://a.example`\r\n" ],
    [ echo_origin => $fail, qr/it answers an error; /,
        "-https://a.example\r\n" ],
    [ denied      => $fail, qr/it answers NOPERM: the user may not run EXISTS/,
        "-NOPERM this user has no permissions\r\n" ],
    [ cluster     => $fail, qr/it answers MOVED: it is one node of a cluster/,
        "-MOVED 3999 127.0.0.1:6381\r\n" ],
    # The first command is AUTH.
    [ password    => $yes, undef, "+OK\r\n", 'next', ":1\r\n" ],
    [ auth_echo   => $fail, qr/it answers ERR; /, "-ERR unknown command "
        . "`AUTH`, with args beginning with: `not-told`\r\n" ],
    [ auth_other  => $fail, qr/what it answers is no reply to AUTH/,
        ":1\r\n" ],
    [ auth_silent => $fail, $late ],
);

# A server for each row, in one process.
my (%port, %server);
for (@rows, [ 'later' ]) {
    my $socket = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 20)
        or die "listen: $!\n";
    $port{ $_->[0] } = $socket->sockport;
    $server{ $_->[0] } = $socket;
}
my @pids;
my $owner = $$;
END { kill KILL => @pids if $$ == $owner }

sub serve {
    my ($socket, $answer) = @_;
    my $pid = fork;
    die "fork: $!\n" unless defined $pid;
    if ($pid) { push @pids, $pid; return }
    local $SIG{PIPE} = 'IGNORE';
    my $count = 0;
    while (my $client = $socket->accept) {
        $client->autoflush;
        my $buffer;
        while (sysread $client, $buffer, 4096) { last if $answer->($client, ++$count) }
    }
    POSIX::_exit(0);
}

# Sends a row's answer; returns whether to close the connection.
sub play {
    my ($client, $count, @script) = @_;
    my @commands = ([]);
    for (@script) {
        if ($_ eq 'next') { push @commands, [] }
        else { push @{ $commands[-1] }, $_ }
    }
    for (@{ $commands[ ($count - 1) % @commands ] }) {
        return 1 if $_ eq 'close';
        if (/^0\.\d+$/) { sleep $_ }
        else { print $client $_ }
    }
    return 0;
}
for my $row (@rows) {
    my ($name, undef, undef, @script) = @$row;
    serve($server{$name}, sub { play(@_, @script) });
}
# The first answer comes too late, all others say no.
serve($server{later}, sub {
    my ($client, $count) = @_;
    sleep 1.5 if $count == 1;
    print $client $count == 1 ? ":1\r\n" : ":0\r\n";
    return 0;
});
close $_ for values %server;

my $folder = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
CorsTest::write_file("$folder/password", "not-told\n");
chmod 0600, "$folder/password";
my $conf = '';
for my $name (sort keys %port) {
    my $set = $name =~ tr/_/-/r;
    my $password = $name =~ /^(?:password|auth)/
        ? " password=$folder/password" : '';
    $conf .= "CorsOriginSet $set redis:127.0.0.1:$port{$name}/cors: timeout=300ms$password\n"
        . within("<Location /$name>", "CorsAllowOrigin \@$set\n");
}
my $s = CorsSets->start($conf . CorsSets::ONE_PROCESS);

for my $row (@rows) {
    my ($name, $verdict, $cause) = @$row;
    my $begin = time;
    is $s->verdict($name, 'https://a.example'), $verdict, $name;
    cmp_ok time - $begin, '<', $TIMEOUT + $CorsSets::SLACK, "$name: in time";
    my $set = $name =~ tr/_/-/r;
    $s->announce(qr/\[cors:error\] .*CorsOriginSet $set \(.*\): redis:\S+: $cause/)
        if $cause;
}
# It comes when the next question has been asked.
is $s->verdict('later', 'https://a.example'), $fail, 'a late answer is none';
sleep 1.05;
isnt $s->verdict('later', 'https://b.example'), $yes,
    'and not taken for the next one';
sleep 1.1;
is $s->verdict('later', 'https://c.example'), $no, 'nor for the one after that';
$s->announce(qr/\[cors:error\] .*CorsOriginSet later /,
    qr/\[cors:notice\] .*CorsOriginSet later .*: it works again$/);

unlike join("\n", $s->log_lines), qr/not-told/, 'no password is in the log';
unlike join("\n", $s->log_lines), qr/https:\/\/[abc]\.example/,
    'nor what a client sent';
$s->finish;
