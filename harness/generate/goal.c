/* SPDX-License-Identifier: MIT */
#include "generate/goal.h"

/* Numbers so near to each other are on the two sides of one boundary. */
enum { NEAR = 16 };

bool goals_equal(const struct goal *left, const struct goal *right)
{
    return left->kind == right->kind && left->state == right->state && left->outcome == right->outcome &&
           left->side == right->side && left->wrapped == right->wrapped && left->row == right->row &&
           left->node == right->node;
}

static void reach(struct reached *reached, struct goal goal)
{
    for (size_t i = 0; i < reached->count; i++)
        if (goals_equal(&reached->goals[i], &goal))
            return;
    if (reached->count < GOALS_OF_ONE_MOST)
        reached->goals[reached->count++] = goal;
}

static struct view view_of(const struct scene *scene, const struct segment *segment, bool to_stack)
{
    const struct hypothesis *hypothesis = scene_main(scene);
    return (struct view){.spec = scene->spec,
                         .hypothesis = hypothesis,
                         .segment = segment,
                         .mask = UINT32_MAX,
                         .next = hypothesis->variables[SPEC_RCV_NXT],
                         .recent = hypothesis->variables[SPEC_TS_RECENT],
                         .crowd = scene->crowd,
                         .lossless = true,
                         .to_stack = to_stack,
                         .now = scene->now};
}

/* --- comparisons --- */

static bool is_comparison(const struct spec_node *node)
{
    return node->operator>= SPEC_EQUAL && node->operator<= SPEC_IN;
}

/* True if the sum NODE has VARIABLE in it. */
static bool sums(const struct spec *spec, uint16_t node, enum spec_variable variable)
{
    const struct spec_node *at = &spec->nodes[node];
    if (at->operator== SPEC_VARIABLE)
        return at->number == variable;
    return (at->operator== SPEC_PLUS || at->operator== SPEC_MINUS) &&
           (sums(spec, at->left, variable) || sums(spec, at->right, variable));
}

static bool compares_numbers(const struct spec *spec, const struct spec_node *node)
{
    return is_comparison(node) && (sums(spec, node->left, SPEC_SEG_SEQ) || sums(spec, node->left, SPEC_SEG_ACK) ||
                                   sums(spec, node->left, SPEC_SEG_TSVAL));
}

/* The condition NODE, if the comparison FORCED came out as OUTCOME. */
static enum truth truth_if(const struct view *view, uint16_t node, uint16_t forced, enum truth outcome)
{
    const struct spec_node *at = &view->spec->nodes[node];
    enum truth left, right;
    if (node == forced)
        return outcome;
    switch (at->operator) {
    case SPEC_PREDICATE:
        return truth_if(view, view->spec->predicates[at->number].node, forced, outcome);
    case SPEC_NOT:
        left = truth_if(view, at->left, forced, outcome);
        return left == TRUTH_OPEN ? left : left == TRUTH_NO ? TRUTH_YES : TRUTH_NO;
    case SPEC_AND:
    case SPEC_OR:
        left = truth_if(view, at->left, forced, outcome);
        right = truth_if(view, at->right, forced, outcome);
        enum truth decides = at->operator== SPEC_AND ? TRUTH_NO : TRUTH_YES;
        if (left == decides || right == decides)
            return decides;
        return left == TRUTH_OPEN || right == TRUTH_OPEN ? TRUTH_OPEN : left;
    default:
        return view_condition(view, node);
    }
}

/* One end of what a comparison takes: the last number inside, and which way is out. */
struct edge {
    uint32_t inside;
    uint32_t outwards; /* 1 or -1 */
    uint8_t side_in;
    uint8_t side_out;
};

/* The edges that the comparison NODE draws; how many. */
static size_t edges_of(const struct view *view, const struct spec_node *node, struct edge edges[2])
{
    const uint32_t down = UINT32_MAX;
    uint32_t ends[2];
    if (!view_number(view, node->right, ends))
        return 0;
    uint8_t open = node->operator== SPEC_IN ? (uint8_t)view->spec->nodes[node->right].number : 0;
    switch (node->operator) {
    case SPEC_IN:
        edges[0] = (struct edge){ends[0] + ((open & SPEC_OPEN_LEFT) != 0), down, SIDE_LEFT_IN, SIDE_LEFT_OUT};
        edges[1] = (struct edge){ends[1] - ((open & SPEC_OPEN_RIGHT) != 0), 1, SIDE_RIGHT_IN, SIDE_RIGHT_OUT};
        return edges[1].inside - edges[0].inside > INT32_MAX ? 0 : 2;
    case SPEC_EQUAL:
    case SPEC_UNEQUAL:
        edges[0] = (struct edge){ends[0], down, SIDE_AT, SIDE_BELOW};
        edges[1] = (struct edge){ends[0], 1, SIDE_AT, SIDE_ABOVE};
        return 2;
    case SPEC_BEFORE:
        edges[0] = (struct edge){ends[0] - 1, 1, SIDE_RIGHT_IN, SIDE_RIGHT_OUT};
        return 1;
    case SPEC_BEFORE_EQUAL:
        edges[0] = (struct edge){ends[0], 1, SIDE_RIGHT_IN, SIDE_RIGHT_OUT};
        return 1;
    case SPEC_AFTER:
        edges[0] = (struct edge){ends[0] + 1, down, SIDE_LEFT_IN, SIDE_LEFT_OUT};
        return 1;
    default:
        edges[0] = (struct edge){ends[0], down, SIDE_LEFT_IN, SIDE_LEFT_OUT};
        return 1;
    }
}

