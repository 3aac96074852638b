# tools/release --check: says what is missing for a release, in a copy that has
# all of it and in copies that lack something.

use strict;
use warnings;
use lib 't/lib';
use File::Temp qw(tempdir);
use Test::More;
use CorsTest;

plan skip_all => 'git is not installed' if system('command -v git >/dev/null');

my $dir = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
delete @ENV{grep { /^GIT_|^TESTS$|^MAKE/ } keys %ENV};
@ENV{qw(HOME GIT_CONFIG_NOSYSTEM)} = ($dir, 1);
my ($version) = CorsTest::slurp('VERSION') =~ /(\S+)/;

mkdir "$dir/copy";
system("tools/files | tar -c -T - | tar -x -C '$dir/copy'");

# Changes a file of the copy.
sub change {
    my ($file, $from, $to) = @_;
    my $text = CorsTest::slurp("$dir/copy/$file");
    ok $text =~ s/$from/$to/, "$file is changed";
    open my $fh, '>', "$dir/copy/$file" or die "$file: $!\n";
    print $fh $text;
    close $fh or die "$file: $!\n";
}

sub git { system("cd '$dir/copy' && git $_[0] >/dev/null 2>&1") == 0 or die $_[0] }

# What it prints, by what is checked.
sub check {
    my $out = `cd '$dir/copy' && tools/release --check 2>&1`;
    my $status = $?;
    my %said = map { /^(not )?ok - (.*)/ ? ($2 => !$1) : () } split /\n/, $out;
    return ($status, \%said);
}

change('CHANGES', qr/\(not yet released\)/, '(30 Nov 2026)');
git('init -q');
git('config user.name A');
git('config user.email a@example.com');
git('add -A');
git('commit -q -m "A release"');
git("tag v$version");
my ($status, $said) = check();
is $status, 0, 'a release that has everything passes';
is_deeply [ grep { !$said->{$_} } sort keys %$said ], [], 'each line of it';
cmp_ok scalar keys %$said, '>=', 10, 'there are ten lines';

change('CHANGES', qr/\(30 Nov 2026\)/, '(not yet released)');
change('CHANGES', qr/^Upgrade notes$/m, 'Other notes');
($status, $said) = check();
isnt $status, 0, 'a release that lacks something fails';
is_deeply [ grep { !$said->{$_} } sort keys %$said ],
    [ 'CHANGES has its date', 'CHANGES has upgrade notes',
      'everything is committed' ], 'and says what';

git('checkout -q .');
change('VERSION', qr/.*/, '77.8.9');
($status, $said) = check();
is_deeply [ grep { !$said->{$_} } sort keys %$said ],
    [ sort 'CHANGES begins with 77.8.9', 'debian/changelog begins with 77.8.9',
      'packaging/mod_cors.spec has 77.8.9', 'docs/checking.md shows 77.8.9',
      'the commit has the tag v77.8.9', 'everything is committed' ],
    'a new version has to be everywhere';
change('VERSION', qr/.*/, '1.x');
($status, $said) = check();
ok !$said->{'VERSION is a version: 1.x'}, 'and has to be one';

done_testing();
