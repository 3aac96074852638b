# Whether the check of CorsInfo says what httpd does.  What stands for the page is
# a file, because httpd does not start where the check refuses the page.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $FLOOR = 40;      # places

my $modules = CorsTest::apxs_q('LIBEXECDIR');
plan skip_all => 'mod_remoteip is not installed'
    unless -e "$modules/mod_remoteip.so";

# Lines of the place's own section.  A stranger reads the page, or nobody but
# those who are let in does; cautious: nobody does, but the check can't tell.
my %lines = (
    open => [
        'Require all granted', 'Require method GET', 'Require method POST HEAD',
        'Require ip 0.0.0.0/0.0.0.0', 'Require ip 0.0.0.0/1 128.0.0.0/1',
        'Require ip 10.1 192.0.0.0/2', 'Require everybody', 'Require world',
        'Require "my world"', 'Require Local',
        'Require expr true', q{Require expr "%{HTTPS} == 'off'"},
        'Require expr "%{SERVER_PORT} -gt 0"',
        'Require expr "%{HTTP_HOST} =~ /./"',
        'Require expr "%{REQUEST_URI} =~ m#^/#"',
        'Require expr "%{TIME_YEAR} -gt 2000"',
        q{Require expr "-R '192.0.0.0/2'"},
        q{Require expr "-R '0.0.0.0/1' || -R '128.0.0.0/1'"},
        'Require expr "%{THE_REQUEST} =~ /^GET/"',
        'Require expr "%{REQUEST_FILENAME} =~ /./"',
        'Require expr "%{IS_SUBREQ} =~ /e/"',
        'Require expr "%{HTTP:Host} =~ /./"',
        "<RequireAny>\nRequire local\nRequire all granted\n</RequireAny>",
        "<RequireAll>\nRequire all granted\nRequire not ip 10.1\n</RequireAll>",
        "Require local\n<Limit HEAD>\nRequire all granted\n</Limit>",
        "<LimitExcept HEAD>\nRequire local\n</LimitExcept>",
        "Require local\nSatisfy Any", "Require local\nSatisfy All\nSatisfy Any",
        "Require local\n<Limit GET>\nSatisfy Any\n</Limit>",
        "Require local\n<LimitExcept POST>\nSatisfy Any\n</LimitExcept>",
        "Require local\n<If \"%{HTTP_USER_AGENT} =~ /M/\">\n"
            . "Require all granted\n</If>",
        "Require local\n<If \"true\">\nSatisfy Any\n</If>",
    ],
    limited => [
        'Require all denied', 'Require local', 'Require ip 10.0.0.0/8',
        'Require ip fc00::/7', 'Require method OPTIONS', 'Require env from_office',
        'Require host a.example', 'Require valid-user', 'Require office',
        'Require "my office"',
        'Require expr false', q{Require expr "-R '10.0.0.0/8'"},
        q{Require expr "%{HTTPS} == 'off' && %{REMOTE_ADDR} == '10.1.1.1'"},
        "<RequireAll>\nRequire all granted\nRequire local\n</RequireAll>",
        "<RequireAll>\nRequire ip 0.0.0.0/1 128.0.0.0/1\nRequire local\n</RequireAll>",
        "Require local\n<LimitExcept HEAD>\nRequire all granted\n</LimitExcept>",
        "Require local\nSatisfy Any\nSatisfy All",
        "Require local\n<Limit POST>\nSatisfy Any\n</Limit>",
        "Require local\n<If \"-R '10.0.0.0/8'\">\nRequire all granted\n</If>",
        "Require local\n<If \"-R '10.0.0.0/8'\">\nSatisfy Any\n</If>",
        "Require local\n<If \"false\">\nRequire all granted\n</If>",
    ],
    cautious => [
        "Require local\nSatisfy Any\nDeny from all", 'Deny from all',
        "<Limit GET>\nRequire local\n</Limit>",
        "<RequireAll>\nRequire all granted\n"
            . "Require not expr \"%{REMOTE_ADDR} != '10.1.1.1'\"\n</RequireAll>",
    ],
);

# Other sections around the place %s, whose own section comes at the end.
my %around = (
    open => [
        "<Location \"%s\">\nSatisfy Any\n</Location>",
        "<Directory \"\@ROOT\@/htdocs%s\">\nSatisfy Any\n</Directory>",
        "<Directory \"\@ROOT\@/htdocs%s\">\n<Files \"*\">\nSatisfy Any\n"
            . "</Files>\n</Directory>",
        "<If \"%%{REQUEST_URI} =~ m#^%s/#\">\nRequire all granted\n</If>",
    ],
    limited => [
        "<Directory \"\@ROOT\@/htdocs%s\">\nRequire all granted\n</Directory>",
        "<Location \"%s\">\nRequire all granted\nSatisfy All\n</Location>",
    ],
);

my (@places, @wrong);
for my $verdict (qw(open limited cautious)) {
    push @places, map { { verdict => $verdict, lines => $_, around => '' } }
        @{ $lines{$verdict} };
    push @places, map { { verdict => $verdict, lines => 'Require local',
        around => "$_\n" } } @{ $around{$verdict} || [] };
}
for my $i (0 .. $#places) {
    my $place = $places[$i];
    $place->{path} = "/place-$i-";
    $place->{around} =~ s/%s/$place->{path}/;
    $place->{around} =~ s/%%/%/;
}

sub section {
    my ($place, $more) = @_;
    return $place->{around}
        . within("<Location \"$place->{path}\">", "$more$place->{lines}\n");
}

my $common = <<'CONF';
<IfModule !mod_remoteip.c>
  LoadModule remoteip_module MODULES/mod_remoteip.so
</IfModule>
RemoteIPHeader X-From
RemoteIPInternalProxy 127.0.0.1
SetEnvIf Remote_Addr ^10\.9\. from_office
<AuthzProviderAlias all everybody granted>
</AuthzProviderAlias>
<AuthzProviderAlias ip world "192.0.0.0/2">
</AuthzProviderAlias>
<AuthzProviderAlias ip office "10.9">
</AuthzProviderAlias>
<AuthzProviderAlias all "my world" granted>
</AuthzProviderAlias>
<AuthzProviderAlias ip "my office" 10.9>
</AuthzProviderAlias>
<AuthzProviderAlias all Local granted>
</AuthzProviderAlias>
<Location "/">
  AuthType Basic
  AuthName test
  AuthUserFile "@ROOT@/htdocs/users"
</Location>
CONF
$common =~ s/MODULES/$modules/;

my $s = CorsTest->start($common . join('', map { section($_, '') } @places),
    'users' => htpasswd('u', 'p'),
    map { ("$_->{path}/index.html" => "page\n") } @places);
for my $place (@places) {
    my $what = join '; ', split /\n/, $place->{around} . $place->{lines};
    my $is_open = $s->get("$place->{path}/", 'User-Agent' => 'M',
        'X-From' => '203.0.113.9')->{status} == 200;
    is $is_open, $place->{verdict} eq 'open',
        ($is_open ? 'everybody reads: ' : 'few read: ') . $what;
    my ($ok, $out) = configtest($s->expand($common
        . section($place, "CorsInfo On\n")));
    my $is_refused = !$ok && $out =~ /\[info-unprotected\]/;
    push @wrong, "$what: $out" if !$ok && !$is_refused;
    is $is_refused, $place->{verdict} ne 'limited',
        ($is_refused ? 'refused: ' : 'accepted: ') . $what;
}
is_deeply \@wrong, [], 'configtest finds nothing else';
cmp_ok scalar @places, '>=', $FLOOR, "looked at @{[scalar @places]} places";
$s->finish;
