/*
 * gridbeat/score.h - what a visit is worth, when, and where the worthwhile
 * customers stand thick.
 *
 * A score card is a text that a person can read, sign and change: factors,
 * each a list of bins with whole points.  A customer's score is the sum of
 * the points of his bins, and every part is kept, so that "why is he on the
 * list" has a plain answer.  A card also says how likely a customer is met in
 * each slot of the day.
 *
 * Density is the kernel estimate of how many customers (or how much weight)
 * there are to the square metre.
 */
#ifndef GRIDBEAT_SCORE_H
#define GRIDBEAT_SCORE_H

#include <gridbeat/geo.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A score card; immutable, any thread. */
typedef struct gb_score_card gb_score_card;

/**
 * Customers as the card sees them: a matrix of numbers, and tags.  Borrowed
 * for the call.
 */
typedef struct gb_score_table {
    size_t size;
    size_t n_rows, n_columns;
    const char *const *columns;  /* names, for example "balance_fen" */
    const double *values;        /* n_rows x n_columns; NaN: unknown */
    size_t n_tags;
    const char *const *tags;     /* names of all tags in use */
    const uint32_t *row_first_tag; /* n_rows + 1; NULL when n_tags is 0 */
    const uint32_t *row_tags;      /* indices into tags */
} gb_score_table;

/**
 * Read a card from its JSON text; data/CARDS.md describes the form.
 *
 * Every key must be known, bins must rise, points must lie within +-10,000
 * and presence within 0 to 1000; else the message names the place.
 *
 * @param json    Text of `length` bytes; need not end in '\0'.
 * @return GB_OK; GB_ERR_PARSE when it is no JSON, with line and column;
 *         GB_ERR_DATA when it is no card; GB_ERR_ARGUMENT; GB_ERR_NOMEM.
 *
 * Ownership: free with gb_score_card_free().  Threads: one thread a context.
 * Since: 0.1.
 */
GB_API gb_status gb_score_card_parse(gb_context *ctx, const char *json,
                                     size_t length, gb_score_card **out);

/** The JSON text of the card that ships with the library.  Any thread. */
GB_API const char *gb_score_card_shipped(void);

GB_API void gb_score_card_free(gb_score_card *card);

/** Number of factors: the width of the parts. */
GB_API size_t gb_score_card_n_factors(const gb_score_card *card);

/** The name of a factor, or its title in "en" or "zh".  NULL: no such. */
GB_API const char *gb_score_card_factor(const gb_score_card *card,
                                        size_t factor);
GB_API const char *gb_score_card_title(const gb_score_card *card,
                                       size_t factor, const char *lang);

/** Number of slots of the day for which the card knows the presence. */
GB_API size_t gb_score_card_n_slots(const gb_score_card *card);

/**
 * The n_slots + 1 borders of the slots in seconds after midnight, rising.
 * Borrowed from the card.
 */
GB_API const int32_t *gb_score_card_slot_borders(const gb_score_card *card);

/**
 * Score every row.  A factor of texts, as fitted cards have them, looks for a
 * tag `column=text`.
 *
 * @param parts   n_rows x n_factors points, or NULL when not wanted.
 * @param points  n_rows sums; never below 0 (a sum below is set to 0).
 * @return GB_OK; GB_ERR_DATA when the card asks for a column that the table
 *         does not have; GB_ERR_ARGUMENT; GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Threads: one thread a context; card and table are only read.
 * Cost: O(rows x (factors + tags of the row)).
 * Since: 0.1.
 */
GB_API gb_status gb_score_card_apply(gb_context *ctx,
                                     const gb_score_card *card,
                                     const gb_score_table *table,
                                     int32_t *parts, int64_t *points);

/**
 * The chance to meet each row's customer, by slot, in thousandths:
 * n_rows x n_slots.  A row takes the first profile of the card whose tag it
 * carries, else the last profile, which has none.
 *
 * Errors, threads and cost as gb_score_card_apply().
 */
GB_API gb_status gb_score_presence(gb_context *ctx, const gb_score_card *card,
                                   const gb_score_table *table,
                                   int16_t *permille);

/** When the customers of a kind are met, as a card supposes. */
typedef struct gb_score_profile {
    const char *name;
    const char *tag;         /* who has it; NULL: everybody else */
    const int16_t *permille; /* of each slot, in thousandths */
} gb_score_profile;

/** Number of profiles; the last one has no tag. */
GB_API size_t gb_score_card_n_profiles(const gb_score_card *card);

