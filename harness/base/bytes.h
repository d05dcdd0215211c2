/* SPDX-License-Identifier: MIT */
/*
 * Bounded access to wire bytes: a borrowed view, a reading cursor and a writing cursor, all in network byte order.
 *
 * The invariant of both cursors is position <= length. A read or write that would break it does nothing, sets
 * `failed`, and every later one fails as well, so that a run of reads is checked once, at its end.
 */
#ifndef BASE_BYTES_H
#define BASE_BYTES_H

#include "base/compiler.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* A borrowed view: whoever made it says how long it lives. */
struct bytes {
    const uint8_t *data;
    size_t length;
};

/* The part of WHOLE from OFFSET, at most LENGTH bytes; clipped at the end of WHOLE, so always valid. */
ALWAYS_INLINE struct bytes bytes_slice(struct bytes whole, size_t offset, size_t length)
{
    if (offset > whole.length)
        offset = whole.length;
    if (length > whole.length - offset)
        length = whole.length - offset;
    /* An empty view may be null, and a null pointer may not be moved. */
    return (struct bytes){whole.length == 0 ? whole.data : whole.data + offset, length};
}

ALWAYS_INLINE bool bytes_equal(struct bytes left, struct bytes right)
{
    return left.length == right.length && (left.length == 0 || memcmp(left.data, right.data, left.length) == 0);
}

/* Unchecked loads and stores: the caller has checked that the bytes are there. */
ALWAYS_INLINE uint16_t load_be16(const uint8_t *at)
{
    uint16_t raw;
    memcpy(&raw, at, sizeof(raw));
    return __builtin_bswap16(raw);
}

ALWAYS_INLINE uint32_t load_be32(const uint8_t *at)
{
    uint32_t raw;
    memcpy(&raw, at, sizeof(raw));
    return __builtin_bswap32(raw);
}

ALWAYS_INLINE uint64_t load_be64(const uint8_t *at)
{
    uint64_t raw;
    memcpy(&raw, at, sizeof(raw));
    return __builtin_bswap64(raw);
}

ALWAYS_INLINE void store_be16(uint8_t *at, uint16_t value)
{
    uint16_t raw = __builtin_bswap16(value);
    memcpy(at, &raw, sizeof(raw));
}

ALWAYS_INLINE void store_be32(uint8_t *at, uint32_t value)
{
    uint32_t raw = __builtin_bswap32(value);
    memcpy(at, &raw, sizeof(raw));
}

ALWAYS_INLINE void store_be64(uint8_t *at, uint64_t value)
{
    uint64_t raw = __builtin_bswap64(value);
    memcpy(at, &raw, sizeof(raw));
}

/* Puts a view where TO is: two words, where an assignment would be a call in builds with a sanitizer. */
ALWAYS_INLINE void bytes_set(struct bytes *to, struct bytes from)
{
    to->data = from.data;
    to->length = from.length;
}

/* Copies 16 bytes. Two words, where memcpy() would be a call in builds with a sanitizer. */
ALWAYS_INLINE void bytes_copy_16(uint8_t *to, const uint8_t *from)
{
    uint64_t words[2];
    memcpy(&words[0], from, sizeof(words[0]));
    memcpy(&words[1], from + sizeof(words[0]), sizeof(words[1]));
    memcpy(to, &words[0], sizeof(words[0]));
    memcpy(to + sizeof(words[0]), &words[1], sizeof(words[1]));
}

_Static_assert(__BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__, "loads and stores assume a little-endian machine");

struct byte_reader {
    struct bytes from;
    size_t position;
    bool failed;
};

ALWAYS_INLINE struct byte_reader byte_reader_on(struct bytes from)
{
    return (struct byte_reader){.from = from};
}

ALWAYS_INLINE size_t byte_reader_left(const struct byte_reader *reader)
{
    return reader->from.length - reader->position;
}

