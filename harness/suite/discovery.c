/* SPDX-License-Identifier: MIT */
#include "suite/discovery.h"

#include "base/text.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { FOLDER_DEPTH_MOST = 64 };

/* Offset of the last component of PATH; behind it if that is "." or "..", which names nothing. */
static size_t last_component(const char *path)
{
    size_t end = strlen(path);
    while (end > 0 && path[end - 1] == '/')
        end--;
    size_t start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    bool nothing = strncmp(path + start, ".", end - start) == 0 || strncmp(path + start, "..", end - start) == 0;
    return nothing ? strlen(path) : start;
}

/* Adds the script PATH, whose name starts at NAME. */
static bool discovery_add(struct discovery *discovery, const char *path, size_t name, struct error *error)
{
    void *scripts = discovery->scripts;
    const char *copy = arena_copy(&discovery->arena, path, strlen(path));
    if (copy == NULL || !arena_array_room(&discovery->arena, &scripts, sizeof(*discovery->scripts), discovery->count,
                                          &discovery->capacity))
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the list of scripts");
    discovery->scripts = scripts;
    discovery->scripts[discovery->count++] = (struct discovered_script){.path = copy, .name = copy + name};
    return true;
}

static bool is_script_name(const char *name)
{
    size_t length = strlen(name);
    return length > 4 && strcmp(name + length - 4, ".pkt") == 0;
}

static bool discovery_walk(struct discovery *discovery, const char *path, int depth, struct error *error);

/* Takes the entry NAME of the folder PATH: a script, a folder, or neither. */
static bool discovery_entry(struct discovery *discovery, const char *path, const char *name, int depth,
                            struct error *error)
{
    char whole[4096];
    struct stat status;
    size_t length = strlen(path);
    const char *slash = length > 0 && path[length - 1] == '/' ? "" : "/";
    if ((size_t)snprintf(whole, sizeof(whole), "%s%s%s", path, slash, name) >= sizeof(whole))
        return error_set(error, ERROR_TOO_LARGE, "a path in %s is too long", path);
    if (lstat(whole, &status) != 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "can't look at %s", whole);
    if (S_ISDIR(status.st_mode))
        return discovery_walk(discovery, whole, depth + 1, error);
    return !is_script_name(name) || discovery_add(discovery, whole, strlen(whole) - strlen(name), error);
}

static bool discovery_walk(struct discovery *discovery, const char *path, int depth, struct error *error)
{
    if (depth > FOLDER_DEPTH_MOST)
        return error_set(error, ERROR_TOO_LARGE, "the folders in %s are nested too deeply", path);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "can't read the folder %s", path);
    bool sound = true;
    const struct dirent *entry;
    while (sound && (entry = readdir(folder)) != NULL)
        sound = entry->d_name[0] == '.' || discovery_entry(discovery, path, entry->d_name, depth, error);
    (void)closedir(folder);
    return sound;
}

static int compare_paths(const void *left, const void *right)
{
    return strcmp(((const struct discovered_script *)left)->path, ((const struct discovered_script *)right)->path);
}

/* Adds the folder PATH in the place of the scripts that it should have had. */
static bool discovery_add_empty(struct discovery *discovery, const char *path, struct error *error)
{
    struct text fault = text_growing();
    text_append_format(&fault, "there are no scripts (*.pkt) in the folder %s", path);
    const char *kept = fault.truncated ? NULL : arena_copy(&discovery->arena, text_string(&fault), fault.length);
    text_free(&fault);
    if (kept == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the list of scripts");
    if (!discovery_add(discovery, path, last_component(path), error))
        return false;
    discovery->scripts[discovery->count - 1].fault = kept;
    return true;
}

static bool discovery_folder(struct discovery *discovery, const char *path, struct error *error)
{
    size_t before = discovery->count;
    if (!discovery_walk(discovery, path, 0, error))
        return false;
    if (discovery->count == before)
        return discovery_add_empty(discovery, path, error);
    for (size_t i = before; i < discovery->count; i++) {
        struct discovered_script *script = &discovery->scripts[i];
        script->from_folder = true;
        script->name = script->path + last_component(path);
        script->name += strspn(script->name, "/");
    }
    qsort(discovery->scripts + before, discovery->count - before, sizeof(*discovery->scripts), compare_paths);
    return true;
}

static bool discovery_path(struct discovery *discovery, const char *path, struct error *error)
{
    struct stat status;
    if (lstat(path, &status) != 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return error_set(error, ERROR_NOT_FOUND, "there is no file or folder %s", path);
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "can't look at %s", path);
    }
    if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return discovery_folder(discovery, path, error);
    /* What can't be read, or is a link to nothing, costs that script only. */
    return discovery_add(discovery, path, last_component(path), error);
}

