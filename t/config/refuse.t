# What no policy may say, refused when all of the configuration is read: each
# rule with its exact text, in every kind of section, however it got there.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $at   = 'of ROOT/test.conf';
my $main = 'in the main server';
my %advice = (
    any => 'no browser takes credentials with *: write the origins that may '
        . 'have them, as in CorsAllowOrigin https://app.example.com, or '
        . 'CorsAllowCredentials Off [credentials-any-origin]',
    null => 'any page can obtain the origin null in a sandboxed frame: leave '
        . 'null out, or write CorsAllowCredentials Off '
        . '[credentials-null-origin]',
    http => 'anyone on the network path can impersonate an http origin: '
        . 'write https://plain.example, or CorsAllowUnsafe insecure-origins '
        . '[credentials-insecure-origin]',
    private => 'it would let any web page into the private network: write '
        . 'the origins that may, as in CorsAllowOrigin '
        . 'https://app.example.com, or CorsAllowPrivateNetwork Off '
        . '[private-network-any-origin]',
    private_null => 'any page can obtain the origin null in a sandboxed '
        . 'frame: leave null out, or write CorsAllowPrivateNetwork Off '
        . '[private-network-null-origin]',
    alone => 'any page can obtain the origin null in a sandboxed frame: leave '
        . 'null out, or write CorsAllowUnsafe null-origin [null-origin]',
);

sub suffix {
    return "anyone can have a host below the public suffix $_[0]: "
        . 'write the hosts that are yours, or CorsAllowUnsafe public-suffixes '
        . '[credentials-public-suffix]';
}

# Whether the configuration is refused for just these reasons.
sub refused {
    my ($what, $conf, @texts) = @_;
    my ($ok, $out) = configtest($conf);
    ok !$ok, "refused: $what";
    is_deeply [ errors($out) ], \@texts,
        'saying why, where, and what to write';
}

sub errors { return map { $_->[0] eq 'error' ? $_->[1] : () } said($_[0]) }

sub accepted {
    my ($what, $conf) = @_;
    my ($ok, $out) = configtest($conf);
    ok $ok, "accepted: $what" or diag $out;
}

my $credentials = "CorsAllowCredentials On\n";
my $with = "CorsAllowCredentials On (line 1 $at) with CorsAllowOrigin";

