/*
 * world_cell.c - see world_cell.h.
 */
#include "world_cell.h"

#include <string.h>

#include "world_customer.h"
#include "world_date.h"

void world_cell_text(base_text *row, const char *text, const char *after)
{
    base_text_add(row, text);
    base_text_add(row, after);
}

/* At least `width` digits; quicker than printf, which was half the time. */
static void add_digits(base_text *row, uint64_t number, int width)
{
    char digits[24];
    int n = 0;

    do {
        digits[sizeof digits - ++n] = (char)('0' + number % 10);
        number /= 10;
    } while (number || n < width);
    base_text_append(row, digits + sizeof digits - n, (size_t)n);
}

void world_cell_int(base_text *row, int64_t number, const char *after)
{
    if (number < 0)
        base_text_append(row, "-", 1);
    add_digits(row, (uint64_t)(number < 0 ? -number : number), 1);
    base_text_add(row, after);
}

void world_cell_day(base_text *row, int32_t day, const char *after)
{
    if (day != WORLD_NO_DAY) {
        const world_ymd date = world_date_of(day);

        add_digits(row, (uint64_t)date.year, 4);
        base_text_append(row, "-", 1);
        add_digits(row, (uint64_t)date.month, 2);
        base_text_append(row, "-", 1);
        add_digits(row, (uint64_t)date.day, 2);
    }
    base_text_add(row, after);
}

void world_cell_clock(base_text *row, int32_t minute, const char *after)
{
    add_digits(row, (uint64_t)(minute / 60), 2);
    base_text_append(row, ":", 1);
    add_digits(row, (uint64_t)(minute % 60), 2);
    base_text_add(row, after);
}

void world_cell_ref(base_text *row, char kind, uint32_t number,
                    const char *after)
{
    if (number != WORLD_NONE) {
        base_text_append(row, &kind, 1);
        add_digits(row, (uint64_t)number + 1,
                   kind == 'b' ? 2 : kind == 'm' ? 3 : 6);
    }
    base_text_add(row, after);
}

gb_status world_cell_place(const world_writer *w, gb_point at, world_e7 *out)
{
    gb_lonlat place = world_ground_lonlat(&w->bank->ground, at);

    if (w->datum != GB_DATUM_WGS84 && w->datum != GB_DATUM_CGCS2000) {
        const gb_status status = gb_datum_convert(
            w->run->ctx, GB_DATUM_WGS84, w->datum, &place, 1);

        if (status)
            return status;
    }
    out->lon = (int64_t)floor(place.lon_deg * 1e7 + 0.5);
    out->lat = (int64_t)floor(place.lat_deg * 1e7 + 0.5);
    return GB_OK;
}

void world_cell_degrees(base_text *row, int64_t e7, const char *after)
{
    const uint64_t size = (uint64_t)(e7 < 0 ? -e7 : e7);

    if (e7 < 0)
        base_text_append(row, "-", 1);
    add_digits(row, size / 10000000, 1);
    base_text_append(row, ".", 1);
    add_digits(row, size % 10000000, 7);
    base_text_add(row, after);
}

gb_status world_cell_lonlat(const world_writer *w, base_text *row,
                            gb_point at, const char *after)
{
    world_e7 e7;
    const gb_status status = world_cell_place(w, at, &e7);

    if (status)
        return status;
    world_cell_degrees(row, e7.lon, ",");
    world_cell_degrees(row, e7.lat, after);
    return GB_OK;
}
