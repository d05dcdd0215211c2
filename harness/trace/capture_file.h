/* SPDX-License-Identifier: MIT */
/*
 * Files of captured packets, pcap and pcapng, packet by packet.
 *
 * libpcap reads them too, but tells less than evidence needs: not how many packets were lost on the way into the file,
 * not where in the file it is broken, and of a pcapng file with interfaces of different link types nothing at all.
 */
#ifndef TRACE_CAPTURE_FILE_H
#define TRACE_CAPTURE_FILE_H

#include "base/bytes.h"
#include "base/clock.h"
#include "base/error.h"

/* One packet of it. */
struct capture_record {
    uint64_t number;    /* from 1, as tcpdump and Wireshark count */
    nanoseconds time;   /* since 1970; 0 where it is not told */
    uint32_t link_type; /* the LINKTYPE_ number of its interface */
    struct bytes data;  /* from the link layer's header on; lives until the next is read */
    uint32_t length;    /* that it had on the wire */
};

struct capture_file;

enum capture_file_next {
    CAPTURE_FILE_PACKET,
    CAPTURE_FILE_END,
    CAPTURE_FILE_BROKEN, /* no more can be read, as the error says */
};

/* Opens the file at PATH, or standard input for "-". Ends with capture_file_close(). */
MUST_USE bool capture_file_open(const char *path, struct capture_file **file, struct error *error);

/* As capture_file_open(), of a capture in memory, which has to outlive it. */
MUST_USE bool capture_file_open_bytes(struct bytes bytes, struct capture_file **file, struct error *error);

void capture_file_close(struct capture_file *file);

/* Reads the next packet. */
enum capture_file_next capture_file_next(struct capture_file *file, struct capture_record *record, struct error *error);

/* How many packets were lost on the way into the file, as far as the file has told until now. */
uint64_t capture_file_lost(const struct capture_file *file);

#endif
