# A Prometheus scrapes the page of CorsInfo, as docs/counting.md configures it,
# and has the exact numbers.  promtool accepts the page.

use strict;
use warnings;
use lib 't/lib';
use File::Copy qw(copy);
use File::Temp qw(tempdir);
use JSON::PP qw(decode_json);
use POSIX ();
use Test::More;
use CorsTest;

my ($prometheus, $promtool) = map { CorsTest::program($_) } qw(prometheus promtool);
plan skip_all => 'prometheus and promtool are not installed: prometheus'
    unless ($prometheus && $promtool) || $ENV{CORS_TEST_ALL};
ok $prometheus && $promtool, 'prometheus and promtool, of the package prometheus'
    or die "install the package prometheus\n";

my $A = 'https://a.example';
my $page = CorsTest::slurp('docs/counting.md');
my ($section) = CorsTest::blocks($page, 'Prometheus', 'apache');
$section =~ s/^ *Require ip .*$/  Require local/m or die "no Require ip\n";
my $s = CorsTest->start(<<"INFO" . <<'CONF',
<VirtualHost *:\@PORT\@>
  ServerName info.example
  $section
</VirtualHost>
INFO
LogLevel cors:warn
<VirtualHost *:@PORT@>
  ServerName test.example
  CorsAllowOrigin https://a.example
  CorsAllowMethods GET PUT
  <Location /try>
    CorsEngine DetectionOnly
  </Location>
  <Location /enforcing>
    CorsEnforce All DetectionOnly
  </Location>
  <Location /enforced>
    CorsEnforce All
  </Location>
</VirtualHost>
<VirtualHost *:@PORT@>
  ServerName second.example
  CorsAllowOrigin *
</VirtualHost>
# No host has such a name, and yet it is text.
<VirtualHost *:@PORT@>
  ServerName 'a"b\\c.example'
  ServerAlias odd.example
  CorsAllowOrigin *
</VirtualHost>
CONF
    'with/.htaccess' => "CorsAllowOrigin *\nCorsAllowCredentials On\n",
    'with/index.html' => "x\n");
