/* SPDX-License-Identifier: MIT */
/*
 * The file format, version 1. All numbers are in network byte order, signed ones in two's complement; times are
 * nanoseconds.
 *
 *     file    = signature (89 "sdt" 0d 0a 1a 0a), version u32 = 1, record...
 *     record  = length u32 (of the body), kind u8, body
 *     body    = earliest i64, latest i64, then by kind:
 *        1 start     injected bool, seen bool, calls bool, from_start bool, clock_error i64, realtime i64,
 *                    stack text, title text, local address, remote address
 *        2 injected  packet
 *        3 seen      packet
 *        4 call      number u32, name text, arguments text
 *        5 return    number u32, value i64, error_number i32, error_name text, output text
 *        6 note      text
 *        7 end       verdict u8, reason text
 *
 *     bool    = u8, 0 or 1
 *     text    = length u16, that many bytes, none of them NUL, then a NUL
 *     address = family u8 (0, 4 or 6), then 0, 4 or 16 bytes
 *     packet  = length u32, that many bytes, from the IP header on
 *     verdict = 0 pass, 1 fail, 2 inconclusive, 3 error, 4 not applicable
 *
 * A reader skips records of a kind that it does not know, and in a body what follows the fields that it knows: that is
 * how later versions add. A file without an end record as its last known record was cut short. The signature is made so
 * that a transfer that touches line ends or the eighth bit is noticed.
 */
#include "trace/file.h"

#include "trace/file_format.h"
#include "trace/output_file.h"

#include <stdlib.h>
#include <unistd.h>

const uint8_t trace_file_signature[TRACE_FILE_SIGNATURE_SIZE] = {0x89, 's', 'd', 't', '\r', '\n', 0x1a, '\n'};

#define FIELD(type, member)                                      \
    {                                                            \
        TRACE_FIELD_##type, offsetof(struct trace_event, member) \
    }

const struct trace_record trace_records[TRACE_EVENT_KIND_COUNT] = {
    [TRACE_START] = {10,
                     {FIELD(BOOL, start.visibility.injected), FIELD(BOOL, start.visibility.seen),
                      FIELD(BOOL, start.visibility.calls), FIELD(BOOL, start.visibility.from_start),
                      FIELD(I64, start.visibility.clock_error), FIELD(I64, start.realtime), FIELD(TEXT, start.stack),
                      FIELD(TEXT, start.title), FIELD(ADDRESS, start.local), FIELD(ADDRESS, start.remote)}},
    [TRACE_INJECTED] = {1, {FIELD(PACKET, packet)}},
    [TRACE_SEEN] = {1, {FIELD(PACKET, packet)}},
    [TRACE_CALL] = {3, {FIELD(U32, call.number), FIELD(TEXT, call.name), FIELD(TEXT, call.arguments)}},
    [TRACE_RETURN] = {5,
                      {FIELD(U32, returned.number), FIELD(I64, returned.value), FIELD(I32, returned.error_number),
                       FIELD(TEXT, returned.error_name), FIELD(TEXT, returned.output)}},
    [TRACE_NOTE] = {1, {FIELD(TEXT, note)}},
    [TRACE_END] = {2, {FIELD(VERDICT, end.verdict), FIELD(TEXT, end.reason)}},
};
_Static_assert(TRACE_EVENT_KIND_COUNT == 7 && VERDICT_COUNT == 5,
               "what is added to these enumerations is added to the file's format");

struct trace_writer {
    struct output_file file;
    uint8_t record[TRACE_RECORD_HEADER_SIZE + TRACE_RECORD_BODY_MOST];
};

static void put_bool(struct byte_writer *writer, const void *member)
{
    byte_writer_u8(writer, *(const bool *)member ? 1 : 0);
}

static void put_32(struct byte_writer *writer, const void *member)
{
    byte_writer_u32(writer, *(const uint32_t *)member);
}

static void put_i32(struct byte_writer *writer, const void *member)
{
    byte_writer_u32(writer, (uint32_t) * (const int32_t *)member);
}

static void put_i64(struct byte_writer *writer, const void *member)
{
    byte_writer_u64(writer, (uint64_t) * (const int64_t *)member);
}

static void put_verdict(struct byte_writer *writer, const void *member)
{
    byte_writer_u8(writer, (uint8_t) * (const enum verdict *)member);
}

static void put_address(struct byte_writer *writer, const void *member)
{
    const struct address *address = member;
    byte_writer_u8(writer, (uint8_t)address->family);
    byte_writer_bytes(writer, (struct bytes){address->bytes, address_size(address->family)});
}

