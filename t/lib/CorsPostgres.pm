package CorsPostgres;

=head1 NAME

CorsPostgres - a private PostgreSQL (CorsService)

=head1 SYNOPSIS

    my $database = CorsPostgres->start;
    $database->make_tables;
    $database->list('https://a.example');

The user "cors" then has the password $database->{password}.

=cut

use strict;
use warnings;
use parent 'CorsService';

# Debian keeps each version in a folder of its own.
my @folders = reverse sort glob '/usr/lib/postgresql/*/bin';

sub folders { return @folders }
sub binary { return CorsService::find_program('postgres', @folders) }
sub package_name { return 'postgresql' }

sub data { return "$_[0]{root}/data" }

sub prepare {
    my ($self) = @_;
    $self->{password} ||= 'not-told';
    $self->run(CorsService::find_program('initdb', @folders), '-D',
        $self->data, '-U', 'owner', '-A', 'trust', '--no-sync', '-E', 'UTF8',
        '--locale=C');
    # The owner uses the socket, all others have a password.
    CorsTest::write_file($self->data . '/pg_hba.conf',
        "local all owner trust\nhost all all 127.0.0.1/32 scram-sha-256\n");
}

sub command {
    my ($self) = @_;
    return ($self->binary, '-D', $self->data, '-p', $self->{port},
        '-k', $self->{root}, '-c', 'listen_addresses=127.0.0.1',
        '-c', 'fsync=off', '-c', 'max_connections=40');
}

sub is_ready {
    my ($self) = @_;
    return -e "$self->{root}/.s.PGSQL.$self->{port}"
        && CorsTest::slurp($self->data . '/postmaster.pid') =~ /^ready *$/m;
}

# Whether it does, after it has lost a process and ended all others.
sub takes_connections {
    my ($self) = @_;
    return system(CorsService::find_program('pg_isready', @folders), '-q',
        '-h', $self->{root}, '-p', $self->{port}) == 0;
}

# Runs statements as the owner, all or none of them; returns what they say.
sub sql {
    my ($self, $statements) = @_;
    CorsTest::write_file("$self->{root}/in.sql", $statements);
    open my $in, '-|', CorsService::find_program('psql', @folders), '-X', '-q',
        '-A', '-t', '-v', 'ON_ERROR_STOP=1', '-h', $self->{root}, '-p',
        $self->{port}, '-U', 'owner', '-d', 'postgres', '-f',
        "$self->{root}/in.sql" or die "psql: $!\n";
    my $said = do { local $/; <$in> };
    close $in or die "psql: $statements\n";
    return defined $said ? $said : '';
}

# Makes the tables of conf/origins.postgresql.sql, and its user's password.
sub make_tables {
    my ($self) = @_;
    $self->sql(CorsTest::slurp('conf/origins.postgresql.sql'));
    $self->sql("ALTER ROLE cors PASSWORD '$self->{password}'");
}

# Lists origins, and takes them out.
sub list {
    my ($self, @origins) = @_;
    $self->sql('INSERT INTO cors_origin (service, origin) VALUES '
        . join ', ', map { "('api', '$_')" } @origins);
}

sub unlist {
    my ($self, @origins) = @_;
    $self->sql('DELETE FROM cors_origin WHERE origin IN ('
        . join(', ', map { "'$_'" } @origins) . ')');
}

# Whether mod_dbd has the driver.
sub has_driver {
    my ($name) = @_;
    return scalar grep { -e } map { glob "$_/apr-util-1/apr_dbd_$name.so" }
        '/usr/lib*', '/usr/lib/*';
}

# What DBDParams says of it.
sub parameters {
    my ($self) = @_;
    return "hostaddr=127.0.0.1 port=$self->{port} dbname=postgres user=cors "
        . "password=$self->{password} connect_timeout=2";
}

# What has httpd use it.  Of parameters for DBDParams, its own are the default.
sub conf {
    my ($self, $parameters) = @_;
    $parameters ||= $self->parameters;
    return "DBDriver pgsql\nDBDParams \"$parameters\"\nDBDMin 0\n";
}

1;
