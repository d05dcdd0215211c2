/* SPDX-License-Identifier: MIT */
/* Events: a time, and what happens then. */
#include "script/parser.h"

#include "base/character.h"

enum { ALTERNATIVES_MOST = 7 }; /* besides the first */

static bool parse_body(struct parser *parser, size_t end, const char **text, size_t *length)
{
    size_t start = parser->scanner.offset;
    const char *copy = parser_copy(parser, (struct span){start, end - start});
    if (copy == NULL)
        return false;
    *text = copy;
    *length = end - start;
    return true;
}

bool parse_command(struct parser *parser, const char **text, size_t *length)
{
    struct scanner *scanner = &parser->scanner;
    size_t start = scanner->offset++;
    size_t end = parser_find(parser, scanner->offset, "`");
    if (end == scanner->source->length)
        return diagnostics_add(scanner->diagnostics, (struct span){start, 1},
                               "this command is never closed: expected another backquote");
    if (!parse_body(parser, end, text, length))
        return false;
    scanner->offset = end + 1;
    return true;
}

bool parse_code(struct parser *parser, const char **text, size_t *length)
{
    struct scanner *scanner = &parser->scanner;
    size_t start = scanner->offset;
    scanner->offset += 2;
    size_t end = parser_find_code_end(parser, scanner->offset);
    if (end == scanner->source->length)
        return diagnostics_add(scanner->diagnostics, (struct span){start, 2},
                               "this code is never closed: expected `}%%`");
    if (!parse_body(parser, end, text, length))
        return false;
    scanner->offset = end + 2;
    return true;
}

/* Where the text up to the cursor ends, without blanks. */
static size_t text_end(const struct scanner *scanner)
{
    size_t end = scanner->offset;
    while (end > 0 && character_is_blank(scanner->source->text[end - 1]))
        end--;
    return end;
}

static struct pattern_names segment_names(struct parser *parser)
{
    return (struct pattern_names){.find = definition_number, .context = parser, .find_text = definition_bytes};
}

static bool parse_segment(struct parser *parser, struct event *event)
{
    const struct pattern_names names = segment_names(parser);
    return pattern_parse(&parser->scanner, &parser->program->arena, &names, &event->pattern);
}

/* What is sent has to be known. */
static bool nothing_is_open(struct parser *parser, const struct pattern *pattern)
{
    struct diagnostics *diagnostics = parser->scanner.diagnostics;
    if (pattern->open_flags != 0)
        return diagnostics_add(diagnostics, pattern->at,
                               "control bits with `?` are open: only an expected segment (`>`) can have them");
    if (pattern->option_set.is_set)
        return diagnostics_add(diagnostics, pattern->at,
                               "a set of options is open: only an expected segment (`>`) can have one");
    return true;
}

static bool parse_injected(struct parser *parser, struct event *event)
{
    parser->scanner.offset++;
    event->kind = EVENT_INJECT;
    return parse_segment(parser, event) && nothing_is_open(parser, &event->pattern);
}

/* Takes `or`, be it on a further line; the cursor stays where it is if there is none. */
static bool accept_or(struct parser *parser)
{
    struct scanner before = parser->scanner;
    parser_skip(parser);
    if (scanner_accept_word(&parser->scanner, "or")) {
        parser_skip(parser);
        return true;
    }
    parser->scanner.offset = before.offset;
    return false;
}

static bool parse_alternative(struct parser *parser, struct event *event, struct pattern *others)
{
    const struct pattern_names names = segment_names(parser);
    struct scanner *scanner = &parser->scanner;
    if (event->or_nothing)
        return scanner_fail_expected(scanner, "the end of the event: `nothing` is what is left, and so goes last");
    if (scanner_accept_word(scanner, "nothing")) {
        event->or_nothing = true;
        return true;
    }
    if (event->other_count == ALTERNATIVES_MOST)
        return scanner_fail_expected(scanner, "the end of the event: no more than 8 answers can be allowed");
    return pattern_parse(scanner, &parser->program->arena, &names, &others[event->other_count]) &&
           ++event->other_count > 0;
}

