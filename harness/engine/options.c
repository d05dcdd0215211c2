/* SPDX-License-Identifier: MIT */
/* The options as a table: what each is called, what it takes, who reads it. */
#include "engine/option_readers.h"

#include "base/nearest_name.h"

#define WIRE   "tests of another machine are not made from here: run this on that machine itself"
#define PLUGIN "a stack in a shared object is plugged in through shakedown's own interface, not packetdrill's"

static const struct option_row {
    const char *name;
    const char *value; /* what the help calls it; NULL for an option without one */
    const char *help;
    option_reader *read;  /* VALUE is "" for an option without one */
    const char *expected; /* "the option --mtu takes ..." */
    const char *refused;  /* why there is no such option here, and what to do instead */
} rows[] = {
    {.name = "ip_version",
     .value = "VERSION",
     .help = "ipv4 (default), ipv6 or ipv4-mapped-ipv6",
     .read = read_ip_version,
     .expected = "ipv4, ipv6 or ipv4-mapped-ipv6"},
    {.name = "bind_port",
     .value = "PORT",
     .help = "what bind() takes for `...` (8080)",
     .read = read_bind_port,
     .expected = "a port from 1 to 65535"},
    {.name = "connect_port",
     .value = "PORT",
     .help = "what connect() takes for `...` (8080)",
     .read = read_connect_port,
     .expected = "a port from 1 to 65535"},
    {.name = "local_ip",
     .value = "ADDRESS",
     .help = "the stack's (192.168.0.1 or fd3d:fa7b:d17d::1)",
     .read = read_local_ip,
     .expected = "an IPv4 or IPv6 address"},
    {.name = "netmask_ip",
     .value = "MASK",
     .help = "of the stack's IPv4 network (255.255.0.0)",
     .read = read_netmask,
     .expected = "a mask such as 255.255.0.0"},
    {.name = "remote_ip",
     .value = "ADDRESS[/N]",
     .help = "the harness's (192.0.2.1/24 or 2001:db8::1/32)",
     .read = read_remote_ip,
     .expected = "an IPv4 or IPv6 address"},
    {.name = "gateway_ip",
     .value = "ADDRESS",
     .help = "of the route to the harness",
     .read = read_gateway_ip,
     .expected = "an IPv4 or IPv6 address"},
    {.name = "local_linklocal_ip",
     .value = "ADDRESS",
     .help = "another address of the stack's, of IPv6",
     .read = read_link_local_ip,
     .expected = "an IPv6 address"},
    {.name = "gateway_linklocal_ip",
     .value = "ADDRESS",
     .help = "taken and not needed: the device has one other end",
     .read = read_any_address,
     .expected = "an IPv6 address"},
    {.name = "is_anyip", .help = "all addresses of the stack's network are its own", .read = read_any_ip},
    {.name = "mtu",
     .value = "BYTES",
     .help = "of the device (1500)",
     .read = read_mtu,
     .expected = "a number of bytes from 68 to 65535"},
    {.name = "mss",
     .value = "BYTES",
     .help = "give longer segments to the stack as many of this size in one",
     .read = read_segment_size,
     .expected = "a number of bytes from 1 to 65535"},
    {.name = "speed",
     .value = "MBPS",
     .help = "what the device says its speed is",
     .read = read_speed,
     .expected = "megabits a second"},
    {.name = "tolerance_usecs",
     .value = "N",
     .help = "how far off an event may be, in microseconds (4000)",
     .read = read_tolerance,
     .expected = "microseconds, at most an hour of them"},
    {.name = "tolerance_percent",
     .value = "PERCENT",
     .help = "and, where that is more, of the time since the one before (12.5)",
     .read = read_tolerance_percent,
     .expected = "a percentage from 0 to 1000"},
    {.name = "tcp_ts_tick_usecs",
     .value = "N",
     .help = "how fast the stack's timestamps tick (0: not looked at)",
     .read = read_timestamp_tick,
     .expected = "microseconds, at most a second of them"},
    {.name = "tcp_ts_ecr_scaled",
     .help = "every `ecr` counts from the stack's first timestamp",
     .read = read_scaled_echo},
    {.name = "strict_segments",
     .help = "what comes in several segments is not taken for one",
     .read = read_strict_segments},
    {.name = "udp_encapsulation",
     .value = "WHAT",
     .help = "tcp: segments come in UDP datagrams; or the port of all of them",
     .read = read_udp_encapsulation,
     .expected = "tcp, sctp or a port from 1 to 65535"},
    {.name = "send_omit_free", .help = "what is sent stays in memory (it always does)", .read = read_nothing},
    {.name = "non_fatal",
     .value = "TYPES",
     .help = "go on behind a wrong `packet`, `syscall`, or both",
     .read = read_non_fatal,
     .expected = "`packet`, `syscall` or both with a comma between"},
    {.name = "init_scripts",
     .value = "FILES",
     .help = "programs to run before each script, with commas between",
     .read = read_init_scripts,
     .expected = "the names of programs, with commas between"},
    {.name = "code_command",
     .value = "COMMAND",
     .help = "what runs code (/usr/bin/python3)",
     .read = read_code_command,
     .expected = "a Python interpreter, perhaps with arguments"},
    {.name = "code_format",
     .value = "FORMAT",
     .help = "python (default) is the only one",
     .read = read_code_format,
     .expected = "python: code in another language can't be run"},
    {.name = "code_sockopt",
     .value = "OPTION",
     .help = "TCP_INFO (default) is the only one",
     .read = read_code_option,
     .expected = "TCP_INFO: code is not told of other socket options"},
    {.name = "dry_run", .help = "check the scripts without running them", .read = read_dry_run},
    {.name = "verbose", .help = "say what happens, as it happens; also -v", .read = read_verbose},
    {.name = "debug", .help = "the same", .read = read_verbose},
    {.name = "wire_client", .refused = WIRE},
    {.name = "wire_server", .refused = WIRE},
    {.name = "wire_server_ip", .value = "ADDRESS", .refused = WIRE},
    {.name = "wire_server_port", .value = "PORT", .refused = WIRE},
    {.name = "wire_client_dev", .value = "DEVICE", .refused = WIRE},
    {.name = "wire_server_dev", .value = "DEVICE", .refused = WIRE},
    {.name = "so_filename", .value = "FILE", .refused = PLUGIN},
    {.name = "so_flags", .value = "FLAGS", .refused = PLUGIN},
};

