/* SPDX-License-Identifier: MIT */
/* Whatever is wrong with what the program is given, or with where it runs: one clear message, the right exit status. */
#include "program.h"

#include <sched.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/sendfile.h>

static void test_a_missing_path_is_named(void **state)
{
    struct program *program = *state;
    assert_int_equal(program_run(program, "run nowhere.pkt"), 2);
    assert_string_equal(program->errors, "shakedown: there is no file or folder nowhere.pkt\n");
}

static void test_a_folder_without_scripts_is_one_error(void **state)
{
    struct program *program = *state;
    program_write(program, "empty/readme.txt", "nothing here\n");
    assert_int_equal(program_run(program, "run empty"), 2);
    assert_string_equal(program->errors, "shakedown: there are no scripts (*.pkt) in the folder empty\n");
}

static void test_a_folder_without_scripts_costs_the_others_nothing(void **state)
{
    struct program *program = *state;
    static const char message[] = "there are no scripts (*.pkt) in the folder empty\n";
    program_write(program, "empty/readme.txt", "nothing here\n");
    program_write(program, "right.pkt", SCRIPT_QUICK);
    assert_int_equal(program_run(program, "run empty right.pkt"), 2);
    assert_int_equal(count_of(program->output, message), 1);
    assert_says(program->output, "1 passed, 0 failed, 0 inconclusive, 1 error, 0 not applicable");
    assert_string_equal(program->errors, "");
    assert_int_equal(program_run(program, "run --filter right.pkt right.pkt empty"), 2);
    assert_says(program->output, message);
    assert_int_equal(program_run(program, "fmt --check empty right.pkt"), 2);
    assert_string_equal(program->errors, "shakedown: there are no scripts (*.pkt) in the folder empty\n");
}

