/* SPDX-License-Identifier: MIT */
#include "generate/follow.h"

struct follow_row {
    enum move_kind kind;
    uint16_t flags;
    uint32_t text;
    bool again; /* the FIN that came, once more */
};

/* What comes next in each state, up to something that has to be answered. */
static const struct follow_row rows[SPEC_STATE_COUNT][FOLLOW_MOST] = {
    [SPEC_CLOSED] = {{MOVE_SEGMENT, TCP_ACK, 0, false}},
    [SPEC_LISTEN] = {{MOVE_SEGMENT, TCP_SYN, 0, false}},
    [SPEC_SYN_SENT] = {{MOVE_SEGMENT, TCP_SYN | TCP_ACK, 0, false}},
    [SPEC_SYN_RECEIVED] = {{MOVE_SEGMENT, TCP_ACK, SCENE_TEXT, false}},
    [SPEC_ESTABLISHED] = {{MOVE_SEGMENT, TCP_ACK, SCENE_TEXT, false}},
    [SPEC_FIN_WAIT_1] = {{MOVE_SEGMENT, TCP_FIN | TCP_ACK, 0, false}},
    [SPEC_FIN_WAIT_2] = {{MOVE_SEGMENT, TCP_FIN | TCP_ACK, 0, false}},
    [SPEC_CLOSE_WAIT] = {{MOVE_CLOSE, 0, 0, false}},
    [SPEC_CLOSING] = {{MOVE_SEGMENT, TCP_ACK, 0, false}, {MOVE_SEGMENT, TCP_FIN | TCP_ACK, 0, true}},
    [SPEC_LAST_ACK] = {{MOVE_SEGMENT, TCP_ACK, 0, false}, {MOVE_SEGMENT, TCP_ACK, 0, false}},
    [SPEC_TIME_WAIT] = {{MOVE_SEGMENT, TCP_FIN | TCP_ACK, 0, true}},
};

static struct move move_of(const struct follow_row *row, const struct scene *scene, enum numbering numbering)
{
    const struct hypothesis *main = scene_main(scene);
    struct move move = {.kind = row->kind};
    if (row->kind != MOVE_SEGMENT)
        return move;
    move.segment = scene_segment(main, row->flags, row->text, numbering_initial(numbering));
    if (row->again && hypothesis_knows(main, SPEC_RCV_NXT))
        move.segment.sequence--;
    if ((row->flags & TCP_SYN) != 0)
        move.segment.options |= SEGMENT_MSS;
    if (move.segment.options & SEGMENT_TIMESTAMPS)
        move.segment.timestamp = main->variables[SPEC_TS_RECENT] + 1;
    return move;
}

/* True if it is sure in which state the stack is, if it has not closed the connection. */
static bool is_one_state(const struct scene *scene)
{
    uint8_t state = scene_main(scene)->state;
    for (size_t i = 0; i < scene->set.count; i++) {
        uint8_t other = scene->set.items[i].state;
        if (other != state && other != SPEC_CLOSED && other != SPEC_LISTEN)
            return false;
    }
    return true;
}

/* What only who knows nothing of the connection of FROM answers by a RST with this number: a segment without control
 * bits, which has to be 0 then; a listener passes over it, and is asked by an ACK of what was never sent. */
static struct move probe_of(const struct place *from)
{
    const struct hypothesis *main = scene_main(&from->scene);
    uint16_t flags = from->passive || from->scene.listens ? TCP_ACK : 0;
    struct move move = {.kind = MOVE_SEGMENT,
                        .segment = scene_segment(main, flags, 0, numbering_initial(from->numbering))};
    move.segment.options &= (uint8_t)~SEGMENT_TIMESTAMPS;
    if (flags != 0)
        move.segment.acknowledgment -= 100;
    return move;
}

static bool is_over(const struct scene *scene, const struct place *from)
{
    uint8_t state = scene_main(scene)->state;
    bool closed = state == SPEC_CLOSED || state == SPEC_LISTEN;
    return closed && state != from->state && from->state != SPEC_CLOSED;
}

size_t follow_moves(const struct scene *scene, const struct place *from, struct move *moves)
{
    struct scene at = *scene;
    struct scene_reaction reaction;
    const struct follow_row *chain = rows[scene_main(scene)->state];
    size_t count = 0;
    if (scene->renewed || !is_one_state(scene))
        return 0;
    if (is_over(scene, from)) {
        moves[0] = probe_of(from);
        return scene_play(&at, &moves[0], &reaction) ? 1 : 0;
    }
    for (; count < FOLLOW_MOST && (count == 0 || chain[count].flags != 0); count++) {
        moves[count] = move_of(&chain[count], &at, from->numbering);
        if (!scene_play(&at, &moves[count], &reaction))
            break;
    }
    return count;
}
