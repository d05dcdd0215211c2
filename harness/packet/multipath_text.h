/* SPDX-License-Identifier: MIT */
/* An option of MPTCP while its text is read. Private to this room. */
#ifndef PACKET_MULTIPATH_TEXT_H
#define PACKET_MULTIPATH_TEXT_H

#include "packet/reader.h"

/* An option as far as it was written; what is read goes behind it. */
struct multipath_text {
    struct reader *reader;
    uint8_t *bytes; /* from the option's kind on */
    size_t size;
    bool id_is_open; /* no address identifier was written */
};

/* Writes SIZE bytes of VALUE. */
void multipath_write(struct multipath_text *option, uint64_t value, unsigned size);

/* Writes what every option of MPTCP begins with. */
void multipath_begin(struct multipath_text *option, unsigned subtype, unsigned flags);

/* Adds a slot for the SIZE bytes to be written next, and writes zeros there. False after a diagnostic. */
bool multipath_add_slot(struct multipath_text *option, enum slot_rule rule, uint8_t size, struct span at);

/* `NAME=N` with an N of at most MOST; NUMBER is left as it is, and AT returned, if the word is not there. */
const char *multipath_setting(struct reader *reader, const char *at, const char *name, uint32_t most,
                              struct reader_number *number);

/* As multipath_setting() of 64 bits. */
const char *multipath_wide_setting(struct reader *reader, const char *at, const char *name, uint64_t *number);

/* Takes the word NAME, whatever its length. */
const char *multipath_take(struct reader *reader, const char *at, const char *name);

/* What stands behind `mpcapable`, `mp_capable` and `mp_capable_no_cs`. */
const char *read_multipath_capable(struct multipath_text *option, const char *at);
const char *read_multipath_summed(struct multipath_text *option, const char *at);
const char *read_multipath_unsummed(struct multipath_text *option, const char *at);

/* What stands behind `dss`. */
const char *read_multipath_dss(struct multipath_text *option, const char *start);

#endif
