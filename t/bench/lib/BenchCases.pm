package BenchCases;

=head1 NAME

BenchCases - what is counted, and how much it may be

=head1 DESCRIPTION

One table for each question.  The bounds are in instructions for one request,
over the plain server of the same run.

=cut

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(@WORK @PLACES @SIZES @HOSTILE @SETUPS @HALVES @SCALE work_jobs place_jobs
    size_jobs hostile_jobs timed_conf timed_headers);

# The requests that the tables name.

my $ORIGIN = 'https://app.example.com';
my $OTHER  = 'https://evil.example.com';

sub request {
    my ($method, $path, @headers) = @_;
    my $text = "$method $path HTTP/1.1\r\nHost: bench.example\r\n"
        . "User-Agent: bench\r\nAccept: */*\r\n";
    while (my ($name, $value) = splice @headers, 0, 2) {
        $text .= "$name: $value\r\n";
    }
    return "$text\r\n";
}

sub preflight {
    my ($origin, $names) = @_;
    return request(OPTIONS => '/file.txt', Origin => $origin,
        'Access-Control-Request-Method' => 'PUT',
        'Access-Control-Request-Headers' => $names);
}

my $NAMES = 'content-type,x-requested-with';
my %REQUEST = (
    get               => request(GET => '/file.txt'),
    allowed           => request(GET => '/file.txt', Origin => $ORIGIN),
    refused           => request(GET => '/file.txt', Origin => $OTHER),
    preflight         => preflight($ORIGIN, $NAMES),
    preflight_refused => preflight($OTHER, $NAMES),
    api               => request(GET => '/api/v1/file.txt',
                                 Origin => $ORIGIN),
);

# The same policy in each setup.

my $POLICY = <<'CONF';
CorsAllowOrigin https://app.example.com https://*.example.org
CorsAllowMethods GET POST PUT DELETE
CorsAllowHeaders Content-Type Authorization X-Requested-With
CorsAllowCredentials On
CorsMaxAge 600
CONF

# As it is written by somebody who has read about it: one origin is let in by
# name and the subdomains of another by a pattern that begins and ends, errors
# have the headers too, and a preflight is told from another OPTIONS.
my $RECIPE = <<'CONF';
SetEnvIf Origin "^(https://app\.example\.com|https://([a-z0-9-]+\.)+example\.org)$" ALLOWED=$1
SetEnvIf Access-Control-Request-Method "." PREFLIGHT
Header always merge Vary Origin
Header always set Access-Control-Allow-Origin "%{ALLOWED}e" env=ALLOWED
Header always set Access-Control-Allow-Credentials "true" env=ALLOWED
Header always set Access-Control-Allow-Methods "GET, POST, PUT, DELETE" "expr=-n reqenv('ALLOWED') && -n reqenv('PREFLIGHT')"
Header always set Access-Control-Allow-Headers "Content-Type, Authorization, X-Requested-With" "expr=-n reqenv('ALLOWED') && -n reqenv('PREFLIGHT')"
Header always set Access-Control-Max-Age "600" "expr=-n reqenv('ALLOWED') && -n reqenv('PREFLIGHT')"
RewriteEngine On
RewriteCond %{REQUEST_METHOD} =OPTIONS
RewriteCond %{ENV:PREFLIGHT} =1
RewriteRule ^ - [R=204,L]
CONF

# As it is passed on from one forum to the next.
my $POPULAR = <<'CONF';
SetEnvIf Origin "https?://(www\.)?(app.example.com|.*example.org)$" ALLOWED=$0
Header always set Access-Control-Allow-Origin %{ALLOWED}e env=ALLOWED
Header always set Access-Control-Allow-Credentials true
Header always set Access-Control-Allow-Methods "GET, POST, PUT, DELETE, OPTIONS"
Header always set Access-Control-Allow-Headers "Content-Type, Authorization, X-Requested-With"
Header always set Access-Control-Max-Age 600
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^(.*)$ $1 [R=200,L]
CONF

# The lines of an answer.
my @VARY   = ([ Vary => 'Origin' ]);
my @READ   = ([ 'Access-Control-Allow-Origin' => $ORIGIN ],
              [ 'Access-Control-Allow-Credentials' => 'true' ]);
my @VARIES = ([ Vary => 'Origin, Access-Control-Request-Method, '
                      . 'Access-Control-Request-Headers' ]);
