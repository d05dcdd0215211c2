/* SPDX-License-Identifier: MIT */
/*
 * The scripts of specs/suites/language use all that the language has: every call, socket option, structure, TCP option,
 * field and option of scripts, by the program's own tables. What is missing there is named.
 */
#include "engine/structure.h"
#include "language_suite.h"
#include "stack/linux_symbols.h"

enum { SCRIPTS_LEAST = 120 };

static const char *title_of(const struct suite_script *script)
{
    const char *title = program_note(&script->program, "title");
    if (title != NULL)
        return title;
    fail_msg("%s has no title", script->name);
    return "";
}

static void each_script_has_a_title_of_its_own(void **state)
{
    const struct language_suite *suite = *state;
    assert_in_range(suite->count, SCRIPTS_LEAST, SCRIPTS_MOST);
    for (size_t i = 0; i < suite->count; i++) {
        const char *title = title_of(&suite->scripts[i]);
        for (size_t j = 0; j < i; j++)
            if (strcmp(title, title_of(&suite->scripts[j])) == 0)
                fail_msg("%s and %s have the same title", suite->scripts[i].name, suite->scripts[j].name);
    }
}

static bool makes_call(const struct suite_place *place, const void *wanted)
{
    const struct call_event *call = place_call(place);
    return call != NULL && strcmp(call->name, wanted) == 0;
}

static void every_system_call_is_made(void **state)
{
    size_t count = 0;
    for (unsigned i = 0; i < STACK_OPERATION_COUNT; i++) {
        const char *name = stack_operation_name((enum stack_operation)i);
        if (!suite_shows(*state, makes_call, name))
            suite_missing(&count, "system call", name);
    }
    assert_int_equal(count, 0);
}

/* The socket options that scripts in the field use. Some are of other systems. */
static const char *const socket_options[] = {
    "SO_RCVBUF",
    "SO_ERROR",
    "SO_REUSEADDR",
    "TCP_FASTOPEN",
    "TCP_REMOTE_UDP_ENCAPS_PORT",
    "TCP_FASTOPEN_CONNECT",
    "SO_SNDBUF",
    "TCP_MAXSEG",
    "SO_ZEROCOPY",
    "TCP_KEEPIDLE",
    "TCP_NOTSENT_LOWAT",
    "TCP_KEEPINIT",
    "IP_TOS",
    "TCP_NODELAY",
    "TCP_NOOPT",
    "TCP_SYNCNT",
    "TCP_MD5SIG",
    "TCP_KEEPINTVL",
    "TCP_KEEPCNT",
    "TCP_FASTOPEN_KEY",
    "IP_TTL",
    "IPV6_UNICAST_HOPS",
    "IPV6_TCLASS",
    "TCP_CORK",
    "SO_TIMESTAMPING",
    "TCP_USER_TIMEOUT",
    "TCP_INQ",
    "SO_MARK",
    "SO_KEEPALIVE",
    "IP_MTU_DISCOVER",
    "IP_FREEBIND",
    "IPV6_USE_MIN_MTU",
    "TCP_FUNCTION_BLK",
    "TCP_INFO",
    "TCP_CONGESTION",
    "SO_LINGER",
    "SO_RCVTIMEO",
    "SO_SNDTIMEO",
    "IP_RECVERR",
    "TCP_DEFER_ACCEPT",
    "TCP_SAVE_SYN",
    "TCP_SAVED_SYN",
    "TCP_WINDOW_CLAMP",
    "TCP_REPAIR",
    "TCP_REPAIR_OPTIONS",
    "TCP_REPAIR_WINDOW",
    "TCP_AO_ADD_KEY",
};

/* True at a setsockopt() or getsockopt() with the option WANTED. */
static bool uses_option(const struct suite_place *place, const void *wanted)
{
    const struct call_event *call = place_call(place);
    if (call == NULL || call->count < 3 || call->arguments[2].kind != VALUE_NAME)
        return false;
    if (strcmp(call->name, "setsockopt") != 0 && strcmp(call->name, "getsockopt") != 0)
        return false;
    return strcmp(call->arguments[2].text, wanted) == 0;
}

