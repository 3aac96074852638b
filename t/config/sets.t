# CorsOriginSet: what is refused, each with its line, and what is warned of;
# what a file must be; and how sets are shown.

use strict;
use warnings;
use lib 't/lib';
use POSIX ();
use Test::More;
use JSON::PP qw(decode_json);
use CorsTest;

my $at = 'of ROOT/test.conf';
my $good = "https://a.example\n";
my $file = 'file:@ROOT@/p.origins';
my $use = "CorsAllowOrigin \@p\n";

# What a configuration is refused for, errors alone.
sub refused {
    my ($what, $conf, $files, @texts) = @_;
    my ($ok, $out) = configtest($conf, %$files);
    ok !$ok, "refused: $what";
    is_deeply [ map { $_->[0] eq 'error' ? $_->[1] : () } said($out) ],
        \@texts, 'with this' or diag $out;
}

sub accepted {
    my ($what, $conf, $files, @texts) = @_;
    my ($ok, $out) = configtest($conf, %$files);
    ok $ok, "accepted: $what" or diag $out;
    is_deeply [ map { $_->[1] } said($out) ], \@texts, 'with this' or diag $out;
}

my %good = ('p.origins' => $good);

# The directive.
accepted('a set', "CorsOriginSet p $file\n$use", \%good);
accepted('named before', "${use}CorsOriginSet p $file\n", \%good);
accepted('every option', "CorsOriginSet p $file refresh=24h stale=7d "
    . "size=1M\n$use", \%good);
accepted('the other ends', "CorsOriginSet p $file refresh=1s stale=forever "
    . "size=4G\n$use", \%good);
accepted('stale=0', "CorsOriginSet p $file stale=0 SIZE=2G\n$use", \%good);
accepted('a path below ServerRoot', "CorsOriginSet p file:p.origins\n$use",
    \%good);
accepted('a set that no list names', "CorsOriginSet p $file\n", \%good,
    "CorsOriginSet p (line 1 $at): no CorsAllowOrigin names it, unless an "
    . '.htaccess file does: write CorsAllowOrigin @p, or leave the set out '
    . '[set-unused]');
refused('no set of that name', "${use}CorsAllowOrigin \@q\n"
    . "CorsOriginSet q $file\n", \%good,
    "CorsAllowOrigin \@p (line 1 $at): there is no CorsOriginSet of that "
    . 'name: write one, or the name of another [set-undefined]');
refused('two sets of one name', "CorsOriginSet p $file\nCorsOriginSet p "
    . "$file\n$use", \%good,
    "CorsOriginSet 'p' (line 2 $at): line 1 $at has that name already: write "
    . 'another, or leave one of the two out [set-twice]');
for my $name ('P', 'a_b', '@p', 'x' x 65) {
    refused("the name $name", "CorsOriginSet $name $file\n", \%good,
        "CorsOriginSet '$name' (line 1 $at): a name has 1 to 64 of the bytes "
        . 'a-z, 0-9 and hyphen: write one, as in partners [set-name]');
}
for my $name ('@', '@P', '@' . 'x' x 65) {
    refused("the list's name $name", "CorsAllowOrigin $name\n", {},
        "CorsAllowOrigin '$name' (line 1 $at): a name has 1 to 64 of the "
        . 'bytes a-z, 0-9 and hyphen: write that of a CorsOriginSet, as in '
        . '@partners [set-name]');
}
for my $conf ('CorsOriginSet p', 'CorsOriginSet') {
    refused("no source: $conf", "$conf\n", {}, "CorsOriginSet '"
        . ($conf =~ /p$/ ? 'p' : '') . "' (line 1 $at): write a name and a "
        . 'source, as in partners file:/etc/httpd/partners.origins '
        . '[set-source]');
}
my ($ok, $out) = configtest("CorsOriginSet p memcache:x:1\n$use");
ok !$ok, 'refused: an unknown source';
like +(said($out))[0][1], qr/^CorsOriginSet 'memcache:x:1' \(line 1 \Q$at\E\): there is no such source: write one that begins with file:.* \[set-source\]$/,
    'with what there is';
