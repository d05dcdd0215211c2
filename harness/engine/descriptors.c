/* SPDX-License-Identifier: MIT */
#include "engine/descriptors.h"

static struct descriptor *find_script(const struct descriptors *descriptors, int64_t script)
{
    for (size_t i = 0; i < descriptors->count; i++)
        if (descriptors->items[i].script == script)
            return &descriptors->items[i];
    return NULL;
}

static struct descriptor *find_live(const struct descriptors *descriptors, int64_t live)
{
    for (size_t i = 0; i < descriptors->count; i++)
        if (descriptors->items[i].open && descriptors->items[i].live == live)
            return &descriptors->items[i];
    return NULL;
}

bool descriptors_note(struct descriptors *descriptors, struct arena *arena, int64_t script, int64_t live)
{
    struct descriptor *item = find_script(descriptors, script);
    if (item == NULL) {
        void *items = descriptors->items;
        if (!arena_array_room(arena, &items, sizeof(*descriptors->items), descriptors->count, &descriptors->capacity))
            return false;
        descriptors->items = items;
        item = &descriptors->items[descriptors->count++];
    }
    *item = (struct descriptor){.script = script, .live = live, .used = ++descriptors->uses, .open = true};
    return true;
}

bool descriptors_live(const struct descriptors *descriptors, int64_t script, int64_t *live)
{
    const struct descriptor *item = find_script(descriptors, script);
    if (item != NULL)
        *live = item->live;
    return item != NULL;
}

bool descriptors_script(const struct descriptors *descriptors, int64_t live, int64_t *script)
{
    const struct descriptor *item = find_live(descriptors, live);
    if (item != NULL)
        *script = item->script;
    return item != NULL;
}

int64_t descriptors_free(const struct descriptors *descriptors)
{
    int64_t number = 3;
    for (const struct descriptor *item = find_script(descriptors, number); item != NULL && item->open;
         item = find_script(descriptors, number))
        number++;
    return number;
}

void descriptors_use(struct descriptors *descriptors, int64_t live)
{
    struct descriptor *item = find_live(descriptors, live);
    if (item != NULL)
        item->used = ++descriptors->uses;
}

void descriptors_close(struct descriptors *descriptors, int64_t live)
{
    struct descriptor *item = find_live(descriptors, live);
    if (item != NULL)
        item->open = false;
}

const struct descriptor *descriptors_used_before(const struct descriptors *descriptors, uint64_t used)
{
    const struct descriptor *last = NULL;
    for (size_t i = 0; i < descriptors->count; i++) {
        const struct descriptor *item = &descriptors->items[i];
        if (item->open && item->used < used && (last == NULL || item->used > last->used))
            last = item;
    }
    return last;
}
