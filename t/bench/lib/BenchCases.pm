package BenchCases;

=head1 NAME

BenchCases - what is counted, and how much it may be

=head1 DESCRIPTION

One table for each question, and the jobs that answer it.  The bounds are in
instructions for one request, over the plain server of the same run.

=cut

use strict;
use warnings;
use BenchSetups qw($ORIGIN $POLICY $RECIPE $POPULAR @VARY @READ @VARIES @SEND
    @SETUPS request job);
use Exporter 'import';

our @EXPORT_OK = qw(@WORK @PLACES @SECTIONS @ENFORCED @LIMITED @SETS @FLOODS @HTACCESS @SIZES @HOSTILE @HALVES
    work_jobs lto_jobs place_jobs section_jobs enforced_jobs limited_jobs set_jobs flood_jobs htaccess_jobs
    size_jobs hostile_jobs);

# A bound that keeps what has been reached: 2 % above what was measured when it
# was set.  At least 20 instructions: each count repeats to about 10.
sub near {
    my ($measured) = @_;
    my $margin = $measured * 0.02;
    return int($measured + ($margin > 20 ? $margin : 20));
}

# What a request costs.  lines: those of CORS that the answer of mod_cors has
# and the floor writes.  bound: over the plain server.  lto: counted without
# link-time optimization too.  short: its name in the chart.
#
# A preflight has no plain counterpart, so it stands against a plain GET.  What
# httpd takes for both depends on its build and on the path of the file, the
# difference much less.  The bound over the floor keeps what has been reached.
our @WORK = (
    { name => 'no policy applies', request => 'get', status => 200,
      lines => [], policy => '', bound => 85 },
    { name => 'no `Origin`, a list of origins', short => 'no Origin,\na list',
      request => 'get', status => 200, lines => [ @VARY ], bound => near(1_408) },
    { name => 'allowed, with credentials',
      short => 'allowed,\nwith credentials', request => 'allowed',
      status => 200, lines => [ @VARY, @READ ], bound => near(2_945), lto => 1 },
    { name => 'refused, a wildcard in the list',
      short => 'refused,\na wildcard', request => 'refused',
      status => 200, lines => [ @VARY ], bound => near(2_517) },
    { name => 'refused, the longest origin',
      short => 'refused, the\nlongest origin', request => 'longest',
      status => 200, lines => [ @VARY ], bound => 8_000 },
    { name => 'preflight allowed, two headers', short => 'preflight\nallowed',
      request => 'preflight', status => 204,
      lines => [ @VARIES, @READ, @SEND ],
      bound => near(2_836), floor_bound => 1_800, lto => 1 },
    { name => 'preflight refused', short => 'preflight\nrefused',
      request => 'preflight_refused', status => 403, lines => [ @VARIES ] },
);

sub work_jobs {
    my ($row) = @_;
    my @setups = $row->{lines} && !@{ $row->{lines} } ? qw(plain floor cors)
               : @SETUPS;
    return map { job("$row->{name}: $_",
        $_ eq 'plain' && $row->{status} != 200 ? 'get' : $row->{request}, $_,
        status => $row->{status}, lines => $row->{lines},
        policy => $row->{policy}) } @setups;
}

# Of the module at path, which was built without link-time optimization.
sub lto_jobs {
    my ($row, $path) = @_;
    return unless $row->{lto};
    return job("$row->{name}: without lto", $row->{request}, 'cors',
        status => $row->{status}, lines => $row->{lines},
        built => { cors => $path });
}

# Where the policy can stand, for an allowed request with credentials; the
# plain server has the same sections without the policy.
our @PLACES = (
    { name => 'the virtual host', request => 'allowed',
      plain => '', cors => $POLICY },
    { name => '`<Location>`', request => 'allowed',
      map { $_->[0] => "<Location \"/\">\n$_->[1]</Location>\n" }
      [ plain => '' ], [ cors => $POLICY ] },
    { name => 'three nested `<Location>`, the inner two with a line each',
      request => 'api', plain => nested('', '', ''), cors => nested($POLICY,
        "CorsAllowMethods inherit PATCH\n", "CorsMaxAge 60\n") },
);

sub nested {
    my @in = @_;
    return join '', map { "<Location \"$_\">\n" . shift(@in)
        . "</Location>\n" } '/', '/api', '/api/v1';
}

my %API_FILE = ('api/v1/file.txt' => "x\n");

sub place_jobs {
    my ($row) = @_;
    return map { job("$row->{name}: $_", $row->{request}, $_,
        conf => $row->{$_}, files => \%API_FILE, status => 200,
        lines => $_ eq 'cors' ? [ @VARY, @READ ] : []) } qw(plain cors);
}

