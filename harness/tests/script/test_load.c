/* SPDX-License-Identifier: MIT */
#include "script_fixture.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of the test's own, and the files in it. */
struct fixture {
    char folder[64];
    char path[96];
};

static int make_folder(void **state)
{
    static struct fixture fixture;
    struct text folder = text_in(fixture.folder, sizeof(fixture.folder));
    struct text path = text_in(fixture.path, sizeof(fixture.path));
    text_append_string(&folder, "/tmp/shakedown-load-XXXXXX");
    if (mkdtemp(fixture.folder) == NULL)
        return -1;
    text_append_format(&path, "%s/script.pkt", fixture.folder);
    *state = &fixture;
    return 0;
}

static int remove_folder(void **state)
{
    const struct fixture *fixture = *state;
    (void)unlink(fixture->path);
    return rmdir(fixture->folder);
}

static void write_file(const char *path, const char *bytes, size_t length)
{
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    while (length > 0) {
        ssize_t written = write(file, bytes, length);
        assert_true(written > 0);
        bytes += written;
        length -= (size_t)written;
    }
    assert_int_equal(close(file), 0);
}

/* A load and all that it gives. */
struct loaded {
    struct arena arena;
    struct diagnostics diagnostics;
    struct program program;
    struct error error;
    bool done;
};

static void load(struct loaded *loaded, const char *path)
{
    *loaded = (struct loaded){0};
    loaded->diagnostics.arena = &loaded->arena;
    loaded->done = program_load(path, NULL, &loaded->diagnostics, &loaded->program, &loaded->error);
}

static void loaded_free(struct loaded *loaded)
{
    program_free(&loaded->program);
    arena_free(&loaded->arena);
}

/* Loads what must be refused before it is parsed; NAME is what the message must hold besides the path. */
static void assert_refused(const char *path, enum error_code code, const char *words)
{
    struct loaded loaded;
    load(&loaded, path);
    assert_false(loaded.done);
    assert_int_equal(loaded.error.code, code);
    assert_non_null(strstr(loaded.error.text, path));
    assert_non_null(strstr(loaded.error.text, words));
    assert_int_equal(loaded.diagnostics.count, 0);
    assert_null(loaded.program.arena.newest);
    loaded_free(&loaded);
}

static void a_script_is_read_and_parsed(void **state)
{
    const struct fixture *fixture = *state;
    static const char script[] = "//: title Good\n--mtu=1500\n0 socket(...) = 3 // \xc3\xa9\n+0 close(3) = 0\n";
    struct loaded loaded;
    write_file(fixture->path, script, sizeof(script) - 1);
    load(&loaded, fixture->path);
    assert_true(loaded.done);
    assert_int_equal(loaded.diagnostics.count, 0);
    assert_int_equal(loaded.program.event_count, 2);
    assert_string_equal(loaded.program.source.name, fixture->path);
    assert_int_equal(loaded.program.source.length, sizeof(script) - 1);
    assert_memory_equal(loaded.program.source.text, script, sizeof(script) - 1);
    loaded_free(&loaded);
}

static void a_file_that_is_no_script_leaves_what_is_sound_of_it(void **state)
{
    const struct fixture *fixture = *state;
    static const char script[] = "--mtu=9\n//: note x\n0 socket(...) = 3\n+0 close(\n";
    struct loaded loaded;
    struct text shown = text_growing();
    write_file(fixture->path, script, sizeof(script) - 1);
    load(&loaded, fixture->path);
    assert_true(loaded.done);
    assert_int_equal(loaded.diagnostics.count, 1);
    assert_int_equal(loaded.program.event_count, 1);
    assert_int_equal(loaded.program.option_count, 1);
    assert_int_equal(loaded.program.note_count, 1);
    diagnostics_print(&shown, &loaded.program.source, &loaded.diagnostics);
    assert_non_null(
        strstr(text_string(&shown), "script.pkt:5:1: error: expected a value, found the end of the text\n"));
    text_free(&shown);
    loaded_free(&loaded);
}

static void an_empty_file_has_no_events(void **state)
{
    const struct fixture *fixture = *state;
    struct loaded loaded;
    write_file(fixture->path, "", 0);
    load(&loaded, fixture->path);
    assert_true(loaded.done);
    assert_int_equal(loaded.diagnostics.count, 1);
    assert_string_equal(loaded.diagnostics.items[0].message, "this script has no events");
    loaded_free(&loaded);
}

