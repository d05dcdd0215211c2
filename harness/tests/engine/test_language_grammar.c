/* SPDX-License-Identifier: MIT */
/*
 * The scripts of specs/suites/language use every production of the grammars in specs/README.md (the chapters Segments
 * and Scripts). Each row here is a part of a production and how it looks once parsed; a part of the grammar that has no
 * row is named, and so is a row that no script shows.
 */
#include "language_suite.h"

#include <ctype.h>

struct production_row {
    const char *production;
    const char *part; /* words of the production, one behind another; "" for all of it where it is a matter of words */
    suite_sight *sight;
    const void *wanted;
};

#define NUMBER(value) ((const void *)(uintptr_t)(value))

/* --- Scripts as a whole --- */

static bool is_script_with(const struct suite_place *place, const void *wanted)
{
    const struct program *program = &place->script->program;
    if (place->event != NULL)
        return false;
    switch (*(const char *)wanted) {
    case 'o':
        return program->option_count > 0;
    case 'i':
        return program->init_command != NULL;
    case 'c':
        return program->cleanup_command != NULL;
    default:
        return program->event_count > 0;
    }
}

/* An option of a script as it was written. */
static bool is_option_with(const struct suite_place *place, const void *wanted)
{
    const struct program *program = &place->script->program;
    for (size_t i = 0; place->event == NULL && i < program->option_count; i++)
        if (place_has(place, program->options[i].at, wanted))
            return true;
    return false;
}

/* --- Events --- */

static bool is_event(const struct suite_place *place, const void *wanted)
{
    return place_is_event(place) && place->event->kind == (enum event_kind)(uintptr_t)wanted;
}

static bool is_time(const struct suite_place *place, const void *wanted)
{
    return place_is_event(place) && !place->event->time.blocking &&
           place->event->time.kind == (enum event_time_kind)(uintptr_t)wanted;
}

/* A time of a call that blocks, with so many `+`. */
static bool is_blocking(const struct suite_place *place, const void *wanted)
{
    if (!place_is_event(place) || !place->event->time.blocking)
        return false;
    const struct span at = place->event->time.at;
    const char *text = place->script->program.source.text + at.offset;
    uintptr_t count = 0;
    for (size_t i = 0; i < at.length; i++)
        count += text[i] == '+';
    return count == (uintptr_t)wanted;
}

static bool is_alternative(const struct suite_place *place, const void *wanted)
{
    if (!place_is_event(place) || place->event->kind != EVENT_EXPECT)
        return false;
    return wanted == NULL ? place->event->other_count > 0 : place->event->or_nothing;
}

static bool is_call_with(const struct suite_place *place, const void *wanted)
{
    const struct call_event *call = place_call(place);
    if (call == NULL)
        return false;
    switch (*(const char *)wanted) {
    case 'a':
        return call->count > 1;
    case 'r':
        return call->has_result;
    case 'e':
        return call->error_name != NULL;
    case 'n':
        return call->note != NULL;
    default:
        return true;
    }
}

/* --- Values --- */

static bool is_value(const struct suite_place *place, const void *wanted)
{
    return place->value != NULL && place->value->kind == (enum value_kind)(uintptr_t)wanted;
}

static bool is_unary(const struct suite_place *place, const void *wanted)
{
    return is_value(place, NUMBER(VALUE_UNARY)) && strcmp(place->value->text, wanted) == 0;
}

static bool is_binary(const struct suite_place *place, const void *wanted)
{
    return is_value(place, NUMBER(VALUE_BINARY)) && strcmp(place->value->text, wanted) == 0;
}

static bool is_written(const struct suite_place *place, const void *wanted)
{
    return place->value != NULL && place_begins(place, place->value->at, wanted);
}

static bool has_several(const struct suite_place *place, const void *wanted)
{
    return is_value(place, wanted) && place->value->count > 1;
}

static bool is_string_of_strings(const struct suite_place *place, const void *wanted)
{
    return is_value(place, NUMBER(VALUE_STRING)) && place_has(place, place->value->at, wanted);
}

static bool is_member_with(const struct suite_place *place, const void *wanted)
{
    if (!is_value(place, NUMBER(VALUE_STRUCT)))
        return false;
    for (size_t i = 0; i < place->value->count; i++)
        if (*(const char *)wanted == 'e' ? place->value->items[i].extent != NULL
                                         : (place->value->names[i] != NULL) == (*(const char *)wanted == 'n'))
            return true;
    return false;
}

