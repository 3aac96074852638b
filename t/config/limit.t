# What a ceiling does not cover is refused with both lines, wherever the
# policy and the ceiling stand; and ceilings are shown with their lines.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use JSON::PP qw(decode_json);
use CorsTest;

my $at = 'of ROOT/test.conf';
my $advice = 'the ceiling does not cover it: leave it out, or write an origin '
    . 'that the ceiling covers [outside-limit]';

sub refused {
    my ($what, $conf, @texts) = @_;
    my ($ok, $out) = configtest($conf);
    ok !$ok, "refused: $what";
    is_deeply [ map { $_->[0] eq 'error' ? $_->[1] : () } said($out) ],
        \@texts, 'with both lines' or diag $out;
}

sub outside {
    my ($word, $line, $limit, $place) = @_;
    return "CorsAllowOrigin $word (line $line $at) with CorsLimitOrigin "
        . "(line $limit $at) in $place: $advice";
}

my $limit = "CorsLimitOrigin https://*.corp.example\n";
my $main = 'the main server';

for my $word ('*', 'https://corp.example', 'http://a.corp.example',
    'https://*.corp.example:*', 'https://*.example', 'https://a.corp.example:1') {
    refused("$word under a ceiling", "${limit}CorsAllowOrigin $word\n",
        outside($word, 2, 1, $main));
}
refused('null', "${limit}CorsAllowOrigin null\nCorsAllowUnsafe null-origin\n",
    outside('null', 2, 1, $main));
refused('the policy first', "CorsAllowOrigin https://x.example\n$limit",
    outside('https://x.example', 1, 2, $main));
refused('each origin, and no other', "${limit}CorsAllowOrigin "
    . "https://x.example https://a.corp.example https://y.example\n",
    outside('https://x.example', 2, 1, $main),
    outside('https://y.example', 2, 1, $main));
refused('two lines, each a ceiling',
    "${limit}CorsLimitOrigin https://x.example\n"
    . "CorsAllowOrigin https://x.example\n",
    outside('https://x.example', 3, 1, $main));

# Every pair of nested sections, the ceiling outside and inside.
my %section = (
    Directory      => '<Directory "/d">',
    DirectoryMatch => '<DirectoryMatch "^/d">',
    Files          => '<Files "x">',
    FilesMatch     => '<FilesMatch "x">',
    Location       => '<Location "/l">',
    LocationMatch  => '<LocationMatch "^/l">',
    Proxy          => '<Proxy "http://127.0.0.1:1/">',
    ProxyMatch     => '<ProxyMatch "^http://127">',
    If             => '<If "true">',
);
for my $kind (sort keys %section) {
    my $begin = $section{$kind};
    my $name = $begin =~ s/>$//r;
    my $in = sub { "$begin\n$_[0]</$kind>\n" };
    my $place = "$begin (line 2 $at) in $main";
    my $policy = "CorsAllowOrigin https://x.example\n";
    refused("server, $kind", $limit . $in->($policy),
        outside('https://x.example', 3, 1, $place));
    refused("$kind alone", "#\n" . $in->("$limit$policy"),
        outside('https://x.example', 4, 3, $place));
    refused("server's policy, ceiling in $kind", $policy . $in->($limit),
        outside('https://x.example', 1, 3, $place));
    refused("$kind inherits", $policy
        . $in->("CorsAllowOrigin inherit https://a.corp.example\n$limit"),
        outside('https://x.example', 1, 4, $place));
    for my $engine ('On', 'DetectionOnly') {
        refused("CorsEngine $engine in $kind", $limit
            . $in->("CorsEngine $engine\n$policy"),
            outside('https://x.example', 4, 1, $place));
    }
    # Inside virtual hosts, and the main server's sections over them.
    my $host = "<VirtualHost *:81>\nServerName v\n";
    refused("virtual host, $kind", "$host$limit" . $in->($policy)
        . "</VirtualHost>\n", outside('https://x.example', 5, 3,
            "$begin (line 4 $at) in virtual host v (line 1 $at)"));
    refused("server, $kind in virtual host", "$limit$host" . $in->($policy)
        . "</VirtualHost>\n", outside('https://x.example', 5, 1,
            "$begin (line 4 $at) in virtual host v (line 2 $at)"));
    refused("virtual host, $kind of the server", $in->($policy)
        . "$host$limit</VirtualHost>\n", outside('https://x.example', 2, 6,
            "$begin (line 1 $at) in virtual host v (line 4 $at)"));
    refused("virtual host's policy, ceiling in $kind of the server",
        $in->($limit) . "$host$policy</VirtualHost>\n",
        outside('https://x.example', 6, 2,
            "$begin (line 1 $at) in virtual host v (line 4 $at)"));
    refused("a host that turns the engine on, $kind", "CorsEngine Off\n$limit"
        . $in->($policy) . "${host}CorsEngine On\n</VirtualHost>\n",
        outside('https://x.example', 4, 2,
            "$begin (line 3 $at) in virtual host v (line 6 $at)"));
    warned($limit . $in->("CorsEngine Off\n$policy"));
    warned($limit . $in->("CorsAllowOrigin https://a.corp.example\n"));
    for my $inner (grep { /^(?:Files|If)/ } sort keys %section) {
        next if $kind =~ /^(?:Files|Proxy)/ && $inner ne 'If';
        next if $kind =~ /^Location/ && $inner =~ /^Files/;
        next if $kind eq 'If' && $inner =~ /^Files/;
        next if "$kind$inner" eq 'IfIf';
        my $nested = "$section{$inner} (line 3 $at) in $main";
        refused("$inner in $kind", "#\n" . $in->(
            "$section{$inner}\n$policy</$inner>\n$limit"),
            outside('https://x.example', 4, 6, $nested));
    }
}
refused('virtual host', "$limit<VirtualHost *:81>\nServerName v\n"
    . "CorsAllowOrigin https://x.example\n</VirtualHost>\n",
    outside('https://x.example', 4, 1,
        "virtual host v (line 2 $at)"));

