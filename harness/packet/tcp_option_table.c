/* SPDX-License-Identifier: MIT */
#include "packet/tcp_option_table.h"

const struct tcp_option_row tcp_option_rows[256] = {
#define X(kind, name, form, sizes, meaning) [kind] = {name, meaning, sizes, sizeof(name) - 1, form},
    TCP_OPTIONS(X)
#undef X
};

const char accecn_counter_names[2][ACCECN_COUNTERS][8] = {
    {"e0b", "ceb", "e1b"},
    {"e1b", "ceb", "e0b"},
};

const char *const multipath_subtype_names[MULTIPATH_SUBTYPES] = {
    "mp_capable", "mp_join", "dss", "add_addr", "remove_addr", "mp_prio", "mp_fail", "mp_fastclose", "mp_tcprst",
};

const char *tcp_option_name(uint8_t kind)
{
    return tcp_option_rows[kind].name;
}

const char *tcp_option_meaning(uint8_t kind)
{
    return tcp_option_rows[kind].meaning;
}
