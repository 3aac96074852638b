# docs/migrating.md: every recipe goes wrong as the page says, and the lines
# that take its place do not.  Each block is taken from the page itself.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $app   = 'https://app.example.com';
my $admin = 'https://admin.example.com';
my $evil  = 'https://evil.example';
my $s;                  # the one server that has all sites

# A recipe: its heading, the blocks, and what is said to go wrong.  The first
# block is the recipe, the last what takes its place, and where there is one
# between them it is another form of the recipe.
sub recipes {
    my ($page) = @_;
    my @recipes;
    while ($page =~ /^## ([^\n]+)\n(.*?)(?=^## |\z)/msg) {
        my ($heading, $text) = ($1, $2);
        next unless $text =~ /^What goes wrong:\n\n- (.*?)\n\nInstead/ms;
        my @claims = map { s/\s+/ /gr } split /^- /m, $1;
        my @parts = split /^```apache\n(.*?)^```$/ms, $text;
        my %blocks = (old => { before => $parts[0], lines => $parts[1] },
            new => { before => $parts[-3] =~ s/.*^Instead//msr,
                lines => $parts[-2] });
        $blocks{or} = { before => '', lines => $parts[3] } if @parts > 5;
        push @recipes, { heading => $heading, claims => \@claims,
            blocks => \%blocks };
    }
    return @recipes;
}

# A virtual host for one of a recipe's blocks: its configuration, and
# the files that all sites have.
sub site {
    my ($name, $block) = @_;
    my %files = (
        'api/index.html' => "a file\n",
        'api/cached/index.html' => "a cached file\n",
        'api/private/index.html' => "a secret\n",
        'api/script.cgi' => "#!/bin/sh\nprintf 'Content-Type: text/plain\\n"
            . "\\n%s' \"\$REQUEST_METHOD\"\n",
        'api/own.cgi' => "#!/bin/sh\nprintf 'Content-Type: text/plain\\n"
            . "Access-Control-Allow-Origin: $app\\n\\n'\n",
        'api/fails.cgi' => "#!/bin/sh\nexit 1\n");
    my $lines = $block->{lines};
    if ($block->{before} =~ /\.htaccess/) {
        $files{'.htaccess'} = $lines;
        $lines = '';
    }
    my $conf = <<"CONF";
<VirtualHost 127.0.0.1:\@PORT\@>
  ServerName $name.example
  DocumentRoot "\@ROOT\@/htdocs/$name"
  <Location "/api/private">
    AuthType Basic
    AuthName "private"
    AuthUserFile "conf/passwd"
    Require valid-user
  </Location>
  <Location "/api/cached">
    Header set Cache-Control max-age=600
  </Location>
  CacheEnable disk "/api/cached"
  ProxyPass "/api/proxied" "http://127.0.0.1:\@PORT2\@"
  $lines
</VirtualHost>
CONF
    return ($conf, map { ("$name/$_" => $files{$_}) } keys %files);
}

# What one site answers.
sub answer {
    my ($site, $path, @headers) = @_;
    return $s->get($path, Host => "$site.example", @headers);
}

sub preflight {
    my ($site, $path, $method, $names) = @_;
    return $s->preflight($path, $app, $method, $names,
        Host => "$site.example");
}

# OPTIONS that is no preflight, to a script.
sub options {
    my ($site) = @_;
    return $s->request('OPTIONS', '/api/script.cgi',
        Host => "$site.example");
}

sub header { my ($res, $name) = @_; return cors($res)->{$name} }

sub allowed {
    my ($site, $path, $origin) = @_;
    return header(answer($site, $path, Origin => $origin || $app),
        'Access-Control-Allow-Origin');
}

sub asked_methods {
    my ($site) = @_;
    return header(preflight($site, '/api/', 'PUT'),
        'Access-Control-Allow-Methods');
}

sub asked_headers {
    my ($site) = @_;
    return header(preflight($site, '/api/', 'POST', 'content-type'),
        'Access-Control-Allow-Headers');
}

# Asks a recipe's site and the new one the same, and compares the two answers.
sub differ {
    my ($at, $what, $ask, $old, $new) = @_;
    is $ask->($at->{old}), $old, "$what: the recipe";
    is $ask->($at->{new}), $new, "$what: instead";
}

# The other form of a recipe in the place of the first.
sub other { my ($at) = @_; return { %$at, old => $at->{or} } }

my $NONE;               # no such header

my %error = (401 => '/api/private/', 404 => '/api/missing',
    500 => '/api/fails.cgi');

