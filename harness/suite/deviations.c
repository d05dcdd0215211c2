/* SPDX-License-Identifier: MIT */
#include "suite/deviations.h"

#include "base/sections.h"

enum deviation_key { KEY_IP, KEY_REASON, KEY_REFERENCE, KEY_SPECIFICATION, KEY_SHOWN, KEY_COUNT };

static const char *const key_names[KEY_COUNT] = {"ip", "reason", "reference", "specification", "shown"};

/* True if the keys of the entry before were given: a name without any shares those of the name below it. */
static bool has_keys(const struct deviations *deviations)
{
    return deviations->count == 0 || deviations->items[deviations->count - 1].reason != NULL ||
           deviations->items[deviations->count - 1].reference != NULL;
}

static bool begin_entry(void *context, struct scanner *scanner, struct span name)
{
    struct deviations *deviations = context;
    for (size_t i = 0; i < deviations->count; i++)
        if (scanner_span_is(scanner, name, deviations->items[i].script))
            return diagnostics_add(scanner->diagnostics, name, "this script has an entry already");
    void *items = deviations->items;
    const char *script = arena_copy(&deviations->arena, scanner_text(scanner, name), name.length);
    if (script == NULL || !arena_array_room(&deviations->arena, &items, sizeof(*deviations->items), deviations->count,
                                            &deviations->capacity))
        return diagnostics_add(scanner->diagnostics, name, "memory ran out");
    if (has_keys(deviations))
        deviations->group = deviations->count;
    deviations->items = items;
    deviations->items[deviations->count++] =
        (struct deviation){.script = script, .versions = IP_VERSIONS_ALL, .at = name};
    return true;
}

/* Sets what the name KEY stands for in one entry; VALUE is in memory of the deviations'. */
static void set_text(struct deviation *deviation, size_t key, const char *value)
{
    const char **const places[KEY_COUNT] = {[KEY_REASON] = &deviation->reason,
                                            [KEY_REFERENCE] = &deviation->reference,
                                            [KEY_SPECIFICATION] = &deviation->specification,
                                            [KEY_SHOWN] = &deviation->shown};
    *places[key] = value;
}

static bool set_value(void *context, struct scanner *scanner, size_t key, struct span value)
{
    struct deviations *deviations = context;
    const char *text = scanner_text(scanner, value);
    ip_versions versions = 0;
    const char *copy = NULL;
    if (key == KEY_IP && !ip_versions_parse(text, value.length, &versions))
        return diagnostics_add(scanner->diagnostics, value, "expected IP versions: 4, 6, mapped or all");
    if (key != KEY_IP && (copy = arena_copy(&deviations->arena, text, value.length)) == NULL)
        return diagnostics_add(scanner->diagnostics, value, "memory ran out");
    for (size_t i = deviations->group; i < deviations->count; i++) {
        if (key == KEY_IP)
            deviations->items[i].versions = versions;
        else
            set_text(&deviations->items[i], key, copy);
    }
    return true;
}

static void check_complete(const struct deviations *deviations, struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < deviations->count; i++) {
        const struct deviation *deviation = &deviations->items[i];
        if (deviation->reason == NULL)
            (void)diagnostics_add(diagnostics, deviation->at, "this entry has no reason");
        if (deviation->reference == NULL)
            (void)diagnostics_add(diagnostics, deviation->at, "this entry has no reference");
    }
}

bool deviations_parse(const struct source *source, struct diagnostics *diagnostics, struct deviations *deviations)
{
    struct deviations parsed = {0};
    size_t errors = diagnostics->count;
    parsed.source = (struct source){.name = arena_copy(&parsed.arena, source->name, strlen(source->name)),
                                    .text = arena_copy(&parsed.arena, source->text, source->length),
                                    .length = source->length};
    if (parsed.source.name == NULL || parsed.source.text == NULL) {
        arena_free(&parsed.arena);
        return diagnostics_add(diagnostics, (struct span){0, 0}, "memory ran out");
    }
    const struct sections sections = {.name = "script",
                                      .name_description = "the end of a script's path",
                                      .keys = key_names,
                                      .key_count = KEY_COUNT,
                                      .begin = begin_entry,
                                      .set = set_value,
                                      .context = &parsed};
    if (sections_parse(&sections, &parsed.source, diagnostics))
        check_complete(&parsed, diagnostics);
    if (diagnostics->count != errors) {
        arena_free(&parsed.arena);
        return false;
    }
    *deviations = parsed;
    return true;
}

bool deviations_load(const char *path, struct text *text, struct deviations *deviations, struct error *error)
{
    struct source source;
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    bool loaded = sections_read(path, "the deviations", &arena, &source, error);
    if (loaded && !deviations_parse(&source, &diagnostics, deviations)) {
        diagnostics_print(text, &source, &diagnostics);
        loaded = error_set(error, ERROR_MALFORMED, "the deviations %s can't be understood", path);
    }
    arena_free(&arena);
    return loaded;
}

void deviations_free(struct deviations *deviations)
{
    arena_free(&deviations->arena);
    *deviations = (struct deviations){0};
}

bool path_ends_with(const char *path, size_t length, const char *suffix, size_t suffix_length)
{
    if (suffix_length > length || memcmp(path + length - suffix_length, suffix, suffix_length) != 0)
        return false;
    return suffix_length == length || path[length - suffix_length - 1] == '/';
}

const struct deviation *deviations_find(const struct deviations *deviations, const char *path, int ip_version)
{
    for (size_t i = 0; i < deviations->count; i++) {
        const struct deviation *deviation = &deviations->items[i];
        if ((deviation->versions & (1U << ip_version)) != 0 &&
            path_ends_with(path, strlen(path), deviation->script, strlen(deviation->script)))
            return deviation;
    }
    return NULL;
}
