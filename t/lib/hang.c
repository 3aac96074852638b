/* Licensed under the Apache License, Version 2.0; see LICENSE. */

/* Preloaded, lets mod_cors hang when it reads PATH while there is a file
 * PATH.hang, until that is gone: then there is a file PATH.hang.seen. */

#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef ssize_t read_fn(int fd, void *buffer, size_t len);

static int is_ours(const void *caller)
{
    Dl_info info;

    return dladdr(caller, &info) && strstr(info.dli_fname, "mod_cors.so");
}

static void hang(int fd)
{
    char link[64], target[4096], hang_path[4096 + 8];
    ssize_t len;

    (void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
    len = readlink(link, target, sizeof(target) - 1);
    if (len < 0) {
        return;
    }
    target[len] = '\0';
    (void)snprintf(hang_path, sizeof(hang_path), "%s.hang", target);
    if (access(hang_path, F_OK) == 0) {
        char seen[4096 + 16];

        (void)snprintf(seen, sizeof(seen), "%s.seen", hang_path);
        close(open(seen, O_CREAT | O_WRONLY, 0644));
        while (access(hang_path, F_OK) == 0) {
            usleep(20000);
        }
    }
}

static ssize_t read_late(const void *caller, int fd, void *buffer, size_t len)
{
    read_fn *next;

    *(void **)&next = dlsym(RTLD_NEXT, "read");
    if (is_ours(caller)) {
        hang(fd);
    }
    return next(fd, buffer, len);
}

/* The names are those of the system's own functions. */
ssize_t late_read(int fd, void *buffer, size_t len) __asm__("read");
ssize_t late_read_chk(int fd, void *buffer, size_t len,
                      size_t size) __asm__("__read_chk");

ssize_t late_read(int fd, void *buffer, size_t len)
{
    return read_late(__builtin_return_address(0), fd, buffer, len);
}

/* What _FORTIFY_SOURCE makes of it. */
ssize_t late_read_chk(int fd, void *buffer, size_t len, size_t size)
{
    return read_late(__builtin_return_address(0), fd, buffer,
                     len < size ? len : size);
}
