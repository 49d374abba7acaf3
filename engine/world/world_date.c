/*
 * world_date.c - see world_date.h.
 */
#include "world_date.h"

#include <stddef.h>

int32_t world_day_of(world_ymd date)
{
    const int32_t y = date.year - (date.month <= 2);
    const int32_t era = y / 400, yoe = y - era * 400;
    const int32_t doy
        = (153 * (date.month + (date.month > 2 ? -3 : 9)) + 2) / 5 + date.day
          - 1;

    return era * 146097 + yoe * 365 + yoe / 4 - yoe / 100 + doy - 719468;
}

world_ymd world_date_of(int32_t day)
{
    const int32_t z = day + 719468, era = z / 146097, doe = z - era * 146097;
    const int32_t yoe
        = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
    const int32_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
    const int32_t mp = (5 * doy + 2) / 153;
    world_ymd date;

    date.day = doy - (153 * mp + 2) / 5 + 1;
    date.month = mp < 10 ? mp + 3 : mp - 9;
    date.year = yoe + era * 400 + (date.month <= 2);
    return date;
}

int32_t world_weekday(int32_t day)
{
    return (day + 3 + 7 * 100000) % 7; /* 1970-01-01 was a Thursday */
}

static bool parse_digits(const char *text, int n, int32_t *out)
{
    *out = 0;
    for (int i = 0; i < n; i++) {
        if (text[i] < '0' || text[i] > '9')
            return false;
        *out = *out * 10 + (text[i] - '0');
    }
    return true;
}

bool world_date_parse(const char *text, int32_t *out)
{
    world_ymd date, back;

    if (!parse_digits(text, 4, &date.year) || text[4] != '-'
        || !parse_digits(text + 5, 2, &date.month) || text[7] != '-'
        || !parse_digits(text + 8, 2, &date.day) || text[10] != '\0')
        return false;
    if (date.year < 1970 || date.year > 2199 || date.month < 1
        || date.month > 12)
        return false;
    *out = world_day_of(date);
    back = world_date_of(*out);
    return back.month == date.month && back.day == date.day;
}

/* Feasts of fixed days; the lunar ones are left out. */
static bool is_feast(int32_t day)
{
    const world_ymd date = world_date_of(day);

    switch (date.month) {
    case 1:
        return date.day == 1;
    case 4:
        return date.day == 5;
    case 5:
        return date.day <= 5;
    case 10:
        return date.day <= 7;
    default:
        return false;
    }
}

/* The Saturday after the long feasts of May and October is worked. */
static bool is_made_up(int32_t day)
{
    const world_ymd date = world_date_of(day);

    return world_weekday(day) == 5
           && ((date.month == 5 && date.day >= 6 && date.day <= 12)
               || (date.month == 10 && date.day >= 8 && date.day <= 14));
}

bool world_is_working_day(int32_t day)
{
    const int32_t weekday = world_weekday(day);

    if (is_feast(day))
        return false;
    if (weekday >= 5)
        return is_made_up(day);
    /* A feast of one day that fell on the Sunday before gives a free Monday. */
    return !(weekday == 0 && is_feast(day - 1) && !is_feast(day - 2));
}
