package BenchLto;

=head1 NAME

BenchLto - the module as it is without link-time optimization

=cut

use strict;
use warnings;
use BenchServer;
use Exporter 'import';
use File::Temp qw(tempdir);

our @EXPORT_OK = qw(built_without_lto);

# Builds the module in a copy of the tree, by the same compiler, and returns
# its path.  What is in build/ stays as it is.
sub built_without_lto {
    my $dir = tempdir('mod_cors-XXXXXX', TMPDIR => 1, CLEANUP => 1);
    my $top = BenchServer::bench_dir() . '/../..';
    my @but = map { "--exclude=$_" } qw(./build ./.git node_modules);
    run("tar -C '$top' @but -cf - . | tar -C '$dir' --no-same-owner -xf -");
    run("make -C '$dir' LTO=0 build/mod_cors.so >'$dir/make.log' 2>&1",
        "$dir/make.log");
    return "$dir/build/mod_cors.so";
}

sub run {
    my ($command, $log) = @_;
    return if system($command) == 0;
    die "failed: $command\n", $log ? CorsTest::slurp($log) : '';
}

1;
