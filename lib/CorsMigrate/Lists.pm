package CorsMigrate::Lists;

# What browsers make of the lists in CORS headers, as the arguments of Cors
# lines.  Each function returns the arguments, and adds to the words of the
# policy what the new lines lack or how they differ.

use strict;
use warnings;
use CorsMigrate::Names qw(is_among);
use Exporter 'import';

our @EXPORT_OK = qw(methods headers exposed max_age);

my $TOKEN = qr/^[!#\$%&'*+.^_`|~0-9A-Za-z-]+\z/;
my $DAY = 86_400;

# The names of a list; nothing and a true value if it is no list.
sub names {
    my ($text) = @_;
    my @names = grep { length } map { s/^[ \t]+|[ \t]+\z//gr }
        split /,/, $text;
    return ([], 1) if grep { $_ !~ $TOKEN } @names;
    my %seen;
    return ([ grep { !$seen{lc $_}++ } @names ], 0);
}

sub drop {
    my ($words, $name, $why) = @_;
    push @{ $words->{dropped} }, "'$name': $why";
    return 0;
}

# A list that a browser can't read makes it refuse every preflight.
sub refuse_list {
    my ($words, $header, $text) = @_;
    push @{ $words->{decide} }, "'$text' is no list in $header, and no "
        . 'browser takes the answer to a preflight that has it: write names '
        . 'with commas between them, or leave the header out';
    return;
}

sub methods {
    my ($words, $sent, $credentials) = @_;
    return unless defined $sent->{methods};
    my ($names, $broken) = names($sent->{methods});
    return refuse_list($words, 'Access-Control-Allow-Methods',
        $sent->{methods}) if $broken;
    return '*' if $sent->{reflects_methods};
    return '*' if !$credentials && grep { $_ eq '*' } @$names;
    my @kept = grep { keep_method($words, $_) } @$names;
    return unless grep { !/^(?:GET|HEAD|POST)$/ } @kept
        or grep { $_ eq 'GET' } @kept;
    my %has = map { $_ => 1 } @kept;
    my @added = grep { !$has{$_} } qw(GET HEAD POST);
    @added = grep { $_ ne 'HEAD' } @added if $has{GET} || !$has{HEAD};
    push @{ $words->{note} }, "'@added' " . (@added > 1 ? 'are' : 'is')
        . ' added: browsers let them pass whatever the list says' if @added;
    return (@kept, @added);
}

sub keep_method {
    my ($words, $name) = @_;
    return drop($words, $name, 'beside credentials it is a name like any '
        . 'other, which no method has') if $name eq '*';
    return drop($words, $name, 'no script can send it')
        if is_among($name, 'forbidden_methods');
    return drop($words, $name, 'preflights need no permission: list it if '
        . 'scripts send it themselves') if uc $name eq 'OPTIONS';
    return drop($words, $name, 'browsers send ' . uc($name) . ', and compare '
        . 'byte for byte') if is_among($name, 'normalized_methods')
        && $name ne uc $name;
    return drop($words, $name, 'no method has that name')
        if is_among($name, 'any_words');
    return 1;
}

sub headers {
    my ($words, $sent, $credentials) = @_;
    return unless defined $sent->{headers};
    my ($names, $broken) = names($sent->{headers});
    return refuse_list($words, 'Access-Control-Allow-Headers',
        $sent->{headers}) if $broken;
    return ('*', 'Authorization') if $sent->{reflects_headers};
    my @kept = grep { keep_header($words, $_, $credentials) } @$names;
    return @kept unless grep { $_ eq '*' } @kept;
    return ('*', grep { lc eq 'authorization' } @kept);
}

sub keep_header {
    my ($words, $name, $credentials) = @_;
    return drop($words, $name, 'beside credentials it is a name like any '
        . 'other, which no header has') if $name eq '*' && $credentials;
    return drop($words, $name, 'is a header of responses')
        if is_among($name, 'cors_response_fields');
    return drop($words, $name, 'no script can set it')
        if is_among($name, 'forbidden_request_fields',
            'forbidden_request_prefixes');
    return drop($words, $name, 'has quotes, which are part of the name to a '
        . 'browser') if $name =~ /'/;
    return drop($words, $name, 'no header has that name')
        if is_among($name, 'any_words');
    return 1;
}

sub exposed {
    my ($words, $sent, $credentials) = @_;
    return unless defined $sent->{exposed};
    my ($names, $broken) = names($sent->{exposed});
    if ($broken) {
        drop($words, $sent->{exposed}, 'is no list, and exposes nothing');
        return;
    }
    return '*' if !$credentials && grep { $_ eq '*' } @$names;
    return grep { keep_exposed($words, $_) } @$names;
}

sub keep_exposed {
    my ($words, $name) = @_;
    return drop($words, $name, 'beside credentials it is a name like any '
        . 'other, which no header has') if $name eq '*';
    return drop($words, $name, 'mod_cors sends it itself')
        if is_among($name, 'cors_response_fields');
    return drop($words, $name, 'scripts can read it anyway')
        if is_among($name, 'safelisted_response_fields');
    return drop($words, $name, 'no script can read it')
        if is_among($name, 'forbidden_response_fields');
    return drop($words, $name, 'has quotes, which are part of the name to a '
        . 'browser') if $name =~ /'/;
    return drop($words, $name, 'no header has that name')
        if is_among($name, 'any_words');
    return 1;
}

sub max_age {
    my ($words, $sent) = @_;
    my $value = $sent->{age};
    return unless defined $value;
    if ($value !~ /^-?\d+$/) {
        drop($words, $value, 'is not a number of seconds');
        return;
    }
    return 0 if $value <= 0;
    return $value + 0 if $value <= $DAY;
    push @{ $words->{dropped} }, 'no browser keeps an answer for '
        . "$value seconds";
    return $DAY;
}

1;
