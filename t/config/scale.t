# Time and memory of the check grow with the number of sections plus the number
# of virtual hosts, not with their product.  Each configuration is measured
# against itself with the directives commented out, so that the bounds hold on
# slow machines too.

use strict;
use warnings;
use lib 't/lib';
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep);
use CorsTest;

# They take memory and time of their own.
plan skip_all => 'not under sanitizers or memcheck'
    if $ENV{ASAN_OPTIONS} || $ENV{CORS_MEMCHECK};

my $RATIO = 4;      # of processor time
my $SECONDS = 1;    # beyond the ratio

# The largest resident size of the process so far, in MB.
sub peak_of {
    my ($pid) = @_;
    my ($kb) = CorsTest::slurp("/proc/$pid/status") =~ /^VmHWM:\s*(\d+)/m;
    return ($kb || 0) / 1024;
}

# Runs configtest: whether it passed, seconds of processor time, MB.
sub measure {
    my ($conf) = @_;
    configtest('');     # makes the folder
    my $root = CorsTest::checked_root();
    CorsTest::write_file("$root/test.conf", $conf);
    my $before = (times)[2] + (times)[3];
    my $pid = fork;
    die "fork: $!\n" unless defined $pid;
    if (!$pid) {
        open STDOUT, '>', '/dev/null';
        open STDERR, '>', '/dev/null';
        exec CorsTest::httpd(), '-t', '-f', "$root/conf/httpd.conf"
            or POSIX::_exit(1);
    }
    my $peak = 0;
    while (!waitpid $pid, POSIX::WNOHANG()) {
        # Until exec it is this script's own, so that the last counts.
        $peak = peak_of($pid) || $peak;
        sleep 0.002;
    }
    return ($? == 0, (times)[2] + (times)[3] - $before, $peak);
}

sub bounded {
    my ($name, $megabytes, @lines) = @_;
    my $conf = join '', @lines;
    my (undef, $plain, $small) = measure($conf =~ s/^(\s*)Cors/$1# Cors/mgr);
    my ($ok, $seconds, $large) = measure($conf);
    note sprintf '%s: %.2f s and %.0f MB, without %.2f s and %.0f MB', $name,
        $seconds, $large, $plain, $small;
    ok $ok, "$name: accepted";
    cmp_ok $small, '>', 1, 'memory was measured';
    cmp_ok $seconds, '<', $RATIO * $plain + $SECONDS, "$name: time";
    cmp_ok $large - $small, '<', $megabytes, "$name: memory, in MB";
}

sub locations {
    my ($count, $path, @lines) = @_;
    return map { my $i = $_; "<Location /$path$i>\n",
        map({ s/\@/$i/gr . "\n" } @lines), "</Location>\n" } 1 .. $count;
}

sub hosts {
    my ($count, @lines) = @_;
    return map { my $i = $_; "<VirtualHost *:1>\n  ServerName h$i.example\n",
        map({ s/\@/$i/gr . "\n" } @lines), "</VirtualHost>\n" } 1 .. $count;
}

my @policy = ('CorsAllowOrigin https://a@.example', 'CorsAllowCredentials On');

bounded('5,000 hosts with a policy and 1,000 sections', 150,
    locations(1000, 'l', 'CorsMaxAge @', 'CorsExposeHeaders X-A@'),
    hosts(5000, @policy));
bounded('5,000 hosts and 3,000 sections that inherit', 150,
    locations(3000, 'l', 'CorsAllowOrigin inherit https://b@.example'),
    hosts(5000, @policy));
bounded('10,000 sections with Require ip and a policy', 50,
    locations(10_000, 'l', 'Require ip 10.0.0.0/8', $policy[0]));
bounded('5,000 hosts with Require ip, and 1,000 sections', 150,
    locations(1000, 'l', 'Require ip 10.0.0.0/8', 'CorsMaxAge @'),
    hosts(5000, $policy[0], '<Location /l5>', 'Require ip 10.0.0.0/8',
        '</Location>'));
bounded('5,000 hosts with Header, and 1,000 sections without origins', 150,
    locations(1000, 'l', 'CorsMaxAge @'),
    hosts(5000, 'CorsMaxAge @', 'Header append Vary Accept'));
bounded('10,000 sections, half of them out of reach of origins', 50,
    locations(5000, 'a', $policy[0]), locations(5000, 'b', 'CorsMaxAge @'));
bounded('5,000 hosts with a rule that refuses, and 1,000 sections', 150,
    "RewriteEngine On\n", locations(1000, 'l', 'CorsMaxAge @', 'Header unset X'),
    hosts(5000, $policy[0], 'RewriteCond %{REQUEST_METHOD} !^(GET|POST)$',
        'RewriteRule ^ - [F]'));
bounded('10,000 plain hosts with Header, and 1,000 sections with a policy', 50,
    locations(1000, 'l', $policy[0]),
    hosts(10_000, 'Header unset Access-Control-Max-Age', '<Location /l5/x>',
        'Header set Access-Control-Max-Age 5', '</Location>'));
bounded('10,000 hosts under one policy', 10,
    "CorsAllowOrigin https://a.example\n", hosts(10_000));

# httpd reads comments in next to no time, so that a ratio would say little.
# Built to count what runs, the module is not optimised.
($RATIO, $SECONDS) = (1, $ENV{CORS_COVERAGE} ? 12 : 3);
bounded('1,000,000 origins', 400,
    map { "CorsAllowOrigin https://host$_.example.com\n" } 1 .. 1_000_000);

done_testing();
