# What cors-explain can tell of a condition, and what it can't.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;
use ExplainTest;

my $APP = 'https://app.example.com';
my $WHO = 'who may have the file or URL';

# [ condition of <If>, what is not known, headers of the script ]
my @ifs = (
    [ '%{HTTP_COOKIE} =~ /a/', 'the header COOKIE' ],
    [ '%{HTTP_COOKIE} =~ /a/', undef, 'Cookie: a' ],
    [ q{'x%{HTTP_COOKIE}' == 'x'}, 'the header COOKIE' ],
    [ q{%{HTTP:X-A} == '1'}, 'the header X-A' ],
    [ q{%{HTTP:X-A} == '1'}, undef, 'X-A: 2' ],
    [ q{%{HTTP:X-A} == '1'}, 'the header X-A', 'X-A' ],
    [ q{%{req:X-A} == '1' || req('X-B') == '2'}, 'the header X-B', 'X-A: 1' ],
    [ q{req_novary('X-A') == '1'}, 'the header X-A' ],
    [ q{%{HTTP:Origin} =~ m#^https://app\.#}, undef ],
    [ q{%{HTTP:Access-Control-Request-Method} == 'PUT'}, undef ],
    [ q{%{HTTP:Sec-Fetch-Site} == 'same-site'}, undef ],
    [ '%{REQUEST_URI} =~ m#^/i(/|$)#', undef ],
    [ '%{REQUEST_URI} =~ m#^/api(/|$)#i', undef ],
    [ '%{REQUEST_URI} !~ m,x(y)z(y),', undef ],
    [ q{%{REQUEST_URI} =~ /x(y)\(env(y)/ && env('REMOTE_USER') == 'x'},
        "env('REMOTE_USER')" ],
    [ q{%{REQUEST_URI} =~ m|env(x)| && %{REMOTE_ADDR} == '1'}, 'REMOTE_ADDR' ],
    [ q{%{REQUEST_URI} == 'env(x)'}, undef ],
    [ q{%{REQUEST_URI} == 'a\'env(x)'}, undef ],
    [ q{'%{REQUEST_URI}' == 'x' && env('Y') == 'z'}, "env('Y')" ],
    [ q{reqenv('Y') == 'z'}, "reqenv('Y')" ],
    [ q{%{ENV:Y} == 'z'}, 'ENV:Y' ], [ q{%{reqenv:Y} == 'z'}, 'reqenv:Y' ],
    [ q{tolower('%{REQUEST_URI}') == 'z'}, undef ],
    [ q{%{tolower:%{REQUEST_URI}} == 'z'}, undef ],
    [ q{%{tolower:%{HTTP_USER_AGENT}} == 'z'}, 'the header USER-AGENT' ],
    [ q{-R '10.0.0.0/8'}, 'REMOTE_ADDR' ], [ q{-A '/x'}, $WHO ],
    [ q{-U '/x'}, $WHO ], [ q{-f '/x'}, undef ],
    [ q{-T 'x-R '}, undef ], [ q{%{REQUEST_URI} == 'x-R y'}, undef ],
    [ q{%{HTTPS} == 'on'}, undef ], [ q{%{REMOTE_PORT} == '1'}, 'REMOTE_PORT' ],
    [ q{%{REQUEST_METHOD} == 'OPTIONS'}, undef ], [ 'true', undef ],
    [ q{%{QUERY_STRING} =~ /unclosed/ || %{TIME} -gt '1'}, 'TIME' ],
);

# [ the same, of RewriteCond ]
my @conditions = (
    [ '%{HTTP_USER_AGENT} robot', 'the header USER-AGENT' ],
    [ '%{HTTP:X-A} 1', undef, 'X-A: 2' ], [ '%{REQUEST_URI} x(y)', undef ],
    [ '%{REMOTE_ADDR} ^10\.', 'REMOTE_ADDR' ], [ '%{ENV:X} 1', 'ENV:X' ],
    [ '%{REQUEST_FILENAME} -f', undef ], [ '%{REQUEST_FILENAME} !-F', $WHO ],
    [ '%{REQUEST_URI} -U', $WHO ],
    [ q{expr "%{REQUEST_URI} =~ m#^/env(x)#"}, undef ],
    [ q{expr "%{HTTP_COOKIE} =~ /a/"}, 'the header COOKIE' ],
    [ '%{REQUEST_METHOD} =POST', undef ],
);

my $ifs = join '', map { qq(<Location "/i$_">\n<If "$ifs[$_][0]">\n)
    . "CorsAllowOrigin *\n</If>\n</Location>\n" } 0 .. $#ifs;
my $rules = join '', map { "RewriteCond $conditions[$_][0]\n"
    . "RewriteRule ^/r$_\$ - [F]\n" } 0 .. $#conditions;

sub host {
    my ($name, $lines) = @_;
    return "<VirtualHost *:\@PORT\@>\nServerName $name\nCorsAllowOrigin $APP\n"
        . "$lines</VirtualHost>\n";
}

my $s = CorsTest->start(host('if.example.com', $ifs)
    . host('rewrite.example.com', "RewriteEngine On\n$rules"));

sub ask {
    my ($host, $prefix, @rows) = @_;
    my @asked = map { ExplainTest::situation($s, '', 'GET', "/$prefix$_", $APP,
        (grep { defined } $rows[$_][2]), -host => $host) } 0 .. $#rows;
    my @answers = ExplainTest::explain($s, @asked);
    is @answers, @rows, 'an answer for each row';
    for my $i (0 .. $#rows) {
        my ($condition, $unknown, @headers) = @{ $rows[$i] };
        my $said = $answers[$i]{unknown};
        my $what = join ', ', $condition, grep { defined } @headers;
        defined $unknown
            ? like($said // 'nothing', qr/\(line \d+ of .*\) depends on \Q$unknown\E, which is not given$/, $what)
            : is($said, undef, $what);
    }
    return;
}
ask('if.example.com', 'i', @ifs);
ask('rewrite.example.com', 'r', @conditions);

# Lines of the main server that change what the browser has sent.
sub with {
    my ($line, $host) = @_;
    CorsTest::write_file("$s->{root}/conf/early.conf",
        CorsTest::slurp("$s->{root}/conf/httpd.conf") . "$line\n");
    my ($text, $status) = ExplainTest::run($s, '', '-f', "$s->{root}/conf/early.conf",
        'GET', "http://$host:$s->{port}/", '--origin', $APP);
    $text =~ s/\n\s+/ /g;
    return ($status, $text);
}
for ([ 'RequestHeader unset Origin early', 2 ],
    [ 'RequestHeader set access-control-request-method PUT early', 2 ],
    [ 'RequestHeader set X-From Origin early', 0 ],
    [ 'RequestHeader unset Origin', 0 ]) {
    my ($line, $expected) = @$_;
    my ($status, $text) = with($line, 'if.example.com');
    is $status, $expected, "$line: the status";
    $expected ? like($text, qr/^can't tell +\Q$line\E \(line \d+ of/m, 'says so')
        : unlike($text, qr/can't tell/, 'nothing is unknown');
}

$s->finish;
