/* SPDX-License-Identifier: MIT */
#include "suite/known_violation.h"

static void print_subject(struct text *text, const struct judge_violation *violation)
{
    static const struct {
        uint16_t bit;
        char letter;
    } letters[] = {{TCP_SYN, 'S'}, {TCP_FIN, 'F'}, {TCP_RST, 'R'}, {TCP_ACK, '.'}};
    text_append_format(text, "%s/%s", violation->state, violation->flags == 0 ? "silence" : "");
    for (size_t i = 0; i < COUNT_OF(letters); i++)
        if ((violation->flags & letters[i].bit) != 0)
            text_append_character(text, letters[i].letter);
}

static bool cites(const struct spec *spec, const struct judge_violation *violation, const char *clause)
{
    for (uint16_t i = 0; i < violation->clause_count; i++)
        if (strcmp(spec->clauses[violation->clauses[i]], clause) == 0)
            return true;
    return false;
}

static bool speaks_of(const struct deviation *deviation, const char *name)
{
    return path_ends_with(name, strlen(name), deviation->script, strlen(deviation->script));
}

const struct deviation *known_violation(const struct deviations *deviations, const struct spec *spec,
                                        const struct judge_violation *violation, const char *script)
{
    char buffer[64];
    struct text subject = text_in(buffer, sizeof(buffer));
    int version = violation->ends.local.family == ADDRESS_IPV4 ? IP_VERSION_IPV4 : IP_VERSION_IPV6;
    print_subject(&subject, violation);
    for (size_t i = 0; deviations != NULL && i < deviations->count; i++) {
        const struct deviation *deviation = &deviations->items[i];
        if ((deviation->versions & (1U << version)) == 0 ||
            (deviation->specification != NULL && !cites(spec, violation, deviation->specification)))
            continue;
        if (speaks_of(deviation, buffer) || (script != NULL && speaks_of(deviation, script)))
            return deviation;
    }
    return NULL;
}
