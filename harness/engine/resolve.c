/* SPDX-License-Identifier: MIT */
#include "engine/resolve.h"

const struct pattern_slot *resolve_slot(const struct pattern *pattern, enum pattern_field field, size_t offset)
{
    for (size_t i = 0; i < pattern->slot_count; i++) {
        const struct pattern_slot *slot = &pattern->slots[i];
        if (slot->field == field && (field != FIELD_OPTIONS || slot->offset == offset))
            return slot;
    }
    return NULL;
}

static bool slot_is_opening(const struct pattern_slot *slot)
{
    return slot->rule == SLOT_NAME && slot->kind == NAME_INITIAL_SEQUENCE;
}

static uint32_t field_number(const struct packet *packet, enum pattern_field field)
{
    const struct tcp_header *tcp = &packet->tcp;
    switch (field) {
    case FIELD_SOURCE_PORT:
        return tcp->source_port;
    case FIELD_DESTINATION_PORT:
        return tcp->destination_port;
    case FIELD_SEQUENCE:
        return tcp->sequence;
    case FIELD_ACKNOWLEDGMENT:
        return tcp->acknowledgment;
    case FIELD_WINDOW:
        return tcp->window;
    default:
        return tcp->urgent_pointer;
    }
}

static void field_set(struct packet *packet, enum pattern_field field, uint32_t number)
{
    struct tcp_header *tcp = &packet->tcp;
    switch (field) {
    case FIELD_SOURCE_PORT:
        tcp->source_port = (uint16_t)number;
        break;
    case FIELD_DESTINATION_PORT:
        tcp->destination_port = (uint16_t)number;
        break;
    case FIELD_SEQUENCE:
        tcp->sequence = number;
        break;
    case FIELD_ACKNOWLEDGMENT:
        tcp->acknowledgment = number;
        break;
    case FIELD_WINDOW:
        tcp->window = (uint16_t)number;
        break;
    default:
        tcp->urgent_pointer = (uint16_t)number;
        break;
    }
}

void resolve_ports(const struct names *names, struct pattern *pattern)
{
    for (size_t i = 0; i < pattern->slot_count; i++) {
        const struct pattern_slot *slot = &pattern->slots[i];
        if (slot->rule != SLOT_NAME || slot->kind != NAME_PORT)
            continue;
        const struct named_value *value = names_find(names, slot->name);
        if (value == NULL)
            pattern->given &= ~FIELD_BIT(slot->field);
        else
            field_set(&pattern->packet, slot->field, value->number + slot->addend);
    }
}

/* The answer that would have given the name its value was another one. */
static bool fail_nameless(const struct pattern_slot *slot, struct error *error)
{
    return error_set(error, ERROR_MALFORMED, "`$%s` has no value: no segment that came has given it one", slot->name);
}

static bool fail_memory(struct error *error)
{
    return error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a name's value");
}

/* A number of the header. */
static bool resolve_field(const struct resolving *resolving, const struct pattern_slot *slot, struct pattern *pattern,
                          struct error *error)
{
    enum pattern_field field = slot->field;
    const struct named_value *known = names_find(resolving->names, slot->name);
    struct named_value value = {.name = slot->name, .kind = slot->kind};
    if (known != NULL) {
        field_set(&pattern->packet, field, known->number + slot->addend);
        return true;
    }
    if (resolving->came == NULL)
        return fail_nameless(slot, error);
    value.number = field_number(slot_is_opening(slot) ? resolving->live : resolving->came, field);
    field_set(&pattern->packet, field, value.number);
    return names_add(resolving->names, resolving->arena, &value) || fail_memory(error);
}

/* An address in front of the flags. What is injected gave the name its value when its connection was found, and a
 * segment is not looked at that goes between other addresses than those that are known. */
