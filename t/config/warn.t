# What is no fault but surely not meant: one warning each, with its exact text,
# and the server starts all the same.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $at    = 'of ROOT/test.conf';
my $list  = "CorsAllowOrigin https://a.example\n";
my $any   = "CorsAllowOrigin *\n";

# In the rows below the policy stands in the first line, the directive under
# test in the second.  fate: of a header that mod_headers touches.
my %fate = (
    range => 'allows one host of this name, and no range of addresses: write '
        . 'each origin [host-range]',
    replaced => 'mod_cors sends its own header instead: leave it out '
        . '[recipe-left-over]',
    partly => 'mod_cors sends its own header instead: leave it out if it is '
        . 'for nothing else [recipe-left-over]',
    unset => 'mod_cors removes this header itself: leave it out '
        . '[recipe-left-over]',
    stands => 'under CorsBackendHeaders keep it can stand in the place of '
        . 'the policy: leave it out [header-kept]',
    asked => 'mod_cors still answers preflights, and the back end never gets '
        . 'them: write CorsPreflight forward if the back end is to answer '
        . 'them, or CorsPreflight answer [keep-answers-preflights]',
    certificate => 'browsers send preflights without a client certificate, '
        . 'so their handshake fails: write SSLVerifyClient optional, and '
        . 'Require ssl-verify-client in the sections that need a certificate '
        . '[client-certificate]',
    twice  => 'mod_cors itself adds Origin to Vary: leave it out [vary-line]',
    joined => 'it drops the names that others have added to Vary, and '
        . 'mod_cors then adds Origin: leave it out unless that is meant '
        . '[vary-line]',
    dropped => 'mod_cors itself adds Origin to Vary, and this line drops the '
        . 'names that others have added: leave it out unless that is meant '
        . '[vary-line]',
    useless => 'mod_cors adds nothing to Vary under CorsAllowOrigin *: '
        . 'leave Origin out of it [vary-line]',
    judged => 'mod_cors has judged the request before: leave it out '
        . '[request-header-late]',
    early  => 'early changes what mod_cors judges: leave early out '
        . '[request-header-early]',
    read => 'any web page can read what is there through the browser of a '
        . 'visitor who may: write the origins that may [address-any-origin]',
    cache => 'cached responses keep the headers they were stored with, so '
        . 'empty the cache after taking an origin away: stop httpd and '
        . 'remove what is in CacheRoot [cache-keeps-headers]',
    shown => 'scripts may read this one anyway: leave it out '
        . '[always-readable]',
    case  => 'allows this method in just this case: methods are '
        . 'case-sensitive, and nearly all are in capitals [method-case]',
    idle  => 'does nothing but for .htaccess files: no CorsAllowOrigin is in '
        . 'reach, so write one beside it [no-origins]',
    plain => 'preflights for it are refused, while requests that need no '
        . 'preflight still arrive [method-missing]',
);

# mod_headers: what its directives do to a response goes, or was never needed.
for my $action (qw(set add append merge unset echo edit edit* setifempty)) {
    my $name = 'Access-Control-Allow-Origin';
    my $rest = $action =~ /edit/ ? ' a b' : $action =~ /unset|echo/ ? '' : ' x';
    for my $when ('', 'always ', 'onsuccess ') {
        warned("${list}Header $when$action $name$rest\n",
            "Header $action $name (line 2 $at): $fate{replaced}");
    }
}
# What the policy does not send is gone: it says so, and what would send it.
sub gone {
    my ($name, $write) = @_;
    return "Header set $name (line 2 $at): mod_cors removes this header, "
        . "because the policy does not send it: write $write if it is meant, "
        . 'and leave it out [recipe-left-over]';
}
for ([ 'Access-Control-Allow-Credentials', 'true', 'CorsAllowCredentials On' ],
    [ 'Access-Control-Allow-Headers', 'X-A', 'CorsAllowHeaders',
        'CorsAllowHeaders X-A' ],
    [ 'Access-Control-Allow-Private-Network', 'true',
        'CorsAllowPrivateNetwork On' ],
    [ 'Access-Control-Expose-Headers', 'X-A', 'CorsExposeHeaders',
        'CorsExposeHeaders *' ],
    [ 'access-control-max-age', '5', 'CorsMaxAge', 'CorsMaxAge 5' ]) {
    my ($name, $value, $write, $sent) = @$_;
    warned("${list}Header set $name $value\n", gone($name, $write));
    $sent ||= $write;
    warned("${list}Header set $name $value\n$sent\n",
        "Header set $name (line 2 $at): $fate{replaced}");
}
warned("${list}Header set Access-Control-Allow-Headers X-A\n"
    . "CorsAllowHeaders none\n",
    gone('Access-Control-Allow-Headers', 'CorsAllowHeaders'));
