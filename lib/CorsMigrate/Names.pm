package CorsMigrate::Names;

# The names that the Fetch standard treats apart.  The module has the same
# lists in src/grammar/name.c; t/docs/cors-migrate.t compares the two.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(%NAMES is_among);

# Each list by the name that it has in the module; a name that ends in "-" is a
# prefix.
our %NAMES = (
    forbidden_methods => [qw(CONNECT TRACE TRACK)],
    normalized_methods => [qw(DELETE GET HEAD OPTIONS POST PUT)],
    any_words => [qw(ALL ANY)],
    forbidden_request_fields => [qw(Accept-Charset Accept-Encoding
        Access-Control-Request-Headers Access-Control-Request-Method Connection
        Content-Length Cookie Cookie2 Date DNT Expect Host Keep-Alive Origin
        Referer Set-Cookie TE Trailer Transfer-Encoding Upgrade Via)],
    forbidden_request_prefixes => [qw(proxy- sec-)],
    forbidden_response_fields => [qw(Set-Cookie Set-Cookie2)],
    cors_response_fields => [qw(Access-Control-Allow-Credentials
        Access-Control-Allow-Headers Access-Control-Allow-Methods
        Access-Control-Allow-Origin Access-Control-Allow-Private-Network
        Access-Control-Expose-Headers Access-Control-Max-Age)],
    safelisted_response_fields => [qw(Cache-Control Content-Language
        Content-Length Content-Type Expires Last-Modified Pragma)],
);

my %regex;

# Whether a name is in one of the lists, in whatever case.
sub is_among {
    my ($name, @lists) = @_;
    for my $list (@lists) {
        $regex{$list} ||= do {
            my $any = join '|', map { /-$/ ? quotemeta($_) . '.*'
                : quotemeta } @{ $NAMES{$list} };
            qr/^(?:$any)\z/i;
        };
        return 1 if $name =~ $regex{$list};
    }
    return 0;
}

1;
