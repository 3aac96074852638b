package CorsExplain::Print;

# An answer as text, in 80 columns but for lines that have no blank.

use strict;
use warnings;
use CorsExplain::Text qw(clean);

my $WIDTH = 80;
my $LABEL = 12;

# Paragraphs of text, behind a label.
sub entry {
    my ($label, @paragraphs) = @_;
    my $text = '';
    for my $paragraph (map { clean($_) } @paragraphs) {
        my $line = sprintf "%-${LABEL}s", $label;
        my $indent = ' ' x $LABEL;
        for my $word (split ' ', $paragraph) {
            if ($line =~ /\S$/ && length($line) + 1 + length $word > $WIDTH) {
                $text .= "$line\n";
                $line = "$indent  $word";
            }
            else {
                $line .= $line =~ /\S$/ && length $line > $LABEL ? " $word"
                    : $word;
            }
        }
        $text .= "$line\n";
        $label = '';
    }
    return $text;
}

sub at {
    my ($place) = @_;
    return $place && defined $place->{line}
        ? " (line $place->{line} of $place->{file})" : '';
}

sub server {
    my ($server) = @_;
    return $server->{main} ? 'the main server'
        : 'virtual host ' . ($server->{name} || '') . at($server);
}

sub exchange {
    my ($exchange) = @_;
    my @status = defined $exchange->{status} ? "status $exchange->{status}"
        : 'status: whoever answers decides';
    push @status, $exchange->{verdict} if $exchange->{verdict};
    my @headers = map { "$_->[0]: $_->[1]" } @{ $exchange->{headers} };
    return (join(', ', @status), @headers ? @headers
        : 'no CORS header from mod_cors');
}

sub preflight {
    my ($preflight) = @_;
    return 'none: a form could send such a request' if !$preflight->{sent};
    return ("sent, because $preflight->{why}", exchange($preflight));
}

sub actual {
    my ($answer) = @_;
    my $actual = $answer->{actual};
    my @enforced = $answer->{enforced} ? "CorsEnforce: $answer->{enforced}" : ();
    return ($actual->{sent} ? 'sent' : 'not sent, because the browser stops '
        . 'at the preflight; otherwise', exchange($actual), @enforced);
}

sub decided {
    my ($decided) = @_;
    return $decided->{directive}
        . (defined $decided->{line} ? at($decided) : ' (its default)');
}

sub verdict {
    my ($answer) = @_;
    my $text = entry(uc $answer->{outcome}, $answer->{summary} || ());
    $text .= entry("can't tell", $answer->{unknown}) if $answer->{unknown};
    $text .= entry('careful', $answer->{careful}) if $answer->{careful};
    $text .= entry('decided by', decided($answer->{decided}))
        if $answer->{decided};
    $text .= entry('to allow it', $answer->{write}) if $answer->{write};
    for (qw(Chromium Firefox WebKit)) {
        $text .= entry($_, $answer->{console}{lc $_})
            if defined $answer->{console}{lc $_};
    }
    return $text;
}

# The values of one line stand together, as they are written.
sub values_of {
    my ($answer) = @_;
    my (@values, $last);
    for (@{ $answer->{values} }) {
        my $at = at($_);
        if ($last && $last->{at} eq $at && $last->{of} eq $_->{directive}) {
            $last->{text} .= " $_->{value}";
            next;
        }
        $last = { at => $at, of => $_->{directive},
            text => "$_->{directive} $_->{value}" };
        push @values, $last;
    }
    return map { $_->{text} . $_->{at} } @values;
}

sub place {
    my ($answer) = @_;
    my @values = values_of($answer);
    return entry('server', server($answer->{server}))
        . (@{ $answer->{sections} } ? entry('sections',
            map { $_->{section} . at($_) } @{ $answer->{sections} }) : '')
        . entry('policy', @values ? @values : 'none')
        . entry('preflight', preflight($answer->{preflight}))
        . entry('request', actual($answer));
}

# What the browser sends may be more than was asked, and the configuration on
# disk may not be the one that runs.
my $REFUSED = 'if a browser refuses it all the same, ask for all that the page '
    . 'sends: --credentials for cookies, --header for each header of its script. '
    . 'Then reload httpd: it runs the configuration that it read last';

# The whole answer.
sub text {
    my ($answer) = @_;
    my @notes = (@{ $answer->{notes} },
        ($answer->{reason} // '') eq 'allowed' ? $REFUSED : ());
    my $asked = $answer->{question};
    my $head = clean(join ' ', grep { defined } @$asked{qw(method url)});
    $head .= "\n  from a page on " . clean($asked->{origin})
        if defined $asked->{origin};
    return "$head\n\n" . verdict($answer) . "\n"
        . ($answer->{server} ? place($answer) : '')
        . (@notes ? entry('note', @notes) : '');
}

1;
