/* SPDX-License-Identifier: MIT */
/*
 * Parses any text as a script: there is a program or there are messages, and these can be printed. A program's text is
 * an equal program again, be it printed from the tree or laid out anew, and that text is left as it is the next time.
 */
#include "script/print.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Looks at both ends of what a value holds. */
static unsigned look_at_value(const struct value *value)
{
    unsigned seen = value->height;
    INVARIANT(value->height >= 1 && value->height <= VALUE_HEIGHT_MOST);
    if (value->text != NULL)
        seen += (unsigned char)value->text[0] + (unsigned char)value->text[value->text_length];
    for (size_t i = 0; i < value->count; i++) {
        INVARIANT(value->items[i].height < value->height);
        seen += look_at_value(&value->items[i]);
    }
    return seen;
}

static unsigned look_at_event(const struct event *event)
{
    unsigned seen = 0;
    if (event->kind == EVENT_COMMAND || event->kind == EVENT_CODE)
        return (unsigned char)event->body.text[event->body.length];
    if (event->kind != EVENT_CALL)
        return 0;
    for (size_t i = 0; i < event->call.count; i++)
        seen += look_at_value(&event->call.arguments[i]);
    return seen + (event->call.has_result ? look_at_value(&event->call.result) : 0);
}

/* Events stand one behind the other in the source. */
static unsigned look_at_program(const struct program *program)
{
    unsigned seen = 0;
    size_t behind = 0;
    INVARIANT(program->event_count > 0);
    for (size_t i = 0; i < program->event_count; i++) {
        const struct event *event = &program->events[i];
        INVARIANT(event->at.offset >= behind && event->at.length > 0);
        behind = event->at.offset + event->at.length;
        INVARIANT(behind <= program->source.length);
        seen += look_at_event(event);
    }
    return seen;
}

/* How a program becomes text, and the settings with which that is read. */
struct way {
    void (*print)(struct text *text, const struct program *program);
    const struct program_settings *settings;
};

/* The program that TEXT is; it must be one. */
static void parse_again(const struct text *text, const struct way *way, struct program *again)
{
    const struct source source = {"again", text_string(text), text->length};
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    bool done = program_parse(&source, way->settings, &diagnostics, again);
    INVARIANT(done && diagnostics.count == 0);
    arena_free(&arena);
}

static void check_text(const struct program *program, const struct way *way)
{
    struct text first = text_growing();
    struct text second = text_growing();
    struct program again;
    way->print(&first, program);
    parse_again(&first, way, &again);
    INVARIANT(program_equal(program, &again));
    way->print(&second, &again);
    INVARIANT(first.length == second.length && memcmp(first.data, second.data, first.length) == 0);
    program_free(&again);
    text_free(&first);
    text_free(&second);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct program_definition definitions[] = {{"MSS", "1460"}, {"HOST", "\"192.0.2.1\""}, {"ONE", "a"}};
    static const struct program_settings settings = {.definitions = definitions,
                                                     .definition_count = COUNT_OF(definitions)};
    const struct source source = {"script", (const char *)data, size};
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct program program;
    unsigned seen = 0;
    bool done = program_parse(&source, &settings, &diagnostics, &program);
    INVARIANT(done == (diagnostics.count == 0));
    if (done) {
        seen = look_at_program(&program);
        check_text(&program, &(struct way){program_print, NULL});
        check_text(&program, &(struct way){program_format, &settings});
    } else {
        struct text text = text_growing();
        diagnostics_print(&text, &source, &diagnostics);
        seen = (unsigned)text.length;
        text_free(&text);
    }
    program_free(&program);
    arena_free(&arena);
    volatile unsigned sink = seen;
    (void)sink;
    return 0;
}
