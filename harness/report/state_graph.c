/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation. An arrow stands for all rows that lead from one state to another: what arrives, is sent or
 * called is its label, the rows with what they cite are its tooltip. As in figure 5, that a connection can be reset,
 * aborted or given up in any state is not drawn: it stands below the state's name. CLOSED is there twice, for what
 * opens and for what has closed.
 */
#include "report/state_graph.h"

#include "report/row_text.h"
#include "spec/row_head.h"

#include <inttypes.h>

enum { CLOSED_BELOW = SPEC_STATE_COUNT, NODES };

/* In inches, from the middle of the drawing upwards. */
static const struct {
    const char *name;
    double x;
    double y;
} nodes[NODES] = {
    [SPEC_CLOSED] = {"CLOSED", 0, 8.6},           [SPEC_LISTEN] = {"LISTEN", 0, 6.8},
    [SPEC_SYN_SENT] = {"SYN-SENT", 4.4, 5.2},     [SPEC_SYN_RECEIVED] = {"SYN-RECEIVED", -4.4, 5.2},
    [SPEC_ESTABLISHED] = {"ESTABLISHED", 0, 3.6}, [SPEC_FIN_WAIT_1] = {"FIN-WAIT-1", -4.4, 2.0},
    [SPEC_FIN_WAIT_2] = {"FIN-WAIT-2", -4.4, 0},  [SPEC_CLOSE_WAIT] = {"CLOSE-WAIT", 4.4, 2.0},
    [SPEC_CLOSING] = {"CLOSING", 0, 1.0},         [SPEC_LAST_ACK] = {"LAST-ACK", 4.4, 0},
    [SPEC_TIME_WAIT] = {"TIME-WAIT", 0, -1.4},    [CLOSED_BELOW] = {"CLOSED", 4.4, -1.8},
};

/* True if the state's arrows are about opening: they lead to the upper CLOSED. */
static bool opens(enum spec_state state)
{
    return state == SPEC_CLOSED || state == SPEC_LISTEN || state == SPEC_SYN_SENT || state == SPEC_SYN_RECEIVED;
}

/* True if ROW, which leads to CLOSED or LISTEN, is left out of the drawing. */
static bool is_breaking_off(const struct spec_row *row)
{
    if (row->kind == SPEC_ROW_ARRIVES)
        return (row->bits.all & (TCP_RST | TCP_SYN)) != 0 || row->outcomes[0].answers;
    if (row->kind == SPEC_ROW_SENDS)
        return (row->bits.all & TCP_RST) != 0;
    if (row->kind == SPEC_ROW_CALLS)
        return (row->calls & 1U << SPEC_CALL_CLOSE) == 0;
    return row->again.of_silence;
}

static bool is_drawn(enum spec_state from, const struct spec_row *row, const struct spec_outcome *outcome)
{
    if (from == SPEC_CLOSED || (outcome->next != SPEC_CLOSED && outcome->next != SPEC_LISTEN))
        return true;
    bool given_up = row->kind == SPEC_ROW_LAPSES && opens(from);
    return !is_breaking_off(row) && !given_up;
}

/* --- what arrows say --- */

static void put_event(struct text *text, const struct spec *spec, const struct spec_row *row)
{
    const char *between = "";
    switch (row->kind) {
    case SPEC_ROW_ARRIVES:
        row_bits_text(text, &row->bits);
        return;
    case SPEC_ROW_SENDS:
    case SPEC_ROW_CALLS:
        for (unsigned call = 0; call < 5; call++) {
            if ((row->calls >> call & 1) == 0)
                continue;
            text_append_format(text, "%s%s", between, spec_call_name(call));
            between = " or ";
        }
        return;
    default:
        text_append_string(text, spec->parameters[row->again.first].name);
        return;
    }
}

