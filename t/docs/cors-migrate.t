# bin/cors-migrate: what it prints for the recipes in t/migrate/, each a file
# beside the output that it has to have, and what it says of bad input.

use strict;
use warnings;
use lib 't/lib', 'lib';
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use Test::More;
use CorsTest;
use CorsMigrate::Names;
use CorsMigrate::Origins qw(from_regex);

my $FLOOR = 20;         # recipes
my $tool  = abs_path('bin/cors-migrate');
my $cases = abs_path('t/migrate');
my $root  = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);

# Runs the tool in a folder; returns what it says on both outputs, and its
# status.
sub migrate {
    my ($folder, @arguments) = @_;
    my $log = File::Temp->new;
    my $child = open my $out, '-|';
    die "fork: $!\n" unless defined $child;
    if (!$child) {
        chdir $folder or die "$folder: $!\n";
        open STDERR, '>', $log->filename or die "$log: $!\n";
        exec $tool, @arguments or die "$tool: $!\n";
    }
    local $/;
    my $text = <$out>;
    close $out;
    return (defined $text ? $text : '', CorsTest::slurp($log->filename),
        $? >> 8);
}

# Each recipe begins with the status that it has to have.
my @recipes = map { s{^\Q$cases\E/}{}r }
    glob "$cases/*.conf $cases/*/.htaccess";
cmp_ok scalar @recipes, '>=', $FLOOR, scalar(@recipes) . ' recipes';
for my $file (@recipes) {
    my ($wanted) = CorsTest::slurp("$cases/$file") =~ /\A# status (\d)\n/;
    my ($out, $err, $status) = migrate($cases, $file);
    is $out, CorsTest::slurp("$cases/" . ($file =~ s/\.conf$//r) . '.out'),
        $file;
    is $err, '', 'no complaint';
    is $status, $wanted, "status $wanted";
    my ($ok, $said) = configtest($out);
    ok $ok, 'and mod_cors takes it' or diag $said;
}

# Whatever the regular expression: no origin comes of it that it does not
# match, but for those that are said never to have matched.
my @pieces = ('^', '$', '|', '(', ')', '?', '*', '{2}', 'https?', '://', 'a',
    'com', 'example', '.', '\.', '[.]', '.+', '.*', '(www\.)?', '(.+\.)?', '/',
    '[a-z0-9-]+\.', '[^.]+', '[^/]+\.', '([a-z]+\.)*', '\w+', '\d+', ':8443',
    ':443', '(:\d+)?', ':\d+', '(a|b)', '(?:x|y\.)', '(/.*)?', '-', '\\\\',
    ':');

sub any_of { return $_[rand @_] }

# Origins that a pattern of CorsAllowOrigin stands for.
sub examples {
    my ($pattern) = @_;
    $pattern =~ s/:\*$/:8080/;
    return map { $pattern =~ s/\*\./$_/r } 'q.', 'qq.';
}

srand 1;
my (@wider, $origins);
for (1 .. 5_000) {
    my $regex = join '', any_of('^https?://', '^https?://', '^https://', ''),
        map({ any_of(@pieces) } 0 .. rand 6),
        any_of('\.example\.com$', '\.example\.com$', '$', '');
    my $found = from_regex($regex);
    my $compiled = eval { no warnings; qr/$regex/ } or next;
    next if grep { /never matched|has a path/ } @{ $found->{wrong} };
    $origins += @{ $found->{origins} };
    push @wider, map { my $origin = $_; map { "$regex: $origin" }
        grep { !/$compiled/ } examples($origin) } @{ $found->{origins} };
}
cmp_ok $origins, '>=', 500, "$origins origins of random expressions";
is_deeply \@wider, [], 'are let in by them';

# The names that the module treats apart are those that the tool does.
my $source = CorsTest::slurp('src/grammar/name.c');
for my $list (sort keys %CorsMigrate::Names::NAMES) {
    my ($text) = $source =~ /\b\Q$list\E\[\] = \{(.*?)\}/s;
    my @names = ($text || '') =~ /"([^"]+)"/g;
    cmp_ok scalar @names, '>=', 2, "$list: " . @names . ' names';
    is_deeply $CorsMigrate::Names::NAMES{$list}, \@names,
        "$list: as in src/grammar/name.c";
}

# What docs/migrating.md shows of it.
my ($before, $after) = CorsTest::slurp('docs/migrating.md')
    =~ /`api\.conf`\n\n```apache\n(.*?)^```\n\nthe\ script\ makes\n\n
        ```apache\n(.*?)^```$/msx;
CorsTest::write_file("$root/api.conf", $before);
is +(migrate($root, 'api.conf'))[0], $after, 'docs/migrating.md';

