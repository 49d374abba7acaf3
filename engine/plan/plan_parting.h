/*
 * plan_parting.h - what parts the ground for territories: borders that no
 * street crosses, as long as balance allows, and what is told of them.
 */
#ifndef PLAN_PARTING_H
#define PLAN_PARTING_H

#include "plan_barriers.h"
#include "plan_data.h"

typedef struct plan_parting {
    uint8_t *barriers; /* as the ground's neighbour; gb_barrier; NULL: without
                        * roads nothing is known of them */
    size_t n_hard, n_soft; /* pairs of cells */
    plan_joined_list joined; /* over what nothing crosses, all the same */
    bool is_lifted;    /* all of them, for balance */
} plan_parting;

/* The barriers of a ground, which stay until plan_parting_clear(); where its
 * crossings are NULL nothing is known of them. */
gb_status plan_parting_find(base_run *run, const plan_ground *ground,
                            plan_parting *out);
void plan_parting_clear(base_mem *mem, plan_parting *parting);

/* The same with what must not be crossed only better not crossed: for where
 * the tolerance cannot be kept otherwise.  Clear `out` in any case. */
gb_status plan_parting_lift(base_run *run, const plan_ground *ground,
                            const plan_parting *parting, plan_parting *out);

/* Add a sentence for each such border within a territory, to a JSON array;
 * owners of data->cells, to which joined refers. */
gb_status plan_parting_tell(plan_data *data, const plan_parting *parting,
                            const uint32_t *owners, json_t *list);

#endif
