/* SPDX-License-Identifier: MIT */
#include "generate/scene.h"

static const nanoseconds pause = 100 * NANOSECONDS_PER_MILLISECOND;
static const uint32_t whole_space = UINT32_MAX;

struct scene scene_begin(const struct spec *spec, const struct row_index *index)
{
    struct scene scene = {.spec = spec, .index = index};
    scene.set.count = 1;
    scene.set.items[0] = hypothesis_in(SPEC_CLOSED);
    return scene;
}

struct step scene_step(const struct scene *scene, const struct segment *segment)
{
    return (struct step){.spec = scene->spec,
                         .index = scene->index,
                         .segment = segment,
                         .now = scene->now,
                         .mask = whole_space,
                         .crowd = scene->crowd,
                         .lossless = true};
}

const struct hypothesis *scene_main(const struct scene *scene)
{
    for (size_t i = 0; i < scene->set.count; i++) {
        uint8_t state = scene->set.items[i].state;
        if (state != SPEC_CLOSED && state != SPEC_LISTEN)
            return &scene->set.items[i];
    }
    return &scene->set.items[0];
}

struct segment scene_segment(const struct hypothesis *hypothesis, uint16_t flags, uint32_t text, uint32_t initial)
{
    bool knows = hypothesis_knows(hypothesis, SPEC_RCV_NXT);
    struct segment segment = {.flags = flags, .text = text, .window = SCENE_OWN_WINDOW};
    segment.sequence = knows ? hypothesis->variables[SPEC_RCV_NXT] : initial;
    /* Until the connection is open, a SYN that is in order is the one that came. */
    if (knows && (flags & TCP_SYN) != 0 && hypothesis->state == SPEC_SYN_RECEIVED)
        segment.sequence = hypothesis->variables[SPEC_IRS];
    segment.length = text + ((flags & TCP_SYN) != 0 ? 1 : 0) + ((flags & TCP_FIN) != 0 ? 1 : 0);
    if ((flags & TCP_ACK) != 0)
        segment.acknowledgment = hypothesis_knows(hypothesis, SPEC_SND_NXT) ? hypothesis->variables[SPEC_SND_NXT] : 500;
    bool agreed = (hypothesis->sent & hypothesis->received & SEGMENT_TIMESTAMPS) != 0;
    if (agreed) {
        segment.options = SEGMENT_TIMESTAMPS;
        segment.timestamp = SCENE_STAMP; /* so that there is no doubt of TS.RECENT */
    }
    return segment;
}

static void unite(struct hypotheses *into, const struct hypotheses *more)
{
    for (size_t i = 0; i < more->count; i++) {
        size_t at = 0;
        while (at < into->count && !hypothesis_same(&into->items[at], &more->items[i]))
            at++;
        if (at < into->count)
            continue;
        if (into->count == HYPOTHESES_MOST)
            return;
        into->items[into->count++] = more->items[i];
    }
}

/* --- what the stack sends --- */

/* A segment of the stack's with FLAGS, as it would send it in HYPOTHESIS. */
static struct segment own_segment(const struct hypothesis *hypothesis, uint16_t flags, uint32_t text)
{
    bool knows = hypothesis_knows(hypothesis, SPEC_SND_NXT);
    struct segment segment = {.flags = flags, .text = text, .window = SCENE_WINDOW};
    segment.sequence = knows ? hypothesis->variables[SPEC_SND_NXT] : 0;
    segment.length = text + ((flags & TCP_SYN) != 0 ? 1 : 0) + ((flags & TCP_FIN) != 0 ? 1 : 0);
    if ((flags & TCP_ACK) != 0)
        segment.acknowledgment = hypothesis->variables[SPEC_RCV_NXT];
    /* A SYN that opens offers no timestamps here: the harness does where they are wanted. */
    bool agrees = (flags & TCP_SYN) != 0 ? (flags & TCP_ACK) != 0 && (hypothesis->received & SEGMENT_TIMESTAMPS) != 0
                                         : (hypothesis->sent & hypothesis->received & SEGMENT_TIMESTAMPS) != 0;
    if (agrees && (flags & TCP_RST) == 0) {
        segment.options = SEGMENT_TIMESTAMPS;
        segment.timestamp = 1;
        segment.echo = hypothesis->variables[SPEC_TS_RECENT];
    }
    return segment;
}

