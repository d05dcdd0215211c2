/* SPDX-License-Identifier: MIT */
/* The machines of options: on which segments each may stand. */
#include "spec/parse.h"
#include "spec/segment.h"

static bool parse_presence(struct parser *parser, uint8_t *presence)
{
    if (spec_parse_accept_word(parser, "never"))
        *presence = SPEC_NEVER;
    else if (spec_parse_accept_word(parser, "may"))
        *presence = SPEC_MAY_STAND;
    else if (!spec_parse_accept_word(parser, "if"))
        return scanner_fail_expected(&parser->scanner, "`never`, `may`, `if received` or `if agreed`");
    else if (spec_parse_accept_word(parser, "received"))
        *presence = SPEC_IF_RECEIVED;
    else if (spec_parse_accept_word(parser, "agreed"))
        *presence = scanner_accept(&parser->scanner, ",") && spec_parse_accept_word(parser, "always")
                        ? SPEC_ALWAYS_IF_AGREED
                        : SPEC_IF_AGREED;
    else
        return scanner_fail_expected(&parser->scanner, "`received` or `agreed`");
    return spec_parse_line_end(parser);
}

/* An option while its lines come in. */
struct pending_option {
    struct spec_option option;
    struct span on_at[SPEC_PLACE_COUNT]; /* length 0: not said yet */
    struct span value_at;
    bool clauses_unsure;
    bool broken;
    bool lost; /* behind the clauses, in lines whose head could not be read */
};

static bool parse_on(struct parser *parser, struct pending_option *pending, enum spec_place place, struct span word)
{
    return spec_parse_first(parser, word, &pending->on_at[place]) && parse_presence(parser, &pending->option.on[place]);
}

/* Behind `on`. */
static bool parse_place(struct parser *parser, struct pending_option *pending, struct span word)
{
    if (spec_parse_accept_word(parser, "RST"))
        return parse_on(parser, pending, SPEC_ON_RST, word);
    if (!spec_parse_accept_word(parser, "SYN"))
        return scanner_fail_expected(&parser->scanner, "`SYN`, `SYN+ACK` or `RST`");
    if (!scanner_accept(&parser->scanner, "+"))
        return parse_on(parser, pending, SPEC_ON_SYN, word);
    if (!spec_parse_accept_word(parser, "ACK"))
        return scanner_fail_expected(&parser->scanner, "`ACK`");
    return parse_on(parser, pending, SPEC_ON_SYN_ACK, word);
}

static bool parse_option_head(struct parser *parser, struct spec_option *option)
{
    uint64_t kind;
    option->name = spec_parse_name(parser, "the option's name");
    if (option->name == NULL || !scanner_expect_unsigned(&parser->scanner, UINT8_MAX, &kind, "the option's kind"))
        return false;
    option->kind = (uint8_t)kind;
    option->bit = segment_option_bit(option->kind);
    for (size_t i = 0; i < parser->options.count; i++) {
        const struct spec_option *other = &parser->options.items[i];
        if (other->kind == option->kind || strcmp(other->name, option->name) == 0)
            return diagnostics_add(parser->scanner.diagnostics, option->at,
                                   "this option was already described, in line %u",
                                   spec_parse_line_of(parser, other->at));
    }
    return spec_parse_line_end(parser);
}

/* One line of an option but its head. False if it is none: another section begins. */
static bool parse_line(struct parser *parser, struct pending_option *pending)
{
    static const char *const words[] = {"on", "elsewhere", "value"};
    const struct span word = spec_parse_peek(parser);
    bool sound = false;
    if (spec_parse_at_clause(parser)) {
        sound = spec_parse_clauses(parser, &pending->option.clauses, &pending->option.clause_count);
        pending->clauses_unsure = pending->clauses_unsure || !sound;
    } else {
        const size_t meant = spec_parse_line_meant(parser, word, words, COUNT_OF(words));
        if (meant > COUNT_OF(words))
            return false;
        parser->scanner.offset += word.length;
        if (meant == COUNT_OF(words)) {
            pending->clauses_unsure = true;
            pending->lost = pending->option.clause_count > 0;
        } else if (meant == 0)
            sound = parse_place(parser, pending, word);
        else if (meant == 1)
            sound = parse_on(parser, pending, SPEC_ELSEWHERE, word);
        else
            sound = spec_parse_first(parser, word, &pending->value_at) &&
                    spec_parse_condition(parser, &pending->option.value) && spec_parse_line_end(parser);
    }
    pending->broken = pending->broken || !sound;
    spec_parse_skip_line(parser);
    return true;
}

bool spec_parse_option(struct parser *parser, struct span word)
{
    struct pending_option pending = {
        .option = {.value = SPEC_NO_NODE, .at = word, .number = (uint16_t)parser->options.count}};
    pending.broken = !parse_option_head(parser, &pending.option);
    spec_parse_skip_line(parser);
    do
        scanner_skip_lines(&parser->scanner);
    while (!scanner_at_end(&parser->scanner) && parse_line(parser, &pending) && !pending.lost);
    if (pending.lost)
        spec_parse_skip_section(parser);
    if (!pending.clauses_unsure && !spec_parse_has_clauses(parser, word, pending.option.clause_count))
        pending.broken = true;
    if (!pending.broken && PARSE_ROOM(parser, &parser->options, PARSE_NAMES_MOST))
        parser->options.items[parser->options.count++] = pending.option;
    return true;
}
