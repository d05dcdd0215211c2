/* SPDX-License-Identifier: MIT */
/* MPTCP's values, held against SHA-256 and HMAC-SHA256 of the same by another implementation. */
#include "resolve_fixture.h"

/* A connection whose keys are known: ours is 2, the stack's 0x0102030405060708. */
static void agree(struct resolution *resolution)
{
    assert_resolved(resolution, "S. 0:0(0) ack 1 <mpcapable v1 flags[flag_h] key[skey]>",
                    "S. 0:0(0) ack 1 <mptcp mp_capable 1 010102030405060708>", "1e0c01010102030405060708");
    assert_resolved(resolution, ". 1:1(0) ack 1 <mpcapable v1 flags[flag_h] key[ckey=2, skey]>", NULL,
                    "1e14010100000000000000020102030405060708");
    assert_true(resolution->multipath.local_known && resolution->multipath.remote_known);
    resolution->connection.local_nonce = 0xa1b2c3d4;
}

static void keys_are_learnt_and_held_against_later_ones(void **state)
{
    (void)state;
    struct resolution resolution = {0};
    agree(&resolution);
    assert_resolved(&resolution, ". 1:1(0) <mpcapable v1 flags[flag_h] key[skey]>",
                    ". 1:1(0) <mptcp mp_capable 1 010909090909090909>", "1e0c01010102030405060708");
    /* One that nobody has given a value is ours, and always the same. */
    assert_resolved(&resolution, "S. 0:0(0) ack 1 <mpcapable v1 flags[flag_h] key[third]>", NULL,
                    "1e0c01017368616b65646f79");
    assert_resolved(&resolution, ". 1:1(0) <mp_fastclose>", NULL, "1e0c70000102030405060708");
    assert_resolved(&resolution, ". 1:1(0) <mp_fastclose>", ". 1:1(0) <nop,nop,nop,nop>", "1e0c70000000000000000002");
    resolution_free(&resolution);
}

static void tokens_and_initial_numbers_are_sha256(void **state)
{
    (void)state;
    static const struct {
        uint64_t key;
        uint32_t token;
        uint64_t initial_number;
    } rows[] = {
        {2, 0xcd04a475, UINT64_C(0x886540e5dce77f70)},
        {UINT64_C(0x0706050403020100), 0x033fc8b9, UINT64_C(0x4c63560d71b8a821)},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint32_t token;
        uint64_t initial_number;
        assert_true(multipath_digest(rows[i].key, &token, &initial_number));
        assert_int_equal(token, rows[i].token);
        assert_int_equal(initial_number, rows[i].initial_number);
    }
    struct resolution resolution = {0};
    agree(&resolution);
    assert_resolved(&resolution, "S 0:0(0) <mp_join_syn address_id=2 token=sha256_32(skey)>", NULL,
                    "1e0c1002"
                    "66840dda"
                    "6e6f6e63");
    resolve(&resolution, "S 0:0(0) <mp_join_syn address_id=2 token=sha256_32(other)>", NULL);
    assert_false(resolution.done);
    assert_string_equal(resolution.error.text, "the key `other` has no value: no segment that came has given it one");
    resolution_free(&resolution);
}

static void joins_are_proved_by_both_keys(void **state)
{
    (void)state;
    struct resolution resolution = {0};
    agree(&resolution);
    assert_resolved(&resolution, "S. 0:0(0) ack 1 <mp_join_syn_ack address_id=0 sender_hmac=auto>",
                    "S. 0:0(0) ack 1 <mptcp mp_join 0 000000000000000000a1b2c3d4>", "1e101000569d90cfc501f978a1b2c3d4");
    assert_int_equal(resolution.connection.local_nonce, 0xa1b2c3d4);
    assert_resolved(&resolution, ". 1:1(0) ack 1 <mp_join_ack sender_hmac=auto>", NULL,
                    "1e181000fe3d74d1efc464eed6b7e5b59212be27a86d8023");
    resolution_free(&resolution);
}

static void random_numbers_that_a_script_gives_are_proved_with(void **state)
{
    (void)state;
    struct resolution resolution = {0};
    agree(&resolution);
    assert_resolved(&resolution, "S. 0:0(0) ack 1 <mp_join_syn_ack address_id=0 sender_hmac=auto rand=5>", NULL,
                    "1e101000f8b8f47092f8027c00000005");
    assert_resolved(&resolution, ". 1:1(0) ack 1 <mp_join_ack sender_hmac=auto>", NULL,
                    "1e181000f8b8f47092f8027ce7db286b84135553c44b0214");
    assert_resolved(&resolution, "S 0:0(0) <mp_join_syn address_id=2 token=7 rand=5>", NULL,
                    "1e0c10020000000700000005");
    assert_resolved(&resolution, "S. 0:0(0) ack 1 <mp_join_syn_ack address_id=0 sender_hmac=auto>",
                    "S. 0:0(0) ack 1 <mptcp mp_join 0 000000000000000000a1b2c3d4>", "1e1010007c381fc54e1cbf99a1b2c3d4");
    /* One of the stack's that isn't the number written. */
    assert_resolved(&resolution, "S. 0:0(0) ack 1 <mp_join_syn_ack address_id=0 sender_hmac=auto rand=5>",
                    "S. 0:0(0) ack 1 <mptcp mp_join 0 000000000000000000a1b2c3d4>", "1e1010007c381fc54e1cbf9900000005");
    resolution_free(&resolution);
}

