/* SPDX-License-Identifier: MIT */
/* The canonical layout: what it looks like, and that it changes no meaning. */
#include "script/print.h"
#include "script_fixture.h"

#include <glob.h>

static const struct program_settings settings = {.undefined_names = true};

/* Lays TEXT out anew, checks the laws, and leaves the result in FORMATTED. */
static void format_text(const char *text, struct text *formatted)
{
    struct parsed parsed, again;
    struct text second = text_growing();
    parse_bytes(&parsed, text, strlen(text), &settings);
    assert_string_equal(text_string(&parsed.errors), "");
    text_clear(formatted);
    program_format(formatted, &parsed.program);
    parse_bytes(&again, text_string(formatted), formatted->length, &settings);
    assert_string_equal(text_string(&again.errors), "");
    assert_true(program_equal(&parsed.program, &again.program));
    program_format(&second, &again.program);
    assert_string_equal(text_string(formatted), text_string(&second));
    text_free(&second);
    parsed_free(&parsed);
    parsed_free(&again);
}

struct layout_row {
    const char *before;
    const char *after; /* NULL: as before */
};

static void assert_layouts(const struct layout_row *rows, size_t count)
{
    struct text formatted = text_growing();
    for (size_t i = 0; i < count; i++) {
        format_text(rows[i].before, &formatted);
        assert_string_equal(text_string(&formatted), rows[i].after == NULL ? rows[i].before : rows[i].after);
    }
    text_free(&formatted);
}
#define ASSERT_LAYOUTS(rows) assert_layouts(rows, COUNT_OF(rows))

static void times_have_no_needless_digits(void **state)
{
    (void)state;
    static const struct layout_row rows[] = {
        {"0.000 close(3)", "0 close(3)\n"},
        {"+.1 close(3)", "+0.1 close(3)\n"},
        {"+ 00.10 close(3)", "+0.1 close(3)\n"},
        {"10.010   close(3)", "10.01 close(3)\n"},
        {"* > . 1:1(0) ack 1\n", NULL},
        {"+0 ~ +.20 > . 1:1(0) ack 1", "+0~+0.2 > . 1:1(0) ack 1\n"},
        {"1.0~2.50>nothing", "1~2.5 > nothing\n"},
        {"1.0~2>R 1:1(0)or\n. 1:1(0)", "1~2 > R 1:1(0) or . 1:1(0)\n"},
        {"1~2 > R 1:1(0)\n\n  or S?E 1 : 1(0) <mss 1 ?,  ...>// x\n or nothing",
         "1~2 > R 1:1(0)\n    or S?E 1:1(0) <mss 1?,...> // x\n    or nothing\n"},
        {"0....5 close(3)", "0...0.5 close(3)\n"},
        {"+0 ... +0.10 close(3)", "+0...0.1 close(3)\n"},
    };
    ASSERT_LAYOUTS(rows);
}

static void calls_have_blanks_where_c_has_them(void **state)
{
    (void)state;
    static const struct layout_row rows[] = {
        {"0   socket( ...,SOCK_STREAM | SOCK_NONBLOCK ,IPPROTO_TCP )=3",
         "0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3\n"},
        {"0 listen(3,(1<<4)+2*3-~ 0&- 0x7F)=- 1 EINVAL(note  of  it)",
         "0 listen(3, (1 << 4) + 2 * 3 - ~0 & -0x7F) = -1 EINVAL (note  of  it)\n"},
        {"0 bind(3, { sa_family = AF_INET,sin_port=htons (8080) }, & len)",
         "0 bind(3, {sa_family=AF_INET, sin_port=htons(8080)}, &len)\n"},
        {"0 recvmsg(4,{msg_iov ( 2 ) = [ ],msg_flags=0},0)=0", "0 recvmsg(4, {msg_iov(2)=[], msg_flags=0}, 0) = 0\n"},
        {"0 fork ( )", "0 fork()\n"},
        {"0 write(4, \"a\"  \"b\\x41\", 3) = NAME\n", "0 write(4, \"a\" \"b\\x41\", 3) = NAME\n"},
    };
    ASSERT_LAYOUTS(rows);
}

static void segments_are_words_and_lists(void **state)
{
    (void)state;
    static const struct layout_row rows[] = {
        {"0 <S 0 : 0 (0)   win 5<mss 1460 , nop,nop , sackOK>", "0 < S 0:0(0) win 5 <mss 1460,nop,nop,sackOK>\n"},
        {"0 > S. 0:0(0)ack 1< ... >", "0 > S. 0:0(0) ack 1 <...>\n"},
        {"0 > S. 0:0(0) ack 1 ...\n", NULL},
        {"0 <1234>80 S 0:0(0)", "0 < 1234 > 80 S 0:0(0)\n"},
        {"0 < [ect0](ttl 64,id 5)S 0:0(0)", "0 < [ect0] (ttl 64, id 5) S 0:0(0)\n"},
        {"0 < (src 2001:db8::1) . 1:1(0) ack 1\n", NULL},
        {"0 < udp(4){checksum bad,payload \"a{ >\"}", "0 < udp (4) {checksum bad, payload \"a{ >\"}\n"},
        {"0 < icmp  type 3 code  4 rest 0x5dc\n", "0 < icmp type 3 code 4 rest 0x5dc\n"},
        {"0 < S 0:0(0)\n      win 0x10\n   <mss 1460,\n nop,nop,sackOK>",
         "0 < S 0:0(0) win 0x10 <mss 1460,\n                       nop,nop,sackOK>\n"},
        {"0 > nothing", "0 > nothing\n"},
    };
    ASSERT_LAYOUTS(rows);
}

