/* SPDX-License-Identifier: MIT */
#include "base/nearest_name.h"

#include "base/character.h"

#include <string.h>

enum {
    NAME_LONGEST = 63, /* longer ones are never near */
    CHANGE_COST = 2,   /* so that a change of case can cost half */
};

static unsigned smaller(unsigned left, unsigned right)
{
    return left < right ? left : right;
}

static unsigned change_cost(char from, char to)
{
    if (from == to)
        return 0;
    return character_is_letter(from) && (from ^ to) == 0x20 ? CHANGE_COST / 2 : CHANGE_COST;
}

/* Damerau-Levenshtein distance (adjacent swaps), in units of half a change. */
static unsigned name_distance(const char *left, size_t left_length, const char *right, size_t right_length)
{
    unsigned rows[3][NAME_LONGEST + 1];
    unsigned *above_last = rows[0], *last = rows[1], *row = rows[2];
    for (size_t j = 0; j <= right_length; j++)
        last[j] = (unsigned)j * CHANGE_COST;
    memcpy(above_last, last, sizeof(rows[0]));
    for (size_t i = 1; i <= left_length; i++) {
        row[0] = (unsigned)i * CHANGE_COST;
        for (size_t j = 1; j <= right_length; j++) {
            unsigned best = last[j - 1] + change_cost(left[i - 1], right[j - 1]);
            best = smaller(best, smaller(last[j], row[j - 1]) + CHANGE_COST);
            if (i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1])
                best = smaller(best, above_last[j - 2] + CHANGE_COST);
            row[j] = best;
        }
        unsigned *recycled = above_last;
        above_last = last;
        last = row;
        row = recycled;
    }
    return last[right_length];
}

const char *nearest_name(const char *name, size_t length, nearest_name_list *list, const void *context)
{
    if (length == 0 || length > NAME_LONGEST)
        return NULL;
    const char *best = NULL;
    unsigned best_distance = 0;
    const char *candidate;
    for (size_t i = 0; (candidate = list(context, i)) != NULL; i++) {
        size_t candidate_length = strlen(candidate);
        if (candidate_length > NAME_LONGEST)
            continue;
        unsigned distance = name_distance(name, length, candidate, candidate_length);
        unsigned allowed = (unsigned)(candidate_length < 3 ? 1 : candidate_length / 3) * CHANGE_COST;
        if (distance <= allowed && (best == NULL || distance < best_distance)) {
            best = candidate;
            best_distance = distance;
        }
    }
    return best;
}

struct name_array {
    const char *const *names;
    size_t count;
};

static const char *name_array_at(const void *context, size_t index)
{
    const struct name_array *array = context;
    return index < array->count ? array->names[index] : NULL;
}

const char *nearest_name_of(const char *name, size_t length, const char *const *names, size_t count)
{
    struct name_array array = {names, count};
    return nearest_name(name, length, name_array_at, &array);
}
