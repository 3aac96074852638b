# What the page of CorsInfo and Prometheus are told of each set: its list and how
# old that is, what is left out, what failed, and what was asked.

use strict;
use warnings;
use lib 't/lib';
use JSON::PP qw(decode_json);
use Test::More;
use Time::HiRes qw(sleep);
use CorsRedis;
use CorsSets;
use CorsTest;

CorsService::needs('CorsRedis',
    [ scalar(`ldd build/mod_cors.so` =~ /libhiredis/), 'libhiredis-dev' ]);

my $redis = CorsRedis->start;
$redis->list('https://shop.example');

# One process: each keeps answers of its own.
my $s = CorsTest->start(<<"CONF",
LogLevel cors:notice
@{[ CorsSets::ONE_PROCESS ]}
CorsOriginSet partners file:htdocs/p.origins refresh=1s stale=1h
CorsOriginSet others file:htdocs/q.origins refresh=1s stale=forever
CorsOriginSet shops redis:127.0.0.1:$redis->{port}/<cors>: refresh=1h
CorsOriginSet real redis:127.0.0.1:$redis->{port}/cors: refresh=1h
<Location /api>
  CorsAllowOrigin \@partners \@others
</Location>
<Location /shop>
  CorsAllowOrigin \@real
</Location>
<Location /odd>
  CorsAllowOrigin \@shops
</Location>
<Location /cors-info>
  CorsInfo On
  Require local
</Location>
CONF
    -modules => ['watchdog'], 'api/x.txt' => "x\n", 'shop/x.txt' => "x\n",
    'p.origins' => "https://a.example\nhttps://*.b.example\n",
    'q.origins' => "# nobody\n");
my $file = "$s->{root}/htdocs/p.origins";

sub sets {
    my $body = $s->get('/cors-info?format=json')->{body};
    return map { ($_->{name} => $_) } @{ decode_json($body)->{sets} };
}

# Of the set that changes.
sub state { my %set = sets(); return $set{partners} }

sub page { return $s->get('/cors-info')->{body} }

# The metrics of sets, by name and set.
sub metrics {
    my $body = $s->get('/cors-info?format=prometheus')->{body};
    return $body =~ /^mod_cors_set_(\w+\{set="\w+"\}) (\S+)$/mg;
}

sub write_new {
    my ($text) = @_;
    CorsTest::write_file("$file.new", $text);
    chmod 0644, "$file.new" or die "$file.new: $!\n";
    rename "$file.new", $file or die "$file: $!\n";
}

my %set = sets();
is_deeply [ sort keys %set ], [qw(others partners real shops)], 'all sets';
my $p = $set{partners};
like $p->{file}, qr{\.conf$}, 'the file of its line';
cmp_ok $p->{line}, '>', 0, 'and the line';
is_deeply [ @$p{qw(kind source generation origins patterns skipped rows refreshes
    failures failing error good_until)} ], [ 'file', 'file:htdocs/p.origins', 1,
    2, 1, 0, [], 1, 0, JSON::PP::false, undef, $p->{read_at} + 5 + 1 + 3600 ],
    'a list';
cmp_ok abs(time - $p->{read_at}), '<', 20, 'its time';
cmp_ok $p->{age}, '<', 20, 'its age';
ok exists $set{others}{good_until} && !defined $set{others}{good_until},
    'stale=forever has no end';
is_deeply [ @{ $set{real} }{qw(kind kept asked refused failures failing)} ],
    [ 'redis', 0, 0, 0, 0, JSON::PP::false ], 'a look-up';
ok !exists $set{real}{generation} && !exists $set{real}{refreshes},
    'which has no list';

my $html = page();
like $html, qr/<a href="#sets">Origin sets<\/a>/, 'the page leads to the sets';
like $html, qr/<h3><code>\@partners<\/code> from <code>file:htdocs\/p\.origins<\/code> <span class="at">line \d+ of [^<]+<\/span><\/h3>/,
    'the source and the line';
like $html, qr/<dt>origins<\/dt><dd>2, of which 1 is a pattern<\/dd>/, 'the origins';
like $html, qr/<dt>list<\/dt><dd>generation 1, found current \d+ s ago; holds for 36\d\d s if the source fails<\/dd>/,
    'the list in time';
like $html, qr/<dt>list<\/dt><dd>generation 1, found current \d+ s ago; holds however long the source fails<\/dd>/,
    'without an end';
