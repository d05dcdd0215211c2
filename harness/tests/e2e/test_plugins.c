/* SPDX-License-Identifier: MIT */
/* Plug-ins that are broken in every way: whatever they do, it costs one script, is told, and leaves nothing behind. */
#include "program.h"

#define PLUGIN(name) "--stack plugin:" SHAKEDOWN_BINARY_DIR "/plugins/" name ".so"

/* A packet comes in one script and none in the other. */
static void write_scripts(const struct program *program)
{
    program_write(program, "a.pkt",
                  "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                  "+0 < S 0:0(0) win 32792 <mss 1000>\n"
                  "+0.1 close(3) = 0\n");
    program_write(program, "b.pkt", SCRIPT_QUICK);
}

/* What the misbehaving plug-in is told to do, and what is said of it. */
struct deed {
    const char *name;
    const char *said;
};

static void assert_costs_one_script(struct program *program, const struct deed *deed)
{
    char line[512];
    (void)snprintf(line, sizeof(line), "run --ip 4 " PLUGIN("misbehaves") ":%s a.pkt b.pkt", deed->name);
    program_run(program, line);
    assert_says(program->output, deed->said);
    assert_says(program->output, "1 passed, 1 failed, 0 inconclusive, 0 errors");
    assert_int_equal(program->status, 1);
    program_left_nothing();
}

static void test_what_a_stack_does_to_its_process_fails_one_script(void **state)
{
    static const struct deed deeds[] = {
        {"crash", "the stack crashed in packet: Segmentation fault at address 0x40 in deed_crash+0x"},
        {"abort", "the stack crashed in packet: Aborted in "},
        {"abort", ", called from deed_abort+0x"},
        {"exit", "the stack ended the process by exit(3) in packet, called from deed_exit+0x"},
        {"quit", "the stack ended the process in packet with status 7"},
        {"fork", "the stack called fork() in packet, called from deed_fork+0x"},
        {"spawn", "the stack left a process behind that it started"},
        {"crash-unseen", "the stack crashed in packet: Segmentation fault\n"},
        {"thread", "the stack called its host's `send` from a thread of its own in packet"},
        {"close", "the result can't be told: the stack closed the harness's descriptor for it"},
    };
    struct program *program = *state;
    write_scripts(program);
    for (size_t i = 0; i < COUNT_OF(deeds); i++)
        assert_costs_one_script(program, &deeds[i]);
}

static void test_a_broken_rule_of_the_interface_fails_the_script(void **state)
{
    static const struct deed deeds[] = {
        {"big", "the stack breaks a rule of the plug-in ABI: it sends a packet of 3000 bytes, and the MTU is 1500"},
        {"empty", "it sends a packet of 0 bytes"},
        {"release", "it releases memory that it has not got from `allocate`, or has released before"},
        {"release-twice", "it releases memory that it has not got from `allocate`, or has released before"},
        {"past", "at 0.100000 s the stack's `advance` says that something is due at 0.100000 s, which is past"},
    };
    struct program *program = *state;
    write_scripts(program);
    for (size_t i = 0; i < COUNT_OF(deeds); i++)
        assert_costs_one_script(program, &deeds[i]);
    program_write(program, "c.pkt", "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 read(3, ..., 10) = 10\n");
    program_run(program, "run --ip 4 " PLUGIN("misbehaves") " c.pkt");
    assert_int_equal(program->status, 1);
    assert_says(program->output, "`receive` gave 1000010 bytes where 10 were asked for");
}

static void test_what_does_no_harm_fails_nothing(void **state)
{
    static const char *const names[] = {"block", "descriptors", "nothing"};
    struct program *program = *state;
    char line[512];
    write_scripts(program);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        (void)snprintf(line, sizeof(line), "run --ip 4 " PLUGIN("misbehaves") ":%s a.pkt b.pkt", names[i]);
        program_run(program, line);
        assert_int_equal(program->status, 0);
        assert_says(program->output, "2 passed");
    }
    program_run(program, "run --ip 4 " PLUGIN("copied") " a.pkt b.pkt");
    assert_int_equal(program->status, 0);
}

