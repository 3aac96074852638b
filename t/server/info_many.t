# The page of CorsInfo on a server with thousands of virtual hosts: it stays
# short and fast, says that it shows a part, and explains every host.

use strict;
use warnings;
use lib 't/lib';
use JSON::PP ();
use Test::More;
use Time::HiRes qw(time);
use CorsTest;
use ExplainTest;

my $HOSTS = 3_000;
my $SHOWN = 500;        # places
my $COUNTED = 30;       # virtual hosts that get a request

my $s = CorsTest->start(<<'CONF' . join '', map { <<"HOST" } 1 .. $HOSTS);
<VirtualHost *:@PORT@>
  ServerName test.example
  <Location /cors-info>
    CorsInfo On
    Require local
  </Location>
</VirtualHost>
CONF
<VirtualHost *:\@PORT\@>
  ServerName h$_.example
  CorsAllowOrigin https://app$_.example
  CorsAllowMethods GET PUT
</VirtualHost>
HOST

sub timed {
    my ($what, $does) = @_;
    my $begin = time;
    my $result = $does->();
    cmp_ok time - $begin, '<', 5, "$what: in time";
    return $result;
}
sub json { ExplainTest::ask_page($s, '/cors-info', $_[0]) }

my $html = timed('HTML', sub { $s->get('/cors-info') });
is $html->{status}, 200, 'the page';
cmp_ok length $html->{body}, '<', 500_000, length($html->{body}) . ' bytes';
is scalar(() = $html->{body} =~ /<article>/g), $SHOWN, 'a part of the policies';
like $html->{body}, qr/These are the first $SHOWN places/, 'says so';
cmp_ok scalar(() = $html->{body} =~ /<option value="http:/g), '<=', 100,
    'hosts that it proposes';

my $part = timed('JSON', sub { json('') });
is scalar @{ $part->{places} }, $SHOWN, 'JSON: a part';
ok !$part->{complete}, 'JSON: not complete';
my $last = json("host=h$HOSTS.example");
is_deeply [ map { $_->{server}{name} } @{ $last->{places} } ],
    ["h$HOSTS.example"], 'JSON: the last virtual host';
ok $last->{complete}, 'JSON: all of it';
like $s->get("/cors-info?host=h$HOSTS.example")->{body},
    qr/<code>h$HOSTS\.example<\/code>/, 'HTML: the last virtual host';

my $answer = timed('a question', sub { json(join '&',
    "url=http://h$HOSTS.example:$s->{port}/", "origin=https://app$HOSTS.example",
    'method=PUT') })->{explanation};
is $answer->{outcome}, 'allowed', 'the last virtual host is explained';
is $answer->{server}{name}, "h$HOSTS.example", 'by its name';

# Numbers.
$s->get('/', Host => "h$_.example", Origin => "https://app$_.example")
    for 1 .. $COUNTED;
is scalar @{ json('')->{counted}{hosts} }, $COUNTED, 'JSON: each host that counted';
my $metrics = timed('OpenMetrics', sub { $s->get('/cors-info?format=openmetrics') });
my %vhost = map { $_ => 1 } $metrics->{body} =~ /vhost="([^"]*)"/g;
is scalar keys %vhost, $COUNTED, 'OpenMetrics: the same';
my ($table) = $s->get('/cors-info')->{body} =~ /<h2 id="counters-title">(.*)/s;
my %column = map { $_ => 1 } $table =~ /(h\d+\.example)/g;
is scalar keys %column, 20, 'HTML: the first 20 of them';

$s->finish;
