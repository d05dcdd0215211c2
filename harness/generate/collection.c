/* SPDX-License-Identifier: MIT */
#include "generate/collection.h"

bool collection_make(struct collection *collection, const struct spec *spec)
{
    if (!row_index_make(&collection->index, spec))
        return false;
    collection->place_count = places_find(spec, &collection->index, collection->places);
    for (size_t i = 0; i < collection->place_count; i++)
        if (!candidates_add(&collection->candidates, &collection->places[i]))
            return false;
    return candidates_reduce(&collection->candidates);
}

void collection_free(struct collection *collection)
{
    candidates_free(&collection->candidates);
    row_index_free(&collection->index);
}
