/* SPDX-License-Identifier: MIT */
#include "stack/plugin.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <cmocka.h>

#define PLUGIN_PATH(name) SHAKEDOWN_BINARY_DIR "/plugins/" name ".so"
#define SAMPLE_PATH       SHAKEDOWN_BINARY_DIR "/stacks/sample.so"

struct fixture {
    struct plugin *plugin;
    struct stack *stack;
};

static void open_stack(struct fixture *fixture, const char *path, const char *options)
{
    const struct plugin_settings settings = {.options = options, .seed = 1};
    struct error error;
    if (!plugin_load(path, &fixture->plugin, &error) ||
        !plugin_stack_open(fixture->plugin, &settings, &fixture->stack, &error))
        fail_msg("%s", error.text);
}

static void close_stack(struct fixture *fixture)
{
    stack_close(fixture->stack);
    plugin_unload(fixture->plugin);
}

static void assert_refused(const char *path, enum error_code code, const char *word)
{
    struct plugin *plugin = NULL;
    struct error error;
    assert_false(plugin_load(path, &plugin, &error));
    assert_null(plugin);
    assert_int_equal(error.code, code);
    if (strstr(error.text, word) == NULL)
        fail_msg("no `%s` in: %s", word, error.text);
}

static void says_what_is_wrong_with_a_file(void **state)
{
    (void)state;
    assert_refused(PLUGIN_PATH("not_there"), ERROR_NOT_FOUND, "not_there.so");
    assert_refused(SHAKEDOWN_SOURCE_DIR "/README.md", ERROR_MALFORMED, "README.md");
    assert_refused(PLUGIN_PATH("no_symbol"), ERROR_MALFORMED, "shakedown_stack");
    assert_refused(PLUGIN_PATH("wrong_version"), ERROR_MALFORMED, "99");
    assert_refused(PLUGIN_PATH("no_advance"), ERROR_MALFORMED, "`advance`");
}

static void passes_on_why_a_plugin_makes_no_stack(void **state)
{
    const struct plugin_settings settings = {.options = "colour=red"};
    struct plugin *plugin;
    struct stack *stack = NULL;
    struct error error;
    (void)state;
    assert_true(plugin_load(PLUGIN_PATH("refuses"), &plugin, &error));
    assert_false(plugin_stack_open(plugin, &settings, &stack, &error));
    assert_null(stack);
    assert_non_null(strstr(error.text, "it does not like `colour=red`"));
    plugin_unload(plugin);
}

static struct stack_return call(struct stack *stack, enum stack_operation operation, const int64_t *numbers,
                                size_t count)
{
    struct stack_call made = {.operation = operation, .count = count};
    struct stack_return returned;
    for (size_t i = 0; i < count; i++)
        made.arguments[i] = (struct stack_argument){.kind = ARGUMENT_INTEGER, .integer = numbers[i]};
    stack_call(stack, &made, &returned);
    return returned;
}
#define CALL(stack, operation, ...) \
    call(stack, operation, (const int64_t[]){__VA_ARGS__}, sizeof((const int64_t[]){__VA_ARGS__}) / sizeof(int64_t))

static void starts_afresh_by_its_own_destroy_and_create(void **state)
{
    struct fixture fixture = {NULL, NULL};
    struct error error;
    (void)state;
    open_stack(&fixture, SAMPLE_PATH, NULL);
    assert_int_equal(CALL(fixture.stack, STACK_SOCKET, AF_INET, SOCK_STREAM, 0).value, 3);
    assert_true(stack_advance(fixture.stack, NANOSECONDS_PER_SECOND, true, &error));
    assert_int_equal(stack_now(fixture.stack), NANOSECONDS_PER_SECOND);
    assert_true(plugin_stack_restart(fixture.stack, &error));
    assert_int_equal(stack_now(fixture.stack), 0);
    assert_int_equal(CALL(fixture.stack, STACK_SOCKET, AF_INET, SOCK_STREAM, 0).value, 3);
    close_stack(&fixture);
}

static void puts_data_and_bss_back_for_a_plugin_that_asks_for_it(void **state)
{
    struct fixture fixture = {NULL, NULL};
    struct error error;
    (void)state;
    open_stack(&fixture, PLUGIN_PATH("keeps_data"), NULL);
    const struct shakedown_stack_plugin *offers = plugin_offers(fixture.plugin);
    assert_int_equal(offers->socket(NULL, 4), 12);
    assert_int_equal(offers->socket(NULL, 4), 14);
    assert_true(plugin_stack_restart(fixture.stack, &error));
    assert_int_equal(offers->socket(NULL, 4), 12);
    close_stack(&fixture);
}

