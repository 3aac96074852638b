#!/usr/bin/perl
# Asks cors-explain about requests to this very server: the lines of the body
# are what cors-explain reads from standard input.

use strict;
use warnings;
use Cwd qw(realpath);
use File::Basename qw(dirname);
use File::Temp ();
use JSON::PP ();
use lib dirname(realpath(__FILE__));
use Workbench;

my $LIMIT = 16 * 1024;
my $run = setting('CORS_RUN');
my $root = setting('CORS_ROOT');

require_method('POST');
require_own_page();

my $input = File::Temp->new(DIR => "$run/try") or refuse(500, "$!.");
print $input body($LIMIT) or refuse(507, "The question can't be kept: $!.");
close $input or refuse(507, "The question can't be kept: $!.");

my ($said, $status) = run("$input", "$root/bin/cors-explain", '--json',
    '--httpd', setting('CORS_HTTPD'), '-f', "$run/httpd.conf", '--');
refuse(500, "cors-explain can't be run: $status.") if !defined $said;
refuse(400, $said) if $status >> 8 == 64;

# The page has no use for the folders.
$said =~ s{\Q$run\E/sandbox/(?=\.htaccess)|\Q$root\E/conf/(?=demo\.conf)}{}g;
my @answers = eval { JSON::PP->new->incr_parse($said) };
refuse(500, "cors-explain says: $said") if $@ || !@answers;
answer(200, { answers => \@answers });
