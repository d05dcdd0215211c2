/* SPDX-License-Identifier: MIT */
#ifndef ISN_MEDIAN_H
#define ISN_MEDIAN_H

#include <stddef.h>

/* The value below which PART of COUNT values are (0 to 1); they are sorted in place. 0 for none. */
double quantile_of(double *values, size_t count, double part);

/* The median of COUNT values, the lower of the two middle ones if there are two; they are sorted in place. 0 for none.
 */
double median_of(double *values, size_t count);

#endif
