/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "lists.h"

#include "protocol/enforce.h"

static const char own[] = "https://api.example";
static const char listed[] = "https://app.example";
static const char foreign[] = "https://evil.example";

static cors_policy_t make_policy(cors_enforce_e enforce, const char *allowed,
                                 apr_pool_t *p)
{
    cors_policy_t policy = { 0 };

    policy.enforce = enforce;
    policy.origins = origins(allowed, p);
    return policy;
}

static void knows_websockets(void **state)
{
    static const struct {
        const char *method;
        const char *upgrade;
        int opens;
        const char *reason;
    } rows[] = {
        { "GET", "websocket", 1, "a browser's" },
        { "GET", "WebSocket", 1, "tokens of Upgrade have no case" },
        { "GET", "h2c, websocket/13", 1, "a back end may choose it" },
        { "GET", "h2c", 0, "another protocol" },
        { "GET", "", 0, "none" },
        { "GET", NULL, 0, "none" },
        { "POST", "websocket", 0, "no handshake, and looked at anyway" },
        { "OPTIONS", "websocket", 0, "no handshake" },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        check_number(
            rows[i].upgrade ? rows[i].upgrade : "none",
            cors_enforce_opens_websocket(rows[i].method, rows[i].upgrade),
            rows[i].opens, rows[i].reason);
    }
}

static void looks_at_what_acts(void **state)
{
    static const struct {
        const char *method;
        const char *upgrade;
        int unsafe;
        int all;
    } rows[] = {
        { "GET", NULL, 0, 1 },
        { "GET", "websocket", 1, 1 },
        { "GET", "h2c", 0, 1 },
        { "HEAD", NULL, 0, 1 },
        { "HEAD", "websocket", 0, 1 },
        { "OPTIONS", NULL, 0, 0 },
        { "OPTIONS", "websocket", 0, 0 },
        { "TRACE", NULL, 0, 0 },
        { "POST", NULL, 1, 1 },
        { "PUT", NULL, 1, 1 },
        { "DELETE", NULL, 1, 1 },
        { "PATCH", NULL, 1, 1 },
        { "get", NULL, 1, 1 },
        { "GETS", NULL, 1, 1 },
        { "QUERY", NULL, 1, 1 },
        { "options", NULL, 1, 1 },
        { "", NULL, 1, 1 },
    };
    cors_policy_t policy = { 0 };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        const char *method = rows[i].method;
        const char *upgrade = rows[i].upgrade;

        policy.enforce = i % 2 ? CORS_ENFORCE_UNSAFE : CORS_ENFORCE_TRY_UNSAFE;
        check_number(method, cors_enforce_looks_at(&policy, method, upgrade),
                     rows[i].unsafe, "Unsafe");
        policy.enforce = i % 2 ? CORS_ENFORCE_ALL : CORS_ENFORCE_TRY_ALL;
        check_number(method, cors_enforce_looks_at(&policy, method, upgrade),
                     rows[i].all, "All");
    }
}

/* What is judged: an origin, and what is known of its sender. */
typedef struct row_t {
    const char *origin;
    cors_sender_t sender;
    const char *verdict; /* what refuses, or with a "+" what passes */
    const char *offender;
    const char *reason;
} row_t;

static void check_rows(cors_enforce_e enforce, const char *allowed,
                       const row_t *rows, size_t count, apr_pool_t *p)
{
    cors_policy_t policy = make_policy(enforce, allowed, p);
    size_t i;

    for (i = 0; i < count; i++) {
        const row_t *row = &rows[i];
        cors_facts_t facts = { row->origin };
        cors_decision_t decision;
        const char *before;
        int passes;

        cors_judge(&policy, &facts, &decision);
        before = decision.allow_origin;
        passes = cors_enforce(&policy, &facts, &row->sender, &decision);
        check_text(apr_psprintf(p, "row %d", (int)i),
                   apr_pstrcat(p, passes ? "+" : "",
                               cors_verdict_word(decision.verdict), NULL),
                   row->verdict, row->reason);
        if (!row->origin) {
            check_number("without an origin",
                         cors_enforce_without_origin(&policy, &row->sender),
                         passes, row->reason);
        }
        if (row->offender || !passes) {
            check_text("offender",
                       decision.offender ? apr_pstrmemdup(
                           p, decision.offender, decision.offender_len)
                                         : NULL,
                       row->offender, row->reason);
        }
        assert_ptr_equal(decision.allow_origin, before);
    }
}

