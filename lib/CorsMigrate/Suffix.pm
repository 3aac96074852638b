package CorsMigrate::Suffix;

# Whether a host is a public suffix, by the system's list: all hosts below one
# are strangers to each other, and configtest refuses to give them credentials.

use strict;
use warnings;
use Exporter 'import';

our @EXPORT_OK = qw(is_public_suffix);

my @LISTS = map { "/usr/share/publicsuffix/$_" }
    qw(public_suffix_list.dat effective_tld_names.dat);
my %rules;

# Where there is no list, nobody knows more than that no name is shorter.
sub rules {
    my ($path) = grep { -r } @_ or return {};
    open my $in, '<', $path or return {};
    return { map { ($_ => 1) } map { m{^(?!//)(\S+)} ? lc $1 : () } <$in> };
}

# lists: files, of which the first that can be read counts; the system's if not
# given.
sub is_public_suffix {
    my ($host, @lists) = @_;
    my $rules = $rules{"@lists"} ||= rules(@lists ? @lists : @LISTS);
    return 0 if $rules->{"!$host"};
    return 1 if $rules->{$host};
    my ($rest) = $host =~ /^[^.]+\.(.+)$/;
    return defined $rest && $rules->{"*.$rest"} ? 1 : 0;
}

1;