const char *engine_option_name(size_t index)
{
    /* Those that are refused are the last. */
    return index < COUNT_OF(rows) && rows[index].refused == NULL ? rows[index].name : NULL;
}

static const char *option_name_at(const void *context, size_t index)
{
    (void)context;
    return index < COUNT_OF(rows) ? rows[index].name : NULL;
}

/* '-' and '_' are the same in the names of options. How many characters of WRITTEN agree with NAME. */
static size_t agreement(const char *written, const char *name)
{
    size_t i = 0;
    while (written[i] != '\0' && (written[i] == name[i] || (written[i] == '-' && name[i] == '_')))
        i++;
    return i;
}

static const struct option_row *option_find(const char *written)
{
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        size_t length = agreement(written, rows[i].name);
        if (written[length] == '\0' && rows[i].name[length] == '\0')
            return &rows[i];
    }
    return NULL;
}

bool engine_option_is(const struct program_option *option, const char *name)
{
    const struct option_row *row = option_find(option->name);
    return row != NULL && strcmp(row->name, name) == 0;
}

/* The option that WRITTEN is the beginning of; NULL if there is none or more than one. */
static const struct option_row *option_complete(const char *written)
{
    const struct option_row *found = option_find(written);
    if (found != NULL)
        return found;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        if (written[agreement(written, rows[i].name)] != '\0')
            continue;
        if (found != NULL)
            return NULL;
        found = &rows[i];
    }
    return found;
}

static bool explain_unknown(struct text *why, const char *name)
{
    const char *nearest = nearest_name(name, strlen(name), option_name_at, NULL);
    text_append_format(why, "unknown option --%s", name);
    if (nearest != NULL)
        text_append_format(why, "; did you mean --%s?", nearest);
    return false;
}

/* Reads VALUE, which is NULL if there is none; else why not. */
static bool row_read(const struct option_row *row, const char *value, struct engine_options *options, struct text *why)
{
    if (row->refused != NULL) {
        text_append_format(why, "there is no option --%s here: %s", row->name, row->refused);
        return false;
    }
    bool flag = row->value == NULL;
    if (flag == (value == NULL) && row->read(flag ? "" : value, options))
        return true;
    if (flag)
        text_append_format(why, "the option --%s takes no value", row->name);
    else
        text_append_format(why, "the option --%s takes %s", row->name, row->expected);
    return false;
}

bool engine_option_check(const char *name, const char *value, const char **complete, bool *is_flag, struct error *error)
{
    char sentence[256];
    struct text why = text_in(sentence, sizeof(sentence));
    struct engine_options scratch = {0};
    const struct option_row *row = option_complete(name);
    bool right = row == NULL ? explain_unknown(&why, name) : true;
    bool unread = right && value == NULL && row->value != NULL && row->refused == NULL;
    if (!right || (!unread && !row_read(row, value, &scratch, &why)))
        return error_set(error, ERROR_USAGE, "%s", sentence);
    *complete = row->name;
    *is_flag = row->value == NULL;
    return true;
}

void engine_options_print(struct text *text)
{
    enum { HELP_COLUMN = 32 };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        const struct option_row *row = &rows[i];
        if (row->refused != NULL)
            continue;
        size_t start = text->length;
        text_append_format(text, "  --%s%s%s", row->name, row->value == NULL ? "" : "=",
                           row->value == NULL ? "" : row->value);
        size_t width = text->length - start;
        text_append_repeated(text, ' ', width + 2 <= HELP_COLUMN ? HELP_COLUMN - width : 2);
        text_append_format(text, "%s\n", row->help);
    }
}

static bool option_read(const struct program_option *option, struct diagnostics *diagnostics,
                        struct engine_options *options)
{
    char sentence[256];
    struct text why = text_in(sentence, sizeof(sentence));
    const struct option_row *row = option_find(option->name);
    /* A definition was taken while the script was read. */
    if (row == NULL && strcmp(option->name, "define") == 0)
        return true;
    if (row == NULL ? explain_unknown(&why, option->name) : row_read(row, option->value, options, &why))
        return true;
    return diagnostics_add(diagnostics, option->at, "%s", sentence);
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
