/* SPDX-License-Identifier: MIT */
/* The trace's file format, version 1 (described at the head of file.c and in specs/README.md, "Traces"). */
#ifndef TRACE_FILE_H
#define TRACE_FILE_H

#include "trace/trace.h"

struct trace_writer;

/* Makes the file at PATH (truncating one that is there); end with trace_writer_close(). */
MUST_USE bool trace_writer_open(const char *path, struct trace_writer **writer, struct error *error);
/* As trace_writer_open(), but writes to DESCRIPTOR, which is the writer's from now on, also on failure. NAME is for
 * messages. */
MUST_USE bool trace_writer_adopt(int descriptor, const char *name, struct trace_writer **writer, struct error *error);
/* The sink that writes to it. */
struct trace_sink trace_writer_sink(struct trace_writer *writer);
/* Writes out what was taken so far, for those who read the file while it grows. */
MUST_USE bool trace_writer_flush(struct trace_writer *writer, struct error *error);
/* Writes out and closes; false if what was written may not all be in the file (a full disk). Frees in any case. */
MUST_USE bool trace_writer_close(struct trace_writer *writer, struct error *error);

/* True if the file at PATH begins as a trace does. */
bool trace_recognize(const char *path);

/* Reads the file at PATH event by event into SINK, in bounded memory. A file cut short gives what is whole, then an
 * error, which tells the offset in the file; records of a kind that this version does not know are skipped. */
MUST_USE bool trace_read(const char *path, const struct trace_sink *sink, struct error *error);
/* As trace_read() of a file that is still being written: that it has no end is no error. */
MUST_USE bool trace_read_growing(const char *path, const struct trace_sink *sink, struct error *error);

#endif
