# The parts of cors-migrate, each by itself.

use strict;
use warnings;
use lib 't/lib', 'lib';
use File::Temp qw(tempdir);
use Test::More;
use CorsTest;
use CorsMigrate::Expression qw(compile_condition is_unknown);
use CorsMigrate::Guard;
use CorsMigrate::Lists qw(exposed headers max_age methods);
use CorsMigrate::Near;
use CorsMigrate::Place;
use CorsMigrate::Punycode qw(is_punycode);
use CorsMigrate::Reader;
use CorsMigrate::Request qw(answer program);
use CorsMigrate::Model qw(model);
use CorsMigrate::Suffix qw(is_public_suffix);
use CorsMigrate::Words qw(logical_lines tag words);
use MigrateEdits qw(end_edits);

my $root = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
my $app  = 'https://app.example.com';

# Words.
is_deeply [ words(q{a "b \"c\" d" 'e f' g\\\\h}) ],
    [ 'a', 'b "c" d', 'e f', 'g\\h' ], 'arguments';
is_deeply [ logical_lines("# no\na \\\n  b\n\n c\r\n") ],
    [ [ 'a   b', 2, 3 ], [ 'c', 5, 5 ] ], 'lines';
is_deeply [ tag('<If "a > b">') ], [ '<', 'If', '"a > b"' ], 'a section';
is_deeply [ tag('</If>') ], [ '</', 'If', '' ], 'and its end';

sub reader {
    my ($text, %given) = @_;
    CorsTest::write_file("$root/x.conf", $text);
    my $reader = CorsMigrate::Reader->new(%given);
    $reader->read("$root/x.conf");
    return $reader;
}

# What the lines say, each with the conditions around it.
sub lines_of {
    return map { my $line = $_; join ' ', (map { ($_->{not} ? '!' : '')
        . $_->{args} } @{ $line->{guards} }), $line->{name},
        @{ $line->{words} } } grep { $_->{name} eq 'header' } $_[0]->lines;
}

