/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include <arpa/inet.h>

#include "grammar/address.h"

/* URL, "IPv4 parser". */
static void reads_ipv4(void **state)
{
    static const struct {
        const char *host;
        int like;             /* a browser takes it for an address */
        const char *expected; /* NULL: not a valid one */
    } rows[] = {
        { "127.0.0.1", 1, "127.0.0.1" },
        { "127.1", 1, "127.0.0.1" },
        { "1.2.3", 1, "1.2.0.3" },
        { "1.65535", 1, "1.0.255.255" },
        { "0x7f.1", 1, "127.0.0.1" },
        { "0X7F.0x1", 1, "127.0.0.1" },
        { "0177.0.0.01", 1, "127.0.0.1" },
        { "2130706433", 1, "127.0.0.1" },
        { "4294967295", 1, "255.255.255.255" },
        { "0", 1, "0.0.0.0" },
        { "0x", 1, "0.0.0.0" },
        { "4294967296", 1, NULL },
        { "99999999999999999999", 1, NULL },
        { "256.1.1.1", 1, NULL },
        { "1.1.1.256", 1, NULL },
        { "1.1.65536", 1, NULL },
        { "1.16777216", 1, NULL },
        { "1.2.3.4.5", 1, NULL },
        { "1.2.3.08", 1, NULL },
        { "1..2", 1, NULL },
        { "a.1", 1, NULL },
        { "a.0x1", 1, NULL },
        { "1.2.3.a", 0, NULL },
        { "1.0xg", 0, NULL },
        { "1.2.", 0, NULL },
        { "localhost", 0, NULL },
        { "", 0, NULL },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        size_t len = strlen(rows[i].host);
        unsigned int address;
        int valid = cors_address_parse_ipv4(rows[i].host, len, &address);

        if (!cors_address_is_ipv4_like(rows[i].host, len) != !rows[i].like
            || !valid != !rows[i].expected) {
            fail_msg("'%s': %d", rows[i].host, valid);
        }
        if (valid) {
            char text[CORS_IPV4_ROOM];

            cors_address_print_ipv4(address, text);
            assert_string_equal(text, rows[i].expected);
        }
    }
}

/* URL, "IPv6 parser" and "IPv6 serializer". */
static void reads_ipv6(void **state)
{
    static const struct {
        const char *host;
        const char *expected; /* NULL: not a valid one */
    } rows[] = {
        { "[::1]", "[::1]" },
        { "[::]", "[::]" },
        { "[0:0:0:0:0:0:0:1]", "[::1]" },
        { "[1:0:0:2:0:0:0:3]", "[1:0:0:2::3]" },
        { "[1:0:0:2:3:0:0:4]", "[1::2:3:0:0:4]" },
        { "[1:0:2:3:4:5:6:7]", "[1:0:2:3:4:5:6:7]" },
        { "[1:2:3:4:5:6:7:0]", "[1:2:3:4:5:6:7:0]" },
        { "[1:2:3:4:5:6::]", "[1:2:3:4:5:6::]" },
        { "[::ffff:1.2.3.4]", "[::ffff:102:304]" },
        { "[0001:00ab::]", "[1:ab::]" },
        { "[1:2:3:4:5:6:255.10.0.1]", "[1:2:3:4:5:6:ff0a:1]" },
        { "[::2:3:4:5:6:7:8]", "[0:2:3:4:5:6:7:8]" },
        { "[1::]", "[1::]" },
        { "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]",
          "[ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff]" },
        { "[::A]", NULL },
        { "[::g]", NULL },
        { "[1:2]", NULL },
        { "[1::2::3]", NULL },
        { "[12345::]", NULL },
        { "[1:2:3:4:5:6:7:8:9]", NULL },
        { "[1:2:3:4:5:6:7::8]", NULL },
        { "[1:2:3:4:5:6:7:1.2.3.4]", NULL },
        { "[::1.2.3]", NULL },
        { "[::1.2.3.4.5]", NULL },
        { "[::1.2.3.04]", NULL },
        { "[::1.2.3.256]", NULL },
        { "[::1.2.3.]", NULL },
        { "[::1.2.3.4:5]", NULL },
        { "[::a.2.3.4]", NULL },
        { "[:::1]", NULL },
        { "[1:]", NULL },
        { "[:1:2]", NULL },
        { "[1:2:3:4:5:6:7:8:]", NULL },
        { "[fe80::1%25eth0]", NULL },
        { "[::1", NULL },
        { "::1", NULL },
        { "[]", NULL },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        unsigned char address[16];
        int valid = cors_address_parse_ipv6(rows[i].host, strlen(rows[i].host),
                                            address);

        if (!valid != !rows[i].expected) {
            fail_msg("'%s': %d", rows[i].host, valid);
        }
        assert_int_equal(
            cors_address_parse_ipv6(rows[i].host, strlen(rows[i].host), NULL),
            valid);
        if (valid) {
            char text[CORS_IPV6_ROOM];

            cors_address_print_ipv6(address, text);
            assert_string_equal(text, rows[i].expected);
        }
    }
}

/* What the system makes of texts that are addresses, or nearly so. */
static void agrees_with_the_system(void **state)
{
    static const char *const parts[] = {
        ":",     ":", ":",       "::", "0", "1",   "00ff",
        "12345", "g", "1.2.3.4", "01", ".", "256", "A"
    };
    int valid = 0;
    int round;

    for (round = 0; round < 200000; round++) {
        char text[128] = "[";
        char copy[128];
        unsigned char ours[16], theirs[16];
        unsigned int left = 1 + pick(9);
        size_t len = 1;
        int is_ours, is_theirs;

        /* Pieces with a colon between, and now and then what is none. */
        while (left--) {
            const char
                *part = parts[pick(6) ? 4 + pick(3) : pick(COUNT(parts))];

            len += (size_t)apr_snprintf(text + len, sizeof(text) - len, "%s%s",
                                        part,
                                        left ? pick(8) ? ":" : "::" : "]");
        }
        memcpy(copy, text + 1, len - 2);
        copy[len - 2] = '\0';
        is_ours = cors_address_parse_ipv6(text, len, ours);
        is_theirs = !strchr(copy, 'A')
                    && inet_pton(AF_INET6, copy, theirs) == 1;
        if (is_ours != is_theirs
            || (is_ours && memcmp(ours, theirs, 16) != 0)) {
            fail_msg("'%s': %d, and the system says %d", text, is_ours,
                     is_theirs);
        }
        valid += is_ours;
    }
    assert_true(valid > 10000);
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(reads_ipv4), TEST(reads_ipv6),
                                        TEST(agrees_with_the_system) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