/* --- Segments --- */

static bool is_transport(const struct suite_place *place, const void *wanted)
{
    return place->segment != NULL && place->segment->packet.transport == (enum packet_transport)(uintptr_t)wanted;
}

static bool gives(const struct suite_place *place, const void *wanted)
{
    return place->segment != NULL && pattern_gives(place->segment, (enum pattern_field)(uintptr_t)wanted);
}

static bool begins(const struct suite_place *place, const void *wanted)
{
    return place->segment != NULL && place_begins(place, place->segment->at, wanted);
}

static bool has(const struct suite_place *place, const void *wanted)
{
    return place->segment != NULL && place_has(place, place->segment->at, wanted);
}

static bool has_options(const struct suite_place *place, const void *wanted)
{
    const struct pattern *segment = place->segment;
    if (segment == NULL || segment->packet.transport != TRANSPORT_TCP)
        return false;
    switch (*(const char *)wanted) {
    case 'l':
        return segment->packet.tcp.options.length > 4 && !segment->option_set.is_set;
    case 's':
        return segment->option_set.is_set;
    case 'm':
        return segment->option_set.optional != 0;
    case 'v':
        return segment->option_set.any_value != 0;
    case 'r':
        return segment->option_set.is_set && segment->any_options;
    default:
        return segment->any_options && !segment->option_set.is_set;
    }
}

/* A header in front of the packet: its kind, and of GRE what the text gives of it. */
static bool has_outer(const struct suite_place *place, const void *wanted)
{
    const struct outer_header *const header = wanted;
    const struct encapsulation *around = place->segment == NULL ? NULL : &place->segment->encapsulation;
    for (size_t i = 0; around != NULL && i < around->count; i++)
        if (around->headers[i].kind == header->kind && (around->headers[i].given & header->given) == header->given)
            return true;
    return false;
}

static bool is_over_udp(const struct suite_place *place, const void *wanted)
{
    (void)wanted;
    return place->segment != NULL && (place->segment->encapsulation.over_udp || place->segment->quote.over_udp);
}

/* An ICMP message with what WANTED says. */
static bool is_icmp_with(const struct suite_place *place, const void *wanted)
{
    const struct pattern *segment = place->segment;
    if (segment == NULL ||
        (segment->packet.transport != TRANSPORT_ICMPV4 && segment->packet.transport != TRANSPORT_ICMPV6))
        return false;
    switch (*(const char *)wanted) {
    case 't':
        return segment->icmp_type_word != 0;
    case 'c':
        return segment->icmp_code_word != 0;
    default:
        return place_has(place, segment->at, wanted);
    }
}

/* A quoted packet of the transport WANTED; none: over UDP. */
static bool has_quote(const struct suite_place *place, const void *wanted)
{
    return place->segment != NULL && pattern_gives(place->segment, FIELD_QUOTE) &&
           (wanted == NULL ? place->segment->quote.over_udp
                           : place->segment->quote.transport == (enum packet_transport)(uintptr_t)wanted);
}

static const struct outer_header outer_ip = {.kind = OUTER_IP};
static const struct outer_header outer_mpls = {.kind = OUTER_MPLS};
static const struct outer_header outer_gre = {.kind = OUTER_GRE};
static const struct outer_header outer_gre_checksum = {.kind = OUTER_GRE, .given = GRE_GIVES_CHECKSUM};
static const struct outer_header outer_gre_offset = {.kind = OUTER_GRE, .given = GRE_GIVES_OFFSET};
static const struct outer_header outer_gre_key = {.kind = OUTER_GRE, .given = GRE_GIVES_KEY};
static const struct outer_header outer_gre_sequence = {.kind = OUTER_GRE, .given = GRE_GIVES_SEQUENCE};

