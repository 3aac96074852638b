# A new user mends what a console says with README's table alone: the lines of
# the row are written beside what is wrong, and a browser is satisfied.
# t/browser/console provokes and mends the same in three engines.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $FLOOR = 10;     # messages

my $app = 'https://app.example.com';
my $origin = "CorsAllowOrigin $app\n";
my $other = 'https://other.example';
my $readable = "Header always set Access-Control-Allow-Origin $app\n";
my $recipe = "${readable}Header always set Access-Control-Allow-Methods \"GET, PUT\"\n"
    . "RewriteEngine On\nRewriteCond %{REQUEST_METHOD} OPTIONS\n"
    . "RewriteRule ^ - [R=204,L]\n";
my ($readme) = CorsTest::slurp('README.md')
    =~ /^## Console messages and fixes\n(.*?)^## /ms;
my @table = $readme =~ /^\| (.*?) \| (.*) \|$/mg;

# What the user fills in where a row names a directive alone.
my %own = (CorsAllowMethods => 'GET POST PUT',
    CorsAllowHeaders => 'Content-Type X-Trace');

# What the console says; what is wrong; the lines that the user finds in the
# row; and the call: method, header, whether with cookies.
my @rows = (
    [ "No 'Access-Control-Allow-Origin' header", '', ["CorsAllowOrigin $app"],
        'GET' ],
    [ "No 'Access-Control-Allow-Origin' header", '', [ "CorsAllowOrigin $app",
        qw(CorsAllowMethods CorsAllowHeaders) ], 'PUT', 'content-type' ],
    [ 'that is not equal to the supplied origin',
        "Header always set Access-Control-Allow-Origin $other\n",
        ["CorsAllowOrigin $app"], 'GET' ],
    [ 'contains multiple values', $readable
        . "Header always add Access-Control-Allow-Origin $other\n", [], 'GET' ],
    [ "must not be the wildcard '*'", "CorsAllowOrigin *\n",
        [ "CorsAllowOrigin $app", 'CorsAllowCredentials On' ], 'GET', '', 1 ],
    [ "must not be the wildcard '*'",
        "Header always set Access-Control-Allow-Origin *\n",
        [ "CorsAllowOrigin $app", 'CorsAllowCredentials On' ], 'GET', '', 1 ],
    [ "which must be 'true'", $origin, ['CorsAllowCredentials On'], 'GET', '',
        1 ],
    [ "which must be 'true'",
        "${readable}Header always set Access-Control-Allow-Credentials True\n",
        ['CorsAllowCredentials On'], 'GET', '', 1 ],
    (map { [ 'is not allowed by Access-Control-Allow-Methods', $_,
            ['CorsAllowMethods GET POST PUT'], 'PUT' ] }
        $origin, $recipe =~ s/, PUT//r),
    (map { [ 'is not allowed by Access-Control-Allow-Headers', $_,
            ['CorsAllowHeaders Content-Type X-Trace',
                # What the recipe allowed.
                $_ eq $recipe ? 'CorsAllowMethods GET PUT' : () ],
            'PUT', 'x-trace' ] }
        "${origin}CorsAllowMethods GET PUT\n", $recipe),
    [ 'Cannot parse Access-Control-Allow-… response header field',
        $recipe =~ s/, PUT/ PUT/r, [qw(CorsAllowMethods CorsAllowHeaders)],
        'PUT', 'x-trace' ],
    (map { [ 'It does not have HTTP ok status', $_,
            [qw(CorsAllowOrigin CorsAllowMethods CorsAllowHeaders)], 'PUT',
            'content-type' ] }
        "Require all denied\n", "AllowMethods GET PUT\n"),
    [ 'Redirect is not allowed for a preflight request',
        "Redirect 301 \"$other/\"\n",
        [qw(CorsAllowOrigin CorsAllowMethods CorsAllowHeaders)], 'PUT',
        'content-type' ],
);

like $readme, qr/^Without `CorsAllowOrigin \Q$app\E` no other line does anything/m,
    'README says what goes without saying in each row';

# What the row of a message tells to write.
sub row_of {
    my ($says) = @_;
    for (my $i = 0; $i < @table; $i += 2) {
        return $table[ $i + 1 ] if index($table[$i], $says) >= 0;
    }
    return '';
}

# The lines that the user writes, in the place of those of the same name.
sub mended {
    my ($fault, @lines) = @_;
    my @written = map { /^CorsAllowOrigin$/ ? "$_ $app"
        : / / ? $_ : "$_ $own{$_}" } @lines;
    unshift @written, "CorsAllowOrigin $app"
        unless grep { /^CorsAllowOrigin / } @written;
    for my $line (@written) {
        my ($name) = split / /, $line;
        $fault =~ s/^$name .*\n//mg;
    }
    return $fault . join '', map { "$_\n" } @written;
}

# Why a browser keeps a response from the page, or ''.
sub keeps {
    my ($res, $with_cookies) = @_;
    my $cors = cors($res);
    my $allowed = $cors->{'Access-Control-Allow-Origin'} || 'nothing';
    return "allows $allowed"
        unless $allowed eq $app || ($allowed eq '*' && !$with_cookies);
    return $with_cookies
        && ($cors->{'Access-Control-Allow-Credentials'} || '') ne 'true'
        ? 'credentials' : '';
}

# Why a browser does not send the request after the preflight, or ''.
sub stops {
    my ($res, $method, $header, $with_cookies) = @_;
    my ($methods, $headers) = map {
        join ',', '', split(/\s*,\s*/, cors($res)->{$_} || ''), '' }
        qw(Access-Control-Allow-Methods Access-Control-Allow-Headers);
    return keeps($res, $with_cookies)
        || ($res->{status} !~ /^2/ ? "status $res->{status}"
        : $methods !~ /,$method,/ ? 'method'
        : $header && $headers !~ /,\Q$header\E,/i ? 'header' : '');
}

my $s = CorsTest->start(join '', map {
    my ($says, $fault, $lines) = @{ $rows[$_] };
    within("<Location /wrong/$_>", $fault)
        . within("<Location /mended/$_>", mended($fault, @$lines)) } 0 .. $#rows);
my %mended;
for my $i (0 .. $#rows) {
    my ($says, $fault, $lines, $method, $header, $with_cookies) = @{ $rows[$i] };
    my $row = row_of($says);
    for my $line (@$lines) {
        next if $line eq 'CorsAllowMethods GET PUT';
        like $row, qr/`\Q$line\E/, "README has $line for: $says";
    }
    my $ask = sub {
        my ($path) = @_;
        return $method eq 'GET' ? keeps($s->get($path, Origin => $app),
                $with_cookies)
            : stops($s->preflight($path, $app, $method, $header || undef),
                $method, $header, $with_cookies);
    };
    isnt $ask->("/wrong/$i"), '', "a browser complains: $says";
    is $ask->("/mended/$i"), '', 'and not once the lines are there'
        and $mended{$says}++;
}
cmp_ok scalar keys %mended, '>=', $FLOOR, 'messages were mended';

$s->announce(qr/\[recipe-left-over\]/, qr/\[options-left-over\]/,
    qr/preflight refused: (?:method|header)-not-allowed/);
$s->finish;