static bool resolve_address(const struct resolving *resolving, const struct pattern_slot *slot, struct error *error)
{
    if (resolving->came == NULL || names_find(resolving->names, slot->name) != NULL)
        return true;
    bool source = slot->field == FIELD_SOURCE;
    struct address address = source ? packet_source(resolving->live) : packet_destination(resolving->live);
    struct named_value value = {
        .name = slot->name, .kind = NAME_ADDRESS, .length = (uint8_t)address_size(address.family)};
    memcpy(value.bytes, address.bytes, value.length);
    return names_add(resolving->names, resolving->arena, &value) || fail_memory(error);
}

static bool resolve_header(const struct resolving *resolving, const struct pattern_slot *slot, struct pattern *pattern,
                           struct error *error)
{
    return slot->rule == SLOT_ADDRESS ? resolve_address(resolving, slot, error)
                                      : resolve_field(resolving, slot, pattern, error);
}

/* How many options of the same kind stand before the one at START. */
static unsigned option_ordinal(struct bytes options, size_t start)
{
    struct tcp_option option;
    struct bytes rest = bytes_slice(options, 0, start);
    unsigned count = 0;
    while (tcp_option_next(&rest, &option))
        count += option.kind == options.data[start];
    return count;
}

/* The option of SLOT in the segment that came, which may have it elsewhere; empty if it lacks it. */
static struct bytes option_came(const struct pattern *pattern, const struct pattern_slot *slot,
                                const struct packet *came)
{
    struct bytes written = pattern->packet.tcp.options;
    struct tcp_option option;
    unsigned ordinal = option_ordinal(written, slot->option);
    if (came == NULL)
        return (struct bytes){NULL, 0};
    struct bytes rest = came->tcp.options;
    while (tcp_option_next(&rest, &option)) {
        if (option.kind == written.data[slot->option] && ordinal-- == 0)
            return option.whole;
    }
    return (struct bytes){NULL, 0};
}

/* The bytes of SLOT in the segment that came; none if it lacks them. */
static struct bytes slot_bytes_came(const struct pattern *pattern, const struct pattern_slot *slot,
                                    const struct packet *came)
{
    struct bytes option = option_came(pattern, slot, came);
    return bytes_slice(option, (size_t)slot->offset - slot->option, slot->size == 0 ? option.length : slot->size);
}

static uint32_t load_number(struct bytes bytes)
{
    uint32_t number = 0;
    for (size_t i = 0; i < bytes.length; i++)
        number = number << 8 | bytes.data[i];
    return number;
}

/* The bytes that a known value is in SLOT. */
static void write_value(const struct pattern_slot *slot, const struct named_value *value, struct byte_writer *writer)
{
    if (value->kind == NAME_BYTES) {
        byte_writer_bytes(writer, (struct bytes){value->bytes, value->length});
        return;
    }
    uint32_t number = value->number + slot->addend;
    for (unsigned i = slot->size; i > 0; i--)
        byte_writer_u8(writer, (uint8_t)(number >> 8 * (i - 1)));
}

/* Writes what SLOT stands for. A name that the segment that came should give a value, but lacks the option for, stays
 * without one: the options differ anyway. */
static bool resolve_name(const struct resolving *resolving, const struct pattern *pattern,
                         const struct pattern_slot *slot, struct byte_writer *writer, struct error *error)
{
    const struct named_value *known = names_find(resolving->names, slot->name);
    struct named_value value = {.name = slot->name, .kind = slot->kind};
    if (known != NULL) {
        write_value(slot, known, writer);
        return true;
    }
    if (resolving->came == NULL)
        return fail_nameless(slot, error);
    struct bytes came = slot_bytes_came(pattern, slot, resolving->came);
    if (came.length > sizeof(value.bytes) || (slot->size != 0 && came.length != slot->size))
        came.length = 0;
    if (came.length == 0) {
        (void)byte_writer_room(writer, slot->size);
        return true;
    }
    value.length = (uint8_t)came.length;
    memcpy(value.bytes, came.data, came.length);
    value.number = slot->kind == NAME_BYTES ? 0 : load_number(came);
    write_value(slot, &value, writer);
    return names_add(resolving->names, resolving->arena, &value) || fail_memory(error);
}

