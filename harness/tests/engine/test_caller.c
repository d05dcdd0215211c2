/* SPDX-License-Identifier: MIT */
#include "engine/caller.h"

#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <unistd.h>

#include <cmocka.h>

/* A stack whose only call is read(), on this process's own descriptors: enough to block and to return. */
static void read_call(struct stack *stack, const struct stack_call *call, struct stack_return *returned)
{
    (void)stack;
    returned->time.earliest = clock_now();
    returned->value = read((int)call->arguments[0].integer, call->arguments[1].data, call->arguments[1].length);
    returned->error_number = returned->value < 0 ? errno : 0;
    returned->time.latest = clock_now();
}

static const struct stack_operations read_operations = {.name = "read", .call = read_call};
static struct stack read_stack = {.operations = &read_operations};

struct scene {
    int ends[2]; /* of a pipe */
    char byte;
    struct stack_call call;
    struct caller *caller;
};

static void scene_begin(struct scene *scene)
{
    struct error error;
    assert_int_equal(pipe(scene->ends), 0);
    scene->call = (struct stack_call){
        .operation = STACK_READ,
        .count = 2,
        .arguments = {{.kind = ARGUMENT_INTEGER, .integer = scene->ends[0]},
                      {.kind = ARGUMENT_POINTER, .data = &scene->byte, .length = 1}},
    };
    assert_true(caller_start(&read_stack, &scene->caller, &error));
}

static void scene_end(struct scene *scene)
{
    caller_end(scene->caller);
    assert_int_equal(close(scene->ends[0]), 0);
    assert_int_equal(close(scene->ends[1]), 0);
}

static void await(const struct caller *caller)
{
    struct pollfd polled = {.fd = caller_descriptor(caller), .events = POLLIN};
    assert_int_equal(poll(&polled, 1, 10000), 1);
}

static void a_call_that_blocks_returns_when_it_can(void **state)
{
    (void)state;
    struct scene scene = {0};
    struct stack_return returned = {0};
    scene_begin(&scene);
    nanoseconds before = clock_now();
    nanoseconds began = caller_give(scene.caller, &scene.call);
    assert_true(began >= before && began <= clock_now());
    assert_true(caller_busy(scene.caller));
    assert_false(caller_done(scene.caller, &returned));
    assert_int_equal(write(scene.ends[1], "x", 1), 1);
    await(scene.caller);
    assert_true(caller_done(scene.caller, &returned));
    assert_int_equal(returned.value, 1);
    assert_int_equal(scene.byte, 'x');
    assert_true(returned.time.earliest >= began);
    assert_false(caller_busy(scene.caller));
    assert_false(caller_done(scene.caller, &returned));
    scene_end(&scene);
}

static void one_call_follows_another(void **state)
{
    (void)state;
    struct scene scene = {0};
    struct stack_return returned = {0};
    scene_begin(&scene);
    for (int i = 0; i < 100; i++) {
        (void)caller_give(scene.caller, &scene.call);
        char sent = (char)i;
        assert_int_equal(write(scene.ends[1], &sent, 1), 1);
        await(scene.caller);
        assert_true(caller_done(scene.caller, &returned));
        assert_int_equal(scene.byte, sent);
    }
    scene_end(&scene);
}

static void a_call_that_never_returns_is_interrupted_at_the_end(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        struct scene scene = {0};
        scene_begin(&scene);
        (void)caller_give(scene.caller, &scene.call);
        scene_end(&scene);
    }
}

static void ending_no_caller_is_allowed(void **state)
{
    (void)state;
    caller_end(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_that_blocks_returns_when_it_can),
        cmocka_unit_test(one_call_follows_another),
        cmocka_unit_test(a_call_that_never_returns_is_interrupted_at_the_end),
        cmocka_unit_test(ending_no_caller_is_allowed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
