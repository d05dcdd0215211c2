/* SPDX-License-Identifier: MIT */
#include "suite/deviations.h"

#include "base/character.h"
#include "base/nearest_name.h"
#include "base/scanner.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_SIZE_MOST = 1024 * 1024 };

enum deviation_key { KEY_IP, KEY_REASON, KEY_REFERENCE, KEY_COUNT };

static const char *const key_names[KEY_COUNT] = {"ip", "reason", "reference"};

/* Takes what stands at the cursor up to END (without blanks at its end) or the end of the line. */
static struct span take_until(struct scanner *scanner, char end)
{
    scanner_skip_blanks(scanner);
    struct span span = {scanner->offset, 0};
    char here;
    while ((here = scanner_peek(scanner, 0)) != '\0' && here != '\n' && here != end) {
        scanner->offset++;
        if (!character_is_blank(here))
            span.length = scanner->offset - span.offset;
    }
    return span;
}

static bool parse_header(struct scanner *scanner, struct deviations *deviations)
{
    struct span name = take_until(scanner, ']');
    if (name.length == 0)
        return scanner_fail_expected(scanner, "the end of a script's path");
    if (!scanner_expect(scanner, "]", "`]`"))
        return false;
    for (size_t i = 0; i < deviations->count; i++)
        if (scanner_span_is(scanner, name, deviations->items[i].script))
            return diagnostics_add(scanner->diagnostics, name, "this script has an entry already");
    void *items = deviations->items;
    const char *script = arena_copy(&deviations->arena, scanner_text(scanner, name), name.length);
    if (script == NULL || !arena_array_room(&deviations->arena, &items, sizeof(*deviations->items), deviations->count,
                                            &deviations->capacity))
        return diagnostics_add(scanner->diagnostics, name, "memory ran out");
    deviations->items = items;
    deviations->items[deviations->count++] =
        (struct deviation){.script = script, .versions = IP_VERSIONS_ALL, .at = name};
    return true;
}

static bool parse_key(struct scanner *scanner, enum deviation_key *key, struct span *word)
{
    if (!scanner_word(scanner, word))
        return scanner_fail_expected(scanner, "`[script]` or a key");
    for (int i = 0; i < KEY_COUNT; i++) {
        if (scanner_span_is(scanner, *word, key_names[i])) {
            *key = (enum deviation_key)i;
            return scanner_expect(scanner, "=", "`=`");
        }
    }
    const char *nearest = nearest_name_of(scanner_text(scanner, *word), word->length, key_names, KEY_COUNT);
    return diagnostics_add(scanner->diagnostics, *word, "unknown key: expected ip, reason or reference%s%s%s",
                           nearest == NULL ? "" : "; did you mean `", nearest == NULL ? "" : nearest,
                           nearest == NULL ? "" : "`?");
}

static bool store_value(struct scanner *scanner, struct deviations *deviations, enum deviation_key key,
                        struct span value)
{
    struct deviation *deviation = &deviations->items[deviations->count - 1];
    if (value.length == 0)
        return diagnostics_add(scanner->diagnostics, value, "expected a value");
    if (key == KEY_IP)
        return ip_versions_parse(scanner_text(scanner, value), value.length, &deviation->versions) ||
               diagnostics_add(scanner->diagnostics, value, "expected IP versions: 4, 6, mapped or all");
    const char *copy = arena_copy(&deviations->arena, scanner_text(scanner, value), value.length);
    if (copy == NULL)
        return diagnostics_add(scanner->diagnostics, value, "memory ran out");
    *(key == KEY_REASON ? &deviation->reason : &deviation->reference) = copy;
    return true;
}

static bool parse_entry(struct scanner *scanner, struct deviations *deviations)
{
    if (scanner_accept(scanner, "["))
        return parse_header(scanner, deviations);
    enum deviation_key key = KEY_COUNT;
    struct span word;
    if (!parse_key(scanner, &key, &word))
        return false;
    struct span value = take_until(scanner, '\0');
    if (deviations->count == 0)
        return diagnostics_add(scanner->diagnostics, word, "expected `[script]` before the first key");
    return store_value(scanner, deviations, key, value);
}

static void skip_line(struct scanner *scanner)
{
    struct span line = source_line(scanner->source, scanner->offset);
    scanner->offset = line.offset + line.length;
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
    struct scanner scanner = scanner_on(&parsed.source, diagnostics);
    for (scanner_skip_lines(&scanner); !scanner_at_end(&scanner); scanner_skip_lines(&scanner)) {
        bool sound = parse_entry(&scanner, &parsed);
        if (sound && !scanner_at_line_end(&scanner))
            (void)scanner_fail_expected(&scanner, "the end of the line");
        skip_line(&scanner);
    }
    check_complete(&parsed, diagnostics);
    if (diagnostics->count != errors) {
        arena_free(&parsed.arena);
        return false;
    }
    *deviations = parsed;
    return true;
}

static bool read_whole(const char *path, char *content, size_t *length, struct error *error)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_set_system(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_SYSTEM_CALL, errno,
                                "can't read the deviations %s", path);
    *length = fread(content, 1, FILE_SIZE_MOST + 1, file);
    bool failed = ferror(file) != 0;
    int reason = errno;
    (void)fclose(file);
    if (failed)
        return error_set_system(error, ERROR_SYSTEM_CALL, reason, "can't read the deviations %s", path);
    return *length <= FILE_SIZE_MOST || error_set(error, ERROR_TOO_LARGE, "%s is too large for deviations", path);
}

bool deviations_load(const char *path, struct text *text, struct deviations *deviations, struct error *error)
{
    char *content = malloc(FILE_SIZE_MOST + 1);
    if (content == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory to read %s", path);
    struct source source = {.name = path, .text = content};
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    bool loaded = read_whole(path, content, &source.length, error);
    if (loaded && !deviations_parse(&source, &diagnostics, deviations)) {
        diagnostics_print(text, &source, &diagnostics);
        loaded = error_set(error, ERROR_MALFORMED, "the deviations %s can't be understood", path);
    }
    arena_free(&arena);
    free(content);
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
