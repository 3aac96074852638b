# The scripts behind the workbench: what they write and answer, what they refuse
# whoever asks, and that a policy outlives whatever goes wrong.

use strict;
use warnings;
use lib 't/lib';
use JSON::PP ();
use Test::More;
use CorsTest;
use DemoTest;

my $port = free_ports();
my $api = $port + 1;
my $page = "http://localhost:$port";
my $demo = run_demo($port);
my ($run) = $demo->{said} =~ m{^Why it refuses: +(\S+)/logs/error\.log$}m
    or die "tools/run says no path:\n$demo->{said}";
my $file = "$run/sandbox/.htaccess";
like $demo->{said}, qr{^The workbench: +\Q$page\E/workbench\.html$}m,
    'make run says where the workbench is';

sub slurp { CorsTest::slurp($_[0]) }

# Asks a script of the page's server with these arguments of curl; adds the
# decoded answer as json.
sub ask {
    my ($path, @arguments) = @_;
    my $res = curl("$page$path", @arguments);
    $res->{json} = eval { JSON::PP->new->utf8->decode($res->{body}) } || {};
    return $res;
}

# A body, from a file: it may have any bytes and any length.
sub body {
    my ($text) = @_;
    CorsTest::write_file("$run/body", $text);
    return ('--data-binary', "\@$run/body", '-H', 'Content-Type: text/plain',
        '-H', 'Expect:');
}

my @own = ('-H', "Origin: $page");

sub put {
    my ($text, @arguments) = @_;
    return ask('/policy', '-X', 'PUT', @own, body($text), @arguments);
}

sub messages {
    my ($res) = @_;
    return map { join ' ', $_->{level}, $_->{line} || '-', $_->{text} }
        @{ $res->{json}{messages} || [] };
}

my $first = ask('/policy');
is $first->{status}, 200, 'the policy can be read';
is $first->{json}{policy}, slurp($file), 'as it stands in the file';
like $first->{json}{first}, qr/^CorsAllowOrigin \Q$page\E$/m,
    'and the first one, which has the page';

# What is accepted holds at once.
my $good = <<"END";
# The page of the workbench
CorsAllowOrigin $page
CorsAllowMethods GET PUT

END
my $res = put($good);
is $res->{status}, 200, 'a policy is taken' or diag $res->{body};
is slurp($file), $good, 'and written as it is';
is_deeply [ messages($res) ], [], 'without a message';

sub methods {
    my $res = curl("http://localhost:$api/sandbox/orders", '-X', 'OPTIONS',
        @own, '-H', 'Access-Control-Request-Method: GET');
    return cors($res)->{'Access-Control-Allow-Methods'};
}
is methods(), 'GET, PUT', 'the server answers by it';

is_deeply [ messages(put("CorsAllowOrigin $page\r\nCorsAllowMethods PUT Patch\r\n")) ],
    [ 'warning 2 CorsAllowMethods Patch (line 2 of .htaccess) allows this method '
    . 'in just this case: methods are case-sensitive, and nearly all are in capitals '
    . '[method-case]',
      'warning 2 CorsAllowMethods without GET (line 2 of .htaccess): preflights for '
    . 'it are refused, while requests that need no preflight still arrive '
    . '[method-missing]' ], 'warnings are shown';
is slurp($file), "CorsAllowOrigin $page\nCorsAllowMethods PUT Patch\n",
    'but are no obstacle, nor are line ends of Windows';
is put($good)->{status}, 200, 'the next one';

# Nothing changes the file from here on.
sub stays { is slurp($file), $good, "$_[0]: the old policy stays" }

# Wrong lines: what configtest says, all in one.
$res = put("CorsAllowOrigin $page/\n\nCorsAllowMethods get\nCorsMaxAge 90000s\n");
is $res->{status}, 422, 'wrong lines';
is_deeply [ messages($res) ], [
    "error 1 CorsAllowOrigin '$page/' (line 1 of .htaccess): an origin has no "
        . "path: write $page [origin-path]",
    "error 3 CorsAllowMethods 'get' (line 3 of .htaccess): browsers send it in "
        . 'upper case: write GET [name-lower-case]',
    "error 4 CorsMaxAge '90000s' (line 4 of .htaccess): no browser caches a preflight "
        . 'for more than a day: write 86400 or less [max-age-too-long]',
], 'each has its message';
stays('wrong lines');

for (
    [ 'no such directive', "CorsAllowOrigins *\n",
      qr/^error 1 Invalid command 'CorsAllowOrigins', perhaps misspelled/ ],
    [ 'two lines together', "CorsAllowOrigin *\nCorsAllowCredentials On\n",
      qr/^error 2 .* no browser takes credentials with \*: .*\[credentials-any-origin\]$/ ],
    [ 'not in .htaccess', "CorsAllowOrigin $page\nCorsAllowUnsafe public-suffixes\n",
      qr/^error 2 CorsAllowUnsafe not allowed here$/ ],
    [ 'a ceiling', "CorsLimitOrigin *\n",
      qr/^error 1 CorsLimitOrigin/ ],
    [ 'a foreign directive beside a wrong one',
      "Header set X-Y z\nCorsAllowOrigin $page/\n",
      qr/^error 1 only Cors directives, comments and blank lines can stand here;error 2 .*\[origin-path\]$/ ],
) {
    my ($what, $text, $expected) = @$_;
    my $res = put($text);
    is $res->{status}, 422, "$what: refused";
    like join(';', messages($res)), $expected, "$what: and says why";
    stays($what);
}

