# CorsOriginSet with dbd:, redis: and rediss: sources: what configtest refuses,
# each with its line, and that no message shows a password.

use strict;
use warnings;
use lib 't/lib';
use File::Temp qw(tempdir);
use Test::More;
use CorsPostgres;
use CorsTest;

my $at = 'of ROOT/test.conf';
my $use = "CorsAllowOrigin \@p\n";
my $has_redis = `ldd build/mod_cors.so` =~ /libhiredis\.so/;
my $has_tls = `ldd build/mod_cors.so` =~ /libhiredis_ssl/;

# Without network the resolver does not know that there is no such host.
sub texts {
    my ($level, $out) = @_;
    $out =~ s/Temporary failure in name resolution/Name or service not known/;
    return [ map { $_->[0] eq $level ? $_->[1] : () } said($out) ];
}

# Refused, with the sentence behind what it is about.
sub refused {
    my ($what, $conf, $text) = @_;
    my ($ok, $out) = configtest("$conf$use");
    ok !$ok, "refused: $what";
    is_deeply texts('error', $out), [ $text ], "$what: why" or diag $out;
    unlike $out, qr/geheim/, "$what: no password";
}

sub accepted {
    my ($what, $conf) = @_;
    my ($ok, $out) = configtest("$conf$use");
    ok $ok, "accepted: $what";
    is_deeply texts('error', $out), [], 'without an error' or diag $out;
}

sub set { return "CorsOriginSet p @_\n" }

# dbd:
my $dbd = '"dbd:SELECT origin FROM t"';
my $modules = CorsTest::apxs_q('LIBEXECDIR');
my $load = join '', map { "LoadModule ${_}_module $modules/mod_$_.so\n" }
    qw(dbd watchdog);
# Debian and others build mod_watchdog in.
$load =~ s/^LoadModule watchdog.*\n//m if !-e "$modules/mod_watchdog.so";
my $driver = CorsPostgres::has_driver('sqlite3') ? 'sqlite3' : undef;
refused('no mod_dbd', set($dbd), "CorsOriginSet p dbd:SELECT origin FROM t "
    . "(line 1 $at): dbd: needs mod_dbd: write LoadModule dbd_module "
    . 'modules/mod_dbd.so [set-missing]');
refused('no statement', set('dbd:'), "CorsOriginSet 'dbd:' (line 1 $at): it "
    . 'has no statement: write, for example, "dbd:SELECT origin FROM '
    . 'cors_origin" [set-source]');
refused('an option of another source', set("$dbd timeout=1s"),
    "CorsOriginSet 'timeout=1s' (line 1 $at): dbd: has no such option, but "
    . 'refresh=, stale=, size=, version=: write one of these [set-option]');
refused('an empty version', set("$dbd version="), "CorsOriginSet 'version=' "
    . "(line 1 $at): write an SQL statement, as in \"version=SELECT max(id) "
    . 'FROM cors_change" [set-option]');

