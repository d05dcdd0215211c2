/* SPDX-License-Identifier: MIT */
#include "cli/spec_part.h"

#include <errno.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

bool spec_part_take_specification(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct spec_part *)context)->specification = value;
    return true;
}

bool spec_part_take_picture(void *context, const char *value, struct error *error)
{
    (void)error;
    ((struct spec_part *)context)->picture = value;
    return true;
}

bool spec_format_take(const char *value, bool *json, struct error *error)
{
    *json = strcmp(value, "json") == 0;
    return *json || strcmp(value, "text") == 0 ||
           error_set(error, ERROR_USAGE, "what is found out is told as text or json, not as %s", value);
}

bool spec_part_take_format(void *context, const char *value, struct error *error)
{
    return spec_format_take(value, &((struct spec_part *)context)->json, error);
}

bool spec_part_take_help(void *context, const char *value, struct error *error)
{
    (void)value;
    (void)error;
    ((struct spec_part *)context)->help = true;
    return true;
}

bool spec_part_begin(const struct command *command, struct option_words *words, struct spec_part *part, int *status)
{
    struct error error;
    *part = (struct spec_part){.help = false};
    if (!options_parse(command->options, words, part, &error)) {
        *status = command_misused(command, &error);
        return false;
    }
    if (!part->help)
        return true;
    command_write_help(command);
    *status = EXIT_STATUS_PASS;
    return false;
}

int spec_part_misused(const struct command *command, const char *what)
{
    struct error error;
    (void)error_set(&error, ERROR_USAGE, "%s", what);
    return command_misused(command, &error);
}

/* Writes all of GRAPH; what can't be written dot will miss, and says so. */
static void feed(int descriptor, const struct text *graph)
{
    size_t done = 0;
    while (done < graph->length) {
        ssize_t written = write(descriptor, graph->data + done, graph->length - done);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        done += (size_t)written;
    }
}

/* Starts dot with its standard input at the reading end of PIPES; 0 or an errno. */
static int start_drawing(const int pipes[2], const char *path, pid_t *child)
{
    char *const words[] = {"dot", "-Tsvg", "-o", (char *)path, NULL};
    posix_spawn_file_actions_t actions;
    int failure = posix_spawn_file_actions_init(&actions);
    if (failure != 0)
        return failure;
    failure = posix_spawn_file_actions_adddup2(&actions, pipes[0], STDIN_FILENO);
    if (failure == 0)
        failure = posix_spawn_file_actions_addclose(&actions, pipes[1]);
    if (failure == 0)
        failure = posix_spawnp(child, words[0], &actions, NULL, words, environ);
    (void)posix_spawn_file_actions_destroy(&actions);
    return failure;
}

bool spec_part_draw(const struct text *graph, const char *path, struct error *error)
{
    int pipes[2];
    pid_t child = 0;
    int status = 0;
    if (pipe(pipes) != 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "no pipe to graphviz's dot");
    int failure = start_drawing(pipes, path, &child);
    (void)close(pipes[0]);
    if (failure == 0) {
        void (*before)(int) = signal(SIGPIPE, SIG_IGN);
        feed(pipes[1], graph);
        (void)signal(SIGPIPE, before);
    }
    (void)close(pipes[1]);
    if (failure != 0)
        return error_set_system(error, ERROR_SYSTEM_CALL, failure,
                                "graphviz's dot, which draws the picture, can't be started");
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        continue;
    return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
           error_set(error, ERROR_SYSTEM_CALL, "graphviz's dot did not draw %s", path);
}
