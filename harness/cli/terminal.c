/* SPDX-License-Identifier: MIT */
#include "cli/terminal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_USUAL = 80 };

/* The one thing that the program remembers for itself: why standard output no longer takes anything. */
static int lost_because;

void terminal_write(struct text *text)
{
    const char *data = text_string(text);
    size_t done = 0;
    while (lost_because == 0 && done < text->length) {
        ssize_t written = write(STDOUT_FILENO, data + done, text->length - done);
        if (written >= 0)
            done += (size_t)written;
        else if (errno != EINTR)
            lost_because = errno;
    }
    if (text->truncated && lost_because == 0)
        lost_because = ENOMEM;
    text_clear(text);
}

void terminal_error(const struct error *error)
{
    (void)fprintf(stderr, "shakedown: %s\n", error->text);
}

bool terminal_sound(struct error *error)
{
    return lost_because == 0 || error_set_system(error, ERROR_SYSTEM_CALL, lost_because, "can't write the output");
}

bool terminal_is_interactive(void)
{
    const char *kind = getenv("TERM");
    return isatty(STDOUT_FILENO) && kind != NULL && strcmp(kind, "dumb") != 0;
}

size_t terminal_columns(void)
{
    struct winsize size;
    return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : COLUMNS_USUAL;
}

bool terminal_has_colours(void)
{
    const char *unwanted = getenv("NO_COLOR");
    return terminal_is_interactive() && (unwanted == NULL || unwanted[0] == '\0');
}
