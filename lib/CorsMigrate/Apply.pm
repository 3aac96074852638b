package CorsMigrate::Apply;
use strict; use warnings; use Exporter 'import';
our @EXPORT_OK = qw(apply);
sub apply { return }
1;
