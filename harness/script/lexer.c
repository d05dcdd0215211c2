/* SPDX-License-Identifier: MIT */
#include "script/lexer.h"

#include "base/character.h"

/* The character AHEAD of the cursor; NUL at the end. */
static char lexer_peek(const struct lexer *lexer, size_t ahead)
{
    const struct source *source = &lexer->program->source;
    return ahead < source->length - lexer->offset ? source->text[lexer->offset + ahead] : '\0';
}

/* Length from the cursor up to and with END, which is looked for from FROM characters ahead; else up to the end. */
static size_t length_through(const struct lexer *lexer, size_t from, const char *end)
{
    const struct source *source = &lexer->program->source;
    size_t left = source->length - lexer->offset;
    if (from >= left)
        return left;
    const char *text = source->text + lexer->offset;
    const char *found = memmem(text + from, left - from, end, strlen(end));
    return found == NULL ? left : (size_t)(found - text) + strlen(end);
}

/* Length of a comment that ends with its line, without the blanks at its end. */
static size_t line_comment_length(const struct lexer *lexer)
{
    struct span line = source_line(&lexer->program->source, lexer->offset);
    size_t length = line.offset + line.length - lexer->offset;
    while (length > 0 && character_is_blank(lexer_peek(lexer, length - 1)))
        length--;
    return length;
}

/* Length of the comment at the cursor, or 0. */
static size_t comment_length(const struct lexer *lexer, enum token_kind *kind)
{
    char first = lexer_peek(lexer, 0);
    char second = lexer_peek(lexer, 1);
    if (first == '/' && second == '*') {
        *kind = TOKEN_BLOCK_COMMENT;
        return length_through(lexer, 2, "*/");
    }
    if (first != '#' && (first != '/' || second != '/'))
        return 0;
    *kind = TOKEN_LINE_COMMENT;
    return line_comment_length(lexer);
}

static size_t string_length(const struct lexer *lexer)
{
    size_t length = 1;
    while (lexer_peek(lexer, length) != '"' && lexer_peek(lexer, length) != '\n')
        length += lexer_peek(lexer, length) == '\\' ? 2 : 1;
    return length + 1;
}

static size_t word_length(const struct lexer *lexer)
{
    size_t length = 0;
    while (character_is_word(lexer_peek(lexer, length)))
        length++;
    return length;
}

/* A decimal: its point is no part of `...`. */
static size_t number_length(const struct lexer *lexer)
{
    size_t length = 0;
    while (character_is_digit(lexer_peek(lexer, length)))
        length++;
    if (lexer_peek(lexer, length) != '.' || lexer_peek(lexer, length + 1) == '.')
        return length;
    do {
        length++;
    } while (character_is_digit(lexer_peek(lexer, length)));
    return length;
}

/* Length of a mark at the cursor: one of those with several characters, or one character. */
static size_t mark_length(const struct lexer *lexer)
{
    static const char *const marks[] = {"...", "<<", ">>"};
    for (size_t i = 0; i < COUNT_OF(marks); i++) {
        size_t length = 0;
        while (marks[i][length] != '\0' && lexer_peek(lexer, length) == marks[i][length])
            length++;
        if (marks[i][length] == '\0')
            return length;
    }
    return 1;
}

/* What runs on in a segment: flags, numbers, addresses, names. */
static size_t segment_word_length(const struct lexer *lexer)
{
    size_t length = 0;
    enum token_kind kind;
    struct lexer ahead = *lexer;
    for (char here; (here = lexer_peek(lexer, length)) != '\0'; length++) {
        ahead.offset = lexer->offset + length;
        if (character_is_blank(here) || here == '\n' || strchr("()[]{}<>,:\"", here) != NULL ||
            comment_length(&ahead, &kind) > 0)
            break;
    }
    return length;
}

static void time_token(const struct lexer *lexer, struct token *token)
{
    size_t length = number_length(lexer);
    token->part = PART_TIME;
    token->kind = length > 0 ? TOKEN_WORD : TOKEN_MARK;
    token->at.length = length > 0 ? length : mark_length(lexer);
}

static void string_or_mark_token(const struct lexer *lexer, struct token *token)
{
    bool string = lexer_peek(lexer, 0) == '"';
    token->kind = string ? TOKEN_STRING : TOKEN_MARK;
    token->at.length = string ? string_length(lexer) : mark_length(lexer);
}