sub errors_have {
    my ($at, $old, $new, @which) = @_;
    for my $status (@which ? @which : sort keys %error) {
        my $path = $error{$status};
        is answer($at->{$_}, $path)->{status}, $status, "$_: $status"
            for qw(old new);
        differ($at, $status, sub { allowed($_[0], $path) }, $old, $new);
    }
}

sub lets_in {
    my ($at, $origin, $path) = @_;
    differ($at, $origin, sub { allowed($_[0], $path || '/api/', $origin) },
        $origin, $NONE);
}

sub password {
    my ($at) = @_;
    differ($at, 'a preflight where a password is asked for', sub {
        preflight($_[0], '/api/private/', 'GET')->{status} }, 401, 204);
}

# What any policy gives that takes a recipe's place.
sub holds {
    my ($site) = @_;
    like allowed($site, $_), qr/^(?:\*|\Q$app\E)$/, "$_ in its place"
        for '/api/', '/api/proxied', values %error;
    is preflight($site, '/api/private/', 'GET')->{status}, 204,
        'and a preflight';
}

# Each claim of the page by its first words, with what shows it.
my %shown = (
    'One line with a star' => [
        [ 'Without `always`', sub { errors_have($_[0], $NONE, '*') } ],
        [ 'A script that sends JSON', sub { my ($at) = @_;
            differ($at, 'a preflight', \&asked_headers, $NONE,
                'Content-Type') } ],
        [ 'Where a password', \&password ],
    ],
    'Header always and a 204 for OPTIONS' => [
        [ 'In a section', \&password ],
        [ 'Every `OPTIONS` request', sub {
            differ($_[0], 'OPTIONS alone', sub { options($_[0])->{body} },
                '', 'OPTIONS') } ],
        [ 'All four headers', sub {
            differ($_[0], 'a response', sub {
                join ' ', sort keys %{ cors(answer($_[0], '/api/')) } },
                join(' ', map { "Access-Control-$_" } qw(Allow-Headers
                    Allow-Methods Allow-Origin Max-Age)),
                'Access-Control-Allow-Origin') } ],
    ],
    'A 200 for OPTIONS' => [
        [ '`R=200` turns', sub {
            differ($_[0], 'an error page', sub { preflight($_[0], '/api/',
                'PUT')->{body} =~ /internal error/ ? 'yes' : 'no' },
                'yes', 'no') } ],
        [ 'To httpd', sub {
            differ($_[0], 'a preflight', sub { header(
                preflight($_[0], '/api/', 'PUT'),
                'Access-Control-Allow-Origin') },
                $NONE, $app) } ],
    ],
    'A list of origins in SetEnvIf' => [
        [ 'Responses differ', sub { my ($at) = @_;
            differ($at, 'the second from a cache', sub {
                allowed($_[0], '/api/cached/', $app);
                allowed($_[0], '/api/cached/', $admin) }, $app, $admin) } ],
        [ 'Preflights go', sub {
            differ($_[0], 'a preflight', \&asked_methods, $NONE,
                'GET, POST, PUT') } ],
    ],
    'A regular expression that is too wide' => [
        [ 'Nothing marks the end',
            sub { lets_in($_[0], 'https://example.com.evil.example') } ],
        [ 'Nothing requires a dot', sub { lets_in($_[0], 'https://evilexample.com') } ],
        [ 'A dot', sub { lets_in($_[0], 'https://example-com.net') } ],
        [ '`https?` sends', sub { lets_in($_[0], 'http://example.com') } ],
    ],
    'Reflecting any origin' => [
        [ 'Any page', sub {
            lets_in($_[0], $evil);
            lets_in(other($_[0]), $evil) } ],
        [ 'The recipe also allows `null`', sub { lets_in($_[0], 'null') } ],
        [ 'A request without', sub {
            differ($_[0], 'without Origin', sub { header(
                answer($_[0], '/api/'), 'Access-Control-Allow-Origin') },
                '', $NONE) } ],
    ],
    'HTTP_ORIGIN in Header' => [
        [ 'Only scripts', sub { my ($at) = @_;
            differ($at, 'a file', sub { allowed($_[0], '/api/') },
                '(null)', $app);
            errors_have($at, '(null)', $app, 401, 404) } ],
        [ 'A script', sub { lets_in($_[0], $evil, '/api/script.cgi') } ],
    ],
    'A star with credentials' => [
        [ '`*` and `true`', sub {
            differ($_[0], 'origin and credentials', sub {
                my $cors = cors(answer($_[0], '/api/', Origin => $app));
                join ' ', map { $cors->{"Access-Control-Allow-$_"} }
                    qw(Origin Credentials) }, '* true', "$app true") } ],
        [ 'Beside credentials', sub {
            differ($_[0], 'headers', \&asked_headers, '*',
                'content-type') } ],
    ],
    'Header in an If section' => [
        [ 'Requests that httpd refuses', sub {
            is header(answer($_[0]{old}, '/api/'), 'Vary'), 'Origin',
                'Vary is no fault';
            differ($_[0], '%2F', sub { allowed($_[0], '/api/%2F') }, $NONE,
                $app) } ],
        [ 'Where a password', \&password ],
    ],
    'LimitExcept OPTIONS' => [
        [ 'Every `OPTIONS`', sub {
            differ($_[0], 'no password', sub {
                options($_[0])->{status} }, 200, 401) } ],
        [ 'The 401', sub { errors_have($_[0], $NONE, $app, 401) } ],
    ],
    'A variable for OPTIONS' => [
        [ 'Every `OPTIONS`', sub {
            differ($_[0], 'no password', sub {
                options($_[0])->{status} }, 200, 401) } ],
    ],
    'Several origins in one header' => [
        [ 'The header can hold', sub { my ($at) = @_;
            differ($at, $_, sub { allowed($_[0], '/api/', $_) },
                "$app, $admin", $_) for $app, $admin } ],
        [ '`Header add`', sub {
            differ(other($_[0]), 'two headers', sub {
                allowed($_[0], '/api/') }, "$app | $admin", $app) } ],
    ],
    'An origin that no browser sends' => [
        [ 'A browser compares', sub {
            differ($_[0], 'the origin', sub { allowed($_[0], '/api/') },
                'https://App.example.com:443/', $app) } ],
    ],
    'An application that sends its own CORS headers' => [
        [ 'httpd keeps two', sub {
            differ($_[0], 'proxied', sub { allowed($_[0], '/api/proxied') },
                "$app | $app", $app) } ],
        [ 'A script', sub {
            differ(other($_[0]), 'CGI', sub {
                allowed($_[0], '/api/own.cgi') }, "$app | $app", $app) } ],
    ],
    'Header set Vary' => [
        [ '`set` replaces', sub {
            differ($_[0], 'Vary', sub {
                header(answer($_[0], '/api/proxied'), 'Vary') },
                'Origin', 'Accept-Language,Origin') } ],
    ],
    'A variable from RewriteRule' => [
        [ 'The rule sets the variable', sub { errors_have($_[0], $NONE, $app, 401) } ],
    ],
);

