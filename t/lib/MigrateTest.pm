package MigrateTest;

=head1 NAME

MigrateTest - recipes and their translations, asked the same

=head1 DESCRIPTION

Each recipe is run by mod_headers, and what cors-migrate makes of it by
mod_cors, each in a virtual host of its own under one httpd.  Both are asked
the same questions, and the answers are reduced to what a browser permits by
the Fetch standard.

=cut

use strict;
use warnings;
use CorsTest;
use CorsMigrate::Command;
use Exporter 'import';
use File::Temp qw(tempdir);
use MigrateBrowser qw(permitted);
use MigrateEdits qw(end_edits);

our @EXPORT = qw(corpus judge translate);

my $app = 'https://app.example.com';

# Origins that recipes name, and what lies beside them.
my @ORIGINS = ($app, 'https://admin.example.com', 'https://example.com',
    'https://www.example.com', 'https://a.b.example.com',
    'https://a_b.example.com', 'http://app.example.com',
    'https://app.example.com:8443', 'https://app.example.com.evil.example',
    'https://evilapp.example.com', 'https://appxexample.com',
    'https://evilexample.com', 'https://partner.example',
    'https://stats.example', 'http://localhost:3000', 'https://evil.example',
    'null', undef);

# Preflights: the method and the headers that are asked for.
my @PREFLIGHTS = ([ PUT => 'content-type' ],
    [ DELETE => 'authorization,x-one' ], [ POST => undef ],
    [ PATCH => 'x-two' ]);

my @PATHS = ('/', '/api/', '/api/data.json', '/api/private/',
    '/api/private/index.html', '/api/missing', '/other/', '/files/font.woff2');

# The ones that preflights are sent for.
my %IS_ASKED = map { $_ => 1 } qw(/api/data.json /api/private/
    /api/private/index.html /other/);

# The OK path that is like one that fails.
my %LIKE = ('/api/private/' => '/api/private/index.html',
    '/api/missing' => '/api/');

# The recipes in a folder.  A file begins with comments that say what is known
# of it: "htaccess" where it is to be one, "same" where the translation has to
# permit just the same, "status 1" where somebody has to decide, and "file NAME:
# TEXT" for a file that it includes.
sub corpus {
    my ($folder) = @_;
    return map { recipe($_) } glob "$folder/*.conf";
}

