# Every directive through every kind of section, and what inherits what.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $a = 'https://a.example';

sub actual {
    my ($name, $origin, @more) = @_;
    return sub {
        my ($s, $path, $host) = @_;
        my $value = cors($s->get($path, Origin => $origin || $a,
            Host => $host, @more))->{$name};
        return defined $value ? $value : '-';
    };
}

sub preflight {
    my ($name, @more) = @_;
    return sub {
        my ($s, $path, $host) = @_;
        my $res = $s->preflight($path, $a, 'POST', undef, Host => $host,
            @more);
        return $res->{status} unless $name;
        my $value = cors($res)->{$name};
        return defined $value ? $value : '-';
    };
}

# The status of a form that another site's page sends.
sub forged {
    my ($s, $path, $host) = @_;
    return $s->request('POST', $path, Origin => 'https://x.example',
        Host => $host, 'Sec-Fetch-Site' => 'cross-site')->{status};
}

# And of an image there, with what would be.
sub taken {
    my ($s, $path, $host) = @_;
    my $res = $s->get($path, 'Sec-Fetch-Site' => 'cross-site', Host => $host);
    return join ' ', $res->{status}, map { $_->[0] eq 'X-Enforced'
        ? $_->[1] : () } @{ $res->{headers} };
}

# Whether the page of CorsInfo is there, which nobody but this machine may see.
sub shown {
    my ($s, $path, $host) = @_;
    return $s->get($path, Host => $host)->{body} =~ /<h1>CORS on/ ? 'page'
        : 'file';
}
my $limited = "<Location \"/\">\nRequire local\n</Location>";

my $enforced =
    'Header always set X-Enforced %{CORS_ENFORCED}e env=CORS_ENFORCED';
my $kept = 'https://kept.example';

# [ directive, outer value, inner value, what to look at, what it then is
#   outside, inside, further configuration ]
my @rows = (
    [ 'CorsEngine', 'On', 'Off', actual('Access-Control-Allow-Origin'),
        $a, '-' ],
    [ 'CorsEngine', 'DetectionOnly', 'On',
        actual('Access-Control-Allow-Origin'), '-', $a ],
    [ 'CorsAllowOrigin', $a, 'https://b.example',
        actual('Access-Control-Allow-Origin', 'https://b.example'), '-',
        'https://b.example' ],
    [ 'CorsAllowOrigin', $a, 'inherit https://b.example',
        actual('Access-Control-Allow-Origin'), $a, $a ],
    [ 'CorsAllowOrigin', '*', 'inherit https://b.example',
        actual('Access-Control-Allow-Origin'), '*', '*' ],
    [ 'CorsAllowOrigin', $a, 'none',
        actual('Access-Control-Allow-Origin'), $a, '-' ],
    [ 'CorsAllowMethods', 'GET POST', 'inherit PUT GET',
        preflight('Access-Control-Allow-Methods'), 'GET, POST',
        'GET, POST, PUT' ],
    [ 'CorsAllowMethods', 'POST PUT GET', '*',
        preflight('Access-Control-Allow-Methods'), 'POST, PUT, GET', '*' ],
    [ 'CorsAllowHeaders', 'X-A', 'inherit x-a X-B',
        preflight('Access-Control-Allow-Headers'), 'X-A', 'X-A, X-B' ],
    [ 'CorsAllowHeaders', '*', 'inherit Authorization',
        preflight('Access-Control-Allow-Headers'), '*',
        '*, Authorization' ],
    [ 'CorsExposeHeaders', 'X-A', 'none',
        actual('Access-Control-Expose-Headers'), 'X-A', '-' ],
    [ 'CorsExposeHeaders', 'X-A', 'inherit X-B',
        actual('Access-Control-Expose-Headers'), 'X-A', 'X-A, X-B' ],
    [ 'CorsAllowCredentials', 'Off', 'On',
        actual('Access-Control-Allow-Credentials'), '-', 'true' ],
    [ 'CorsMaxAge', '600', '2h', preflight('Access-Control-Max-Age'),
        '600', '7200' ],
    [ 'CorsMaxAge', '600', 'none', preflight('Access-Control-Max-Age'),
        '600', '-' ],
    [ 'CorsPreflight', 'answer', 'forward', preflight(''), 204, 200 ],
    [ 'CorsPreflightStatus', '204', '200', preflight(''), 204, 200 ],
    [ 'CorsBackendHeaders', 'replace', 'keep',
        actual('Access-Control-Allow-Origin'), $a, $kept,
        "Header always set Access-Control-Allow-Origin $kept" ],
    [ 'CorsEnforce', 'Unsafe', 'Off', \&forged, 403, 200 ],
    [ 'CorsEnforce', 'Off', 'Unsafe', \&forged, 200, 403 ],
    # The value and DetectionOnly are one setting.
    [ 'CorsEnforce', 'All DetectionOnly', 'Unsafe', \&taken,
        '200 would-refuse', 200, $enforced ],
    [ 'CorsEnforce', 'Unsafe', 'All DetectionOnly', \&forged, 403, 200 ],
    [ 'CorsEnforce', 'Unsafe DetectionOnly', 'All', \&taken, 200,
        '403 refused', $enforced ],
    [ 'CorsAllowPrivateNetwork', 'Off', 'On',
        preflight('Access-Control-Allow-Private-Network',
            'Access-Control-Request-Private-Network' => 'true'), '-',
        'true' ],
    [ 'CorsStaticOrigin', 'On', 'Off',
        actual('Access-Control-Allow-Origin', 'https://other.example'),
        $a, '-' ],
    [ 'CorsTimingAllowOrigin', 'On', 'Off', actual('Timing-Allow-Origin'),
        $a, '-' ],
    [ 'CorsAllowUnsafe', 'public-suffixes', 'null-origin',
        actual('Access-Control-Allow-Origin', 'null'), '-', 'null' ],
    [ 'CorsLimitOrigin', 'https://*.example', 'https://b.example',
        actual('Access-Control-Allow-Origin'), $a, '-' ],
    [ 'CorsInfo', 'Off', 'On', \&shown, 'file', 'page', $limited ],
    [ 'CorsInfo', 'On', 'Off', \&shown, 'page', 'file', $limited ],
);

