/* SPDX-License-Identifier: MIT */
#include "cli/option.h"

#include "base/character.h"
#include "base/nearest_name.h"

#include <errno.h>
#include <stdlib.h>

/* Where parsing is: the words that are left are moved to the front as it goes. */
struct option_cursor {
    const struct option_table *table;
    struct option_words *words;
    size_t next;
    size_t kept;
    void *context;
    struct error *error;
};

static const char *option_name_at(const void *context, size_t index)
{
    const struct option_table *table = context;
    return index < table->count ? table->rows[index].name : NULL;
}

static bool unknown_option(const struct option_table *table, const char *word, size_t length, struct error *error)
{
    const char *nearest = nearest_name(word + 2, length - 2, option_name_at, table);
    if (nearest == NULL)
        return error_set(error, ERROR_USAGE, "unknown option %.*s", (int)length, word);
    return error_set(error, ERROR_USAGE, "unknown option %.*s; did you mean --%s?", (int)length, word, nearest);
}

/* The value of an option whose own word has none: the next word. */
static const char *next_value(struct option_cursor *cursor)
{
    return cursor->next < cursor->words->count ? cursor->words->words[cursor->next++] : NULL;
}

static bool give(struct option_cursor *cursor, const struct option_row *row, const char *value)
{
    if (row->value == NULL && value != NULL)
        return error_set(cursor->error, ERROR_USAGE, "the option --%s takes no value", row->name);
    if (row->value != NULL && value == NULL)
        value = next_value(cursor);
    if (row->value != NULL && value == NULL)
        return error_set(cursor->error, ERROR_USAGE, "the option --%s needs a value: %s", row->name, row->value);
    return row->take(cursor->context, value, cursor->error);
}

static bool take_long(struct option_cursor *cursor, const char *word)
{
    size_t length = strcspn(word, "=");
    for (size_t i = 0; i < cursor->table->count; i++) {
        const struct option_row *row = &cursor->table->rows[i];
        if (strlen(row->name) == length - 2 && memcmp(row->name, word + 2, length - 2) == 0)
            return give(cursor, row, word[length] == '=' ? word + length + 1 : NULL);
    }
    return unknown_option(cursor->table, word, length, cursor->error);
}

/* One word may hold several letters, the last of which may have a value behind it. */
static bool take_letters(struct option_cursor *cursor, const char *word)
{
    for (const char *letter = word + 1; *letter != '\0'; letter++) {
        const struct option_row *row = cursor->table->rows;
        const struct option_row *end = row + cursor->table->count;
        while (row < end && row->letter != *letter)
            row++;
        if (row == end)
            return error_set(cursor->error, ERROR_USAGE, "unknown option -%c", *letter);
        if (row->value != NULL)
            return give(cursor, row, letter[1] == '\0' ? NULL : letter + 1);
        if (!give(cursor, row, NULL))
            return false;
    }
    return true;
}

bool options_parse(const struct option_table *table, struct option_words *words, void *context, struct error *error)
{
    struct option_cursor cursor = {.table = table, .words = words, .context = context, .error = error};
    bool ended = false;
    while (cursor.next < words->count) {
        char *word = words->words[cursor.next++];
        if (ended || word[0] != '-' || word[1] == '\0')
            words->words[cursor.kept++] = word;
        else if (strcmp(word, "--") == 0)
            ended = true;
        else if (!(word[1] == '-' ? take_long(&cursor, word) : take_letters(&cursor, word)))
            return false;
    }
    words->count = cursor.kept;
    return true;
}

static void print_row(struct text *text, const struct option_row *row)
{
    enum { HELP_COLUMN = 28 };
    size_t start = text->length;
    if (row->letter != '\0')
        text_append_format(text, "  -%c, --%s", row->letter, row->name);
    else
        text_append_format(text, "      --%s", row->name);
    if (row->value != NULL)
        text_append_format(text, " %s", row->value);
    size_t width = text->length - start;
    text_append_repeated(text, ' ', width + 2 <= HELP_COLUMN ? HELP_COLUMN - width : 2);
    text_append_format(text, "%s\n", row->help);
}

void options_print(struct text *text, const struct option_table *table)
{
    for (size_t i = 0; i < table->count; i++)
        print_row(text, &table->rows[i]);
}

bool option_number(const struct option_range *range, const char *value, unsigned long *number, struct error *error)
{
    char *end;
    errno = 0;
    unsigned long read = strtoul(value, &end, 10);
    if (!character_is_digit(value[0]) || *end != '\0' || errno != 0 || read < range->least || read > range->most)
        return error_set(error, ERROR_USAGE, "the option %s takes a number from %lu to %lu, not `%s`", range->option,
                         range->least, range->most, value);
    *number = read;
    return true;
}
