/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Runs a fuzz target over the inputs that are kept for it, those named as
 * arguments or else all in FUZZ_DIRS, and says in TAP which held.  Each runs
 * in a process of its own, so that one crash hides no other. */

/* Folders have numbers of 64 bits everywhere. */
#define _FILE_OFFSET_BITS 64

#include "fuzz.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

#include <apr_strings.h>
#include <apr_tables.h>

static const char *const dirs[] = { FUZZ_DIRS };

static int by_name(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void add_files(apr_array_header_t *files, const char *dir)
{
    DIR *opened = opendir(dir);
    struct dirent *entry;

    if (!opened) {
        return; /* nothing found yet, or not yet mended */
    }
    while ((entry = readdir(opened)) != NULL) {
        if (entry->d_name[0] != '.') {
            APR_ARRAY_PUSH(files, const char *) = apr_pstrcat(
                files->pool, dir, "/", entry->d_name, NULL);
        }
    }
    closedir(opened);
}

static void run(const char *file)
{
    static uint8_t data[1 << 20];
    FILE *opened = fopen(file, "rb");
    size_t size;

    if (!opened) {
        perror(file);
        _exit(1);
    }
    size = fread(data, 1, sizeof(data), opened);
    fclose(opened);
    LLVMFuzzerTestOneInput(data, size);
    _exit(0);
}

static int holds(const char *file)
{
    int status = 1;
    pid_t child;

    fflush(NULL);
    child = fork();
    if (child == 0) {
        run(file);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

int fuzz_replay(int argc, char **argv)
{
    apr_pool_t *p;
    apr_array_header_t *files;
    int failed = 0;
    int i;

    LLVMFuzzerInitialize(&argc, &argv);
    apr_pool_create(&p, NULL);
    files = apr_array_make(p, 64, sizeof(const char *));
    for (i = 1; i < argc; i++) {
        APR_ARRAY_PUSH(files, const char *) = argv[i];
    }
    for (i = 0; argc < 2 && i < (int)(sizeof(dirs) / sizeof(*dirs)); i++) {
        add_files(files, dirs[i]);
    }
    qsort(files->elts, (size_t)files->nelts, sizeof(const char *), by_name);
    for (i = 0; i < files->nelts; i++) {
        const char *file = APR_ARRAY_IDX(files, i, const char *);
        int ok = holds(file);

        failed += !ok;
        printf("%sok %d - %s\n", ok ? "" : "not ", i + 1, file);
    }
    if (!files->nelts) {
        printf("not ok 1 - no input to replay in %s\n", dirs[0]);
    }
    printf("1..%d\n", files->nelts ? files->nelts : 1);
    return failed || !files->nelts;
}

#ifndef FUZZ_IN_HTTPD
int main(int argc, char **argv)
{
    return fuzz_replay(argc, argv);
}
#endif
