/*
 * ground.h - a chessboard of square cells for tests: n x n, 100 m wide, row
 * by row from the south-west, neighbours along their edges.
 */
#ifndef GROUND_H
#define GROUND_H

#include "bank.h"
#include "store_save.h"

enum { GROUND_MAX = 8 };

typedef struct ground {
    uint32_t first_ring[GROUND_MAX * GROUND_MAX + 1];
    uint32_t first_point[GROUND_MAX * GROUND_MAX + 1];
    gb_point points[GROUND_MAX * GROUND_MAX * 4];
    uint32_t first_neighbour[GROUND_MAX * GROUND_MAX + 1];
    uint32_t neighbour[GROUND_MAX * GROUND_MAX * 4];
    double border_m[GROUND_MAX * GROUND_MAX * 4];
    store_cells_in cells;
} ground;

static inline void ground_add_neighbour(ground *g, uint32_t *n, int x, int y,
                                        int size)
{
    if (x < 0 || y < 0 || x >= size || y >= size)
        return;
    g->neighbour[*n] = (uint32_t)(y * size + x);
    g->border_m[(*n)++] = 100.0;
}

static inline void ground_make(ground *g, int size)
{
    const double x0 = 528000.0, y0 = 3376000.0;
    uint32_t n = 0, cell = 0;

    memset(g, 0, sizeof *g);
    for (int y = 0; y < size; y++) {
        for (int x = 0; x < size; x++, cell++) {
            gb_point *p = &g->points[cell * 4];

            g->first_ring[cell] = cell;
            g->first_point[cell] = cell * 4;
            p[0] = (gb_point){ x0 + 100 * x, y0 + 100 * y };
            p[1] = (gb_point){ x0 + 100 * x + 100, y0 + 100 * y };
            p[2] = (gb_point){ x0 + 100 * x + 100, y0 + 100 * y + 100 };
            p[3] = (gb_point){ x0 + 100 * x, y0 + 100 * y + 100 };
            g->first_neighbour[cell] = n;
            ground_add_neighbour(g, &n, x, y - 1, size);
            ground_add_neighbour(g, &n, x - 1, y, size);
            ground_add_neighbour(g, &n, x + 1, y, size);
            ground_add_neighbour(g, &n, x, y + 1, size);
        }
    }
    g->first_ring[cell] = cell;
    g->first_point[cell] = cell * 4;
    g->first_neighbour[cell] = n;
    g->cells = (store_cells_in){
        .source = "given", .n = cell,
        .shapes = { cell, cell, (size_t)cell * 4, g->first_ring,
                    g->first_point, g->points },
        .first_neighbour = g->first_neighbour, .neighbour = g->neighbour,
        .border_m = g->border_m,
    };
}

#endif
