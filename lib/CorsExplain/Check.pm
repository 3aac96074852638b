package CorsExplain::Check;

# --check: expectations, one a line, held against the answers.

use strict;
use warnings;
use CorsExplain::Print;
use CorsExplain::Text qw(characters clean slurp);
use JSON::PP ();

my %OUTCOME = (allow => 'allowed', refuse => 'refused');

# The line with this number; dies with what is wrong with it.
sub question {
    my ($number, $line) = @_;
    my ($expected, $method, $url, @rest) = split ' ', $line;
    die "begin with allow or refuse\n" if !$OUTCOME{$expected};
    die "a METHOD and a URL are needed\n" if !defined $url;
    my %question = (method => $method, url => $url, headers => [],
        credentials => JSON::PP::false, -expected => $OUTCOME{$expected},
        -line => $number, -text => $line);
    if (@rest && $rest[0] eq 'from') {
        (undef, $question{origin}) = splice @rest, 0, 2;
        die "an origin is needed after from\n" if !defined $question{origin};
    }
    die "'$rest[0]' is neither from nor with\n" if @rest && $rest[0] ne 'with';
    die "name headers or credentials after with\n" if @rest == 1;
    shift @rest;
    for (@rest) {
        if ($_ eq 'credentials') { $question{credentials} = JSON::PP::true }
        else { push @{ $question{headers} }, $_ }
    }
    return \%question;
}

sub questions {
    my ($file) = @_;
    my (@questions, $number);
    for my $bytes (split /\n/, slurp($file)) {
        $number++;
        $bytes =~ s/^\s+|\s+$//g;
        next if $bytes =~ /^(?:#|$)/;
        my $question = eval { question($number, characters($bytes)) };
        die "line $number of $file: $@" if $@;
        push @questions, $question;
    }
    die "$file: no expectation in it\n" if !@questions;
    return @questions;
}

# Prints what does not hold; returns the exit status.
sub finish {
    my ($questions, $answers) = @_;
    my $status = 0;
    my $wrong = 0;
    for my $i (0 .. $#$questions) {
        my ($question, $answer) = ($questions->[$i], $answers->[$i]);
        my $outcome = $answer->{outcome};
        next if $outcome eq $question->{-expected};
        my $is = { wrong => 64, unknown => 2 }->{$outcome} || 1;
        $status = $is if $is > $status;
        $wrong++;
        print "line $question->{-line}: " . clean($question->{-text}) . "\n"
            . CorsExplain::Print::verdict($answer) . "\n";
    }
    printf "%d of %d hold\n", @$questions - $wrong, scalar @$questions;
    return $status;
}

1;