/* Calls FOUND for each comparison of sequence numbers in the condition NODE. */
typedef void comparison_function(void *context, const struct view *view, uint16_t node);

static void each_comparison(const struct view *view, uint16_t node, comparison_function *found, void *context)
{
    if (node == SPEC_NO_NODE)
        return;
    const struct spec_node *at = &view->spec->nodes[node];
    switch (at->operator) {
    case SPEC_PREDICATE:
        each_comparison(view, view->spec->predicates[at->number].node, found, context);
        break;
    case SPEC_AND:
    case SPEC_OR:
        each_comparison(view, at->left, found, context);
        each_comparison(view, at->right, found, context);
        break;
    case SPEC_NOT:
        each_comparison(view, at->left, found, context);
        break;
    default:
        if (compares_numbers(view->spec, at))
            found(context, view, node);
        break;
    }
}

/* --- what is reached --- */

struct noting {
    const struct place *place;
    struct reached *reached;
    const struct spec_row *row;
    uint16_t condition;
};

static bool is_near(uint32_t value, uint32_t to)
{
    return value - to + NEAR <= 2 * NEAR;
}

/* True if the edge at INSIDE is one that the place's numbering is for. */
static bool suits(const struct view *view, const struct noting *noting, const struct spec_node *node, uint32_t inside)
{
    if (noting->place->numbering == NUMBERING_PLAIN)
        return true;
    return sums(view->spec, node->left, SPEC_SEG_SEQ) &&
           is_near(inside, noting->place->numbering == NUMBERING_ZERO_NEXT ? view->next : view->next + SCENE_WINDOW);
}

static void note_boundary(void *context, const struct view *view, uint16_t index)
{
    struct noting *noting = context;
    const struct spec_node *node = &view->spec->nodes[index];
    struct edge edges[2];
    uint32_t value[2];
    if (!view_number(view, node->left, value) ||
        truth_if(view, noting->condition, index, TRUTH_NO) == truth_if(view, noting->condition, index, TRUTH_YES))
        return;
    size_t count = edges_of(view, node, edges);
    for (size_t i = 0; i < count; i++) {
        bool inside = value[0] == edges[i].inside;
        bool outside = value[0] == edges[i].inside + edges[i].outwards;
        if ((inside || outside) && suits(view, noting, node, edges[i].inside))
            reach(noting->reached, (struct goal){.kind = GOAL_BOUNDARY,
                                                 .state = view->hypothesis->state,
                                                 .row = noting->row->number,
                                                 .node = index,
                                                 .side = inside ? edges[i].side_in : edges[i].side_out,
                                                 .wrapped = noting->place->numbering != NUMBERING_PLAIN});
    }
}

static bool bits_fit(const struct spec_bits *bits, uint16_t flags)
{
    return (flags & bits->all) == bits->all && (flags & bits->none) == 0;
}

/* Notes the outcomes of ROW that are possible; true if it leaves nothing to those below. */
static bool note_outcomes(const struct view *view, const struct spec_row *row, struct reached *reached)
{
    bool decided = true;
    for (uint8_t i = 0; i < row->outcome_count; i++) {
        const struct spec_outcome *outcome = &row->outcomes[i];
        if (view_condition(view, outcome->when) == TRUTH_NO)
            continue;
        decided = decided && !outcome->passes;
        reach(
            reached,
            (struct goal){.kind = GOAL_TRANSITION, .state = view->hypothesis->state, .row = row->number, .outcome = i});
    }
    return decided;
}

