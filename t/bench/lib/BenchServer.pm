package BenchServer;

=head1 NAME

BenchServer - a private httpd that has nothing but what is measured

=head1 SYNOPSIS

    my $s = BenchServer->new(mpm => 'prefork', modules => ['cors'],
        conf => 'CorsAllowOrigin *', files => { '.htaccess' => '...' });
    $s->start('valgrind', '--tool=callgrind');
    $s->talk($request, 1_000);
    $s->stop;

The tests' servers have every module and log everything: see CorsTest.  Here a
plain server is as fast as one can be configured, so that what a module adds is
seen whole.  No part of it runs as root.

=cut

use strict;
use warnings;
use CorsTest ();
use Cwd qw(abs_path);
use File::Basename qw(dirname);
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use IO::Socket::INET;
use POSIX ();
use Time::HiRes qw(sleep time);

my $top      = abs_path(dirname(__FILE__) . '/../../..');
my $DEADLINE = 300;     # seconds; valgrind reads 100,000 origins in 60

# What a server has before any of this is measured.  The recipe needs the
# last three; all have them, so that all do the same otherwise.
my @BASE = qw(authz_core dir mime alias setenvif headers rewrite);

# In the order in which a file's date does not change: a file changed just
# now has a weak ETag, which costs more.
my $LONG_AGO = 1_000_000_000;

sub new {
    my ($class, %want) = @_;
    my $root = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    my $self = bless { root => $root, port => CorsTest::free_port(),
        httpd => CorsTest::httpd(), owner => $$ }, $class;
    my %files = ('file.txt' => 'x' x 1023 . "\n", %{ $want{files} || {} });
    for my $name (keys %files) {
        CorsTest::write_file("$root/htdocs/$name", $files{$name});
        utime $LONG_AGO, $LONG_AGO, "$root/htdocs/$name";
    }
    CorsTest::write_file("$root/mime.types", "text/plain txt\n");
    CorsTest::write_file("$root/httpd.conf", $self->conf(%want));
    chmod 0755, $root;
    chown +(user())[0, 1], $root if $> == 0;
    return $self;
}

sub conf {
    my ($self, %want) = @_;
    my $root = $self->{root};
    my $conf = $want{conf};
    $conf =~ s/\@ROOT\@/$root/g;
    $conf =~ s/\@PORT\@/$self->{port}/g;
    my $load = join '', map { $self->load_module($_, $want{built}{$_}) }
        "mpm_$want{mpm}", @BASE, @{ $want{modules} || [] };
    return <<"CONF";
ServerRoot "$root"
DefaultRuntimeDir "$root"
PidFile "$root/httpd.pid"
Mutex file:$root default
ErrorLog "$root/error.log"
ServerName bench.example
Listen 127.0.0.1:$self->{port}
$load
TypesConfig "$root/mime.types"
DocumentRoot "$root/htdocs"
KeepAliveTimeout 60
MaxKeepAliveRequests 0
LimitRequestFieldSize 16380
<Directory "/">
    AllowOverride None
    Options FollowSymLinks
    Require all granted
</Directory>
$conf
CONF
}

# Ours are copied to where the server's own user can read them: those of
# build/, unless another path is given.
sub load_module {
    my ($self, $name, $other) = @_;
    my $ours = $other || "$top/build/mod_$name.so";
    my $path = "$self->{root}/mod_$name.so";
    if (-e $ours) {
        copy($ours, $path) or die "$path: $!\n";
    }
    else {
        our $libexec ||= CorsTest::apxs_q('LIBEXECDIR');
        $path = "$libexec/mod_$name.so";
        return '' unless -e $path;      # built in
    }
    return "LoadModule ${name}_module $path\n";
}

sub user { return (getpwnam 'nobody')[2, 3] }

# In a child: what is started is an ordinary user's.
sub drop_root {
    return if $> != 0;
    my ($uid, $gid) = user();
    $) = "$gid $gid";
    POSIX::setgid($gid);
    POSIX::setuid($uid);
    die "still root\n" if $> == 0 || $< == 0;
}

sub bench_dir { return "$top/t/bench" }

