/*
 * store_segment_look.h - the inside of a store_facts, which its two files
 * share: the scan (store_segment_facts.c) and the functions that the scan
 * calls (store_segment_functions.c).
 */
#ifndef STORE_SEGMENT_LOOK_H
#define STORE_SEGMENT_LOOK_H

#include "store_segment_facts.h"
#include "store_segment_sets.h"

struct store_facts {
    gb_workspace *ws, *reader;
    gb_context *ctx;
    store_sets sets;
    store_date as_of;
    base_text scope_sql; /* " AND ..." on the alias c */
    int64_t n_customers;
    store_statement *scan;
    size_t n_clauses;
    uint64_t mentions;
    int64_t steps_left;
    bool is_overworked;
    gb_status status;  /* what a function reported first, */
    char message[512]; /* and its words */
    char refused[160]; /* what the authorizer refused first */
};

/* Register the functions on the reader's connection. */
gb_status store_look_add_functions(store_facts *facts);

#endif
