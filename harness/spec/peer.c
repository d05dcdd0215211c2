/* SPDX-License-Identifier: MIT */
#include "spec/peer.h"

#include "spec/step.h"

#include <stdlib.h>

struct peer {
    const struct spec *spec;
    struct row_index index;
    struct hypotheses set;
    struct hypotheses room;
};

struct peer *peer_open(const struct spec *spec, enum spec_state state, struct error *error)
{
    struct peer *peer = calloc(1, sizeof(*peer));
    if (peer == NULL || !row_index_make(&peer->index, spec)) {
        (void)error_set(error, ERROR_OUT_OF_MEMORY, "no memory to follow a connection");
        peer_close(peer);
        return NULL;
    }
    peer->spec = spec;
    peer->set.count = 1;
    peer->set.items[0] = hypothesis_in(state);
    return peer;
}

void peer_close(struct peer *peer)
{
    if (peer != NULL)
        row_index_free(&peer->index);
    free(peer);
}

static struct step step_of(const struct peer *peer, const struct segment *segment, nanoseconds now)
{
    return (struct step){.spec = peer->spec,
                         .index = &peer->index,
                         .segment = segment,
                         .now = now,
                         .mask = UINT32_MAX,
                         .lossless = true};
}

static bool take(struct segment *segment, struct bytes bytes)
{
    struct packet packet;
    packet_decode(bytes, DECODE_ALL, &packet);
    if (packet.transport != TRANSPORT_TCP)
        return false;
    segment_take(segment, &packet);
    return true;
}

bool peer_sends(struct peer *peer, struct bytes packet, nanoseconds now)
{
    struct segment segment;
    if (!take(&segment, packet))
        return false;
    struct step step = step_of(peer, &segment, now);
    step.calls = (uint8_t)((1U << SPEC_CALL_COUNT) - 1);
    step_sends(&step, &peer->set, &peer->room);
    if (peer->room.count == 0)
        return false;
    peer->set = peer->room;
    return true;
}

bool peer_arrives(struct peer *peer, struct bytes packet, nanoseconds now)
{
    struct segment segment;
    if (!take(&segment, packet))
        return false;
    const struct step step = step_of(peer, &segment, now);
    step_arrives(&step, &peer->set, &peer->room);
    if (peer->room.unsaid)
        return false;
    peer->set = peer->room;
    return true;
}

bool peer_state(const struct peer *peer, enum spec_state *state)
{
    for (size_t i = 1; i < peer->set.count; i++)
        if (peer->set.items[i].state != peer->set.items[0].state)
            return false;
    *state = (enum spec_state)peer->set.items[0].state;
    return true;
}

bool peer_number(const struct peer *peer, enum spec_variable variable, uint32_t *value)
{
    INVARIANT(variable < SPEC_OWN_VARIABLES);
    for (size_t i = 0; i < peer->set.count; i++)
        if (!hypothesis_knows(&peer->set.items[i], variable) ||
            peer->set.items[i].variables[variable] != peer->set.items[0].variables[variable])
            return false;
    *value = peer->set.items[0].variables[variable];
    return true;
}

const struct spec_row *peer_rule(const struct peer *peer)
{
    uint16_t row = peer->set.items[0].last_row;
    return row == SPEC_NO_NODE ? NULL : &peer->spec->rows[row];
}
