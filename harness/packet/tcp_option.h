/* SPDX-License-Identifier: MIT */
/* TCP options: a table of kinds, a walk over option bytes, typed values and their wire and text forms. */
#ifndef PACKET_TCP_OPTION_H
#define PACKET_TCP_OPTION_H

#include "base/bytes.h"
#include "base/scanner.h"

/* The kinds that have a typed value here (IANA "TCP Option Kind Numbers"). */
enum tcp_option_kind {
    TCP_OPTION_END = 0,
    TCP_OPTION_NOP = 1,
    TCP_OPTION_MSS = 2,
    TCP_OPTION_WINDOW_SCALE = 3,
    TCP_OPTION_SACK_PERMITTED = 4,
    TCP_OPTION_SACK = 5,
    TCP_OPTION_TIMESTAMPS = 8,
    TCP_OPTION_MD5 = 19,
    TCP_OPTION_USER_TIMEOUT = 28,
    TCP_OPTION_AUTHENTICATION = 29,
    TCP_OPTION_MULTIPATH = 30,
    TCP_OPTION_FAST_OPEN = 34,
    TCP_OPTION_ACCECN_0 = 172,
    TCP_OPTION_ACCECN_1 = 174,
    TCP_OPTION_EXPERIMENT_1 = 253, /* with the identifier 0xf989: Fast Open's experimental form */
    TCP_OPTION_EXPERIMENT_2 = 254,
};

enum {
    TCP_SACK_BLOCKS_MOST = 4,
    FAST_OPEN_EXPERIMENT = 0xf989,
};

/* What is wrong with one option. */
enum tcp_option_fault {
    TCP_OPTION_SOUND,
    TCP_OPTION_LENGTH_BELOW_TWO, /* nothing behind it can be read */
    TCP_OPTION_PAST_HEADER,      /* nothing behind it can be read */
    TCP_OPTION_UNUSUAL_SIZE,     /* a length that its kind does not allow; the walk goes on */
};

/* One option as it stands on the wire. */
struct tcp_option {
    uint8_t kind;
    uint8_t length; /* the length byte; 1 for END and NOP, which have none */
    enum tcp_option_fault fault;
    struct bytes whole; /* kind, length and body as far as they are there */
    struct bytes body;  /* behind kind and length */
};

/*
 * Takes the option at the start of *REST and moves past it; false at the end. END is given as an option like any other
 * and the walk stops behind it: *REST is then what follows the marker. After a fault that ends the walk *REST is empty.
 */
bool tcp_option_next(struct bytes *rest, struct tcp_option *option);

/* Finds the first option of KIND (a sound one only). */
bool tcp_option_find(struct bytes options, uint8_t kind, struct tcp_option *option);

struct tcp_sack_block {
    uint32_t left;
    uint32_t right;
};

/* A typed value. Kinds without a member of the union are their `body`. */
struct tcp_option_value {
    uint8_t kind;
    bool typed; /* the union's member for the kind is set; else `body` is */
    union {
        uint16_t mss;
        uint8_t window_scale;
        struct {
            uint32_t value;
            uint32_t echo_reply;
        } timestamps;
        struct {
            unsigned count;
            struct tcp_sack_block blocks[TCP_SACK_BLOCKS_MOST];
        } sack;
        struct {
            bool minutes; /* the granularity bit: minutes, else seconds */
            uint16_t timeout;
        } user_timeout;
        struct {
            uint8_t key_id;
            uint8_t receive_next_key_id;
            struct bytes mac;
        } authentication;
        struct {
            uint8_t subtype; /* four bits (RFC 8684 section 3) */
            uint8_t flags;   /* the four bits behind it: a version or flags */
            struct bytes data;
        } multipath;
        struct {
            bool experimental; /* kind 253 or 254 with FAST_OPEN_EXPERIMENT */
            struct bytes cookie;
        } fast_open;
        struct {
            unsigned count;       /* 0 to 3 counters, in the order of the kind (RFC 9768 section 3.2.3) */
            uint32_t counters[3]; /* 24 bits each */
        } accecn;
        struct bytes md5; /* 16 bytes */
    };
    struct bytes body;
};

/* Typed value of OPTION; the views point where OPTION's do. `typed` is false if its size is not one of the kind's. */
void tcp_option_read(const struct tcp_option *option, struct tcp_option_value *value);

/* Writes VALUE as option bytes; the length byte follows from the value. */
void tcp_option_write(const struct tcp_option_value *value, struct byte_writer *writer);

/* The short name used in text ("mss", "TS"), or NULL for a kind that has no name of its own; and the IANA meaning. */
const char *tcp_option_name(uint8_t kind);
const char *tcp_option_meaning(uint8_t kind);

/* Text of one option as segments' text has it: "mss 1460", "TS val 1 ecr 0", "kind 77 0a0b", "raw 0200". */
void tcp_option_print(struct text *text, const struct tcp_option *option);

#endif
