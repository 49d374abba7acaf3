/*
 * tg1.h - read the TG1 text format of ../shared/data/grid into gb_areas.
 *
 * A header `TG1 name n= m= k= components=`, a comment that names columns, a
 * line a node (id geoid lon lat pop second land area boundary_perimeter), a
 * comment, a line an edge (i j shared_border).
 */
#ifndef TG1_H
#define TG1_H

#include <gridbeat/grid.h>

typedef struct tg1 {
    gb_areas areas; /* measure 0 is the population */
    size_t n_edges;
    int n_territories;
    double *lon_deg, *lat_deg;
} tg1;

/*
 * `length_unit_m` and `area_unit_m2` are what the file's numbers count.
 * False, with a line on stderr, when it cannot be read.
 */
bool tg1_read(const char *path, double length_unit_m, double area_unit_m2,
              tg1 *out);
void tg1_free(tg1 *graph);

/*
 * Moment as the manifest has it: population times squared distance to the
 * best area centre of each territory, in 1e6 person km2, on the sphere.
 */
double tg1_moment(const tg1 *graph, const uint32_t *owners, size_t k);

#endif
