# The same over TLS: HTTP/1.1 and HTTP/2 as ALPN chooses, with a certificate of
# a private CA.

use strict;
use warnings;
use lib 't/lib';
use File::Temp qw(tempdir);
use Test::More;
use CorsTest;

my $modules = CorsTest::apxs_q('LIBEXECDIR');
plan skip_all => 'memcheck takes what OpenSSL decrypts for never written'
    if $ENV{CORS_MEMCHECK};
plan skip_all => 'mod_ssl is not installed' unless -e "$modules/mod_ssl.so";

# A CA that signs a certificate for test.example, both for a day.
my $keys = tempdir(CLEANUP => 1);
for my $command (
    "req -x509 -subj '/CN=CA of a test' -keyout ca.key -out ca.pem",
    "req -subj /CN=test.example -keyout key.pem -out server.csr",
    'x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial'
        . ' -extfile names -out server.pem',
    'req -subj /CN=someone -keyout client.key -out client.csr',
    'x509 -req -in client.csr -CA ca.pem -CAkey ca.key -CAcreateserial'
        . ' -out client.pem') {
    CorsTest::write_file("$keys/names", "subjectAltName=DNS:test.example,"
        . "DNS:required.example,DNS:optional.example\n");
    my $new = $command =~ /^req/
        ? '-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes' : '';
    my $said = `cd "$keys" && openssl $command $new -days 1 2>&1`;
    die "openssl $command: $said\n" if $?;
}

my $s = CorsTest->start(<<"CONF", 'page.html' => "page\n");
<IfModule !mod_ssl.c>
  LoadModule ssl_module $modules/mod_ssl.so
</IfModule>
SSLRandomSeed startup builtin
<Macro Host \$name \$verify \$require>
  <VirtualHost 127.0.0.1:\@PORT2\@>
    ServerName \$name.example
    SSLEngine On
    SSLCertificateFile "$keys/server.pem"
    SSLCertificateKeyFile "$keys/key.pem"
    SSLCACertificateFile "$keys/ca.pem"
    CorsAllowOrigin https://a.example
    CorsAllowMethods GET PUT
    \$verify
    <Location />
      \$require
    </Location>
  </VirtualHost>
</Macro>
Listen 127.0.0.1:\@PORT2\@
<VirtualHost 127.0.0.1:\@PORT2\@>
  ServerName test.example
  Protocols h2 http/1.1
  SSLEngine On
  SSLCertificateFile "$keys/server.pem"
  SSLCertificateKeyFile "$keys/key.pem"
  <Location />
    CorsAllowOrigin https://a.example
    CorsAllowMethods GET POST PUT
    CorsAllowCredentials On
  </Location>
</VirtualHost>
Use Host required "SSLVerifyClient require" "Require all granted"
Use Host optional "SSLVerifyClient optional" "Require ssl-verify-client"
CONF

sub get_from {
    my ($host, $path, @arguments) = @_;
    return curl("https://$host:$s->{port2}$path", '--cacert', "$keys/ca.pem",
        '--resolve', "$host:$s->{port2}:127.0.0.1", @arguments);
}

sub get { return get_from('test.example', @_) }

# Names of fields come in lower case over HTTP/2.
sub lower {
    my $cors = cors(@_);
    return { map { lc $_ => $cors->{$_} } keys %$cors };
}

my $a = 'https://a.example';
my %readable = ('access-control-allow-origin' => $a,
    'access-control-allow-credentials' => 'true');
my $vary = 'Origin,Access-Control-Request-Method,'
    . 'Access-Control-Request-Headers';
my @versions = ([ '1.1', '--http1.1' ],
    ($ENV{MPM} || '') eq 'prefork' || `curl -V` !~ /HTTP2/ ? ()
        : [ '2', '--http2' ]);
for (@versions) {
    my ($version, $option) = @$_;
    my @put = ($option, '-X', 'OPTIONS', '-H',
        'Access-Control-Request-Method: PUT', '-H');
    for ([ 'a request', 200, { vary => 'Origin', %readable },
            get('/page.html', $option, '-H', "Origin: $a") ],
        [ 'no file', 404, { vary => 'Origin', %readable },
            get('/missing', $option, '-H', "Origin: $a") ],
        [ 'another origin', 200, { vary => 'Origin' },
            get('/page.html', $option, '-H', 'Origin: http://a.example') ],
        [ 'a preflight', 204, { vary => $vary, %readable,
                'access-control-allow-methods' => 'GET, POST, PUT' },
            get('/page.html', @put, "Origin: $a") ],
        [ 'a refused preflight', 403, { vary => $vary },
            get('/page.html', @put, 'Origin: https://b.example') ]) {
        my ($name, $status, $cors, $res) = @$_;
        is $res->{version}, $version, "HTTP/$version: $name";
        is $res->{status}, $status, "$name: status";
        is_deeply lower($res), $cors, "$name: headers";
    }
}

# What configtest says of SSLVerifyClient require is so: no preflight reaches the
# server, and what it says to write instead lets in as many requests.
my @ask = ('--http1.1', '-X', 'OPTIONS', '-H', "Origin: $a", '-H',
    'Access-Control-Request-Method: PUT');
my @certificate = ('--cert', "$keys/client.pem", '--key', "$keys/client.key");
is get_from("$_->[0].example", '/page.html', '--http1.1', @{ $_->[2] })->{status},
    $_->[3], "SSLVerifyClient $_->[0]: $_->[1]"
    for [ 'required', 'a preflight', \@ask, 0 ],
    [ 'required', 'a request with a certificate', \@certificate, 200 ],
    [ 'required', 'a request without', [], 0 ],
    [ 'optional', 'a preflight', \@ask, 204 ],
    [ 'optional', 'a request with a certificate', \@certificate, 200 ],
    [ 'optional', 'a request without', [], 403 ];

$s->announce(qr/SSLVerifyClient require .*\[client-certificate\]$/);
$s->announce(qr/preflight refused: origin-not-allowed/) for @versions;
$s->finish;
