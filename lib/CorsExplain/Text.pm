package CorsExplain::Text;

# Text that comes from outside: from arguments and files, and to a terminal.

use strict;
use warnings;
use Encode qw(decode FB_CROAK);
use Exporter 'import';

our @EXPORT_OK = qw(characters clean slurp);

# The characters of bytes; dies if they are no UTF-8.
sub characters {
    my ($bytes) = @_;
    my $copy = $bytes;
    my $text = eval { decode('UTF-8', $copy, FB_CROAK) };
    die "'" . ($bytes =~ s/([^ -~])/sprintf '\\x%02x', ord $1/ger)
        . "' is not UTF-8\n" if !defined $text;
    return $text;
}

# Text for a terminal: no character moves the cursor or turns the direction.
sub clean {
    my ($text) = @_;
    $text =~ s/([\x00-\x1f\x7f-\x9f])/sprintf '\\x%02x', ord $1/ge;
    $text =~ s/([\x{200e}\x{200f}\x{2028}-\x{202e}\x{2066}-\x{2069}])
              /sprintf '\\u%04x', ord $1/gex;
    return $text;
}

# The bytes of a file; dies if it can't be read.
sub slurp {
    my ($file) = @_;
    open my $fh, '<:raw', $file or die "$file: $!\n";
    my $text = do { local $/; <$fh> };
    die "$file: $!\n" if $fh->error || !defined $text;
    return $text =~ s/^\xef\xbb\xbf//r;
}

1;
