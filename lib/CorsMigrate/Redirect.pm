package CorsMigrate::Redirect;

# Sections for files that httpd itself leads to, by DirectoryIndex and its
# like.  mod_headers goes by the section of such a file, and mod_cors by the URL
# that the client asked for.  So a section that takes something away there is
# to decide, with those that it takes it from.

use strict;
use warnings;
use CorsMigrate::Case qw(lets_in);
use CorsMigrate::Expression qw(glob_regex);
use Exporter 'import';

our @EXPORT_OK = qw(look_at_redirects);

# The names that distributions give DirectoryIndex.
my @INDEX = qw(index.html index.htm index.xhtml index.php index.cgi index.pl);

# Lines that lead to files, and where the files begin in their words.
my %LEADS = (directoryindex => 0, fallbackresource => 0, errordocument => 1,
    rewriterule => 1);

sub look_at_redirects {
    my ($sections, @targets) = @_;
    my @names = names($sections->{reader});
    for my $place (grep { is_led_to($_, @names) } @targets) {
        my @before = grep { $_ != $place && $_->{key} lt $place->{key}
            && $_->meets($place) && grep { lets_in($_->{lines}) }
            values %{ $_->{cases} || {} } } @{ $place->{near} };
        my @changed = grep { changes($_) } values %{ $place->{cases} } or next;
        say($_, @before) for grep { !$_->{decided} } @changed;
        close_case($_, $place) for map { values %{ $_->{cases} } } @before;
    }
}

# The names of files that something leads to.
sub names {
    my ($reader) = @_;
    my %names = map { ($_ => 1) } @INDEX;
    for my $line ($reader->lines) {
        my $first = $LEADS{ $line->{name} };
        next unless defined $first;
        my @words = @{ $line->{words} };
        $names{$_} = 1 for map { m{([\w.-]*\w\.\w+)(?:\?.*)?\z} ? $1 : () }
            @words[$first .. ($line->{name} eq 'directoryindex' ? $#words
                : $first)];
    }
    return sort keys %names;
}

sub is_led_to {
    my ($place, @names) = @_;
    my ($kind, $word) = ($place->{kind}, $place->{words}[-1]);
    return 0 unless defined $word;
    return grep { matches($word, $_) } @names if $kind eq 'filesmatch';
    return grep { $_ =~ glob_regex($word) } @names if $kind eq 'files';
    return grep { $_ eq $word =~ s{.*/}{}r } @names if $kind eq 'location';
    # Any folder may be before the name.
    return 0 unless $kind eq 'locationmatch'
        || $place->is_if && $word =~ /URI|FILENAME/;
    my $any = join '|', 'index', map { quotemeta s/.*\.//r } @names;
    return $word =~ /\b(?:$any)\b/;
}

sub matches {
    my ($regex, $name) = @_;
    my $is = eval { no warnings; $name =~ /$regex/ };
    return $@ ? 1 : $is;
}

sub changes {
    my ($case) = @_;
    return !$case->{silent} && ($case->{decided} || $case->{only_if}
        || %{ $case->{lines} || {} });
}

my $WHY = 'mod_cors goes by the URL that the client asks for, and not by the '
    . 'file that httpd leads it to (DirectoryIndex, RewriteRule)';

sub say {
    my ($case, @before) = @_;
    if (!@before) {
        push @{ $case->{words}{note} }, $WHY;
        return;
    }
    push @{ $case->{words}{decide} }, "$WHY: write the policy for the folders "
        . 'too';
    shut($case);
}

# A section that another one takes something from.
sub close_case {
    my ($case, $place) = @_;
    return unless lets_in($case->{lines});
    push @{ $case->{words}{decide} }, ($place->opening || $place->{file})
        . " changes what is sent, and $WHY";
    shut($case);
}

sub shut {
    my ($case) = @_;
    $case->{suggested} ||= $case->{lines} if $case->{lines}{CorsAllowOrigin};
    @{$case}{qw(lines decided)} = ({ CorsAllowOrigin => ['none'] }, 1);
    delete $case->{only_if};
}

1;
