package Workbench;

# What the two scripts of the workbench share: who may ask, bodies of requests,
# answers in JSON, and commands.

use strict;
use warnings;
use Encode ();
use Exporter 'import';
use JSON::PP ();

our @EXPORT = qw(setting require_own_page require_method body answer refuse
    run);

my $DEADLINE = 20;      # seconds that a command may take

# A setting that conf/demo.conf hands over.
sub setting {
    my ($name) = @_;
    my $value = $ENV{$name};
    refuse(500, "conf/demo.conf does not set $name.")
        if !defined $value || $value eq '';
    return $value;
}

my %REASON = (200 => 'OK', 400 => 'Bad Request', 403 => 'Forbidden',
    405 => 'Method Not Allowed', 413 => 'Content Too Large',
    422 => 'Unprocessable Content', 500 => 'Internal Server Error',
    503 => 'Service Unavailable', 507 => 'Insufficient Storage');

# Answers, and ends the script.  mod_cgid would lose the answer of a script that
# ends before it has read its whole input.
sub answer {
    my ($status, $object, @headers) = @_;
    1 while read STDIN, my $rest, 65536;
    my $json = JSON::PP->new->canonical->utf8->encode($object);
    binmode STDOUT;
    print map { "$_\r\n" } "Status: $status $REASON{$status}",
        'Content-Type: application/json', 'Cache-Control: no-store',
        'X-Content-Type-Options: nosniff', @headers, '';
    print "$json\n";
    exit;
}

sub refuse { my ($status, $why) = @_; answer($status, { error => $why }) }

sub require_method {
    my @allowed = @_;
    my $method = setting('REQUEST_METHOD');
    return $method if grep { $_ eq $method } @allowed;
    answer(405, { error => "This takes @allowed." },
        'Allow: ' . join ', ', @allowed);
}

# Only a page of this very origin may ask: a name of another site may lead to
# this address, and a page of another site may send requests here.
sub require_own_page {
    my $host = 'localhost:' . setting('CORS_PORT');
    my %sent = map { $_ => $ENV{"HTTP_$_"} } qw(HOST ORIGIN SEC_FETCH_SITE);
    my $own = ($sent{HOST} || '') eq $host
        && (!defined $sent{SEC_FETCH_SITE}
            || $sent{SEC_FETCH_SITE} eq 'same-origin')
        && (defined $sent{ORIGIN} ? $sent{ORIGIN} eq "http://$host"
            : $ENV{REQUEST_METHOD} eq 'GET');
    refuse(403, "Only the page on http://$host may ask this.") if !$own;
}

# The body of the request, in bytes.  Never reads more than one byte too many.
sub body {
    my ($limit) = @_;
    my $text = '';
    binmode STDIN;
    while (length $text <= $limit) {
        my $count = read STDIN, $text, $limit + 1 - length $text, length $text;
        refuse(400, "The lines did not arrive: $!.") if !defined $count;
        last if !$count;
    }
    refuse(413, 'That is too long: ' . $limit / 1024 . ' KiB are the limit.')
        if length $text > $limit;
    return $text;
}

# Runs a command without a shell, input at its standard input.  Returns what it
# prints, on both its outputs, and its status; undef if it can't be run or
# does not end.
sub run {
    my ($input, @command) = @_;
    my $pid = open my $out, '-|';
    return (undef, "$!") if !defined $pid;
    if (!$pid) {
        setpgrp;
        open STDIN, '<', $input or die "$input: $!\n";
        open STDERR, '>&', \*STDOUT or die "$!\n";
        exec { $command[0] } @command or print "$!\n";
        exit 127;
    }
    my $text = eval {
        local $SIG{ALRM} = sub { die "it did not end in $DEADLINE s\n" };
        alarm $DEADLINE;
        local $/;
        <$out>;
    };
    alarm 0;
    chomp(my $late = $@);
    kill KILL => -$pid if $late;
    close $out;
    return (undef, $late) if $late;
    return (undef, $text =~ s/\s+\z//r) if $? >> 8 == 127;
    return (Encode::decode('UTF-8', $text), $?);
}

1;