refused('no path', "CorsOriginSet p file:\n$use", {},
    "CorsOriginSet 'file:' (line 1 $at): write the path of a file, as in "
    . 'file:/etc/httpd/partners.origins [set-source]');
my $options = 'file: has no such option, but refresh=, stale=, size=: write '
    . 'one of these';
for (
    [ 'timeout=1s', $options ], [ 'version=SELECT', $options ],
    [ 'colour=red', $options ], [ 'refresh', $options ],
    (map { [ "refresh=$_", 'write a time from 1s to 24h, as in refresh=30s' ] }
        '0', '999ms', '25h', '-1', 'x', '', '1x'),
    (map { [ "stale=$_", 'write a time from 0 to 7d, as in stale=1h, or '
            . 'stale=forever' ] } '-1', '8d', '200h', 'never', '', '1w'),
    (map { [ "size=$_", 'write a size from 1M to 4G, as in size=256M' ] }
        '0', '1', '512K', '5G', '4097M', '-1M', '1MB', '', 'M',
        '18446744073709551617M'),
) {
    my ($option, $sentence) = @$_;
    refused($option, "CorsOriginSet p $file $option\n$use", \%good,
        "CorsOriginSet '$option' (line 1 $at): $sentence [set-option]");
}
refused('in a virtual host', within('<VirtualHost *:81>',
    "CorsOriginSet p $file\n"), \%good, "CorsOriginSet 'p' (line 2 $at) in "
    . '<VirtualHost *:81>: a set is for the whole server: write it outside of '
    . 'all sections [set-place]');
for my $first ('<Location />', '<Directory />', '<Files x>', '<If true>',
    '<Proxy *>') {
    my ($ok, $out) = configtest(within($first, "CorsOriginSet p $file\n"),
        %good);
    ok !$ok, "refused: in $first";
    like $out, qr/CorsOriginSet not allowed in </, "by httpd's own core";
}
for my $word ('*', 'none') {
    my $alone = '* and none stand alone: leave either it or the others out '
        . '[stands-alone]';
    refused("beside $word", "CorsOriginSet p $file\nCorsAllowOrigin $word "
        . "\@p\n", \%good, "CorsAllowOrigin '\@p' (line 2 $at): $alone");
    refused("before $word", "CorsOriginSet p $file\nCorsAllowOrigin \@p "
        . "$word\n", \%good, "CorsAllowOrigin '$word' (line 2 $at): $alone");
}
refused('CorsStaticOrigin', "CorsOriginSet p $file\n$use"
    . "CorsStaticOrigin On\n", \%good,
    "CorsStaticOrigin On (line 3 $at) with CorsAllowOrigin (line 2 $at) in "
    . 'the main server: every response can name one origin only if the policy '
    . 'allows one and no pattern: write CorsStaticOrigin Off, or that origin '
    . 'alone [static-origin-list]');
refused('CorsStaticOrigin with one more', "CorsOriginSet p $file\n"
    . "CorsAllowOrigin https://x.example \@p\nCorsStaticOrigin On\n", \%good,
    "CorsStaticOrigin On (line 3 $at) with CorsAllowOrigin (line 2 $at) in "
    . 'the main server: every response can name one origin only if the policy '
    . 'allows one and no pattern: write CorsStaticOrigin Off, or that origin '
    . 'alone [static-origin-list]');
for ([ '@p,', '@p' ], [ '@p,https://x.example', '@p https://x.example' ],
    [ '@p;@q', '@p @q' ]) {
    my ($arg, $right) = @$_;
    refused("a comma: $arg", "CorsOriginSet p $file\nCorsAllowOrigin $arg\n",
        \%good, "CorsAllowOrigin '$arg' (line 2 $at): arguments are separated "
        . 'by spaces, not ' . ($arg =~ /;/ ? 'semicolons' : 'commas')
        . ": write $right [origin-comma]");
}

