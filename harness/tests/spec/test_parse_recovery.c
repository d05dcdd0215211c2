/* SPDX-License-Identifier: MIT */
/* Mistakes planted in the specification that comes with the program: each is one message, in the line where it is. */
#include "base/text_file.h"
#include "spec_fixture.h"

#include <limits.h>
#include <stdio.h>

/*
 * The first FROM behind BEHIND becomes TO. What is told stands LINES_DOWN below the line of FROM, and where BEFORE
 * isn't NULL the message also names the line of the first BEFORE behind BEHIND.
 */
struct planted {
    const char *behind;
    const char *from;
    const char *to;
    const char *message;
    unsigned lines_down;
    const char *before;
};

static const struct planted planted[] = {
    /* A name or value that is no more. */
    {"", "parameter R2 ", "parametre R2 ", "is `parameter` meant?", 0, NULL},
    {"", "parameter R2 ", "xyzzy R2 ", "what this line begins with is not known", 0, NULL},
    {"", "parameter ANSWER        500", "parameter ANSWER        -5", "expected its value, found `-`", 0, NULL},
    {"", "500 ms", "500 lightyears", "expected `s`, `ms` or the end of the line", 0, NULL},
    {"", "500 ms", "99999999999 ms", "this number is too large", 0, NULL},
    {"", "choice before-5961", "choice", "expected the choice's name", 0, NULL},
    {"", "predicate acceptable", "predicat acceptable", "is `predicate` meant?", 0, NULL},
    {"", "predicate acceptable", "qwerty acceptable", "what this line begins with is not known", 0, NULL},
    {"predicate acceptable", "SEG.LEN = 0", "SEG.LEN =", "expected a name, a number", 0, NULL},
    {"predicate acceptable", "or SEG.LEN = 0", "SEG.LEN = 0", "what this line begins with is not known", 0, NULL},
    {"predicate in-order", "SEG.SEQ <=", "in-order or SEG.SEQ <=", "speaks of itself", 0, "predicate in-order"},
    {"predicate in-order", "SEG.SEQ <= RCV.NXT\n", "\n", "no line says when this is true", UINT_MAX, NULL},
    /* Heads. */
    {"", "state LISTEN\n", "state LISTNE\n", "this state is not known; is `LISTEN` meant?", 0, NULL},
    {"", "state LISTEN\n", "stat LISTEN\n", "is `state` meant?", 0, NULL},
    {"", "state LISTEN\n", "LISTEN\n", "what this line begins with is not known", 0, NULL},
    {"state CLOSING", "state LAST-ACK", "state CLOSING", "this was already described, in line", 0, "state CLOSING"},
    {"state SYN-SENT", "arrives SYN+ACK\n", "arives SYN+ACK\n", "is `arrives` meant?", 0, NULL},
    {"state SYN-SENT", "arrives SYN+ACK\n", "SYN+ACK\n", "what this line begins with is not known", 0, NULL},
    {"state SYN-SENT", "arrives SYN+ACK\n", "\n", "no row is here that this line could belong to", 1, NULL},
    {"state SYN-SENT", "arrives SYN+ACK\n", "arrives SYM+ACK\n", "this control bit is not known; is `SYN` meant?", 0,
     NULL},
    {"state SYN-SENT", "arrives SYN+ACK\n", "arrives SYN+SYN\n", "this bit was already named in this line", 0, NULL},
    {"state SYN-SENT", "arrives SYN+ACK\n", "arrives SYN without SYN\n", "this bit was already named in this line", 0,
     NULL},
    {"state SYN-SENT", "when SEG.ACK not in (ISS", "whne SEG.ACK not in (ISS", "expected the end of the line", 0, NULL},
    {"state SYN-SENT", "when SEG.ACK not in (ISS", "when SEG.ACKN not in (ISS", "this name is not known; is `SEG.ACK`",
     0, NULL},
    {"state SYN-SENT", "(ISS, SND.NXT]", "(ISS, SND.NXT", "expected `]` or `)`", 0, NULL},
    {"state SYN-SENT", "(ISS, SND.NXT]", "ISS, SND.NXT]", "expected `[` or `(`", 0, NULL},
    {"state SYN-SENT", "should from SYN.RTO", "should form SYN.RTO", "expected `from`", 0, NULL},
    {"state SYN-SENT", "doubling to", "doubling", "expected `doubling to`", 0, NULL},
    {"state SYN-SENT", "lapses after R2", "lapses R2", "expected `after`", 0, NULL},
    {"state SYN-SENT", "calls CLOSE", "calls CLOSED", "this call is not known; is `CLOSE` meant?", 0, NULL},
    /* Lines of a row. */
    {"state SYN-SENT", "  silent\n", "  slient\n", "is `silent` meant?", 0, NULL},
    {"state SYN-SENT", "  silent\n", "  xyzzy\n", "what this line begins with is not known", 0, NULL},
    {"state SYN-SENT", "  silent\n", "  \n", "it is not said what is sent", UINT_MAX, NULL},
    {"state SYN-SENT", "  silent\n", "  silent\n  must send RST\n", "what is sent was already said", 1, "  silent\n"},
    {"state SYN-SENT", "must send RST", "mst send RST", "is `must` meant?", 0, NULL},
    {"state SYN-SENT", "must send RST", "send RST", "expected `must`, `should` or `may` before this", 0, NULL},
    {"state SYN-SENT", "must send RST", "must RST", "expected `send`", 0, NULL},
    {"state SYN-SENT", "seq SEG.ACK", "seq", "expected a name, a number", 0, NULL},
    {"state SYN-SENT", "go CLOSE-WAIT", "go CLOSED-WAIT", "this state is not known; is `CLOSE-WAIT` meant?", 0, NULL},
    {"state SYN-SENT", "  go CLOSED\n", "  go CLOSED\n  go LISTEN\n", "where this outcome goes was already said", 1,
     "  go CLOSED\n"},
    {"state LISTEN", "  set IRS = SEG.SEQ\n", "  set IRS = SEG.SEQ\n  set IRS = 1\n", "IRS was already set", 1,
     "  set IRS"},
    {"state LISTEN", "  set PASSIVE\n", "  set PASSIVE\n  clear PASSIVE\n", "PASSIVE was already set", 1,
     "  set PASSIVE"},
    {"state LISTEN", "  set PASSIVE\n", "  clear PASSIVE\n  set PASSIVE\n", "PASSIVE was already cleared", 1,
     "  set PASSIVE"},
    {"state LISTEN", "  negotiate\n", "  negotiate\n  negotiate\n", "`negotiate` stands here already", 1,
     "  negotiate"},
    {"state LISTEN", "set IRS = SEG.SEQ", "set IRS SEG.SEQ", "expected `=`", 0, NULL},
    {"state LISTEN", "set PASSIVE", "set PASIVE", "this variable is not known; is `PASSIVE` meant?", 0, NULL},
    {"state LISTEN", "\nor\n", "\nro\n", "what this line begins with is not known; is `go` meant?", 1, NULL},
    {"state LISTEN", "\nor\n", "\n\n", "IRS was already set", 2, "  set IRS = SEG.SEQ"},
    {"state LISTEN", "or when CROWD != 0", "or whne CROWD != 0", "expected the end of the line", 0, NULL},
    {"state LISTEN", "or when CROWD != 0", "or when CROWDS != 0", "this name is not known; is `CROWD` meant?", 0, NULL},
    /* Clauses. */
    {"state CLOSED", "  RFC9293 §3.10.7.1\n", "", "no clause says so", UINT_MAX - 1, NULL},
    {"state CLOSED", "  RFC9293 §3.10.7.1\n", "  FRC9293 §3.10.7.1\n", "what this line begins with is not known", 0,
     NULL},
    {"state CLOSED", "  RFC9293 §3.10.7.1\n", "  RFC9293\n", "expected one clause", 0, NULL},
    {"state CLOSED", "RFC9293 §3.10.7.1, RFC", "RFC9293 §3.10.7.1 RFC", "expected one clause", 0, NULL},
    /* Names that are used in many places. */
    {"", "predicate outdated-by-timestamp", "predicate outdated", "is not known (so in line", 216, NULL},
    {"", "rows synchronized", "rows synchronised", "is `synchronised` meant? (so in line", 116, NULL},
    {"rows talks-no-more", "rows talks-no-more\n", "rows talks-no-more\nuse talks-no-more\n", "which use themselves", 1,
     "rows talks-no-more"},
    {"rows talks\n", "rows talks\n", "rows talks\nuse times-out\n", "this is made known only below, in line", 1, NULL},
    {"state ESTABLISHED", "use synchronized\n", "use synchronized\nuse timestamps\n", "is here already, by line", 1,
     "use synchronized"},
    {"", "parameter ANSWER        500 ms", "parameter ANSWER 1 s\nparameter ANSWER 2 s", "this name was already given",
     1, "parameter ANSWER"},
    {"", "choice before-5961", "choice follows-5961", "this name was already given, in line", 0, NULL},
    {"", "predicate in-order", "predicate PASSIVE", "this is a fact's name", 0, NULL},
    {"", "parameter R2.DATA", "parameter SND.NXT", "this is a variable's name", 0, NULL},
    /* Options and ECN. */
    {"", "option mss 2", "optoin mss 2", "is `option` meant?", 0, NULL},
    {"", "option mss 2", "mss 2", "what this line begins with is not known", 0, NULL},
    {"", "option timestamps 8", "option timestamps 5", "this option was already described, in line", 0, NULL},
    {"option timestamps", "  elsewhere ", "  elswhere ", "is `elsewhere` meant?", 0, NULL},
    {"option timestamps", "if agreed", "if aggreed", "expected `received` or `agreed`", 0, NULL},
    {"option timestamps", "  on RST         may", "  on SYN         may", "this was already said, in line", 0,
     "  on SYN         may"},
    {"\necn\n", "codes   ", "cods   ", "is `codes` meant?", 0, NULL},
    {"\necn\n", "000 011 111", "000 021 111", "expected AE, CWR and ECE as three digits", 0, NULL},
    {"\necn\n", "to 011  000", "to 000  000", "this was already said, in line", 0, "to 000"},
};

