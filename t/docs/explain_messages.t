# Who has a line of a browser's console and cors-explain needs no knowledge: the
# sentence of the console is one of README's table, and doing what cors-explain
# says to write, word for word, ends in a request that is allowed.

use strict;
use warnings;
use utf8;
use lib 't/lib';
use Encode qw(decode_utf8);
use JSON::PP ();
use Test::More;
use CorsTest;
use ExplainTest;

my $FLOOR = 10;     # messages
my $ROUNDS = 3;     # lines to change one after the other
my $APP = 'https://app.example.com';

my $s = CorsTest->start('');
my ($readme) = decode_utf8(CorsTest::slurp('README.md'))
    =~ /^## Console messages and fixes\n(.*?)^## /ms;
my @messages = map { my ($said) = /^\| (.*?) \|/; $said =~ /`(.*?)`/g }
    grep { /^\| `/ } split /\n/, $readme;

my $origin = "CorsAllowOrigin $APP\n";
my $credentials = '--credentials';
my @trace = ('--header', 'x-trace: 1');
my $rewrite = "${origin}RewriteEngine On\n";

# What the console says, the lines of the virtual host, and the request.
my @rows = (
    [ "No 'Access-Control-Allow-Origin' header", '', 'GET' ],
    [ "No 'Access-Control-Allow-Origin' header", '', 'PUT', @trace, $credentials,
        '--header', 'content-type: application/json' ],
    [ "No 'Access-Control-Allow-Origin' header",
        "CorsAllowOrigin https://other.example\n", 'GET' ],
    [ "No 'Access-Control-Allow-Origin' header",
        "CorsAllowOrigin https://other.example\n", 'PUT', @trace ],
    [ "No 'Access-Control-Allow-Origin' header", "CorsAllowOrigin none\n", 'GET' ],
    [ "No 'Access-Control-Allow-Origin' header", "${origin}CorsEngine Off\n",
        'GET' ],
    [ 'that is not equal to the supplied origin',
        "CorsAllowOrigin https://other.example\nCorsStaticOrigin On\n", 'GET' ],
    [ "must not be the wildcard '*'", "CorsAllowOrigin *\n", 'GET', $credentials ],
    [ "which must be 'true'", $origin, 'GET', $credentials ],
    [ "which must be 'true'", "${origin}CorsAllowCredentials Off\n", 'GET',
        $credentials ],
    [ 'is not allowed by Access-Control-Allow-Methods', $origin, 'PUT' ],
    [ 'is not allowed by Access-Control-Allow-Methods',
        "${origin}CorsAllowMethods GET\n", 'PUT' ],
    [ 'is not allowed by Access-Control-Allow-Headers', $origin, 'GET', @trace ],
    [ 'is not allowed by Access-Control-Allow-Headers',
        "${origin}CorsAllowHeaders X-One\n", 'GET', @trace,
        '--header', 'x-other: 1' ],
    [ 'is not allowed by Access-Control-Allow-Headers',
        "${origin}CorsAllowHeaders none\n", 'GET', @trace ],
    [ 'does not have HTTP ok status', "${origin}CorsAllowHeaders *\n", 'GET',
        '--header', 'authorization: x' ],
    [ 'does not have HTTP ok status', "${origin}CorsAllowMethods PUT\n"
        . "CorsAllowHeaders X-Trace\n", 'GET', @trace ],
    [ 'does not have HTTP ok status', "${rewrite}CorsAllowMethods GET PUT\n"
        . "RewriteCond %{REQUEST_METHOD} !=GET\nRewriteRule ^/ - [F]\n", 'PUT' ],
    [ "No 'Access-Control-Allow-Origin' header", "RewriteEngine On\n"
        . "RewriteCond %{REQUEST_METHOD} =OPTIONS\nRewriteRule ^ - [R=204,L]\n",
        'PUT' ],
    [ 'Redirect is not allowed for a preflight request',
        "Redirect / https://www.example.com/\n", 'PUT' ],
);

my $head = CorsTest::slurp("$s->{root}/conf/httpd.conf");
my $file = "$s->{root}/conf/asked.conf";
my $url = "http://api.example.com:$s->{port}/items";

sub ask {
    my ($method, @more) = @_;
    my ($text, $status, $error) = ExplainTest::run($s, '', '-f', $file, '--json',
        $method, $url, '--origin', $APP, @more);
    return (eval { JSON::PP->new->utf8->decode($text) } || { summary => $error },
        $status);
}

# Changes the file as the sentence says.  Knows nothing but its words: returns
# 0 if they name no line, or no change.
sub obey {
    my ($sentence) = @_;
    my @lines = split /\n/, CorsTest::slurp($file);
    my $at = qr/\(line (\d+) of \Q$file\E\)/;
    my ($write, @before, @after) = $sentence;
    my $below = $write =~ s/, and the line (.*) below it$// ? $1 : undef;
    $write =~ s/\. \S+ is listed at Cors\w+ $at: if that is a slip, take it out$//;
    if ($write =~ s/, and write Off in place of On at CorsStaticOrigin $at$//) {
        my $static = $1 - 1;
        $lines[$static] =~ s/\S+$/Off/;
    }
    my $cond = qr/RewriteCond .*?/;
    my ($what, $old, $line);
    if (($what, $line) = $write =~ /^add (.+) to Cors\w+ $at$/) {
        $lines[$line - 1] .= " $what";
    }
    elsif (($what, $old, $line)
        = $write =~ /^write (\S+?)(?:, and each other origin that needs it,)? in place of (\S+) at Cors\w+ $at$/) {
        $lines[$line - 1] =~ s/ \Q$old\E$/ $what/ or return 0;
    }
    elsif (($what, $line) = $write
        =~ /^write (?:the lines? )?(.+) (?:below Cors\w+|into virtual host \S+) $at$/) {
        @after = split /, | and /, $what;
    }
    elsif (($line, @before) = $write =~ /^let preflights pass RewriteRule .* $at: write ($cond) and ($cond) before its other conditions/) {
        $line-- while $lines[$line - 2] =~ /RewriteCond/;
    }
    return 0 if !$line;
    push @after, $below if defined $below;
    splice @lines, $line, 0, @after;
    splice @lines, $line - 1, 0, @before;
    CorsTest::write_file($file, join '', map { "$_\n" } @lines);
    return 1;
}

for my $row (@rows) {
    my ($console, $lines, @request) = @$row;
    CorsTest::write_file($file, "$head<VirtualHost *:$s->{port}>\n"
        . "ServerName api.example.com\n$lines</VirtualHost>\n");
    my $what = join ' ', "$console:", $lines =~ s/\n/; /gr, @request;
    my ($answer, $status) = ask(@request);
    my ($said) = grep { index($answer->{console}{chromium} // '', $_) >= 0 }
        map { /([^…]{10,})/g } @messages;
    like $answer->{console}{chromium} // 'nothing', qr/\Q$console\E/,
        "$what the console";
    ok defined $said, 'is one of README\'s';
    my $rounds = 0;
    while ($status == 1 && $rounds++ < $ROUNDS) {
        ok defined $answer->{write} && obey($answer->{write}), 'says what to write'
            or last;
        note $answer->{write};
        ($answer, $status) = ask(@request);
    }
    is $status, 0, 'and that ends in an allowed request'
        or diag explain $answer;
}
cmp_ok scalar @rows, '>=', $FLOOR, 'enough messages';

$s->finish;