# A policy that allows nobody sends none at all.
my $none = 'mod_cors removes this header, and none will be sent because the '
    . 'policy has none (it allows no origin): write origins in CorsAllowOrigin '
    . 'if it is meant, and leave it out';
for my $name (map({ "Access-Control-$_" } qw(Allow-Origin Allow-Methods
    Allow-Headers Allow-Credentials Expose-Headers Max-Age)),
    'Timing-Allow-Origin') {
    warned("CorsAllowOrigin none\nHeader set $name x\n"
        . "CorsTimingAllowOrigin On\nCorsMaxAge 5\n",
        "Header set $name (line 2 $at): $none [recipe-left-over]");
}
warned("CorsAllowOrigin None\nHeader unset Access-Control-Allow-Origin\n",
    "Header unset Access-Control-Allow-Origin (line 2 $at): $fate{unset}");
warned("CorsAllowOrigin none\nCorsBackendHeaders keep\n"
    . "CorsPreflight answer\nHeader set Access-Control-Allow-Origin x\n",
    "Header set Access-Control-Allow-Origin (line 4 $at): $fate{stands}");
warned(within('<Location "/api">', $list)
    . within('<Location "/api/none">', "CorsAllowOrigin none\n"
        . "Header set Access-Control-Allow-Origin x\n"),
    "Header set Access-Control-Allow-Origin (line 6 $at): $none "
    . '[recipe-left-over]');
# Timing-Allow-Origin goes only where the policy sends one.
for my $action ('set', 'always set', 'unset') {
    my $header = 'Timing-Allow-Origin' . ($action eq 'unset' ? '' : ' *');
    warned("${list}Header $action $header\n$_") for '',
        "CorsTimingAllowOrigin Off\n";
    warned("${list}Header $action $header\nCorsTimingAllowOrigin On\n",
        'Header ' . $action =~ s/always //r . " Timing-Allow-Origin (line 2 "
        . "$at): $fate{replaced}");
}
warned("CorsTimingAllowOrigin On\n${any}Header note Timing-Allow-Origin x\n");
warned("Header set Timing-Allow-Origin *\n" . within('<Location "/api">',
        "${list}CorsTimingAllowOrigin On\n"),
    "Header set Timing-Allow-Origin (line 1 $at): $fate{partly}");
warned("${list}Header unset Access-Control-Allow-Credentials\n",
    "Header unset Access-Control-Allow-Credentials (line 2 $at): "
    . $fate{unset});
warned("${list}CorsBackendHeaders keep\nCorsPreflight answer\n"
    . "Header unset Access-Control-Max-Age\n",
    "Header unset Access-Control-Max-Age (line 4 $at): $fate{stands}");
warned("${list}Header set Access-Control-Allow-Origin: x\n",
    "Header set Access-Control-Allow-Origin (line 2 $at): $fate{replaced}");
warned("${list}Header set Access-Control-Allow-Origin x env=Y\n"
    . "CorsBackendHeaders keep\nCorsPreflight answer\n",
    "Header set Access-Control-Allow-Origin (line 2 $at): $fate{stands}");
warned("${list}Header merge Vary Origin\n",
    "Header merge Vary (line 2 $at): $fate{twice}");
warned("${list}Header append Vary X-Original-Host\n");
warned("${list}Header merge Vary \"$_\"\n",
    "Header merge Vary (line 2 $at): mod_cors itself adds Origin to Vary: "
    . 'leave Origin out of it [vary-line]')
    for 'Accept-Language, Origin', 'origin,X-A';
warned("${list}Header set Vary Origin\n",
    "Header set Vary (line 2 $at): $fate{dropped}");
