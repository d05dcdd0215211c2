/* SPDX-License-Identifier: MIT */
#include "stack/system_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

bool system_file_write(const char *path, const char *text)
{
    int descriptor = open(path, O_WRONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    ssize_t written = write(descriptor, text, strlen(text));
    int failure = written < 0 ? errno : EIO;
    (void)close(descriptor);
    if (written == (ssize_t)strlen(text))
        return true;
    errno = failure;
    return false;
}

bool system_file_read_number(const char *path, long *value)
{
    int descriptor = open(path, O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return false;
    char digits[32];
    ssize_t length = read(descriptor, digits, sizeof(digits) - 1);
    (void)close(descriptor);
    if (length <= 0)
        return false;
    digits[length] = '\0';
    char *end;
    long number = strtol(digits, &end, 10);
    if (end == digits)
        return false;
    *value = number;
    return true;
}
