/*
 * roads_api.c - implements gridbeat/roads.h.
 */
#include <gridbeat/base.h>

typedef int roads_nothing_yet;
