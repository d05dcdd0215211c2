/* SPDX-License-Identifier: MIT */
#include "suite/in_place.h"

#include "engine/engine.h"
#include "stack/linux.h"
#include "suite/hurry.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    PERFORMANCES_MOST = 4,
    FIRST_PORT = 49152, /* of the dynamic ones (RFC 6335) */
    PORT_COUNT = 16384,
    DESCRIPTORS_MOST = 1024, /* that a script is thought to open */
};

/* Where packetdrill's scripts think they are, by version: IPv4, IPv6. */
static const struct {
    const char *local;
    unsigned local_prefix;
    const char *remote;
    unsigned remote_prefix;
} places[] = {
    {"192.168.0.1", 16, "192.0.2.1", 24},
    {"fd3d:fa7b:d17d::1", 48, "2001:db8::1", 32},
};

/* A script that was read, and what it asks for. */
struct prepared {
    struct program program;
    struct engine_options options;
};

static struct address address_or(const struct address *given, const char *text)
{
    struct address address = *given;
    if (address.family == ADDRESS_NONE)
        INVARIANT(address_parse(text, strlen(text), &address));
    return address;
}

/* False if an address that was given is none of the version that the script runs on. */
static bool place_describe(const struct engine_options *options, struct linux_settings *settings, struct error *error)
{
    bool is6 = options->ip_version == IP_VERSION_IPV6;
    enum address_family family = is6 ? ADDRESS_IPV6 : ADDRESS_IPV4;
    *settings = (struct linux_settings){.link = LINUX_LINK_HERE, .mtu = options->mtu};
    settings->local[is6] = address_or(&options->local, places[is6].local);
    settings->remote[is6] = address_or(&options->remote, places[is6].remote);
    settings->here = (struct linux_place){
        .local_prefix = options->local_prefix == 0 ? places[is6].local_prefix : options->local_prefix,
        .remote_prefix = options->remote_prefix == 0 ? places[is6].remote_prefix : options->remote_prefix,
        .gateway = options->gateway,
        .any_ip = options->any_ip,
        .speed = options->speed,
        .segment_size = options->segment_size,
    };
    if (is6)
        settings->here.link_local = options->link_local;
    bool gateway_fits = options->gateway.family == ADDRESS_NONE || options->gateway.family == family;
    if (settings->local[is6].family == family && settings->remote[is6].family == family && gateway_fits)
        return true;
    return error_set(error, ERROR_MALFORMED, "the addresses given are not all of %s", is6 ? "IPv6" : "IPv4");
}

/* Reads and checks; what is wrong is in RESULT. */
static bool prepare(const struct in_place_settings *settings, const char *path, struct prepared *prepared,
                    struct suite_result *result)
{
    struct arena arena = {0};
    struct diagnostics diagnostics = {.arena = &arena};
    struct error error;
    *result = suite_result_of(VERDICT_ERROR, "");
    if (!program_load(path, &settings->program, &diagnostics, &prepared->program, &error))
        text_append_string(&result->headline, error.text);
    else if (diagnostics.count == 0)
        result->verdict = engine_check(&prepared->program, &diagnostics, &result->headline);
    if (result->verdict != VERDICT_ERROR && !engine_options_read(&prepared->program, &diagnostics, &prepared->options))
        result->verdict = VERDICT_ERROR;
    /* To be understood a script need not be one that can run here. */
    if (result->verdict == VERDICT_NOT_APPLICABLE && prepared->options.dry_run) {
        result->verdict = VERDICT_PASS;
        text_clear(&result->headline);
    }
    diagnostics_print(&result->detail, &prepared->program.source, &diagnostics);
    arena_free(&arena);
    return result->verdict == VERDICT_PASS;
}

/* Another one each time: what is left of an earlier connection must not be taken up. */
static uint16_t any_port(void)
{
    uint16_t number = 0;
    (void)!getrandom(&number, sizeof(number), GRND_NONBLOCK);
    return (uint16_t)(FIRST_PORT + number % PORT_COUNT);
}

/* Closes all from FIRST on; a connection is gone then, and speaks to nobody any more. */
static void close_from(int first)
{
    const struct linger at_once = {.l_onoff = 1};
    for (int descriptor = first; descriptor < first + DESCRIPTORS_MOST; descriptor++)
        (void)setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    (void)close_range((unsigned)first, UINT_MAX, 0);
}

static void perform_on(const struct in_place_settings *settings, const struct prepared *prepared, struct stack *stack,
                       struct in_place_result *result)
{
    const struct engine_settings engine = {.options = prepared->options,
                                           .trace = prepared->options.verbose ? settings->trace : settings->notes,
                                           .title = prepared->program.source.name,
                                           .first_port = any_port()};
    struct engine_result performed;
    struct run *run;
    if (engine_set_up(&prepared->program, stack, &engine, &performed, &run)) {
        hurry_begin();
        engine_perform(run);
        hurry_end();
    }
    result->line = performed.line;
    result->result = (struct suite_result){.there = true,
                                           .verdict = performed.verdict,
                                           .late = performed.late,
                                           .headline = performed.headline,
                                           .detail = performed.detail};
}

/* Opens the stack, performs once, and closes all that came of it. */
static void perform_once(const struct in_place_settings *settings, const struct prepared *prepared,
                         struct in_place_result *result)
{
    struct linux_settings place;
    struct stack *stack = NULL;
    struct error error;
    result->line = 0;
    int first = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
    if (first < 0)
        (void)error_set_system(&error, ERROR_SYSTEM_CALL, errno, "no descriptor is free");
    else
        (void)close(first);
    if (first < 0 || !place_describe(&prepared->options, &place, &error) || !linux_stack_open(&place, &stack, &error)) {
        result->result = suite_result_of(VERDICT_ERROR, error.text);
        return;
    }
    perform_on(settings, prepared, stack, result);
    stack_close(stack);
    close_from(first);
}

/* Scripts name files and commands from where they are themselves. */
static bool enter_folder(const char *path, struct error *error)
{
    char folder[PATH_MAX];
    struct text text = text_in(folder, sizeof(folder));
    const char *slash = strrchr(path, '/');
    if (slash == NULL)
        return true;
    text_append_bytes(&text, path, slash == path ? 1 : (size_t)(slash - path));
    if (text.truncated || chdir(folder) != 0)
        return error_set_system(error, ERROR_NOT_FOUND, text.truncated ? ENAMETOOLONG : errno,
                                "the folder of %s can't be entered", path);
    return true;
}

static void perform(const struct in_place_settings *settings, const struct prepared *prepared, const char *path,
                    struct in_place_result *result)
{
    struct error error;
    int before = open(".", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (!enter_folder(path, &error)) {
        result->result = suite_result_of(VERDICT_ERROR, error.text);
    } else {
        perform_once(settings, prepared, result);
        for (int i = 1; i < PERFORMANCES_MOST && result->result.verdict == VERDICT_INCONCLUSIVE; i++) {
            suite_result_free(&result->result);
            perform_once(settings, prepared, result);
        }
    }
    if (before >= 0) {
        (void)!fchdir(before);
        (void)close(before);
    }
}

void in_place_perform(const struct in_place_settings *settings, const char *path, struct in_place_result *result)
{
    struct prepared prepared = {.options = {0}};
    *result = (struct in_place_result){.line = 0};
    if (prepare(settings, path, &prepared, &result->result) && !prepared.options.dry_run) {
        suite_result_free(&result->result);
        perform(settings, &prepared, path, result);
    }
    program_free(&prepared.program);
}
