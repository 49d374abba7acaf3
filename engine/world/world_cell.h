/*
 * world_cell.h - cells of a row: each appends to a text, with the separator
 * that is to follow ("," or "\n").
 */
#ifndef WORLD_CELL_H
#define WORLD_CELL_H

#include "world_write.h"

void world_cell_text(base_text *row, const char *text, const char *after);
void world_cell_int(base_text *row, int64_t number, const char *after);
/* WORLD_NO_DAY is an empty cell. */
void world_cell_day(base_text *row, int32_t day, const char *after);
void world_cell_clock(base_text *row, int32_t minute, const char *after);
/* "b07", "m012", "p000345"; WORLD_NONE is an empty cell. */
void world_cell_ref(base_text *row, char kind, uint32_t number,
                    const char *after);

/* A place on the plane in degrees of the delivery's datum times 1e7. */
typedef struct world_e7 {
    int64_t lon, lat;
} world_e7;
gb_status world_cell_place(const world_writer *w, gb_point at, world_e7 *out);
void world_cell_degrees(base_text *row, int64_t e7, const char *after);
/* Both, longitude first. */
gb_status world_cell_lonlat(const world_writer *w, base_text *row,
                            gb_point at, const char *after);

#endif
