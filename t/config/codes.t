# The codes of findings: each one is in the manual, and some configuration
# provokes it.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $FLOOR = 70;     # codes

# In the order of the table.  An X-macro's row may be folded.
my @codes = CorsTest::slurp('src/config/codes.h')
    =~ /\bX\(CORS_CODE_\w+,[\s\\]*"([^"]+)"\)/g;
diag scalar(@codes) . ' codes';
cmp_ok scalar @codes, '>=', $FLOOR, 'the table was found';
my %count;
$count{$_}++ for @codes;
is_deeply [ grep { $count{$_} > 1 } sort keys %count ], [], 'each is there once';
is_deeply [ grep { !/^[a-z]+(?:-[a-z0-9]+)*$/ } @codes ], [], 'in kebab-case';

my $manual = CorsTest::slurp('docs/checking.md');
my @paragraphs = $manual =~ /^\*\*`([^`]+)`\*\*: \S/mg;
is_deeply [ sort @paragraphs ], [ sort @codes ],
    'the manual has a paragraph for each, and no other';

my $modules = CorsTest::apxs_q('LIBEXECDIR');

# Lines of sets have files: that is a list, and these are none.
my %files = ('a.origins' => "https://a.example\n", 'bad.origins' => "x\n",
    'empty.origins' => '',
    'large.origins' => join '', map { "https://t$_.example\n" } 1 .. 40000);
my $set = 'CorsOriginSet a file:@ROOT@/a.origins';
sub in_file {
    my ($file) = @_;
    return "CorsOriginSet a file:$file size=1M\nCorsAllowOrigin \@a\n";
}

# By code: lines that are right but for it.
my $list = "CorsAllowOrigin https://a.example\n";
my $on = "CorsAllowCredentials On\n";
my $private = "CorsAllowPrivateNetwork On\n";
my $null = "CorsAllowOrigin null\n";
my $header = 'Header set Access-Control-Max-Age 5';
my %provoked = (
    (map { @$_[0] => "CorsAllowOrigin $_->[1]\n" }
        [ 'comment-on-line', 'https://a.example # ours' ],
        [ 'empty-argument', 'https://a.example ""' ],
        [ 'stands-alone', '* none' ],
        [ 'origin-about', 'about:blank' ],
        [ 'origin-address', 'http://256.1.1.1' ],
        [ 'origin-address-form', 'http://127.1' ],
        [ 'origin-address-ipv6', 'http://[::g]' ],
        [ 'origin-address-wildcard', 'http://*.127.0.0.1' ],
        [ 'origin-any-word', 'all' ],
        [ 'origin-blank', '"https://a.example https://b.example"' ],
        [ 'origin-blob', 'blob:https://a.example/1f' ],
        [ 'origin-brackets', 'http://::1' ],
        [ 'origin-comma', 'https://a.example,' ],
        [ 'origin-data', 'data:' ],
        [ 'origin-default-port', 'https://a.example:443' ],
        [ 'origin-dot', 'https://a.example.' ],
        [ 'origin-empty-label', 'https://a..example' ],
        [ 'origin-file', 'file:///x' ],
        [ 'origin-ftp', 'ftp://a.example' ],
        [ 'origin-host', 'https://a!.example' ],
        [ 'origin-host-long', 'https://' . 'a.' x 127 . 'example' ],
        [ 'origin-label-long', 'https://' . 'a' x 64 . '.example' ],
        [ 'origin-no-dot', 'intranet' ],
        [ 'origin-no-host', 'https://' ],
        [ 'origin-no-scheme', 'a.example' ],
        [ 'origin-not-ascii', "https://b\xc3\xbccher.example" ],
        [ 'origin-path', 'https://a.example/' ],
        [ 'origin-port', 'https://a.example:08080' ],
        [ 'origin-punycode', 'https://xn--a.example' ],
        [ 'origin-range', '10.0.0.0/8' ],
        [ 'origin-regex', '^https://.*\.example\.com$' ],
        [ 'origin-scheme', 'ht!tp://a.example' ],
        [ 'origin-scheme-long', 'a' x 65 . '://a.example' ],
        [ 'origin-self-word', 'self' ],
        [ 'origin-slashes', 'https:/a.example' ],
        [ 'origin-socket', 'wss://a.example' ],
        [ 'origin-upper-case', 'https://A.example' ],
        [ 'origin-user', 'https://me@a.example' ],
        [ 'origin-variable', '$http_origin' ],
        [ 'origin-wildcard', 'https://*a.example' ],
        [ 'null-origin', 'null' ],
        [ 'scheme-slip', 'htps://a.example' ],
        [ 'covered', 'https://*.a.example https://b.a.example' ],
        [ 'listed-twice', 'https://a.example https://a.example' ]),
    'in-limit' => "<Location \"/\">\n<Limit GET>\n$list</Limit>\n</Location>\n",
    'limit-word' => "CorsLimitOrigin *\n",
    'outside-limit' => "${list}CorsLimitOrigin https://b.example\n",
    'no-origins' => "CorsMaxAge 5\n",
    'set-incomplete' => in_file('@ROOT@/empty.origins'),
    'set-name' => "CorsOriginSet A file:x\n",
    'set-option' => "$set refresh=0\n",
    # The file is made below.
    'set-permissions' => in_file('@ROOT@/open'),
    'set-place' => "<VirtualHost *:81>\n$set\n</VirtualHost>\n",
    'set-row' => in_file('@ROOT@/bad.origins'),
    'set-source' => "CorsOriginSet a memcache:x\n",
    'set-too-large' => in_file('@ROOT@/large.origins'),
    'set-twice' => "$set\n$set\nCorsAllowOrigin \@a\n",
    'set-undefined' => "CorsAllowOrigin \@a\n",
    'set-unreadable' => in_file('@ROOT@/none'),
    'set-unused' => "$set\n",
    'credentials-any-origin' => "${on}CorsAllowOrigin *\n",
    'credentials-insecure-origin' => "${on}CorsAllowOrigin http://a.example\n",
    'credentials-null-origin' =>
        "$on${null}CorsAllowUnsafe null-origin\n",
    'credentials-public-suffix' => "${on}CorsAllowOrigin https://*.com\n",
    'enforce-any-origin' => "CorsEnforce All\nCorsAllowOrigin *\n",
    'enforce-no-policy' => "CorsEnforce Unsafe\n",
    'enforce-null-origin' => "CorsEnforce Unsafe\n$null"
        . "CorsAllowUnsafe null-origin\n",
    'info-unprotected' => "<Location \"/cors\">\nCorsInfo On\n</Location>\n",
    'static-origin-list' => "CorsAllowOrigin *\nCorsStaticOrigin On\n",
    'suffix-list-missing' => "${on}CorsAllowOrigin https://*.a.example\n",
    'private-network-any-origin' => "${private}CorsAllowOrigin *\n",
    'private-network-null-origin' =>
        "$private${null}CorsAllowUnsafe null-origin\n",
    'address-any-origin' => "<Location \"/\">\nCorsAllowOrigin *\n"
        . "Require local\n</Location>\n",
    (map { @$_[0] => "$list$_->[1]\n" }
        [ 'max-age-format', 'CorsMaxAge soon' ],
        [ 'max-age-fraction', 'CorsMaxAge 1500ms' ],
        [ 'max-age-negative', 'CorsMaxAge -1' ],
        [ 'max-age-too-long', 'CorsMaxAge 25h' ],
        [ 'methods-none', 'CorsAllowMethods none' ],
        [ 'unknown-value', 'CorsEngine Maybe' ],
        [ 'name-any', 'CorsAllowMethods ALL' ],
        [ 'name-blank', 'CorsAllowMethods "GET PUT"' ],
        [ 'name-byte', 'CorsAllowHeaders X-A:' ],
        [ 'name-comma', 'CorsAllowHeaders X-A,' ],
        [ 'name-cors-header', 'CorsExposeHeaders Access-Control-Max-Age' ],
        [ 'name-forbidden', 'CorsAllowHeaders Cookie' ],
        [ 'name-hidden', 'CorsExposeHeaders Set-Cookie' ],
        [ 'name-long', 'CorsAllowHeaders ' . 'x' x 8191 ],
        [ 'name-lower-case', 'CorsAllowMethods get' ],
        [ 'always-readable', 'CorsExposeHeaders Pragma' ],
        [ 'name-pattern', 'CorsAllowHeaders X-*' ],
        [ 'host-range', 'CorsAllowOrigin http://10.0.0.1-20' ],
        [ 'name-switch', 'CorsAllowHeaders Off' ],
        [ 'method-case', 'CorsAllowMethods GET POST Patch' ],
        [ 'method-missing', 'CorsAllowMethods PUT' ],
        [ 'cache-keeps-headers', 'CacheEnable disk "/"' ],
        [ 'header-kept', "CorsBackendHeaders keep\nCorsPreflight answer\n"
            . $header ],
        [ 'keep-answers-preflights', 'CorsBackendHeaders keep' ],
        [ 'client-certificate', "<IfModule !mod_ssl.c>\nLoadModule ssl_module "
            . "$modules/mod_ssl.so\n</IfModule>\nSSLVerifyClient require" ],
        [ 'recipe-left-over', $header ],
        [ 'options-left-over', "RewriteCond %{REQUEST_METHOD} OPTIONS\n"
            . 'RewriteRule ^ - [R=204,L]' ],
        [ 'request-header-early', 'RequestHeader unset '
            . 'Access-Control-Request-Method early' ],
        [ 'request-header-late', 'RequestHeader unset '
            . 'Access-Control-Request-Method' ],
        [ 'rewrite-refuses-preflights', "RewriteEngine On\n"
            . "RewriteCond %{REQUEST_METHOD} OPTIONS\nRewriteRule ^ - [F]" ],
        [ 'vary-line', 'Header merge Vary Origin' ]));
configtest('');
my $open = CorsTest::checked_root() . '/open';
CorsTest::write_file($open, "https://a.example\n");
chmod 0666, $open;
for my $code (sort keys %provoked) {
    next if $code eq 'client-certificate' && !-e "$modules/mod_ssl.so";
    local $ENV{CORS_PUBLIC_SUFFIX_LIST} = '/nonexistent'
        if $code eq 'suffix-list-missing';
    my ($ok, $out) = configtest($provoked{$code}, %files);
    is_deeply [ map { $_->[1] =~ / \[([^] ]+)\]$/ } said($out) ], [ $code ],
        "provoked: $code" or diag $out;
}

# No configtest reads an .htaccess file.
my %elsewhere = ('in-htaccess' => 't/server/htaccess.t');
like CorsTest::slurp($elsewhere{$_}), qr/\\\[$_\\\]/,
    "$_ in $elsewhere{$_}" for sort keys %elsewhere;
# Some httpds have mod_watchdog built in.  No source that is here needs a
# module, or waits.
my @unseen = qw(set-blocks set-missing set-watchdog);
is_deeply [ sort keys %provoked, keys %elsewhere, @unseen ], [ sort @codes ],
    'and that is each of them';

done_testing();
