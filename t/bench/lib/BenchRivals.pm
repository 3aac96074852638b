package BenchRivals;

=head1 NAME

BenchRivals - servers with the same policy, of what a user could choose from

=cut

use strict;
use warnings;
use BenchServer;
use BenchSetups qw(timed_conf);
use Exporter 'import';
use Time::HiRes qw(sleep time);

our @EXPORT_OK = qw(start_rivals find_nginx has);

my $DEADLINE = 20;

my $bench = BenchServer::bench_dir();

my $EVENT = <<'CONF';
StartServers 1
ServerLimit 1
ThreadsPerChild 25
MaxRequestWorkers 25
CONF

# Each returns a server, or why there is none.
my %START = (
    (map { my $setup = $_; $setup => sub { start_httpd($setup) } }
        qw(plain recipe popular cors)),
    express => \&start_express,
    nginx   => \&start_nginx,
);

# Starts them all.  Returns the servers by name, and what was left out.
sub start_rivals {
    my (%server, @left_out);
    for my $name (sort keys %START) {
        my $s = $START{$name}->();
        if (ref $s) { $server{$name} = $s }
        else { push @left_out, $s }
    }
    return (\%server, \@left_out);
}

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

1;
