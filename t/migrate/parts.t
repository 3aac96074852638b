# The parts of cors-migrate that make a policy of what is sent, and print it;
# t/migrate/units.t has those that read a configuration and run it.

use strict;
use warnings;
use lib 't/lib', 'lib';
use File::Temp qw(tempdir);
use Test::More;
use CorsTest;
use CorsMigrate::Alike;
use CorsMigrate::Any;
use CorsMigrate::Apply;
use CorsMigrate::Beside;
use CorsMigrate::Case qw(closed difference lets_in);
use CorsMigrate::Command;
use CorsMigrate::Granted qw(examples);
use CorsMigrate::Names qw(is_among);
use CorsMigrate::Openers;
use CorsMigrate::Origins qw(covers distinct from_regex from_text is_local);
use CorsMigrate::Policy;
use CorsMigrate::Print;
use CorsMigrate::Proof;
use CorsMigrate::Reader;
use CorsMigrate::Redirect;
use CorsMigrate::Replaced;
use CorsMigrate::Rewrite;
use CorsMigrate::Sections;
use CorsMigrate::Target qw(holds_there leads_to targets);
use MigrateTest qw(translate);

my $MOST_LINES = 400;
my $root = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $app  = 'https://app.example.com';

# Origins of words and of regular expressions; '?' where it is to decide.
sub found {
    my ($found) = @_;
    return join ' ', sort(@{ $found->{origins} }),
        @{ $found->{decide} } ? '?' : ();
}

for ([ $app, $app ], [ 'https://App.example.com:443/', $app ],
    [ "$app,http://a.example", "http://a.example $app" ],
    [ 'https://[0:0::1]:8443', 'https://[::1]:8443' ], [ '*', '' ],
    [ 'null', '' ], [ 'https://*.com', '' ], [ 'http://1.2.3.4:99999', '' ]) {
    my ($text, $wanted) = @$_;
    is found(from_text($text)), $wanted, "text $text";
}
for ([ '^https://(app|admin)\.example\.com$',
        "https://admin.example.com $app" ],
    [ '^https?://app\.example\.com$', "http://app.example.com $app" ],
    [ '^https://(.+\.)?example\.com$',
        'https://*.example.com https://example.com' ],
    [ '^https://app\.example\.com(:\d+)?$', "$app $app:*" ],
    [ '^http://localhost:(3000|8080)$',
        'http://localhost:3000 http://localhost:8080' ],
    [ '^https://[^.]+\.example\.com$', 'https://*.example.com' ],
    [ 'https:\/\/app\.example\.com', $app ],
    [ '^https://.*example\.com$', '?' ], [ '^https://(?!x).+$', '?' ],
    [ '^https://a{2}\.example$', '?' ], [ '^(.*)$', '' ], [ '^$', '' ]) {
    my ($regex, $wanted) = @$_;
    is found(from_regex($regex)), $wanted, "regular expression $regex";
}
ok covers('https://*.example.com', $app), 'a pattern covers a subdomain';
ok !covers('https://*.example.com', 'https://example.com'), 'not the host';
ok covers('http://localhost:*', 'http://localhost:3000'), 'nor every port';
is_deeply [ distinct($app, 'https://*.example.com', $app) ],
    [ 'https://*.example.com' ], 'without what another covers';
ok is_local('http://localhost:3000') && !is_local('http://a.example'), 'local';

# What a pattern is tried with.
my @tried = examples('https://*.example.com', 'my-admin.example.com', 'www');
ok((grep { $_ eq 'https://my-admin.example.com' } @tried),
    'a name of the recipe is tried as a label');
is_deeply [ grep { /\*/ } @tried ], [], 'no star is left';
is_deeply [ sort(CorsMigrate::Granted::labels_in('my-admin\.example')) ],
    [ qw(admin example my my-admin.example) ], 'the names of a text';
