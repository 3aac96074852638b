# What make takes from the environment, and what it leaves alone: flags, -Werror
# and packages.

use strict;
use warnings;
use lib 't/lib';
use File::Temp qw(tempdir);
use Test::More;
use CorsTest;

my $dir = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
# No test takes what the make around it was given.
delete @ENV{qw(MAKEFLAGS MAKELEVEL MFLAGS WERROR DEPS NODEPS CC CPPFLAGS CFLAGS
    LDFLAGS APXS SANITIZE)};

# A copy without build/: all is to be done.
mkdir "$dir/copy";
system("tools/files | tar -c -T - | tar -x -C '$dir/copy'");

# An apxs that answers fast: make asks it for each file.
CorsTest::write_file("$dir/apxs", "#!/bin/sh\necho true\n");
chmod 0755, "$dir/apxs";

# The commands that make would run, by what they make.
sub commands {
    my ($line) = @_;
    my $out = `cd '$dir/copy' && make -n V=1 APXS='$dir/apxs' $line build/mod_cors.so 2>&1`;
    is $?, 0, "make $line" or diag $out;
    $out =~ s/\\\n//g;
    my @compile = grep { /-c -o build\/obj\// } split /\n/, $out;
    my @link = grep { /-shared.* -o build\/mod_cors\.so/ } split /\n/, $out;
    return (\@compile, \@link);
}

my ($compile, $link) = commands('CPPFLAGS=-DSEEN_CPP CFLAGS=-DSEEN_C'
    . ' LDFLAGS=-Wl,--seen-ld CC=seen-cc');
cmp_ok scalar @$compile, '>', 50, scalar(@$compile) . ' files to compile';
is_deeply [ grep { !/^seen-cc / } @$compile, @$link ], [], 'CC is honoured';
is_deeply [ grep { !/-DSEEN_CPP/ } @$compile ], [], 'CPPFLAGS are honoured';
is_deeply [ grep { !/-O3.*-DSEEN_C\b/ } @$compile ], [],
    'CFLAGS are honoured, after those of the Makefile';
is_deeply [ map { /-Wl,--seen-ld/ ? 1 : $_ } @$link ], [ 1 ],
    'LDFLAGS are honoured';
is_deeply [ grep { /-Werror/ } @$compile ], [], 'warnings are no errors';
($compile) = commands('WERROR=1');
is_deeply [ grep { !/-Werror/ } @$compile ], [], 'but with WERROR=1 they are';
($compile) = commands('ci-build');
is_deeply [ grep { !/-Werror/ } @$compile ], [], 'and in a stage of CI';
($compile) = commands("CPPFLAGS= CFLAGS=");
my ($version) = CorsTest::slurp('VERSION') =~ /(\S+)/;
ok scalar(grep { /-DCORS_VERSION='"\Q$version\E"'/ } @$compile),
    'the version is that of VERSION';

# Programs that would install, and an apxs that is not there.
my $said = "$dir/said";
for my $name (qw(apt-get dnf sudo systemctl)) {
    CorsTest::write_file("$dir/bin/$name",
        "#!/bin/sh\necho $name \"\$@\" >>'$said'\n");
    chmod 0755, "$dir/bin/$name";
}
sub installs {
    my ($line) = @_;
    unlink $said;
    my $out = `cd '$dir/copy' && PATH='$dir/bin':\$PATH make APXS=/no/apxs $line 2>&1`;
    my $status = $?;
    return ($out, -e $said ? CorsTest::slurp($said) : '', $status);
}

my ($out, $ran, $status) = installs('');
isnt $status, 0, 'plain make fails without apxs';
is $ran, '', 'and installs nothing';
like $out, qr/Missing:.*apache2-dev.*Run:  sudo apt-get install/,
    'but says what would';
for my $line ('check', 'install', 'test NODEPS=1', 'run NODEPS=1',
    'DEPS=1 NODEPS=1', 'ci-lint NODEPS=1') {
    (undef, $ran) = installs($line);
    is $ran, '', "make $line installs nothing";
}
for my $line ('DEPS=1', 'run', 'test') {
    (undef, $ran) = installs($line);
    like $ran, qr/apt-get install .*apache2-dev/, "make $line installs";
}

done_testing();
