/* SPDX-License-Identifier: MIT */
#include "spec/model_world.h"

#include <stdlib.h>

enum { PEER_TABLE = 2 * MODEL_PEERS_MOST };

/* Initial sequence numbers stand so far apart that no window holds two of them: what RFC 9293 section 3.4.1 is for. */
enum { STEPS = 1024, STEP = 50, WINDOW_MOST = 1000 };
static const unsigned first_steps[] = {2, 12, 10};

static uint64_t hash_of(const struct peer *peer)
{
    const uint32_t *words = (const uint32_t *)(const void *)peer;
    uint64_t hash = 1469598103934665603U;
    for (size_t i = 0; i < sizeof(*peer) / sizeof(*words); i++)
        hash = (hash ^ words[i]) * 0x9e3779b97f4a7c15U;
    return hash ^ hash >> 29;
}

bool world_begin(struct world *world)
{
    uint32_t window = world->mask >> 8;
    world->window = window < 2 ? 2 : window > WINDOW_MOST ? WINDOW_MOST : window + 1;
    world->peer_table = calloc(PEER_TABLE, sizeof(*world->peer_table));
    return world->peer_table != NULL;
}

void world_free(struct world *world)
{
    arena_free(&world->arena);
    free(world->peers);
    free(world->peer_table);
    free(world->takes);
    free(world->own);
}

uint32_t world_initial_number(const struct world *world, unsigned side, unsigned n)
{
    const uint64_t step = ((uint64_t)world->mask + 1) * STEP / STEPS;
    return (uint32_t)step * (first_steps[side] + n % WORLD_OPENINGS);
}

static bool grow(struct world *world)
{
    size_t room = world->peer_room == 0 ? 1024 : world->peer_room * 2;
    struct peer *peers = realloc(world->peers, room * sizeof(*peers));
    if (peers != NULL)
        world->peers = peers;
    struct moves **takes = realloc(world->takes, room * sizeof(*takes));
    if (takes != NULL)
        world->takes = takes;
    struct moves *own = realloc(world->own, room * sizeof(*own));
    if (own != NULL)
        world->own = own;
    if (peers == NULL || takes == NULL || own == NULL)
        return false;
    world->peer_room = room;
    return true;
}

uint32_t world_peer(struct world *world, const struct peer *peer)
{
    size_t slot = hash_of(peer) % PEER_TABLE;
    for (; world->peer_table[slot] != 0; slot = (slot + 1) % PEER_TABLE)
        if (memcmp(&world->peers[world->peer_table[slot] - 1], peer, sizeof(*peer)) == 0)
            return world->peer_table[slot] - 1;
    if (world->peer_count == MODEL_PEERS_MOST || (world->peer_count == world->peer_room && !grow(world))) {
        world->exhausted = true;
        return 0;
    }
    world->peers[world->peer_count] = *peer;
    world->takes[world->peer_count] = NULL;
    world->own[world->peer_count] = (struct moves){NULL, 0};
    world->peer_table[slot] = (uint32_t)++world->peer_count;
    return (uint32_t)world->peer_count - 1;
}

uint32_t world_first(struct world *world, unsigned side)
{
    struct peer peer = {.side = (uint8_t)side};
    for (uint16_t i = 0; world->scenario->choice != NULL && i < world->spec->choice_count; i++)
        if (strcmp(world->spec->choices[i], world->scenario->choice) == 0)
            peer.chosen = (uint16_t)(1U << i);
    return world_peer(world, &peer);
}