static bool is_same_answer(const struct scene_answer *left, const struct scene_answer *right)
{
    return left->segment.flags == right->segment.flags && left->any_sequence == right->any_sequence &&
           left->any_acknowledgment == right->any_acknowledgment &&
           (left->any_sequence || left->segment.sequence == right->segment.sequence) &&
           (left->any_acknowledgment || left->segment.acknowledgment == right->segment.acknowledgment);
}

static void add_answer(struct scene_reaction *reaction, const struct scene_answer *answer)
{
    for (size_t i = 0; i < reaction->count; i++)
        if (is_same_answer(&reaction->answers[i], answer))
            return;
    if (reaction->count < SCENE_ANSWERS_MOST)
        reaction->answers[reaction->count++] = *answer;
}

/* The segment that pays for DUE. */
static struct scene_answer answer_for(const struct scene *scene, const struct hypothesis *owing, const struct due *due)
{
    const struct spec_answer *wanted = &scene->spec->rows[due->row].outcomes[due->outcome].answer;
    struct scene_answer answer = {.segment = own_segment(owing, wanted->bits.all, 0)};
    bool text_waits = (due->open & DUE_ANY_SEQUENCE) != 0 && (wanted->bits.all & TCP_RST) != 0;
    answer.any_sequence = text_waits;
    if ((due->open & DUE_ANY_SEQUENCE) == 0)
        answer.segment.sequence = due->sequence[0];
    if ((due->open & DUE_ANY_ACKNOWLEDGMENT) == 0)
        answer.segment.acknowledgment = due->acknowledgment[0];
    answer.any_acknowledgment = (wanted->bits.all & TCP_ACK) == 0 || (due->open & DUE_ANY_ACKNOWLEDGMENT) != 0 ||
                                due->acknowledgment[0] != due->acknowledgment[1];
    return answer;
}

static bool owes(const struct hypothesis *hypothesis)
{
    for (unsigned i = 0; i < hypothesis->due_count; i++)
        if ((hypothesis->dues[i].open & DUE_EXCUSED) == 0)
            return true;
    return false;
}

/* Lets the stack answer: all that SET's hypotheses owe. */
static void answer_dues(struct scene *scene, const struct hypotheses *set, struct scene_reaction *reaction)
{
    struct hypotheses after;
    scene->set.count = 0;
    for (size_t i = 0; i < set->count; i++) {
        const struct hypothesis *hypothesis = &set->items[i];
        for (unsigned due = 0; due < hypothesis->due_count; due++) {
            const struct scene_answer answer = answer_for(scene, hypothesis, &hypothesis->dues[due]);
            add_answer(reaction, &answer);
            nanoseconds within = hypothesis->dues[due].deadline - scene->now;
            reaction->within = within > reaction->within ? within : reaction->within;
        }
        if (!owes(hypothesis)) {
            struct hypotheses silent = {.count = 1, .items = {*hypothesis}};
            silent.items[0].due_count = 0;
            memset(silent.items[0].dues, 0, sizeof(silent.items[0].dues));
            reaction->silence = true;
            unite(&scene->set, &silent);
        }
    }
    for (size_t i = 0; i < reaction->count; i++) {
        const struct step step = scene_step(scene, &reaction->answers[i].segment);
        step_sends(&step, set, &after);
        unite(&scene->set, &after);
    }
}

/* What may have happened besides, without a sign: a listener takes the place of what was closed. */
static void settle(struct scene *scene, uint8_t calls)
{
    struct step step = scene_step(scene, NULL);
    step.calls = (uint8_t)(calls | (scene->listens ? 1U << SPEC_CALL_OPEN : 0));
    step_quietly(&step, &scene->set);
}

/* --- moves --- */

static void note_numbers(struct scene *scene, const struct segment *segment)
{
    if ((segment->flags & TCP_SYN) == 0 || (segment->flags & TCP_RST) != 0 || segment->corrupt)
        return;
    if (!scene->remote_known) {
        scene->remote_known = true;
        scene->remote = segment->sequence;
    } else if (segment->sequence != scene->remote) {
        scene->renewed = true;
    }
    scene->stamped = scene->stamped || (segment->options & SEGMENT_TIMESTAMPS) != 0;
}

/* What takes up numbers may be acknowledged, where an ACK may be sent at any time; in TIME-WAIT so may be whatever
 * comes. */
