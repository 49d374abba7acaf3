/*
 * plan_presence.h - when customers are met: what a card supposes of them, and
 * what the visits of the workspace taught since.
 *
 * A card's profile is where learning begins; above it stand everybody, the
 * profile (as the segment), the place and the customer (gridbeat/presence.h).
 * Bands are the card's slots on workdays and on days off, by the calendar of
 * everybody.  It is learnt anew for each plan, so that the visit that failed
 * this morning counts for tomorrow.
 */
#ifndef PLAN_PRESENCE_H
#define PLAN_PRESENCE_H

#include <gridbeat/presence.h>
#include <gridbeat/score.h>

#include <jansson.h>

#include "store_presence.h"

enum { PLAN_WORKDAY = 0, PLAN_DAY_OFF = 1, PLAN_DAY_KINDS = 2 };

/* All are borrowed. */
typedef struct plan_presence_source {
    gb_workspace *ws;
    base_run *run;
    gb_context *quiet; /* for the doors of other modules (plan_data.h) */
    const gb_score_card *card;
    store_scope scope;     /* of the customers whose visits count */
    int32_t on;            /* visits before this day */
    double half_life_days; /* 0: as gb_presence_options */
} plan_presence_source;

/* A visit at an hour of a slot. */
typedef struct plan_presence {
    plan_presence_source from;
    size_t n_slots;
    const int32_t *borders_s; /* n_slots + 1, of the card */
    store_attempts visits;    /* by day; those at other hours are gone */
    size_t n_outside, n_met, n_customers;
    double half_life_days;
    uint32_t *segments, *places, *customers; /* one a visit; row numbers */
    uint16_t *bands;
    uint8_t *is_met;
    double *age_days, *chances;
    gb_presence *learnt;
} plan_presence;

/* Zeroed before; clear it after a failure too. */
gb_status plan_presence_learn(const plan_presence_source *from,
                              plan_presence *out);
void plan_presence_clear(plan_presence *p);

/* From the first n visits alone, as of a day. */
gb_status plan_presence_learn_first(const plan_presence *p, size_t n,
                                    int32_t today, gb_presence **out);

/* Which profile of the card each customer has: one for each of the ids. */
gb_status plan_presence_profiles(const plan_presence_source *from,
                                 const store_ids *ids, uint32_t *profiles);

/* Who is asked about; rows of the workspace, 0: none. */
typedef struct plan_presence_who {
    uint32_t profile;
    int64_t place_id, customer_id;
} plan_presence_who;

gb_presence_whom plan_presence_whom(const plan_presence_who *who);
/* What the card supposes: above 0 and below 1. */
double plan_presence_supposed(const gb_score_card *card, uint32_t profile,
                              size_t slot);
double plan_presence_at(const plan_presence *p, const plan_presence_who *who,
                        int day_kind, size_t slot);

/* Put what was learnt into the workspace; `targets` tells of which customers:
 * the others would only fill the file. */
gb_status plan_presence_save(const plan_presence *p, const store_ids *targets);

/* Of a plan's summary: visits, met, untimed, outside, strengths. */
json_t *plan_presence_summary(const plan_presence *p);

/*
 * plan_presence_fill.c: the chances of a plan's targets, kinds of day x targets
 * x slots in thousandths; by the card alone, or as visits taught since, which
 * goes into the workspace, with a summary for people.
 */
struct plan_data;
gb_status plan_presence_suppose(struct plan_data *data,
                                const gb_score_card *card,
                                const gb_score_table *table,
                                int16_t *permille);
gb_status plan_presence_fill(struct plan_data *data,
                             const gb_score_card *card, int16_t *permille,
                             json_t **summary);

/* plan_presence_told.c: all that people want to know.  `check_after` as a day
 * or STORE_NO_DAY: the last fifth of the visits.  `ref` NULL: of nobody in
 * particular. */
typedef struct plan_presence_question {
    int32_t check_after;
    const char *ref;
    store_scope scope; /* that the customer must be in */
} plan_presence_question;
gb_status plan_presence_tell(const plan_presence *p,
                             const plan_presence_question *question,
                             json_t **result);

#endif