static int compare_names(const void *left, const void *right)
{
    return strcmp(((const struct discovered_script *)left)->name, ((const struct discovered_script *)right)->name);
}

typedef int compare_scripts(const void *left, const void *right);

/* What CONTEXT, a pointer to a compare_scripts, finds equal stays in its order. */
static int compare_placed(const void *left, const void *right, void *context)
{
    const struct discovered_script *one = *(struct discovered_script *const *)left;
    const struct discovered_script *other = *(struct discovered_script *const *)right;
    int order = (*(compare_scripts *const *)context)(one, other);
    return order != 0 ? order : (one > other) - (one < other);
}

/* The scripts in the order of COMPARE; NULL if memory ran out. */
static struct discovered_script **sort_scripts(struct discovery *discovery, compare_scripts *compare)
{
    struct discovered_script **sorted =
        arena_take(&discovery->arena, (discovery->count + 1) * sizeof(struct discovered_script *));
    for (size_t i = 0; sorted != NULL && i < discovery->count; i++)
        sorted[i] = &discovery->scripts[i];
    if (sorted != NULL)
        qsort_r(sorted, discovery->count, sizeof(struct discovered_script *), compare_placed, &compare);
    return sorted;
}

/* Keeps the first of scripts with the same path. */
static bool discovery_unite(struct discovery *discovery)
{
    struct discovered_script **sorted = sort_scripts(discovery, compare_paths);
    if (sorted == NULL)
        return false;
    for (size_t i = 1, first = 0; i < discovery->count; i++) {
        if (compare_paths(sorted[first], sorted[i]) != 0) {
            first = i;
            continue;
        }
        sorted[first]->from_folder |= sorted[i]->from_folder;
        sorted[i]->path = NULL;
    }
    size_t kept = 0;
    for (size_t i = 0; i < discovery->count; i++)
        if (discovery->scripts[i].path != NULL)
            discovery->scripts[kept++] = discovery->scripts[i];
    discovery->count = kept;
    return true;
}

static bool discovery_count_namesakes(struct discovery *discovery)
{
    struct discovered_script **sorted = sort_scripts(discovery, compare_names);
    if (sorted == NULL)
        return false;
    for (size_t i = 1; i < discovery->count; i++)
        if (compare_names(sorted[i - 1], sorted[i]) == 0)
            sorted[i]->namesakes = sorted[i - 1]->namesakes + 1;
    return true;
}

/* False with what is wrong with the first if there is not one script besides. */
static bool discovery_any_sound(const struct discovery *discovery, struct error *error)
{
    for (size_t i = 0; i < discovery->count; i++)
        if (discovery->scripts[i].fault == NULL)
            return true;
    return discovery->count == 0 || error_set(error, ERROR_NOT_FOUND, "%s", discovery->scripts[0].fault);
}

bool discovery_find(struct discovery *discovery, const char *const *paths, size_t count, struct error *error)
{
    *discovery = (struct discovery){0};
    for (size_t i = 0; i < count; i++)
        if (!discovery_path(discovery, paths[i], error))
            return false;
    if (!discovery_any_sound(discovery, error))
        return false;
    return (discovery_unite(discovery) && discovery_count_namesakes(discovery)) ||
           error_set(error, ERROR_OUT_OF_MEMORY, "no memory for the list of scripts");
}

void discovery_free(struct discovery *discovery)
{
    arena_free(&discovery->arena);
    *discovery = (struct discovery){0};
}
