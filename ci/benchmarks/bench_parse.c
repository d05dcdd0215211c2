/* SPDX-License-Identifier: MIT */
/* How many scripts one process reads and parses in a second: those of the suites, counted as scripts of 60 lines. */
#include "script/program.h"
#include "suite/discovery.h"

#include <stdio.h>
#include <stdlib.h>

enum {
    SCRIPT_LINES = 60,
    SCRIPTS_FLOOR = 5000, /* a second */
};

static const nanoseconds measured_span = NANOSECONDS_PER_SECOND;

/* Parses the script at PATH and gives its number of lines; ends the program if it can't be parsed. */
static size_t parse_one(const char *path)
{
    const struct program_settings settings = {0};
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct program program;
    struct error error;
    if (!program_load(path, &settings, &diagnostics, &program, &error) || diagnostics.count > 0) {
        (void)fprintf(stderr, "bench_parse: %s can't be parsed\n", path);
        exit(EXIT_FAILURE);
    }
    size_t lines = 0;
    for (size_t i = 0; i < program.source.length; i++)
        lines += program.source.text[i] == '\n';
    program_free(&program);
    arena_free(&arena);
    return lines;
}

int main(void)
{
    static const char *const folder[] = {SHAKEDOWN_SOURCE_DIR "/specs/suites"};
    struct discovery discovery;
    struct error error;
    if (!discovery_find(&discovery, folder, 1, &error)) {
        (void)fprintf(stderr, "bench_parse: %s\n", error.text);
        return EXIT_FAILURE;
    }
    size_t lines = 0;
    nanoseconds start = clock_now();
    while (clock_now() - start < measured_span)
        for (size_t i = 0; i < discovery.count; i++)
            lines += parse_one(discovery.scripts[i].path);
    double seconds = (double)(clock_now() - start) / (double)NANOSECONDS_PER_SECOND;
    discovery_free(&discovery);
    printf("{\"name\": \"parse_scripts\", \"value\": %.0f, \"unit\": \"scripts/s\", \"floor\": %d}\n",
           (double)lines / SCRIPT_LINES / seconds, SCRIPTS_FLOOR);
    return EXIT_SUCCESS;
}
