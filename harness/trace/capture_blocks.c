/* SPDX-License-Identifier: MIT */
/* The blocks and options are those of draft-ietf-opsawg-pcapng. Blocks of other kinds are passed over. */
#include "trace/capture_format.h"

#include <stdlib.h>

enum {
    BLOCK_INTERFACE = 1,
    BLOCK_PACKET = 2, /* obsolete, but still met */
    BLOCK_SIMPLE_PACKET = 3,
    BLOCK_STATISTICS = 5,
    BLOCK_ENHANCED_PACKET = 6,
    BLOCK_SECTION = 0x0a0d0d0a,
    BLOCK_FRAME = 12, /* type, length, and the length again */
    BLOCK_MOST = CAPTURE_INPUT_MOST,
    OPTION_END = 0,
    OPTION_RESOLUTION = 9,
    OPTION_OFFSET = 14,
    OPTION_PACKET_DROPS = 4,
    OPTION_INTERFACE_DROPS = 5,
    OPTION_SYSTEM_DROPS = 7,
    RESOLUTION_MICROSECONDS = 6,
    RESOLUTION_OF_TWO = 0x80,
};
static const uint32_t byte_order_magic = 0x1a2b3c4d;

struct option {
    uint16_t code;
    struct bytes value;
};

static bool option_next(const struct capture_file *file, struct bytes *rest, struct option *option)
{
    if (rest->length < 4)
        return false;
    size_t length = capture_u16(file, rest->data + 2);
    if (length > rest->length - 4)
        return false;
    *option = (struct option){capture_u16(file, rest->data), {rest->data + 4, length}};
    *rest = bytes_slice(*rest, 4 + ((length + 3) & ~(size_t)3), rest->length);
    return option->code != OPTION_END;
}

static uint64_t option_u64(const struct capture_file *file, const struct option *option)
{
    const uint8_t *at = option->value.data;
    uint64_t first = capture_u32(file, at);
    uint64_t second = capture_u32(file, at + 4);
    return file->swapped ? first << 32 | second : second << 32 | first;
}

/* Ticks of INTERFACE since 1970, in nanoseconds. */
static nanoseconds time_of(const struct capture_interface *interface, uint64_t ticks)
{
    unsigned power = interface->resolution & ~(unsigned)RESOLUTION_OF_TWO;
    unsigned __int128 time = (unsigned __int128)ticks * NANOSECONDS_PER_SECOND;
    if ((interface->resolution & RESOLUTION_OF_TWO) != 0) {
        time >>= power;
    } else {
        for (; power > 0 && time > 0; power--)
            time /= 10;
    }
    /* A century from now is still far from the end. */
    const unsigned __int128 most = INT64_MAX / 2;
    nanoseconds since = time > most ? (nanoseconds)most : (nanoseconds)time;
    const int64_t offset_most = INT64_MAX / 4 / NANOSECONDS_PER_SECOND;
    int64_t offset = interface->offset;
    offset = offset > offset_most ? offset_most : offset < -offset_most ? -offset_most : offset;
    return since + offset * NANOSECONDS_PER_SECOND;
}

static bool interface_room(struct capture_file *file)
{
    if (file->interface_count < file->interface_room)
        return true;
    size_t room = file->interface_room == 0 ? 4 : file->interface_room * 2;
    struct capture_interface *grown =
        room > CAPTURE_INTERFACES_MOST ? NULL : realloc(file->interfaces, room * sizeof(*grown));
    if (grown == NULL)
        return false;
    file->interfaces = grown;
    file->interface_room = room;
    return true;
}

/* The `take` functions read the body of one kind of block; they say what is wrong with it, or NULL. */
static const char *take_interface(struct capture_file *file, struct bytes body)
{
    struct option option;
    if (body.length < 8)
        return "an interface description is too short";
    if (!interface_room(file))
        return "it has more interfaces than can be kept";
    struct capture_interface interface = {.link_type = capture_u16(file, body.data),
                                          .snap_length = capture_u32(file, body.data + 4),
                                          .resolution = RESOLUTION_MICROSECONDS};
    for (struct bytes rest = bytes_slice(body, 8, body.length); option_next(file, &rest, &option);) {
        if (option.code == OPTION_RESOLUTION && option.value.length == 1)
            interface.resolution = option.value.data[0];
        if (option.code == OPTION_OFFSET && option.value.length == 8)
            interface.offset = (int64_t)option_u64(file, &option);
    }
    if ((interface.resolution & ~(unsigned)RESOLUTION_OF_TWO) > 64)
        return "an interface has a time resolution that no clock has";
    file->interfaces[file->interface_count++] = interface;
    return NULL;
}

static const char *take_statistics(struct capture_file *file, struct bytes body)
{
    struct option option;
    if (body.length < 12 || capture_u32(file, body.data) >= file->interface_count)
        return "statistics are of an interface that there is not";
    struct capture_interface *interface = &file->interfaces[capture_u32(file, body.data)];
    uint64_t dropped = 0;
    for (struct bytes rest = bytes_slice(body, 12, body.length); option_next(file, &rest, &option);)
        if ((option.code == OPTION_INTERFACE_DROPS || option.code == OPTION_SYSTEM_DROPS) && option.value.length == 8)
            dropped += option_u64(file, &option);
    interface->dropped = dropped;
    return NULL;
}

