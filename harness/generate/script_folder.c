/* SPDX-License-Identifier: MIT */
#include "generate/script_folder.h"

#include "base/text_file.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_script_name(const char *name)
{
    static const char suffix[] = ".pkt";
    size_t length = strlen(name);
    return length >= sizeof(suffix) && strcmp(name + length - (sizeof(suffix) - 1), suffix) == 0;
}

/* What can't be read is none of ours. */
static bool is_generated(const char *path)
{
    struct text text = text_growing();
    struct error unread;
    bool generated =
        text_file_read(path, "script", &text, &unread) && strstr(text_string(&text), SCRIPT_FOLDER_NOTE) != NULL;
    text_free(&text);
    return generated;
}

static bool remove_generated(const char *path, struct error *error)
{
    return !is_generated(path) || unlink(path) == 0 ||
           error_set_system(error, ERROR_SYSTEM_CALL, errno, "%s can't be removed", path);
}

bool script_folder_prepare(const char *directory, struct error *error)
{
    bool prepared = true;
    struct text path = text_growing();
    if (mkdir(directory, 0777) != 0 && errno != EEXIST)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "the folder %s can't be made", directory);
    DIR *folder = opendir(directory);
    if (folder == NULL)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "the folder %s can't be read", directory);
    for (struct dirent *entry; prepared && (entry = readdir(folder)) != NULL;) {
        text_clear(&path);
        text_append_format(&path, "%s/%s", directory, entry->d_name);
        if (is_script_name(entry->d_name))
            prepared = remove_generated(text_string(&path), error);
    }
    (void)closedir(folder);
    text_free(&path);
    return prepared;
}

bool script_folder_write(const char *directory, const char *name, const struct text *text, struct error *error)
{
    struct text path = text_growing();
    text_append_format(&path, "%s/%s", directory, name);
    FILE *file = fopen(text_string(&path), "we");
    bool written = file != NULL && fwrite(text->data, 1, text->length, file) == text->length;
    int failure = errno;
    if (file != NULL && fclose(file) != 0) {
        failure = written ? errno : failure;
        written = false;
    }
    if (!written)
        (void)error_set_system(error, ERROR_SYSTEM_CALL, failure, "%s can't be written", text_string(&path));
    text_free(&path);
    return written;
}
