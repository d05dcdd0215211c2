/* SPDX-License-Identifier: MIT */
/* The states that two peers and the channel between them can be in, as a search finds them. Private to this room. */
#ifndef SPEC_MODEL_SEARCH_H
#define SPEC_MODEL_SEARCH_H

#include "spec/model_world.h"

enum { SENT_WORDS = MODEL_SEGMENTS_MOST / 64 };

/* The channel gives each segment that was ever sent as often and as late as it likes, or never: what it is in is the
 * set of them. */
struct sent {
    uint64_t words[SENT_WORDS];
};

enum { SEARCH_NO_STATE = UINT32_MAX };

struct search_state {
    uint32_t peers[MODEL_SIDES];
    struct sent sent;
    uint32_t parent;  /* SEARCH_NO_STATE: the first */
    uint32_t next;    /* with the same peers */
    struct move move; /* that led here */
    uint8_t side;     /* of the move */
};

struct search {
    struct world *world;
    size_t states_most;
    struct search_state *states; /* in the order found: the shortest ways first */
    size_t count;
    size_t room;
    uint32_t *heads; /* the newest state of each pair of peers, by hash */
    size_t transitions;
    bool full; /* more than can be kept */
};

MUST_USE bool search_begin(struct search *search, struct world *world, size_t states_most);
void search_free(struct search *search);

/* Adds STATE, unless a state with the same peers, to which at least the same segments can come, was found before: what
 * STATE leads to that one leads to as well, and by no longer a way. True if it is new. */
bool search_add(struct search *search, const struct search_state *state);

/* True if a state with these peers was found. */
bool search_has_pair(const struct search *search, const uint32_t peers[MODEL_SIDES]);

/* Adds to STATE all segments that its peers can send as they are: to have more of them under way takes nothing away. */
void search_close(const struct search *search, struct search_state *state);

/* What VISIT is called with for each step that STATE allows: INTO, not added yet. False ends the expanding. */
typedef bool search_visit(void *context, const struct search_state *from, const struct search_state *into);
bool search_expand(struct search *search, uint32_t state, search_visit *visit, void *context);

/* Both have been ESTABLISHED, in one connection: each has the other's number. */
bool search_agrees(const struct world *world, const uint32_t peers[MODEL_SIDES]);

struct recovery_result {
    size_t pairs;
    size_t need_patience; /* of them: those that only R2 leads out of */
    uint32_t stuck;       /* the first state from which nothing leads out; SEARCH_NO_STATE */
    bool cut;             /* not all was searched */
};

/* From each pair of peers that FROM has found: do segments and retransmissions alone, of which all that were under way
 * before are lost, bring both to ESTABLISHED together, or to closed? False if memory ran out. */
MUST_USE bool recovery_check(const struct search *from, struct recovery_result *result);

/* The steps from the first state of SEARCH to STATE, as a sequence diagram with the contract at its end. */
void story_print(struct text *text, const struct search *search, uint32_t state);

#endif