static void test_a_script_that_does_not_parse_shows_where(void **state)
{
    struct program *program = *state;
    program_write(program, "wrong.pkt",
                  "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                  "+0 < S 0:0(0 win 1000\n"
                  "+0 close(3 = 0\n");
    program_write(program, "right.pkt", SCRIPT_QUICK);
    assert_int_equal(program_run(program, "run wrong.pkt right.pkt"), 2);
    assert_says(program->output, "the script has 2 errors");
    assert_says(program->output, "wrong.pkt:2:14: error: expected ");
    assert_says(program->output, "    +0 < S 0:0(0 win 1000\n");
    assert_says(program->output, "             ^");
    assert_says(program->output, "wrong.pkt:3:");
    assert_says(program->output, "1 passed, 0 failed, 0 inconclusive, 1 error, 0 not applicable");
    assert_int_equal(program_run(program, "run --dry-run wrong.pkt right.pkt"), 2);
    assert_says(program->output, "2 scripts checked, 1 with errors, 0 not applicable\n");
}

static void test_mistakes_of_every_kind_are_told_in_one_run(void **state)
{
    struct program *program = *state;
    program_write(program, "wrong.pkt",
                  "--mtu=1\n"
                  "0 socket(..., SOCK_STREAN, IPPROTO_TCP) = 3\n"
                  "+0 < S 0:0(0 win 1000\n"
                  "+0 liste(3, 1) = 0\n"
                  "+0 > . 1:1(0) or nothing\n"
                  "+0 close(3) = 0 EFOO\n"
                  "//: titel x\n");
    assert_int_equal(program_run(program, "run --dry-run wrong.pkt"), 2);
    const char *at = program->output;
    static const char *const places[] = {"1:1", "2:15", "3:14", "4:4", "5:1", "6:17", "7:5"};
    for (size_t i = 0; i < COUNT_OF(places); i++) {
        char place[64];
        (void)snprintf(place, sizeof(place), "\nwrong.pkt:%s: error: ", places[i]);
        at = strstr(at, place);
        if (at == NULL)
            fail_msg("nothing is told of %s:\n%s", places[i], program->output);
    }
    assert_int_equal(program_run(program, "run wrong.pkt"), 2);
    assert_says(program->output, "the script has 7 errors");
}

static void test_a_file_that_is_no_text_is_an_error(void **state)
{
    struct program *program = *state;
    program_write(program, "binary.pkt", "\x01\x02\x03");
    assert_int_equal(program_run(program, "run binary.pkt"), 2);
    assert_says(program->output, "`binary.pkt` is not a text");
}

/* Makes what a folder may hold under a script's name. */
static void make_what_is_no_script(const struct program *program)
{
    program_write(program, "odd/right.pkt", SCRIPT_QUICK);
    program_write(program, "odd/empty.pkt", "");
    program_write(program, "odd/binary.pkt", "\x01\x02\x03");
    program_write(program, "odd/large.pkt", "");
    assert_int_equal(truncate(program_path(program, "odd/large.pkt"), 100000000), 0);
    program_write(program, "odd/unreadable.pkt", SCRIPT_QUICK);
    assert_int_equal(chmod(program_path(program, "odd/unreadable.pkt"), 0), 0);
    assert_int_equal(mkdir(program_path(program, "odd/folder.pkt"), 0755), 0);
    assert_int_equal(mkfifo(program_path(program, "odd/pipe.pkt"), 0644), 0);
    assert_int_equal(symlink("nowhere", program_path(program, "odd/dangling.pkt")), 0);
    assert_int_equal(symlink("circle.pkt", program_path(program, "odd/circle.pkt")), 0);
}

static void test_what_is_no_script_costs_nothing_but_itself(void **state)
{
    struct program *program = *state;
    make_what_is_no_script(program);
    assert_int_equal(chmod(program->folder, 0777), 0);
    program->prepare = program_become_nobody;
    static const char *const lines[] = {
        "run --link raw odd",
        "run --link raw odd/right.pkt odd/empty.pkt odd/binary.pkt odd/large.pkt odd/unreadable.pkt odd/pipe.pkt "
        "odd/dangling.pkt odd/circle.pkt",
    };
    static const char *const told[] = {
        "odd/empty.pkt:1:1: error: this script has no events",
        "`odd/binary.pkt` is not a text: byte 0 of it is 0x01",
        "`odd/large.pkt` is too large for a script: more than 16 MiB",
        "`odd/unreadable.pkt` can't be opened: Permission denied",
        "`odd/pipe.pkt` is a pipe that nobody writes to",
        "`odd/dangling.pkt` can't be opened: No such file or directory",
        "`odd/circle.pkt` can't be opened: Too many levels of symbolic links",
        "1 passed, 0 failed, 0 inconclusive, 7 errors, 0 not applicable",
    };
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        if (program_run(program, lines[i]) == 126)
            skip(); /* the program is in a folder that others may not enter */
        assert_int_equal(program->status, 2);
        for (size_t j = 0; j < COUNT_OF(told); j++)
            assert_says(program->output, told[j]);
    }
}

static void test_a_script_may_come_through_a_pipe(void **state)
{
    struct program *program = *state;
    assert_int_equal(mkfifo(program_path(program, "pipe.pkt"), 0600), 0);
    /* Open at both ends, so that neither the writer nor the program waits for the other. */
    int ends = open(program_path(program, "pipe.pkt"), O_RDWR | O_CLOEXEC);
    assert_true(ends >= 0);
    assert_int_equal(write(ends, SCRIPT_QUICK, strlen(SCRIPT_QUICK)), strlen(SCRIPT_QUICK));
    program_start(program, "run --dry-run pipe.pkt");
    /* The text ends when the pipe is closed, which the program may only see once it has it open. */
    int unread = 1;
    while (ioctl(ends, FIONREAD, &unread) == 0 && unread > 0)
        (void)sched_yield();
    assert_int_equal(close(ends), 0);
    program_await(program);
    assert_int_equal(program->status, 0);
    assert_says(program->output, "1 scripts checked, 0 with errors");
}

