/* SPDX-License-Identifier: MIT */
#include "base/arena.h"

#include "memory_limit.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static int setup(void **state)
{
    static struct arena arena;
    arena = (struct arena){0};
    *state = &arena;
    return 0;
}

static int teardown(void **state)
{
    arena_free(*state);
    return 0;
}

static bool all_are(const unsigned char *data, size_t length, unsigned char value)
{
    for (size_t i = 0; i < length; i++)
        if (data[i] != value)
            return false;
    return true;
}

static void what_is_taken_is_zeroed_and_aligned(void **state)
{
    const size_t sizes[] = {1, 7, 16, 17, 1000, 16384, 16385, 100000, 3};
    for (size_t i = 0; i < COUNT_OF(sizes); i++) {
        unsigned char *taken = arena_take(*state, sizes[i]);
        assert_non_null(taken);
        assert_int_equal((uintptr_t)taken % _Alignof(max_align_t), 0);
        assert_true(all_are(taken, sizes[i], 0));
        memset(taken, 0xff, sizes[i]);
    }
}

static void pieces_do_not_overlap(void **state)
{
    enum { PIECES = 500, SIZE = 100 };
    unsigned char *pieces[PIECES];
    for (unsigned i = 0; i < PIECES; i++) {
        pieces[i] = arena_take(*state, SIZE);
        assert_non_null(pieces[i]);
        memset(pieces[i], (int)(i % 256), SIZE);
    }
    for (unsigned i = 0; i < PIECES; i++)
        assert_true(all_are(pieces[i], SIZE, (unsigned char)i));
}

static void nothing_can_be_taken_too(void **state)
{
    struct arena *arena = *state;
    assert_non_null(arena_take(arena, 0));
    assert_int_equal(arena->taken, 0);
}

static void what_was_handed_out_is_counted(void **state)
{
    struct arena *arena = *state;
    assert_non_null(arena_take(arena, 16));
    assert_int_equal(arena->taken, 16);
    assert_non_null(arena_take(arena, 40000));
    assert_int_equal(arena->taken, 40016);
    arena_clear(arena);
    assert_int_equal(arena->taken, 0);
}

static void a_size_that_no_memory_meets_gets_nothing(void **state)
{
    struct arena *arena = *state;
    const size_t sizes[] = {MEMORY_THAT_NOBODY_HAS, SIZE_MAX - 64, SIZE_MAX - 16, SIZE_MAX - 15, SIZE_MAX};
    assert_non_null(arena_take(arena, 16));
    for (size_t i = 0; i < COUNT_OF(sizes); i++)
        assert_null(arena_take(arena, sizes[i]));
    assert_int_equal(arena->taken, 16);
    assert_non_null(arena_take(arena, 16));
}

static void a_copy_has_a_nul_behind_it(void **state)
{
    char *copy = arena_copy(*state, "ab\0cdef", 4);
    assert_non_null(copy);
    assert_memory_equal(copy, "ab\0c", 5);
    char *empty = arena_copy(*state, NULL, 0);
    assert_non_null(empty);
    assert_string_equal(empty, "");
}

static void a_copy_that_no_memory_holds_is_none(void **state)
{
    assert_null(arena_copy(*state, "", SIZE_MAX));
    assert_null(arena_copy(*state, "", SIZE_MAX - 1));
    assert_null(arena_copy(*state, "", MEMORY_THAT_NOBODY_HAS));
}

static void an_array_keeps_its_items_while_it_grows(void **state)
{
    void *items = NULL;
    size_t capacity = 0;
    for (unsigned count = 0; count < 3000; count++) {
        assert_true(arena_array_room(*state, &items, sizeof(count), count, &capacity));
        assert_true(capacity > count);
        ((unsigned *)items)[count] = count;
    }
    for (unsigned i = 0; i < 3000; i++)
        assert_int_equal(((unsigned *)items)[i], i);
}

static void an_array_with_room_stays_where_it_is(void **state)
{
    int array[2];
    void *items = array;
    size_t capacity = 2;
    assert_true(arena_array_room(*state, &items, sizeof(array[0]), 1, &capacity));
    assert_ptr_equal(items, array);
    assert_int_equal(capacity, 2);
}

static void an_array_that_no_memory_holds_is_left_as_it_was(void **state)
{
    int array[1];
    const size_t capacities[] = {MEMORY_THAT_NOBODY_HAS / sizeof(array[0]), MEMORY_THAT_NOBODY_HAS, SIZE_MAX / 2};
    for (size_t i = 0; i < COUNT_OF(capacities); i++) {
        void *items = array;
        size_t capacity = capacities[i];
        assert_false(arena_array_room(*state, &items, sizeof(array[0]), capacity, &capacity));
        assert_ptr_equal(items, array);
        assert_int_equal(capacity, capacities[i]);
    }
}

static void a_cleared_arena_takes_the_same_memory_zeroed(void **state)
{
    unsigned char *before = arena_take(*state, 5000);
    assert_non_null(before);
    memset(before, 0xff, 5000);
    arena_clear(*state);
    unsigned char *after = arena_take(*state, 5000);
    assert_ptr_equal(after, before);
    assert_true(all_are(after, 5000, 0));
}

static void a_cleared_arena_keeps_one_block_only(void **state)
{
    unsigned char *last = NULL;
    for (int i = 0; i < 5; i++)
        last = arena_take(*state, 16384);
    arena_clear(*state);
    assert_ptr_equal(arena_take(*state, 16384), last);
}

static void an_unused_or_freed_arena_can_be_cleared_freed_and_used(void **state)
{
    struct arena *arena = *state;
    for (int i = 0; i < 2; i++) {
        arena_clear(arena);
        arena_free(arena);
        assert_null(arena->newest);
        assert_non_null(arena_take(arena, 20000));
        assert_non_null(arena_take(arena, 20000));
        arena_free(arena);
        assert_int_equal(arena->taken, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_taken_is_zeroed_and_aligned, setup, teardown),
        cmocka_unit_test_setup_teardown(pieces_do_not_overlap, setup, teardown),
        cmocka_unit_test_setup_teardown(nothing_can_be_taken_too, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_handed_out_is_counted, setup, teardown),
        cmocka_unit_test_setup_teardown(a_size_that_no_memory_meets_gets_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_copy_has_a_nul_behind_it, setup, teardown),
        cmocka_unit_test_setup_teardown(a_copy_that_no_memory_holds_is_none, setup, teardown),
        cmocka_unit_test_setup_teardown(an_array_keeps_its_items_while_it_grows, setup, teardown),
        cmocka_unit_test_setup_teardown(an_array_with_room_stays_where_it_is, setup, teardown),
        cmocka_unit_test_setup_teardown(an_array_that_no_memory_holds_is_left_as_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(a_cleared_arena_takes_the_same_memory_zeroed, setup, teardown),
        cmocka_unit_test_setup_teardown(a_cleared_arena_keeps_one_block_only, setup, teardown),
        cmocka_unit_test_setup_teardown(an_unused_or_freed_arena_can_be_cleared_freed_and_used, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