$s->announce(qr/CorsAllowCredentials On .* meets CorsAllowOrigin \*/);
my ($first, $second, $odd) = map { "$_.example:$s->{port}" } qw(test second a"b\c);

# --- A Prometheus with the page's configuration.

my ($config) = CorsTest::blocks($page, 'Prometheus', 'yaml');
$config =~ s/'api\.example\.com'/'127.0.0.1:$s->{port}'/
    or die "no target in docs/counting.md\n";
# The other form of the text is scraped by a second job.
my ($job) = $config =~ /^(  - job_name: cors\n.*)/ms or die "no job\n";
$config .= $job =~ s/cors$/plain\n    params:\n      format: [ prometheus ]/mr;
my $dir = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
CorsTest::write_file("$dir/prometheus.yml",
    "global:\n  scrape_interval: 250ms\n  evaluation_interval: 250ms\n$config");
copy('conf/prometheus-alerts.yml', $dir) or die "conf/prometheus-alerts.yml: $!\n";
my $out = `'$promtool' check config '$dir/prometheus.yml' 2>&1`;
is $?, 0, 'promtool accepts the configuration' or diag $out;

my $port = CorsTest::free_port();
my ($pid, $owner);

sub start_prometheus {
    $owner = $$;
    $pid = fork // die "fork: $!\n";
    return if $pid;
    open STDOUT, '>', "$dir/log" or POSIX::_exit(127);
    open STDERR, '>&', \*STDOUT or POSIX::_exit(127);
    { exec $prometheus, "--config.file=$dir/prometheus.yml",
        "--storage.tsdb.path=$dir/data",
        "--web.listen-address=127.0.0.1:$port" }
    POSIX::_exit(127);
}

sub stop_prometheus {
    return unless $pid && $$ == $owner;
    local $?;
    kill KILL => $pid;
    waitpid $pid, 0;
    undef $pid;
}
END { stop_prometheus() }

# Asks its API; returns undef until there is an answer.
sub ask {
    my ($path, @data) = @_;
    die "prometheus has ended:\n" . CorsTest::slurp("$dir/log")
        if waitpid $pid, POSIX::WNOHANG();
    my $res = curl("http://127.0.0.1:$port/api/v1/$path", '-G',
        map { ('--data-urlencode', $_) } @data);
    return $res->{status} == 200 ? decode_json($res->{body})->{data} : undef;
}

# The numbers of a job that are not 0, by family, virtual host, kind and outcome.
sub numbers {
    my ($job) = @_;
    my $data = ask('query', qq(query={__name__=~"mod_cors_.+_total",job="$job"} > 0))
        or return {};
    return { map { my $of = $_->{metric};
        (join(' ', @$of{qw(__name__ vhost kind outcome)}) => $_->{value}[1]) }
        @{ $data->{result} } };
}

# Waits until they are these: the test fails with what there is instead.
sub is_scraped {
    my ($expected, $what) = @_;
    my %wanted = map { ("mod_cors_$_" => $expected->{$_}) } keys %$expected;
    for my $job (qw(cors plain)) {
        my $found;
        eval { $s->wait_for('a scrape', sub { $found = numbers($job);
            JSON::PP->new->canonical->encode($found)
                eq JSON::PP->new->canonical->encode({ map { ($_ => "$wanted{$_}") }
                    keys %wanted }) }) };
        is_deeply $found, \%wanted, "$what: job $job"
            or die "there is no use in waiting for more\n";
    }
}

# --- What is counted is what it has.

$s->preflight('/', $A, 'PUT') for 1 .. 3;
$s->preflight('/', $A, 'DELETE');
$s->get('/', Origin => $A) for 1 .. 4;
$s->get('/', Origin => 'https://b.example') for 1 .. 5;
$s->get('/', Origin => 'nonsense');
$s->get('/', Origin => $A, Host => 'second.example') for 1 .. 6;
$s->get('/', Origin => $A, Host => 'odd.example');
my %expected = ("requests_total $first preflight allowed" => 3,
    "requests_total $first preflight method-not-allowed" => 1,
    "requests_total $first actual allowed" => 4,
    "requests_total $first actual origin-not-allowed" => 5,
    "requests_total $first actual origin-malformed" => 1,
    "requests_total $second actual allowed" => 6,
    "requests_total $odd actual allowed" => 1);
start_prometheus();
is_scraped(\%expected, 'requests');

$s->get('/try/', Origin => $A) for 1 .. 2;
$s->get('/with/', Origin => $A);
my @foreign = ('Sec-Fetch-Site' => 'cross-site', 'Sec-Fetch-Mode' => 'no-cors');
$s->get('/enforcing/', @foreign);
$s->get('/enforced/', @foreign) for 1 .. 2;
$expected{"requests_total $first actual allowed"} += 3;
$expected{"requests_total $first actual origin-missing"} = 3;
$expected{"responses_total $first response differs"} = 2;
$expected{"credentials_total $first credentials withheld"} = 1;
$expected{"enforcements_total $first enforcement would-refuse"} = 1;
$expected{"enforcements_total $first enforcement refused"} = 2;
is_scraped(\%expected, 'all that is counted');

my $began = ask('query', 'query=mod_cors_counting_start_time_seconds{job="cors"}');
my $ago = time - $began->{result}[0]{value}[1];
cmp_ok $ago, '>=', 0, 'counting has begun';
cmp_ok $ago, '<', 300, 'not long ago';

# Prometheus asks for OpenMetrics, where a family has no suffix.
for ([ 'mod_cors_requests', 'cors' ], [ 'mod_cors_requests_total', 'plain' ]) {
    my ($family, $job) = @$_;
    my $known = ask('targets/metadata', "metric=$family");
    is_deeply [ map { "$_->{target}{job} $_->{type}" } @$known ],
        [ "$job counter" ], "$family, to the job $job";
}

# The rules are evaluated, and these requests are what three of them are for.
my @alerts;
eval { $s->wait_for('alerts', sub {
    @alerts = grep { $_->{labels}{job} eq 'cors' } @{ (ask('alerts') || {})->{alerts} };
    @alerts >= 3 }) };
is_deeply [ sort map { "$_->{labels}{alertname} $_->{labels}{vhost} $_->{state}" } @alerts ],
    [ map { "$_ $first firing" } qw(CorsCredentialsWithheld CorsEnforceWouldRefuse
        CorsResponsesDiffer) ], 'the alerts';
my @rules = map { @{ $_->{rules} } } @{ ask('rules')->{groups} };
cmp_ok scalar @rules, '>=', 6, 'the rules were loaded';
is_deeply [ map { "$_->{name}: $_->{lastError}" } grep { $_->{health} ne 'ok' } @rules ],
    [], 'and none fails';
stop_prometheus();

# --- promtool reads the plain form.

sub accepts {
    my ($text) = @_;
    CorsTest::write_file("$dir/metrics", $text);
    my $said = `'$promtool' check metrics <'$dir/metrics' 2>&1`;
    return wantarray ? ($? == 0 && $said eq '', $said) : $? == 0 && $said eq '';
}

my @page = (Host => "127.0.0.1:$s->{port}");
for ([ '/cors-info?format=prometheus' ], [ '/cors-info', Accept => 'text/plain' ]) {
    my $res = $s->get(@$_, @page);
    is +(CorsTest::all($res, 'Content-Type'))[0],
        'text/plain; version=0.0.4; charset=utf-8', "@$_: the type";
    like $res->{body}, qr/^mod_cors_requests_total\{vhost="\Q$first\E",kind="preflight",outcome="allowed"\} 3$/m,
        'the number';
    my ($ok, $said) = accepts($res->{body});
    ok $ok, 'promtool accepts it, and has no advice' or diag $said;
    ok !accepts($res->{body} =~ s/^# HELP .*\n//mr), 'but would not without a # HELP';
}

$s->finish;