static void test_ten_thousand_scripts_are_planned(void **state)
{
    struct program *program = *state;
    program_write(program, "many/a.pkt", SCRIPT_QUICK);
    for (unsigned i = 1; i < 10000; i++) {
        char first[256];
        char name[32];
        (void)snprintf(first, sizeof(first), "%s", program_path(program, "many/a.pkt"));
        (void)snprintf(name, sizeof(name), "many/%u.pkt", i);
        assert_int_equal(link(first, program_path(program, name)), 0);
    }
    assert_int_equal(program_run(program, "run --dry-run many"), 0);
    assert_string_equal(program->output, "10000 scripts checked, 0 with errors, 0 not applicable\n");
}

/* Runs a copy of the program that is where no deviations are. */
static void run_elsewhere(void)
{
    (void)execl("./elsewhere", "shakedown", "run", "a.pkt", NULL);
}

static void test_a_script_that_may_run_nothing_is_refused_with_one_message(void **state)
{
    struct program *program = *state;
    static const char *const scripts[][2] = {
        {SCRIPT_QUICK "+0 %{ open('ran', 'w') }%\n", "error: Python code, which --no-shell refuses"},
        {SCRIPT_QUICK "+0 `touch ran`\n", "error: a shell command, which --no-shell refuses"},
        {"--init_scripts=./first\n" SCRIPT_QUICK, "error: programs to run, which --no-shell refuses"},
    };
    program_write(program, "first", "#!/bin/sh\ntouch ran\n");
    assert_int_equal(chmod(program_path(program, "first"), 0755), 0);
    for (size_t i = 0; i < COUNT_OF(scripts); i++) {
        program_write(program, "wary.pkt", scripts[i][0]);
        assert_int_equal(program_run(program, "run --no-shell wary.pkt"), 2);
        assert_int_equal(count_of(program->output, ": error: "), 1);
        assert_says(program->output, scripts[i][1]);
        assert_int_equal(access(program_path(program, "ran"), F_OK), -1);
    }
}

static void test_deviations_that_are_not_found_are_missed(void **state)
{
    struct program *program = *state;
    int from = open(SHAKEDOWN_PROGRAM, O_RDONLY);
    int copy = open(program_path(program, "elsewhere"), O_WRONLY | O_CREAT, 0755);
    struct stat whole;
    assert_true(from >= 0 && copy >= 0 && fstat(from, &whole) == 0);
    for (off_t done = 0; done < whole.st_size;)
        assert_true(sendfile(copy, from, &done, (size_t)(whole.st_size - done)) > 0);
    assert_int_equal(close(from), 0);
    assert_int_equal(close(copy), 0);
    program_write(program, "a.pkt", SCRIPT_QUICK);
    program->prepare = run_elsewhere;
    assert_int_equal(program_run(program, ""), 0);
    assert_says(program->errors, "shakedown: the file of the known deviations of linux is not found");
    assert_says(program->errors, "shakedown: the specification is not found, so nothing is judged by it");
    assert_int_equal(count_of(program->errors, "shakedown:"), 2);
}

