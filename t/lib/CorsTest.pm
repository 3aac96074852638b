package CorsTest;

=head1 NAME

CorsTest - a private httpd with mod_cors

=head1 SYNOPSIS

    use CorsTest;
    my $s = CorsTest->start(<<'CONF');
    <Location /list>
      CorsAllowOrigin https://a.example
    </Location>
    CONF
    my $res = $s->get('/list/', Origin => 'https://a.example');
    is $res->{status}, 200;
    is_deeply cors($res), { ... };
    $s->finish;             # the error log has no line not announced

Each test file has a server of its own, on a free port of the loopback
interface, in a folder that goes with it.  Apache::Test configures and starts
it, from t/conf/httpd.conf.in alone: nothing of the system's own
configuration is read.  CorsClient has the requests, CorsConf the sections that
test files share.

=cut

use strict;
use warnings;
# Set before Apache::Test is loaded: its remarks are no part of a test's.
BEGIN { $ENV{APACHE_TEST_TRACE_LEVEL} ||= 'error' }
use Apache::TestConfig ();
use Apache::TestServer ();
use Cwd qw(abs_path);
use Exporter 'import';
use File::Basename qw(dirname);
use File::Copy qw(copy);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use IO::Socket::INET;
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);

use CorsClient qw(all cors curl exposes_what_leaves);
use CorsConf qw(htpasswd login policy_for sections within);

our @ISA    = ('CorsClient');
our @EXPORT = qw(cors configtest curl exposes_what_leaves said warned within
    htpasswd login policy_for sections);

my $top     = abs_path(dirname(__FILE__) . '/../..');
my $module  = $ENV{CORS_MODULE} || "$top/build/mod_cors.so";
my $apxs    = $ENV{APXS} || 'apxs';
my $mpm     = $ENV{MPM} || 'event';
my $DEADLINE = $CorsClient::DEADLINE;

my @used = (qw(unixd authn_core authn_file authz_core authz_user authz_host
    access_compat auth_basic alias dir mime env setenvif headers rewrite
    log_config expires include negotiation allowmethods actions
    proxy proxy_http cache cache_disk dav dav_fs macro http2),
    $mpm eq 'prefork' ? 'cgi' : 'cgid');

# A port that is free, as are the count ports from it on.  It lies below those
# that the system gives to connections: one of these would keep httpd from
# starting, or from starting again.  And browsers call no port from here on unsafe.
sub free_port {
    my ($count) = (@_, 1);
    for (1 .. 1000) {
        my $port = 11_000 + int rand 21_000;
        my @held = grep { defined } map { IO::Socket::INET->new(
            LocalAddr => '127.0.0.1', LocalPort => $_, Listen => 1)
        } $port .. $port + $count - 1;
        return $port if @held == $count;
    }
    die "no free port on 127.0.0.1: $!\n";
}

# Lets Apache::Test write a server's configuration: t/conf/httpd.conf.in, the
# modules that the tests use as far as this httpd has them not built in, and
# conf.
sub configure {
    my ($root, $port, $conf, @more) = @_;
    my $modules = apxs_q('LIBEXECDIR');
    write_file("$root/conf/modules.conf", join '',
        (map { "<IfModule !mod_$_.c>\n"
            . "LoadModule ${_}_module $modules/mod_$_.so\n</IfModule>\n" }
            "mpm_$mpm", @used, @more),
        "LoadModule cors_module $module\n");
    my $config = CorsTest::Config->new({ serverroot => $root,
        servername => 'test.example', t_logs => $root, apxs => $apxs,
        httpd => httpd(), httpd_conf => "$root/conf/modules.conf",
        t_conf_file => "$root/conf/httpd.conf", mpm => $mpm });
    # Apache::Test keeps to the first port that it was given.
    $config->{vars}{port} = $port;
    copy("$top/t/conf/httpd.conf.in", "$root/conf/httpd.conf.in")
        or die "t/conf/httpd.conf.in: $!\n";
    $config->httpd_config;
    $config->postamble($conf);
    $config->generate_httpd_conf;
    return $config;
}

