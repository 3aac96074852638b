package CorsExplain::Har;

# --har: the cross-origin requests that a browser has recorded (HTTP Archive,
# http://www.softwareishard.com/blog/har-12-spec/).

use strict;
use warnings;
use JSON::PP ();

# What browsers set by themselves, beside the forbidden names, which httpd
# tells apart.
my %OWN = map { $_ => 1 } qw(accept accept-language user-agent priority pragma
    cache-control content-type);

sub headers {
    my ($request) = @_;
    return map { lc $_->{name} => $_->{value} }
        grep { $_->{name} !~ /^:/ } @{ $request->{headers} || [] };
}

sub origin_of {
    my ($url) = @_;
    return $url =~ m{^([a-z]+://[^/?#]+)}i ? lc $1 =~ s/:(?:80|443)$//r : '';
}

# The names that the script has set: a preflight lists them.
sub set_by_script {
    my ($headers, $preflight) = @_;
    my @names = $preflight
        ? split /\s*,\s*/, $preflight->{'access-control-request-headers'} || ''
        : grep { !$OWN{$_} && !/^(?:sec-|proxy-|access-control-)/
            && !/^(?:origin|host|cookie|referer|connection|te|dnt|date|via|content-length|accept-encoding)$/
            } sort keys %$headers;
    push @names, 'content-type'
        if !$preflight && defined $headers->{'content-type'};
    return map { defined $headers->{$_} ? "$_: $headers->{$_}" : $_ } @names;
}

sub question {
    my ($request, $headers, $preflight) = @_;
    my $asked = $headers->{'access-control-request-method'};
    return { method => defined $asked ? $asked : $request->{method},
        url => $request->{url}, origin => $headers->{origin},
        headers => [ set_by_script($headers, $preflight) ],
        credentials => defined $headers->{cookie}
            || @{ $request->{cookies} || [] } ? JSON::PP::true
                                              : JSON::PP::false };
}

sub questions {
    my ($file) = @_;
    open my $fh, '<:raw', $file or die "$file: $!\n";
    my $text = do { local $/; <$fh> };
    my $har = eval { JSON::PP->new->utf8->decode($text =~ s/^\xef\xbb\xbf//r) };
    my $entries = ref $har eq 'HASH' && ref $har->{log} eq 'HASH'
        && $har->{log}{entries};
    die "$file: no HAR file\n" if ref $entries ne 'ARRAY';
    my (%preflights, @found);
    for my $request (map { $_->{request} } @$entries) {
        my %headers = headers($request);
        next if !defined $headers{origin}
            || $headers{origin} eq origin_of($request->{url});
        my $asked = $headers{'access-control-request-method'};
        if ($request->{method} eq 'OPTIONS' && defined $asked) {
            $preflights{"$asked $request->{url}"} = \%headers;
        }
        push @found, [ $request, \%headers, $asked ];
    }
    # A preflight stands for its request, unless that was sent too.
    my %sent = map { ("$_->[0]{method} $_->[0]{url}" => 1) }
        grep { !defined $_->[2] } @found;
    my @questions = map { my ($request, $headers, $asked) = @$_;
        my $key = (defined $asked ? $asked : $request->{method})
            . " $request->{url}";
        defined $asked && $sent{$key} ? ()
            : question($request, $headers, $preflights{$key}) } @found;
    die "$file: no cross-origin request in it\n" if !@questions;
    return @questions;
}

1;
