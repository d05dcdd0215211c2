/* SPDX-License-Identifier: MIT */
#include "report/json_members.h"
#include "report/judged.h"
#include "report/quoted.h"

/* So much is put together before it is given away. */
enum { PIECE = 256 * 1024 };

static void address_member(struct text *text, const char *name, const struct address *address)
{
    char buffer[64];
    struct text printed = text_in(buffer, sizeof(buffer));
    address_print(&printed, address);
    json_string_member(text, name, buffer);
}

static void capture_object(struct text *text, const struct judged *judged)
{
    const struct capture_summary *summary = judged->summary;
    json_string_member(text, "type", summary == NULL ? "trace" : "capture");
    json_string_member(text, "file", judged->name);
    if (summary != NULL) {
        json_number_member(text, "packets", summary->packets);
        json_number_member(text, "segments", summary->segments);
        json_number_member(text, "not_tcp", summary->not_tcp);
        json_number_member(text, "aside", summary->aside);
        json_number_member(text, "unreadable", summary->unreadable);
        json_number_member(text, "fragments", summary->fragments);
        json_number_member(text, "unknown_link_type", summary->unknown_link);
        json_number_member(text, "clipped", summary->clipped);
        json_number_member(text, "out_of_order", summary->out_of_order);
        json_number_member(text, "backward_in_time", summary->backward);
        json_number_member(text, "lost", summary->lost);
    }
    json_string_member(text, "broken", judged->cut);
    text_append_string(text, "}\n");
}

static void violation_member(struct text *text, const struct judged *judged, size_t index)
{
    const struct judge_violation *violation = judge_violation_at(judged->judge, index);
    const struct source *source = &judged->spec->source;
    json_member_begin(text, "violation");
    text_append_character(text, '{');
    json_number_member(text, "packet", judged->packets[index]);
    json_seconds_member(text, "at", violation->time);
    json_string_member(text, "state", violation->state);
    json_string_member(text, "says", violation->text);
    json_string_member(text, "rule", source->name);
    json_number_member(text, "line", source_position(source, violation->rule.offset).line);
    json_member_begin(text, "requirements");
    text_append_character(text, '[');
    for (uint16_t i = 0; i < violation->clause_count; i++) {
        text_append_string(text, i == 0 ? "" : ",");
        json_string_print(text, judged->spec->clauses[violation->clauses[i]]);
    }
    text_append_string(text, "],\"packets\":[");
    for (size_t i = 0; index < judged->excerpt_count && i < judged->excerpts[index].count; i++) {
        text_append_string(text, i == 0 ? "" : ",");
        json_string_print(text, judged->excerpts[index].lines[i]);
    }
    text_append_string(text, "]}");
}

static void deviation_member(struct text *text, const struct deviation *deviation)
{
    json_member_begin(text, "deviation");
    text_append_character(text, '{');
    json_string_member(text, "reason", deviation->reason);
    json_string_member(text, "reference", deviation->reference);
    text_append_character(text, '}');
}

static void connection_object(struct text *text, const struct judged *judged, const struct judge_connection *connection)
{
    json_string_member(text, "type", "connection");
    address_member(text, "stack", &connection->ends.local);
    json_number_member(text, "stack_port", connection->ends.local_port);
    address_member(text, "peer", &connection->ends.remote);
    json_number_member(text, "peer_port", connection->ends.remote_port);
    json_string_member(text, "verdict", verdict_name(connection->verdict));
    json_string_member(text, "reason", connection->verdict == VERDICT_INCONCLUSIVE ? connection->reason : NULL);
    json_boolean_member(text, "strict", !connection->lax);
    json_number_member(text, "to_stack", connection->to_stack);
    json_number_member(text, "from_stack", connection->from_stack);
    json_seconds_member(text, "began", connection->began);
    json_seconds_member(text, "ended", connection->ended);
    if (connection->excused)
        deviation_member(text, judged_deviation(judged, judge_violation_at(judged->judge, connection->violation)));
    if (connection->verdict == VERDICT_FAIL || connection->excused || connection->lax)
        violation_member(text, judged, connection->violation);
    text_append_string(text, "}\n");
}

static void requirement_object(struct text *text, const struct judged *judged, uint16_t clause)
{
    const char *name = judged->spec->clauses[clause];
    struct judge_tally tally = judge_clause_tally(judged->judge, clause);
    if (tally.exercised + tally.violated == 0)
        return;
    uint64_t exercised = tally.exercised > tally.violated ? tally.exercised : tally.violated;
    const struct catalogue_entry *entry =
        judged->catalogue == NULL ? NULL : catalogue_find(judged->catalogue, name, strlen(name));
    json_string_member(text, "type", "requirement");
    json_string_member(text, "requirement", name);
    json_string_member(text, "level", entry == NULL ? NULL : entry->level);
    json_string_member(text, "says", entry == NULL ? NULL : entry->says);
    json_number_member(text, "exercised", exercised);
    json_number_member(text, "passed", exercised - tally.violated);
    json_number_member(text, "violated", tally.violated);
    text_append_string(text, "}\n");
}

static void summary_object(struct text *text, const struct judged *judged)
{
    json_string_member(text, "type", "summary");
    json_string_member(text, "verdict", verdict_name(judge_verdict(judged->judge)));
    json_number_member(text, "connections", judged_total(judged));
    json_number_member(text, "pass", judged_count(judged, VERDICT_PASS));
    json_number_member(text, "fail", judged_count(judged, VERDICT_FAIL));
    json_number_member(text, "inconclusive", judged_count(judged, VERDICT_INCONCLUSIVE));
    text_append_string(text, "}\n");
}

void judged_print_json(struct text *text, const struct judged *judged, void (*give)(void *context, struct text *text),
                       void *context)
{
    capture_object(text, judged);
    for (size_t i = 0; i < judge_connection_count(judged->judge); i++) {
        connection_object(text, judged, judge_connection_at(judged->judge, i));
        if (text->length > PIECE)
            give(context, text);
    }
    for (uint16_t i = 0; i < judged->spec->clause_count; i++)
        requirement_object(text, judged, i);
    summary_object(text, judged);
    give(context, text);
}
