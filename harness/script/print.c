/* SPDX-License-Identifier: MIT */
/* A program as text, from its tree. */
#include "script/print.h"

#include "base/character.h"
#include "script/print_value.h"

/* Seconds, with no digit more than needed. */
static void seconds_print(struct text *text, nanoseconds time)
{
    nanoseconds fraction = time % NANOSECONDS_PER_SECOND;
    text_append_signed(text, time / NANOSECONDS_PER_SECOND);
    if (fraction == 0)
        return;
    int digits = 9;
    while (fraction % 10 == 0) {
        fraction /= 10;
        digits--;
    }
    text_append_format(text, ".%0*lld", digits, (long long)fraction);
}

static void time_print(struct text *text, const struct event_time *time)
{
    bool relative = time->kind == TIME_RELATIVE || time->kind == TIME_RELATIVE_RANGE;
    if (time->kind == TIME_ANY) {
        text_append_character(text, '*');
        return;
    }
    text_append_string(text, relative ? "+" : "");
    seconds_print(text, time->start);
    if (time->kind == TIME_ABSOLUTE_RANGE || time->kind == TIME_RELATIVE_RANGE) {
        text_append_string(text, relative ? "~+" : "~");
        seconds_print(text, time->end);
    } else if (time->blocking) {
        text_append_string(text, "...");
        seconds_print(text, time->returns);
    }
}

static void call_print(struct text *text, const struct call_event *call)
{
    text_append_format(text, "%s(", call->name);
    values_print(text, call->arguments, call->count);
    text_append_character(text, ')');
    if (!call->has_result)
        return;
    text_append_string(text, " = ");
    value_print(text, &call->result);
    if (call->error_name != NULL)
        text_append_format(text, " %s", call->error_name);
    if (call->note != NULL)
        text_append_format(text, " (%s)", call->note);
}

static void body_print(struct text *text, const struct event *event, const char *opening, const char *closing)
{
    text_append_string(text, opening);
    text_append_bytes(text, event->body.text, event->body.length);
    text_append_string(text, closing);
}

static void alternatives_print(struct text *text, const struct event *event)
{
    for (size_t i = 0; i < event->other_count; i++) {
        text_append_string(text, " or ");
        pattern_print(text, &event->others[i]);
    }
    if (event->or_nothing)
        text_append_string(text, " or nothing");
}

static void action_print(struct text *text, const struct event *event)
{
    switch (event->kind) {
    case EVENT_INJECT:
    case EVENT_EXPECT:
        text_append_string(text, event->kind == EVENT_INJECT ? "< " : "> ");
        pattern_print(text, &event->pattern);
        alternatives_print(text, event);
        break;
    case EVENT_NOTHING:
        text_append_string(text, "> nothing");
        break;
    case EVENT_CALL:
        call_print(text, &event->call);
        break;
    case EVENT_COMMAND:
        body_print(text, event, "`", "`");
        break;
    case EVENT_CODE:
        body_print(text, event, "%{", "}%");
        break;
    }
}

/* A value that needs no quotes: it has no blank and does not begin a string or a comment. */
static bool option_is_plain(const char *value)
{
    bool begins_otherwise = value[0] == '\0' || value[0] == '"' || value[0] == '#' ||
                            (value[0] == '/' && (value[1] == '/' || value[1] == '*'));
    for (const char *at = value; *at != '\0'; at++)
        if (character_is_blank(*at) || *at == '\n')
            return false;
    return !begins_otherwise;
}

static void option_print(struct text *text, const struct program_option *option)
{
    text_append_format(text, "--%s", option->name);
    if (option->value != NULL) {
        text_append_character(text, '=');
        if (option_is_plain(option->value))
            text_append_string(text, option->value);
        else
            string_print(text, option->value, strlen(option->value));
    }
    text_append_character(text, '\n');
}

/* An empty line between two parts, each of which may be missing; the program's text begins at START. */
static void part_begin(struct text *text, size_t start)
{
    if (text->length > start)
        text_append_character(text, '\n');
}

static void untimed_command_print(struct text *text, size_t start, const char *command)
{
    if (command == NULL)
        return;
    part_begin(text, start);
    text_append_format(text, "`%s`\n", command);
}

void program_print(struct text *text, const struct program *program)
{
    size_t start = text->length;
    for (size_t i = 0; i < program->note_count; i++)
        text_append_format(text, "//: %s %s\n", program->notes[i].key, program->notes[i].value);
    if (program->option_count > 0)
        part_begin(text, start);
    for (size_t i = 0; i < program->option_count; i++)
        option_print(text, &program->options[i]);
    untimed_command_print(text, start, program->init_command);
    part_begin(text, start);
    for (size_t i = 0; i < program->event_count; i++) {
        time_print(text, &program->events[i].time);
        text_append_character(text, ' ');
        action_print(text, &program->events[i]);
        text_append_character(text, '\n');
    }
    untimed_command_print(text, start, program->cleanup_command);
}
