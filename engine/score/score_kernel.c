/*
 * score_kernel.c - see score_kernel.h.
 */
#include "score_kernel.h"

#include <math.h>

static const double PI = 3.14159265358979323846;
static const double GAUSSIAN_REACH = 8; /* standard deviations: gb_kernel */

double score_kernel_reach(gb_kernel kernel, double radius)
{
    return kernel == GB_KERNEL_GAUSSIAN ? GAUSSIAN_REACH * radius : radius;
}

double score_kernel_shape(gb_kernel kernel, double radius, double distance2)
{
    const double part = distance2 / (radius * radius);

    if (kernel == GB_KERNEL_GAUSSIAN)
        return part > GAUSSIAN_REACH * GAUSSIAN_REACH ? 0 : exp(-part / 2);
    if (part >= 1)
        return 0;
    return kernel == GB_KERNEL_QUARTIC ? (1 - part) * (1 - part) : 1 - part;
}

double score_kernel_factor(gb_kernel kernel, double radius)
{
    static const double masses[] = { 0.5, 1.0 / 3, 2 }; /* over pi r2 */

    return 1 / (masses[kernel] * PI * radius * radius);
}

double score_kernel(gb_kernel kernel, double radius_m, double distance2_m2)
{
    return score_kernel_factor(kernel, radius_m)
           * score_kernel_shape(kernel, radius_m, distance2_m2);
}
