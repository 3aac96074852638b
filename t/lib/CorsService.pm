package CorsService;

=head1 NAME

CorsService - a server of somebody else's, private to one test

=head1 SYNOPSIS

    use CorsRedis;                  # or CorsPostgres
    CorsService::needs('CorsRedis');
    my $redis = CorsRedis->start;
    $redis->stop_all;               # a black hole: SIGSTOP
    $redis->continue_all;
    $redis->kill_all;               # SIGKILL
    $redis->launch;                 # once more, with the same data

A server listens on a free port of the loopback interface, keeps its data in a
folder that goes with it, and ends with the test file.  Run by root, it runs as
nobody: PostgreSQL refuses to run as root.

A kind of server is a class with binary(), package_name(), prepare(), command()
and is_ready().

=cut

use strict;
use warnings;
use CorsTest;
use File::Temp qw(tempdir);
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

my $DEADLINE = $ENV{CORS_TEST_DEADLINE} || 20;

# Skips the test file unless everything that it takes is there.  With
# CORS_TEST_ALL=1, as in CI, what is missing is an error.  Takes classes, and
# pairs of whether something is there and its package.
sub needs {
    my @missing;
    for (@_) {
        my ($there, $package) = ref ? @$_ : ($_->binary, $_->package_name);
        push @missing, $package unless $there;
    }
    return if !@missing;
    die "not installed: @missing\n" if $ENV{CORS_TEST_ALL};
    plan skip_all => "not installed: @missing";
}

# Finds a program where packages put it.
sub find_program {
    my ($name, @folders) = @_;
    my ($found) = grep { -x } map { "$_/$name" }
        split(/:/, $ENV{PATH}), '/usr/sbin', @folders;
    return $found;
}

# Servers that have been started and not seen to end, by process.
my %running;
my $owner = $$;

END {
    return if $$ != $owner;
    my $status = $?;
    $_->kill_all for values %running;
    $? = $status;
}

sub start {
    my ($class, %options) = @_;
    my $self = bless { port => CorsTest::free_port(),
        root => tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1),
        %options }, $class;
    chown +(getpwnam 'nobody')[2, 3], $self->{root} if $> == 0;
    $self->prepare;
    $self->launch unless $self->{is_late};
    return $self;
}

# Becomes nobody in a child of root.
sub drop_root {
    return if $> != 0;
    my ($uid, $gid) = (getpwnam 'nobody')[2, 3];
    $) = "$gid $gid";
    $( = $gid;
    POSIX::setuid($uid);
}

# Starts a command as the server's user, with what it says in log.
sub spawn {
    my ($self, @command) = @_;
    my $pid = fork;
    die "fork: $!\n" unless defined $pid;
    return $pid if $pid;
    open STDIN, '<', '/dev/null';
    open STDOUT, '>>', "$self->{root}/log";
    open STDERR, '>&', \*STDOUT;
    drop_root();
    chdir $self->{root};
    POSIX::setpgid(0, 0);
    exec @command or POSIX::_exit(127);
}

# Runs a command to its end.
sub run {
    my ($self, @command) = @_;
    waitpid $self->spawn(@command), 0;
    die "@command fails:\n" . CorsTest::slurp("$self->{root}/log") if $?;
}

sub wait_until {
    my ($self, $what, $done) = @_;
    my $end = time + $DEADLINE;
    until ($done->()) {
        die "waited $DEADLINE s for $what\n"
            . CorsTest::slurp("$self->{root}/log") if time > $end;
        sleep 0.02;
    }
}

# is_ready(): whether it answers, or begins to.
sub launch {
    my ($self) = @_;
    $self->{pid} = $self->spawn($self->command);
    $running{ $self->{pid} } = $self;
    $self->wait_until($self->binary . ' to start', sub {
        die 'it ends: ' . CorsTest::slurp("$self->{root}/log")
            if waitpid $self->{pid}, POSIX::WNOHANG();
        $self->is_ready });
    return $self;
}

# The server's processes: PostgreSQL has one for each connection.
sub processes {
    my ($self) = @_;
    my $pid = $self->{pid} or return;
    return ($pid, split ' ', CorsTest::slurp("/proc/$pid/task/$pid/children"));
}

sub signal_all { my ($self, $name) = @_; kill $name => $self->processes }
sub stop_all { $_[0]->signal_all('STOP') }
sub continue_all { $_[0]->signal_all('CONT') }

sub kill_all {
    my ($self) = @_;
    my @processes = $self->processes or return;
    kill KILL => @processes;
    waitpid $self->{pid}, 0;
    delete $running{ delete $self->{pid} };
    $self->wait_until('its processes to end',
        sub { !grep { is_alive($_) } @processes });
}

# One that nobody has waited for is still listed.
sub is_alive {
    my ($pid) = @_;
    return CorsTest::slurp("/proc/$pid/stat") =~ /\) [^Z ]/;
}

1;