/* Moves past LENGTH bytes and returns where they start, or NULL (and fails) if fewer are left. */
ALWAYS_INLINE const uint8_t *byte_reader_take(struct byte_reader *reader, size_t length)
{
    if (UNLIKELY(reader->failed || length > byte_reader_left(reader))) {
        reader->failed = true;
        return NULL;
    }
    const uint8_t *at = reader->from.length == 0 ? reader->from.data : reader->from.data + reader->position;
    reader->position += length;
    return at;
}

/* The next value, or 0 (and `failed`) past the end. */
ALWAYS_INLINE uint8_t byte_reader_u8(struct byte_reader *reader)
{
    const uint8_t *at = byte_reader_take(reader, 1);
    return at == NULL ? 0 : *at;
}

ALWAYS_INLINE uint16_t byte_reader_u16(struct byte_reader *reader)
{
    const uint8_t *at = byte_reader_take(reader, 2);
    return at == NULL ? 0 : load_be16(at);
}

ALWAYS_INLINE uint32_t byte_reader_u32(struct byte_reader *reader)
{
    const uint8_t *at = byte_reader_take(reader, 4);
    return at == NULL ? 0 : load_be32(at);
}

ALWAYS_INLINE uint64_t byte_reader_u64(struct byte_reader *reader)
{
    const uint8_t *at = byte_reader_take(reader, 8);
    return at == NULL ? 0 : load_be64(at);
}

/* The next LENGTH bytes as a view, or an empty one (and `failed`) past the end. */
ALWAYS_INLINE struct bytes byte_reader_bytes(struct byte_reader *reader, size_t length)
{
    const uint8_t *at = byte_reader_take(reader, length);
    return at == NULL ? (struct bytes){NULL, 0} : (struct bytes){at, length};
}

struct byte_writer {
    uint8_t *data; /* the caller's, `capacity` bytes of it */
    size_t capacity;
    size_t length;
    bool failed;
};

ALWAYS_INLINE struct byte_writer byte_writer_on(void *data, size_t capacity)
{
    return (struct byte_writer){.data = data, .capacity = capacity};
}

/* Room for LENGTH more bytes, to be filled by the caller, or NULL (and fails) if there is less. */
ALWAYS_INLINE uint8_t *byte_writer_room(struct byte_writer *writer, size_t length)
{
    if (UNLIKELY(writer->failed || length > writer->capacity - writer->length)) {
        writer->failed = true;
        return NULL;
    }
    uint8_t *at = writer->capacity == 0 ? writer->data : writer->data + writer->length;
    writer->length += length;
    return at;
}

ALWAYS_INLINE void byte_writer_u8(struct byte_writer *writer, uint8_t value)
{
    uint8_t *at = byte_writer_room(writer, 1);
    if (!writer->failed)
        *at = value;
}

ALWAYS_INLINE void byte_writer_u16(struct byte_writer *writer, uint16_t value)
{
    uint8_t *at = byte_writer_room(writer, 2);
    if (!writer->failed)
        store_be16(at, value);
}

ALWAYS_INLINE void byte_writer_u32(struct byte_writer *writer, uint32_t value)
{
    uint8_t *at = byte_writer_room(writer, 4);
    if (!writer->failed)
        store_be32(at, value);
}

ALWAYS_INLINE void byte_writer_u64(struct byte_writer *writer, uint64_t value)
{
    uint8_t *at = byte_writer_room(writer, 8);
    if (!writer->failed)
        store_be64(at, value);
}

ALWAYS_INLINE void byte_writer_bytes(struct byte_writer *writer, struct bytes bytes)
{
    uint8_t *at = byte_writer_room(writer, bytes.length);
    if (!writer->failed && bytes.length > 0)
        memcpy(at, bytes.data, bytes.length);
}

/* What was written so far. */
ALWAYS_INLINE struct bytes byte_writer_written(const struct byte_writer *writer)
{
    return (struct bytes){writer->data, writer->length};
}

#endif
