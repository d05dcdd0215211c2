/* SPDX-License-Identifier: MIT */
#include "cli/packetdrill_options.h"

#include "engine/engine.h"

#include <errno.h>
#include <limits.h>
#include <unistd.h>

/* Where reading is; the words that are left are moved to the front. */
struct reading {
    struct packetdrill_options *options;
    struct option_words *words;
    size_t next;
    struct error *error;
};

static const char *next_word(struct reading *reading)
{
    return reading->next < reading->words->count ? reading->words->words[reading->next++] : NULL;
}

/* Scripts run in folders of their own; names of files on the command line are seen from here. */
static const char *names_from_here(struct reading *reading, const char *names)
{
    char here[PATH_MAX];
    struct text text = text_growing();
    const char *kept = NULL;
    if (getcwd(here, sizeof(here)) == NULL) {
        (void)error_set_system(reading->error, ERROR_SYSTEM_CALL, errno, "the working folder can't be told");
        return NULL;
    }
    for (const char *at = names; *at != '\0'; at += *at == ',') {
        size_t length = strcspn(at, ",");
        if (at != names)
            text_append_character(&text, ',');
        if (*at != '/')
            text_append_format(&text, "%s/", here);
        text_append_bytes(&text, at, length);
        at += length;
    }
    if (!text.truncated)
        kept = arena_copy(&reading->options->arena, text_string(&text), text.length);
    if (kept == NULL)
        (void)error_set(reading->error, ERROR_OUT_OF_MEMORY, "no memory for an option");
    text_free(&text);
    return kept;
}

static bool keep(struct reading *reading, const char *name, const char *value)
{
    struct packetdrill_options *options = reading->options;
    if (options->count == PACKETDRILL_OPTIONS_MOST)
        return error_set(reading->error, ERROR_USAGE, "there are more than %d options", PACKETDRILL_OPTIONS_MOST);
    if (value != NULL && strcmp(name, "init_scripts") == 0 && (value = names_from_here(reading, value)) == NULL)
        return false;
    options->items[options->count++] = (struct program_given_option){name, value};
    return true;
}

/* `--name`, `--name=value`, `--name value`; WORD begins behind the dashes. */
static bool take_long(struct reading *reading, const char *word)
{
    size_t length = strcspn(word, "=");
    const char *value = word[length] == '=' ? word + length + 1 : NULL;
    const char *given = arena_copy(&reading->options->arena, word, length);
    const char *name;
    bool is_flag;
    if (given == NULL)
        return error_set(reading->error, ERROR_OUT_OF_MEMORY, "no memory for an option");
    if (strcmp(given, "help") == 0) {
        reading->options->help = true;
        return true;
    }
    bool defines = strcmp(given, "define") == 0;
    if (!defines && !engine_option_check(given, value, &name, &is_flag, reading->error))
        return false;
    if (value == NULL && (defines || !is_flag) && (value = next_word(reading)) == NULL)
        return error_set(reading->error, ERROR_USAGE, "the option --%s needs a value", defines ? given : name);
    if (defines)
        return definitions_add(&reading->options->definitions, value, reading->error);
    return engine_option_check(given, value, &name, &is_flag, reading->error) && keep(reading, name, value);
}

/* `-v`, `-vvv`, `-h`, `-D NAME=VALUE`, `-DNAME=VALUE`; WORD begins behind the dash. */
static bool take_letters(struct reading *reading, const char *word)
{
    for (; *word != '\0'; word++) {
        if (*word == 'D') {
            const char *value = word[1] == '\0' ? next_word(reading) : word + 1;
            if (value == NULL)
                return error_set(reading->error, ERROR_USAGE, "the option -D needs a value: NAME=VALUE");
            return definitions_add(&reading->options->definitions, value, reading->error);
        }
        if (*word == 'h')
            reading->options->help = true;
        else if (*word != 'v')
            return error_set(reading->error, ERROR_USAGE, "unknown option -%c", *word);
        else if (!keep(reading, "verbose", NULL))
            return false;
    }
    return true;
}

bool packetdrill_options_parse(struct packetdrill_options *options, struct option_words *words, struct error *error)
{
    struct reading reading = {.options = options, .words = words, .error = error};
    size_t kept = 0;
    bool ended = false;
    *options = (struct packetdrill_options){.count = 0};
    while (reading.next < words->count) {
        char *word = words->words[reading.next++];
        if (ended || word[0] != '-' || word[1] == '\0')
            words->words[kept++] = word;
        else if (strcmp(word, "--") == 0)
            ended = true;
        else if (!(word[1] == '-' ? take_long(&reading, word + 2) : take_letters(&reading, word + 1)))
            return false;
    }
    words->count = kept;
    return true;
}

void packetdrill_options_free(struct packetdrill_options *options)
{
    definitions_free(&options->definitions);
    arena_free(&options->arena);
}