/* A text that is longer than the format can say is cut: a trace is worth more than its longest text's end. */
static void put_text(struct byte_writer *writer, const void *member)
{
    const char *text = *(const char *const *)member;
    size_t length = text == NULL ? 0 : strnlen(text, TRACE_TEXT_MOST);
    byte_writer_u16(writer, (uint16_t)length);
    byte_writer_bytes(writer, (struct bytes){(const uint8_t *)text, length});
    byte_writer_u8(writer, 0);
}

static void put_packet(struct byte_writer *writer, const void *member)
{
    const struct bytes *packet = member;
    byte_writer_u32(writer, (uint32_t)packet->length);
    byte_writer_bytes(writer, *packet);
}

static void (*const put_field[])(struct byte_writer *writer, const void *member) = {
    [TRACE_FIELD_BOOL] = put_bool, [TRACE_FIELD_U32] = put_32,          [TRACE_FIELD_I32] = put_i32,
    [TRACE_FIELD_I64] = put_i64,   [TRACE_FIELD_VERDICT] = put_verdict, [TRACE_FIELD_ADDRESS] = put_address,
    [TRACE_FIELD_TEXT] = put_text, [TRACE_FIELD_PACKET] = put_packet,
};
_Static_assert(COUNT_OF(put_field) == TRACE_FIELD_TYPE_COUNT, "every type of field can be written");

static bool trace_writer_take(void *context, const struct trace_event *event, struct error *error)
{
    struct trace_writer *writer = context;
    const struct trace_record *record = &trace_records[event->kind];
    struct byte_writer body = byte_writer_on(writer->record + TRACE_RECORD_HEADER_SIZE, TRACE_RECORD_BODY_MOST);
    put_i64(&body, &event->time.earliest);
    put_i64(&body, &event->time.latest);
    for (size_t i = 0; i < record->count; i++)
        put_field[record->fields[i].type](&body, (const char *)event + record->fields[i].offset);
    if (body.failed)
        return error_set(error, ERROR_TOO_LARGE, "an event of kind \"%s\" is larger than a record of %s can be",
                         trace_event_kind_name(event->kind), writer->file.name);
    store_be32(writer->record, (uint32_t)body.length);
    writer->record[4] = (uint8_t)(event->kind + 1);
    return output_file_append(&writer->file, (struct bytes){writer->record, TRACE_RECORD_HEADER_SIZE + body.length},
                              error);
}

static bool trace_writer_begin(struct trace_writer *writer, struct error *error)
{
    uint8_t header[TRACE_FILE_HEADER_SIZE];
    memcpy(header, trace_file_signature, TRACE_FILE_SIGNATURE_SIZE);
    store_be32(header + TRACE_FILE_SIGNATURE_SIZE, TRACE_FILE_VERSION);
    return output_file_append(&writer->file, (struct bytes){header, sizeof(header)}, error);
}

static bool trace_writer_new(struct trace_writer **writer, struct error *error)
{
    *writer = malloc(sizeof(**writer));
    return *writer != NULL || error_set(error, ERROR_OUT_OF_MEMORY, "no memory for a trace");
}

bool trace_writer_adopt(int descriptor, const char *name, struct trace_writer **writer, struct error *error)
{
    struct trace_writer *made;
    if (!trace_writer_new(&made, error)) {
        (void)close(descriptor);
        return false;
    }
    output_file_adopt(&made->file, descriptor, name);
    /* The header fits the empty buffer. */
    INVARIANT(trace_writer_begin(made, error));
    *writer = made;
    return true;
}

bool trace_writer_open(const char *path, struct trace_writer **writer, struct error *error)
{
    struct trace_writer *made;
    if (!trace_writer_new(&made, error))
        return false;
    if (!output_file_open(&made->file, path, error)) {
        free(made);
        return false;
    }
    INVARIANT(trace_writer_begin(made, error));
    *writer = made;
    return true;
}

struct trace_sink trace_writer_sink(struct trace_writer *writer)
{
    return (struct trace_sink){.take = trace_writer_take, .context = writer};
}

bool trace_writer_flush(struct trace_writer *writer, struct error *error)
{
    return output_file_flush(&writer->file, error);
}

bool trace_writer_close(struct trace_writer *writer, struct error *error)
{
    bool whole = output_file_close(&writer->file, error);
    free(writer);
    return whole;
}
