/*
 * world_api.c - implements gridbeat/world.h.
 */
#include <gridbeat/base.h>

typedef int world_nothing_yet;
