/* SPDX-License-Identifier: MIT */
#include "spec/connection.h"

#include <stdlib.h>

enum { SLOTS_AT_FIRST = 64, SWEPT_AT_FIRST = 4096, GHOSTS = 65536 };

/* All bytes of them tell one from the other. */
_Static_assert(sizeof(struct judge_ends) == 2 * sizeof(struct address) + 2 * sizeof(uint16_t), "there is no padding");

static bool ends_equal(const struct judge_ends *left, const struct judge_ends *right)
{
    return memcmp(left, right, sizeof(*left)) == 0;
}

/* By words of eight bytes; the rest of the last one is zeros. */
static size_t ends_hash(const struct judge_ends *ends)
{
    uint64_t words[(sizeof(*ends) + sizeof(uint64_t) - 1) / sizeof(uint64_t)] = {0};
    uint64_t hash = 0;
    memcpy(words, ends, sizeof(*ends));
    for (size_t i = 0; i < COUNT_OF(words); i++) {
        hash = (hash ^ words[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 32;
    }
    return (size_t)(hash ^ hash >> 29);
}

/* Where the connection is, or the empty slot where it would be. */
static size_t slot_of(struct connection *const *slots, size_t count, const struct judge_ends *ends)
{
    size_t slot = ends_hash(ends) & (count - 1);
    while (slots[slot] != NULL && !ends_equal(&slots[slot]->about.ends, ends))
        slot = (slot + 1) & (count - 1);
    return slot;
}

struct judge_ends connection_ends(const struct packet *packet, bool to_stack)
{
    struct address source = packet_source(packet);
    struct address destination = packet_destination(packet);
    if (to_stack)
        return (struct judge_ends){destination, source, packet->tcp.destination_port, packet->tcp.source_port};
    return (struct judge_ends){source, destination, packet->tcp.source_port, packet->tcp.destination_port};
}

struct connection *connection_find(const struct connection_table *table, const struct judge_ends *ends)
{
    return table->slot_count == 0 ? NULL : table->slots[slot_of(table->slots, table->slot_count, ends)];
}

/* At most half of the slots are taken. */
static bool table_grow(struct connection_table *table)
{
    size_t count = table->slot_count == 0 ? SLOTS_AT_FIRST : table->slot_count * 2;
    struct connection **slots = calloc(count, sizeof(struct connection *));
    struct connection **order = realloc(table->order, count / 2 * sizeof(struct connection *));
    if (order != NULL)
        table->order = order;
    if (slots == NULL || order == NULL) {
        free(slots);
        return false;
    }
    for (size_t i = 0; i < table->count; i++)
        slots[slot_of(slots, count, &order[i]->about.ends)] = order[i];
    free(table->slots);
    table->slots = slots;
    table->slot_count = count;
    table->room = count / 2;
    return true;
}

struct connection *connection_add(struct connection_table *table, const struct judge_ends *ends)
{
    if (table->count == table->room && !table_grow(table))
        return NULL;
    struct connection *made = calloc(1, sizeof(*made));
    if (made == NULL)
        return NULL;
    made->about.ends = *ends;
    table->slots[slot_of(table->slots, table->slot_count, ends)] = made;
    table->order[table->count++] = made;
    return made;
}

/* Segments of an established connection, and what carries on from it. */
static bool goes_on(const struct segment *segment)
{
    return (segment->flags & (TCP_SYN | TCP_RST | TCP_ACK)) == TCP_ACK;
}

bool connection_begins_anew(const struct connection *connection, const struct segment *segment, bool to_stack)
{
    return !connection->judged && connection->about.verdict == VERDICT_INCONCLUSIVE && to_stack &&
           (segment->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN && connection->about.from_stack == 0;
}

bool connection_has_gap(const struct connection *connection, const struct segment *segment, bool to_stack)
{
    const uint8_t both = 3;
    return goes_on(segment) && connection->ends_known == both &&
           sequence_before(connection->ends[!to_stack], segment->acknowledgment, UINT32_MAX);
}

bool connection_shows_hole(const struct connection *connection, const struct segment *segment, bool to_stack)
{
    const unsigned own = 1U << to_stack;
    const unsigned other = 1U << !to_stack;
    if ((segment->flags & TCP_RST) != 0)
        return false;
    if ((segment->flags & TCP_ACK) != 0 && (connection->ends_known & other) == 0)
        return true;
    if ((segment->options & SEGMENT_TIMESTAMPS) != 0 && (segment->flags & TCP_ACK) != 0 &&
        (connection->stamps_known & other) != 0 &&
        sequence_before(connection->stamps[!to_stack], segment->echo, UINT32_MAX))
        return true;
    return (segment->flags & TCP_SYN) == 0 &&
           ((connection->ends_known & own) == 0 ||
            sequence_before(connection->ends[to_stack], segment->sequence, UINT32_MAX));
}

/* The newest timestamp of either side. */
static void tell_stamp(struct connection *connection, const struct segment *segment, bool to_stack)
{
    const uint8_t bit = (uint8_t)(1U << to_stack);
    if ((segment->options & SEGMENT_TIMESTAMPS) == 0)
        return;
    if ((connection->stamps_known & bit) == 0 || (segment->flags & TCP_SYN) != 0 ||
        sequence_before(connection->stamps[to_stack], segment->timestamp, UINT32_MAX))
        connection->stamps[to_stack] = segment->timestamp;
    connection->stamps_known |= bit;
}

void connection_tell(struct connection *connection, const struct segment *segment, bool to_stack, nanoseconds now)
{
    uint32_t *end = &connection->ends[to_stack];
    uint8_t bit = (uint8_t)(1U << to_stack);
    uint32_t told = segment->sequence + segment->length;
    bool known = (connection->ends_known & bit) != 0;
    bool begins = (segment->flags & (TCP_SYN | TCP_RST)) == TCP_SYN &&
                  (!known || connection->initial[to_stack] != segment->sequence);
    if (begins)
        connection->initial[to_stack] = segment->sequence;
    if (begins || (known && goes_on(segment) && sequence_before(*end, told, UINT32_MAX)))
        *end = told;
    if (begins)
        connection->ends_known |= bit;
    if (begins)
        connection->finished = 0;
    else if ((segment->flags & TCP_RST) != 0)
        connection->finished |= CONNECTION_RESET;
    else if ((segment->flags & TCP_FIN) != 0)
        connection->finished |= bit;
    tell_stamp(connection, segment, to_stack);
    if (to_stack)
        return;
    connection->sent = now;
    connection->overdue = 0;
    if (begins || ((segment->flags & TCP_ACK) != 0 &&
                   sequence_before(connection->acknowledged, segment->acknowledgment, UINT32_MAX)))
        connection->acknowledged = segment->acknowledgment;
}

bool connection_overtaken(const struct connection *connection, const struct segment *segment, nanoseconds now)
{
    static const nanoseconds longest = NANOSECONDS_PER_SECOND;
    uint32_t end = segment->sequence + segment->length;
    bool acknowledges_more = (segment->flags & TCP_ACK) != 0 &&
                             sequence_before(connection->acknowledged, segment->acknowledgment, UINT32_MAX);
    return (connection->ends_known & 1) != 0 && now - connection->sent < longest && !acknowledges_more &&
           !sequence_before(connection->ends[0], end, UINT32_MAX);
}

bool connection_is_over(const struct connection *connection, nanoseconds now)
{
    static const nanoseconds time_wait_most = 240 * NANOSECONDS_PER_SECOND; /* RFC 9293 section 3.4.2: 2 MSL */
    const uint8_t both = 3;
    return !connection->summarised && now - connection->about.ended > time_wait_most &&
           (connection->finished >= both || connection->ends_known != both);
}

void connection_summarise(struct connection_table *table, struct connection *connection)
{
    table->summarised++;
    free(connection->now.items);
    free(connection->base.items);
    free(connection->pending);
    *connection = (struct connection){.about = connection->about, .summarised = true};
}

static void seat_all(struct connection_table *table)
{
    memset(table->slots, 0, table->slot_count * sizeof(*table->slots));
    for (size_t i = 0; i < table->count; i++)
        table->slots[slot_of(table->slots, table->slot_count, &table->order[i]->about.ends)] = table->order[i];
}

static bool is_forgettable(const struct connection *connection)
{
    const struct judge_connection *about = &connection->about;
    return connection->summarised && about->verdict == VERDICT_PASS && !about->lax;
}

bool connection_table_forget(struct connection_table *table)
{
    size_t kept = 0;
    if (table->ghosts == NULL)
        table->ghosts = calloc(GHOSTS, sizeof(*table->ghosts));
    if (table->ghosts == NULL)
        return false;
    for (size_t i = 0; i < table->count; i++) {
        struct connection *connection = table->order[i];
        if (!is_forgettable(connection)) {
            table->order[kept++] = connection;
            continue;
        }
        const uint64_t hash = ends_hash(&connection->about.ends);
        table->ghosts[hash % GHOSTS] = (uint32_t)(hash >> 32);
        free(connection);
    }
    if (kept == table->count)
        return true;
    table->forgotten += table->count - kept;
    table->summarised -= table->count - kept;
    table->count = kept;
    seat_all(table);
    return true;
}

bool connection_table_forgot(const struct connection_table *table, const struct judge_ends *ends)
{
    const uint64_t hash = ends_hash(ends);
    return table->ghosts != NULL && table->ghosts[hash % GHOSTS] == (uint32_t)(hash >> 32);
}

bool connection_may_go_on(const struct connection *connection, const struct segment *segment)
{
    return connection->about.verdict != VERDICT_FAIL && (segment->flags & (TCP_SYN | TCP_ACK | TCP_RST)) == TCP_SYN;
}

size_t connection_table_sweep_next(const struct connection_table *table)
{
    size_t live = table->count - table->summarised;
    return live < SWEPT_AT_FIRST / 2 ? SWEPT_AT_FIRST : live * 2;
}

bool connection_long_taken(const struct connection *connection, nanoseconds now)
{
    static const nanoseconds taken_after = 200 * NANOSECONDS_PER_MILLISECOND;
    return connection->pending_count > 0 && now - connection->pending[0].time > taken_after;
}

bool connection_pending_room(struct connection *connection)
{
    if (connection->pending_count < connection->pending_room)
        return true;
    uint8_t room = connection->pending_room == 0 ? 1 : CONNECTION_PENDING;
    struct pending_segment *grown = realloc(connection->pending, room * sizeof(*grown));
    if (grown == NULL)
        return false;
    connection->pending = grown;
    connection->pending_room = room;
    return true;
}

bool hypotheses_keep(struct kept_hypotheses *kept, const struct hypotheses *set)
{
    /* What once was many takes no more room than it needs. */
    if (set->count > kept->room || (set->count == 1 && kept->room > 1)) {
        struct hypothesis *items = realloc(kept->items, set->count * sizeof(*items));
        if (items == NULL)
            return false;
        kept->items = items;
        kept->room = (uint16_t)set->count;
    }
    if (set->count > 0)
        memcpy(kept->items, set->items, set->count * sizeof(*set->items));
    kept->count = (uint16_t)set->count;
    return true;
}

void hypotheses_forget(struct kept_hypotheses *kept)
{
    kept->count = 0;
    if (kept->room <= 1)
        return;
    free(kept->items);
    *kept = (struct kept_hypotheses){.items = NULL};
}

void hypotheses_recall(struct hypotheses *set, const struct kept_hypotheses *kept)
{
    set->count = kept->count;
    set->overflowed = false;
    set->unsaid = false;
    if (kept->count > 0)
        memcpy(set->items, kept->items, kept->count * sizeof(*kept->items));
}

const struct hypothesis *hypotheses_cheapest(const struct hypotheses *set)
{
    const struct hypothesis *cheapest = set->count == 0 ? NULL : &set->items[0];
    for (size_t i = 1; i < set->count; i++)
        cheapest = set->items[i].cost < cheapest->cost ? &set->items[i] : cheapest;
    return cheapest;
}

bool hypotheses_over(const struct hypotheses *set)
{
    for (size_t i = 0; i < set->count; i++)
        if (set->items[i].state != SPEC_CLOSED && set->items[i].state != SPEC_LISTEN)
            return false;
    return true;
}

void connection_table_free(struct connection_table *table)
{
    for (size_t i = 0; i < table->count; i++) {
        free(table->order[i]->now.items);
        free(table->order[i]->base.items);
        free(table->order[i]->pending);
        free(table->order[i]);
    }
    free(table->order);
    free(table->slots);
    free(table->ghosts);
    *table = (struct connection_table){.slots = NULL};
}
