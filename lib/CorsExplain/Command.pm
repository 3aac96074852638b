package CorsExplain::Command;

# The command: its arguments, and everything in order.

use strict;
use warnings;
use CorsExplain::Check;
use CorsExplain::Har;
use CorsExplain::Httpd;
use CorsExplain::Print;
use CorsExplain::Text qw(characters clean);
use Encode qw(encode);
use Exporter 'import';
use Getopt::Long ();
use JSON::PP ();
use Text::ParseWords qw(shellwords);

our %STATUS = (allowed => 0, refused => 1, unknown => 2, wrong => 64);

my $USAGE = <<'TEXT';
usage: cors-explain [--json] [--httpd PROGRAM] [-d DIR] [-f FILE] [-D NAME]...
           METHOD URL [--origin ORIGIN] [--header NAME[:VALUE]]...
           [--credentials]
       cors-explain ... --check FILE
       cors-explain ... --har FILE
       cors-explain ... -- < REQUESTS

Says what becomes of a page's request, and which line of httpd's configuration
decides.  Take the URL and the origin from the message in the console:

    cors-explain GET http://api.example.com/v1 --origin https://app.example.com

  --origin ORIGIN  where the page comes from
  --header NAME    a header that the page's script sets; one for each
  --credentials    the page sends cookies (credentials: 'include')

Manual: man cors-explain, or pod2text bin/cors-explain before it is installed.

Status: 0 allowed, 1 refused, 2 it can't be told, 64 wrong usage.
TEXT

sub usage {
    my ($why) = @_;
    print STDERR 'cors-explain: ' . encode('UTF-8', clean($why)) . "\n" if $why;
    print STDERR $USAGE;
    return $STATUS{wrong};
}

# The options of a request, on the command line and on standard input.
sub request_options {
    my ($given) = @_;
    return ('origin=s' => \$given->{origin}, 'header|H=s' => \@{ $given->{headers} },
        'credentials' => \$given->{credentials});
}

sub parse {
    my ($arguments, %options) = @_;
    my $parser = Getopt::Long::Parser->new(
        config => [qw(no_ignore_case bundling)]);
    my $wrong = '';
    local $SIG{__WARN__} = sub { chomp($wrong = lcfirst $_[0]) };
    return $parser->getoptionsfromarray($arguments, %options) ? '' : $wrong;
}

# A question out of what is given; dies with what is wrong.
sub question {
    my ($given, @rest) = @_;
    die "a METHOD and a URL are needed\n" if @rest < 2;
    die "'$rest[2]' is one word too many: a METHOD and a URL are enough\n"
        if @rest > 2;
    return { method => characters($rest[0]), url => characters($rest[1]),
        defined $given->{origin} ? (origin => characters($given->{origin})) : (),
        headers => [ map { characters($_) } @{ $given->{headers} || [] } ],
        credentials => $given->{credentials} ? JSON::PP::true : JSON::PP::false };
}

sub read_lines {
    my ($fh) = @_;
    my @questions;
    while (my $line = <$fh>) {
        next if $line =~ /^\s*(?:#|$)/;
        my @words = shellwords($line);
        my %given;
        my $wrong = parse(\@words, request_options(\%given))
            || (!@words && 'a quote has no end');
        my $question = $wrong ? undef : eval { question(\%given, @words) };
        $wrong ||= $@;
        chomp $wrong;
        die "line $.: $wrong\n" if $wrong;
        push @questions, $question;
    }
    die "no request on standard input\n" if !@questions;
    return @questions;
}

# Options that one request has, and those that many have.
sub check_options {
    my ($given, $many) = @_;
    die "--json and --check exclude each other\n"
        if $given->{json} && $given->{check};
    my ($own) = grep { $given->{$_} && (ref $given->{$_} ne 'ARRAY'
            || @{ $given->{$_} }) && !($_ eq 'credentials' && $given->{har}) }
        qw(origin headers credentials);
    die "--" . ($own =~ s/headers/header/r) . " belongs to one request\n"
        if $many && $own;
    return;
}

# The questions that the arguments come to, and what to do with the answers.
sub questions {
    my ($given, $lines, @rest) = @_;
    my @ways = grep { defined && length } $given->{check}, $given->{har}, $lines;
    die "--check, --har and -- exclude each other\n" if @ways > 1;
    die "'$rest[0]' is one word too many: --check, --har and -- bring the "
        . "requests\n" if @ways && @rest;
    check_options($given, scalar @ways);
    return read_lines(\*STDIN) if $lines;
    return CorsExplain::Har::questions($given->{har}, $given->{credentials})
        if $given->{har};
    return CorsExplain::Check::questions($given->{check}) if $given->{check};
    return question($given, @rest);
}

# Runs the command; returns its exit status.
sub run {
    my @arguments = @_;
    my %given = (D => []);
    my $lines = @arguments && $arguments[-1] eq '--' ? pop @arguments : undef;
    my $wrong = parse(\@arguments, request_options(\%given),
        'json' => \$given{json}, 'help' => \$given{help},
        'check=s' => \$given{check}, 'har=s' => \$given{har},
        'httpd=s' => \$given{httpd}, 'd=s' => \$given{d}, 'f=s' => \$given{f},
        'D=s' => $given{D});
    return usage($wrong) if $wrong;
    if ($given{help}) {
        print $USAGE;
        return 0;
    }
    my @questions = eval { questions(\%given, $lines, @arguments) };
    if ($@) {
        chomp(my $why = $@);
        return usage($why);
    }
    my @answers = eval { CorsExplain::Httpd::ask(\%given, @questions) };
    if ($@) {
        print STDERR $@;
        return $STATUS{unknown};
    }
    return finish(\%given, \@questions, \@answers);
}

sub finish {
    my ($given, $questions, $answers) = @_;
    binmode STDOUT, ':utf8';
    return CorsExplain::Check::finish($questions, $answers) if $given->{check};
    my $status = 0;
    my $json = JSON::PP->new->canonical->pretty;
    for (@$answers) {
        my $is = $STATUS{ $_->{outcome} };
        $status = $is if $is > $status;
    }
    if ($given->{json}) {
        print $json->encode($_) for @$answers;
    }
    else {
        print join "\n", map { CorsExplain::Print::text($_) } @$answers;
    }
    return $status;
}

1;
