/* SPDX-License-Identifier: MIT */
#include "isn/median.h"

#include <stdlib.h>

static int compare(const void *left, const void *right)
{
    double first = *(const double *)left;
    double second = *(const double *)right;
    return (first > second) - (first < second);
}

double quantile_of(double *values, size_t count, double part)
{
    if (count == 0)
        return 0;
    qsort(values, count, sizeof(*values), compare);
    return values[(size_t)((double)(count - 1) * part)];
}

double median_of(double *values, size_t count)
{
    return quantile_of(values, count, 0.5);
}