# A set as a ceiling: what it has is known when a request comes.
accepted('a set as a ceiling', "CorsOriginSet p $file\nCorsLimitOrigin \@p\n"
    . "CorsAllowOrigin https://x.example https://*.y.example\n", \%good);
refused('* under a set', "CorsOriginSet p $file\nCorsLimitOrigin \@p\n"
    . "CorsAllowOrigin *\n", \%good,
    "CorsAllowOrigin * (line 3 $at) with CorsLimitOrigin (line 2 $at) in the "
    . 'main server: the ceiling does not cover it: leave it out, or write an '
    . 'origin that the ceiling covers [outside-limit]');
refused('what another ceiling does not cover', "CorsOriginSet p $file\n"
    . "CorsLimitOrigin \@p\nCorsLimitOrigin https://*.example\n"
    . "CorsAllowOrigin https://x.test\n", \%good,
    "CorsAllowOrigin https://x.test (line 4 $at) with CorsLimitOrigin "
    . "(line 3 $at) in the main server: the ceiling does not cover it: leave "
    . 'it out, or write an origin that the ceiling covers [outside-limit]');
refused('a ceiling of no set', "CorsLimitOrigin https://a.example \@q\n", {},
    "CorsLimitOrigin \@q (line 1 $at): there is no CorsOriginSet of that "
    . 'name: write one, or the name of another [set-undefined]');
accepted('under a ceiling, which looks at requests', "CorsOriginSet p $file\n"
    . "${use}CorsLimitOrigin https://*.corp.example\n", \%good);
accepted('with credentials', "CorsOriginSet p $file\n$use"
    . "CorsAllowCredentials On\nCorsAllowPrivateNetwork On\n",
    { 'p.origins' => "http://a.example\nhttps://*.com\n" });
accepted('twice in a list', "CorsOriginSet p $file\nCorsAllowOrigin \@p \@p\n",
    \%good, "CorsAllowOrigin \@p (line 2 $at) is listed already (line 2 $at): "
    . 'leave one out [listed-twice]');

# The file.
my $set = "CorsOriginSet p $file (line 1 $at)" =~ s/\@ROOT\@/ROOT/r;
sub refused_file {
    my ($what, $text, @said) = @_;
    refused($what, "CorsOriginSet p $file\n$use",
        defined $text ? { 'p.origins' => $text } : {},
        map { "$set: $_" } @said);
}
accepted('comments, blanks, CR LF', "CorsOriginSet p $file\n$use",
    { 'p.origins' => "# \xff\r\n\r\n \t\n\thttps://a.example \t\r\n  # x\n" });
accepted('a comment alone', "CorsOriginSet p $file\n$use",
    { 'p.origins' => "#\n" });
refused_file('missing', undef, "it can't be opened: No such file or "
    . "directory: put a list there that the server's User may read [set-unreadable]");
refused_file('0 bytes', '', 'it has 0 bytes, as a file that is about to be '
    . 'written: write a comment into a list that allows nothing [set-incomplete]');
refused_file('no newline', 'https://a.example', 'its last line has no end: '
    . 'write a newline at the end of every line [set-incomplete]');
refused_file('rows', "https://A.example\n\n$good*\nnull\n\@q\n"
    . "https://a.example # x\nx\0y\n" . 'y' x 2000 . "\n" . 'z' x 70000
    . "\nhttps://b.example,\n",
    "row 1, 'https://A.example': browsers send it in lower case: write "
    . 'https://a.example [set-row]',
    "row 4, '*': a set can't stand for every page: write CorsAllowOrigin * "
    . 'instead of it [set-row]',
    "row 5, 'null': any page can obtain the origin null in a sandboxed frame: "
    . 'leave it out [set-row]',
    "row 6, '\@q': a set can't name another: write the origins of that one, "
    . 'or both into CorsAllowOrigin [set-row]',
    "row 7, 'https://a.example # x': a row holds one origin and no comment: "
    . 'write each in a row of its own [set-row]',
    "row 8, 'x': there is a NUL byte in it: write one origin on each line "
    . '[set-row]',
    "row 9, '" . 'y' x 200 . "': no origin is that long: write one on each line "
    . '[set-row]',
    "row 10, '" . 'z' x 200 . "': no origin is that long: write one on each "
    . 'line [set-row]',
    "row 11, 'https://b.example,': arguments are separated by spaces, not "
    . 'commas: write https://b.example [set-row]');
