# Every combination of the three Sec-Fetch fields, Origin, Host, method, Upgrade
# and value of CorsEnforce, judged by the running module and by an oracle that
# has the rules as the manual states them.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $FLOOR = 50_000;     # combinations
my $BATCH = 300;        # requests on one connection

my %values = (
    site    => [ undef, 'same-origin', 'same-site', 'cross-site', 'none', '' ],
    mode    => [ undef, 'navigate', 'no-cors', 'cors' ],
    dest    => [ undef, 'document', 'object', 'embed', 'image' ],
    origin  => [ undef, 'http://test.example', 'https://test.example',
        'https://app.example', 'https://evil.example', 'null',
        'http://test.example:8080' ],
    host    => [ 'test.example', 'TEST.example:80', 'test.example:8080' ],
    method  => [ qw(GET POST PUT OPTIONS) ],
    upgrade => [ undef, 'websocket' ],
    path    => [ qw(/unsafe /all /https) ],
);

# The manual's first table.
sub is_looked_at {
    my ($r) = @_;
    return 0 if $r->{method} eq 'OPTIONS';
    return $r->{path} eq '/all' || $r->{method} ne 'GET' || $r->{upgrade};
}

# The origins of the pages that are the server's own.
sub own_origins {
    my ($r) = @_;
    my ($name, $port) = split /:/, lc $r->{host};
    return map { my ($scheme, $default) = @$_;
        !$port || $port == $default ? "$scheme://$name"
                                    : "$scheme://$name:$port" }
        [ https => 443 ], $r->{path} eq '/https' ? () : [ http => 80 ];
}

sub is_own_or_nobodys {
    my ($r) = @_;
    return $r->{site} =~ /^(?:same-origin|none)$/ if defined $r->{site};
    return 1 unless defined $r->{origin};
    return scalar grep { $_ eq $r->{origin} } own_origins($r);
}

sub is_listed {
    my ($r) = @_;
    return ($r->{origin} // '') eq 'https://app.example'
        && $r->{method} =~ /^(?:GET|POST)$/;
}

sub is_visit {
    my ($r) = @_;
    return $r->{path} eq '/all' && $r->{method} eq 'GET'
        && ($r->{mode} // '') eq 'navigate'
        && ($r->{dest} // '') !~ /^(?:object|embed)$/;
}

sub is_refused {
    my ($r) = @_;
    return is_looked_at($r) && !is_own_or_nobodys($r) && !is_listed($r)
        && !is_visit($r) ? 1 : 0;
}

my @combinations = ({});
for my $name (sort keys %values) {
    @combinations = map { my $r = $_;
        map { { %$r, $name => $_ } } @{ $values{$name} } } @combinations;
}

my $s = CorsTest->start(<<'CONF');
LogLevel cors:warn
MaxKeepAliveRequests 0
CorsAllowOrigin https://app.example
CorsEnforce Unsafe
<Location /all>
  CorsEnforce All
</Location>
Listen 127.0.0.1:@PORT2@
<VirtualHost *:@PORT2@>
  ServerName https://test.example
</VirtualHost>
CONF

sub text_of {
    my ($r) = @_;
    my %fields = (site => 'Sec-Fetch-Site', mode => 'Sec-Fetch-Mode',
        dest => 'Sec-Fetch-Dest', origin => 'Origin', host => 'Host',
        upgrade => 'Upgrade');
    return "$r->{method} $r->{path} HTTP/1.1\r\n"
        . join('', map { defined $r->{$_} ? "$fields{$_}: $r->{$_}\r\n" : () }
            sort keys %fields) . "Content-Length: 0\r\n";
}

my %wrong;
my %count = (0 => 0, 1 => 0);
for my $path (@{ $values{path} }) {
    local $s->{port} = $path eq '/https' ? $s->{port2} : $s->{port};
    my @left = grep { $_->{path} eq $path } @combinations;
    while (my @batch = splice @left, 0, $BATCH) {
        my @answers = $s->raw(join('', map { text_of($_) . "\r\n" } @batch)
            =~ s/\r\n\r\n\z/\r\nConnection: close\r\n\r\n/r);
        @answers == @batch or die scalar(@answers) . " answers\n";
        for my $i (0 .. $#batch) {
            my $refused = $answers[$i]{status} == 403 ? 1 : 0;
            $count{$refused}++;
            $wrong{ $path } .= text_of($batch[$i])
                unless $refused == is_refused($batch[$i]);
        }
    }
    is $wrong{$path}, undef, "$path: what the oracle says";
}
diag "$count{1} refused, $count{0} passed";
cmp_ok $count{0} + $count{1}, '>=', $FLOOR, 'all combinations were sent';
cmp_ok $count{$_}, '>=', $FLOOR / 10, $_ ? 'many are refused' : 'many pass'
    for 0, 1;
$s->finish;
