/*
 * store_spots.h - hot spots among the cells and clusters of targets, as a
 * night leaves them (gridbeat/spots.h has what they mean).
 *
 * Spots are of the whole bank: a cell is hot among all cells.  What is counted
 * in a cluster is counted in a scope, so that totals do not leak.
 */
#ifndef STORE_SPOTS_H
#define STORE_SPOTS_H

#include "geo_shape.h"
#include "store_db.h"
#include "store_load.h"

enum { STORE_N_SPOT_CLASSES = 8 };
/* In the order of gb_spot_class. */
extern const char *const store_spot_classes[STORE_N_SPOT_CLASSES];

/* The customers who live in each cell of the active set, in the order of the
 * references; n: of cells. */
gb_status store_count_by_cell(gb_workspace *workspace, double *counts,
                              size_t n);

typedef struct store_spot {
    double value, z, p, p_fdr; /* NaN where unknown */
    int32_t spot_class;        /* gb_spot_class */
} store_spot;

/* A measure by a statistic, on the cells of the active set. */
typedef struct store_spots {
    base_arena arena; /* of loaded ones */
    const char *name; /* "dormant", "value", "share" */
    const char *stat; /* "gistar", "moran" */
    int32_t on;
    double level;
    const store_spot *items; /* in the order of the cells' references */
    size_t n;
} store_spots;

/* Replaces the layer of that date, name and statistic. */
gb_status store_save_spots(gb_workspace *workspace, const store_spots *spots);
/* GB_ERR_NOT_FOUND where there is none; the class of a cell that was made
 * since is unknown. */
gb_status store_load_spots(gb_workspace *workspace, const char *name,
                           const char *stat, int32_t on, store_spots *out);
void store_spots_clear(store_spots *spots);

/* Clusters of a date as they are saved. */
typedef struct store_clusters_in {
    int32_t on;
    double radius_m;
    uint32_t min_points;
    size_t n;                   /* clusters */
    const double *area_m2;      /* n */
    gb_shapes outlines;         /* n, in degrees */
    size_t n_targets;
    const int64_t *targets;     /* rows of target */
    const uint32_t *number;     /* of each: 1 to n; 0: in no cluster */
} store_clusters_in;

/* Replaces those of the date. */
gb_status store_save_clusters(gb_workspace *workspace,
                              const store_clusters_in *clusters);

typedef struct store_cluster {
    int64_t id;
    uint32_t number;
    double area_m2;
    gb_lonlat at;                         /* the mean of its targets */
    int64_t targets, value, balance_fen;  /* of the scope */
    const char *grid;                     /* where most of them live, or "" */
} store_cluster;

typedef struct store_clusters {
    base_arena arena;
    store_cluster *items;
    geo_shapes outlines; /* one an item, in degrees */
    size_t n;
    double radius_m;     /* 0 where there is none */
    uint32_t min_points;
} store_clusters;

/*
 * Those of a date with a target in the scope, the most points first.  Of a
 * box (its south-west and north-east; NULL for everywhere) those whose outline
 * may reach into it.
 */
gb_status store_load_clusters(gb_workspace *workspace, store_scope scope,
                              int32_t on, const gb_lonlat *box,
                              store_clusters *out);
void store_clusters_clear(store_clusters *clusters);

#endif