static void acknowledge_anyway(struct scene *scene, const struct segment *segment, struct scene_reaction *reaction)
{
    const struct hypothesis *main = scene_main(scene);
    const struct scene_answer answer = {.segment = own_segment(main, TCP_ACK, 0)};
    struct hypotheses after;
    const struct step step = scene_step(scene, &answer.segment);
    bool asks = segment->length > 0 || main->state == SPEC_TIME_WAIT;
    if (!reaction->silence || !asks || (segment->flags & TCP_RST) != 0 || segment->corrupt || segment->stray ||
        main->state == SPEC_CLOSED)
        return;
    step_sends(&step, &scene->set, &after);
    if (after.count == 0)
        return;
    add_answer(reaction, &answer);
    unite(&scene->set, &after);
}

static bool play_segment(struct scene *scene, const struct segment *segment, struct scene_reaction *reaction)
{
    struct hypotheses after;
    const struct step step = scene_step(scene, segment);
    step_arrives(&step, &scene->set, &after);
    if (after.count == 0 || after.unsaid)
        return false;
    answer_dues(scene, &after, reaction);
    acknowledge_anyway(scene, segment, reaction);
    note_numbers(scene, segment);
    return scene->set.count > 0;
}

static bool play_listen(struct scene *scene)
{
    size_t kept = 0;
    scene->listens = true;
    settle(scene, 0);
    for (size_t i = 0; i < scene->set.count; i++)
        if (scene->set.items[i].state == SPEC_LISTEN)
            scene->set.items[kept++] = scene->set.items[i];
    scene->set.count = kept;
    return kept > 0;
}

/* The stack sends one segment of several that CALLS let it send, if any. */
static bool play_sending(struct scene *scene, const struct segment *segments, size_t count, uint8_t calls,
                         struct scene_reaction *reaction)
{
    const uint8_t ends = 1U << SPEC_CALL_CLOSE | 1U << SPEC_CALL_ABORT;
    struct hypotheses before = scene->set;
    struct hypotheses after;
    struct hypotheses anyway;
    anyway.count = 0;
    scene->set.count = 0;
    for (size_t i = 0; i < count; i++) {
        struct step step = scene_step(scene, &segments[i]);
        step.calls = calls;
        step_sends(&step, &before, &after);
        /* What may be sent at any time is not the call's doing. */
        step.calls = 0;
        if (after.count > 0 && (calls & ends) != 0)
            step_sends(&step, &before, &anyway);
        if (after.count == 0 || anyway.count > 0)
            continue;
        const struct scene_answer answer = {.segment = segments[i],
                                            .any_acknowledgment = (segments[i].flags & TCP_RST) != 0};
        add_answer(reaction, &answer);
        unite(&scene->set, &after);
    }
    return scene->set.count > 0;
}

static bool play_connect(struct scene *scene, struct scene_reaction *reaction)
{
    const struct segment syn = own_segment(scene_main(scene), TCP_SYN, 0);
    return play_sending(scene, &syn, 1, 0, reaction);
}

static bool play_write(struct scene *scene, struct scene_reaction *reaction)
{
    const struct segment text = own_segment(scene_main(scene), TCP_ACK | TCP_PSH, SCENE_TEXT);
    return play_sending(scene, &text, 1, 1U << SPEC_CALL_SEND, reaction);
}

/* CLOSE and ABORT: what they make the stack send, and what they end without a sign. */
static bool play_ending(struct scene *scene, enum spec_call call, struct scene_reaction *reaction)
{
    const struct hypothesis *main = scene_main(scene);
    const uint8_t calls = (uint8_t)(1U << call);
    const struct segment segments[] = {
        own_segment(main, TCP_FIN | TCP_ACK, 0),
        own_segment(main, TCP_RST, 0),
        own_segment(main, TCP_RST | TCP_ACK, 0),
    };
    const bool aborts = call == SPEC_CALL_ABORT;
    /* What waits to be accepted is the listener's, and not the user's to close. */
    const bool waits = main->state == SPEC_SYN_RECEIVED && (main->facts >> SPEC_FACT_PASSIVE & 1) != 0;
    struct scene quiet = *scene;
    quiet.listens = false;
    size_t before = quiet.set.count;
    settle(&quiet, calls);
    const struct hypotheses untouched = scene->set;
    size_t first = aborts ? 1 : 0;
    size_t count = aborts || waits ? 2 : 1;
    bool sends = play_sending(scene, segments + first, count, calls, reaction);
    if (waits) {
        reaction->silence = true;
        unite(&scene->set, &untouched);
    }
    if (quiet.set.count > before) {
        quiet.set.count -= before;
        memmove(quiet.set.items, quiet.set.items + before, quiet.set.count * sizeof(quiet.set.items[0]));
        reaction->silence = true;
        unite(&scene->set, &quiet.set);
    }
    return sends || reaction->silence;
}

