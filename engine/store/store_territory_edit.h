/*
 * store_territory_edit.h - cells moved by hand, into a new draft.
 *
 * What people have decided holds (store_territory_rules.h), and every
 * territory stays in one piece: else the move is refused, with the reason and
 * with the cells that would have to go along.
 */
#ifndef STORE_TERRITORY_EDIT_H
#define STORE_TERRITORY_EDIT_H

#include "store_territory_figures.h"

typedef struct store_move {
    const char *cell, *to; /* references of a cell and of a territory */
} store_move;

typedef struct store_edit {
    base_arena arena;
    store_figures before, after; /* of the version, and with the moves */
    uint32_t *of_cell;           /* of the cells, with the moves */
    uint32_t *touched;           /* territories that lose or gain cells */
    size_t n_touched;
    uint32_t *along;             /* cells that would have to go along */
    size_t n_along;
} store_edit;

/*
 * Carry out moves on paper.  GB_ERR_NOT_FOUND for a cell or territory that is
 * not there; GB_ERR_INFEASIBLE when a rule or contiguity is broken: *out then
 * has `along` and must be cleared too.  `out` is cleared whatever the answer.
 */
gb_status store_edit_try(gb_workspace *workspace, int64_t version,
                         const store_move *moves, size_t n,
                         store_edit *out);
/* The result as a new draft, made from the version; the note says why. */
gb_status store_edit_save(gb_workspace *workspace, const store_edit *edit,
                          const char *note, int64_t *version);
void store_edit_clear(store_edit *edit);

#endif
