/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* A module that runs a fuzz target inside httpd -t, where the functions that
 * read a configuration are the real ones: they are in no library that a
 * program of its own could link.  What is read, fuzz_one() makes from its
 * input; httpd's own configuration (t/fuzz/in-httpd) has no directive of ours.
 *
 * FUZZ_ARGS in the environment has the arguments, separated by line feeds.
 */

#include "fuzz.h"

#include <stdlib.h>

#include <apr_strings.h>
#include <apr_tables.h>
#include <httpd.h>
#include <http_config.h>

#ifdef FUZZ_REPLAY
#define DRIVE(argc, argv) fuzz_replay(argc, argv)
#else
/* libFuzzer's. */
int LLVMFuzzerRunDriver(int *argc, char ***argv,
                        int (*one)(const uint8_t *data, size_t size));
#define DRIVE(argc, argv) \
    LLVMFuzzerRunDriver(&(argc), &(argv), LLVMFuzzerTestOneInput)
#endif

static void cors_fuzz_test_config(apr_pool_t *pconf, server_rec *s)
{
    const char *args = getenv("FUZZ_ARGS");
    apr_array_header_t *all = apr_array_make(pconf, 16, sizeof(char *));
    char *state;
    char *arg = apr_strtok(apr_pstrdup(pconf, args ? args : ""), "\n", &state);
    char **argv;
    int argc;

    for (; arg; arg = apr_strtok(NULL, "\n", &state)) {
        APR_ARRAY_PUSH(all, char *) = arg;
    }
    argc = all->nelts;
    APR_ARRAY_PUSH(all, char *) = NULL;
    argv = (char **)(void *)all->elts;
    exit(DRIVE(argc, argv));
}

static void register_hooks(apr_pool_t *p)
{
    ap_hook_test_config(cors_fuzz_test_config, NULL, NULL, APR_HOOK_LAST);
}

module AP_MODULE_DECLARE_DATA cors_fuzz_module = {
    STANDARD20_MODULE_STUFF, NULL, NULL, NULL, NULL, NULL, register_hooks
};
