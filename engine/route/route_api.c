/*
 * route_api.c - implements gridbeat/route.h.
 */
#include <gridbeat/base.h>

typedef int route_nothing_yet;
