/* SPDX-License-Identifier: MIT */
#include "trace/output_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

bool output_file_open(struct output_file *file, const char *path, struct error *error)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "can't write %s", path);
    output_file_adopt(file, descriptor, path);
    return true;
}

void output_file_adopt(struct output_file *file, int descriptor, const char *name)
{
    file->descriptor = descriptor;
    file->buffered = 0;
    file->written = 0;
    file->failed = false;
    (void)snprintf(file->name, sizeof(file->name), "%s", name);
}

static bool output_file_fail(struct output_file *file, int system_error, struct error *error)
{
    file->failed = true;
    return error_set_system(error, ERROR_SYSTEM_CALL, system_error, "can't write to %s", file->name);
}

static bool output_file_write(struct output_file *file, struct bytes bytes, struct error *error)
{
    size_t done = 0;
    while (done < bytes.length) {
        ssize_t written = write(file->descriptor, bytes.data + done, bytes.length - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return output_file_fail(file, written < 0 ? errno : ENOSPC, error);
        done += (size_t)written;
    }
    return true;
}

bool output_file_flush(struct output_file *file, struct error *error)
{
    if (file->failed)
        return error_set(error, ERROR_SYSTEM_CALL, "%s is incomplete: writing to it failed before", file->name);
    struct bytes waiting = {file->buffer, file->buffered};
    file->buffered = 0;
    return output_file_write(file, waiting, error);
}

bool output_file_append(struct output_file *file, struct bytes bytes, struct error *error)
{
    if (bytes.length > sizeof(file->buffer) - file->buffered || file->failed) {
        if (!output_file_flush(file, error))
            return false;
    }
    file->written += bytes.length;
    if (bytes.length > sizeof(file->buffer))
        return output_file_write(file, bytes, error);
    if (bytes.length > 0)
        memcpy(file->buffer + file->buffered, bytes.data, bytes.length);
    file->buffered += bytes.length;
    return true;
}

bool output_file_close(struct output_file *file, struct error *error)
{
    bool whole = output_file_flush(file, error);
    if (close(file->descriptor) != 0 && whole)
        whole = output_file_fail(file, errno, error);
    file->descriptor = -1;
    return whole;
}
