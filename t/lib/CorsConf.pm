package CorsConf;

=head1 NAME

CorsConf - lines of configurations that test files share

=cut

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(htpasswd login policy_for sections within);

# A section: its first line, and what stands in it.
sub within {
    my ($first, $text) = @_;
    my ($name) = $first =~ /^<(\w+)/;
    return "$first\n$text</$name>\n";
}

# Each kind of section for a folder of documents, by the file in it that has its
# name: functions of the folder that return the section's first line.
sub sections {
    return (
        Directory      => sub { qq(<Directory "\@ROOT\@/htdocs/$_[0]">) },
        DirectoryMatch => sub { qq(<DirectoryMatch "/$_[0](?:/|\$)">) },
        Files          => sub { qq(<Files "$_[0].txt">) },
        FilesMatch     => sub { qq(<FilesMatch "^$_[0]\\.txt\$">) },
        Location       => sub { qq(<Location "/$_[0]">) },
        LocationMatch  => sub { qq(<LocationMatch "^/$_[0]/">) },
        If             => sub { qq(<If "%{REQUEST_URI} =~ m#^/$_[0]/#">) },
    );
}

# A section that asks for a password: one of the file "users" in the folder of
# documents.
sub login {
    my ($path) = @_;
    return within("<Location $path>", <<'CONF');
  AuthType Basic
  AuthName test
  AuthUserFile "@ROOT@/htdocs/users"
  Require valid-user
CONF
}

# A policy that lets the origins read everything, with credentials and all
# headers below /own.
sub policy_for {
    my (@origins) = @_;
    return "LogLevel cors:info\n" . within('<Location />', <<"ALL")
  CorsAllowOrigin @origins
  CorsAllowMethods GET PUT
ALL
        . within('<Location /own>', <<'OWN');
  CorsAllowCredentials On
  CorsExposeHeaders *
OWN
}

# A line of a password file.
sub htpasswd {
    my ($user, $password) = @_;
    return "$user:" . crypt($password, 'ab') . "\n";
}

1;
