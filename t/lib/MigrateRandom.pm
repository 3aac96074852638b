package MigrateRandom;

# Random recipes of the grammar that t/migrate/corpus is of: what people write
# about CORS, and what httpd does with requests meanwhile (index files, rules
# within folders, passwords), in one file, in .htaccess, or in two of these.

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
    'Location "/other"', 'Directory "/"', 'Location "/ap*"',
    'Location "/api/"', 'Directory "@ROOT@/htdocs/site/api"',
    'LocationMatch "^/api/private"', 'Files "index.html"');
my @FILES = ('Files "data.json"', 'FilesMatch "\.json$"', 'Files "index.html"',
    'FilesMatch "^(index|data)"', 'Files "*"');
our $htaccess;          # whether the lines are for such a file

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
        "%{HTTP:Origin} -strmatch 'https://*.example.com'",
        "-n %{HTTP:Access-Control-Request-Method}",
        "%{HTTP:Access-Control-Request-Headers} =~ /x-two/",
        "%{HTTP:Origin} != '' && %{REQUEST_METHOD} != 'DELETE'",
        "!(%{HTTP:Origin} =~ m#partner#) || %{REQUEST_URI} == '/other/'",
        "reqenv('CORS') != ''", "reqenv('OTHER') == '1'",
        '%{REQUEST_STATUS} >= 400');
}

sub condition {
    return '' unless rarely(0.4);
    return ' ' . one('env=CORS', 'env=CORS', 'env=OTHER', 'env=!OTHER',
        '"expr=' . expression() . '"');
}

my %NAMES = ('Allow-Credentials' => [qw(true true true false)],
    'Allow-Methods' => [ 'GET, PUT', '*', 'PUT,DELETE', 'get, put', 'GET PUT',
        'expr=%{req:Access-Control-Request-Method}', 'expr=%{req:Origin}',
        '%{CORS}e' ],
    'Allow-Headers' => [ 'content-type', '*', 'X-One, Authorization',
        'X One', '*, Authorization', 'expr=%{req:Origin}',
        'expr=%{req:Access-Control-Request-Headers}' ],
    'Expose-Headers' => [ 'X-One', '*', 'ETag, X-Two' ],
    'Max-Age' => [ 60, 'a day' ]);

sub header {
    my $always = one('always ', 'always ', 'always ', '', 'onsuccess ');
    my $action = one(qw(set set set set append merge add setifempty));
    return "Header ${always}unset Access-Control-Allow-Origin" . condition()
        if rarely(0.1);
    return "Header $always$action Access-Control-Allow-Origin \"" . value()
        . '"' . condition() if rarely(0.6);
    return "Header $always" . one('edit', 'edit*') . ' Access-Control-'
        . one('Allow-Origin ^.*$ ' . one(@ORIGINS), 'Allow-Origin ^\*$ '
            . one(@ORIGINS), 'Allow-Credentials true false',
            'Allow-Methods PUT DELETE', 'Expose-Headers ^ "X-Two, "')
        . condition() if rarely(0.08);
    return 'Header ' . one('echo ^Access-Control-', 'merge Vary Origin',
        'always note Access-Control-Allow-Origin seen', 'set Vary "Cookie"',
        'append Vary "Accept-Language, Origin"') if rarely(0.06);
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
        "$name=*", "$name=https://app\\.example\\.com", "$name=1");
    return one('SetEnvIf', 'SetEnvIf', 'SetEnvIfNoCase') . ' Origin "'
        . one(@REGEXES) . "\" $sets" if rarely(0.7);
    return one('SetEnvIf Request_Method OPTIONS OTHER', "UnsetEnv $name",
        "SetEnv $name https://app.example.com", "BrowserMatch curl !$name",
        'SetEnvIf Request_URI data ' . $name, "SetEnvIf OTHER . $name=\$0",
        "PassEnv $name", 'SetEnvIf ^Origin$ app ' . $sets,
        'SetEnvIf Access-Control-Request-Method PUT ' . $name,
        'SetEnvIfExpr "' . expression() . "\" $name") if rarely(0.5);
    return one('', "RewriteEngine On\n") . join '',
        (map { 'RewriteCond %{HTTP:Origin} ' . one('', '', '!') . one(@REGEXES)
            . one('', '', ' [OR]', ' [NC]') . "\n" } 0 .. rand 2),
        'RewriteRule ' . one('^', '^', '.*', '^/api/') . ' - ['
        . one('E=', 'E=', 'E=', 'C,E=', 'S=1,E=')
        . one("$name:%{HTTP:Origin}", "$name:%0", "$name:%1", "!$name")
        . one('', '', ',L') . ']';
}

