/*
 * store_query.h - counts and sums for reports, each in one scope, which is
 * applied in SQL before anything is added up: totals do not leak.
 */
#ifndef STORE_QUERY_H
#define STORE_QUERY_H

#include "base_text.h"
#include "store_db.h"
#include "store_load.h"

/*
 * Appends " AND (...)" that holds for the rows of `alias` in the scope; the
 * alias has the columns branch_id and manager_id.  The one place where a
 * scope becomes SQL; ids are numbers, so nothing needs binding.
 */
void store_scope_sql(base_text *sql, const char *alias,
                     store_scope scope);
/* `head`, which ends in a WHERE, the scope of `alias`, and `tail`. */
gb_status store_scope_prepare(gb_workspace *ws, const char *head,
                              const char *alias, store_scope scope,
                              const char *tail, store_statement **out);

/* Which located customers to count; zero and NULL ask for nothing. */
typedef struct store_count_filter {
    store_scope scope;
    int32_t as_of;              /* a day */
    const char *territory_ref;  /* of the version in force on as_of */
    int64_t place_id;
    bool has_box;               /* borders included */
    gb_lonlat south_west, north_east;
    int32_t maturing_days;      /* a deposit matures in [as_of, as_of + n] */
    int32_t unvisited_days;     /* no visit in the n days before as_of */
    int32_t visited_days;       /* a visit in the n days before as_of */
    int32_t tells_visited_days; /* of those found; all are found */
} store_count_filter;

typedef struct store_count {
    int64_t customers, balance_fen, maturing_fen;
} store_count;

gb_status store_query_count(gb_workspace *workspace,
                            const store_count_filter *filter,
                            store_count *out);

/* The customers that a count counts, by row id. */
typedef struct store_found {
    int64_t id; /* of the customer */
    const char *ref;
    gb_lonlat at;
    int64_t maturing_fen; /* 0 unless the filter asks for it */
    bool is_visited;      /* in tells_visited_days; false unless asked for */
} store_found;

typedef struct store_found_list {
    base_arena arena;
    store_found *items;
    size_t n;
} store_found_list;

gb_status store_query_found(gb_workspace *workspace,
                            const store_count_filter *filter,
                            store_found_list *out);
void store_found_clear(store_found_list *list);

/* Sums over the customers of a cell or of a node of the org tree. */
typedef struct store_sum {
    int64_t id; /* of the cell or org */
    const char *ref, *name;
    uint32_t depth; /* 0 at the root; 0 for cells */
    int64_t customers, balance_fen, targets, value, unvisited;
} store_sum;

typedef struct store_sums {
    base_arena arena;
    store_sum *items;
    size_t n;
} store_sums;

/*
 * By cell, the most potential first: `value` of the targets of the date, then
 * balance, then reference.  Of a crew: the cells that a territory of its
 * branch ever had, with all who live there.
 */
gb_status store_query_cells(gb_workspace *workspace,
                            store_scope scope, int32_t on, store_sums *out);
/* By org node, each with all below it; a tree walk in order of references. */
gb_status store_query_orgs(gb_workspace *workspace,
                           store_scope scope, int32_t on, store_sums *out);
void store_sums_clear(store_sums *sums);

#endif
