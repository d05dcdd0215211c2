/* SPDX-License-Identifier: MIT */
#include "base/source.h"

#include "base/character.h"

struct source_position source_position(const struct source *source, size_t offset)
{
    struct source_position position = {.line = 1, .column = 1};
    if (offset > source->length)
        offset = source->length;
    for (size_t i = 0; i < offset; i++) {
        if (source->text[i] == '\n') {
            position.line++;
            position.column = 1;
        } else {
            position.column++;
        }
    }
    return position;
}

struct span source_line(const struct source *source, size_t offset)
{
    if (offset > source->length)
        offset = source->length;
    size_t start = offset;
    while (start > 0 && source->text[start - 1] != '\n')
        start--;
    size_t end = offset;
    while (end < source->length && source->text[end] != '\n')
        end++;
    if (end > start && source->text[end - 1] == '\r')
        end--;
    return (struct span){start, end - start};
}

bool diagnostics_add(struct diagnostics *diagnostics, struct span at, const char *format, ...)
{
    diagnostics->count++;
    if (diagnostics->kept >= DIAGNOSTICS_MOST)
        return false;
    char message[512];
    struct text text = text_in(message, sizeof(message));
    va_list arguments;
    va_start(arguments, format);
    text_append_format_list(&text, format, arguments);
    va_end(arguments);
    /* A message may quote a binary file. */
    for (size_t i = 0; i < text.length; i++)
        if (character_is_control(message[i]))
            message[i] = '?';
    void *items = diagnostics->items;
    const char *kept = arena_copy(diagnostics->arena, text.data, text.length);
    if (kept == NULL || !arena_array_room(diagnostics->arena, &items, sizeof(*diagnostics->items), diagnostics->kept,
                                          &diagnostics->capacity)) {
        diagnostics->out_of_memory = true;
        return false;
    }
    diagnostics->items = items;
    diagnostics->items[diagnostics->kept++] = (struct diagnostic){.at = at, .message = kept};
    return false;
}

/* A tab stays a tab in the caret's line, so that the caret stands where the eye looks for it. */
static void diagnostic_print_caret(struct text *text, const struct source *source, struct span line, struct span at)
{
    size_t offset = at.offset > source->length ? source->length : at.offset;
    for (size_t i = line.offset; i < offset; i++)
        text_append_character(text, source->text[i] == '\t' ? '\t' : ' ');
    size_t end_of_line = line.offset + line.length;
    size_t most = end_of_line > offset + 1 ? end_of_line - offset - 1 : 0;
    size_t tail = at.length > 1 ? at.length - 1 : 0;
    if (tail > most)
        tail = most;
    text_append_character(text, '^');
    text_append_repeated(text, '~', tail);
}

static void diagnostic_print_line(struct text *text, const struct source *source, struct span line)
{
    for (size_t i = 0; i < line.length; i++) {
        char character = source->text[line.offset + i];
        text_append_character(text, character == '\t' || !character_is_control(character) ? character : '?');
    }
}

void diagnostic_print(struct text *text, const struct source *source, const struct diagnostic *diagnostic)
{
    struct source_position position = source_position(source, diagnostic->at.offset);
    struct span line = source_line(source, diagnostic->at.offset);
    text_append_format(text, "%s:%u:%u: error: %s\n    ", source->name, position.line, position.column,
                       diagnostic->message);
    diagnostic_print_line(text, source, line);
    text_append_string(text, "\n    ");
    diagnostic_print_caret(text, source, line, diagnostic->at);
    text_append_character(text, '\n');
}

void diagnostics_sort(struct diagnostics *diagnostics)
{
    /* They are few and mostly in order already. */
    for (size_t i = 1; i < diagnostics->kept; i++) {
        struct diagnostic moved = diagnostics->items[i];
        size_t place = i;
        for (; place > 0 && diagnostics->items[place - 1].at.offset > moved.at.offset; place--)
            diagnostics->items[place] = diagnostics->items[place - 1];
        diagnostics->items[place] = moved;
    }
}

void diagnostics_print(struct text *text, const struct source *source, const struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < diagnostics->kept; i++)
        diagnostic_print(text, source, &diagnostics->items[i]);
    if (diagnostics->count > diagnostics->kept)
        text_append_format(text, "%s: %zu further errors are not shown\n", source->name,
                           diagnostics->count - diagnostics->kept);
}
