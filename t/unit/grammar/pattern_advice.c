/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "unit.h"

#include "grammar/pattern_advice.h"

#define WILD                                                         \
    "* may only stand for whole labels at the left of a host name, " \
    "or for the port"
#define AS_IN   ": write it as in https://*.example.com or http://localhost:*"
#define PORT    "a port is 1 to 65535 without leading zeros" WHOLE
#define WHOLE   ": write the whole origin, as in https://app.example.com"
#define SLASHES "\"://\" stands between scheme and host"
#define NO_DOT                                                          \
    "the scheme is missing, and a host without a dot is hardly meant: " \
    "write the whole origin, as in https://app.example.com"
#define SELF "pages of this server itself need no CORS: leave it out"
#define DATA                                                        \
    "browsers send null for such a URL: serve the page by http or " \
    "https, and write the origin that it then has"
#define FILE_URL                                                   \
    "browsers send null for file URLs: serve the page by http or " \
    "https, and write the origin that it then has"
#define BLOB   "a blob URL has the origin of the page that made it"
#define SOCKET "no page has the origin of a WebSocket"
#define RANGE                                                       \
    "an origin is no range of addresses: write each origin, as in " \
    "http://10.0.0.1"
#define REGEX "an origin is no regular expression"
#define REGEX_HINT                                   \
    ": write each origin, or all subdomains, as in " \
    "https://*.example.com"
#define VARIABLE                                            \
    "an origin has no variables: write each origin, as in " \
    "https://app.example.com"
#define CANONICAL "browsers send the address in its canonical form: write "
#define BRACKETS  "an IPv6 address stands in brackets: "
#define COMMAS    "arguments are separated by spaces, not commas: write "
#define FIRST_DOT "a host has no dot at the beginning"
#define PORTS     "an origin has one port"
#define BEFORE    "an origin begins with its scheme"
#define JOINED    "a space stands between two origins"
#define BLANK                                      \
    "an origin has no blank, and quotes make one " \
    "argument of several"
#define BAD_IPV4                                                       \
    "browsers take a host that ends in a number for an IPv4 address, " \
    "and this is not a valid one" WHOLE
#define L64 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define L62 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* Each origin that stands behind the last "write " can be written. */
static void takes_suggestions(const char *advice, apr_pool_t *p)
{
    const char *from = strstr(advice, "write ");
    cors_pattern_t ignored;
    char *state;
    char *word;

    word = from ? apr_strtok(apr_pstrdup(p, from), " ", &state) : NULL;
    for (; word; word = apr_strtok(NULL, " ", &state)) {
        if (strstr(word, "://")
            && cors_pattern_parse(word, &ignored) != CORS_PATTERN_OK) {
            fail_msg("%s: %s is refused", advice, word);
        }
    }
}