/** A profile, borrowed from the card; false: no such. */
GB_API bool gb_score_card_profile(const gb_score_card *card, size_t profile,
                                  gb_score_profile *out);

/** Shape of the smoothing. */
typedef enum gb_kernel {
    GB_KERNEL_EPANECHNIKOV = 0, /* 2 / (pi r2) (1 - d2/r2) within radius r */
    GB_KERNEL_QUARTIC = 1,      /* 3 / (pi r2) (1 - d2/r2)^2 */
    GB_KERNEL_GAUSSIAN = 2      /* radius is the standard deviation; cut off
                                   at 8 of them, where 1.3e-14 is left */
} gb_kernel;

/** A raster: the centre of the first cell, row by row from the south. */
typedef struct gb_raster {
    double x0_m, y0_m, step_m;
    uint32_t n_x, n_y;
} gb_raster;

typedef struct gb_density_options {
    size_t size;
    int32_t kernel;     /* gb_kernel; 0 = Epanechnikov */
    double radius_m;    /* 1 mm to 10,000 km; 0 = 500, a few minutes' walk */
    uint32_t n_threads; /* 0 = 1; the bytes do not depend on it */
    int64_t time_limit_ms; /* reserved: 0 */
    const double *radii_m; /* of each point; NULL: radius_m for all */
    const gb_shapes *window; /* where points can be at all, for the correction
                                at its edge; NULL: everywhere.  Borrowed */
} gb_density_options;
#define GB_DENSITY_OPTIONS_INIT                                               \
    { sizeof(gb_density_options), 0, 0, 0, 0, 0, 0 }

/**
 * Density of weighted points on a raster, in weight per square metre.
 *
 * Epanechnikov and quartic are exact but for rounding, within 1e-11 of the
 * surface's maximum; the Gaussian is within 1e-12 of the kernel's maximum
 * times the weight.  The order of the points does not matter, to the byte.
 *
 * With a window, values are divided by the mass that the kernel has inside
 * (uniform correction), and are NAN outside; where points have radii of their
 * own, each is weighed by the inverse of its mass inside instead (Jones and
 * Diggle), and those outside are left out.
 *
 * @param weights  NULL: 1 each.  Finite.
 * @param values   n_y rows of n_x values, x fastest.
 * @return GB_OK; GB_ERR_ARGUMENT for a step, radius, point or weight that is
 *         not finite or out of range, an empty window, or a raster of more
 *         than 2^31 cells; GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Threads: one thread a context.
 * Cost: O(cells + n radius / step) time for Epanechnikov and quartic,
 * O(cells + n) for the Gaussian, O(n log n + n (radius / step)^2) where a
 * radius has less than 2 cells or Gaussians have radii of their own; O(n)
 * memory beside the raster.
 * Method: B. W. Silverman, Density Estimation (1986), section 4.2; the sweeps
 * are told of in data/DENSITY.md.
 * Since: 0.1.
 */
GB_API gb_status gb_density_raster(gb_context *ctx, const gb_point *points,
                                   const double *weights, size_t n_points,
                                   const gb_raster *raster,
                                   const gb_density_options *options,
                                   double *values);

/**
 * The same at given places instead of a raster: at[i] -> values[i].
 * Cost: O(n log n) and the points near each place.
 */
GB_API gb_status gb_density_at(gb_context *ctx, const gb_point *points,
                               const double *weights, size_t n_points,
                               const gb_point *at, size_t n_at,
                               const gb_density_options *options,
                               double *values);

/**
 * The density at each point of all others.  As gb_density_at() otherwise.
 */
GB_API gb_status gb_density_leave_one_out(gb_context *ctx,
                                          const gb_point *points,
                                          const double *weights,
                                          size_t n_points,
                                          const gb_density_options *options,
                                          double *values);

/**
 * Radii that follow the points: wide where they are thin, narrow where they
 * are thick.  A point's radius is mean_m (g / f)^(1/2) with f the pilot
 * density at it, itself included, and g the geometric mean of all these.
 *
 * @param mean_m   the radii's geometric mean, above 0.
 * @param pilot    kernel and radius of the pilot density; its radii_m and
 *                 window are not looked at.
 * @param radii_m  n_points, for gb_density_options.
 * @return GB_OK; GB_ERR_DATA where a pilot density is not above 0, as weights
 *         below it make it; GB_ERR_ARGUMENT; GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Threads and cost as gb_density_at().
 * Method: I. S. Abramson, On bandwidth variation in kernel estimates - a
 * square root law, Annals of Statistics 10 (1982).
 * Since: 0.1.
 */
