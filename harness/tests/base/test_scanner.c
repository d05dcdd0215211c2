/* SPDX-License-Identifier: MIT */
#include "scanner_fixture.h"

static void blanks_and_block_comments_are_skipped(void **state)
{
    struct scanned *scanned = *state;
    const struct {
        const char *text;
        size_t offset;
    } rows[] = {
        {"", 0},         {"  \t\r x", 5}, {"\nx", 0},   {" /* a */ x", 9}, {"/**/x", 4},        {"/***/x", 5},
        {"/* */ / ", 6}, {"/a", 0},       {" // x", 1}, {" # x", 1},       {"/*a*//*b*/x", 10}, {"/*\n*/\nx", 5},
        {"\v", 0},       {"\f", 0},       {"/", 0},     {"*/", 0},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct scanner *scanner = scan(scanned, rows[i].text);
        scanner_skip_blanks(scanner);
        assert_int_equal(scanner->offset, rows[i].offset);
        assert_int_equal(scanned->diagnostics.count, 0);
    }
}

static void lines_and_every_comment_are_skipped(void **state)
{
    struct scanned *scanned = *state;
    struct scanner *scanner = scan(scanned, "\n# one\r\n  // two\n/* three\nfour */ \n\n\tx # five");
    scanner_skip_lines(scanner);
    assert_int_equal(scanner_peek(scanner, 0), 'x');
    assert_string_equal(text_string(&scanned->comments), "[# one][// two][/* three\nfour */]");
    assert_true(scanner_accept(scanner, "x"));
    scanner_skip_lines(scanner);
    assert_true(scanner_at_end(scanner));
    assert_string_equal(text_string(&scanned->comments), "[# one][// two][/* three\nfour */][# five]");
    assert_int_equal(scanned->diagnostics.count, 0);
}

static void a_comment_may_be_all_there_is(void **state)
{
    struct scanned *scanned = *state;
    const char *const texts[] = {"#", "//", "# a", "//a\r", "/**/", "/* // # */"};
    const char *const comments[] = {"[#]", "[//]", "[# a]", "[//a]", "[/**/]", "[/* // # */]"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct scanner *scanner = scan(scanned, texts[i]);
        scanner_skip_lines(scanner);
        assert_int_equal(scanner->offset, strlen(texts[i]));
        assert_string_equal(text_string(&scanned->comments), comments[i]);
    }
}

static void comments_need_nobody_to_tell(void **state)
{
    struct scanned *scanned = *state;
    struct scanner *scanner = scan(scanned, "/* a */ // b");
    scanner->comment = NULL;
    scanner_skip_lines(scanner);
    assert_true(scanner_at_end(scanner));
    assert_string_equal(text_string(&scanned->comments), "");
}

static void a_comment_that_is_never_closed_is_told_once(void **state)
{
    struct scanned *scanned = *state;
    const char *const texts[] = {"x /*", "x /*/", "x /* *", "x /* a\nb\n"};
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct scanner *scanner = scan(scanned, texts[i]);
        assert_true(scanner_accept(scanner, "x"));
        scanner_skip_blanks(scanner);
        scanner_skip_lines(scanner);
        assert_true(scanner_at_end(scanner));
        assert_string_equal(scanned_errors(scanned), "2+2 this comment is never closed\n");
    }
}

static void the_ends_of_lines_and_of_the_text_are_seen(void **state)
{
    struct scanned *scanned = *state;
    const struct {
        const char *text;
        bool line_end, end;
    } rows[] = {
        {"", true, true},      {" \t\r", true, true}, {" \r\n", true, false},     {"\n", true, false},
        {" # a", true, false}, {"//", true, false},   {"/* a */", true, true},    {"/* a */ x", false, false},
        {"/ x", false, false}, {"x", false, false},   {"/* a */\n", true, false}, {"/", false, false},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_int_equal(scanner_at_line_end(scan(scanned, rows[i].text)), rows[i].line_end);
        assert_int_equal(scanner_at_end(scan(scanned, rows[i].text)), rows[i].end);
    }
    assert_false(scanner_at_end(scan_bytes(scanned, "\0", 1)));
    assert_false(scanner_at_line_end(scan_bytes(scanned, "\0", 1)));
}

