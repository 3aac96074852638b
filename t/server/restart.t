# Configtest, start and graceful restart say the same of a policy; but a list
# of public suffixes that changes takes no running server down.

use strict;
use warnings;
use lib 't/lib';
use File::Temp qw(tempdir);
use Test::More;
use CorsTest;

# What all of them have to say of an unsafe configuration.
my $unsafe = "CorsAllowOrigin *\nCorsAllowCredentials On\n";
my ($ok, $out) = configtest($unsafe);
my ($expected) = map { $_->[1] =~ s/line \d+ of [^)]*/LINE/gr } said($out);
like $expected, qr/^CorsAllowCredentials On \(LINE\) with CorsAllowOrigin \*/,
    'configtest refuses';
my $same = sub {
    my ($what, @lines) = @_;
    is_deeply [ map { $_->[1] =~ s/line \d+ of [^)]*/LINE/gr }
        grep { $_->[0] eq 'error' } said(join "\n", @lines) ], [ $expected ],
        "$what refuses, for the same reason";
};

my $list = tempdir(CLEANUP => 1) . '/suffixes';
sub suffixes {
    open my $fh, '>', $list or die "$list: $!\n";
    print $fh "// ===BEGIN ICANN DOMAINS===\n", (map { "$_\n" } @_),
        "// ===END ICANN DOMAINS===\n";
    close $fh or die "$list: $!\n";
}
suffixes('com');
$ENV{CORS_PUBLIC_SUFFIX_LIST} = $list;
my $policy = "CorsAllowOrigin https://*.shared.example\n"
    . "CorsAllowCredentials On\n";
my $s = CorsTest->start($policy);

# Its port is taken, so that what starts here can't go on unseen.  With -k
# graceful, httpd reads the configuration itself before it signals the server.
my $conf = "$s->{root}/conf/httpd.conf";
my $good = CorsTest::slurp($conf);
CorsTest::write_file($conf, "$good\nCorsAllowOrigin *\n"
    =~ s/CorsAllowOrigin https.*\n//r);
my $httpd = CorsTest::httpd();
for my $how ('-X', '-k graceful') {
    my $said = `$httpd $how -f "$conf" 2>&1`;
    isnt $?, 0, "httpd $how fails";
    $same->($how, split /\n/, $said);
}
CorsTest::write_file($conf, $good);

my $origin = 'https://a.shared.example';
sub answers {
    my ($what, $credentials) = @_;
    is_deeply cors($s->get('/', Origin => $origin)), { Vary => 'Origin',
        'Access-Control-Allow-Origin' => $origin,
        $credentials ? ('Access-Control-Allow-Credentials' => 'true') : () },
        $what;
}
answers('the server goes on', 1);

my $lines = sub { my ($re) = @_; grep { /$re/ } $s->log_lines };
my $warned = qr/\[cors:warn\] .*CorsAllowCredentials On \(.*\) with CorsAllowOrigin https:\/\/\*\.shared\.example \(.*\) in the main server: anyone can have a host below the public suffix shared\.example: .* or CorsAllowUnsafe public-suffixes\. Until then it gets no credentials \[credentials-public-suffix\]$/;
suffixes('com', 'shared.example');
($ok) = configtest($policy);
ok !$ok, 'with the new list, configtest refuses';
like `$httpd -X -f "$conf" 2>&1`, qr/\[cors:error\] .*: anyone can have a host below the public suffix shared\.example:/,
    'and so does a start';
$s->reconfigure(sub {});
is scalar($lines->($warned)), 1, 'but a restart only warns, once';
answers('and the pattern gets no credentials', 0);
is cors($s->preflight('/', $origin, 'GET'))
    ->{'Access-Control-Allow-Credentials'}, undef, 'nor does a preflight';

suffixes('com');
$s->reconfigure(sub {});
answers('the old list again: with credentials', 1);
is scalar($lines->($warned)), 1, 'without a warning';

$s->reconfigure(sub { s/^(CorsAllowCredentials On)/$1\nCorsAllowUnsafe public-suffixes/m });
suffixes('com', 'shared.example');
$s->reconfigure(sub {});
answers('CorsAllowUnsafe public-suffixes', 1);
is scalar($lines->($warned)), 1, 'takes the warning away, too';
$s->reconfigure(sub { s/^CorsAllowUnsafe.*\n//m });
is scalar($lines->($warned)), 2, 'and gone again, it is back';

# No list at all: nobody can tell.
my $unknown = qr/shared\.example may be a public suffix, below which anyone can have a host, and the list of suffixes is missing: install the package publicsuffix, or write CorsAllowUnsafe public-suffixes/;
unlink $list;
$s->reconfigure(sub {});
is scalar($lines->(qr/\[cors:warn\] .*$unknown\. Until then it gets no credentials \[suffix-list-missing\]$/)),
    1, 'without a list, a restart warns';
answers('and the pattern gets no credentials', 0);
($ok, $out) = configtest($policy);
ok !$ok, 'configtest refuses';
like $out, qr/\[cors:error\] .*$unknown \[suffix-list-missing\]$/m, 'and says how to mend it';
($ok) = configtest("CorsAllowCredentials On\nCorsAllowOrigin https://a.example\n");
ok $ok, 'origins that are no pattern need no list';

# What is never safe is refused by a running server as well: it ends, as with
# any error in its configuration.
$s->announce($warned, $unknown, qr/shared\.example .*: anyone can have a host below the public suffix shared\.example:/);
suffixes('com');
$s->reconfigure(sub {});
CorsTest::write_file($conf, "$good\nCorsAllowOrigin *\n"
    =~ s/CorsAllowOrigin https.*\n//r);
kill USR1 => $s->{pid};
$s->wait_for('the server to end', sub { !kill 0, $s->{pid} });
$same->('SIGUSR1', $lines->(qr/\[cors:error\]/));
$s->announce(qr/\[cors:error\] .*no browser takes credentials with \*/);

$s->finish;
