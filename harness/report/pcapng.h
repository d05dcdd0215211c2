/* SPDX-License-Identifier: MIT */
/*
 * A capture of a run: the packets of a trace as a pcapng file that tcpdump and Wireshark read. Raw IP (link type 101),
 * times in nanoseconds, the direction of each packet as the harness has it (out to the stack, in from it), what is
 * wrong with a packet as its comment, the verdict as a comment of the statistics at the end.
 */
#ifndef REPORT_PCAPNG_H
#define REPORT_PCAPNG_H

#include "trace/trace.h"

struct pcapng_writer;

/* Makes the file at PATH (truncating one that is there); end with pcapng_writer_close(). */
MUST_USE bool pcapng_writer_open(const char *path, struct pcapng_writer **writer, struct error *error);
/* As pcapng_writer_open(), but writes to DESCRIPTOR, which is the writer's from now on, also on failure. NAME is for
 * messages. */
MUST_USE bool pcapng_writer_adopt(int descriptor, const char *name, struct pcapng_writer **writer, struct error *error);
/* The sink that writes to it; the first event should be TRACE_START, which tells the time of day. */
struct trace_sink pcapng_writer_sink(struct pcapng_writer *writer);
/* Writes out and closes; false if what was written may not all be in the file (a full disk). Frees in any case. */
MUST_USE bool pcapng_writer_close(struct pcapng_writer *writer, struct error *error);

#endif