/* What may stand behind an expected segment: `or` and another, as often as one likes. */
static bool parse_alternatives(struct parser *parser, struct event *event)
{
    struct pattern others[ALTERNATIVES_MOST];
    while (accept_or(parser))
        if (!parse_alternative(parser, event, others))
            return false;
    if (event->other_count == 0)
        return true;
    struct pattern *kept = parser_take(parser, event->other_count * sizeof(*kept));
    if (kept == NULL)
        return false;
    memcpy(kept, others, event->other_count * sizeof(*kept));
    event->others = kept;
    return true;
}

static bool parse_expected(struct parser *parser, struct event *event)
{
    parser->scanner.offset++;
    if (scanner_accept_word(&parser->scanner, "nothing")) {
        event->kind = EVENT_NOTHING;
        return true;
    }
    event->kind = EVENT_EXPECT;
    return parse_segment(parser, event) && parse_alternatives(parser, event);
}

static bool parse_command_event(struct parser *parser, struct event *event)
{
    event->kind = EVENT_COMMAND;
    return parse_command(parser, &event->body.text, &event->body.length);
}

static bool parse_code_event(struct parser *parser, struct event *event)
{
    event->kind = EVENT_CODE;
    return parse_code(parser, &event->body.text, &event->body.length);
}

static bool parse_call_event(struct parser *parser, struct event *event)
{
    struct span name;
    struct scanner glance = parser->scanner;
    if (!scanner_word(&glance, &name))
        return scanner_fail_expected(&parser->scanner,
                                     "what happens then: `<`, `>`, a system call, a `command` or %{ code }%");
    event->kind = EVENT_CALL;
    return parse_call(parser, &event->call);
}

/* What begins each kind of event; a system call begins with its name. */
static const struct action_row {
    const char *opening;
    bool (*parse)(struct parser *parser, struct event *event);
} action_rows[] = {
    {"<", parse_injected},    {">", parse_expected},  {"`", parse_command_event},
    {"%{", parse_code_event}, {"", parse_call_event},
};

static bool parse_action(struct parser *parser, struct event *event)
{
    const struct action_row *row = action_rows;
    struct scanner glance = parser->scanner;
    while (!scanner_accept(&glance, row->opening))
        row++;
    scanner_skip_blanks(&parser->scanner);
    return row->parse(parser, event);
}

/* Which forms of time suit which events: packetdrill's rules, and ours for `nothing`. */
static const struct time_rule {
    bool any;
    bool range;
    bool blocking;
} time_rules[] = {
    [EVENT_INJECT] = {0},
    [EVENT_EXPECT] = {.any = true, .range = true},
    [EVENT_NOTHING] = {.range = true},
    [EVENT_CALL] = {.blocking = true},
    [EVENT_COMMAND] = {0},
    [EVENT_CODE] = {0},
};

static bool event_time_suits(struct parser *parser, const struct event *event)
{
    const struct event_time *time = &event->time;
    const struct time_rule *rule = &time_rules[event->kind];
    bool range = time->kind == TIME_ABSOLUTE_RANGE || time->kind == TIME_RELATIVE_RANGE;
    const char *problem = NULL;
    if (time->kind == TIME_ANY && !rule->any)
        problem = "only an expected segment (`>`) can come at any time";
    else if (event->kind == EVENT_EXPECT && event->or_nothing && !range)
        problem = "`or nothing` needs a range of time, such as `+0~+0.5`: it says how long nothing comes";
    else if (range && !rule->range)
        problem = "only an expected segment (`>`) can have a range of time";
    else if (time->blocking && !rule->blocking)
        problem = "only a system call can block and return later";
    return problem == NULL || diagnostics_add(parser->scanner.diagnostics, time->at, "%s", problem);
}

bool parse_event(struct parser *parser, struct event *event)
{
    struct event read = {0};
    size_t start = parser->scanner.offset;
    if (!parse_time(parser, &read.time))
        return false;
    parser_skip(parser);
    if (!parse_action(parser, &read))
        return false;
    if (read.kind != EVENT_CALL)
        parser->event_end = text_end(&parser->scanner);
    read.at = (struct span){start, parser->event_end - start};
    if (!event_time_suits(parser, &read))
        return false;
    *event = read;
    return true;
}
