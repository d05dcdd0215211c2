/* SPDX-License-Identifier: MIT */
/* A file that is written from start to end through a buffer; what traces and captures are written to. */
#ifndef TRACE_OUTPUT_FILE_H
#define TRACE_OUTPUT_FILE_H

#include "base/bytes.h"
#include "base/error.h"

enum { OUTPUT_FILE_BUFFER = 65536 };

struct output_file {
    int descriptor; /* -1 while closed */
    size_t buffered;
    uint64_t written; /* bytes given so far, those in the buffer included */
    bool failed;      /* something could not be written: nothing is tried after that */
    char name[256];   /* for messages, cut to fit */
    uint8_t buffer[OUTPUT_FILE_BUFFER];
};

/* Makes the file at PATH, or empties the one that is there. */
MUST_USE bool output_file_open(struct output_file *file, const char *path, struct error *error);

/* Writes to DESCRIPTOR, which is FILE's from now on. NAME is for messages. */
void output_file_adopt(struct output_file *file, int descriptor, const char *name);

/* Appends BYTES; they are in the file at the latest after output_file_close(). */
MUST_USE bool output_file_append(struct output_file *file, struct bytes bytes, struct error *error);

/* Writes out what is in the buffer. */
MUST_USE bool output_file_flush(struct output_file *file, struct error *error);

/* Writes out and closes, in any case; false if not all that was appended may be in the file. */
MUST_USE bool output_file_close(struct output_file *file, struct error *error);

#endif
