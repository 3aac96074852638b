# What single directives get wrong: all of it is reported in one run, and
# nothing that only follows from it.

use strict;
use warnings;
use lib 't/lib';
use JSON::PP qw(decode_json);
use Test::More;
use CorsTest;

my $at = 'of ROOT/test.conf';

# Whether the configuration is refused for just these reasons, without any
# warning.
sub refused {
    my ($what, $conf, $texts, %files) = @_;
    my ($ok, $out) = configtest($conf, %files);
    ok !$ok, "refused: $what";
    is_deeply [ said($out) ], [ map { [ error => $_ ] } @$texts ],
        'for these reasons and no others' or diag $out;
    return $out;
}

# Five bad origins in three files, and more that is wrong, in one run.
my %files = (
    'one.conf' => "CorsAllowOrigin https://A.example https://a.example "
        . "https://b.example/\n",
    'two.conf' => "<Location \"/two\">\nCorsAllowOrigin c.example\n"
        . "CorsMaxAge soon\n</Location>\n",
    'three.conf' => "<VirtualHost *:1>\nCorsAllowOrigin https://d.example:443\n"
        . "<Directory \"/srv\">\n<Files \"x\">\nCorsAllowOrigin "
        . "https://e.example.\nCorsAllowMethods get\n</Files>\n</Directory>\n"
        . "ServerName three.example\n</VirtualHost>\n");
my $includes = join '', map { "Include \"\@ROOT\@/$_.conf\"\n" }
    qw(one two three);
my @all = (
    "CorsAllowOrigin 'https://A.example' (line 1 of ROOT/one.conf): browsers "
        . 'send it in lower case: write https://a.example [origin-upper-case]',
    "CorsAllowOrigin 'https://b.example/' (line 1 of ROOT/one.conf): an "
        . 'origin has no path: write https://b.example [origin-path]',
    "CorsAllowOrigin 'c.example' (line 2 of ROOT/two.conf) in <Location "
        . '"/two">: the scheme is missing: write https://c.example '
        . '[origin-no-scheme]',
    "CorsMaxAge 'soon' (line 3 of ROOT/two.conf) in <Location \"/two\">: this "
        . 'is not a time: write seconds, as in 600, or a number with a unit, '
        . 'as in 10min or 2h, or none [max-age-format]',
    "CorsAllowOrigin 'https://d.example:443' (line 2 of ROOT/three.conf) in "
        . '<VirtualHost *:1>: browsers leave out the default port: write '
        . 'https://d.example [origin-default-port]',
    "CorsAllowOrigin 'https://e.example.' (line 5 of ROOT/three.conf) in "
        . '<Files "x">: an origin has no dot at the end: write '
        . 'https://e.example [origin-dot]',
    "CorsAllowMethods 'get' (line 6 of ROOT/three.conf) in <Files \"x\">: "
        . 'browsers send it in upper case: write GET [name-lower-case]');
refused('three files', $includes, \@all, %files);

# What several directives get wrong comes in the same run.
my $bad = "CorsAllowOrigin https://a.example/\n";
my $path = 'an origin has no path: write https://a.example [origin-path]';
my $any = 'no browser takes credentials with *: write the origins that may '
    . 'have them, as in CorsAllowOrigin https://app.example.com, or '
    . 'CorsAllowCredentials Off [credentials-any-origin]';
refused('a risk elsewhere', "$bad<Location \"/a\">\nCorsAllowOrigin *\n"
        . "CorsAllowCredentials On\n</Location>\n",
    [ "CorsAllowOrigin 'https://a.example/' (line 1 $at): $path",
        "CorsAllowCredentials On (line 4 $at) with CorsAllowOrigin * (line 3 "
        . "$at) in <Location \"/a\"> (line 2 $at) in the main server: $any" ]);

# A line is read on after a fault, but not where the rest means nothing.
refused('a comment', "CorsAllowOrigin https://a.example/ # our own\n",
    [ "CorsAllowOrigin 'https://a.example/' (line 1 $at): $path",
        "CorsAllowOrigin '#' (line 1 $at): httpd takes a comment after a "
        . 'directive for arguments: write it on a line of its own '
        . '[comment-on-line]' ]);