static void names_stay_as_written(void **state)
{
    (void)state;
    static const struct program_definition definitions[] = {{"MSS", "1460"}, {"PORT", "8080"}};
    const struct program_settings defined = {.definitions = definitions, .definition_count = COUNT_OF(definitions)};
    static const char text[] = "0 bind(PORT, htons(PORT)) = PORT\n+0 < S 0:0(0) win 0x10 <mss MSS>\n";
    struct parsed parsed;
    struct text formatted = text_growing();
    parse_bytes(&parsed, text, strlen(text), &defined);
    assert_true(parsed.done);
    program_format(&formatted, &parsed.program);
    assert_string_equal(text_string(&formatted), text);
    parsed_free(&parsed);
    format_text(text, &formatted);
    assert_string_equal(text_string(&formatted), text);
    text_free(&formatted);
}

static void comments_stay_where_they_are(void **state)
{
    (void)state;
    static const struct layout_row rows[] = {
        {"\n\n  // first  \n\n\n\n/* second\n   line */\n0 close(3)   // behind\t\n# last\n\n",
         "// first\n\n/* second\n   line */\n0 close(3) // behind\n# last\n"},
        {"/* before */ 0 close(3) /* behind */ +0 close(4)", "/* before */ 0 close(3) /* behind */\n+0 close(4)\n"},
        {"0 close(/* in */3/* it */)=0", "0 close(/* in */ 3 /* it */) = 0\n"},
        {"0 socket(..., // one\n SOCK_STREAM, /* two */\n3)",
         "0 socket(..., // one\n         SOCK_STREAM, /* two */\n         3)\n"},
        {"0 // time\n< S 0:0(0) /* a */ win/* b */5", "0 // time\n    < S 0:0(0) /* a */ win /* b */ 5\n"},
        {"//:title  A  title\n0 close(3)", "//:title  A  title\n0 close(3)\n"},
        {"--a/* x */=/* y */5 // z\n0 close(3)", "--a /* x */ = /* y */ 5 // z\n0 close(3)\n"},
    };
    ASSERT_LAYOUTS(rows);
}

static void each_event_has_a_line_and_paragraphs_stay(void **state)
{
    (void)state;
    static const struct layout_row rows[] = {
        {"0 close(3) +0 close(4)\n\n\n\n+0 close(5)", "0 close(3)\n+0 close(4)\n\n+0 close(5)\n"},
        {"--a=b   --c\n--d = \"e f\"\n`x`0 close(3)`y`", "--a=b --c\n--d=\"e f\"\n`x`\n0 close(3)\n`y`\n"},
        {"0\n `a\n   b`\r\n+0 %{ x\n  }%", "0 `a\n   b`\n+0 %{ x\n  }%\n"},
        {"0 close(4)\n\n     = 0\n +0 poll([{fd=4,\n events=1},\n {fd=5}], 2)",
         "0 close(4) = 0\n+0 poll([{fd=4,\n          events=1},\n         {fd=5}], 2)\n"},
        {"0 write(4, \"a\"\n \"b\", A |\n B)", "0 write(4, \"a\"\n        \"b\", A|\n        B)\n"},
    };
    ASSERT_LAYOUTS(rows);
}

/* And the suites are in the canonical form already, but for the one that shows what else can be written. */
static void suites_and_seeds_keep_their_meaning(void **state)
{
    (void)state;
    static const char *const folders[] = {SHAKEDOWN_SOURCE_DIR "/specs/suites/*/*.pkt",
                                          SHAKEDOWN_SOURCE_DIR "/corpus/scripts/*.pkt"};
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        glob_t found;
        assert_int_equal(glob(folders[i], 0, NULL, &found), 0);
        for (size_t j = 0; j < found.gl_pathc; j++, count++) {
            struct parsed parsed = {.diagnostics.arena = &parsed.arena};
            struct text formatted = text_growing();
            struct error error;
            assert_true(program_load(found.gl_pathv[j], &settings, &parsed.diagnostics, &parsed.program, &error));
            format_text(parsed.program.source.text, &formatted);
            if (i == 0 && strstr(found.gl_pathv[j], "/language/") == NULL)
                assert_string_equal(text_string(&formatted), parsed.program.source.text);
            text_free(&formatted);
            parsed_free(&parsed);
        }
        globfree(&found);
    }
    assert_true(count > 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_have_no_needless_digits),
        cmocka_unit_test(calls_have_blanks_where_c_has_them),
        cmocka_unit_test(segments_are_words_and_lists),
        cmocka_unit_test(names_stay_as_written),
        cmocka_unit_test(comments_stay_where_they_are),
        cmocka_unit_test(each_event_has_a_line_and_paragraphs_stay),
        cmocka_unit_test(suites_and_seeds_keep_their_meaning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