static const struct production_row rows[] = {
    {"packet", "outer \":\"", has_outer, &outer_ip},
    {"packet", "quote", begins, "[4294967295:"},
    {"outer", "\"ipv4\"", begins, "ipv4"},
    {"outer", "\"ipv6\" ADDRESS \">\" ADDRESS", begins, "ipv6"},
    {"outer", "\"(\" ip \",\" ip \")\"", has, "(tos 0x10, ttl 9): gre"},
    {"outer", "\"gre\" gre \",\" gre", has_outer, &outer_gre},
    {"outer", "\"mpls\" label", has_outer, &outer_mpls},
    {"gre", "\"flags\"", has, "gre flags"},
    {"gre", "\"sum\"", has_outer, &outer_gre_checksum},
    {"gre", "\"off\"", has_outer, &outer_gre_offset},
    {"gre", "\"key\"", has_outer, &outer_gre_key},
    {"gre", "\"seq\" N", has_outer, &outer_gre_sequence},
    {"label", "\"(\" \"label\" N \",\" \"tc\" N \",\" \"[S]\" \",\" \"ttl\" N \")\"", has_outer, &outer_mpls},
    {"tcp", "over-udp", is_over_udp, NULL},
    {"over-udp", "\"/\" \"udp\" \"(\" ports \")\"", is_over_udp, NULL},
    {"packet", "\"(\" ip \",\" ip \")\"", begins, "("},
    {"packet", "\"[\" ip \",\" ip \"]\"", begins, "["},
    {"packet", "outer \":\"", begins, "ipv4"},
    {"packet", "quote", begins, "["},
    {"packet", "tcp", is_transport, NUMBER(TRANSPORT_TCP)},
    {"packet", "udp", is_transport, NUMBER(TRANSPORT_UDP)},
    {"packet", "icmp", is_transport, NUMBER(TRANSPORT_ICMPV4)},
    {"packet", "icmp", is_transport, NUMBER(TRANSPORT_ICMPV6)},
    {"packet", "other", begins, "raw"},
    {"tcp", "places", has, "addr["},
    {"places", "place \">\" place", has, "] > addr["},
    {"place", "\"addr\" \"[\" NAME \"]\"", begins, "addr["},
    {"place", "\"addr\"", begins, "> addr["},
    {"tcp", "ports", gives, NUMBER(FIELD_SOURCE_PORT)},
    {"tcp", "FLAGS N \":\" N \"(\" N \")\"", gives, NUMBER(FIELD_SEQUENCE)},
    {"tcp", "FLAGS", begins, "-"},
    {"tcp", "FLAGS", begins, ".5"},
    {"tcp", "FLAGS", has, "?"},
    {"tcp", "\"ack\" N", gives, NUMBER(FIELD_ACKNOWLEDGMENT)},
    {"tcp", "\"win\" N", gives, NUMBER(FIELD_WINDOW)},
    {"tcp", "\"urg\" N", gives, NUMBER(FIELD_URGENT_POINTER)},
    {"tcp", "options", gives, NUMBER(FIELD_OPTIONS)},
    {"tcp", "braces", gives, NUMBER(FIELD_RESERVED)},
    {"udp", "\"udp\" ports \"(\" N \")\" braces", gives, NUMBER(FIELD_UDP_LENGTH)},
    {"icmp", "\"icmp\"", is_icmp_with, "icmp "},
    {"icmp", "\"icmpv4\"", is_icmp_with, "icmpv4"},
    {"icmp", "\"icmpv6\"", is_icmp_with, "icmpv6"},
    {"icmp", "TYPE", is_icmp_with, "type word"},
    {"icmp", "\"type_\" N", is_icmp_with, " type_"},
    {"icmp", "CODE", is_icmp_with, "code word"},
    {"icmp", "\"code_\" N", is_icmp_with, "_problem code_"},
    {"icmp", "N", is_icmp_with, "parameter_problem 2"},
    {"icmp", "\"type\" N", is_icmp_with, " type 3"},
    {"icmp", "\"code\" N", is_icmp_with, " code 4"},
    {"icmp", "\"mtu\" N", is_icmp_with, " mtu "},
    {"icmp", "\"rest\" N \"(\" N \")\"", gives, NUMBER(FIELD_ICMP_REST)},
    {"icmp", "quote braces", gives, NUMBER(FIELD_QUOTE)},
    {"quote", "\"[\" N \":\" N \"(\" N \")\"", has_quote, NUMBER(TRANSPORT_TCP)},
    {"quote", "over-udp", has_quote, NULL},
    {"quote", "\"udp\" \"(\" N \")\" \"]\"", has_quote, NUMBER(TRANSPORT_UDP)},
    {"other", "\"protocol\" N bytes", gives, NUMBER(FIELD_PROTOCOL)},
    {"other", "\"raw\" bytes", begins, "raw"},
    {"ports", "N \">\" N", gives, NUMBER(FIELD_DESTINATION_PORT)},
    {"options", "\"<\" option \",\" option \">\"", has_options, "list"},
    {"options", "\"<\" set \">\"", has_options, "set"},
    {"options", "\"<\" \"...\" \">\"", has, "<...>"},
    {"options", "\"...\"", has_options, "..."},
    {"set", "\"any\" \"order\" \":\"", has, "<any order:"},
    {"set", "item \",\" item", has_options, "set"},
    {"set", "\",\" \"...\"", has_options, "rest"},
    {"item", "option \"?\"", has_options, "missing"},
    {"item", "NAME \"...\" \"?\"", has_options, "value"},
    {"braces", "\"{\" field \",\" field \"}\"", has, "{"},
    {"bytes", "HEX", gives, NUMBER(FIELD_PAYLOAD)},
    {"bytes", "STRING", has, "\""},

    {"script", "option", is_script_with, "option"},
    {"script", "command", is_script_with, "init"},
    {"script", "command", is_script_with, "cleanup"},
    {"script", "event", is_script_with, "event"},
    {"option", "\"--\" NAME \"=\" value-up-to-a-blank", is_option_with, "=ipv4"},
    {"option", "\"=\" STRING", is_option_with, "=\""},
    {"event", "time action", is_event, NUMBER(EVENT_CALL)},
    {"time", "\"*\"", is_time, NUMBER(TIME_ANY)},
    {"time", "NUMBER", is_time, NUMBER(TIME_ABSOLUTE)},
    {"time", "\"+\" NUMBER", is_time, NUMBER(TIME_RELATIVE)},
    {"time", "NUMBER \"~\" NUMBER", is_time, NUMBER(TIME_ABSOLUTE_RANGE)},
    {"time", "\"+\" NUMBER \"~\" \"+\" NUMBER", is_time, NUMBER(TIME_RELATIVE_RANGE)},
    {"time", "NUMBER \"...\" NUMBER", is_blocking, NUMBER(0)},
    {"time", "\"+\" NUMBER \"...\" \"+\" NUMBER", is_blocking, NUMBER(1)},
    {"time", "\"+\" NUMBER \"...\" \"+\" NUMBER", is_blocking, NUMBER(2)},
    {"action", "\"<\" segment", is_event, NUMBER(EVENT_INJECT)},
    {"action", "\">\" answers", is_event, NUMBER(EVENT_EXPECT)},
    {"action", "\">\" \"nothing\"", is_event, NUMBER(EVENT_NOTHING)},
    {"action", "call", is_event, NUMBER(EVENT_CALL)},
    {"action", "command", is_event, NUMBER(EVENT_COMMAND)},
    {"action", "code", is_event, NUMBER(EVENT_CODE)},
    {"answers", "segment \"or\" segment", is_alternative, NULL},
    {"answers", "\"or\" \"nothing\"", is_alternative, "nothing"},
    {"call", "NAME \"(\" value \",\" value \")\"", is_call_with, "arguments"},
    {"call", "\"=\" value", is_call_with, "result"},
    {"call", "ERROR", is_call_with, "error"},
    {"call", "\"(\" note \")\"", is_call_with, "note"},
    {"command", "\"`\" text \"`\"", is_event, NUMBER(EVENT_COMMAND)},
    {"code", "\"%{\" text \"}%\"", is_event, NUMBER(EVENT_CODE)},
    {"value", "operand", is_value, NUMBER(VALUE_INTEGER)},
    {"value", "\"|\"", is_binary, "|"},
    {"value", "\"&\"", is_binary, "&"},
    {"value", "\"<<\"", is_binary, "<<"},
    {"value", "\">>\"", is_binary, ">>"},
    {"value", "\"+\"", is_binary, "+"},
    {"value", "\"-\"", is_binary, "-"},
    {"value", "\"*\"", is_binary, "*"},
    {"operand", "\"~\"", is_unary, "~"},
    {"operand", "\"-\"", is_unary, "-"},
    {"operand", "\"&\"", is_unary, "&"},
    {"operand", "\"...\"", is_value, NUMBER(VALUE_ELLIPSIS)},
    {"operand", "INTEGER", is_value, NUMBER(VALUE_INTEGER)},
    {"operand", "INTEGER", is_written, "0x"},
    {"operand", "NAME", is_value, NUMBER(VALUE_NAME)},
    {"operand", "STRING", is_value, NUMBER(VALUE_STRING)},
    {"operand", "STRING", is_string_of_strings, "\" \""},
    {"operand", "\"(\" value \")\"", is_written, "("},
    {"operand", "\"[\" value \",\" value \"]\"", has_several, NUMBER(VALUE_LIST)},
    {"operand", "\"{\" member \",\" member \"}\"", has_several, NUMBER(VALUE_STRUCT)},
    {"operand", "NAME \"(\" value \",\" value \")\"", has_several, NUMBER(VALUE_CALL)},
    {"member", "NAME", is_member_with, "named"},
    {"member", "\"(\" value \")\" \"=\"", is_member_with, "extent"},
    {"member", "value", is_member_with, "unnamed"},
};