static unsigned line_at(const char *text, const char *at)
{
    unsigned line = 1;
    for (; text < at; text++)
        line += *text == '\n';
    return line;
}

static const char *find(const char *text, const char *behind, const char *what)
{
    const char *at = strstr(text, behind);
    if (at != NULL)
        at = strstr(at, what);
    if (at == NULL)
        fail_msg("`%s` is not there behind `%s`", what, behind);
    return at;
}

static void put_changed(struct text *changed, const char *text, const struct planted *row)
{
    const char *at = find(text, row->behind, row->from);
    text_append_bytes(changed, text, (size_t)(at - text));
    text_append_string(changed, row->to);
    text_append_string(changed, at + strlen(row->from));
}

/* False, and it is said what was told instead, if it isn't that and nothing else. */
static bool is_told(const char *text, const struct planted *row)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct spec spec;
    struct text changed = text_growing();
    struct text told = text_growing();
    char named[32] = "";
    put_changed(&changed, text, row);
    const struct source source = {"planted", text_string(&changed), changed.length};
    assert_false(spec_parse(&spec, &source, &diagnostics));
    diagnostics_print(&told, &source, &diagnostics);
    const unsigned line = line_at(text, find(text, row->behind, row->from)) + row->lines_down;
    if (row->before != NULL)
        (void)snprintf(named, sizeof(named), "line %u", line_at(text, find(text, row->behind, row->before)));
    bool right = diagnostics.count == 1 && strstr(diagnostics.items[0].message, row->message) != NULL &&
                 strstr(diagnostics.items[0].message, named) != NULL &&
                 source_position(&source, diagnostics.items[0].at.offset).line == line;
    if (!right)
        print_error("`%s` for `%s`: expected in line %u, alone: %s %s\nbut:\n%s", row->to, row->from, line,
                    row->message, named, text_string(&told));
    text_free(&told);
    text_free(&changed);
    spec_free(&spec);
    arena_free(&arena);
    return right;
}

