# cors-migrate against httpd: each recipe of t/migrate/corpus, and random ones
# of the same grammar, is run by mod_headers, and its translation by mod_cors.
# A browser is permitted no more by the translation; it is permitted the same
# where the recipe was right, and less only with a word.
#
# MIGRATE_RANDOM: how many random recipes, 100 if not given.
# MIGRATE_SEED: of these.  If not given, a short run has the same ones each
# time, so that what lands does not depend on luck; a long run has new ones.

use strict;
use warnings;
use lib 't/lib', 'lib';
use Test::More;
use CorsTest;
use MigrateRandom;
use MigrateTest;

my $FLOOR  = 150;       # recipes in the corpus
my $AT_ONCE = 100;      # random recipes under one httpd
my $random = defined $ENV{MIGRATE_RANDOM} ? $ENV{MIGRATE_RANDOM} : 100;
my $seed   = $ENV{MIGRATE_SEED} || ($random > 100 ? time : 4242);

sub test_recipes {
    my ($what, @recipes) = @_;
    my ($wrong, $count) = judge(\@recipes);
    is scalar @$wrong, 0, $what
        or diag join "\n", @$wrong;
    diag "$what: " . join ', ', map { "$count->{$_} $_" }
        qw(recipes questions same narrower decided);
    return $count;
}

my @corpus = corpus('t/migrate/corpus');
cmp_ok scalar @corpus, '>=', $FLOOR, scalar(@corpus) . ' recipes';
my $count = test_recipes('corpus', @corpus);
cmp_ok $count->{same}, '>=', $FLOOR / 2, 'not all is to decide';

diag "random recipes: MIGRATE_SEED=$seed";
for (my $n = 0; $n < $random; $n += $AT_ONCE) {
    my $last = $n + $AT_ONCE > $random ? $random : $n + $AT_ONCE;
    test_recipes("random recipes to $last",
        map { random_recipe($seed, $_) } $n + 1 .. $last);
}

# Tools that are none must fail.
my @some = grep { $_->{same} && !$_->{htaccess} } @corpus;
@some = @some[0 .. 14];
my %mutant = (
    'prints nothing' => sub { ('', '', 0) },
    'always prints *' => sub { ("#   note: all\nCorsAllowOrigin *\n", '', 0) },
    'always says decide' => sub { ("#   decide: it\n", '', 1) },
);
for my $name (sort keys %mutant) {
    my ($wrong) = judge(\@some, tool => $mutant{$name});
    cmp_ok scalar @$wrong, '>=', 5, "a tool that $name fails: "
        . @$wrong . ' of ' . @some;
}

# An error may get headers that it did not have, if that is said, and no others.
for ([ 'led-in-circles', '/other' ],
    [ 'require-expr-options', '/api/private' ]) {
    my ($of, $path) = @$_;
    my ($recipe) = grep { $_->{name} eq $of } @corpus;
    my $more = "<Location $path>\nCorsAllowOrigin *\n</Location>";
    for ([ 'does not say so', qr/^#   wrong: without 'always'/m, '#   note:' ],
        [ 'lets in more there', qr/\z/, $more ]) {
        my ($name, $from, $to) = @$_;
        my ($wrong) = judge([ $recipe ], tool => sub {
            my ($out, @more) = translate(@_);
            $out =~ s/$from/$to/ or die "$from: not in $out";
            return ($out, @more);
        });
        like "@$wrong", qr/new: wider/, "$of: a tool that $name fails";
    }
}

done_testing();
