# redis: sets against a real Redis that is stopped, killed, slow, loading or asks
# for a password.  Whatever happens, no origin is allowed that is not listed, and
# a request waits for timeout= at most.

use strict;
use warnings;
use lib 't/lib';
use File::Temp qw(tempdir);
use Test::More;
use Time::HiRes qw(sleep time);
use CorsChecker;
use CorsRedis;
use CorsSets;
use CorsTest;

CorsService::needs('CorsRedis', CorsSets::hiredis());

my ($a, $b, $new, $evil, $own) = map { "https://$_.example" }
    qw(a b new evil own);
my $TIMEOUT = 0.3;

my $redis = CorsRedis->start;
$redis->list($a, $b);
my $locked = CorsRedis->start(password => 'not-told',
    arguments => [ '--requirepass', 'not-told' ]);
$locked->list($a);

# Files that nobody else may read.
my $folder = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
CorsTest::write_file("$folder/right", "not-told\n");
CorsTest::write_file("$folder/wrong", "a-slip\n");
chmod 0600, map { "$folder/$_" } qw(right wrong);

my @sets = (shops => "redis:127.0.0.1:$redis->{port}/cors: stale=1h",
    brief => "redis:127.0.0.1:$redis->{port}/cors: stale=0",
    named => "redis:localhost:$redis->{port}/cors: stale=0",
    open => "redis:127.0.0.1:$locked->{port}/cors:",
    locked => "redis:127.0.0.1:$locked->{port}/cors: password=$folder/right",
    user => "redis:default\@127.0.0.1:$locked->{port}/cors: password=$folder/right",
    wrong => "redis:127.0.0.1:$locked->{port}/cors: password=$folder/wrong");
my $conf = '';
while (my ($name, $source) = splice @sets, 0, 2) {
    $conf .= "CorsOriginSet $name $source refresh=1s timeout=300ms\n"
        . within("<Location /$name>", "CorsAllowOrigin \@$name $own\n");
}
# Sets as ceilings.
$conf .= within('<Location /below>', "CorsAllowOrigin https://*.example\n"
        . "CorsLimitOrigin \@shops\n")
    . within('<Location /never>', "CorsAllowOrigin https://*.example\n"
        . "CorsLimitOrigin \@open\n");
my $s = CorsSets->start($conf . CorsSets::ONE_PROCESS);
my $no   = 'origin-not-allowed';
my $fail = 'source-unavailable';

# It works.
$s->judges('shops', $a, 'allowed', 'listed');
$s->judges('shops', $evil, $no, 'not listed');
$s->judges('shops', $own, 'allowed', 'an origin beside the set');
$s->judges('named', $a, 'allowed', 'a server by its name');
is $s->preflight('/shops/', $a, 'GET')->{status}, 204, 'a preflight, listed';
is $s->preflight('/shops/', $evil, 'GET')->{status}, 403, 'and not listed';
$s->judges('shops', $_, $no, "no question can be made of $_")
    for 'null', 'https://a.example:443';
$s->judges('shops', "$a evil", 'origin-malformed', 'a malformed one is none');

