# Ceilings hold however sections merge: every kind of section with a ceiling,
# under every kind with a policy.  The log says once which two lines met.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $wide    = 'https://*.example';
my $within  = 'https://a.corp.example';
my $outside = 'https://a.other.example';
my $allow   = "CorsAllowOrigin $wide";
my $limit   = 'CorsLimitOrigin https://*.corp.example';

# A section of each kind around a line, for the folder of one pair.
my %section = (sections(),
    # In other sections.
    'Files in Directory' => sub {
        qq(<Directory "\@ROOT\@/htdocs/$_[0]">\n<Files "$_[0].txt">) },
    'If in Location' => sub { qq(<Location "/$_[0]">\n<If "true">) },
    'If in If' => sub {
        qq(<If "%{REQUEST_URI} =~ m#^/$_[0]/#">\n<If "true">) },
);
my %htaccess = (
    '.htaccess'          => sub { "$_[1]\n" },
    'Files in .htaccess' => sub { "<Files \"$_[0].txt\">\n$_[1]\n</Files>\n" },
    'If in .htaccess'    => sub { "<If \"true\">\n$_[1]\n</If>\n" },
);
my (@pairs, %files);
my $conf = '';

# Puts the lines into a section of this kind.
sub place {
    my ($kind, $folder, $lines) = @_;
    if ($htaccess{$kind}) {
        $files{"$folder/.htaccess"} = $htaccess{$kind}->($folder, $lines);
        return;
    }
    my $begin = $section{$kind}->($folder);
    $conf .= "$begin\n$lines\n"
        . join("\n", map { "</$_>" } reverse $begin =~ /^<(\w+)/mg) . "\n";
}

# Ways to lay a policy over a ceiling that are no way around it.
my %over = (
    'a list'       => $allow,
    'inherit'      => "CorsAllowOrigin inherit $wide",
    'off and on'   => "CorsEngine On\n$allow",
    'another ceiling' => "CorsLimitOrigin https://*.example\n$allow",
);
for my $ceiling (sort keys %section) {
    for my $policy (sort keys %section, keys %htaccess) {
        for my $over ($policy eq 'Location' || $policy eq 'If' ? sort keys %over
                : 'a list') {
            for my $first (0, 1) {
                my $folder = 'p' . @pairs;
                $files{"$folder/$folder.txt"} = "x\n";
                push @pairs, { folder => $folder,
                    what => "ceiling in $ceiling, $over in $policy"
                        . ($first ? ', which is written first' : '') };
                place($ceiling, $folder, $limit) if !$first;
                place($policy, $folder, $over{$over});
                place($ceiling, $folder, $limit) if $first;
            }
        }
    }
}

# What a server or virtual host sets, for .htaccess files.
sub host {
    my ($name, $lines) = @_;
    return "<VirtualHost *:\@PORT\@>\nServerName $name\n$lines\n"
        . "</VirtualHost>\n";
}
my @htaccess = (
    [ list    => $allow, $within ],
    [ exact   => "CorsAllowOrigin $within $outside", $within ],
    [ any     => 'CorsAllowOrigin *', undef ],
    [ none    => 'CorsAllowOrigin none', undef ],
    [ inherit => "CorsAllowOrigin inherit $outside", undef ],
    [ engine  => "CorsEngine Off\nCorsEngine On\n$allow", $within ],
    [ static  => "CorsAllowOrigin $outside\nCorsStaticOrigin On", undef ],
    [ fixed   => "CorsAllowOrigin $within\nCorsStaticOrigin On", $within ],
    [ files   => "<Files \"*\">\n<If \"true\">\n$allow\n</If>\n</Files>",
        $within ],
    [ enforce => "$allow\nCorsEnforce All", $within ],
);
for (@htaccess) {
    $files{"h-$_->[0]/.htaccess"} = "$_->[1]\n";
    $files{"h-$_->[0]/x.txt"} = "x\n";
}
# A ceiling without a policy.
$files{'alone/x.txt'} = "x\n";

