/*
 * grid_api.c - implements gridbeat/grid.h.
 */
#include <gridbeat/base.h>

typedef int grid_nothing_yet;
