/* SPDX-License-Identifier: MIT */
#include "cli/data_file.h"

#include <stdio.h>
#include <unistd.h>

enum { PATH_LENGTH_MOST = 4096 };

/* The folder that the program is in, without a slash at its end. */
static bool program_folder(char *folder, size_t capacity)
{
    ssize_t length = readlink("/proc/self/exe", folder, capacity - 1);
    if (length <= 0)
        return false;
    folder[length] = '\0';
    char *slash = strrchr(folder, '/');
    if (slash == NULL)
        return false;
    *slash = '\0';
    return true;
}

/* Reads from the cache of the build in FOLDER where its sources are. */
static bool source_folder(const char *folder, char *source, size_t capacity)
{
    static const char key[] = "CMAKE_HOME_DIRECTORY:INTERNAL=";
    char path[PATH_LENGTH_MOST];
    const int length = snprintf(path, sizeof(path), "%s/CMakeCache.txt", folder);
    if (length < 0 || (size_t)length >= sizeof(path))
        return false;
    FILE *cache = fopen(path, "re");
    bool found = false;
    while (cache != NULL && !found && fgets(source, (int)capacity, cache) != NULL)
        found = strncmp(source, key, sizeof(key) - 1) == 0;
    if (cache != NULL)
        (void)fclose(cache);
    if (!found)
        return false;
    memmove(source, source + sizeof(key) - 1, strlen(source + sizeof(key) - 1) + 1);
    source[strcspn(source, "\n")] = '\0';
    return true;
}

/* INSTALLED, a path beneath share/shakedown, if it is there; or BUILT, one of the source tree. */
static bool data_file_find(struct text *path, const char *installed, const char *built)
{
    char folder[PATH_LENGTH_MOST];
    char source[PATH_LENGTH_MOST];
    if (!program_folder(folder, sizeof(folder)))
        return false;
    text_clear(path);
    text_append_format(path, "%s/../share/shakedown/%s", folder, installed);
    if (access(text_string(path), R_OK) == 0)
        return true;
    if (!source_folder(folder, source, sizeof(source)))
        return false;
    text_clear(path);
    text_append_format(path, "%s/%s", source, built);
    return access(text_string(path), R_OK) == 0;
}

/* FILE of STACK. */
static bool data_file_of_stack(struct text *path, const char *stack, const char *file)
{
    char names[2][256];
    struct text installed = text_in(names[0], sizeof(names[0]));
    struct text built = text_in(names[1], sizeof(names[1]));
    text_append_format(&installed, "stacks/%s/%s", stack, file);
    text_append_format(&built, "targets/stacks/%s/%s", stack, file);
    return data_file_find(path, names[0], names[1]);
}

bool data_file_deviations(struct text *path, const char *stack)
{
    return data_file_of_stack(path, stack, "deviations.conf");
}

bool data_file_judged(struct text *path, const char *stack)
{
    return data_file_of_stack(path, stack, "judged.conf");
}

bool data_file_requirements(struct text *path)
{
    return data_file_find(path, "requirements", "specs/requirements");
}

bool data_file_suites(struct text *path)
{
    return data_file_find(path, "suites", "specs/suites");
}

bool data_file_specification(struct text *path)
{
    return data_file_find(path, "tcp-handshake.spec", "specs/tcp-handshake.spec");
}

bool data_file_stack(struct text *path, const char *stack)
{
    static const char *const places[] = {SHAKEDOWN_STACKS_FROM_PROGRAM, "stacks"};
    char folder[PATH_LENGTH_MOST];
    if (!program_folder(folder, sizeof(folder)))
        return false;
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        text_clear(path);
        text_append_format(path, "%s/%s/%s.so", folder, places[i], stack);
        if (access(text_string(path), R_OK) == 0)
            return true;
    }
    return false;
}
