/* SPDX-License-Identifier: MIT */
#include "spec/situation.h"

/* Numbers of a connection in the middle of its life; its own first. */
enum { OWN_FIRST = 5000, PEER_FIRST = 1000, WINDOW = 1000, TEXT = 10, NEWEST = 700 };

static const struct surroundings ordinary = {.name = NULL};

#define FACT(name) (1U << SPEC_FACT_##name)
static const struct surroundings all_surroundings[] = {
    {.name = NULL},
    {"after a passive OPEN", .facts = FACT(PASSIVE)},
    {"with other connections to its port", .facts = FACT(PASSIVE), .crowded = true},
    {"with nothing kept but the SYN-ACK", .facts = FACT(PASSIVE) | FACT(STATELESS), .crowded = true},
    {"with the first choice made", .choices = 1},
    {"with the second choice made", .choices = 2},
    {"with newer timestamps", .agreed = SEGMENT_TIMESTAMPS, .options = SEGMENT_TIMESTAMPS},
    {"with an older timestamp", .agreed = SEGMENT_TIMESTAMPS, .options = SEGMENT_TIMESTAMPS, .older = true},
    {"without the timestamp agreed on", .agreed = SEGMENT_TIMESTAMPS},
    {"with a Fast Open cookie", .options = SEGMENT_FAST_OPEN, .cookie = 8},
    {"to a broadcast address", .stray = true},
    {"with a wrong checksum", .corrupt = true},
};
#undef FACT

struct place {
    const char *name;
    uint32_t number;
};
/* The first four are those of an ordinary connection. */
static const struct place places[] = {
    {"before the window", PEER_FIRST - 100},    {"at RCV.NXT", PEER_FIRST + 1},
    {"within the window", PEER_FIRST + 500},    {"behind the window", PEER_FIRST + 1 + WINDOW},
    {"that of the peer's own SYN", PEER_FIRST}, {"at the window's last number", PEER_FIRST + WINDOW},
};
enum { ORDINARY_PLACES = 4 };

struct walk {
    const struct spec *spec;
    const struct surroundings *surroundings;
    size_t place_count;
    situation_visit *visit;
    void *context;
    struct hypothesis hypothesis;
    struct segment segment;
};

static struct hypothesis typical(enum spec_state state, const struct surroundings *surroundings)
{
    struct hypothesis made = hypothesis_in(state);
    bool opening = state == SPEC_SYN_SENT || state == SPEC_SYN_RECEIVED;
    const struct {
        enum spec_variable variable;
        uint32_t value;
    } values[] = {
        {SPEC_ISS, OWN_FIRST},
        {SPEC_SND_UNA, opening ? OWN_FIRST : OWN_FIRST + 100},
        {SPEC_SND_NXT, opening ? OWN_FIRST + 1 : OWN_FIRST + 200},
        {SPEC_SND_FIN, OWN_FIRST + 199},
        {SPEC_SND_WND, WINDOW},
        {SPEC_SND_MAX_WND, WINDOW},
        {SPEC_SND_EDGE, OWN_FIRST + 200 + WINDOW},
        {SPEC_IRS, PEER_FIRST},
        {SPEC_RCV_NXT, PEER_FIRST + 1},
        {SPEC_RCV_HIGH, PEER_FIRST + 1},
        {SPEC_RCV_ACKED, PEER_FIRST + 1},
        {SPEC_RCV_EDGE, PEER_FIRST + 1 + WINDOW},
    };
    for (size_t i = 0; state != SPEC_CLOSED && state != SPEC_LISTEN && i < COUNT_OF(values); i++)
        hypothesis_set(&made, values[i].variable, values[i].value);
    made.facts = surroundings->facts;
    made.chosen = surroundings->choices;
    made.sent = made.received = surroundings->agreed;
    if ((surroundings->agreed & SEGMENT_TIMESTAMPS) != 0)
        hypothesis_set(&made, SPEC_TS_RECENT, NEWEST);
    return made;
}

struct hypothesis situation_hypothesis(enum spec_state state)
{
    return typical(state, &ordinary);
}

bool row_passes_on(const struct spec_row *row)
{
    for (uint16_t i = 0; i < row->outcome_count; i++)
        if (row->outcomes[i].passes)
            return true;
    return false;
}

