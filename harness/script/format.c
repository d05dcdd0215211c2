/* SPDX-License-Identifier: MIT */
/* A script's source in the canonical layout: its tokens, with other blanks and line ends between. */
#include "script/layout.h"
#include "script/print.h"

/* A script while it is laid out. */
struct format {
    struct text *text;
    struct layout layout;
    struct token previous;
    size_t line;       /* where the last line of the text begins */
    bool only_comment; /* so far, on that line */
    bool any;          /* something was laid out */
};

static void put_line_ends(struct format *format, size_t count)
{
    text_append_repeated(format->text, '\n', count);
    format->line = format->text->length;
    format->only_comment = true;
}

/* Two options stay on one line, and so does a comment with what it stands before; all else has a line of its own. */
static bool may_share_line(const struct format *format, const struct token *token)
{
    if (!token->begins)
        return true;
    return format->only_comment || (token->part == PART_OPTION && format->previous.part == PART_OPTION);
}

/* Between what begins here, or a comment, and what was before it: at most one empty line. */
static void separate(struct format *format, const struct token *token)
{
    size_t line_ends = token->newlines < 2 ? token->newlines : 2;
    if (line_ends == 0 && (format->previous.kind == TOKEN_LINE_COMMENT || !may_share_line(format, token)))
        line_ends = 1;
    if (line_ends > 0)
        put_line_ends(format, line_ends);
    else
        text_append_character(format->text, ' ');
}

/* Between two tokens of an event. */
static void continue_event(struct format *format, const struct token *token)
{
    bool line_end = token->newlines > 0 && layout_keeps_line_end(&format->layout, token);
    if (line_end) {
        put_line_ends(format, 1);
        text_append_repeated(format->text, ' ', layout_indent(&format->layout));
    } else if (layout_blank_before(&format->layout, token)) {
        text_append_character(format->text, ' ');
    }
}

/* A number of seconds with one digit before the point at least, and none more than needed. */
static void put_seconds(struct text *text, const char *digits, size_t length)
{
    const char *point = memchr(digits, '.', length);
    size_t whole = point == NULL ? length : (size_t)(point - digits);
    while (whole > 1 && digits[0] == '0') {
        digits++;
        whole--;
        length--;
    }
    while (length > whole && (digits[length - 1] == '0' || digits[length - 1] == '.'))
        length--;
    if (whole == 0)
        text_append_character(text, '0');
    text_append_bytes(text, digits, length);
}

static void put_token(struct format *format, const struct token *token)
{
    const char *characters = token_text(format->layout.program, token);
    if (token->part == PART_TIME && token->kind == TOKEN_WORD)
        put_seconds(format->text, characters, token->at.length);
    else
        text_append_bytes(format->text, characters, token->at.length);
    const char *line_end = memrchr(characters, '\n', token->at.length);
    if (line_end != NULL)
        format->line = format->text->length - (token->at.length - (size_t)(line_end + 1 - characters));
    layout_pass(&format->layout, token, format->text->length - format->line);
    format->only_comment = format->only_comment && token_is_comment(token);
    format->previous = *token;
    format->any = true;
}

/* `+0...+0.1`: packetdrill has no second `+`, and means the same. */
static bool is_superfluous(const struct format *format, const struct token *token)
{
    const struct token *last = &format->layout.last;
    const struct program *program = format->layout.program;
    return token->part == PART_TIME && last->part == PART_TIME && last->kind == TOKEN_MARK &&
           *token_text(program, last) == '.' && *token_text(program, token) == '+';
}

void program_format(struct text *text, const struct program *program)
{
    struct lexer lexer = {.program = program};
    struct format format = {.text = text, .layout.program = program, .line = text->length, .only_comment = true};
    struct token token;
    while (lexer_next(&lexer, &token)) {
        if (is_superfluous(&format, &token))
            continue;
        if (format.any && (token.inside || (token.part == PART_OPTION && !token.begins)))
            continue_event(&format, &token);
        else if (format.any)
            separate(&format, &token);
        put_token(&format, &token);
    }
    if (format.any)
        text_append_character(text, '\n');
}
