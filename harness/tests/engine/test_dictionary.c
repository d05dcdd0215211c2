/* SPDX-License-Identifier: MIT */
/* The fuzzers' dictionary of the script language keeps up with the language. */
#include "packet/tcp_option.h"
#include "stack/stack.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

enum { DICTIONARY_MOST = 64 * 1024 };

static int setup(void **state)
{
    FILE *file = fopen(SHAKEDOWN_SOURCE_DIR "/corpus/scripts.dict", "r");
    if (file == NULL)
        return -1;
    char *dictionary = calloc(1, DICTIONARY_MOST);
    size_t length = dictionary == NULL ? 0 : fread(dictionary, 1, DICTIONARY_MOST - 1, file);
    *state = dictionary;
    return fclose(file) == 0 && length > 0 ? 0 : -1;
}

static int teardown(void **state)
{
    free(*state);
    return 0;
}

static void assert_has(const char *dictionary, const char *word, const char *behind)
{
    char line[64];
    (void)snprintf(line, sizeof(line), "\n\"%s%s\"\n", word, behind);
    if (strstr(dictionary, line) == NULL)
        fail_msg("corpus/scripts.dict lacks \"%s%s\"", word, behind);
}

static void test_every_call_is_in_it(void **state)
{
    for (size_t i = 0; i < STACK_OPERATION_COUNT; i++)
        assert_has(*state, stack_operation_name((enum stack_operation)i), "(");
}

static void test_every_tcp_option_is_in_it(void **state)
{
    for (unsigned kind = 0; kind < 256; kind++)
        if (tcp_option_name((uint8_t)kind) != NULL)
            assert_has(*state, tcp_option_name((uint8_t)kind), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_call_is_in_it),
        cmocka_unit_test(test_every_tcp_option_is_in_it),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
