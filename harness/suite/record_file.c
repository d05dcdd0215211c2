/* SPDX-License-Identifier: MIT */
#include "suite/record_file.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

static bool folder_make(const char *path, struct error *error)
{
    if (mkdir(path, 0777) == 0 || errno == EEXIST)
        return true;
    return error_set_system(error, ERROR_SYSTEM_CALL, errno, "can't make the folder %s", path);
}

static bool folders_make(const char *folder, struct error *error)
{
    struct text path = text_growing();
    bool made = true;
    for (const char *at = folder; made && *at != '\0'; at++) {
        if (*at == '/' && at > folder)
            made = folder_make(text_string(&path), error);
        text_append_character(&path, *at);
    }
    made = made && folder_make(folder, error);
    text_free(&path);
    return made;
}

bool record_folders_make(const struct suite_settings *settings, struct error *error)
{
    for (size_t i = 0; i < settings->recorder_count; i++)
        if (!folders_make(settings->recorders[i].folder, error))
            return false;
    return true;
}

void record_file_path(struct text *text, const struct suite_recorder *recorder, const struct suite_case *one,
                      unsigned performance)
{
    const char *name = one->script->name;
    size_t length = strlen(name);
    if (length > 4 && strcmp(name + length - 4, ".pkt") == 0)
        length -= 4;
    text_append_string(text, recorder->folder);
    text_append_character(text, '/');
    for (size_t i = 0; i < length; i++)
        text_append_character(text, name[i] == '/' ? '-' : name[i]);
    if (one->script->namesakes > 0)
        text_append_format(text, "-%u", one->script->namesakes + 1);
    text_append_format(text, ".%s", ip_version_name(one->ip_version));
    if (performance > 0)
        text_append_format(text, ".%u", performance + 1);
    text_append_string(text, recorder->suffix);
}

int record_file_open(const char *path, struct error *error)
{
    int descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (descriptor < 0)
        (void)error_set_system(error, ERROR_SYSTEM_CALL, errno, "can't write %s", path);
    return descriptor;
}
