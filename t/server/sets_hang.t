# A list ends on time although nobody reads its source any more: the thread that
# reads hangs, with the lock of the set.  What is preloaded has a read() hang,
# where mod_cors.so calls it, while a file of the name with ".hang" is there.

use strict;
use warnings;
use lib 't/lib';
use File::Temp qw(tempdir);
use Test::More;
use Time::HiRes qw(sleep time);
use CorsChecker;
use CorsSets;
use CorsTest;

plan skip_all => 'these are preloaded too'
    if $ENV{ASAN_OPTIONS} || $ENV{CORS_MEMCHECK};

my $dir = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
chmod 0755, $dir;
system "\${CC:-cc} -D_GNU_SOURCE -shared -fPIC -o $dir/hang.so t/lib/hang.c -ldl";
is $?, 0, 'what is preloaded was built';

my ($a, $b, $never) = map { "https://$_.example" } qw(a b never);
my ($yes, $no, $fail) = qw(allowed origin-not-allowed source-unavailable);

local $ENV{LD_PRELOAD} = "$dir/hang.so";
my $s = CorsSets->start(<<'CONF', 'a.origins' => "https://a.example\n");
CorsOriginSet brief file:htdocs/a.origins refresh=1s stale=2s
CorsOriginSet long file:htdocs/a.origins refresh=1s stale=1h
<Location /brief>
  CorsAllowOrigin https://b.example @brief
</Location>
<Location /long>
  CorsAllowOrigin @long
</Location>
CONF
delete $ENV{LD_PRELOAD};
my $file = "$s->{root}/htdocs/a.origins";

# It works, and a change is noticed.
$s->judges('brief', $a, $yes, 'listed');
CorsSets::replace_file($file, "$a\n# changed\n");
sleep 2.5;

# refresh=1s and stale=2s, and 5 s of grace for the reading.
my $hang = "$file.hang";
CorsTest::write_file($hang, '');
CorsSets::replace_file($file, "$never\n");
my $begin = time;
my $checker = CorsChecker->start($s, path => '/long/', until => time + 11,
    always => [ $a ], never => [ $never ]);
my $took = $s->settles('brief', $a, $fail, 'nobody reads: the list ends');
cmp_ok $took, '>', 5, 'not before its time';
cmp_ok $took, '<', 9.5 + $CorsSets::SLACK, 'on time';
$s->judges('brief', $never, $fail, 'nothing else is allowed');
$s->judges('brief', $b, $yes, 'the list beside the set holds');
my $report = $checker->finish;
is_deeply $report->{wrong}, [], 'a longer stale=: no wrong answer';
is $report->{unavailable}, 0, 'and its list goes on';
cmp_ok $report->{slowest}, '<', $CorsSets::SLACK, 'nobody waits';
ok -e "$hang.seen", 'a process did hang';
is scalar(grep { /CorsOriginSet/ } $s->log_lines), 0, 'nobody could tell why';

# It goes on where it hung.
unlink $hang;
$s->settles('brief', $never, $yes, 'it is read again');
$s->judges('brief', $a, $no, 'the old list is gone');
$s->settles('long', $never, $yes, 'so is the other');

# A file that is written while it is read is not believed, whatever it says.
unlink "$hang.seen";
CorsTest::write_file($hang, '');
CorsSets::replace_file($file, "$a\n");
$s->wait_for('a process to read', sub { -e "$hang.seen" });
open my $fh, '>>', $file or die "$file: $!\n";
print $fh "$b\n";
close $fh or die "$file: $!\n";
unlink $hang;
my $changed = qr/\[cors:error\] .*: it was changed while it was read: write a new file, and rename it; /;
$s->wait_for('the error', sub { grep { /$changed/ } $s->log_lines });
$s->settles('long', $b, $yes, 'read again, it is');
$s->announce($changed, qr/\[cors:notice\] .*: it works again$/);
$s->finish;
