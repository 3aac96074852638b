package CorsRedis;

=head1 NAME

CorsRedis - a private Redis (CorsService)

=head1 SYNOPSIS

    my $redis = CorsRedis->start(arguments => [ '--requirepass', 'x' ],
        password => 'x');
    $redis->ask('SET'', 'cors:https://a.example', '1');

=cut

use strict;
use warnings;
use parent 'CorsService';
use IO::Socket::INET;

sub binary { return CorsService::find_program('redis-server') }
sub package_name { return 'redis-server' }
sub prepare { }

sub command {
    my ($self) = @_;
    return ($self->binary, '--bind', '127.0.0.1', '--port', $self->{port}, '--dir',
        $self->{root}, '--save', '', '--appendonly', 'no',
        @{ $self->{arguments} || [] });
}

sub is_ready {
    my ($self) = @_;
    return IO::Socket::INET->new(PeerAddr => '127.0.0.1',
        PeerPort => $self->{port});
}

# Sends a command on a connection of its own, and returns the reply: the text of
# a bulk, the first line of any other.
sub ask {
    my ($self, @words) = @_;
    my $socket = $self->is_ready or die "redis is gone: $!\n";
    local $/ = "\r\n";
    my $reply = '';
    for my $command ($self->{password} ? [ AUTH => $self->{password} ] : (),
        \@words) {
        print $socket '*' . @$command . "\r\n",
            map { '$' . length($_) . "\r\n$_\r\n" } @$command;
        $reply = <$socket>;
    }
    chomp $reply;
    read $socket, $reply, $1 if $reply =~ /^\$(\d+)/;
    return $reply;
}

# How often it has been asked whether a key exists.
sub questions {
    my ($self) = @_;
    return $self->ask(INFO => 'commandstats') =~ /cmdstat_exists:calls=(\d+)/
        ? $1 : 0;
}

# Lists origins, and takes them out.
sub list { my ($self, @origins) = @_; $self->ask(SET => "cors:$_", 1) for @origins }
sub unlist { my ($self, @origins) = @_; $self->ask(DEL => "cors:$_") for @origins }

1;
