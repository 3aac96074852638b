package CorsMigrate::Command;

# The command: its arguments, and everything in order.

use strict;
use warnings;
use CorsMigrate::Apply qw(apply);
use CorsMigrate::Print qw(is_told report);
use CorsMigrate::Reader;
use CorsMigrate::Replaced qw(replaced);
use CorsMigrate::Sections;
use Getopt::Long qw(GetOptionsFromArray :config no_ignore_case bundling);

my $USAGE = <<'TEXT';
usage: cors-migrate [-D NAME] [--server-root DIR] [--apply DIR] FILE...

Prints the Cors lines that take the place of CORS recipes in httpd
configurations.

Manual: man cors-migrate, or pod2text bin/cors-migrate before it is installed.

Status: 0 all is translated, 1 something is to be decided, 2 wrong usage or a
file that can't be read.
TEXT

my $OFTEN = 500;        # files between two lines of progress

# Runs the command; returns its exit status.
sub run {
    my @arguments = @_;
    my ($help, %given) = (0, D => []);
    my $ok = GetOptionsFromArray(\@arguments, 'server-root=s' => \$given{root}, 'help' => \$help,
        'D=s' => $given{D}, 'apply=s' => \$given{apply});
    if ($help) {
        print $USAGE;
        return 0;
    }
    if (!$ok || !@arguments) {
        print STDERR $USAGE;
        return 2;
    }
    my $files = 0;
    my $reader = CorsMigrate::Reader->new(server_root => $given{root},
        defined => $given{D}, progress => sub {
            print STDERR "cors-migrate: $files files read\n"
                if ++$files % $OFTEN == 0;
        });
    $reader->read($_) for @arguments;
    return finish($reader, $given{apply});
}

# Prints everything; returns the exit status.
sub finish {
    my ($reader, $apply) = @_;
    my $sections = CorsMigrate::Sections->new($reader);
    $sections->translate;
    replaced($reader, $sections, grep { $_->{cases} } $reader->places);
    my @told = grep { is_told($_) } grep { $_->{cases} } $reader->places;
    print report($_) for @told;
    my $open = grep { CorsMigrate::Print::is_decided($_) } @told;
    my @unused = unused_macros($reader);
    print @unused;
    my $all = @told + @unused;
    print "# no recipe found\n" unless $all;
    if ($all) {
        print "# note: what an application sends of CORS itself is replaced "
            . "too, unless\n#   CorsBackendHeaders keep lets it stand\n"
            if grep { CorsMigrate::Replaced::lets_in($_) } @told;
        printf "# %d of %d to decide\n", $open + @unused, $all;
    }
    my @failed = $apply ? apply($reader, $apply, @told) : ();
    my @errors = ($reader->errors, @failed);
    print STDERR "cors-migrate: $_\n" for @errors;
    return @errors ? 2 : $open || @unused ? 1 : 0;
}

# Macros with a recipe that nothing uses.
sub unused_macros {
    my ($reader) = @_;
    my @with = grep { grep { $_->{text} =~
        /^Header\s.*\bAccess-Control-Allow-Origin/i } @{ $_->{body} } }
        $reader->unused_macros;
    return map { "# $_->{at}{file}:$_->{at}{line}: <Macro $_->{name}>\n"
        . "#   decide: nothing that was read uses it: give the file that does\n"
        . "\n" } @with;
}

1;
