# CorsEnforce in the configuration: its values, what is refused beside it, and
# how it is shown.

use strict;
use warnings;
use lib 't/lib';
use JSON::PP qw(decode_json);
use Test::More;
use CorsTest;

my $at = 'of ROOT/test.conf';
my $main = 'in the main server';
my $list = "CorsAllowOrigin https://a.example\n";
my $any = '* is no list to enforce: write the origins whose pages may send '
    . 'requests, as in CorsAllowOrigin https://app.example.com, or CorsEnforce '
    . 'Off [enforce-any-origin]';
my $none = 'no CorsAllowOrigin is in reach, so that there is no list to '
    . 'enforce: write CorsAllowOrigin with the origins whose pages may send '
    . "requests, or CorsAllowOrigin none, which leaves the site's own pages "
    . '[enforce-no-policy]';

sub errors {
    my ($conf) = @_;
    my ($ok, $out) = configtest($conf);
    my @errors = map { $_->[0] eq 'error' ? $_->[1] : () } said($out);
    return $ok && !@errors ? [] : \@errors;
}

sub refused {
    my ($what, $conf, @texts) = @_;
    is_deeply errors($conf), \@texts, "refused: $what";
}

sub accepted {
    my ($what, $conf) = @_;
    is_deeply errors($conf), [], "accepted: $what";
}

# Values.
for my $value ('Off', 'Unsafe', 'All', 'unsafe', 'Unsafe DetectionOnly',
    'all detectiononly', 'All "DetectionOnly"') {
    accepted($value, "${list}CorsEnforce $value\n");
}
for my $value ('On', 'Off DetectionOnly', 'DetectionOnly', 'DetectionOnly All',
    'Unsafe All') {
    refused($value, "${list}CorsEnforce $value\n",
        "CorsEnforce '$value' (line 2 $at): "
        . 'the directive has no such value: write Off, Unsafe, All, Unsafe '
        . 'DetectionOnly or All DetectionOnly [unknown-value]');
}
like +(configtest("${list}CorsEnforce All DetectionOnly # try\n"))[1],
    qr/CorsEnforce takes 1-2 arguments, whether/, 'three arguments';

# Without a list there is nothing to enforce, wherever the line stands.
for my $value ('Unsafe', 'All', 'Unsafe DetectionOnly') {
    refused("$value alone", "CorsEnforce $value\n",
        "CorsEnforce (line 1 $at) $main: $none");
}
refused('in a section', "<Location \"/x\">\nCorsEnforce All\n</Location>\n",
    "CorsEnforce (line 2 $at) in <Location \"/x\"> (line 1 $at) $main: $none");
refused('a list in another section', "<Location \"/x\">\nCorsEnforce All\n"
    . "</Location>\n<Location \"/y\">\n$list</Location>\n",
    "CorsEnforce (line 2 $at) in <Location \"/x\"> (line 1 $at) $main: $none");
refused('lists in sections alone',
    "CorsEnforce All\n<Location \"/x\">\n$list</Location>\n",
    "CorsEnforce (line 1 $at) $main: $none");
refused('over a virtual host without a list', "<Location \"/x\">\nCorsEnforce All\n"
    . "CorsMaxAge 5\n</Location>\n<VirtualHost *:1>\nServerName a.example\n"
    . "CorsMaxAge 5\n</VirtualHost>\n",
    "CorsEnforce (line 2 $at) in <Location \"/x\"> (line 1 $at) $main: $none");
accepted('off', "CorsEnforce Off\nCorsMaxAge 5\n");
accepted('a list around it', "$list<Location \"/x\">\nCorsEnforce All\n</Location>\n");
accepted('a list in an outer path', "<Location \"/x/y\">\nCorsEnforce All\n</Location>\n"
    . "<Location \"/x\">\n$list</Location>\n");
accepted('a list that may meet it', "<LocationMatch \"^/x\">\nCorsEnforce All\n"
    . "</LocationMatch>\n<Directory \"/srv\">\n$list</Directory>\n");
