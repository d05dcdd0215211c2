/* SPDX-License-Identifier: MIT */
#include "base/character.h"
#include "base/nearest_name.h"
#include "engine/engine.h"

#include <errno.h>
#include <stdlib.h>

typedef bool option_reader(const char *value, struct engine_options *options);

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

static bool read_ip_version(const char *value, struct engine_options *options)
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

static bool read_tolerance(const char *value, struct engine_options *options)
{
    long long microseconds;
    if (!read_number(value, 3600 * INT64_C(1000000), &microseconds))
        return false;
    options->tolerance = microseconds * NANOSECONDS_PER_MICROSECOND;
    return true;
}

static bool read_tolerance_percent(const char *value, struct engine_options *options)
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
    long long number;
    if (!read_number(value, UINT16_MAX, &number) || number == 0)
        return false;
    *port = (uint16_t)number;
    return true;
}

static bool read_bind_port(const char *value, struct engine_options *options)
{
    return read_port(value, &options->bind_port);
}

static bool read_connect_port(const char *value, struct engine_options *options)
{
    return read_port(value, &options->connect_port);
}

static bool read_mtu(const char *value, struct engine_options *options)
{
    long long number;
    if (!read_number(value, UINT16_MAX, &number) || number < 68)
        return false;
    options->mtu = (unsigned)number;
    return true;
}

static bool read_timestamp_tick(const char *value, struct engine_options *options)
{
    long long microseconds;
    if (!read_number(value, 1000000, &microseconds))
        return false;
    options->timestamp_tick = microseconds * NANOSECONDS_PER_MICROSECOND;
    return true;
}

/* `tcp`, where each segment says its ports itself, or the port of all of them. `sctp` says nothing of TCP. */
static bool read_udp_encapsulation(const char *value, struct engine_options *options)
{
    options->udp_encapsulation = strcmp(value, "sctp") != 0;
    options->udp_port = 0;
    return strcmp(value, "tcp") == 0 || strcmp(value, "sctp") == 0 || read_port(value, &options->udp_port);
}

static bool read_local_ip(const char *value, struct engine_options *options)
{
    return address_parse(value, strlen(value), &options->local);
}

static bool read_remote_ip(const char *value, struct engine_options *options)
{
    return address_parse(value, strlen(value), &options->remote);
}

static const struct {
    const char *name;
    option_reader *read;
    const char *expected;
} option_rows[] = {
    {"ip_version", read_ip_version, "ipv4, ipv6 or ipv4-mapped-ipv6"},
    {"tolerance_usecs", read_tolerance, "microseconds, at most an hour of them"},
    {"tolerance_percent", read_tolerance_percent, "a percentage from 0 to 1000"},
    {"bind_port", read_bind_port, "a port from 1 to 65535"},
    {"connect_port", read_connect_port, "a port from 1 to 65535"},
    {"mtu", read_mtu, "a number of bytes from 68 to 65535"},
    {"tcp_ts_tick_usecs", read_timestamp_tick, "microseconds, at most a second of them"},
    {"udp_encapsulation", read_udp_encapsulation, "tcp, sctp or a port from 1 to 65535"},
    {"local_ip", read_local_ip, "an IPv4 or IPv6 address"},
    {"remote_ip", read_remote_ip, "an IPv4 or IPv6 address"},
};

const char *engine_option_name(size_t index)
{
    return index < COUNT_OF(option_rows) ? option_rows[index].name : NULL;
}

static const char *option_name_at(const void *context, size_t index)
{
    (void)context;
    return engine_option_name(index);
}

/* '-' and '_' are the same in the names of options. */
static bool option_named(const char *written, const char *name)
{
    size_t i = 0;
    while (written[i] != '\0' && (written[i] == name[i] || (written[i] == '-' && name[i] == '_')))
        i++;
    return written[i] == '\0' && name[i] == '\0';
}

static bool option_read(const struct program_option *option, struct diagnostics *diagnostics,
                        struct engine_options *options)
{
    for (size_t i = 0; i < COUNT_OF(option_rows); i++) {
        if (!option_named(option->name, option_rows[i].name))
            continue;
        if (option->value != NULL && option_rows[i].read(option->value, options))
            return true;
        return diagnostics_add(diagnostics, option->at, "the option --%s takes %s", option_rows[i].name,
                               option_rows[i].expected);
    }
    const char *nearest = nearest_name(option->name, strlen(option->name), option_name_at, NULL);
    if (nearest == NULL)
        return diagnostics_add(diagnostics, option->at, "unknown option --%s", option->name);
    return diagnostics_add(diagnostics, option->at, "unknown option --%s; did you mean --%s?", option->name, nearest);
}

bool engine_options_read(const struct program *program, struct diagnostics *diagnostics, struct engine_options *options)
{
    struct engine_options read = {
        .ip_version = IP_VERSION_IPV4,
        .tolerance = 4 * NANOSECONDS_PER_MILLISECOND,
        .tolerance_percent = 12.5,
        .bind_port = 8080,
        .connect_port = 8080,
        .mtu = 1500,
    };
    bool right = true;
    for (size_t i = 0; i < program->option_count; i++)
        right = option_read(&program->options[i], diagnostics, &read) && right;
    if (right)
        *options = read;
    return right;
}