is_deeply [ CorsMigrate::Granted::labels_in("^$app\$") ], [],
    'a whole origin is asked as it is';

# What a section has to write.
is_deeply difference({ CorsAllowOrigin => [$app], CorsMaxAge => ['60'] },
    { CorsAllowOrigin => [$app], CorsAllowCredentials => ['On'] }),
    { CorsAllowCredentials => ['Off'], CorsMaxAge => ['60'] }, 'a difference';
is_deeply closed({ CorsAllowOrigin => ['*'] }),
    { CorsAllowOrigin => ['none'] }, 'nobody, where somebody would be let in';
is_deeply closed({}), {}, 'nothing, where nobody is';
ok !lets_in({ CorsAllowOrigin => ['*'], CorsEngine => ['Off'] }), 'Off';
ok is_among('TRACE', 'forbidden_methods'), 'a name that is forbidden';
is_deeply { CorsMigrate::Rewrite::flags('[E=A:b,L,forbidden,R=204]') },
    { E => ['A:b'], L => [''], F => [''], R => ['204'] }, 'flags of a rule';

# What is printed.
is CorsMigrate::Print::comment('note', join ' ', ('word') x 20),
    '#   note: ' . join(' ', ('word') x 13) . "\n#     "
    . join(' ', ('word') x 7) . "\n", 'a long comment';
is_deeply [ CorsMigrate::Print::ranges(9, 3, 4, 5) ], [ [ 3, 5 ], [ 9, 9 ] ],
    'lines';
is_deeply [ CorsMigrate::Print::wrapped('CorsAllowOrigin', ($app) x 3) ],
    [ "CorsAllowOrigin $app $app", "CorsAllowOrigin $app" ], 'a long list';
is CorsMigrate::Apply::common_folder('/a/b/c.conf', '/a/b/d/e.conf'), '/a/b/',
    'the folder of all files';

# Where httpd leads requests, whether the server's, /api and the folder hold
# there, and whether the lines lead to /api.
sub led {
    my ($text) = @_;
    CorsTest::write_file("$root/t.conf", "DocumentRoot /srv/www\n"
        . "<Location /api>\n</Location>\n<Directory /srv/www>\n</Directory>\n"
        . $text);
    my $reader = CorsMigrate::Reader->new;
    $reader->read("$root/t.conf");
    my @places = $reader->places;
    my ($target, @more) = targets($reader);
    return 'none' unless $target;
    return join ' ', $target->{to}, (map { holds_there($target, $_) ? 1 : 0 }
        @places[0 .. 2]), leads_to($target, $places[1]) ? 'api' : (),
        map { $_->{to} } @more;
}
for ([ 'RewriteRule ^a - [L]', 'none' ], [ 'RewriteRule ^a /b [R=301]', 'none' ],
    [ 'RewriteRule ^a http://x/ [P]', 'none' ],
    [ 'RewriteRule ^a /api/b.html?x=$1', '/api/b.html 1 1 1 api' ],
    [ 'RewriteRule ^a b/$1', 'b/$1 1 0 1' ],
    [ 'RewriteRule ^a /b/c', '/b/c 1 0 1' ],
    [ 'RewriteRule ^a /$1', '/$1 1 0 1 api' ],
    [ 'FallbackResource /index.php', '/index.php 1 0 1' ],
    [ 'DirectoryIndex index.html /api/x', '/api/x 1 1 1 api' ]) {
    my ($line, $wanted) = @$_;
    is led("<Directory /srv/www/d>\nRewriteEngine On\n$line\n</Directory>\n"),
        $wanted, $line;
}

