# What cors-explain reads, from files and standard input, and what it says of
# input that it can't read.

use strict;
use warnings;
use lib 't/lib';
use Encode qw(decode_utf8 encode_utf8);
use File::Path qw(make_path);
use JSON::PP ();
use Test::More;
use CorsTest;
use ExplainTest;

my $APP = 'https://app.example.com';

my $s = CorsTest->start(<<'CONF');
<VirtualHost *:@PORT@>
  ServerName api.example.com
  <Location /v1>
    CorsAllowOrigin https://app.example.com
    CorsAllowMethods GET POST PUT
    CorsAllowHeaders Content-Type X-Trace Authorization
  </Location>
  <Location /account>
    CorsAllowOrigin https://app.example.com
    CorsAllowCredentials On
  </Location>
</VirtualHost>
CONF

my $host = "http://api.example.com:$s->{port}";
my $file = "$s->{root}/given";
my ($text, $status, $error);

sub run { return ($text, $status, $error) = ExplainTest::run($s, @_) }

sub given {
    my ($option, $content, @more) = @_;
    CorsTest::write_file($file, $content);
    return run('', @more, $option, $file);
}

# No warning of Perl's, and no text of a file as it is.
sub says {
    my ($is, $what, $pattern) = @_;
    is $status, $is, "$what: the status";
    like $error, $pattern, "$what: why";
    unlike $text . $error, qr/ at \S+ line \d|[\x00-\x08\x0b-\x1f\x7f]/,
        "$what: a sentence";
    return;
}

# Requests on standard input.
run(<<"IN", '--json', '--');
# a comment
GET $host/v1/x --origin $APP