static void read_specification(struct text *text)
{
    struct error error;
    assert_true(text_file_read(SHAKEDOWN_SOURCE_DIR "/specs/tcp-handshake.spec", "specification", text, &error));
}

static void one_mistake_is_one_message(void **state)
{
    (void)state;
    struct text text = text_growing();
    size_t wrong = 0;
    read_specification(&text);
    for (size_t i = 0; i < COUNT_OF(planted); i++)
        wrong += !is_told(text_string(&text), &planted[i]);
    assert_int_equal(wrong, 0);
    text_free(&text);
}

/* Those that stand in different places, and don't hide each other. */
static void all_mistakes_are_told_at_once(void **state)
{
    (void)state;
    static const char *const behind[] = {"state CLOSED", "state LISTEN", "state SYN-SENT", "state ESTABLISHED"};
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct spec spec;
    struct text texts[2] = {text_growing(), text_growing()};
    read_specification(&texts[0]);
    for (size_t i = 0; i < COUNT_OF(behind); i++) {
        const struct planted changes[] = {{behind[i], "arrives ", "arives ", "", 0, NULL},
                                          {behind[i], "  silent\n", "  silnet\n", "", 0, NULL},
                                          {behind[i], "\n  go ", "\n  go X", "", 0, NULL}};
        for (size_t j = 0; j < COUNT_OF(changes); j++) {
            text_clear(&texts[1]);
            put_changed(&texts[1], text_string(&texts[0]), &changes[j]);
            const struct text swapped = texts[0];
            texts[0] = texts[1];
            texts[1] = swapped;
        }
    }
    const struct source source = {"planted", text_string(&texts[0]), texts[0].length};
    assert_false(spec_parse(&spec, &source, &diagnostics));
    assert_int_equal(diagnostics.count, 3 * COUNT_OF(behind));
    text_free(&texts[0]);
    text_free(&texts[1]);
    spec_free(&spec);
    arena_free(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_mistake_is_one_message),
        cmocka_unit_test(all_mistakes_are_told_at_once),
    };
    return cmocka_run_group_tests_name("parse_recovery", tests, NULL, NULL);
}
