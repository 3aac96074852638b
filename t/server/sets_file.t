# Files of sets that are written slowly, in place, while requests come; that are
# large; and whose rights change.

use strict;
use warnings;
use lib 't/lib';
use Errno qw(EACCES EDQUOT EMFILE ENOENT ENOSPC ENOTDIR EROFS);
use File::Temp qw(tempdir);
use POSIX ();
use Test::More;
use Time::HiRes qw(sleep time);
use CorsChecker;
use CorsSets;
use CorsTest;

my $LARGE = 1e6;        # lines
my $CPU = 5;            # seconds that they take at most
my ($yes, $no, $fail) = qw(allowed origin-not-allowed source-unavailable);

# Each set locks a file in httpd's runtime directory.  httpd takes no directory
# that is not there from DefaultRuntimeDir, but its own may be missing.
sub refuses_start {
    my ($folder, $error, $advice) = @_;
    my ($ok, $said) = configtest(<<"CONF", -arguments => ['-DFOREGROUND'],
ErrorLog /dev/stderr
DefaultRuntimeDir "\@ROOT\@/$folder"
CorsOriginSet s file:htdocs/s.origins size=1M
CorsAllowOrigin \@s
CONF
        'htdocs/s.origins' => "https://a.example\n");
    my $lines = () = $said =~ /CorsOriginSet/g;
    is $lines, 1, "DefaultRuntimeDir $folder: $error";
    like $said, qr/\[cors:error\] .*\)\Q$error\E: CorsOriginSet s \(line \d+ of \S+\): no file can be made in httpd's runtime directory \S+\/\Q$folder\E\/?: \Q$advice\E, or write DefaultRuntimeDir with another$/m,
        'the directory, and what to do';
}

SKIP: {
    skip 'these are preloaded too', 15
        if $ENV{ASAN_OPTIONS} || $ENV{CORS_MEMCHECK};
    my $dir = tempdir(CLEANUP => 1);
    chmod 0755, $dir;
    system "\${CC:-cc} -D_GNU_SOURCE -shared -fPIC -o $dir/noroom.so t/lib/noroom.c";
    is $?, 0, 'what is preloaded was built';
    local $ENV{LD_PRELOAD} = "$dir/noroom.so";
    my $rights = 'let the user who starts httpd write there';
    my $make = 'make that directory';
    for ([ ENOENT, $make ], [ ENOTDIR, $make ], [ EACCES, $rights ],
        [ EROFS, $rights ], [ ENOSPC, 'make room there' ],
        [ EDQUOT, 'make room there' ], [ EMFILE, 'let httpd open more files' ]) {
        my ($errno, $advice) = @$_;
        local $! = local $ENV{MKOSTEMP_ERRNO} = $errno;
        refuses_start('htdocs', "$!", $advice);
    }
}

# Lines of 32 bytes, so that a part of 8 KiB looks like a whole list.
sub row { sprintf "https://%s%017d.x", @_ }
sub list { my ($name, $count) = @_; join '', map { row($name, $_) . "\n" } 1 .. $count }
my $COUNT = 256 * 12;
is length(list('slow', 1)), 32, 'the length of a line';

# 76M are less than 80 bytes for each of the lines.
my $s = CorsSets->start(<<'CONF', 'slow.origins' => list('slow', $COUNT),
CorsOriginSet slow file:htdocs/slow.origins refresh=1s
CorsOriginSet rights file:htdocs/rights.origins refresh=1s
CorsOriginSet large file:htdocs/large.origins refresh=1s size=76M
<Location /slow>
  CorsAllowOrigin @slow
</Location>
<Location /rights>
  CorsAllowOrigin @rights
</Location>
<Location /large>
  CorsAllowOrigin @large
</Location>
CONF
    'rights.origins' => "https://a.example\n",
    'large.origins' => "https://a.example\n");
my ($slow, $rights, $large) = map { "$s->{root}/htdocs/$_.origins" }
    qw(slow rights large);

