/*
 * call_gal.h - lists of neighbours in the GAL form of GeoDa and R's spdep.
 *
 * The first line holds the number of areas, alone or as "0 n file key"; then
 * for each area a line "id k" and a line of k ids.  Words may in fact stand on
 * any lines.
 */
#ifndef CALL_GAL_H
#define CALL_GAL_H

#include <gridbeat/spots.h>

#include "call_score_csv.h"

typedef struct gal {
    base_arena arena; /* of the arrays; ids stand in the text */
    size_t n;
    const char **ids;     /* in the order of the file */
    uint32_t *by_id;      /* their places, in the order of the ids' bytes */
    uint32_t *first, *areas; /* as gb_neighbours has them */
} gal;

/*
 * From text that ends in '\0', is cut up, and must live as long as the ids.
 * GB_ERR_PARSE with the line for
 * a count that is none, an area that stands there twice, a file that ends too
 * early or too late.  A neighbour that is no area of the file, or the area
 * itself, or named twice, is told in `rejects` and left out.
 */
gb_status gal_parse(gb_context *ctx, char *text, const char *path, gal *out,
                    score_rejects *rejects);
void gal_clear(gal *lists);

/* The area's place; SIZE_MAX: there is none. */
size_t gal_find(const gal *lists, const char *id);

#endif
