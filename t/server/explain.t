# cors-explain: its output, its exit status, and the ways to ask it.

use strict;
use warnings;
use lib 't/lib';
use Encode qw(decode_utf8 encode_utf8);
use JSON::PP ();
use Test::More;
use CorsTest;
use ExplainTest;

my $APP = 'https://app.example.com';

my $s = CorsTest->start(<<'CONF',
Listen 127.0.0.2:@PORT@
<Location /site>
  <If "%{HTTP:Sec-Fetch-Site} == 'cross-site'">
    CorsAllowOrigin *
  </If>
</Location>
<VirtualHost *:@PORT@>
  ServerName first.example
</VirtualHost>
<VirtualHost *:@PORT@>
  ServerName early.example
  RequestHeader unset Origin early
  CorsAllowOrigin *
</VirtualHost>
<VirtualHost 127.0.0.2:@PORT@>
  ServerName address.example
  CorsAllowOrigin *
</VirtualHost>
<VirtualHost *:@PORT@>
  ServerName api.example.com
  CorsAllowOrigin https://app.example.com
  CorsAllowHeaders X-Trace
  <Location /v1>
    CorsAllowMethods GET PUT
  </Location>
  <Location /cred>
    CorsAllowCredentials On
  </Location>
  <Location /any>
    CorsAllowOrigin *
  </Location>
  <Location /readonly>
    CorsAllowMethods PUT
  </Location>
  <Location /star>
    CorsAllowHeaders *
  </Location>
  <Location /enforced>
    CorsEnforce Unsafe
  </Location>
  <Location /enforced/readonly>
    CorsAllowMethods GET HEAD
  </Location>
  <Location /none>
    CorsAllowOrigin none
    CorsAllowHeaders none
  </Location>
  <Location /bare>
    CorsAllowHeaders Content-Type
  </Location>
  <Location /off>
    CorsEngine Off
  </Location>
  <Location /try>
    CorsEngine DetectionOnly
  </Location>
  <Location /forward>
    CorsPreflight forward
  </Location>
  <Location /keep>
    CorsBackendHeaders keep
  </Location>
  <Location /cookie>
    <If "%{HTTP_COOKIE} =~ /a/ || -R '10.0.0.0/8'">
      CorsAllowOrigin *
    </If>
    <Else>
      CorsAllowOrigin none
    </Else>
  </Location>
  <Location /else>
    <If "%{HTTP_COOKIE} =~ /a/">
      Header set X-Other one
    </If>
    <Else>
      CorsAllowOrigin *
    </Else>
  </Location>
  <Directory "@ROOT@/htdocs/limited">
    CorsLimitOrigin https://*.example.com
  </Directory>
  <Location /beta>
    <If "%{HTTP:X-Beta} == '1'">
      CorsAllowOrigin *
    </If>
  </Location>
  <Location /samesite>
    <If "%{HTTP:Sec-Fetch-Site} == 'same-site'">
      CorsAllowOrigin *
    </If>
  </Location>
  <Location /pattern>
    CorsAllowOrigin https://one.example https://*.pattern.example
    CorsAllowOrigin https://*.other.example
  </Location>
  Redirect /moved http://elsewhere.example/
</VirtualHost>
CONF
    'v1/x' => "x\n", 'limited/x' => "x\n",
    'limited/.htaccess' => "CorsAllowOrigin https://partner.example\n",
    'limited/any/.htaccess' => "CorsAllowOrigin *\n");

my $host = "http://api.example.com:$s->{port}";

# The messages are those of other tests.
$s->announce(qr/CorsAllowMethods without GET/, qr/CorsBackendHeaders keep/,
    qr/RequestHeader unset Origin/);

# Asks for one request; returns the answer and the status.
sub ask {
    my (@arguments) = @_;
    my ($text, $status) = ExplainTest::run($s, '', '--json', @arguments);
    return (eval { JSON::PP->new->utf8->decode($text) } || {}, $status);
}

sub line_of {
    my ($pattern, $nth) = @_;
    my @lines = split /\n/, CorsTest::slurp("$s->{root}/conf/httpd.conf");
    my @found = grep { $lines[$_ - 1] =~ $pattern } 1 .. @lines;
    return $found[ $nth || 0 ];
}

