/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* FNV-1a with 32 bits: a hash that can be continued byte by byte.  c is a
 * byte, 0 to 255. */

#ifndef CORS_HASH_H
#define CORS_HASH_H

#define CORS_HASH_INIT      2166136261u
#define CORS_HASH_ADD(h, c) (((h) ^ (c)) * 16777619u)

#endif