refused('an empty argument', "CorsAllowOrigin https://a.example/ '' x\n",
    [ "CorsAllowOrigin '' (line 1 $at): httpd drops everything after an empty "
        . 'argument: leave it out [empty-argument]',
        "CorsAllowOrigin 'https://a.example/' (line 1 $at): $path" ]);
refused('<Limit>', "<Location \"/a\">\n<Limit GET>\nCorsAllowHeaders A Cookie\n"
        . "</Limit>\n</Location>\n",
    [ "CorsAllowHeaders 'A' (line 3 $at) in <Limit GET>: a policy applies to "
        . 'all methods: write it outside of <Limit> and <LimitExcept> '
        . '[in-limit]' ]);
refused('a long value', 'CorsEngine ' . 'x' x 300 . "\n",
    [ "CorsEngine '" . 'x' x 200 . "'... (line 1 $at): the directive has no "
        . 'such value: write On, Off or DetectionOnly [unknown-value]' ]);

# Nothing follows from a fault: not from what it leaves out, nor from what an
# enclosing section has in its place.  %s stands for what is wrong.
my $list = "CorsAllowOrigin https://a.example\n";
my $on = "CorsAllowCredentials On\n";
my $options = "RewriteCond %{REQUEST_METHOD} OPTIONS\n"
    . "RewriteRule ^ - [R=204,L]\n";
for ([ 'the only origin, a max-age beside it', "${bad}CorsMaxAge 5\n" ],
    [ 'the only origin, in another section',
        within('<Location "/a">', "CorsMaxAge 5\n")
        . within('<Location "/a">', $bad) ],
    [ 'the only origin, in a comment', "CorsAllowOrigin #x\nCorsMaxAge 5\n" ],
    [ 'the only origin, in <Limit>', within('<Location "/a">',
        within('<Limit GET>', $list) . "CorsMaxAge 5\n") ],
    [ 'a list, and * around it', "CorsAllowOrigin *\n"
        . within('<Location "/a">', $bad . $on) ],
    [ 'a list in <Limit>, and * around it', "CorsAllowOrigin *\n"
        . within('<Location "/a">', within('<Limit GET>', $list) . $on) ],
    [ 'methods', "${list}CorsAllowMethods get post\n", 2 ],
    [ 'methods, dropped', "${list}CorsAllowMethods PUT '' GET POST\n" ],
    [ 'a max-age alone', "CorsMaxAge x\n" ],
    [ 'credentials, and On around them', "CorsAllowOrigin *\n"
        . "<Location \"/b\">\nCorsMaxAge 5\n</Location>\n"
        . within('<VirtualHost *:1>', $on . $list
            . within('<Location "/a">', "CorsAllowCredentials no\n"
                . "CorsAllowOrigin *\n")) ],
    [ 'the engine', "CorsEngine Of\nCorsAllowOrigin *\n$on" ],
    [ 'CorsPreflight', "${list}CorsPreflight Forwards\n$options" ],
    [ 'CorsAllowUnsafe', "CorsAllowOrigin http://a.example\n$on"
        . "CorsAllowUnsafe insecure_origins\n" ],
) {
    my ($what, $conf, $count) = @$_;
    my ($ok, $out) = configtest($conf);
    ok !$ok, "refused: $what";
    is scalar(() = said($out)), $count || 1, 'and nothing follows'
        or diag $out;
}

# Other modules' errors hide none of ours, whichever comes first; what httpd
# itself checks, it goes on checking.
for my $other ('NoSuchDirective On', 'CorsEngine', 'CorsMaxAge 1 2',
    'KeepAlive Perhaps') {
    my ($ok, $out) = configtest("$bad$other\n");
    ok !$ok, "refused: $other";
    is_deeply [ said($out) ],
        [ [ error => "CorsAllowOrigin 'https://a.example/' (line 1 $at): $path" ] ],
        'our own line is reported';
    like $out, qr/^AH00526: Syntax error on line 2 $at:$/m, 'and so is the other';
}
my ($ok, $out) = configtest("LogLevel emerg\n$bad"
    . within('<Location "/a">', "CorsAllowOrigin *\n$on"));
