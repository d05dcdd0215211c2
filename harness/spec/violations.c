/* SPDX-License-Identifier: MIT */
#include "spec/violations.h"

#include <stdlib.h>

bool violations_add(struct violations *violations, const struct judge_violation *what,
                    const struct explanation *explanation)
{
    if (violations->count == violations->room) {
        size_t room = violations->room == 0 ? 16 : violations->room * 2;
        struct judge_violation *grown = realloc(violations->items, room * sizeof(*grown));
        if (grown == NULL)
            return false;
        violations->items = grown;
        violations->room = room;
    }
    struct judge_violation *made = &violations->items[violations->count];
    *made = *what;
    made->level = explanation->level;
    made->clauses = explanation->clauses;
    made->clause_count = explanation->clause_count;
    made->rule = explanation->rule;
    made->state = explanation->state;
    made->of_time = explanation->of_time;
    made->text = strdup(explanation->text);
    violations->count++;
    return made->text != NULL;
}

void violations_clear(struct violations *violations)
{
    for (size_t i = 0; i < violations->count; i++)
        free(violations->items[i].text);
    violations->count = 0;
}

void violations_free(struct violations *violations)
{
    violations_clear(violations);
    free(violations->items);
}