bool situation_fits(const struct situation *situation, const struct spec_row *row)
{
    const struct view *view = &situation->view;
    return spec_bits_fit(&row->bits, view->segment->flags) && view_condition(view, row->when) != TRUTH_NO;
}

const struct row_list *situation_rows(const struct row_index *index, const struct situation *situation)
{
    const struct view *view = &situation->view;
    return &index->arrives[view->hypothesis->state][view->segment->corrupt][row_key(view->segment->flags)];
}

const struct spec_row *situation_decider(const struct row_index *index, const struct situation *situation)
{
    const struct row_list *rows = situation_rows(index, situation);
    for (uint16_t i = 0; i < rows->count; i++)
        if (!row_passes_on(rows->rows[i]) && situation_fits(situation, rows->rows[i]) &&
            view_condition(&situation->view, rows->rows[i]->when) == TRUTH_YES)
            return rows->rows[i];
    return NULL;
}

static void tell(const struct walk *walk, const struct place *place, const char *acknowledgment)
{
    const struct situation situation = {
        .view = {.spec = walk->spec,
                 .hypothesis = &walk->hypothesis,
                 .segment = &walk->segment,
                 .mask = UINT32_MAX,
                 .crowd = walk->surroundings->crowded,
                 .next = walk->hypothesis.variables[SPEC_RCV_NXT],
                 .recent = walk->hypothesis.variables[SPEC_TS_RECENT],
                 .to_stack = true},
        .surroundings = walk->surroundings,
        .place = place->name,
        .acknowledgment = acknowledgment,
    };
    walk->visit(walk->context, &situation);
}

/* All acknowledgments that make a difference. */
static void walk_acknowledgments(struct walk *walk, const struct place *place)
{
    const uint32_t una = walk->hypothesis.variables[SPEC_SND_UNA];
    const uint32_t next = walk->hypothesis.variables[SPEC_SND_NXT];
    const struct place classes[] = {{"older than any window", una - WINDOW - 1},
                                    {"of nothing new", una},
                                    {"of some of what was sent", una + (next - una) / 2},
                                    {"of all that was sent", next},
                                    {"of what was never sent", next + 1}};
    if ((walk->segment.flags & TCP_ACK) == 0) {
        tell(walk, place, NULL);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(classes); i++) {
        walk->segment.acknowledgment = classes[i].number;
        tell(walk, place, classes[i].name);
    }
}

static void walk_segments(struct walk *walk)
{
    const struct surroundings *with = walk->surroundings;
    for (unsigned key = 0; key < ROW_KEYS; key++) {
        for (size_t i = 0; i < 2 * walk->place_count; i++) {
            const uint32_t text = i % 2 * TEXT;
            const uint16_t flags = (uint16_t)((key & (TCP_FIN | TCP_SYN | TCP_RST)) | (key << 1 & TCP_ACK));
            walk->segment = (struct segment){.sequence = places[i / 2].number,
                                             .length = text + (flags >> 1 & 1) + (flags & 1),
                                             .text = text,
                                             .timestamp = with->older ? NEWEST - 1 : NEWEST + 1,
                                             .flags = flags,
                                             .window = WINDOW,
                                             .options = with->options,
                                             .cookie = with->cookie,
                                             .stray = with->stray,
                                             .corrupt = with->corrupt};
            walk_acknowledgments(walk, &places[i / 2]);
        }
    }
}

static void walk_states(struct walk *walk)
{
    for (unsigned state = 0; state < SPEC_STATE_COUNT; state++) {
        walk->hypothesis = typical(state, walk->surroundings);
        walk_segments(walk);
    }
}

void situations_walk(const struct spec *spec, situation_visit *visit, void *context)
{
    struct walk walk = {spec, &ordinary, ORDINARY_PLACES, visit, context, {.state = 0}, {.flags = 0}};
    walk_states(&walk);
}

void situations_walk_all(const struct spec *spec, situation_visit *visit, void *context)
{
    struct walk walk = {spec, NULL, COUNT_OF(places), visit, context, {.state = 0}, {.flags = 0}};
    for (size_t i = 0; i < COUNT_OF(all_surroundings); i++) {
        walk.surroundings = &all_surroundings[i];
        walk_states(&walk);
    }
}
