package BenchTime;

=head1 NAME

BenchTime - requests a second and latency, of what a user could choose from

=head1 DESCRIPTION

All servers run at once and are loaded one after the other, round after
round, so that whatever else the machine does meets all of them.  A ratio is
taken within each round; its median is reported, and between what half of
them were.
Times are never a failure.

=cut

use strict;
use warnings;
use BenchSetups qw(timed_conf timed_headers);
use BenchServer;
use Exporter 'import';
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(measure_times);

# Many short rounds, so that what else the machine does meets all alike.
our $ROUNDS   = 31;
our $REQUESTS = 4_000;
my $CLIENTS   = 8;
my $DEADLINE  = 20;

my $bench = BenchServer::bench_dir();

my $EVENT = <<'CONF';
StartServers 1
ServerLimit 1
ThreadsPerChild 25
MaxRequestWorkers 25
CONF

# Each returns a server and its port, or why there is none.
my %START = (
    (map { my $setup = $_; $setup => sub { start_httpd($setup) } }
        qw(plain recipe popular cors)),
    express => \&start_express,
    nginx   => \&start_nginx,
);
my @ORDER = qw(plain cors recipe popular express nginx);

sub start_httpd {
    my ($setup, %more) = @_;
    my %want = timed_conf($setup);
    $want{conf} = $EVENT . ($more{conf} || $want{conf});
    push @{ $want{modules} }, @{ $more{modules} || [] };
    return BenchServer->new(mpm => 'event', %want)
        ->start([ '-D', 'FOREGROUND' ]);
}

sub has {
    my ($command) = @_;
    return system("command -v $command >/dev/null 2>&1") == 0;
}

# httpd in front, as it would be, which forwards all to the back end.
sub start_express {
    my $dir = "$bench/express";
    return 'express: no node or npm' unless has('node') && has('npm');
    if (!-d "$dir/node_modules/cors"
        && system("cd '$dir' && npm ci --silent >/dev/null 2>&1") != 0) {
        return 'express: npm ci failed';
    }
    my $port = CorsTest::free_port();
    my $node = BenchServer::spawn('/dev/null', 'node', "$dir/server.js",
        $port);
    wait_for_port($port) or return 'express: does not start';
    my $httpd = start_httpd('plain', modules => [ qw(proxy proxy_http) ],
        conf => "ProxyPass / http://127.0.0.1:$port/\n");
    push @{ $httpd->{helpers} }, $node;
    return $httpd;
}

# Debian's package would start a service: it is unpacked and not installed.
sub find_nginx {
    my ($found) = grep { -x } '/usr/sbin/nginx', '/usr/local/sbin/nginx',
        "$bench/../../build/nginx/usr/sbin/nginx";
    return $found if $found;
    system("mkdir -p '$bench/../../build/nginx' && cd '$bench/../../build/nginx'"
        . ' && apt-get download nginx >/dev/null 2>&1'
        . ' && dpkg-deb -x nginx_*.deb . >/dev/null 2>&1');
    return (grep { -x } "$bench/../../build/nginx/usr/sbin/nginx")[0];
}

sub start_nginx {
    my $nginx = find_nginx() or return 'nginx: not installed';
    my $s = BenchServer->new(mpm => 'event', conf => '');
    my $conf = CorsTest::slurp("$bench/nginx.conf");
    $conf =~ s/\@ROOT\@/$s->{root}/g;
    $conf =~ s/\@PORT\@/$s->{port}/g;
    CorsTest::write_file("$s->{root}/nginx.conf", $conf);
    $s->{pid} = BenchServer::spawn("$s->{root}/start.log", $nginx, '-p',
        $s->{root}, '-e', "$s->{root}/error.log", '-c',
        "$s->{root}/nginx.conf");
    return wait_for_port($s->{port}) ? $s : 'nginx: does not start';
}

sub wait_for_port {
    my ($port) = @_;
    my $end = time + $DEADLINE;
    while (time < $end) {
        return 1 if IO::Socket::INET->new(PeerAddr => '127.0.0.1',
            PeerPort => $port);
        sleep 0.05;
    }
    return 0;
}

# Loads a server for a while.  Returns requests a second and the latencies
# below which half, and 99 of 100 requests were, in microseconds.
sub load {
    my ($server, $kind) = @_;
    my $log = "$server->{root}/h2load.log";
    unlink $log;
    my @headers = map { ('-H', $_) } timed_headers($kind);
    my $url = "http://127.0.0.1:$server->{port}/file.txt";
    my $pid = open my $h2load, '-|';
    die "fork: $!\n" unless defined $pid;
    if (!$pid) {
        open STDERR, '>&', \*STDOUT;
        exec 'h2load', '--h1', '-t1', "-c$CLIENTS", "-n$REQUESTS",
            "--log-file=$log", @headers, $url or exit 1;
    }
    my $said = join '', <$h2load>;
    close $h2load or die "h2load failed:\n$said";
    return summary($log, $said);
}

sub summary {
    my ($log, $said) = @_;
    my (@times, $first, $last);
    my $bad = 0;
    open my $fh, '<', $log or die "$log: $!\n$said";
    while (<$fh>) {
        my ($begin, $status, $time) = split;
        push @times, $time;
        $first = $begin if !defined $first || $begin < $first;
        $last = $begin + $time if !defined $last || $begin + $time > $last;
        $bad++ unless $status =~ /^20[04]$/;
    }
    die "h2load: no answers, or $bad that were not 200 or 204\n$said"
        if $bad || @times != $REQUESTS;
    @times = sort { $a <=> $b } @times;
    return { rate => 1e6 * @times / ($last - $first), p50 => $times[@times * 0.5],
        p99 => $times[@times * 0.99] };
}

sub median {
    my @sorted = sort { $a <=> $b } @_;
    return $sorted[$#sorted / 2];
}

# Returns the rows of a table, and what was left out.
sub measure_times {
    my (%server, @left_out, @rows);
    return ([], [ 'anything: no h2load' ]) unless has('h2load');
    for my $name (@ORDER) {
        my $s = $START{$name}->();
        if (ref $s) { $server{$name} = $s }
        else { push @left_out, $s }
    }
    for my $kind (qw(allowed preflight)) {
        my @names = grep { $server{$_} && !($kind eq 'preflight'
            && $_ eq 'plain') } @ORDER;
        my %result;
        for my $round (0 .. $ROUNDS) {
            for my $name (@names) {
                my $one = load($server{$name}, $kind);
                # The first round warms everything up.
                push @{ $result{$name} }, $one if $round;
            }
        }
        push @rows, map { row($kind, $_, \%result) } @names;
    }
    $_->stop for values %server;
    return (\@rows, \@left_out);
}

# A ratio to mod_cors of the same round.
sub row {
    my ($kind, $name, $result) = @_;
    my @own = @{ $result->{$name} };
    my @ratio = sort { $a <=> $b } map {
        $own[$_]{rate} / $result->{cors}[$_]{rate} } keys @own;
    my $quarter = int(@ratio / 4);
    return { kind => $kind, name => $name,
        (map { my $what = $_; $what => median(map { $_->{$what} } @own) }
            qw(rate p50 p99)),
        ratio => median(@ratio), least => $ratio[$quarter],
        most => $ratio[-1 - $quarter] };
}

1;