static void put_label(struct text *text, const struct spec *spec, const struct spec_row *row,
                      const struct spec_outcome *outcome)
{
    put_event(text, spec, row);
    bool sends = row->kind == SPEC_ROW_SENDS;
    if (sends || outcome->answers) {
        text_append_string(text, sends && row->calls == 0 ? "sends " : " / ");
        row_bits_text(text, sends ? &row->bits : &outcome->answer.bits);
    }
}

/* TEXT within a quoted string of dot's. */
static void put_quoted(struct text *text, const char *said)
{
    for (; *said != '\0'; said++) {
        if (*said == '"' || *said == '\\')
            text_append_character(text, '\\');
        text_append_character(text, *said);
    }
}

static void put_rule(struct text *text, const struct spec *spec, const struct spec_row *row)
{
    struct text head = text_growing();
    row_head_print(&head, spec, row);
    put_quoted(text, text_string(&head));
    for (uint16_t i = 0; i < row->clause_count; i++)
        text_append_format(text, "%s%s", i == 0 ? "\\n    " : ", ", spec->clauses[row->clauses[i]]);
    text_append_string(text, "\\n");
    text_free(&head);
}

/* --- arrows --- */

struct arrow {
    struct text label;
    struct text tooltip;
    size_t lines;
    uint64_t times;
    bool shown; /* traffic can show it */
};

/* True if LABEL has LINE, which ends as lines do. */
static bool has_line(const char *label, const char *line)
{
    for (const char *at = label; at != NULL && *at != '\0'; at = strstr(at, "\\n"), at = at == NULL ? at : at + 2)
        if (strncmp(at, line, strlen(line)) == 0)
            return true;
    return false;
}

/* Adds a line to the label, unless it is there. */
static void add_line(struct arrow *arrow, const char *line)
{
    struct text wanted = text_growing();
    text_append_format(&wanted, "%s\\n", line);
    if (!has_line(text_string(&arrow->label), text_string(&wanted)))
        text_append_string(&arrow->label, text_string(&wanted));
    text_free(&wanted);
}

static void add_row(struct arrow *arrow, const struct spec *spec, const struct spec_row *row,
                    const struct spec_outcome *outcome)
{
    struct text line = text_growing();
    put_label(&line, spec, row, outcome);
    add_line(arrow, text_string(&line));
    put_rule(&arrow->tooltip, spec, row);
    arrow->lines++;
    text_free(&line);
}

static void gather(struct arrow *arrow, const struct spec *spec, enum spec_state from, enum spec_state to,
                   const struct row_coverage *coverage)
{
    const struct spec_state_rows *rows = &spec->states[from];
    for (uint16_t i = 0; i < rows->count; i++) {
        const struct spec_row *row = rows->rows[i];
        for (uint16_t j = 0; j < row->outcome_count; j++) {
            if (row->outcomes[j].next != to || !is_drawn(from, row, &row->outcomes[j]))
                continue;
            add_row(arrow, spec, row, &row->outcomes[j]);
            arrow->shown = arrow->shown || row_coverage_shows(row);
            arrow->times += coverage == NULL ? 0 : row_coverage_times(coverage, from, row);
        }
    }
}

static void put_colour(struct text *text, const struct arrow *arrow)
{
    if (!arrow->shown)
        text_append_string(text, ", color=\"#888888\", fontcolor=\"#888888\"");
    else if (arrow->times > 0)
        text_append_string(text, ", color=\"#1a7f37\", penwidth=2");
    else
        text_append_string(text, ", color=\"#cf222e\", fontcolor=\"#cf222e\", style=dashed");
}