sub recipe {
    my ($file) = @_;
    my $text = CorsTest::slurp($file);
    my ($name) = $file =~ m{([^/]+)\.conf$};
    my $same = $text =~ /^# same$/m;
    return { name => $name, text => $text, same => $same,
        htaccess => scalar($text =~ /^# htaccess$/m),
        files => { $text =~ /^# file (\S+): (.*)$/mg },
        wanted => $same ? 0 : $text =~ /^# status (\d)/m ? $1 : undef };
}

# Translates a file; returns what is printed, what is said, and the status.
sub translate {
    my (@arguments) = @_;
    my ($out, $err, $status) = ('', '');
    open my $to, '>', \$out or die "$!\n";
    my $stdout = select $to;
    {
        local *STDERR;
        open STDERR, '>', \$err or die "$!\n";
        $status = eval { CorsMigrate::Command::run(@arguments) };
        $err .= $@, $status = 255 if !defined $status;
    }
    select $stdout;
    return ($out, $err, $status);
}

# Judges recipes { name, text, htaccess, inner, defined } by what a tool makes of
# them; returns what is wrong with it, and counts: { questions, same, narrower,
# decided }.
sub judge {
    my ($recipes, %given) = @_;
    my $tool = $given{tool} || \&translate;
    my $root = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    my %count = map { $_ => 0 } qw(recipes questions same narrower decided);
    my (@wrong, @run);
    for my $recipe (@$recipes) {
        my $folder = "$root/$recipe->{name}";
        my $file = "$folder/" . ($recipe->{htaccess} ? '.htaccess'
            : 'recipe.conf');
        CorsTest::write_file($file, $recipe->{text});
        CorsTest::write_file("$folder/$_", $recipe->{files}{$_})
            for keys %{ $recipe->{files} || {} };
        my $inner = "$folder/api/.htaccess";
        CorsTest::write_file($inner, $recipe->{inner})
            if defined $recipe->{inner};
        my $new = "$root/new/$recipe->{name}";
        my ($out, $err, $status) = $tool->('--apply', $new, $file,
            defined $recipe->{inner} ? $inner : ());
        my ($applied, $below) = applied($recipe, $new, $folder);
        my %run = (%$recipe, printed => $out, status => $status,
            folder => $folder, applied => $applied, below => $below,
            said => $err);
        push @wrong, "$recipe->{name}: not a word of edit* that never ends"
            if grep({ defined && end_edits($_) }
                @run{qw(text inner applied below)})
            && $out !~ /edit\*(?:\n#)?\s+never(?:\n#)?\s+ends/;
        push @run, \%run;
        push @wrong, "$recipe->{name}: status $status: $err"
            if $status > 1;
        push @wrong, "$recipe->{name}: status $status, not $recipe->{wanted}"
            if defined $recipe->{wanted} && $recipe->{wanted} != $status;
    }
    for my $define (grep { my $d = $_; !$d || grep { $_->{text} =~ /\b$d\b/ }
        @run } '', 'VARIANT') {
        my @now = grep { !$define || $_->{text} =~ /\b$define\b/ } @run;
        push @wrong, compare_all(\@now, $define, \%count);
    }
    $count{recipes} = @run;
    return (\@wrong, \%count);
}

# The changed copy of a recipe, and of the .htaccess file below it.  A single
# copy is in no folder.
sub applied {
    my ($recipe, $new, $folder) = @_;
    my $name = $recipe->{htaccess} ? '.htaccess' : 'recipe.conf';
    return CorsTest::slurp("$new/$name") unless defined $recipe->{inner};
    my @changed = CorsTest::slurp("$new/cors.patch")
        =~ m{^\+\+\+ b/(?:.*/)?\Q$recipe->{name}\E/(\S+)}mg;
    my %text = ('.htaccess' => $recipe->{text},
        'api/.htaccess' => $recipe->{inner});
    $text{$_} = CorsTest::slurp(@changed > 1 ? "$new/$_" : "$new/.htaccess")
        for @changed;
    return @changed ? @text{ '.htaccess', 'api/.htaccess' } : ('', '');
}

sub compare_all {
    my ($recipes, $define, $count) = @_;
    my ($conf, %files) = base($define);
    for my $i (0 .. $#$recipes) {
        my $recipe = $recipes->[$i];
        for (forms($recipe), served($recipe)) {
            my ($form, $text, $inner) = @$_;
            my ($host, %more) = site("$form$i", $recipe, $text, $inner);
            # A message of httpd names the file.
            my $file = "hosts/$form-$recipe->{name}.conf";
            $conf .= "Include \@ROOT\@/htdocs/$file\n";
            %files = (%files, %more, $file => $host);
        }
    }
    my $server = eval { CorsTest->start($conf, %files) }
        or return 'httpd does not start: ' . ($@ =~ s/.*: Syntax error//sr
            =~ s/\n/ /gr);
    CorsTest::write_file("$server->{root}/conf/passwd",
        CorsTest::htpasswd('user', 'pass'));
    my @wrong;
    for my $i (0 .. $#$recipes) {
        my $recipe = $recipes->[$i];
        my $permits = sub { [ $_[0],
            permitted(ask($server, "$_[0]$i.example", $count)) ] };
        my ($old, @new) = map { $permits->($_->[0]) } forms($recipe);
        my @served = map { $permits->($_->[0])->[1] } grep { is_broken($recipe,
            $old->[1]) } served($recipe);
        push @wrong, map { "$recipe->{name}"
            . ($define ? " -D $define" : '') . ": $_" }
            map { compare($recipe, $old->[1], $_, $count, @served) } @new;
    }
    # The next one may get the same port.
    my $pid = $server->{pid};
    $server->stop;
    $server->wait_for('httpd to end', sub { !kill 0, $pid });
    return @wrong;
}

# The recipe, its translation alone, and the changed copy of its file.
sub forms {
    my ($recipe) = @_;
    # What is printed needs the names that the recipe defines, and the
    # variables that an <If> asks for.
    # What is printed of two files is for two places.
    my $printed = $recipe->{printed};
    $printed = $recipe->{text} =~ s/^\s*Header\b.*\n?//gmir . $printed
        if $printed =~ /^\s*<(?:Else)?If .*\b(?:req)?env\(/m;
    return ([ old => $recipe->{text}, $recipe->{inner} ],
        $recipe->{text} =~ /^\s*Define\b/m || defined $recipe->{inner} ? ()
            : [ new => $printed ],
        length $recipe->{applied} ? [ applied => $recipe->{applied},
            $recipe->{below} ] : ());
}

# The recipe as if all requests were served: rules lead nowhere, as they may lead
# round in circles, and everybody gets in.
sub served {
    my ($recipe) = @_;
    my @texts = grep { defined } @{$recipe}{qw(text inner)};
    my $lines = 0;
    for (@texts) {
        $lines += s/^(\s*RewriteRule\s+\S+\s+)(?!-(?:\s|\z))\S+/$1-/gmi;
        $lines += s/^(\s*Require)\s.*/$1 all granted/gmi;
        $lines += s/^(\s*)(?:Allow|Deny)\s+from\s.*/$1Allow from all/gmi;
    }
    return $lines ? [ served => @texts ] : ();
}

# Whether the recipe fails where it could be served, and the translation says
# that errors get more headers than they had.
sub is_broken {
    my ($recipe, $old) = @_;
    return $recipe->{printed} =~ /^#   wrong: without 'always' it is missing/m
        && grep { / broken\z/ } keys %$old;
}

sub base {
    my ($define) = @_;
    my $passwd = '@ROOT@/conf/passwd';
    my @folders = ('', 'api/', 'api/private/', 'other/', 'files/');
    return (($define ? "Define $define\n" : '') . "MaxKeepAliveRequests 0\n"
        . "KeepAlive On\nLogLevel crit\nHeader set X-One 1\n",
        (map { ("site/${_}index.html" => "ok\n") } @folders),
        'site/api/data.json' => "{}\n", 'site/files/font.woff2' => "font\n");
}

# A virtual host; those with an .htaccess file have a folder of their own.
sub site {
    my ($name, $recipe, $text, $inner) = @_;
    my ($folder, %files) = ('site');
    if ($recipe->{htaccess}) {
        $folder = $name;
        %files = map { ("$folder/$_" => "ok\n") } map { "${_}index.html" }
            '', 'api/', 'api/private/', 'other/';
        $files{"$folder/api/data.json"} = "{}\n";
        $files{"$folder/files/font.woff2"} = "font\n";
        $files{"$folder/.htaccess"} = $text;
        $files{"$folder/api/.htaccess"} = $inner if defined $inner;
        $text = '';
    }
    $text =~ s/^(\s*<?\/?(?:Macro|Use)\s+)(\w+)/$1$name$2/mg;
    $text =~ s/NAMED_/NAMED_$name/g;     # names are for the whole server
    $text =~ s{^(\s*Include(?:Optional)?\s+)(?=[\w.*])}{$1$recipe->{folder}/}mg;
    return (<<"CONF", %files);
<VirtualHost 127.0.0.1:\@PORT\@>
  ServerName $name.example
  DocumentRoot "\@ROOT\@/htdocs/$folder"
  <Location "/api/private">
    AuthType Basic
    AuthName "private"
    AuthUserFile "\@ROOT\@/conf/passwd"
    Require valid-user
  </Location>
$text
</VirtualHost>
CONF
}

# All questions to a host, and the answers, in order.
sub ask {
    my ($server, $host, $count) = @_;
    my (@asked, @text);
    for my $path (@PATHS) {
        for my $origin (@ORIGINS) {
            my $field = defined $origin ? "Origin: $origin\r\n" : '';
            # A recipe may ask for a password where the pages have one.
            $field .= 'Authorization: Basic dXNlcjpwYXNz' . "\r\n"
                unless $path eq '/api/private/';
            push @asked, [ $path, $origin, '' ];
            push @text, "GET $path HTTP/1.1\r\nHost: $host\r\n$field";
            if (!defined $origin && $path eq '/api/private/') {
                push @asked, [ $path, $origin, 'OPTIONS' ];
                push @text, "OPTIONS $path HTTP/1.1\r\nHost: $host\r\n";
            }
            next unless defined $origin && $IS_ASKED{$path};
            for (@PREFLIGHTS) {
                my ($method, $names) = @$_;
                push @asked, [ $path, $origin, $_ ];
                push @text, "OPTIONS $path HTTP/1.1\r\nHost: $host\r\n"
                    . "Origin: $origin\r\n"
                    . "Access-Control-Request-Method: $method\r\n"
                    . (defined $names ? 'Access-Control-Request-Headers: '
                        . "$names\r\n" : '');
            }
        }
    }
    my @answers;
    while (my @some = splice @text, 0, 60) {
        my @got = grep { $_->{status} } $server->raw(join('', (map {
            "$_\r\n" } @some[0 .. $#some - 1]),
            "$some[-1]Connection: close\r\n\r\n"),
            map { /^(\w+)/ } @some);
        # httpd closes the connection after some errors.
        die "$host: no answer to $some[0]\n" unless @got;
        push @answers, @got;
        unshift @text, @some[@got .. $#some];
    }
    die "$host: " . @answers . ' answers to ' . @asked . " questions\n"
        if @answers != @asked;
    $count->{questions} += @asked;
    return map { [ @{ $asked[$_] }, fields($answers[$_]) ] } 0 .. $#asked;
}

sub fields {
    my ($answer) = @_;
    my %fields = (status => $answer->{status}, body => $answer->{body});
    for (@{ $answer->{headers} }) {
        my ($name, $value) = @$_;
        push @{ $fields{lc $name} }, $value;
    }
    return { map { $_ => ref $fields{$_} ? join ', ', @{ $fields{$_} }
        : $fields{$_} } keys %fields };
}

# What a translation permits and the recipe does not, and the other way round.
# served: what the recipe permits where all requests are served.
sub compare {
    my ($recipe, $old, $form, $count, $served) = @_;
    my ($name, $new) = @$form;
    # The index of a folder is looked up by GET, which an <If> then sees.
    my $files = $recipe->{text} =~ /<(?:Else)?If .*REQUEST_METHOD/;
    my $counts = sub { $_[0] !~ / (?:ended|broken)$/
        && !($files && $_[0] =~ m{^\S*/ (?!.* open$)}) };
    my @wider = grep { !$old->{$_} && !is_meant($_, $old, $served || {}) }
        grep { $counts->($_) } keys %$new;
    # Lines of Timing-Allow-Origin, or about passwords, are beside what is
    # printed.  OPTIONS that is no preflight is to be let in no more.
    my @narrower = grep { !$new->{$_} && $counts->($_)
        && !/ OPTIONS open\z/
        && ($name ne 'new' || !/ (?:timing|open)$/) } keys %$old;
    return "$name: wider: " . join '; ', few(@wider) if @wider;
    my $words = $recipe->{printed} =~ /^#   (?:wrong|dropped|note|decide): /m;
    $count->{ $recipe->{status} ? 'decided' : @narrower ? 'narrower'
        : 'same' }++;
    return "$name: narrower without a word: " . join '; ', few(@narrower)
        if @narrower && !$words;
    return "$name: not the same: " . join '; ', few(@narrower)
        if @narrower && $recipe->{same};
    return;
}

sub few { return (sort @_)[0 .. ($#_ < 3 ? $#_ : 3)] }

# What mod_cors is there for: errors have the headers of the rest, and
# preflights get past passwords and rules.
sub is_meant {
    my ($permission, $old, $served) = @_;
    return 0 if $permission =~ / open\z/;
    my ($path, $origin, $with, $what) = split / /, $permission, 4;
    my $like = $LIKE{$path} || $path;
    $like = '/api/data.json' if $like eq '/api/' && $what
        && $what =~ /^sends/;
    # What the recipe permits there, or would if it were served.
    my $has = sub {
        my ($where, $may) = @_;
        return $old->{"$where $origin $may"}
            || $old->{"$where $origin broken"}
                && $served->{"$where $origin $may"};
    };
    my $may = join ' ', $with, grep { defined } $what;
    return 1 if $has->($path, $may) || $has->($like, $may);
    return 0 if !defined $what || $what !~ /^sends/;
    return $old->{"$path $origin ended"}
        && ($has->($like, "$with read") || $has->($path, "$with read"));
}

1;