static void addresses_are_vouched_for(void **state)
{
    (void)state;
    struct resolution resolution = {0};
    agree(&resolution);
    assert_resolved(&resolution, ". 1:1(0) <add_address address_id=12 addr[ep=inet_addr(\"192.0.2.1\")] hmac=auto>",
                    NULL, "1e10300cc00002015508e1018b1660fb");
    assert_resolved(&resolution, ". 1:1(0) <nop,nop,add_address address_id=12 addr[ep] port=4321 hmac=auto>", NULL,
                    "01011e12300cc000020110e151fb7ef8a52714c4");
    assert_resolved(&resolution, ". 1:1(0) <add_address addr[ep] addr_echo>", ". 1:1(0) <mptcp add_addr 1 0cc0000203>",
                    "1e08310cc0000201");
    assert_resolved(&resolution, ". 1:1(0) <add_address address_id=5 addr[new] addr_echo>",
                    ". 1:1(0) <mptcp add_addr 1 05cb007101>", "1e083105cb007101");
    assert_resolved(&resolution, ". 1:1(0) <add_address address_id=12 addr[ep] hmac=5>", NULL,
                    "1e10300cc00002010000000000000005");
    /* Without a name: the harness's own, and whichever of the stack's comes. */
    assert_resolved(&resolution, ". 1:1(0) <add_address address_id=5 addr_echo>", NULL, "1e083105c6336402");
    assert_resolved(&resolution, ". 1:1(0) <add_address address_id=5 addr_echo>",
                    ". 1:1(0) <mptcp add_addr 1 05cb007101>", "1e083105cb007101");
    /* One that nobody has given a value is behind the harness's own, by the number at its name's end. */
    assert_resolved(&resolution, ". 1:1(0) <add_address addr[saddr2] addr_echo>", NULL, "1e083101c6336404");
    resolution_free(&resolution);
}

static void data_numbers_count_from_the_initial_ones(void **state)
{
    (void)state;
    struct resolution resolution = {0};
    agree(&resolution);
    assert_resolved(&resolution, ". 1:1(0) <dss dack8=5 dsn4=7 ssn=9 dll=10 nocs,nop,nop>", NULL,
                    "1e162007f5a101d3d29d6f77dce77f7700000009000a0101");
    assert_resolved(&resolution, ". 1:1(0) <dss dack4=7 nocs>", ". 1:1(0) <nop,nop,nop,nop>", "1e082001dce77f77");
    /* What failed counts from the receiver's: as an acknowledgment does. */
    assert_resolved(&resolution, ". 1:1(0) <mp_fail dsn8=5>", NULL, "1e0c6000f5a101d3d29d6f77");
    resolution_free(&resolution);
}

static void mappings_are_of_their_segment_where_nothing_is_said(void **state)
{
    (void)state;
    struct resolution resolution = {0};
    agree(&resolution);
    assert_resolved(&resolution, "P. 1:6(5) ack 1 <dss dsn8=1 ssn=1 dll=5 cksum=7> {payload \"hello\"}", NULL,
                    "1e14200c886540e5dce77f710000000100050007");
    assert_resolved(&resolution, "P. 1:6(5) ack 1 <dss dsn8=1> {payload \"hello\"}", NULL,
                    "1e14200c886540e5dce77f710000000100059683");
    /* The sequence number is one of 64 bits in the checksum; the end of all data is no data. */
    assert_resolved(&resolution, ". 6:6(0) ack 1 <dss dack4=7 dsn4=257 fin>", NULL,
                    "1e142015d29d6f79dce78071000000000001d95a");
    /* Of the stack's any will do. */
    assert_resolved(&resolution, "P. 1:6(5) ack 1 <dss dsn4=7> {payload \"hello\"}",
                    "P. 1:6(5) ack 1 <mptcp dss 0 04d29d6f79000000090005abcd> {payload \"hello\"}",
                    "1e102004d29d6f79000000090005abcd");
    resolution_free(&resolution);
}

static void a_fast_close_may_name_its_key(void **state)
{
    (void)state;
    struct resolution resolution = {0};
    agree(&resolution);
    assert_resolved(&resolution, ". 1:1(0) <mp_fastclose ckey>", NULL, "1e0c70000000000000000002");
    resolve(&resolution, ". 1:1(0) <mp_fastclose other>", NULL);
    assert_false(resolution.done);
    assert_string_equal(resolution.error.text, "the key `other` has no value: no segment that came has given it one");
    resolution_free(&resolution);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_are_learnt_and_held_against_later_ones),
        cmocka_unit_test(tokens_and_initial_numbers_are_sha256),
        cmocka_unit_test(joins_are_proved_by_both_keys),
        cmocka_unit_test(random_numbers_that_a_script_gives_are_proved_with),
        cmocka_unit_test(addresses_are_vouched_for),
        cmocka_unit_test(data_numbers_count_from_the_initial_ones),
        cmocka_unit_test(mappings_are_of_their_segment_where_nothing_is_said),
        cmocka_unit_test(a_fast_close_may_name_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
