/* SPDX-License-Identifier: MIT */
#include "suite/in_place.h"

#include "engine/engine.h"
#include "suite/hurry.h"
#include "suite/place.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PERFORMANCES_MOST = 4,
    FIRST_PORT = 49152, /* of the dynamic ones (RFC 6335) */
    PORT_COUNT = 16384,
    DESCRIPTORS_MOST = 1024, /* that a script is thought to open */
};

/* A script that was read, and what it asks for. */
struct prepared {
    struct program program;
    struct engine_options options;
};

/* Reads and checks; what is wrong is in RESULT. */
static bool prepare(const struct in_place_settings *settings, const char *path, struct prepared *prepared,
                    struct suite_result *result)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct error error;
    *result = suite_result_of(VERDICT_ERROR, "");
    if (!program_load(path, &settings->program, &diagnostics, &prepared->program, &error))
        text_append_string(&result->headline, error.text);
    else if (diagnostics.count == 0)
        result->verdict = engine_check(&prepared->program, &diagnostics, &result->headline);
    if (result->verdict != VERDICT_ERROR && !engine_options_read(&prepared->program, &diagnostics, &prepared->options))
        result->verdict = VERDICT_ERROR;
    /* To be understood a script need not be one that can run here. */
    if (result->verdict == VERDICT_NOT_APPLICABLE && prepared->options.dry_run) {
        result->verdict = VERDICT_PASS;
        text_clear(&result->headline);
    }
    diagnostics_print(&result->detail, &prepared->program.source, &diagnostics);
    arena_free(&arena);
    return result->verdict == VERDICT_PASS;
}

/* Another one each time: what is left of an earlier connection must not be taken up. */
static uint16_t any_port(void)
{
    uint16_t number = 0;
    (void)!getrandom(&number, sizeof(number), GRND_NONBLOCK);
    return (uint16_t)(FIRST_PORT + number % PORT_COUNT);
}

/* Closes all from FIRST on; a connection is gone then, and speaks to nobody any more. */
static void close_from(int first)
{
    const struct linger at_once = {.l_onoff = 1};
    for (int descriptor = first; descriptor < first + DESCRIPTORS_MOST; descriptor++)
        (void)setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    (void)close_range((unsigned)first, UINT_MAX, 0);
}

static void perform_on(const struct in_place_settings *settings, const struct prepared *prepared, struct stack *stack,
                       struct in_place_result *result)
{
    const struct engine_settings engine = {.options = prepared->options,
                                           .trace = prepared->options.verbose ? settings->trace : settings->notes,
                                           .title = prepared->program.source.name,
                                           .first_port = any_port()};
    struct engine_result performed;
    struct run *run;
    if (engine_set_up(&prepared->program, stack, &engine, &performed, &run)) {
        hurry_begin();
        engine_perform(run);
        hurry_end();
    }
    result->line = performed.line;
    result->result = (struct suite_result){.there = true,
                                           .verdict = performed.verdict,
                                           .late = performed.late,
                                           .headline = performed.headline,
                                           .detail = performed.detail};
}

/* Opens the stack, performs once, and closes all that came of it. */
static void perform_once(const struct in_place_settings *settings, const struct prepared *prepared,
                         struct in_place_result *result)
{
    struct linux_settings place = {.link = LINUX_LINK_HERE};
    struct stack *stack = NULL;
    struct error error;
    result->line = 0;
    int first = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (first < 0)
        (void)error_set_system(&error, ERROR_SYSTEM_CALL, errno, "no descriptor is free");
    else
        (void)close(first);
    if (first < 0 || !place_describe(&prepared->options, &place, &error) || !linux_stack_open(&place, &stack, &error)) {
        result->result = suite_result_of(VERDICT_ERROR, error.text);
        return;
    }
    perform_on(settings, prepared, stack, result);
    stack_close(stack);
    close_from(first);
}

/* Scripts name files and commands from where they are themselves. */
static bool enter_folder(const char *path, struct error *error)
{
    char folder[PATH_MAX];
    struct text text = text_in(folder, sizeof(folder));
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return true;
    text_append_bytes(&text, path, slash == path ? 1 : (size_t)(slash - path));
    if (text.truncated || chdir(folder) != 0)
        return error_set_system(error, ERROR_NOT_FOUND, text.truncated ? ENAMETOOLONG : errno,
                                "the folder of %s can't be entered", path);
    return true;
}

static void perform(const struct in_place_settings *settings, const struct prepared *prepared, const char *path,
                    struct in_place_result *result)
{
    struct error error;
    int before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (!enter_folder(path, &error)) {
        result->result = suite_result_of(VERDICT_ERROR, error.text);
    } else {
        perform_once(settings, prepared, result);
        for (int i = 1; i < PERFORMANCES_MOST && result->result.verdict == VERDICT_INCONCLUSIVE; i++) {
            suite_result_free(&result->result);
            perform_once(settings, prepared, result);
        }
    }
    if (before >= 0) {
        (void)!fchdir(before);
        (void)close(before);
    }
}

void in_place_perform(const struct in_place_settings *settings, const char *path, struct in_place_result *result)
{
    struct prepared prepared = {.options = {0}};
    *result = (struct in_place_result){.line = 0};
    if (prepare(settings, path, &prepared, &result->result) && !prepared.options.dry_run) {
        suite_result_free(&result->result);
        perform(settings, &prepared, path, result);
    }
    program_free(&prepared.program);
}
