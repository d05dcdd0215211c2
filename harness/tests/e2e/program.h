/* SPDX-License-Identifier: MIT */
/* Runs the built program in a scratch folder of the test's own and collects what it says. */
#ifndef TESTS_E2E_PROGRAM_H
#define TESTS_E2E_PROGRAM_H

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <grp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { PROGRAM_WORDS_MOST = 24 };

/* Scripts that tests need: one that passes at once, one that lasts, one that fails, and the like. */
#define SCRIPT_QUICK "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 close(3) = 0\n"
#define SCRIPT_SLOW  "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+60 close(3) = 0\n"
#define SCRIPT_PASSIVE_OPEN                         \
    "//: title A passive open\n"                    \
    "//: requirement RFC9293 MUST-77\n"             \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n" \
    "+0 bind(3, ..., ...) = 0\n"                    \
    "+0 listen(3, 1) = 0\n"                         \
    "+0 < S 1000:1000(0) win 32792 <mss 1000>\n"    \
    "+0 > S. 0:0(0) ack 1001 <...>\n"               \
    "+0.01 < . 1:1(0) ack 1 win 257\n"              \
    "+0 accept(3, ..., ...) = 4\n"
#define SCRIPT_FAILING                              \
    "//: title A SYN is answered by a RST\n"        \
    "//: requirement RFC9293 MUST-78\n"             \
    "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n" \
    "+0 bind(3, ..., ...) = 0\n"                    \
    "+0 listen(3, 1) = 0\n"                         \
    "+0 < S 1000:1000(0) win 32792 <mss 1000>\n"    \
    "+0 > R. 0:0(0) ack 1001\n"

struct program {
    char folder[64]; /* scratch; the program's working folder */
    char *output;    /* what it wrote, NUL-ended */
    char *errors;
    int status;            /* its exit status; 128 and the signal's number if it died */
    pid_t pid;             /* while it runs */
    int listening;         /* to its output, where that is a pipe */
    void (*prepare)(void); /* called in the child before the program begins; NULL for nothing */
};

static inline int program_setup(void **state)
{
    struct program *program = calloc(1, sizeof(*program));
    if (program == NULL)
        return -1;
    *state = program;
    (void)snprintf(program->folder, sizeof(program->folder), "/tmp/shakedown_e2e.XXXXXX");
    /* What the program leaves behind becomes a child of the test's, and is found out. */
    if (mkdtemp(program->folder) == NULL || chmod(program->folder, 0755) != 0)
        return -1;
    return prctl(PR_SET_CHILD_SUBREAPER, 1UL, 0UL, 0UL, 0UL);
}

