# Old and new processes that answer at the same time, after a graceful restart:
# each by its own configuration, and all by the list as it is now.

use strict;
use warnings;
use lib 't/lib';
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(sleep time);
use CorsSets;
use CorsTest;

my ($always, $never) = ('https://always.example', 'https://never.example');
my @list = map { "https://list$_.example" } 0 .. 3;

sub text { join '', map { "$_\n" } $always, $_[0] }

# The place "old" names the set before the restart alone, "new" after it alone.
my $s = CorsSets->start(<<"CONF", 'a.origins' => text($list[0]));
LogFormat "%{X-Id}i %P" pids
CustomLog "\@ROOT\@/pids.log" pids
LogLevel cors:info
CorsOriginSet set file:htdocs/a.origins refresh=1s
<IfModule mpm_prefork_module>
  StartServers 14
  MaxSpareServers 20
</IfModule>
<Location /both>
  CorsAllowOrigin \@set
</Location>
<Location /old>
  CorsAllowOrigin \@set
</Location>
<Location /new>
  CorsAllowOrigin none
</Location>
CONF
my $file = "$s->{root}/htdocs/a.origins";

# Begins a request, whose process then waits for its end.
my $count = 0;
sub begin {
    my ($place) = @_;
    my $socket = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $s->{port}) or die "connect: $!\n";
    print $socket "GET /$place/ HTTP/1.1\r\nHost: test.example\r\nX-Id: "
        . ++$count . "\r\nConnection: close\r\n";
    return { socket => $socket, id => $count };
}

# Ends it: the verdict, and the process.
sub end {
    my ($begun, $origin) = @_;
    my $socket = $begun->{socket};
    local $SIG{ALRM} = sub { die "no answer\n" };
    alarm 20;
    print $socket "Origin: $origin\r\n\r\n";
    my $res = CorsClient::parse(do { local $/; <$socket> });
    alarm 0;
    my ($verdict) = CorsTest::all($res, 'X-Verdict');
    is_deeply cors($res), { Vary => 'Origin', $verdict eq 'allowed'
        ? ('Access-Control-Allow-Origin' => $origin) : () }, 'its headers';
    my $pid;
    $s->wait_for('a line of the log', sub {
        ($pid) = CorsTest::slurp("$s->{root}/pids.log")
            =~ /^$begun->{id} (\d+)$/m });
    return ($verdict, $pid);
}

# As many as are ended below; under prefork each takes a process of its own.
my %old;
my @begun = map { begin($_) } qw(both both both old new both both both old new);
sleep 0.5;
my %before = map { $_ => 1 } $s->children;
my $resumed = sub { scalar grep { /resuming normal/ } $s->log_lines };
my $times = $resumed->();
my $path = "$s->{root}/conf/httpd.conf";
my $conf = CorsTest::slurp($path);
$conf =~ s{(<Location /old>\n  CorsAllowOrigin) \S+}{$1 none};
$conf =~ s{(<Location /new>\n  CorsAllowOrigin) \S+}{$1 \@set};
CorsTest::write_file($path, $conf);
kill USR1 => $s->{pid};
$s->wait_for('httpd to restart', sub { $resumed->() > $times });

# Returns by whom a request that comes now is answered, and how.
sub ask_new {
    my ($place, $origin) = @_;
    return end(begin($place), $origin);
}

sub both {
    my ($list, $places) = @_;
    for my $row ([ $always, 'allowed' ], [ $list[$list], 'allowed' ],
        [ $list[$list - 1], 'origin-not-allowed' ]) {
        my ($origin, $want) = @$row;
        my ($verdict, $pid) = end(shift @begun, $origin);
        is $verdict, $want, "list $list, an old process: $origin";
        ok $before{$pid}, 'it is an old one';
        $old{$pid} = 1;
        ($verdict, $pid) = ask_new('both', $origin);
        is $verdict, $want, "list $list, a new process: $origin";
        ok !$before{$pid}, 'it is a new one';
    }
}

sub change_to {
    my ($list) = @_;
    CorsSets::replace_file($file, text($list[$list]));
    $s->wait_for("list $list", sub {
        ($s->ask('both', $list[$list]))[0] eq 'allowed' });
}

for my $list (1, 2) {
    change_to($list);
    both($list);
    for my $row ([ old => 'allowed', 'origin-not-allowed' ],
        [ new => 'origin-not-allowed', 'allowed' ]) {
        my ($place, $by_old, $by_new) = @$row;
        is +(end(shift @begun, $always))[0], $by_old,
            "$place: an old process goes by its own configuration";
        is +(ask_new($place, $always))[0], $by_new, "$place: so does a new one";
        is +(ask_new($place, $never))[0], 'origin-not-allowed',
            "$place: what is never listed";
    }
}
$s->wait_for('the old processes to end', sub {
    !grep { $before{$_} && -e "/proc/$_" } keys %old });
change_to(3);
is +(ask_new('both', $list[2]))[0], 'origin-not-allowed',
    'the new processes go on alone';

# Each list was read once, and the first again by the restart: old and new
# processes share the memory, and the new ones read.
is_deeply [ map { /: generation (\d+) of/ ? $1 : () } $s->log_lines ],
    [ 1 .. 5 ], 'one process read each list';
$s->announce(qr/: generation \d+ of/);
$s->finish;
