/* SPDX-License-Identifier: MIT */
#include "report/conformity.h"

#include "suite/requirement.h"

static const char *const names[] = {
#define X(name, text) text,
    CONFORMITIES(X)
#undef X
};

const char *conformity_name(enum conformity conformity)
{
    INVARIANT(conformity < CONFORMITY_COUNT);
    return names[conformity];
}

static struct conformity_row *row_add(struct conformity_report *report, const char *requirement, size_t length)
{
    enum { ROWS_AT_FIRST = 256 };
    if (report->row_count == report->row_capacity) {
        size_t capacity = report->row_capacity == 0 ? ROWS_AT_FIRST : 2 * report->row_capacity;
        struct conformity_row *rows = arena_take(&report->arena, capacity * sizeof(*rows));
        if (rows == NULL)
            return NULL;
        if (report->row_count > 0)
            memcpy(rows, report->rows, report->row_count * sizeof(*rows));
        report->rows = rows;
        report->row_capacity = capacity;
    }
    const char *name = arena_copy(&report->arena, requirement, length);
    if (name == NULL)
        return NULL;
    struct conformity_row *row = &report->rows[report->row_count++];
    *row = (struct conformity_row){.requirement = name};
    return row;
}

static size_t row_find(const struct conformity_report *report, const char *requirement, size_t length)
{
    size_t index = 0;
    while (index < report->row_count && (strlen(report->rows[index].requirement) != length ||
                                         memcmp(report->rows[index].requirement, requirement, length) != 0))
        index++;
    return index;
}

/* Notes that the stack with that INDEX came to CONFORMITY on the LENGTH characters at REQUIREMENT. */
static bool note(struct conformity_report *report, size_t index, const char *requirement, size_t length,
                 enum conformity conformity)
{
    size_t at = row_find(report, requirement, length);
    if (at == report->row_count && row_add(report, requirement, length) == NULL)
        return false;
    enum conformity *noted = &report->rows[at].of[index];
    *noted = conformity > *noted ? conformity : *noted;
    return true;
}

/* What the script of ONE says of the requirements that it cites, without what the specification says. */
static enum conformity script_says(const struct suite *suite, const struct suite_case *one)
{
    static const enum conformity said[VERDICT_COUNT] = {
        [VERDICT_PASS] = CONFORMITY_PASSED,
        [VERDICT_FAIL] = CONFORMITY_VIOLATED,
        [VERDICT_INCONCLUSIVE] = CONFORMITY_UNDECIDED,
        [VERDICT_ERROR] = CONFORMITY_UNDECIDED,
        [VERDICT_NOT_APPLICABLE] = CONFORMITY_NOT_APPLICABLE,
    };
    bool known = one->telling->verdict == VERDICT_FAIL && suite_excuse(suite->settings, one) == SUITE_KNOWN_DEVIATION;
    return known ? CONFORMITY_KNOWN_DEVIATION : said[one->telling->verdict];
}

static bool note_script(struct conformity_report *report, size_t index, const struct suite_case *one)
{
    const struct program *program = &one->script->program;
    enum conformity said = script_says(report->stacks[index].suite, one);
    for (size_t i = 0; i < program->note_count; i++) {
        const char *rest = program->notes[i].value;
        const char *start;
        size_t length;
        if (strcmp(program->notes[i].key, "requirement") != 0)
            continue;
        while (requirement_next(&rest, &start, &length))
            if (!note(report, index, start, length, said))
                return false;
    }
    return true;
}

/* What the specification says of clauses, by all cases of which its verdict counts. */
static bool note_clauses(struct conformity_report *report, size_t index)
{
    const struct suite *suite = report->stacks[index].suite;
    const struct spec *spec = suite->settings->spec;
    for (uint16_t clause = 0; spec != NULL && clause < spec->clause_count; clause++) {
        enum conformity heaviest = CONFORMITY_NOT_EXERCISED;
        for (size_t i = 0; i < suite->case_count; i++) {
            const struct suite_case *one = &suite->cases[i];
            if (one->telling == NULL || !one->telling->judged.there || !suite_judge_counts(suite->settings, one))
                continue;
            const struct suite_judged *judged = &one->telling->judged;
            enum conformity said = clause_set_has(&judged->broken, clause)    ? CONFORMITY_VIOLATED
                                   : clause_set_has(&judged->excused, clause) ? CONFORMITY_KNOWN_DEVIATION
                                   : clause_set_has(&judged->kept, clause)    ? CONFORMITY_PASSED
                                                                              : CONFORMITY_NOT_EXERCISED;
            heaviest = said > heaviest ? said : heaviest;
        }
        if (heaviest != CONFORMITY_NOT_EXERCISED &&
            !note(report, index, spec->clauses[clause], strlen(spec->clauses[clause]), heaviest))
            return false;
    }
    return true;
}

static bool note_stack(struct conformity_report *report, size_t index)
{
    const struct suite *suite = report->stacks[index].suite;
    for (size_t i = 0; i < suite->case_count; i++)
        if (suite->cases[i].telling != NULL && !note_script(report, index, &suite->cases[i]))
            return false;
    return note_clauses(report, index);
}

static bool add_catalogue(struct conformity_report *report, const struct catalogue *catalogue)
{
    for (size_t i = 0; i < catalogue->count; i++) {
        const struct catalogue_entry *entry = &catalogue->entries[i];
        if (row_add(report, entry->requirement, strlen(entry->requirement)) == NULL)
            return false;
        report->rows[report->row_count - 1].entry = entry;
    }
    return true;
}

static bool is_outside(const struct conformity_report *report, const struct conformity_row *row)
{
    if (row->entry == NULL || row->entry->outside == NULL)
        return false;
    for (size_t i = 0; i < report->stack_count; i++)
        if (row->of[i] != CONFORMITY_NOT_EXERCISED)
            return false;
    return true;
}

/* Leaves out what has nothing to do with the handshake, unless something was said about it all the same. */
static void drop_outside(struct conformity_report *report)
{
    size_t kept = 0;
    for (size_t i = 0; i < report->row_count; i++)
        if (!is_outside(report, &report->rows[i]))
            report->rows[kept++] = report->rows[i];
    report->outside = report->row_count - kept;
    report->row_count = kept;
}

bool conformity_reckon(struct conformity_report *report, const struct catalogue *catalogue)
{
    INVARIANT(report->stack_count <= CONFORMITY_STACKS_MOST);
    if (catalogue != NULL && !add_catalogue(report, catalogue))
        return false;
    for (size_t i = 0; i < report->stack_count; i++)
        if (!note_stack(report, i))
            return false;
    drop_outside(report);
    return true;
}

void conformity_free(struct conformity_report *report)
{
    arena_free(&report->arena);
    *report = (struct conformity_report){0};
}

const char *conformity_level(const struct conformity_row *row)
{
    return row->entry == NULL ? "MUST" : row->entry->level;
}

size_t conformity_count(const struct conformity_report *report, size_t index, const char *level,
                        enum conformity conformity)
{
    size_t count = 0;
    for (size_t i = 0; i < report->row_count; i++)
        count += report->rows[i].of[index] == conformity &&
                 (level == NULL || strcmp(conformity_level(&report->rows[i]), level) == 0);
    return count;
}

int conformity_exit_status(const struct conformity_report *report)
{
    int worst = 0;
    for (size_t i = 0; i < report->stack_count; i++) {
        int status = suite_exit_status(report->stacks[i].suite);
        worst = status == 1 || worst == 0 ? status : worst;
        if (worst == 1)
            break;
    }
    return worst;
}
