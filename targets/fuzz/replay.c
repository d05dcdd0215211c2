/* SPDX-License-Identifier: MIT */
/* Drives a fuzz target without a fuzzer: hands it every file named, and every file of every folder named, once. */
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* All of FILE, SIZE bytes, to the target, in a buffer of exactly that size so that an over-read shows. */
static bool replay_stream(FILE *file, size_t size)
{
    uint8_t *input = malloc(size > 0 ? size : 1);
    if (input == NULL)
        return false;
    const bool complete = fread(input, 1, size, file) == size;
    if (complete)
        LLVMFuzzerTestOneInput(input, size);
    free(input);
    return complete;
}

static bool replay_file(const char *path, const struct stat *status)
{
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return false;
    const bool done = replay_stream(file, (size_t)status->st_size);
    return fclose(file) == 0 && done;
}

static bool replay_path(const char *path, unsigned *inputs);

static bool replay_folder(const char *path, unsigned *inputs)
{
    DIR *folder = opendir(path);
    if (folder == NULL)
        return false;
    bool done = true;
    for (const struct dirent *entry; done && (entry = readdir(folder)) != NULL;) {
        char inside[PATH_MAX];
        if (entry->d_name[0] == '.')
            continue;
        const int length = snprintf(inside, sizeof(inside), "%s/%s", path, entry->d_name);
        done = length > 0 && (size_t)length < sizeof(inside) && replay_path(inside, inputs);
    }
    closedir(folder);
    return done;
}

static bool replay_path(const char *path, unsigned *inputs)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return false;
    if (S_ISDIR(status.st_mode))
        return replay_folder(path, inputs);
    ++*inputs;
    return replay_file(path, &status);
}

int main(int count, char **paths)
{
    unsigned inputs = 0;
    for (int i = 1; i < count; i++) {
        if (!replay_path(paths[i], &inputs)) {
            fprintf(stderr, "%s: %s\n", paths[i], strerror(errno));
            return EXIT_FAILURE;
        }
    }
    printf("%u inputs\n", inputs);
    return inputs > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
