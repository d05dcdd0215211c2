/* SPDX-License-Identifier: MIT */
/* Names of values in a segment's text, and what else stands for bytes that only the run knows. */
#include "packet/hexadecimal.h"
#include "packet/read_segment.h"

bool reader_add_slot(struct reader *reader, const struct pattern_slot *slot)
{
    void *slots = reader->slots;
    if (!arena_array_room(reader->arena, &slots, sizeof(*slot), reader->pattern.slot_count, &reader->slot_capacity))
        return reader_fail(reader, reader->text + slot->at.offset, reader->text + slot->at.offset + 1,
                           "memory ran out") != NULL;
    reader->slots = slots;
    reader->pattern.slots = slots;
    reader->slots[reader->pattern.slot_count++] = *slot;
    return true;
}

/* Where the name behind the `$` at START ends; NULL after a diagnostic. */
static const char *name_end(struct reader *reader, const char *start)
{
    const char *behind = reader_word_end(reader, start + 1);
    size_t length = (size_t)(behind - start) - 1;
    if (length == 0 || character_is_digit(start[1]))
        return reader_fail(reader, start, behind > start + 1 ? behind : start + 1,
                           "expected a name behind `$`: a letter or `_`, then letters, digits and `_`");
    if (length > SLOT_NAME_MOST)
        return reader_fail(reader, start, behind, "this name is too long: at most %d characters", SLOT_NAME_MOST);
    return behind;
}

/* `+N` or `-N`, or nothing. */
static const char *read_addend(struct reader *reader, const char *at, uint32_t *addend)
{
    char sign = reader_peek(reader, at);
    *addend = 0;
    if (sign != '+' && sign != '-')
        return reader_skip(reader, at);
    struct reader_number number = reader_number(reader, at + 1, UINT32_MAX, "a number to add to the name's value");
    *addend = sign == '-' ? 0 - number.value : number.value;
    return number.at;
}

/* Reads `$name`, and what is added to it if ADDS; the rest of SLOT is the caller's. */
static const char *read_name(struct reader *reader, const char *start, bool adds, struct pattern_slot *slot)
{
    const char *behind = name_end(reader, start);
    if (behind == NULL)
        return NULL;
    slot->rule = SLOT_NAME;
    slot->at = (struct span){(size_t)(start - reader->text), (size_t)(behind - start)};
    slot->name = arena_copy(reader->arena, start + 1, (size_t)(behind - start) - 1);
    if (slot->name == NULL)
        return reader_fail(reader, start, behind, "memory ran out");
    return adds ? read_addend(reader, behind, &slot->addend) : reader_skip(reader, behind);
}

/* What a number of the header is; those of a segment with SYN are absolute. */
static enum name_kind kind_of_field(const struct reader *reader, enum pattern_field field)
{
    bool opening = (reader->pattern.packet.tcp.flags & TCP_SYN) != 0;
    switch (field) {
    case FIELD_WINDOW:
        return NAME_WINDOW;
    case FIELD_URGENT_POINTER:
        return NAME_URGENT_POINTER;
    case FIELD_SOURCE_PORT:
    case FIELD_DESTINATION_PORT:
        return NAME_PORT;
    default:
        return opening ? NAME_INITIAL_SEQUENCE : NAME_SEQUENCE;
    }
}

struct reader_number reader_slot_field(struct reader *reader, const char *at, enum pattern_field field)
{
    struct pattern_slot slot = {.kind = kind_of_field(reader, field), .field = (uint8_t)field};
    const char *behind = read_name(reader, at, true, &slot);
    if (behind == NULL || !reader_add_slot(reader, &slot))
        return (struct reader_number){NULL, 0};
    return (struct reader_number){behind, 0};
}

struct pattern_slot reader_option_slot(const struct reader *reader, enum slot_rule rule, const uint8_t *body,
                                       uint8_t size)
{
    return (struct pattern_slot){
        .rule = rule,
        .field = FIELD_OPTIONS,
        .option = reader->option,
        .offset = (uint8_t)(body - reader->options),
        .size = size,
    };
}

struct reader_number reader_slot_number(struct reader *reader, const char *at, const struct number_form *form,
                                        const uint8_t *body)
{
    struct pattern_slot slot = reader_option_slot(reader, SLOT_NAME, body, form->size);
    slot.kind = form->kind;
    const char *behind = read_name(reader, at, true, &slot);
    if (behind == NULL || !reader_add_slot(reader, &slot))
        return (struct reader_number){NULL, 0};
    return (struct reader_number){behind, 0};
}

