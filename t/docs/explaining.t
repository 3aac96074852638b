# docs/explaining.md: the example does what the page says, and the formats of the
# page and of conf/ are those that cors-explain reads.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;
use ExplainTest;

my $page = CorsTest::slurp('docs/explaining.md');
my ($conf) = $page =~ /^```apache\n(.*?)^```/ms;
my ($command) = $page =~ /^```sh\n(.*?)^```/ms;
my ($text) = $page =~ /^```\n(PUT .*?)^```/ms;
my ($requests) = $page =~ /^```\n(GET .*?)^```/ms;
my ($expected) = $page =~ /^```\n(allow .*?)^```/ms;

my $s = CorsTest->start("Include \"\@ROOT\@/htdocs/api.conf\"\n",
    'api.conf' => $conf);

# Spaces count for nothing: paths differ in length.
sub plain {
    my ($output) = @_;
    $output =~ s{\Q$s->{root}\E/htdocs/api\.conf}
                {/etc/apache2/sites-enabled/api.conf}g;
    $output =~ s/\s+/ /g;
    return $output;
}

my (undef, @arguments) = split ' ', $command =~ s/\\\n//r;
my ($output, $status) = ExplainTest::run($s, '', @arguments);
is $status, 1, 'the status';
like plain($output), qr/httpd does not listen on port 80, though/,
    'the example stands for a server on port 80';
is plain($output =~ s/^note .*//msr), plain($text), 'the text of the page';

($output, $status) = ExplainTest::run($s, $requests, '--');
is $status, 1, 'the requests of the page' or diag $output;
is scalar(() = $output =~ /^server /mg), 2, 'each of them';

CorsTest::write_file("$s->{root}/expected", $expected);
($output, $status) = ExplainTest::run($s, '', '--check', "$s->{root}/expected");
is $status, 1, 'the expectations of the page are read';
like $output, qr/^line 2: allow .*credentials.*^\d of 3 hold$/ms,
    'all but that one hold here' or diag $output;
($output, $status) = ExplainTest::run($s, '', '--check',
    'conf/cors-expectations.example');
is $status, 1, 'the expectations of conf/ are read';
like $output, qr/^\d of 4 hold$/m, 'and held against the configuration'
    or diag $output;

# The completion is one that bash takes.
is system('bash', '-c', 'source conf/completions/cors-explain'), 0,
    'bash takes the completion';
my @words = split /\n/, `bash -c 'source conf/completions/cors-explain
    _cors_explain cors-explain --he PUT; printf "%s\\n" "\${COMPREPLY[\@]}"'`;
is_deeply [ sort @words ], [ qw(--header --help) ], 'and completes options';

$s->finish;