# Starts a command as an ordinary user; what it says goes to log.
sub spawn {
    my ($log, @command) = @_;
    my $pid = fork;
    die "fork: $!\n" unless defined $pid;
    return $pid if $pid;
    open STDOUT, '>>', $log or die "$log: $!\n";
    open STDERR, '>&', \*STDOUT or die "$!\n";
    drop_root();
    exec @command or die "$command[0]: $!\n";
}

# Starts the server, as the argument of a command if one is given.
sub start {
    my ($self, @command) = @_;
    my $arguments = ref $command[-1] ? pop @command : [ '-X' ];
    $self->{pid} = spawn("$self->{root}/start.log", @command,
        $self->{httpd}, '-f', "$self->{root}/httpd.conf", @$arguments);
    my $end = time + $DEADLINE;
    until ($self->{socket} = $self->connect) {
        die "httpd does not start:\n", $self->said if time > $end
            || waitpid($self->{pid}, POSIX::WNOHANG()) > 0;
        sleep 0.005;
    }
    return $self;
}

# Has httpd read the configuration and end.  Returns the seconds it took.
sub configtest {
    my ($self, @command) = @_;
    my $begin = time;
    waitpid spawn("$self->{root}/start.log", @command, $self->{httpd}, '-f',
        "$self->{root}/httpd.conf", '-t'), 0;
    die "configtest failed:\n", $self->said if $?;
    return time - $begin;
}

sub connect {
    my ($self) = @_;
    return IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $self->{port});
}

sub said {
    my ($self) = @_;
    return map { CorsTest::slurp("$self->{root}/$_") }
        qw(start.log error.log);
}

# Where the memory of a request reaches the end of an 8 KiB block, httpd takes
# another, for 160 instructions.  So that no setup has these by chance and
# another not, the requests have this many lengths, in turns: User-Agent has
# 24 bytes in the first, 960 in the last.
our $LENGTHS = 40;

sub lengths_of {
    my ($request) = @_;
    return map { my $more = 'x' x (24 * $_);
        $request =~ s/^User-Agent: .*(?=\r)/User-Agent: $more/mr }
        1 .. $LENGTHS;
}

# A request that has ###### is another one each time.
sub numbered {
    my ($request, $number) = @_;
    return $request =~ s/#{6}/sprintf '%06d', $number/er;
}

# Sends the request count times on one connection, each after the answer to
# the one before, and returns the last answer's head.
sub talk {
    my ($self, $request, $count) = @_;
    my $s = $self->{socket};
    my @requests = lengths_of($request);
    my $head;
    local $SIG{ALRM} = sub { die "no answer:\n", $self->said };
    alarm $DEADLINE;
    for (1 .. $count) {
        syswrite $s, numbered($requests[$_ % $LENGTHS], $_);
        my $answer = '';
        until (defined($head = complete($answer))) {
            sysread $s, $answer, 65536, length $answer
                or die "the connection was closed:\n", $self->said;
        }
    }
    alarm 0;
    return $head;
}

# The head of an answer that is there whole, else undef.
sub complete {
    my ($answer) = @_;
    my $end = index $answer, "\r\n\r\n";
    return if $end < 0;
    my $head = substr $answer, 0, $end + 2;
    my ($length) = $head =~ /^Content-Length: (\d+)/m;
    return length $answer == $end + 4 + ($length || 0) ? $head : undef;
}

sub stop {
    my ($self) = @_;
    close delete $self->{socket} if $self->{socket};
    for my $pid (delete $self->{pid}, @{ delete $self->{helpers} || [] }) {
        end($pid);
    }
}

# Ends a process and waits for it.  httpd -X that is told to stop just before it
# waits for a connection does not see it: it is told again.
sub end {
    my ($pid) = @_;
    my $until = time + $DEADLINE;
    while (time < $until) {
        kill TERM => $pid;
        for (1 .. 100) {
            return if waitpid($pid, POSIX::WNOHANG()) == $pid;
            sleep 0.1;
        }
    }
    die "process $pid does not end\n";
}

sub DESTROY {
    my ($self) = @_;
    local ($?, $@);
    $self->stop if $self->{pid} && $self->{owner} == $$;
}

1;
