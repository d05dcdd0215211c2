/* SPDX-License-Identifier: MIT */
/* Trace events as lines that people read, packets as tcpdump prints them. */
#ifndef TRACE_PRINT_H
#define TRACE_PRINT_H

#include "packet/packet.h"
#include "trace/trace.h"

/* A packet as tcpdump's -n -S prints it behind the time: "IP 192.0.2.1.56742 > 192.0.2.2.12345: Flags [S], seq 1, ...".
 * Defects follow in brackets. No line end. */
void trace_print_packet(struct text *text, const struct packet *packet);

/* One line for an event, ended by a newline: the time in seconds with microseconds, `<` `>` for packets, then the rest.
 */
void trace_print_event(struct text *text, const struct trace_event *event);

#endif
