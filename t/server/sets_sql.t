# conf/origins.*.sql: each database takes what mod_cors takes, refuses slips,
# changes the version with every change, and shows httpd's user no more than it
# has to see.

use strict;
use warnings;
use lib 't/lib';
use File::Temp qw(tempdir);
use Test::More;
use CorsPostgres;
use CorsTest;

my $sqlite = CorsService::find_program('sqlite3');
CorsService::needs('CorsPostgres', [ $sqlite, 'sqlite3' ]);

my @good = ('https://a.example', 'http://localhost', 'http://localhost:3000',
    'https://a-b.c_d.example:8443', 'https://*.example', 'https://*.a.example:*',
    'https://a.example:*', 'http://127.0.0.1:8080', 'http://[::1]:3000',
    'https://xn--bcher-kva.example', 'http://a.example:443',
    'https://a.example:80', 'moz-extension://0123', 'app+x.y-z://host');
my @bad = ('', 'a.example', '//a.example', 'https://', 'https:///',
    'https://a.example/', 'https://a.example/x', 'HTTPS://a.example',
    'https://A.example', 'https://a.example:443', 'http://a.example:80',
    'https://a example', 'https://a.example ', ' https://a.example',
    'https://a.example,https://b.example', "https://b\xc3\xbccher.example",
    'https://' . 'a' x 319, '1https://a.example');

my $folder = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $database = CorsPostgres->start;

# Returns what a statement says, or undef where it is refused.
my %run = (
    postgresql => sub { eval { $database->sql($_[0]) } },
    sqlite => sub {
        CorsTest::write_file("$folder/in.sql", $_[0]);
        my $said = `"$sqlite" -bail "$folder/origins.db" <"$folder/in.sql"`;
        return $? ? undef : $said;
    },
);
open my $stderr, '>&', \*STDERR or die "$!\n";

for my $kind (sort keys %run) {
    my $run = $run{$kind};
    open STDERR, '>', "$folder/refused" or die "$!\n";
    my $sql = CorsTest::slurp("conf/origins.$kind.sql");
    isnt $run->($sql), undef, "$kind: the file runs"
        or diag CorsTest::slurp("$folder/refused");
    my $insert = sub {
        return defined $run->("INSERT INTO cors_origin (service, origin)
            VALUES ('@{[ $_[1] || 'api' ]}', '$_[0]')");
    };
    my $version = sub { $run->('SELECT version FROM cors_version') };
    ok $insert->($_), "$kind takes $_" for @good;
    ok !$insert->($_), "$kind refuses '$_'" for @bad;
    ok !$insert->($good[0]), "$kind refuses what is there";
    ok $insert->($good[0], 'other'), 'but for another service';
    is $run->('SELECT count(*) FROM cors_api'), @good . "\n",
        "$kind: the view has one service";
    my $before = $version->();
    for ("UPDATE cors_origin SET service = 'x' WHERE service = 'other'",
        "DELETE FROM cors_origin WHERE service = 'x'",
        "INSERT INTO cors_origin (service, origin) VALUES
            ('x', 'https://x.example'), ('x', 'https://y.example')") {
        isnt $run->($_), undef, $_;
        my $now = $version->();
        isnt $now, $before, "$kind: changes the version";
        $before = $now;
    }
    open STDERR, '>&', $stderr or die "$!\n";
}

# As httpd's user, by a password that the owner gives it.
$database->sql("ALTER ROLE cors PASSWORD '$database->{password}'");
my $as_cors = sub {
    local $ENV{PGPASSWORD} = $database->{password};
    my $said = `psql -X -A -t -h 127.0.0.1 -p $database->{port} -U cors -d postgres -c "$_[0]" 2>&1`;
    return $said;
};
is $as_cors->('SELECT count(*) FROM cors_api'), @good . "\n", 'cors may read';
like $as_cors->('SELECT version FROM cors_version'), qr/^\d+$/, 'and this';
like $as_cors->($_), qr/permission denied/, "but not: $_"
    for 'SELECT * FROM cors_origin', 'DELETE FROM cors_api',
    'UPDATE cors_version SET version = 1';

done_testing;
