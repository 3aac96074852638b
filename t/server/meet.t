# What meets for a request alone, and no check of the configuration can
# foresee: the response goes without what would be unsafe, and the log says
# once per child which two lines met.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $any = 'CorsAllowOrigin *';
my $on  = 'CorsAllowCredentials On';

# A section of each kind around a line, for the folder of one pair.
my %section = sections();
my (@pairs, $conf, %files);
my $line = 0;   # of the configuration below

# Puts the directive into a section of this kind; returns where it stands.
sub place {
    my ($kind, $folder, $directive) = @_;
    if ($kind eq '.htaccess') {
        $files{"$folder/.htaccess"} = "$directive\n";
        return qr{line 1 of \S+/htdocs/$folder/\.htaccess};
    }
    my $begin = $section{$kind}->($folder);
    my ($end) = $begin =~ /^<(\w+)/;
    $conf .= "$begin\n$directive\n</$end>\n";
    $line += 3;
    return 'line ' . ($line - 1) . ' of \S+/pairs\.conf';
}

for my $first ('.htaccess', sort keys %section) {
    for my $second ('.htaccess', sort keys %section) {
        next if $first eq '.htaccess' && $second eq '.htaccess';
        my $folder = 'p' . @pairs;
        $files{"$folder/$folder.txt"} = "x\n";
        push @pairs, { folder => $folder,
            what => "$first with credentials, $second with *",
            on => place($first, $folder, $on),
            any => place($second, $folder, $any) };
    }
}
# The same pairs the other way round, where the order of the lines may count:
# sections of one kind merge in the order written.
my @same = map { my $folder = 'r' . $_;
    $files{"$folder/$folder.txt"} = "x\n";
    my $at = place($_, $folder, $any);
    { folder => $folder, what => "* before credentials, both in $_",
        any => $at, on => place($_, $folder, $on) } } sort keys %section;
push @pairs, @same;

# What else is withheld.
my @others;
for ([ 'null', $on, 'Allow-Credentials', 'CorsAllowUnsafe null-origin' ],
    [ 'http://plain.example', $on, 'Allow-Credentials' ],
    [ 'https://*.github.io', $on, 'Allow-Credentials' ],
    [ '*', 'CorsAllowPrivateNetwork On', 'Allow-Private-Network' ],
    [ 'null', 'CorsAllowPrivateNetwork On', 'Allow-Private-Network',
        'CorsAllowUnsafe null-origin' ]) {
    my ($pattern, $with, $header, $unsafe) = @$_;
    my $folder = 'o' . @others;
    $files{"$folder/$folder.txt"} = "x\n";
    my $origins = "CorsAllowOrigin $pattern" . ($unsafe ? "\n$unsafe" : '');
    push @others, { folder => $folder, header => "Access-Control-$header",
        origin => $pattern eq '*' ? 'https://x.example' : $pattern =~ s/\*/x/r,
        allowed => $pattern eq '*' ? '*' : $pattern =~ s/\*/x/r,
        what => "$with and $pattern", on => place('Location', $folder, $with),
        any => place('Directory', $folder, $origins) };
    if ($unsafe) {
        $line++;
        $others[-1]{any} = 'line ' . ($line - 2) . ' of \S+/pairs\.conf';
    }
}
# Nor is null allowed where only the other section grants it.
$files{'granted/x.txt'} = "x\n";
place('Location', 'granted', 'CorsAllowMethods GET POST');
place('.htaccess', 'granted', 'CorsAllowOrigin null');

my $s = CorsTest->start(<<'CONF', %files, 'pairs.conf' => $conf);
<Directory "@ROOT@/htdocs">
  AllowOverride FileInfo
</Directory>
Include "@ROOT@/htdocs/pairs.conf"
CONF

# Whether each child that said so named both places, and none of them twice.
sub said_once {
    my ($what, $on, $any) = @_;
    my (%by, $other);
    for ($s->log_lines) {
        next unless /\[cors:warn\].*\[pid (\d+).*\($on\) meets .*\($any\)/;
        $by{$1}++;
    }
    $s->announce(qr/\($on\) meets .*\($any\)/);
    ok scalar(keys %by), "$what: both places are named";
    is_deeply [ grep { $_ != 1 } values %by ], [], 'once for each child';
}

for my $pair (@pairs) {
    my $path = "/$pair->{folder}/$pair->{folder}.txt";
    for my $time (1, 2) {
        is_deeply cors($s->get($path, Origin => 'https://x.example')),
            { 'Access-Control-Allow-Origin' => '*' },
            "$pair->{what}: no credentials";
    }
    my $res = $s->preflight($path, 'https://x.example', 'GET');
    is_deeply [ $res->{status}, cors($res)->{
            'Access-Control-Allow-Credentials'} ], [ 204, undef ],
        'nor for a preflight';
    said_once($pair->{what}, @$pair{qw(on any)});
}
for my $other (@others) {
    my $path = "/$other->{folder}/$other->{folder}.txt";
    my $res = $s->preflight($path, $other->{origin}, 'GET', undef,
        'Access-Control-Request-Private-Network' => 'true');
    is $res->{status}, 204, "$other->{what}: allowed";
    is cors($res)->{'Access-Control-Allow-Origin'}, $other->{allowed},
        'this origin';
    is cors($res)->{ $other->{header} }, undef, "without $other->{header}";
    said_once($other->{what}, @$other{qw(on any)});
}
is_deeply cors($s->get('/granted/x.txt', Origin => 'null')),
    { Vary => 'Origin' }, 'null, and nobody grants it: refused';
$s->announce(qr/CorsAllowOrigin null .*granted\/\.htaccess.*it is refused$/);

$s->finish;
