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

done_testing();
