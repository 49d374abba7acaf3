/*
 * store_tier.h - tiers by date: who is looked at and by which number, and the
 * stays [since, until) of customers in tiers.
 *
 * As of a segment's members (store_segment_members.c) a run on a date says
 * what holds from that date up to the next one that has a run; runs may come
 * in any order, and one that is repeated replaces what it said.
 */
#ifndef STORE_TIER_H
#define STORE_TIER_H

#include "base_array.h"
#include "store_query.h"
#include "store_segment_rules.h"

/* A customer as a tiering sees him. */
typedef struct store_tier_row {
    int64_t id;      /* customer */
    double value;    /* NaN: unknown, or by rules */
    uint32_t clause; /* of rules; STORE_NONE: none holds */
} store_tier_row;
typedef BASE_ARRAY(store_tier_row) store_tier_rows;

/* The points of the targets of a date. */
gb_status store_tier_scores(gb_workspace *ws, const char *as_of,
                            store_tier_rows *out);
/* A number over customer_facts, of all for whom `where` holds (NULL: all). */
gb_status store_tier_numbers(gb_workspace *ws, const char *as_of,
                             const char *by, const char *where,
                             store_tier_rows *out);
/* The first clause of rules of kind grades that holds. */
gb_status store_tier_clauses(gb_workspace *ws, const char *as_of,
                             const store_rules *rules, const char *where,
                             store_tier_rows *out);

/* All tierings with their runs, as a JSON array. */
gb_status store_tier_list(gb_workspace *ws, base_text *json);
/* Of the last run up to the date, else of the first; NULL where there is none.
 * base_free() it. */
gb_status store_tier_definition(gb_workspace *ws, const char *name,
                                const char *as_of, char **json);
/* The date of the last run before; *date "" when there is none. */
gb_status store_tier_last(gb_workspace *ws, const char *name,
                          const char *before, char date[16]);
/* The tier on a date, as an index of names, of each row; STORE_NONE. */
gb_status store_tier_before(gb_workspace *ws, const char *name,
                            const char *date, const store_tier_rows *rows,
                            const char *const *names, size_t n_names,
                            uint32_t *tier);

typedef struct store_tier_given {
    int64_t customer;
    const char *tier;
    double value;       /* NaN: none */
    uint32_t rank;      /* 0: none */
    const char *clause; /* NULL: none */
} store_tier_given;

typedef struct store_tier_run {
    const char *name, *as_of, *definition_json, *tiers_json;
    int64_t n_ranked, n_none;
    const store_tier_given *items;
    size_t n;
} store_tier_run;

/* In one transaction. */
gb_status store_tier_save(gb_workspace *ws, const store_tier_run *run);

/* What a run said of itself; GB_ERR_NOT_FOUND, with the dates that there are.
 * The texts live in the arena. */
typedef struct store_tier_told {
    const char *definition_json, *tiers_json;
    int64_t n_ranked, n_none;
} store_tier_told;
gb_status store_tier_tell(gb_workspace *ws, const char *name,
                          const char *as_of, base_arena *arena,
                          store_tier_told *out);

/* From one date to another, customers of the scope; "" is no tier. */
typedef struct store_tier_move {
    const char *from, *to;
    int64_t n;
} store_tier_move;
typedef struct store_tier_moves {
    base_arena arena;
    store_tier_move *items;
    size_t n;
} store_tier_moves;
gb_status store_tier_count_moves(gb_workspace *ws, const char *name,
                                 store_scope scope, const char *from,
                                 const char *to, store_tier_moves *out);
void store_tier_moves_clear(store_tier_moves *moves);

/* One customer on a date, or who moved; the texts live until the next. */
typedef struct store_tier_stay {
    const char *ref, *from, *tier; /* from: on the other date */
    const char *since, *clause;
    double value;
    int64_t rank;
} store_tier_stay;
typedef gb_status (*store_tier_fn)(void *user, const store_tier_stay *stay);
/* The first `limit` by reference who are not where they were. */
gb_status store_tier_movers(gb_workspace *ws, const char *name,
                            store_scope scope, const char *from,
                            const char *to, uint32_t limit,
                            store_tier_fn each, void *user);
/* The first `limit` by rank and reference who are in a tier on the date (in
 * that one, unless it is NULL); or one customer alone. */
gb_status store_tier_members(gb_workspace *ws, const char *name,
                             store_scope scope, const char *as_of,
                             const char *tier, const char *customer,
                             uint32_t limit, store_tier_fn each, void *user);

#endif
