/*
 * route_patterns.c - days of repeated visits: gb_route_patterns().
 *
 * The days are drawn from the last one down, each as low as it may be first,
 * which gives the patterns in rising order.  How low and how high the first
 * visit may come out is known at each step, so no draw is in vain.
 */
#include <gridbeat/route.h>

enum { MOST_DAYS = 64, MOST_PATTERNS = 1 << 20 };

typedef struct drawing {
    int32_t min_gap, max_gap;
    int32_t first_low, first_high; /* days that the first visit may have */
    uint64_t *patterns;
    size_t capacity, n;
} drawing;

/* May the first visit be had, with `left` more before this one? */
static bool is_open(const drawing *d, int32_t day, int32_t left)
{
    const int32_t low = day - left * d->max_gap > 0
        ? day - left * d->max_gap
        : 0;
    const int32_t high = day - left * d->min_gap;

    return high >= low && high >= d->first_low && low <= d->first_high;
}

/* All patterns with this day and what is drawn; false: too many. */
static bool draw(drawing *d, uint64_t drawn, int32_t day, int32_t left)
{
    const int32_t low = day - d->max_gap > 0 ? day - d->max_gap : 0;

    drawn |= UINT64_C(1) << day;
    if (left == 0) {
        if (d->n < d->capacity)
            d->patterns[d->n] = drawn;
        return ++d->n <= MOST_PATTERNS;
    }
    for (int32_t next = low; next <= day - d->min_gap; next++)
        if (is_open(d, next, left - 1) && !draw(d, drawn, next, left - 1))
            return false;
    return true;
}

gb_status gb_route_patterns(uint32_t n_days, uint32_t n_visits,
                            uint32_t min_gap, uint32_t max_gap,
                            bool is_cyclic, uint64_t *patterns,
                            size_t capacity, size_t *needed)
{
    drawing d = { .patterns = patterns, .capacity = capacity };

    if (!needed)
        return GB_ERR_ARGUMENT;
    *needed = 0;
    if ((!patterns && capacity) || n_days == 0 || n_days > MOST_DAYS
        || n_visits == 0 || min_gap > MOST_DAYS
        || (max_gap != 0 && max_gap < min_gap))
        return GB_ERR_ARGUMENT;
    d.min_gap = min_gap ? (int32_t)min_gap : 1;
    d.max_gap = max_gap && max_gap < MOST_DAYS ? (int32_t)max_gap : MOST_DAYS;
    if (n_visits > n_days)
        return GB_OK;
    for (int32_t last = 0; last < (int32_t)n_days; last++) {
        const int32_t over = (int32_t)n_days - last;

        d.first_low = is_cyclic ? d.min_gap - over : 0;
        d.first_high = is_cyclic ? d.max_gap - over : MOST_DAYS;
        if (is_open(&d, last, (int32_t)n_visits - 1)
            && !draw(&d, 0, last, (int32_t)n_visits - 1)) {
            *needed = 0;
            return GB_ERR_ARGUMENT;
        }
    }
    *needed = d.n;
    return d.n > capacity ? GB_ERR_BUFFER : GB_OK;
}
