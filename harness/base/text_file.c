/* SPDX-License-Identifier: MIT */
#include "base/text_file.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    TEXT_FILE_SIZE_MOST = 16 * 1024 * 1024,
    READ_SIZE = 65536,
    PATIENCE = 10000, /* milliseconds */
};

/* Waits for what a pipe or a terminal gives next, though not for ever. */
static bool file_await(int file, const char *path, struct error *error)
{
    struct pollfd polled = {.fd = file, .events = POLLIN};
    if (poll(&polled, 1, PATIENCE) != 0)
        return true;
    return error_set(error, ERROR_TIMED_OUT, "`%s` has given nothing for %d s", path, PATIENCE / 1000);
}

/* All that FILE gives; it need not be a plain file, so its size is only known once it has been read. */
static bool file_read(int file, const char *path, const char *what, struct text *text, struct error *error)
{
    for (;;) {
        if (!text_reserve(text, READ_SIZE))
            return error_set(error, ERROR_OUT_OF_MEMORY, "memory ran out while reading `%s`", path);
        ssize_t got = read(file, text->data + text->length, READ_SIZE);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 && errno == EAGAIN) {
            if (!file_await(file, path, error))
                return false;
            continue;
        }
        if (got < 0)
            return error_set_system(error, ERROR_NOT_FOUND, errno, "`%s` can't be read", path);
        if (got == 0)
            return true;
        text->length += (size_t)got;
        if (text->length > TEXT_FILE_SIZE_MOST)
            return error_set(error, ERROR_TOO_LARGE, "`%s` is too large for a %s: more than 16 MiB", path, what);
    }
}

/* Without waiting: a pipe that nobody writes to would never be open. */
static bool file_open(const char *path, const char *what, int *file, struct error *error)
{
    struct stat status;
    int opened = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    if (opened < 0)
        return error_set_system(error, ERROR_NOT_FOUND, errno, "`%s` can't be opened", path);
    if (fstat(opened, &status) == 0 && S_ISDIR(status.st_mode)) {
        (void)close(opened);
        return error_set(error, ERROR_NOT_FOUND, "`%s` is a folder, not a %s", path, what);
    }
    *file = opened;
    return true;
}

/* Control characters that no editor writes are the mark of a binary file; bytes above ASCII are not. */
static bool file_check_text(const struct text *text, const char *path, struct error *error)
{
    for (size_t i = 0; i < text->length; i++) {
        unsigned char byte = (unsigned char)text->data[i];
        bool control = byte < 0x20 && !(byte >= '\t' && byte <= '\r');
        if (control || byte == 0x7f)
            return error_set(error, ERROR_MALFORMED, "`%s` is not a text: byte %zu of it is 0x%02x", path, i, byte);
    }
    return true;
}

bool text_file_read(const char *path, const char *what, struct text *text, struct error *error)
{
    int file = -1;
    if (!file_open(path, what, &file, error))
        return false;
    struct stat status;
    bool done = file_read(file, path, what, text, error) && file_check_text(text, path, error);
    if (done && text->length == 0 && fstat(file, &status) == 0 && S_ISFIFO(status.st_mode))
        done = error_set(error, ERROR_NOT_FOUND, "`%s` is a pipe that nobody writes to", path);
    (void)close(file);
    return done;
}
