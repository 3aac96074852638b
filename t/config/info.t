# CorsInfo in the configuration: where it may stand, and what limits access to it.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $FLOOR = 40;     # configurations

my $at = 'of ROOT/test.conf';
my $checked = 0;

sub errors {
    my ($conf) = @_;
    my ($ok, $out) = configtest($conf);
    $checked++;
    my @errors = map { $_->[0] eq 'error' ? $_->[1] : () } said($out);
    push @errors, $out if !$ok && !@errors;
    return @errors;
}

sub accepted {
    my ($conf) = @_;
    is_deeply [ errors($conf) ], [], join '; ', 'accepted', split /\n/, $conf;
}

sub refused {
    my ($conf, $line, $place) = @_;
    is_deeply [ errors($conf) ], [ "CorsInfo On (line $line $at)"
        . ($place ? " in $place" : '') . ': the page shows every policy, and '
        . 'no Require limits who may read it: write it into a <Location> with '
        . 'a Require, such as Require local [info-unprotected]' ],
        join '; ', 'refused', split /\n/, $conf;
}

my $cors = '<Location "/cors">';

# Lines beside CorsInfo that limit access.
for my $limit ('Require local', 'Require ip 10.0.0.0/8', 'Require valid-user',
    'Require all denied', 'Require host a.example', 'require user me',
    "<RequireAny>\nRequire local\nRequire ip 10.1\n</RequireAny>",
    "<RequireAll>\nRequire all granted\nRequire local\n</RequireAll>",
    "<RequireAll>\nRequire all granted\nRequire not ip 10.1\n</RequireAll>",
    "<RequireAll>\nRequire all granted\n<RequireNone>\nRequire ip 10.1\n"
        . "</RequireNone>\n</RequireAll>",
    "Require method OPTIONS", "Require local\nSatisfy All") {
    accepted(within($cors, "CorsInfo On\n$limit\n"));
}

# And lines that don't.
for my $limit ('', "Require all granted\n", "Require all granted\nRequire local\n",
    "Require method GET POST\n", "<RequireAny>\nRequire local\n"
        . "Require all granted\n</RequireAny>\n",
    "<RequireAll>\nRequire all granted\n</RequireAll>\n",
    "<Limit POST>\nRequire local\n</Limit>\n",
    "<LimitExcept GET>\nRequire local\n</LimitExcept>\n",
    "Require local\nSatisfy Any\n", "Order deny,allow\nDeny from all\n") {
    refused(within($cors, "CorsInfo On\n$limit"), 2, $cors);
}

# Other sections that the requests of the place have too.
my $on = within($cors, "CorsInfo On\n");
my $root = within('<Location "/">', "Require local\n");
my $open = "Require all granted\n";
accepted("$root$on");
accepted("$on$root");
accepted(within($cors, "Require local\n") . $on);
accepted(within('<Location "/cors">', "CorsInfo On\nRequire local\n")
    . within('<Location "/corset">', $open));
accepted(within('<Location "/cors/x">', $open)
    . within($cors, "CorsInfo On\nRequire local\n"));
refused($root . within($cors, "CorsInfo On\n$open"), 5, $cors);
refused(within($cors, "CorsInfo On\nRequire local\n")
    . within('<Location "/">', $open), 2, $cors);
refused(within($cors, "CorsInfo On\nRequire local\n")
    . within('<Location "/cors/x">', $open), 2, $cors);
refused(within('<Location "/corsx">', "Require local\n") . $on, 5, $cors);
refused(within('<Location "/cors/x">', "Require local\n") . $on, 5, $cors);
refused(within('<Directory "/">', "Require all denied\n") . $on, 5, $cors);

# Sections in sections, and of other kinds.
my $if = '<If "-R \'10.0.0.0/8\'">';
accepted(within($cors, "Require local\n" . within($if, "CorsInfo On\n")));
accepted(within($cors, within($if, "CorsInfo On\nRequire local\n")));
refused(within($cors, within($if, "CorsInfo On\n")), 3, $if);
refused(within($cors, "Require local\n"
    . within($if, "CorsInfo On\n$open")), 4, $if);
for my $first ('<Directory "/srv/x">', '<LocationMatch "^/c">',
    '<Files "cors">', '<DirectoryMatch "x">') {
    accepted(within($first, "CorsInfo On\nRequire local\n"));
    accepted($root . within($first, "CorsInfo On\n"));
    refused(within($first, "CorsInfo On\n"), 2, $first);
}
refused("CorsInfo On\n", 1);
accepted("${root}CorsInfo On\n");
accepted("CorsInfo Off\n");
accepted(within($cors, "CorsInfo Off\n"));

# Virtual hosts.
my $host = '<VirtualHost 127.0.0.1:81>';
accepted(within($host, within($cors, "CorsInfo On\nRequire local\n")));
accepted($root . within($host, $on));
accepted(within($host, $root . $on));
accepted(within($host, "CorsInfo On\n$root"));
refused(within($host, $root) . $on, 7, $cors);
refused(within($host, "CorsInfo On\n"), 2, $host);
refused(within($host, $on) . within('<VirtualHost 127.0.0.1:82>', $root),
    3, $cors);
refused("$root$on" . within($host, within('<Location "/">', $open)), 5, $cors);

# Other faults.
is_deeply [ errors(within($cors, "CorsInfo Maybe\nRequire local\n")) ],
    [ "CorsInfo 'Maybe' (line 2 $at) in $cors: the directive has no such "
        . 'value: write Off or On [unknown-value]' ], 'a wrong value';
cmp_ok $checked, '>=', $FLOOR, "looked at $checked";

# .htaccess files.
my $s = CorsTest->start(<<'CONF', 'a/.htaccess' => "CorsInfo On\n",
<Directory "@ROOT@/htdocs/a">
  AllowOverride None
  AllowOverrideList CorsInfo
</Directory>
CONF
    'b/.htaccess' => "CorsInfo On\n");
is $s->get('/a/')->{status}, 500, 'not in .htaccess, even by its name';
is $s->get('/b/')->{status}, 500, 'not in .htaccess';
is scalar(grep { /a\/\.htaccess: CorsInfo 'On' \(line 1 of [^)]*\): no \.htaccess file can show the page: write it into the server's configuration \[in-htaccess\]/ }
    $s->log_lines), 1, 'the message';
$s->stop;

done_testing;
