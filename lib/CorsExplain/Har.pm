package CorsExplain::Har;

# --har: the cross-origin requests that a browser has recorded (HTTP Archive,
# http://www.softwareishard.com/blog/har-12-spec/).

use strict;
use warnings;
use CorsExplain::Text qw(slurp);
use JSON::PP ();

# What browsers set by themselves, beside the forbidden names, which httpd
# tells apart.  A script may set some of these too: a preflight tells.
my %OWN = map { $_ => 1 } qw(accept accept-encoding accept-language
    cache-control connection content-length content-type cookie date dnt host
    if-modified-since if-none-match if-range last-event-id origin pragma
    priority range referer save-data te upgrade-insecure-requests user-agent
    via);

# Bodies make nearly all of a large file, and take the parser long: they are
# emptied before it sees them.
sub without_bodies {
    my ($text) = @_;
    my $kept = '';
    while ($text =~ /\G(.*?"text"\s*:\s*")/gcs) {
        $kept .= $1;
        # Perl repeats a group at most 65,534 times.
        1 while $text =~ /\G(?:[^"\\]++|\\.){1,30000}+/gcs;
    }
    return $kept . substr $text, pos $text // 0;
}

# Why the text is no JSON; the error is the parser's.
sub why_not {
    my ($text, $error) = @_;
    return 'it is empty' if $text !~ /\S/;
    return $error =~ /end of string/ && $error !~ /garbage/
        ? 'its end is missing, so save it again' : 'it is not JSON';
}

# The requests of a file, as objects that have a method, a URL and headers.
sub requests {
    my ($file) = @_;
    my $text = slurp($file);
    my $har = eval { JSON::PP->new->utf8->decode(without_bodies($text)) };
    die "$file: no HAR file: ", why_not($text, $@), "\n" if $@;
    my $entries = ref $har eq 'HASH' && ref $har->{log} eq 'HASH'
        && $har->{log}{entries};
    die "$file: no HAR file: it has no log with entries\n"
        if ref $entries ne 'ARRAY';
    return grep { ref eq 'HASH' && is_text($_->{method}) && is_text($_->{url}) }
        map { ref eq 'HASH' ? $_->{request} : () } @$entries;
}

sub is_text { my ($value) = @_; return defined $value && !ref $value }

sub headers {
    my ($request) = @_;
    my $headers = $request->{headers};
    return map { lc $_->{name} => $_->{value} }
        grep { ref eq 'HASH' && is_text($_->{name}) && is_text($_->{value})
            && $_->{name} !~ /^:/ } ref $headers eq 'ARRAY' ? @$headers : ();
}

# The origin of a URL of http or https, or ''.
sub origin_of {
    my ($url) = @_;
    my ($scheme, $host) = $url =~ m{^(https?)://([^/?#]+)}i or return '';
    my $port = lc $scheme eq 'http' ? 80 : 443;
    return lc "$scheme://$host" =~ s/:$port$//r;
}

# Whether the browser holds the response against CORS: it does not where a form
# is sent, and where the response stays unread.
sub is_cors {
    my ($request, $headers) = @_;
    my $own = origin_of($request->{url});
    return length $own && defined $headers->{origin}
        && $headers->{origin} ne $own
        && ($headers->{'sec-fetch-mode'} // 'cors') eq 'cors';
}

# The names that the script has set: a preflight lists them.
sub set_by_script {
    my ($headers, $preflight) = @_;
    my @names = $preflight
        ? grep { length } split /\s*,\s*/,
            $preflight->{'access-control-request-headers'} // ''
        : grep { !$OWN{$_} && !/^(?:sec-|proxy-|access-control-)/ }
            sort keys %$headers;
    push @names, 'content-type'
        if !$preflight && defined $headers->{'content-type'};
    return map { defined $headers->{$_} ? "$_: $headers->{$_}" : $_ } @names;
}

sub question {
    my ($request, $headers, $preflight, $credentials) = @_;
    my $asked = $headers->{'access-control-request-method'};
    my $cookies = ref $request->{cookies} eq 'ARRAY' && @{ $request->{cookies} };
    return { method => $asked // $request->{method}, url => $request->{url},
        origin => $headers->{origin},
        headers => [ set_by_script($headers, $preflight) ],
        credentials => $credentials || $cookies || defined $headers->{cookie}
            ? JSON::PP::true : JSON::PP::false };
}

# Each question once: pages ask the same again and again.
sub unlike {
    my (@questions) = @_;
    my $json = JSON::PP->new->canonical;
    my %seen;
    return grep { !$seen{ $json->encode($_) }++ } @questions;
}

# credentials: every request comes with cookies, though the file has none.
sub questions {
    my ($file, $credentials) = @_;
    my (%preflights, %sent, @found);
    my @all = requests($file);
    for my $request (@all) {
        my %headers = headers($request);
        next if !is_cors($request, \%headers);
        my $asked = $headers{'access-control-request-method'};
        undef $asked if $request->{method} ne 'OPTIONS';
        my $key = ($asked // $request->{method}) . " $request->{url}";
        if (defined $asked) { $preflights{$key} = \%headers }
        else { $sent{$key} = 1 }
        push @found, [ $request, \%headers, $key, defined $asked ];
    }
    # A preflight stands for its request, unless that was sent too.
    my @questions = unlike(map { my ($request, $headers, $key, $asks) = @$_;
        $asks && $sent{$key} ? () : question($request, $headers,
            $preflights{$key}, $credentials) } @found);
    die "$file: no cross-origin request among its " . @all . "\n"
        if !@questions;
    return @questions;
}

1;