static void every_row_is_shown(void **state)
{
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char what[128];
        (void)snprintf(what, sizeof(what), "%s of \"%s\" (row %zu)", rows[i].part, rows[i].production, i);
        if (!suite_shows(*state, rows[i].sight, rows[i].wanted))
            suite_missing(&count, "part", what);
    }
    assert_int_equal(count, 0);
}

/* --- The grammars as they stand in specs/README.md --- */

/* Takes the next word of a production at *AT: in quotes with its quotes, or a name. Brackets that only group are passed
 * over. False at the end of the line or text. */
static bool next_word(const char **at, char word[64])
{
    const char *start = *at + strspn(*at, " \n[]{}()|");
    size_t length = start[0] == '"' ? strcspn(start + 1, "\"") + 2 : strcspn(start, " \n[]{}()|");
    assert_in_range(length, 0, 63);
    memcpy(word, start, length);
    word[length] = '\0';
    *at = start + length;
    return length > 0;
}

/* True if the words of PART stand one behind another in TEXT, and WORD (NULL: whatever) is one of them. */
static bool part_is_in(const char *part, const char *text, const char *word)
{
    char of_part[64], of_text[64];
    bool has_word = word == NULL;
    for (const char *from = text; next_word(&from, of_text);) {
        const char *left = part, *right = from - strlen(of_text);
        bool same = true;
        while (same && next_word(&left, of_part)) {
            same = next_word(&right, of_text) && strcmp(of_part, of_text) == 0;
            has_word = has_word || (same && strcmp(of_part, word) == 0);
        }
        if (same)
            return has_word;
    }
    return false;
}

