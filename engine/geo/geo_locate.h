/*
 * geo_locate.h - which of many shapes holds a place, in well under a
 * microsecond.
 *
 * Shapes belong to groups (cells to territories).  Places are taken to 1e-8
 * of a degree (1.1 mm), vertices too, and from there on all is decided in
 * integers: an answer is that of a plain scan over all edges, be the place on
 * an edge or on a vertex.  Overlaps, gaps and holes are taken as they are.
 *
 * A raster of squares lies over the shapes.  A square without any edge knows
 * its shape; another holds its edges by shape, and for each shape whether it
 * holds the square's south-west corner.  Whether it holds a place of the
 * square then is that, changed by each edge that the way from the corner to
 * the place crosses.  The raster has two squares an edge, so a square has few.
 *
 * Immutable once built: any number of threads may ask; asking allocates
 * nothing and takes no lock.
 *
 * Method: M. Edahiro, I. Kokubo, T. Asano, A new point-location algorithm and
 * its practical efficiency, ACM Trans. Graph. 3 (1984), doi:10.1145/357337.357338
 * (the raster); the crossings as E. Haines, Point in polygon strategies,
 * Graphics Gems IV, 1994.
 */
#ifndef GEO_LOCATE_H
#define GEO_LOCATE_H

#include "geo_crs.h"

#define GEO_NOWHERE UINT32_MAX

typedef struct geo_locator geo_locator;

/*
 * `groups` of the shapes must not fall from one shape to the next; NULL: each
 * shape is one.  Edges are followed to within 2 mm: what is straight on the
 * plane is bent in degrees, so long edges are parted.  Nothing is borrowed.
 * GB_ERR_GEOMETRY for shapes that lie more than 20 degrees apart, or an edge
 * of 2.6 degrees; GB_ERR_CRS, GB_ERR_NOMEM.  O(n log n), some 100 bytes an
 * edge while it is built and 50 afterwards.
 */
gb_status geo_locator_build(gb_context *ctx, gb_crs *crs,
                            const gb_shapes *shapes, const uint32_t *groups,
                            geo_locator **out);
/* The same of shapes in degrees, longitude in x_m; edges as they are. */
gb_status geo_locator_build_degrees(gb_context *ctx, const gb_shapes *shapes,
                                    const uint32_t *groups,
                                    geo_locator **out);
void geo_locator_free(geo_locator *locator); /* takes NULL */

typedef struct geo_location {
    uint32_t shape;  /* holds the place, borders included: the lowest; or
                        GEO_NOWHERE */
    uint32_t other;  /* the lowest shape of another group that holds it too,
                        or GEO_NOWHERE */
    bool is_on_border; /* of a group: with another one, or with nothing */
} geo_location;

/* The place must be on the globe (geo_lonlat_is_sound()). */
geo_location geo_locate(const geo_locator *locator, gb_lonlat at);

/*
 * The shape whose border is nearest to a place that is in none, of the lowest
 * group among those equally near to the millimetre; GEO_NOWHERE without any.
 * What is nearest is measured on a plane that fits the middle of the shapes;
 * *distance_m then on the ellipsoid.
 */
uint32_t geo_locate_nearest(const geo_locator *locator, gb_lonlat at,
                            double *distance_m);

/* Of all its arrays. */
size_t geo_locator_bytes(const geo_locator *locator);
size_t geo_locator_edges(const geo_locator *locator);

#endif