# What it costs that lines stand in sections: three lines, one in each of three
# nested sections, over the same lines at the top.  What httpd takes for the
# sections themselves is in the plain row, and left out of the bound.
our @SECTIONS = (
    { name => 'empty', setup => 'plain', in => [ '', '', '' ] },
    { name => '`Cors...` lines', short => 'Cors...\nlines',
      setup => 'cors', bound => near(437), in => [
        "CorsAllowOrigin $ORIGIN\n", "CorsAllowCredentials On\n",
        "CorsExposeHeaders X-Total\n" ] },
    { name => '`Header` lines that write the same', short => 'Header\nlines',
      setup => 'recipe', in => [
        "Header set Access-Control-Allow-Origin $ORIGIN\n",
        "Header set Access-Control-Allow-Credentials true\n",
        "Header set Access-Control-Expose-Headers X-Total\n" ] },
);

sub section_jobs {
    my ($row) = @_;
    my @lines = (@READ, [ 'Access-Control-Expose-Headers' => 'X-Total' ]);
    my %answer = (plain => [], cors => [ @VARY, @lines ], recipe => \@lines);
    my %conf = (top => join('', @{ $row->{in} }),
        sections => nested(@{ $row->{in} }));
    return map { job("$row->{name}: $_", 'api', $row->{setup},
        conf => $conf{$_}, files => \%API_FILE, status => 200, checked => 1,
        lines => $answer{ $row->{setup} }) } qw(top sections);
}

# What enforcement costs, over the same policy without it.  Each further field
# of a request takes 8 instructions, since all names are walked through once.
my @SAYS = ('Sec-Fetch-Mode' => 'no-cors', 'Sec-Fetch-Dest' => 'image');
our @ENFORCED = (
    { name => 'a GET under `Unsafe`', value => 'Unsafe', bound => 80,
      request => request(GET => '/file.txt'), lines => [ @VARY ] },
    { name => 'a GET of a browser under `Unsafe`', value => 'Unsafe',
      bound => near(108),
      request => request(GET => '/file.txt', @SAYS,
          'Sec-Fetch-Site' => 'same-origin', 'Upgrade-Insecure-Requests' => 1),
      lines => [ @VARY ] },
    { name => 'no `Origin`, the own page', value => 'All', bound => 300,
      request => request(GET => '/file.txt', @SAYS,
          'Sec-Fetch-Site' => 'same-origin'), lines => [ @VARY ] },
    { name => 'no `Origin`, a visit', value => 'All', bound => 300,
      request => request(GET => '/file.txt', 'Sec-Fetch-Mode' => 'navigate',
          'Sec-Fetch-Dest' => 'document', 'Sec-Fetch-Site' => 'cross-site'),
      lines => [ @VARY ] },
    { name => 'the own page, by `Host`', value => 'All', bound => 300,
      request => request(GET => '/file.txt', Origin => 'http://bench.example'),
      lines => [ @VARY ] },
    { name => 'a listed origin', value => 'All', bound => 300,
      request => request(GET => '/file.txt', @SAYS, Origin => $ORIGIN,
          'Sec-Fetch-Site' => 'cross-site'), lines => [ @VARY, @READ ] },
);

sub enforced_jobs {
    my ($row) = @_;
    return map { job("enforcement, $row->{name}: $_->[0]", $row->{request}, 'cors',
        policy => "$POLICY$_->[1]", status => 200, lines => $row->{lines}) }
        [ off => '' ], [ on => "CorsEnforce $row->{value}\n" ];
}

# What a ceiling costs, over the same policy without it.
our @LIMITED = (
    { name => 'no `Origin`', request => 'get', bound => near(9), lines => [ @VARY ] },
    { name => 'an allowed origin', request => 'allowed', bound => near(102),
      lines => [ @VARY, @READ ] },
);

sub limited_jobs {
    my ($row) = @_;
    return map { job("ceiling, $row->{name}: $_->[0]", $row->{request}, 'cors',
        policy => "CorsAllowOrigin $ORIGIN\nCorsAllowCredentials On\n$_->[1]",
        status => 200, lines => $row->{lines}) }
        [ off => '' ], [ on => "CorsLimitOrigin https://*.example.com\n" ];
}

# What it costs that the origins are in a set, over the same in a list.  An
# allowed request has a variable more, CORS_SOURCE.
our @SETS = (
    { name => 'an allowed origin', request => 'allowed', bound => near(330),
      lines => [ @VARY, @READ ] },
    { name => 'by a wildcard', request => request(GET => '/file.txt',
          Origin => 'https://www.example.org'), bound => near(500),
      lines => [ @VARY, [ 'Access-Control-Allow-Origin' =>
          'https://www.example.org' ], $READ[1] ] },
    { name => 'refused', request => 'refused', bound => near(420),
      lines => [ @VARY ] },
);

sub set_jobs {
    my ($row) = @_;
    my @origins = ($ORIGIN, 'https://*.example.org');
    return map { job("set, $row->{name}: $_->[0]", $row->{request}, 'cors',
        policy => "CorsOriginSet p file:\@ROOT\@/htdocs/p.origins refresh=1h\n"
            . "CorsAllowOrigin $_->[1]\nCorsAllowCredentials On\n",
        modules => [qw(cors watchdog)],
        files => { 'p.origins' => join '', map { "$_\n" } @origins },
        status => 200, lines => $row->{lines}) }
        [ off => "@origins" ], [ on => '@p' ];
}