# What apxs says of the server that the module was built for.
sub apxs_q {
    my ($what) = @_;
    chomp(my $value = `$apxs -q $what`);
    return $value;
}

# Found once: a test file may ask for each of its configurations.
my $httpd;

# Apache::Test looks in the PATH alone, where an ordinary user has no sbin.
# apxs knows the server that the module was built for.
sub httpd {
    return $httpd ||= find_httpd();
}

sub find_httpd {
    my ($sbin, $name) = map { apxs_q($_) } qw(SBINDIR PROGNAME);
    my ($found) = grep { -x } $ENV{APACHE_TEST_HTTPD} || (), "$sbin/$name",
        map { ("/usr/sbin/$_", "/usr/local/apache2/bin/$_") }
        qw(apache2 httpd);
    return $found || die "no httpd found: name it in APACHE_TEST_HTTPD\n";
}

# Where the PATH has a program, or undef.
sub program {
    my ($name) = @_;
    my ($found) = grep { -x } map { "$_/$name" } split /:/, $ENV{PATH};
    return $found;
}

# Whether this httpd is a release before 2.4.PATCH.
sub is_before {
    my ($patch) = @_;
    my $httpd = httpd();
    return `$httpd -v` =~ m{Apache/2\.4\.(\d+)} && $1 < $patch;
}

sub write_file {
    my ($path, $text) = @_;
    make_path(dirname($path));
    open my $fh, '>', $path or die "$path: $!\n";
    print $fh $text;
    close $fh or die "$path: $!\n";
    chmod $path =~ /\.cgi$/ ? 0755 : 0644, $path;
}

sub slurp {
    my ($path) = @_;
    open my $fh, '<', $path or return '';
    local $/;
    my $text = <$fh>;
    return defined $text ? $text : '';
}

# Starts a server.  In the configuration and the files, @ROOT@ stands for the
# server's folder, @PORT@ and @PORT2@ for its port and a second, which
# nothing listens on until the configuration says so.  -modules: more of them.
sub start {
    my ($class, $conf, %files) = @_;
    my @modules = @{ delete $files{-modules} || [] };
    my $root = new_root();
    my $self = bless { root => $root, port => free_port(),
        port2 => free_port(), announced => [] }, $class;
    $files{'index.html'} = "home\n" unless exists $files{'index.html'};
    write_file("$root/htdocs/$_", $self->expand($files{$_})) for keys %files;
    $self->{config} = configure($root, $self->{port}, $self->expand($conf),
        @modules);
    $self->launch;
    return $self;
}

# A folder that the server's own user can read, and write where it has to.
sub new_root {
    my $root = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    make_path(map { "$root/$_" } qw(htdocs cache conf));
    chmod 0755, $root;
    if ($> == 0) {
        chown((getpwnam 'nobody')[2, 3], $root, "$root/htdocs",
            "$root/cache");
    }
    return $root;
}

sub expand {
    my ($self, $text) = @_;
    my %value = (ROOT => $self->{root}, PORT => $self->{port},
        PORT2 => $self->{port2});
    $text =~ s/\@(ROOT|PORT2|PORT)\@/$value{$1}/g;
    return $text;
}

# The servers that have been started and not yet seen to end, by process.
my %running;

sub launch {
    my ($self) = @_;
    my $server = $self->{config}->server;
    my $said = '';
    open my $report, '>', \$said or die "$!\n";
    my $stdout = select $report;
    open my $stderr, '>&', \*STDERR or die "$!\n";
    open STDERR, '>', "$self->{root}/start.log" or die "$!\n";
    # Apache::Test sends TERM to its own process when httpd ends.
    my $up = eval {
        local $SIG{TERM} = sub { die "httpd has ended\n" };
        $server->start;
    };
    open STDERR, '>&', $stderr or die "$!\n";
    select $stdout;
    die "httpd does not start:\n$said" . join "\n", $self->log_lines, ''
        unless $up;
    $self->{pid} = $server->pid;
    $running{ $self->{pid} } = 1;
}

sub wait_for {
    my ($self, $what, $done) = @_;
    my $end = time + $DEADLINE;
    until ($done->()) {
        die join "\n", "waited $DEADLINE s for $what", $self->log_lines, ''
            if time > $end;
        sleep 0.02;
    }
}

