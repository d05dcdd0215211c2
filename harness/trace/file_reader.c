/* SPDX-License-Identifier: MIT */
#include "trace/file.h"
#include "trace/file_format.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

struct trace_reader {
    FILE *file;
    const char *path;
    uint64_t offset; /* of what is read next */
    bool growing;    /* it may end without an end record */
    bool ended;      /* the end record was there */
    uint8_t body[TRACE_RECORD_BODY_MOST];
};

/* The get functions read one field into the member; false if the bytes are not what such a field can be. */
static bool get_bool(struct byte_reader *reader, void *member)
{
    uint8_t value = byte_reader_u8(reader);
    *(bool *)member = value == 1;
    return value <= 1;
}

static bool get_u32(struct byte_reader *reader, void *member)
{
    *(uint32_t *)member = byte_reader_u32(reader);
    return true;
}

static bool get_i32(struct byte_reader *reader, void *member)
{
    *(int32_t *)member = (int32_t)byte_reader_u32(reader);
    return true;
}

static bool get_i64(struct byte_reader *reader, void *member)
{
    *(int64_t *)member = (int64_t)byte_reader_u64(reader);
    return true;
}

static bool get_verdict(struct byte_reader *reader, void *member)
{
    uint8_t value = byte_reader_u8(reader);
    if (value >= VERDICT_COUNT)
        return false;
    *(enum verdict *)member = (enum verdict)value;
    return true;
}

static bool get_address(struct byte_reader *reader, void *member)
{
    uint8_t family = byte_reader_u8(reader);
    if (family != ADDRESS_NONE && family != ADDRESS_IPV4 && family != ADDRESS_IPV6)
        return false;
    struct bytes bytes = byte_reader_bytes(reader, address_size((enum address_family)family));
    if (reader->failed)
        return false;
    *(struct address *)member = address_from_bytes((enum address_family)family, bytes.data);
    return true;
}

static bool get_text(struct byte_reader *reader, void *member)
{
    size_t length = byte_reader_u16(reader);
    struct bytes text = byte_reader_bytes(reader, length + 1);
    if (text.data == NULL || strnlen((const char *)text.data, text.length) != length)
        return false;
    *(const char **)member = (const char *)text.data;
    return true;
}

static bool get_packet(struct byte_reader *reader, void *member)
{
    *(struct bytes *)member = byte_reader_bytes(reader, byte_reader_u32(reader));
    return true;
}

static bool (*const get_field[])(struct byte_reader *reader, void *member) = {
    [TRACE_FIELD_BOOL] = get_bool, [TRACE_FIELD_U32] = get_u32,         [TRACE_FIELD_I32] = get_i32,
    [TRACE_FIELD_I64] = get_i64,   [TRACE_FIELD_VERDICT] = get_verdict, [TRACE_FIELD_ADDRESS] = get_address,
    [TRACE_FIELD_TEXT] = get_text, [TRACE_FIELD_PACKET] = get_packet,
};
_Static_assert(COUNT_OF(get_field) == TRACE_FIELD_TYPE_COUNT, "every type of field can be read");

static bool trace_reader_malformed(const struct trace_reader *reader, uint64_t offset, struct error *error,
                                   const char *what)
{
    return error_set(error, ERROR_MALFORMED, "%s: at offset %llu: %s", reader->path, (unsigned long long)offset, what);
}

/* Reads LENGTH bytes to AT; AT_END (may be NULL) says that the file ended exactly here. */
static bool trace_reader_take(struct trace_reader *reader, uint8_t *at, size_t length, bool *at_end,
                              struct error *error)
{
    size_t taken = fread(at, 1, length, reader->file);
    if (taken == length) {
        reader->offset += length;
        return true;
    }
    if (ferror(reader->file))
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "can't read %s", reader->path);
    if (taken == 0 && at_end != NULL) {
        *at_end = true;
        return true;
    }
    return trace_reader_malformed(reader, reader->offset + taken, error,
                                  "the file ends in the middle of a record: it was cut short");
}

static bool trace_reader_header(struct trace_reader *reader, struct error *error)
{
    uint8_t header[TRACE_FILE_HEADER_SIZE] = {0};
    size_t taken = fread(header, 1, sizeof(header), reader->file);
    if (ferror(reader->file))
        return error_set_system(error, ERROR_SYSTEM_CALL, errno, "can't read %s", reader->path);
    if (taken < sizeof(header) || memcmp(header, trace_file_signature, TRACE_FILE_SIGNATURE_SIZE) != 0)
        return trace_reader_malformed(reader, 0, error, "this is no trace: its signature is missing");
    uint32_t version = load_be32(header + TRACE_FILE_SIGNATURE_SIZE);
    if (version != TRACE_FILE_VERSION)
        return error_set(error, ERROR_MALFORMED, "%s: a trace of version %u; only version %d can be read", reader->path,
                         version, TRACE_FILE_VERSION);
    reader->offset = sizeof(header);
    return true;
}

