/*
 * plan_api.c - implements gridbeat/plan.h.
 */
#include <gridbeat/base.h>

typedef int plan_nothing_yet;
