/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Hosts that are IPv4 or IPv6 addresses: told from names, read, and printed
 * as browsers print them (URL, "hosts": https://url.spec.whatwg.org/#hosts).
 */

#ifndef CORS_ADDRESS_H
#define CORS_ADDRESS_H

#include <stddef.h>

/* Whether len bytes at host are "[", an IPv6 address in lower case, "]".  If
 * so and address is not NULL, its 16 bytes go there. */
int cors_address_parse_ipv6(const char *host, size_t len,
                            unsigned char address[16]);

/* Whether a browser takes the host name for an IPv4 address (URL, "ends in a
 * number checker"). */
int cors_address_is_ipv4_like(const char *host, size_t len);

/* Reads an IPv4 address in any form that browsers take, such as 0x7f.1 (URL,
 * "IPv4 parser"), into *address, most significant byte first.  Returns 0 if
 * it is none. */
int cors_address_parse_ipv4(const char *host, size_t len,
                            unsigned int *address);

/* Write the address as browsers do (URL, "host serializer"), with a NUL. */
#define CORS_IPV4_ROOM 16
#define CORS_IPV6_ROOM 42 /* brackets and 8 times ffff */
void cors_address_print_ipv4(unsigned int address, char text[CORS_IPV4_ROOM]);
void cors_address_print_ipv6(const unsigned char address[16],
                             char text[CORS_IPV6_ROOM]);

#endif
