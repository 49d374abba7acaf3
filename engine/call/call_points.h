/*
 * call_points.h - places from a CSV file with the columns id, lon, lat.
 *
 * The file is UTF-8 with a header line; other columns are passed over, and
 * fields may stand in quotes as RFC 4180 has it.
 */
#ifndef CALL_POINTS_H
#define CALL_POINTS_H

#include "call_door.h"

typedef struct call_points {
    base_arena arena; /* of the ids */
    size_t n, capacity;
    const char **ids;
    gb_lonlat *at; /* NAN where the file has no number: set aside later */
} call_points;

/*
 * Read the file.  GB_ERR_NOT_FOUND, GB_ERR_IO; GB_ERR_PARSE for a header
 * without these columns or a quote that is never closed, with the line.
 */
gb_status call_points_read(call *c, const char *path, call_points *out);
void call_points_clear(const call *c, call_points *points);

#endif