/* A script that lacks NAME, and says so. */
static bool lacks(const struct suite_place *place, const void *wanted)
{
    char reason[256];
    (void)snprintf(reason, sizeof(reason), "%s is not known on this system, only on another", (const char *)wanted);
    return place->event == NULL && place->script->checked == VERDICT_NOT_APPLICABLE &&
           strcmp(place->script->reason, reason) == 0;
}

static void every_socket_option_is_set_or_read(void **state)
{
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(socket_options); i++) {
        const char *name = socket_options[i];
        int64_t value;
        enum symbol_place place = linux_symbol(name, strlen(name), &value);
        assert_int_not_equal(place, SYMBOL_UNKNOWN);
        if (!suite_shows(*state, uses_option, name))
            suite_missing(&count, "socket option", name);
        else if (place == SYMBOL_ELSEWHERE && !suite_shows(*state, lacks, name))
            suite_missing(&count, "absence here of", name);
    }
    assert_int_equal(count, 0);
}

/* What can't be shown on Linux, and by which script it is shown that the reason is told. */
static const struct {
    const char *script;
    const char *lacks;
    const char *why;
} not_here[] = {
    {"not-applicable-call.pkt", "kqueue", "a call of FreeBSD's"},
    {"not-applicable-error.pkt", "EFTYPE", "an error of FreeBSD's"},
    {"not-applicable-function-block.pkt", "TCP_FUNCTION_BLK", "FreeBSD has several stacks, Linux has one"},
    {"not-applicable-keepinit.pkt", "TCP_KEEPINIT", "FreeBSD's time for a handshake"},
    {"not-applicable-minimum-mtu.pkt", "IPV6_USE_MIN_MTU", "FreeBSD's, of RFC 3542"},
    {"not-applicable-noopt.pkt", "TCP_NOOPT", "FreeBSD's"},
    {"not-applicable-over-udp.pkt", "TCP over UDP", "FreeBSD's"},
    {"not-applicable-rack.pkt", "TCP_RACK_REORD_THRESH", "one of FreeBSD's stacks"},
    {"not-applicable-setting.pkt", "net.inet.tcp.hostcache.purgenow", "a setting of FreeBSD's"},
    {"not-applicable-udp-encapsulation.pkt", "TCP_REMOTE_UDP_ENCAPS_PORT", "TCP over UDP, which Linux has not"},
};

static void only_what_linux_lacks_is_not_applicable(void **state)
{
    const struct language_suite *suite = *state;
    size_t found = 0;
    for (size_t i = 0; i < suite->count; i++) {
        const struct suite_script *script = &suite->scripts[i];
        const struct suite_place place = {.script = script};
        size_t row = 0;
        while (row < COUNT_OF(not_here) && strcmp(not_here[row].script, script->name) != 0)
            row++;
        if (row == COUNT_OF(not_here) && script->checked != VERDICT_PASS)
            fail_msg("%s is %s: %s", script->name, verdict_name(script->checked), script->reason);
        if (row < COUNT_OF(not_here) && !lacks(&place, not_here[row].lacks))
            fail_msg("%s should lack %s (%s): %s", script->name, not_here[row].lacks, not_here[row].why,
                     script->reason);
        found += row < COUNT_OF(not_here);
    }
    assert_int_equal(found, COUNT_OF(not_here));
}

/* True at a structure of the kind WANTED, by its members' names or by the option whose value it is. */
static bool has_structure(const struct suite_place *place, const void *wanted)
{
    const struct value *value = place->value;
    if (value == NULL || value->kind != VALUE_STRUCT)
        return false;
    const struct call_event *call = &place->event->call;
    const char *option = call->count > 2 && call->arguments[2].kind == VALUE_NAME ? call->arguments[2].text : NULL;
    return structure_find(value, option) == wanted;
}

