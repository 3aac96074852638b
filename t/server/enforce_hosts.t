# Whether a page is the server's own where the browser does not say so: by
# Origin and Host, behind proxies, under every way to name a host.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $s = CorsTest->start(<<'CONF', 'page.cgi' => "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\necho ran\n");
CorsAllowOrigin none
CorsEnforce Unsafe
<VirtualHost *:@PORT@>
  ServerName test.example
</VirtualHost>
# The name that httpd is told to have behind a TLS terminator.
<VirtualHost *:@PORT@>
  ServerName https://terminated.example
</VirtualHost>
<VirtualHost *:@PORT@>
  ServerName https://port.example:8443
</VirtualHost>
# A proxy of ours in front, which keeps Host or does not.
Listen 127.0.0.1:@PORT2@
<VirtualHost *:@PORT2@>
  ServerName front.example
  CorsEngine Off
  ProxyPass / http://127.0.0.1:@PORT@/
</VirtualHost>
<VirtualHost *:@PORT2@>
  ServerName kept.example
  CorsEngine Off
  ProxyPreserveHost On
  ProxyPass / http://127.0.0.1:@PORT@/
</VirtualHost>
CONF

# A POST to the server, or to the one in front of it.
sub posted {
    my ($origin, $host, %more) = @_;
    my $url = $more{url} || '/page.cgi';
    my $version = $more{version} || '1.1';
    local $s->{port} = $more{front} ? $s->{port2} : $s->{port};
    my $res = $s->raw("POST $url HTTP/$version\r\n"
        . (defined $host ? "Host: $host\r\n" : '')
        . ($more{fields} || '')
        . "Origin: $origin\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    return $res->{status};
}

# [ what, status, origin, host, more ]
my @rows = (
    [ 'the same', 200, 'http://a.example', 'a.example' ],
    [ 'https where the server believes in http', 200, 'https://a.example',
        'a.example' ],
    [ 'another', 403, 'http://b.example', 'a.example' ],
    [ 'a part', 403, 'http://a.example', 'x.a.example' ],
    [ 'capitals in Host', 200, 'http://a.example', 'A.Example' ],
    [ 'capitals in Origin', 403, 'http://A.Example', 'A.Example' ],
    [ 'a port', 200, 'http://a.example:8080', 'a.example:8080' ],
    [ 'another port', 403, 'http://a.example:8080', 'a.example:8081' ],
    [ 'no port in Origin', 403, 'http://a.example', 'a.example:8080' ],
    [ 'no port in Host', 403, 'http://a.example:8080', 'a.example' ],
    [ 'the default port in Host', 200, 'http://a.example', 'a.example:80' ],
    [ 'that of https', 200, 'https://a.example', 'a.example:443' ],
    [ 'that of the other scheme', 403, 'https://a.example', 'a.example:80' ],
    [ 'the default port in Origin', 403, 'http://a.example:80',
        'a.example:80' ],
    [ 'an IPv6 host', 200, 'http://[::1]', '[::1]' ],
    [ 'an IPv6 host with a port', 200, 'http://[::1]:8080', '[::1]:8080' ],
    [ 'an IPv6 host with the default port', 200, 'https://[::1]',
        '[::1]:443' ],
    [ 'an IPv6 host, in capitals', 200, 'http://[2001:db8::f]',
        '[2001:DB8::F]' ],
    [ 'another IPv6 host', 403, 'http://[::1]', '[::2]' ],
    [ 'an IPv4 host', 200, 'http://127.0.0.1:8080', '127.0.0.1:8080' ],
    [ 'a dot at the end of both', 200, 'http://a.example.', 'a.example.' ],
    [ 'a dot at the end of one', 403, 'http://a.example', 'a.example.' ],
    [ 'no Host', 403, 'http://test.example', undef, version => '1.0' ],
    [ 'a path in Origin', 403, 'http://a.example/', 'a.example' ],
    [ 'another scheme', 403, 'coap://a.example', 'a.example' ],
    (map { [ "no \"://\": $_", 403, $_, 'a.example' ] }
        'http;//a.example', 'http:x/a.example', 'http:/xa.example'),
    [ 'two origins', 403, 'http://a.example, http://a.example', 'a.example' ],
    [ 'two Origin fields', 403, 'http://a.example', 'a.example',
        fields => "Origin: http://a.example\r\n" ],

    # What httpd makes of several hosts.
    [ 'two Host fields', 400, 'http://a.example', 'a.example',
        fields => "Host: a.example\r\n" ],
    [ 'two hosts in one field', 400, 'http://a.example',
        'a.example, b.example' ],
    [ 'an absolute request line', 200, 'http://a.example', 'a.example',
        url => 'http://a.example/page.cgi' ],
    [ 'an absolute request line, and another Host', 200, 'http://a.example',
        'b.example', url => 'http://a.example/page.cgi' ],
    [ 'an absolute request line, and Host alone equal', 403,
        'http://b.example', 'b.example', url => 'http://a.example/page.cgi' ],
    [ 'an absolute request line with a port', 200, 'http://a.example:8080',
        'b.example', url => 'http://A.example:8080/page.cgi' ],
    [ 'an absolute request line with an IPv6 host', 200, 'http://[::1]:8080',
        'b.example', url => 'http://[::1]:8080/page.cgi' ],
    [ 'X-Forwarded-Host counts for nothing', 403, 'http://a.example',
        'b.example', fields => "X-Forwarded-Host: a.example\r\n" ],

    # Behind a TLS terminator.
    [ 'terminated, and not known', 200, 'https://test.example',
        'test.example' ],
    [ 'terminated, and not known: an http page', 200, 'http://test.example',
        'test.example' ],
    [ 'terminated, and known', 200, 'https://terminated.example',
        'terminated.example' ],
    [ 'terminated, and known: an http page', 403,
        'http://terminated.example', 'terminated.example' ],
    [ 'terminated, on a port', 200, 'https://port.example:8443',
        'port.example:8443' ],
    [ 'terminated, on a port: what Host says decides', 403,
        'https://port.example:8443', 'port.example' ],

    # Behind a proxy of ours.
    [ 'a proxy that keeps Host', 200, 'http://kept.example', 'kept.example',
        front => 1 ],
    [ 'a proxy that keeps Host, over TLS', 200, 'https://kept.example',
        'kept.example', front => 1 ],
    [ 'a proxy that keeps Host: another page', 403, 'http://b.example',
        'kept.example', front => 1 ],
    [ 'a proxy that changes Host', 403, 'http://front.example',
        'front.example', front => 1 ],
    [ 'a proxy that changes Host, where the browser says more', 200,
        'http://front.example', 'front.example', front => 1,
        fields => "Sec-Fetch-Site: same-origin\r\n" ],
    [ 'a proxy that changes Host: another page', 403, 'http://b.example',
        'front.example', front => 1,
        fields => "Sec-Fetch-Site: cross-site\r\n" ],
);

for my $row (@rows) {
    my ($what, $status, $origin, $host, @more) = @$row;
    is posted($origin, $host, @more), $status, $what;
}

SKIP: {
    skip 'curl has no HTTP/2', 4 unless `curl -V` =~ /HTTP2/;
    for ([ 'the authority', 200, 'http://a.example', 'a.example' ],
        [ 'the authority, in capitals', 200, 'http://a.example', 'A.Example' ],
        [ 'the authority with a port', 200, 'http://a.example:8080',
            'a.example:8080' ],
        [ 'another authority', 403, 'http://b.example', 'a.example' ]) {
        my ($what, $status, $origin, $host) = @$_;
        my $res = curl("http://127.0.0.1:$s->{port}/page.cgi", '-X', 'POST',
            '--http2-prior-knowledge', '-H', "Origin: $origin",
            '-H', "Host: $host");
        is "$res->{version} $res->{status}", "2 $status", "HTTP/2: $what";
    }
}

$s->announce(qr/request refused by enforcement/);
$s->stop;
is_deeply [ $s->unannounced ], [], 'clean log';

# httpd puts the host of an absolute request line into Host, and refuses two
# hosts, unless it is told to be lenient.
$s = CorsTest->start(<<'CONF', 'page.cgi' => "#!/bin/sh\nprintf 'Content-Type: text/plain\\n\\n'\necho ran\n");
HttpProtocolOptions Unsafe
CorsAllowOrigin none
CorsEnforce Unsafe
CONF
for my $row (grep { $_->[0] =~ /absolute|two hosts|two Host|the same/ } @rows) {
    my ($what, $status, $origin, $host, @more) = @$row;
    is posted($origin, $host, @more), $status == 400 ? 403 : $status,
        "lenient: $what";
}
$s->announce(qr/request refused by enforcement/);
$s->finish;
