# Modules of others that answer, refuse or change responses, as Debian packages
# them.  Each has a server of its own, and is left out where it is not
# installed.  With CORS_TEST_ALL=1, as in CI, a missing module is an error.

use strict;
use warnings;
use lib 't/lib';
use IO::Socket::INET;
use Test::More;
use CorsTest;

plan skip_all => 'memcheck would look at the modules of others'
    if $ENV{CORS_MEMCHECK};

my ($a, $b) = qw(https://a.example https://b.example);
my $modules = CorsTest::apxs_q('LIBEXECDIR');
my $policy = policy_for($a, $b);
my $listed = { Vary => 'Origin', 'Access-Control-Allow-Origin' => $a };

# Runs the test if the module is there.
sub with_module {
    my ($name, $package, $test) = @_;
    my $there = -e "$modules/mod_$name.so";
    SKIP: {
        # mod_security2 leaves httpd a define in a pool that is cleared.
        skip 'httpd itself uses freed memory with mod_security2', 1
            if $name eq 'security2' && $ENV{ASAN_OPTIONS};
        skip "mod_$name is not installed: $package", 1
            unless $there || $ENV{CORS_TEST_ALL};
        ok $there, "mod_$name of $package" or return;
        $test->();
    }
}

# What is to be true of a preflight that another module ends, before mod_cors
# can answer it or after it has.
sub ends_elsewhere {
    my ($s, $path, $status, $answered) = @_;
    my $res = $s->preflight($path, $a, 'PUT');
    is $res->{status}, $status, "a preflight of $path is ended with $status";
    is_deeply cors($res), $listed, 'it has the headers of any response';
    my $end = "with status $status: origin '$a' for PUT $path on test.example;"
        . ' the policy says: allowed';
    my $how = $answered
        ? 'was answered by mod_cors, and something else replaced the answer'
        : 'was ended before mod_cors could answer it';
    my $line = qr/\[cors:info\] .*preflight $how, \Q$end\E$/;
    ok scalar(grep { $_ =~ $line } $s->log_lines), 'the log tells its end';
    $s->announce($line);
}

sub clean {
    my ($s) = @_;
    is_deeply [ $s->unannounced ], [], 'clean log';
    $s->stop;
}

# --- mod_auth_openidc answers its redirect URI before any handler.
with_module auth_openidc => 'libapache2-mod-auth-openidc', sub {
    my $s = CorsTest->start($policy . <<'CONF', 'login/back' => "a file\n",
OIDCProviderIssuer https://idp.example
OIDCProviderAuthorizationEndpoint https://idp.example/authorize
OIDCProviderTokenEndpoint https://idp.example/token
OIDCClientID test
OIDCClientSecret none
OIDCRedirectURI /login/back
OIDCCryptoPassphrase none
<Location /login>
  AuthType openid-connect
  Require valid-user
</Location>
CONF
        -modules => ['auth_openidc']);
    for my $query ('', '?error=access_denied', '?code=1&state=unknown') {
        my $res = $s->get("/login/back$query", Origin => $a);
        isnt $res->{body}, "a file\n", "redirect URI$query: no handler";
        is_deeply cors($res), $listed, "$res->{status} with the headers";
    }
    my $res = $s->get('/login/x', Origin => $a, Accept => 'text/html',
        'Sec-Fetch-Mode' => 'navigate', 'Sec-Fetch-Dest' => 'document');
    is $res->{status}, 302, 'a person is sent to the login';
    is_deeply cors($res), $listed, 'with the headers';
    is $s->get('/login/x', Origin => $a, 'Sec-Fetch-Mode' => 'cors')->{status},
        401, 'a script is not';
    is $s->preflight("/login/$_", $a, 'PUT')->{status}, 204,
        "a preflight of $_ meets no login" for qw(x back);
    clean($s);
};

# --- mod_security2 sees a preflight in phase 1, and the answer in phase 3.
with_module security2 => 'libapache2-mod-security2', sub {
    my $s = CorsTest->start($policy . <<'CONF',
SecRuleEngine On
SecRequestBodyAccess On
SecRule REQUEST_URI "@beginsWith /one" "id:1,phase:1,deny,status:406"
SecRule REQUEST_URI "@beginsWith /two" "id:2,phase:2,deny,status:406"
SecRule REQUEST_URI "@beginsWith /three" "id:3,phase:3,deny,status:406"
CONF
        -modules => [qw(unique_id security2)]);
    ends_elsewhere($s, '/one', 406);
    is $s->preflight('/two', $a, 'PUT')->{status}, 204,
        'phase 2 never sees a preflight that is answered';
    ends_elsewhere($s, '/three', 406, 'answered');
    for my $path (qw(/one /two /three)) {
        my $res = $s->get($path, Origin => $a);
        is $res->{status}, 406, "$path: the actual request is refused";
        is_deeply cors($res), $listed, 'with the headers';
    }
    clean($s);
};

# --- mod_qos ends a request that is one too many.  Debian's mod_qos is linked
# to no libpcre, and took httpd's until httpd changed to libpcre2.
my ($pcre) = glob '/lib/*/libpcre.so.3 /usr/lib64/libpcre.so.3';
with_module qos => 'libapache2-mod-qos', sub {
    my $s = CorsTest->start($policy . ($pcre ? "LoadFile $pcre\n" : '')
        . "LoadModule qos_module $modules/mod_qos.so\n" . <<'CONF',
QS_ErrorResponseCode 503
QS_LocRequestLimitMatch "^/busy/" 1
<Directory "@ROOT@/htdocs/busy">
  Options +ExecCGI
  AddHandler cgi-script .cgi
</Directory>
CONF
        'busy/hold.cgi' => <<'CGI');
#!/bin/sh
printf 'Content-Type: text/plain\n\n'
touch @ROOT@/cache/held
tries=0
while [ ! -e @ROOT@/cache/release ] && [ $tries -lt 200 ]; do
    sleep 0.1
    tries=$((tries + 1))
done
echo released
CGI
    my $held = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $s->{port}) or die "cannot connect: $!\n";
    print $held "GET /busy/hold.cgi HTTP/1.1\r\nHost: test.example\r\n"
        . "Connection: close\r\n\r\n";
    $s->wait_for('a request that lasts', sub { -e "$s->{root}/cache/held" });
    ends_elsewhere($s, '/busy/', 503);
    my $res = $s->get('/busy/', Origin => $a);
    is $res->{status}, 503, 'the actual request is refused too';
    is_deeply cors($res), $listed, 'with the headers';
    open my $release, '>', "$s->{root}/cache/release" or die "$!\n";
    close $release;
    like join('', <$held>), qr/released/, 'the request that lasted ends';
    $s->wait_for('an answer', sub {
        $res = $s->preflight('/busy/', $a, 'PUT');
        $res->{status} == 204 });
    is $res->{status}, 204, 'and the next preflight is answered';
    clean($s);
};

