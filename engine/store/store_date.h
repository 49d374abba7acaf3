/*
 * store_date.h - calendar days as numbers, without a clock or a time zone.
 *
 * A day is counted from 1970-01-01 in the proleptic Gregorian calendar; so
 * STORE_NO_DAY stands for "unknown".  Months are counted as a bank does: from
 * a day to the same day of a later month, or to that month's last day where
 * it has no such day.  2025-08-31 to 2026-02-28 is six months.
 *
 * Pure functions on values: no allocation, any thread.
 */
#ifndef STORE_DATE_H
#define STORE_DATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define STORE_NO_DAY INT32_MIN

/* A year from 1 to 9999, a month from 1 to 12, a day of that month. */
typedef struct store_date {
    int32_t year, month, day;
} store_date;

int32_t store_days_in_month(int32_t year, int32_t month);
int32_t store_day_of(store_date date);
store_date store_date_of(int32_t day);

/* Exactly `YYYY-MM-DD`, n characters; false when it is not a date. */
bool store_date_parse(const char *text, size_t n, store_date *out);
/* STORE_NO_DAY for NULL and for what is not a date. */
int32_t store_day_parse(const char *text);
/* Writes into the buffer and hands it back. */
const char *store_day_text(char buffer[16], int32_t day);

/* 1 Monday to 7 Sunday. */
int32_t store_weekday(int32_t day);

/*
 * The largest m such that `from`, moved by m months and to the month's end
 * where it must, is not after `to`.  Negative when `from` lies after `to`.
 */
int32_t store_months_between(store_date from, store_date to);

#endif
