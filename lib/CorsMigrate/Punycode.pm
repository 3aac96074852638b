package CorsMigrate::Punycode;

# Whether a label that begins with "xn--" is one that browsers know: RFC 3492.

use strict;
use warnings;
use Exporter 'import';
use Unicode::Normalize qw(NFC);

our @EXPORT_OK = qw(decode is_punycode);

my ($BASE, $TMIN, $TMAX, $SKEW, $DAMP) = (36, 1, 26, 38, 700);

# The text that the rest of a label stands for; undef if it is none.
sub decode {
    my ($encoded) = @_;
    my ($text, $rest) = $encoded =~ /^(?:(.*)-)?([a-z0-9]*)$/s or return;
    my @text = map { ord } split //, defined $text ? $text : '';
    my ($n, $i, $bias) = (128, 0, 72);
    my @digits = map { /[a-z]/ ? ord() - ord('a') : $_ + 26 } split //, $rest;
    while (@digits) {
        my ($before, $weight) = ($i, 1);
        for (my $k = $BASE;; $k += $BASE) {
            return unless @digits;
            my $digit = shift @digits;
            $i += $digit * $weight;
            my $limit = $k <= $bias ? $TMIN
                : $k >= $bias + $TMAX ? $TMAX : $k - $bias;
            last if $digit < $limit;
            $weight *= $BASE - $limit;
            return if $weight > 0x7fffffff;
        }
        $bias = adapt($i - $before, @text + 1, $before == 0);
        $n += int($i / (@text + 1));
        return if $n > 0x10ffff || ($n >= 0xd800 && $n <= 0xdfff);
        $i %= @text + 1;
        splice @text, $i++, 0, $n;
    }
    return join '', map { chr } @text;
}

sub adapt {
    my ($delta, $points, $is_first) = @_;
    $delta = int($delta / ($is_first ? $DAMP : 2));
    $delta += int($delta / $points);
    my $k = 0;
    while ($delta > int(($BASE - $TMIN) * $TMAX / 2)) {
        $delta = int($delta / ($BASE - $TMIN));
        $k += $BASE;
    }
    return $k + int(($BASE - $TMIN + 1) * $delta / ($delta + $SKEW));
}

sub is_punycode {
    my ($label) = @_;
    return 1 unless $label =~ /^xn--(.*)/s;
    my $text = decode($1);
    return defined $text && $text =~ /[^\x00-\x7f]/ && $text !~ /^\p{M}|[\p{Cc}\p{Cn}\p{Co}\p{Cs}]/
        && NFC(lc $text) eq $text;
}

1;
