/* SPDX-License-Identifier: MIT */
#include "packet/build.h"

bool packet_equal(const struct packet *left, const struct packet *right)
{
    struct build_layout of_left, of_right;
    struct error error;
    if (left->network != right->network || left->transport != right->transport ||
        !build_measure(left, &of_left, &error) || !build_measure(right, &of_right, &error))
        return false;
    if (!bytes_equal(of_left.options, of_right.options) || !bytes_equal(of_left.tcp_options, of_right.tcp_options) ||
        !bytes_equal(left->payload, right->payload) || !bytes_equal(left->trailer, right->trailer))
        return false;
    uint8_t headers[2][NETWORK_HEADER_MOST + TRANSPORT_HEADER_MOST];
    build_network_header(left, &of_left, headers[0]);
    build_network_header(right, &of_right, headers[1]);
    build_transport_header(left, &of_left, headers[0] + of_left.network);
    build_transport_header(right, &of_right, headers[1] + of_right.network);
    return memcmp(headers[0], headers[1], of_left.network + of_left.transport) == 0;
}
