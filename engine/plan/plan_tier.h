/*
 * plan_tier.h - tiers of customers by date: a run, and what moved.
 *
 * Between store_enter() and store_leave(); errors in run->ctx.
 */
#ifndef PLAN_TIER_H
#define PLAN_TIER_H

#include <gridbeat/plan.h>
#include <gridbeat/tier.h>

#include <jansson.h>

#include "plan_data.h"
#include "store_tier.h"

/* The tiering that every night runs, and what it is where nobody has defined
 * it otherwise. */
#define PLAN_TIERS "score"
#define PLAN_TIERS_BY "score"
#define PLAN_TIERS_TEXT "A=20%,B=30%,C"

/* What gb_plan_tier_options say, "" as NULL. */
typedef struct plan_tier_ask {
    const char *name, *date, *by, *tiers, *rules, *where;
    double keep;
} plan_tier_ask;

gb_status plan_tier_run(gb_workspace *ws, base_run *run,
                        const plan_tier_ask *ask, json_t **out);
/* Every tiering that has run, and PLAN_TIERS; counts by name. */
gb_status plan_tier_all(gb_workspace *ws, base_run *run, const char *date,
                        json_t **out);
gb_status plan_tier_drift(gb_workspace *ws, base_run *run, const char *name,
                          const char *from, const char *to, store_scope scope,
                          uint32_t limit, json_t **out);
gb_status plan_tier_show(gb_workspace *ws, base_run *run, const char *name,
                         const char *date, const char *tier,
                         store_scope scope, uint32_t limit, json_t **out);

/* What a run said, for people: why somebody is where he is. */
typedef struct plan_tier_words {
    base_run *run;
    json_t *definition, *tiers; /* as they are stored */
    int64_t n_ranked;
    json_t *clauses; /* of rules, in `tiers`; borrowed */
    bool is_part;    /* the reader sees a part: no places among all */
} plan_tier_words;
gb_status plan_tier_words_open(gb_workspace *ws, base_run *run,
                               const char *name, const char *date,
                               plan_tier_words *out);
void plan_tier_words_close(plan_tier_words *words); /* a zeroed one as well */
/* The object of a list whose text under `key` is that; NULL: none. */
const json_t *plan_tier_find(const json_t *list, const char *key,
                             const char *wanted);
/* "412 points, place 37 of 2300; A begins at 380", or the clause's title. */
void plan_tier_say(const plan_tier_words *words, const store_tier_stay *stay,
                   base_text *out);

/* Moves added up.  Where the earlier run has tiers that the later one, whose
 * order `tiers` gives, does not have, nobody can say which is higher. */
typedef struct plan_tier_sums {
    gb_tier_drift drift; /* psi NaN where some moved otherwise */
    uint64_t otherwise;
} plan_tier_sums;
gb_status plan_tier_add_up(base_run *run, const store_tier_moves *moves,
                           const json_t *tiers, plan_tier_sums *out);
/* The sums, as members of a JSON object. */
gb_status plan_tier_put_sums(base_run *run, const plan_tier_sums *sums,
                             json_t *object);

#endif
