/*
 * gridbeat/spots.h - where high values keep company: hot and cold spots among
 * areas, with a correction for looking at many areas at once, and clusters of
 * points.
 *
 * Dormant customers are geocoded to doors and compounds, so that some place
 * is always the densest.  A hot spot is more: an area that, together with its
 * neighbours, holds more than chance would give it.
 */
#ifndef GRIDBEAT_SPOTS_H
#define GRIDBEAT_SPOTS_H

#include <gridbeat/geo.h>

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Who is whose neighbour: the neighbours of area i are areas[first[i]] to
 * areas[first[i + 1] - 1].  An area is not among its own neighbours and is
 * named once.  Borrowed for the call.
 */
typedef struct gb_neighbours {
    size_t size;
    size_t n_areas;
    const uint32_t *first;  /* n_areas + 1 */
    const uint32_t *areas;
    const double *weights;  /* beside areas, finite, >= 0; NULL: all 1 */
} gb_neighbours;

typedef enum gb_spot_stat {
    GB_SPOT_GISTAR = 0, /* Getis and Ord's Gi*, the area itself included */
    GB_SPOT_GI = 1,     /* without the area itself */
    GB_SPOT_MORAN = 2   /* Anselin's local Moran */
} gb_spot_stat;

typedef enum gb_spot_class {
    GB_SPOT_NONE = 0,      /* no more than chance */
    GB_SPOT_HOT = 1,       /* Gi, Gi*: high among high */
    GB_SPOT_COLD = 2,
    GB_SPOT_HIGH_HIGH = 3, /* Moran: the area, and its neighbours */
    GB_SPOT_LOW_LOW = 4,
    GB_SPOT_HIGH_LOW = 5,  /* unlike its neighbours */
    GB_SPOT_LOW_HIGH = 6,
    GB_SPOT_UNKNOWN = 7    /* the area has no value */
} gb_spot_class;

typedef struct gb_spots_options {
    size_t size;
    int32_t stat;      /* gb_spot_stat */
    int32_t is_fdr;    /* 1: the class goes by p_fdr, else by p */
    double level;      /* 0 = .05; at most 1 */
    int32_t is_binary; /* Moran: 1: weights as they are; 0: each row of them
                          is divided by its sum.  Gi and Gi* do not depend
                          on that. */
    int32_t reserved;
} gb_spots_options;
#define GB_SPOTS_OPTIONS_INIT { sizeof(gb_spots_options), 0, 0, 0, 0, 0 }

typedef struct gb_spot {
    double stat;   /* Gi, Gi*: as z; Moran: Ii.  NaN for an unknown area */
    double z;      /* standardised; 0 where nothing varies */
    double p;      /* two-sided, from the normal distribution */
    double p_fdr;  /* Benjamini and Hochberg's; >= p */
    int32_t spot_class;
    int32_t reserved;
} gb_spot;

/**
 * The statistic of every area.
 *
 * Expectation and variance: for Gi and Gi* those of Ord and Getis (1995); for
 * local Moran those of Sokal, Oden and Thomson (1998) under conditional
 * permutation.  An area whose value is NaN is unknown: it takes no part, not
 * as a neighbour either.  An area without neighbours has z = 0 for Moran and
 * Gi.
 *
 * @param values  One for each area; NaN: unknown.
 * @param out     One for each area.
 * @return GB_OK; GB_ERR_ARGUMENT for a value or weight that is infinite, a
 *         weight below 0, a neighbour that does not exist or is the area
 *         itself, or fewer than three known areas; GB_ERR_CANCELLED;
 *         GB_ERR_NOMEM.
 *
 * Threads: one thread a context.
 * Cost: O(areas + neighbours), with a sort of the p in linear time.
 * Papers: J. K. Ord, A. Getis, Geographical Analysis 27 (1995); L. Anselin,
 * the same (1995); Y. Benjamini, Y. Hochberg, JRSS B 57 (1995).
 * Since: 0.1.
 */
GB_API gb_status gb_spots(gb_context *ctx, const double *values,
                          const gb_neighbours *neighbours,
                          const gb_spots_options *options, gb_spot *out);