static void put_arrow(struct text *text, const struct spec *spec, enum spec_state from, enum spec_state to,
                      const struct row_coverage *coverage)
{
    struct arrow arrow = {.label = text_growing(), .tooltip = text_growing()};
    gather(&arrow, spec, from, to, coverage);
    if (arrow.lines > 0) {
        unsigned head = to == SPEC_CLOSED && !opens(from) ? CLOSED_BELOW : to;
        if (coverage != NULL && arrow.shown)
            text_append_format(&arrow.tooltip, "met %" PRIu64 " times", arrow.times);
        text_append_format(text, "  n%u -> n%u [label=\"%s\", tooltip=\"%s\", labeltooltip=\"%s\"", (unsigned)from,
                           head, text_string(&arrow.label), text_string(&arrow.tooltip), text_string(&arrow.tooltip));
        if (coverage != NULL)
            put_colour(text, &arrow);
        text_append_string(text, "];\n");
    }
    text_free(&arrow.label);
    text_free(&arrow.tooltip);
}

/* --- states --- */

/* What ends a connection in STATE and is not drawn. */
static void put_breaking_off(struct text *text, const struct spec *spec, enum spec_state state)
{
    const struct spec_state_rows *rows = &spec->states[state];
    struct arrow gathered = {.label = text_growing(), .tooltip = text_growing()};
    for (uint16_t i = 0; i < rows->count; i++)
        for (uint16_t j = 0; j < rows->rows[i]->outcome_count; j++) {
            const struct spec_outcome *outcome = &rows->rows[i]->outcomes[j];
            if (outcome->next != SPEC_STATE_COUNT && !is_drawn(state, rows->rows[i], outcome))
                add_row(&gathered, spec, rows->rows[i], outcome);
        }
    if (gathered.label.length > 0) {
        text_append_string(text, "\\nends by\\n");
        text_append_string(text, text_string(&gathered.label));
    }
    text_free(&gathered.label);
    text_free(&gathered.tooltip);
}

static void put_node(struct text *text, const struct spec *spec, unsigned node, const struct row_coverage *coverage)
{
    enum spec_state state = node == CLOSED_BELOW ? SPEC_CLOSED : node;
    const struct spec_state_rows *rows = &spec->states[state];
    text_append_format(text, "  n%u [pos=\"%.1f,%.1f!\", label=<<B>%s</B>", node, nodes[node].x, nodes[node].y,
                       nodes[node].name);
    if (coverage != NULL && node != CLOSED_BELOW) {
        const struct row_share share = row_coverage_share(coverage, state);
        text_append_format(text, "<BR/><FONT POINT-SIZE=\"9\">%zu of %zu rows</FONT>", share.met, share.whole);
    }
    text_append_string(text, ">, tooltip=\"");
    for (uint16_t i = 0; i < rows->count; i++)
        put_rule(text, spec, rows->rows[i]);
    text_append_string(text, "\"];\n");
    struct text ends = text_growing();
    if (node != CLOSED_BELOW)
        put_breaking_off(&ends, spec, state);
    if (ends.length > 0)
        text_append_format(
            text,
            "  e%u [pos=\"%.1f,%.1f!\", shape=none, style=\"\", margin=0, fontsize=8, fontcolor=\"#555555\", "
            "label=\"%s\"];\n",
            node, nodes[node].x + (nodes[node].x < 0 ? -1.8 : 1.9), nodes[node].y, text_string(&ends));
    text_free(&ends);
}

void state_graph_print(struct text *text, const struct spec *spec, const struct row_coverage *coverage)
{
    text_append_string(text, "digraph handshake {\n"
                             "  layout=neato; splines=true; outputorder=edgesfirst; pad=0.3;\n"
                             "  node [shape=box, style=\"rounded,filled\", fillcolor=white, fontname=\"sans-serif\", "
                             "fontsize=12, margin=\"0.15,0.08\"];\n"
                             "  edge [fontname=\"sans-serif\", fontsize=9];\n");
    for (unsigned node = 0; node < NODES; node++)
        put_node(text, spec, node, coverage);
    for (unsigned from = 0; from < SPEC_STATE_COUNT; from++)
        for (unsigned to = 0; to < SPEC_STATE_COUNT; to++)
            put_arrow(text, spec, from, to, coverage);
    text_append_string(text, "}\n");
}
