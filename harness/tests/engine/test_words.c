/* SPDX-License-Identifier: MIT */
#include "engine/words.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void numbers_have_the_names_of_what_they_are(void **state)
{
    (void)state;
    static const struct {
        const char *what;
        int64_t number;
        const char *words;
    } rows[] = {
        {"revents", 1, "POLLIN"},  {"revents", 0x2011, "POLLIN|POLLHUP|POLLRDHUP"},
        {"revents", 0, "0"},       {"revents", 0x4001, "16385"},
        {"events", 4, "EPOLLOUT"}, {"tcpi_state", 10, "TCP_LISTEN"},
        {"tcpi_state", 99, "99"},  {"tcpi_rtt", 1, "1"},
        {NULL, -1, "-1"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char words[128];
        struct text text = text_in(words, sizeof(words));
        explain_number(&text, rows[i].what, rows[i].number);
        assert_string_equal(words, rows[i].words);
    }
}

static void bytes_are_a_string_if_they_can_be(void **state)
{
    (void)state;
    static const uint8_t many[70] = {0};
    static const struct {
        struct bytes bytes;
        const char *words;
    } rows[] = {
        {{(const uint8_t *)"hello", 5}, "\"hello\""},
        {{(const uint8_t *)"a\"b", 3}, "612262"},
        {{(const uint8_t *)"a\0", 2}, "6100"},
        {{NULL, 0}, "\"\""},
        {{many, 70},
         "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000"
         "0"
         "000000000000000000... (70 bytes)"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char words[256];
        struct text text = text_in(words, sizeof(words));
        explain_bytes(&text, rows[i].bytes);
        assert_string_equal(words, rows[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_have_the_names_of_what_they_are),
        cmocka_unit_test(bytes_are_a_string_if_they_can_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
