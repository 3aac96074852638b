package CorsMigrate::Redirect;

# Sections that httpd itself leads to, or away from, by DirectoryIndex, a rule
# within a folder, and their like.  mod_headers goes by the section of what is
# led to, and mod_cors by the URL that the client asked for.  So a section that
# takes something away there is to decide, with those that it takes it from, and
# so is one that lets in what is led elsewhere.

use strict;
use warnings;
use CorsMigrate::Case qw(lets_in);
use CorsMigrate::Expression qw(glob_regex);
use CorsMigrate::Near;
use CorsMigrate::Target qw(holds_there leads_to targets);
use Exporter 'import';

our @EXPORT_OK = qw(look_at_redirects);

# The names that distributions give DirectoryIndex.
my @INDEX = qw(index.html index.htm index.xhtml index.php index.cgi index.pl);

# Lines that lead to files, and where the files begin in their words.
my %LEADS = (directoryindex => 0, fallbackresource => 0, errordocument => 1,
    rewriterule => 1);

sub look_at_redirects {
    my ($sections, @places) = @_;
    my $reader = $sections->{reader};
    my $names = $sections->{led_names} ||= [ names($reader) ];
    for my $place (grep { is_led_to($_, @$names) } @places) {
        look_at($sections, $place, before($place));
    }
    my $targets = $sections->{targets} ||= [ targets($reader) ];
    return unless @$targets;
    my $near = CorsMigrate::Near->new(@places);
    for my $target (@$targets) {
        my $from = $target->{place};
        my @more = grep { gives_more($_) && $_->meets($from) }
            $near->near($from);
        my @here = grep { is_open($_) } @more;
        for (grep { grants($_) || adds($_) } map { values %{ $_->{cases} } }
            grep { !holds_there($target, $_) } @more) {
            close_case($_, "$target->{line}{file}:$target->{line}{line}: "
                . "'$target->{line}{text}' leads elsewhere");
        }
        next if $from->host->{phase} == 1
            && !grep { $_->host == $from->host } @places;
        for my $place (grep { leads_to($target, $_) }
            reached($target, $near, @places)) {
            look_at($sections, $place, before($place),
                grep { $_ != $place } @here);
        }
    }
}

# The sections that a target may be in: thousands of folders may have rules.
sub reached {
    my ($target, $near, @places) = @_;
    my %reached = map { ($_ => $_) } $near->near($target->{place}),
        $target->{absolute} ? grep { $_->{phase} != 2 || !$_->{path}
            || @{ $target->{path} } } @places : ();
    return values %reached;
}

# A section that is led to, and those that let in what it may take away.
sub look_at {
    my ($sections, $place, @before) = @_;
    my @changed = grep { changes($_) } values %{ $place->{cases} } or return;
    # Lines that stay around it would lose the ones that come after them here.
    my @stay = grep { $_ != $place && $_->{key} lt $place->{key}
        && CorsMigrate::Sections::sends($_) && $_->meets($place)
        && grep { $_->{decided} } values %{ $sections->owner($_)->{cases} }
        } @{ $place->{near} };
    say($_, @before, @stay) for grep { !$_->{decided} } @changed;
    close_case($_, ($place->opening || $place->{file}) . ' changes what is '
        . 'sent') for grep { grants($_) } map { values %{ $_->{cases} } }
        @before;
}

sub before {
    my ($place) = @_;
    return grep { $_ != $place && $_->{key} lt $place->{key}
        && $_->meets($place) && is_open($_) } @{ $place->{near} };
}

sub is_open {
    my ($place) = @_;
    return grep { grants($_) } values %{ $place->{cases} || {} };
}

sub grants { my ($case) = @_;
    return lets_in($case->{lines}) || $case->{only_if} }

sub gives_more {
    my ($place) = @_;
    return grep { grants($_) || adds($_) } values %{ $place->{cases} || {} };
}

# Whether a section gives more to origins that sections around it let in.
sub adds {
    my ($case) = @_;
    my $lines = $case->{lines} || {};
    return ($case->{policy} || { kind => 'none' })->{kind} ne 'none'
        && grep { "@{ $lines->{$_} }" !~ /^(?:none|Off)\z/ } keys %$lines;
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
    return 1 if $place->is_if && $place->{parent}
        && is_led_to($place->{parent}, @names);
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
        push @{ $case->{words}{note} }, $WHY
            unless grep { $_ eq $WHY } @{ $case->{words}{note} };
        return;
    }
    push @{ $case->{words}{decide} }, "$WHY: write the policy for the folders "
        . 'too';
    shut($case);
}

# A section that another one takes something from.
sub close_case {
    my ($case, $what) = @_;
    push @{ $case->{words}{decide} }, "$what, and $WHY";
    shut($case);
}

sub shut {
    my ($case) = @_;
    $case->{suggested} ||= $case->{lines} if $case->{lines}{CorsAllowOrigin};
    $case->{suggested} ||= $case->{policy}{lines} if adds($case);
    @{$case}{qw(lines decided)} = ({ CorsAllowOrigin => ['none'] }, 1);
    delete $case->{only_if};
}

1;
