/* SPDX-License-Identifier: MIT */
#include "report/judged.h"

/* Of each reason why a connection is inconclusive so many are named. */
enum { NAMED_MOST = 3, REASONS_MOST = 16 };

struct reason {
    const char *text;
    size_t count;
    size_t named[NAMED_MOST]; /* connections */
};

static double seconds_of(nanoseconds time)
{
    return (double)time / (double)NANOSECONDS_PER_SECOND;
}

static void print_number(struct text *text, uint64_t number, const char *what)
{
    if (number > 0)
        text_append_format(text, "  %llu %s\n", (unsigned long long)number, what);
}

static void print_summary(struct text *text, const struct capture_summary *summary)
{
    text_append_format(text, "%llu packets, %llu segments of TCP\n", (unsigned long long)summary->packets,
                       (unsigned long long)summary->segments);
    print_number(text, summary->not_tcp, "packets are none of TCP: not looked at");
    print_number(text, summary->aside, "segments are to or from none of the sides asked for");
    if (summary->unknown_link > 0)
        text_append_format(text, "  %llu packets are of link type %u, which can't be read\n",
                           (unsigned long long)summary->unknown_link, summary->link_type);
    print_number(text, summary->unreadable, "packets are cut off, or broken, before the end of their TCP header");
    print_number(text, summary->fragments, "packets are IP fragments, which are not put together");
    print_number(text, summary->clipped, "segments lack some of their text (snap length): their headers are judged");
    print_number(text, summary->out_of_order, "packets stand behind later ones: judged in the order of their times");
    print_number(text, summary->backward, "packets are earlier than many before them: taken in the file's order");
    print_number(text, summary->lost, "packets were lost by whoever captured: no fail counts");
}

static void print_clause(struct text *text, const struct judged *judged, uint16_t clause)
{
    const char *name = judged->spec->clauses[clause];
    const struct catalogue_entry *entry =
        judged->catalogue == NULL ? NULL : catalogue_find(judged->catalogue, name, strlen(name));
    text_append_format(text, "  %s", name);
    if (entry != NULL)
        text_append_format(text, " (%s): %s", entry->level, entry->says);
    text_append_character(text, '\n');
}

static void print_excerpt(struct text *text, const struct judged_excerpt *excerpt)
{
    for (size_t i = 0; i < excerpt->count; i++)
        text_append_format(text, "  %s\n", excerpt->lines[i]);
}

static void print_violation(struct text *text, const struct judged *judged, const struct judge_connection *connection)
{
    const struct judge_violation *violation = judge_violation_at(judged->judge, connection->violation);
    const struct source *source = &judged->spec->source;
    text_append_string(text, connection->verdict == VERDICT_FAIL ? "\nfail  " : "\npass, not strict  ");
    judged_print_ends(text, &connection->ends);
    text_append_format(text, "\n  packet %llu at %.6f s, in %s: %s\n",
                       (unsigned long long)judged->packets[connection->violation], seconds_of(violation->time),
                       violation->state, violation->text);
    for (uint16_t i = 0; i < violation->clause_count; i++)
        print_clause(text, judged, violation->clauses[i]);
    text_append_format(text, "  rule: %s:%u\n", source->name, source_position(source, violation->rule.offset).line);
    if (connection->violation < judged->excerpt_count)
        print_excerpt(text, &judged->excerpts[connection->violation]);
}

static void add_reason(struct reason *reasons, size_t *count, const char *why, size_t connection)
{
    size_t at = 0;
    while (at < *count && strcmp(reasons[at].text, why) != 0)
        at++;
    if (at == REASONS_MOST)
        return;
    if (at == *count)
        reasons[(*count)++] = (struct reason){.text = why};
    if (reasons[at].count < NAMED_MOST)
        reasons[at].named[reasons[at].count] = connection;
    reasons[at].count++;
}

static void print_inconclusive(struct text *text, const struct judged *judged)
{
    struct reason reasons[REASONS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < judge_connection_count(judged->judge); i++) {
        const struct judge_connection *connection = judge_connection_at(judged->judge, i);
        if (connection->verdict == VERDICT_INCONCLUSIVE)
            add_reason(reasons, &count, connection->reason == NULL ? "not told" : connection->reason, i);
    }
    for (size_t i = 0; i < count; i++) {
        text_append_format(text, "\ninconclusive  %zu connections: %s\n", reasons[i].count, reasons[i].text);
        for (size_t j = 0; j < reasons[i].count && j < NAMED_MOST; j++) {
            text_append_string(text, "  ");
            judged_print_ends(text, &judge_connection_at(judged->judge, reasons[i].named[j])->ends);
            text_append_character(text, '\n');
        }
        if (reasons[i].count > NAMED_MOST)
            text_append_format(text, "  and %zu more\n", reasons[i].count - NAMED_MOST);
    }
}