my $s = CorsTest->start(<<"CONF", %files, 'pairs.conf' => $conf);
<Directory "\@ROOT\@/htdocs">
  AllowOverride FileInfo
</Directory>
<VirtualHost *:\@PORT\@>
ServerName none.example
Include "\@ROOT\@/htdocs/pairs.conf"
ProxyPass /px/ http://127.0.0.1:1/
<Proxy "http://127.0.0.1:1/">
  $limit
</Proxy>
<Location "/px/">
  $allow
</Location>
</VirtualHost>
${\host('limited.example', $limit)}
${\host('twice.example', "$limit\nCorsLimitOrigin https://*.b.corp.example https://a.example")}
CONF
$s->announce(qr/CorsLimitOrigin \(line \d+ of .*\) limits CorsAllowOrigin/,
    qr/preflight refused: origin-not-allowed: '\Q$outside\E' .*; CorsLimitOrigin \(line 2 of \S+pairs\.conf\) decides/,
    qr/request refused by enforcement: origin-not-allowed: .*; CorsLimitOrigin \(line \d+ of \S+\) decides/);

sub allowed {
    my ($path, $origin, $host) = @_;
    return cors($s->get($path, Origin => $origin, Host => $host))
        ->{'Access-Control-Allow-Origin'};
}

for my $pair (@pairs) {
    my $path = "/$pair->{folder}/$pair->{folder}.txt";
    is allowed($path, $within, 'none.example'), $within,
        "$pair->{what}: within";
    is allowed($path, $outside, 'none.example'), undef, 'outside';
}
my $res = $s->preflight("/p0/p0.txt", $outside, 'GET', undef,
    Host => 'none.example');
is_deeply [ $res->{status}, cors($res)->{'Access-Control-Allow-Origin'} ],
    [ 403, undef ], 'a preflight from outside is refused';
is $s->preflight("/p0/p0.txt", $within, 'GET', undef,
    Host => 'none.example')->{status}, 204, 'one from within is not';
is allowed('/px/x', $within, 'none.example'), $within, 'Proxy: within';
is allowed('/px/x', $outside, 'none.example'), undef, 'outside';

for (@htaccess) {
    my ($name, $lines, $expected) = @$_;
    my $path = "/h-$name/x.txt";
    is allowed($path, $within, 'limited.example'), $expected,
        "$name in .htaccess: within";
    is allowed($path, $outside, 'limited.example'),
        $name eq 'fixed' ? $within : undef, 'outside';
    is allowed($path, $within, 'twice.example'), undef,
        'two ceilings: outside of one';
}
is allowed('/h-list/x.txt', 'https://a.b.corp.example', 'twice.example'),
    'https://a.b.corp.example', 'two ceilings: within both';
is allowed('/h-list/x.txt', 'https://a.example', 'twice.example'), undef,
    'within the nearer one alone';
is allowed('/h-list/x.txt', $outside, 'none.example'), $outside,
    'no ceiling';
is_deeply cors($s->get('/alone/x.txt', Origin => $within,
    Host => 'limited.example')), {}, 'a ceiling alone is no policy';
is_deeply cors($s->get('/h-any/x.txt', Host => 'limited.example')), {},
    '* under a ceiling allows nobody, whoever asks';
# Enforcement goes by the same origins.
for ([ $within, 200 ], [ $outside, 403 ]) {
    is $s->get('/h-enforce/x.txt', Origin => $_->[0],
        'Sec-Fetch-Site' => 'cross-site', Host => 'limited.example')->{status},
        $_->[1], "CorsEnforce: $_->[0]";
}

# Once for each pair of lines and each child: more requests than children.
$s->get('/h-any/x.txt', Host => 'limited.example') for 1 .. 50;
my %times;
for ($s->log_lines) {
    $times{"$1 $2"}++
        if /\[pid (\d+).* (CorsLimitOrigin .* limits .*h-any\/\.htaccess\))/;
}
ok scalar(keys %times), 'the two lines are named';
is_deeply [ grep { $_ != 1 } values %times ], [], 'once for each child';

$s->finish;
