/* SPDX-License-Identifier: MIT */
/*
 * The laws of this room, over bytes that are random, mutated or cut short: building what was decoded gives the bytes
 * back; decoding what was built gives the packet back; its text, read again, is built into the same bytes.
 *
 * SHAKEDOWN_SEED in the environment chooses what is random; the seed is printed.
 */
#include "packet_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

enum {
    RANDOM_RUNS = 10000,
    FILES_MOST = 1024,
    FILE_SIZE_MOST = 4096,
};

static uint64_t seed;

static uint32_t random_below(uint32_t bound)
{
    seed ^= seed << 13;
    seed ^= seed >> 7;
    seed ^= seed << 17;
    return (uint32_t)(seed >> 32) % bound;
}

static uint8_t random_byte(void)
{
    static const uint8_t telling[] = {0, 1, 2, 4, 5, 8, 10, 0x45, 0x46, 0x60, 0x7f, 0x80, 0xff};
    return random_below(3) == 0 ? telling[random_below(COUNT_OF(telling))] : (uint8_t)random_below(256);
}

/* Files of the corpus. */
static struct bytes files[FILES_MOST];
static size_t file_count;

static int read_file(const char *folder, const char *name)
{
    char path[1024];
    struct text text = text_in(path, sizeof(path));
    text_append_format(&text, "%s/%s", folder, name);
    uint8_t *data = malloc(FILE_SIZE_MOST);
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 || data == NULL ? -1 : read(file, data, FILE_SIZE_MOST);
    if (file >= 0)
        (void)close(file);
    if (length < 0 || length == FILE_SIZE_MOST || file_count == FILES_MOST) {
        free(data);
        return -1;
    }
    files[file_count++] = (struct bytes){data, (size_t)length};
    return 0;
}

static int free_corpus(void **state)
{
    (void)state;
    while (file_count > 0)
        free((void *)files[--file_count].data);
    return 0;
}

static int read_corpus(void **state)
{
    (void)state;
    static const char folder[] = SHAKEDOWN_SOURCE_DIR "/corpus/packets";
    const char *given = getenv("SHAKEDOWN_SEED");
    seed = given == NULL ? 3112279261 : strtoull(given, NULL, 0);
    print_message("SHAKEDOWN_SEED=%llu\n", (unsigned long long)seed);
    seed = seed * 2 + 1;
    DIR *directory = opendir(folder);
    int result = directory == NULL ? -1 : 0;
    for (struct dirent *entry; result == 0 && (entry = readdir(directory)) != NULL;)
        if (entry->d_name[0] != '.')
            result = read_file(folder, entry->d_name);
    if (directory != NULL)
        (void)closedir(directory);
    return result;
}

static void assert_within(struct bytes view, struct bytes whole)
{
    assert_true(view.length == 0 || (view.data >= whole.data && view.data + view.length <= whole.data + whole.length));
}

/* Decoding with any flags keeps within the bytes, and so does the quote of an ICMP error. */
static void assert_decodes(struct bytes wire)
{
    for (unsigned flags = 0; flags <= (DECODE_UNCHECKED | DECODE_QUOTED); flags++) {
        struct packet packet, quoted;
        packet_decode(wire, flags, &packet);
        assert_within(packet.payload, wire);
        assert_within(packet.trailer, wire);
        assert_in_range(packet.defect_count, 0, PACKET_DEFECTS_MOST);
        for (uint32_t i = 0; i < packet.defect_count; i++)
            assert_in_range(packet.defects[i].offset, 0, wire.length);
        if (packet_decode_quoted(&packet, &quoted))
            assert_within(quoted.payload, wire);
    }
}