# A set as a ceiling.
$s->judges('below', $a, 'allowed', 'within the ceiling of a set');
$s->judges('below', $evil, $no, 'outside of it');
$s->announce(qr{CorsLimitOrigin \(line \d+ of \S+\) limits CorsAllowOrigin }
    . qr{https://\*\.example .*: no set of the ceiling has \Q$evil\E: add it });
$s->judges('never', $a, $fail, 'a ceiling that nobody can ask has nothing');

# An answer is kept for refresh=, and no longer.
my $before = $redis->questions;
my $begin = time;
$s->ask('shops', $b) for 1 .. 5;
cmp_ok $redis->questions - $before, '<=', 1 + int(time - $begin),
    'five requests, one question';
$redis->unlist($b);
$redis->list($new);
$s->settles('shops', $b, $no, 'what is taken out is refused after refresh=');
$s->settles('shops', $new, 'allowed', 'what is put in is allowed');

# A password.
$s->judges('locked', $a, 'allowed', 'with the password');
$s->judges('user', $a, 'allowed', 'with a user, too');
$s->judges('open', $a, $fail, 'without a password nobody knows');
$s->judges('wrong', $a, $fail, 'nor with a wrong one');
$s->judges('wrong', $own, 'allowed', 'the list beside it holds');
$s->announce(
    qr/\[cors:error\] .*CorsOriginSet open \(.*\): redis:\S+: it answers NOAUTH: it asks for a password: write password=FILE; /,
    qr/\[cors:error\] .*CorsOriginSet wrong \(.*\): redis:\S+: it answers WRONGPASS: it does not know this user with this password; /);

# Whatever happens to it: an origin that was listed goes on for stale=, and
# only then; nothing else is allowed; and it works again by itself.
sub holds_through {
    my ($what, $break, $mend, $cause, $longest) = @_;
    $s->settles($_, $a, 'allowed', "before: $what") for qw(shops brief);
    sleep 1.1;          # older than refresh=
    $break->();
    $s->judges('shops', $a, 'allowed', "$what: known", $longest);
    $s->judges('brief', $a, $fail, "$what: stale=0", $longest);
    $s->judges('shops', $evil, $fail, "$what: not listed", $longest);
    $s->judges('shops', "https://$_.x.example", $fail, "$what: never seen",
        $longest) for 1 .. 3;
    $s->judges('shops', $own, 'allowed', "$what: the list holds");
    is $s->preflight('/shops/', $evil, 'GET')->{status}, 403,
        "$what: a preflight is refused";
    $begin = time;
    $s->ask('shops', $evil) for 1 .. 20;
    cmp_ok time - $begin, '<', $CorsSets::SLACK + 2 * $longest,
        "$what: 20 requests do not wait in turn";
    $mend->();
    $s->settles('shops', $evil, $no, "$what is over: not listed");
    $s->settles('brief', $a, 'allowed', "$what is over: listed");
    $s->announce(qr/\[cors:error\] .*CorsOriginSet shops \(.*\): redis:\S+: $cause; /);
}

my $late = qr/it did not answer within timeout=/;
holds_through('stopped', sub { $redis->stop_all },
    sub { $redis->continue_all }, $late, $TIMEOUT);
holds_through('killed', sub { $redis->kill_all },
    sub { $redis->launch; $redis->list($a, $new) }, qr/Connection refused/, 0);
holds_through('slow', sub { $redis->ask('CLIENT', 'PAUSE', 1800) },
    sub { }, $late, $TIMEOUT);
$s->announce(qr/\[cors:notice\] .*CorsOriginSet shops \(.*\): redis:\S+: it works again$/);
$s->announce(qr/\[cors:error\] .*CorsOriginSet brief \(.*\): /,
    qr/\[cors:notice\] .*CorsOriginSet brief \(.*\): .*: it works again$/);

# It loads 2,000 keys, 1 ms each, and answers questions meanwhile by LOADING.
$redis->ask(SET => "x$_", 1) for 1 .. 2000;
$redis->ask('SAVE');
my @plain = @{ $redis->{arguments} || [] };
holds_through('loading', sub {
    $redis->kill_all;
    $redis->{arguments} = [ @plain, '--key-load-delay', 1000,
        '--loading-process-events-interval-bytes', 1024 ];
    $redis->launch;
}, sub { }, qr/it answers LOADING: Redis still loads its data/, 0);

# A connection that was kept and is closed costs no answer.
$s->settles('shops', $a, 'allowed', 'a connection is kept');
sleep 1.1;
$redis->ask('CLIENT', 'KILL', 'TYPE', 'normal');
$s->judges('brief', $a, 'allowed', 'a closed connection is opened again');

# A flood of origins that are made up costs Redis no more than 200 questions a
# second, and listed ones go on.
$before = $redis->questions;
$begin = time;
my $flood = CorsChecker->start($s, path => '/shops/', requests => 3000,
    always => [ $a ], never => [ map { "https://f$_.example" } 1 .. 10000 ]);
my $report = $flood->finish;
is_deeply $report->{wrong}, [], 'a flood: no wrong answer';
is $report->{cut}, 0, 'and none is missing';
my $most = 200 + 200 * (time - $begin) + 2 * (1 + time - $begin) + 10;
cmp_ok $redis->questions - $before, '<=', $most, 'Redis is asked little';
SKIP: {
    skip 'too slow to be a flood', 1
        if $report->{refused} + $report->{unavailable} <= $most;
    cmp_ok $report->{unavailable}, '>', 0, 'the others get no answer';
}

unlike join("\n", $s->log_lines), qr/not-told|a-slip/,
    'no password is in the log';
$s->finish;
