package ExplainTest;

# Asks cors-explain, and does with a server what cors-explain tells of.

use strict;
use warnings;
use CorsTest qw(cors curl);
use JSON::PP ();
use Test::More import => ['is'];

# A row of a table: what, method, path, origin, headers and -options.
sub situation {
    my ($s, $what, $method, $path, $origin, @rest) = @_;
    my %is = (what => $what, method => $method, path => $path,
        origin => $origin, headers => [], host => 'test.example', cannot => 0,
        http2 => 0);
    while (@rest) {
        my $word = shift @rest;
        if ($word eq "-can't") { $is{cannot} = 1 }
        elsif ($word =~ s/^-//) { $is{$word} = shift @rest }
        else { push @{ $is{headers} }, $word }
    }
    $is{url} = "http://$is{host}:$s->{port}$path";
    return \%is;
}

sub quoted { my ($text) = @_; return "'$text'" }

# What cors-explain reads from standard input.
sub line {
    my ($is) = @_;
    return join ' ', $is->{method}, quoted($is->{url}),
        defined $is->{origin} ? ('--origin', quoted($is->{origin})) : (),
        map { ('--header', quoted($_)) } @{ $is->{headers} };
}

# Runs cors-explain; returns its output, in bytes, and its status.
sub run {
    my ($s, $input, @arguments) = @_;
    CorsTest::write_file("$s->{root}/explain.in", $input);
    my $pid = open my $out, '-|';
    defined $pid or die "$!\n";
    if (!$pid) {
        open STDIN, '<', "$s->{root}/explain.in" or die "$!\n";
        open STDERR, '>', "$s->{root}/explain.err" or die "$!\n";
        exec 'bin/cors-explain', '--httpd', CorsTest::httpd(), '-f',
            "$s->{root}/conf/httpd.conf", @arguments or exit 127;
    }
    my $text = do { local $/; <$out> };
    close $out;
    return (defined $text ? $text : '', $? >> 8,
        CorsTest::slurp("$s->{root}/explain.err"));
}

# The answers to situations.
sub explain {
    my ($s, @asked) = @_;
    my ($text, $status, $error) = run($s, join('', map { line($_) . "\n" }
        @asked), '--json', '--');
    my $json = JSON::PP->new->utf8;
    $json->incr_parse($text);
    my @answers;
    while (my $answer = $json->incr_parse) { push @answers, $answer }
    warn $error if !@answers;
    return @answers;
}

sub encoded {
    my ($text) = @_;
    return $text =~ s/([^A-Za-z0-9_.~-])/sprintf '%%%02X', ord $1/ger;
}

# The query of the page of CorsInfo for a situation.
sub query {
    my ($is) = @_;
    my @pairs = ([ method => $is->{method} ], [ url => $is->{url} ],
        (defined $is->{origin} ? [ origin => $is->{origin} ] : ()),
        map { [ header => $_ ] } @{ $is->{headers} });
    return join '&', map { join '=', $_->[0], encoded($_->[1]) } @pairs;
}

# What the page at the path says as JSON.
sub ask_page {
    my ($s, $path, $query) = @_;
    my $response = $s->get("$path?format=json&$query");
    return { error => "status $response->{status}" }
        if $response->{body} !~ /^\{/;
    return JSON::PP->new->utf8->decode($response->{body});
}

# What -D DUMP_CORS_JSON prints of the server's configuration.
sub dump_json {
    my ($s) = @_;
    my $httpd = CorsTest::httpd();
    my $text = `$httpd -t -D DUMP_CORS_JSON -f "$s->{root}/conf/httpd.conf" 2>/dev/null`;
    return JSON::PP->new->utf8->decode($text);
}

# One value for each name; of Vary, the names that CORS is about.
sub headers {
    my (%headers) = @_;
    my %said = map { lc, $headers{$_} } keys %headers;
    my @vary = sort grep { /^(?:origin|access-control-request-.*)$/ }
        split /\s*,\s*/, lc($said{vary} // '');
    $said{vary} = join ', ', @vary;
    $said{'access-control-expose-headers'} = 'names'
        if ($said{'access-control-expose-headers'} // '') =~ /^\(|Date/;
    return \%said;
}

sub said_of {
    my ($exchange) = @_;
    my %headers = map { @$_ } @{ $exchange->{headers} };
    return { headers => headers(%headers), status => $exchange->{status} };
}

# What the answer says of the preflight, if one is sent, and of the request.
sub said {
    my ($answer) = @_;
    return [ (map { said_of($_) } ($answer->{preflight}{sent}
        ? $answer->{preflight} : ()), $answer->{actual}),
        $answer->{enforced} || 'passes' ];
}

sub script_headers {
    my ($is) = @_;
    return map { my ($name, $value) = /^([^:]+):\s*(.*)$/; ($name, $value) }
        @{ $is->{headers} };
}

# A response tells the verdict and CORS_ENFORCED where variables can be seen.
sub told {
    my ($response, $name) = @_;
    return (CorsTest::all($response, $name))[0];
}

sub done_of {
    my ($response, $exchange) = @_;
    my $verdict = told($response, 'X-Verdict');
    is $exchange->{verdict}, $verdict, "the verdict is $verdict" if $verdict;
    return { headers => headers(%{ cors($response) }),
        status => defined $exchange->{status} ? $response->{status} : undef };
}

sub send_preflight {
    my ($s, $is) = @_;
    my %headers = script_headers($is);
    delete $headers{Cookie};
    delete $headers{'content-type'}
        if ($headers{'content-type'} // '') eq 'text/plain';
    my $names = join ',', sort map { lc } keys %headers;
    return $s->preflight($is->{path}, $is->{origin}, $is->{method},
        length $names ? $names : undef, Host => "$is->{host}:$s->{port}");
}

sub send_request {
    my ($s, $is) = @_;
    my @headers = (defined $is->{origin} ? (Origin => $is->{origin}) : (),
        script_headers($is));
    if ($is->{http2}) {
        my %headers = @headers;
        return curl($is->{url}, '--http2-prior-knowledge', '--resolve',
            "$is->{host}:$s->{port}:127.0.0.1",
            map { ('-H', "$_: $headers{$_}") } keys %headers);
    }
    return $s->request($is->{method}, $is->{path}, @headers,
        Host => "$is->{host}:$s->{port}");
}

# What the server does.
sub done {
    my ($s, $is, $answer) = @_;
    my $response = send_request($s, $is);
    return [ ($answer->{preflight}{sent} ? done_of(send_preflight($s, $is),
        $answer->{preflight}) : ()), done_of($response, $answer->{actual}),
        told($response, 'X-Enforced') || 'passes' ];
}

1;
