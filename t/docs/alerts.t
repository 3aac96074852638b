# conf/prometheus-alerts.yml: promtool accepts the rules, t/conf/alerts.yml has
# what each says and when, and docs/counting.md names them all.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $rules = CorsTest::slurp('conf/prometheus-alerts.yml');
my @alerts = $rules =~ /^ *- alert: (\w+)$/mg;
cmp_ok scalar @alerts, '>=', 5, 'the alerts were found';
my $tests = CorsTest::slurp('t/conf/alerts.yml');
my ($page) = CorsTest::slurp('docs/counting.md')
    =~ /^## Prometheus\n(.*?)(?=^## |\z)/ms;
for my $alert (@alerts) {
    like $tests, qr/^ *- alertname: $alert\n *eval_time: \w+\n *exp_alerts:\n/m,
        "$alert: a test in which it fires";
    like $tests, qr/^ *- alertname: $alert\n *eval_time: \w+\n *exp_alerts: \[\]\n/m,
        "$alert: a test in which it does not";
    like $page, qr/^\| `$alert` \|/m, "$alert: in docs/counting.md";
}

# What the rules ask for is what the module writes.
my $sources = join '', map { CorsTest::slurp($_) } glob 'src/observe/metrics.c';
my %families = map { $_ => 1 } $rules =~ /\b(mod_cors_(?!set_)\w+)_total\b/g;
is_deeply [ sort keys %families ], [ sort $sources =~ /"(mod_cors_\w+)",\n/g ],
    'the rules look at every family';
like $page, qr/^\| `$_\_total` \|/m, "$_: in docs/counting.md" for sort keys %families;

my %is_counter = $sources =~ /"(mod_cors_set_\w+)", ([01]),/g;
my %of_sets = map { ($is_counter{$_} ? "${_}_total" : $_) => 1 } keys %is_counter;
cmp_ok scalar keys %of_sets, '>=', 11, 'the metrics of sets were found';
like $page, qr/^\| `$_` \|/m, "$_: in docs/counting.md" for sort keys %of_sets;
is_deeply [ grep { !$of_sets{$_} } $rules =~ /\b(mod_cors_set_\w+)/g ], [],
    'the rules ask for no other';

my ($shown) = CorsTest::blocks(CorsTest::slurp('docs/sets.md'), 'Monitoring',
    'yaml');
my $squeezed = join ' ', split ' ', $rules;
like $squeezed, qr/\Q@{[ join ' ', split ' ', $shown ]}\E/,
    'docs/sets.md has a rule as it is';

SKIP: {
    my $promtool = CorsTest::program('promtool');
    skip 'promtool is not installed: prometheus', 2
        unless $promtool || $ENV{CORS_TEST_ALL};
    ok $promtool, 'promtool, of the package prometheus' or last SKIP;
    my $said = `'$promtool' check rules conf/prometheus-alerts.yml 2>&1`;
    is $?, 0, 'promtool accepts the rules' or diag $said;
    $said = `'$promtool' test rules t/conf/alerts.yml 2>&1`;
    is $?, 0, 'they say what they should' or diag $said;
}

done_testing();
