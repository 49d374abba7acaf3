/*
 * score_kernel.h - the shapes of gb_kernel: value, reach, and what is divided
 * by at the end.
 */
#ifndef SCORE_KERNEL_H
#define SCORE_KERNEL_H

#include <gridbeat/score.h>

/* The kernel's value at a squared distance; `radius_m` as gb_kernel says. */
double score_kernel(gb_kernel kernel, double radius_m, double distance2_m2);
/* How far it reaches, in the unit of the radius. */
double score_kernel_reach(gb_kernel kernel, double radius);
/* The value without the factor that makes its mass one; radius and distance
 * in one unit. */
double score_kernel_shape(gb_kernel kernel, double radius, double distance2);
/* That factor; the unit is that of the radius. */
double score_kernel_factor(gb_kernel kernel, double radius);

#endif
