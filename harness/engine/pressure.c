/* SPDX-License-Identifier: MIT */
#include "engine/pressure.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

nanoseconds pressure_read(const char *text)
{
    static const char word[] = " total=";
    const char *total = strncmp(text, "some ", 5) == 0 ? strstr(text, word) : NULL;
    if (total == NULL)
        return 0;
    long long microseconds = strtoll(total + sizeof(word) - 1, NULL, 10);
    return microseconds > 0 && microseconds < INT64_MAX / 1000 ? (nanoseconds)microseconds * 1000 : 0;
}

nanoseconds pressure_total(void)
{
    char text[256];
    int file = open("/proc/pressure/cpu", O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return 0;
    ssize_t length = read(file, text, sizeof(text) - 1);
    (void)close(file);
    text[length > 0 ? length : 0] = '\0';
    return pressure_read(text);
}