static void advises(void **state)
{
    static const struct {
        const char *text;
        const char *message;
    } rows[] = {
        { "https://app.example.com/",
          "an origin has no path: write https://app.example.com" },
        { "https://app.example.com/p?q#f",
          "an origin has no path: write https://app.example.com" },
        { "https://App.Example.COM",
          "browsers send it in lower case: write https://app.example.com" },
        { "https://app.example.com:443",
          "browsers leave out the default port: write "
          "https://app.example.com" },
        { "http://a.example:80",
          "browsers leave out the default port: write http://a.example" },
        { "app.example.com",
          "the scheme is missing: write https://app.example.com" },
        { "localhost:3000",
          "the scheme is missing: write http://localhost:3000" },
        { "https://b\xc3\xbc"
          "cher.example",
          "browsers send the host in its ASCII form: write "
          "https://xn--bcher-kva.example" },
        { "https://user@app.example.com",
          "an origin has no user information: write "
          "https://app.example.com" },
        { "https://*.*.example.com", WILD ": write https://*.example.com" },
        { "https://*example.com", WILD AS_IN },
        { "https://app.*", WILD AS_IN },
        { "https://*", WILD AS_IN },
        { "*://a.example", WILD AS_IN },
        { "https://*.127.0.0.1", "an address has no subdomains" WHOLE },
        { "https://a..example", "a label between two dots is empty" WHOLE },
        { "https://*..example", "a label between two dots is empty" WHOLE },
        { "https://.Example.com:8443/",
          "an origin has no path: write https://*.example.com:8443" },
        { "https://.example.com", FIRST_DOT ": write https://*.example.com" },
        { "https://..example.com", FIRST_DOT WHOLE },
        { "https://.com", FIRST_DOT WHOLE },
        { "https://.com.", FIRST_DOT WHOLE },
        { "https://.10.0.0.1", FIRST_DOT WHOLE },
        { "http://0x7f.1", CANONICAL "http://127.0.0.1" },
        { "http://[0:0:0:0:0:0:0:1]", CANONICAL "http://[::1]" },
        { "http://[::FFFF:1.2.3.4]", CANONICAL "http://[::ffff:102:304]" },
        { "http://[1:0:0:2:0:0:0:3]", CANONICAL "http://[1:0:0:2::3]" },
        { "http://::1",
          "an IPv6 address stands in brackets: write http://[::1]" },
        { "http://::1:30000", BRACKETS "write http://[::1]:30000" },
        { "http://::1:*", BRACKETS "write http://[::1]:*" },
        { "http://2001:DB8::A", BRACKETS "write http://[2001:db8::a]" },
        { "http://::1:3000", BRACKETS "write it as in http://[::1]:3000" },
        { "https://a:b:c", BRACKETS "write it as in http://[::1]:3000" },
        { "https://a:0", PORT },
        { "https://a:65536", PORT },
        { "https://a.example:8443:8443",
          PORTS ": write https://a.example:8443" },
        { "https://a.example:443:443", PORTS ": write https://a.example" },
        { "https://a.example::8080", PORTS ": write https://a.example:8080" },
        { "http://bad:80:80:80", PORTS ": write http://bad" },
        { "https://[::1]:3000:3000", PORTS ": write https://[::1]:3000" },
        { "a.example:80:80", "the scheme is missing: write http://a.example" },
        { "https://a.example:443:*", PORTS WHOLE },
        { "https://a.example:80:8080", PORTS WHOLE },
        { "https://a.example:8080:80", PORTS WHOLE },
        { "https://a.example:8080:", PORTS WHOLE },
        { "https://a:08080", "a port is 1 to 65535 without leading zeros: "
                             "write https://a:8080" },
        { "https://a:", "a port is 1 to 65535 without leading zeros: write "
                        "https://a" },
        { "https://a.example,", "arguments are separated by spaces, not "
                                "commas: write https://a.example" },
        { "https://a.example,https://b.example",
          "arguments are separated by "
          "spaces, not commas: write https://a.example https://b.example" },
        { "a.example,HTTPS://b.example/,inherit",
          "arguments are separated by spaces, not commas: write "
          "https://a.example https://b.example inherit" },
        { "https://a.example;", "arguments are separated by spaces, not "
                                "semicolons: write https://a.example" },
        { "https;//a.example;b.example",
          "arguments are separated by spaces, not semicolons" },
        { "https://a.example;https://B.example/",
          "arguments are separated by spaces, not semicolons: write "
          "https://a.example https://b.example" },
        { "https://a.example,none",
          "arguments are separated by spaces, not commas" },
        { "https://a.example,*",
          "arguments are separated by spaces, not commas" },
        { "*,", COMMAS "*" },
        { "all;", "arguments are separated by spaces, not semicolons: "
                  "write *" },
        { "None,", COMMAS "None" },
        { "https://a.example, b.example",
          COMMAS "https://a.example https://b.example" },
        { "https://my app.example, https://b.example",
          "arguments are separated by spaces, not commas" },
        { "https://a.example\tHTTPS//b.example inherit",
          BLANK ": write https://a.example https://b.example inherit" },
        { "a.example https://b.example",
          BLANK ": write https://a.example https://b.example" },
        { "inherit https://a.example null",
          BLANK ": write inherit https://a.example null" },
        { "https://a b.example", BLANK },
        { "https://a .example", BLANK },
        { "https://a.example :8080", BLANK },
        { "https://a.example *", BLANK },
        { "https://a.example none", BLANK },
        { "https://a.example https://1.2.3.4.5",
          "an origin has no blank, and quotes make one argument of several" },
        { "file:///x",
          "browsers send null for file URLs: serve the page by "
          "http or https, and write the origin that it then has" },
        { "https://app.example.com.", "an origin has no dot at the end: write "
                                      "https://app.example.com" },
        { "https://a%20b",
          "a host has no '%': write letters, digits, -, . and _" },
        { "https://a]b",
          "a host has no ']': write letters, digits, -, . and _" },
        { "https://*.a[b:1",
          "a host has no '[': write letters, digits, -, . and _" },
        { "https://xn--zzzzzz.example",
          "a label that begins with xn-- is not valid Punycode" WHOLE },
        { "https://" L64, "a label of a host has at most 63 bytes" WHOLE },
        { "https://" L62 "." L62 "." L62 "." L62 ".aa",
          "a host has at most 253 bytes" WHOLE },
        { "a" L64 "://h", "a scheme has at most 64 bytes" WHOLE },
        { "HTTPS://User@App.Example.COM:0443/x",
          "browsers send it in lower case: write https://app.example.com" },

        /* Near misses of "://". */
        { "https:/app.example", SLASHES ": write https://app.example" },
        { "https//app.example", SLASHES ": write https://app.example" },
        { "https:\\/\\/app.example", SLASHES ": write https://app.example" },
        { "https;//app.example", SLASHES ": write https://app.example" },
        { "https:app.example", SLASHES ": write https://app.example" },
        { "https:///app.example", SLASHES ": write https://app.example" },
        { "https:\\\\app.example", SLASHES ": write https://app.example" },
        { "https/app.example", SLASHES ": write https://app.example" },
        { "HTTPS:/App.Example/x", SLASHES ": write https://app.example" },
        { "http:/app.example:8080",
          SLASHES ": write http://app.example:8080" },
        { "https:/*.app.example:*",
          SLASHES ": write https://*.app.example:*" },
        { "https:/intranet", SLASHES ": write https://intranet" },
        { "https://https://app.example",
          SLASHES ": write https://app.example" },
        { "http://https://app.example", SLASHES WHOLE },
        { "https.//a.example", SLASHES ": write https://a.example" },
        { "http,//a.example:8080", SLASHES ": write http://a.example:8080" },
        { "https:https://a.example", SLASHES ": write https://a.example" },
        { "http:https://a.example", SLASHES WHOLE },
        { "https:*", SLASHES WHOLE },
        { "https.example", "the scheme is missing: write "
                           "https://https.example" },
        { "https://", "the host is missing" WHOLE },
        { "https:/", SLASHES WHOLE },
        { "https", SLASHES WHOLE },
        { "https:", SLASHES WHOLE },
        { "http:/10.0.0.*", SLASHES WHOLE },
        { "https:443", NO_DOT },
        { "httpd.example.com",
          "the scheme is missing: write https://httpd.example.com" },
        { "htps://", "the host is missing" WHOLE },
        { "htps:/app.example", SLASHES WHOLE },

        /* What stands before the scheme. */
        { "view-source:https://a.example",
          BEFORE ": write https://a.example" },
        { "filesystem:https://a.example/",
          BEFORE ": write https://a.example" },
        { "Origin:HTTP://more.example:80",
          BEFORE ": write http://more.example" },
        { "+https://a.example", BEFORE ": write https://a.example" },
        { ".https://a.example", BEFORE ": write https://a.example" },
        { "1https://a.example", BEFORE ": write https://a.example" },
        { "<https://a.example", BEFORE ": write https://a.example" },
        { "Origin:https://a.examplehttps://b.example",
          BEFORE ": write https://a.example https://b.example" },
        { "-https://a.example", BEFORE WHOLE },
        { "!https://a.example", BEFORE WHOLE },
        { "10.0.0.1:https://a.example", BEFORE WHOLE },
        { "b.example:https://a.example", BEFORE WHOLE },
        { "localhost:https://a.example", BEFORE WHOLE },
        { "Git+https://A.example",
          "browsers send it in lower case: write git+https://a.example" },
        { "-app://host", "a scheme begins with a letter: write a letter, "
                         "then letters, digits, +, - or ." },
        { "a:b://host", "a scheme has no ':': write a letter, then letters, "
                        "digits, +, - or ." },

        /* A space that is missing. */
        { "https://a.examplehttps://b.example",
          JOINED ": write https://a.example https://b.example" },
        { "HTTPS://A.exampleHTTP://B.example:8080/x",
          JOINED ": write https://a.example http://b.example:8080" },
        { "https://a.example:8443https//*.b.example",
          JOINED ": write https://a.example:8443 https://*.b.example" },
        { "https://a.examplehttp:/b.examplehttps://c.example",
          JOINED ": write https://a.example http://b.example "
                 "https://c.example" },
        { "http://www.https://a.example", JOINED WHOLE },
        { "http://wwwhttps://a.example", JOINED WHOLE },
        { "https://a.examplehttps://b", JOINED WHOLE },
        { "https://a.examplehttps://?", JOINED WHOLE },
        { "https:/a.examplehttps:/b.example",
          SLASHES ": write https://a.example https://b.example" },
        { "https://a.examplehttps/",
          "an origin has no path: write https://a.examplehttps" },
        { "xhttp:/a.example", SLASHES WHOLE },
        { "HTTPS://a.exampleapp://b", "browsers send it in lower case" WHOLE },
        { "https://a.exampleapp://b", "an origin has no path" WHOLE },
        { "https://a.example/https://b.example",
          "an origin has no path" WHOLE },
        { "https://a.example/p?u=https://b.example",
          "an origin has no path: write https://a.example" },

        /* Words, and hosts that are hardly meant. */
        { "all", "* stands for every origin: write *" },
        { "**", "* stands for every origin: write *" },
        { "'*'", "* stands for every origin: write *" },
        { "\"*\"", "* stands for every origin: write *" },
        { "*.*", "* stands for every origin: write *" },
        { "*:*", "* stands for every origin: write *" },
        { "*://*", "* stands for every origin: write *" },
        { "*://*:*", "* stands for every origin: write *" },
        { "ANY", "* stands for every origin: write *" },
        { "anyone", "* stands for every origin: write *" },
        { "everyone", "* stands for every origin: write *" },
        { "Everybody", "* stands for every origin: write *" },
        { "anything", "* stands for every origin: write *" },
        { "self", SELF },
        { "'Self'", SELF },
        { "same-origin", SELF },
        { "127.example.com",
          "the scheme is missing: write https://127.example.com" },
        { "a.notlocalhost",
          "the scheme is missing: write https://a.notlocalhost" },
        { "a.localhost", "the scheme is missing: write http://a.localhost" },
        { "notlocalhost", NO_DOT },
        { "intranet.", NO_DOT },
        { "2001:db8::1",
          "the scheme is missing: write https://[2001:db8::1]" },
        { "-", NO_DOT },
        { "intranet", NO_DOT },
        { "intranet:8080", NO_DOT },
        { "/api", NO_DOT },
        { "app:/host", SLASHES WHOLE },
        { "12", NO_DOT },
        { "*", NO_DOT },
        { "10.0", "the scheme is missing" WHOLE },
        { "0x7f.1", "the scheme is missing" WHOLE },
        { "me@app.example", "the scheme is missing" WHOLE },
        { ".app.example",
          "the scheme is missing: write https://*.app.example" },
        { ".com", "the scheme is missing" WHOLE },
        { ".com.:80", "the scheme is missing" WHOLE },
        { "//app.example/", "the scheme is missing: write "
                            "https://app.example" },
        { "*.app.example", "the scheme is missing: write "
                           "https://*.app.example" },
        { "127.0.0.1:80", "the scheme is missing: write http://127.0.0.1" },
        { "10.0.0.1", "the scheme is missing: write https://10.0.0.1" },
        { "a.example:80", "the scheme is missing: write http://a.example" },
        { "*.a.example:080",
          "the scheme is missing: write http://*.a.example" },
        { "10.1.2.3:80", "the scheme is missing: write http://10.1.2.3" },
        { "a.example:443", "the scheme is missing: write https://a.example" },
        { "localhost:443", "the scheme is missing: write https://localhost" },
        { "a.example:8080",
          "the scheme is missing: write https://a.example:8080" },
        { "::1", "the scheme is missing: write http://[::1]" },
        { "1:2:3:4:5:6:7:8:9090",
          "the scheme is missing: write https://[1:2:3:4:5:6:7:8]:9090" },
        { "2001:db8::1:8080", "the scheme is missing" WHOLE },

        /* Schemes that no page has. */
        { "data:", DATA },
        { "data:text/html", DATA },
        { "DATA://x", DATA },
        { "javascript:0", DATA },
        { "about:blank", "a page at an about URL has the origin of the page "
                         "that opened it: write that page's origin" },
        { "blob:", BLOB ": write that page's origin" },
        { "blob:null/1", BLOB ": write that page's origin" },
        { "blob:https://app.example/1f-2e",
          BLOB ": write https://app.example" },
        { "ws://app.example", SOCKET ": write http://app.example" },
        { "wss://App.example:443/x", SOCKET ": write https://app.example" },
        { "WSS:/app.example", SOCKET ": write https://app.example" },
        { "wss://*.app.example:*", SOCKET ": write https://*.app.example:*" },
        { "wss:", SOCKET WHOLE },
        { "ftp://app.example", "no page has an ftp origin: leave it out" },
        { "ftps://app.example", "no page has an ftp origin: leave it out" },
        { "sftp://app.example", "no page has an ftp origin: leave it out" },
        { "ftp.app.example",
          "the scheme is missing: write https://ftp.app.example" },
        { "file:/x", FILE_URL },
        { "FILE:///x", FILE_URL },

        /* Ranges, regular expressions and variables. */
        { "10.0.0.0/8", RANGE },
        { "http://10.0.0.0/8", RANGE },
        { "10.0.0.*", RANGE },
        { "http://192.168.*.*:8080", RANGE },
        { "10.0.0.1-10.0.0.9", RANGE },
        { "2001:db8::/32", RANGE },
        { "192.168.1.0/24:8080", RANGE },
        { "http://192.168.1.0/24:8080", RANGE },
        { "192.168.0.0/255.255.0.0", RANGE },
        { "192.168.1.", RANGE },
        { "10.", RANGE },
        { "http://192.168.1.:8080", RANGE },
        { "192.168.x.x", RANGE },
        { "10.0.0.X", RANGE },
        { "1.2.3.4.", "the scheme is missing: write https://1.2.3.4" },
        { "10.x.example", "the scheme is missing: write "
                          "https://10.x.example" },
        { "http://1.0x1", CANONICAL "http://1.0.0.1" },
        { "..", "the scheme is missing" WHOLE },
        { "^https://.*\\.example\\.com$", REGEX ": write "
                                                "https://*.example.com" },
        { "app.example$", REGEX REGEX_HINT },
        { "/app.example$/", REGEX REGEX_HINT },
        { "^app.example", REGEX REGEX_HINT },
        { "http(s)?://app.example", REGEX ": write https://app.example" },
        { "http(s)://app.example", REGEX ": write https://app.example" },
        { "(https|http)://app.example", REGEX ": write https://app.example" },
        { "https://app\\d+.example", REGEX REGEX_HINT },
        { "https://[a-z].example", REGEX REGEX_HINT },
        { "https://app[0-9].example", REGEX REGEX_HINT },
        { "https://.*\\.example\\.com", REGEX ": write "
                                              "https://*.example.com" },
        { "^https?://.*\\.example\\.com$", REGEX ": write "
                                                 "https://*.example.com" },
        { "https?://app.example", REGEX ": write https://app.example" },
        { "/^https?:\\/\\/(.+\\.)?example\\.com$/i",
          REGEX ": write https://example.com https://*.example.com" },
        { "^http(s)?://app\\.example(:[0-9]+)?$",
          REGEX ": write https://app.example:*" },
        { "^http://app\\.example:8080$",
          REGEX ": write http://app.example:8080" },
        { "\\.example\\.com$", REGEX ": write https://*.example.com" },
        { ".*", REGEX ": write *" },
        { "^.*$", REGEX ": write *" },
        { "^https://[a-z]+\\.example\\.com$", REGEX REGEX_HINT },
        { "https://(a|b)\\.example", REGEX REGEX_HINT },
        { "https://a.example|https://b.example", REGEX REGEX_HINT },
        { "https://.*example\\.com", REGEX REGEX_HINT },
        { "https://app\\.example:[0-9]+", REGEX REGEX_HINT },
        { "example\\.com$", REGEX REGEX_HINT },
        { "^\\.example\\.com$", REGEX REGEX_HINT },
        { "https://.*", REGEX REGEX_HINT },
        { "^https://", REGEX REGEX_HINT },
        { "~^https://.*\\.example\\.com$", REGEX REGEX_HINT },
        { "~*", REGEX REGEX_HINT },
        { "https://app\\.example:443$", REGEX REGEX_HINT },
        { "https://app.example/a\\.b",
          "an origin has no path: write https://app.example" },
        { "$http_origin", VARIABLE },
        { "%{HTTP_ORIGIN}e", VARIABLE },
        { "${VAR}", VARIABLE },
        { "$1", VARIABLE },
        { "$_server", VARIABLE },
        { "%{REQUEST_SCHEME}://%{HTTP_HOST}", VARIABLE },
        { "https://$host/", VARIABLE },
        { "https://app.example/$x",
          "an origin has no path: write https://app.example" },

        /* Addresses. */
        { "http://127.1", CANONICAL "http://127.0.0.1" },
        { "http://2130706433", CANONICAL "http://127.0.0.1" },
        { "https://1.2.3", CANONICAL "https://1.2.0.3" },
        { "https://1.2.3.4.5", BAD_IPV4 },
        { "https://256.1.1.1", BAD_IPV4 },
        { "http://1.2.3.08", BAD_IPV4 },
        { "http://app.12", BAD_IPV4 },
        { "http://[::g]", "this is not an IPv6 address" WHOLE },
    };
    size_t i;

    for (i = 0; i < COUNT(rows); i++) {
        cors_pattern_t pattern;
        cors_pattern_e rv = cors_pattern_parse(rows[i].text, &pattern);
        const char *advice;

        if (rv == CORS_PATTERN_OK) {
            fail_msg("%s: accepted", rows[i].text);
        }
        advice = cors_advice_origin(rows[i].text, rv, *state);
        assert_string_equal(advice, rows[i].message);
        takes_suggestions(advice, *state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = { TEST(advises) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
