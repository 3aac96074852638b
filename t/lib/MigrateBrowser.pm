package MigrateBrowser;

# What a browser permits a page, by the answers to it: the CORS check and the
# checks of preflights of the Fetch standard, https://fetch.spec.whatwg.org/.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(permitted);

my @EXPOSED = qw(x-one x-two etag);

# What a browser permits: { permission => status of the answer }.
sub permitted {
    my %permitted;
    for (@_) {
        my ($path, $origin, $preflight, $got) = @$_;
        my $who = defined $origin ? $origin : 'none';
        # What needs a password, and is asked for without: by GET, and by
        # OPTIONS that is no preflight.
        $permitted{"$path $who open"} = 1 if !$preflight
            && $path eq '/api/private/' && $got->{status} == 200;
        $permitted{"$path $who OPTIONS open"} = 1 if $preflight
            && !ref $preflight && $got->{status} == 200;
        next unless defined $origin;
        my $at = "$path $who";
        # An error of httpd itself: nobody gets in, or rules lead round in
        # circles.
        $permitted{"$at broken"} = 1
            if !$preflight && $got->{status} =~ /^(?:403|500)$/;
        for my $with (reads($got, $origin)) {
            my @may = $preflight ? preflight($got, $with, @$preflight)
                : ("read", exposed($got, $with));
            $permitted{"$at $with $_"} = $got->{status} for @may;
        }
        $permitted{"$at timing"} = 1
            if !$preflight && grep { $_ eq '*' || $_ eq $origin }
                split /\s*,\s*/, $got->{'timing-allow-origin'} || '';
        # A preflight that a rule, or a password, ends without any header, or
        # that rules lead round in circles.
        $permitted{"$at ended"} = 1 if $preflight
            && ($got->{status} =~ /^(?:40[13]|500)$/
                || !defined $got->{'access-control-allow-origin'}
                && ($got->{status} == 204 || $got->{body} =~ /error/));
    }
    return \%permitted;
}

# The CORS check, without credentials and with them.
sub reads {
    my ($got, $origin) = @_;
    my $value = $got->{'access-control-allow-origin'};
    return unless defined $value && ($value eq '*' || $value eq $origin);
    return ('plain', $value ne '*'
        && ($got->{'access-control-allow-credentials'} || '') eq 'true'
        ? 'credentials' : ());
}

my $TOKEN = qr/^[!#\$%&'*+.^_`|~0-9A-Za-z-]+\z/;

# The values of a list; undef if it is none.
sub list {
    my ($text) = @_;
    return [] unless defined $text;
    my @names = grep { length } map { s/^\s+|\s+\z//gr } split /,/, $text;
    return grep({ $_ !~ $TOKEN } @names) ? undef : \@names;
}

sub exposed {
    my ($got, $with) = @_;
    my $names = list($got->{'access-control-expose-headers'}) or return;
    return map { "sees $_" } grep { my $name = $_;
        grep { lc eq $name || $_ eq '*' && $with eq 'plain' } @$names }
        @EXPOSED;
}

sub preflight {
    my ($got, $with, $method, $asked) = @_;
    return if $got->{status} !~ /^2/;
    my $methods = list($got->{'access-control-allow-methods'}) or return;
    my $headers = list($got->{'access-control-allow-headers'}) or return;
    my $star = $with eq 'plain';
    return unless $method =~ /^(?:GET|HEAD|POST)$/
        || grep { $_ eq $method || $star && $_ eq '*' } @$methods;
    for my $name (defined $asked ? split /,/, $asked : ()) {
        return unless grep { lc eq $name || $star && $_ eq '*'
            && $name ne 'authorization' } @$headers;
    }
    return "sends $method" . (defined $asked ? " with $asked" : '');
}

1;