my $blocks = "CorsOriginSet p dbd:SELECT origin FROM t (line %d $at): %s [%s]";
sub dbd_refused {
    my ($what, $lines, $sentence, $code) = @_;
    my $conf = $load . $lines;
    my $line = 1 + ($conf =~ tr/\n//);
    refused($what, $conf . set($dbd), sprintf $blocks, $line, $sentence, $code);
}
my $min = 'every process would connect to the database before it answers a '
    . 'request, and answer none while the database hangs: write DBDMin 0 in '
    . 'the main server';
my $persist = 'DBDPersist Off takes a new connection for each reading: write '
    . 'DBDPersist On in the main server';
my $connect = 'connecting to a host that is gone could take minutes: add '
    . 'connect_timeout=2 to DBDParams';
my $none = 'dbd: needs a database: write DBDriver and DBDParams in the main '
    . 'server';

sub dbd_tests {
    dbd_refused('no driver', '', $none, 'set-missing');
    my $ok = "DBDriver sqlite3\nDBDParams /x\n";
    dbd_refused('DBDMin is 1 by default', $ok, $min, 'set-blocks');
    dbd_refused("DBDMin $_", "${ok}DBDMin $_\n", $min, 'set-blocks')
        for 1, 2, 10;
    dbd_refused('the last DBDMin counts', "DBDMin 0\n${ok}DBDMin 3\n", $min,
        'set-blocks');
    dbd_refused('that of a virtual host does not', "${ok}<VirtualHost *:9>\n"
        . "DBDMin 0\n</VirtualHost>\n", $min, 'set-blocks');
    dbd_refused('DBDPersist', "${ok}DBDMin 0\nDBDPersist off\n", $persist,
        'set-blocks');
    accepted('DBDMin 0', "$load${ok}DBDMin 0\n" . set($dbd));
    accepted('in <IfModule>', "$load<IfModule mod_dbd.c>\n${ok}DBDMin 0\n"
        . "DBDPersist On\n</IfModule>\n" . set("$dbd refresh=1s stale=0 "
        . 'size=1M "version=SELECT 1"'));
}

sub pgsql_tests {
    my $min0 = "DBDriver pgsql\nDBDMin 0\n";
    dbd_refused("DBDParams: $_", "${min0}DBDParams \"$_\"\n", $connect,
        'set-blocks')
        for 'host=x password=geheim', 'host=x connect_timeout=0',
        'host=x connect_timeout', 'connect_timeout =';
    dbd_refused('no DBDParams', $min0, $connect, 'set-blocks');
    accepted("DBDParams: $_", "$load${min0}DBDParams \"$_\"\n" . set($dbd))
        for 'host=x connect_timeout=2', 'connect_timeout = 5 host=x',
        "connect_timeout='3'", 'postgresql://x/y?connect_timeout=10';
}
SKIP: {
    skip 'libaprutil1-dbd-sqlite3 is not installed', 1
        if !CorsPostgres::has_driver('sqlite3') && !$ENV{CORS_TEST_ALL};
    dbd_tests();
}
SKIP: {
    skip 'libaprutil1-dbd-pgsql is not installed', 1
        if !CorsPostgres::has_driver('pgsql') && !$ENV{CORS_TEST_ALL};
    pgsql_tests();
}

# redis:
my $folder = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
sub password {
    my ($name, $text, $mode) = @_;
    CorsTest::write_file("$folder/$name", $text);
    chmod $mode, "$folder/$name";
    return "password=$folder/$name";
}
my $right = password('right', "geheim\n", 0600);
my $form = 'it is not HOST:PORT/PREFIX: write, for example, '
    . 'redis:127.0.0.1:6379/cors: [set-source]';
my $secret = 'a password does not belong here: write it into a file, and '
    . 'password=FILE [set-source]';

sub redis_refused {
    my ($source, $shown, $sentence, @options) = @_;
    refused($source, set($source, @options),
        "CorsOriginSet '$shown' (line 1 $at): $sentence");
}

sub redis_tests {
    redis_refused($_, $_, $form) for 'redis:', 'redis:127.0.0.1:6379',
        'redis:127.0.0.1/cors:', 'redis::6379/cors:', 'redis:127.0.0.1:/x',
        'redis:127.0.0.1:0/x', 'redis:127.0.0.1:65536/x',
        'redis:127.0.0.1:6379x/x', 'redis:::1:6379/x', 'redis:[::1/x',
        'redis://127.0.0.1:6379/x';
    redis_refused($_, $_, $form =~ s/redis:127\.0\.0\.1/rediss:redis.example.com/r)
        for 'rediss:', 'rediss:127.0.0.1/cors:';
    redis_refused('redis:@127.0.0.1:1/x', 'redis:...', $form);
    redis_refused($_, 'redis:...', $secret) for 'redis:u:geheim@127.0.0.1:1/x',
        'redis::geheim@127.0.0.1:1/x';
    redis_refused('redis:u:ge/heim@127.0.0.1:1/x', 'redis:...', $form);
    refused('a long prefix', set('redis:127.0.0.1:1/' . 'x' x 201),
        "CorsOriginSet 'redis:127.0.0.1:1/" . 'x' x 182 . "'... (line 1 $at): "
        . 'the prefix has more than 200 bytes: write, for example, '
        . 'redis:127.0.0.1:6379/cors: [set-source]');
    redis_refused('redis:u@127.0.0.1:1/x', 'redis:u@127.0.0.1:1/x',
        'a user needs a password: write password=FILE, a file with the '
        . 'password [set-source]');
    my $r = 'redis:127.0.0.1:1/x';
    redis_refused($r, $r, "the file of the password, $folder/none, can't be "
        . 'read: No such file or directory: write the path of another '
        . '[set-unreadable]',
        "password=$folder/none");
    redis_refused($r, $r, "everybody may read the password in $folder/open: "
        . 'chmod 600 it [set-permissions]',
        password('open', "geheim\n", 0644));
    if ($> == 0) {
        my @others = password('group', "geheim\n", 0640);
        chown -1, (getpwnam 'nobody')[3], "$folder/group";
        redis_refused($r, $r, 'a group of others may read the password in '
            . "$folder/group: chmod 600 it [set-permissions]", @others);
        chown -1, 0, "$folder/group";
        accepted("root's group may read the password", set($r, @others));
    }
    redis_refused($r, $r, "the first line of $folder/$_->[0] is no password "
        . 'of 1 to 510 bytes: write one [set-incomplete]', password(@$_, 0600))
        for [ 'empty', '' ], [ 'blank', "\ngeheim\n" ], [ 'long', 'x' x 600 ];
    refused('no such host', set('redis:no-such-host.invalid:1/x'),
        "CorsOriginSet p redis:no-such-host.invalid:1/x (line 1 $at): the "
        . "address of no-such-host.invalid can't be found: Name or service "
        . 'not known: write an address, or a name that this host knows '
        . '[set-unreadable]');
    refused('an option of another source', set("$r size=1M"), "CorsOriginSet "
        . "'size=1M' (line 1 $at): redis: has no such option, but refresh=, "
        . 'stale=, timeout=, password=: write one of these [set-option]');
    for ('timeout=9ms', 'timeout=6s', 'timeout=x') {
        refused($_, set("$r $_"), "CorsOriginSet '$_' (line 1 $at): write a "
            . 'time from 10ms to 5s, as in timeout=200ms [set-option]');
    }
    accepted($_, set($_)) for $r, 'redis:127.0.0.1:65535/', 'redis:[::1]:1/x',
        'redis:localhost:6379/a/b@c:', "redis:127.0.0.1:1/x $right",
        "redis:u\@127.0.0.1:1/x $right", "$r timeout=10ms refresh=24h stale=forever",
        "$r timeout=5s refresh=1s stale=0";
}

my $needs = 'which %s not found when mod_cors was built: install %s and build '
    . 'it again [set-missing]';
if ($has_redis || $ENV{CORS_TEST_ALL}) {
    redis_tests();
}
else {
    redis_refused('redis:127.0.0.1:1/x', 'redis:127.0.0.1:1/x', 'redis: needs '
        . 'hiredis, ' . sprintf $needs, 'was', 'libhiredis-dev (Fedora: '
        . 'hiredis-devel)');
}
if ($has_tls) {
    accepted('rediss:', set("rediss:127.0.0.1:1/x $right ca=$folder/ca"));
}
elsif ($has_redis) {
    redis_refused('rediss:127.0.0.1:1/x', 'rediss:127.0.0.1:1/x',
        'rediss: needs hiredis 1.0 or later with TLS, and OpenSSL, '
        . sprintf $needs, 'were', 'libhiredis-dev and libssl-dev (Fedora: '
        . 'hiredis-devel, openssl-devel)');
}

done_testing;