/* Notes that ROW decides about the segment of VIEW where the one below it would, were it above. */
static void note_precedence(const struct view *view, const struct spec_state_rows *rows, const struct spec_row *row,
                            struct reached *reached)
{
    for (uint16_t i = 0; i + 1 < rows->count; i++) {
        const struct spec_row *below = rows->rows[i + 1];
        if (rows->rows[i] == row && below->kind == SPEC_ROW_ARRIVES && below->corrupt == view->segment->corrupt &&
            bits_fit(&below->bits, view->segment->flags) && view_condition(view, below->when) == TRUTH_YES)
            reach(reached,
                  (struct goal){.kind = GOAL_PRECEDENCE, .state = view->hypothesis->state, .row = row->number});
    }
}

static void note_arrival(const struct place *place, const struct scene *scene, const struct segment *segment,
                         struct reached *reached)
{
    const struct view view = view_of(scene, segment, true);
    const struct row_list *rows =
        &scene->index->arrives[scene_main(scene)->state][segment->corrupt][row_key(segment->flags)];
    for (uint16_t i = 0; i < rows->count; i++) {
        const struct spec_row *row = rows->rows[i];
        if (!bits_fit(&row->bits, segment->flags))
            continue;
        struct noting noting = {place, reached, row, row->when};
        each_comparison(&view, row->when, note_boundary, &noting);
        if (view_condition(&view, row->when) == TRUTH_NO)
            continue;
        for (uint16_t j = 0; j < row->outcome_count; j++) {
            noting.condition = row->outcomes[j].when;
            each_comparison(&view, row->outcomes[j].when, note_boundary, &noting);
        }
        reached->row = reached->row == NULL ? row : reached->row;
        note_precedence(&view, &scene->spec->states[view.hypothesis->state], row, reached);
        if (note_outcomes(&view, row, reached))
            return;
    }
}

/* True if ROW says that what the stack sends unasked leads on. */
static bool leads_on(const struct spec_row *row)
{
    return row->calls == 0 && row->outcomes[0].next != SPEC_STATE_COUNT;
}

/* What may have another meaning besides that it answers SEGMENT: that all has come which a FIN was held for. */
static void note_meaning(const struct scene *scene, const struct segment *segment, struct reached *reached)
{
    struct hypotheses after;
    const struct step step = scene_step(scene, segment);
    step_arrives(&step, &scene->set, &after);
    struct scene taken = *scene;
    taken.set = after;
    const struct hypothesis *main = scene_main(&taken);
    struct segment answer = scene_segment(main, TCP_ACK, 0, 0);
    answer.sequence = main->variables[SPEC_SND_NXT];
    answer.acknowledgment = main->variables[SPEC_RCV_HIGH];
    const struct view view = view_of(&taken, &answer, false);
    const struct row_list *rows = &scene->index->sends[main->state][row_key(answer.flags)];
    for (uint16_t i = 0; i < rows->count; i++)
        if (leads_on(rows->rows[i]) && bits_fit(&rows->rows[i]->bits, answer.flags) &&
            view_condition(&view, rows->rows[i]->when) == TRUTH_YES)
            (void)note_outcomes(&view, rows->rows[i], reached);
}

/* The rows that let the stack send what it answers to a move of the user's, or of nobody's. */
static void note_sending(const struct scene *scene, const struct segment *segment, uint8_t calls,
                         struct reached *reached)
{
    const struct view view = view_of(scene, segment, false);
    const struct row_list *rows = &scene->index->sends[scene_main(scene)->state][row_key(segment->flags)];
    for (uint16_t i = 0; i < rows->count; i++) {
        const struct spec_row *row = rows->rows[i];
        if (!bits_fit(&row->bits, segment->flags) || (row->calls != 0 && (row->calls & calls) == 0) ||
            view_condition(&view, row->when) == TRUTH_NO)
            continue;
        (void)note_outcomes(&view, row, reached);
        reached->row = reached->row == NULL ? row : reached->row;
        return;
    }
}

static nanoseconds milliseconds_of(const struct spec *spec, uint16_t parameter)
{
    return (nanoseconds)spec->parameters[parameter].value * NANOSECONDS_PER_MILLISECOND;
}

static void note_quiet(const struct scene *scene, uint8_t calls, nanoseconds lapse, struct reached *reached)
{
    const struct view view = view_of(scene, NULL, false);
    const struct row_list *rows = &scene->index->quiet[scene_main(scene)->state];
    for (uint16_t i = 0; i < rows->count; i++) {
        const struct spec_row *row = rows->rows[i];
        bool called = row->kind == SPEC_ROW_CALLS && (row->calls & calls) != 0;
        bool lapses = row->kind == SPEC_ROW_LAPSES && lapse > milliseconds_of(scene->spec, row->again.first);
        if ((!called && !lapses) || view_condition(&view, row->when) == TRUTH_NO)
            continue;
        (void)note_outcomes(&view, row, reached);
        reached->row = reached->row == NULL ? row : reached->row;
    }
}