# Each rule.
for ([ '*', 'any' ], [ 'http://plain.example', 'http' ],
    [ 'http://*.plain.example', 'http',
        'https://*.plain.example' ], [ 'http://plain.example:*', 'http',
        'https://plain.example:*' ]) {
    my ($origin, $why, $write) = @$_;
    my $advice = $advice{$why};
    $advice =~ s{https://plain\.example}{$write} if $write;
    refused("credentials and $origin",
        "${credentials}CorsAllowOrigin $origin\n",
        "$with $origin (line 2 $at) $main: $advice");
}
for my $suffix (qw(com github.io co.uk foo.ck xn--p1ai)) {
    refused("credentials and https://*.$suffix",
        "${credentials}CorsAllowOrigin https://*.$suffix\n",
        "$with https://*.$suffix (line 2 $at) $main: " . suffix($suffix));
}
refused('credentials and all below *.ck, where each host is a suffix',
    "${credentials}CorsAllowOrigin https://*.ck:*\n",
    "$with https://*.ck:* (line 2 $at) $main: " . suffix('ck'));
refused('null', "CorsAllowOrigin null\n",
    "CorsAllowOrigin null (line 1 $at) $main: $advice{alone}");
refused('credentials and null',
    "${credentials}CorsAllowOrigin null\nCorsAllowUnsafe null-origin\n",
    "$with null (line 2 $at) $main: $advice{null}");
my $private = "CorsAllowPrivateNetwork On\n";
refused('a private network and *', "${private}CorsAllowOrigin *\n",
    "CorsAllowPrivateNetwork On (line 1 $at) with CorsAllowOrigin * "
    . "(line 2 $at) $main: $advice{private}");
refused('a private network and null',
    "${private}CorsAllowOrigin null\nCorsAllowUnsafe null-origin\n",
    "CorsAllowPrivateNetwork On (line 1 $at) with CorsAllowOrigin null "
    . "(line 2 $at) $main: $advice{private_null}");
for my $origins ('https://a.example https://b.example',
    'https://*.a.example', 'http://localhost:*', '*', 'none') {
    refused("one origin for all, and $origins",
        "CorsAllowOrigin $origins\nCorsStaticOrigin On\n",
        "CorsStaticOrigin On (line 2 $at) with CorsAllowOrigin (line 1 $at) "
        . "$main: every response can name one origin only if the policy "
        . 'allows one and no pattern: write CorsStaticOrigin Off, or that '
        . 'origin alone [static-origin-list]');
}
refused('one origin for all, and null',
    "CorsAllowOrigin null\nCorsAllowUnsafe null-origin\nCorsStaticOrigin On\n",
    "CorsStaticOrigin On (line 3 $at) with CorsAllowOrigin (line 1 $at) $main: "
    . 'every response can name one origin only if the policy allows one and no '
    . 'pattern: write CorsStaticOrigin Off, or that origin alone '
    . '[static-origin-list]');
# Sections of the main server that differ in this alone.
my ($ok, $said) = configtest(<<'CONF');
<Location /a>
  CorsMaxAge 600
</Location>
<Location /b>
  CorsStaticOrigin On
</Location>
<VirtualHost 127.0.0.1:80>
  CorsAllowOrigin https://a.example https://b.example
</VirtualHost>
CONF
ok !$ok, 'one origin for all, in a section that others seem to be like';
like $said, qr/CorsStaticOrigin On \(line 5 .*\[static-origin-list\]/, 'and why';
accepted('one origin for all',
    "CorsAllowOrigin https://a.example\nCorsStaticOrigin On\n");
refused('DetectionOnly too',
    "${credentials}CorsAllowOrigin *\nCorsEngine DetectionOnly\n",
    "$with * (line 2 $at) $main: $advice{any}");

# What is safe all the same, and what CorsAllowUnsafe opens: no more than it
# names.
accepted("credentials and $_", "${credentials}CorsAllowOrigin $_\n")
    for qw(https://a.example https://*.corp.internal https://*.localhost
        http://localhost:* http://a.localhost http://127.0.0.1:8080
        http://127.9.9.9 http://[::1] https://*.example.com none
        app://host capacitor://localhost chrome-extension://abcdef
        moz-extension://1f-2e ionic://app tauri://*.app.example);
accepted('Engine Off',
    "${credentials}CorsAllowOrigin *\nCorsEngine Off\n");
accepted('no credentials',
    "CorsAllowOrigin http://plain.example https://*.com\n");
my %opens = ('insecure-origins' => 'http://plain.example',
    'public-suffixes' => 'https://*.com');
for my $word (qw(insecure-origins public-suffixes null-origin)) {
    for my $opened (sort keys %opens) {
        my $conf = "${credentials}CorsAllowOrigin $opens{$opened}\n"
            . "CorsAllowUnsafe $word\n";
        if ($word eq $opened) { accepted($word, $conf) }
        else {
            my ($ok) = configtest($conf);
            ok !$ok, "$word does not open $opens{$opened}";
        }
    }
    for my $never ("CorsAllowOrigin *\n$credentials",
        "CorsAllowOrigin *\n$private", "CorsAllowOrigin null\n$credentials",
        "CorsAllowOrigin null\n$private") {
        my ($ok) = configtest("CorsAllowUnsafe $word\n$never");
        ok !$ok, "$word does not open " . join ' ', split /\n/, $never;
    }
}
accepted('null, granted', "CorsAllowOrigin null\nCorsAllowUnsafe null-origin\n");

# In every kind of section: by itself, and over its server.
my @sections = ('<Location "/a">', '<LocationMatch "^/a">', '<Directory "/a">',
    '<DirectoryMatch "^/a">', '<Files "a">', '<FilesMatch "a">',
    '<If "true">', '<Proxy "http://a.example/">');
for my $section (@sections) {
    my ($end) = $section =~ /^<(\w+)/;
    refused("in $section", "$section\n${credentials}CorsAllowOrigin *\n</$end>\n",
        "CorsAllowCredentials On (line 2 $at) with CorsAllowOrigin * "
        . "(line 3 $at) in $section (line 1 $at) $main: $advice{any}");
    refused("over its server, in $section",
        "CorsAllowOrigin *\n$section\n$credentials</$end>\n",
        "CorsAllowCredentials On (line 3 $at) with CorsAllowOrigin * "
        . "(line 1 $at) in $section (line 2 $at) $main: $advice{any}");
}
for (([ '<Directory "/a">', '<Files "b">' ]), [ '<Directory "/a">',
        '<If "true">' ], [ '<Location "/a">', '<If "true">' ],
    [ '<Files "a">', '<If "true">' ], [ '<If "true">', '<Files "a">' ]) {
    my ($outer, $inner) = @$_;
    my ($outer_end, $inner_end) = map { /^<(\w+)/ } $outer, $inner;
    refused("$inner in $outer", "$outer\n$credentials$inner\n"
            . "CorsAllowOrigin *\n</$inner_end>\n</$outer_end>\n",
        "CorsAllowCredentials On (line 2 $at) with CorsAllowOrigin * "
        . "(line 4 $at) in $inner (line 3 $at) $main: $advice{any}");
}
refused('in <Else>', "<Directory \"/a\">\n<If \"true\">\nCorsMaxAge 5\n</If>\n"
    . "<Else>\n${credentials}CorsAllowOrigin *\n</Else>\n</Directory>\n",
    "CorsAllowCredentials On (line 6 $at) with CorsAllowOrigin * "
    . "(line 7 $at) in <Else> (line 5 $at) $main: $advice{any}");
accepted('inherited origins, none of them at fault',
    "CorsAllowOrigin https://a.example\n<Location \"/a\">\n"
    . "CorsAllowOrigin inherit https://b.example\n$credentials</Location>\n");
refused('inherited origins, one at fault',
    "CorsAllowOrigin http://plain.example\n<Location \"/a\">\n"
    . "CorsAllowOrigin inherit https://b.example\n$credentials</Location>\n",
    "CorsAllowCredentials On (line 4 $at) with CorsAllowOrigin "
    . "http://plain.example (line 1 $at) in <Location \"/a\"> (line 2 $at) "
    . "$main: $advice{http}");

# Virtual hosts: their own, and the main server's sections over them, in any
# order.
my $host = "<VirtualHost *:1>\nServerName b.example\nCorsAllowOrigin *\n"
    . "</VirtualHost>\n";
my $section = "<Location \"/a\">\n$credentials</Location>\n";
refused('in a virtual host', $host =~ s/\*\n/*\n$credentials/r,
    "CorsAllowCredentials On (line 4 $at) with CorsAllowOrigin * "
    . "(line 3 $at) in virtual host b.example (line 1 $at): $advice{any}");
refused('a main section over a later virtual host', $section . $host,
    "CorsAllowCredentials On (line 2 $at) with CorsAllowOrigin * "
    . "(line 6 $at) in <Location \"/a\"> (line 1 $at) in virtual host "
    . "b.example (line 4 $at): $advice{any}");
refused('the second of two main sections over a virtual host',
    "<Location \"/b\">\nCorsMaxAge 5\n</Location>\n$section$host",
    "CorsAllowCredentials On (line 5 $at) with CorsAllowOrigin * "
    . "(line 9 $at) in <Location \"/a\"> (line 4 $at) in virtual host "
    . "b.example (line 7 $at): $advice{any}");
refused('a main section over an earlier virtual host', $host . $section,
    "CorsAllowCredentials On (line 6 $at) with CorsAllowOrigin * "
    . "(line 3 $at) in <Location \"/a\"> (line 5 $at) in virtual host "
    . "b.example (line 1 $at): $advice{any}");
refused('a virtual host over the main server',
    "$credentials$host", "CorsAllowCredentials On (line 1 $at) with "
    . "CorsAllowOrigin * (line 4 $at) in virtual host b.example (line 2 $at): "
    . $advice{any});
accepted('one virtual host has credentials, another *', $host
    . "<VirtualHost *:1>\nServerName c.example\n$credentials"
    . "CorsAllowOrigin https://a.example\n</VirtualHost>\n");

# Made by a macro, and included.
refused('a macro', "<Macro M \$o>\n<Location \"/a\">\nCorsAllowOrigin \$o\n"
    . "$credentials</Location>\n</Macro>\nUse M *\n",
    do { my $by = "of macro 'm' (defined on line 1 of \"ROOT/test.conf\") "
        . 'used on line 7 of "ROOT/test.conf"';
    "CorsAllowCredentials On (line 3 $by) with CorsAllowOrigin * (line 2 $by)"
    . " in <Location \"/a\"> (line 1 $by) $main: $advice{any}" });

# Ten faults in five files, all in one run.
my %files = (
    'one.conf' => "CorsAllowOrigin *\n<Location \"/a\">\n$credentials"
        . "CorsAllowPrivateNetwork On\n</Location>\n",
    'two.conf' => "<Location \"/b\">\nCorsAllowOrigin http://x.example "
        . "null\n$credentials</Location>\n",
    'three.conf' => "<Directory \"/c\">\n<Files \"d\">\nCorsAllowOrigin "
        . "https://*.com https://*.co.uk\n$credentials</Files>\n"
        . "</Directory>\n",
    'four.conf' => "<VirtualHost *:1>\nServerName four.example\n"
        . "CorsAllowOrigin http://y.example\n$credentials</VirtualHost>\n",
    'five.conf' => "<VirtualHost *:1>\nServerName five.example\n"
        . "<If \"true\">\nCorsAllowOrigin null\n</If>\n</VirtualHost>\n");
($ok, my $out) = configtest(join('', map { "Include \"\@ROOT\@/$_.conf\"\n" }
    qw(one two three four five)), %files);
my @errors = errors($out);
is scalar @errors, 10, 'ten faults' or diag explain \@errors;
for my $file (sort keys %files) {
    ok scalar(grep { /line \d+ of ROOT\/\Q$file\E/ } @errors),
        "one of them in $file";
}

done_testing();