# Lines that must not reach httpd at all.
for (
    [ 'another directive', 'Header set X-Y z' ],
    [ 'a handler', '  SetHandler cgi-script' ],
    [ 'a file', 'Include /etc/passwd' ],
    [ 'a section', '<If "true">' ],
    [ 'the end of the section', '</Directory>' ],
    [ 'a directive in another alphabet', "\xd0\xa1orsAllowOrigin *" ],
    [ 'a mark before the text', "\xef\xbb\xbfCorsAllowOrigin *" ],
    [ 'a name that goes on', 'Cors-AllowOrigin *' ],
    [ 'the end in a quote', 'CorsAllowOrigin"x" *' ],
    [ 'NUL', "CorsAllowOrigin *\0", qr/control character/ ],
    [ 'NUL in a comment', "# \0", qr/control character/ ],
    [ 'a carriage return', "# \rHeader set X-Y z", qr/control character/ ],
    [ 'a vertical tab', "\x0bHeader set X-Y z", qr/control character/ ],
    [ 'NEL', "# \xc2\x85Header set X-Y z", qr/control character/ ],
    [ 'a line that goes on', "CorsAllowOrigin \\\nHeader", qr/can't end with \\/ ],
    [ 'a comment that goes on', '# \\', qr/can't end with \\/ ],
    [ 'a variable', 'CorsAllowOrigin https://${PATH}', qr/\$\{\.\.\.\}/ ],
) {
    my ($what, $line, $expected) = @$_;
    my $res = put("CorsAllowOrigin $page\n$line\n");
    is $res->{status}, 422, "$what: refused";
    like +(messages($res))[0], $expected
        || qr/^error 2 only Cors directives, comments and blank lines/,
        "$what: and says why";
    unlike $res->{body}, qr{/usr/bin}, "$what: and shows no variable";
    stays($what);
}
is put("# \xff\n")->{status}, 400, 'not UTF-8';
stays('not UTF-8');

# As long as can be, and longer.
my $limit = 16 * 1024;
my $line = '#' . 'x' x 62 . "\n";
is put($line x ($limit / 64))->{status}, 200, '16 KiB are taken';
is put($good)->{status}, 200, 'back to the policy';
for my $how ([], [ '-H', 'Transfer-Encoding: chunked' ]) {
    is put($line x ($limit / 64) . "\n", @$how)->{status}, 413,
        "a byte more is not: @$how";
    is put($line x 100_000, @$how)->{status}, 413, "nor 6 MB: @$how";
}
stays('too long');
like put('CorsAllowOrigin ' . 'https://a.example ' x 600)->{body},
    qr/Line too long|"line":1/, 'httpd says itself how long a line may be';
stays('a long line');

# No path leads anywhere else.
sub files { grep { !m{/try/|/body$} } sort glob "$run/{,.}* $run/*/{,.}*" }

my @there = files();
for my $path (qw(/policy/../x /policy/..%2f..%2fx /policy/.htaccess
    /policy?file=/tmp/x /policy/%00 /sandbox/.htaccess /demo.conf
    /cgi/policy.cgi)) {
    ask($path, '-X', 'PUT', '--path-as-is', @own, body("$good\n"));
    curl("http://localhost:$api$path", '-X', 'PUT', '--path-as-is', @own,
        body($good));
}
is_deeply [ files() ], \@there, 'a path makes no file';
like slurp($file), qr/\A\Q$good\E\n?\z/, 'and changes no other';
put($good);

# Who is not this page.
my @foreign = (
    [ 'no origin', [] ],
    [ 'another origin', [ '-H', 'Origin: https://evil.example' ] ],
    [ 'the API', [ '-H', "Origin: http://localhost:$api" ] ],
    [ 'an address', [ '-H', "Origin: http://127.0.0.1:$port" ] ],
    [ 'null', [ '-H', 'Origin: null' ] ],
    [ 'two origins', [ @own, '-H', 'Origin: https://evil.example' ] ],
    [ 'another site', [ @own, '-H', 'Sec-Fetch-Site: cross-site' ] ],
    [ 'the same site', [ @own, '-H', 'Sec-Fetch-Site: same-site' ] ],
    [ 'no page', [ @own, '-H', 'Sec-Fetch-Site: none' ] ],
    [ 'another name', [ '-H', "Host: evil.example:$port", '-H',
        "Origin: http://evil.example:$port" ] ],
    [ 'another name for its own', [ @own, '-H', "Host: evil.example:$port" ] ],
);
for (@foreign) {
    my ($what, $arguments) = @$_;
    is ask('/policy', '-X', 'PUT', @$arguments, body('# evil'))->{status}, 403,
        "$what: can't write";
    is ask('/explain', @$arguments, body("GET $page/"))->{status}, 403,
        "$what: can't ask";
    next if $what eq 'no origin';
    is ask('/policy', @$arguments)->{status}, 403, "$what: can't read";
}
stays('foreign pages');
is_deeply cors(ask('/policy', '-X', 'OPTIONS', '-H', 'Origin: https://evil.example',
    '-H', 'Access-Control-Request-Method: PUT')), {},
    'a preflight of a foreign page finds no policy';
for my $method (qw(POST DELETE PATCH)) {
    is ask('/policy', '-X', $method, @own, body('# evil'))->{status}, 405,
        "$method is nothing that the policy takes";
}
is ask('/explain')->{status}, 405, 'nor GET what explanations do';
stays('other methods');

# What goes wrong on the server's side.  The script is run by hand, where that
# needs another environment.
my %env = (CORS_RUN => $run, CORS_PORT => $port, CORS_API_PORT => $api,
    CORS_ROOT => '.', CORS_HTTPD => CorsTest::httpd(), REQUEST_METHOD => 'PUT',
    HTTP_HOST => "localhost:$port", HTTP_ORIGIN => $page);

sub by_hand {
    my ($with, $before) = @_;
    local @ENV{ keys %env, keys %$with } = (values %env, values %$with);
    CorsTest::write_file("$run/body", "CorsAllowOrigin *\n");
    my $script = "$before exec demo/cgi/policy.cgi";
    my $text = `bash -c '$script' <"$run/body" 2>&1`;
    my ($status) = $text =~ /^Status: (\d+)/;
    return "$status $text";
}

like by_hand({ CORS_HTTPD => '/nonexistent/httpd' }, ''),
    qr{^500 .*"configtest can't be run, so that nothing was changed: }s,
    'no httpd';
stays('no httpd');
like by_hand({ CORS_HTTPD => '/bin/false' }, ''), qr{^422 }s,
    'an httpd that says nothing';
stays('an httpd that says nothing');
like by_hand({ CORS_API_PORT => 1 }, ''),
    qr{^503 .*The API does not answer, so that nothing was changed}s,
    'no server';
stays('no server');
like by_hand({}, 'trap "" XFSZ; ulimit -f 0;'),
    qr{^507 .*can't be written, and the old one stays: .*/try/}s, 'a full disk';
stays('a full disk');
like by_hand({ CORS_RUN => '' }, ''), qr{^500 .*does not set CORS_RUN}s,
    'no setting';
# What root has made by hand, the server may not change.
unlink "$run/try/.htaccess";

chmod 0555, "$run/sandbox";
$res = put("CorsAllowOrigin *\n");
is $res->{status}, 500, 'a folder that can\'t be written';
like $res->{json}{error}, qr/can't be written, and the old one stays: .*denied/,
    'says so';
stays('a folder that can\'t be written');
chmod 0755, "$run/sandbox";
is put($good)->{status}, 200, 'then it works again';

# Two at once: one after the other, and each has its own answer.
my @texts = map { "CorsAllowOrigin https://a$_.example\n" } 1 .. 8;
my @pids = map { my $text = $_; my $pid = fork;
    if (!$pid) {
        CorsTest::write_file("$run/body.$$", $text);
        my $res = curl("$page/policy", '-X', 'PUT', @own, '--data-binary',
            "\@$run/body.$$");
        require POSIX;
        POSIX::_exit($res->{status} == 200 && index($res->{body},
            $text =~ s/\n//r) > 0 ? 0 : 1);
    }
    $pid } @texts;
is scalar(grep { waitpid $_, 0; $? } @pids), 0, 'eight writers at once';
my $last = slurp($file);
is scalar(grep { $_ eq $last } @texts), 1, 'leave the policy of one';

# Explanations of this very configuration.
put($good);
$res = ask('/explain', @own, body(<<"END"));
GET 'http://localhost:$api/sandbox/orders' --origin '$page'
DELETE http://localhost:$api/sandbox/orders --origin $page
END
is $res->{status}, 200, 'explanations' or diag $res->{body};
my ($read, $deleted) = @{ $res->{json}{answers} || [] };
is $read->{outcome}, 'allowed', 'the first is allowed';
is $deleted->{reason}, 'method-not-allowed', 'the second is not';
is_deeply $deleted->{decided}, { directive => 'CorsAllowMethods',
    file => '.htaccess', line => 3 }, 'by this line';
unlike $res->{body}, qr/\Q$run\E/, 'no folder is told';
for my $line ('GET', q(GET 'x), "GET $page/ --httpd /bin/id", "GET $page/ -f /etc/passwd",
    "GET $page/ --check /etc/passwd", "GET $page/ --har /etc/passwd",
    "GET $page/ -D X", 'x' x 20_000) {
    my $res = ask('/explain', @own, body("$line\n"));
    like $res->{status}, qr/^4/, 'no explanation of ' . substr $line, 0, 40;
    unlike $res->{body}, qr/uid=|root:/, 'and nothing else';
}

is end_demo($demo, 'INT'), 0, 'ends';
done_testing();
