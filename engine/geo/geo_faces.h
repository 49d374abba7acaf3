/*
 * geo_faces.h - planar sets of faces that share their borders: out of lines,
 * their neighbours, and their unions by label.
 *
 * Faces that come out of geo_faces_of_lines() are noded: each vertex on a
 * border is a vertex of both sides, to the bit.  Adjacency and union then need
 * no tolerance and no geometry library: an edge has a face on its left and one
 * on its right, found by sorting.
 */
#ifndef GEO_FACES_H
#define GEO_FACES_H

#include "geo_shape.h"

/*
 * All faces that the lines enclose, one shape each with one outer ring and
 * its holes, in the order of their lowest (x, y) outer vertices.  Lines are
 * noded first, all vertices rounded to a grid of `grid_m` (0.01 is right for
 * towns; above 0); dangling ends and bridges between rings vanish.
 * A hole of one face is filled by others.
 * Method: GEOS snap rounding and polygonizer.
 */
gb_status geo_faces_of_lines(gb_context *ctx, const gb_lines *lines,
                             double grid_m, geo_shapes *out);

/* From vertex `from` to `to`, with faces on both sides. */
typedef struct geo_edge {
    uint32_t from, to;    /* vertices; from < to */
    uint32_t left, right; /* faces, or UINT32_MAX: outside all */
} geo_edge;

typedef struct geo_edges {
    base_mem *mem;    /* borrowed */
    size_t n_edges, n_vertices;
    geo_edge *edges;  /* by (from, to) */
    gb_point *vertices; /* by (x, y), each once */
} geo_edges;

/*
 * The edges of a noded set of faces.  GB_ERR_GEOMETRY, with the place, where
 * an edge has two faces on the same side: faces that overlap.
 */
gb_status geo_edges_build(gb_context *ctx, const gb_shapes *faces,
                          geo_edges *out);
void geo_edges_clear(geo_edges *edges); /* a zeroed struct is taken */

/* Neighbours of face f: [first[f], first[f + 1]), by number. */
typedef struct geo_adjacency {
    base_mem *mem; /* borrowed */
    size_t n_faces, n;
    uint32_t *first;     /* n_faces + 1 */
    uint32_t *neighbour; /* never the face itself; symmetric */
    double *shared_m;    /* length of the common border; the same both ways */
    double *rim_m;       /* n_faces: length of the border with no neighbour */
} geo_adjacency;

/*
 * Who borders on whom, by common edges; touching in a point is no border.
 * `label` (NULL: each face its own) puts faces together first: the adjacency
 * is then that of [0, n_labels); faces labelled UINT32_MAX are outside.
 */
gb_status geo_adjacency_build(gb_context *ctx, const geo_edges *edges,
                              const uint32_t *label, size_t n_labels,
                              geo_adjacency *out);
void geo_adjacency_clear(geo_adjacency *adjacency);

/*
 * The union of the faces of each label in [0, n_labels), one shape a label,
 * by leaving out the edges between faces of one label: vertices stay as they
 * are, so the unions are noded among themselves too, and areas add up.
 */
gb_status geo_dissolve(gb_context *ctx, const geo_edges *edges,
                       const uint32_t *label, size_t n_labels,
                       geo_shapes *out);

#endif
