/* SPDX-License-Identifier: MIT */
/* Sets of TCP options: as text, and held against what came. */
#include "packet/put_packet.h"
#include "packet/tcp_option_table.h"

/* The option without its value, of which there may be a beginning. */
static char *put_option_name(char *at, const struct tcp_option *option)
{
    const char *name = tcp_option_name(option->kind);
    if (option->kind == TCP_OPTION_EXPERIMENT_2 && option->body.length > 0)
        return PUT(at, "FOEXP");
    if (name == NULL || option->kind == TCP_OPTION_ACCECN_1)
        return put_unsigned(PUT(at, "kind "), option->kind);
    return put_string(at, name, strlen(name));
}

static char *put_listed_option(char *at, const struct printing *printing, const struct tcp_option *option,
                               bool any_value)
{
    if (any_value)
        return PUT(put_option_name(at, option), " ...");
    return put_slotted_option(at, printing, option);
}

char *put_option_set(char *at, const struct printing *printing)
{
    const struct pattern_option_set *set = &printing->option_set;
    struct bytes rest = printing->packet->tcp.options;
    struct tcp_option option;
    if (!printing->any_options && set->optional == 0 && set->any_value == 0)
        at = PUT(at, "any order: ");
    for (size_t index = 0; tcp_option_next(&rest, &option); index++) {
        if (index > 0)
            at = put_character(at, ',');
        at = put_listed_option(at, printing, &option, (set->any_value >> index & 1) != 0);
        if ((set->optional >> index & 1) != 0)
            at = put_character(at, '?');
    }
    if (printing->any_options)
        at = printing->packet->tcp.options.length > 0 ? PUT(at, ",...") : PUT(at, "...");
    return at;
}

static void tell_option(struct text *why, const char *before, const struct tcp_option *option, bool any_value)
{
    char buffer[PUT_OPTION_MOST + PUT_MARK_MOST + PUT_SLACK];
    if (why == NULL)
        return;
    text_append_string(why, why->length == 0 ? "" : ", ");
    text_append_string(why, before);
    const char *end = any_value ? put_option_name(buffer, option) : put_tcp_option(buffer, option);
    text_append_bytes(why, buffer, (size_t)(end - buffer));
}

static bool option_fits(const struct tcp_option *listed, const struct tcp_option *came, bool any_value)
{
    if (listed->kind != came->kind)
        return false;
    if (!any_value)
        return bytes_equal(listed->whole, came->whole);
    return bytes_equal(listed->body, bytes_slice(came->body, 0, listed->body.length));
}

/* Takes the first option of CAME that fits LISTED and that none before took (TAKEN); false if there is none. */
static bool take_fitting(struct bytes came, uint64_t *taken, const struct tcp_option *listed, bool any_value)
{
    struct tcp_option option;
    for (size_t index = 0; tcp_option_next(&came, &option); index++) {
        uint64_t bit = UINT64_C(1) << index;
        if ((*taken & bit) == 0 && option_fits(listed, &option, any_value)) {
            *taken |= bit;
            return true;
        }
    }
    return false;
}

/* Takes what fits those listed whose value is open, if ANY_VALUE, or given, if not. */
static bool take_listed(const struct pattern *pattern, struct bytes came, bool any_value, uint64_t *taken,
                        struct text *why)
{
    const struct pattern_option_set *set = &pattern->option_set;
    struct bytes rest = pattern->packet.tcp.options;
    struct tcp_option option;
    bool agree = true;
    for (size_t index = 0; tcp_option_next(&rest, &option); index++) {
        bool optional = (set->optional >> index & 1) != 0;
        if (((set->any_value >> index & 1) != 0) != any_value || take_fitting(came, taken, &option, any_value) ||
            optional)
            continue;
        tell_option(why, "no ", &option, any_value);
        agree = false;
    }
    return agree;
}

static bool kind_is_listed(const struct pattern *pattern, uint8_t kind)
{
    struct bytes rest = pattern->packet.tcp.options;
    struct tcp_option option;
    while (tcp_option_next(&rest, &option))
        if (option.kind == kind)
            return true;
    return false;
}

bool pattern_options_agree(const struct pattern *pattern, struct bytes came, struct text *why)
{
    uint64_t taken = 0;
    struct bytes rest = came;
    struct tcp_option option;
    /* Those with a value first: no open one is to take what only they fit. */
    bool agree = take_listed(pattern, came, false, &taken, why);
    agree = take_listed(pattern, came, true, &taken, why) && agree;
    for (size_t index = 0; tcp_option_next(&rest, &option); index++) {
        bool padding = option.kind <= TCP_OPTION_NOP;
        bool open = pattern->any_options && !kind_is_listed(pattern, option.kind);
        if (padding || open || (taken >> index & 1) != 0)
            continue;
        tell_option(why, "", &option, false);
        if (why != NULL)
            text_append_string(why, " besides");
        agree = false;
    }
    return agree;
}
