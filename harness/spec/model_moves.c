/* SPDX-License-Identifier: MIT */
/* What a peer may do: rows, performed by the interpreter that judges, and what they say made into segments. */
#include "spec/model_world.h"

/* So long that any timer has run out. */
static const nanoseconds long_after = 3600 * NANOSECONDS_PER_SECOND;

enum { MOVES_MOST = 256 };

/* The moves of one peer as they are found. */
struct finding {
    struct world *world;
    const struct peer *from;
    struct move base; /* kind and segment of all of them */
    struct move items[MOVES_MOST];
    size_t count;
};

static struct hypothesis hypothesis_of(const struct peer *peer)
{
    struct hypothesis made = hypothesis_in((enum spec_state)peer->state);
    memcpy(made.variables, peer->variables, sizeof(made.variables));
    made.known = peer->known;
    made.chosen = peer->chosen;
    made.facts = peer->facts;
    made.sent = peer->sent;
    made.received = peer->received;
    if (peer_knows(peer, SPEC_ISS))
        made.first_sent = made.last_sent = 0;
    return made;
}

static uint32_t peer_from(struct world *world, const struct hypothesis *hypothesis, const struct peer *before,
                          uint8_t opened)
{
    struct peer made = {.known = hypothesis->known,
                        .chosen = hypothesis->chosen,
                        .state = hypothesis->state,
                        .facts = hypothesis->facts,
                        .sent = hypothesis->sent,
                        .received = hypothesis->received,
                        .side = before->side,
                        .opened = opened,
                        .crashed = before->crashed};
    for (unsigned i = 0; i < SPEC_OWN_VARIABLES; i++)
        if (hypothesis_knows(hypothesis, i))
            made.variables[i] = hypothesis->variables[i];
    return world_peer(world, &made);
}

static uint8_t segment_of(struct world *world, const struct model_segment *segment)
{
    for (size_t i = 0; i < world->segment_count; i++) {
        const struct model_segment *known = &world->segments[i];
        if (known->sequence == segment->sequence && known->acknowledgment == segment->acknowledgment &&
            known->flags == segment->flags && known->length == segment->length && known->sender == segment->sender)
            return (uint8_t)i;
    }
    if (world->segment_count == MODEL_SEGMENTS_MOST) {
        world->exhausted = true;
        return MODEL_NO_SEGMENT;
    }
    world->segments[world->segment_count] = *segment;
    return (uint8_t)world->segment_count++;
}

/* Numbers that the control bits take. */
static uint32_t room_of(uint16_t flags)
{
    return (flags >> 1 & 1U) + (flags & 1U);
}

static struct segment as_seen(const struct world *world, const struct model_segment *segment)
{
    return (struct segment){.sequence = segment->sequence,
                            .acknowledgment = segment->acknowledgment,
                            .length = segment->length,
                            .text = segment->length - room_of(segment->flags),
                            .flags = segment->flags,
                            .window = (uint16_t)world->window,
                            .cookie = segment->cookie,
                            .options = segment->cookie != 0 ? SEGMENT_FAST_OPEN : 0};
}

static struct step step_of(struct world *world, const struct segment *segment, nanoseconds now)
{
    return (struct step){.spec = world->spec,
                         .index = world->index,
                         .segment = segment,
                         .now = now,
                         .mask = world->mask,
                         .crowd = world->scenario->crowded,
                         .lossless = true,
                         .tally = world->tally.applied == NULL ? NULL : &world->tally};
}

static void begin(struct hypotheses *set, const struct hypothesis *hypothesis)
{
    set->count = 1;
    set->overflowed = set->unsaid = false;
    set->items[0] = *hypothesis;
}

static void add(struct finding *finding, const struct hypothesis *hypothesis, const struct move *so_far, uint8_t opened)
{
    struct move move = *so_far;
    move.peer = peer_from(finding->world, hypothesis, finding->from, opened);
    for (size_t i = 0; i < finding->count; i++)
        if (memcmp(&finding->items[i], &move, sizeof(move)) == 0)
            return;
    if (finding->count == MOVES_MOST) {
        finding->world->exhausted = true;
        return;
    }
    finding->items[finding->count++] = move;
}

static bool is_new_syn(const struct hypothesis *hypothesis, uint16_t flags)
{
    return (flags & TCP_SYN) != 0 && !hypothesis_knows(hypothesis, SPEC_ISS);
}

/* What a due segment's numbers may be: the ends of what is allowed. */
static size_t choose(const uint32_t ends[2], bool open, uint32_t otherwise, uint32_t numbers[2])
{
    numbers[0] = open ? otherwise : ends[0];
    numbers[1] = ends[1];
    return open || ends[0] == ends[1] ? 1 : 2;
}

static void settle(struct finding *finding, const struct hypothesis *hypothesis, const struct move *so_far,
                   uint8_t opened);

