/*
 * grid_text.h - a finding as a sentence.
 */
#ifndef GRID_TEXT_H
#define GRID_TEXT_H

#include <gridbeat/grid.h>

#include "base_context.h"
#include "base_text.h"

/* What areas, territories and measures are called; NULL where they have no
 * names: then, and past the end, by their number. */
typedef struct grid_names {
    const char *const *areas, *const *territories, *const *measures;
    size_t n_areas, n_territories, n_measures;
    const bool *is_seconds; /* n_measures: told in hours; NULL: none */
} grid_names;

/* False for a kind that is none.  `names` may be NULL. */
bool grid_finding_text(base_lang lang, const gb_territory_finding *finding,
                       const grid_names *names, base_text *text);

#endif