like $html, qr/<dt>counted<\/dt><dd>1 lists read, 0 readings failed<\/dd>/, 'what is counted';
like $html, qr/redis:127\.0\.0\.1:\d+\/&lt;cors&gt;:/, 'a source is text';
unlike $html, qr/<dt>(?:left out|fails|failed last)</, 'nothing has failed';

# Rows that are no origins.
write_new("https://a.example\nhttps://<B>.example\n" . "null\n" x 11);
$s->wait_for('another list', sub { state()->{generation} == 2 });
%set = sets();
is $set{partners}{skipped}, 12, 'rows are left out';
is_deeply [ map { $_->{row} } @{ $set{partners}{rows} } ], [ 2 .. 11 ],
    'the first ten are shown';
is $set{partners}{rows}[0]{text}, 'https://<B>.example', 'with their text';
like $set{partners}{rows}[1]{means}, qr/leave it out$/, 'and what to do';
$html = page();
like $html, qr/<dt>left out<\/dt><dd>12 rows<\/dd>\n<dt>row 2<\/dt><dd>&#39;https:\/\/&lt;B&gt;\.example&#39;: /,
    'so does the page';
$s->announce(qr/row \d+ of file:htdocs\/p\.origins is left out/);

# A source that fails, and works again.
unlink $file;
$s->wait_for('a failure', sub { state()->{failing} });
%set = sets();
like $set{partners}{error}, qr/^it can't be opened: No such file/, 'why it fails';
cmp_ok $set{partners}{failures}, '>=', 1, 'it is counted';
cmp_ok abs(time - $set{partners}{failed_at}), '<', 20, 'and when';
is $set{partners}{generation}, 2, 'the list is the same';
like page(), qr/<dt>fails<\/dt><dd>it can&#39;t be opened: No such file or directory: [^<]+ \(\d+ s ago\)<\/dd>/,
    'the page says so';
my %metric = metrics();
is_deeply [ @metric{map { "$_\{set=\"partners\"}" } qw(failing origins
    skipped_rows refresh_seconds refreshes_total)} ], [ 1, 1, 12, 1, 2 ],
    'the metrics of a list';
is $metric{'read_timestamp_seconds{set="partners"}'}, $set{partners}{read_at},
    'when it was last current';
is $metric{'good_until_timestamp_seconds{set="partners"}'},
    $set{partners}{good_until}, 'until when it holds';
is $metric{'good_until_timestamp_seconds{set="others"}'}, '+Inf', 'for ever';
write_new("https://a.example\n");
$s->wait_for('it to work again', sub { !state()->{failing} });
like page(), qr/<dt>failed last<\/dt>/, 'the last failure stays on the page';
$s->announce(qr/CorsOriginSet partners .*it can't be opened/, qr/it works again/);

# Redis: one question, an answer that is kept, and a failure.
sub ask {
    my ($path, $origin) = @_;
    return cors($s->get($path, Origin => $origin))->{'Access-Control-Allow-Origin'};
}
is ask('/shop/x.txt', 'https://shop.example'), 'https://shop.example', 'allowed'
    for 1 .. 3;
$redis->kill_all;
is ask('/shop/x.txt', 'https://other.example'), undef, 'another is not';
ask('/shop/x.txt', 'https://third.example');
%set = sets();
my $kept = 2;
is_deeply [ @{ $set{real} }{qw(kept asked failing)} ],
    [ $kept, 2, JSON::PP::true ], 'what was kept and asked'
    or diag explain $set{real};
is $set{real}{failures}, 1, 'what failed';
is $set{real}{refused}, 1, 'what a limit held back: no question for a second';
%metric = metrics();
is_deeply [ @metric{map { "$_\{set=\"real\"}" } qw(kept_answers_total
    questions_total questions_refused_total failures_total failing)} ],
    [ $kept, 2, 1, 1, 1 ], 'the metrics of a look-up';
like page(), qr/<dd>2 look-ups by kept answers, 2 questions, 1 of them failed, 1 held back by a limit<\/dd>/,
    'the page has them';
$s->announce(qr/\[cors:error\] .*CorsOriginSet real /);

# What is known outlives a graceful restart.
my $before = state();
$s->reconfigure(sub { $_ .= "# more\n" });
my $after = state();
cmp_ok $after->{generation}, '>=', $before->{generation}, 'the generation grows on';
cmp_ok $after->{refreshes}, '>=', $before->{refreshes}, 'and the numbers';
$s->finish;
