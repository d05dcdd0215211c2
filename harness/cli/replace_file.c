/* SPDX-License-Identifier: MIT */
#include "cli/replace_file.h"

#include "trace/output_file.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static bool fail(const char *path, struct error *error)
{
    return error_set_system(error, ERROR_SYSTEM_CALL, errno, "can't write %s anew", path);
}

/* TEXT in the new file DESCRIPTOR, which is closed in any case. */
static bool write_text(int descriptor, const char *path, const struct text *text, struct error *error)
{
    struct output_file *file = malloc(sizeof(*file));
    if (file == NULL) {
        (void)close(descriptor);
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory to write %s", path);
    }
    struct error later;
    output_file_adopt(file, descriptor, path);
    bool done = output_file_append(file, (struct bytes){(const uint8_t *)text_string(text), text->length}, error);
    done = output_file_close(file, done ? error : &later) && done;
    free(file);
    return done;
}

/* Writes the file beside the one that it takes the place of. */
static bool write_beside(const char *target, char *beside, const struct text *text, struct error *error)
{
    struct stat status;
    if (stat(target, &status) != 0)
        return fail(target, error);
    int descriptor = mkstemp(beside);
    if (descriptor < 0)
        return fail(target, error);
    bool done = fchmod(descriptor, status.st_mode & 07777) == 0 || fail(target, error);
    if (!done)
        (void)close(descriptor);
    done = done && write_text(descriptor, target, text, error);
    done = done && (rename(beside, target) == 0 || fail(target, error));
    if (!done)
        (void)unlink(beside);
    return done;
}

/* The place of a new file beside TARGET, for mkstemp(); NULL if memory ran out. */
static char *name_beside(const char *target)
{
    struct text name = text_growing();
    text_append_format(&name, "%s.XXXXXX", target);
    if (!name.truncated)
        return name.data;
    text_free(&name);
    return NULL;
}

bool replace_file(const char *path, const struct text *text, struct error *error)
{
    char *target = realpath(path, NULL);
    if (target == NULL)
        return fail(path, error);
    char *beside = name_beside(target);
    bool done = beside != NULL ? write_beside(target, beside, text, error)
                               : error_set(error, ERROR_OUT_OF_MEMORY, "no memory to write %s", path);
    free(beside);
    free(target);
    return done;
}
