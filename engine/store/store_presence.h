/*
 * store_presence.h - visits as tries to meet somebody, and what they taught.
 *
 * As store_load.h and store_save.h.
 */
#ifndef STORE_PRESENCE_H
#define STORE_PRESENCE_H

#include "store_load.h"
#include "store_rows.h"

typedef struct store_attempt {
    int64_t customer_id, place_id; /* place 0: none */
    int32_t day, at_s;
    bool is_met;     /* who refuses was there */
    bool is_workday; /* by the calendar of everybody: feasts are days off */
} store_attempt;

/* By day, then customer. */
typedef struct store_attempts {
    base_arena arena;
    store_attempt *items;
    size_t n;
    size_t n_untimed; /* visits without hour or outcome */
} store_attempts;

/* Visits on [since, on) to customers of the scope. */
gb_status store_load_attempts(gb_workspace *workspace, store_scope scope,
                              int32_t since, int32_t on, store_attempts *out);
void store_attempts_clear(store_attempts *attempts);

/* The day after the last visit; 1970-01-01 without any. */
gb_status store_after_visits(gb_workspace *workspace, int32_t *day);

/* Does everybody's calendar work on that day? */
gb_status store_is_workday(gb_workspace *workspace, int32_t day, bool *out);

/*
 * Who has a tag, `tag` or `tag=value`: marks[i] = mark for item i of the ids
 * that is a customer with it.
 */
gb_status store_mark_tagged(gb_workspace *workspace, const char *tag,
                            const store_ids *ids, uint32_t mark,
                            uint32_t *marks);

/* The customer of that reference in the scope: row, place (0: none), manager
 * (0: none).  GB_ERR_NOT_FOUND. */
gb_status store_find_customer(gb_workspace *workspace, const char *ref,
                              store_scope scope, int64_t *id,
                              int64_t *place_id);

/* A row of presence_odds. */
typedef struct store_odds {
    const char *level, *day_kind;
    int64_t unit_id;
    int32_t from_s;
    double visits, met, odds;
} store_odds;

typedef struct store_presence {
    int32_t on;
    int64_t n_visits, n_met, n_untimed;
    double half_life_days;
    const char *slots_json, *profiles_json, *strengths_json;
} store_presence;

/* Replaces what was there; `next` gives one row after the other, then false. */
gb_status store_save_presence(gb_workspace *workspace,
                              const store_presence *presence,
                              bool (*next)(void *user, store_odds *row),
                              void *user);

#endif