# By flushes of 8 KiB: with LF, and with CR LF where a part ends within a line.
for my $end ("\n", "\r\n") {
    (my $text = list('slow', $COUNT) . row('new', 1) . "\n") =~ s/\n/$end/g;
    my $checker = CorsChecker->start($s, path => '/slow/', until => time + 5,
        always => [ map { row('slow', $_) } 1, 256, 257, $COUNT / 2, $COUNT ],
        never => [ row('slow', 0), row('slow', $COUNT + 1), row('never', 1) ]);
    open my $fh, '>', $slow or die "$slow: $!\n";
    for (my $at = 0; $at < length $text; $at += 8192) {
        sleep 0.25;
        syswrite $fh, substr $text, $at, 8192 or die "$slow: $!\n";
    }
    close $fh;
    my $report = $checker->finish;
    my $what = $end eq "\n" ? 'LF' : 'CR LF';
    is_deeply $report->{wrong}, [], "$what, 8 KiB by 8 KiB: no wrong answer";
    is $report->{unavailable}, 0, 'the old list goes on';
    $s->settles('slow', row('new', 1), $yes, 'and then the new one');
    CorsSets::replace_file($slow, list('slow', $COUNT));
    $s->settles('slow', row('new', 1), $no, 'the old one again');
}

# Rights that change, of a file that does not.
my @rights = ([ 0646, qr/anybody may write it: take that right away/ ]);
if ($> == 0) {
    chown -1, (getpwnam 'nobody')[3], $rights;
    push @rights, [ 0664, qr/its group may write it: take that right/ ],
        [ 0600, qr/it can't be opened: Permission denied/ ];
}
for (@rights) {
    my ($mode, $said) = @$_;
    my $what = sprintf 'chmod %o', $mode;
    chmod $mode, $rights;
    $s->wait_for("the log of $what", sub { grep { /$said/ } $s->log_lines });
    $s->judges('rights', 'https://a.example', $yes, "$what: the list goes on");
    CorsSets::replace_file($rights, "https://a.example\nhttps://b.example\n");
    $s->settles('rights', 'https://b.example', $yes, "after $what: it works");
    CorsSets::replace_file($rights, "https://a.example\n");
    $s->settles('rights', 'https://b.example', $no, "after $what: again");
    chown -1, (getpwnam 'nobody')[3], $rights if $> == 0;
    $s->announce(qr/\[cors:error\] .*CorsOriginSet rights .*: $said/);
}
$s->announce(qr/\[cors:notice\] .*CorsOriginSet rights .*: it works again$/);

# A million lines: the time and the memory that they take, while requests come.
my $ticks = POSIX::sysconf(POSIX::_SC_CLK_TCK());
sub cpu {
    my $sum = 0;
    for ($s->children) {
        my @stat = split ' ', CorsTest::slurp("/proc/$_/stat") =~ s/.*\) //sr;
        $sum += ($stat[11] + $stat[12]) / $ticks if @stat > 12;
    }
    return $sum;
}
open my $fh, '>', "$large.new" or die "$large.new: $!\n";
printf $fh "https://tenant%07d.customers.example\n", $_ for 1 .. $LARGE;
close $fh or die "$large.new: $!\n";
chmod 0644, "$large.new";
my $before = cpu();
rename "$large.new", $large or die "$large: $!\n";
my $took = $s->settles('large', sprintf('https://tenant%07d.customers.example',
    $LARGE), $yes, 'the last of a million lines');
cmp_ok cpu() - $before, '<', $CPU, 'the CPU time they take';
$s->judges('large', sprintf('https://tenant%07d.customers.example', $_),
    $_ && $_ <= $LARGE ? $yes : $no, "line $_")
    for 0, 1, $LARGE / 2, $LARGE, $LARGE + 1;

# So does configtest.
my @spent = times;
my $said = `@{[ CorsTest::httpd() ]} -t -f "$s->{root}/conf/httpd.conf" 2>&1`;
is $?, 0, 'configtest' or diag $said;
my @after = times;
cmp_ok $after[2] + $after[3] - $spent[2] - $spent[3], '<', $CPU,
    'and its CPU time';
$s->finish;
