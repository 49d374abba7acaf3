/*
 * world_date.h - days of the Gregorian calendar, counted from 1970-01-01.
 */
#ifndef WORLD_DATE_H
#define WORLD_DATE_H

#include <stdbool.h>
#include <stdint.h>

typedef struct world_ymd {
    int32_t year, month, day;
} world_ymd;

/* Howard Hinnant, chrono-compatible low-level date algorithms (2014). */
int32_t world_day_of(world_ymd date);
world_ymd world_date_of(int32_t day);
/* 0 Monday to 6 Sunday. */
int32_t world_weekday(int32_t day);
/* YYYY-MM-DD of the years 1970 to 2199; false for anything else. */
bool world_date_parse(const char *text, int32_t *out);
/* Does the country work on that day?  Fixed feasts, roughly as in China. */
bool world_is_working_day(int32_t day);

#endif
