#!/usr/bin/perl
# The policy of the workbench: GET reads it, PUT writes it.
#
# It is an .htaccess file, $CORS_RUN/sandbox/.htaccess.  New lines go to
# $CORS_RUN/try/.htaccess first.  There httpd -t reads them as a section of
# this very configuration, and a request to the server as an .htaccess file.
# If both are content, the file is renamed.  So the sandbox has the old policy
# or the new one, whatever happens, and never one that httpd does not take.

use strict;
use warnings;
use Cwd qw(realpath);
use Encode ();
use Fcntl ':flock';
use File::Basename qw(dirname);
use lib dirname(realpath(__FILE__));
use Workbench;

my $LIMIT = 16 * 1024;
my $run = setting('CORS_RUN');
my $policy = "$run/sandbox/.htaccess";
my $try = "$run/try/.htaccess";

sub slurp {
    my ($path, $from) = @_;
    open my $fh, '<:raw', $path or return undef;
    seek $fh, $from, 0 if $from;
    local $/;
    my $text = <$fh>;
    return defined $text ? Encode::decode('UTF-8', $text) : '';
}

sub read_policy {
    my $text = slurp($policy);
    refuse(500, "The policy can't be read: $policy: $!.") if !defined $text;
    my $first = slurp("$run/first.htaccess");
    answer(200, { policy => $text, first => defined $first ? $first : $text });
}

# What is wrong with a line before httpd reads it, if anything.  ${} would
# print the server's environment in a message, and a line that goes on could
# swallow what stands after the lines.
sub find_fault {
    my ($line) = @_;
    return 'there is a control character in this line'
        if $line =~ /[^\t\P{Cc}]/;
    return undef if $line =~ /^\s*$/;
    return 'a line can\'t end with \ here: write all of it in one line'
        if $line =~ /\\$/;
    return undef if $line =~ /^\s*#/;
    return 'only Cors directives, comments and blank lines can stand here'
        if $line !~ /^\s*Cors\w*(?:\s|$)/ai;
    return '${...} can\'t be used here' if $line =~ /\$\{/;
    return undef;
}

# Takes the lines that must not reach httpd out of the text, so that it can be
# asked about the others.
sub take_faults {
    my ($text) = @_;
    my $number = 0;
    my @faults;
    my @lines = split /\n/, $text, -1;
    pop @lines if @lines && $lines[-1] eq '';
    @lines = map {
        $number++;
        my $fault = find_fault($_);
        push @faults, message('error', $number, $fault) if $fault;
        $fault ? '' : $_;
    } @lines;
    return (join("\n", @lines, ''), @faults);
}

sub message {
    my ($level, $line, $text) = @_;
    return { level => $level, text => $text, $line ? (line => 0 + $line) : () };
}

# A line that httpd -t prints, without what each line of a log has; undef if
# the line is not about the policy.
sub read_message {
    my ($said) = @_;
    my $level = $said =~ s/^\[[^]]*\] (?=\[)//
        && $said =~ s/^\[\w+:(\w+)\] (?:\[pid [^]]*\] )?// ? $1 : 'error';
    my @lines = $said =~ /line (\d+) of \Q$try\E/g;
    return undef if !@lines;
    $said =~ s/^AH00526: Syntax error on line \d+ of \Q$try\E://;
    # The section is there for the check alone.
    $said =~ s{ in <Directory "\Q$run\E/sandbox">(?: \(line \d+ of \S*\))?(?: in the main server)?}{}g;
    $said =~ s/\Q$try\E/.htaccess/g;
    return message($level =~ /^(?:warn|notice|info)/ ? 'warning' : 'error',
        $lines[0], $said);
}

# httpd prints a syntax error in two lines.
sub read_messages {
    my ($said) = @_;
    $said =~ s/^(AH00526: .*:)\n/$1/mg;
    my %seen;
    return grep { $_ && !$seen{"$_->{line} $_->{text}"}++ }
        map { read_message($_) } split /\n/, $said;
}

# Has httpd -t check the lines.  Returns whether it takes them, and its
# messages.
sub check {
    my ($said, $status) = run('/dev/null', setting('CORS_HTTPD'), '-t',
        '-f', "$run/httpd.conf", '-C', "Define CORS_TRY \"$try\"");
    refuse(500, 'configtest can\'t be run, so that nothing was changed: '
        . setting('CORS_HTTPD') . ": $status.") if !defined $said;
    my @messages = read_messages($said);
    return (1, @messages) if !$status;
    return (0, @messages ? @messages : message('error', 0, $said));
}

# The line of the policy that a message of httpd about an .htaccess file means:
# such a message has no number, and begins with the directive.
sub line_of {
    my ($text, $said) = @_;
    my ($name) = $said =~ /^(\w+)/ or return 0;
    my $number = 0;
    for (split /\n/, $text) {
        $number++;
        return $number if /^\s*\Q$name\E\b/i;
    }
    return 0;
}

# Asks the server for something under the lines, which it reads as an .htaccess
# file there.
sub probe {
    my ($text) = @_;
    my $log = "$run/logs/error.log";
    my $size = -s $log || 0;
    my $url = 'http://127.0.0.1:' . setting('CORS_API_PORT') . '/try/';
    my ($status, $failure) = run('/dev/null', qw(curl -s -o /dev/null
        --max-time 10 -w %{http_code}), $url);
    refuse(503, 'The API does not answer, so that nothing was changed: '
        . "$url.") if !defined $status || $failure;
    return if $status ne '500';
    my ($said) = (slurp($log, $size) || '') =~ /\Q$try\E: (.*?)(?:, referer:.*)?$/m;
    answer(422, { messages => [ defined $said
        ? message('error', line_of($text, $said), $said)
        : message('error', 0, "the server answers 500: see $log") ] });
}

sub give_up {
    my ($why) = @_;
    my $full = $!{ENOSPC} || $!{EDQUOT} || $!{EFBIG};
    unlink $try;
    refuse($full ? 507 : 500,
        "The policy can't be written, and the old one stays: $why.");
}

# Writes all of the lines, or nothing that stays.
sub write_try {
    my ($bytes) = @_;
    open my $fh, '>:raw', $try or give_up("$try: $!");
    print $fh $bytes or give_up("$try: $!");
    close $fh or give_up("$try: $!");
}

# One at a time: all share one file.
sub lock_files {
    open my $lock, '>', "$run/try/lock" or give_up("$run/try/lock: $!");
    flock $lock, LOCK_EX or give_up("$run/try/lock: $!");
    return $lock;
}

sub write_policy {
    my $bytes = body($LIMIT);
    my $text = eval { Encode::decode('UTF-8', $bytes, Encode::FB_CROAK) };
    refuse(400, 'The lines are not UTF-8.') if !defined $text;
    $text =~ s/\r\n/\n/g;
    my ($lines, @faults) = take_faults($text);
    my $lock = lock_files();
    write_try(Encode::encode('UTF-8', $lines));
    my ($ok, @messages) = check();
    @messages = sort { ($a->{line} || 0) <=> ($b->{line} || 0) }
        @faults, @messages;
    answer(422, { messages => \@messages }) if @faults || !$ok;
    probe($text);
    rename $try, $policy or give_up("$policy: $!");
    answer(200, { policy => $lines, messages => \@messages });
}

my $method = require_method('GET', 'PUT');
require_own_page();
$method eq 'GET' ? read_policy() : write_policy();
