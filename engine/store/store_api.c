/*
 * store_api.c - implements gridbeat/store.h.
 */
#include <gridbeat/base.h>

typedef int store_nothing_yet;
