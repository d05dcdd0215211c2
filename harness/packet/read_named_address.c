/* SPDX-License-Identifier: MIT */
#include "packet/read_named_address.h"

struct span reader_span(const struct reader *reader, const char *start, const char *behind)
{
    return (struct span){(size_t)(start - reader->text), (size_t)(behind - start)};
}

const char *read_bare_name(struct reader *reader, const char *at, struct pattern_slot *slot)
{
    const char *behind = reader_word_end(reader, at);
    size_t length = (size_t)(behind - at);
    if (length == 0 || character_is_digit(*at))
        return reader_expected(reader, at, "a name");
    if (length > SLOT_NAME_MOST)
        return reader_fail(reader, at, behind, "this name is too long: at most %d characters", SLOT_NAME_MOST);
    slot->at = reader_span(reader, at, behind);
    slot->name = arena_copy(reader->arena, at, length);
    if (slot->name == NULL)
        return reader_fail(reader, at, behind, "memory ran out");
    return reader_skip(reader, behind);
}

/* `inet_addr("192.0.2.1")` or `inet6_addr("2001:db8::1")` */
static const char *read_address_value(struct reader *reader, const char *at, struct pattern_slot *slot)
{
    const char *start = at;
    struct address address;
    struct bytes text;
    at = reader_expect(reader, reader_skip(reader, reader_word_end(reader, at)), '(', "`inet_addr(` or `inet6_addr(`");
    at = at == NULL ? NULL : reader_bytes(reader, at, &text, "an address in quotes");
    at = at == NULL ? NULL : reader_expect(reader, at, ')', "`)`");
    if (at == NULL)
        return NULL;
    if (!address_parse((const char *)text.data, text.length, &address))
        return reader_fail(reader, start, at, "this is no address");
    slot->has_value = true;
    slot->value_size = (uint8_t)address_size(address.family);
    memcpy(slot->value, address.bytes, slot->value_size);
    return at;
}

const char *read_named_address(struct reader *reader, const char *start, struct pattern_slot *slot)
{
    slot->rule = SLOT_ADDRESS;
    slot->kind = NAME_ADDRESS;
    const char *at = READER_TAKE_WORD(reader, start, "addr");
    if (at == start)
        return reader_expected(reader, at, "`addr[`");
    at = reader_expect(reader, at, '[', "`[` and a name");
    at = at == NULL ? NULL : read_bare_name(reader, at, slot);
    if (at == NULL)
        return NULL;
    const char *behind = reader_take(reader, at, '=');
    if (behind != at)
        at = read_address_value(reader, behind, slot);
    if (at == NULL || !reader_add_slot(reader, slot))
        return NULL;
    return reader_expect(reader, at, ']', "`=` or `]`");
}

bool named_addresses_begin(struct reader *reader, const char *at)
{
    if (reader_peek(reader, at) == '>')
        return true;
    const char *behind = READER_TAKE_WORD(reader, at, "addr");
    return behind != at && reader_peek(reader, behind) == '[';
}

const char *read_named_addresses(struct reader *reader, const char *at)
{
    struct pattern_slot source = {.field = FIELD_SOURCE}, destination = {.field = FIELD_DESTINATION};
    if (reader_peek(reader, at) != '>')
        at = read_named_address(reader, at, &source);
    at = at == NULL ? NULL : reader_expect(reader, at, '>', "`>` and the destination, `addr[NAME]`");
    return at == NULL ? NULL : read_named_address(reader, at, &destination);
}