static void test_a_symbol_of_another_system_makes_a_script_not_applicable(void **state)
{
    struct program *program = *state;
    program_write(program, "elsewhere.pkt",
                  "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                  "+0 setsockopt(3, IPPROTO_TCP, TCP_NOOPT, [1], 4) = 0\n");
    assert_int_equal(program_run(program, "run elsewhere.pkt"), 0);
    assert_says(program->output, "TCP_NOOPT is not known on this system");
    assert_says(program->output, "0 errors, 1 not applicable");
}

static void test_a_symbol_known_nowhere_is_an_error(void **state)
{
    struct program *program = *state;
    program_write(program, "nowhere.pkt", "0 socket(..., SOCK_STREAN, IPPROTO_TCP) = 3\n");
    assert_int_equal(program_run(program, "run nowhere.pkt"), 2);
    assert_says(program->output, "SOCK_STREAM");
    assert_says(program->output, "nowhere.pkt:1:15: error:");
}

static void test_a_script_that_never_ends_is_cut_off(void **state)
{
    struct program *program = *state;
    program_write(program, "endless.pkt",
                  "//: timeout 1\n"
                  "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n"
                  "+0 bind(3, ..., ...) = 0\n"
                  "+0 listen(3, 1) = 0\n"
                  "+0 accept(3, ..., ...) = 4\n"
                  "* > S. 0:0(0) ack 1\n");
    assert_int_not_equal(program_run(program, "run endless.pkt"), 0);
    assert_true(program->status == 1 || program->status == 2);
    assert_says(program->output, "endless.pkt [ipv4]");
    program_left_nothing();
}

static void test_deviations_that_make_no_sense_show_where(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", SCRIPT_QUICK);
    program_write(program, "known.conf", "[a.pkt]\nreson = x\n");
    assert_int_equal(program_run(program, "run --deviations known.conf a.pkt"), 2);
    assert_says(program->errors, "known.conf:2:1: error: unknown key");
    assert_says(program->errors, "did you mean `reason`?\n    reson = x\n    ^~~~~\n");
    assert_int_equal(program_run(program, "run --deviations none.conf a.pkt"), 2);
    assert_says(program->errors, "shakedown: can't read the deviations none.conf: No such file or directory\n");
}

static void test_a_full_disk_makes_the_recording_an_error(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", SCRIPT_PASSIVE_OPEN);
    assert_int_equal(mkdir(program_path(program, "full"), 0755), 0);
    static const char *const lines[] = {"run --ip 4 --trace full a.pkt", "run --ip 4 --pcap full a.pkt"};
    static const char *const names[] = {"full/a.ipv4.trace", "full/a.ipv4.pcapng"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        assert_int_equal(symlink("/dev/full", program_path(program, names[i])), 0);
        assert_int_equal(program_run(program, lines[i]), 2);
        assert_says(program->output, "No space left on device");
        assert_says(program->output, names[i]);
    }
}

/* Puts a disk of 64 KiB over the folder `full`, in mounts of its own. */
static void mount_a_small_disk(void)
{
    if (geteuid() != 0 || unshare(CLONE_NEWNS) != 0 || mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) != 0 ||
        mount("tmpfs", "full", "tmpfs", 0, "size=64k,mode=1777") != 0)
        _exit(125);
}

static void test_a_disk_that_fills_up_while_recording_is_told(void **state)
{
    struct program *program = *state;
    struct text script = text_growing();
    text_append_string(&script, SCRIPT_PASSIVE_OPEN);
    for (unsigned i = 0; i < 100; i++)
        text_append_format(&script, "+0 < P. %u:%u(1400) ack 1 win 257\n", 1 + i * 1400, 1401 + i * 1400);
    program_write(program, "a.pkt", text_string(&script));
    text_free(&script);
    assert_int_equal(mkdir(program_path(program, "full"), 0755), 0);
    program->prepare = mount_a_small_disk;
    static const char *const lines[] = {"run --ip 4 --trace full a.pkt", "run --ip 4 --pcap full a.pkt"};
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        if (program_run(program, lines[i]) == 125)
            skip();
        assert_int_equal(program->status, 2);
        assert_says(program->output, "No space left on device");
    }
}

static void test_a_folder_that_cannot_be_made_is_named(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", SCRIPT_QUICK);
    assert_int_equal(program_run(program, "run --trace a.pkt/deep a.pkt"), 2);
    assert_says(program->errors, "shakedown: can't make the folder a.pkt");
    assert_int_equal(count_of(program->errors, "\n"), 1);
}

