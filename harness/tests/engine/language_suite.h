/* SPDX-License-Identifier: MIT */
/* All scripts of specs/suites/language, parsed, and a walk over what is in them. */
#ifndef TESTS_ENGINE_LANGUAGE_SUITE_H
#define TESTS_ENGINE_LANGUAGE_SUITE_H

#include "engine/engine.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { SCRIPTS_MOST = 1000 };

struct suite_script {
    char name[256]; /* of the file, without its folder */
    struct program program;
    enum verdict checked; /* what engine_check() says */
    char reason[256];     /* why it is not applicable */
};

struct language_suite {
    struct suite_script *scripts;
    size_t count;
};

static int suite_is_script(const struct dirent *entry)
{
    const char *ending = strrchr(entry->d_name, '.');
    return ending != NULL && strcmp(ending, ".pkt") == 0;
}

static void suite_load(struct suite_script *script, const char *name)
{
    char path[512];
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct text messages = text_growing();
    struct error error = {.text = ""};
    struct text reason = text_in(script->reason, sizeof(script->reason));
    (void)snprintf(script->name, sizeof(script->name), "%s", name);
    (void)snprintf(path, sizeof(path), SHAKEDOWN_SOURCE_DIR "/specs/suites/language/%s", name);
    if (!program_load(path, &(struct program_settings){0}, &diagnostics, &script->program, &error))
        fail_msg("%s: %s", name, error.text);
    if (diagnostics.count == 0)
        script->checked = engine_check(&script->program, &diagnostics, &reason);
    diagnostics_print(&messages, &script->program.source, &diagnostics);
    if (diagnostics.count > 0)
        fail_msg("%s", text_string(&messages));
    text_free(&messages);
    arena_free(&arena);
}

/* Of a group of tests: loads the suite into *STATE. */
static int suite_set_up(void **state)
{
    struct dirent **entries;
    struct language_suite *suite = calloc(1, sizeof(*suite));
    int count = scandir(SHAKEDOWN_SOURCE_DIR "/specs/suites/language", &entries, suite_is_script, alphasort);
    if (suite == NULL || count <= 0 || count > SCRIPTS_MOST)
        return -1;
    suite->scripts = calloc((size_t)count, sizeof(*suite->scripts));
    for (; suite->count < (size_t)count && suite->scripts != NULL; suite->count++) {
        suite_load(&suite->scripts[suite->count], entries[suite->count]->d_name);
        free(entries[suite->count]);
    }
    free(entries);
    *state = suite;
    return suite->scripts == NULL ? -1 : 0;
}

static int suite_tear_down(void **state)
{
    struct language_suite *suite = *state;
    for (size_t i = 0; suite != NULL && i < suite->count; i++)
        program_free(&suite->scripts[i].program);
    if (suite != NULL)
        free(suite->scripts);
    free(suite);
    return 0;
}

/* What a walk comes by: an event, NULL when it is at the script as a whole; and one of the event's segments or values,
 * or NULL. */
struct suite_place {
    const struct suite_script *script;
    const struct event *event;
    const struct pattern *segment;
    const struct value *value;
};

/* True if what is wanted is at this place: the walk ends there. WANTED is as given to suite_shows(). */
typedef bool suite_sight(const struct suite_place *place, const void *wanted);

static bool suite_value_shows(struct suite_place place, const struct value *value, suite_sight *sight,
                              const void *wanted)
{
    place.value = value;
    if (sight(&place, wanted))
        return true;
    for (size_t i = 0; i < value->count; i++)
        if (suite_value_shows(place, &value->items[i], sight, wanted))
            return true;
    return value->extent != NULL && suite_value_shows(place, value->extent, sight, wanted);
}

static bool suite_segments_show(struct suite_place place, suite_sight *sight, const void *wanted)
{
    const struct event *event = place.event;
    place.segment = &event->pattern;
    if (sight(&place, wanted))
        return true;
    for (size_t i = 0; i < event->other_count; i++) {
        place.segment = &event->others[i];
        if (sight(&place, wanted))
            return true;
    }
    return false;
}

static bool suite_call_shows(struct suite_place place, suite_sight *sight, const void *wanted)
{
    const struct call_event *call = &place.event->call;
    for (size_t i = 0; i < call->count; i++)
        if (suite_value_shows(place, &call->arguments[i], sight, wanted))
            return true;
    return call->has_result && suite_value_shows(place, &call->result, sight, wanted);
}

static bool suite_event_shows(struct suite_place place, suite_sight *sight, const void *wanted)
{
    if (sight(&place, wanted))
        return true;
    switch (place.event->kind) {
    case EVENT_CALL:
        return suite_call_shows(place, sight, wanted);
    case EVENT_INJECT:
    case EVENT_EXPECT:
        return suite_segments_show(place, sight, wanted);
    case EVENT_NOTHING:
    case EVENT_COMMAND:
    case EVENT_CODE:
        break;
    }
    return false;
}

/* True if SIGHT finds what is WANTED at some place of some script. */
static bool suite_shows(const struct language_suite *suite, suite_sight *sight, const void *wanted)
{
    for (size_t i = 0; i < suite->count; i++) {
        struct suite_place place = {.script = &suite->scripts[i]};
        const struct program *program = &place.script->program;
        if (sight(&place, wanted))
            return true;
        for (size_t j = 0; j < program->event_count; j++) {
            place.event = &program->events[j];
            if (suite_event_shows(place, sight, wanted))
                return true;
        }
    }
    return false;
}

/* True at an event as a whole. */
static inline bool place_is_event(const struct suite_place *place)
{
    return place->event != NULL && place->segment == NULL && place->value == NULL;
}

/* The call of a place that is an event with one; NULL at any other. */
static inline const struct call_event *place_call(const struct suite_place *place)
{
    return place_is_event(place) && place->event->kind == EVENT_CALL ? &place->event->call : NULL;
}

/* True if what the script has at AT begins with PART. */
static inline bool place_begins(const struct suite_place *place, struct span at, const char *part)
{
    const char *text = place->script->program.source.text + at.offset;
    return at.length >= strlen(part) && memcmp(text, part, strlen(part)) == 0;
}

/* True if what the script has at AT has PART in it. */
static inline bool place_has(const struct suite_place *place, struct span at, const char *part)
{
    const char *text = place->script->program.source.text + at.offset;
    return memmem(text, at.length, part, strlen(part)) != NULL;
}

/* Says that nothing shows WHAT, and goes on: all that is missing is told at once. */
static inline void suite_missing(size_t *count, const char *kind, const char *what)
{
    print_error("no script of specs/suites/language shows the %s %s\n", kind, what);
    (*count)++;
}

#endif
