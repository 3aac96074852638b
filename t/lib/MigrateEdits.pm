package MigrateEdits;

# Lines of mod_headers that nobody could ask about: edit* that never ends.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(end_edits);

# What the headers that recipes edit may hold.
my @HELD = ('*', 'null', 'https://app.example.com', 'true', '60', 'GET, PUT',
    'x-one');

# Writes edit for each edit* that never ends: httpd crashes, and nobody could
# ask it.  Returns how many.
sub end_edits {
    my $count = 0;
    $_[0] =~ s/^(\s*Header\s+(?:\w+\s+)?edit)\*(?=\s+[\w-]+\s+"?([^\s"]*))/
        my ($edit, $regex) = ($1, $2);
        grep({ never_ends($regex, $_) } @HELD) ? ++$count && $edit
            : "$edit*"/gmiex;
    return $count;
}

# Whether a match takes nothing off what is left of a value, so that mod_headers
# looks there again without end.
sub never_ends {
    my ($text, $rest) = @_;
    my $regex = eval { qr/(?:$text)/ } or return 0;
    while ($rest =~ $regex) {
        return 1 if $+[0] == 0;
        $rest = substr $rest, $+[0];
    }
    return 0;
}

1;
