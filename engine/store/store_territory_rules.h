/*
 * store_territory_rules.h - what people have decided about territories:
 * locked cells, frozen territories, cells that are kept apart, cells that a
 * manager must not have.
 *
 * Rules are of the workspace, not of a version, so each build and rebuild
 * keeps them.  A rule knows its cell by its reference and by a place in it:
 * once cells were made anew, it holds for the cell in which that place lies.
 *
 * As everywhere below the door (store_db.h): between store_enter() and
 * store_leave(), errors go to workspace->run->ctx.
 */
#ifndef STORE_TERRITORY_RULES_H
#define STORE_TERRITORY_RULES_H

#include "store_load.h"

typedef enum store_ground_rule_kind {
    STORE_RULE_LOCK = 0,   /* the cell stays in the territory */
    STORE_RULE_FREEZE = 1, /* no cell leaves or enters the territory */
    STORE_RULE_APART = 2,  /* cell and other are never in one territory */
    STORE_RULE_BARRED = 3  /* the cell is never the manager's */
} store_ground_rule_kind;

typedef struct store_ground_rule {
    int64_t id;
    int32_t kind;
    uint32_t cell, other;  /* of cells; STORE_NONE: not of this kind, or no
                              cell of now holds its place */
    const char *cell_ref, *other_ref; /* as of now, or as they were; or "" */
    const char *territory; /* reference; "" in a lock: where the cell is */
    uint32_t manager;      /* of managers, or none */
    const char *manager_ref; /* or "" */
    int32_t since;         /* a day, or STORE_NO_DAY */
    const char *reason;
} store_ground_rule;

typedef struct store_ground_rules {
    base_arena arena;
    store_ground_rule *items; /* by kind, then in the order in which they came */
    size_t n;
    size_t first[5];   /* those of kind k: first[k] up to first[k + 1] */
    size_t n_lost;     /* whose place is in no cell of now: they bind nobody */
} store_ground_rules;

/* "lock", "freeze", "apart", "barred". */
const char *store_ground_rule_name(int32_t kind);

/* All rules, for the cells given; `managers` may be NULL. */
gb_status store_load_ground_rules(gb_workspace *workspace, const store_cells *cells,
                           const store_managers *managers, store_ground_rules *out);
void store_ground_rules_clear(store_ground_rules *rules);

/* A rule as it is asked for: references, NULL where the kind has none. */
typedef struct store_ground_rule_in {
    int32_t kind;
    const char *cell, *other, *territory, *manager;
    const char *reason; /* NULL: none */
    int32_t since;      /* or STORE_NO_DAY */
} store_ground_rule_in;

/*
 * Add rules, all or none.  One that is there already gets the new reason.
 * GB_ERR_NOT_FOUND for a cell, territory (of the version in force, else of
 * the last one made) or manager that is not there; GB_ERR_DATA when one
 * contradicts another, new or old, both named.
 */
gb_status store_ground_rules_add(gb_workspace *workspace, const store_ground_rule_in *rules,
                          size_t n);
/* Take away those that say the same; what there is not is GB_ERR_NOT_FOUND. */
gb_status store_ground_rules_remove(gb_workspace *workspace,
                             const store_ground_rule_in *rules, size_t n);

#endif
