# httpd -t -D DUMP_CORS, in both forms: what holds where, and why.

use strict;
use warnings;
use lib 't/lib';
use JSON::PP qw(decode_json);
use Test::More;
use CorsTest;

# What httpd prints of the configuration: whether it accepts it, standard
# output, and what goes elsewhere.
chomp(my $version = CorsTest::slurp('VERSION'));

sub dump_of {
    my ($define, $conf, %files) = @_;
    my ($ok, $all) = configtest($conf, %files,
        -arguments => [ '-t', '-D', split / /, $define ]);
    my @rest;
    my $out = join '', map { /^(?:\[|Syntax OK|AH\d+:)/
        ? do { push @rest, $_; () } : $_ } split /^/, $all;
    # The version is on all of them: here it is looked at, and left out.
    is $1, $version, "$define: the version" if $out =~ s{\Amod_cors/(\S+): }{};
    return ($ok, $out, "@rest");
}

sub squeeze { return join ' ', split ' ', $_[0] }

# The manual's example.
my $manual = CorsTest::slurp('docs/checking.md');
my ($example) = $manual =~ /^```apache\n(.*?)^```/ms;
my ($shown) = $manual =~ /^```\nmod_cors\/\S+: (CORS policies.*?)^```/ms;
my ($ok, $out) = dump_of('DUMP_CORS', $example);
ok $ok, 'the example is accepted';
$shown =~ s{/etc/httpd/api\.conf}{ROOT/test.conf}g;
is squeeze($out), squeeze($shown), 'and shown as the manual says';

# Layout, where no line is long enough to be folded.
my $conf = <<'CONF';
CorsAllowOrigin https://a.example http://localhost:* https://*.a.example:*
CorsMaxAge 10min
<VirtualHost *:1>
  ServerName b.example
  CorsAllowOrigin null
  CorsAllowUnsafe null-origin insecure-origins
  <Directory "/srv">
    <Files "x">
      CorsExposeHeaders X-A X-B
    </Files>
  </Directory>
</VirtualHost>
<Location "/off">
  CorsEngine Off
</Location>
<Location "/any">
  CorsAllowOrigin *
  CorsAllowHeaders inherit X-C
</Location>
CONF
my $at = 'of ROOT/test.conf';
my $listed = <<"TEXT";
    CorsAllowOrigin (line 1 $at)
        https://a.example
        http://localhost:*
          = any port, and none
        https://*.a.example:*
          = every subdomain of a.example, at any depth, any port, and none
TEXT
my $null = <<"TEXT";
    CorsAllowOrigin null (line 5 $at)
          = any page that makes itself opaque
TEXT
my $age = "    CorsMaxAge 10min (line 2 $at)\n";
my $unsafe = <<"TEXT";
    CorsAllowUnsafe (line 6 $at)
        insecure-origins
        null-origin
TEXT
my $expected = <<"TEXT";
CORS policies, as they merge before any request.
Directives not shown have their defaults.

the main server
$listed$age
<Location "/off"> (line 13 $at) in the main server
    no policy: nothing is sent
$listed    CorsEngine Off (line 14 $at)
$age
<Location "/any"> (line 16 $at) in the main server
    CorsAllowOrigin * (line 17 $at)
          = every origin
    CorsAllowHeaders X-C (line 18 $at)
$age
virtual host b.example (line 3 $at)
$null$age$unsafe
<Location "/off"> (line 13 $at) in virtual host b.example (line 3 $at)
    no policy: nothing is sent
$null    CorsEngine Off (line 14 $at)
$age$unsafe
<Location "/any"> (line 16 $at) in virtual host b.example (line 3 $at)
    CorsAllowOrigin * (line 17 $at)
          = every origin
    CorsAllowHeaders X-C (line 18 $at)
$age$unsafe
<Files "x"> (line 8 $at) in virtual host b.example (line 3 $at)
$null    CorsExposeHeaders (line 9 $at)
        X-A
        X-B
$age$unsafe
TEXT
chomp $expected;
# Headings may be folded: how far depends on where temporary files are.
my $unfold = sub { $_[0] =~ s/\n  (?=\S)/ /gr };
($ok, $out) = dump_of('DUMP_CORS', $conf);
is $unfold->($out), $expected, 'what is inherited, and from where';
is +(dump_of('DUMP_CORS', $conf))[1], $out, 'the same each time';

# Eighty columns, but for what can't be folded.
my $wide = '*.' . join('.', ('a-label-of-20-letters') x 3) . '.example:*';
my $long = join ' ', map { "https://origin-number-$_.example.com" } 1 .. 9;
($ok, $out) = dump_of('DUMP_CORS', "CorsAllowOrigin $long $long\n"
    . "CorsAllowOrigin https://$wide\n"
    . "CorsExposeHeaders Pragma\nHeader set Access-Control-Max-Age 5\n");
cmp_ok scalar(grep { /^ +! / } split /\n/, $out), '>', 9, 'warnings stand there';
my $root = CorsTest::checked_root();
my $one_word = qr/^\s*(?:! )?\S+$/;
is_deeply [ grep { length > 80 && !/$one_word/ } split /\n/, $out =~ s/ROOT/$root/gr ], [],
    'no line is longer than 80 bytes';

($ok, $out) = dump_of('DUMP_CORS',
    "CorsAllowOrigin inherit\nCorsAllowHeaders Inherit\n");
is squeeze($out =~ s/.*(?=main server)//sr), 'main server CorsAllowOrigin none '
    . "(line 1 $at) = the default, inherited CorsAllowHeaders none (line 2 $at) "
    . '= the default, inherited', 'what is inherited where nothing encloses';

# Beside the line that it is about, where it is at fault and nowhere else.
my $faulty = <<'CONF';
CorsAllowOrigin http://a.example
<Location "/a">
  CorsAllowCredentials On
</Location>
<Location "/b">
  CorsExposeHeaders Pragma
</Location>
CONF
($ok, $out) = dump_of('DUMP_CORS', $faulty);
ok !$ok, 'a configuration that is refused';
my %part = map { /^(?:<Location "(.*?)">|(the main))/ ? (($1 || $2) => $_) : () }
    split /\n\n/, $out;
like squeeze($part{'/a'}), qr/CorsAllowOrigin http:\/\/a\.example \(line 1 \S+ \S+ ! refused: CorsAllowCredentials On \(line 3 /,
    'is shown, with the reason beside the line';
unlike $part{$_}, qr/refused/, "and not in $_" for '/b', 'the main';
like $part{'/b'}, qr/! CorsExposeHeaders Pragma/, 'a warning stands there';

# Equal policies are shown once, but not if a finding is about their lines.
($ok, $out) = dump_of('DUMP_CORS', join '', map { <<"CONF" } qw(/a /b));
<Location "$_">
  CorsAllowOrigin https://a.example
  CorsExposeHeaders Pragma
</Location>
CONF
my ($second) = $out =~ m{^(<Location "/b">.*?)(?:\n\n|\z)}ms;
like squeeze($second), qr/! CorsExposeHeaders Pragma \(line 7 /,
    'each stands beside its line';

($ok, $out) = dump_of('DUMP_CORS', "CorsMaxAge 5\nCorsMaxAge 6\n");
like squeeze($out), qr/other directives ! CorsMaxAge 5 \(line 1 \S+ \S+ does nothing/,
    'no warning is lost because another line took the place of its own';

($ok, $out) = dump_of('DUMP_CORS', "ServerName a.example\n");
like $out, qr/^No directive of mod_cors is configured\.$/m, 'nothing to show';
($ok, $out) = configtest($conf);
unlike $out, qr/CORS policies/, 'not unless asked for';
my $s = CorsTest->start('Define DUMP_CORS' . "\n$conf");
unlike join("\n", $s->log_lines), qr/CORS policies/, 'nor by a server';

# JSON: standard output has nothing else.
($ok, $out) = dump_of('DUMP_CORS_JSON', $conf);
my $json = decode_json($out);
is_deeply [ sort keys %$json ], [ qw(findings places sets version) ], 'JSON: its members';
is $json->{version}, $version, 'the version';
is_deeply $json->{findings}, [], 'nothing was found';
my @places = @{ $json->{places} };
is scalar @places, 7, 'each place';
is_deeply $places[0]{server}, { main => JSON::PP::true }, 'the main server';
is $places[0]{within}, undef, 'as a whole';
is_deeply $places[0]{values}[2], { directive => 'CorsAllowOrigin',
    value => 'https://*.a.example:*', file => 'ROOT/test.conf', line => 1,
    means => 'every subdomain of a.example, at any depth, any port, and none' },
    'a value';
is_deeply $places[3]{server}, { main => JSON::PP::false, name => 'b.example',
    file => 'ROOT/test.conf', line => 3 }, 'a virtual host';
is_deeply $places[1]{within}, { section => '<Location "/off">',
    file => 'ROOT/test.conf', line => 13 }, 'a section';
is_deeply [ map { $_->{policy} ? 1 : 0 } @places ], [ 1, 0, 1, 1, 0, 1, 1 ],
    'whether a policy holds';
my %documented = map { $_ => 1 }
    $manual =~ /`(?:places\[\]\.)?([a-z]+)`/g;
my %member;
my $visit; $visit = sub {
    my ($it) = @_;
    if (ref $it eq 'HASH') { $member{$_}++, $visit->($it->{$_}) for keys %$it }
    if (ref $it eq 'ARRAY') { $visit->($_) for @$it }
};
$visit->($json);
($ok, $out) = dump_of('DUMP_CORS_JSON', $faulty);
$json = decode_json($out);
$visit->($json);
is_deeply [ map { [ @$_{qw(level code file line)} ] } @{ $json->{findings} } ],
    [ [ 'error', 'credentials-insecure-origin', 'ROOT/test.conf', 1 ],
        [ 'warning', 'always-readable', 'ROOT/test.conf', 6 ] ],
    'what was found';
cmp_ok scalar(keys %member), '>', 10, 'members were seen';
is_deeply [ grep { !$documented{$_} } sort keys %member ], [],
    'and each is in the manual';

# File names that are no UTF-8: U+FFFD stands for each byte that is no part of
# a well-formed sequence (Unicode, table 3-7), and the rest stays.
my $r = "\x{fffd}";
for ([ "b\xe9", "b$r", 'Latin-1' ],
    [ "\xc3\xa9", "\xe9", 'two bytes, well-formed' ],
    [ "\xe9\xc3\xa9", "$r\xe9", 'a stray byte before a character' ],
    [ "\xc3\xa9\xe9z", "\xe9${r}z", 'a stray byte after a character' ],
    [ "\xe2\x82\xac", "\x{20ac}", 'three bytes' ],
    [ "\xf0\x9f\x98\x80", "\x{1f600}", 'four bytes' ],
    [ "\xc2\x80\xdf\xbf", "\x80\x{7ff}", 'the first and last of two bytes' ],
    [ "\xe0\xa0\x80\xef\xbf\xbf", "\x{800}\x{ffff}", 'of three' ],
    [ "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", "\x{10000}\x{10ffff}", 'of four' ],
    [ "\xed\x9f\xbf\xee\x80\x80", "\x{d7ff}\x{e000}", 'beside the surrogates' ],
    [ "\x80z", "${r}z", 'a byte that only continues' ],
    [ "\xc0\xaf", $r x 2, 'overlong in two bytes' ],
    [ "\xc1\xbf", $r x 2, 'overlong, up to 0x7f' ],
    [ "\xe0\x9f\xbf", $r x 3, 'overlong in three' ],
    [ "\xf0\x8f\xbf\xbf", $r x 4, 'overlong in four' ],
    [ "\xed\xa0\x80", $r x 3, 'the first surrogate' ],
    [ "\xed\xbf\xbf", $r x 3, 'the last' ],
    [ "\xf4\x90\x80\x80", $r x 4, 'beyond U+10FFFF' ],
    [ "\xf5\x80\x80\x80", $r x 4, 'far beyond' ],
    [ "\xff\xfe", $r x 2, 'bytes that no text has' ],
    [ "\xc3z", "${r}z", 'truncated after one byte of two' ],
    [ "\xe2\x82z", "$r${r}z", 'after two of three' ],
    [ "\xf0\x9f\x98z", "$r$r${r}z", 'after three of four' ],
    [ "\xf0\x9f\xc3\xa9", "$r$r\xe9", 'by another character' ],
    [ "z\xe2\x82", "z$r$r", 'by the end' ]) {
    my ($bytes, $text, $what) = @$_;
    ($ok, $out) = dump_of('DUMP_CORS_JSON', "Include \"\@ROOT\@/f.$bytes\"\n",
        "f.$bytes" => "CorsAllowOrigin *\n");
    is decode_json($out)->{places}[0]{values}[0]{file}, "ROOT/f.$text",
        "a file name: $what";
}

# Equal policies are shown once, with all their places.
my $hosts = join '', map { <<"CONF" } 1 .. 40;
<VirtualHost *:1>
  ServerName h$_.example
  ServerAlias alias$_.example *.wild$_.example
  CorsAllowOrigin https://a.example
  CorsMaxAge 10min
</VirtualHost>
CONF
my $first = join "\n", map { my $line = 6 * $_ - 5;
    "virtual host h$_.example (line $line $at)" } 1 .. 40;
($ok, $out) = dump_of('DUMP_CORS', $hosts);
is squeeze($out), squeeze(<<"TEXT"), 'equal policies are shown once';
CORS policies, as they merge before any request.
Directives not shown have their defaults.

$first
    CorsAllowOrigin https://a.example (line 4 $at, and 39 other lines)
    CorsMaxAge 10min (line 5 $at, and 39 other lines)
TEXT
($ok, $out) = dump_of('DUMP_CORS', "CorsAllowOrigin https://a.example\n"
    . join '', map { "<Location /$_>\nCorsAllowMethods GET POST $_\n</Location>\n" }
        qw(A A B));
is scalar(() = $out =~ /CorsAllowOrigin/g), 3, 'and others by themselves';
like squeeze($out), qr/\(line 2 \S+ \S+ in the main server <Location \/A> \(line 5 /,
    'in the order of their first places';
($ok, $out) = dump_of('DUMP_CORS', "CorsAllowOrigin https://a.example\n"
    . join '', map { "<Location /$_>\nCorsExposeHeaders Pragma\n</Location>\n" }
        qw(a b));
is scalar(() = $out =~ /! CorsExposeHeaders Pragma/g), 2,
    'each warning stands beside its line';
($ok, $out) = dump_of('DUMP_CORS', "CorsEngine Off\nCorsAllowOrigin *\n"
    . "<Location /a>\nCorsEngine Off\n</Location>\n");
is scalar(() = $out =~ /no policy/g), 1, 'nor is a policy repeated that is off';

# One host alone.
sub dump_host {
    my ($form, $host, @rest) = @_;
    return dump_of("$form -D DUMP_CORS_HOST=$host", @rest);
}
my $two = "$hosts<Location /main>\nCorsMaxAge 1\n</Location>\n"
    . "<VirtualHost *:1>\nServerName plain.example\n"
    . "Header set Vary Origin\n</VirtualHost>\n";
for (['h7.example', 'by name'], ['H7.Example', 'in any case'],
    ['alias7.example', 'by alias'], ['x.wild7.example', 'by wildcard']) {
    my ($host, $why) = @$_;
    ($ok, $out) = dump_host('DUMP_CORS', $host, $two);
    like $out, qr/^Only the servers named \Q$host\E are shown/m, "$why: filtered";
    is_deeply [ squeeze($out) =~ /virtual host (\S+)/g ], [ ('h7.example') x 2 ],
        "$why: its places alone";
}
($ok, $out) = dump_host('DUMP_CORS', 'plain.example', $two);
is squeeze($out =~ s/.*?\n\n//sr), "virtual host plain.example (line 244 $at) "
    . "no policy: nothing is sent <Location /main> (line 241 $at) in virtual "
    . "host plain.example (line 244 $at) no policy: nothing is sent CorsMaxAge "
    . "1 (line 242 $at)",
    'a host without directives has what it inherits';
($ok, $out) = dump_host('DUMP_CORS_JSON', 'alias7.example', $two);
my $one = decode_json($out);
is $one->{host}, 'alias7.example', 'JSON says that it is filtered';
is_deeply [ map { $_->{server}{name} } @{ $one->{places} } ],
    [ ('h7.example') x 2 ], 'and has an entry for each place';
my $warned = join '', map { "<VirtualHost *:1>\nServerName w$_.example\n"
    . "CorsAllowOrigin https://a.example\nCorsExposeHeaders Pragma\n"
    . "Header set Access-Control-Max-Age $_\n</VirtualHost>\n" } 1, 2;
($ok, $out) = dump_host('DUMP_CORS_JSON', 'w2.example', $warned);
is_deeply [ map { $_->{line} } @{ decode_json($out)->{findings} } ], [ 10, 11 ],
    'findings of other hosts are left out';
($ok, $out) = dump_host('DUMP_CORS', 'w1.example', $warned);
is_deeply [ $out =~ /! .*? \(line (\d+)/g ], [ 4, 5 ], 'in text too';
my $rest;
($ok, $out, $rest) = dump_host('DUMP_CORS', 'none.example', $two);
ok !$ok, 'an unknown host is an error';
is $out, '', 'which dumps nothing';
like $rest, qr/DUMP_CORS_HOST=none\.example: no ServerName and no ServerAlias is this name: write one of test\.example (?:\S+ ){19}and 22 more/,
    'and lists the names there are, up to a bound';

$s->finish;