#define POST "POST"
#define FROM(site)                                        \
    {                                                     \
        POST, site, NULL, NULL, "api.example", "https", 0 \
    }
#define TO(host)                                 \
    {                                            \
        POST, NULL, NULL, NULL, host, "https", 0 \
    }
#define BY(method)                                         \
    {                                                      \
        method, "cross-site", NULL, NULL, NULL, "https", 0 \
    }
#define PLAIN(host)                             \
    {                                           \
        POST, NULL, NULL, NULL, host, "http", 0 \
    }

/* Rule 1, where the browser says where the request comes from. */
static void believes_fetch_metadata(void **state)
{
    static const row_t rows[] = {
        { NULL, FROM("same-origin"), "+allowed", NULL, "its own page" },
        { NULL, FROM("none"), "+allowed", NULL, "the user" },
        { own, FROM("same-origin"), "+same-origin", NULL, "its own page" },
        { "null", FROM("same-origin"), "+same-origin", NULL,
          "its own form with no-referrer" },
        { foreign, FROM("same-origin"), "+same-origin", NULL,
          "the first rule that is true decides" },
        { listed, FROM("same-origin"), "+same-origin", NULL,
          "the first rule that is true decides" },
        { own, FROM("none"), "+same-origin", NULL, "the user" },
        { own, FROM("same-site"), "origin-not-allowed", own,
          "the field is there, so Host is not asked" },
        { own, FROM("cross-site"), "origin-not-allowed", own,
          "the field is there, so Host is not asked" },
        { NULL, FROM("same-site"), "origin-missing", NULL,
          "same-site is not enough" },
        { NULL, FROM("cross-site"), "origin-missing", NULL, "foreign" },
        { NULL, FROM(""), "origin-missing", NULL, "an unknown word" },
        { NULL, FROM("Same-Origin"), "origin-missing", NULL,
          "browsers send lower case" },
        { NULL, FROM("same-origin, same-origin"), "origin-missing", NULL,
          "two fields" },
        { foreign, FROM("cross-site"), "origin-not-allowed", foreign,
          "foreign" },
        { "null", FROM("cross-site"), "origin-not-allowed", "null",
          "an opaque origin" },
        { "https://evil.example/", FROM("cross-site"), "origin-malformed",
          "https://evil.example/", "no origin" },
    };

    check_rows(CORS_ENFORCE_UNSAFE, listed, rows, COUNT(rows), *state);
}