# [ arguments, status, reason, line, what to write ]
my $conf = "$s->{root}/conf/httpd.conf";
my $list = line_of(qr/CorsAllowOrigin https/);
my $headers = line_of(qr/CorsAllowHeaders X-Trace/);
my @rows = (
    [ [ 'GET', "$host/v1/x", '--origin', $APP ], 0, 'allowed', $list, undef ],
    [ [ 'put', "$host/v1/x", '--origin', $APP ], 0, 'allowed', $list, undef ],
    [ [ 'GET', "$host/v1/x" ], 0, 'no-page', undef, undef ],
    [ [ 'POST', "$host/v1/x", '--origin', $host ], 0, 'same-origin', undef, undef ],
    [ [ 'GET', "$host/v1/x", '--origin', 'https://evil.example' ], 1, 'origin-not-allowed',
        $list, "add https://evil.example to CorsAllowOrigin (line $list of $conf)" ],
    [ [ 'GET', "$host/v1/x", '--origin', 'https://App.example.com' ], 1, 'origin-malformed',
        undef, qr/^no browser sends the origin .*https:\/\/app\.example\.com/ ],
    [ [ 'GET', "$host/v1/x", '--origin', 'null' ], 1, 'origin-not-allowed', $list,
        qr/^give the page an origin/ ],
    [ [ 'DELETE', "$host/v1/x", '--origin', $APP ], 1, 'method-not-allowed',
        line_of(qr/CorsAllowMethods GET PUT/), qr/^add DELETE to CorsAllowMethods/ ],
    [ [ 'DELETE', "$host/x", '--origin', $APP ], 1, 'method-not-allowed', undef,
        qr/^write the line CorsAllowMethods GET HEAD POST DELETE below CorsAllowOrigin/ ],
    [ [ 'GET', "$host/x", '--origin', $APP, '--header', 'x-one', '--header', 'x-two: 2',
        '--header', 'x-trace' ], 1, 'header-not-allowed', $headers,
        "add x-one x-two to CorsAllowHeaders (line $headers of $conf)" ],
    [ [ 'GET', "$host/none", '--origin', $APP, '--header', 'x-one' ], 1, 'origin-not-allowed',
        line_of(qr/CorsAllowOrigin none/), qr/^write \Q$APP\E in place of none at/ ],
    [ [ 'GET', "$host/star", '--origin', $APP, '--header', 'authorization' ], 1,
        'header-not-allowed', line_of(qr/CorsAllowHeaders \*/), qr/^add Authorization to/ ],
    [ [ 'GET', "$host/readonly", '--origin', $APP, '--header', 'x-trace' ], 1,
        'method-not-allowed', line_of(qr/CorsAllowMethods PUT/), qr/^add GET to/ ],
    [ [ 'GET', "$host/cred", '--origin', $APP, '--credentials' ], 0, 'allowed', $list, undef ],
    [ [ 'GET', "$host/v1/x", '--origin', $APP, '--credentials' ], 1, 'credentials-not-allowed',
        undef, qr/^write the line CorsAllowCredentials On below CorsAllowOrigin/ ],
    [ [ 'GET', "$host/any", '--origin', $APP, '--credentials' ], 1, 'credentials-not-allowed',
        line_of(qr/CorsAllowOrigin \*/, 3), qr/^write \Q$APP\E in place of \*/ ],
    [ [ 'POST', "$host/enforced", '--origin', 'https://evil.example' ], 1, 'origin-not-allowed',
        $list, qr/^add https:\/\/evil\.example/ ],
    [ [ 'POST', "$host/enforced/readonly", '--origin', $APP ], 1, 'method-not-allowed',
        line_of(qr/CorsAllowMethods GET HEAD/), qr/^add POST to CorsAllowMethods/ ],
    [ [ 'GET', "$host/limited/x", '--origin', 'https://partner.example' ], 1,
        'origin-not-allowed', line_of(qr/CorsLimitOrigin/),
        qr/^add https:\/\/partner\.example to CorsLimitOrigin \(line/ ],
    [ [ 'GET', "$host/limited/x", '--origin', 'https://evil.example' ], 1,
        'origin-not-allowed', 1,
        qr/^add https:\/\/evil\.example to CorsAllowOrigin .*, and add it to CorsLimitOrigin/ ],
    # "*" stands alone, and below a ceiling it allows nobody.
    [ [ 'GET', "$host/limited/any/x", '--origin', 'https://app.example.com' ], 1,
        'origin-not-allowed', line_of(qr/CorsLimitOrigin/),
        qr/^write https:\/\/app\.example\.com in place of \* at CorsAllowOrigin \(line 1 of \S+\)$/ ],
    [ [ 'GET', "$host/limited/any/x", '--origin', 'https://evil.example' ], 1,
        'origin-not-allowed', line_of(qr/CorsLimitOrigin/),
        qr/^write https:\/\/evil\.example in place of \* at CorsAllowOrigin .*, and add it to CorsLimitOrigin/ ],
    [ [ 'GET', "$host/off", '--origin', $APP ], 1, 'engine-off', line_of(qr/CorsEngine Off/),
        qr/^write On in place of (?:Off|DetectionOnly) at CorsEngine/ ],
    [ [ 'PUT', "$host/try", '--origin', $APP ], 1, 'detection-only',
        line_of(qr/CorsEngine DetectionOnly/), qr/^write On in place of (?:Off|DetectionOnly) at CorsEngine/ ],
    [ [ 'GET', "http://first.example:$s->{port}/", '--origin', $APP ], 1, 'no-policy', undef,
        qr/^write the line CorsAllowOrigin \Q$APP\E into virtual host first\.example \(line/ ],
    [ [ 'PUT', "$host/forward", '--origin', $APP ], 1, 'method-not-allowed', undef, qr/^write/ ],
    [ [ 'GET', "$host/cookie", '--origin', $APP ], 2, undef, undef, undef ],
    [ [ 'GET', "$host/cookie", '--origin', $APP, '--header', 'Cookie: a' ], 2, undef, undef, undef ],
    [ [ 'TRACE', "$host/" ], 64, 'wrong-question', undef, undef ],
    [ [ 'G T', "$host/" ], 64, 'wrong-question', undef, undef ],
    [ [ 'GET', '/v1/x' ], 64, 'wrong-question', undef, undef ],
    [ [ 'GET', 'ftp://api.example.com/' ], 64, 'wrong-question', undef, undef ],
    [ [ 'GET', 'app://api.example.com/' ], 64, 'wrong-question', undef, undef ],
    [ [ 'GET', "$host/ x" ], 64, 'wrong-question', undef, undef ],
    [ [ 'GET', 'http://u@api.example.com/' ], 64, 'wrong-question', undef, undef ],
    [ [ 'GET', 'http:///v1' ], 64, 'wrong-question', undef, undef ],
    [ [ 'GET', 'http://api.example.com:99999/' ], 64, 'wrong-question', undef, undef ],
    [ [ 'GET', "$host/", '--header', 'x y: 1' ], 64, 'wrong-question', undef, undef ],
    [ [ 'GET', "$host/", '--header', "x: 1\r\nEvil: 2" ], 64, 'wrong-question', undef, undef ],
    [ [ 'GET', "$host/", '--origin', "a\nb" ], 64, 'wrong-question', undef, undef ],
);
for (@rows) {
    my ($arguments, $expected, $reason, $line, $write) = @$_;
    my ($answer, $status) = ask(@$arguments);
    my $what = join(' ', @$arguments) =~ s/\s/ /gr;
    is $status, $expected, "$what: the status" or diag explain $answer;
    is $answer->{reason}, $reason, "$what: the reason" if defined $reason;
    is $answer->{decided} && $answer->{decided}{line}, $line,
        "$what: the line" if $expected < 2;
    ref $write ? like($answer->{write}, $write, "$what: what to write")
               : is($answer->{write}, $write, "$what: what to write")
        if $expected < 2;
}

# What can't be told.
my ($answer) = ask('GET', "$host/cookie", '--origin', $APP);
like $answer->{unknown}, qr/^<If .*> \(line \d+ of .*\) depends on the header COOKIE/,
    'an <If> on a cookie';
($answer) = ask('GET', "$host/cookie", '--origin', $APP, '--header', 'Cookie: a');
like $answer->{unknown}, qr/depends on REMOTE_ADDR/, 'an <If> on an address';

($answer) = ask('GET', "$host/else", '--origin', $APP);
like $answer->{unknown}, qr/^<Else> \(line \d+ of .*\) depends on the header COOKIE/,
    'an <Else> after it';

($answer) = ask('GET', "$host/beta", '--origin', $APP, '--header', 'x-beta');
like $answer->{unknown}, qr/depends on the header X-Beta/, 'an <If> on a value';
($answer) = ask('GET', "$host/beta", '--origin', $APP, '--header', 'x-beta: 1');
is $answer->{unknown}, undef, 'that is given';
($answer) = ask('GET', "http://early.example:$s->{port}/", '--origin', $APP);
like $answer->{unknown}, qr/^RequestHeader unset Origin early \(line \d+ of/,
    'a header that is gone before anybody sees it';

# Pages of the same site, for the request and its preflight.
for my $header ([], [ '--header', 'x-trace' ]) {
    for ([ 'https://other.example.com', 'allowed' ], [ 'https://evil.example', 'refused' ],
        [ 'http://other.example.com', 'refused' ]) {
        my ($origin, $outcome) = @$_;
        ($answer) = ask('GET', 'https://api.example.com/samesite', '--origin',
            $origin, @$header);
        is $answer->{outcome}, $outcome, "same-site, @$header: $origin"
            or diag explain $answer;
    }
}

# The line that lets an origin in, by its name or a pattern.
for ([ 'https://one.example', 0 ], [ 'https://a.pattern.example', 0 ],
    [ 'https://a.other.example', 1 ]) {
    my ($origin, $after) = @$_;
    ($answer) = ask('GET', "$host/pattern", '--origin', $origin);
    is $answer->{decided}{line}, line_of(qr/one\.example/) + $after,
        "$origin: the line";
}

# What the browser sets, and a virtual host with an address of its own.
($answer) = ask('GET', "http://localhost:$s->{port}/site", '--origin', $APP);
is $answer->{outcome}, 'allowed', 'Sec-Fetch-Site' or diag explain $answer;
($answer) = ask('GET', "http://address.example:$s->{port}/", '--origin', $APP);
is $answer->{server}{name}, 'address.example', 'an address of its own';
($answer) = ask('GET', "http://127.0.0.2:$s->{port}/", '--origin', $APP);
is $answer->{server}{name}, 'address.example', 'the address itself';

# Notes.
for ([ '/moved', qr/^the browser follows to http:\/\/elsewhere/ ],
    [ '/keep', qr/^CorsBackendHeaders keep \(line \d+ of .*\): if .*; write replace there/ ]) {
    my ($path, $note) = @$_;
    ($answer) = ask('GET', "$host$path", '--origin', $APP);
    like $answer->{notes}[0], $note, "$path: a note";
}
($answer) = ask('GET', "$host/forward", '--origin', $APP, '--header', 'x-trace');
like $answer->{notes}[0], qr/^CorsPreflight forward \(line \d+ of/, 'forward: a note';
($answer) = ask('GET', 'https://api.example.com/v1/x', '--origin', $APP);
is $answer->{server}{name}, 'api.example.com', 'a proxy in front: the virtual host';
like $answer->{notes}[0], qr/does not listen on port 443/, 'and a note';

# What the consoles say is what docs/console.md has from the browsers.
my $console = decode_utf8(CorsTest::slurp('docs/console.md'));
sub said_by {
    my ($browser, $answer) = @_;
    my $said = $answer->{console}{$browser} // return;
    $said =~ s{\Q$answer->{question}{url}\E}{https://api.example.com/items}g;
    $said =~ s{\Q$answer->{question}{origin}\E}{https://app.example.com}g;
    return $said;
}
for ([ 'GET', "$host/x", '--origin', 'https://evil.example' ],
    [ 'PUT', "$host/v1/x", '--origin', 'https://evil.example' ],
    [ 'PUT', "$host/x", '--origin', $APP ],
    [ 'GET', "$host/none", '--origin', $APP, '--header', 'x-trace' ],
    [ 'GET', "$host/v1/x", '--origin', $APP, '--credentials' ],
    [ 'GET', "$host/any", '--origin', $APP, '--credentials' ],
    [ 'GET', "$host/bare", '--origin', $APP, '--header', 'X-Trace' ],
    [ 'POST', "$host/enforced", '--origin', 'https://evil.example' ],
    [ 'GET', "$host/readonly", '--origin', $APP, '--header', 'x-trace' ]) {
    ($answer) = ask(@$_);
    for my $browser (qw(chromium firefox webkit)) {
        my $said = said_by($browser, $answer);
        ok defined $said && index($console, $said) >= 0,
            "$browser, @$_" or diag encode_utf8($said // 'nothing');
    }
}

# A refusal that the page can read.
($answer) = ask('POST', "$host/enforced/readonly", '--origin', $APP);
is_deeply $answer->{console}, { chromium =>
    'Failed to load resource: the server responded with a status of 403 (Forbidden)' },
    'a 403 that the page can read' or diag explain $answer->{console};
ok index($console, $answer->{console}{chromium}) >= 0, 'in docs/console.md';

# The text.
my ($text, $status) = ExplainTest::run($s, '', 'PUT', "$host/v1/x",
    '--origin', $APP, '--header', 'x-other');
is $status, 1, 'as text: the status';
like $text, qr/^PUT \Q$host\E\/v1\/x\n  from a page on \Q$APP\E\n\nREFUSED     The policy/,
    'what is asked, and the verdict';
like $text, qr/^decided by  CorsAllowHeaders \(line $headers of/m, 'the line';
like $text, qr/^to allow it add x-other to CorsAllowHeaders/m, 'what to write';
like $text, qr/^Chromium    Access to fetch/m, 'Chromium';
like $text, qr/^Firefox     Cross-Origin Request Blocked/m, 'Firefox';
like $text, qr/^WebKit      Request header field x-other is not allowed/m, 'WebKit';
like $text, qr/^server      virtual host api\.example\.com \(line/m, 'the server';
like $text, qr/^sections +<Location \/v1> \(line/m, 'the section';
like $text, qr/^            CorsAllowMethods GET PUT \(line/m, 'the policy';
like $text, qr/^preflight   sent, because no form can send the method PUT\n +status 204, header-not-allowed$/m,
    'the preflight';
like $text, qr/^request     not sent/m, 'the request';
is_deeply [ grep { length > 80 && / \S+ \S/ && substr($_, 14) =~ / / } split /\n/,
    decode_utf8($text) ], [], 'in 80 columns';
unlike $text, qr/reload httpd/, 'nothing of what runs';
($text) = ExplainTest::run($s, '', 'GET', "$host/v1/x", '--origin', $APP);
like $text, qr/^ALLOWED .*^note +if a browser refuses it all the same, ask for all .* --credentials .* --header .*reload\s+httpd/ms,
    'the page may send more, and the configuration that runs may be another';
unlike $text, qr/^careful/m, 'a host that a virtual host has';
($text) = ExplainTest::run($s, '', 'GET', "http://nobody.example:$s->{port}/v1/x",
    '--origin', $APP);
like $text, qr/^[A-Z]+ .*^careful +no virtual host at this port has the name\s+nobody\.example: .*^server /ms,
    'a host that none has: said before all else';
($text) = ExplainTest::run($s, '', 'PUT', "$host/v1/x", '--origin', $APP,
    '--credentials');
like $text, qr/status 204, allowed.*^request     not sent, because the browser stops at the preflight/ms,
    'a preflight that mod_cors allows and the browser refuses';
($text) = ExplainTest::run($s, '', 'GET', "$host/v1/\e[1m", '--origin', $APP);
unlike $text, qr/\e/, 'no byte moves the cursor';

# A configuration that httpd refuses, and one without the module.
sub with {
    my ($name, $text) = @_;
    CorsTest::write_file("$s->{root}/conf/$name", $text);
    my ($out, $is, $error) = ExplainTest::run($s, '', '-f', "$s->{root}/conf/$name",
        'GET', "$host/");
    return ($is, $error);
}
my $good = CorsTest::slurp($conf);
my ($is, $error) = with('bad.conf', $good . "CorsAllowOrigin * https://a.example\n");
is $is, 2, 'a refused configuration';
like $error, qr/CorsAllowOrigin.*stand alone/s, 'what configtest says';
# The configuration of the tests loads the module, then has lines of its own.
($is, $error) = with('without.conf', join '', grep { !/cors_module|Cors|LogLevel/ }
    CorsTest::slurp("$s->{root}/conf/modules.conf") =~ /.*\n/g,
    $good =~ s/^\s*(?:Include|LoadFile).*modules\.conf.*$//mgr =~ /.*\n/g);
is $is, 2, 'without the module';
like $error, qr/mod_cors is not loaded/, 'says so';

$s->finish;