# Tells the server to end.  That takes it a second or two, which nobody has to
# wait for before the test file itself ends: Apache::Test would.
sub stop {
    my ($self) = @_;
    kill TERM => delete $self->{pid} if $self->{pid};
}

$SIG{$_} = sub { exit 1 } for qw(INT TERM HUP);

# Apache::Test starts a server from a child, whose own end comes by here.
my $owner = $$;

END {
    return if $$ != $owner;
    my $status = $?;
    my $end = time + $DEADLINE;
    kill TERM => keys %running;
    while (%running && time < $end) {
        delete @running{ grep { !kill 0, $_ } keys %running };
        sleep 0.02 if %running;
    }
    warn "httpd does not end: process @{[keys %running]}\n" if %running;
    $? = $status;
}

# How many seconds ago each of the server's processes but the first began.
sub ages {
    my ($self) = @_;
    my @children = split ' ',
        slurp("/proc/$self->{pid}/task/$self->{pid}/children");
    my ($now) = split ' ', slurp('/proc/uptime');
    return map {
        my ($ticks) = slurp("/proc/$_/stat") =~ /.*\)(?: \S+){19} (\d+)/;
        $ticks ? $now - $ticks / POSIX::sysconf(POSIX::_SC_CLK_TCK()) : ();
    } @children;
}

# Starts the server anew in the foreground, where httpd can be heard in both of
# its readings of the configuration: start.log has what it says.  When it ends,
# prefork ends its whole process group, so that it gets one of its own.
sub start_in_foreground {
    my ($self) = @_;
    my ($root, $pid) = @$self{qw(root pid)};
    $self->stop;
    $self->wait_for('httpd to end', sub { !kill 0, $pid });
    unlink "$root/error.log";
    system sprintf 'setsid %s -DFOREGROUND -f "%s" >"%s" 2>&1 &', httpd(),
        "$root/conf/httpd.conf", "$root/start.log";
    $self->wait_for('httpd to start', sub {
        grep { /resuming normal operations/ } $self->log_lines });
    $self->{pid} = $self->{config}->server->pid;
    $running{ $self->{pid} } = 1;
}

# Changes the configuration, in $_, and restarts gracefully.  Those who still
# have the old one may take requests until they are gone.
sub reconfigure {
    my ($self, $change) = @_;
    my $path = "$self->{root}/conf/httpd.conf";
    my $resumed = sub {
        scalar grep { /resuming normal operations/ } $self->log_lines;
    };
    my $before = $resumed->();
    local $_ = slurp($path);
    $change->();
    write_file($path, $_);
    # httpd may lose sight of a process that is just beginning: it goes on, and
    # answers by the old configuration.
    $self->wait_for('its processes to have begun',
        sub { !grep { $_ < $DEADLINE / 200 } $self->ages });
    my $start = time;
    kill USR1 => $self->{pid};
    $self->wait_for('httpd to restart', sub { $resumed->() > $before });
    $self->wait_for('its old processes to end',
        sub { my $since = time - $start; !grep { $_ > $since } $self->ages });
}

# Announces a line of this module's in the error log.
sub announce { my ($self, @re) = @_; push @{ $self->{announced} }, @re }

# What the server says, before it has its error log and in it.
sub log_lines {
    my ($self) = @_;
    return map { split /\n/, slurp("$self->{root}/$_") }
        qw(start.log error.log);
}

sub access_lines {
    my ($self, $count) = @_;
    my @lines;
    $self->wait_for("$count lines of the access log", sub {
        @lines = split /\n/, slurp("$self->{root}/access.log");
        @lines >= $count });
    return @lines;
}