static void test_create_and_destroy_are_named(void **state)
{
    static const struct deed deeds[] = {
        {"create:crash", "the stack crashed in create: Segmentation fault at address 0x40 in deed_crash+0x"},
        {"create:loop", "the stack did not come back within 5 s of computing in create, in deed_loop+0x"},
        {"create:exit", "the stack ended the process by exit(3) in create"},
        {"destroy", "the stack crashed in destroy: Segmentation fault at address 0x40"},
        {"socket", "the stack crashed in a call of socket(): Segmentation fault at address 0x40"},
    };
    struct program *program = *state;
    char line[512];
    write_scripts(program);
    for (size_t i = 0; i < COUNT_OF(deeds); i++) {
        (void)snprintf(line, sizeof(line), "run --ip 4 " PLUGIN("misbehaves") ":%s b.pkt", deeds[i].name);
        program_run(program, line);
        assert_int_equal(program->status, 1);
        assert_says(program->output, deeds[i].said);
        assert_says(program->output, "0 passed, 1 failed");
    }
}

static void test_a_stack_that_waits_or_blocks_signals_is_ended(void **state)
{
    static const struct deed deeds[] = {
        {"wait", "the stack did not come back within 5 s of waiting in packet, in "},
        {"loop-unseen", "the stack did not come back within 5 s of computing in packet, and let no signal through"},
    };
    struct program *program = *state;
    write_scripts(program);
    for (size_t i = 0; i < COUNT_OF(deeds); i++)
        assert_costs_one_script(program, &deeds[i]);
}

static void test_memory_without_end_is_refused(void **state)
{
    struct program *program = *state;
    write_scripts(program);
    /* A sanitizer has words of its own for it. */
    assert_costs_one_script(program, &(struct deed){"eat", " in packet"});
}

/* A million lines, of which few are kept; what is kept does nothing to a terminal. */
static void test_what_a_stack_writes_is_told_with_the_verdict(void **state)
{
    struct program *program = *state;
    write_scripts(program);
    program_run(program, "run --ip 4 " PLUGIN("misbehaves") ":chatter a.pkt b.pkt");
    assert_int_equal(program->status, 1);
    assert_says(program->output, "the stack wrote to standard output:\n        so many words about a packet\n");
    assert_says(program->output, "bytes more\n");
    assert_says(program->output, "the stack wrote to standard error:\n        ?[31ma word of warning\n");
    assert_true(strlen(program->output) < (size_t)32 * 1024);
    assert_string_equal(program->errors, "");
}

/* Each command has the plug-in in a process of its own, and says the same. */
static void test_every_command_outlives_the_stack(void **state)
{
    static const char *const commands[] = {"handshake", "isn -n 16", "run --ip 4 a.pkt",
                                           "conform --no-generated --ip 4 a.pkt"};
    static const struct deed deeds[] = {
        {"create:crash", "the stack crashed in create: Segmentation fault at address 0x40 in deed_crash+0x"},
        {"create:exit", "the stack ended the process by exit(3) in create, called from deed_exit+0x"},
        {"socket", "the stack crashed in a call of socket(): Segmentation fault at address 0x40 in deed_crash+0x"},
    };
    struct program *program = *state;
    char line[512];
    write_scripts(program);
    for (size_t i = 0; i < COUNT_OF(commands); i++) {
        for (size_t deed = 0; deed < COUNT_OF(deeds); deed++) {
            (void)snprintf(line, sizeof(line), "%s " PLUGIN("misbehaves") ":%s", commands[i], deeds[deed].name);
            program_run(program, line);
            assert_int_equal(program->status, 1);
            assert_says(i < 2 ? program->errors : program->output, deeds[deed].said);
        }
    }
}

static void crash_when_loaded(void)
{
    (void)setenv("PLUGIN_DEED", "crash", 1);
}

static void exit_when_loaded(void)
{
    (void)setenv("PLUGIN_DEED", "exit", 1);
}

static void quit_when_loaded(void)
{
    (void)setenv("PLUGIN_DEED", "quit", 1);
}

static void loop_when_loaded(void)
{
    (void)setenv("PLUGIN_DEED", "loop", 1);
}