/* HYPOTHESIS sends SEGMENT, if the interpreter lets it. */
static void send_one(struct finding *finding, const struct hypothesis *hypothesis, const struct model_segment *segment,
                     const struct move *so_far, uint8_t opened)
{
    struct hypotheses before, after;
    const struct segment seen = as_seen(finding->world, segment);
    struct step step = step_of(finding->world, &seen, long_after);
    struct move move = *so_far;
    step.calls = move.kind == MOVE_CLOSES ? 1U << SPEC_CALL_CLOSE : 0;
    begin(&before, hypothesis);
    step_sends(&step, &before, &after);
    if (after.count == 0)
        return;
    uint8_t number = segment_of(finding->world, segment);
    if (move.sent[0] == MODEL_NO_SEGMENT)
        move.sent[0] = number;
    else
        move.sent[1] = number;
    opened = (uint8_t)(opened + is_new_syn(hypothesis, segment->flags));
    for (size_t i = 0; i < after.count; i++)
        settle(finding, &after.items[i], &move, opened);
}

/* Where a new SYN's number comes from. */
static bool fresh_number(const struct finding *finding, uint8_t opened, uint32_t *number)
{
    *number = world_initial_number(finding->world, finding->from->side, opened);
    return opened < finding->world->opens_most;
}

/* Sends what is owed first, in each way that is allowed. */
static void settle(struct finding *finding, const struct hypothesis *hypothesis, const struct move *so_far,
                   uint8_t opened)
{
    uint32_t sequences[2], acknowledgments[2];
    if (hypothesis->due_count == 0) {
        add(finding, hypothesis, so_far, opened);
        return;
    }
    const struct due *due = &hypothesis->dues[0];
    const struct spec_answer *answer = &finding->world->spec->rows[due->row].outcomes[due->outcome].answer;
    const uint16_t flags = answer->bits.all;
    uint32_t next = hypothesis->variables[hypothesis_knows(hypothesis, SPEC_SND_NXT) ? SPEC_SND_NXT : SPEC_OLD_NXT];
    size_t sequence_count = choose(due->sequence, (due->open & DUE_ANY_SEQUENCE) != 0, next, sequences);
    if (is_new_syn(hypothesis, flags)) {
        sequence_count = 1;
        if (!fresh_number(finding, opened, &sequences[0]))
            return;
    }
    size_t acknowledgment_count = choose(due->acknowledgment, (due->open & DUE_ANY_ACKNOWLEDGMENT) != 0,
                                         hypothesis->variables[SPEC_RCV_NXT], acknowledgments);
    for (size_t i = 0; i < sequence_count * acknowledgment_count; i++) {
        const struct model_segment segment = {.sequence = sequences[i % sequence_count],
                                              .acknowledgment =
                                                  (flags & TCP_ACK) != 0 ? acknowledgments[i / sequence_count] : 0,
                                              .length = room_of(flags),
                                              .flags = flags,
                                              .sender = finding->from->side};
        send_one(finding, hypothesis, &segment, so_far, opened);
    }
}

static void take(struct finding *finding, uint8_t number)
{
    struct hypotheses before, after;
    const struct segment seen = as_seen(finding->world, &finding->world->segments[number]);
    const struct step step = step_of(finding->world, &seen, 0);
    const struct hypothesis hypothesis = hypothesis_of(finding->from);
    struct move move = finding->base;
    begin(&before, &hypothesis);
    step_arrives(&step, &before, &after);
    move.taken = number;
    move.unsaid = after.unsaid;
    for (size_t i = 0; i < after.count; i++)
        settle(finding, &after.items[i], &move, finding->from->opened);
}

static bool is_repetition(const struct finding *finding, const struct hypothesis *hypothesis, uint16_t flags)
{
    const struct step step = step_of(finding->world, NULL, long_after);
    const struct spec_row *again = step_again_row(&step, hypothesis);
    return again != NULL && again->bits.all == flags;
}

/* Sends SEGMENT from the number that VARIABLE is, if that is known. */
static void send_from(struct finding *finding, const struct hypothesis *hypothesis, struct model_segment segment,
                      enum spec_variable variable, const struct move *move)
{
    segment.sequence = hypothesis->variables[variable];
    if (hypothesis_knows(hypothesis, variable))
        send_one(finding, hypothesis, &segment, move, finding->from->opened);
}

/* One octet, the first of its stream: for the first time or once more. */
static void talk(struct finding *finding, const struct hypothesis *hypothesis, struct model_segment segment,
                 const struct move *move)
{
    const uint32_t first = (hypothesis->variables[SPEC_ISS] + 1) & finding->world->mask;
    segment.length = 1;
    if (hypothesis->variables[SPEC_SND_UNA] == first && segment.flags == TCP_ACK)
        send_from(finding, hypothesis, segment, SPEC_SND_UNA, move);
}

