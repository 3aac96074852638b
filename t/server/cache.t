# Two origins in turn through mod_cache: neither may get the other's answer.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

for my $quick (qw(On Off)) {
    my $s = CorsTest->start(<<"CONF", 'page.html' => "page\n");
CacheQuickHandler $quick
CacheRoot "\@ROOT\@/cache"
CacheEnable disk /
CacheHeader On
CacheMaxExpire 600
Header set Cache-Control max-age=600
<Location />
  CorsAllowOrigin https://a.example https://b.example
  CorsAllowCredentials On
</Location>
CONF
    my %hits;
    for my $round (1 .. 3) {
        for my $origin (qw(https://a.example https://b.example
            https://evil.example), undef) {
            my $res = $s->get('/page.html', $origin ? (Origin => $origin)
                                                    : ());
            my $allowed = $origin && $origin =~ /[ab]\.example/;
            is_deeply cors($res), { Vary => 'Origin', $allowed
                ? ('Access-Control-Allow-Origin' => $origin,
                   'Access-Control-Allow-Credentials' => 'true') : () },
                "CacheQuickHandler $quick, round $round: "
                . ($origin || 'no origin');
            is $res->{body}, "page\n", 'the page';
            $hits{$1}++ if join(' ', CorsTest::all($res, 'X-Cache'))
                =~ /^(HIT|MISS)/;
        }
    }
    is_deeply \%hits, { MISS => 4, HIT => 8 },
        "CacheQuickHandler $quick: one variant for each origin";
    $s->announce(qr/CacheEnable disk \/ .*: cached responses keep/);
    is_deeply [ $s->unannounced ], [], 'clean log';
    $s->stop;
}

# "*" beside credentials stands for the names of the response as it leaves.  The
# quick handler asks no other module, so that its list is the one stored.
my %page = ('page.html' => "page\n" x 10, 'keep/x' => "x\n");
for my $quick (qw(On Off)) {
    my $s = CorsTest->start(<<"CONF", %page);
CacheQuickHandler $quick
CacheRoot "\@ROOT\@/cache"
CacheEnable disk /
CacheHeader On
CacheDetailHeader On
Header set Cache-Control max-age=600
CorsAllowOrigin https://a.example
CorsAllowCredentials On
CorsExposeHeaders *
<Location /keep>
  CorsBackendHeaders keep
  CorsPreflight forward
  Header set Access-Control-Allow-Origin https://kept.example
  Header set Access-Control-Expose-Headers X-Kept
</Location>
CONF
    my @origin = (Origin => 'https://a.example');
    for ([ 'MISS' ], [ 'HIT' ], [ 'HIT', Range => 'bytes=0-9' ]) {
        my ($from, @range) = @$_;
        my $what = "CacheQuickHandler $quick, $from@range";
        my $res = $s->get('/page.html', @origin, @range);
        is $res->{status}, @range ? 206 : 200, "$what: status";
        like join(' ', CorsTest::all($res, 'X-Cache')), qr/^$from/, $what;
        if ($quick eq 'On' && $from eq 'HIT') {
            is cors($res)->{'Access-Control-Expose-Headers'},
                'Date, Server, ETag, Accept-Ranges, Vary', 'as stored';
        }
        else { exposes_what_leaves($res, $what) }
    }
    for (1, 2) {
        is cors($s->get('/keep/x', @origin))->{'Access-Control-Expose-Headers'},
            'X-Kept', 'a list of others stands';
    }
    $s->announce(qr/CacheEnable disk \/ .*: cached responses keep/,
        qr/Header set Access-Control-\S+ .*\[header-kept\]/);
    is_deeply [ $s->unannounced ], [], 'clean log';
    $s->stop;
}

done_testing();