static void peeking_neither_moves_nor_skips(void **state)
{
    struct scanner *scanner = scan(*state, " ab");
    assert_int_equal(scanner_peek(scanner, 0), ' ');
    assert_int_equal(scanner_peek(scanner, 2), 'b');
    assert_int_equal(scanner_peek(scanner, 3), '\0');
    assert_int_equal(scanner_peek(scanner, 1000), '\0');
    assert_int_equal(scanner->offset, 0);
}

static void a_literal_is_accepted_whole_or_not_at_all(void **state)
{
    struct scanner *scanner = scan(*state, "  ... ..");
    assert_false(scanner_accept(scanner, "...."));
    assert_int_equal(scanner->offset, 2);
    assert_true(scanner_accept(scanner, "..."));
    assert_int_equal(scanner->offset, 5);
    assert_false(scanner_accept(scanner, "..."));
    assert_true(scanner_accept(scanner, ".."));
    assert_false(scanner_accept(scanner, "."));
    assert_true(scanner_accept(scanner, ""));
}

static void a_word_to_accept_must_end_where_the_word_ends(void **state)
{
    struct scanned *scanned = *state;
    const char *const longer[] = {" wine", " win7", " win_", " wiN", " wi", ""};
    for (size_t i = 0; i < COUNT_OF(longer); i++) {
        struct scanner *scanner = scan(scanned, longer[i]);
        assert_false(scanner_accept_word(scanner, "win"));
        assert_int_equal(scanner->offset, strlen(longer[i]) > 0);
    }
    const char *const whole[] = {"win", "win ", "win-", "win\n", " win,"};
    for (size_t i = 0; i < COUNT_OF(whole); i++)
        assert_true(scanner_accept_word(scan(scanned, whole[i]), "win"));
    assert_int_equal(scanned->diagnostics.count, 0);
}

static void a_comment_before_a_word_not_accepted_is_told_once(void **state)
{
    struct scanned *scanned = *state;
    struct scanner *scanner = scan(scanned, "/* a */ wine");
    assert_false(scanner_accept_word(scanner, "win"));
    assert_false(scanner_accept_word(scanner, "wi"));
    assert_true(scanner_accept_word(scanner, "wine"));
    assert_string_equal(text_string(&scanned->comments), "[/* a */]");
}

static void what_is_expected_and_missing_is_a_diagnostic(void **state)
{
    struct scanned *scanned = *state;
    struct scanner *scanner = scan(scanned, " ( ack");
    assert_true(scanner_expect(scanner, "(", "`(`"));
    assert_int_equal(scanned->diagnostics.count, 0);
    assert_false(scanner_expect(scanner, ")", "`)`"));
    assert_string_equal(scanned_errors(scanned), "3+3 expected `)`, found `ack`\n");
    assert_int_equal(scanner->offset, 3);
}

static void what_was_found_instead_is_named(void **state)
{
    struct scanned *scanned = *state;
    const struct {
        const char *text, *error;
    } rows[] = {
        {" win9_x, 3", "1+6 expected a, found `win9_x`\n"},
        {"12ab", "0+4 expected a, found `12ab`\n"},
        {"<<", "0+1 expected a, found `<`\n"},
        {" ", "1+0 expected a, found the end of the text\n"},
        {"\r\nb", "1+0 expected a, found the end of the line\n"},
        {"/* b */ ;", "8+1 expected a, found `;`\n"},
        {"\x1b[2J", "0+1 expected a, found the byte 0x1b\n"},
        {"\x7f", "0+1 expected a, found the byte 0x7f\n"},
        {"\xe2\x80\x9c", "0+1 expected a, found the byte 0xe2\n"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        assert_false(scanner_fail_expected(scan(scanned, rows[i].text), "a"));
        assert_string_equal(scanned_errors(scanned), rows[i].error);
    }
    assert_false(scanner_fail_expected(scan_bytes(scanned, "\0x", 2), "a"));
    assert_string_equal(scanned_errors(scanned), "0+1 expected a, found the byte 0x00\n");
}

static void of_a_long_word_the_beginning_is_named(void **state)
{
    struct scanned *scanned = *state;
    char word[101];
    memset(word, 'x', 100);
    word[100] = '\0';
    assert_false(scanner_fail_expected(scan(scanned, word), "a"));
    word[60] = '\0';
    char error[128];
    struct text text = text_in(error, sizeof(error));
    text_append_format(&text, "0+100 expected a, found `%s`\n", word);
    assert_string_equal(scanned_errors(scanned), error);
}

static void a_word_starts_with_a_letter_or_underscore(void **state)
{
    struct scanned *scanned = *state;
    const struct {
        const char *text;
        size_t offset, length;
    } rows[] = {
        {"a", 0, 1}, {" _x9 y", 1, 3}, {"SOCK_STREAM,", 0, 11}, {"\t__", 1, 2}, {"/* */a-b", 5, 1}, {"B\xc3\xa9", 0, 1},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct span word = {0};
        struct scanner *scanner = scan(scanned, rows[i].text);
        assert_true(scanner_word(scanner, &word));
        assert_int_equal(word.offset, rows[i].offset);
        assert_int_equal(word.length, rows[i].length);
        assert_int_equal(scanner->offset, word.offset + word.length);
    }
    const char *const others[] = {"", "9a", "-a", "\na", "# a", "\xc3\xa9", "/* a"};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        struct span word = {77, 88};
        assert_false(scanner_word(scan(scanned, others[i]), &word));
        assert_int_equal(word.offset, 77);
        assert_int_equal(word.length, 88);
    }
}