/* Segments that need no asking for: a SYN for a new connection, or what a connection has may be sent (again). */
static void send_unasked(struct finding *finding, const struct hypothesis *hypothesis, const struct spec_row *row)
{
    static const enum spec_variable places[] = {SPEC_ISS, SPEC_SND_UNA, SPEC_SND_NXT};
    const struct model_scenario *scenario = finding->world->scenario;
    const uint16_t flags = row->bits.all;
    struct model_segment segment = {.acknowledgment = (flags & TCP_ACK) != 0 ? hypothesis->variables[SPEC_RCV_NXT] : 0,
                                    .length = room_of(flags),
                                    .flags = flags,
                                    .cookie = scenario->cookies && flags == TCP_SYN ? 8 : 0,
                                    .sender = finding->from->side};
    struct move move = finding->base;
    if (is_new_syn(hypothesis, flags)) {
        move.kind = MOVE_OPENS;
        if (fresh_number(finding, finding->from->opened, &segment.sequence))
            send_one(finding, hypothesis, &segment, &move, finding->from->opened);
        return;
    }
    const bool again = (flags & TCP_FIN) != 0 || is_repetition(finding, hypothesis, flags);
    move.kind = again ? MOVE_REPEATS : MOVE_SENDS;
    if ((flags & TCP_FIN) != 0) {
        send_from(finding, hypothesis, segment, SPEC_SND_FIN, &move);
        return;
    }
    for (size_t i = 0; i < COUNT_OF(places); i++)
        send_from(finding, hypothesis, segment, places[i], &move);
    if (scenario->talks)
        talk(finding, hypothesis, segment, &move);
}

/* The user's CLOSE of what is ESTABLISHED: a FIN behind all that was sent. */
static void close_connection(struct finding *finding, const struct hypothesis *hypothesis, const struct spec_row *row)
{
    const uint16_t flags = row->bits.all;
    const struct model_segment segment = {.acknowledgment = hypothesis->variables[SPEC_RCV_NXT],
                                          .length = room_of(flags),
                                          .flags = flags,
                                          .sender = finding->from->side};
    struct move move = finding->base;
    move.kind = MOVE_CLOSES;
    if (hypothesis->state >= SPEC_ESTABLISHED && (flags & TCP_FIN) != 0)
        send_from(finding, hypothesis, segment, SPEC_SND_NXT, &move);
}

static void send_all(struct finding *finding, const struct hypothesis *hypothesis)
{
    const struct row_list *lists = finding->world->index->sends[hypothesis->state];
    for (unsigned key = 0; key < ROW_KEYS; key++)
        for (uint16_t i = 0; i < lists[key].count; i++) {
            const struct spec_row *row = lists[key].rows[i];
            if (row_key(row->bits.all) != key)
                continue;
            if (row->calls == 0)
                send_unasked(finding, hypothesis, row);
            else if (finding->world->scenario->closes)
                close_connection(finding, hypothesis, row);
        }
}

static void listen(struct finding *finding, const struct hypothesis *hypothesis)
{
    struct hypotheses set;
    struct step step = step_of(finding->world, NULL, 0);
    struct move move = finding->base;
    step.calls = 1U << SPEC_CALL_OPEN;
    begin(&set, hypothesis);
    step_quietly(&step, &set);
    move.kind = MOVE_LISTENS;
    for (size_t i = 1; i < set.count; i++)
        add(finding, &set.items[i], &move, finding->from->opened);
}

/* Who repeats its SYN gives up some day; who does not has no timer for it. TIME-WAIT ends. */
static void lapse(struct finding *finding, const struct hypothesis *hypothesis)
{
    struct hypotheses set;
    const struct step step = step_of(finding->world, NULL, long_after);
    struct move move = finding->base;
    if (hypothesis->state != SPEC_TIME_WAIT && step_again_row(&step, hypothesis) == NULL)
        return;
    begin(&set, hypothesis);
    step_quietly(&step, &set);
    move.kind = hypothesis->state == SPEC_TIME_WAIT ? MOVE_EXPIRES : MOVE_LAPSES;
    for (size_t i = 1; i < set.count; i++)
        add(finding, &set.items[i], &move, finding->from->opened);
}

static void crash(struct finding *finding)
{
    struct peer gone = {.side = finding->from->side,
                        .chosen = finding->from->chosen,
                        .opened = finding->from->opened,
                        .crashed = (uint8_t)(finding->from->crashed + 1)};
    struct move move = finding->base;
    if (peer_is_closed(finding->from) || finding->from->crashed >= finding->world->scenario->crashes)
        return;
    move.kind = MOVE_CRASHES;
    move.peer = world_peer(finding->world, &gone);
    finding->items[finding->count++] = move;
}

