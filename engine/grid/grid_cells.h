/*
 * grid_cells.h - how basic areas are made; inside of gridbeat/cells.h.
 *
 *   lines, rims, compounds --node--> net of small faces
 *     net --cut the heavy and the long thin--> finer net
 *       faces --join (blocks, compounds, light, thin)--> labels
 *         labels --dissolve--> cells
 *
 * All geometry is made once, when the lines are noded (geo_faces.h); from
 * there on cells are labels of faces, so no gap or overlap can arise.
 */
#ifndef GRID_CELLS_H
#define GRID_CELLS_H

#include "base_run.h"
#include "geo_faces.h"
#include "geo_index.h"

#include <gridbeat/cells.h>

struct gb_cells {
    base_mem *mem;
    geo_shapes region, shapes;
    gb_shapes region_view, shapes_view;
    geo_adjacency adjacency;
    gb_point *centres;
    double *areas_m2, *perimeters_m, *weights;
    uint8_t *kinds, *border_classes, *barriers;
    uint32_t *sources, *cell_of_point;
    size_t n_cells, n_points;
    BASE_ARRAY(gb_cells_finding) findings;
};

/* The net of faces that all lines make together. */
typedef struct cells_net {
    geo_shapes faces;
    gb_shapes view;
    geo_edges edges;
    size_t n_faces;
    uint8_t *edge_class;    /* of each edge; gb_line_class or GB_LINE_NONE */
    bool *is_inside;        /* of each face: in the region */
    uint32_t *shape;        /* of each face: the compound or polygon that has
                               it, by its lowest number; or GB_CELL_NONE */
    double *areas_m2, *weights;
    uint32_t *face_of_point; /* or GB_CELL_NONE */
} cells_net;

typedef struct cells_job {
    base_run *run;
    const gb_cells_input *input; /* complete: no field unknown here */
    gb_cells_options options;    /* resolved */
    geo_shapes region;           /* one shape; none when it is that of the
                                    user's polygons */
    geo_shapes atomic;           /* mended compounds, or the user's polygons */
    geo_ids atomic_ids;          /* the number of each in the input */
    geo_lines cuts;              /* lines of our own */
    geo_index *heavy;            /* boxes of heavy faces: near these small
                                    streets count; NULL: nowhere */
    const gb_shapes *given;      /* the user's polygons, or NULL */
    bool is_given;
    bool has_hexagons;           /* no lines: hexagons are the blocks */
    gb_cells *cells;             /* findings go here */
} cells_job;

/* ---- grid_cells_net.c ---- */

/* Node all lines and know what each face and edge is.  Clear it always. */
gb_status cells_net_build(cells_job *job, cells_net *net);
void cells_net_clear(cells_job *job, cells_net *net);
bool cells_is_barrier(uint8_t line_class);
/* Does the class bound blocks? */
bool cells_is_block_line(uint8_t line_class);
/* The width of the rectangle of the same area and perimeter. */
double cells_width_m(double area_m2, double perimeter_m);
gb_status cells_find(cells_job *job, gb_cells_finding finding);

/* ---- grid_cells_cut.c ---- */

/* Lines across the faces marked heavy, so that no piece weighs more than
 * max_weight, and, if asked, across long thin faces where their neighbours
 * change. */
gb_status cells_cut(cells_job *job, const cells_net *net, const bool *is_heavy,
                    bool with_strips);

/* ---- grid_cells_merge.c ---- */

/* What is being joined. */
typedef struct cells_group {
    double area_m2, perimeter_m, weight;
    uint32_t block;    /* pieces of one heavy block; else its own */
    uint32_t source;   /* lowest compound or polygon; or GB_CELL_NONE */
    bool has_compound, is_piece, is_rest;
} cells_group;

/* Join groups by the rules of the options; label[f] of each face, which comes
 * in as its group, goes out as its cell.  Groups is updated, by cell. */
gb_status cells_merge(cells_job *job, const cells_net *net, uint32_t *label,
                      cells_group *groups, size_t *n_groups);

/* ---- grid_cells_given.c ---- */

/* Of each shape the lowest that has the same vertices, or itself. */
gb_status cells_find_same(gb_context *ctx, const gb_shapes *shapes,
                          uint32_t *same);

/* Groups of the user's polygons, in their order, and of the gaps behind. */
gb_status cells_group_given(cells_job *job, const cells_net *net,
                            uint32_t *label, cells_group *groups,
                            size_t *n_groups);
/* Findings: overlaps, gaps, polygons that vanished or fell apart. */
gb_status cells_report_given(cells_job *job, const cells_net *net,
                             const uint32_t *label,
                             const cells_group *groups);

/* ---- grid_cells.c ---- */

/* The whole way, on checked input. */
gb_status cells_build(cells_job *job);

/* ---- grid_cells_check.c ---- */

typedef struct cells_findings {
    gb_cells_finding *items;
    size_t capacity, n;
} cells_findings;

gb_status cells_check(gb_context *ctx, const gb_cells_view *view,
                      cells_findings *out);

/* Sets of small ids joined; the lowest stands for its set. */
static inline uint32_t cells_root(uint32_t *parent, uint32_t id)
{
    while (parent[id] != id) {
        parent[id] = parent[parent[id]];
        id = parent[id];
    }
    return id;
}

static inline uint32_t cells_unite(uint32_t *parent, uint32_t a, uint32_t b)
{
    a = cells_root(parent, a);
    b = cells_root(parent, b);
    if (a > b) {
        const uint32_t c = a;

        a = b;
        b = c;
    }
    parent[b] = a;
    return a;
}

#endif