/* `destroy` would crash. */
static void destroys_nothing_that_is_put_back(void **state)
{
    struct fixture fixture = {NULL, NULL};
    struct error error;
    (void)state;
    open_stack(&fixture, PLUGIN_PATH("copied"), NULL);
    assert_true(plugin_stack_restart(fixture.stack, &error));
    close_stack(&fixture);
}

static void tells_of_a_stack_that_never_gets_done(void **state)
{
    struct fixture fixture = {NULL, NULL};
    struct error error;
    (void)state;
    open_stack(&fixture, PLUGIN_PATH("never_done"), NULL);
    assert_false(stack_advance(fixture.stack, 1, true, &error));
    assert_int_equal(error.code, ERROR_STACK_FAULT);
    close_stack(&fixture);
}

static void says_what_a_stack_lacks(void **state)
{
    struct fixture fixture = {NULL, NULL};
    (void)state;
    open_stack(&fixture, SAMPLE_PATH, NULL);
    assert_string_equal(CALL(fixture.stack, STACK_EPOLL_CREATE, 1).lacking, "epoll_create");
    assert_non_null(CALL(fixture.stack, STACK_SOCKET, AF_INET, SOCK_DGRAM, 0).lacking);
    assert_null(CALL(fixture.stack, STACK_SOCKET, AF_INET, SOCK_STREAM, 0).lacking);
    assert_int_equal(CALL(fixture.stack, STACK_CLOSE, 17).error_number, EBADF);
    close_stack(&fixture);
}

static void would_block_only_on_a_blocking_descriptor(void **state)
{
    struct fixture fixture = {NULL, NULL};
    (void)state;
    open_stack(&fixture, SAMPLE_PATH, NULL);
    assert_int_equal(CALL(fixture.stack, STACK_SOCKET, AF_INET, SOCK_STREAM, 0).value, 3);
    assert_int_equal(CALL(fixture.stack, STACK_LISTEN, 3, 1).value, 0);
    assert_true(CALL(fixture.stack, STACK_ACCEPT, 3, 0, 0).would_block);
    assert_int_equal(CALL(fixture.stack, STACK_FCNTL, 3, F_SETFL, O_RDWR | O_NONBLOCK).value, 0);
    struct stack_return returned = CALL(fixture.stack, STACK_ACCEPT, 3, 0, 0);
    assert_false(returned.would_block);
    assert_int_equal(returned.error_number, EAGAIN);
    close_stack(&fixture);
}

static void ends_a_poll_at_its_time_out(void **state)
{
    struct fixture fixture = {NULL, NULL};
    struct pollfd polled = {.fd = 3, .events = POLLIN};
    struct stack_return returned;
    struct error error;
    (void)state;
    open_stack(&fixture, SAMPLE_PATH, NULL);
    (void)CALL(fixture.stack, STACK_SOCKET, AF_INET, SOCK_STREAM, 0);
    (void)CALL(fixture.stack, STACK_LISTEN, 3, 1);
    const struct stack_call made = {.operation = STACK_POLL,
                                    .count = 3,
                                    .arguments = {{ARGUMENT_POINTER, 0, &polled, sizeof(polled)},
                                                  {ARGUMENT_INTEGER, 1, NULL, 0},
                                                  {ARGUMENT_INTEGER, 250, NULL, 0}}};
    stack_call(fixture.stack, &made, &returned);
    assert_true(returned.would_block);
    assert_true(stack_advance(fixture.stack, NANOSECONDS_PER_SECOND, true, &error));
    assert_int_equal(stack_now(fixture.stack), 250 * NANOSECONDS_PER_MILLISECOND);
    stack_call(fixture.stack, &made, &returned);
    assert_false(returned.would_block);
    assert_int_equal(returned.value, 0);
    close_stack(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_what_is_wrong_with_a_file),
        cmocka_unit_test(passes_on_why_a_plugin_makes_no_stack),
        cmocka_unit_test(starts_afresh_by_its_own_destroy_and_create),
        cmocka_unit_test(puts_data_and_bss_back_for_a_plugin_that_asks_for_it),
        cmocka_unit_test(destroys_nothing_that_is_put_back),
        cmocka_unit_test(tells_of_a_stack_that_never_gets_done),
        cmocka_unit_test(says_what_a_stack_lacks),
        cmocka_unit_test(would_block_only_on_a_blocking_descriptor),
        cmocka_unit_test(ends_a_poll_at_its_time_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