# What the error log says of this module, less what every judged request
# says at the levels debug and trace.
sub unannounced {
    my ($self) = @_;
    my @lines = grep { (/\[cors:(?!debug|trace)/ || /exit signal/)
        && !m{ mod_cors/\S+ configured$} } $self->log_lines;
    my @re = @{ $self->{announced} };
    for my $re (@re) {
        return ("announced, but not there: $re") unless grep { /$re/ } @lines;
    }
    return grep { my $line = $_; !grep { $line =~ $_ } @re } @lines;
}

# Ends a test: stops the server and requires that its log is clean.
sub finish {
    my ($self) = @_;
    $self->stop;
    is_deeply [ $self->unannounced ], [],
        'the error log has no line that was not announced';
    done_testing();
}

# Has httpd check a configuration; returns whether it is accepted, and what it
# says, paths made the same for everyone.  arguments: for httpd.
my $checked;
sub checked_root { return $checked }

sub configtest {
    my ($conf, %files) = @_;
    my @arguments = @{ delete $files{-arguments} || ['-t'] };
    $checked ||= do {
        my $root = new_root();
        configure($root, 1, "ErrorLog \"$root/test.log\"\n"
            . "Include \"$root/test.conf\"\n");
        $root;
    };
    $conf =~ s/\@ROOT\@/$checked/g;
    s/\@ROOT\@/$checked/g for values %files;
    write_file("$checked/$_", $files{$_}) for keys %files;
    write_file("$checked/test.conf", $conf);
    my $httpd = httpd();
    my $out = `$httpd @arguments -f "$checked/conf/httpd.conf" 2>&1`;
    my $ok = $? == 0;
    unlink map { "$checked/$_" } keys %files;
    $out =~ s/\Q$checked\E/ROOT/g;
    return ($ok, $out);
}

# The directives that the module has, each with what AllowOverride has to name:
# the rows of CORS_SCALARS and CORS_LISTS, and those of cors_cmds itself.
sub directives {
    my %override;
    my $rows = slurp("$top/src/policy/policy.h");
    while ($rows =~ /^ +X\((\w+),[\w, *]*"(Cors\w+)",/mg) {
        $override{$2} = $1 eq 'PAGE' ? 'none: not in .htaccess' : 'FileInfo';
    }
    my $table = slurp("$top/src/config/directives.c");
    while ($table =~ /AP_INIT_\w+\("(Cors\w+)",\s*\w+,\s*NULL,\s*([A-Z_ |]+),/g) {
        $override{$1} = $2 =~ /OR_FILEINFO/ ? 'FileInfo'
                                            : 'none: not in .htaccess';
    }
    return %override;
}

# What this module says in the output of httpd: [ level, text ] each.
sub said {
    my ($out) = @_;
    return map { /\[cors:(\w+)\] (?:\[pid [^]]+\] )?(.*)$/ ? [ $1, $2 ] : () }
        split /\n/, $out;
}

# Tests that a configuration is accepted with just these warnings.
sub warned {
    my ($conf, @texts) = @_;
    my ($ok, $out) = configtest($conf);
    my $what = join '; ', split /\n/, $conf;
    ok $ok, "accepted: $what" or diag $out;
    is_deeply [ said($out) ], [ map { [ warn => $_ ] } @texts ],
        @texts ? 'with a warning' : 'without a warning';
}

# The blocks of a kind in a section of a page, without the indentation of
# lists.
sub blocks {
    my ($page, $heading, $kind) = @_;
    my ($text) = $page =~ /^#+ \Q$heading\E\n(.*?)(?=^##|\z)/ms;
    my @blocks;
    while ($text =~ /^( *)```(\w*)\n(.*?)^\1```$/msg) {
        my ($indent, $is, $block) = ($1, $2, $3);
        push @blocks, $block =~ s/^$indent//mgr if $is eq $kind;
    }
    return @blocks;
}

package CorsTest::Config;

our @ISA = ('Apache::TestConfig');

sub new_test_server {
    my ($self) = @_;
    return bless Apache::TestServer->new($self), 'CorsTest::Server';
}

package CorsTest::Server;

our @ISA = ('Apache::TestServer');

# Apache::Test would ask a server for a page that it knows of by files under
# t/conf: there is one for all tests, and ours are many.
sub wait_till_is_up {
    my ($self, $timeout) = @_;
    my $end = time + $timeout;
    until ($self->pid && !$self->port_available) {
        return 0 if time > $end;
        select undef, undef, undef, 0.02;
    }
    return 1;
}

1;
