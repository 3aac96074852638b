# The keeper of the browser tests: whatever has its folder as HOME ends with
# the test, however that ends, and so does the folder; nothing else does.

use strict;
use warnings;
use lib 't/lib';
use File::Temp qw(tempdir);
use POSIX qw(WNOHANG);
use Test::More;
use CorsTest;

plan skip_all => 'no /proc' unless -r "/proc/$$/environ";

my $folder = tempdir('mod_cors-XXXXXX', TMPDIR => 1);

# A process that sleeps, with that HOME; says so when it does.
sub sleeper {
    my ($home, $first) = @_;
    local $ENV{HOME} = $home;
    my $pid = open my $said, '-|', 'sh', '-c',
        "$first echo ready; exec >&-; while :; do sleep 1; done"
        or die "sh: $!\n";
    <$said>;
    return { pid => $pid, said => $said };
}

my $keeper = open my $pipe, '|-', "exec t/browser/keeper $folder >/dev/null"
    or die "keeper: $!\n";
my $plain = sleeper($folder, '');
my $stubborn = sleeper($folder, 'trap "" TERM;');
my $other = sleeper("$folder-other", '');
CorsTest::write_file("$folder/profile/cookies", "one\n");

# A test that is killed leaves its end of the pipe to the system.
close $pipe;
ok !-e $folder, 'the folder is gone';
for ($plain, $stubborn, $other) {
    $_->{gone} = waitpid $_->{pid}, WNOHANG;
    kill KILL => $_->{pid} unless $_->{gone};
}
is $_->{gone}, $_->{pid}, 'a process is gone' for $plain, $stubborn;
is $other->{gone}, 0, 'another one is not';
done_testing();