static void test_an_output_that_is_full_is_not_silently_lost(void **state)
{
    struct program *program = *state;
    program_write(program, "a.pkt", SCRIPT_QUICK);
    program_start_to(program, "/dev/full", "run a.pkt");
    int status = 0;
    assert_int_equal(waitpid(program->pid, &status, 0), program->pid);
    program->pid = 0;
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 2);
    char *errors = program_read(program, "errors.txt");
    assert_says(errors, "shakedown: can't write the output: No space left on device\n");
    free(errors);
}

static void write_file(const char *path, const char *text)
{
    int file = open(path, O_WRONLY);
    if (file < 0 || write(file, text, strlen(text)) < 0)
        _exit(125);
    (void)close(file);
}

/* Becomes root of a user namespace in which no more namespaces of the kind that LIMIT counts may be made. */
static void forbid(const char *limit)
{
    char map[64];
    (void)snprintf(map, sizeof(map), "0 %u 1", geteuid());
    if (unshare(CLONE_NEWUSER) != 0)
        _exit(125);
    write_file("/proc/self/uid_map", map);
    write_file(limit, "0");
}

static void forbid_network_namespaces(void)
{
    forbid("/proc/sys/user/max_net_namespaces");
}

static void forbid_user_namespaces(void)
{
    forbid("/proc/sys/user/max_user_namespaces");
    /* And none of the rights that would make one unnecessary. */
    for (int capability = 0; prctl(PR_CAPBSET_DROP, (unsigned long)capability, 0UL, 0UL, 0UL) == 0; capability++)
        continue;
}

static void test_a_namespace_that_cannot_be_made_is_one_message(void **state)
{
    struct program *program = *state;
    program_write(program, "many/a.pkt", SCRIPT_QUICK);
    program_write(program, "many/b.pkt", SCRIPT_QUICK);
    assert_int_equal(chmod(program->folder, 0777), 0);
    static void (*const prepares[])(void) = {forbid_network_namespaces, forbid_user_namespaces};
    static const char *const remedies[] = {"sysctl -w user.max_net_namespaces=", "sysctl -w user.max_user_namespaces="};
    for (size_t i = 0; i < COUNT_OF(prepares); i++) {
        program->prepare = prepares[i];
        static const char *const lines[] = {"run many", "handshake"};
        for (size_t j = 0; j < COUNT_OF(lines); j++) {
            if (program_run(program, lines[j]) == 125)
                skip();
            assert_int_equal(program->status, 2);
            assert_int_equal(count_of(program->errors, "shakedown: "), 1);
            assert_says(program->errors, remedies[i]);
        }
    }
    program_left_nothing();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, program_setup, program_teardown)
        TEST(test_a_missing_path_is_named),
        TEST(test_a_folder_without_scripts_is_one_error),
        TEST(test_a_folder_without_scripts_costs_the_others_nothing),
        TEST(test_a_script_that_does_not_parse_shows_where),
        TEST(test_mistakes_of_every_kind_are_told_in_one_run),
        TEST(test_a_file_that_is_no_text_is_an_error),
        TEST(test_what_is_no_script_costs_nothing_but_itself),
        TEST(test_a_script_may_come_through_a_pipe),
        TEST(test_ten_thousand_scripts_are_planned),
        TEST(test_a_script_that_may_run_nothing_is_refused_with_one_message),
        TEST(test_deviations_that_are_not_found_are_missed),
        TEST(test_a_symbol_of_another_system_makes_a_script_not_applicable),
        TEST(test_a_symbol_known_nowhere_is_an_error),
        TEST(test_a_script_that_never_ends_is_cut_off),
        TEST(test_deviations_that_make_no_sense_show_where),
        TEST(test_a_full_disk_makes_the_recording_an_error),
        TEST(test_a_disk_that_fills_up_while_recording_is_told),
        TEST(test_a_folder_that_cannot_be_made_is_named),
        TEST(test_an_output_that_is_full_is_not_silently_lost),
        TEST(test_a_namespace_that_cannot_be_made_is_one_message),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
