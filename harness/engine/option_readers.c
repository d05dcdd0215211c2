/* SPDX-License-Identifier: MIT */
#include "engine/option_readers.h"

#include "base/character.h"

#include <errno.h>
#include <stdlib.h>

/* A decimal number from 0 to MOST, all of VALUE. */
static bool read_number(const char *value, long long most, long long *number)
{
    char *end;
    errno = 0;
    long long read = strtoll(value, &end, 0);
    if (!character_is_digit(value[0]) || *end != '\0' || errno != 0 || read > most)
        return false;
    *number = read;
    return true;
}

static bool read_microseconds(const char *value, long long most, nanoseconds *time)
{
    long long microseconds;
    if (!read_number(value, most, &microseconds))
        return false;
    *time = microseconds * NANOSECONDS_PER_MICROSECOND;
    return true;
}

/* A number from LEAST to MOST. */
static bool read_bounded(const char *value, long long least, long long most, unsigned *number)
{
    long long read;
    if (!read_number(value, most, &read) || read < least)
        return false;
    *number = (unsigned)read;
    return true;
}

bool read_ip_version(const char *value, struct engine_options *options)
{
    static const char *const names[] = {
        [IP_VERSION_IPV4] = "ipv4",
        [IP_VERSION_IPV6] = "ipv6",
        [IP_VERSION_IPV4_MAPPED] = "ipv4-mapped-ipv6",
    };
    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        if (strcmp(value, names[i]) == 0) {
            options->ip_version = i;
            options->ip_version_given = true;
            return true;
        }
    }
    return false;
}

bool read_tolerance(const char *value, struct engine_options *options)
{
    return read_microseconds(value, 3600 * INT64_C(1000000), &options->tolerance);
}

bool read_tolerance_percent(const char *value, struct engine_options *options)
{
    char *end;
    double percent = strtod(value, &end);
    if (end == value || *end != '\0' || !(percent >= 0.0 && percent <= 1000.0))
        return false;
    options->tolerance_percent = percent;
    return true;
}

static bool read_port(const char *value, uint16_t *port)
{
    unsigned number;
    if (!read_bounded(value, 1, UINT16_MAX, &number))
        return false;
    *port = (uint16_t)number;
    return true;
}

bool read_udp_encapsulation(const char *value, struct engine_options *options)
{
    /* `sctp` says nothing of TCP. */
    options->udp_encapsulation = strcmp(value, "sctp") != 0;
    options->udp_port = 0;
    return strcmp(value, "tcp") == 0 || strcmp(value, "sctp") == 0 || read_port(value, &options->udp_port);
}

bool read_bind_port(const char *value, struct engine_options *options)
{
    return read_port(value, &options->bind_port);
}

bool read_connect_port(const char *value, struct engine_options *options)
{
    return read_port(value, &options->connect_port);
}

bool read_mtu(const char *value, struct engine_options *options)
{
    return read_bounded(value, 68, UINT16_MAX, &options->mtu);
}

bool read_segment_size(const char *value, struct engine_options *options)
{
    return read_bounded(value, 1, UINT16_MAX, &options->segment_size);
}

bool read_speed(const char *value, struct engine_options *options)
{
    return read_bounded(value, 0, UINT32_MAX, &options->speed);
}

bool read_timestamp_tick(const char *value, struct engine_options *options)
{
    return read_microseconds(value, 1000000, &options->timestamp_tick);
}

static bool read_address(const char *value, struct address *address)
{
    return address_parse(value, strlen(value), address);
}

/* An address, perhaps with `/` and the length of its network's prefix behind it. */
static bool read_network(const char *value, struct address *address, unsigned *prefix)
{
    const char *slash = strchr(value, '/');
    struct address read;
    unsigned bits = 0;
    if (slash == NULL)
        return read_address(value, address);
    if (!address_parse(value, (size_t)(slash - value), &read) ||
        !read_bounded(slash + 1, 1, (long long)address_size(read.family) * 8, &bits))
        return false;
    *address = read;
    *prefix = bits;
    return true;
}

bool read_local_ip(const char *value, struct engine_options *options)
{
    return read_network(value, &options->local, &options->local_prefix);
}

bool read_remote_ip(const char *value, struct engine_options *options)
{
    return read_network(value, &options->remote, &options->remote_prefix);
}

bool read_gateway_ip(const char *value, struct engine_options *options)
{
    return read_address(value, &options->gateway);
}

bool read_link_local_ip(const char *value, struct engine_options *options)
{
    return read_address(value, &options->link_local) && options->link_local.family == ADDRESS_IPV6;
}

bool read_any_address(const char *value, struct engine_options *options)
{
    struct address any;
    (void)options;
    return read_address(value, &any);
}

/* The ones of a mask come first, and there are some. */
bool read_netmask(const char *value, struct engine_options *options)
{
    struct address mask;
    if (!read_address(value, &mask) || mask.family != ADDRESS_IPV4)
        return false;
    unsigned bits = 0;
    while (bits < 32 && (mask.bytes[bits / 8] & (0x80U >> bits % 8)) != 0)
        bits++;
    for (unsigned rest = bits; rest < 32; rest++)
        if ((mask.bytes[rest / 8] & (0x80U >> rest % 8)) != 0)
            return false;
    options->local_prefix = bits;
    return bits > 0;
}

bool read_non_fatal(const char *value, struct engine_options *options)
{
    static const char separators[] = ", ";
    bool any = false;
    for (const char *at = value + strspn(value, separators); *at != '\0'; at += strspn(at, separators)) {
        size_t length = strcspn(at, separators);
        if (length == strlen("packet") && memcmp(at, "packet", length) == 0)
            options->non_fatal_packet = true;
        else if (length == strlen("syscall") && memcmp(at, "syscall", length) == 0)
            options->non_fatal_call = true;
        else
            return false;
        any = true;
        at += length;
    }
    return any;
}

bool read_init_scripts(const char *value, struct engine_options *options)
{
    options->init_scripts = value;
    return value[0] != '\0';
}

bool read_code_command(const char *value, struct engine_options *options)
{
    options->code_command = value;
    return value[strspn(value, " ")] != '\0';
}

bool read_code_format(const char *value, struct engine_options *options)
{
    (void)options;
    return strcmp(value, "python") == 0;
}

bool read_code_option(const char *value, struct engine_options *options)
{
    (void)options;
    return value[0] == '\0' || strcmp(value, "TCP_INFO") == 0;
}

bool read_any_ip(const char *value, struct engine_options *options)
{
    (void)value;
    options->any_ip = true;
    return true;
}

bool read_strict_segments(const char *value, struct engine_options *options)
{
    (void)value;
    options->strict_segments = true;
    return true;
}

bool read_scaled_echo(const char *value, struct engine_options *options)
{
    (void)value;
    options->scaled_echo = true;
    return true;
}

bool read_dry_run(const char *value, struct engine_options *options)
{
    (void)value;
    options->dry_run = true;
    return true;
}

bool read_verbose(const char *value, struct engine_options *options)
{
    (void)value;
    options->verbose = true;
    return true;
}

bool read_nothing(const char *value, struct engine_options *options)
{
    (void)value;
    (void)options;
    return true;
}