static void every_structure_is_written(void **state)
{
    const struct structure_row *row;
    size_t count = 0;
    for (size_t i = 0; (row = structure_at(i)) != NULL; i++)
        /* Two options may have the same structure, which is then found as the first of them. */
        if (!suite_shows(*state, has_structure, row) &&
            (row->option == NULL || !suite_shows(*state, uses_option, row->option)))
            suite_missing(&count, "structure", row->option != NULL ? row->option : row->members[0].name);
    assert_int_equal(count, 0);
}

static bool names_member(const struct suite_place *place, const void *wanted)
{
    const struct value *value = place->value;
    for (size_t i = 0; value != NULL && value->kind == VALUE_STRUCT && i < value->count; i++)
        if (value->names[i] != NULL && strcmp(value->names[i], wanted) == 0)
            return true;
    return false;
}

static void members_are_named(void **state, const struct structure_row *row, size_t *count)
{
    for (size_t i = 0; i < row->member_count; i++)
        if (!suite_shows(*state, names_member, row->members[i].name))
            suite_missing(count, "member", row->members[i].name);
}

/* But for TCP_INFO, most of which says how fast a connection is. */
static void every_member_is_named(void **state)
{
    static const char *const others[] = {
        "sa_family",      "sin_port",    "sin_addr", "sin6_port",  "sin6_flowinfo", "sin6_scope_id",
        "msg_name",       "msg_namelen", "msg_iov",  "msg_flags",  "msg_iovlen",    "msg_control",
        "msg_controllen", "iov_base",    "iov_len",  "cmsg_level", "cmsg_type",     "cmsg_data",
    };
    const struct structure_row *row;
    size_t count = 0;
    for (size_t i = 0; (row = structure_at(i)) != NULL; i++)
        if (row != &structure_tcp_info)
            members_are_named(state, row, &count);
    members_are_named(state, &structure_pollfd, &count);
    members_are_named(state, &structure_epoll_event, &count);
    for (size_t i = 0; i < COUNT_OF(others); i++)
        if (!suite_shows(*state, names_member, others[i]))
            suite_missing(&count, "member", others[i]);
    assert_int_equal(count, 0);
}

static bool has_option_of_script(const struct suite_place *place, const void *wanted)
{
    return place->event == NULL && program_option(&place->script->program, wanted) != NULL;
}

static void every_option_of_scripts_is_given(void **state)
{
    const char *name;
    size_t count = 0;
    for (size_t i = 0; (name = engine_option_name(i)) != NULL; i++)
        if (!suite_shows(*state, has_option_of_script, name))
            suite_missing(&count, "option --", name);
    assert_int_equal(count, 0);
}

static bool has_note(const struct suite_place *place, const void *wanted)
{
    const char *const *note = wanted;
    const struct program *program = &place->script->program;
    for (size_t i = 0; place->event == NULL && i < program->note_count; i++)
        if (strcmp(program->notes[i].key, note[0]) == 0 &&
            (note[1] == NULL || strcmp(program->notes[i].value, note[1]) == 0))
            return true;
    return false;
}

static void every_note_is_there(void **state)
{
    static const char *const notes[][2] = {
        {"title", NULL}, {"requirement", NULL}, {"timeout", NULL}, {"link", "raw"}, {"link", "tun"},
        {"ip", "4"},     {"ip", "6"},           {"ip", "4,6"},     {"note", NULL},
    };
    size_t count = 0;
    for (size_t i = 0; i < COUNT_OF(notes); i++)
        if (!suite_shows(*state, has_note, notes[i]))
            suite_missing(&count, "note", notes[i][0]);
    assert_int_equal(count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_script_has_a_title_of_its_own), cmocka_unit_test(every_system_call_is_made),
        cmocka_unit_test(every_socket_option_is_set_or_read), cmocka_unit_test(only_what_linux_lacks_is_not_applicable),
        cmocka_unit_test(every_structure_is_written),         cmocka_unit_test(every_member_is_named),
        cmocka_unit_test(every_option_of_scripts_is_given),   cmocka_unit_test(every_note_is_there),
    };
    return cmocka_run_group_tests(tests, suite_set_up, suite_tear_down);
}
