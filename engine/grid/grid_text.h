/*
 * grid_text.h - a finding as a sentence.
 */
#ifndef GRID_TEXT_H
#define GRID_TEXT_H

#include <gridbeat/grid.h>

#include "base_context.h"
#include "base_text.h"

/* False for a kind that is none. */
bool grid_finding_text(base_lang lang, const gb_territory_finding *finding,
                       base_text *text);

#endif