warned("${list}Header edit Vary Origin X-A\n");
warned("${list}Header set Vary Accept-Language\n",
    "Header set Vary (line 2 $at): $fate{joined}");
warned("${list}Header unset Vary\n",
    "Header unset Vary (line 2 $at): $fate{joined}");
warned("${list}Header $_ Vary Accept-Language\n") for qw(add append merge);
warned("${any}Header set Vary Accept-Language\n");
warned("${any}Header append Vary Origin\n",
    "Header append Vary (line 2 $at): $fate{useless}");
my $static = "CorsStaticOrigin On\n";
warned("$list${static}Header append Vary Origin\n",
    "Header append Vary (line 3 $at): mod_cors adds nothing to Vary under "
    . 'CorsStaticOrigin On: leave Origin out of it [vary-line]');
warned("$list${static}Header set Vary Accept-Language\n");
warned("${list}RequestHeader set Access-Control-Request-Method PUT\n",
    "RequestHeader set Access-Control-Request-Method (line 2 $at): "
    . $fate{judged});
warned("${list}RequestHeader unset Access-Control-Request-Method early\n",
    "RequestHeader unset Access-Control-Request-Method (line 2 $at): "
    . $fate{early});
warned("${list}RequestHeader $_ Origin https://a.example early\n",
    "RequestHeader $_ Origin (line 2 $at): $fate{early}") for qw(set edit*);
warned("${list}RequestHeader unset Origin early\n",
    "RequestHeader unset Origin (line 2 $at): $fate{early}");
# mod_headers takes no early there.
warned(within('<Location "/">', "${list}RequestHeader unset Origin early\n"));
# A back end may need what preflights are forwarded with, and a response header
# of a request changes no judgement.
warned("${list}CorsPreflight forward\n"
    . "RequestHeader set Access-Control-Request-Method PUT\n");
warned("${list}RequestHeader set Vary Origin early\n");
# The right way to hide the origin from a back end.
warned("${list}RequestHeader unset Origin\n");
warned("RequestHeader unset Origin early\n");
warned("$list$_\n") for 'Header set X-Frame-Options DENY',
    'Header note Access-Control-Allow-Origin noted',
    'Header set Accept-Ranges none', 'RequestHeader set X-A b';
warned("Header set Access-Control-Allow-Origin *\n");
warned("CorsEngine Off\n${list}Header set Access-Control-Allow-Origin *\n");

# Only where a policy holds, which may be for a part of the container.
my $header = "Header set Access-Control-Allow-Origin x\n";
my $replaced = "Header set Access-Control-Allow-Origin";
warned(within('<Location "/a">', $list) . within('<Location "/b">', $header));
warned(within('<Location "/a">', $list) . within('<Location "/ab">', $header));
warned(within('<Location "/a">', $list) . within('<Location "/a/b">', $header),
    "$replaced (line 5 $at): $fate{partly}");
for ([ '/a', '/a/' ], [ '"/a b"', '"/a b/c"' ], [ "'/a'", '"/a"' ],
    [ '/', '/a' ]) {
    my ($one, $other) = @$_;
    warned(within("<Location $one>", $list) . within("<Location $other>", $header),
        "$replaced (line 5 $at): $fate{partly}");
}
warned(within("<Location $_->[0]>", $list) . within("<Location $_->[1]>", $header))
    for [ '"/a b"', '"/a c"' ], [ '/a/', '/ab' ], [ '"/*"', '/a' ];
warned(within('<Location "/a/b">', $list) . within('<Location "/a">', $header),
    "$replaced (line 5 $at): $fate{partly}");
warned(within('<Location "/a">', $list)
    . within('<Location "/a/b">', "CorsEngine Off\n$header"));
warned("CorsEngine Off\n" . within('<Location "/a">', "CorsEngine On\n$list")
    . $header, "$replaced (line 6 $at): $fate{partly}");
warned(within('<Location "/a">', $list) . $header,
    "$replaced (line 4 $at): $fate{partly}");
warned(within('<Location "/a">', $list . within('<If "true">', $header)),
    "$replaced (line 4 $at): $fate{replaced}");
my $host = "ServerName b.example\n";
warned(within('<VirtualHost *:1>', $host . $list) . $header,
    "$replaced (line 5 $at): $fate{partly}");