static void call_token(struct lexer *lexer, const struct event *event, struct token *token)
{
    const char *note = event->call.note;
    size_t word = word_length(lexer);
    size_t end = event->at.offset + event->at.length;
    token->part = PART_CALL;
    if (note != NULL && token->at.offset == end - strlen(note) - 2) {
        token->kind = TOKEN_NOTE;
        token->at.length = strlen(note) + 2;
    } else if (word > 0) {
        token->kind = TOKEN_WORD;
        token->at.length = word;
    } else {
        string_or_mark_token(lexer, token);
    }
}

static void segment_token(struct lexer *lexer, struct token *token)
{
    if (!lexer->arrow_seen) {
        lexer->arrow_seen = true;
        token->part = PART_ARROW;
        token->kind = TOKEN_MARK;
        token->at.length = 1;
        return;
    }
    size_t word = segment_word_length(lexer);
    token->part = PART_SEGMENT;
    if (word > 0) {
        token->kind = TOKEN_WORD;
        token->at.length = word;
    } else if (lexer_peek(lexer, 0) == '"') {
        token->kind = TOKEN_STRING;
        token->at.length = string_length(lexer);
    } else {
        token->kind = TOKEN_MARK;
        token->at.length = 1;
    }
}

static void event_token(struct lexer *lexer, const struct event *event, struct token *token)
{
    token->begins = token->at.offset == event->at.offset;
    token->inside = !token->begins;
    if (token->at.offset < event->time.at.offset + event->time.at.length) {
        time_token(lexer, token);
        return;
    }
    switch (event->kind) {
    case EVENT_CALL:
        call_token(lexer, event, token);
        break;
    case EVENT_INJECT:
    case EVENT_EXPECT:
    case EVENT_NOTHING:
        segment_token(lexer, token);
        break;
    case EVENT_COMMAND:
    case EVENT_CODE:
        token->part = PART_BODY;
        token->kind = TOKEN_WHOLE;
        token->at.length =
            event->kind == EVENT_COMMAND ? length_through(lexer, 1, "`") : length_through(lexer, 2, "}%");
        break;
    }
}

/* What stands before the first event or behind the last: options and commands without a time. */
static void head_token(struct lexer *lexer, struct token *token)
{
    char first = lexer_peek(lexer, 0);
    token->part = PART_OPTION;
    token->kind = TOKEN_WHOLE;
    if (first == '"' && (lexer->option == OPTION_EQUALS || lexer->option == OPTION_STRING)) {
        token->kind = TOKEN_STRING;
        token->at.length = string_length(lexer);
        lexer->option = OPTION_STRING;
    } else if (lexer->option == OPTION_EQUALS) {
        for (char here; (here = lexer_peek(lexer, token->at.length)) != '\0'; token->at.length++)
            if (character_is_blank(here) || here == '\n')
                break;
        lexer->option = OPTION_NONE;
    } else if (lexer->option == OPTION_NAME && first == '=') {
        token->kind = TOKEN_MARK;
        token->at.length = 1;
        lexer->option = OPTION_EQUALS;
    } else if (first == '`') {
        token->part = PART_BODY;
        token->begins = true;
        token->at.length = length_through(lexer, 1, "`");
        lexer->option = OPTION_NONE;
    } else {
        token->begins = true;
        token->at.length = 2;
        while (character_is_word(lexer_peek(lexer, token->at.length)) || lexer_peek(lexer, token->at.length) == '-')
            token->at.length++;
        lexer->option = OPTION_NAME;
    }
}

/* Skips blanks and line ends, which are counted. */
static void lexer_skip(struct lexer *lexer, struct token *token)
{
    size_t start = lexer->offset;
    for (char here; (here = lexer_peek(lexer, 0)) == '\n' || character_is_blank(here); lexer->offset++)
        token->newlines += here == '\n';
    token->glued = lexer->offset == start;
}

/* The event that the cursor is in, or else the one that comes next. */
static const struct event *lexer_event(struct lexer *lexer)
{
    const struct program *program = lexer->program;
    while (lexer->event < program->event_count) {
        const struct event *event = &program->events[lexer->event];
        if (lexer->offset < event->at.offset + event->at.length)
            return event;
        lexer->event++;
        lexer->arrow_seen = false;
    }
    return NULL;
}

bool lexer_next(struct lexer *lexer, struct token *token)
{
    struct token read = {0};
    lexer_skip(lexer, &read);
    if (lexer->offset >= lexer->program->source.length)
        return false;
    const struct event *event = lexer_event(lexer);
    bool inside = event != NULL && lexer->offset >= event->at.offset;
    read.at.offset = lexer->offset;
    read.at.length = comment_length(lexer, &read.kind);
    if (read.at.length > 0)
        read.inside = inside;
    else if (inside)
        event_token(lexer, event, &read);
    else
        head_token(lexer, &read);
    lexer->offset += read.at.length;
    *token = read;
    return true;
}
