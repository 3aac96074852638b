package BenchReport;

=head1 NAME

BenchReport - what was measured, as tables

=cut

use strict;
use warnings;
use BenchCases qw(@WORK @PLACES @SECTIONS @ENFORCED @HTACCESS);
use BenchSetups qw(@SETUPS);
use Exporter 'import';

our @EXPORT_OK = qw(number work_table lto_table place_table section_table
    enforced_table htaccess_table bound_table scale_table time_table);

sub number {
    my ($n) = @_;
    my $text = sprintf '%.0f', $n;
    1 while $text =~ s/^(-?\d+)(\d{3})/$1,$2/;
    return $text;
}

sub over {
    my ($n, $plain) = @_;
    return '' unless defined $n;
    return ($n < $plain ? '' : '+') . number($n - $plain);
}

# The first column is text, the others are figures.
sub table {
    my ($head, @rows) = @_;
    return join '', map { '| ' . join(' | ', @$_) . " |\n" } $head,
        [ '---', ('---:') x $#$head ], @rows;
}

our %TITLE = (plain => 'plain', floor => 'floor', recipe => 'recipe, correct',
    popular => 'recipe, popular', cors => 'mod_cors',
    express => 'express and cors', nginx => 'nginx');

sub work_table {
    my ($count) = @_;
    return table([ 'request', map { $TITLE{$_} } @SETUPS ], map {
        my $name = $_->{name};
        my $plain = $count->("$name: plain");
        [ $name, number($plain), map { over($count->("$name: $_"), $plain) }
            @SETUPS[1 .. $#SETUPS] ] } @WORK);
}

# What the same module takes when it is built without it, for two requests.
sub lto_table {
    my ($count) = @_;
    return table([ 'request', 'plain', 'with', 'without' ], map {
        my $name = $_->{name};
        my $plain = $count->("$name: plain");
        [ $name, number($plain), map { over($count->("$name: $_"), $plain) }
            'cors', 'without lto' ] } grep { $_->{lto} } @WORK);
}

sub place_table {
    my ($count) = @_;
    return table([ 'policy in', $TITLE{plain}, $TITLE{cors} ], map {
        my $plain = $count->("$_->{name}: plain");
        [ $_->{name}, number($plain),
            over($count->("$_->{name}: cors"), $plain) ] } @PLACES);
}

# Over the same places without lines; the first row is these.
sub enforced_table {
    my ($count) = @_;
    return table([ 'request', 'without', 'with `CorsEnforce`' ], map {
        my $name = "enforcement, $_->{name}";
        my ($off, $on) = map { $count->("$name: $_") } qw(off on);
        [ $_->{name}, number($off), over($on, $off) ] } @ENFORCED);
}

sub section_table {
    my ($count) = @_;
    my $of = sub { $count->("$_[0]{name}: $_[1]") };
    my ($empty, @rows) = @SECTIONS;
    my @plain = map { $of->($empty, $_) } qw(top sections);
    return table([ 'three lines', 'at the top', 'one in each section',
        'more in sections' ],
        [ 'none, the server alone', map({ number($_) } @plain),
          over(@plain[1, 0]) ],
        map { my @over = ($of->($_, 'top') - $plain[0],
                          $of->($_, 'sections') - $plain[1]);
            [ $_->{name}, map({ over($_, 0) } @over), over(@over[1, 0]) ]
        } @rows);
}

sub htaccess_table {
    my ($count) = @_;
    my ($empty, @rows) = map { [ $_->{name},
        $count->(".htaccess: $_->{name}") ] } @HTACCESS;
    return table([ 'what `.htaccess` has', 'instructions' ],
        [ $empty->[0], number($empty->[1]) ],
        map { [ $_->[0], over($_->[1], $empty->[1]) ] } @rows);
}

sub bound_table {
    my @findings = @_;
    return table([ 'what', 'measured', 'bound' ], map {
        [ $_->[0], abs $_->[1] < 100 ? sprintf '%.1f', $_->[1] + 0
            : number($_->[1]), number($_->[2]) ] } @findings);
}

sub scale_table {
    my @rows = @_;
    return table([ 'configuration', 'configtest, s', 'start, s',
        'parent, MB', 'child, MB' ], map { my $row = $_;
        [ number($row->{count}) . " $row->{of}, $row->{kind}",
          map({ sprintf '%.2f', $row->{$_} } qw(configtest start)),
          map { sprintf '%.1f', $row->{$_} / 1e6 } qw(parent child) ]
        } @rows);
}

# A ratio whose interval is wide would say more of the machine than of what
# was measured.
sub time_table {
    my @rows = @_;
    return table([ 'request', 'CPU time, µs', 'of mod_cors, µs', 'ratio',
        '95 % interval' ], map { my $row = $_;
        [ "$row->{kind}, $TITLE{$row->{name}}", $row->{narrow}
            ? (map({ sprintf '%.1f', $row->{$_} } qw(own cors)),
               sprintf('%.2f', $row->{ratio}),
               sprintf('%.2f to %.2f', @$row{qw(least most)}))
            : ('', '', 'the machine was too busy', '') ] } @rows);
}

1;
