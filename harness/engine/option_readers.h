/* SPDX-License-Identifier: MIT */
/* What the values of a script's options mean, one function an option. Private to the engine. */
#ifndef ENGINE_OPTION_READERS_H
#define ENGINE_OPTION_READERS_H

#include "engine/engine.h"

/* Reads VALUE, all of it, into OPTIONS, which may point to it from then on; false if it does not fit. An option without
 * a value is read with "". */
typedef bool option_reader(const char *value, struct engine_options *options);

option_reader read_any_address;
option_reader read_any_ip;
option_reader read_bind_port;
option_reader read_udp_encapsulation;
option_reader read_code_command;
option_reader read_code_format;
option_reader read_code_option;
option_reader read_connect_port;
option_reader read_dry_run;
option_reader read_gateway_ip;
option_reader read_init_scripts;
option_reader read_ip_version;
option_reader read_link_local_ip;
option_reader read_local_ip;
option_reader read_mtu;
option_reader read_netmask;
option_reader read_non_fatal;
option_reader read_nothing;
option_reader read_remote_ip;
option_reader read_scaled_echo;
option_reader read_segment_size;
option_reader read_speed;
option_reader read_strict_segments;
option_reader read_timestamp_tick;
option_reader read_tolerance;
option_reader read_tolerance_percent;
option_reader read_verbose;

#endif
