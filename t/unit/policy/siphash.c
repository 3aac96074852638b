/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* SipHash against vectors of its authors' implementation: the key is 00 to 0f,
 * the text 00, 01, 02 and so on. */

#include "unit.h"

#include "policy/siphash.h"

static void hashes_as_published(void **state)
{
    static const struct {
        size_t len;
        uint64_t low, high;
        const char *reason;
    } rows[] = {
        { 0, 0xe6a825ba047f81a3u, 0x930255c71472f66du, "no text" },
        { 5, 0x886f778059876813u, 0x27960e69077a5254u, "less than a word" },
        { 8, 0x61f55862baa9623bu, 0xb49714f364e2830fu, "one word" },
        { 15, 0x11a8b03399e99354u, 0xd9c3cf970fec087eu, "nearly two" },
    };
    unsigned char seed[CORS_SIPHASH_SEED];
    char text[16];
    size_t i;

    for (i = 0; i < sizeof(seed); i++) {
        seed[i] = (unsigned char)i;
        text[i] = (char)i;
    }
    for (i = 0; i < COUNT(rows); i++) {
        cors_siphash_t hash = cors_siphash(seed, text, rows[i].len);

        check_number("low", hash.low, rows[i].low, rows[i].reason);
        check_number("high", hash.high, rows[i].high, rows[i].reason);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(hashes_as_published) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