# A ceiling alone needs no policy.
warned($limit);
warned("${limit}CorsAllowOrigin none\n");
warned("${limit}CorsAllowOrigin https://a.corp.example https://*.b.corp.example\n");
warned("CorsLimitOrigin https://*.corp.example:* https://x.example\n"
    . "CorsAllowOrigin https://*.corp.example:1 https://x.example\n");

# Faults of the line itself cause no others.
# Nor is one of these to be written instead.
for my $arg ('*', 'null', 'none', 'Inherit', 'all', 'any', '.*', 'Null', 'null,',
    'inherit,', 'https://b.example,null') {
    refused("CorsLimitOrigin $arg", "CorsLimitOrigin https://a.example $arg "
        . "https://b.example\nCorsAllowOrigin https://x.example\n",
        "CorsLimitOrigin '$arg' (line 1 $at): a ceiling lists the origins "
        . 'that policies may allow at most: write them, as in '
        . 'https://*.example.com [limit-word]');
}
refused('an origin that is none', "CorsLimitOrigin https://A.example\n"
    . "CorsAllowOrigin https://x.example\n",
    "CorsLimitOrigin 'https://A.example' (line 1 $at): browsers send it in "
    . 'lower case: write https://a.example [origin-upper-case]');

# Shown with its line, the outermost first.
my $shown = "$limit<Location \"/l\">\nCorsLimitOrigin https://a.corp.example\n"
    . "CorsAllowOrigin https://a.corp.example\n</Location>\n";
my $ceilings = "CorsLimitOrigin https://*.corp.example (line 1 $at) = every "
    . 'subdomain of corp.example, at any depth '
    . "CorsLimitOrigin https://a.corp.example (line 3 $at)";
my (undef, $out) = configtest($shown, -arguments => [ '-t', '-D', 'DUMP_CORS' ]);
like join(' ', split ' ', $out), qr/\Q$ceilings\E/, 'DUMP_CORS shows them';
(undef, $out) = configtest($shown,
    -arguments => [ '-t', '-D', 'DUMP_CORS_JSON' ]);
my $json = decode_json($out =~ /^(\{.*^\})/ms ? $1 : '{}');
is_deeply [ map { "$_->{directive} $_->{value} $_->{line}" }
    @{ $json->{places}[1]{values} } ], [
    'CorsAllowOrigin https://a.corp.example 4',
    'CorsLimitOrigin https://*.corp.example 1',
    'CorsLimitOrigin https://a.corp.example 3' ], 'and so does DUMP_CORS_JSON';

done_testing();
