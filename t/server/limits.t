# What .htaccess files can't do, however long they are: no dead child, no
# endless log.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $app = 'https://a.example';

# A chain of sections that all inherit.
sub chain {
    my ($count, $methods) = @_;
    return join '', "CorsAllowOrigin $app\n", map {
        "<Files *>\nCorsAllowOrigin inherit https://a$_.example\n"
        . ($methods ? "CorsAllowMethods inherit M$_\n" : '') . "</Files>\n"
    } 1 .. $count;
}

# Pairs of lines that conflict: $count of them in one file.
sub conflicts {
    my ($count) = @_;
    return join '', "CorsAllowCredentials On\n",
        map { "CorsAllowOrigin http://h$_.example\n" } 1 .. $count;
}

my $s = CorsTest->start(<<'CONF',
ThreadStackSize 262144
<Directory "@ROOT@/htdocs">
  AllowOverride FileInfo
</Directory>
CONF
    'long/.htaccess' => chain(60_000, 1), 'long/x.txt' => "x\n",
    'flat/.htaccess' => join('', "CorsAllowOrigin $app\n",
        map { "CorsAllowMethods M$_\n" } 1 .. 20_000),
    'flat/x.txt' => "x\n",
    'wide/.htaccess' => chain(2_000, 1), 'wide/x.txt' => "x\n",
    'origins/.htaccess' => chain(60_000, 0), 'origins/x.txt' => "x\n",
    'many/.htaccess' => conflicts(300), 'many/x.txt' => "x\n",
    'one/.htaccess' => conflicts(1), 'one/x.txt' => "x\n");

my $res = $s->preflight('/long/x.txt', $app, 'M7');
is $res->{status}, 500, 'a list that no header may hold: 500';
is $s->preflight('/flat/x.txt', $app, 'M7')->{status}, 500,
    'nor one that inherits nothing';
for ([ 'long', 1 + 60_000 * 4 - 1 ], [ 'flat', 20_001 ]) {
    my ($name, $line) = @$_;
    my $said = qr{CorsAllowMethods \(line $line of \S+/$name/\.htaccess\): this list, with all that it inherits, makes more than 65536 bytes, which no header may hold: shorten it};
    ok +(grep { /$said/ } $s->log_lines), "$name: the log says which";
    $s->announce($said);
}
$res = $s->preflight('/wide/x.txt', $app, 'M2000');
is $res->{status}, 204, 'a long list: answered';
like cors($res)->{'Access-Control-Allow-Methods'},
    qr/\AGET, HEAD, POST, M1, M2, .*, M1999, M2000\z/, 'with all names';
for my $n ('', 1, 59_999) {
    my $origin = "https://a$n.example";
    is cors($s->get('/origins/x.txt', Origin => $origin))
        ->{'Access-Control-Allow-Origin'}, $origin,
        "one of 60,000 sections' origins: $origin";
}
is_deeply cors($s->get('/origins/x.txt', Origin => 'https://b.example')),
    { Vary => 'Origin' }, 'and none of them';

# Each origin conflicts with the credentials: the log has a bounded number of
# lines for the file, and the next file's all the same.
for my $n (1 .. 300) {
    $s->get('/many/x.txt', Origin => "http://h$n.example");
}
$s->get('/one/x.txt', Origin => 'http://h1.example');
my %by;
for ($s->log_lines) {
    $by{$2}{$1}++ if /\[pid (\d+).* meets CorsAllowOrigin .*\/(many|one)\/\.htaccess/;
}
my @counts = sort { $b <=> $a } values %{ $by{many} };
cmp_ok $counts[0], '<=', 128, 'a file fills no log';
cmp_ok $counts[0], '>=', 32, 'though it says what is wrong';
ok keys %{ $by{one} }, 'and keeps no other file from being warned of';
$s->announce(qr/ meets CorsAllowOrigin http:/);
$s->finish;
