# cors-migrate --apply, and cors-migrate with thousands of files: the copies,
# the patch, that no file changes in place, and that what is printed is taken
# where it is to stand.

use strict;
use warnings;
use lib 't/lib', 'lib';
use Cwd qw(abs_path);
use File::Temp qw(tempdir);
use Test::More;
use Time::HiRes qw(time);
use CorsTest;
use MigrateTest;

my $SECONDS = 60;       # for 2,000 files: 5 on a quiet machine
my $tool = abs_path('bin/cors-migrate');
my $root = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);

my %files = (
    'httpd.conf' => <<'CONF',
<Macro Api $path $origin>
    <Location $path>
        Header always set Access-Control-Allow-Origin "$origin"
    </Location>
</Macro>
SetEnvIf Origin "^https://app\.example\.com$" CORS=$0
Include conf.d/*.conf
Use Api /one https://one.example
Use Api /two *
CONF
    'conf.d/api.conf' => <<'CONF',
# The API.
<Location "/api">
    <IfModule mod_headers.c>
        # Who may.
        Header always set Access-Control-Allow-Origin \
            "%{CORS}e" env=CORS
    </IfModule>
    Header set X-Frame-Options DENY
    <If "%{REQUEST_URI} =~ m#/open/#">
        Header always set Access-Control-Allow-Origin "*"
    </If>
    <Else>
        Header always set Access-Control-Max-Age 60
    </Else>
</Location>
CONF
    'conf.d/open.conf' => "<Location \"/open\">\n    Header always set "
        . "Access-Control-Allow-Origin %{COOKIE_ORIGIN}e\n</Location>\n",
);
CorsTest::write_file("$root/$_", $files{$_}) for keys %files;

my ($out, $err, $status) = translate('--apply', "$root/new",
    "$root/httpd.conf");
is $err, '', 'no complaint';
is $status, 1, 'something is to decide';
is CorsTest::slurp("$root/$_"), $files{$_}, "$_ is as it was"
    for sort keys %files;

is CorsTest::slurp("$root/new/conf.d/api.conf"), <<'CONF', 'the copy';
# The API.
<Location "/api">
    Header set X-Frame-Options DENY
    <If "%{REQUEST_URI} =~ m#/open/#">
        CorsAllowOrigin *
    </If>
    <Else>
        <IfModule mod_headers.c>
            CorsMaxAge 60
        </IfModule>
    </Else>
    <IfModule mod_headers.c>
        CorsAllowOrigin https://app.example.com
    </IfModule>
</Location>
CONF
ok !-e "$root/new/conf.d/open.conf", 'what is to decide stays as it is';
like CorsTest::slurp("$root/new/httpd.conf"), qr{
    ^Use\ Api\ /one\ https://one\.example\n
    <Location\ /one>\n\ +CorsAllowOrigin\ https://one\.example\n</Location>\n
    Use\ Api\ /two\ \*\n
    <Location\ /two>\n\ +CorsAllowOrigin\ \*\n</Location>\n}mx,
    'a macro: behind the lines that use it';

# The patch makes of the files what the copies are.
my $copy = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
CorsTest::write_file("$copy$root/$_", $files{$_}) for keys %files;
is system("cd '$copy' && patch -s -p1 <'$root/new/cors.patch'"), 0,
    'the patch applies';
is CorsTest::slurp("$copy$root/$_"), CorsTest::slurp("$root/new/$_"),
    "and makes the copy of $_" for 'httpd.conf', 'conf.d/api.conf';

# httpd takes the changed files, and what is printed by itself.
my $all = join '', map { CorsTest::slurp("$root/new/$_") } 'httpd.conf',
    'conf.d/api.conf';
$all =~ s/^Include .*\n//mg;
my ($ok, $said) = configtest($all);
ok $ok, 'httpd takes the copies' or diag $said;
($ok, $said) = configtest($out);
ok $ok, 'and what is printed' or diag $said;

($out, $err, $status) = translate('--apply', "$root/new",
    "$root/httpd.conf");
is $status, 2, 'not into a folder that has files';
like $err, qr/^cors-migrate: \S+: is not empty$/m, 'which it says';

# What "replaces" names can be taken out as it stands.
my %taken = ('whole.conf' => [ 'lines 1-3', <<'CONF' ],
<IfModule mod_headers.c>
    Header always set Access-Control-Allow-Origin "*"
</IfModule>
CONF
    'part.conf' => [ 'line 2', <<'CONF' ],
<IfModule mod_headers.c>
    Header always set Access-Control-Allow-Origin "*"
    Header set X-Frame-Options DENY
</IfModule>
CONF
    'used.conf' => [ 'line 2', <<'CONF' ],
SetEnvIf Origin "^https://app\.example\.com$" CORS=$0
Header always set Access-Control-Allow-Origin "%{CORS}e" env=CORS
Header always set X-Cors "yes" env=CORS
CONF
    'else.conf' => [ 'line 2', <<'CONF' ],
<If "%{HTTP:Origin} == 'https://app.example.com'">
    Header always set Access-Control-Allow-Origin "https://app.example.com"
</If>
<Else>
    Header always set X-Cors "no"
</Else>
CONF
    'vary.conf' => [ 'line 1', <<'CONF' ],
Header always set Access-Control-Allow-Origin "https://app.example.com"
Header always merge Vary "Accept-Language, Origin"
Header always merge Vary "X-Origin"
CONF
    'proxied.conf' => [ 'line 1', <<'CONF' ]);
Header always set Access-Control-Allow-Origin "https://app.example.com"
RewriteEngine On
RewriteCond %{REQUEST_METHOD} OPTIONS
RewriteRule ^ http://127.0.0.1:9/ [P]
CONF
for my $file (sort keys %taken) {
    my ($lines, $text) = @{ $taken{$file} };
    CorsTest::write_file("$root/$file", $text);
    ($out) = translate("$root/$file");
    my ($replaces) = $out =~ /^#   replaces: (.*)$/m;
    is $replaces, $lines, "$file: replaces $lines";
    my %gone = map { /(\d+)-(\d+)/ ? map { $_ => 1 } $1 .. $2
        : /(\d+)/ ? ($1 => 1) : () } split /,/, $replaces || '';
    my $number = 0;
    my $rest = join '', grep { !$gone{ ++$number } } split /^/, $text;
    ($ok, $said) = configtest($rest);
    ok $ok, "$file: the rest stands" or diag $said;
}

# Many files, and what is said meanwhile.
my $many = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my @files = map { "$many/" . $_ % 40 . "/$_/.htaccess" } 1 .. 2_000;
CorsTest::write_file($_, "<IfModule mod_headers.c>\n    SetEnvIf Origin "
    . "\"^https://(app|admin)\\.example\\.com\$\" CORS=\$0\n    Header always "
    . "set Access-Control-Allow-Origin \"%{CORS}e\" env=CORS\n</IfModule>\n")
    for @files;
# Counted, as times depend on what else the machine does.
my ($asked, $read) = (0, 0);
my ($answer, $read_regex) = (\&CorsMigrate::Granted::answer,
    \&CorsMigrate::Origins::read_regex);
{
    no warnings 'redefine';
    *CorsMigrate::Granted::answer = sub { $asked++; $answer->(@_) };
    *CorsMigrate::Origins::read_regex = sub { $read++; $read_regex->(@_) };
}
my $start = time;
($out, $err, $status) = translate(@files);
my $took = time - $start;
is $status, 0, sprintf '2,000 files: %.1f s', $took;
cmp_ok $read, '<=', 2, "each regular expression is read once, not $read times";
cmp_ok $asked, '<=', 100, "and one recipe is asked once: $asked questions";
is scalar(() = $out =~ /^ +CorsAllowOrigin https:\/\/app\.example\.com /mg),
    2_000, 'a policy each';
cmp_ok $took, '<', $SECONDS, 'in time';
is scalar(() = $err =~ /^cors-migrate: \d+ files read$/mg), 4,
    'and says how far it is';

# Recipes that differ are asked each by itself.
my @differ = @files[0 .. 99];
CorsTest::write_file($differ[$_], "SetEnvIf Origin \"^https://app$_\\.example"
    . "\$\" CORS=\$0\nHeader always set Access-Control-Allow-Origin "
    . "\"%{CORS}e\" env=CORS\n") for 0 .. $#differ;
$asked = 0;
($out) = translate(@differ);
cmp_ok $asked, '<=', 20 * @differ, 'no more than 20 questions to a file: '
    . $asked / @differ;
is_deeply [ $out =~ /^CorsAllowOrigin (\S+)$/mg ],
    [ map { "https://app$_.example" } 0 .. $#differ ], 'each has its own';
like $out, qr/^# \Q$differ[99]\E: \.htaccess\n#   replaces: lines 1-2$/m,
    'and its own lines';

done_testing();
