/*
 * store_scored.h - what a night knew of one target, kept by date: his points,
 * what the card saw, and what put him on the list.
 */
#ifndef STORE_SCORED_H
#define STORE_SCORED_H

#include "store_query.h"
#include "store_save.h"

/* Texts are in the arena, "" where there is none. */
typedef struct store_scored {
    bool is_there;
    const char *as_of, *grade, *grade_clause, *channel, *channel_rule;
    const char *must_rule, *suggest, *parts_json, *facts_json, *card_json;
    const char *segment, *segment_json; /* its name, and the rules of then */
    int64_t score;
} store_scored;

/* The customer's points on the day, or with `is_before` on the last day before
 * it that has some.  No such row is no error. */
gb_status store_load_scored(gb_workspace *ws, const char *ref,
                            store_scope scope, const char *day,
                            bool is_before, base_arena *arena,
                            store_scored *out);

/* The title of a clause in the newest rules of a kind that have it; its own
 * name where none has. */
gb_status store_clause_title(gb_workspace *ws, const char *kind,
                             const char *clause, bool is_zh,
                             base_arena *arena, const char **out);

#endif
