/* SPDX-License-Identifier: MIT */
/* The order of things in a script, and how parsing goes on behind a mistake. */
#include "script/parser.h"

#include "base/character.h"

/* Moves past a command, code or comment at the cursor, or else past one character. */
static void resync_step(struct parser *parser)
{
    struct scanner *scanner = &parser->scanner;
    size_t length = scanner->source->length;
    char first = scanner_peek(scanner, 0);
    char second = scanner_peek(scanner, 1);
    size_t end = length;
    if (first == '`')
        end = parser_find(parser, scanner->offset + 1, "`");
    else if (first == '%' && second == '{')
        end = parser_find_code_end(parser, scanner->offset);
    else if (first == '#' || (first == '/' && second == '/'))
        end = parser_find(parser, scanner->offset, "\n") - 1;
    scanner->offset = end < length ? end + 1 : scanner->offset + 1;
}

/* Moves to the next line that begins an event, or to the end. START is where the event that failed began. */
static void parse_resync(struct parser *parser, size_t start)
{
    struct scanner *scanner = &parser->scanner;
    struct span line = source_line(scanner->source, scanner->offset);
    size_t first = line.offset;
    while (first < scanner->offset && character_is_blank(scanner_peek(scanner, first - scanner->offset)))
        first++;
    if (first == scanner->offset && first > start && parser_time_begins(parser, first))
        return;
    while (scanner->offset < scanner->source->length) {
        if (scanner_peek(scanner, 0) != '\n') {
            resync_step(parser);
            continue;
        }
        scanner_skip_lines(scanner);
        if (parser_time_begins(parser, scanner->offset))
            return;
    }
}

static void parse_failed(struct parser *parser, size_t start)
{
    parser->pending_count = 0;
    if (parser->exhausted)
        parser->scanner.offset = parser->scanner.source->length;
    else
        parse_resync(parser, start);
}

/* An option that is not one costs its line. */
static void parse_head_option(struct parser *parser)
{
    struct scanner *scanner = &parser->scanner;
    if (!parse_option(parser))
        scanner->offset = parser_find(parser, scanner->offset, "\n");
}

/* A command without a time: COMMAND is where the program keeps it. One that is out of place is told and passed over. */
static bool parse_untimed_command(struct parser *parser, const char **command)
{
    struct scanner *scanner = &parser->scanner;
    size_t start = scanner->offset;
    size_t length;
    bool second = *command != NULL;
    if (!parse_command(parser, command, &length))
        return false;
    struct span at = parser_since(parser, start);
    scanner_skip_lines(scanner);
    bool last = scanner_at_end(scanner);
    bool cleanup = command == &parser->program->cleanup_command;
    if (cleanup ? !last : second)
        (void)diagnostics_add(scanner->diagnostics, at,
                              "this command needs a time: only one before the first event and one behind the last "
                              "can do without");
    return true;
}

static void parse_head(struct parser *parser)
{
    struct scanner *scanner = &parser->scanner;
    for (;;) {
        scanner_skip_lines(scanner);
        size_t start = scanner->offset;
        if (scanner_peek(scanner, 0) == '-' && scanner_peek(scanner, 1) == '-')
            parse_head_option(parser);
        else if (scanner_peek(scanner, 0) != '`')
            return;
        else if (!parse_untimed_command(parser, &parser->program->init_command))
            parse_failed(parser, start);
    }
}

static bool parse_event_onto_program(struct parser *parser)
{
    struct program *program = parser->program;
    void *events = program->events;
    if (!parser_array_room(parser, &events, sizeof(*program->events), program->event_count, &parser->event_capacity))
        return false;
    program->events = events;
    if (!parse_event(parser, &program->events[program->event_count]))
        return false;
    program->event_count++;
    return true;
}

/* What stands where a time is due, on the line where the event before it ended, is most likely part of that. */
static bool fail_no_time(struct parser *parser)
{
    struct scanner *scanner = &parser->scanner;
    struct span line = source_line(scanner->source, scanner->offset);
    if (parser->event_end > line.offset)
        return scanner_fail_expected(scanner, "the end of the event");
    if (scanner_peek(scanner, 0) == '-' && scanner_peek(scanner, 1) == '-')
        return diagnostics_add(scanner->diagnostics, (struct span){scanner->offset, 2},
                               "options stand at the head of a script, before its first event");
    return scanner_fail_expected(scanner, "the time of an event, such as `+0` or `0.1`");
}

static bool time_may_begin(const struct scanner *scanner)
{
    char first = scanner_peek(scanner, 0);
    return character_is_digit(first) || first == '+' || first == '*' || first == '.' ||
           (first == '-' && scanner_peek(scanner, 1) != '-');
}

static void parse_events(struct parser *parser)
{
    struct scanner *scanner = &parser->scanner;
    for (;;) {
        scanner_skip_lines(scanner);
        size_t start = scanner->offset;
        if (scanner_at_end(scanner))
            return;
        bool done;
        if (scanner_peek(scanner, 0) == '`')
            done = parse_untimed_command(parser, &parser->program->cleanup_command);
        else if (time_may_begin(scanner))
            done = parse_event_onto_program(parser);
        else
            done = fail_no_time(parser);
        if (!done)
            parse_failed(parser, start);
    }
}

void parse_script(struct parser *parser)
{
    struct scanner *scanner = &parser->scanner;
    parser->program->continues = parser->settings != NULL && parser->settings->earlier_names;
    parse_head(parser);
    parse_events(parser);
    check_names(parser);
    if (parser->program->event_count == 0 && scanner->diagnostics->count == 0)
        (void)diagnostics_add(scanner->diagnostics, (struct span){scanner->source->length, 0},
                              "this script has no events");
}
