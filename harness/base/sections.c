/* SPDX-License-Identifier: MIT */
#include "base/sections.h"

#include "base/character.h"
#include "base/nearest_name.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum { FILE_SIZE_MOST = 1024 * 1024 };

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

static bool parse_name(const struct sections *sections, struct scanner *scanner)
{
    struct span name = take_until(scanner, ']');
    if (name.length == 0)
        return scanner_fail_expected(scanner, sections->name_description);
    return scanner_expect(scanner, "]", "`]`") && sections->begin(sections->context, scanner, name);
}

/* "ip, reason or reference" */
static void list_keys(struct text *text, const struct sections *sections)
{
    for (size_t i = 0; i < sections->key_count; i++) {
        text_append_string(text, i == 0 ? "" : i + 1 == sections->key_count ? " or " : ", ");
        text_append_string(text, sections->keys[i]);
    }
}

static bool fail_unknown_key(const struct sections *sections, struct scanner *scanner, struct span word)
{
    char keys[256];
    struct text text = text_in(keys, sizeof(keys));
    const char *nearest =
        nearest_name_of(scanner_text(scanner, word), word.length, sections->keys, sections->key_count);
    list_keys(&text, sections);
    if (nearest != NULL)
        text_append_format(&text, "; did you mean `%s`?", nearest);
    return diagnostics_add(scanner->diagnostics, word, "unknown key: expected %s", text_string(&text));
}

static bool parse_key(const struct sections *sections, struct scanner *scanner, size_t *key, struct span *word)
{
    char expected[64];
    struct text text = text_in(expected, sizeof(expected));
    text_append_format(&text, "`[%s]` or a key", sections->name);
    if (!scanner_word(scanner, word))
        return scanner_fail_expected(scanner, expected);
    for (size_t i = 0; i < sections->key_count; i++) {
        if (scanner_span_is(scanner, *word, sections->keys[i])) {
            *key = i;
            return scanner_expect(scanner, "=", "`=`");
        }
    }
    return fail_unknown_key(sections, scanner, *word);
}

/* One line; BEGUN tells whether there was a name before. */
static bool parse_line(const struct sections *sections, struct scanner *scanner, bool *begun)
{
    size_t key = 0;
    struct span word;
    if (scanner_accept(scanner, "[")) {
        bool parsed = parse_name(sections, scanner);
        *begun = *begun || parsed;
        return parsed;
    }
    if (!parse_key(sections, scanner, &key, &word))
        return false;
    struct span value = take_until(scanner, '\0');
    if (!*begun)
        return diagnostics_add(scanner->diagnostics, word, "expected `[%s]` before the first key", sections->name);
    if (value.length == 0)
        return diagnostics_add(scanner->diagnostics, value, "expected a value");
    return sections->set(sections->context, scanner, key, value);
}

bool sections_parse(const struct sections *sections, const struct source *source, struct diagnostics *diagnostics)
{
    size_t errors = diagnostics->count;
    bool begun = false;
    struct scanner scanner = scanner_on(source, diagnostics);
    for (scanner_skip_lines(&scanner); !scanner_at_end(&scanner); scanner_skip_lines(&scanner)) {
        bool sound = parse_line(sections, &scanner, &begun);
        if (sound && !scanner_at_line_end(&scanner))
            (void)scanner_fail_expected(&scanner, "the end of the line");
        struct span line = source_line(source, scanner.offset);
        scanner.offset = line.offset + line.length;
    }
    return diagnostics->count == errors;
}

static bool read_whole(const char *path, const char *what, struct text *content, struct error *error)
{
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return error_set_system(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_SYSTEM_CALL, errno, "can't read %s %s",
                                what, path);
    content->length = fread(content->data, 1, FILE_SIZE_MOST + 1, file);
    bool failed = ferror(file) != 0;
    int reason = errno;
    (void)fclose(file);
    if (failed)
        return error_set_system(error, ERROR_SYSTEM_CALL, reason, "can't read %s %s", what, path);
    return content->length <= FILE_SIZE_MOST || error_set(error, ERROR_TOO_LARGE, "%s is too large for %s", path, what);
}

bool sections_read(const char *path, const char *what, struct arena *arena, struct source *source, struct error *error)
{
    struct text content = text_growing();
    bool done = text_reserve(&content, FILE_SIZE_MOST + 1) ||
                error_set(error, ERROR_OUT_OF_MEMORY, "no memory to read %s", path);
    done = done && read_whole(path, what, &content, error);
    if (done) {
        const char *name = arena_copy(arena, path, strlen(path));
        const char *text = arena_copy(arena, content.data, content.length);
        *source = (struct source){.name = name, .text = text, .length = content.length};
        done = (name != NULL && text != NULL) || error_set(error, ERROR_OUT_OF_MEMORY, "no memory to read %s", path);
    }
    text_free(&content);
    return done;
}
