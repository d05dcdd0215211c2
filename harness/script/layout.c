/* SPDX-License-Identifier: MIT */
#include "script/layout.h"

enum {
    INDENT = 4,              /* outside of brackets */
    INDENT_ALIGNED_MOST = 80 /* no list is aligned further to the right */
};

/* The character of a mark; NUL for what is none, and for `...`, which is a value. */
static char mark_of(const struct layout *layout, const struct token *token)
{
    char first = *token_text(layout->program, token);
    return token->kind != TOKEN_MARK || first == '.' ? '\0' : first;
}

static bool is_one_of(char mark, const char *marks)
{
    return mark != '\0' && strchr(marks, mark) != NULL;
}

static char innermost(const struct layout *layout)
{
    size_t depth = layout->depth < LAYOUT_BRACKETS_MOST ? layout->depth : LAYOUT_BRACKETS_MOST;
    return depth == 0 ? '\0' : layout->brackets[depth - 1].opening;
}

static void layout_open(struct layout *layout, char mark, size_t column)
{
    if (layout->depth < LAYOUT_BRACKETS_MOST) {
        layout->brackets[layout->depth].opening = mark;
        layout->brackets[layout->depth].column = column;
    }
    layout->depth++;
}

/* True if MARK closes a list: in a segment `>` may also stand between two ports. */
static bool mark_closes(const struct layout *layout, const struct token *token, char mark)
{
    return is_one_of(mark, ")]}") || (token->part == PART_SEGMENT && mark == '>' && innermost(layout) == '<');
}

static bool mark_opens(const struct token *token, char mark)
{
    return is_one_of(mark, "([{") || (token->part == PART_SEGMENT && mark == '<');
}

/* A value that has just ended: what follows it is an operator of two operands. */
static bool ends_operand(const struct layout *layout)
{
    return layout->last.kind != TOKEN_MARK || mark_of(layout, &layout->last) == '\0' ||
           is_one_of(mark_of(layout, &layout->last), ")]}");
}

static bool is_operator(char mark)
{
    return is_one_of(mark, "|&+-*~<>");
}

static bool is_word(const struct layout *layout, const struct token *token, const char *word)
{
    return token->kind == TOKEN_WORD && token->at.length == strlen(word) &&
           memcmp(token_text(layout->program, token), word, token->at.length) == 0;
}

static bool begins_outer_header(const struct layout *layout, const struct token *token)
{
    static const char *const words[] = {"ipv4", "ipv6", "gre", "mpls"};
    for (size_t i = 0; i < COUNT_OF(words); i++)
        if (is_word(layout, token, words[i]))
            return true;
    return false;
}

/* True if TOKEN is of a header in front of a segment: up to a colon that a blank follows, and no other header. */
static bool is_outer(const struct layout *layout, const struct token *token)
{
    if (token->part != PART_SEGMENT)
        return false;
    if (layout->last.part != PART_SEGMENT || (layout->depth == 0 && is_word(layout, &layout->last, "or")))
        return begins_outer_header(layout, token);
    bool behind_colon = layout->depth == 0 && mark_of(layout, &layout->last) == ':' && !token->glued;
    if (!layout->outer || !behind_colon || is_one_of(mark_of(layout, token), ">:"))
        return layout->outer;
    return begins_outer_header(layout, token);
}

void layout_pass(struct layout *layout, const struct token *token, size_t column)
{
    layout->comment = token_is_comment(token);
    if (layout->comment)
        return;
    char mark = mark_of(layout, token);
    if (token->begins)
        layout->depth = layout->colon = 0;
    layout->outer = is_outer(layout, token);
    layout->binary = token->part == PART_CALL && is_operator(mark) && ends_operand(layout);
    if (mark == ':' && layout->depth == 0 && !layout->outer)
        layout->colon = 1;
    else if (layout->colon > 0)
        layout->colon++;
    if (mark_opens(token, mark))
        layout_open(layout, mark, column);
    else if (mark_closes(layout, token, mark) && layout->depth > 0)
        layout->depth--;
    layout->last = *token;
}

static bool blank_in_call(const struct layout *layout, const struct token *token)
{
    char before = mark_of(layout, &layout->last);
    char mark = mark_of(layout, token);
    if (token->kind == TOKEN_NOTE)
        return true;
    if (mark == ',' || mark_closes(layout, token, mark) || mark_opens(&layout->last, before))
        return false;
    if (before == ',')
        return true;
    /* A call's result stands apart, a member's value does not. */
    if (before == '=' || mark == '=')
        return layout->depth == 0;
    if (is_operator(before))
        return layout->binary && before != '|';
    if (is_operator(mark))
        return mark != '|';
    return mark != '(';
}

