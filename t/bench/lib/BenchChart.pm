package BenchChart;

=head1 NAME

BenchChart - what was measured on which machine, and a picture of it

=cut

use strict;
use warnings;
use BenchBounds qw(more_in_sections over_empty_file);
use BenchCases qw(@WORK @SECTIONS @HTACCESS);
use BenchReport qw(number);
use BenchRivals;
use BenchServer;
use File::Temp ();

# A line of what a program says of its version, or nothing.
sub version {
    my ($command, $re) = @_;
    return `$command 2>&1` =~ $re ? $1 : ();
}

sub system_name {
    return CorsTest::slurp('/etc/os-release') =~ /^PRETTY_NAME="([^"]+)"/m
        ? $1 : $^O;
}

# What the figures were measured on and with: no name of the machine.
sub preface {
    my ($cpu) = CorsTest::slurp('/proc/cpuinfo') =~ /^model name\s*: (.*)/m;
    chomp(my $cores = `nproc`);
    my $httpd = CorsTest::httpd();
    my @with = (version("$httpd -v", qr/version: (\S+)/),
        version('valgrind --version', qr/(\S+)/),
        version('h2load --version', qr/(.+)/),
        version('node --version', qr/(v\S+)/) =~ s/^v/node /r,
        version((BenchRivals::find_nginx() || 'false') . ' -v', qr/: (\S+)/));
    my $date = POSIX::strftime('%Y-%m', gmtime);
    return <<"TEXT";
# What mod_cors costs

Written by `make bench`, $date, on @{[ $cpu || 'an unknown processor' ]}
($cores processors), @{[ system_name() ]}, with
@{[ join ', ', @with ]}.
CONTRIBUTING.md says what is measured and how.

TEXT
}

# A block for each panel: the rows that every setup has, over the plain server,
# then single bars.
sub data {
    my ($count) = @_;
    return join "\n\n", join('', map { work_line($count, $_) }
            grep { defined $count->("$_->{name}: recipe") } @WORK),
        join('', map { bar($_, more_in_sections($count, $_)) }
            @SECTIONS[1 .. $#SECTIONS]),
        join('', map { bar($_, over_empty_file($count, $_)) }
            @HTACCESS[1 .. $#HTACCESS]);
}

sub work_line {
    my ($count, $row) = @_;
    my $plain = $count->("$row->{name}: plain");
    return join('|', $row->{short}, map { sprintf '%.0f',
        $count->("$row->{name}: $_") - $plain }
        qw(floor cors recipe popular)) . "\n";
}

# The colours that the first panel has.
my %COLOUR = (cors => '0x1565c0', recipe => '0xef6c00', popular => '0xffb74d');

sub bar {
    my ($row, $over) = @_;
    return join('|', $row->{short}, sprintf('%.0f', $over),
        $COLOUR{ $row->{setup} }, number($over)) . "\n";
}

sub draw {
    my ($count, $path) = @_;
    my $file = File::Temp->new;
    print $file data($count);
    close $file;
    system('gnuplot', '-e', "data='$file'; output='$path'",
        BenchServer::bench_dir() . '/chart.gp') == 0
        or die "gnuplot failed\n";
}

1;
