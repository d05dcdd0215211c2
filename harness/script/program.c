/* SPDX-License-Identifier: MIT */
#include "script/parse_program.h"

#include "script/parser.h"

bool program_take_source(struct program *program, const struct source *source)
{
    char *name = arena_copy(&program->arena, source->name, strlen(source->name));
    char *text = arena_copy(&program->arena, source->text, source->length);
    if (name == NULL || text == NULL)
        return false;
    program->source = (struct source){name, text, source->length};
    return true;
}

bool program_parse_source(struct program *program, const struct program_settings *settings,
                          struct diagnostics *diagnostics)
{
    size_t errors = diagnostics->count;
    struct parser parser = {.program = program, .settings = settings};
    parser.scanner = scanner_on(&program->source, diagnostics);
    parser.scanner.comment = parse_comment;
    parser.scanner.comment_context = &parser;
    parse_script(&parser);
    parse_given_options(&parser);
    /* Comments, commands and code take any byte; but as strings they would end there. */
    const char *nul = memchr(program->source.text, '\0', program->source.length);
    if (nul != NULL && diagnostics->count == errors)
        (void)diagnostics_add(diagnostics, (struct span){(size_t)(nul - program->source.text), 1},
                              "a script is a text: it can't hold a NUL");
    arena_free(&parser.scratch);
    return diagnostics->count == errors;
}

bool program_parse(const struct source *source, const struct program_settings *settings,
                   struct diagnostics *diagnostics, struct program *program)
{
    struct program read = {0};
    bool done = program_take_source(&read, source);
    if (!done)
        (void)diagnostics_add(diagnostics, (struct span){0, 0}, "memory ran out");
    done = done && program_parse_source(&read, settings, diagnostics);
    if (!done)
        program_free(&read);
    *program = read;
    return done;
}

void program_free(struct program *program)
{
    arena_free(&program->arena);
    *program = (struct program){0};
}

static bool option_names_equal(const char *left, const char *right)
{
    for (; *left != '\0' && *right != '\0'; left++, right++)
        if (*left != *right && !((*left == '-' || *left == '_') && (*right == '-' || *right == '_')))
            return false;
    return *left == *right;
}

const char *program_option(const struct program *program, const char *name)
{
    for (size_t i = program->option_count; i > 0; i--) {
        const struct program_option *option = &program->options[i - 1];
        if (option_names_equal(option->name, name))
            return option->value == NULL ? "" : option->value;
    }
    return NULL;
}

const char *program_note(const struct program *program, const char *key)
{
    for (size_t i = 0; i < program->note_count; i++)
        if (strcmp(program->notes[i].key, key) == 0)
            return program->notes[i].value;
    return NULL;
}