static const char *take_simple_packet(struct capture_file *file, struct bytes body, struct capture_record *record)
{
    if (body.length < 4 || file->interface_count == 0)
        return "a packet belongs to no interface";
    const struct capture_interface *interface = &file->interfaces[0];
    uint32_t length = capture_u32(file, body.data);
    size_t captured = interface->snap_length != 0 && interface->snap_length < length ? interface->snap_length : length;
    if (captured > body.length - 4)
        return "a packet is longer than its block";
    *record = (struct capture_record){
        .link_type = interface->link_type, .data = bytes_slice(body, 4, captured), .length = length};
    return NULL;
}

static const char *take_packet(struct capture_file *file, struct bytes body, bool enhanced,
                               struct capture_record *record)
{
    struct option option;
    if (body.length < 20)
        return "a packet's block is too short";
    uint32_t number = enhanced ? capture_u32(file, body.data) : capture_u16(file, body.data);
    uint32_t captured = capture_u32(file, body.data + 12);
    if (number >= file->interface_count)
        return "a packet belongs to no interface";
    if (captured > body.length - 20)
        return "a packet is longer than its block";
    const struct capture_interface *interface = &file->interfaces[number];
    uint64_t ticks = (uint64_t)capture_u32(file, body.data + 4) << 32 | capture_u32(file, body.data + 8);
    *record = (struct capture_record){.time = time_of(interface, ticks),
                                      .link_type = interface->link_type,
                                      .data = bytes_slice(body, 20, captured),
                                      .length = capture_u32(file, body.data + 16)};
    struct bytes rest = bytes_slice(body, 20 + (((size_t)captured + 3) & ~(size_t)3), body.length);
    while (enhanced && option_next(file, &rest, &option))
        if (option.code == OPTION_PACKET_DROPS && option.value.length == 8)
            file->lost += option_u64(file, &option);
    return NULL;
}

/* A section may have another byte order than the one before it; its interfaces are its own. */
static const char *begin_section(struct capture_file *file, const uint8_t *header)
{
    uint32_t magic = load_be32(header + 8);
    file->swapped = magic == byte_order_magic;
    if (!file->swapped && __builtin_bswap32(magic) != byte_order_magic)
        return "a section has no byte order";
    file->lost = capture_file_lost(file);
    file->interface_count = 0;
    return NULL;
}

static const char *take_block(struct capture_file *file, uint32_t type, struct bytes body,
                              struct capture_record *record, bool *packet)
{
    *packet = type == BLOCK_ENHANCED_PACKET || type == BLOCK_SIMPLE_PACKET || type == BLOCK_PACKET;
    if (type == BLOCK_SIMPLE_PACKET)
        return take_simple_packet(file, body, record);
    if (*packet)
        return take_packet(file, body, type == BLOCK_ENHANCED_PACKET, record);
    if (type == BLOCK_INTERFACE)
        return take_interface(file, body);
    return type == BLOCK_STATISTICS ? take_statistics(file, body) : NULL;
}

/* The length of the block that HEADER begins; 0 if it can't be one. */
static uint32_t block_length(const struct capture_file *file, const uint8_t *header)
{
    uint32_t length = capture_u32(file, header + 4);
    return length < BLOCK_FRAME || length % 4 != 0 ? 0 : length;
}

/* Takes one block, which may not be of a kind that has a packet; WRONG is what makes the file unreadable from here. */
static bool next_block(struct capture_file *file, struct capture_record *record, bool *packet, const char **wrong)
{
    const uint8_t *header = capture_input_peek(&file->input, BLOCK_FRAME);
    *packet = false;
    *wrong = NULL;
    if (header == NULL)
        return false;
    if (load_be32(header) == BLOCK_SECTION && (*wrong = begin_section(file, header)) != NULL)
        return false;
    uint32_t type = capture_u32(file, header);
    uint32_t length = block_length(file, header);
    if (length == 0) {
        *wrong = "a block has a length that none can have";
        return false;
    }
    if (length > BLOCK_MOST)
        return capture_input_skip(&file->input, length);
    const uint8_t *whole = capture_input_peek(&file->input, length);
    if (whole == NULL)
        return false;
    if (capture_u32(file, whole + length - 4) != length)
        *wrong = "a block's two lengths differ";
    else
        *wrong = take_block(file, type, (struct bytes){whole + 8, length - BLOCK_FRAME}, record, packet);
    if (*wrong == NULL)
        (void)capture_input_take(&file->input, length);
    return *wrong == NULL;
}

enum capture_file_next capture_blocks_next(struct capture_file *file, struct capture_record *record,
                                           struct error *error)
{
    bool packet = false;
    const char *wrong;
    while (!packet) {
        if (capture_input_ended(&file->input) && file->input.system_error == 0)
            return CAPTURE_FILE_END;
        if (!next_block(file, record, &packet, &wrong))
            return capture_broken(file, wrong, error);
    }
    record->number = ++file->count;
    return CAPTURE_FILE_PACKET;
}
