/*
 * call_api.c - implements gridbeat/call.h.
 */
#include <gridbeat/base.h>

typedef int call_nothing_yet;