for my $row (@rows) {
    my ($name, $outer, $inner, $look, $outside, $inside, $more) = @$row;
    my $line = "$name $inner";
    my $conf = ($name =~ /^Cors(?:Allow|Limit)Origin$/ ? ''
        : "CorsAllowOrigin $a\n")
        . "$name $outer\n" . ($more ? "$more\n" : '') . <<"CONF";
<Directory "\@ROOT\@/htdocs/directory">
  $line
</Directory>
<DirectoryMatch "/dirmatch/?\$">
  $line
</DirectoryMatch>
<Files "file.html">
  $line
</Files>
<Directory "\@ROOT\@/htdocs/nested">
  <Files "nested.html">
    $line
  </Files>
</Directory>
<Location "/location">
  $line
</Location>
<LocationMatch "^/match">
  $line
</LocationMatch>
<Location "/deep">
  $name $outer
</Location>
<Location "/deep/er">
  $line
</Location>
<If "%{REQUEST_URI} =~ m#^/if#">
  $line
</If>
<Location "/inif">
  <If "true">
    $line
  </If>
</Location>
<VirtualHost *:\@PORT\@>
  ServerName main.example
</VirtualHost>
<VirtualHost *:\@PORT\@>
  ServerName inner.example
  $line
</VirtualHost>
CONF
    my %files = map { ("$_/index.html" => 'x') } qw(directory dirmatch
        htaccess location match deep deep/er if inif nested);
    $files{$_} = 'x' for qw(file.html nested/nested.html);
    my @inside = qw(/directory/ /dirmatch/ /file.html /nested/nested.html
        /location/ /match/ /deep/er/ /if/ /inif/);
    if ($name !~ /^Cors(?:AllowUnsafe|LimitOrigin|Info)$/) {
        $files{'htaccess/.htaccess'} = "$line\n";
        push @inside, '/htaccess/';
    }
    else {
        # What only meets for a request: else it would be refused.
        $files{'.htaccess'} = 'CorsAllowOrigin '
            . ($name eq 'CorsAllowUnsafe' ? 'null' : $a) . "\n";
    }
    my $s = CorsTest->start($conf, %files);
    $s->announce(qr/CorsAllowOrigin null .*: any page can obtain the origin null/)
        if $name eq 'CorsAllowUnsafe';
    $s->announce(qr/CorsLimitOrigin .* limits CorsAllowOrigin/)
        if $name eq 'CorsLimitOrigin';
    $s->announce(qr/Header always set|Header set Access-Control/,
            qr/\[keep-answers-preflights\]$/)
        if $name eq 'CorsBackendHeaders';
    $s->announce(qr/request refused by enforcement/) if $name eq 'CorsEnforce';
    $s->announce(qr/response differs \(detection only\): /)
        if "$line $outer" =~ /^CorsEngine .*DetectionOnly/;
    $s->announce(qr/preflight was left to others \(CorsPreflight forward\) and ended with status 200/)
        if $name eq 'CorsPreflight';
    is $look->($s, '/', 'main.example'), $outside, "$name $outer: outside";
    is $look->($s, '/deep/', 'main.example'), $outside, 'one level up';
    is $look->($s, $_, 'main.example'), $inside, "$line: $_" for @inside;
    is $look->($s, '/', 'inner.example'), $inside, 'virtual host';
    $s->stop;
    is_deeply [ $s->unannounced ], [], 'clean log';
}

# Three levels that all inherit, through <Location>s that httpd merges with
# each other first.
my $s = CorsTest->start(<<'CONF', 'x/y/index.html' => 'x', 'h/.htaccess' => "CorsAllowOrigin *\n", 'h/index.html' => 'x');
CorsAllowOrigin https://a.example
CorsAllowMethods inherit PATCH GET
<Directory "@ROOT@/htdocs/x">
  CorsAllowOrigin inherit https://b.example
  CorsAllowMethods inherit PUT
</Directory>
<Location /x>
  CorsAllowOrigin inherit https://c.example
  CorsAllowMethods inherit DELETE POST
</Location>
<Location /x/y>
  CorsAllowOrigin inherit https://d.example
  CorsAllowMethods inherit QUERY PUT
</Location>
<Location /h>
  CorsAllowCredentials On
</Location>
<Files "*.secret">
  CorsEngine Off
</Files>
CONF
for my $letter (qw(a b c d)) {
    is cors($s->get('/x/y/', Origin => "https://$letter.example"))
        ->{'Access-Control-Allow-Origin'}, "https://$letter.example",
        "inherited: $letter";
}
is cors($s->preflight('/x/y/', $a, 'QUERY'))
    ->{'Access-Control-Allow-Methods'},
    'GET, HEAD, POST, PATCH, PUT, DELETE, QUERY',
    'the default, then from outside in, each once';
is_deeply cors($s->get('/h/', Origin => $a)),
    { 'Access-Control-Allow-Origin' => '*' },
    'credentials of a <Location> over * of an .htaccess: none are allowed';
$s->announce(qr/CorsAllowCredentials On \(line \d+ of \S+httpd\.conf\) meets CorsAllowOrigin \* \(line 1 of \S+h\/\.htaccess\): no browser/);
$s->finish;
