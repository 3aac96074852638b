package BenchSetups;

=head1 NAME

BenchSetups - the same policy in each way of doing CORS, and what is sent

=head1 SYNOPSIS

    my $job = job('allowed: cors', 'allowed', 'cors', status => 200,
        lines => [ @VARY, @READ ]);

=cut

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw($ORIGIN $POLICY $RECIPE $POPULAR @VARY @READ @VARIES
    @SEND @SETUPS request job timed_conf timed_headers);

# The requests that the tables name.

our $ORIGIN = 'https://app.example.com';
my $OTHER   = 'https://evil.example.com';

# 326 bytes, 127 labels: a scheme, a host and a port as long as they may be.
my $LONGEST = 's' x 64 . '://' . join('.', ('a') x 127) . ':65535';

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
    longest           => request(GET => '/file.txt', Origin => $LONGEST),
    preflight         => preflight($ORIGIN, $NAMES),
    preflight_refused => preflight($OTHER, $NAMES),
    api               => request(GET => '/api/v1/file.txt',
                                 Origin => $ORIGIN),
);

# The same policy in each setup.

our $POLICY = <<'CONF';
CorsAllowOrigin https://app.example.com https://*.example.org
CorsAllowMethods GET POST PUT DELETE
CorsAllowHeaders Content-Type Authorization X-Requested-With
CorsAllowCredentials On
CorsMaxAge 600
CONF

# As it is written by somebody who has read about it: one origin is let in by
# name and the subdomains of another by a pattern that begins and ends, errors
# have the headers too, and a preflight is told from another OPTIONS.
our $RECIPE = <<'CONF';
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
our $POPULAR = <<'CONF';
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
our @VARY   = ([ Vary => 'Origin' ]);
our @READ   = ([ 'Access-Control-Allow-Origin' => $ORIGIN ],
               [ 'Access-Control-Allow-Credentials' => 'true' ]);
our @VARIES = ([ Vary => 'Origin, Access-Control-Request-Method, '
                       . 'Access-Control-Request-Headers' ]);
our @SEND   = ([ 'Access-Control-Allow-Methods' => 'GET, POST, PUT, DELETE' ],
               [ 'Access-Control-Allow-Headers' =>
                 'Content-Type, Authorization, X-Requested-With' ],
               [ 'Access-Control-Max-Age' => '600' ]);

# The setups: columns of the first table.
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

# What is counted: what to configure, what to send, and what the answer must
# have.  A job is named "row: setup".
sub job {
    my ($name, $request, $setup, %more) = @_;
    return { name => $name, request => $REQUEST{$request} || $request,
        setup => $setup, $SETUP{$setup}->(\%more), %more };
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

1;
