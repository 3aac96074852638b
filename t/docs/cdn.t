# docs/cdn.md: its policies behind a cache that ignores Vary, and its table.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my ($app, $admin) = map { "https://$_.example.com" } qw(app admin);
my $page = CorsTest::slurp('docs/cdn.md');

my ($block) = $page =~ /^```apache\n(.*?)^```$/ms;
my $s = CorsTest->start(<<"CONF",
Listen 127.0.0.1:\@PORT2\@
<VirtualHost 127.0.0.1:\@PORT\@>
  CacheRoot "\@ROOT\@/cache"
  CacheEnable disk /
  CacheHeader On
  CacheIgnoreHeaders Vary
  ProxyPass / http://127.0.0.1:\@PORT2\@/
</VirtualHost>
<VirtualHost 127.0.0.1:\@PORT2\@>
  Header set Cache-Control max-age=600
  $block
  <Location "/list">
    CorsAllowOrigin $app $admin
  </Location>
</VirtualHost>
CONF
    map { ("$_/x" => "x\n") } qw(fonts static list));

# What the page's command shows: the origin, and whether the cache had it.
sub ask {
    my ($path, $origin) = @_;
    my $res = $s->get($path, $origin ? (Origin => $origin) : ());
    my ($hit) = join(' ', CorsTest::all($res, 'X-Cache')) =~ /^(HIT|MISS)/;
    return join ' ', $hit || 'none',
        cors($res)->{'Access-Control-Allow-Origin'} || 'none';
}
my %seen = map { my $path = $_; $path =>
    [ map { ask($path, $_) } $app, $app, $admin, '' ] }
    qw(/fonts/x /static/x /list/x);
is_deeply $seen{'/fonts/x'}, [ 'MISS *', ('HIT *') x 3 ],
    '* behind a cache without Vary: all alike';
is_deeply $seen{'/static/x'}, [ "MISS $app", ("HIT $app") x 3 ],
    'CorsStaticOrigin: all alike';
is_deeply $seen{'/list/x'}, [ "MISS $app", ("HIT $app") x 3 ],
    'a list: the other page gets the first one\'s response';
like $page, qr/sends one page's response\s+to the other page/, 'as the page warns';

# Each row of the table links a documentation, and says what to set.
my ($table) = $page =~ /^## What networks and caches do\n(.*?)^## /ms;
my @rows = grep { !/^\| (?:network|---)/ } $table =~ /^(\|.*)$/mg;
is scalar @rows, 9, 'nine networks and caches';
for my $row (@rows) {
    my ($name, $does, $set) = $row =~ /^\| (.*?) \| (.*?) \| (.*) \|$/;
    like $does, qr{\[Documentation\]\(https://[\w./#-]+\)}, "$name: a source";
    like $set, qr/\w/, "$name: a setting";
}
$s->finish;