/* Connections that deviate as their stack is known to. */
static void print_deviations(struct text *text, const struct judged *judged)
{
    size_t count = judged->deviations == NULL ? 0 : judged->deviations->count;
    for (size_t i = 0; i < count; i++) {
        const struct deviation *deviation = &judged->deviations->items[i];
        size_t met = 0;
        for (size_t j = 0; j < judge_violation_count(judged->judge); j++)
            met += judged_deviation(judged, judge_violation_at(judged->judge, j)) == deviation;
        if (met > 0)
            text_append_format(text, "\nknown deviation  %s, %zu connections: %s\n  %s\n", deviation->script, met,
                               deviation->reason, deviation->reference);
    }
}

static void print_every(struct text *text, const struct judged *judged)
{
    text_append_character(text, '\n');
    for (size_t i = 0; i < judge_connection_count(judged->judge); i++) {
        const struct judge_connection *connection = judge_connection_at(judged->judge, i);
        text_append_format(text, "%-12s  ", verdict_name(connection->verdict));
        judged_print_ends(text, &connection->ends);
        text_append_format(text, "  %llu in, %llu out, %.6f s\n", (unsigned long long)connection->to_stack,
                           (unsigned long long)connection->from_stack,
                           seconds_of(connection->ended - connection->began));
    }
}

/* What COLUMNS on the screen are for a clause in bytes: `§` is two of them. */
static int bytes_of_columns(const char *clause, int columns)
{
    for (; *clause != '\0'; clause++)
        columns += ((unsigned char)*clause & 0xc0) == 0x80;
    return columns;
}

static void print_requirements(struct text *text, const struct judged *judged)
{
    text_append_format(text, "\n%-24s %10s %10s %10s\n", "requirement", "exercised", "passed", "violated");
    for (uint16_t i = 0; i < judged->spec->clause_count; i++) {
        struct judge_tally tally = judge_clause_tally(judged->judge, i);
        if (tally.exercised + tally.violated == 0)
            continue;
        uint64_t exercised = tally.exercised > tally.violated ? tally.exercised : tally.violated;
        const char *clause = judged->spec->clauses[i];
        text_append_format(text, "%-*s %10llu %10llu %10llu\n", bytes_of_columns(clause, 24), clause,
                           (unsigned long long)exercised, (unsigned long long)(exercised - tally.violated),
                           (unsigned long long)tally.violated);
    }
}

void judged_print_text(struct text *text, const struct judged *judged)
{
    size_t lax = 0;
    text_append_format(text, "%s: ", judged->name);
    if (judged->summary != NULL)
        print_summary(text, judged->summary);
    else
        text_append_string(text, "a trace\n");
    if (judged->cut != NULL)
        text_append_format(text, "  not read to its end: %s\n", judged->cut);
    for (size_t i = 0; i < judge_connection_count(judged->judge); i++) {
        const struct judge_connection *connection = judge_connection_at(judged->judge, i);
        lax += connection->lax && connection->verdict == VERDICT_PASS;
        if (connection->verdict == VERDICT_FAIL || connection->lax)
            print_violation(text, judged, connection);
    }
    print_inconclusive(text, judged);
    print_deviations(text, judged);
    if (judged->every)
        print_every(text, judged);
    print_requirements(text, judged);
    if (judged_total(judged) == 0) {
        text_append_string(text, "\nno connection of TCP is in it: nothing was judged\n");
        return;
    }
    text_append_format(text, "\n%llu connections, each end its own: %llu pass, %llu fail, %llu inconclusive",
                       (unsigned long long)judged_total(judged), (unsigned long long)judged_count(judged, VERDICT_PASS),
                       (unsigned long long)judged_count(judged, VERDICT_FAIL),
                       (unsigned long long)judged_count(judged, VERDICT_INCONCLUSIVE));
    if (lax > 0)
        text_append_format(text, "; %zu of the passes not strict: a SHOULD was broken", lax);
    text_append_character(text, '\n');
}