# --- mod_xsendfile sends a file in the place of a script's response.
with_module xsendfile => 'libapache2-mod-xsendfile', sub {
    my $s = CorsTest->start($policy . <<'CONF',
<Directory "@ROOT@/htdocs/own">
  Options +ExecCGI
  AddHandler cgi-script .cgi
  XSendFile On
  XSendFilePath "@ROOT@/htdocs"
</Directory>
CONF
        'file.txt' => '0123456789' x 10, 'own/send.cgi' => <<'CGI',
#!/bin/sh
printf 'X-SENDFILE: @ROOT@/htdocs/file.txt\n'
printf 'Access-Control-Allow-Origin: *\n'
printf 'X-Own: 1\nContent-Type: text/plain\n\n'
CGI
        -modules => ['xsendfile']);
    my $res = $s->get('/own/send.cgi', Origin => $a);
    is $res->{body}, '0123456789' x 10, 'the file';
    exposes_what_leaves($res, 'the file');
    $res = $s->get('/own/send.cgi', Origin => $a, Range => 'bytes=20-29');
    is $res->{status}, 206, 'a part of it';
    exposes_what_leaves($res, 'a part');
    like cors($res)->{'Access-Control-Expose-Headers'},
        qr/Content-Range/, 'Content-Range is one of them';
    is cors($res)->{'Access-Control-Allow-Origin'}, $a,
        'and the origin is the policy\'s';
    clean($s);
};

# --- mod_brotli compresses: names come and go late.
with_module brotli => 'apache2-bin', sub {
    my $s = CorsTest->start($policy . <<'CONF',
<Location /own>
  SetOutputFilter BROTLI_COMPRESS
  Header set Content-MD5 none
</Location>
CONF
        'own/page.html' => "page\n" x 300, -modules => ['brotli']);
    my $res = $s->get('/own/page.html', Origin => $a,
        'Accept-Encoding' => 'br');
    is join(',', CorsTest::all($res, 'Content-Encoding')), 'br', 'compressed';
    exposes_what_leaves($res, 'compressed');
    is join(',', CorsTest::all($res, 'Vary')), 'Accept-Encoding,Origin',
        'one Vary line for both';
    $res = $s->get('/own/page.html', Origin => $a);
    is $res->{body}, "page\n" x 300, 'not compressed';
    exposes_what_leaves($res, 'not compressed');
    clean($s);
};

done_testing();