static void test_a_plugin_that_breaks_its_loading_is_told_of_once(void **state)
{
    static const char *const lines[] = {"run a.pkt b.pkt " PLUGIN("loads_badly"), "handshake " PLUGIN("loads_badly"),
                                        "isn " PLUGIN("loads_badly"),
                                        "stacks plugin:" SHAKEDOWN_BINARY_DIR "/plugins/loads_badly.so",
                                        "conform --no-generated a.pkt " PLUGIN("loads_badly")};
    static const struct {
        void (*prepare)(void);
        const char *said;
    } deeds[] = {
        {crash_when_loaded, "the plug-in can't be loaded: the stack crashed while it was loaded: Segmentation fault"},
        {exit_when_loaded, "the plug-in can't be loaded: the stack ended the process by exit(0) while it was loaded"},
        {quit_when_loaded, "the plug-in can't be loaded: the stack ended the process while it was loaded with status"},
    };
    struct program *program = *state;
    write_scripts(program);
    for (size_t deed = 0; deed < COUNT_OF(deeds); deed++) {
        for (size_t i = 0; i < COUNT_OF(lines); i++) {
            program->prepare = deeds[deed].prepare;
            program_run(program, lines[i]);
            assert_says(program->errors, deeds[deed].said);
            assert_int_equal(count_of(program->errors, "can't be loaded"), 1);
            assert_int_equal(program->status, 2);
        }
    }
    program->prepare = loop_when_loaded;
    program_run(program, lines[0]);
    assert_says(program->errors, "the stack did not come back within 5 s of computing while it was loaded");
    assert_int_equal(program->status, 2);
}

static void test_a_plugin_that_is_cut_short_is_refused(void **state)
{
    struct program *program = *state;
    char piece[9000];
    write_scripts(program);
    FILE *whole = fopen(SHAKEDOWN_BINARY_DIR "/plugins/misbehaves.so", "r");
    FILE *cut = fopen(program_path(program, "cut.so"), "w");
    assert_non_null(whole);
    assert_non_null(cut);
    assert_int_equal(fread(piece, 1, sizeof(piece), whole), sizeof(piece));
    assert_int_equal(fwrite(piece, 1, sizeof(piece), cut), sizeof(piece));
    assert_int_equal(fclose(cut), 0);
    (void)fclose(whole);
    program_run(program, "run --stack plugin:./cut.so a.pkt b.pkt");
    assert_int_equal(program->status, 2);
    assert_says(program->errors, "can't be loaded");
    assert_string_equal(program->output, "");
}

/* Which function the adapter would need is said, not that the stack can't. */
static void test_a_missing_function_is_named(void **state)
{
    struct program *program = *state;
    program_write(program, "option.pkt",
                  "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                  "+0 setsockopt(3, SOL_SOCKET, SO_REUSEADDR, [1], 4) = 0\n");
    program_write(program, "bind.pkt", "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n");
    program_run(program, "run --ip 4 " PLUGIN("misbehaves") " option.pkt bind.pkt");
    assert_int_equal(program->status, 0);
    assert_says(program->output, "the stack has no function `set_option` in its adapter");
    assert_says(program->output, "the stack has no function `bind` in its adapter");
    program_write(program, "cork.pkt",
                  "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                  "+0 setsockopt(3, SOL_TCP, TCP_CORK, [1], 4) = 0\n");
    program_run(program, "run --ip 4 --stack sample cork.pkt");
    assert_says(program->output, "the stack has no TCP_CORK");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_what_a_stack_does_to_its_process_fails_one_script),
        TEST(test_a_broken_rule_of_the_interface_fails_the_script),
        TEST(test_what_does_no_harm_fails_nothing),
        TEST(test_create_and_destroy_are_named),
        TEST(test_a_stack_that_waits_or_blocks_signals_is_ended),
        TEST(test_memory_without_end_is_refused),
        TEST(test_what_a_stack_writes_is_told_with_the_verdict),
        TEST(test_every_command_outlives_the_stack),
        TEST(test_a_plugin_that_breaks_its_loading_is_told_of_once),
        TEST(test_a_plugin_that_is_cut_short_is_refused),
        TEST(test_a_missing_function_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
