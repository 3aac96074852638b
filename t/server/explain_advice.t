# What cors-explain says to write, beyond the rows of explain.t: for questions
# that no browser asks, where there is no policy, and where something else ends
# preflights.

use strict;
use warnings;
use lib 't/lib';
use JSON::PP ();
use Test::More;
use CorsTest;
use ExplainTest;

my $APP = 'https://app.example.com';

my $s = CorsTest->start(<<'CONF', 'dir/x.txt' => 'x');
<VirtualHost *:@PORT@>
  ServerName first.example
</VirtualHost>
<VirtualHost *:@PORT@>
  ServerName api.example.com
  CorsAllowOrigin https://app.example.com
  CorsAllowMethods GET PUT
  RewriteEngine On
  RewriteRule ^/f$ - [F]
  RewriteCond %{REQUEST_METHOD} =POST
  RewriteRule ^/g$ - [F]
  RewriteRule ^/g$ - [L,gone]
  RewriteRule ^/404$ - [NC,R=404]
  RewriteCond %{REQUEST_METHOD} =OPTIONS
  RewriteRule ^/cond$ - [F]
  RewriteRule ^/cond$ - [F]
  RewriteRule ^/503$ - [redirect=503,L]
  RewriteRule ^/first$ - [L]
  RewriteRule ^/first$ - [F]
  RewriteRule ^/%$ - [F]
  RewriteRule ^/loc /elsewhere [R=permanent]
  RewriteRule ^/temp$ /elsewhere [R]
  <Location /static>
    CorsStaticOrigin On
  </Location>
</VirtualHost>
<VirtualHost *:@PORT@>
  ServerName near.example.com
  CorsAllowOrigin https://checkout.harbour-shop.example https://node2.cluster.example https://deb.team.example
  CorsAllowOrigin https://kiosk.clinic.example:8443 https://*.wild.example
  <Directory "@ROOT@/htdocs/dir">
    CorsAllowOrigin *
  </Directory>
  <Location /dir>
    CorsAllowCredentials On
  </Location>
</VirtualHost>
<VirtualHost *:@PORT@>
  ServerName partly.example.com
  CorsAllowMethods GET PUT
  CorsAllowHeaders X-Trace
  CorsAllowCredentials On
</VirtualHost>
CONF

# The faults are meant.
$s->announce(qr/rewrite-refuses-preflights/, qr/no-origins/);

my $port = $s->{port};
sub line_of {
    my ($pattern, $nth) = @_;
    my @lines = split /\n/, CorsTest::slurp("$s->{root}/conf/httpd.conf");
    my @found = grep { $lines[$_ - 1] =~ $pattern } 1 .. @lines;
    return $found[ $nth || 0 ];
}

sub ask {
    my (@rows) = @_;
    my $input = join '', map { join(' ', map { "'$_'" } @$_) . "\n" } @rows;
    my ($text) = ExplainTest::run($s, $input, '--json', '--');
    my $json = JSON::PP->new->utf8;
    $json->incr_parse($text);
    my @answers;
    while (my $answer = $json->incr_parse) { push @answers, $answer }
    is @answers, @rows, 'an answer for each question';
    return @answers;
}

