/*
 * geo_api.c - implements gridbeat/geo.h.
 */
#include <gridbeat/base.h>

typedef int geo_nothing_yet;