# What leads requests to other files and URLs.
sub leads {
    my $rule = one('RewriteRule ^ /api/data.json [L]',
        'RewriteRule ^ /api/private/index.html', 'RewriteRule index /other/ [L]',
        'RewriteRule data\.json$ index.html [L]',
        'RewriteRule ^(.*)missing$ $1 [L]',
        'RewriteRule ^other/?$ /api/data.json [L]',
        'RewriteRule ^api/data\.json$ other/index.html [L]');
    return one('DirectoryIndex data.json index.html', 'DirectoryIndex '
            . '/other/index.html', 'FallbackResource /api/data.json',
            'ErrorDocument 404 /other/index.html', 'DirectoryIndex disabled')
        if rarely(0.4);
    return "RewriteEngine On\n$rule" if $htaccess;
    return within(one('Location "/other"', 'Location "/other"',
        'Directory "@ROOT@/htdocs/site/other"',
        'Directory "@ROOT@/htdocs/site/api"'), "RewriteEngine On\n$rule\n");
}

# What asks for a password, and perhaps lets OPTIONS in.
sub password {
    my $opens = one("<LimitExcept OPTIONS>\nRequire valid-user\n</LimitExcept>",
        "<RequireAny>\nRequire env PREFLIGHT\nRequire valid-user\n"
            . '</RequireAny>',
        "<RequireAny>\nRequire method OPTIONS\nRequire valid-user\n"
            . '</RequireAny>',
        within("If \"%{REQUEST_METHOD} == 'OPTIONS'\"",
            one("Require all granted\n", "Satisfy Any\nAllow from all\n")),
        "<Limit OPTIONS>\nRequire all granted\n</Limit>",
        "<Limit OPTIONS>\nSatisfy Any\n</Limit>",
        "Satisfy Any\nOrder deny,allow\nDeny from all\nAllow from "
            . 'env=PREFLIGHT', 'Require valid-user', 'Require expr '
            . '"%{REQUEST_METHOD} == \'OPTIONS\'"');
    return "SetEnvIf Request_Method OPTIONS PREFLIGHT\n"
        . within('Location "/api/private"', "$opens\n");
}

# Lines by way of a macro, or of a name.
sub indirect {
    my $n = int rand 1_000_000;
    return within("Macro M$n \$o", one("Header always set Access-Control-Allow-"
        . "Origin \"\$o\"\n", within('Files "data.json"', 'Header set '
        . "Access-Control-Allow-Origin \"\$o\"\n") . "\n"))
        . "\nUse M$n \"" . one('*', @ORIGINS) . '"' if rarely(0.5);
    return "Define NAMED_$n " . one(@ORIGINS) . "\nHeader always set "
        . "Access-Control-Allow-Origin \"\${NAMED_$n}\"" . condition();
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
    return leads() if $deep < 1 && rarely(0.15);
    return password() if $deep < 1 && !$htaccess && rarely(0.1);
    return indirect() if $deep < 1 && !$htaccess && rarely(0.1);
    return header() if $deep > 2;
    return within('If "' . expression() . '"', lines(3))
        . (rarely(0.4) ? "\n" . within(one('Else', 'ElseIf "' . expression()
            . '"'), lines(3)) : '') if rarely(0.3);
    return within(one('IfDefine VARIANT', 'IfDefine !VARIANT',
        'IfModule mod_headers.c', 'IfModule !mod_headers.c',
        'IfVersion >= 2.4', 'IfVersion < 2.4', 'IfFile "/none"',
        'IfDirective Header'), lines(3)) if rarely(0.3);
    return header() if $deep;
    return section(lines(1));
}

# Some lines in a section, or in one within a folder.
sub section {
    my ($text) = @_;
    return within(one(@FILES), $text) if $htaccess;
    return within('Directory "@ROOT@/htdocs/site/api"', within(one(@FILES),
        $text) . "\n" . one('', header() . "\n")) if rarely(0.15);
    return within(one(@SECTIONS), $text);
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
    $text = section($text) . "\n" if rarely(0.3);
    $text .= leads() . "\n" if rarely(0.15);
    $text .= password() . "\n" if !$htaccess && rarely(0.15);
    return $text . section(one(header(), variable(),
        'Header always set Access-Control-Allow-Methods "PUT"') . "\n") . "\n"
        if rarely(0.5);
    return $text;
}

sub text {
    return simple() if rarely(0.5);
    my $text = join '', map { line(0) . "\n" } 0 .. rand 3;
    $text .= "SetEnvIf Origin \"" . one(@REGEXES[0 .. 3]) . "\" CORS=\$0\n"
        if rarely(0.5);
    $text .= 'Header always set Access-Control-Allow-Origin "' . value()
        . '"' . condition() . "\n" if rarely(0.6);
    $text .= section(lines(1)) . "\n" if rarely(0.6);
    return $text;
}

# A recipe that lets in somebody, more often than not.
sub random_recipe {
    my ($seed, $n) = @_;
    srand $seed * 100_003 + $n;
    local $htaccess = rarely(0.15);
    my %recipe = (name => "random-$n", text => text());
    return \%recipe unless $htaccess;
    $recipe{htaccess} = 1;
    $recipe{inner} = text() if rarely(0.6);
    return \%recipe;
}

1;