/* Rule 1, where the browser does not say. */
static void compares_origin_and_host(void **state)
{
    static const row_t rows[] = {
        { NULL, TO("api.example"), "+allowed", NULL, "a program" },
        { NULL, TO(NULL), "+allowed", NULL, "a program" },
        { own, TO("api.example"), "+same-origin", NULL, "equal" },
        { own, TO("API.Example"), "+same-origin", NULL, "Host in any case" },
        { own, TO("api.example:443"), "+same-origin", NULL,
          "the default port" },
        { own, TO(NULL), "origin-not-allowed", own, "HTTP/1.0" },
        { own, TO(""), "origin-not-allowed", own, "an empty Host" },
        { own, TO("api.example:80"), "origin-not-allowed", own,
          "the default port of http" },
        { own, TO("api.example:"), "origin-not-allowed", own,
          "no browser sends it" },
        { own, TO("api.example."), "origin-not-allowed", own,
          "another name to a browser" },
        { own, TO("api.exampl"), "origin-not-allowed", own, "shorter" },
        { own, TO("api.example2"), "origin-not-allowed", own, "longer" },
        { own, TO("xapi.example"), "origin-not-allowed", own, "longer" },
        { "https://API.example", TO("API.example"), "origin-malformed",
          "https://API.example", "Origin is in lower case" },
        { "https://[2001:DB8::F]", TO("[2001:DB8::F]"), "origin-malformed",
          "https://[2001:DB8::F]", "Origin is in lower case" },
        { "https://api.example:443", TO("api.example:443"),
          "origin-not-allowed", "https://api.example:443",
          "no browser sends a default port" },
        { "https://api.example:8443", TO("api.example:8443"), "+same-origin",
          NULL, "another port" },
        { "https://api.example:8443", TO("api.example:9443"),
          "origin-not-allowed", "https://api.example:8443", "another port" },
        { "https://api.example", TO("api.example:8443"), "origin-not-allowed",
          own, "another port" },
        { "https://[::1]", TO("[::1]:443"), "+same-origin", NULL, "IPv6" },
        { "https://[::1]:8443", TO("[::1]:8443"), "+same-origin", NULL,
          "IPv6" },
        { "https://[2001:db8::f]", TO("[2001:DB8::F]"), "+same-origin", NULL,
          "IPv6 in any case" },
        { "https://[::443]", TO("[::443]"), "+same-origin", NULL,
          "no port: within the brackets" },
        { "https://[::]", TO("[::443]"), "origin-not-allowed", "https://[::]",
          "no port: within the brackets" },
        { "http://api.example", TO("api.example"), "origin-not-allowed",
          "http://api.example", "http is no own page of an https server" },
        { "ftp://api.example", TO("api.example"), "origin-not-allowed",
          "ftp://api.example", "another scheme" },
        { "coap://api.example", PLAIN("api.example"), "origin-not-allowed",
          "coap://api.example", "another scheme of as many letters" },
        { "http;//api.example", PLAIN("api.example"), "origin-malformed",
          "http;//api.example", "no colon" },
        { "http:x/api.example", PLAIN("api.example"), "origin-malformed",
          "http:x/api.example", "one slash" },
        { "http:/xapi.example", PLAIN("api.example"), "origin-malformed",
          "http:/xapi.example", "the other slash" },
        { "http://", PLAIN(":80"), "origin-malformed", "http://",
          "a port is no host" },
        { "//api.example", TO("api.example"), "origin-malformed",
          "//api.example", "no origin" },
        { "null", TO("null"), "origin-not-allowed", "null", "opaque" },
        { "", TO(""), "origin-malformed", "", "an empty Origin" },
        { "https://", TO(""), "origin-malformed", "https://", "no host" },
        { "http://api.example", PLAIN("api.example"), "+same-origin", NULL,
          "equal" },
        { "http://api.example", PLAIN("api.example:80"), "+same-origin", NULL,
          "the default port" },
        { "http://api.example:443", PLAIN("api.example:443"), "+same-origin",
          NULL, "no default port of http" },
        { own, PLAIN("api.example"), "+same-origin", NULL,
          "a TLS terminator in front" },
        { own, PLAIN("api.example:443"), "+same-origin", NULL,
          "a TLS terminator in front" },
        { own, PLAIN("api.example:80"), "origin-not-allowed", own,
          "another port" },
        { foreign, PLAIN("api.example"), "origin-not-allowed", foreign,
          "foreign" },
    };

    check_rows(CORS_ENFORCE_ALL, listed, rows, COUNT(rows), *state);
}

/* Rule 2. */
static void lets_listed_origins_in(void **state)
{
    static const row_t rows[] = {
        { listed, FROM("cross-site"), "+allowed", NULL, "by name" },
        { listed, FROM("same-site"), "+allowed", NULL, "by name" },
        { listed, TO("api.example"), "+allowed", NULL, "an older browser" },
        { "https://a.team.example", FROM("cross-site"), "+allowed", NULL,
          "by pattern" },
        { "https://team.example", FROM("cross-site"), "origin-not-allowed",
          "https://team.example", "not by the pattern" },
        { listed, BY("GET"), "+allowed", NULL, "the default methods" },
        { listed, BY("HEAD"), "+allowed", NULL, "HEAD comes with GET" },
        { listed, BY("PUT"), "method-not-allowed", "PUT",
          "not one of the default methods" },
        { listed, BY("post"), "method-not-allowed", "post",
          "methods have a case" },
        { listed,
          { "GET", NULL, "websocket", NULL, "x", "https", 1 },
          "+allowed",
          NULL,
          "a WebSocket" },
        { foreign,
          { "GET", NULL, NULL, NULL, "x", "https", 1 },
          "origin-not-allowed",
          foreign,
          "a WebSocket" },
    };

    check_rows(CORS_ENFORCE_ALL, "https://app.example https://*.team.example",
               rows, COUNT(rows), *state);
}