my $page    = CorsTest::slurp('docs/migrating.md');
my @recipes = recipes($page);

# What the proxied requests of all sites come to.
my ($conf, %files) = (<<'CONF', 'backend/index.html' => "a back end's\n");
CacheRoot "@ROOT@/cache"
Listen 127.0.0.1:@PORT2@
<VirtualHost 127.0.0.1:@PORT2@>
  DocumentRoot "@ROOT@/htdocs/backend"
  Header set Access-Control-Allow-Origin "https://app.example.com"
  Header set Vary "Accept-Language"
</VirtualHost>
CONF
for my $n (0 .. $#recipes) {
    for my $form (sort keys %{ $recipes[$n]{blocks} }) {
        my ($host, %more) = site("$form-$n", $recipes[$n]{blocks}{$form});
        $conf .= $host;
        %files = (%files, %more);
    }
}
$s = CorsTest->start($conf, %files);
CorsTest::write_file("$s->{root}/conf/passwd", htpasswd('user', 'pass'));

for my $n (0 .. $#recipes) {
    my ($heading, $claims) = @{ $recipes[$n] }{qw(heading claims)};
    my @shown = @{ delete $shown{$heading} || [] };
    is scalar @shown, scalar @$claims, "$heading: all that goes wrong";
    for my $i (0 .. $#shown) {
        my ($words, $show) = @{ $shown[$i] };
        like $claims->[$i], qr/^\Q$words\E/, $words;
        $show->({ map { $_ => "$_-$n" } qw(old or new) });
    }
    holds("new-$n");
}
# The cache of each site is there to go wrong.
$s->announce(qr/CacheEnable disk .* with a list in CorsAllowOrigin/);

# What configtest says of leftover lines.
my ($left, $file, $said) = $page =~ m{^\#\#\ Leftover\ lines\n
    .*?^```apache\n(.*?)^```\n\nIn\ `(/\S+)`.*?^```\n(.*?)^```$}msx;
my ($ok, $out) = configtest($left);
is $out =~ s/^\[[^]]+\] (\[cors:warn\] )\[pid [^]]+\] /$1/mgr
    =~ s{ROOT/test\.conf}{$file}gr, "${said}Syntax OK\n",
    'leftover lines';

is_deeply [ sort keys %shown ], [], 'and nothing that the page does not say';
$s->finish;