warned(within('<VirtualHost *:1>', $host . $list)
    . within('<VirtualHost *:1>', "ServerName c.example\n" . $header));
warned(within('<VirtualHost *:1>', "${host}CorsEngine Off\n$list")
    . within('<VirtualHost *:1>', "ServerName c.example\n$list") . $header,
    "$replaced (line 10 $at): $fate{partly}");
# Core lays the main server's sections over a host without directives too.
warned(within('<Location "/a">', $list)
    . within('<VirtualHost *:1>', $host . $header),
    "$replaced (line 6 $at): $fate{partly}");
warned(within('<Location "/a">', $list) . within('<VirtualHost *:1>',
    $host . within('<Location "/b">', $header)));
warned($list . within('<VirtualHost *:1>', $host . $header),
    "$replaced (line 4 $at): $fate{replaced}");
warned("<Macro M>\n$header</Macro>\n${list}Use M\n",
    "$replaced (line 1 of macro 'm' (defined on line 1 of \"ROOT/test.conf\")"
    . " used on line 5 of \"ROOT/test.conf\"): $fate{replaced}");

# A policy that is only tried takes the place of nothing.
my $cache = 'CacheEnable disk "/"';
warned("${_}CorsEngine DetectionOnly\n$header$cache\n"
    . within('<Location "/">', "Require local\n")) for $list, $any;
warned($list . within('<Location "/a">', "CorsEngine DetectionOnly\n"
    . within('<If "true">', $header)));
warned(within('<VirtualHost *:1>', "${host}CorsEngine Off\n$header"
    . within('<Location "/a">', "CorsEngine On\n$list")),
    "$replaced (line 4 $at): $fate{partly}");

# Limited by address, and open to every page.
for my $require ('Require ip 10.0.0.0/8', 'Require local',
    'Require host example.com', 'Require forward-dns a.example',
    'allow from 10.0.0.0/8', 'allow from example.com') {
    warned(within('<Location "/">', "$any$require\n"),
        "$require (line 3 $at) with CorsAllowOrigin *: $fate{read}");
    warned(within('<Location "/">', "$list$require\n"));
}
warned(within('<Location "/">',
        "$any<RequireAll>\n<RequireAny>\nRequire local\n</RequireAny>\n"
        . "</RequireAll>\n"),
    "Require local (line 5 $at) with CorsAllowOrigin *: $fate{read}");
warned(within('<Location "/a">', $any)
    . within('<Location "/">', "Require local\n"),
    "Require local (line 5 $at) with CorsAllowOrigin *: $fate{read}");
warned($any . within('<Location "/">', $_)) for "Require all granted\n",
    "Require valid-user\n", "Allow from all\n", "Allow from env=X\n",
    "<RequireAll>\nRequire all granted\n<RequireNone>\nRequire ip 10.0.0.1\n"
    . "</RequireNone>\n</RequireAll>\n";

# The cache.
warned("$list$cache\n", "$cache (line 2 $at) with a list in CorsAllowOrigin: "
    . $fate{cache});
warned("$any$cache\n");
warned("$cache\n");

# Directives that nothing makes work.
for my $lost ('CorsMaxAge 5', 'CorsAllowCredentials On',
    'CorsAllowMethods GET POST') {
    warned("$lost\n", "$lost (line 1 $at) $fate{idle}");
    warned("$lost\n" . within('<Location "/a">', $list));
    warned(within('<Location "/a">', "$lost\n")
            . within("<Location \"$_\">", $list),
        "$lost (line 2 $at) $fate{idle}") for qw(/b /ab);
    warned(within('<Location "/a">', "$lost\n") . within('<Directory "/b">', $list));
}
warned(within('<VirtualHost *:1>', "${host}CorsMaxAge 5\n") . $list);
warned(within('<VirtualHost *:1>', "${host}CorsMaxAge 5\n")
    . within('<VirtualHost *:1>', "ServerName c.example\n$list"),
    "CorsMaxAge 5 (line 3 $at) $fate{idle}");

