# What a graceful restart has read again, although the source says that nothing
# has changed: the database may be another, and the public suffixes may be.

use strict;
use warnings;
use lib 't/lib';
use File::Temp qw(tempdir);
use Test::More;
use CorsService;
use CorsSets;
use CorsTest;

my $sqlite = CorsService::find_program('sqlite3');
CorsService::needs([ $sqlite, 'sqlite3' ], CorsSets::dbd('sqlite3'));

my ($yes, $no) = qw(allowed origin-not-allowed);
my $folder = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
chmod 0755, $folder;

sub suffixes {
    CorsTest::write_file("$folder/suffixes", join "\n",
        '// ===BEGIN ICANN DOMAINS===', @_, "// ===END ICANN DOMAINS===\n");
}

# Two databases of the same version.
for my $name (qw(one two)) {
    CorsTest::write_file("$folder/in.sql", <<"SQL");
CREATE TABLE list (origin text);
INSERT INTO list VALUES ('https://$name.example'), ('https://both.example');
CREATE TABLE version (version int);
INSERT INTO version VALUES (7);
SQL
    system "'$sqlite' -bail '$folder/$name.db' <'$folder/in.sql'";
    is $?, 0, "database $name";
}

suffixes('com');
$ENV{CORS_PUBLIC_SUFFIX_LIST} = "$folder/suffixes";
my $s = CorsSets->start(<<"CONF", -modules => ['dbd', 'watchdog'],
DBDriver sqlite3
DBDParams $folder/one.db
DBDMin 0
CorsOriginSet p "dbd:SELECT origin FROM list" "version=SELECT version FROM version" refresh=1h
CorsOriginSet f file:htdocs/f.origins refresh=1h
<Location /p>
  CorsAllowOrigin \@p
</Location>
<Location /f>
  CorsAllowOrigin \@f
  CorsAllowCredentials On
</Location>
CONF
    'f.origins' => "https://*.shared.example\n");

sub credentials {
    return cors($s->get('/f/', Origin => 'https://a.shared.example'))
        ->{'Access-Control-Allow-Credentials'} || '-';
}

$s->settles('p', 'https://one.example', $yes, 'the first database');
$s->judges('p', 'https://two.example', $no, 'and not the second');
is credentials(), 'true', 'no public suffix';

suffixes('com', 'shared.example');
$s->reconfigure(sub { s/one\.db/two.db/ });
is credentials(), '-', 'a public suffix, of an unchanged file';
$s->settles('p', 'https://two.example', $yes,
    'the second database, of the same version');
$s->judges('p', 'https://one.example', $no, 'and not the first any more');
$s->judges('p', 'https://both.example', $yes, 'what is in both');

suffixes('com');
$s->reconfigure(sub { s/two\.db/one.db/ });
is credentials(), 'true', 'no suffix any more';
$s->settles('p', 'https://one.example', $yes, 'the first database again');
$s->announce(qr/\[cors:warn\] .*set \@f allows https:\/\/a\.shared\.example/);
$s->finish;