static inline int program_remove(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static inline void program_forget(struct program *program)
{
    free(program->output);
    free(program->errors);
    program->output = NULL;
    program->errors = NULL;
}

static inline int program_teardown(void **state)
{
    struct program *program = *state;
    if (program->pid > 0) {
        (void)kill(program->pid, SIGKILL);
        (void)waitpid(program->pid, NULL, 0);
    }
    program_forget(program);
    (void)nftw(program->folder, program_remove, 8, FTW_DEPTH | FTW_PHYS);
    free(program);
    return 0;
}

static inline const char *program_path(const struct program *program, const char *name)
{
    static char path[256];
    (void)snprintf(path, sizeof(path), "%s/%s", program->folder, name);
    return path;
}

/* Writes TEXT to the file NAME of the scratch folder; of a name with one slash the folder is made, too. */
static inline void program_write(const struct program *program, const char *name, const char *text)
{
    const char *slash = strchr(name, '/');
    if (slash != NULL) {
        char folder[64];
        (void)snprintf(folder, sizeof(folder), "%.*s", (int)(slash - name), name);
        (void)mkdir(program_path(program, folder), 0755);
    }
    FILE *file = fopen(program_path(program, name), "w");
    assert_non_null(file);
    assert_int_not_equal(fputs(text, file), EOF);
    assert_int_equal(fclose(file), 0);
}

static inline char *program_read(const struct program *program, const char *name)
{
    FILE *file = fopen(program_path(program, name), "r");
    struct text text = text_growing();
    char piece[4096];
    size_t length;
    assert_non_null(file);
    assert_true(text_reserve(&text, 1));
    text.data[0] = '\0';
    while ((length = fread(piece, 1, sizeof(piece), file)) > 0)
        text_append_bytes(&text, piece, length);
    (void)fclose(file);
    assert_non_null(text.data);
    return text.data;
}

static inline _Noreturn void program_child(const struct program *program, const char *output, char **words)
{
    int input = open("/dev/null", O_RDONLY);
    if (chdir(program->folder) != 0)
        _exit(126);
    int written = open(output, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0666);
    int errors = open("errors.txt", O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0666);
    if (input < 0 || written < 0 || errors < 0 || dup2(input, 0) < 0 || dup2(written, 1) < 0 || dup2(errors, 2) < 0)
        _exit(126);
    if (program->prepare != NULL)
        program->prepare();
    (void)execv(SHAKEDOWN_PROGRAM, words);
    _exit(126);
}

/* Starts the program with the words of LINE, which are separated by single blanks; `'` keeps blanks together. */
static inline void program_start_to(struct program *program, const char *output, const char *line)
{
    static char copy[1024];
    char *words[PROGRAM_WORDS_MOST + 1] = {(char *)"shakedown"};
    size_t count = 1;
    (void)snprintf(copy, sizeof(copy), "%s", line);
    for (char *at = copy; *at != '\0' && count < PROGRAM_WORDS_MOST;) {
        bool quoted = *at == '\'';
        words[count++] = at += quoted;
        at += strcspn(at, quoted ? "'" : " ");
        bool more = *at != '\0';
        *at = '\0';
        at += more;
        at += quoted && *at == ' ';
    }
    program->pid = fork();
    assert_true(program->pid >= 0);
    if (program->pid == 0)
        program_child(program, output, words);
}

static inline void program_start(struct program *program, const char *line)
{
    program_start_to(program, "output.txt", line);
}

/* In a process that was forked from one with threads, LeakSanitizer misses those, and says so. */
static inline void pass_over_leak_sanitizer(char *errors)
{
    static const char mark[] = " was not suspended. False leaks are possible.\n";
    for (char *at; (at = strstr(errors, mark)) != NULL;) {
        char *line = at;
        while (line > errors && line[-1] != '\n')
            line--;
        memmove(line, at + strlen(mark), strlen(at + strlen(mark)) + 1);
    }
}

/* Waits for the program's end and reads what it said. */
static inline void program_await(struct program *program)
{
    int status = 0;
    assert_int_equal(waitpid(program->pid, &status, 0), program->pid);
    program->pid = 0;
    program->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    program_forget(program);
    program->output = program_read(program, "output.txt");
    program->errors = program_read(program, "errors.txt");
    pass_over_leak_sanitizer(program->errors);
}

static inline int program_run(struct program *program, const char *line)
{
    program_start(program, line);
    program_await(program);
    return program->status;
}

/* A `prepare` that leaves root. */
static inline void program_become_nobody(void)
{
    if (geteuid() == 0 && (setgroups(0, NULL) != 0 || setgid(65534) != 0 || setuid(65534) != 0))
        _exit(125);
}

static inline void program_waited_enough(int number)
{
    (void)number;
}

/* Everything that the program started has ended, or does in a moment, and nothing else was left to this process. */
static inline void program_left_nothing(void)
{
    const struct sigaction action = {.sa_handler = program_waited_enough};
    assert_int_equal(sigaction(SIGALRM, &action, NULL), 0);
    (void)alarm(20);
    while (waitpid(-1, NULL, 0) > 0)
        continue;
    int reason = errno;
    (void)alarm(0);
    if (reason == EINTR)
        fail_msg("a process that the program started is still there");
    assert_int_equal(reason, ECHILD);
}

static inline void assert_says(const char *said, const char *wanted)
{
    if (strstr(said, wanted) == NULL)
        fail_msg("expected `%s` in:\n%s", wanted, said);
}

static inline void assert_says_not(const char *said, const char *unwanted)
{
    if (strstr(said, unwanted) != NULL)
        fail_msg("did not expect `%s` in:\n%s", unwanted, said);
}

static inline size_t count_of(const char *said, const char *wanted)
{
    size_t count = 0;
    for (const char *at = said; (at = strstr(at, wanted)) != NULL; at++)
        count++;
    return count;
}

#endif
