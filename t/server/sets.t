# Origins from a file: who is allowed, with which headers and variables, and
# what becomes of changes to the file, each made in the ways that programs
# write files.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use Time::HiRes qw(sleep time);
use CorsTest;

my $listed = 'https://listed.example';
my $in_set = 'https://in-set.example';

my $s = CorsTest->start(<<'CONF', 'p.origins' => <<'SET', 'q.origins' => "# nobody\n",
LogFormat "%{CORS_VERDICT}e %{CORS_SOURCE}e %{CORS_OFFENDER}e" source
CustomLog "@ROOT@/source.log" source
CorsOriginSet partners file:@ROOT@/htdocs/p.origins refresh=1s
CorsOriginSet others "file:@ROOT@/htdocs/q.origins" refresh=1s stale=0
<Location /list>
  CorsAllowOrigin https://listed.example @partners @others
  CorsAllowMethods PUT GET
  CorsAllowCredentials On
  CorsAllowPrivateNetwork On
</Location>
<Location /unsafe>
  CorsAllowOrigin @partners
  CorsAllowCredentials On
  CorsAllowUnsafe insecure-origins public-suffixes
</Location>
<Location /limited>
  CorsAllowOrigin @partners
  CorsLimitOrigin https://*.example
</Location>
<Location /within>
  CorsAllowOrigin https://*.example https://me.github.io https://*.test
  CorsLimitOrigin https://own.example @partners
</Location>
<Location /any>
  CorsLimitOrigin @partners
</Location>
<Location /static>
  CorsAllowOrigin https://out.test
  CorsStaticOrigin On
  CorsLimitOrigin @partners
</Location>
<Location /enforced>
  CorsAllowOrigin @partners
  CorsEnforce Unsafe
</Location>
<Location /outer>
  CorsAllowOrigin @partners
</Location>
<Location /outer/inherits>
  CorsAllowOrigin inherit https://more.example
</Location>
<Location /outer/replaces>
  CorsAllowOrigin https://more.example
</Location>
CONF
# The partners.
https://in-set.example
	  https://blanks.example 

https://*.below.example
http://localhost:*
http://plain.example
https://*.github.io
https://outside.test
SET
    'list/x.txt' => "x\n", 'static/x.txt' => "x\n",
    'any/x.txt' => "x\n", 'any/.htaccess' => "CorsAllowOrigin *\n",
 'within/x.txt' => "x\n", 'limited/x.txt' => "x\n", 'unsafe/x.txt' => "x\n",
    'outer/x.txt' => "x\n", 'outer/inherits/x.txt' => "x\n",
    'outer/replaces/x.txt' => "x\n", 'enforced/x.txt' => "x\n",
    'own/.htaccess' => "CorsAllowOrigin \@partners\n", 'own/x.txt' => "x\n",
    'wrong/.htaccess' => "CorsAllowOrigin \@nobody\n", 'wrong/x.txt' => "x\n");

sub allowed {
    my ($path, $origin) = @_;
    my $c = cors($s->get("$path/x.txt", Origin => $origin));
    return $c->{'Access-Control-Allow-Origin'} || '-';
}

for my $origin ($listed, $in_set, 'https://blanks.example',
    'https://a.b.below.example', 'http://localhost:3000') {
    is_deeply cors($s->get('/list/x.txt', Origin => $origin)),
        { 'Access-Control-Allow-Origin' => $origin,
          'Access-Control-Allow-Credentials' => 'true', Vary => 'Origin' },
        "$origin is allowed";
}
for my $origin ('https://below.example', 'https://other.example', 'null',
    'https://IN-SET.example', 'https://in-set.example:8443') {
    is_deeply cors($s->get('/list/x.txt', Origin => $origin)),
        { Vary => 'Origin' }, "$origin is not";
}
my $res = $s->preflight('/list/x.txt', $in_set, 'PUT');
is $res->{status}, 204, 'a preflight is allowed';
is_deeply cors($res), { 'Access-Control-Allow-Origin' => $in_set,
    'Access-Control-Allow-Credentials' => 'true',
    'Access-Control-Allow-Methods' => 'PUT, GET',
    Vary => 'Origin,Access-Control-Request-Method,'
        . 'Access-Control-Request-Headers,'
        . 'Access-Control-Request-Private-Network' },
    'with the headers of a list';
is $s->preflight('/list/x.txt', 'https://other.example', 'PUT')->{status}, 403,
    'another is refused';

