/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* The version, as VERSION has it: the Makefile defines CORS_VERSION. */

#ifndef CORS_MODULE_VERSION_H
#define CORS_MODULE_VERSION_H

#define CORS_VERSION_NAME "mod_cors/" CORS_VERSION

#endif