# Whole configurations: what is told of them, by parts that need all others.
sub told {
    my ($text, $name) = @_;
    $name ||= 'x.conf';
    CorsTest::write_file("$root/$name", $text);
    my ($out, $err, $status) = translate("$root/$name");
    is $err, '', 'no complaint';
    return "$status\n" . $out =~ s/\n#     / /gr;
}
my $set  = 'Header always set Access-Control-Allow-Origin';
my $api  = "<Location /api>\n$set \"*\"\n";
my $method = 'Require method OPTIONS';
my $sets = "SetEnvIf Origin \"^$app\$\" OK=\$0\n$set \"%{OK}e\" env=OK\n";
my $asks = 'mod_cors ends preflights before anybody asks for a password';
for ([ 'Any: * for some origins', "SetEnvIf Origin app CORS\n"
        . "$set \"*\" env=CORS\n$set \"*\" env=!CORS\n",
        qr/^1\n.*decide:/s ],
    [ 'Beside: what is let in as well', "SetEnvIf Origin \"^$app\" CORS=\$0\n"
        . "$set \"expr=%{req:Origin}\" env=CORS\n",
        qr/let in https:\S+stranger\.example too/ ],
    [ 'Proof: where sections meet', "<LocationMatch a>\n$set \"*\"\n"
        . "</LocationMatch>\n<FilesMatch b>\n$set \"$app\"\n</FilesMatch>\n",
        qr/^0\n.*CorsAllowOrigin \*/s ],
    [ 'Redirect: an index file', "$set \"*\"\n<Files index.html>\n"
        . "Header always unset Access-Control-Allow-Origin\n</Files>\n",
        qr/^1\n.*changes what is sent/s ],
    [ 'Redirect: a rule that leads elsewhere', $api . "RewriteEngine On\n"
        . "RewriteRule ^ /b [L]\n</Location>\n", qr/^1\n.*leads elsewhere/s ],
    [ 'Redirect: a rule that does not', $api . "RewriteEngine On\n"
        . "RewriteRule ^ /api/b [L]\n</Location>\n", qr/^0\n/ ],
    [ 'Openers: <If> for OPTIONS', $api . "<If \"%{REQUEST_METHOD} == "
        . "'OPTIONS'\">\nRequire all granted\n</If>\n</Location>\n",
        qr/replaces: lines 2-5\n.*wrong: line 3: every OPTIONS/s ],
    [ 'Openers: an <If> that does more', $api . "<If \"%{REQUEST_METHOD} == "
        . "'OPTIONS'\">\nRequire all granted\nSetHandler x\n</If>\n"
        . "</Location>\n", qr/replaces: line 2\n.*it does more, and stays/s ],
    [ 'Openers: an <If> with an <Else>', $api . "<If \"%{REQUEST_METHOD} == "
        . "'OPTIONS'\">\nRequire all granted\n</If>\n<Else>\n"
        . "Require valid-user\n</Else>\n</Location>\n",
        qr/replaces: line 2\n.*note: line 4: every OPTIONS.*$asks/s ],
    [ 'Openers: a variable', "SetEnvIf Request_Method OPTIONS P\n$api"
        . "<RequireAny>\nRequire env P\nRequire valid-user\n</RequireAny>\n"
        . "</Location>\n", qr/note: line 5: it lets in by a variable.*$asks/ ],
    [ 'Openers: another variable', "SetEnvIf X-Key abc P\n$api"
        . "Require env P\n</Location>\n", qr/^(?!.*$asks)/s ],
    [ 'Openers: Satisfy any', $api . "Satisfy any\n</Location>\n",
        qr/note: line 3: it lets in without.*$asks/ ],
    [ 'Openers: one method of several', $api . "<LimitExcept GET OPTIONS>\n"
        . "Require valid-user\n</LimitExcept>\n</Location>\n",
        qr/replaces: line 2\n.*note: line 3: it lets OPTIONS in/s ],
    [ 'Openers: Require method beside another', $api . "$method\n"
        . "Require valid-user\n</Location>\n",
        qr/replaces: lines 2-3\n.*wrong: line 3: every OPTIONS/s ],
    [ 'Openers: beside a section of others', $api . "$method\n<RequireAll>\n"
        . "Require valid-user\nRequire not ip 192.0.2.1\n</RequireAll>\n"
        . "</Location>\n", qr/replaces: lines 2-3\n/ ],
    [ 'Openers: alone', $api . "$method\n</Location>\n",
        qr/replaces: line 2\n.*note: line 3: it lets OPTIONS in: with no/s ],
    [ 'Openers: beside one that goes', $api . "<RequireAny>\n$method\n"
        . "$method\n</RequireAny>\n</Location>\n",
        qr/replaces: line 2\n.*note: line 4: it lets.*note: line 5: it/s ],
    [ 'Openers: beside what refuses', $api . "$method\n<RequireAll>\n"
        . "<RequireNone>\nRequire ip 192.0.2.1\n</RequireNone>\n"
        . "</RequireAll>\n</Location>\n", qr/replaces: line 2\n/ ],
    [ 'Openers: beside one under a condition', $api . "$method\n<IfDefine X>\n"
        . "Require valid-user\n</IfDefine>\n</Location>\n",
        qr/replaces: line 2\n/ ],
    [ 'Openers: AuthMerging', $api . "AuthMerging Or\n$method\n"
        . "Require valid-user\n</Location>\n", qr/replaces: line 2\n/ ],
    [ 'Openers: a macro that stands alone elsewhere', "<Macro P>\n$method\n"
        . "</Macro>\n${api}Use P\nRequire valid-user\n</Location>\n"
        . "<Location /api/b>\nUse P\n</Location>\n",
        qr/replaces: line 5\n.*note: line 2: .*read elsewhere too/s ],
    [ 'Openers: a macro beside others', "<Macro P>\n$method\nRequire "
        . "valid-user\n</Macro>\n${api}Use P\n</Location>\n<Location /api/b>\n"
        . "Use P\n</Location>\n", qr/replaces: lines 2, 6\n/ ],
    [ 'Openers: <Limit OPTIONS>', $api . "<Limit OPTIONS>\nRequire all "
        . "granted\n</Limit>\n</Location>\n", qr/replaces: lines 2-5\n/ ],
    [ 'Openers: one that refuses', $api . "<Limit OPTIONS>\n<RequireAll>\n"
        . "Require all granted\n<RequireNone>\nRequire all granted\n"
        . "</RequireNone>\n</RequireAll>\n</Limit>\n</Location>\n",
        qr/replaces: line 2\n.*line 3: .*it does more, and stays/s ],
    [ 'Openers: AuthType is for every method', $api . "<Limit OPTIONS>\n"
        . "AuthType None\nRequire all granted\n</Limit>\n</Location>\n",
        qr/replaces: line 2\n/ ],
    [ 'Openers: addresses of an outer section', $api . "<Limit OPTIONS>\n"
        . "Satisfy any\nAllow from all\n</Limit>\n</Location>\n",
        qr/replaces: line 2\n.*takes the place of what is said around/s ],
    [ 'Openers: addresses beside others', $api . "Order deny,allow\n"
        . "<Limit OPTIONS>\nSatisfy any\nAllow from all\n</Limit>\n"
        . "</Location>\n", qr/replaces: lines 2, 4-7\n/ ],
    [ 'Openers: what OPTIONS is not to have', $api . "Require valid-user\n"
        . "<LimitExcept OPTIONS>\nRequire all granted\n</LimitExcept>\n"
        . "</Location>\n", qr/replaces: line 2\n.*other lines may refuse/s ],
    [ 'Openers: an <If> that resets', $api . "<If \"%{REQUEST_METHOD} == "
        . "'OPTIONS'\">\nAllow from all\n</If>\n</Location>\n",
        qr/replaces: line 2\n.*takes the place of what is said around/s ],
    [ 'Replaced: a variable that an <If> asks for', "$sets<If \"reqenv('ok') "
        . "!= ''\">\nRequire all denied\n</If>\n", qr/replaces: line 2\n/ ],
    [ 'Replaced: in other letters', "$sets<Location /b>\nDeny from env=ok\n"
        . "</Location>\n", qr/replaces: line 2\n/ ],
    [ 'Replaced: after a redirect', "$sets<Location /b>\nDeny from env="
        . "REDIRECT_OK\n</Location>\n", qr/replaces: line 2\n/ ],
    [ 'Replaced: [L] before one that stays', "RewriteEngine On\nRewriteCond "
        . "%{HTTP:Origin} ^($app)\$\nRewriteRule ^ - [E=OK:%1,L]\nRewriteRule "
        . "^ - [E=IN:1]\n$set \"%{OK}e\" env=OK\nRequire env IN\n",
        qr/replaces: line 5\n/ ],
    [ 'Replaced: a rule for what still gets in', $api . "RewriteEngine On\n"
        . "RewriteCond %{REQUEST_METHOD} OPTIONS\nRewriteRule ^ - [R=204]\n"
        . "<Limit GET OPTIONS>\nRequire all granted\n</Limit>\n</Location>\n",
        qr/replaces: line 2\n.*line 5: it answers OPTIONS that other/s ],
    [ 'Replaced: a rule for OPTIONS', $api . "RewriteEngine On\nRewriteCond "
        . "%{REQUEST_METHOD} OPTIONS\nRewriteRule ^ - [R=204]\n</Location>\n",
        qr/replaces: lines 2, 4-5\n/ ],
    [ 'Request: rules of the server are not those of its hosts',
        "RewriteEngine On\nRewriteRule ^ - [E=CORS:$app]\n$set \"%{CORS}e\" "
        . "env=CORS\n<VirtualHost *:80>\n</VirtualHost>\n",
        qr/^1\n.*its virtual hosts do not have/s ],
    [ 'Request: a host without them', "RewriteEngine On\nRewriteRule ^ - "
        . "[E=CORS:$app]\n<VirtualHost *:80>\n$set \"%{CORS}e\" env=CORS\n"
        . "</VirtualHost>\n", qr/^0\n.*no origin is let in/s ],
    [ 'Place: the sections of a host come last', "<VirtualHost *:80>\n"
        . "<Location /api>\nHeader always unset Access-Control-Allow-Origin\n"
        . "</Location>\n</VirtualHost>\n$api</Location>\n",
        qr/CorsEngine Off/ ],
    [ 'Command: nothing', "Listen 80\n", qr/^0\n# no recipe found\n/ ],
    ) {
    my ($what, $text, $wanted) = @$_;
    like told($text), $wanted, $what;
}

# Two files with one recipe: the words of each are about its own lines.
my $open = "SetEnvIf Origin \"^https?://.*example.com\" OK\n"
    . "$set \"expr=%{req:Origin}\" env=OK\n";
CorsTest::write_file("$root/$_/.htaccess", $open) for qw(one two);
my ($both) = translate(map { "$root/$_/.htaccess" } qw(one two));
is scalar(() = $both =~ /decide: line 1: 'https:/g), 2,
    'Alike: each file has its own line' or diag $both;

# Each file is short, and has a unit test.
my $tests = join '', map { CorsTest::slurp("t/migrate/$_") }
    qw(units.t parts.t);
my @files = (glob('lib/CorsMigrate/*.pm'), 'bin/cors-migrate',
    glob 't/lib/Migrate*.pm');
cmp_ok scalar @files, '>=', 30, scalar(@files) . ' files';
for my $file (@files) {
    my $lines = () = CorsTest::slurp($file) =~ /\n/g;
    cmp_ok $lines, '<', $MOST_LINES, "$file has $lines lines";
    my ($name) = $file =~ m{^lib/CorsMigrate/(\w+)\.pm} or next;
    like $tests, qr/^use CorsMigrate::$name\b/m, "$name has a unit test";
}

done_testing();
