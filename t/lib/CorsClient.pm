package CorsClient;

=head1 NAME

CorsClient - an HTTP client that hides nothing

=head1 SYNOPSIS

    my $res = $s->get('/list/', Origin => 'https://a.example');
    is $res->{status}, 200;
    is_deeply cors($res), { ... };
    is_deeply [ all($res, 'Vary') ], [ 'Origin' ];

The methods are those of an object that has a port, such as a CorsTest.

=cut

use strict;
use warnings;
use Exporter 'import';
use IO::Socket::INET;
use Test::More;

our @EXPORT_OK = qw(all cors curl exposes_what_leaves);

our $DEADLINE = $ENV{CORS_TEST_DEADLINE} || 20;  # seconds, for anything

# Sends bytes on one connection, and returns all the responses that come back
# until the server closes it.  methods: of the requests, in order; HEAD has
# no body in its response.
sub raw {
    my ($self, $bytes, @methods) = @_;
    my $s = IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $self->{port}, Timeout => $DEADLINE)
        or die "cannot connect: $!\n";
    local $SIG{ALRM} = sub { die "no answer within $DEADLINE s\n" };
    local $SIG{PIPE} = 'IGNORE';
    alarm $DEADLINE;
    print $s $bytes;
    local $/;
    my $answer = <$s>;
    alarm 0;
    return parse(defined $answer ? $answer : '', @methods);
}

sub parse {
    my ($text, @methods) = @_;
    my @responses;
    while ($text =~ s{\AHTTP/1\.[01] (\d{3})[^\r\n]*\r\n((?:[^\r\n]+\r\n)*)\r\n}
                     {}) {
        my ($status, $head) = ($1, $2);
        next if $status == 100;
        my @headers = map { [ /^([^:]+):[ \t]*(.*)$/ ] }
            split /\r\n/, $head;
        my %res = (status => $status, headers => \@headers, body => '');
        my $method = @methods ? shift @methods : 'GET';
        my ($length) = all(\%res, 'Content-Length');
        if ($method eq 'HEAD' || $status =~ /^(?:204|304)$/) {
            # no body
        }
        elsif (join(',', all(\%res, 'Transfer-Encoding')) =~ /chunked/) {
            while ($text =~ s/\A([0-9a-fA-F]+)[^\r\n]*\r\n//) {
                my $n = hex $1;
                $res{body} .= substr $text, 0, $n, '';
                $text =~ s/\A\r\n//;
                last unless $n;
            }
        }
        else {
            $length = length $text unless defined $length;
            $res{body} = substr $text, 0, $length, '';
        }
        push @responses, \%res;
    }
    push @responses, { status => 0, headers => [], body => $text }
        if length $text || !@responses;
    return wantarray ? @responses : $responses[0];
}

sub all {
    my ($res, $name) = @_;
    return map { lc $_->[0] eq lc $name ? $_->[1] : () } @{ $res->{headers} };
}

# One request; the headers may repeat a name.  A host is sent unless given.
sub request {
    my ($self, $method, $path, @headers) = @_;
    my $body = '';
    my $text = "$method $path HTTP/1.1\r\n";
    my $host = 'test.example';
    while (my ($name, $value) = splice @headers, 0, 2) {
        if ($name eq '-body') { $body = $value }
        elsif ($name eq 'Host') { $host = $value }
        else { $text .= "$name: $value\r\n" }
    }
    $text .= 'Content-Length: ' . length($body) . "\r\n" if length $body;
    return scalar $self->raw(
        "${text}Host: $host\r\nConnection: close\r\n\r\n$body", $method);
}

# One request by curl, for what the client above does not speak.  Over HTTP/2,
# names of fields come in lower case.
sub curl {
    my ($url, @arguments) = @_;
    open my $out, '-|', 'curl', '-s', '-i', '--max-time', $DEADLINE,
        @arguments, $url or die "curl: $!\n";
    my $text = do { local $/; <$out> };
    close $out;
    my ($head, $body) = split /\r\n\r\n/, defined $text ? $text : '', 2;
    my ($first, @lines) = split /\r\n/, defined $head ? $head : '';
    my ($version, $status) =
        (defined $first ? $first : '') =~ m{^HTTP/(\S+) (\d+)};
    return { version => $version || '', status => $status || 0,
        headers => [ map { [ split /:\s*/, $_, 2 ] } @lines ],
        body => $body };
}

sub get { my ($self, $path, @h) = @_; $self->request('GET', $path, @h) }

# A preflight for method with the requested header names, if any.
sub preflight {
    my ($self, $path, $origin, $method, $names, @more) = @_;
    return $self->request('OPTIONS', $path, Origin => $origin,
        'Access-Control-Request-Method' => $method,
        defined $names ? ('Access-Control-Request-Headers' => $names) : (),
        @more);
}

# The headers of a response that CORS is about; two lines of one name stay
# visible as "a | b".
sub cors {
    my ($res) = @_;
    my %found;
    for (@{ $res->{headers} }) {
        my ($name, $value) = @$_;
        next unless $name =~ /^(?:Access-Control-|Timing-Allow-Origin|Vary)/i;
        $found{$name} = exists $found{$name} ? "$found{$name} | $value"
                                             : $value;
    }
    return \%found;
}

# Tests that a response exposes its own headers as they leave: each name that a
# script can't read without, and no other.
sub exposes_what_leaves {
    my ($res, $what) = @_;
    my @lines = map { lc } all($res, 'Access-Control-Expose-Headers');
    is scalar @lines, 1, "$what: one list of exposed names";
    my %left = map { lc $_->[0], 1 } @{ $res->{headers} };
    delete @left{ grep { /^(?:access-control-.*|cache-control|content-type|
        content-length|last-modified|connection|upgrade|keep-alive|
        set-cookie)$/x } keys %left };
    is_deeply [ sort map { split /, / } @lines ], [ sort keys %left ],
        'it has the names that leave, and no others';
}

1;
