# What is counted, for whom, and where it is shown: the numbers stay through
# graceful restarts, whatever becomes of the virtual hosts.

use strict;
use warnings;
use lib 't/lib';
use Test::More;
use CorsTest;

my $A = 'https://a.example';
my $conf = <<'CONF';
LogLevel cors:warn
<Location /server-status>
  SetHandler server-status
</Location>
<VirtualHost *:@PORT@>
  ServerName test.example
  <Location /api>
    CorsAllowOrigin https://a.example
    CorsAllowMethods GET PUT
    CorsAllowHeaders X-A
  </Location>
  <Location /try>
    CorsAllowOrigin https://a.example
    CorsEngine DetectionOnly
  </Location>
  <Location /enforced>
    CorsAllowOrigin https://a.example
    CorsEnforce All
  </Location>
  <Location /enforcing>
    CorsAllowOrigin https://a.example
    CorsEnforce All DetectionOnly
  </Location>
</VirtualHost>
<VirtualHost *:@PORT@>
  ServerName second.example
  CorsAllowOrigin *
</VirtualHost>
CONF
my $s = CorsTest->start($conf, -modules => ['status'],
    'with/.htaccess' => "CorsAllowOrigin *\nCorsAllowCredentials On\n",
    'with/index.html' => "x\n");

# The numbers of all hosts that are not 0, as mod_status gives them to a
# program.
sub numbers {
    my ($res) = $s->get('/server-status?auto');
    my %found = $res->{body} =~ /^Cors(\w+): (\d+)$/mg;
    return { map { $found{$_} ? ($_ => $found{$_}) : () } keys %found };
}

