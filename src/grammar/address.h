/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* IPv4 and IPv6 addresses as hosts: telling them from names, reading them, and
 * printing them as browsers do (https://url.spec.whatwg.org/#host-parsing).
 */

#ifndef CORS_ADDRESS_H
#define CORS_ADDRESS_H

#include <stddef.h>

/* Whether the len bytes at host are "[", an IPv6 address in lower case and
 * "]".  Writes its 16 bytes to address on success, unless address is NULL
 * (https://url.spec.whatwg.org/#concept-ipv6-parser). */
int cors_address_parse_ipv6(const char *host, size_t len,
                            unsigned char address[16]);

/* Whether browsers take the len bytes at host for an IPv4 address, valid or
 * not, because the last label is a number
 * (https://url.spec.whatwg.org/#ends-in-a-number-checker). */
int cors_address_is_ipv4_like(const char *host, size_t len);

/* Reads an IPv4 address in any form that browsers accept, such as 0x7f.1.
 * Returns 1 with the address in *address, the first byte the most significant
 * one, or 0 if the host is not a valid address
 * (https://url.spec.whatwg.org/#concept-ipv4-parser). */
int cors_address_parse_ipv4(const char *host, size_t len,
                            unsigned int *address);

/* Bytes of a printed address, NUL included. */
#define CORS_IPV4_ROOM 16
#define CORS_IPV6_ROOM 42 /* brackets, 8 times ffff, 7 colons */

/* Print an address in its canonical form, NUL-terminated, IPv6 in brackets
 * (https://url.spec.whatwg.org/#host-serializing). */
void cors_address_print_ipv4(unsigned int address, char text[CORS_IPV4_ROOM]);
void cors_address_print_ipv6(const unsigned char address[16],
                             char text[CORS_IPV6_ROOM]);

#endif
