/* SPDX-License-Identifier: MIT */
/* Constants by name: here, elsewhere, nowhere. */
#include "live.h"

#include "stack/linux_symbol_rows.h"
#include "stack/linux_symbols.h"

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/ioctl.h>

static const struct linux_symbol_rows *const subjects[] = {
    &linux_symbols_socket,
    &linux_symbols_internet,
    &linux_symbols_tcp,
    &linux_symbols_file,
};

static enum symbol_place place_of(const char *name, int64_t *value)
{
    return linux_symbol(name, strlen(name), value);
}

static void every_table_is_in_order(void **state)
{
    (void)state;
    for (size_t subject = 0; subject < COUNT_OF(subjects); subject++)
        for (size_t i = 1; i < subjects[subject]->count; i++)
            assert_true(strcmp(subjects[subject]->rows[i - 1].name, subjects[subject]->rows[i].name) < 0);
    for (size_t i = 1; foreign_symbol_at(i) != NULL; i++)
        assert_true(strcmp(foreign_symbol_at(i - 1), foreign_symbol_at(i)) < 0);
}

static void every_name_is_found_in_its_own_place(void **state)
{
    (void)state;
    int64_t value;
    for (size_t subject = 0; subject < COUNT_OF(subjects); subject++)
        for (size_t i = 0; i < subjects[subject]->count; i++) {
            assert_int_equal(place_of(subjects[subject]->rows[i].name, &value), SYMBOL_HERE);
            assert_int_equal(value, subjects[subject]->rows[i].value);
        }
    for (size_t i = 0; linux_error_name_at(i) != NULL; i++)
        assert_int_equal(place_of(linux_error_name_at(i), &value), SYMBOL_HERE);
    for (size_t i = 0; foreign_symbol_at(i) != NULL; i++) {
        value = 4711;
        assert_int_equal(place_of(foreign_symbol_at(i), &value), SYMBOL_ELSEWHERE);
        assert_int_equal(value, 4711);
    }
}

static void values_are_those_of_the_system(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int64_t value;
    } samples[] = {
        {"SOL_SOCKET", SOL_SOCKET},     {"SO_REUSEADDR", SO_REUSEADDR}, {"TCP_FASTOPEN", TCP_FASTOPEN},
        {"O_NONBLOCK", O_NONBLOCK},     {"F_SETFL", F_SETFL},           {"ECONNREFUSED", ECONNREFUSED},
        {"EWOULDBLOCK", EAGAIN},        {"TCP_SYN_SENT", TCP_SYN_SENT}, {"INADDR_LOOPBACK", 0x7f000001},
        {"IPPROTO_MPTCP", 262},         {"TCP_AO_ADD_KEY", 38},         {"POLLIN", POLLIN},
        {"MSG_FASTOPEN", MSG_FASTOPEN}, {"SHUT_WR", SHUT_WR},           {"SO_RCVBUF", SO_RCVBUF},
        {"TCP_CA_Open", TCP_CA_Open},   {"IPV6_V6ONLY", IPV6_V6ONLY},   {"SIOCINQ", FIONREAD},
    };
    for (size_t i = 0; i < COUNT_OF(samples); i++) {
        int64_t value;
        assert_int_equal(place_of(samples[i].name, &value), SYMBOL_HERE);
        assert_int_equal(value, samples[i].value);
    }
}

static void what_scripts_use_of_other_systems_is_elsewhere(void **state)
{
    (void)state;
    static const char *const names[] = {
        "TCP_NOOPT",
        "TCP_KEEPINIT",
        "TCP_FUNCTION_BLK",
        "TCP_RACK_PACE_MAX_SEG",
        "TCP_REMOTE_UDP_ENCAPS_PORT",
        "IPV6_USE_MIN_MTU",
        "SO_NOSIGPIPE",
        "SO_SETFIB",
        "ENOATTR",
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        int64_t value;
        assert_int_equal(place_of(names[i], &value), SYMBOL_ELSEWHERE);
    }
}

static void what_is_known_nowhere_is_unknown(void **state)
{
    (void)state;
    int64_t value;
    static const char long_name[] = "SO_THIS_IS_A_NAME_THAT_IS_LONGER_THAN_ANY_OTHER_NAME_THAT_EVER_WAS_THERE";
    assert_int_equal(place_of("", &value), SYMBOL_UNKNOWN);
    assert_int_equal(place_of("SO_REUSEADR", &value), SYMBOL_UNKNOWN);
    assert_int_equal(place_of("so_reuseaddr", &value), SYMBOL_UNKNOWN);
    assert_int_equal(place_of(long_name, &value), SYMBOL_UNKNOWN);
    assert_int_equal(linux_symbol("SOL_SOCKET", 9, &value), SYMBOL_UNKNOWN);
    assert_int_equal(linux_symbol("SOL_TCP\0X", 9, &value), SYMBOL_UNKNOWN);
}

static void the_nearest_name_is_told(void **state)
{
    (void)state;
    assert_string_equal(linux_nearest_symbol("SO_REUSEADR", 11), "SO_REUSEADDR");
    assert_string_equal(linux_nearest_symbol("ECONREFUSED", 11), "ECONNREFUSED");
    assert_null(linux_nearest_symbol("nothing of the kind", 19));
}

static void errors_have_the_names_that_scripts_use(void **state)
{
    (void)state;
    int number;
    assert_string_equal(linux_error_name(ECONNREFUSED), "ECONNREFUSED");
    assert_string_equal(linux_error_name(EAGAIN), "EAGAIN");
    assert_string_equal(linux_error_name(EOPNOTSUPP), "EOPNOTSUPP");
    assert_string_equal(linux_error_name(0), "E?");
    assert_string_equal(linux_error_name(-1), "E?");
    assert_string_equal(linux_error_name(4096), "E?");
    for (int error_number = 1; error_number <= EHWPOISON; error_number++) {
        /* Two numbers were never given. */
        if (error_number == 41 || error_number == 58)
            continue;
        assert_true(linux_error_number(linux_error_name(error_number), &number));
        assert_int_equal(number, error_number);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_table_is_in_order),
        cmocka_unit_test(every_name_is_found_in_its_own_place),
        cmocka_unit_test(values_are_those_of_the_system),
        cmocka_unit_test(what_scripts_use_of_other_systems_is_elsewhere),
        cmocka_unit_test(what_is_known_nowhere_is_unknown),
        cmocka_unit_test(the_nearest_name_is_told),
        cmocka_unit_test(errors_have_the_names_that_scripts_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