# A table of the page, as rows of cells.
sub table {
    my ($caption, $query) = @_;
    my $page = $s->get('/server-status' . ($query // ''))->{body};
    my ($table) = $page =~ m{<caption>\Q$caption\E</caption>(.*?)</table>}s
        or return;
    return map { [ m{<t[hd][^>]*>([^<]*)</t[hd]>}g ] }
        $table =~ m{<tr>(.*?)</tr>}gs;
}

is_deeply numbers(), {}, 'nothing has been counted yet';
like $s->get('/server-status?auto')->{body}, qr/^CorsPreflightAllowed: 0$/m,
    'which is said by numbers';
$s->get('/') for 1 .. 3;
$s->get('/api/');
$s->get('/', Origin => $A);
is_deeply numbers(), {}, 'nor without an origin, nor without a policy';

my @sent = (
    [ 'PreflightAllowed', 2, sub { $s->preflight('/api/', $A, 'PUT', 'x-a') } ],
    [ 'PreflightOriginMalformed', 1,
        sub { $s->preflight('/api/', 'https://a.example/', 'PUT') } ],
    [ 'PreflightOriginNotAllowed', 3,
        sub { $s->preflight('/api/', 'https://b.example', 'PUT') } ],
    [ 'PreflightMethodNotAllowed', 1,
        sub { $s->preflight('/api/', $A, 'DELETE') } ],
    [ 'PreflightHeaderNotAllowed', 2,
        sub { $s->preflight('/api/', $A, 'PUT', 'x-b') } ],
    [ 'PreflightHeadersMalformed', 1,
        sub { $s->preflight('/api/', $A, 'PUT', 'x a') } ],
    [ 'ActualAllowed', 4, sub { $s->get('/api/', Origin => $A) } ],
    [ 'ActualAllowed', 1, sub { $s->get('/api/missing', Origin => $A) },
        'an error' ],
    [ 'ActualAllowed', 1, sub { $s->request('OPTIONS', '/api/', Origin => $A) },
        'an OPTIONS that is no preflight' ],
    [ 'ActualOriginMalformed', 2, sub { $s->get('/api/', Origin => 'a b') } ],
    [ 'ActualOriginNotAllowed', 1,
        sub { $s->get('/api/', Origin => 'https://b.example') } ],
    [ 'ActualOriginNotAllowed ResponseDiffers', 2,
        sub { $s->get('/try/', Origin => 'https://c.example') },
        'under DetectionOnly' ],
    [ 'ActualAllowed', 1,
        sub { $s->get('/api/', Origin => $A, Host => 'test.example',
            'Content-Length' => 'x') }, 'one that fails early' ],
);
my %expected;
for (@sent) {
    my ($name, $times, $send, $what) = @$_;
    $send->() for 1 .. $times;
    $expected{$_} += $times for split ' ', $name;
    is_deeply numbers(), \%expected, $what // $name;
}

# Enforcement.
$s->get('/enforced/', Origin => $A, 'Sec-Fetch-Site' => 'same-origin');
$expected{ActualSameOrigin}++;
is_deeply numbers(), \%expected, 'the own page';
$s->get('/enforced/', 'Sec-Fetch-Site' => 'same-origin');
$s->get('/enforced/');
is_deeply numbers(), \%expected, 'and without an origin';
$s->get('/enforced/', 'Sec-Fetch-Site' => 'cross-site',
    'Sec-Fetch-Mode' => 'no-cors');
$expected{ActualOriginMissing}++;
$expected{EnforcementRefused}++;
is_deeply numbers(), \%expected, 'a refusal without an origin';
$s->get('/enforced/', Origin => 'https://b.example',
    'Sec-Fetch-Site' => 'cross-site', 'Sec-Fetch-Mode' => 'cors');
$expected{ActualOriginNotAllowed}++;
$expected{EnforcementRefused}++;
is_deeply numbers(), \%expected, 'a refusal by the list';
$s->request('PUT', '/enforcing/', Origin => $A, -body => 'x',
    'Sec-Fetch-Site' => 'cross-site', 'Sec-Fetch-Mode' => 'cors');
$expected{ActualMethodNotAllowed}++;
$expected{EnforcementWouldRefuse}++;
is_deeply numbers(), \%expected, 'what would be refused';

# Sections that meet for a request alone.
$s->get('/with/', Origin => $A);
$s->get('/with/');
$s->announce(qr/CorsAllowCredentials On .* meets CorsAllowOrigin \*/);
$expected{ActualAllowed}++;
$expected{CredentialsWithheld}++;
is_deeply numbers(), \%expected, 'credentials withheld';

# The other host.
$s->get('/', Origin => $A, Host => 'second.example') for 1 .. 5;
$expected{ActualAllowed} += 5;
is_deeply numbers(), \%expected, 'all hosts together';

sub column {
    my ($host) = @_;
    my ($heads, @rows) = table('CORS requests');
    my ($i) = grep { $heads->[$_] eq $host } 0 .. $#$heads;
    return defined $i
        ? { map { $_->[$i] ? ($_->[0] => $_->[$i]) : () } @rows } : undef;
}
my ($first, $second) = map { "$_.example:$s->{port}" } qw(test second);
is_deeply column($second), { 'actual: allowed' => 5 }, 'a host of its own';
is column($first)->{'actual: allowed'}, $expected{ActualAllowed} - 5,
    'and the other';
is column('all')->{'actual: allowed'}, $expected{ActualAllowed}, 'and all';
is_deeply column('test.example'), undef, 'not the one that counted nothing';

# Who was refused.
is_deeply [ map { [ @$_[0, 1] ] } table('Origins refused most') ],
    [ [ origin => 'refused' ], [ 'https://b.example' => 5 ],
        [ 'https://c.example' => 2 ] ], 'the most refused origins';
like +(table('Origins refused most'))[1][2],
    qr/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/, 'and when it was the last time';
my $plain = $s->get('/server-status?notable')->{body};
like $plain, qr{<pre>\nCorsPreflightAllowed: 2\n.*</pre>}s,
    'a page without tables';
unlike $plain, qr/<caption>CORS requests/, 'has none';

# A host keeps its numbers when others come and go.
my $hosts = sub {
    my (@names) = @_;
    return sub {
        s/^# more\n.*//ms;
        $_ .= join '', "# more\n", map { "<VirtualHost *:$s->{port}>\n"
            . "ServerName $_.example\nCorsAllowOrigin *\n</VirtualHost>\n" }
            @names;
    };
};
$s->reconfigure(sub {});
is_deeply numbers(), \%expected, 'a restart keeps the numbers';
$s->reconfigure(sub { s/^<VirtualHost[^>]*>\n  ServerName second.*?^<\/VirtualHost>\n//ms });
is_deeply numbers(), \%expected, 'those of a host that is gone as well';
is column($second), undef, 'which is not shown';
$s->reconfigure($hosts->((map { "new$_" } 1 .. 50), 'second'));
$s->get('/', Origin => $A, Host => $_) for qw(new1.example new50.example
    new50.example second.example);
$expected{ActualAllowed} += 4;
is_deeply numbers(), \%expected, 'more hosts';
is_deeply column("new50.example:$s->{port}"), { 'actual: allowed' => 2 },
    'new ones begin at 0';
is_deeply column($second), { 'actual: allowed' => 6 },
    'one that comes back goes on';
$s->reconfigure($hosts->('second', 'new50'));
is_deeply column("new50.example:$s->{port}"), { 'actual: allowed' => 2 },
    'in another order';
$s->reconfigure($hosts->('second', 'second'));
$s->get('/', Origin => $A, Host => 'second.example');
$expected{ActualAllowed}++;
is_deeply [ grep { $_ eq $second } @{ (table('CORS requests'))[0] } ],
    [ $second ], 'two of one name are one';
is_deeply numbers(), \%expected, 'and counted once';

# A restart loads the module anew, to another address if others come before.
$s->reconfigure(sub {
    s/^ *(LoadModule cors_module [^\n]+\n)//m or die "no such line\n";
    my $line = $1;
    s/\A/$line/;
});
is_deeply numbers(), \%expected, 'a module that is loaded elsewhere';

# The other restart ends all children and keeps the parent.
my $resumed = sub { scalar grep { /resuming normal operations/ } $s->log_lines };
my $before = $resumed->();
kill HUP => $s->{pid};
$s->wait_for('httpd to restart', sub { $resumed->() > $before });
is_deeply numbers(), \%expected, 'a restart that is not graceful';

# What comes from elsewhere is text.
$s->reconfigure(sub { s/^ServerName second.example$/ServerName x&y.example
ServerAlias second.example/mg });
$s->get('/', Origin => $A, Host => 'second.example');
$expected{ActualAllowed}++;
ok scalar(grep { $_ eq "x&amp;y.example:$s->{port}" }
    @{ (table('CORS requests'))[0] }), 'the name of a host';
$s->get('/api/', Origin => q{https://x<b>"'&.example});
$expected{ActualOriginMalformed}++;
is_deeply numbers(), \%expected, 'what is no origin';
unlike $s->get('/server-status')->{body}, qr/x<b>|x&lt;b/, 'is not shown';

$s->finish;