# Hosts that no browser asks: [ host, what to write ].
my @hosts = (
    [ 'a%zz.example', qr/a host has no '%'/ ],
    [ '1.2.3.4.5', qr/not a valid one/ ],
    [ '127.1', qr{write http://127\.0\.0\.1:} ],
    [ "b\xc3\xbccher.example", qr{write http://xn--bcher-kva\.example:} ],
    [ '[zz]', qr/not an IPv6 address/ ],
    [ '[0:0:0:0:0:0:0:1]', qr{write http://\[::1\]:} ],
    [ '*.example', qr/^the URL is of one host, without \*$/ ],
    [ 'api.example.com.', qr{write http://api\.example\.com:} ],
    [ 'a..example', qr/label/ ],
);
my @answers = ask(map { [ 'GET', "http://$_->[0]:$port/", '--origin', $APP ] } @hosts);
for my $i (0 .. $#hosts) {
    is $answers[$i]{outcome}, 'wrong', "$hosts[$i][0]: no host";
    like $answers[$i]{summary}, $hosts[$i][1], 'why';
}

# Hosts that browsers ask, and that no virtual host has.
@answers = ask(map { [ 'GET', "http://$_:$port/", '--origin', $APP ] }
    'API.example.com', 'other.example', '127.0.0.1', '[::1]', 'a_b.example');
is_deeply [ map { defined $_->{careful} ? 1 : 0 } @answers ],
    [ 0, 1, 0, 0, 1 ], 'a name that no virtual host has';
like $answers[1]{careful}, qr/^no virtual host at this port has the name other\.example: httpd takes virtual host first\.example \(line/,
    'which one answers';

# Origins that no page has: [ origin, what to write ].
my @origins = (
    (map { [ $_, qr/^no browser sends the origin '\Q$_\E': ask for the origin of one page/ ] }
        '*', 'none', 'inherit', 'https://*.example', 'https://a.example:*'),
    [ 'https://A.example', qr{write https://a\.example$} ],
    [ 'a.example', qr{write https://a\.example$} ],
    [ 'file:///x', qr/null/ ], [ '', qr/^no browser sends the origin ''/ ],
);
for my $host ('api.example.com', 'first.example') {
    @answers = ask(map { [ 'GET', "http://$host:$port/", '--origin', $_->[0] ] } @origins);
    for my $i (0 .. $#origins) {
        is $answers[$i]{outcome}, 'refused', "$host, '$origins[$i][0]': refused";
        like $answers[$i]{write}, $origins[$i][1], 'what to write';
    }
}

# No policy: all that the page needs at once, but for what is there.
my @json = ('--header', 'content-type: application/json');
@answers = ask([ 'GET', "http://first.example:$port/", '--origin', $APP ],
    [ 'PUT', "http://first.example:$port/", '--origin', $APP, @json,
        '--header', 'X-Trace', '--credentials' ],
    [ 'PUT', "http://partly.example.com:$port/", '--origin', $APP,
        '--header', 'X-Trace', '--credentials' ],
    [ 'GET', "http://first.example:$port/", '--origin', 'null' ]);
is_deeply [ map { s/ into virtual host .*//r } map { $_->{write} } @answers ],
    [ "write the line CorsAllowOrigin $APP",
    "write the lines CorsAllowOrigin $APP, CorsAllowMethods GET HEAD POST PUT, "
        . 'CorsAllowHeaders content-type x-trace and CorsAllowCredentials On',
    "write the line CorsAllowOrigin $APP",
    'give the page an origin of its own: null is any page that makes itself '
        . 'opaque' ], 'no policy: what to write';

# One static origin stands alone.
@answers = ask([ 'GET', "http://api.example.com:$port/static", '--origin',
    'https://other.example' ]);
like $answers[0]{write}, qr/^add https:\/\/other\.example to .*, and write Off in place of On at CorsStaticOrigin \(line \d+ of/,
    'a static origin';

# An origin that is nearly listed: [ origin, what it is taken for, or undef ].
my @near = (
    [ 'https://checkout.harbor-shop.example', 'https://checkout.harbour-shop.example' ],
    [ 'https://checkout.harbuor-shop.example', 'https://checkout.harbour-shop.example' ],
    [ 'http://checkout.harbour-shop.example', 'https://checkout.harbour-shop.example' ],
    [ 'https://kiosk.clinic.example', 'https://kiosk.clinic.example:8443' ],
    [ 'https://kiosk.clinic.example:8444', 'https://kiosk.clinic.example:8443' ],
    [ 'https://kiosk.clonic.example:8443', 'https://kiosk.clinic.example:8443' ],
    [ 'https://kiosk.clonic.example', undef ],      # two slips
    [ 'https://checkout.harboor-shops.example', undef ],
    [ 'https://node10.cluster.example', undef ],    # numbers tell hosts apart
    [ 'https://node1.cluster.example', undef ],
    [ 'https://dev.team.example', undef ],          # so do short labels
    [ 'https://other.example', undef ],
    [ 'https://x.wild.example', undef ],            # a pattern lists it
);
@answers = ask(map { [ 'GET', "http://near.example.com:$port/", '--origin',
    $_->[0] ] } @near);
for my $i (0 .. $#near) {
    my ($origin, $listed) = @{ $near[$i] };
    my $line = line_of($listed && $listed =~ /kiosk/ ? qr/kiosk/ : qr/harbour/);
    my $write = $answers[$i]{write} // '';
    if ($listed) {
        like $write, qr/^add \Q$origin\E to CorsAllowOrigin \(line \d+ of [^)]*\)\. \Q$listed\E is listed at CorsAllowOrigin \(line $line of [^)]*\): if that is a slip, take it out$/,
            "$origin: nearly listed";
    }
    elsif ($origin =~ /wild/) {
        is $answers[$i]{outcome}, 'allowed', "$origin: listed";
    }
    else {
        like $write, qr/^add \Q$origin\E to CorsAllowOrigin \([^)]*\)$/, "$origin: not listed";
    }
}

# "*" meets credentials, from two sections: the origin to write is the page's.
@answers = ask([ 'GET', "http://near.example.com:$port/dir/x.txt", '--origin', $APP,
    '--credentials' ]);
like $answers[0]{write}, qr/^write \Q$APP\E, and each other origin that needs it, in place of \* at CorsAllowOrigin \(line /,
    'any origin, with credentials';

# Preflights that a rule ends: [ path, the rule or undef ].
my @rules = ([ '/f', '\^/f' ], [ '/g', '\^/g\$ - \[L' ], [ '/404', '\^/404' ],
    [ '/cond', '\^/cond' ], [ '/503', '\^/503' ], [ '/%25', '\^/%' ],
    [ '/first', undef ], [ '/loc', undef ], [ '/temp', undef ]);
@answers = ask(map { [ 'PUT', "http://api.example.com:$port$_->[0]", '--origin',
    $APP ] } @rules);
for my $i (0 .. $#rules) {
    my ($path, $rule) = @{ $rules[$i] };
    my ($answer, $line) = ($answers[$i], $rule && line_of(qr/RewriteRule $rule/));
    if (!$rule) {
        is $answer->{outcome}, 'allowed', "$path: no rule ends the preflight";
        next;
    }
    is $answer->{decided}{directive}, 'RewriteRule', "$path: a rule decides";
    is $answer->{decided}{line}, $line, 'its line';
    like $answer->{write}, qr/^let preflights pass RewriteRule $rule.* \(line $line of .*RewriteCond/,
        'what to write';
}
@answers = ask([ 'PUT', "http://api.example.com:$port/a%2Fb", '--origin', $APP ]);
like $answers[0]{write}, qr/^look for what ends OPTIONS for this URL with 404/,
    'what no rule ends';

# .htaccess files that httpd can't read: the file is named, in httpd's words.
my %file;
for my $folder (qw(broken ours locked)) {
    mkdir "$s->{root}/htdocs/$folder";
    $file{$folder} = "$s->{root}/htdocs/$folder/.htaccess";
}
CorsTest::write_file($file{broken}, "CorsAllowOrigin $APP\nNonsense on\n");
CorsTest::write_file($file{ours}, "# none\nCorsAllowOrigin $APP/\n");
CorsTest::write_file($file{locked}, "CorsAllowOrigin $APP\n");
chmod 0, $file{locked};
sub says_file {
    my ($answer, $folder, $status, $why, $what) = @_;
    is $answer->{reason}, 'htaccess-unreadable', "$what: the reason";
    is $answer->{write}, "mend the file $file{$folder}", 'the file';
    like $answer->{summary}, qr/^httpd can't read the file \Q$file{$folder}\E, and answers $status to each request for its folder: $why\.$/,
        'what is wrong';
    is $answer->{actual}{status}, $status, 'the status';
    like $answer->{console}{firefox}, qr/Status code: $status\.$/, 'the console';
}
@answers = ask([ 'GET', "http://first.example:$port/broken/x", '--origin', $APP ],
    [ 'PUT', "http://api.example.com:$port/broken/x", '--origin', $APP ],
    [ 'GET', "http://first.example:$port/ours/x", '--origin', $APP ],
    [ 'GET', "http://api.example.com:$port/broken/x", '--origin', $APP ],
    [ 'GET', "http://first.example:$port/locked/x", '--origin', $APP ]);
my $invalid = qr/Invalid command 'Nonsense', perhaps misspelled.*/;
says_file($answers[0], 'broken', 500, $invalid, 'a line that httpd does not know');
says_file($answers[1], 'broken', 500, $invalid, 'a preflight');
says_file($answers[2], 'ours', 500, qr/.*\(line 2 of .*\): an origin has no path: write .*/,
    "a line of this module's");
is $answers[3]{outcome}, 'allowed', 'a policy that covers the error';
like $answers[3]{notes}[0], qr/^httpd can't read the file \Q$file{broken}\E/,
    'and a note on it';
SKIP: {
    skip 'root reads every file', 5 if !$>;
    says_file($answers[4], 'locked', 403, qr/ensure it is readable and that .* is executable/,
        'a file that httpd may not read');
}
chmod 0644, $file{locked};

$s->finish;