/* The same laws for a packet that is in others. */
static void assert_encapsulation_laws(struct bytes wire)
{
    struct packet outermost, innermost;
    struct outer_header headers[ENCAPSULATION_HEADERS_MOST];
    packet_decode(wire, DECODE_ALL, &outermost);
    struct encapsulation encapsulation = {.headers = headers};
    encapsulation.count = encapsulation_decode(&outermost, headers, &innermost);
    if (encapsulation.count == 0)
        return;
    assert_same_bytes(built_around(&encapsulation, &innermost), wire);
    struct text text = text_growing();
    encapsulation_print(&text, &encapsulation, &innermost, PATTERN_WHOLE);
    struct reading reading;
    read_sound(&reading, keep_text(&text));
    assert_same_bytes(built_around(&reading.pattern.encapsulation, &reading.pattern.packet), wire);
    reading_free(&reading);
}

/* All laws for any bytes, which must be in a block of exactly their size. */
static void assert_laws(struct bytes wire)
{
    struct packet packet, again;
    assert_decodes(wire);
    packet_decode(wire, DECODE_ALL, &packet);
    struct bytes rebuilt = built(&packet);
    assert_same_bytes(rebuilt, wire);
    packet_decode(rebuilt, DECODE_ALL, &again);
    assert_true(packet_equal(&packet, &again));
    assert_string_equal(defects_of(&packet), defects_of(&again));

    const char *text = printed(&packet, PATTERN_WHOLE);
    struct reading reading;
    read_sound(&reading, text);
    assert_same_bytes(built(&reading.pattern.packet), wire);
    assert_string_equal(printed(&reading.pattern.packet, PATTERN_WHOLE), text);
    reading_free(&reading);
    assert_encapsulation_laws(wire);
}

static void every_file_of_the_corpus_cut_short_anywhere(void **state)
{
    assert_in_range(file_count, 200, FILES_MOST);
    for (size_t i = 0; i < file_count; i++) {
        for (size_t length = 0; length <= files[i].length; length++) {
            /* Where a long one is cut in its payload makes little difference. */
            if (length > 200 && length + 3 < files[i].length && length % 61 != 0)
                continue;
            assert_laws(exact_copy(bytes_slice(files[i], 0, length)));
            (void)free_bytes(state);
        }
    }
}

static void random_bytes(void **state)
{
    for (size_t run = 0; run < RANDOM_RUNS; run++) {
        size_t length = random_below(100);
        uint8_t *block = take_block(length);
        for (size_t i = 0; i < length; i++)
            block[i] = random_byte();
        if (length > 0 && random_below(4) != 0)
            block[0] = random_below(2) == 0 ? (uint8_t)(0x45 + random_below(3)) : 0x60;
        assert_laws((struct bytes){block, length});
        (void)free_bytes(state);
    }
}

static void mutated_files_of_the_corpus(void **state)
{
    for (size_t run = 0; run < RANDOM_RUNS; run++) {
        struct bytes file = files[random_below((uint32_t)file_count)];
        size_t length =
            file.length == 0 || file.length > 400 ? 0 : file.length - (size_t)random_below(2) * random_below(3);
        struct bytes copy = exact_copy(bytes_slice(file, 0, length));
        for (uint32_t changes = random_below(5); changes > 0 && length > 0; changes--) {
            uint8_t *byte = (uint8_t *)copy.data + random_below((uint32_t)length);
            *byte = random_below(2) == 0 ? random_byte() : (uint8_t)(*byte ^ 1u << random_below(8));
        }
        assert_laws(copy);
        (void)free_bytes(state);
    }
}

/* Some bytes, possibly none, that live until the test ends. */
static struct bytes random_view(uint32_t most)
{
    size_t length = random_below(most + 1);
    uint8_t *block = take_block(length);
    for (size_t i = 0; i < length; i++)
        block[i] = random_byte();
    return (struct bytes){block, length};
}

