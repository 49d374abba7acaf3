/*
 * lp_api.c - implements gridbeat/lp.h.
 */
#include <gridbeat/base.h>

typedef int lp_nothing_yet;
