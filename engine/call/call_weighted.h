/*
 * call_weighted.h - places with a weight from a CSV file: lon, lat and w, or
 * x, y and w in metres.
 *
 * The header names the columns in any order, others are passed over; without
 * one they are the first two or three.  A row that is no place is told of and
 * left out.
 */
#ifndef CALL_WEIGHTED_H
#define CALL_WEIGHTED_H

#include "base_csv.h"
#include "call_door.h"

enum { CALL_WEIGHTED_TOLD = 20 }; /* bad rows that are told one by one */

typedef struct call_weighted_fault {
    uint64_t line;
    const char *column; /* "" for the row itself */
    char value[40];
    const char *why; /* GB_N: what is wrong, and what is expected */
} call_weighted_fault;

typedef struct call_weighted {
    size_t n, capacity;
    gb_lonlat *at;   /* x and y in metres where the file is planar */
    double *weights; /* NULL where the file has none */
    uint64_t *lines;
    size_t n_rows, n_bad, n_told;
    call_weighted_fault told[CALL_WEIGHTED_TOLD];
} call_weighted;

/*
 * Read what is open.  GB_ERR_PARSE for a header without the columns,
 * GB_ERR_NOMEM, GB_ERR_CANCELLED.  `name` stands in messages.
 */
gb_status call_weighted_take(gb_context *ctx, base_csv *csv, const char *name,
                             bool is_planar, call_weighted *out);
/* The file at the path; GB_ERR_NOT_FOUND, GB_ERR_IO; GB_ERR_DATA when more
 * than `max_bad` (0 to 1) of its rows are bad. */
gb_status call_weighted_read(call *c, const char *path, bool is_planar,
                             double max_bad, call_weighted *out);
/*
 * Places in degrees on the plane of `epsg`; of 0: on that of `*crs`, which is
 * opened, for the zone of the places, where it is NULL.  Then a place far from
 * the middle of all is a bad row as well (GB_ERR_DATA as above): a shifted
 * point in one row does not spoil the rest.  `*points` is the caller's.
 */
gb_status call_weighted_project(call *c, const char *path, int32_t epsg,
                                double max_bad, call_weighted *places,
                                gb_crs **crs, gb_point **points);
/* Places in metres as points; GB_ERR_DATA for none at all, here and above. */
gb_status call_weighted_plane(call *c, const char *path,
                              const call_weighted *places, gb_point **points);
void call_weighted_clear(base_mem *mem, call_weighted *points);
/* line, column, value, why of the bad rows. */
json_t *call_weighted_faults(const call *c, const call_weighted *points);

#endif
