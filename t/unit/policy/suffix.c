/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include <apr_file_io.h>
#include <libpsl.h>

#include "grammar/origin.h"
#include "policy/suffix.h"

static void tells_suffixes(void **state)
{
    /* The list: com, io, github.io, *.ck and !www.ck. */
    static const struct {
        const char *host;
        cors_suffix_e is;
        const char *reason;
    } rows[] = {
        { "com", CORS_SUFFIX_YES, "a rule" },
        { "github.io", CORS_SUFFIX_YES, "a rule of two labels" },
        { "example.com", CORS_SUFFIX_NO, "below a suffix" },
        { "a.github.io", CORS_SUFFIX_NO, "below a suffix" },
        { "co.ck", CORS_SUFFIX_YES, "a wildcard rule" },
        { "www.ck", CORS_SUFFIX_NO, "an exception to it" },
        { "localhost", CORS_SUFFIX_NO, "no rule speaks of it" },
        { "corp.internal", CORS_SUFFIX_NO, "nor of this" },
        { "internal", CORS_SUFFIX_NO, "the default rule would" },
    };
    const cors_suffixes_t *suffixes = cors_suffixes_read("t/fuzz/suffixes.txt",
                                                         *state);
    size_t i;

    assert_non_null(suffixes);
    for (i = 0; i < COUNT(rows); i++) {
        cors_suffix_e is = cors_suffix_is(suffixes, rows[i].host,
                                          strlen(rows[i].host));

        if (is != rows[i].is) {
            fail_msg("%s: %s", rows[i].host, rows[i].reason);
        }
    }
}

/* The length counts, not the end of the text. */
static void reads_no_further(void **state)
{
    const cors_suffixes_t *suffixes = cors_suffixes_read("t/fuzz/suffixes.txt",
                                                         *state);

    assert_int_equal(cors_suffix_is(suffixes, "com:8443", 3), CORS_SUFFIX_YES);
}

/* No origin has such a host: the parser has refused it. */
static void takes_no_longer_host(void **state)
{
    const cors_suffixes_t *suffixes = cors_suffixes_read("t/fuzz/suffixes.txt",
                                                         *state);
    char host[CORS_HOST_MAX + 1];

    memset(host, 'a', sizeof(host));
    assert_int_equal(cors_suffix_is(suffixes, host, CORS_HOST_MAX),
                     CORS_SUFFIX_NO);
    assert_int_equal(cors_suffix_is(suffixes, host, CORS_HOST_MAX + 1),
                     CORS_SUFFIX_UNKNOWN);
}

static void says_when_it_cannot_tell(void **state)
{
    assert_null(cors_suffixes_read("t/fuzz/no-such-file.txt", *state));
    assert_null(cors_suffixes_read("/dev/null", *state));
    assert_int_equal(cors_suffix_is(NULL, "com", 3), CORS_SUFFIX_UNKNOWN);
}

/* Writes a list to a file and reads it.  The file is gone afterwards. */
static const cors_suffixes_t *read_text(const char *text, apr_pool_t *p)
{
    const cors_suffixes_t *suffixes;
    const char *folder;
    apr_file_t *file;
    char *path;

    assert_int_equal(apr_temp_dir_get(&folder, p), APR_SUCCESS);
    path = apr_pstrcat(p, folder, "/suffixes-XXXXXX", NULL);
    assert_int_equal(apr_file_mktemp(&file, path, 0, p), APR_SUCCESS);
    assert_true(apr_file_puts(text, file) == APR_SUCCESS);
    assert_int_equal(apr_file_flush(file), APR_SUCCESS);
    suffixes = cors_suffixes_read(path, p);
    apr_file_close(file);
    return suffixes;
}

static void reads_files(void **state)
{
    static const struct {
        const char *text;
        const char *host; /* NULL: the list is none */
        cors_suffix_e is;
        const char *reason;
    } rows[] = {
        { "", NULL, CORS_SUFFIX_UNKNOWN, "an empty file" },
        { "\n\n", NULL, CORS_SUFFIX_UNKNOWN, "empty lines" },
        { "// com\n", NULL, CORS_SUFFIX_UNKNOWN, "a comment" },
        { "com\n", "com", CORS_SUFFIX_YES, "one rule" },
        { "com", "com", CORS_SUFFIX_YES, "no end of the line" },
        { "com\n", "org", CORS_SUFFIX_NO, "no other" },
        { "// ===BEGIN ICANN DOMAINS===\ncom\n// ===END ICANN DOMAINS===\n"
          "// ===BEGIN PRIVATE DOMAINS===\ngithub.io\n"
          "// ===END PRIVATE DOMAINS===\n",
          "github.io", CORS_SUFFIX_YES, "private suffixes are some too" },
        { "\xe5\x85\xac\xe5\x8f\xb8.cn\n", "xn--55qx5d.cn", CORS_SUFFIX_YES,
          "the list is in UTF-8, hosts in Punycode" },
        { "*.ck\n!www.ck\n", "ck", CORS_SUFFIX_YES, "all below it are" },
        { "*.ck\n!www.ck\n", "a.co.ck", CORS_SUFFIX_NO,
          "a wildcard is one label" },
        { "*.ck\n!www.ck\n", "a.www.ck", CORS_SUFFIX_NO,
          "below an exception" },
        { "com\n", "", CORS_SUFFIX_NO, "no host" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const cors_suffixes_t *suffixes = read_text(rows[i].text, *state);
        const char *host = rows[i].host ? rows[i].host : "com";

        check_number(rows[i].text, suffixes != NULL, rows[i].host != NULL,
                     rows[i].reason);
        check_number(
            host, (unsigned long)cors_suffix_is(suffixes, host, strlen(host)),
            (unsigned long)rows[i].is, rows[i].reason);
    }
    assert_null(cors_suffixes_read("t", *state));
}

/* The system may have no list; one that it has knows com. */
static void reads_the_list_of_the_system(void **state)
{
    const cors_suffixes_t *suffixes = cors_suffixes_read(NULL, *state);
    psl_ctx_t *psl = psl_latest(NULL);

    assert_int_equal(suffixes != NULL, psl && psl_suffix_count(psl) != 0);
    psl_free(psl);
    assert_int_equal(cors_suffix_is(suffixes, "com", 3),
                     suffixes ? CORS_SUFFIX_YES : CORS_SUFFIX_UNKNOWN);
    assert_int_equal(cors_suffix_is(suffixes, "localhost", 9),
                     suffixes ? CORS_SUFFIX_NO : CORS_SUFFIX_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(tells_suffixes),       TEST(reads_no_further),
        TEST(takes_no_longer_host), TEST(says_when_it_cannot_tell),
        TEST(reads_files),          TEST(reads_the_list_of_the_system)
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