my ($refused, $many) = configtest("CorsOriginSet p $file\n$use",
    'p.origins' => "X\n" x 150);
is scalar(grep { $_->[1] =~ /row \d+, 'X'/ } said($many)), 100,
    'the first 100 faulty rows';
like $many, qr/50 more rows are not origins: correct them too \[set-row\]/,
    'and how many more';
refused('too large', "CorsOriginSet p $file size=1M\n$use",
    { 'p.origins' => join '', map { "https://t$_.example\n" } 1 .. 40000 },
    "$set: it takes more than the 1048576 bytes that a list may take: write a "
    . 'larger size= [set-too-large]');

# Rights.  Other files than text are made in the folder that is checked.
my $root = CorsTest::checked_root();
sub refused_as {
    my ($what, $make, $text) = @_;
    $make->("$root/made");
    refused($what, "CorsOriginSet p file:$root/made\n$use", {},
        "CorsOriginSet p file:ROOT/made (line 1 $at): $text");
    unlink "$root/made";
    rmdir "$root/made";
}
sub make {
    my ($mode, $group) = @_;
    return sub {
        my ($path) = @_;
        open my $fh, '>', $path or die "$path: $!\n";
        print $fh $good;
        close $fh or die "$path: $!\n";
        chown -1, $group, $path if defined $group;
        chmod $mode, $path;
    };
}
refused_as('others may write', make(0646), 'anybody may write it: take that '
    . 'right away, with chmod o-w [set-permissions]');
refused_as('a FIFO', sub { POSIX::mkfifo($_[0], 0644) },
    'it is no regular file: write the path of one [set-unreadable]');
refused_as('a folder', sub { mkdir $_[0] },
    'it is no regular file: write the path of one [set-unreadable]');
SKIP: {
    skip 'only root can give files to others', 6 if $> != 0;
    my $nogroup = (getpwnam 'nobody')[3];
    refused_as('a group may write', make(0664, $nogroup), 'its group may '
        . 'write it: take that right away, with chmod g-w [set-permissions]');
    make(0664, 0)->("$root/made");
    accepted("root's group may write", "CorsOriginSet p file:$root/made\n$use",
        {});
    my ($user) = CorsTest::slurp("$root/conf/httpd.conf") =~ /^User\s+"?(\w+)/m;
    refused_as('User may not read', make(0600), "ROOT/made can't be read by "
        . "the User of the server, $user: Permission denied: give that user "
        . 'the right to read it [set-unreadable]');
}

# Shown with the source and the line.
(undef, my $text) = configtest("CorsOriginSet p $file\n$use", %good,
    -arguments => [ '-t', '-D', 'DUMP_CORS' ]);
my $shown = "CorsAllowOrigin \@p (line 2 $at) = the origins of "
    . "file:ROOT/p.origins, a set of line 1 $at";
like join(' ', split ' ', $text), qr/\Q$shown\E/, 'DUMP_CORS shows it';
(undef, my $json) = configtest("CorsOriginSet p $file\n$use", %good,
    -arguments => [ '-t', '-D', 'DUMP_CORS_JSON' ]);
my $dump = decode_json($json =~ /^(\{.*^\})/ms ? $1 : '{}');
is $dump->{places}[0]{values}[0]{value}, '@p', 'so does DUMP_CORS_JSON';

