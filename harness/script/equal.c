/* SPDX-License-Identifier: MIT */
/* When two programs mean the same. */
#include "script/program.h"

static bool strings_equal(const char *left, const char *right)
{
    return left == right || (left != NULL && right != NULL && strcmp(left, right) == 0);
}

static bool values_equal(const struct value *left, const struct value *right);

/* Both NULL, or both a value. */
static bool extents_equal(const struct value *left, const struct value *right)
{
    return (left == NULL) == (right == NULL) && (left == NULL || values_equal(left, right));
}

static bool items_equal(const struct value *left, const struct value *right)
{
    if (left->count != right->count)
        return false;
    for (size_t i = 0; i < left->count; i++) {
        if (!values_equal(&left->items[i], &right->items[i]))
            return false;
        if (left->kind == VALUE_STRUCT && !strings_equal(left->names[i], right->names[i]))
            return false;
    }
    return true;
}

/* No value is nested deeper than VALUE_HEIGHT_MOST. */
static bool values_equal(const struct value *left, const struct value *right)
{
    if (left->kind != right->kind || left->integer != right->integer || left->text_length != right->text_length ||
        (left->text == NULL) != (right->text == NULL))
        return false;
    if (left->text != NULL && memcmp(left->text, right->text, left->text_length) != 0)
        return false;
    return items_equal(left, right) && extents_equal(left->extent, right->extent);
}

static bool calls_equal(const struct call_event *left, const struct call_event *right)
{
    if (left->count != right->count || left->has_result != right->has_result ||
        !strings_equal(left->name, right->name) || !strings_equal(left->error_name, right->error_name) ||
        !strings_equal(left->note, right->note))
        return false;
    for (size_t i = 0; i < left->count; i++)
        if (!values_equal(&left->arguments[i], &right->arguments[i]))
            return false;
    return !left->has_result || values_equal(&left->result, &right->result);
}

static bool times_equal(const struct event_time *left, const struct event_time *right)
{
    return left->kind == right->kind && left->start == right->start && left->end == right->end &&
           left->blocking == right->blocking && left->returns == right->returns;
}

static bool alternatives_equal(const struct event *left, const struct event *right)
{
    if (left->other_count != right->other_count || left->or_nothing != right->or_nothing)
        return false;
    for (size_t i = 0; i < left->other_count; i++)
        if (!pattern_equal(&left->others[i], &right->others[i]))
            return false;
    return true;
}

static bool events_equal(const struct event *left, const struct event *right)
{
    if (left->kind != right->kind || !times_equal(&left->time, &right->time))
        return false;
    switch (left->kind) {
    case EVENT_INJECT:
    case EVENT_EXPECT:
        return pattern_equal(&left->pattern, &right->pattern) && alternatives_equal(left, right);
    case EVENT_CALL:
        return calls_equal(&left->call, &right->call);
    case EVENT_COMMAND:
    case EVENT_CODE:
        return left->body.length == right->body.length &&
               memcmp(left->body.text, right->body.text, left->body.length) == 0;
    case EVENT_NOTHING:
        break;
    }
    return true;
}

static bool heads_equal(const struct program *left, const struct program *right)
{
    if (left->option_count != right->option_count || left->note_count != right->note_count)
        return false;
    for (size_t i = 0; i < left->option_count; i++)
        if (!strings_equal(left->options[i].name, right->options[i].name) ||
            !strings_equal(left->options[i].value, right->options[i].value))
            return false;
    for (size_t i = 0; i < left->note_count; i++)
        if (!strings_equal(left->notes[i].key, right->notes[i].key) ||
            !strings_equal(left->notes[i].value, right->notes[i].value))
            return false;
    return strings_equal(left->init_command, right->init_command) &&
           strings_equal(left->cleanup_command, right->cleanup_command);
}

bool program_equal(const struct program *left, const struct program *right)
{
    if (!heads_equal(left, right) || left->event_count != right->event_count)
        return false;
    for (size_t i = 0; i < left->event_count; i++)
        if (!events_equal(&left->events[i], &right->events[i]))
            return false;
    return true;
}
