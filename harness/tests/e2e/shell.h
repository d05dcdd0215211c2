/* SPDX-License-Identifier: MIT */
/* Runs shell commands in a test's scratch folder, with the program's own folder first in PATH. */
#ifndef TESTS_E2E_SHELL_H
#define TESTS_E2E_SHELL_H

#include "program.h"

/* A command in a network namespace of its own, as root of it. */
static inline const char *shell_in_namespace(void)
{
    return geteuid() == 0 ? "unshare -n" : "unshare -Urn";
}

static inline _Noreturn void shell_child(const struct program *program, const char *command)
{
    char path[1024];
    const char *before = getenv("PATH");
    const char *slash = strrchr(SHAKEDOWN_PROGRAM, '/');
    (void)snprintf(path, sizeof(path), "%.*s:%s", (int)(slash - SHAKEDOWN_PROGRAM), SHAKEDOWN_PROGRAM,
                   before == NULL ? "/usr/bin:/bin" : before);
    int written = chdir(program->folder) == 0 ? open("output.txt", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0666) : -1;
    int errors = open("errors.txt", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0666);
    if (written < 0 || errors < 0 || dup2(written, 1) < 0 || dup2(errors, 2) < 0 || setenv("PATH", path, 1) != 0 ||
        setenv("NS", shell_in_namespace(), 1) != 0)
        _exit(126);
    (void)execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    _exit(126);
}

/* Starts COMMAND, in which $NS before another command gives that a namespace. */
static inline void shell_start(struct program *program, const char *command)
{
    program->pid = fork();
    assert_true(program->pid >= 0);
    if (program->pid == 0)
        shell_child(program, command);
}

/* Runs it to its end; its exit status. */
static inline int shell_run(struct program *program, const char *command)
{
    shell_start(program, command);
    program_await(program);
    return program->status;
}

#endif