static void a_span_is_compared_whole(void **state)
{
    struct scanner *scanner = scan(*state, "ack=1");
    struct span word;
    assert_true(scanner_word(scanner, &word));
    assert_memory_equal(scanner_text(scanner, word), "ack", 3);
    assert_true(scanner_span_is(scanner, word, "ack"));
    assert_false(scanner_span_is(scanner, word, "ac"));
    assert_false(scanner_span_is(scanner, word, "ack="));
    assert_false(scanner_span_is(scanner, word, "acK"));
    assert_false(scanner_span_is(scanner, word, ""));
}

/* Every call on whatever is there; nothing but the text may be read, and the cursor stays in it. */
static void call_everything(struct scanned *scanned)
{
    struct scanner *scanner = &scanned->scanner;
    while (!scanner_at_end(scanner)) {
        size_t before = scanner->offset;
        struct span span = {0};
        char *value = NULL;
        uint64_t number = 0;
        (void)scanner_accept(scanner, "->");
        (void)scanner_accept_word(scanner, "open");
        (void)scanner_unsigned(scanner, 1000, &number);
        (void)scanner_hex(scanner, &span);
        (void)scanner_word(scanner, &span);
        (void)scanner_string(scanner, &scanned->arena, &value, &span.length);
        (void)scanner_at_line_end(scanner);
        scanner_skip_lines(scanner);
        (void)scanner_fail_expected(scanner, "more");
        assert_true(scanner->offset <= scanner->source->length);
        if (scanner->offset == before)
            scanner->offset++;
    }
    assert_int_equal(scanner->offset, scanner->source->length);
}

static void a_text_cut_anywhere_is_read_to_its_end_and_no_further(void **state)
{
    static const char sample[] =
        "// note\r\n+0.1 < S 0x1f:99999(0) -> win 64 \"a\\n\\x4a\\\"b\\q\" /* c * d */ deadbeef\n"
        "openly \"\\\\\" \x01\xff \0 \"\\x4\" # last\n/* open";
    for (size_t length = 0; length < sizeof(sample); length++) {
        (void)scan_bytes(*state, sample, length);
        call_everything(*state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(blanks_and_block_comments_are_skipped, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(lines_and_every_comment_are_skipped, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(a_comment_may_be_all_there_is, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(comments_need_nobody_to_tell, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(a_comment_that_is_never_closed_is_told_once, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(the_ends_of_lines_and_of_the_text_are_seen, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(peeking_neither_moves_nor_skips, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(a_literal_is_accepted_whole_or_not_at_all, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(a_word_to_accept_must_end_where_the_word_ends, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(a_comment_before_a_word_not_accepted_is_told_once, scanned_setup,
                                        scanned_teardown),
        cmocka_unit_test_setup_teardown(what_is_expected_and_missing_is_a_diagnostic, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(what_was_found_instead_is_named, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(of_a_long_word_the_beginning_is_named, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(a_word_starts_with_a_letter_or_underscore, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(a_span_is_compared_whole, scanned_setup, scanned_teardown),
        cmocka_unit_test_setup_teardown(a_text_cut_anywhere_is_read_to_its_end_and_no_further, scanned_setup,
                                        scanned_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
