package CorsSets;

=head1 NAME

CorsSets - a private httpd whose policies have sets

=head1 SYNOPSIS

    CorsService::needs('CorsPostgres', CorsSets::dbd('pgsql'));
    my $database = CorsPostgres->start;
    my $s = CorsSets->start($database->conf . <<'CONF', -modules => ['dbd']);
    CorsOriginSet tenants "dbd:SELECT origin FROM cors_api" refresh=1s
    <Location /tenants>
      CorsAllowOrigin @tenants
    </Location>
    CONF
    $s->settles('tenants', 'https://a.example', 'allowed', 'put in');
    $s->judges('tenants', 'https://b.example', 'origin-not-allowed', 'another');

A server of CorsTest that sends its verdict with each response.  What its
methods call a place is the folder "/place/" of the server, which start() makes
for each <Location /place>; '' is "/".

=cut

use strict;
use warnings;
use parent 'CorsTest';
use CorsChecker;
use CorsPostgres;
use CorsTest ();
use Test::More;
use Time::HiRes qw(sleep time);

our $SLACK = 0.7;       # seconds that a busy machine may take more
my $SETTLES = 20;       # seconds in which a change has to hold

# One process, whatever the MPM: what each process keeps is kept once.
use constant ONE_PROCESS => <<'CONF';
StartServers 1
ServerLimit 1
<IfModule mpm_prefork_module>
  MaxRequestWorkers 1
</IfModule>
<IfModule !mpm_prefork_module>
  ThreadsPerChild 25
  MaxRequestWorkers 25
  MinSpareThreads 1
  MaxSpareThreads 25
</IfModule>
CONF

# What else a test file needs, for CorsService::needs().
sub modules { return CorsTest::apxs_q('LIBEXECDIR') }

sub dbd {
    my ($driver) = @_;
    return ([ scalar(-e modules() . '/mod_dbd.so'), 'apache2-bin' ],
        [ CorsPostgres::has_driver($driver), "libaprutil1-dbd-$driver" ]);
}

sub hiredis {
    return [ scalar(`ldd build/mod_cors.so` =~ /libhiredis/), 'libhiredis-dev' ];
}

sub start {
    my ($class, $conf, %files) = @_;
    for ($conf =~ m{^<Location /([^>]+)>}mg) {
        $files{"$_/index.html"} = "x\n" unless exists $files{"$_/index.html"};
    }
    return $class->SUPER::start(CorsChecker::CONF . "LogLevel cors:notice\n"
        . $conf, %files);
}

# Asks for a place: the verdict, the response, and how long it took.
sub ask {
    my ($self, $place, $origin) = @_;
    my $begin = time;
    my $res = $self->get(length $place ? "/$place/" : '/', Origin => $origin);
    my ($verdict) = CorsTest::all($res, 'X-Verdict');
    return (defined $verdict ? $verdict : '', $res, time - $begin);
}

# Returns the verdict, and tests the headers that go with it.
sub verdict {
    my ($self, $place, $origin) = @_;
    my ($verdict, $res) = $self->ask($place, $origin);
    is_deeply CorsTest::cors($res), { Vary => 'Origin', $verdict eq 'allowed'
        ? ('Access-Control-Allow-Origin' => $origin) : () },
        "/$place, $origin: headers";
    return $verdict;
}

# Tests a verdict, its headers, and that it came at once: or, at most `longest`
# seconds later.
sub judges {
    my ($self, $place, $origin, $verdict, $what, $longest) = @_;
    my ($found, $res, $took) = $self->ask($place, $origin);
    is_deeply [ $found, CorsTest::cors($res) ], [ $verdict,
        { Vary => 'Origin', $verdict eq 'allowed'
            ? ('Access-Control-Allow-Origin' => $origin) : () } ], $what;
    cmp_ok $took, '<', ($longest || 0) + $SLACK, "$what: it does not wait";
}

# Asks until the verdict is the one that is expected; returns how many seconds
# that took.
sub settles {
    my ($self, $place, $origin, $verdict, $what) = @_;
    my $begin = time;
    my $found;
    until (($found = ($self->ask($place, $origin))[0]) eq $verdict
        || time > $begin + $SETTLES) {
        sleep 0.05;
    }
    is $found, $verdict, $what;
    return time - $begin;
}

# The processes of the server but the first.
sub children {
    my ($self) = @_;
    return split ' ', CorsTest::slurp(
        "/proc/$self->{pid}/task/$self->{pid}/children");
}

# Puts a text in the place of a file, at once.
sub replace_file {
    my ($path, $text) = @_;
    CorsTest::write_file("$path.new", $text);
    rename "$path.new", $path or die "$path: $!\n";
}

1;
