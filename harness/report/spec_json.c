/* SPDX-License-Identifier: MIT */
#include "report/spec_json.h"

#include "report/json_members.h"
#include "report/quoted.h"
#include "spec/row_head.h"

static void end_line(struct text *text)
{
    text_append_string(text, "}\n");
}

static void begin_line(struct text *text, const char *type)
{
    json_string_member(text, "type", type);
}

static void strings_member(struct text *text, const char *name, const char *const *strings, size_t count)
{
    json_member_begin(text, name);
    text_append_character(text, '[');
    for (size_t i = 0; i < count; i++) {
        text_append_string(text, i == 0 ? "" : ",");
        json_string_print(text, strings[i]);
    }
    text_append_character(text, ']');
}

void mistakes_print_json(struct text *text, const struct source *source, const struct diagnostics *diagnostics)
{
    for (size_t i = 0; i < diagnostics->kept; i++) {
        const struct diagnostic *diagnostic = &diagnostics->items[i];
        const struct source_position position = source_position(source, diagnostic->at.offset);
        const struct span line = source_line(source, diagnostic->at.offset);
        struct text copy = text_growing();
        text_append_bytes(&copy, source->text + line.offset, line.length);
        begin_line(text, "mistake");
        json_string_member(text, "file", source->name);
        json_number_member(text, "line", position.line);
        json_number_member(text, "column", position.column);
        json_number_member(text, "length", diagnostic->at.length);
        json_string_member(text, "says", diagnostic->message);
        json_string_member(text, "text", text_string(&copy));
        end_line(text);
        text_free(&copy);
    }
}

void laws_print_json(struct text *text, const struct laws *laws, const struct spec_situations *situations)
{
    for (unsigned law = 0; law < LAW_COUNT; law++) {
        if (laws->looked_at[law] == 0)
            continue;
        begin_line(text, "law");
        json_string_member(text, "says", law_says(law));
        json_number_member(text, "looked_at", laws->looked_at[law]);
        json_string_member(text, "of", law_is_about(law));
        end_line(text);
    }
    begin_line(text, "situations");
    json_number_member(text, "count", situations->count);
    json_number_member(text, "by_wildcards", situations->by_wildcards);
    json_number_member(text, "without_row", situations->without_row);
    end_line(text);
}

static void print_search(struct text *text, const struct spec *spec, const struct contract *contract,
                         const struct contract_search *search)
{
    const struct model_scenario *scenario = &search->scenario;
    const struct model_result *result = &search->result;
    const bool broken = result->finding != MODEL_NOTHING;
    begin_line(text, "search");
    json_string_member(text, "scenario", scenario->name);
    json_boolean_member(text, "known_exception", search->exception);
    json_number_member(text, "opens", scenario->opens);
    json_number_member(text, "crashes", scenario->crashes);
    json_number_member(text, "width", contract->width);
    json_number_member(text, "states", result->states);
    json_number_member(text, "transitions", result->transitions);
    json_boolean_member(text, "complete", !result->cut && !broken);
    json_number_member(text, "rows_performed", result->rows);
    json_number_member(text, "rows", spec->row_count);
    json_number_member(text, "pairs", result->pairs);
    json_number_member(text, "pairs_that_need_r2", result->need_patience);
    json_boolean_member(text, "broken", broken);
    if (broken) {
        json_string_member(text, "finding", model_finding_says(result->finding));
        json_number_member(text, "steps", result->depth);
        json_string_member(text, "shortest", text_string(&result->story));
    } else if (!search->exception) {
        strings_member(text, "holds", contract_clauses, CONTRACT_CLAUSES);
    }
    end_line(text);
}

void contract_print_json(struct text *text, const struct spec *spec, const struct contract *contract)
{
    for (size_t i = 0; i < CONTRACT_ASSUMPTIONS; i++) {
        begin_line(text, "assumption");
        json_string_member(text, "says", contract_assumptions[i]);
        json_boolean_member(text, "assumed", true);
        end_line(text);
    }
    if (contract->foreseen) {
        begin_line(text, "assumption");
        json_string_member(text, "says", contract_not_assumed);
        json_boolean_member(text, "assumed", false);
        end_line(text);
    }
    for (size_t i = 0; i < contract->search_count; i++)
        print_search(text, spec, contract, &contract->searches[i]);
}

static void print_row(struct text *text, const struct spec *spec, enum spec_state state, const struct spec_row *row,
                      const struct row_coverage *coverage)
{
    const char *next[SPEC_STATE_COUNT];
    const char *clauses[64];
    size_t next_count = 0;
    size_t clause_count = 0;
    uint32_t seen = 0;
    struct text head = text_growing();
    row_head_print(&head, spec, row);
    for (uint16_t i = 0; i < row->outcome_count; i++) {
        const uint8_t to = row->outcomes[i].next;
        if (to != SPEC_STATE_COUNT && (seen >> to & 1) == 0)
            next[next_count++] = spec_state_name(to);
        seen |= UINT32_C(1) << to;
    }
    for (uint16_t i = 0; i < row->clause_count && clause_count < COUNT_OF(clauses); i++)
        clauses[clause_count++] = spec->clauses[row->clauses[i]];
    begin_line(text, "row");
    json_string_member(text, "state", spec_state_name(state));
    json_string_member(text, "row", text_string(&head));
    json_number_member(text, "line", source_position(&spec->source, row->at.offset).line);
    strings_member(text, "leads_to", next, next_count);
    strings_member(text, "requirements", clauses, clause_count);
    if (coverage != NULL && row_coverage_shows(row))
        json_number_member(text, "times", row_coverage_times(coverage, state, row));
    end_line(text);
    text_free(&head);
}

void rows_print_json(struct text *text, const struct spec *spec, enum spec_state state,
                     const struct row_coverage *coverage)
{
    for (unsigned each = 0; each < SPEC_STATE_COUNT; each++) {
        const struct spec_state_rows *lists[] = {&spec->everywhere, &spec->states[each]};
        for (size_t list = 0; (state == SPEC_STATE_COUNT || state == each) && list < COUNT_OF(lists); list++)
            for (uint16_t i = 0; i < lists[list]->count; i++)
                print_row(text, spec, each, lists[list]->rows[i], coverage);
    }
}