my @SEND   = ([ 'Access-Control-Allow-Methods' => 'GET, POST, PUT, DELETE' ],
              [ 'Access-Control-Allow-Headers' =>
                'Content-Type, Authorization, X-Requested-With' ],
              [ 'Access-Control-Max-Age' => '600' ]);

# What a request costs.  lines: those of CORS that the answer of mod_cors has
# and the floor writes.  bound: over the plain server.
#
# A preflight has no plain counterpart, so it stands against a plain GET: where
# that takes 28,130 instructions, an answered preflight is to take 31,500 at
# most, 3,370 more.  What httpd takes for both depends on its build and on the
# path of the file, the difference much less.  The bound over the floor keeps
# what has been reached.
our @WORK = (
    { name => 'no policy holds', request => 'get', status => 200,
      lines => [], policy => '', bound => 100 },
    { name => 'no `Origin`, a list', request => 'get', status => 200,
      lines => [ @VARY ], bound => 1_500 },
    { name => 'allowed, with credentials', request => 'allowed',
      status => 200, lines => [ @VARY, @READ ], bound => 2_900 },
    { name => 'refused', request => 'refused', status => 200,
      lines => [ @VARY ] },
    { name => 'preflight allowed', request => 'preflight', status => 204,
      lines => [ @VARIES, @READ, @SEND ],
      bound => 3_370, floor_bound => 1_800 },
    { name => 'preflight refused', request => 'preflight_refused',
      status => 403, lines => [ @VARIES ] },
);

# Where the policy can stand, for an allowed request with credentials; the
# plain server has the same sections without the policy.
our @PLACES = (
    { name => 'virtual host', request => 'allowed',
      plain => '', cors => $POLICY },
    { name => '<Location>', request => 'allowed',
      map { $_->[0] => "<Location \"/\">\n$_->[1]</Location>\n" }
      [ plain => '' ], [ cors => $POLICY ] },
    { name => 'three nested <Location>', request => 'api',
      plain => nested('', '', ''), cors => nested($POLICY,
        "CorsAllowMethods inherit PATCH\n", "CorsMaxAge 60\n") },
    { name => '.htaccess', request => 'allowed',
      plain => htaccess(), cors => htaccess(),
      plain_files => { '.htaccess' => '' },
      cors_files => { '.htaccess' => $POLICY } },
);

sub nested {
    my @in = @_;
    return join '', map { "<Location \"$_\">\n" . shift(@in)
        . "</Location>\n" } '/', '/api', '/api/v1';
}

sub htaccess {
    return "<Directory \"\@ROOT\@/htdocs\">\nAllowOverride All\n"
        . "</Directory>\n";
}

# How long the list is: exact origins and patterns.  The time may not depend on
# it: a request of the last must be within 1 % of one of the first.
our @SIZES = ([ 1, 1 ], [ 100, 1 ], [ 100_000, 1_000 ]);

# How large a configuration can be: what a server of that size takes in memory
# and to start, against the same with words or hosts that nobody looks at.
# conf(n) is a list of lines.  bound: of what is measured by it.
our @SCALE = (
    { name => 'virtual hosts', of => 'hosts', counts => [ 10_000 ],
      conf => { plain => sub { hosts($_[0], '') },
                'one policy for all' => sub { ($POLICY, hosts($_[0], '')) },
                'a policy each' => sub { hosts($_[0], $POLICY) } } },
    { name => 'origins', of => 'origins', counts => [ 100_000, 1_000_000 ],
      conf => { plain => sub { listed($_[0], 'FloorIgnore') },
                'one list' => sub { listed($_[0], 'CorsAllowOrigin') } } },
);

sub hosts {
    my ($count, $policy) = @_;
    return map { "<VirtualHost *:\@PORT\@>\nServerName host$_.example\n"
        . "$policy</VirtualHost>\n" } 1 .. $count;
}

sub listed {
    my ($count, $directive) = @_;
    return map { "$directive https://host$_.example.net\n" } 1 .. $count;
}