static void what_is_no_file_is_refused(void **state)
{
    const struct fixture *fixture = *state;
    (void)unlink(fixture->path);
    assert_refused(fixture->folder, ERROR_NOT_FOUND, "is a folder, not a script");
    assert_refused(fixture->path, ERROR_NOT_FOUND, "can't be opened: No such file or directory");
    assert_refused("", ERROR_NOT_FOUND, "can't be opened: No such file or directory");
    assert_int_equal(symlink(fixture->path, fixture->path), 0);
    assert_refused(fixture->path, ERROR_NOT_FOUND, "can't be opened: Too many levels of symbolic links");
    assert_int_equal(unlink(fixture->path), 0);
}

/* Root may read anything: as root the test leaves its privileges to a child for the while. */
static void a_file_that_may_not_be_read_is_refused(void **state)
{
    const struct fixture *fixture = *state;
    uid_t user = geteuid();
    write_file(fixture->path, "0 f()\n", 6);
    assert_int_equal(chmod(fixture->path, 0), 0);
    assert_int_equal(chmod(fixture->folder, 0755), 0);
    if (user == 0)
        assert_int_equal(seteuid(65534), 0);
    assert_refused(fixture->path, ERROR_NOT_FOUND, "can't be opened: Permission denied");
    if (user == 0)
        assert_int_equal(seteuid(0), 0);
    assert_int_equal(unlink(fixture->path), 0);
}

static void what_can_not_be_read_as_a_file_is_refused(void **state)
{
    (void)state;
    assert_refused("/proc/self/mem", ERROR_NOT_FOUND, "can't be read: Input/output error");
}

static const struct vector {
    const char *bytes;
    size_t length;
    const char *words;
} binaries[] = {
    {"\0", 1, "is not a text: byte 0 of it is 0x00"},
    {"0 f()\n\0", 7, "is not a text: byte 6 of it is 0x00"},
    {"\x7f"
     "ELF",
     4, "is not a text: byte 0 of it is 0x7f"},
    {"0 f() \x1b[0m", 10, "is not a text: byte 6 of it is 0x1b"},
    {"\x89PNG\r\n\x1a\n", 8, "is not a text: byte 6 of it is 0x1a"},
};

static void a_binary_file_is_refused(void **state)
{
    const struct fixture *fixture = *state;
    for (size_t i = 0; i < COUNT_OF(binaries); i++) {
        write_file(fixture->path, binaries[i].bytes, binaries[i].length);
        assert_refused(fixture->path, ERROR_MALFORMED, binaries[i].words);
    }
}

static const size_t mebibyte = 1024UL * 1024;

static void a_script_of_sixteen_mebibytes_is_the_largest(void **state)
{
    const struct fixture *fixture = *state;
    struct text script = text_growing();
    struct loaded loaded;
    text_append_string(&script, "0 f()\n");
    text_append_repeated(&script, ' ', 16 * mebibyte - script.length);
    write_file(fixture->path, text_string(&script), script.length);
    load(&loaded, fixture->path);
    assert_true(loaded.done);
    assert_int_equal(loaded.program.event_count, 1);
    loaded_free(&loaded);
    text_append_character(&script, '\n');
    write_file(fixture->path, text_string(&script), script.length);
    assert_refused(fixture->path, ERROR_TOO_LARGE, "more than 16 MiB");
    assert_refused("/dev/zero", ERROR_TOO_LARGE, "more than 16 MiB");
    text_free(&script);
}

/* Small texts that make large trees. */
static void a_script_out_of_all_proportion_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *start;
        const char *repeated;
    } scripts[] = {{"0 f()\n", "+1f()\n"}, {"0 f([", "1,"}};
    for (size_t i = 0; i < COUNT_OF(scripts); i++) {
        struct text script = text_growing();
        struct parsed parsed;
        text_append_string(&script, scripts[i].start);
        while (script.length < 4 * mebibyte)
            text_append_string(&script, scripts[i].repeated);
        parse_text(&parsed, text_string(&script));
        assert_int_equal(parsed.diagnostics.count, 1);
        assert_non_null(strstr(text_string(&parsed.errors), "memory ran out: the script is too large from here on"));
        parsed_free(&parsed);
        text_free(&script);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_is_read_and_parsed),
        cmocka_unit_test(a_file_that_is_no_script_leaves_what_is_sound_of_it),
        cmocka_unit_test(an_empty_file_has_no_events),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test(a_file_that_may_not_be_read_is_refused),
        cmocka_unit_test(what_can_not_be_read_as_a_file_is_refused),
        cmocka_unit_test(a_binary_file_is_refused),
        cmocka_unit_test(a_script_of_sixteen_mebibytes_is_the_largest),
        cmocka_unit_test(a_script_out_of_all_proportion_is_refused),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
