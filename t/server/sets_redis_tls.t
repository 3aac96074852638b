# rediss: sets: TLS to a real Redis, whose certificate has to be for its host
# and from somebody who is trusted.

use strict;
use warnings;
use lib 't/lib';
use File::Temp qw(tempdir);
use Test::More;
use CorsChecker;
use CorsRedis;
use CorsSets;
use CorsTest;

# Debian 12 has hiredis without TLS: nobody can require that.
plan skip_all => 'the module is built without TLS for Redis: hiredis 1.0'
    if `ldd build/mod_cors.so` !~ /libhiredis_ssl/;
CorsService::needs('CorsRedis');

my $folder = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
chmod 0755, $folder;

sub openssl {
    system "cd '$folder' && openssl @_ >log 2>&1";
    is $?, 0, "openssl $_[0]" or diag CorsTest::slurp("$folder/log");
}

sub certificate {
    my ($name, $for) = @_;
    CorsTest::write_file("$folder/ext", "subjectAltName=$for\n");
    openssl("req -newkey rsa:2048 -nodes -keyout $name.key -out $name.csr "
        . "-subj /CN=$name");
    openssl("x509 -req -in $name.csr -CA ca.pem -CAkey ca.key -CAcreateserial "
        . "-days 2 -extfile ext -out $name.pem");
    chmod 0644, "$folder/$name.key";
}
openssl('req -x509 -newkey rsa:2048 -nodes -days 2 -keyout ca.key -out ca.pem '
    . '-subj /CN=ca');
certificate('right', 'IP:127.0.0.1,DNS:localhost');
certificate('other', 'IP:127.0.0.9,DNS:other.example');

my %port;
for my $name (qw(right other)) {
    $port{$name} = CorsTest::free_port();
    CorsRedis->start(arguments => [ '--tls-port', $port{$name},
        '--tls-cert-file', "$folder/$name.pem", '--tls-key-file',
        "$folder/$name.key", '--tls-ca-cert-file', "$folder/ca.pem",
        '--tls-auth-clients', 'no' ])->list('https://a.example');
}
my %source = (
    address => "127.0.0.1:$port{right}/cors: ca=$folder/ca.pem",
    name    => "localhost:$port{right}/cors: ca=$folder/ca.pem",
    other   => "127.0.0.1:$port{other}/cors: ca=$folder/ca.pem",
    host    => "localhost:$port{other}/cors: ca=$folder/ca.pem",
    trust   => "127.0.0.1:$port{right}/cors:",
);
my $s = CorsSets->start(join '', map { "CorsOriginSet $_ rediss:$source{$_} "
    . "timeout=1s\n" . within("<Location /$_>", "CorsAllowOrigin \@$_\n") }
    sort keys %source);

for (qw(address name)) {
    is $s->verdict($_, 'https://a.example'), 'allowed', "$_: listed";
    is $s->verdict($_, 'https://b.example'), 'origin-not-allowed',
        "$_: not listed";
}
for (qw(other host trust)) {
    is $s->verdict($_, 'https://a.example'), 'source-unavailable', $_;
    $s->announce(qr/\[cors:error\] .*CorsOriginSet $_ \(.*: .*certificate verify failed; /);
}
$s->finish;
