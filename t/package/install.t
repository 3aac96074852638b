# make install: every file where apxs says, and the variables override it.

use strict;
use warnings;
use lib 't/lib';
use Cwd qw(getcwd);
use File::Find qw(find);
use File::Temp qw(tempdir);
use Test::More;
use CorsTest;

my $dir = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my @commands = map { s{^bin/}{}r } glob 'bin/*';
my $top = getcwd();

# An apxs of another httpd.
sub apxs {
    my ($name, %place) = @_;
    CorsTest::write_file("$dir/$name", "#!/bin/sh\ncase \$2 in\n"
        . (join '', map { "$_) echo $place{$_} ;;\n" } sort keys %place)
        . "esac\n");
    chmod 0755, "$dir/$name";
    return "$dir/$name";
}

sub files {
    my ($root) = @_;
    my @files;
    find({ no_chdir => 1, wanted => sub {
        push @files, s/^\Q$root\E//r if -f } }, $root) if -d $root;
    return sort @files;
}

my $n = 0;
sub install {
    my ($target, %with) = @_;
    my $root = $with{DESTDIR} ||= "$dir/" . ++$n;
    my $line = join ' ', map { "$_='$with{$_}'" } sort keys %with;
    my $out = `make $target $line 2>&1`;
    is $?, 0, "make $target" or diag $out;
    return $root;
}

my %debian = (LIBEXECDIR => '/usr/lib/apache2/modules', BINDIR => '/usr/bin',
    MANDIR => '/usr/share/man', SYSCONFDIR => '/etc/apache2');
my $apxs = apxs('debian', %debian);
my $root = install('install', APXS => $apxs);
my @all = files($root);
my %there = map { $_ => 1 } @all;
ok $there{$_}, $_ for '/usr/lib/apache2/modules/mod_cors.so',
    (map { "/etc/apache2/mods-available/cors.$_" } qw(load conf)),
    (map { ("/usr/bin/$_", "/usr/share/man/man1/$_.1") } @commands),
    '/usr/share/man/man8/mod_cors.8', '/usr/share/doc/mod_cors/CHANGES',
    '/usr/share/doc/mod_cors/docs/directives.md',
    '/usr/share/doc/mod_cors/examples/origins.postgresql.sql',
    '/usr/share/doc/mod_cors/prometheus-alerts.yml';
like CorsTest::slurp("$root/etc/apache2/mods-available/cors.load"),
    qr{^LoadModule cors_module /usr/lib/apache2/modules/mod_cors\.so$},
    'cors.load names the module';
like `$root/usr/bin/cors-migrate --help 2>&1`, qr/cors-migrate/,
    'the command finds its modules';
install('uninstall', APXS => $apxs, DESTDIR => $root);
is_deeply [ files($root) ], [], 'uninstall leaves nothing';

is_deeply [ sort map { files(install("install-$_", APXS => $apxs)) }
    qw(module conf tools docs) ], \@all, 'the four parts are the whole';

$root = install('install', APXS => apxs('fedora', %debian,
    LIBEXECDIR => '/usr/lib64/httpd/modules', SYSCONFDIR => '/etc/httpd/conf'));
%there = map { $_ => 1 } files($root);
ok $there{$_}, $_ for '/usr/lib64/httpd/modules/mod_cors.so',
    '/etc/httpd/conf.d/cors.conf', '/etc/httpd/conf.modules.d/10-cors.conf';

$root = install('install', APXS => apxs('own', SYSCONFDIR =>
    '/usr/local/apache2/conf', LIBEXECDIR => '/usr/local/apache2/modules',
    BINDIR => '/usr/local/apache2/bin', MANDIR => '/usr/local/apache2/man'));
is_deeply [ grep { !m{^/usr/local/apache2/} } files($root) ], [],
    'an httpd of its own has all in its prefix, on Debian too';
ok -e "$root/usr/local/apache2/conf/extra/cors.conf", 'and cors.conf';

$root = install('install', APXS => $apxs, MODULESDIR => '/m', CONFDIR => '/c',
    BINDIR => '/b/bin', MANDIR => '/man', DOCDIR => '/d');
%there = map { $_ => 1 } files($root);
ok $there{$_}, $_ for '/m/mod_cors.so', '/c/cors.conf', '/c/cors.load',
    '/b/bin/cors-migrate', '/man/man1/cors-migrate.1', '/d/README.md';

# An administrator's own changes stay.
CorsTest::write_file("$root/c/cors.conf", "CorsAllowOrigin none\n");
install('install-conf', APXS => $apxs, CONFDIR => '/c', DESTDIR => $root);
is CorsTest::slurp("$root/c/cors.conf"), "CorsAllowOrigin none\n",
    'a changed cors.conf stays';
ok -e "$root/c/cors.conf.new", 'with the new one beside it';

# Nothing is built by it: a copy without build/ has nothing to install.
mkdir "$dir/copy";
system("tools/files | tar -c -T - | tar -x -C '$dir/copy'");
my $out = `cd '$dir/copy' && make install APXS=$apxs DESTDIR='$dir/none' 2>&1`;
isnt $?, 0, 'make install does not build';
like $out, qr/run  make  first/, 'and says what to do';
ok !-e "$dir/copy/build/mod_cors.so", 'nothing was built';

# The manual pages have what their sources have.
my $page = CorsTest::slurp('build/man/mod_cors.8');
like $page, qr/^\.SH $_$/m, "mod_cors(8): $_"
    for sort { $a cmp $b } keys %{ { CorsTest::directives() } };
unlike $page, qr/\]\(|^\|/m, 'and no Markdown';

# The tarball makes itself again, byte for byte.
SKIP: {
    skip 'no tarball of a tarball that was changed', 2 unless -e '.git';
    is system("tools/dist >'$dir/out'"), 0, 'make dist';
    chomp(my $tarball = CorsTest::slurp("$dir/out"));
    mkdir "$dir/dist";
    system("tar -x -C '$dir/dist' -f '$tarball'");
    my ($unpacked) = glob "$dir/dist/*";
    system("umask 77; TZ=Asia/Tokyo '$unpacked/tools/dist' >/dev/null");
    is system('cmp', '-s', $tarball, "$unpacked/$tarball"), 0,
        'an unpacked tarball makes the same one';
}

done_testing();
