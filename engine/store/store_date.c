/*
 * store_date.c - calendar days as numbers.
 *
 * Days from a civil date by counting whole years from 1 March, so that the
 * leap day is a year's last: H. Hinnant's chrono-compatible algorithms, in the
 * plain form that any text on calendars has.
 */
#include "store_date.h"

#include <stdio.h>
#include <string.h>

static bool is_leap(int32_t year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int32_t store_days_in_month(int32_t year, int32_t month)
{
    static const int32_t days[] = { 31, 28, 31, 30, 31, 30,
                                    31, 31, 30, 31, 30, 31 };

    return days[month - 1] + (month == 2 && is_leap(year));
}

int32_t store_day_of(store_date date)
{
    const int32_t y = date.year - (date.month <= 2);
    const int32_t era = y / 400; /* years are positive */
    const int32_t year_of_era = y - era * 400;
    const int32_t month = date.month + (date.month > 2 ? -3 : 9);
    const int32_t day_of_year = (153 * month + 2) / 5 + date.day - 1;
    const int32_t day_of_era = year_of_era * 365 + year_of_era / 4
                               - year_of_era / 100 + day_of_year;

    return era * 146097 + day_of_era - 719468;
}

store_date store_date_of(int32_t day)
{
    const int32_t z = day + 719468;
    const int32_t era = (z >= 0 ? z : z - 146096) / 146097;
    const int32_t doe = z - era * 146097;
    const int32_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const int32_t mp = (5 * doy + 2) / 153;
    const int32_t month = mp < 10 ? mp + 3 : mp - 9;

    return (store_date){ yoe + era * 400 + (month <= 2), month,
                         doy - (153 * mp + 2) / 5 + 1 };
}

/* -1 when one of them is no digit. */
static int32_t digits(const char *text, size_t n)
{
    int32_t value = 0;

    for (size_t i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

bool store_date_parse(const char *text, size_t n, store_date *out)
{
    store_date date;

    if (n != 10 || text[4] != '-' || text[7] != '-')
        return false;
    date.year = digits(text, 4);
    date.month = digits(text + 5, 2);
    date.day = digits(text + 8, 2);
    if (date.year < 1 || date.month < 1 || date.month > 12 || date.day < 1
        || date.day > store_days_in_month(date.year, date.month))
        return false;
    *out = date;
    return true;
}

int32_t store_day_parse(const char *text)
{
    store_date date;

    if (!text || !store_date_parse(text, strlen(text), &date))
        return STORE_NO_DAY;
    return store_day_of(date);
}

const char *store_day_text(char buffer[16], int32_t day)
{
    const store_date date = store_date_of(day);

    snprintf(buffer, 16, "%04u-%02u-%02u", (unsigned)date.year % 10000u,
             (unsigned)date.month % 100u, (unsigned)date.day % 100u);
    return buffer;
}

int32_t store_weekday(int32_t day)
{
    const int32_t w = (day + 3) % 7; /* 1970-01-01 was a Thursday */

    return (w < 0 ? w + 7 : w) + 1;
}

int32_t store_months_between(store_date from, store_date to)
{
    int32_t months = (to.year - from.year) * 12 + to.month - from.month;

    if (to.day < from.day
        && to.day < store_days_in_month(to.year, to.month))
        months--;
    return months;
}
