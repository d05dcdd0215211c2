/* SPDX-License-Identifier: MIT */
/*
 * Bytes and texts for tests. Whatever is read stands in a heap block of exactly its size, so that a sanitizer sees a
 * step past either end. All of it lives until free_bytes().
 */
#ifndef PACKET_FIXTURE_H
#define PACKET_FIXTURE_H

#include "packet/pattern.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

/* Blocks that were given out. */
static void *fixture_blocks[4096];
static size_t fixture_block_count;

static inline uint8_t *take_block(size_t size)
{
    assert_true(fixture_block_count < COUNT_OF(fixture_blocks));
    uint8_t *block = malloc(size == 0 ? 1 : size);
    assert_non_null(block);
    fixture_blocks[fixture_block_count++] = block;
    return block + (size == 0);
}

static inline int free_bytes(void **state)
{
    (void)state;
    while (fixture_block_count > 0)
        free(fixture_blocks[--fixture_block_count]);
    return 0;
}

/* A test of which nothing is left. */
#define packet_test(function) cmocka_unit_test_teardown(function, free_bytes)

static inline struct bytes exact_copy(struct bytes bytes)
{
    uint8_t *block = take_block(bytes.length);
    if (bytes.length > 0)
        memcpy(block, bytes.data, bytes.length);
    return (struct bytes){block, bytes.length};
}

/* The bytes of hexadecimal digits; blanks between them are for the eye. */
static inline struct bytes from_hex(const char *digits)
{
    static const char known[] = "0123456789abcdef";
    uint8_t buffer[4096];
    size_t nibbles = 0;
    for (const char *at = digits; *at != '\0'; at++) {
        if (*at == ' ')
            continue;
        const char *digit = strchr(known, *at);
        assert_non_null(digit);
        assert_true(nibbles < 2 * sizeof(buffer));
        unsigned value = (unsigned)(digit - known);
        buffer[nibbles / 2] = (uint8_t)(nibbles % 2 == 0 ? value << 4 : buffer[nibbles / 2] | value);
        nibbles++;
    }
    assert_int_equal(nibbles % 2, 0);
    return exact_copy((struct bytes){buffer, nibbles / 2});
}

/* The text in TEXT, in a block of its own. */
static inline const char *keep_text(struct text *text)
{
    assert_false(text->truncated);
    size_t size = strlen(text_string(text)) + 1;
    char *kept = (char *)take_block(size);
    memcpy(kept, text_string(text), size);
    text_free(text);
    return kept;
}

static inline const char *to_hex(struct bytes bytes)
{
    struct text text = text_growing();
    text_append_hex(&text, bytes.data, bytes.length);
    return keep_text(&text);
}

/* Fails with both sides in hexadecimal; blanks in DIGITS do not count. */
static inline void assert_bytes(struct bytes bytes, const char *digits)
{
    assert_string_equal(to_hex(bytes), to_hex(from_hex(digits)));
}

static inline void assert_same_bytes(struct bytes left, struct bytes right)
{
    if (!bytes_equal(left, right))
        assert_string_equal(to_hex(left), to_hex(right));
}

/* A packet that must be one that can be built, in exactly the room that it needs. */
static inline struct bytes built(const struct packet *packet)
{
    static uint8_t buffer[1 << 17];
    struct byte_writer writer = byte_writer_on(buffer, sizeof(buffer));
    struct error error;
    if (!packet_build(packet, &writer, &error))
        fail_msg("%s", error.text);
    struct bytes first = byte_writer_written(&writer);
    struct byte_writer exact = byte_writer_on(take_block(first.length), first.length);
    assert_true(packet_build(packet, &exact, &error));
    assert_same_bytes(byte_writer_written(&exact), first);
    return byte_writer_written(&exact);
}

static inline const char *printed(const struct packet *packet, enum pattern_style style)
{
    struct text text = text_growing();
    packet_print(&text, packet, style);
    return keep_text(&text);
}

/* "TCP_CHECKSUM@36 IP_TRAILER@40" */
static inline const char *defects_of(const struct packet *packet)
{
    struct text text = text_growing();
    for (uint32_t i = 0; i < packet->defect_count; i++)
        text_append_format(&text, "%s%s@%u", i == 0 ? "" : " ", packet_defect_name(packet->defects[i].kind),
                           packet->defects[i].offset);
    return keep_text(&text);
}

/* A text that was read as a pattern. */
struct reading {
    struct arena arena;
    struct diagnostics diagnostics;
    struct pattern pattern;
    size_t behind; /* where it ended */
    bool done;
};

static inline struct bytes text_bytes(const char *string)
{
    return (struct bytes){(const uint8_t *)string, strlen(string)};
}

static inline void read_pattern(struct reading *reading, const char *string, const struct pattern_names *names)
{
    struct bytes block = exact_copy(text_bytes(string));
    const struct source source = {"text", (const char *)block.data, block.length};
    memset(reading, 0, sizeof(*reading));
    reading->diagnostics.arena = &reading->arena;
    struct scanner scanner = scanner_on(&source, &reading->diagnostics);
    reading->done = pattern_parse(&scanner, &reading->arena, names, &reading->pattern);
    reading->behind = scanner.offset;
    assert_int_equal(reading->done, reading->diagnostics.count == 0);
}

/* Reads a text that must be sound, all of it. */
static inline void read_sound(struct reading *reading, const char *string)
{
    read_pattern(reading, string, NULL);
    if (!reading->done)
        fail_msg("%s: %s", string, reading->diagnostics.items[0].message);
    assert_int_equal(reading->behind, strlen(string));
}

static inline void reading_free(struct reading *reading)
{
    arena_free(&reading->arena);
}

/* Each text is equal to itself alone. */
static inline void assert_all_differ(const char *const *texts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < count; j++) {
            struct reading left, right;
            read_sound(&left, texts[i]);
            read_sound(&right, texts[j]);
            assert_int_equal(pattern_equal(&left.pattern, &right.pattern), i == j);
            reading_free(&left);
            reading_free(&right);
        }
        (void)free_bytes(NULL);
    }
}

/* A text with a mistake, where it is and what is said of it. */
struct mistake {
    const char *text;
    size_t offset;
    const char *message;
};

static inline void assert_mistakes(const struct mistake *mistakes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct reading reading;
        read_pattern(&reading, mistakes[i].text, NULL);
        assert_false(reading.done);
        assert_string_equal(reading.diagnostics.items[0].message, mistakes[i].message);
        assert_int_equal(reading.diagnostics.items[0].at.offset, mistakes[i].offset);
        reading_free(&reading);
    }
}

/* A packet and what is around it, which must be such as can be built. */
static inline struct bytes built_around(const struct encapsulation *encapsulation, const struct packet *packet)
{
    static uint8_t buffer[1 << 17];
    struct byte_writer writer = byte_writer_on(buffer, sizeof(buffer));
    struct error error;
    if (!encapsulation_build(encapsulation, packet, &writer, &error))
        fail_msg("%s", error.text);
    return exact_copy(byte_writer_written(&writer));
}

/* The bytes that a text stands for. */
static inline struct bytes built_from(const char *string)
{
    struct reading reading;
    read_sound(&reading, string);
    struct bytes bytes = built(&reading.pattern.packet);
    reading_free(&reading);
    return bytes;
}

#endif
