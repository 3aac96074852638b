package MigrateRandom;

# Random recipes of the grammar that t/migrate/corpus is of.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT = qw(random_recipe);

my @ORIGINS = ('https://app.example.com', 'https://admin.example.com',
    'http://app.example.com', 'https://partner.example', 'null');
my @REGEXES = ('^https://(app|admin)\.example\.com$',
    '^https://app\.example\.com$', '^https://(.+\.)?example\.com$', ':',
    '^https?://app\.example\.com', '^https://[a-z]+\.example\.com$', 'admin',
    '^https://app\.example\.com(:\d+)?$', 'evil', '.', '^$',
    '^(https://app\.example\.com)(:\d+)?$', 'example\.com$',
    '^https://((app|www)\.example\.com)$', '^https://partner\.example$');
my @VARIABLES = qw(CORS OTHER);
my @SECTIONS = ('Location "/"', 'Location "/api"', 'Location "/api/private"',
    'LocationMatch "data"', 'Files "data.json"', 'FilesMatch "\.json$"',
    'Location "/other"', 'Directory "/"', 'Location "/ap*"');

sub one { return $_[rand @_] }
sub rarely { return rand() < ($_[0] || 0.2) }

sub value {
    return one('*', '*', @ORIGINS, '%{CORS}e', '%{CORS}e', '%{OTHER}e',
        'expr=%{req:Origin}');
}

sub expression {
    return one(map({ "%{HTTP:Origin} == '$_'" } @ORIGINS),
        map({ "%{HTTP:Origin} =~ m#$_#" } @REGEXES),
        "%{HTTP:Origin} != 'https://admin.example.com'",
        "%{REQUEST_METHOD} == 'OPTIONS'", "%{REQUEST_URI} =~ m#data#",
        "-n req('Origin')", "%{HTTP:Cookie} == ''",
        "%{HTTP:Origin} in { 'https://app.example.com', 'null' }",
        '%{REQUEST_STATUS} >= 400');
}

sub condition {
    return '' unless rarely(0.4);
    return ' ' . one('env=CORS', 'env=CORS', 'env=OTHER', 'env=!OTHER',
        '"expr=' . expression() . '"');
}

my %NAMES = ('Allow-Credentials' => [qw(true true true false)],
    'Allow-Methods' => [ 'GET, PUT', '*', 'PUT,DELETE', 'get, put', 'GET PUT',
        'expr=%{req:Access-Control-Request-Method}' ],
    'Allow-Headers' => [ 'content-type', '*', 'X-One, Authorization',
        'X One', '*, Authorization' ],
    'Expose-Headers' => [ 'X-One', '*', 'ETag, X-Two' ],
    'Max-Age' => [ 60, 'a day' ]);

sub header {
    my $always = one('always ', 'always ', 'always ', '', 'onsuccess ');
    my $action = one(qw(set set set set append merge add setifempty));
    return "Header ${always}unset Access-Control-Allow-Origin" . condition()
        if rarely(0.1);
    return "Header $always$action Access-Control-Allow-Origin \"" . value()
        . '"' . condition() if rarely(0.6);
    return 'Header ' . one('', 'always ') . 'set Timing-Allow-Origin "'
        . one('*', 'https://app.example.com') . '"' if rarely(0.1);
    my $name = one(sort keys %NAMES);
    return "Header ${always}unset Access-Control-$name" if rarely();
    return "Header $always$action Access-Control-$name \""
        . one(@{ $NAMES{$name} }) . '"' . condition();
}

sub variable {
    my $name = one(@VARIABLES);
    my $sets = one("$name=\$0", "$name=\$0", "$name=\$1", $name, "!$name",
        "$name=*");
    return one('SetEnvIf', 'SetEnvIf', 'SetEnvIfNoCase') . ' Origin "'
        . one(@REGEXES) . "\" $sets" if rarely(0.7);
    return one('SetEnvIf Request_Method OPTIONS OTHER', "UnsetEnv $name",
        "SetEnv $name https://app.example.com", "BrowserMatch curl !$name",
        'SetEnvIf Request_URI data ' . $name,
        'SetEnvIfExpr "' . expression() . "\" $name") if rarely(0.5);
    return one('', "RewriteEngine On\n") . join '',
        (map { 'RewriteCond %{HTTP:Origin} ' . one('', '', '!') . one(@REGEXES)
            . one('', '', ' [OR]', ' [NC]') . "\n" } 0 .. rand 2),
        'RewriteRule ' . one('^', '^', '.*', '^/api/') . ' - [E=' .
        one("$name:%{HTTP:Origin}", "$name:%0", "$name:%1", "!$name")
        . one('', '', ',L') . ']';
}

sub lines {
    my ($deep) = @_;
    return join '', map { line($deep) . "\n" } 0 .. 1 + rand 4;
}

sub within {
    my ($tag, $text) = @_;
    my ($name) = $tag =~ /^(\w+)/;
    return "<$tag>\n$text</$name>";
}

sub line {
    my ($deep) = @_;
    return header() if rarely(0.5);
    return variable() if rarely(0.5);
    return header() if $deep > 2;
    return within('If "' . expression() . '"', lines(3))
        . (rarely(0.4) ? "\n" . within(one('Else', 'ElseIf "' . expression()
            . '"'), lines(3)) : '') if rarely(0.3);
    return within(one('IfDefine VARIANT', 'IfDefine !VARIANT',
        'IfModule mod_headers.c', 'IfModule !mod_headers.c',
        'IfVersion >= 2.4'), lines(3)) if rarely(0.3);
    return header() if $deep;
    return within(one(@SECTIONS), lines(1));
}

# A recipe as people write them, and perhaps a section that changes it.
sub simple {
    my $regex = one(@REGEXES[0 .. 2]);
    my $text = one("Header always set Access-Control-Allow-Origin \"*\"\n",
        "Header set Access-Control-Allow-Origin \"$ORIGINS[0]\"\n",
        "SetEnvIf Origin \"$regex\" CORS=\$0\nHeader always set "
            . "Access-Control-Allow-Origin \"%{CORS}e\" env=CORS\n",
        within("If \"%{HTTP:Origin} =~ m#$regex#\"", 'Header always set '
            . "Access-Control-Allow-Origin \"expr=%{req:Origin}\"\n") . "\n");
    $text .= 'Header always set Access-Control-' . $_->[0] . " \"$_->[1]\"\n"
        for grep { rarely(0.3) } [ 'Allow-Methods', 'GET, PUT' ],
            [ 'Allow-Headers', 'content-type, x-one' ], [ 'Max-Age', 60 ],
            [ 'Expose-Headers', 'X-One' ];
    $text = within(one(@SECTIONS), $text) . "\n" if rarely(0.3);
    return $text . within(one(@SECTIONS), one(header(), variable(),
        'Header always set Access-Control-Allow-Methods "PUT"') . "\n") . "\n"
        if rarely(0.5);
    return $text;
}

# A recipe that lets in somebody, more often than not.
sub random_recipe {
    my ($seed, $n) = @_;
    srand $seed * 100_003 + $n;
    return { name => "random-$n", text => simple() } if rarely(0.5);
    my $text = join '', map { line(0) . "\n" } 0 .. rand 3;
    $text .= "SetEnvIf Origin \"" . one(@REGEXES[0 .. 3]) . "\" CORS=\$0\n"
        if rarely(0.5);
    $text .= 'Header always set Access-Control-Allow-Origin "' . value()
        . '"' . condition() . "\n" if rarely(0.6);
    $text .= within(one(@SECTIONS), lines(1)) . "\n" if rarely(0.6);
    return { name => "random-$n", text => $text };
}

1;