# And what is in it.  A source that configtest does not read is named.
sub dump_both {
    my ($conf, %files) = @_;
    (undef, my $text) = configtest($conf, %files,
        -arguments => [ '-t', '-D', 'DUMP_CORS' ]);
    (undef, my $json) = configtest($conf, %files,
        -arguments => [ '-t', '-D', 'DUMP_CORS_JSON' ]);
    $text = $text =~ /^(origin sets\n(?: .*\n)+)/m ? $1 : '';
    return ($text, decode_json($json =~ /^(\{.*^\})/ms ? $1 : '{}')->{sets});
}
my $two = "CorsOriginSet p $file\nCorsOriginSet q \"dbd:SELECT 1\"\n"
    . "CorsAllowOrigin \@p \@q\n";
my ($in_text, $in_json) = dump_both($two, 'p.origins' => "${good}https://b.example\n"
    . "https://*.c.example\nhttps://B.example\n" . "null\n" x 12);
my $sentence = 'any page can obtain the origin null in a sandboxed frame: leave it out';
my $expected = <<"TEXT" . join('', map { <<"ROW" } 5 .. 13) . <<"REST";
origin sets
    \@p: file:ROOT/p.origins (line 1 $at)
        origins: 3, of which 1 is a pattern
        left out: 13 rows
        row 4: 'https://B.example': browsers send it in lower case: write https://b.example
TEXT
        row $_: 'null': $sentence
ROW
    \@q: dbd:SELECT 1 (line 2 $at)
        list: not read by configtest
REST
is join(' ', split ' ', $in_text), join(' ', split ' ', $expected),
    'DUMP_CORS: both sets';
my %line = (file => 'ROOT/test.conf');
is_deeply $in_json, [
    { name => 'p', kind => 'file', source => 'file:ROOT/p.origins', %line,
      line => 1, read => JSON::PP::true, origins => 3, patterns => 1,
      skipped => 13, failing => JSON::PP::false,
      rows => [ { row => 4, text => 'https://B.example',
            means => 'browsers send it in lower case: write https://b.example' },
          map { { row => $_, text => 'null', means => $sentence } } 5 .. 13 ] },
    { name => 'q', kind => 'dbd', source => 'dbd:SELECT 1', %line, line => 2,
      read => JSON::PP::false } ], 'DUMP_CORS_JSON: both sets';
($in_text, $in_json) = dump_both("CorsOriginSet p $file\n$use", 'p.origins' => '');
like join(' ', split ' ', $in_text), qr/ list: none has been read: every origin of the set is refused fails: it has 0 bytes/,
    'a file that is not believed';
is_deeply [ @{ $in_json->[0] }{qw(read failing origins)} ],
    [ JSON::PP::true, JSON::PP::true, undef ], 'so says the JSON';
like $in_json->[0]{error}, qr/^it has 0 bytes/, 'with the reason';
is_deeply [ dump_both("CorsAllowOrigin https://a.example\n") ], [ '', [] ],
    'no sets';

# The manual's example.
my ($example) = CorsTest::blocks(CorsTest::slurp('docs/checking.md'),
    'Sets of origins', '');
my @rows = ((map { "https://a$_.example" } 1 .. 6), 'https://B.example',
    (map { "https://a$_.example" } 7 .. 9), map { "https://*.b$_.example" } 1 .. 3);
($in_text) = dump_both("CorsOriginSet partners file:\@ROOT\@/partners.origins\n"
    . "CorsOriginSet tenants \"dbd:SELECT origin FROM cors_api\"\n"
    . "CorsAllowOrigin \@partners \@tenants\n",
    'partners.origins' => join '', map { "$_\n" } @rows);
$example =~ s{/etc/httpd/api\.conf}{ROOT/test.conf}g;
$example =~ s{/etc/httpd/}{ROOT/}g;
is join(' ', split ' ', $in_text), join(' ', split ' ', $example),
    'docs/checking.md shows what is printed';
done_testing;