accepted('the list none', "CorsAllowOrigin none\nCorsEnforce All\n");
accepted('where the engine is off', "CorsEngine Off\nCorsEnforce All\n");
accepted('off again within', "CorsAllowOrigin *\n<Location \"/x\">\n${list}CorsEnforce "
    . "All\n</Location>\n<Location \"/x/y\">\nCorsEnforce Off\nCorsAllowOrigin *\n"
    . "</Location>\n");

# "*" and null are no list.
refused('*', "CorsAllowOrigin *\nCorsEnforce All\n", "CorsEnforce (line 2 $at) with "
    . "CorsAllowOrigin * (line 1 $at) $main: $any");
refused('* inherited', "CorsAllowOrigin *\n<Location \"/x\">\nCorsAllowOrigin inherit "
    . "https://a.example\nCorsEnforce Unsafe DetectionOnly\n</Location>\n",
    "CorsEnforce (line 4 $at) with CorsAllowOrigin * (line 1 $at) in "
    . "<Location \"/x\"> (line 2 $at) $main: $any");
refused('* within', "${list}CorsEnforce All\n<Location \"/x\">\nCorsAllowOrigin *\n"
    . "</Location>\n", "CorsEnforce (line 2 $at) with CorsAllowOrigin * (line 4 $at) "
    . "in <Location \"/x\"> (line 3 $at) $main: $any");
refused('* of a virtual host below a section of the main server',
    "<Location \"/x\">\nCorsEnforce All\nCorsAllowOrigin inherit\n</Location>\n$list"
    . "<VirtualHost *:1>\nServerName a.example\nCorsAllowOrigin *\n</VirtualHost>\n",
    "CorsEnforce (line 2 $at) with CorsAllowOrigin * (line 8 $at) in "
    . "<Location \"/x\"> (line 1 $at) in virtual host a.example (line 6 $at): $any");
refused('null', "CorsAllowUnsafe null-origin\nCorsAllowOrigin https://a.example null\n"
    . "CorsEnforce All\n", "CorsEnforce (line 3 $at) with CorsAllowOrigin null "
    . "(line 2 $at) $main: any page can obtain the origin null in a sandboxed frame: "
    . 'leave null out, or write CorsEnforce Off [enforce-null-origin]');

# A faulty value causes no further findings.
refused('a fault alone', "CorsEnforce Maybe\nCorsAllowOrigin *\n",
    "CorsEnforce 'Maybe' (line 1 $at): the directive has no such value: write "
    . 'Off, Unsafe, All, Unsafe DetectionOnly or All DetectionOnly [unknown-value]');

# Shown as it is written, with what it means.
my %meanings = (
    'Off' => undef,
    'Unsafe' => 'refuses what other pages send, but for GET, HEAD, OPTIONS and '
        . 'TRACE',
    'All' => 'refuses what other pages send or load, but for OPTIONS and TRACE',
    'Unsafe DetectionOnly' => 'logs what other pages send, but for GET, HEAD, '
        . 'OPTIONS and TRACE',
    'All DetectionOnly' => 'logs what other pages send or load, but for OPTIONS '
        . 'and TRACE',
);
for my $value (sort keys %meanings) {
    my $conf = "${list}CorsEnforce  $value \n";
    my ($ok, $out) = configtest($conf, -arguments => [qw(-t -D DUMP_CORS)]);
    my $shown = "    CorsEnforce $value (line 2 $at)\n"
        . (defined $meanings{$value} ? "          = $meanings{$value}\n" : '');
    like $out =~ s/\n +(?=and TRACE|TRACE)/ /gr, qr/^\Q$shown\E/m,
        "DUMP_CORS: $value";
    (undef, $out) = configtest($conf, -arguments => [qw(-t -D DUMP_CORS_JSON)]);
    my $json = decode_json($out =~ /^(\{.*^\})/ms);
    my ($found) = grep { $_->{directive} eq 'CorsEnforce' }
        @{ $json->{places}[0]{values} };
    is_deeply [ @$found{qw(value means line)} ], [ $value, $meanings{$value}, 2 ],
        "DUMP_CORS_JSON: $value";
}

done_testing();