GB_API gb_status gb_density_radii(gb_context *ctx, const gb_point *points,
                                  const double *weights, size_t n_points,
                                  double mean_m,
                                  const gb_density_options *pilot,
                                  double *radii_m);

/**
 * How much of the kernel's mass at each place lies inside a polygon: 0 to 1,
 * exact to rounding (1e-13).
 *
 * @param window   shapes that do not overlap.
 * @param options  kernel, radius_m, and radii_m of the places.
 *
 * Threads: one thread a context.  Cost: O(places x edges), with little for an
 * edge that is out of reach.
 * Method: D. B. Owen, Tables for computing bivariate normal probabilities,
 * Annals of Mathematical Statistics 27 (1956), for the Gaussian.
 * Since: 0.1.
 */
GB_API gb_status gb_density_mass_inside(gb_context *ctx,
                                        const gb_shapes *window,
                                        const gb_point *at, size_t n_at,
                                        const gb_density_options *options,
                                        double *mass);

/**
 * The smoothed weight in each shape (cells, territories): the integral of the
 * density over it, exact to rounding.  Where shapes part the plane the sums
 * add up to the weight of all points.
 *
 * @param options  kernel, radius_m, n_threads; radii_m and window NULL.
 * @param sums     n_shapes.
 * @return GB_OK; GB_ERR_ARGUMENT; GB_ERR_OPTIONS; GB_ERR_CANCELLED;
 *         GB_ERR_NOMEM.
 *
 * Threads: one thread a context.
 * Cost: O(n log n) and, for each shape, the points near it times its edges.
 * Since: 0.1.
 */
GB_API gb_status gb_density_in_shapes(gb_context *ctx, const gb_point *points,
                                      const double *weights, size_t n_points,
                                      const gb_shapes *shapes,
                                      const gb_density_options *options,
                                      double *sums);

/**
 * One density as a share of another, for example dormant customers of all:
 * part / whole, and NAN where the whole is 0 or below `least` (0 to 1) of its
 * highest, for there the share is chance.  `share` may be `part`.
 *
 * Threads: one thread a context.  Since: 0.1.
 */
GB_API gb_status gb_density_share(gb_context *ctx, const double *part,
                                  const double *whole, size_t n, double least,
                                  double *share);

/** Streets as a graph; borrowed for the call. */
typedef struct gb_streets {
    size_t n_nodes, n_edges;
    const uint32_t *from, *to; /* nodes; not the same */
    const double *length_m;    /* above 0 */
} gb_streets;

/** A place on a street. */
typedef struct gb_street_place {
    uint32_t edge;
    double along_m; /* from the end `from`, 0 to its length */
} gb_street_place;

/**
 * Density along streets: weight per metre of street, at places on streets.
 *
 * The kernel follows the street to both sides and divides at junctions so that
 * the density is the same on all streets that meet and no mass is lost (equal
 * split, continuous); at a dead end it turns back.  Epanechnikov and quartic
 * are summed over all paths, exactly; the Gaussian is solved as heat, within
 * 2e-3 of the surface's maximum (data/DENSITY.md).
 *
 * @param options  kernel and radius_m; radii_m and window must be NULL.
 * @return GB_OK; GB_ERR_ARGUMENT for streets or places that are none, or for
 *         more than 1e9 looks at streets on the paths of a polynomial kernel;
 *         GB_ERR_OPTIONS; GB_ERR_CANCELLED; GB_ERR_NOMEM.
 *
 * Threads: one thread a context.  The order of the points does not matter, to
 * the byte.
 * Cost: the Gaussian some 500 looks at streets parted into sixteenths of the
 * radius; the others the number of paths within the radius, which doubles
 * with each junction on the way: for radii of some ten blocks.
 * Method: A. Okabe, T. Satoh, K. Sugihara, A kernel density estimation method
 * for networks, IJGIS 23 (2009), doi:10.1080/13658810802475491;
 * G. McSwiggan, A. Baddeley, G. Nair, Kernel density estimation on a linear
 * network, Scandinavian Journal of Statistics 44 (2017).
 * Since: 0.1.
 */
GB_API gb_status gb_density_streets(gb_context *ctx,
                                    const gb_streets *streets,
                                    const gb_street_place *points,
                                    const double *weights, size_t n_points,
                                    const gb_street_place *at, size_t n_at,
                                    const gb_density_options *options,
                                    double *values);

#ifdef __cplusplus
}
#endif
#endif
