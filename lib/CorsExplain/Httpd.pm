package CorsExplain::Httpd;

# Asks httpd: questions go in as JSON, and answers come out, one a line.

use strict;
use warnings;
use File::Temp qw(tempfile);
use JSON::PP ();
use POSIX ();

my $ENVVARS = '/etc/apache2/envvars';

# The program and the arguments that the distribution starts it with.
sub program {
    my ($given) = @_;
    return $given->{httpd} if $given->{httpd};
    my ($found) = grep { -f && -x } map { my $in = $_; map { "$in/$_" }
        qw(apache2 httpd) } qw(/usr/sbin /usr/local/apache2/bin),
        split /:/, $ENV{PATH} || '';
    die "cors-explain: no httpd found: name it with --httpd\n" if !$found;
    return $found if $found !~ /apache2$/ || !-r $ENVVARS;
    return ('/bin/sh', '-c', ". $ENVVARS && exec \"\$@\"", 'sh', $found);
}

sub command {
    my ($given) = @_;
    return (program($given),
        (map { defined $given->{$_} ? ("-$_", $given->{$_}) : () } qw(d f)),
        (map { ('-D', $_) } @{ $given->{D} }), '-D', 'EXPLAIN_CORS', '-t');
}

# Runs httpd once.  Returns the answers, what else was said, and the status.
sub run {
    my ($command, @questions) = @_;
    my $json = JSON::PP->new->canonical->ascii;
    my ($in, $in_name) = tempfile(UNLINK => 1);
    my ($err, $err_name) = tempfile(UNLINK => 1);
    print $in map { $json->encode($_) . "\n" } @questions;
    close $in or die "cors-explain: $in_name: $!\n";
    my $pid = open my $out, '-|';
    die "cors-explain: $!\n" if !defined $pid;
    if (!$pid) {
        open STDIN, '<', $in_name or die "$in_name: $!\n";
        open STDERR, '>&', $err or die "$!\n";
        {
            no warnings 'exec';
            exec { $command->[0] } @$command;
        }
        print STDERR "cors-explain: $command->[0]: $!\n";
        POSIX::_exit(127);
    }
    my @answers = map { JSON::PP->new->utf8->decode($_) }
        grep { /^\{"question"/ } <$out>;
    close $out;
    my $status = $?;
    open my $said, '<', $err_name or die "$err_name: $!\n";
    local $/;
    return (\@answers, scalar <$said>, $status);
}

# httpd has ended by a signal: some module can't do without a running server.
sub lost {
    my ($question) = @_;
    my %asked = map { $_ => $question->{$_} }
        grep { defined $question->{$_} } qw(method url origin);
    return { question => \%asked, outcome => 'unknown', reason => 'lost',
        notes => [], console => {}, decided => undef,
        summary => 'httpd ended while it looked.', unknown =>
        'a module of this configuration works in a running server only' };
}

# Why httpd has not answered.
sub why {
    my ($said, $status) = @_;
    return "cors-explain: mod_cors is not loaded in this configuration\n"
        if !$status && $said =~ /Syntax OK/ && $said !~ /EXPLAIN_CORS/;
    return $said if $said =~ /\S/;
    return sprintf "cors-explain: the program ended with status %d and said "
        . "nothing: is it httpd?\n", $status >> 8;
}

# The answers to the questions, in order.
sub ask {
    my ($given, @questions) = @_;
    my @command = command($given);
    my @all;
    while (@questions) {
        my ($answers, $said, $status) = run(\@command, @questions);
        push @all, @$answers;
        splice @questions, 0, scalar @$answers;
        last if !@questions;
        if ($status & 127) {
            push @all, lost(shift @questions);
            next;
        }
        die why($said, $status);
    }
    return @all;
}

1;