/* A word that `/udp` begins or ends: it belongs to what is around it. */
static bool begins_with_over_udp(const struct layout *layout, const struct token *token)
{
    return token->kind == TOKEN_WORD && *token_text(layout->program, token) == '/';
}

static bool ends_in_over_udp(const struct layout *layout, const struct token *token)
{
    return token->kind == TOKEN_WORD && token->at.length >= 4 &&
           memcmp(token_text(layout->program, token) + token->at.length - 4, "/udp", 4) == 0;
}

/* Outside of lists: all is words with a blank between, but for the sequence numbers. */
static bool blank_in_numbers(const struct layout *layout, char before, char mark)
{
    if (before == ':' || mark == ':' || (mark == '[' && is_word(layout, &layout->last, "addr")))
        return false;
    return mark != '(' || (layout->colon != 2 && !ends_in_over_udp(layout, &layout->last));
}

/* In a header in front of a segment: as it was written, but for the colon at its end. */
static bool blank_in_outer(const struct layout *layout, const struct token *token, char mark)
{
    if (mark != ':' || token->glued)
        return !token->glued;
    return begins_outer_header(layout, &layout->last) && !is_word(layout, &layout->last, "gre");
}

static bool blank_in_segment(const struct layout *layout, const struct token *token)
{
    char before = mark_of(layout, &layout->last);
    char mark = mark_of(layout, token);
    if (mark == ',' || mark_closes(layout, token, mark) || mark_opens(&layout->last, before))
        return false;
    if (innermost(layout) == '<' && *token_text(layout->program, token) == '?')
        return false;
    if (before == ',')
        return innermost(layout) != '<';
    if (begins_with_over_udp(layout, token))
        return false;
    if (before == '>' || mark == '>')
        return true;
    if (layout->depth == 0 && is_outer(layout, token))
        return blank_in_outer(layout, token, mark);
    if (layout->depth == 0 && layout->outer)
        return true;
    return layout->depth == 0 ? blank_in_numbers(layout, before, mark) : !token->glued;
}

/* Beside a comment: a blank, but not at the edge of brackets and not before a comma. */
static bool blank_beside_comment(const struct layout *layout, const struct token *token)
{
    if (token_is_comment(token))
        return layout->comment || !mark_opens(&layout->last, mark_of(layout, &layout->last));
    char mark = mark_of(layout, token);
    return mark != ',' && !mark_closes(layout, token, mark);
}

bool layout_blank_before(const struct layout *layout, const struct token *token)
{
    if (token_is_comment(token) || layout->comment)
        return blank_beside_comment(layout, token);
    switch (token->part) {
    case PART_OPTION:
        return false;
    case PART_TIME:
        return layout->last.part != PART_TIME;
    case PART_CALL:
        return layout->last.part != PART_CALL || blank_in_call(layout, token);
    case PART_SEGMENT:
        return layout->last.part != PART_SEGMENT || blank_in_segment(layout, token);
    case PART_NONE:
    case PART_ARROW:
    case PART_BODY:
        break;
    }
    return true;
}

/* `or` and what follows it is another answer to an expected segment. */
static bool is_another_answer(const struct layout *layout, const struct token *token)
{
    return token->part == PART_SEGMENT && token->kind == TOKEN_WORD && layout->depth == 0 && token->at.length == 2 &&
           memcmp(token_text(layout->program, token), "or", 2) == 0;
}

bool layout_keeps_line_end(const struct layout *layout, const struct token *token)
{
    if (layout->comment || token_is_comment(token))
        return true;
    if (layout->last.kind == TOKEN_STRING && token->kind == TOKEN_STRING)
        return true;
    return layout->binary || mark_of(layout, &layout->last) == ',' || is_another_answer(layout, token);
}

size_t layout_indent(const struct layout *layout)
{
    size_t depth = layout->depth < LAYOUT_BRACKETS_MOST ? layout->depth : LAYOUT_BRACKETS_MOST;
    size_t column = depth == 0 ? INDENT : layout->brackets[depth - 1].column;
    return column > INDENT_ALIGNED_MOST ? INDENT : column;
}
