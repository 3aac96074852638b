/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "sources/source.h"

const cors_source_kind_t *const cors_source_kinds[] = { &cors_source_file,
                                                        NULL };