# What the page shows below each recipe, but for the lines about all of them.
my $page = CorsTest::slurp('docs/migrating.md');
my $shown = 0;
while ($page =~ /^## ([^\n]+)\n(.*?)(?=^## |\z)/msg) {
    my ($heading, $text) = ($1, $2);
    next unless $text =~ /^What goes wrong:/m;
    my ($recipe) = $text =~ /^```apache\n(.*?)^```$/ms;
    my ($file, $wanted) = $text
        =~ /^For `(\S+)`, cors-migrate prints:\n\n```console\n(.*?)^```$/ms;
    CorsTest::write_file("$root/" . ($file || 'none'), $recipe);
    my ($printed) = migrate($root, $file || 'none');
    is $printed =~ s/\n(?:# note: .*)?^# \d+ of \d+ to decide\n\z//msr, $wanted,
        "$heading: what cors-migrate prints";
    $shown++;
    unlink "$root/" . ($file || 'none');
}
cmp_ok $shown, '>=', 15, "$shown recipes on the page";

# Bad input: the files, the arguments, and what is said of them.
my $header = "Header always set Access-Control-Allow-Origin *\n";
my %files = (
    'good.conf' => $header,
    'loop.conf' => "Include again.conf\n$header",
    'again.conf' => "<Location />\nInclude loop.conf\n</Location>\n",
    'lost.conf' => "$header\nInclude lost/*.conf\nInclude lost.inc\n"
        . "IncludeOptional lost/*.conf\n",
    'open.conf' => "<Location />\n<IfModule x>\n$header",
    'closed.conf' => "$header<Location />\n</Directory>\n</Location>\n",
    'binary.conf' => join('', map { chr } 0 .. 255) x 20,
    'folder/x.conf' => $header);
CorsTest::write_file("$root/$_", $files{$_}) for keys %files;
symlink 'round.conf', "$root/round.conf" or die "symlink: $!\n";
for ([ 'missing.conf', 'missing.conf: No such file or directory' ],
    [ 'round.conf', 'round.conf: Too many levels of symbolic links' ],
    [ 'good.conf/x', 'good.conf/x: Not a directory' ],
    [ 'folder', 'folder: is no file' ],
    [ '/dev/zero', '/dev/zero: is no file' ],
    [ 'binary.conf', 'binary.conf: is no configuration: it has bytes that no '
        . 'text has' ],
    [ 'loop.conf', 'loop.conf: includes itself' ],
    [ 'lost.conf', 'lost.conf:3: Include finds no lost/*.conf',
        'lost.conf:4: Include finds no lost.inc' ],
    [ 'open.conf', 'open.conf: <Location> is not closed',
        'open.conf: <IfModule> is not closed' ],
    [ 'closed.conf', 'closed.conf:3: </Directory> closes nothing' ],
) {
    my ($file, @said) = @$_;
    my ($out, $err, $status) = migrate($root, $file, 'good.conf');
    is $err, join('', map { "cors-migrate: $_\n" } @said), $said[0];
    is $status, 2, 'status 2';
    like $out, qr/^# good\.conf: server config\n.*^CorsAllowOrigin \*\n/ms,
        'and the rest is printed';
}

# A folder that is included, and where relative paths begin.
my ($out, $err, $status) = migrate('/', '--server-root', $root,
    "$cases/../migrate/nothing.conf");
is $out, "# no recipe found\n", 'no recipe';
CorsTest::write_file("$root/top.conf", "Include folder\n");
for ([ '/', '--server-root', $root, "$root/top.conf" ],
    [ '/', "$root/top.conf" ], [ $root, 'top.conf' ]) {
    ($out, $err, $status) = migrate(@$_);
    like $out, qr/^#   replaces: \S*folder\/x\.conf: line 1$/m,
        "a folder: @$_[1 .. $#$_]";
    is "$err$status", 0, 'status 0';
}
CorsTest::write_file("$root/rooted.conf",
    "ServerRoot \"$root/folder\"\nInclude x.conf\n");
($out) = migrate('/', "$root/rooted.conf");
like $out, qr/^CorsAllowOrigin \*$/m, 'ServerRoot';

# How to call it.
for ([ 2 ], [ 2, '--nonsense' ], [ 2, '--server-root' ], [ 0, '--help' ]) {
    my ($wanted, @arguments) = @$_;
    ($out, $err, $status) = migrate('/', @arguments);
    is $status, $wanted, "cors-migrate @arguments";
    like $wanted ? $err : $out, qr/^usage: cors-migrate .* FILE\.\.\.$/m,
        'says how to call it';
}
is CorsTest::slurp("$root/$_"), $files{$_}, "$_ is as it was"
    for sort keys %files;

done_testing();