/* Option bytes that are being made. */
struct making {
    struct byte_writer writer;
    size_t head; /* where the option begins that the last slot is in */
};

/* Writes what SLOT stands for. */
static bool resolve_slot_bytes(const struct resolving *resolving, const struct pattern *pattern,
                               const struct pattern_slot *slot, struct making *making, struct error *error)
{
    struct byte_writer *writer = &making->writer;
    if (slot->rule == SLOT_NAME)
        return resolve_name(resolving, pattern, slot, writer, error);
    struct bytes came = slot->rule == SLOT_ANY ? slot_bytes_came(pattern, slot, resolving->came) : (struct bytes){0};
    if (came.length > 0 && came.length == slot->size) {
        byte_writer_bytes(writer, came);
        return true;
    }
    if (slot->rule == SLOT_MD5 || slot->rule == SLOT_MAC || slot->rule == SLOT_ANY) {
        (void)byte_writer_room(writer, slot->rule == SLOT_MAC ? resolving->code_length : slot->size);
        return true;
    }
    const struct multipath_place place = {
        .slot = slot,
        .written = pattern->packet.tcp.options.data + slot->option,
        .segment = &pattern->packet,
        .made = bytes_slice(byte_writer_written(writer), making->head, writer->length),
        .came = option_came(pattern, slot, resolving->came),
    };
    return multipath_fill(resolving->multipath, &place, writer, error);
}

/* All option bytes, with those of slots in their places. */
static bool resolve_options(const struct resolving *resolving, struct pattern *pattern, struct error *error)
{
    struct bytes written = pattern->packet.tcp.options;
    uint8_t *bytes = resolving->options->bytes;
    struct making making = {.writer = byte_writer_on(bytes, sizeof(resolving->options->bytes))};
    const struct byte_writer *writer = &making.writer;
    size_t taken = 0;
    memset(bytes, 0, sizeof(resolving->options->bytes));
    for (size_t i = 0; i < pattern->slot_count; i++) {
        const struct pattern_slot *slot = &pattern->slots[i];
        if (slot->field != FIELD_OPTIONS)
            continue;
        if (taken <= slot->option)
            making.head = writer->length + slot->option - taken;
        byte_writer_bytes(&making.writer, bytes_slice(written, taken, slot->offset - taken));
        size_t before = writer->length;
        if (!resolve_slot_bytes(resolving, pattern, slot, &making, error))
            return false;
        taken = (size_t)slot->offset + slot->size;
        if (!writer->failed && slot->size == 0)
            bytes[making.head + 1] = (uint8_t)(bytes[making.head + 1] + writer->length - before);
    }
    byte_writer_bytes(&making.writer, bytes_slice(written, taken, written.length));
    if (writer->failed)
        return error_set(error, ERROR_TOO_LARGE, "with the values of their names these options take more than %d bytes",
                         TCP_OPTIONS_SIZE_MOST);
    pattern->packet.tcp.options = byte_writer_written(writer);
    return true;
}

bool resolve_pattern(const struct resolving *resolving, struct pattern *pattern, struct error *error)
{
    bool options = false;
    for (size_t i = 0; i < pattern->slot_count; i++) {
        const struct pattern_slot *slot = &pattern->slots[i];
        if (slot->field == FIELD_OPTIONS)
            options = true;
        else if (!resolve_header(resolving, slot, pattern, error))
            return false;
    }
    return !options || resolve_options(resolving, pattern, error);
}

void resolve_live(const struct pattern *pattern, const struct packet *from, struct packet *to)
{
    for (size_t i = 0; i < pattern->slot_count; i++)
        if (slot_is_opening(&pattern->slots[i]))
            field_set(to, pattern->slots[i].field, field_number(from, pattern->slots[i].field));
}