# What it costs that each refused request has an origin never seen before, over
# one that comes again and again.  The first thousand are the dearest: they find
# places.
our @FLOODS = (
    { name => 'made-up origins', bound => near(150) },
);

sub flood_jobs {
    my ($row) = @_;
    return map { job("$row->{name}: $_->[0]", request(GET => '/file.txt',
            Origin => "https://made$_->[1].example.com"), 'cors',
        status => 200, lines => [ @VARY ]) } [ off => '000000' ],
        [ on => '######' ];
}

# What httpd reads again for every request: a .htaccess file with these lines,
# against an empty one.
our @HTACCESS = (
    { name => 'nothing', setup => 'plain', text => '', lines => [] },
    { name => 'one `Header set` line', short => 'one\nHeader',
      setup => 'recipe',
      text => "Header set Access-Control-Allow-Origin $ORIGIN\n",
      lines => [ $READ[0] ] },
    { name => '`CorsAllowOrigin` with one origin', short => 'one\nCors...',
      setup => 'cors',
      text => "CorsAllowOrigin $ORIGIN\n", lines => [ @VARY, $READ[0] ],
      bound => near(7_270) },
    { name => 'five `Cors...` lines: the policy', short => 'five\nCors...',
      setup => 'cors',
      text => $POLICY, lines => [ @VARY, @READ ], bound => near(29_850) },
    { name => 'recipe, correct', short => 'recipe,\ncorrect',
      setup => 'recipe', text => $RECIPE,
      lines => [ @VARY, @READ ] },
    { name => 'recipe, popular', short => 'recipe,\npopular',
      setup => 'popular', text => $POPULAR },
);

sub htaccess_jobs {
    my ($row) = @_;
    return job(".htaccess: $row->{name}", 'allowed', $row->{setup},
        conf => "<Directory \"\@ROOT\@/htdocs\">\nAllowOverride All\n"
            . "</Directory>\n",
        files => { '.htaccess' => $row->{text} }, status => 200,
        lines => $row->{lines}, checked => 1);
}

# How long the list is: exact origins and patterns.  The time may not depend on
# it: a request of the last must be within 1 % of one of the first.
our @SIZES = ([ 1, 1 ], [ 100, 1 ], [ 100_000, 1_000 ]);

sub size_jobs {
    my ($size) = @_;
    my ($exact, $wild) = @$size;
    return job("$exact + $wild origins: cors", 'allowed', 'cors',
        conf => "CorsAllowCredentials On\nInclude \@ROOT\@/htdocs/list\n",
        files => { list => origins($exact, $wild) },
        status => 200, lines => [ @VARY, @READ ]);
}

sub origins {
    my ($exact, $wild) = @_;
    return join '', (map { "CorsAllowOrigin https://host$_.example.net\n" }
            2 .. $exact), "CorsAllowOrigin $ORIGIN\n",
        map { "CorsAllowOrigin https://*.site$_.example.org\n" } 1 .. $wild;
}

# What can be sent to make it dear.  Each value is made of so many bytes; the
# bound is for each of them, over the floor, and must be the same for the first
# and the second half.  0.1: it is not read through.
our @HALVES = (2_048, 4_096, 8_192);
our @HOSTILE = (
    { name => 'short names', header => 'Access-Control-Request-Headers',
      value => sub { substr join(',', (map { "x-$_" } 'a' .. 'z')
          x ($_[0] / 104 + 1)), 0, $_[0] - 1 }, status => 204, bound => 20 },
    { name => 'commas', header => 'Access-Control-Request-Headers',
      value => sub { ',' x $_[0] }, status => 204, bound => 20 },
    { name => 'one name', header => 'Access-Control-Request-Headers',
      value => sub { 'a' x $_[0] }, status => 204, bound => 20 },
    { name => 'origin', header => 'Origin',
      value => sub { 'https://' . 'a' x ($_[0] - 8) }, status => 403,
      bound => 0.1 },
);

sub hostile_jobs {
    my ($row) = @_;
    my @names = map { "x-$_" } 'a' .. 'z';
    my $policy = "CorsAllowOrigin $ORIGIN\nCorsAllowMethods PUT\n"
        . "CorsAllowHeaders @names\n";
    return map { my $bytes = $_; map {
        my $value = $row->{value}->($bytes);
        my %with = (Origin => $ORIGIN,
            'Access-Control-Request-Method' => 'PUT',
            $row->{header} => $value);
        job("$row->{name}, $bytes bytes: $_",
            request(OPTIONS => '/file.txt', map { $_ => $with{$_} }
                sort keys %with), $_, status => $row->{status},
            policy => $policy, bytes => $bytes,
            lines => $row->{status} == 204 ? undef : [ @VARIES ])
        } qw(floor cors) } @HALVES;
}

1;