static void randomise_network(struct packet *packet)
{
    if (packet->network == NETWORK_IPV4) {
        packet->ipv4 = (struct ipv4_header){
            .version = 4,
            .type_of_service = random_byte(),
            .identification = (uint16_t)random_below(65536),
            .flags = (uint8_t)(random_below(4) << 1),
            .time_to_live = random_byte(),
            .protocol = PROTOCOL_IPV6,
            .checksum = (uint16_t)random_below(65536),
            .source = {10, random_byte(), random_byte(), random_byte()},
            .destination = {10, random_byte(), random_byte(), random_byte()},
            .options = random_view(40),
        };
        packet->ipv4.options.length -= packet->ipv4.options.length % 4;
        return;
    }
    packet->ipv6 = (struct ipv6_header){
        .version = 6,
        .traffic_class = random_byte(),
        .flow_label = random_below(1 << 20),
        .hop_limit = random_byte(),
        .protocol = 59,
        .source = {0xfe, 0x80, random_byte(), [15] = random_byte()},
        .destination = {0x20, 1, [9] = random_byte(), random_byte()},
    };
}

static void randomise_transport(struct packet *packet)
{
    uint16_t checksum = (uint16_t)random_below(65536);
    if (packet->transport == TRANSPORT_TCP) {
        packet->tcp = (struct tcp_header){
            .source_port = (uint16_t)random_below(65536),
            .destination_port = (uint16_t)random_below(65536),
            .sequence = random_below(UINT32_MAX),
            .acknowledgment = random_below(UINT32_MAX),
            .flags = (uint16_t)random_below(4096),
            .window = (uint16_t)random_below(65536),
            .checksum = checksum,
            .urgent_pointer = (uint16_t)random_below(65536),
            .options = random_view(40),
        };
        packet->tcp.options.length -= packet->tcp.options.length % 4;
    } else if (packet->transport == TRANSPORT_UDP) {
        packet->udp = (struct udp_header){
            .source_port = (uint16_t)random_below(65536),
            .destination_port = (uint16_t)random_below(65536),
            .length = (uint16_t)random_below(65536),
            .checksum = checksum,
        };
    } else if (packet->transport != TRANSPORT_NONE) {
        packet->icmp = (struct icmp_header){
            .type = random_byte(), .code = random_byte(), .checksum = checksum, .rest = random_below(UINT32_MAX)};
    }
}

/* Packets that were put together by hand, with such values given as leave the layers what they are. */
static void built_packets_are_decoded_to_themselves(void **state)
{
    static const uint32_t harmless[] = {0, EXPLICIT_CHECKSUM, EXPLICIT_IP_CHECKSUM, EXPLICIT_UDP_LENGTH,
                                        EXPLICIT_CHECKSUM | EXPLICIT_IP_CHECKSUM | EXPLICIT_UDP_LENGTH};
    static const enum packet_transport transports[2][4] = {
        {TRANSPORT_NONE, TRANSPORT_TCP, TRANSPORT_UDP, TRANSPORT_ICMPV4},
        {TRANSPORT_NONE, TRANSPORT_TCP, TRANSPORT_UDP, TRANSPORT_ICMPV6},
    };
    for (size_t run = 0; run < RANDOM_RUNS; run++) {
        struct packet packet = {.network = random_below(2) == 0 ? NETWORK_IPV4 : NETWORK_IPV6}, decoded;
        packet.transport = transports[packet.network == NETWORK_IPV6][random_below(4)];
        packet.explicit_fields = harmless[random_below(COUNT_OF(harmless))];
        randomise_network(&packet);
        randomise_transport(&packet);
        packet.payload = random_view(50);
        packet.trailer = random_view(random_below(2) * 5);
        struct bytes wire = built(&packet);
        packet_decode(wire, DECODE_ALL, &decoded);
        assert_true(packet_equal(&packet, &decoded));
        assert_laws(wire);
        (void)free_bytes(state);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        packet_test(every_file_of_the_corpus_cut_short_anywhere),
        packet_test(random_bytes),
        packet_test(mutated_files_of_the_corpus),
        packet_test(built_packets_are_decoded_to_themselves),
    };
    return cmocka_run_group_tests(tests, read_corpus, free_corpus);
}
