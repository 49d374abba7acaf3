/*
 * gridbeat/cells.h - basic areas: the smallest pieces that territories are
 * put together from.
 *
 * A region is parted without gap or overlap, along what parts a town: main
 * roads, rails, rivers and borders make blocks; compounds (a gated estate, a
 * market) are never cut; a block too heavy is parted along its small streets
 * and then across its points; what is too light or too thin is joined to a
 * neighbour.  Where there are no lines at all, hexagons
 * are the blocks.  Or the user's own polygons are taken, and mended.
 *
 * All shapes of one gb_cells share their borders vertex by vertex, to the
 * bit: a border point of one cell is a vertex of its neighbour too.
 */
#ifndef GRIDBEAT_CELLS_H
#define GRIDBEAT_CELLS_H

#include <gridbeat/base.h>
#include <gridbeat/geo.h>
#include <gridbeat/roads.h> /* gb_line_class */

#ifdef __cplusplus
extern "C" {
#endif

/** No cell, no shape, no class. */
#define GB_CELL_NONE UINT32_MAX
#define GB_LINE_NONE 255

/** How a cell came about.  Never renumbered: the workspace stores it. */
typedef enum gb_cell_kind {
    GB_CELL_BLOCK = 0,    /* one block of main roads, or several joined */
    GB_CELL_COMPOUND = 1, /* holds a compound as a whole */
    GB_CELL_SPLIT = 2,    /* a part of a block that was too heavy */
    GB_CELL_REST = 3,     /* what compounds have left of a block, or a gap
                             between the user's polygons */
    GB_CELL_GIVEN = 4     /* a polygon of the user's */
} gb_cell_kind;

/**
 * What cells are made of, in metres of one projected system.  Borrowed for
 * the length of a call; NULL or a count of 0: there is none.
 */
typedef struct gb_cells_input {
    size_t size;               /* sizeof of the caller's struct */
    const gb_shapes *region;   /* what to part; all its shapes together.
                                  NULL: the hull of the points, or else of the
                                  lines, and margin_m round it */
    const gb_lines *lines;
    const uint8_t *line_classes; /* lines->n_lines; gb_line_class */
    const gb_shapes *atomic;   /* compounds: never cut.  Those that overlap
                                  become one; what lies outside of the region
                                  is left out */
    const gb_point *points;    /* n_points: where the work is */
    const double *weights;     /* n_points; >= 0, in any unit; NULL: 1 each */
    size_t n_points;
} gb_cells_input;
#define GB_CELLS_INPUT_INIT { sizeof(gb_cells_input), 0, 0, 0, 0, 0, 0, 0 }

typedef struct gb_cells_options {
    size_t size;
    double max_weight;    /* a heavier cell is parted; 0: none is */
    double min_weight;    /* a lighter one is joined to a neighbour, as long
                             as the two keep to max_weight and max_area_m2;
                             0: none is */
    double min_area_m2;   /* a smaller one is joined whatever it weighs;
                             0 = 2500 */
    double min_width_m;   /* and so is one thinner than this (the rectangle of
                             its area and perimeter): the strip between the
                             carriageways of a road; 0 = 30 */
    double max_area_m2;   /* light cells are not joined beyond this, but for
                             crumbs below .15 of it; 0 = 1,000,000 */
    double max_atomic_m2; /* a larger shape is a quarter, not a compound: it
                             may be cut; 0 = 400,000 */
    double margin_m;      /* round a region of our own making; 0 = 500 */
    double grid_m;        /* all vertices are rounded to this; 0 = 0.01 */
} gb_cells_options;
#define GB_CELLS_OPTIONS_INIT { sizeof(gb_cells_options), 0, 0, 0, 0, 0, 0, 0, 0 }

/** What was found and how it was mended, or what a check found. */
typedef enum gb_cells_finding_kind {
    /* of the user's polygons; mended */
    GB_CELLS_OVERLAP = 1,  /* shapes `a` and `b` overlap: the smaller of them,
                              which is `owner`, has it now */
    GB_CELLS_GAP = 2,      /* between shapes: it went to `owner`, or became a
                              cell of its own (`owner` is GB_CELL_NONE);
                              with `a`: a hair that was left of that shape
                              beyond another */
    GB_CELLS_INVALID = 3,  /* shape `a` was broken and has been made valid */
    GB_CELLS_VANISHED = 4, /* shape `a` has nothing left of its own */
    GB_CELLS_PARTS = 5,    /* shape `a` is in several parts */
    GB_CELLS_DUPLICATE = 6, /* shape `b` is shape `a` once more, and has not
                              been taken */
    /* of compounds and points; for information */
    GB_CELLS_LARGE_ATOMIC = 11, /* compound `a` is larger than max_atomic_m2
                                   and has been treated as no compound */
    GB_CELLS_HEAVY = 12,   /* cell `a` weighs `value`, more than max_weight:
                              a compound, or one place, which cannot be
                              parted; or a sliver that had to be joined
                              weighs too */
    GB_CELLS_OUTSIDE = 13, /* point `a` lies outside of the region */
    /* of a check: broken */
    GB_CELLS_BAD_AREA = 21,      /* the areas do not add up to the region's:
                                    `value` m2 too many (below 0: too few) */
    GB_CELLS_BAD_BORDER = 22,    /* an edge of cell `a` has not exactly one
                                    cell beside it and is not on the rim */
    GB_CELLS_BAD_CROSSING = 23,  /* borders of cells `a` and `b` cross */
    GB_CELLS_BAD_ADJACENCY = 24, /* `a` and `b` are neighbours one way only, or
                                    with other lengths than their borders */
    GB_CELLS_BAD_RING = 25,      /* a ring of cell `a` has no area, or runs the
                                    wrong way */
    GB_CELLS_BAD_CENTRE = 26     /* the centre of cell `a` is not inside it */
} gb_cells_finding_kind;

/** One finding; fields that the kind does not name are GB_CELL_NONE or 0. */
typedef struct gb_cells_finding {
    int32_t kind;      /* gb_cells_finding_kind */
    uint32_t a, b;
    uint32_t owner;
    double value;      /* m2 for overlaps, gaps and parts; else as named */
    gb_point at;       /* a place where it can be seen */
} gb_cells_finding;

/** Cells; immutable. */
typedef struct gb_cells gb_cells;

/**
 * What there is to know of cells: borrowed from a gb_cells, or made by the
 * caller to have it checked.  Neighbours are rows as in gb_areas (grid.h).
 */
typedef struct gb_cells_view {
    size_t size; /* set by the caller */
    size_t n_cells;
    const gb_shapes *region;     /* one shape; as the cells' rim runs */
    const gb_shapes *shapes;     /* n_cells */
    const gb_point *centres;     /* n_cells; well inside */
    const double *areas_m2;      /* n_cells */
    const double *perimeters_m;  /* n_cells */
    const double *weights;       /* n_cells; sums over the points */
    const uint8_t *kinds;        /* n_cells; gb_cell_kind */
    const uint32_t *sources;     /* n_cells; the lowest compound, or the
                                    user's polygon; or GB_CELL_NONE */
    const uint32_t *first_neighbour; /* n_cells + 1 */
    const uint32_t *neighbours;      /* first_neighbour[n_cells] */
    const double *shared_border_m;   /* as neighbours */
    const uint8_t *border_classes;   /* as neighbours; gb_line_class of most
                                        of the border, or GB_LINE_NONE */
    const uint8_t *barriers;     /* as neighbours; gb_barrier (grid.h): soft
                                    where most of the border is river, rail or
                                    arterial, else none */
    const uint32_t *cell_of_point; /* n_points; GB_CELL_NONE: outside */
    size_t n_points;
} gb_cells_view;
#define GB_CELLS_VIEW_INIT { sizeof(gb_cells_view), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/**
 * Part a region into cells along lines.
 *
 * Every point of the region is in exactly one cell; a cell is connected.
 * Points of one place cannot be parted: where max_weight cannot be kept, a
 * finding says so.
 *
 * @param options  NULL for all defaults: then nothing is parted or joined for
 *                 its weight.
 * @return GB_OK
 *         GB_ERR_ARGUMENT   neither region nor points nor lines; broken
 *                           arrays, coordinates that are not finite, a class
 *                           unknown, a weight or option below 0.
 *         GB_ERR_OPTIONS    a struct of no known size.
 *         GB_ERR_GEOMETRY   the region encloses nothing.
 *         GB_ERR_CANCELLED, GB_ERR_NOMEM, GB_ERR_LIBRARY
 *
 * Ownership: free with gb_cells_free().  Nothing is borrowed.
 * Threads: one thread a context; the cells: any thread.
 * Repeatable: the same input gives the same bytes.
 * Cost: O(n log n) in the crossings of the lines; a city centre of 10,000
 *   street lines takes about a second.
 * Since: 0.1.
 */
GB_API gb_status gb_cells_build(gb_context *ctx, const gb_cells_input *input,
                                const gb_cells_options *options,
                                gb_cells **out);

/**
 * Take the user's polygons for cells.
 *
 * Broken ones are made valid; of two that are the same only the first is taken;
 * where two overlap the smaller has it; a gap
 * between them (or between them and input->region) goes to the neighbour with
 * the longest border when it is smaller than min_area_m2 or thinner than
 * min_width_m, else it becomes a cell.  Each repair is a finding.  A polygon
 * that keeps anything is one cell, in the order given.
 *
 * @param shapes  At least one.
 * @param input   Its lines tell the classes of borders; its compounds are not
 *                looked at.  NULL: no region, lines or points.
 * @return as gb_cells_build().
 */
GB_API gb_status gb_cells_from_shapes(gb_context *ctx, const gb_shapes *shapes,
                                      const gb_cells_input *input,
                                      const gb_cells_options *options,
                                      gb_cells **out);

GB_API void gb_cells_free(gb_cells *cells);

/** See the cells.  Borrowed until gb_cells_free().  Any thread.
 * GB_ERR_OPTIONS for a view of no known size. */
GB_API gb_status gb_cells_get(gb_context *ctx, const gb_cells *cells,
                              gb_cells_view *out);

/** The findings of the build: borrowed.  Any thread. */
GB_API const gb_cells_finding *gb_cells_findings(const gb_cells *cells,
                                                 size_t *n_findings);

/** The options with the defaults filled in.  GB_ERR_OPTIONS, GB_ERR_ARGUMENT. */
GB_API gb_status gb_cells_options_resolved(gb_context *ctx,
                                           const gb_cells_options *options,
                                           gb_cells_options *out);

/**
 * Prove that cells part their region: every edge has one cell on each side or
 * lies on the rim, no borders cross, rings run the right way, areas add up to
 * the region's within 1e-9 of it, neighbours are those of the borders with
 * their lengths, centres lie in their cells.  From the arrays
 * alone; shares no code with the build.
 *
 * @param view        Fields that are NULL are not looked at, but for shapes.
 * @param findings    Room for `capacity`; NULL when that is 0.
 * @param n_findings  How many there are; 0: the cells are in order.  When they
 *                    do not all fit, the first `capacity` are there.
 * @return GB_OK, also with findings; GB_ERR_ARGUMENT for broken arrays.
 *
 * Threads: one thread a context.  Cost: O(n log n).  Since: 0.1.
 */
GB_API gb_status gb_cells_check(gb_context *ctx, const gb_cells_view *view,
                                gb_cells_finding *findings, size_t capacity,
                                size_t *n_findings);

#ifdef __cplusplus
}
#endif
#endif