static int enforces(const cors_policy_t *policy, const char *method,
                    int opens_websocket)
{
    cors_facts_t facts = { listed };
    cors_sender_t sender = { method, "cross-site" };
    cors_decision_t decision;

    sender.opens_websocket = opens_websocket;
    cors_judge(policy, &facts, &decision);
    return cors_enforce(policy, &facts, &sender, &decision);
}

/* The methods of the policy, but for a WebSocket. */
static void asks_for_the_method(void **state)
{
    static const struct {
        const char *methods;
        const char *method;
        int opens_websocket;
        int passes;
    } rows[] = {
        { "PUT", "PUT", 0, 1 },      { "PUT", "POST", 0, 0 },
        { "PUT", "GET", 0, 0 },      { "PUT", "GET", 1, 1 },
        { "GET", "HEAD", 0, 1 },     { "*", "FOO", 0, 1 },
        { "*", "TRACK", 0, 0 },      { "*", "bad method", 0, 0 },
        { "inherit", "POST", 0, 1 }, { "inherit", "PUT", 0, 0 },
        { "GET POST", "PUT", 0, 0 },
    };
    cors_policy_t policy = make_policy(CORS_ENFORCE_ALL, listed, *state);
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        policy.methods = names(CORS_NAMES_METHODS, rows[i].methods, *state);
        check_number(
            rows[i].method,
            enforces(&policy, rows[i].method, rows[i].opens_websocket),
            rows[i].passes, rows[i].methods);
    }
}

/* Rule 3. */
static void lets_visitors_in(void **state)
{
    static const struct {
        const char *method;
        const char *mode;
        const char *dest;
        int all;
        const char *reason;
    } rows[] = {
        { "GET", "navigate", "document", 1, "a link" },
        { "HEAD", "navigate", "document", 1, "a link" },
        { "GET", "navigate", "iframe", 1, "a frame shows a document" },
        { "GET", "navigate", NULL, 1, "no destination" },
        { "GET", "navigate", "object", 0, "embedded" },
        { "GET", "navigate", "embed", 0, "embedded" },
        { "GET", "no-cors", "image", 0, "an image" },
        { "GET", "cors", "empty", 0, "fetch()" },
        { "GET", NULL, "document", 0, "no mode" },
        { "GET", "Navigate", "document", 0, "browsers send lower case" },
        { "POST", "navigate", "document", 0, "a form" },
        { "PUT", "navigate", "document", 0, "no visit" },
    };
    size_t i, n;

    for (i = 0; i < COUNT(rows); i++) {
        for (n = 0; n < 4; n++) {
            cors_policy_t policy = make_policy(n & 1 ? CORS_ENFORCE_ALL
                                                     : CORS_ENFORCE_UNSAFE,
                                               listed, *state);
            cors_facts_t facts = { n & 2 ? foreign : NULL };
            cors_sender_t sender = { rows[i].method, "cross-site",
                                     rows[i].mode, rows[i].dest };
            cors_decision_t decision;

            cors_judge(&policy, &facts, &decision);
            check_number(rows[i].reason,
                         cors_enforce(&policy, &facts, &sender, &decision),
                         rows[i].all && (n & 1), n & 1 ? "All" : "Unsafe");
        }
    }
}

/* "*" and null list nobody, however they got there. */
static void takes_no_list_for_open(void **state)
{
    static const row_t any[] = {
        { foreign, FROM("cross-site"), "origin-not-allowed", foreign,
          "* is no list" },
        { "x", FROM("cross-site"), "origin-malformed", "x", "* is no list" },
        { own, FROM("same-origin"), "+same-origin", NULL, "its own page" },
        { NULL, FROM("cross-site"), "origin-missing", NULL, "foreign" },
    };
    static const row_t null[] = {
        { "null", FROM("cross-site"), "origin-not-allowed", "null",
          "anybody can be null" },
        { listed, FROM("cross-site"), "+allowed", NULL, "listed" },
    };
    cors_policy_t policy = make_policy(CORS_ENFORCE_ALL, "*", *state);
    cors_facts_t facts = { foreign };
    cors_sender_t sender = FROM("cross-site");
    cors_decision_t decision;

    check_rows(CORS_ENFORCE_UNSAFE, "*", any, COUNT(any), *state);
    check_rows(CORS_ENFORCE_UNSAFE, "https://app.example null", null,
               COUNT(null), *state);
    cors_judge(&policy, &facts, &decision);
    cors_enforce(&policy, &facts, &sender, &decision);
    assert_int_equal(decision.risk->with, CORS_WITH_ENFORCEMENT);
    assert_ptr_equal(decision.word, policy.origins->any);
}

