/* SPDX-License-Identifier: MIT */
/*
 * Few scripts that reach all goals: that which reaches most of what is left is taken first; then those are left out
 * again whose goals others reach that were taken later.
 */
#include "generate/candidate.h"

#include <stdlib.h>

static size_t new_goals(const struct candidate *candidate, const uint16_t *times)
{
    size_t count = 0;
    for (size_t i = 0; i < candidate->goal_count; i++)
        count += times[candidate->goals[i]] == 0;
    return count;
}

static void count_goals(const struct candidate *candidate, uint16_t *times, int by)
{
    for (size_t i = 0; i < candidate->goal_count; i++)
        times[candidate->goals[i]] = (uint16_t)(times[candidate->goals[i]] + by);
}

/* The first of those that reach most of what is not reached yet; NULL if all is. */
static struct candidate *find_best(struct candidates *candidates, const uint16_t *times)
{
    struct candidate *best = NULL;
    size_t most = 0;
    for (size_t i = 0; i < candidates->count; i++) {
        struct candidate *candidate = &candidates->items[i];
        size_t count = candidate->chosen ? 0 : new_goals(candidate, times);
        if (count > most) {
            best = candidate;
            most = count;
        }
    }
    return best;
}

/* True if each of its goals is reached by another as well. */
static bool is_needless(const struct candidate *candidate, const uint16_t *times)
{
    for (size_t i = 0; i < candidate->goal_count; i++)
        if (times[candidate->goals[i]] == 1)
            return false;
    return true;
}

bool candidates_reduce(struct candidates *candidates)
{
    uint16_t *times = calloc(candidates->goal_count + 1, sizeof(*times));
    if (times == NULL)
        return false;
    candidates->chosen = 0;
    for (struct candidate *best; (best = find_best(candidates, times)) != NULL; candidates->chosen++) {
        best->chosen = true;
        count_goals(best, times, 1);
    }
    for (size_t i = candidates->count; i > 0; i--) {
        struct candidate *candidate = &candidates->items[i - 1];
        if (!candidate->chosen || !is_needless(candidate, times))
            continue;
        candidate->chosen = false;
        candidates->chosen--;
        count_goals(candidate, times, -1);
    }
    free(times);
    return true;
}