/** Is there company at all?  Moran's I of all known areas. */
typedef struct gb_moran {
    size_t size;
    double i, expected, variance; /* under permutation of the values */
    double z, p;                  /* two-sided */
    uint64_t n_known;
} gb_moran;

/**
 * Moran's I.  Errors as gb_spots(); at least four known areas, and a pair of
 * neighbours.
 *
 * Threads: one thread a context.
 * Cost: O(areas + neighbours log neighbours of an area).
 * Paper: A. D. Cliff, J. K. Ord, Spatial Processes (1981).
 * Since: 0.1.
 */
GB_API gb_status gb_spots_moran(gb_context *ctx, const double *values,
                                const gb_neighbours *neighbours,
                                const gb_spots_options *options,
                                gb_moran *out);

/**
 * Corrected p of n tests by Benjamini and Hochberg: the least rate of false
 * discoveries at which each would be called one.  NaN stays NaN and does not
 * count.
 *
 * @param p  Within 0 to 1, or NaN.
 * @return GB_OK; GB_ERR_ARGUMENT; GB_ERR_NOMEM.
 *
 * Cost: O(n).  Since: 0.1.
 */
GB_API gb_status gb_false_discovery(gb_context *ctx, const double *p,
                                    size_t n, double *p_fdr);

/**
 * Shares that can be held against each other although the areas are of
 * unequal size: of few customers a share of all or none is chance.
 *
 * out[i] is the share events[i] / population[i] less the share of all areas,
 * in standard deviations of a share among so many; what gb_spots() takes so
 * that an area is hot by more events than its population explains.  The
 * variance is that between areas plus that of chance; where the one between
 * areas comes out below 0, chance alone.
 *
 * @param events      One for each area, finite, >= 0.
 * @param population  One for each area, finite, >= its events.
 * @param out         n numbers; NaN where nobody lives; 0 everywhere where no
 *                    share differs from another.  May be one of the inputs.
 * @return GB_OK; GB_ERR_ARGUMENT with the area that is wrong.
 *
 * Threads: one thread a context.
 * Cost: O(n).
 * Papers: R. M. Assuncao, E. A. Reis, Statistics in Medicine 18 (1999);
 * R. J. Marshall, JRSS C 40 (1991).
 * Since: 0.1.
 */
GB_API gb_status gb_spots_rates(gb_context *ctx, const double *events,
                                const double *population, size_t n,
                                double *out);

typedef struct gb_clusters_options {
    size_t size;
    double radius_m;     /* 0 = 100; two points this near are neighbours */
    uint32_t min_points; /* 0 = 10; of a core point, itself included */
    uint32_t reserved;
} gb_clusters_options;
#define GB_CLUSTERS_OPTIONS_INIT { sizeof(gb_clusters_options), 0, 0, 0 }

/**
 * Clusters of points by density (DBSCAN), exact.
 *
 * A point with at least min_points within the radius, itself included, is a
 * core; cores within the radius of one another are of one cluster; any other
 * point within the radius of a core belongs to the cluster of its nearest
 * core (the first by y, then x, where two are as near); the rest is noise.
 * Clusters are numbered from 1 by their number of points, the largest first,
 * alike ones by their first core; so the order of the points does not matter.
 *
 * @param points    In metres; within +-1e9.
 * @param clusters  n_points numbers; 0: noise.
 * @param cores     n_points, 1 for a core, 0 else; NULL: not wanted.
 * @param n_clusters  Their number.
 * @return GB_OK; GB_ERR_ARGUMENT for a point that is not finite or out of
 *         range, or a radius not within 1e-3 to 1e6; GB_ERR_CANCELLED;
 *         GB_ERR_NOMEM.
 *
 * Threads: one thread a context.
 * Cost: O(n) cells; the counting is O(n min_points) unless points crowd into
 * few cells without filling them.  Points at one place count as one with a
 * number, so a million at one address cost no more than one.
 * Papers: M. Ester et al., KDD (1996); A. Gunawan, TU Eindhoven (2013).
 * Since: 0.1.
 */
GB_API gb_status gb_clusters(gb_context *ctx, const gb_point *points,
                             size_t n_points,
                             const gb_clusters_options *options,
                             uint32_t *clusters, uint8_t *cores,
                             uint32_t *n_clusters);

#ifdef __cplusplus
}
#endif
#endif
