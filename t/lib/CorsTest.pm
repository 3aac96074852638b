package CorsTest;

=head1 NAME

CorsTest - a private httpd with mod_cors, and a client that hides nothing

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
interface, in a folder that goes with it.  Nothing of the system's own
configuration is read.

=cut

use strict;
use warnings;
use Cwd qw(abs_path);
use Exporter 'import';
use File::Basename qw(dirname);
use File::Path qw(make_path);
use File::Temp qw(tempdir);
use IO::Socket::INET;
use Test::More;
use Time::HiRes qw(sleep time);

our @EXPORT = qw(cors configtest htpasswd);

my $top     = abs_path(dirname(__FILE__) . '/../..');
my $module  = $ENV{CORS_MODULE} || "$top/build/mod_cors.so";
my ($httpd) = grep { -x } map { ("/usr/sbin/$_", "/usr/local/apache2/bin/$_") }
    qw(apache2 httpd);
my $modules = $ENV{CORS_MODULES} || do { my $d = `apxs -q LIBEXECDIR`;
    chomp $d; $d };
my $mpm     = $ENV{MPM} || 'event';
my $DEADLINE = 20;      # seconds that anything may take

my %static = map { /^\s*(mod_\w+|core)\.c/ ? ($1 => 1) : () } `$httpd -l`;

# LoadModule lines for those of the names that the server lacks.
sub load {
    return join '', map {
        my $file = "$modules/mod_$_.so";
        $static{"mod_$_"} || !-e $file ? ''
            : "LoadModule ${_}_module $file\n";
    } @_;
}

my @used = (qw(unixd authn_core authn_file authz_core authz_user authz_host
    auth_basic alias dir mime env setenvif headers rewrite log_config
    expires include negotiation allowmethods actions
    proxy proxy_http cache cache_disk dav dav_fs macro http2),
    $mpm eq 'prefork' ? 'cgi' : 'cgid');

sub base_conf {
    my ($root, $port) = @_;
    my $user = $> == 0 ? "User nobody\nGroup " . group() . "\n" : '';
    return <<"CONF" . $user;
ServerRoot "$root"
ServerName test.example
DefaultRuntimeDir "$root"
PidFile "$root/httpd.pid"
@{[load("mpm_$mpm", @used)]}
LoadModule cors_module "$module"
<IfModule mod_cgid.c>
  ScriptSock "$root/cgid.sock"
</IfModule>
Mutex file:$root default
Listen 127.0.0.1:$port
ErrorLog "$root/error.log"
LogLevel warn mpm_$mpm:notice core:notice cors:trace1
LogFormat "%m %U %>s %{CORS_REQUEST}e %{CORS_ORIGIN}e %{CORS_VERDICT}e" cors
CustomLog "$root/access.log" cors
DocumentRoot "$root/htdocs"
DavLockDB "$root/davlock"
<IfModule mod_mime.c>
  TypesConfig /dev/null
  AddType text/html .html
  AddHandler cgi-script .cgi
</IfModule>
Protocols h2c http/1.1
<Directory "$root/htdocs">
  Options +ExecCGI +Includes +FollowSymLinks
  AllowOverride All
  Require all granted
</Directory>
CONF
}

sub group {
    for my $name (qw(nogroup nobody)) {
        return $name if defined getgrnam $name;
    }
    return 'root';
}

sub free_port {
    my $s = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)
        or die "no free port on 127.0.0.1: $!\n";
    return $s->sockport;
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
# nothing listens on until the configuration says so.
sub start {
    my ($class, $conf, %files) = @_;
    my $root = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    my $self = bless { root => $root, port => free_port(),
        port2 => free_port(), announced => [] }, $class;
    make_path("$root/htdocs", "$root/cache");
    chmod 0755, $root;
    if ($> == 0) {
        chown((getpwnam 'nobody')[2, 3], $root, "$root/htdocs",
            "$root/cache");
    }
    $files{'index.html'} = "home\n" unless exists $files{'index.html'};
    write_file("$root/htdocs/$_", $self->expand($files{$_})) for keys %files;
    write_file("$root/httpd.conf",
        base_conf($root, $self->{port}) . $self->expand($conf));
    $self->launch;
    return $self;
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
    my $out = `$httpd -f "$self->{root}/httpd.conf" -k start 2>&1`;
    die "httpd does not start:\n$out" . slurp("$self->{root}/error.log")
        if $?;
    $self->wait_for('httpd to listen', sub {
        -s "$self->{root}/httpd.pid"
            && IO::Socket::INET->new(PeerAddr => '127.0.0.1',
                PeerPort => $self->{port});
    });
    $self->{pid} = 0 + slurp("$self->{root}/httpd.pid");
    $running{ $self->{pid} } = 1;
}

sub wait_for {
    my ($self, $what, $done) = @_;
    my $end = time + $DEADLINE;
    until ($done->()) {
        die "waited $DEADLINE s for $what\n"
            . slurp("$self->{root}/error.log") if time > $end;
        sleep 0.02;
    }
}

# Tells the server to end.  That takes it a second or two, which nobody has to
# wait for before the test file itself ends.
sub stop {
    my ($self) = @_;
    kill TERM => delete $self->{pid} if $self->{pid};
}

$SIG{$_} = sub { exit 1 } for qw(INT TERM HUP);

