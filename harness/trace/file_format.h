/* SPDX-License-Identifier: MIT */
/* What the writer and the reader of trace files share: the fields of each kind of record (see file.c). */
#ifndef TRACE_FILE_FORMAT_H
#define TRACE_FILE_FORMAT_H

#include "trace/trace.h"

enum {
    TRACE_FILE_SIGNATURE_SIZE = 8,
    TRACE_FILE_VERSION = 1,
    TRACE_FILE_HEADER_SIZE = TRACE_FILE_SIGNATURE_SIZE + 4,
    TRACE_RECORD_HEADER_SIZE = 5,        /* length and kind */
    TRACE_RECORD_BODY_MOST = 256 * 1024, /* of the kinds known here */
    TRACE_TEXT_MOST = 65535,
};

extern const uint8_t trace_file_signature[TRACE_FILE_SIGNATURE_SIZE];

enum trace_field_type {
    TRACE_FIELD_BOOL,
    TRACE_FIELD_U32,
    TRACE_FIELD_I32,
    TRACE_FIELD_I64,
    TRACE_FIELD_VERDICT,
    TRACE_FIELD_ADDRESS,
    TRACE_FIELD_TEXT,
    TRACE_FIELD_PACKET,
    TRACE_FIELD_TYPE_COUNT
};

struct trace_field {
    enum trace_field_type type;
    size_t offset; /* in struct trace_event */
};

enum { TRACE_FIELDS_MOST = 10 };

struct trace_record {
    size_t count;
    struct trace_field fields[TRACE_FIELDS_MOST]; /* in the order of the file, behind the time */
};

/* By enum trace_event_kind. In a file a kind's number is its place here plus 1. */
extern const struct trace_record trace_records[TRACE_EVENT_KIND_COUNT];

#endif
