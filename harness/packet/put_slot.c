/* SPDX-License-Identifier: MIT */
/* The text of what has names or rules in place of values. */
#include "packet/put_packet.h"
#include "packet/tcp_option_table.h"

/* `$name`, and what is added to it. */
static char *put_name(char *at, const struct pattern_slot *slot, uint32_t more)
{
    uint32_t addend = slot->addend + more;
    if (slot->rule == SLOT_ANY)
        return PUT(at, "...");
    at = put_string(put_character(at, '$'), slot->name, strlen(slot->name));
    if (addend == 0)
        return at;
    bool negative = addend > INT32_MAX;
    return put_unsigned(put_character(at, negative ? '-' : '+'), negative ? 0 - addend : addend);
}

char *put_field_slot(char *at, const struct printing *printing, struct put_field field)
{
    for (size_t i = 0; i < printing->slot_count; i++)
        if (printing->slots[i].field == field.field)
            return put_name(at, &printing->slots[i], field.more);
    return put_unsigned(at, field.value + field.more);
}

static const struct pattern_slot *find_address_slot(const struct printing *printing, enum pattern_field field)
{
    for (size_t i = 0; i < printing->slot_count; i++)
        if (printing->slots[i].field == field && printing->slots[i].rule == SLOT_ADDRESS)
            return &printing->slots[i];
    return NULL;
}

char *put_named_addresses(char *at, const struct printing *printing)
{
    const struct pattern_slot *source = find_address_slot(printing, FIELD_SOURCE);
    const struct pattern_slot *destination = find_address_slot(printing, FIELD_DESTINATION);
    if (source != NULL)
        at = put_character(put_named_address(at, source), ' ');
    return destination == NULL ? at : put_character(put_named_address(PUT(at, "> "), destination), ' ');
}

/* Numbers of options that a name can stand for: the word before each, and its place in the option. */
struct number_place {
    char word[8];
    uint8_t offset;
    uint8_t size;
};

static const struct number_place mss_places[] = {{" ", 2, 2}};
static const struct number_place window_scale_places[] = {{" ", 2, 1}};
static const struct number_place timestamps_places[] = {{" val ", 2, 4}, {" ecr ", 6, 4}};

static uint32_t load_number(const uint8_t *at, unsigned size)
{
    return size == 1 ? *at : size == 2 ? load_be16(at) : load_be32(at);
}

const struct pattern_slot *find_option_slot(const struct printing *printing, size_t start, size_t offset)
{
    for (size_t i = 0; i < printing->slot_count; i++) {
        const struct pattern_slot *slot = &printing->slots[i];
        if (slot->field == FIELD_OPTIONS && slot->option == start && slot->offset == start + offset)
            return slot;
    }
    return NULL;
}

static char *put_numbers(char *at, const struct printing *printing, size_t start, const struct tcp_option *option)
{
    const struct tcp_option_row *row = &tcp_option_rows[option->kind];
    const struct number_place *places = row->form == FORM_MSS            ? mss_places
                                        : row->form == FORM_WINDOW_SCALE ? window_scale_places
                                                                         : timestamps_places;
    size_t count = row->form == FORM_TIMESTAMPS ? COUNT_OF(timestamps_places) : 1;
    at = put_string(at, row->name, row->name_length);
    for (size_t i = 0; i < count; i++) {
        const struct pattern_slot *slot = find_option_slot(printing, start, places[i].offset);
        at = put_string(at, places[i].word, strlen(places[i].word));
        at = slot != NULL ? put_name(at, slot, 0)
                          : put_unsigned(at, load_number(option->whole.data + places[i].offset, places[i].size));
    }
    return at;
}

/* What stands before a name for all of an option's bytes. */
static char *put_head(char *at, const struct tcp_option *option)
{
    const struct tcp_option_row *row = &tcp_option_rows[option->kind];
    if (option->body.length > 0)
        return put_tcp_option(at, option);
    if (row->name == NULL || (row->form != FORM_BYTES && row->form != FORM_SIGNATURE))
        return put_unsigned(PUT(at, "kind "), option->kind);
    return put_string(at, row->name, row->name_length);
}

/* The option up to the slot, which is its last. */
static char *put_with_end(char *at, const struct tcp_option *option, const struct pattern_slot *slot)
{
    if (slot->rule == SLOT_MD5)
        return PUT(at, "md5 valid");
    at = put_head(at, option);
    return slot->rule == SLOT_MAC ? PUT(at, " valid") : put_name(put_character(at, ' '), slot, 0);
}

char *put_slotted_option(char *at, const struct printing *printing, const struct tcp_option *option)
{
    size_t start = (size_t)(option->whole.data - printing->packet->tcp.options.data);
    const struct pattern_slot *first = NULL;
    for (size_t i = 0; i < printing->slot_count && first == NULL; i++)
        if (printing->slots[i].field == FIELD_OPTIONS && printing->slots[i].option == start)
            first = &printing->slots[i];
    if (first == NULL)
        return put_tcp_option(at, option);
    if (first->rule > SLOT_ANY)
        return put_slotted_multipath(at, printing, option);
    if (first->size == 0 || first->rule == SLOT_MD5)
        return put_with_end(at, option, first);
    return put_numbers(at, printing, start, option);
}

char *put_slotted_options(char *at, const struct printing *printing)
{
    struct bytes options = printing->packet->tcp.options;
    struct tcp_option option;
    const char *first = at;
    while (tcp_option_next(&options, &option)) {
        if (at != first)
            at = put_character(at, ',');
        at = put_slotted_option(at, printing, &option);
        if (option.kind == TCP_OPTION_END)
            return put_padding(at, options);
    }
    return at;
}
