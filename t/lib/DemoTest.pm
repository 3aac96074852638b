package DemoTest;

# Runs the demonstration, as make run does.

use strict;
use warnings;
use Exporter 'import';
use CorsTest ();

our @EXPORT = qw(free_ports run_demo end_demo);

my $DEADLINE = $ENV{CORS_TEST_DEADLINE} || 30;  # seconds

# Runs the demonstration at port; returns when it says that it is there, or
# all that it said if it ended.
sub run_demo {
    my ($port) = @_;
    my $child = open my $out, '-|', "exec tools/run $port 2>&1"
        or die "tools/run: $!\n";
    my $said = '';
    local $SIG{ALRM} = sub { die "tools/run says nothing more:\n$said" };
    alarm $DEADLINE;
    while (defined(my $line = <$out>)) {
        $said .= $line;
        last if $line =~ /Ctrl-C/;
    }
    alarm 0;
    return { said => $said, out => $out, pid => $child };
}

sub end_demo {
    my ($demo, $signal) = @_;
    kill $signal => $demo->{pid};
    return close $demo->{out} ? 0 : $? || $!;
}

# A port with two free ones behind it.
sub free_ports { return CorsTest::free_port(3) }

1;