PUT '$host/v1/x' --origin $APP --header "x-other: a b"
IN
is $status, 1, 'standard input: the highest status';
is scalar(() = $text =~ /"outcome"/g), 2, 'two answers';
for ([ "GET\n", qr/^cors-explain: line 1: a METHOD and a URL/ ],
    [ "GET $host/ --what\n", qr/line 1: unknown option: what/ ],
    [ "GET $host/ 'x\n", qr/line 1: a quote has no end/ ],
    [ "GET $host/ more\n", qr/line 1: 'more' is one word too many/ ],
    [ "GET $host/ \e[1m\n", qr/line 1: '\\x1b\[1m' is one word too many/ ],
    [ "GET $host/\xff\n", qr/line 1: .*\\xff' is not UTF-8/ ],
    [ '', qr/no request on standard input/ ], [ "# x\n\n", qr/no request/ ]) {
    run($_->[0], '--');
    says(64, 'standard input: ' . CorsTest::slurp("$s->{root}/explain.in")
        =~ s/[^ -~]/./gr, $_->[1]);
}

# Expectations.
given('--check', <<"FILE");
# what our pages need
allow  PUT $host/v1/x from $APP with x-trace
refuse GET $host/v1/x from https://evil.example
allow GET $host/account from $APP with credentials
FILE
is_deeply [ $status, $text ], [ 0, "3 of 3 hold\n" ], '--check: all hold';
given('--check', "\xef\xbb\xbfallow GET $host/v1/x from $APP\r\n");
is_deeply [ $status, $text ], [ 0, "1 of 1 hold\n" ],
    '--check: as other systems write it';
given('--check', <<"FILE");
allow PUT $host/v1/x from $APP with x-other
refuse GET $host/v1/x from $APP
FILE
is $status, 1, '--check: some do not';
like $text, qr/^line 1: allow PUT .*\nREFUSED .*^decided by  CorsAllowHeaders \(line/ms,
    'the first, and its line';
like $text, qr/^line 2: refuse .*\nALLOWED .*^decided by  CorsAllowOrigin \(line/ms,
    'the second, and its line';
like $text, qr/^0 of 2 hold$/m, 'how many';
given('--check', encode_utf8("allow GET $host/\x{fc} from https://a\e[1m.example\n"));
is $status, 1, '--check: a text that is not ASCII';
like decode_utf8($text), qr/^line 1: allow GET \Q$host\E\/\x{fc} from https:\/\/a\\x1b/,
    'is shown as it is, but for what moves a cursor';
for ([ "perhaps GET $host/", qr/line 1 of .*: begin with allow or refuse/ ],
    [ "\n# x\n\e[1m", qr/line 3 of .*: begin with allow or refuse/ ],
    [ 'allow GET', qr/a METHOD and a URL/ ],
    [ "allow GET $host/ from", qr/an origin is needed/ ],
    [ "allow GET $host/ for x", qr/'for' is neither/ ],
    [ "allow GET $host/ from $APP with", qr/name headers or credentials/ ],
    [ "allow GET $host/\xff", qr/line 1 of .*\\xff' is not UTF-8/ ],
    [ '# nothing', qr/no expectation/ ], [ '', qr/no expectation/ ]) {
    given('--check', $_->[0]);
    says(64, '--check: ' . $_->[0] =~ s/[^ -~]/./gr, $_->[1]);
}
given('--check', "allow TRACE $host/\n");
is $status, 64, '--check: a request that no browser sends';

# Files that browsers have saved (t/har/README.md), of the same requests under
# this configuration.  Which ones failed is what the browsers say.
sub asked {
    my $json = JSON::PP->new->utf8;
    $json->incr_parse($text);
    my @asked;
    while (my $answer = $json->incr_parse) {
        my $question = $answer->{question};
        push @asked, join ' ', $question->{method},
            $question->{url} =~ s{^https://api\.example\.com}{}r,
            $question->{credentials} ? 'credentials' : (), $answer->{outcome};
    }
    return @asked;
}
my @plain = ('GET /v1/items allowed', 'POST /v1/items allowed',
    'PUT /v1/items/7 allowed', 'PUT /v1/items/8 refused',
    'DELETE /v1/items/9 refused', 'GET /account/me allowed');
my @rest = ('GET /none/x refused', 'GET /v1/token allowed',
    'GET /none/crossorigin.png refused');
my @cookies = ('GET /account/me credentials allowed',
    'GET /v1/items?cookies credentials refused');
for ([ 'chromium-sensitive', @plain, @cookies, @rest ],
    [ 'firefox', @plain, @cookies, @rest ],
    [ 'chromium', @plain, 'GET /v1/items?cookies allowed', @rest ]) {
    my ($browser, @expected) = @$_;
    run('', '--json', '--har', "t/har/$browser.har");
    is $status, 1, "--har, $browser: the status";
    is_deeply [ asked() ], \@expected, 'each cross-origin request once'
        or diag $error;
}
run('', '--json', '--credentials', '--har', 't/har/chromium.har');
is_deeply [ grep { /allowed/ } asked() ], ['GET /account/me credentials allowed'],
    'cookies that the file leaves out';

# What a file may hold besides: bodies, other characters, requests of no use.
sub entry {
    my ($method, $url, @headers) = @_;
    my @pairs;
    while (my ($name, $value) = splice @headers, 0, 2) {
        push @pairs, { name => $name, value => $value };
    }
    return { request => { method => $method, url => $url, headers => \@pairs,
        cookies => [] } };
}

sub har { return JSON::PP->new->utf8->encode({ log => { entries => [@_] } }) }

given('--har', har({ response => { content => {
        text => "\"text\":\"{\\\"text\":\x{e9}\x{20ac}\n\t\\" } } },
    1, 'x', [], undef, {}, { request => 5 },
    { request => { url => {}, method => [], headers => 'x' } },
    { request => { url => "$host/", method => 'GET', headers => [ 1, {},
        { name => undef, value => 1 }, { name => 'Origin', value => [] } ] } },
    entry('GET', "$host/page", 'Accept' => '*/*'),
    entry('GET', "$host/own", Origin => $host),
    entry('GET', 'data:,x', Origin => $APP),
    entry('GET', "$host/v1/\x{20ac}", Origin => $APP, 'X-Trace' => "\x{e9}"),
    entry('OPTIONS', "$host/lost", Origin => $APP,
        'Access-Control-Request-Method' => 'PATCH')), '--json');
is $error, '', '--har: no warning';
is_deeply [ map { s/^(\S+) \Q$host\E/$1 /r } asked() ],
    [ "GET /v1/\x{20ac} allowed", 'PATCH /lost refused' ],
    'what else is in a file counts for nothing';
given('--har', har(entry('GET', "$host/\0", Origin => $APP),
    entry('GET', "$host/v1/x", Origin => $APP)), '--json');
is $status, 64, '--har: a URL that is none';
is_deeply [ map { (split)[-1] } asked() ], [ qw(wrong allowed) ],
    'and the next one is explained';
my $saved = CorsTest::slurp('t/har/chromium.har');
my $none = qr/no HAR file: it has no log with entries$/m;
my $broken = qr/no HAR file: it is not JSON$/m;
my $cut = qr/no HAR file: its end is missing, so save it again$/m;
for ([ '{}', $none ], [ '[]', $none ], [ '{"log":[]}', $none ],
    [ '{"log":{"entries":{}}}', $none ],
    [ '{"log":{"entries":[]}}', qr/no cross-origin request among its 0$/m ],
    [ har(entry('GET', "$host/v1/x"), entry('GET', "$host/v1/y", Accept => '*/*')),
        qr/no cross-origin request among its 2$/m ],
    [ 'x', $broken ], [ "\x1f\x8b\x08\0\0", $broken ], [ '<html></html>', $broken ],
    [ '', qr/no HAR file: it is empty$/m ], [ " \n", qr/it is empty$/m ],
    [ '{"log":{"entries":[{"text":"', $cut ],
    [ substr($saved, 0, length($saved) / 2), $cut ],
    [ substr($saved, 0, -4), $cut ], [ '{"a":1}}', $broken ],
    (map { [ $_ x 100_000, qr/no HAR file: / ] } '[', '{"a":'),
    [ '{"a":' x 100, $cut ]) {
    given('--har', $_->[0]);
    says(64, '--har: ' . substr($_->[0], 0, 30) =~ s/[^ -~]/./gr, $_->[1]);
}

# What a service worker or a cache has answered counts like anything else, and
# so do the fields that HTTP/2 begins with a colon.
given('--har', har(
    { %{ entry('GET', "$host/v1/x", ':method' => 'GET', ':authority' => 'x',
        Origin => $APP, 'Sec-Fetch-Mode' => 'cors') }, _fromCache => 'disk' },
    { %{ entry('PUT', "$host/v1/x", Origin => $APP) },
        _fetchedViaServiceWorker => JSON::PP::true,
        response => { status => 0, _error => 'net::ERR_FAILED' } },
    { request => { method => 'GET', url => "$host/v1/none" } }), '--json');
is_deeply [ map { s/^(\S+) \Q$host\E/$1 /r } asked() ],
    [ 'GET /v1/x allowed', 'PUT /v1/x allowed' ],
    '--har: from a cache, from a service worker, without headers';

# Bodies cost next to nothing: 40 MB take a few seconds of the processor.
my $body = '{"response":{"content":{"text":"' . '\\"text' x 1e6 . '"}}},';
my $begin = (times)[2];
given('--har', '{"log":{"entries":[' . $body x 7
    . JSON::PP->new->utf8->encode(entry('GET', "$host/v1/x", Origin => $APP)) . ']}}',
    '--json');
is_deeply [ map { (split)[-1] } asked() ], ['allowed'], '--har: a large file';
cmp_ok((times)[2] - $begin, '<', 15, 'is read in time');

# Wrong usage.
make_path("$s->{root}/folder");
for ([ 'METHOD and a URL' ], [ 'METHOD and a URL', 'GET' ],
    [ "'more'", 'GET', $host, 'more' ], [ 'nknown option', '--what' ],
    [ 'exclude', '--har', 'x', '--check', 'y' ],
    [ 'exclude', '--har', 'x', '--' ],
    [ 'exclude', '--json', '--check', 't/har/README.md' ],
    [ 'No such file', '--har', '/nonexistent' ],
    [ 'No such file', '--check', '/nonexistent' ],
    [ 'directory', '--har', "$s->{root}/folder" ],
    [ 'directory', '--check', "$s->{root}/folder" ],
    [ "'GET'", '--check', 'x', 'GET' ],
    [ '--origin belongs', '--check', 'x', '--origin', $APP ],
    [ '--credentials belongs', '--check', 'x', '--credentials' ],
    [ '--header belongs', '--har', 'x', '--header', 'x' ],
    [ 'not UTF-8', 'GET', "$host/\xff" ],
    [ 'not UTF-8', 'GET', $host, '--header', "x: \xff" ],
    [ 'an argument', 'GET', $host, '--origin' ]) {
    my ($why, @arguments) = @$_;
    run('', @arguments);
    says(64, "wrong usage: @arguments" =~ s/[^ -~]/./gr, qr/^cors-explain: .*$why/);
    like $error, qr/^usage: cors-explain/m, 'how to call it';
}
CorsTest::write_file("$s->{root}/secret", "allow GET $host/v1 from $APP\n");
chmod 0, "$s->{root}/secret";
SKIP: {
    skip 'root reads every file', 3 if -r "$s->{root}/secret";
    run('', '--check', "$s->{root}/secret");
    says(64, 'a file that can\'t be read', qr/Permission denied/);
}
run('', '--help');
is $status, 0, '--help';
like $text, qr/^usage: /, 'how to call it';

# An httpd that ends by a signal: nothing is told, and nothing is guessed.
sub program {
    my ($name, $script) = @_;
    CorsTest::write_file("$s->{root}/$name.cgi", "#!/bin/sh\n$script\n");
    return ('--httpd', "$s->{root}/$name.cgi");
}
run("GET $host/\nGET $host/v1\n", program('killed', 'kill -SEGV $$'), '--');
is $status, 2, 'httpd ends by a signal';
is scalar(() = $text =~ /^UNKNOWN .*\ncan't tell +a module/mg), 2, 'for each request';
for ([ qr{^cors-explain: /nonexistent: No such file}, '--httpd', '/nonexistent' ],
    [ qr{^cors-explain: .*: Permission denied}, '--httpd', "$s->{root}/folder" ],
    [ qr/status 3 and said nothing: is it httpd/, program('ends', 'exit 3') ],
    [ qr/status 0 and said nothing/, program('nothing', 'exit 0') ],
    [ qr/^what it says$/, program('says', 'echo what it says >&2; exit 1') ]) {
    my ($why, @program) = @$_;
    run('', @program, 'GET', "$host/");
    says(2, "no httpd: $program[1]", $why);
}
{
    local $ENV{PATH} = '/nonexistent';
    my $said = `$^X bin/cors-explain -f /nonexistent GET $host/ 2>&1`;
    is $? >> 8, 2, 'no PATH';
    unlike $said, qr/ at \S+ line \d/, 'a sentence';
}

$s->finish;
