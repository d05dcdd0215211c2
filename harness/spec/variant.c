/* SPDX-License-Identifier: MIT */
#include "spec/variant.h"

enum { WORDS_LENGTH = 256, REPLACEMENTS_MOST = 64 };

/* A line without its comment, its words one blank apart. */
struct line {
    struct span at; /* with its end */
    char words[WORDS_LENGTH];
};

/* Rows of the base that give way to lines of the variant. */
struct replacement {
    struct span old; /* in the base */
    struct span new; /* in the variant */
};

struct amending {
    struct variant *variant;
    const struct source *source;
    const struct source *base;
    struct diagnostics *diagnostics;
    char group[WORDS_LENGTH]; /* "state LISTEN" */
    struct replacement replacements[REPLACEMENTS_MOST];
};

/* False at the end of SOURCE; else the line at *OFFSET, which moves past it. */
static bool next_line(const struct source *source, size_t *offset, struct line *line)
{
    struct text words = text_in(line->words, sizeof(line->words));
    size_t at = *offset;
    bool comment = false;
    bool blank = false;
    if (at >= source->length)
        return false;
    for (; at < source->length && source->text[at] != '\n'; at++) {
        const char character = source->text[at];
        comment = comment || character == '#';
        if (comment)
            continue;
        if (character == ' ' || character == '\t' || character == '\r') {
            blank = words.length > 0;
            continue;
        }
        if (blank)
            text_append_character(&words, ' ');
        blank = false;
        text_append_character(&words, character);
    }
    line->words[words.length] = '\0';
    line->at = (struct span){*offset, at + 1 - *offset};
    *offset = at + 1;
    return true;
}

/* What follows WORD in WORDS; NULL if they don't begin with it. */
static const char *behind(const char *words, const char *word)
{
    size_t length = strlen(word);
    if (strncmp(words, word, length) != 0 || (words[length] != ' ' && words[length] != '\0'))
        return NULL;
    return words + length + (words[length] == ' ');
}

static bool begins_any(const struct line *line, const char *const *words, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (behind(line->words, words[i]) != NULL)
            return true;
    return false;
}

static bool begins_group(const struct line *line)
{
    static const char *const words[] = {"state", "rows", "option", "ecn", "parameter", "predicate", "choice"};
    return begins_any(line, words, COUNT_OF(words));
}

static bool ends_row(const struct line *line)
{
    static const char *const words[] = {"arrives", "sends", "again", "lapses", "calls", "use", "instead", "assume"};
    return begins_group(line) || begins_any(line, words, COUNT_OF(words));
}

/* The row of the group at hand whose first line is HEAD. */
static bool find_row(const struct amending *amending, const char *head, struct span *row)
{
    struct line line;
    size_t offset = 0;
    bool inside = false;
    bool found = false;
    while (next_line(amending->base, &offset, &line)) {
        if (found && ends_row(&line))
            break;
        if (begins_group(&line))
            inside = strcmp(line.words, amending->group) == 0;
        else if (!found && inside && strcmp(line.words, head) == 0) {
            *row = line.at;
            found = true;
        } else if (found && line.words[0] != '\0')
            row->length = line.at.offset + line.at.length - row->offset;
    }
    return found;
}

static bool fail(const struct amending *amending, const struct line *line, const char *message)
{
    struct span at = source_line(amending->source, line->at.offset);
    return diagnostics_add(amending->diagnostics, at, "%s", message);
}

/* `instead of HEAD`: what follows, up to another such line or group, takes that row's place. */
static bool take_instead(struct amending *amending, const struct line *line, const char *head, size_t *offset)
{
    struct variant *variant = amending->variant;
    struct replacement *made = &amending->replacements[variant->replaced];
    struct line next;
    if (variant->replaced == REPLACEMENTS_MOST)
        return fail(amending, line, "no more rows can be replaced");
    if (amending->group[0] == '\0')
        return fail(amending, line, "no `state` or `rows` stands before this");
    if (!find_row(amending, head, &made->old))
        return diagnostics_add(amending->diagnostics, source_line(amending->source, line->at.offset),
                               "no row of `%s` begins with this line", amending->group);
    made->new = (struct span){*offset, 0};
    for (size_t end = *offset; next_line(amending->source, &end, &next);) {
        if (begins_group(&next) || behind(next.words, "instead") != NULL || behind(next.words, "assume") != NULL)
            break;
        made->new.length = end - made->new.offset;
        *offset = end;
    }
    if (made->new.offset + made->new.length > amending->source->length)
        made->new.length = amending->source->length - made->new.offset;
    variant->replaced++;
    return true;
}

static bool keep(struct amending *amending, const char *words, const char **kept)
{
    *kept = arena_copy(&amending->variant->arena, words, strlen(words));
    return *kept != NULL;
}

static bool take_line(struct amending *amending, const struct line *line, size_t *offset)
{
    const char *rest;
    if (line->words[0] == '\0')
        return true;
    if ((rest = behind(line->words, "variant")) != NULL)
        return keep(amending, rest, &amending->variant->name);
    if ((rest = behind(line->words, "says")) != NULL)
        return keep(amending, rest, &amending->variant->says);
    if ((rest = behind(line->words, "instead of")) != NULL)
        return take_instead(amending, line, rest, offset);
    if ((rest = behind(line->words, "assume")) != NULL) {
        amending->variant->foreseen = strcmp(rest, "foreseen-numbers") == 0;
        return amending->variant->foreseen || fail(amending, line, "what is assumed can only be `foreseen-numbers`");
    }
    if (behind(line->words, "state") == NULL && behind(line->words, "rows") == NULL)
        return fail(amending, line,
                    "a line of a variant begins with `variant`, `says`, `assume`, `state`, `rows` or `instead of`");
    memcpy(amending->group, line->words, sizeof(amending->group));
    return true;
}

static const struct replacement *replacement_at(const struct amending *amending, size_t offset)
{
    for (size_t i = 0; i < amending->variant->replaced; i++)
        if (amending->replacements[i].old.offset == offset)
            return &amending->replacements[i];
    return NULL;
}

static void write_amended(const struct amending *amending, struct text *amended)
{
    struct line line;
    for (size_t offset = 0; next_line(amending->base, &offset, &line);) {
        const struct replacement *made = replacement_at(amending, line.at.offset);
        if (made == NULL) {
            text_append_bytes(amended, amending->base->text + line.at.offset, line.at.length - 1);
            text_append_character(amended, '\n');
            continue;
        }
        text_append_bytes(amended, amending->source->text + made->new.offset, made->new.length);
        text_append_character(amended, '\n');
        offset = made->old.offset + made->old.length;
    }
}

bool variant_amend(struct variant *variant, const struct source *source, const struct source *base,
                   struct text *amended, struct diagnostics *diagnostics)
{
    struct amending amending = {.variant = variant, .source = source, .base = base, .diagnostics = diagnostics};
    struct line line;
    bool sound = true;
    *variant = (struct variant){.says = ""};
    for (size_t offset = 0; next_line(source, &offset, &line);)
        sound = take_line(&amending, &line, &offset) && sound;
    if (sound && variant->name == NULL)
        sound = diagnostics_add(diagnostics, (struct span){0, 0}, "no `variant` line says what this is called");
    if (sound)
        write_amended(&amending, amended);
    return sound;
}

void variant_free(struct variant *variant)
{
    arena_free(&variant->arena);
}