struct reader_number reader_slot_any(struct reader *reader, const char *at, uint8_t size, const uint8_t *body)
{
    struct pattern_slot slot = reader_option_slot(reader, SLOT_ANY, body, size);
    const char *behind = reader_take_ellipsis(reader, at);
    if (behind == at)
        return (struct reader_number){reader_expected(reader, at, "a number or `...`"), 0};
    slot.at = (struct span){(size_t)(at - reader->text), sizeof("...") - 1};
    return (struct reader_number){reader_add_slot(reader, &slot) ? behind : NULL, 0};
}

const char *reader_slot_bytes(struct reader *reader, const char *at, const uint8_t *body)
{
    struct pattern_slot slot = reader_option_slot(reader, SLOT_NAME, body, 0);
    slot.kind = NAME_BYTES;
    const char *behind = read_name(reader, at, false, &slot);
    return behind != NULL && reader_add_slot(reader, &slot) ? behind : NULL;
}

const char *reader_take_valid(struct reader *reader, const char *at, struct pattern_slot slot)
{
    const char *behind = READER_TAKE_WORD(reader, at, "valid");
    if (behind == at)
        return at;
    slot.at = (struct span){(size_t)(at - reader->text), sizeof("valid") - 1};
    return reader_add_slot(reader, &slot) ? behind : NULL;
}

bool reader_names_bytes(const struct reader *reader, const char *at)
{
    char first = reader_peek(reader, at);
    if (!character_is_word(first) || character_is_digit(first))
        return false;
    return character_is_word(reader_peek(reader, at + hexadecimal_run(at, reader->end)));
}

const char *reader_defined_bytes(struct reader *reader, const char *at, uint8_t *bytes, size_t *count, size_t most)
{
    const struct pattern_names *names = reader->names;
    const char *behind = reader_word_end(reader, at);
    const char *digits = NULL;
    size_t errors = reader->scanner->diagnostics->count;
    if (names == NULL || names->find_text == NULL ||
        !names->find_text(names->context, at, (size_t)(behind - at), &digits)) {
        if (errors == reader->scanner->diagnostics->count)
            (void)reader_expected(reader, at, "bytes in hexadecimal");
        return NULL;
    }
    digits += digits[0] == '0' && (digits[1] == 'x' || digits[1] == 'X') ? 2 : 0;
    size_t length = strlen(digits);
    if (length % 2 != 0 || length / 2 > most || hexadecimal_run(digits, digits + length) != length)
        return reader_fail(reader, at, behind, "the definition %.*s=%s is no bytes in hexadecimal, or too many of them",
                           (int)(behind - at), at, digits);
    *count = length / 2;
    hexadecimal_read(digits, *count, bytes);
    return reader_skip(reader, behind);
}

/* The number behind the payload: the same name as in SLOT, and as much more as the payload is long. */
static const char *read_named_end(struct reader *reader, const char *at, const struct pattern_slot *slot)
{
    struct pattern_slot end = *slot;
    if (reader_peek(reader, at) != '$')
        return reader_expected(reader, at, "the same name, and the payload's length added to it");
    const char *start = at;
    at = read_name(reader, at, true, &end);
    const char *behind = at;
    at = at == NULL ? NULL : read_length(reader, at);
    if (at == NULL)
        return NULL;
    uint32_t length = (uint32_t)reader->pattern.packet.payload.length;
    if (strcmp(end.name, slot->name) != 0 || end.addend != slot->addend + length)
        return reader_fail(reader, start, behind,
                           "these numbers don't agree: expected `$%s` with %u more than in front", slot->name, length);
    return at;
}

const char *read_named_sequence(struct reader *reader, const char *at)
{
    struct pattern_slot slot = {.kind = kind_of_field(reader, FIELD_SEQUENCE), .field = FIELD_SEQUENCE};
    at = read_name(reader, at, true, &slot);
    if (at == NULL)
        return NULL;
    at = reader_expect(reader, at, ':', "`:` and the sequence number behind the payload");
    if (at != NULL)
        at = read_named_end(reader, at, &slot);
    if (at == NULL || !reader_add_slot(reader, &slot))
        return NULL;
    reader->pattern.given |= FIELD_BIT(FIELD_SEQUENCE);
    return at;
}

void reader_move_slots(struct reader *reader, size_t from, size_t to)
{
    for (size_t i = 0; i < reader->pattern.slot_count; i++) {
        struct pattern_slot *slot = &reader->slots[i];
        if (slot->field != FIELD_OPTIONS || slot->option != from)
            continue;
        slot->offset = (uint8_t)(slot->offset - from + to);
        slot->option = (uint8_t)to;
    }
}

bool reader_has_open_length(const struct reader *reader)
{
    for (size_t i = 0; i < reader->pattern.slot_count; i++)
        if (reader->slots[i].field == FIELD_OPTIONS && reader->slots[i].size == 0)
            return true;
    return false;
}
