/* SPDX-License-Identifier: MIT */
/* All that a specification gives rise to: the places, what can be done in them, and the few of it that do. */
#ifndef GENERATE_COLLECTION_H
#define GENERATE_COLLECTION_H

#include "generate/candidate.h"

/* Large: it belongs on the heap. */
struct collection {
    struct row_index index;
    struct place places[PLACES_MOST];
    size_t place_count;
    struct candidates candidates;
};

/* Makes the collection of SPEC, which has to outlive it; false if memory ran out. In either case collection_free() ends
 * it. COLLECTION is zeros at first. */
MUST_USE bool collection_make(struct collection *collection, const struct spec *spec);
void collection_free(struct collection *collection);

#endif
