/* SPDX-License-Identifier: MIT */
#include "suite/catalogue.h"

#include "base/bytes.h"
#include "base/sections.h"
#include "suite/requirement.h"

#include <errno.h>
#include <glob.h>
#include <unistd.h>

/* The first three have to be there. */
enum catalogue_key {
    KEY_SECTION,
    KEY_LEVEL,
    KEY_SAYS,
    KEY_REQUIRED,
    KEY_UNSEEN = KEY_REQUIRED,
    KEY_OUTSIDE,
    KEY_COUNT
};

static const char *const key_names[KEY_COUNT] = {"section", "level", "says", "unseen", "outside"};
static const char *const level_names[] = {"MUST", "SHOULD", "MAY"};

static bool begin_entry(void *context, struct scanner *scanner, struct span name)
{
    struct catalogue *catalogue = context;
    if (catalogue_find(catalogue, scanner_text(scanner, name), name.length) != NULL)
        return diagnostics_add(scanner->diagnostics, name, "this requirement has an entry already");
    void *entries = catalogue->entries;
    const char *requirement = arena_copy(&catalogue->arena, scanner_text(scanner, name), name.length);
    if (requirement == NULL || !arena_array_room(&catalogue->arena, &entries, sizeof(*catalogue->entries),
                                                 catalogue->count, &catalogue->capacity))
        return diagnostics_add(scanner->diagnostics, name, "memory ran out");
    catalogue->entries = entries;
    catalogue->entries[catalogue->count++] = (struct catalogue_entry){.requirement = requirement, .at = name};
    return true;
}

static bool level_is_known(const struct scanner *scanner, struct span value)
{
    for (size_t i = 0; i < COUNT_OF(level_names); i++)
        if (scanner_span_is(scanner, value, level_names[i]))
            return true;
    return false;
}

static bool set_value(void *context, struct scanner *scanner, size_t key, struct span value)
{
    struct catalogue *catalogue = context;
    struct catalogue_entry *entry = &catalogue->entries[catalogue->count - 1];
    const char **places[KEY_COUNT] = {&entry->section, &entry->level, &entry->says, &entry->unseen, &entry->outside};
    if (key == KEY_LEVEL && !level_is_known(scanner, value))
        return diagnostics_add(scanner->diagnostics, value, "expected a level: MUST, SHOULD or MAY");
    if (*places[key] != NULL)
        return diagnostics_add(scanner->diagnostics, value, "this is given twice");
    *places[key] = arena_copy(&catalogue->arena, scanner_text(scanner, value), value.length);
    return *places[key] != NULL || diagnostics_add(scanner->diagnostics, value, "memory ran out");
}

bool catalogue_add(struct catalogue *catalogue, const struct source *source, struct diagnostics *diagnostics)
{
    const struct sections sections = {.name = "requirement",
                                      .name_description = "a requirement, such as RFC9293 MUST-10",
                                      .keys = key_names,
                                      .key_count = KEY_COUNT,
                                      .begin = begin_entry,
                                      .set = set_value,
                                      .context = catalogue};
    size_t errors = diagnostics->count;
    size_t first = catalogue->count;
    if (!sections_parse(&sections, source, diagnostics))
        return false;
    for (size_t i = first; i < catalogue->count; i++) {
        const struct catalogue_entry *entry = &catalogue->entries[i];
        const char *const values[KEY_REQUIRED] = {entry->section, entry->level, entry->says};
        for (size_t key = 0; key < KEY_REQUIRED; key++)
            if (values[key] == NULL)
                (void)diagnostics_add(diagnostics, entry->at, "this entry has no `%s`", key_names[key]);
    }
    return diagnostics->count == errors;
}

static bool load_file(struct catalogue *catalogue, const char *path, struct text *text, struct error *error)
{
    struct source source;
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    bool loaded = sections_read(path, "the requirements", &arena, &source, error);
    if (loaded && !catalogue_add(catalogue, &source, &diagnostics)) {
        diagnostics_print(text, &source, &diagnostics);
        loaded = error_set(error, ERROR_MALFORMED, "the requirements %s can't be understood", path);
    }
    arena_free(&arena);
    return loaded;
}

bool catalogue_load(struct catalogue *catalogue, const char *folder, struct text *text, struct error *error)
{
    struct text pattern = text_growing();
    glob_t files = {0};
    bool loaded = true;
    text_append_format(&pattern, "%s/*.conf", folder);
    int outcome = pattern.truncated ? GLOB_NOSPACE : glob(text_string(&pattern), 0, NULL, &files);
    text_free(&pattern);
    if (outcome != 0)
        return error_set(error, outcome == GLOB_NOMATCH ? ERROR_NOT_FOUND : ERROR_OUT_OF_MEMORY,
                         "no requirements can be read in %s", folder);
    for (size_t i = 0; loaded && i < files.gl_pathc; i++)
        loaded = load_file(catalogue, files.gl_pathv[i], text, error);
    globfree(&files);
    return loaded;
}

void catalogue_free(struct catalogue *catalogue)
{
    arena_free(&catalogue->arena);
    *catalogue = (struct catalogue){0};
}

const struct catalogue_entry *catalogue_find(const struct catalogue *catalogue, const char *requirement, size_t length)
{
    for (size_t i = 0; i < catalogue->count; i++)
        if (strlen(catalogue->entries[i].requirement) == length &&
            memcmp(catalogue->entries[i].requirement, requirement, length) == 0)
            return &catalogue->entries[i];
    return NULL;
}

void catalogue_print(struct text *text, const struct catalogue *catalogue, const struct program *program)
{
    for (size_t i = 0; i < program->note_count; i++) {
        const char *rest = program->notes[i].value;
        const char *start;
        size_t length;
        if (strcmp(program->notes[i].key, "requirement") != 0)
            continue;
        while (requirement_next(&rest, &start, &length)) {
            const struct catalogue_entry *entry = catalogue == NULL ? NULL : catalogue_find(catalogue, start, length);
            text_append_bytes(text, start, length);
            if (entry != NULL)
                text_append_format(text, ": %s", entry->says);
            text_append_character(text, '\n');
        }
    }
}

struct bytes catalogue_missing(const struct catalogue *catalogue, const struct program *program)
{
    for (size_t i = 0; i < program->note_count; i++) {
        const char *rest = program->notes[i].value;
        const char *start;
        size_t length;
        if (strcmp(program->notes[i].key, "requirement") != 0)
            continue;
        while (requirement_next(&rest, &start, &length))
            if (catalogue_find(catalogue, start, length) == NULL)
                return (struct bytes){(const uint8_t *)start, length};
    }
    return (struct bytes){NULL, 0};
}
