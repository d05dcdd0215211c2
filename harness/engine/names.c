/* SPDX-License-Identifier: MIT */
#include "engine/names.h"

const struct named_value *names_find(const struct names *names, const char *name)
{
    for (size_t i = 0; i < names->count; i++)
        if (strcmp(names->items[i].name, name) == 0)
            return &names->items[i];
    return NULL;
}

bool names_add(struct names *names, struct arena *arena, const struct named_value *value)
{
    void *items = names->items;
    /* The text that the name stands in may go before its value does. */
    const char *kept = arena_copy(arena, value->name, strlen(value->name));
    if (kept == NULL || !arena_array_room(arena, &items, sizeof(*names->items), names->count, &names->capacity))
        return false;
    names->items = items;
    names->items[names->count] = *value;
    names->items[names->count++].name = kept;
    return true;
}

void names_forget(struct names *names, size_t count)
{
    INVARIANT(count <= names->count);
    names->count = count;
}

void names_print(struct text *text, const struct names *names)
{
    for (size_t i = 0; i < names->count; i++) {
        const struct named_value *value = &names->items[i];
        if (value->kind == NAME_KEY) {
            text_append_format(text, "globals()['%s'] = %llu\n", value->name,
                               (unsigned long long)load_be64(value->bytes));
            continue;
        }
        if (value->kind != NAME_BYTES && value->kind != NAME_ADDRESS) {
            text_append_format(text, "globals()['%s'] = %u\n", value->name, value->number);
            continue;
        }
        text_append_format(text, "globals()['%s'] = bytes.fromhex('", value->name);
        text_append_hex(text, value->bytes, value->length);
        text_append_string(text, "')\n");
    }
}