static uint8_t calls_of(enum move_kind kind)
{
    static const uint8_t calls[] = {[MOVE_LISTEN] = 1U << SPEC_CALL_OPEN,  [MOVE_WRITE] = 1U << SPEC_CALL_SEND,
                                    [MOVE_READ] = 1U << SPEC_CALL_RECEIVE, [MOVE_CLOSE] = 1U << SPEC_CALL_CLOSE,
                                    [MOVE_ABORT] = 1U << SPEC_CALL_ABORT,  [MOVE_CROWD] = 0};
    return calls[kind];
}

/* A stack that keeps nothing of a SYN does not say so: what it does then is done as well. */
static void note_stateless(const struct place *place, const struct scene *scene, const struct segment *segment,
                           struct reached *reached)
{
    struct scene stateless = *scene;
    stateless.set.count = 1;
    for (size_t i = 0; i < scene->set.count; i++) {
        stateless.set.items[0] = scene->set.items[i];
        if ((scene->set.items[i].facts >> SPEC_FACT_STATELESS & 1) != 0)
            note_arrival(place, &stateless, segment, reached);
    }
}

void goals_reached(const struct place *place, const struct scene *scene, const struct move *move,
                   struct reached *reached)
{
    struct scene after = *scene;
    struct scene_reaction reaction;
    *reached = (struct reached){.count = 0};
    if (move->kind == MOVE_SEGMENT) {
        note_arrival(place, scene, &move->segment, reached);
        note_stateless(place, scene, &move->segment, reached);
        if ((scene_main(scene)->facts >> SPEC_FACT_FIN_HELD & 1) != 0)
            note_meaning(scene, &move->segment, reached);
        return;
    }
    if (!scene_play(&after, move, &reaction))
        return;
    struct scene then = *scene;
    then.now = after.now;
    for (size_t i = 0; i < reaction.count; i++)
        note_sending(&then, &reaction.answers[i].segment, calls_of(move->kind), reached);
    note_quiet(&then, calls_of(move->kind), move->kind == MOVE_LAPSE || move->kind == MOVE_EXHAUST ? move->lapse : 0,
               reached);
    const struct step step = scene_step(&then, NULL);
    const struct spec_row *again = move->kind == MOVE_REPEAT ? step_again_row(&step, scene_main(&then)) : NULL;
    if (again != NULL)
        reach(reached, (struct goal){.kind = GOAL_TRANSITION, .state = scene_main(&then)->state, .row = again->number});
}

/* --- numbers worth trying --- */

struct trying {
    enum spec_variable variable;
    uint32_t *values;
    size_t count;
    size_t most;
};

static void try_value(struct trying *trying, uint32_t value)
{
    for (size_t i = 0; i < trying->count; i++)
        if (trying->values[i] == value)
            return;
    if (trying->count < trying->most)
        trying->values[trying->count++] = value;
}

static void try_edges(void *context, const struct view *view, uint16_t index)
{
    struct trying *trying = context;
    const struct spec_node *node = &view->spec->nodes[index];
    struct edge edges[2];
    uint32_t rest[2];
    if (!sums(view->spec, node->left, trying->variable) || !view_number(view, node->left, rest))
        return;
    size_t count = edges_of(view, node, edges);
    for (size_t i = 0; i < count; i++) {
        try_value(trying, edges[i].inside - rest[0]);
        try_value(trying, edges[i].inside + edges[i].outwards - rest[0]);
    }
}

size_t goals_values(const struct place *place, const struct segment *segment, enum spec_variable variable,
                    uint32_t *values, size_t most)
{
    struct segment without = *segment;
    struct trying trying = {.variable = variable, .most = most};
    const struct spec_state_rows *rows = &place->scene.spec->states[place->state];
    trying.values = values;
    if (variable == SPEC_SEG_SEQ)
        without.sequence = 0;
    else if (variable == SPEC_SEG_ACK)
        without.acknowledgment = 0;
    else
        without.timestamp = 0;
    const struct view view = view_of(&place->scene, &without, true);
    for (uint16_t i = 0; i < rows->count; i++) {
        const struct spec_row *row = rows->rows[i];
        if (row->kind != SPEC_ROW_ARRIVES)
            continue;
        each_comparison(&view, row->when, try_edges, &trying);
        for (uint16_t j = 0; j < row->outcome_count; j++)
            each_comparison(&view, row->outcomes[j].when, try_edges, &trying);
    }
    return trying.count;
}
