/* SPDX-License-Identifier: MIT */
/*
 * How long a fuzz target takes for an input: it is called in a loop over 100,000 inputs, which are made of the files of
 * its corpus by a few changed bytes each, always the same ones.
 */
#include "base/clock.h"
#include "base/compiler.h"

#include <dirent.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    INPUTS = 100000,
    RUNS = 5,
    SEEDS_MOST = 4096,
    SEED_SIZE_MOST = 65536,
    CHANGES_MOST = 4,
};

struct input {
    uint8_t *data; /* of exactly this size, so that an over-read shows */
    size_t size;
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The next of a fixed sequence of pseudo-random numbers (xorshift). */
static uint32_t next_number(void)
{
    static uint64_t state = UINT64_C(0x9e3779b97f4a7c15);
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 32);
}

static struct input input_of(const void *data, size_t size)
{
    struct input input = {.data = malloc(size > 0 ? size : 1), .size = size};
    INVARIANT(input.data != NULL);
    memcpy(input.data, data, size);
    return input;
}

static struct input read_seed(const char *folder, const char *name)
{
    static uint8_t buffer[SEED_SIZE_MOST];
    char path[PATH_MAX];
    INVARIANT(snprintf(path, sizeof(path), "%s/%s", folder, name) < (int)sizeof(path));
    FILE *file = fopen(path, "rb");
    INVARIANT(file != NULL);
    size_t size = fread(buffer, 1, sizeof(buffer), file);
    (void)fclose(file);
    return input_of(buffer, size);
}

static int is_seed(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

/* The files of FOLDER in the order of their names. */
static size_t read_seeds(const char *folder, struct input *seeds)
{
    struct dirent **entries;
    int found = scandir(folder, &entries, is_seed, alphasort);
    INVARIANT(found > 0 && found <= SEEDS_MOST);
    for (int i = 0; i < found; i++) {
        seeds[i] = read_seed(folder, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return (size_t)found;
}

/* Every seed as it is, then all of them changed in turn. */
static void make_inputs(const struct input *seeds, size_t seed_count, struct input *inputs)
{
    for (size_t i = 0; i < INPUTS; i++) {
        const struct input *seed = &seeds[i % seed_count];
        inputs[i] = input_of(seed->data, seed->size);
        if (i < seed_count || seed->size == 0)
            continue;
        uint32_t changes = 1 + next_number() % CHANGES_MOST;
        for (uint32_t change = 0; change < changes; change++)
            inputs[i].data[next_number() % seed->size] = (uint8_t)next_number();
    }
}

static double time_of_loop(const struct input *inputs)
{
    nanoseconds start = clock_now();
    for (size_t i = 0; i < INPUTS; i++)
        (void)LLVMFuzzerTestOneInput(inputs[i].data, inputs[i].size);
    return (double)(clock_now() - start) / INPUTS;
}

static int compare_times(const void *left, const void *right)
{
    double one = *(const double *)left, other = *(const double *)right;
    return (one > other) - (one < other);
}

int main(void)
{
    static struct input seeds[SEEDS_MOST], inputs[INPUTS];
    double times[RUNS];
    size_t seed_count = read_seeds(FUZZ_CORPUS, seeds);
    make_inputs(seeds, seed_count, inputs);
    for (size_t run = 0; run < RUNS; run++)
        times[run] = time_of_loop(inputs);
    qsort(times, RUNS, sizeof(times[0]), compare_times);
    printf("{\"name\": \"%s\", \"value\": %.1f, \"unit\": \"ns\", \"limit\": %d}\n", FUZZ_NAME, times[RUNS / 2],
           FUZZ_LIMIT);
    for (size_t i = 0; i < seed_count; i++)
        free(seeds[i].data);
    for (size_t i = 0; i < INPUTS; i++)
        free(inputs[i].data);
    return 0;
}