/* Where CorsAllowUnsafe lets null read, it may still send nothing. */
static void lets_null_read_alone(void **state)
{
    cors_policy_t policy = make_policy(CORS_ENFORCE_UNSAFE, "null", *state);
    cors_facts_t facts = { "null" };
    cors_sender_t sender = FROM("cross-site");
    cors_decision_t decision;

    policy.unsafe = CORS_UNSAFE_NULL_ORIGIN;
    cors_judge(&policy, &facts, &decision);
    assert_int_equal(decision.verdict, CORS_ALLOWED);
    assert_false(cors_enforce(&policy, &facts, &sender, &decision));
    assert_int_equal(decision.verdict, CORS_ORIGIN_NOT_ALLOWED);
    assert_int_equal(decision.risk->with, CORS_WITH_ENFORCEMENT);
}

static void names_the_line_that_decides(void **state)
{
    static const struct {
        cors_verdict_e verdict;
        const char *directive;
        int line;
    } rows[] = {
        { CORS_ORIGIN_MISSING, "CorsEnforce", 1 },
        { CORS_ORIGIN_NOT_ALLOWED, "CorsAllowOrigin", 0 },
        { CORS_SAME_ORIGIN, NULL, 0 },
    };
    cors_policy_t policy = make_policy(CORS_ENFORCE_ALL, listed, *state);
    size_t i;

    policy.enforce_at = (const cors_line_t *)"line";
    for (i = 0; i < COUNT(rows); i++) {
        cors_decision_t decision = { rows[i].verdict };
        const char *directive;
        const cors_line_t *line = cors_decision_line(&policy, &decision,
                                                     &directive);

        check_text(cors_verdict_word(rows[i].verdict), directive,
                   rows[i].directive, "the directive");
        assert_ptr_equal(line, rows[i].line ? policy.enforce_at : NULL);
    }
    assert_true(cors_verdict_passes(CORS_SAME_ORIGIN));
    assert_false(cors_verdict_passes(CORS_ORIGIN_MISSING));
}

static void only_tries_where_told_so(void **state)
{
    static const struct {
        cors_engine_e engine;
        cors_enforce_e enforce;
        int enforces;
        int tries;
    } rows[] = {
        { CORS_ENGINE_ON, CORS_ENFORCE_OFF, 0, 0 },
        { CORS_ENGINE_ON, CORS_ENFORCE_UNSAFE, 1, 0 },
        { CORS_ENGINE_ON, CORS_ENFORCE_ALL, 1, 0 },
        { CORS_ENGINE_ON, CORS_ENFORCE_TRY_UNSAFE, 1, 1 },
        { CORS_ENGINE_ON, CORS_ENFORCE_TRY_ALL, 1, 1 },
        { CORS_ENGINE_DETECTION_ONLY, CORS_ENFORCE_UNSAFE, 1, 1 },
        { CORS_ENGINE_DETECTION_ONLY, CORS_ENFORCE_ALL, 1, 1 },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_policy_t policy = { 0 };

        policy.engine = rows[i].engine;
        policy.enforce = rows[i].enforce;
        assert_int_equal(cors_policy_enforces(&policy), rows[i].enforces);
        assert_int_equal(cors_policy_only_tries(&policy), rows[i].tries);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(knows_websockets),         TEST(looks_at_what_acts),
        TEST(believes_fetch_metadata),  TEST(compares_origin_and_host),
        TEST(lets_listed_origins_in),   TEST(asks_for_the_method),
        TEST(lets_visitors_in),         TEST(takes_no_list_for_open),
        TEST(lets_null_read_alone),     TEST(names_the_line_that_decides),
        TEST(only_tries_where_told_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
