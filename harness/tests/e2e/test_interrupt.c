/* SPDX-License-Identifier: MIT */
/*
 * However a run ends, nothing is left of it: no process, and with the processes no namespace and no device. This
 * process is made the reaper of what the program leaves, so that its own waitpid() knows.
 */
#include "program.h"

/* Starts a run of a script that ends at once and of several that last, and returns when the first has ended. */
static void start_in_the_middle(struct program *program)
{
    program_write(program, "s/quick.pkt", SCRIPT_QUICK);
    program_write(program, "s/slow1.pkt", SCRIPT_SLOW);
    program_write(program, "s/slow2.pkt", SCRIPT_SLOW);
    assert_int_equal(mkfifo(program_path(program, "output.txt"), 0600), 0);
    program_start(program, "run s --link raw");
    /* Either end waits for the other to be opened. */
    int output = open(program_path(program, "output.txt"), O_RDONLY);
    assert_true(output >= 0);
    char line[256] = "";
    size_t length = 0;
    while (length < sizeof(line) - 1 && strchr(line, '\n') == NULL) {
        ssize_t got = read(output, line + length, sizeof(line) - 1 - length);
        if (got <= 0)
            fail_msg("the program ended before it began");
        length += (size_t)got;
        line[length] = '\0';
    }
    assert_says(line, "quick.pkt");
    assert_int_equal(fcntl(output, F_SETFL, O_NONBLOCK), 0);
    program->listening = output;
}

/* Waits for the end of the run; what it said meanwhile is in `output`. */
static void await_end(struct program *program)
{
    int status = 0;
    char said[8192];
    assert_int_equal(waitpid(program->pid, &status, 0), program->pid);
    program->pid = 0;
    program->status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    ssize_t got = read(program->listening, said, sizeof(said) - 1);
    said[got > 0 ? got : 0] = '\0';
    (void)close(program->listening);
    free(program->output);
    program->output = strdup(said);
}

static void test_a_signal_ends_the_run_and_leaves_nothing(void **state)
{
    struct program *program = *state;
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < COUNT_OF(signals); i++) {
        start_in_the_middle(program);
        assert_int_equal(kill(program->pid, signals[i]), 0);
        await_end(program);
        assert_int_equal(program->status, 128 + signals[i]);
        assert_says(program->output, "interrupted: what was done so far\n1 passed, 0 failed");
        assert_says(program->output, "; 2 not performed\n");
        program_left_nothing();
        assert_int_equal(unlink(program_path(program, "output.txt")), 0);
        program_forget(program);
    }
}

static void test_a_parent_that_is_killed_leaves_nothing(void **state)
{
    struct program *program = *state;
    start_in_the_middle(program);
    assert_int_equal(kill(program->pid, SIGKILL), 0);
    await_end(program);
    assert_int_equal(program->status, 128 + SIGKILL);
    program_left_nothing();
}

/* The first child of PID, 0 if it has none. */
static pid_t child_of(pid_t pid)
{
    char path[64];
    (void)snprintf(path, sizeof(path), "/proc/%d/task/%d/children", pid, pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    char line[64] = "";
    char *read = fgets(line, sizeof(line), file);
    (void)fclose(file);
    return read == NULL ? 0 : (pid_t)strtol(line, NULL, 10);
}

static void test_a_worker_that_is_killed_costs_its_script_only(void **state)
{
    struct program *program = *state;
    start_in_the_middle(program);
    pid_t first = child_of(program->pid);
    assert_true(first > 0);
    pid_t second = child_of(first);
    assert_true(second > 0);
    /* One by the process that performs, the other by the first process of its namespace. */
    assert_int_equal(kill(second, SIGKILL), 0);
    while (child_of(program->pid) == first)
        continue;
    assert_int_equal(kill(child_of(program->pid), SIGKILL), 0);
    await_end(program);
    assert_int_equal(program->status, 2);
    assert_int_equal(count_of(program->output, ": the worker died of signal 9 (Killed)\n"), 2);
    assert_says(program->output, "1 passed, 0 failed, 0 inconclusive, 2 errors");
    program_left_nothing();
}

/* Starts a run of TEXT and returns when what it starts has opened the pipe `here`. */
static void start_until_here(struct program *program, const char *text)
{
    program_write(program, "phase.pkt", text);
    assert_int_equal(mkfifo(program_path(program, "here"), 0600), 0);
    program_start(program, "run phase.pkt");
    int here = open(program_path(program, "here"), O_RDONLY);
    assert_true(here >= 0);
    assert_int_equal(close(here), 0);
    assert_int_equal(unlink(program_path(program, "here")), 0);
}

/* Shell: children that lead sessions of their own, one of which its parent has left. */
#define LEAVE_CHILDREN "setsid sleep 1000 & (setsid sh -c 'sleep 1000 & sleep 1000' > /dev/null 2>&1 &) "

static void test_in_every_phase_a_signal_leaves_nothing(void **state)
{
    struct program *program = *state;
    static const char *const phases[] = {
        "`" LEAVE_CHILDREN "; : > here; sleep 1000`\n0 `true`\n",
        "0 `" LEAVE_CHILDREN "; : > here; sleep 1000`\n",
        "0 `" LEAVE_CHILDREN "; : > here`\n+60 `true`\n",
        "0 %{\nopen('here', 'w').close()\nwhile True:\n    pass\n}%\n",
        "0 `true`\n\n`" LEAVE_CHILDREN "; : > here; sleep 1000`\n",
    };
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGKILL};
    for (size_t i = 0; i < COUNT_OF(phases); i++)
        for (size_t j = 0; j < COUNT_OF(signals); j++) {
            start_until_here(program, phases[i]);
            assert_int_equal(kill(program->pid, signals[j]), 0);
            program_await(program);
            assert_int_equal(program->status, 128 + signals[j]);
            program_left_nothing();
        }
}

static void test_children_that_a_script_leaves_end_with_it(void **state)
{
    struct program *program = *state;
    program_write(program, "leaves.pkt", "`" LEAVE_CHILDREN "`\n0 `" LEAVE_CHILDREN "`\n\n`" LEAVE_CHILDREN "`\n");
    assert_int_equal(program_run(program, "run leaves.pkt"), 0);
    program_left_nothing();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_a_signal_ends_the_run_and_leaves_nothing, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_a_parent_that_is_killed_leaves_nothing, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_a_worker_that_is_killed_costs_its_script_only, program_setup,
                                        program_teardown),
        cmocka_unit_test_setup_teardown(test_in_every_phase_a_signal_leaves_nothing, program_setup, program_teardown),
        cmocka_unit_test_setup_teardown(test_children_that_a_script_leaves_end_with_it, program_setup,
                                        program_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
