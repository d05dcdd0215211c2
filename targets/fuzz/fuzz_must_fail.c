/* SPDX-License-Identifier: MIT */
/*
 * Proves that the rig sees: holds, on purpose, the mistake that a decoder must not make. It believes the data offset of
 * a TCP header without asking whether that many bytes are there.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The sum of the bytes of the TCP header that BYTES begins with, as long as it says it is. */
static unsigned believing_sum(const uint8_t *bytes)
{
    const size_t header_length = (size_t)(bytes[12] >> 4) * 4;
    unsigned sum = 0;
    for (size_t i = 0; i < header_length; i++)
        sum += bytes[i];
    return sum;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size < 20)
        return 0;
    /* Not every engine hands over a buffer that ends where the input ends. */
    uint8_t *exact = malloc(size);
    if (exact == NULL)
        return 0;
    memcpy(exact, data, size);
    volatile unsigned sum = believing_sum(exact);
    (void)sum;
    free(exact);
    return 0;
}