ok !$ok, 'refused: LogLevel emerg';
like $out, qr/\Q$_\E$/m, 'an error is never silent' for $path, $any;

# What is shown of it.
sub dump_of {
    my ($define, $conf) = @_;
    my ($ok, $all) = configtest($conf, -arguments => [ '-t', '-D', $define ]);
    return join '', grep { !/^(?:\[|AH\d+:)/ } split /^/, $all;
}
my $faulty = "CorsAllowOrigin https://a.example/ https://b.example\n"
    . "CorsMaxAge x\n" . within('<Location "/a">', "CorsEngine On\n")
    . within('<VirtualHost *:1>', "ServerName b.example\nCorsAllowMethods get\n");
my $shown = dump_of('DUMP_CORS', $faulty);
$shown =~ s/\n {2,}+(?![!C<])/ /g;
my %part = map { /\A(.*?)(?: \(.*)?$/m ? ($1 => $_) : () } split /\n\n/, $shown;
like $part{'the main server'}, qr/^    CorsAllowOrigin https:\/\/b\.example \(line 1 $at\)\n        ! refused: CorsAllowOrigin 'https:\/\/a\.example\/' \(line 1 $at\): \Q$path\E$/m,
    'a fault stands beside what is right in its line';
like $part{'the main server'}, qr/^    ! refused: CorsMaxAge 'x' \(line 2 $at\): .*\[max-age-format\]$/m,
    'or where its line stands';
# Its policy is that of the main server, and shown with it.
like $shown, qr/^    ! refused: CorsAllowMethods 'get' \(line 8 $at\) in <VirtualHost \*:1>: /m,
    'in a virtual host too';
is scalar(() = $shown =~ /! refused: CorsMaxAge/g), 1, 'once';
unlike $shown, qr/^other directives|^ *CorsMaxAge x/m, 'and nowhere else';
$shown = dump_of('DUMP_CORS', within('<Location "/a">', within('<Limit GET>',
    $list)));
like $shown, qr/^<Location "\/a"> \(line 1 .*\n(?:  .*\n)* +! refused: CorsAllowOrigin/m,
    '<Limit> is no place of its own';
my $json = decode_json(dump_of('DUMP_CORS_JSON', $faulty));
is_deeply [ map { [ @$_{qw(level code line)} ] } @{ $json->{findings} } ],
    [ [ 'error', 'origin-path', 1 ], [ 'error', 'max-age-format', 2 ],
        [ 'error', 'name-lower-case', 8 ] ], 'JSON has them';
is_deeply [ map { "$_->{directive} $_->{value}" }
        map { @{ $_->{values} } } @{ $json->{places} } ],
    [ 'CorsAllowOrigin https://b.example', 'CorsAllowOrigin https://b.example',
        'CorsEngine On', 'CorsAllowOrigin https://b.example',
        'CorsAllowOrigin https://b.example', 'CorsEngine On' ],
    'and no faulty value is one of a policy';

# A server does not start with them, nor go on.
my $s = CorsTest->start($list);
my $conf = "$s->{root}/conf/httpd.conf";
my $good = CorsTest::slurp($conf);
my $httpd = CorsTest::httpd();
CorsTest::write_file($conf, "$good\n${bad}CorsMaxAge x\n");
my @both = (qr/\[cors:error\] .*CorsAllowOrigin 'https:\/\/a\.example\/' .*\[origin-path\]$/m,
    qr/\[cors:error\] .*CorsMaxAge 'x' .*\[max-age-format\]$/m);
for my $how ('-X', '-k graceful') {
    my $said = `$httpd $how -f "$conf" 2>&1`;
    isnt $?, 0, "httpd $how fails";
    is scalar(() = $said =~ /$_/mg), 1, 'and says why, once' for @both;
}
is $s->get('/', Origin => 'https://a.example')->{status}, 200,
    'the server that runs goes on';
kill USR1 => $s->{pid};
$s->wait_for('the server to end', sub { !kill 0, $s->{pid} });
for my $why (@both) {
    is scalar(grep { /$why/ } $s->log_lines), 1, 'SIGUSR1: its log says why';
}
$s->announce(@both);

$s->finish;