# Lists that say the same twice.
for ([ 'CorsAllowOrigin', 'https://a.example', 'https://a.example' ],
    [ 'CorsAllowOrigin', 'https://*.a.example', 'https://*.a.example' ],
    [ 'CorsAllowOrigin', 'http://localhost:*', 'http://localhost:*' ],
    [ 'CorsAllowHeaders', 'X-A', 'x-a' ],
    [ 'CorsExposeHeaders', 'X-A', 'X-a' ],
    [ 'CorsAllowMethods', 'GET POST PUT', 'PUT' ]) {
    my ($directive, $first, $second) = @$_;
    my $conf = $directive eq 'CorsAllowOrigin' ? '' : $list;
    my $line = $conf ? 2 : 1;
    warned("$conf$directive $first\n$directive $second\n",
        "$directive $second (line @{[$line + 1]} $at) is listed already "
        . "(line $line $at): leave one out [listed-twice]");
}
warned("CorsAllowOrigin $_->[1] $_->[0]\n",
    "CorsAllowOrigin $_->[1] (line 1 $at) is covered by $_->[0] (line 1 $at):"
    . ' leave it out [covered]')
    for [ 'https://*.a.example', 'https://b.a.example' ],
    [ 'https://*.a.example', 'https://c.b.a.example' ],
    [ 'https://*.a.example', 'https://*.b.a.example' ],
    [ 'https://*.a.example:*', 'https://*.a.example' ],
    [ 'https://*.a.example:*', 'https://b.a.example:8443' ],
    [ 'https://*.a.example:*', 'https://b.a.example:*' ],
    [ 'http://localhost:*', 'http://localhost:3000' ],
    [ 'http://localhost:*', 'http://localhost' ];
warned("CorsAllowOrigin $_\n")
    for 'https://*.a.example https://a.example',
    'https://*.a.example https://b.a.example:8443',
    'https://*.a.example http://b.a.example', 'http://localhost:* https://localhost',
    'https://*.b.a.example https://*.a.example:8443',
    'http://localhost:* http://a.localhost';

