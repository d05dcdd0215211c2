/* SPDX-License-Identifier: MIT */
#include "report/conformity.h"

enum { GUTTER = 2 };

static const char *const levels[] = {"MUST", "SHOULD", "MAY"};

/* How many columns WORD takes: as many as it has characters, which UTF-8 may spell with several bytes. */
static size_t columns_of(const char *word)
{
    size_t columns = 0;
    for (; *word != '\0'; word++)
        columns += ((unsigned char)*word & 0xc0) != 0x80;
    return columns;
}

static size_t name_width(const struct conformity_report *report)
{
    size_t width = 0;
    for (size_t i = 0; i < report->row_count; i++)
        if (columns_of(report->rows[i].requirement) > width)
            width = columns_of(report->rows[i].requirement);
    return width;
}

static size_t column_width(const struct conformity_stack *stack)
{
    size_t width = columns_of(conformity_name(CONFORMITY_KNOWN_DEVIATION));
    return columns_of(stack->name) > width ? columns_of(stack->name) : width;
}

static void print_cell(struct text *text, const char *word, size_t width, bool last)
{
    text_append_string(text, word);
    if (!last)
        text_append_repeated(text, ' ', width + GUTTER - columns_of(word));
}

static void print_heading(struct text *text, const struct conformity_report *report, const char *heading, size_t width)
{
    print_cell(text, heading, width, false);
    for (size_t i = 0; i < report->stack_count; i++)
        print_cell(text, report->stacks[i].name, column_width(&report->stacks[i]), i + 1 == report->stack_count);
    text_append_character(text, '\n');
}

static bool has_level(const struct conformity_row *row, const char *level)
{
    return strcmp(conformity_level(row), level) == 0;
}

/* What explains a row: what the requirement asks for, where a stack violates it; why it can't be seen to be kept, where
 * nothing exercises it. NULL where there is nothing to explain. */
static const char *explanation_of(const struct conformity_report *report, const struct conformity_row *row)
{
    bool violated = false;
    bool exercised = false;
    for (size_t i = 0; i < report->stack_count; i++) {
        violated = violated || row->of[i] == CONFORMITY_VIOLATED;
        exercised = exercised || row->of[i] != CONFORMITY_NOT_EXERCISED;
    }
    if (row->entry == NULL || (!violated && exercised))
        return NULL;
    return violated ? row->entry->says : row->entry->unseen;
}

static void print_row(struct text *text, const struct conformity_report *report, const struct conformity_row *row,
                      size_t width)
{
    const char *explanation = explanation_of(report, row);
    print_cell(text, row->requirement, width, false);
    for (size_t i = 0; i < report->stack_count; i++) {
        bool broken = row->of[i] == CONFORMITY_VIOLATED && has_level(row, "MUST");
        print_cell(text, broken ? "VIOLATED" : conformity_name(row->of[i]), column_width(&report->stacks[i]),
                   i + 1 == report->stack_count);
    }
    text_append_character(text, '\n');
    if (explanation != NULL)
        text_append_format(text, "    %s\n", explanation);
}

static void print_level(struct text *text, const struct conformity_report *report, const char *level, size_t width)
{
    bool begun = false;
    for (size_t i = 0; i < report->row_count; i++) {
        if (!has_level(&report->rows[i], level))
            continue;
        if (!begun)
            print_heading(text, report, level, width);
        begun = true;
        print_row(text, report, &report->rows[i], width);
    }
    if (begun)
        text_append_character(text, '\n');
}

static void print_totals(struct text *text, const struct conformity_report *report, size_t index)
{
    const struct conformity_stack *stack = &report->stacks[index];
    text_append_format(text, "%s: ", stack->name);
    text_report_totals(text, stack->suite);
    for (size_t i = 0; i < COUNT_OF(levels); i++) {
        text_append_format(text, "    %-7s", levels[i]);
        const char *separator = "";
        for (int conformity = CONFORMITY_COUNT - 1; conformity >= 0; conformity--) {
            size_t count = conformity_count(report, index, levels[i], (enum conformity)conformity);
            if (count == 0 && conformity != CONFORMITY_VIOLATED && conformity != CONFORMITY_PASSED)
                continue;
            text_append_format(text, "%s%zu %s", separator, count, conformity_name((enum conformity)conformity));
            separator = ", ";
        }
        text_append_character(text, '\n');
    }
}

/* What is to be said of the scripts of a stack, behind a line with its name; nothing if all is a plain pass. */
static void print_scripts(struct text *text, const struct conformity_stack *stack)
{
    struct text said = text_growing();
    text_report_remarks(&said, &stack->report, stack->suite);
    if (said.length > 0)
        text_append_format(text, "%s\n\n%s\n", stack->name, text_string(&said));
    text_free(&said);
}

void conformity_print_text(struct text *text, const struct conformity_report *report)
{
    size_t width = name_width(report);
    for (size_t i = 0; i < COUNT_OF(levels); i++)
        print_level(text, report, levels[i], width);
    if (report->outside > 0)
        text_append_format(text, "%zu more of the catalogue have nothing to do with the handshake.\n\n",
                           report->outside);
    for (size_t i = 0; i < report->stack_count; i++)
        print_scripts(text, &report->stacks[i]);
    for (size_t i = 0; i < report->stack_count; i++)
        print_totals(text, report, i);
}
