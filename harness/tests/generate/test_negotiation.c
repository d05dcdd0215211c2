/* SPDX-License-Identifier: MIT */
/* Scripts about options and ECN. */
#include "collection_fixture.h"
#include "generate/negotiation.h"

static struct text written(const struct spec *spec, const char *name)
{
    struct negotiation negotiations[NEGOTIATIONS_MOST];
    size_t count = negotiations_find(spec, negotiations);
    struct text script = text_growing();
    for (size_t i = 0; i < count; i++) {
        struct text own = text_growing();
        negotiation_name(&own, &negotiations[i]);
        if (strcmp(text_string(&own), name) == 0)
            negotiation_write(&script, spec, &negotiations[i]);
        text_free(&own);
    }
    assert_true(script.length > 0);
    return script;
}

static void only_what_was_offered_may_be_answered(void **state)
{
    const struct collected *collected = *state;
    struct text script = written(&collected->spec, "options-none");
    assert_non_null(strstr(text_string(&script), "> S. 0:0(0) ack 1001 <mss ...?>\n"));
    text_free(&script);
    script = written(&collected->spec, "options-window-scale");
    assert_non_null(strstr(text_string(&script), "< S 1000:1000(0) win 32792 <nop,wscale 7>\n"));
    assert_non_null(strstr(text_string(&script), "> S. 0:0(0) ack 1001 <mss ...?,wscale ...?>\n"));
    text_free(&script);
}

static void ecn_has_a_script_for_each_value_and_each_field_that_counts(void **state)
{
    const struct collected *collected = *state;
    struct negotiation negotiations[NEGOTIATIONS_MOST];
    size_t count = negotiations_find(&collected->spec, negotiations);
    size_t ecn = 0;
    for (size_t i = 0; i < count; i++)
        ecn += negotiations[i].kind == NEGOTIATION_ECN;
    assert_int_equal(ecn, SPEC_ECN_VALUES + 3);
}

static void a_code_is_that_of_the_packet_it_answers(void **state)
{
    const struct collected *collected = *state;
    struct text script = written(&collected->spec, "ecn-111-ect0");
    assert_non_null(strstr(text_string(&script), "< [ect0] SEWA "));
    assert_non_null(strstr(text_string(&script), "    or S.A 0:0(0) ack 1001 <...>\n"));
    text_free(&script);
}

static void a_specification_without_options_has_no_such_scripts(void **state)
{
    const struct collected *collected = *state;
    struct negotiation negotiations[NEGOTIATIONS_MOST];
    struct spec without = collected->spec;
    without.option_count = 0;
    without.ecn.given = false;
    assert_int_equal(negotiations_find(&without, negotiations), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_what_was_offered_may_be_answered),
        cmocka_unit_test(ecn_has_a_script_for_each_value_and_each_field_that_counts),
        cmocka_unit_test(a_code_is_that_of_the_packet_it_answers),
        cmocka_unit_test(a_specification_without_options_has_no_such_scripts),
    };
    return cmocka_run_group_tests(tests, collected_setup, collected_teardown);
}