# A scheme that is one slip away from that of a web page.
for ([ 'htps://app.example', 'https://app.example' ],
    [ 'htp://app.example:8080', 'http://app.example:8080' ],
    [ 'htttp://*.app.example:*', 'http://*.app.example:*' ],
    [ 'htpps://app.example', 'https://app.example' ],
    [ 'htpts://app.example', 'https://app.example' ],
    [ 'ttps://app.example:443', 'https://app.example' ],
    [ 'httpa://[::1]:8443', 'https://[::1]:8443' ]) {
    my ($written, $meant) = @$_;
    warned("CorsAllowOrigin $written\n", "CorsAllowOrigin $written (line 1 $at)"
        . " has a scheme that no web page has: write $meant if that is meant "
        . '[scheme-slip]');
    warned("CorsAllowOrigin $meant\n");
}
warned("CorsAllowOrigin $_\n") for qw(app://app.example ht://app.example
    capacitor://localhost httpapp://app.example tauri://localhost);

# Names.
for my $name (qw(Cache-Control content-type Expires Pragma Last-Modified
    Content-Language Content-Length)) {
    warned("${list}CorsExposeHeaders X-A $name\n",
        "CorsExposeHeaders $name (line 2 $at): $fate{shown}");
}
warned("${list}CorsAllowMethods GET POST $_\n",
    "CorsAllowMethods $_ (line 2 $at) $fate{case}")
    for qw(Patch patch Propfind);
warned("${list}CorsAllowMethods GET POST $_\n") for qw(PATCH M-SEARCH PROPFIND);
warned("${list}CorsAllowMethods PUT\n",
    "CorsAllowMethods without GET (line 2 $at): $fate{plain}");
warned("CorsAllowOrigin https://a.example $_\n",
    "CorsAllowOrigin $_ (line 1 $at) $fate{range}")
    for qw(http://192.168.1.1-20 https://10.0.0.x:8443 https://10.0.x.x
    http://10.0.0-9.1-2);
warned("CorsAllowOrigin https://a.example $_\n")
    for qw(https://10-0-0-1.example https://1-20 https://x.10-20 https://1.x.example
    http://[fe80::1] https://10.0.0.1 https://10.0.0.1-b);
for ([ 'CorsAllowHeaders', qw(X-* *Authorization X-A|X-B X-A&X-B ^X-A$ !X-A
        X-A+X-B ~X-A X-A%) ],
    [ 'CorsExposeHeaders', 'X-*' ],
    [ 'CorsAllowMethods', qw(PUT|POST & !DELETE ^PUT$) ]) {
    my ($directive, @names) = @$_;
    my $before = $directive =~ /Methods/ ? 'GET ' : '';
    warned("$list$directive $before$_\n", "$directive $_ (line 2 $at) allows "
        . 'just this name, because a name is no pattern: write each name, or * '
        . 'alone [name-pattern]') for @names;
}
for my $word (qw(Off on No yes TRUE false)) {
    my $takes = "$word (line 2 $at) allows a";
    warned("$list$_ $word\n", "$_ $takes header of this name: write each name, "
        . '* for all, or none [name-switch]')
        for qw(CorsAllowHeaders CorsExposeHeaders);
    warned("${list}CorsAllowMethods GET $word\n", "CorsAllowMethods $takes "
        . 'method of this name: write each name, or * for all [name-switch]');
}
warned("${list}CorsAllowHeaders $_\n") for '*', '* Authorization', 'X-No',
    'Offset', 'X_A.b-c', 'none';
# Read-only on purpose.
warned("${list}CorsAllowMethods GET\n");
warned("${list}CorsAllowMethods $_\n") for '*', 'inherit PUT', 'GET POST';

# A back end that nobody asks about preflights, unless that is said.
my $keep = "CorsBackendHeaders keep\n";
warned("$list$keep", "CorsBackendHeaders keep (line 2 $at): $fate{asked}");
warned("$list$keep$_\n") for 'CorsPreflight forward', 'CorsPreflight answer',
    'CorsEngine DetectionOnly', 'CorsBackendHeaders replace';
warned($keep . within('<Location "/a">', $list) . within('<Location "/b">', $list),
    "CorsBackendHeaders keep (line 1 $at): $fate{asked}");
warned($keep . within('<Location "/a">', "${list}CorsPreflight forward\n"));
warned(within('<Location "/a">', $keep) . within('<Location "/b">', $list),
    "CorsBackendHeaders keep (line 2 $at) does nothing but for .htaccess files: "
    . 'no CorsAllowOrigin is in reach, so write one beside it [no-origins]');
warned($list . within('<Location "/a">', "${keep}CorsEngine Off\n"));

# Browsers send preflights without a certificate, which mod_ssl asks for during
# the handshake of a server, and in sections after mod_cors.
SKIP: {
    my $modules = CorsTest::apxs_q('LIBEXECDIR');
    skip 'mod_ssl is not installed', 1 unless -e "$modules/mod_ssl.so";
    my $ssl = "<IfModule !mod_ssl.c>\nLoadModule ssl_module $modules/mod_ssl.so\n"
        . "</IfModule>\n";
    my $require = "SSLVerifyClient require\n";
    warned("$ssl$list$require",
        "SSLVerifyClient require (line 5 $at): $fate{certificate}");
    warned($ssl . within('<VirtualHost *:1>', "ServerName b.example\n$require"
            . within('<Location "/a">', $list)),
        "SSLVerifyClient require (line 6 $at): $fate{certificate}");
    warned("$ssl$_") for $require, "${list}SSLVerifyClient optional\n",
        within('<Location "/">', $list . $require),
        "${list}CorsEngine Off\n$require",
        $require . within('<VirtualHost *:1>', "ServerName b.example\n$list"
            . "SSLVerifyClient none\n");
}

# Once at start, too, and at a graceful restart.
my $s = CorsTest->start("${list}CorsExposeHeaders Pragma\n$header");
my @known = (qr/CorsExposeHeaders Pragma .*: \Q$fate{shown}\E$/,
    qr/Header set Access-Control-Allow-Origin .*: \Q$fate{replaced}\E$/);
my $times = sub { my ($re, @lines) = @_;
    scalar grep { /\[cors:warn\].*$re/ } @lines };
is $times->($_, $s->log_lines), 1, 'once at start' for @known;
$s->reconfigure(sub {});
is $times->($_, $s->log_lines), 2, 'and once at a restart' for @known;
$s->announce(@known);
$s->start_in_foreground;
is $times->($_, $s->log_lines), 1, 'once at a start in the foreground'
    for @known;

$s->finish;
