/*
 * report_api.c - implements gridbeat/report.h.
 */
#include <gridbeat/base.h>

typedef int report_nothing_yet;
