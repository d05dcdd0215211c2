/* SPDX-License-Identifier: MIT */
#include "faults.h"
static const struct fault faults[] = {{.told = {1, "none", "nothing", "RFC9293"}}};
const struct fault *fault_find(uint32_t number)
{
    for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++)
        if (faults[i].told.number == number)
            return &faults[i];
    return NULL;
}

const struct shakedown_fault *fault_at(size_t index)
{
    return index < sizeof(faults) / sizeof(faults[0]) ? &faults[index].told : NULL;
}