/* Each word of a production is in a row of it. */
static void check_production(const char *name, const char *text, size_t *count)
{
    char word[64];
    for (const char *at = text; next_word(&at, word);) {
        bool found = false;
        for (size_t i = 0; i < COUNT_OF(rows) && !found; i++)
            found = strcmp(rows[i].production, name) == 0 && part_is_in(rows[i].part, text, word);
        if (!found) {
            print_error("no row here is about %s of the production \"%s\"\n", word, name);
            (*count)++;
        }
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++)
        if (strcmp(rows[i].production, name) == 0 && !part_is_in(rows[i].part, text, NULL)) {
            print_error("the production \"%s\" has no %s\n", name, rows[i].part);
            (*count)++;
        }
}

/* Productions begin at the start of a line; a further line of one is indented. */
static size_t check_grammar(char *grammar, size_t *count)
{
    size_t productions = 0;
    for (char *at = grammar; *at != '\0'; productions++) {
        char *end = at + strcspn(at, "\n");
        while (end[0] == '\n' && end[1] == ' ')
            end += 1 + strcspn(end + 1, "\n");
        char *equals = strstr(at, " = ");
        bool more = *end != '\0';
        assert_non_null(equals);
        *end = '\0';
        at[strcspn(at, " ")] = '\0';
        check_production(at, equals + strlen(" = "), count);
        at = end + more;
    }
    return productions;
}

static void every_part_of_the_grammar_has_a_row(void **state)
{
    (void)state;
    size_t productions = 0, count = 0, size = 0;
    char *readme = NULL;
    FILE *file = fopen(SHAKEDOWN_SOURCE_DIR "/specs/README.md", "r");
    assert_non_null(file);
    assert_true(getdelim(&readme, &size, '\0', file) > 0);
    assert_int_equal(fclose(file), 0);
    /* The specification has a grammar of its own, in a chapter before those. */
    char *scripts = strstr(readme, "\n## Segments\n");
    assert_non_null(scripts);
    for (char *at = scripts; (at = strstr(at, "\n### Grammar\n")) != NULL;) {
        char *start = strstr(at, "\n```\n") + strlen("\n```\n");
        at = strstr(start, "\n```");
        assert_non_null(at);
        *at++ = '\0';
        productions += check_grammar(start, &count);
    }
    free(readme);
    assert_in_range(productions, 20, 100);
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_shown),
        cmocka_unit_test(every_part_of_the_grammar_has_a_row),
    };
    return cmocka_run_group_tests(tests, suite_set_up, suite_tear_down);
}