static bool play_lapse(struct scene *scene, struct scene_reaction *reaction)
{
    struct step step = scene_step(scene, NULL);
    size_t before = scene->set.count;
    step.calls = scene->listens ? 1U << SPEC_CALL_OPEN : 0;
    step_quietly(&step, &scene->set);
    reaction->silence = true;
    return scene->set.count > before;
}

/* What the stack may send again: the text, with the FIN behind it or without, if that is not acknowledged. How many. */
static size_t repetitions(const struct hypothesis *main, struct segment segments[2])
{
    uint16_t flags = main->state == SPEC_SYN_SENT ? TCP_SYN : main->state == SPEC_SYN_RECEIVED ? TCP_SYN | TCP_ACK : 0;
    bool fin = hypothesis_knows(main, SPEC_SND_FIN);
    bool text = flags == 0 && (!fin || main->variables[SPEC_SND_FIN] != main->variables[SPEC_SND_UNA]);
    size_t count = 0;
    if (text)
        segments[count++] = own_segment(main, TCP_ACK | TCP_PSH, SCENE_TEXT);
    if (text && fin)
        segments[count++] = own_segment(main, TCP_FIN | TCP_ACK | TCP_PSH, SCENE_TEXT);
    if (!text)
        segments[count++] = own_segment(main, flags != 0 ? flags : TCP_FIN | TCP_ACK, 0);
    for (size_t i = 0; i < count; i++)
        segments[i].sequence = main->variables[SPEC_SND_UNA];
    return count;
}

/* The stack sends again what it sent last. */
static bool play_repeat(struct scene *scene, struct scene_reaction *reaction)
{
    struct segment segments[2];
    size_t count = repetitions(scene_main(scene), segments);
    return play_sending(scene, segments, count, 0, reaction);
}

/* As often as it does, and then no more. */
static bool play_exhaust(struct scene *scene, struct scene_reaction *reaction)
{
    return play_repeat(scene, reaction) && play_lapse(scene, reaction);
}

static bool play_crowd(struct scene *scene)
{
    scene->crowd += SCENE_CROWD;
    return true;
}

static bool play_read(struct scene *scene, struct scene_reaction *reaction)
{
    const struct segment update = own_segment(scene_main(scene), TCP_ACK, 0);
    const struct hypotheses untouched = scene->set;
    if (!play_sending(scene, &update, 1, 0, reaction))
        return false;
    reaction->silence = true;
    unite(&scene->set, &untouched);
    return true;
}

/* What these let happen is for them to say. */
static bool waits(enum move_kind kind)
{
    return kind == MOVE_LAPSE || kind == MOVE_EXHAUST || kind == MOVE_CROWD;
}

bool scene_play(struct scene *scene, const struct move *move, struct scene_reaction *reaction)
{
    bool played = false;
    *reaction = (struct scene_reaction){.within = 500 * NANOSECONDS_PER_MILLISECOND};
    scene->now += move->lapse > 0 ? move->lapse : pause;
    switch (move->kind) {
    case MOVE_LISTEN:
        return play_listen(scene);
    case MOVE_CONNECT:
        played = play_connect(scene, reaction);
        break;
    case MOVE_READ:
        played = play_read(scene, reaction);
        break;
    case MOVE_SEGMENT:
        /* A connection that had to give way did so before. */
        if (scene->crowd > 0)
            settle(scene, 0);
        played = play_segment(scene, &move->segment, reaction);
        break;
    case MOVE_WRITE:
        played = play_write(scene, reaction);
        break;
    case MOVE_CLOSE:
        played = play_ending(scene, SPEC_CALL_CLOSE, reaction);
        break;
    case MOVE_ABORT:
        played = play_ending(scene, SPEC_CALL_ABORT, reaction);
        break;
    case MOVE_REPEAT:
        played = play_repeat(scene, reaction);
        break;
    case MOVE_LAPSE:
        played = play_lapse(scene, reaction);
        break;
    case MOVE_EXHAUST:
        played = play_exhaust(scene, reaction);
        break;
    case MOVE_CROWD:
        played = play_crowd(scene);
        break;
    }
    if (played && scene->listens && !waits(move->kind))
        settle(scene, 0);
    return played;
}