/* Whoever doesn't see the numbers hits a window, with enough tries, but not one certain number out of 2^32, unless it
 * is one of its own making. */
static bool can_be_guessed(const struct finding *finding, const struct model_segment *segment, uint32_t own)
{
    const struct peer *peer = finding->from;
    uint32_t above = (segment->acknowledgment - peer->variables[SPEC_SND_UNA]) & finding->world->mask;
    uint32_t open = (peer->variables[SPEC_SND_NXT] - peer->variables[SPEC_SND_UNA]) & finding->world->mask;
    bool exact = peer_knows(peer, SPEC_RCV_NXT) && segment->sequence == peer->variables[SPEC_RCV_NXT] &&
                 peer->variables[SPEC_IRS] != own;
    bool acknowledges = (segment->flags & TCP_ACK) != 0 && above != 0 && above <= open;
    /* Of a server it may know the numbers that come next from connections of its own. */
    bool foreseen = finding->world->scenario->foreseen && (peer->facts >> SPEC_FACT_PASSIVE & 1) != 0;
    return !exact && (!acknowledges || foreseen);
}

static void forge(struct finding *finding)
{
    static const uint16_t kinds[] = {TCP_SYN, TCP_RST, TCP_ACK, TCP_SYN | TCP_ACK, TCP_RST | TCP_ACK};
    struct world *world = finding->world;
    const struct peer *peer = finding->from;
    const uint32_t own = world_initial_number(world, MODEL_OUTSIDER, 0);
    const uint32_t sequences[] = {own, (own + 1) & world->mask, (peer->variables[SPEC_RCV_NXT] + 1) & world->mask};
    const uint32_t acknowledgments[] = {own, (peer->variables[SPEC_SND_UNA] - 1) & world->mask,
                                        peer->variables[SPEC_SND_NXT]};
    finding->base.kind = MOVE_FORGED;
    for (size_t i = 0; i < COUNT_OF(kinds) * COUNT_OF(sequences) * COUNT_OF(acknowledgments); i++) {
        struct model_segment segment = {.flags = kinds[i / (COUNT_OF(sequences) * COUNT_OF(acknowledgments))],
                                        .sequence = sequences[i / COUNT_OF(acknowledgments) % COUNT_OF(sequences)],
                                        .sender = MODEL_OUTSIDER};
        size_t guess = i % COUNT_OF(acknowledgments);
        segment.length = (segment.flags & TCP_SYN) != 0;
        if ((segment.flags & TCP_ACK) != 0)
            segment.acknowledgment = acknowledgments[guess];
        else if (guess > 0)
            continue;
        if (can_be_guessed(finding, &segment, own))
            take(finding, segment_of(world, &segment));
    }
}

static void keep(struct finding *finding, struct moves *moves)
{
    struct move *items = arena_take(&finding->world->arena, (finding->count + 1) * sizeof(*items));
    if (items == NULL) {
        finding->world->exhausted = true;
        return;
    }
    memcpy(items, finding->items, finding->count * sizeof(*items));
    *moves = (struct moves){items, finding->count};
}

static void begin_finding(struct finding *finding, struct world *world, const struct peer *from)
{
    memset(finding, 0, sizeof(*finding));
    finding->world = world;
    finding->from = from;
    finding->base.taken = MODEL_NO_SEGMENT;
    memset(finding->base.sent, MODEL_NO_SEGMENT, sizeof(finding->base.sent));
}

const struct moves *world_takes(struct world *world, uint32_t peer, uint8_t segment)
{
    if (world->takes[peer] == NULL)
        world->takes[peer] = arena_take(&world->arena, MODEL_SEGMENTS_MOST * sizeof(struct moves));
    if (world->takes[peer] == NULL) {
        static const struct moves none;
        world->exhausted = true;
        return &none;
    }
    if (world->takes[peer][segment].items == NULL) {
        struct finding finding;
        const struct peer from = world->peers[peer];
        begin_finding(&finding, world, &from);
        finding.base.kind = MOVE_TAKES;
        take(&finding, segment);
        keep(&finding, &world->takes[peer][segment]);
    }
    return &world->takes[peer][segment];
}

const struct moves *world_own_moves(struct world *world, uint32_t peer)
{
    if (world->own[peer].items == NULL) {
        struct finding finding;
        const struct peer from = world->peers[peer];
        const struct hypothesis hypothesis = hypothesis_of(&from);
        begin_finding(&finding, world, &from);
        listen(&finding, &hypothesis);
        send_all(&finding, &hypothesis);
        lapse(&finding, &hypothesis);
        crash(&finding);
        if (world->scenario->outsider)
            forge(&finding);
        keep(&finding, &world->own[peer]);
    }
    return &world->own[peer];
}