for ([ 'open conditions', <<'CONF', [ 'A !b.c header set X 1' ] ],
<IfDefine A>
<IfModule !b.c>
Header set X 1
</IfModule>
</IfDefine>
CONF
    [ 'a condition that is settled', <<'CONF', [ 'header set X 1' ] ],
Define A
<IfDefine A>
Header set X 1
</IfDefine>
<IfDefine !A>
Header set X 2
</IfDefine>
CONF
    [ 'a sign within quotes is a part of the name',
        <<'CONF', [ '"!A" header set X 1', '!"B" header set X 1' ] ],
Define A
UnDefine A
<IfDefine "!A">
Header set X 1
</IfDefine>
<IfDefine !"B">
Header set X 1
</IfDefine>
CONF
    [ 'a module that is loaded', <<'CONF', [ 'header set X 1' ] ],
LoadModule headers_module modules/mod_headers.so
<IfModule mod_headers.c>
Header set X 1
</IfModule>
CONF
    [ 'a macro', <<'CONF', [ 'header set X 1', 'header set X "2 3"' =~ s/"//gr ] ],
<Macro Set $v>
Header set X "$v"
</Macro>
Use Set 1
Use Set "2 3"
CONF
    [ 'a variable', <<'CONF', [ 'header set X 1' ] ],
Define V 1
Header set X ${V}
CONF
    [ 'a variable under the same condition', <<'CONF', [ 'A header set X 1' ] ],
<IfDefine A>
Define V 1
Header set X ${V}
</IfDefine>
CONF
) {
    my ($what, $text, $wanted) = @$_;
    my $reader = reader($text);
    is_deeply [ lines_of($reader) ], $wanted, $what;
    is_deeply [ $reader->errors ], [], 'no complaint';
}
my ($line) = grep { $_->{name} eq 'header' }
    reader("<IfDefine A>\nDefine V 1\n</IfDefine>\nHeader set X \${V}\n")
    ->lines;
like $line->{unclear}, qr/V/, 'a variable that nobody knows';
is_deeply [ lines_of(reader("<IfDefine A>\nHeader set X 1\n</IfDefine>\n",
    defined => ['A'])) ], [ 'header set X 1' ], '-D';
is_deeply [ reader("<IfDefine A>\nInclude none.conf\n</IfDefine>\n")->errors ],
    [], 'a file that is missing under a condition';

# Places: the order in which httpd merges them, and which can meet.
my $reader = reader(<<'CONF');
<If "true">
</If>
<Location "/b">
</Location>
<Files "f">
</Files>
<Directory "/a/b">
</Directory>
<Directory "/a">
</Directory>
<Location "/b/c">
</Location>
<Location "/d">
</Location>
CONF
my @places = $reader->places;
is_deeply [ map { $_->{name} . join '', map { " $_" } @{ $_->{words} } }
    CorsMigrate::Place::merged(@places) ], [ 'server config', 'Directory /a',
    'Directory /a/b', 'Files f', 'Location /b', 'Location /b/c',
    'Location /d', 'If true' ], 'the order of sections';
my ($b, $c, $d) = grep { $_->{name} eq 'Location' } @places;
ok $b->covers($c), '/b holds where /b/c does';
ok !$c->covers($b), 'but not the other way round';
ok $b->meets($c), 'they meet';
ok !$c->meets($d), '/b/c and /d do not';
is_deeply [ map { "@{ $_->{words} }" } CorsMigrate::Near->new($b, $c, $d)
    ->near($c) ], [ '/b', '/b/c' ], 'near';

# Expressions: 1, 0 or unknown.
my %request = (fields => { origin => $app }, method => 'OPTIONS',
    status => 404, variable => sub { $_[1] eq 'V' ? 'v' : undef });
for ([ "%{HTTP:Origin} == '$app'", 1 ], [ "req('Origin') != '$app'", 0 ],
    [ "%{REQUEST_METHOD} == 'GET' || %{REQUEST_STATUS} >= 400", 1 ],
    [ "%{REQUEST_METHOD} in { 'GET', 'OPTIONS' }", 1 ],
    [ "!(%{HTTP:Origin} =~ m#^https:#)", 0 ],
    [ "%{HTTP:Origin} -strmatch 'https://*.example.com'", 1 ],
    [ "-n %{HTTP:Origin} && -z reqenv('NONE')", 1 ],
    [ "reqenv('V') eq 'v'", 1 ], [ 'true', 1 ], [ '%{REQUEST_STATUS} -lt 400', 0 ],
    [ "%{REQUEST_URI} == '/'", '?' ], [ "%{HTTP:Cookie} == ''", '?' ],
    [ "%{REQUEST_URI} == '/' && false", 0 ], [ "true || -R '10.0.0.0/8'", 1 ],
    [ "%{REQUEST_URI} == '/' || false", '?' ], [ "file('/x') == ''", '?' ],
    [ 'nonsense here', '?' ], [ "%{HTTP:Origin} =~ m#(#", '?' ]) {
    my ($text, $wanted) = @$_;
    my $is = compile_condition($text, {})->(\%request);
    is is_unknown($is) ? '?' : $is, $wanted, $text;
}

# Lists, as browsers read them.
sub list {
    my ($function, $key, $text, $credentials) = @_;
    my %words;
    my @list = $function->(\%words, { $key => $text }, $credentials);
    return join ' ', @list, map { "($_)" } sort grep { $_ ne 'note' }
        keys %words;
}
for ([ \&methods, 'methods', 'GET, PUT', 0, 'GET PUT POST' ],
    [ \&methods, 'methods', 'PUT,DELETE', 0, 'PUT DELETE GET POST' ],
    [ \&methods, 'methods', 'GET PUT', 0, '(decide)' ],
    [ \&methods, 'methods', 'get, put', 0, '(dropped)' ],
    [ \&methods, 'methods', '*', 0, '*' ],
    [ \&methods, 'methods', '*', 1, '(dropped)' ],
    [ \&headers, 'headers', 'X-One,, X-Two,', 0, 'X-One X-Two' ],
    [ \&headers, 'headers', 'X-One, X Two', 0, '(decide)' ],
    [ \&headers, 'headers', '*, authorization, x', 0, '* authorization' ],
    [ \&headers, 'headers', '*, x', 1, 'x (dropped)' ],
    [ \&headers, 'headers', 'Sec-Fetch-Mode', 0, '(dropped)' ],
    [ \&exposed, 'exposed', 'ETag, Set-Cookie', 0, 'ETag (dropped)' ],
    [ \&exposed, 'exposed', 'X One', 0, '(dropped)' ],
    [ \&max_age, 'age', '600', 0, '600' ], [ \&max_age, 'age', '-1', 0, '0' ],
    [ \&max_age, 'age', '100000', 0, '86400 (dropped)' ]) {
    my ($function, $key, $text, $credentials, $wanted) = @$_;
    is list($function, $key, $text, $credentials), $wanted,
        "$key: $text" . ($credentials ? ' with credentials' : '');
}

is !!is_punycode($_->[0]), !!$_->[1], $_->[0] for [ 'xn--bcher-kva', 1 ],
    [ 'xn--p1ai', 1 ], [ 'plain', 1 ], [ 'xn--a', 0 ], [ 'xn--', 0 ],
    [ 'xn--99999999', 0 ];

# Public suffixes, by a list of its own.
CorsTest::write_file("$root/suffixes", "// no\ncom\nco.uk\n*.ck\n!www.ck\n");
is is_public_suffix($_->[0], "$root/suffixes"), $_->[1], $_->[0] for
    [ 'com', 1 ], [ 'co.uk', 1 ], [ 'example.com', 0 ], [ 'any.ck', 1 ],
    [ 'www.ck', 0 ], [ 'a.any.ck', 0 ], [ 'no', 0 ];
is is_public_suffix('com', "$root/none"), 0, 'no list, no public suffix';

# The steps of one place, run for a request: what each directive does.
sub sent {
    my ($text, %given) = @_;
    my $read = reader($text);
    model($_) for $read->lines;
    my %named = map { $_ => 1 } 'V';
    my $answer = answer(program(places => [ $read->places ], guards => {},
        named => \%named, inline => {}), method => 'GET', origin => $app,
        %given);
    return join ' | ', map { is_unknown($_) ? '?' : $_ }
        map { @{ $answer->{$_}{'access-control-allow-origin'} || [] } }
        qw(always onsuccess);
}
my $set  = 'Header always set Access-Control-Allow-Origin';
my $echo = "$set \"%{V}e\" env=V\n";
for ([ "$set a\n$set b\n", 'b' ], [ "$set a\n" . $set =~ s/always //r
        . " b\n", 'a | b' ],
    [ "$set a\n" . $set =~ s/set/append/r . " b\n", 'a, b' ],
    [ "$set a\n" . $set =~ s/set/add/r . " b\n", 'a | b' ],
    [ "$set a\n" . $set =~ s/set/merge/r . " a\n", 'a' ],
    [ "$set a\n" . $set =~ s/set/setifempty/r . " b\n", 'a' ],
    [ "$set a\n" . $set =~ s/set/unset/r . "\n", '' ],
    [ "$set a\n" . $set =~ s/set/edit/r . " a b\n", '?' ],
    [ "SetEnvIf Origin \"^(.*)\$\" V=\$1\n$echo", $app ],
    [ "SetEnvIf Origin \"https\" V=\$0\n$echo", '$0' ],
    [ "SetEnvIf Origin . V=\$0\nSetEnvIf Origin app !V\n$echo", '' ],
    [ "SetEnvIf Origin . V=x\nUnsetEnv V\n$echo", 'x' ],
    [ "SetEnv V x\n$echo", 'x' ], [ "PassEnv V\n$echo", '?' ],
    [ "SetEnvIf Origin . V=x\nSetEnv V y\n$echo", '?' ],
    [ "BrowserMatch x V=x\n$echo", '?' ], [ "$set %{HTTP_HOST}e\n", '?' ],
    [ "$set %{V}e\n", '(null)' ],
    [ "RewriteRule ^ - [E=V:x]\n$echo", '' ],
    [ "RewriteEngine On\nRewriteRule ^ - [E=V:x]\n$echo", 'x' ],
    [ "RewriteEngine On\nRewriteRule ^a - [E=V:x]\n$echo", '?' ],
    [ "RewriteEngine On\nRewriteRule ^ - [L]\nRewriteRule ^ - [E=V:x]\n$echo",
        '' ],
    [ "RewriteEngine On\nRewriteCond %{HTTP:Origin} (app)\nRewriteRule ^ - "
        . "[E=V:%1]\n$echo", 'app' ],
    [ "RewriteEngine On\nRewriteCond %{HTTP:Origin} no [OR]\nRewriteCond "
        . "%{HTTP:Origin} app\nRewriteRule ^ - [E=V:x]\n$echo", 'x' ],
    [ "RewriteEngine On\nRewriteCond %{HTTP:Origin} !app\nRewriteRule ^ - "
        . "[E=V:x]\n$echo", '' ],
) {
    my ($text, $wanted) = @$_;
    is sent($text), $wanted, $text =~ s/\n/; /gr;
}

# The value on which an edit* never ends; undef for those that end.
for ([ 'edit*', '^.*$', '*' ], [ 'edit*', '^', '*' ], [ 'edit*', 'b*', '*' ],
    [ 'edit*', '""', '*' ], [ 'edit*', '"(?=h)"', $app ],
    [ 'edit*', '\\b', $app ],
    # The next match is looked for behind the last one.
    [ 'edit*', '"(?=s)"', $app ], [ 'edit*', '^.?$', '*' ],
    [ 'edit*', '^[a-z]?$' ], [ 'edit*', '^$' ], [ 'edit*', 's|^:' ],
    [ 'edit*', '^\*$' ], [ 'edit*', '^.+$' ], [ 'edit*', 'app' ],
    [ 'edit*', '(' ], [ 'edit', '^.*$' ], [ 'edit', '^' ]) {
    my ($action, $from, $wanted) = @$_;
    my $text = $set =~ s/set/$action/r . " $from b\n";
    my $read = reader($text);
    model($_) for $read->lines;
    is_deeply [ map { $_->{endless_on} } map { @{ $_->{header} || [] } }
        $read->places ], [ $wanted ], "$action $from";
    is end_edits($text), defined $wanted ? 1 : 0, 'and so the tests have it';
}

done_testing();
