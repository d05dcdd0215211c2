/* SPDX-License-Identifier: MIT */
#include "packet/slot.h"

#include <string.h>

const char *name_kind_text(enum name_kind kind)
{
    static const char *const texts[NAME_KIND_COUNT] = {
#define X(name, text) [NAME_##name] = (text),
        NAME_KINDS(X)
#undef X
    };
    return texts[kind];
}

bool slots_equal(const struct pattern_slot *left, const struct pattern_slot *right)
{
    if (left->rule != right->rule || left->kind != right->kind || left->field != right->field ||
        left->option != right->option || left->offset != right->offset || left->size != right->size ||
        left->addend != right->addend || left->has_value != right->has_value || left->value_size != right->value_size ||
        memcmp(left->value, right->value, left->value_size) != 0 || (left->name == NULL) != (right->name == NULL))
        return false;
    return left->name == NULL || strcmp(left->name, right->name) == 0;
}
