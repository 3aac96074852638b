# cors-explain asks nobody: no back end, no script, no check of access.  It
# writes nothing.

use strict;
use warnings;
use lib 't/lib';
use Digest::MD5 qw(md5_hex);
use File::Find qw(find);
use IO::Select;
use IO::Socket::INET;
use Test::More;
use CorsTest;
use ExplainTest;

my $APP = 'https://app.example.com';
my $backend = IO::Socket::INET->new(Listen => 5, LocalAddr => '127.0.0.1')
    or die "cannot listen: $!\n";
my $address = 'http://127.0.0.1:' . $backend->sockport;

# A password file that is missing makes httpd complain where access is checked.
my $s = CorsTest->start(<<"CONF",
CorsAllowOrigin $APP
CorsAllowMethods *
CorsAllowHeaders * Authorization
ProxyPass /proxied $address/
RewriteEngine On
RewriteRule ^/rewritten\$ $address/ [P]
<Location /secret>
  AuthType Basic
  AuthName test
  AuthUserFile "\@ROOT\@/no-such-file"
  Require valid-user
</Location>
CONF
    'run.cgi' => "#!/bin/sh\ntouch \"\$0.ran\"\nprintf 'Status: 204\\n\\n'\n",
    'secret/page' => "page\n", 'form/.htaccess' => "CorsMaxAge 5\n");

# Every file with its content, but those of asking.
sub files {
    my @files;
    find({ no_chdir => 1, wanted => sub {
        push @files, -f ? "$_ " . md5_hex(CorsTest::slurp($_)) : $_
            if !m{/explain\.\w+$};
    } }, $s->{root});
    return join "\n", sort @files;
}

my $before = files();
my $said = '';
for my $method (qw(GET POST PUT DELETE)) {
    for my $path (qw(/run.cgi /proxied/x /rewritten /secret/page /form/x /)) {
        my ($text, $status, $error) = ExplainTest::run($s, '', $method,
            "http://test.example:$s->{port}$path", '--origin', $APP,
            '--header', 'authorization: Basic dTpw', '--header',
            'content-type: application/json');
        is $status, 0, "$method $path is explained" or diag $text . $error;
        $said .= $error;
    }
}
is $said, '', 'nothing is checked';
ok !IO::Select->new($backend)->can_read(0), 'no back end is asked';
is files(), $before, 'nothing is written';

# Whoever answers requests has to be a user.
SKIP: {
    skip 'nobody but root becomes another user', 2 if $>;
    my $conf = CorsTest::slurp("$s->{root}/conf/httpd.conf");
    $conf =~ s/^\s*User\s.*$/User "#-1"/mi;
    CorsTest::write_file("$s->{root}/conf/nobody.conf", $conf);
    my (undef, $status, $error) = ExplainTest::run($s, '', 'GET',
        "http://test.example:$s->{port}/", '--origin', $APP, '-f',
        "$s->{root}/conf/nobody.conf");
    isnt $status, 0, 'no user answers requests';
    like $error, qr/EXPLAIN_CORS: can't become '#-1', the user who answers requests: write a User and a Group line/,
        'which the message says';
}

$s->finish;
