/*
 * call_ground.h - where the potential lies, ranked: cells, or the grids or
 * branches that they add up to.
 */
#ifndef CALL_GROUND_H
#define CALL_GROUND_H

#include "base_text.h"
#include "call_door.h"
#include "geo_shape.h"
#include "store_potential.h"

typedef enum call_ground_of {
    CALL_OF_CELLS,
    CALL_OF_GRIDS,
    CALL_OF_BRANCHES
} call_ground_of;

typedef enum call_ground_by {
    CALL_BY_POTENTIAL,
    CALL_BY_TARGETS,
    CALL_BY_BALANCE,
    CALL_BY_DENSITY,
    CALL_BY_UNVISITED,
    CALL_BY_HOT
} call_ground_by;

/* A cell, a grid or a branch. */
typedef struct call_ground_row {
    const char *ref, *grid, *branch; /* borrowed; "" where it has none */
    double area_m2;
    int64_t customers, balance_fen, targets, value, unvisited;
    double per_km2;  /* the mean density where its targets live; NaN: none */
    double z;        /* of a cell; else NaN */
    int32_t spot_class, moran_class; /* of a cell */
    int64_t cells, hot, cold;
    uint32_t number; /* before ranking: the label of its cells */
} call_ground_row;

typedef struct call_ground {
    call_ground_of of;
    store_cell_sums sums;
    call_ground_row *rows; /* ranked */
    uint32_t *of_cell;     /* row number (call_ground_row.number) of each sum */
    size_t n;
    int64_t value;         /* of all rows */
} call_ground;

/* Add up and rank; `ground` has of and sums. */
gb_status call_ground_rank(call *c, call_ground_by by, call_ground *ground);
void call_ground_clear(base_mem *mem, call_ground *ground);

/* A row in the answer, and the same as a line of a CSV. */
json_t *call_ground_json(const call *c, const call_ground *ground, size_t row);
void call_ground_csv(const call_ground *ground, base_text *text);
/* The outlines of the first `limit` rows (0: all), with their figures. */
gb_status call_ground_geojson(call *c, const call_ground *ground, size_t limit,
                              base_text *text);

#endif