static bool trace_reader_skip(struct trace_reader *reader, size_t length, struct error *error)
{
    while (length > 0) {
        size_t piece = length < sizeof(reader->body) ? length : sizeof(reader->body);
        if (!trace_reader_take(reader, reader->body, piece, NULL, error))
            return false;
        length -= piece;
    }
    return true;
}

/* Fills EVENT, whose kind is set, from the body. */
static bool trace_reader_event(struct trace_reader *reader, size_t length, struct trace_event *event)
{
    const struct trace_record *record = &trace_records[event->kind];
    struct byte_reader body = byte_reader_on((struct bytes){reader->body, length});
    (void)get_i64(&body, &event->time.earliest);
    (void)get_i64(&body, &event->time.latest);
    bool sound = true;
    for (size_t i = 0; sound && i < record->count; i++)
        sound = get_field[record->fields[i].type](&body, (char *)event + record->fields[i].offset);
    return sound && !body.failed;
}

/* Reads one record and gives its event to SINK; AT_END says that there is none left. */
static bool trace_reader_record(struct trace_reader *reader, const struct trace_sink *sink, bool *at_end,
                                struct error *error)
{
    uint64_t start = reader->offset;
    uint8_t header[TRACE_RECORD_HEADER_SIZE];
    if (!trace_reader_take(reader, header, sizeof(header), at_end, error))
        return false;
    if (*at_end)
        return true;
    size_t length = load_be32(header);
    if (header[4] == 0 || header[4] > TRACE_EVENT_KIND_COUNT)
        return trace_reader_skip(reader, length, error);
    if (length > sizeof(reader->body))
        return trace_reader_malformed(reader, start, error, "a record claims to be larger than its kind can be");
    if (reader->ended)
        return trace_reader_malformed(reader, start, error, "a record follows the end record");
    if (!trace_reader_take(reader, reader->body, length, NULL, error))
        return false;
    struct trace_event event = {.kind = (enum trace_event_kind)(header[4] - 1)};
    if (!trace_reader_event(reader, length, &event))
        return trace_reader_malformed(reader, start, error, "a record's fields are not what its kind has");
    reader->ended = event.kind == TRACE_END;
    return trace_give(sink, &event, error);
}

static bool trace_reader_records(struct trace_reader *reader, const struct trace_sink *sink, struct error *error)
{
    if (!trace_reader_header(reader, error))
        return false;
    bool at_end = false;
    while (!at_end)
        if (!trace_reader_record(reader, sink, &at_end, error))
            return false;
    return reader->ended || reader->growing ||
           trace_reader_malformed(reader, reader->offset, error, "there is no end record: the trace was cut short");
}

static bool trace_read_file(const char *path, bool growing, const struct trace_sink *sink, struct error *error)
{
    struct trace_reader *reader = malloc(sizeof(*reader));
    if (reader == NULL)
        return error_set(error, ERROR_OUT_OF_MEMORY, "no memory to read %s", path);
    reader->path = path;
    reader->offset = 0;
    reader->growing = growing;
    reader->ended = false;
    reader->file = fopen(path, "rbe");
    bool read = false;
    if (reader->file == NULL) {
        (void)error_set_system(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_SYSTEM_CALL, errno, "can't open %s",
                               path);
        goto out;
    }
    read = trace_reader_records(reader, sink, error);
    (void)fclose(reader->file);
out:
    free(reader);
    return read;
}

bool trace_read(const char *path, const struct trace_sink *sink, struct error *error)
{
    return trace_read_file(path, false, sink, error);
}

bool trace_read_growing(const char *path, const struct trace_sink *sink, struct error *error)
{
    return trace_read_file(path, true, sink, error);
}

bool trace_recognize(const char *path)
{
    uint8_t signature[TRACE_FILE_SIGNATURE_SIZE];
    FILE *file = fopen(path, "re");
    if (file == NULL)
        return false;
    bool recognized = fread(signature, sizeof(signature), 1, file) == 1 &&
                      memcmp(signature, trace_file_signature, sizeof(signature)) == 0;
    (void)fclose(file);
    return recognized;
}