# What can be sent to make it dear.  Each value is made of so many bytes; the
# bound is for each of them, over the floor, and must be the same for the first
# and the second half.  0.1: it is not read through.
our @HALVES = (2_048, 4_096, 8_192);
our @HOSTILE = (
    { name => 'short names', header => 'Access-Control-Request-Headers',
      value => sub { substr join(',', (map { "x-$_" } 'a' .. 'z')
          x ($_[0] / 104 + 1)), 0, $_[0] - 1 }, status => 204, bound => 20 },
    { name => 'commas', header => 'Access-Control-Request-Headers',
      value => sub { ',' x $_[0] }, status => 204, bound => 20 },
    { name => 'one name', header => 'Access-Control-Request-Headers',
      value => sub { 'a' x $_[0] }, status => 403, bound => 20 },
    { name => 'origin', header => 'Origin',
      value => sub { 'https://' . 'a' x ($_[0] - 8) }, status => 403,
      bound => 0.1 },
);

# The jobs that count these: what to configure, what to send, and what the
# answer must have.  Each is named "row: setup".

# Columns of the first table.
our @SETUPS = qw(plain floor recipe popular cors);

sub floor_conf {
    my ($row) = @_;
    return join '', $row->{status} == 200 ? () : "FloorAnswer On\n",
        map { "FloorHeader $_->[0] \"$_->[1]\"\n" } @{ $row->{lines} };
}

my %SETUP = (
    plain   => sub { (conf => '') },
    floor   => sub { (conf => floor_conf(@_), modules => ['floor']) },
    recipe  => sub { (conf => $RECIPE) },
    popular => sub { (conf => $POPULAR) },
    cors    => sub { (modules => ['cors'], conf =>
        defined $_[0]{policy} ? $_[0]{policy} : $POLICY) },
);

sub job {
    my ($name, $request, $setup, %more) = @_;
    return { name => $name, request => $REQUEST{$request} || $request,
        setup => $setup, $SETUP{$setup}->(\%more), %more };
}

sub work_jobs {
    my ($row) = @_;
    my @setups = $row->{lines} && !@{ $row->{lines} } ? qw(plain floor cors)
               : @SETUPS;
    return map { job("$row->{name}: $_",
        $_ eq 'plain' && $row->{status} != 200 ? 'get' : $row->{request}, $_,
        status => $row->{status}, lines => $row->{lines},
        policy => $row->{policy}) } @setups;
}

# The same for servers that are timed.
sub timed_conf {
    my ($setup) = @_;
    return $SETUP{$setup}->({});
}

sub timed_headers {
    my ($kind) = @_;
    return $kind eq 'allowed' ? "Origin: $ORIGIN"
        : (':method: OPTIONS', "Origin: $ORIGIN",
           'Access-Control-Request-Method: PUT',
           "Access-Control-Request-Headers: $NAMES");
}

sub place_jobs {
    my ($row) = @_;
    return map { job("$row->{name}: $_", $row->{request}, $_,
        conf => $row->{$_}, files => { 'api/v1/file.txt' => "x\n",
            %{ $row->{"${_}_files"} || {} } },
        status => 200, lines => $_ eq 'cors' ? [ @VARY, @READ ] : [])
        } qw(plain cors);
}

sub size_jobs {
    my ($size) = @_;
    my ($exact, $wild) = @$size;
    return job("$exact + $wild origins: cors", 'allowed', 'cors',
        conf => "CorsAllowCredentials On\nInclude \@ROOT\@/htdocs/list\n",
        files => { list => origins($exact, $wild) },
        status => 200, lines => [ @VARY, @READ ]);
}

sub origins {
    my ($exact, $wild) = @_;
    return join '', (map { "CorsAllowOrigin https://host$_.example.net\n" }
            2 .. $exact), "CorsAllowOrigin $ORIGIN\n",
        map { "CorsAllowOrigin https://*.site$_.example.org\n" } 1 .. $wild;
}

sub hostile_jobs {
    my ($row) = @_;
    my @names = map { "x-$_" } 'a' .. 'z';
    my $policy = "CorsAllowOrigin $ORIGIN\nCorsAllowMethods PUT\n"
        . "CorsAllowHeaders @names\n";
    return map { my $bytes = $_; map {
        my $value = $row->{value}->($bytes);
        my %with = (Origin => $ORIGIN,
            'Access-Control-Request-Method' => 'PUT',
            $row->{header} => $value);
        job("$row->{name}, $bytes bytes: $_",
            request(OPTIONS => '/file.txt', map { $_ => $with{$_} }
                sort keys %with), $_, status => $row->{status},
            policy => $policy, bytes => $bytes,
            lines => $row->{status} == 204 ? undef : [ @VARIES ])
        } qw(floor cors) } @HALVES;
}

1;
