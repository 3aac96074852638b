/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Classes of bytes: which bytes a scheme, a host or a number may have. */

#ifndef CORS_BYTES_H
#define CORS_BYTES_H

/* A byte may belong to several classes. */
#define CORS_BYTE_SCHEME 0x01 /* a-z 0-9 + - . */
#define CORS_BYTE_HOST   0x02 /* a-z 0-9 - . _ */
#define CORS_BYTE_DIGIT  0x04
#define CORS_BYTE_LOWER  0x08 /* a-z */
#define CORS_BYTE_UPPER  0x10 /* A-Z */
#define CORS_BYTE_HEX    0x20 /* 0-9 a-f A-F */
#define CORS_BYTE_LABEL  0x40 /* a-z 0-9 - _ */

extern const unsigned char cors_bytes[256];

#define CORS_IS(byte, class) (cors_bytes[(unsigned char)(byte)] & (class))

#endif