# What is unsafe gets no credentials and no private network.
for my $origin ('http://plain.example', 'https://me.github.io') {
    is_deeply cors($s->get('/list/x.txt', Origin => $origin)),
        { 'Access-Control-Allow-Origin' => $origin, Vary => 'Origin' },
        "no credentials for $origin";
    my $c = cors($s->preflight('/list/x.txt', $origin, 'PUT', undef,
        'Access-Control-Request-Private-Network' => 'true'));
    ok $c->{'Access-Control-Allow-Origin'}
        && !$c->{'Access-Control-Allow-Private-Network'},
        'and no private network';
    is cors($s->get('/unsafe/x.txt', Origin => $origin))
        ->{'Access-Control-Allow-Credentials'}, 'true',
        'CorsAllowUnsafe grants them';
}
my $c = cors($s->preflight('/list/x.txt', $in_set, 'PUT', undef,
    'Access-Control-Request-Private-Network' => 'true'));
is $c->{'Access-Control-Allow-Private-Network'}, 'true', 'others have it';
$s->announce(qr{CorsAllowCredentials On \(line \d+ of \S+\) meets }
    . qr{CorsAllowOrigin \@partners \(line \d+ of \S+\): set \@partners }
    . qr{allows http://plain\.example, and anyone on .*write }
    . qr{https://plain\.example into the source},
    qr{CorsAllowCredentials On .*\@partners},
    qr{CorsAllowPrivateNetwork On .* set \@partners allows});

# Ceilings, sections, enforcement, .htaccess.
is allowed('/limited', $in_set), $in_set, 'within the ceiling';
is allowed('/limited', 'https://outside.test'), '-', 'outside of it';
$s->announce(qr{CorsLimitOrigin \(line \d+ of \S+\) limits CorsAllowOrigin }
    . qr{\@partners.*: set \@partners allows https://outside\.test: take});
# A set as a ceiling.
for ($in_set, 'https://own.example', 'https://a.b.below.example',
    'https://me.github.io', 'https://outside.test') {
    is allowed('/within', $_), $_, "a set as a ceiling: $_ is within";
}
is allowed('/within', $_), '-', "$_ is not"
    for 'https://x.example', 'https://below.example', 'https://x.test',
    'https://blanks.example:81', 'http://plain.example';
is $s->preflight('/within/x.txt', 'https://x.example', 'GET')->{status}, 403,
    'nor for a preflight';
$s->announce(qr{CorsLimitOrigin \(line \d+ of \S+\) limits CorsAllowOrigin }
    . qr{https://\*\.\w+ .*: no set of the ceiling has https://\S+: add it },
    qr{preflight refused: origin-not-allowed: 'https://x\.example' });
# What is told is what is withheld: the static origin, or *.
is_deeply cors($s->get('/static/x.txt', @$_)), {}, "a static origin: @$_"
    for [], [ Origin => $in_set ], [ Origin => 'https://out.test' ];
is $s->preflight('/static/x.txt', $in_set, 'GET')->{status}, 403,
    'and a preflight';
$s->announce(qr{limits CorsAllowOrigin https://out\.test .*: no set of the ceiling has https://out\.test: add it to},
    qr{preflight refused: origin-not-allowed: 'https://in-set\.example' .*; CorsAllowOrigin \(line \d+ of \S+\) decides});
is allowed('/any', $_), '-', "* below a set: $_" for $in_set, 'null';
$s->announce(qr{limits CorsAllowOrigin \* .*: below a ceiling \* allows nobody, so write origins that the ceiling covers in its place});
is allowed('/outer/inherits', $in_set), $in_set, 'inherit takes sets over';
is allowed('/outer/inherits', 'https://more.example'), 'https://more.example',
    'beside others';
is allowed('/outer/replaces', $in_set), '-', 'a list replaces them';
is allowed('/own', $in_set), $in_set, 'an .htaccess file names a set';
is $s->get('/wrong/x.txt', Origin => $in_set)->{status}, 500,
    'but none that is not there';
ok scalar(grep { /\[set-undefined\]/ } $s->log_lines), 'with a message';
isnt $s->request('POST', '/enforced/x.txt', Origin => $in_set)->{status}, 403,
    'enforcement lets a hit pass';
is $s->request('POST', '/enforced/x.txt', Origin => 'https://x.example')
    ->{status}, 403, 'and nothing else';
$s->announce(qr/request refused by enforcement/, qr/preflight refused/);

# Variables.
sub variables {
    my ($origin) = @_;
    my $log = "$s->{root}/source.log";
    open my $fh, '<', $log or die "$log: $!\n";
    my $before = () = <$fh>;
    $s->get('/list/x.txt', Origin => $origin);
    my @lines;
    $s->wait_for('a line of the log', sub {
        open my $new, '<', $log or die "$log: $!\n";
        @lines = <$new>;
        return @lines > $before;
    });
    chomp @lines;
    return $lines[-1];
}
is variables($in_set), 'allowed partners -', 'CORS_SOURCE names the set';
is variables($listed), 'allowed - -', 'and only for origins of a set';
is variables('https://x.example'),
    'origin-not-allowed - https://x.example', 'a refused one has none';

# Changes.
my $file = "$s->{root}/htdocs/p.origins";

sub write_over {
    my ($path, $text) = @_;
    open my $fh, '>', $path or die "$path: $!\n";
    print $fh $text;
    # Whatever the umask: make coverage has one that lets anybody write.
    chmod 0644, $fh or die "$path: $!\n";
    close $fh or die "$path: $!\n";
}

sub write_new {
    my ($path, $text) = @_;
    write_over("$path.new", $text);
    rename "$path.new", $path or die "$path: $!\n";
}

# A busy machine may take its time.
sub holds_soon {
    my ($what, $origin, $want) = @_;
    my $end = time + 30;
    my $have = '';
    until (($have = allowed('/list', $origin)) eq $want || time > $end) {
        sleep 0.05;
    }
    is $have, $want, $what;
}
write_new($file, "https://new.example\n");
holds_soon('a new file', 'https://new.example', 'https://new.example');
is allowed('/list', $in_set), '-', 'takes the place of the old one';
write_over($file, "https://over.example\r\n# comment\r\n");
holds_soon('written over, with CR LF', 'https://over.example',
    'https://over.example');
is allowed('/list', 'https://new.example'), '-', 'the old list is gone';
unlink $file;
symlink "$s->{root}/htdocs/q.origins", $file or die "$!\n";
holds_soon('a link to a list that allows nothing', 'https://over.example',
    '-');
write_over("$s->{root}/third", "https://third.example\n");
symlink "$s->{root}/third", "$file.new" or die "$!\n";
rename "$file.new", $file or die "$!\n";
holds_soon('a link that is switched', 'https://third.example',
    'https://third.example');

# Nothing that may be half of a list is believed.
my %bad = (
    '0 bytes' => [ sub { write_over($file, '') }, qr/it has 0 bytes/ ],
    'no end' => [ sub { write_new($file, "https://a.example\nhttps://b") },
        qr/its last line has no end/ ],
    'a FIFO' => [ sub { unlink $file; POSIX::mkfifo($file, 0644) },
        qr/it is no regular file/ ],
    'a folder' => [ sub { unlink $file; mkdir $file }, qr/it is no regular/ ],
    'missing' => [ sub { rmdir $file; unlink $file },
        qr/it can't be opened/ ],
    'others may write it' => [ sub {
        write_over("$file.new", "https://a.example\n");
        chmod 0646, "$file.new"; rename "$file.new", $file },
        qr/anybody may write it/ ],
);
if ($> == 0) {
    $bad{'unreadable'} = [ sub {
        write_over("$file.new", "https://a.example\n");
        chmod 0600, "$file.new"; rename "$file.new", $file },
        qr/it can't be opened/ ];
}
for my $what ('0 bytes', 'no end', 'a FIFO', 'a folder', 'missing',
    'others may write it', 'unreadable') {
    my ($make, $said) = @{ $bad{$what} || next };
    $make->();
    $s->announce($said);
    $s->wait_for("the log of: $what", sub {
        grep { /$said/ } $s->log_lines });
    is allowed('/list', 'https://third.example'), 'https://third.example',
        "$what: the old list goes on";
}
$s->announce(qr/its last list of 1 origin holds for \d+ s more/);
unlink $file;
write_new($file, "https://again.example\nhttps://B.example\nnull\n");
holds_soon('a good file', 'https://again.example',
    'https://again.example');
$s->announce(qr/it works again/,
    qr{row 2 of file:\S+ is left out: 'https://B\.example': browsers send it},
    qr{row 3 of file:\S+ is left out: 'null'}, qr/generation \d+ of file/,
    qr/: file:\S+: it /);

# A graceful restart keeps the list; a source without one is unavailable.
unlink "$s->{root}/htdocs/q.origins";
sleep 0.1;
$s->wait_for('stale=0 to be over', sub {
    variables('https://x.example') =~ /^source-unavailable/ });
is variables('https://x.example'), 'source-unavailable - https://x.example',
    'a set that can not be asked';
is $s->preflight('/list/x.txt', 'https://x.example', 'PUT')->{status}, 403,
    'refuses preflights';
is allowed('/list', 'https://again.example'), 'https://again.example',
    'and never what another set allows';
is allowed('/list', $listed), $listed, 'or a list';
$s->announce(qr{preflight refused: source-unavailable: 'https://x\.example'.*}
    . qr{CorsOriginSet \(line \d+ of}, qr/its last list of 0 origins holds for \d s more/);
$s->finish;