END {
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

# Changes the configuration, in $_, and restarts gracefully.
sub reconfigure {
    my ($self, $change) = @_;
    my $path = "$self->{root}/httpd.conf";
    my $resumed = sub {
        scalar grep { /resuming normal operations/ } $self->log_lines;
    };
    my $before = $resumed->();
    local $_ = slurp($path);
    $change->();
    write_file($path, $_);
    kill USR1 => $self->{pid};
    $self->wait_for('httpd to restart', sub { $resumed->() > $before });
}

# Sends bytes on one connection, and returns all the responses that come back
# until the server closes it.  methods: of the requests, in order; HEAD has
# no body in its response.
sub raw {
    my ($self, $bytes, @methods) = @_;
    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $self->{port}, Timeout => $DEADLINE)
        or die "cannot connect: $!\n";
    local $SIG{ALRM} = sub { die "no answer within $DEADLINE s\n" };
    local $SIG{PIPE} = 'IGNORE';
    alarm $DEADLINE;
    print $s $bytes;
    local $/;
    my $answer = <$s>;
    alarm 0;
    return parse(defined $answer ? $answer : '', @methods);
}

sub parse {
    my ($text, @methods) = @_;
    my @responses;
    while ($text =~ s{\AHTTP/1\.[01] (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n}
                     {}) {
        my ($status, $head) = ($1, $2);
        next if $status == 100;
        my @headers = map { [ /^([^:]+):[ \t]*(.*)$/ ] }
            split /\r\n/, $head;
        my %res = (status => $status, headers => \@headers, body => '');
        my $method = @methods ? shift @methods : 'GET';
        my ($length) = all(\%res, 'Content-Length');
        if ($method eq 'HEAD' || $status =~ /^(?:204|304)$/) {
            # no body
        }
        elsif (join(',', all(\%res, 'Transfer-Encoding')) =~ /chunked/) {
            while ($text =~ s/\A([0-9a-fA-F]+)[^\r\n]*\r\n//) {
                my $n = hex $1;
                $res{body} .= substr $text, 0, $n, '';
                $text =~ s/\A\r\n//;
                last unless $n;
            }
        }
        else {
            $length = length $text unless defined $length;
            $res{body} = substr $text, 0, $length, '';
        }
        push @responses, \%res;
    }
    push @responses, { status => 0, headers => [], body => $text }
        if length $text || !@responses;
    return wantarray ? @responses : $responses[0];
}

sub all {
    my ($res, $name) = @_;
    return map { lc $_->[0] eq lc $name ? $_->[1] : () } @{ $res->{headers} };
}

# One request; the headers may repeat a name.  A host is sent unless given.
sub request {
    my ($self, $method, $path, @headers) = @_;
    my $body = '';
    my $text = "$method $path HTTP/1.1\r\n";
    my $host = 'test.example';
    while (my ($name, $value) = splice @headers, 0, 2) {
        if ($name eq '-body') { $body = $value }
        elsif ($name eq 'Host') { $host = $value }
        else { $text .= "$name: $value\r\n" }
    }
    $text .= 'Content-Length: ' . length($body) . "\r\n" if length $body;
    return scalar $self->raw(
        "${text}Host: $host\r\nConnection: close\r\n\r\n$body", $method);
}

sub get { my ($self, $path, @h) = @_; $self->request('GET', $path, @h) }

# A preflight for method with the requested header names, if any.
sub preflight {
    my ($self, $path, $origin, $method, $names, @more) = @_;
    return $self->request('OPTIONS', $path, Origin => $origin,
        'Access-Control-Request-Method' => $method,
        defined $names ? ('Access-Control-Request-Headers' => $names) : (),
        @more);
}

# The headers of a response that CORS is about; two lines of one name stay
# visible as "a | b".
sub cors {
    my ($res) = @_;
    my %found;
    for (@{ $res->{headers} }) {
        my ($name, $value) = @$_;
        next unless $name =~ /^(?:Access-Control-|Timing-Allow-Origin|Vary)/i;
        $found{$name} = exists $found{$name} ? "$found{$name} | $value"
                                             : $value;
    }
    return \%found;
}

# Announces a line of this module's in the error log.
sub announce { my ($self, @re) = @_; push @{ $self->{announced} }, @re }

sub log_lines { split /\n/, slurp("$_[0]{root}/error.log") }

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
    my @lines = grep { /\[cors:(?!debug|trace)/ || /exit signal/ }
        $self->log_lines;
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
# says, paths made the same for everyone.
sub configtest {
    my ($conf, %files) = @_;
    my $root = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    make_path("$root/htdocs");
    write_file("$root/$_", $files{$_}) for keys %files;
    my $base = base_conf($root, 1);
    $conf =~ s/\@ROOT\@/$root/g;
    write_file("$root/base.conf", $base =~ s/^ErrorLog.*\n//mr);
    write_file("$root/test.conf", $conf);
    write_file("$root/httpd.conf", "Include \"$root/base.conf\"\n"
        . "ErrorLog \"$root/error.log\"\nInclude \"$root/test.conf\"\n");
    my $out = `$httpd -t -f "$root/httpd.conf" 2>&1`;
    my $ok = $? == 0;
    $out =~ s/\Q$root\E/ROOT/g;
    return ($ok, $out);
}

# A line of a password file.
sub htpasswd {
    my ($user, $password) = @_;
    return "$user:" . crypt($password, 'ab') . "\n";
}

1;
