/*
 * plan_presence_told.c - what is known of when customers are met, for people:
 * by profile and hour, by the how-manieth try, how good it foretells, and of
 * one customer.
 */
#include "plan_presence.h"

#include <math.h>
#include <string.h>

#include "store_db.h"

enum { MOST_TRIES = 8, HELD_PART = 5 };

static const char *profile_name(const plan_presence *p, uint32_t profile)
{
    gb_score_profile found = { .name = "" };

    (void)gb_score_card_profile(p->from.card, profile, &found);
    return found.name;
}

/* The tag is the bank's own word for the kind of customer. */
static const char *profile_title_zh(const plan_presence *p, uint32_t profile)
{
    gb_score_profile found = { .name = "" };

    (void)gb_score_card_profile(p->from.card, profile, &found);
    return found.tag ? found.tag : "其他";
}

static bool append(json_t *list, json_t *row)
{
    return json_array_append_new(list, row) == 0;
}

/* ---- by profile and slot ---- */

static json_t *slot_row(const plan_presence *p, const plan_presence_who *who,
                        size_t slot)
{
    return json_pack(
        "{s:s, s:s, s:s, s:i, s:i, s:f, s:f, s:f}", "profile",
        profile_name(p, who->profile), "title_en",
        profile_name(p, who->profile), "title_zh",
        profile_title_zh(p, who->profile), "from_s", (int)p->borders_s[slot],
        "to_s", (int)p->borders_s[slot + 1], "card",
        plan_presence_supposed(p->from.card, who->profile, slot), "workday",
        plan_presence_at(p, who, PLAN_WORKDAY, slot), "off",
        plan_presence_at(p, who, PLAN_DAY_OFF, slot));
}

/* Visits of the profile in the slot, on any day. */
static size_t n_visits_of(const plan_presence *p, uint32_t profile,
                          size_t slot)
{
    size_t n = 0;

    for (size_t i = 0; i < p->visits.n; i++)
        n += p->segments[i] == profile && p->bands[i] % p->n_slots == slot;
    return n;
}

static json_t *by_profile(const plan_presence *p)
{
    const size_t n = gb_score_card_n_profiles(p->from.card);
    json_t *list = json_array();
    bool is_made = list != NULL;

    for (uint32_t profile = 0; is_made && profile < n; profile++)
        for (size_t s = 0; is_made && s < p->n_slots; s++) {
            const plan_presence_who who = { profile, 0, 0 };
            json_t *row = slot_row(p, &who, s);

            is_made = row
                      && json_object_set_new(
                             row, "visits",
                             json_integer((json_int_t)n_visits_of(p, profile,
                                                                  s)))
                             == 0
                      && append(list, row);
        }
    if (is_made)
        return list;
    json_decref(list);
    return NULL;
}

/* ---- by the how-manieth try ---- */

/* The last row takes all above. */
static json_t *tries_of(const gb_presence_try *rows)
{
    json_t *list = json_array();
    bool is_made = list != NULL;

    for (size_t k = 0; is_made && k < MOST_TRIES && rows[k].attempts > 0; k++)
        is_made = append(list,
                         json_pack("{s:I, s:I, s:f, s:f, s:f}", "attempt",
                                   (json_int_t)k + 1, "visits",
                                   (json_int_t)rows[k].attempts, "met",
                                   rows[k].share, "low", rows[k].low, "high",
                                   rows[k].high));
    if (is_made)
        return list;
    json_decref(list);
    return NULL;
}

static gb_status by_attempt(const plan_presence *p, json_t **out)
{
    gb_presence_attempts attempts = GB_PRESENCE_ATTEMPTS_INIT;
    gb_presence_try rows[MOST_TRIES];

    attempts.n = p->visits.n;
    attempts.customers = p->customers;
    attempts.bands = p->bands;
    attempts.is_met = p->is_met;
    attempts.age_days = p->age_days;
    if (gb_presence_by_try(p->from.quiet, &attempts, rows, MOST_TRIES))
        return base_context_adopt(p->from.run->ctx, p->from.quiet);
    *out = tries_of(rows);
    return *out ? GB_OK : base_fail_nomem(p->from.run->ctx);
}

/* ---- how good it foretells ---- */

typedef struct loss {
    double brier, log;
} loss;

static void add_loss(double chance, bool is_met, loss *to)
{
    to->log -= log(is_met ? chance : 1 - chance);
    to->brier += (chance - is_met) * (chance - is_met);
}

/* Visits up to the day teach, those behind it are foretold. */
static gb_status hold(const plan_presence *p, size_t n_first, int32_t today,
                      json_t **out)
{
    loss learnt = { 0, 0 }, card = { 0, 0 }, plain = { 0, 0 };
    gb_presence *early = NULL;
    const double n = (double)(p->visits.n - n_first);
    double n_met = 1;
    gb_status status = plan_presence_learn_first(p, n_first, today, &early);

    for (size_t i = 0; i < n_first; i++)
        n_met += p->is_met[i];
    for (size_t i = n_first; i < p->visits.n && !status; i++) {
        const gb_presence_whom whom
            = { p->segments[i], p->places[i], p->customers[i] };

        add_loss(gb_presence_from(early, p->chances[i], whom, p->bands[i],
                                  NULL),
                 p->is_met[i], &learnt);
        add_loss(p->chances[i], p->is_met[i], &card);
        add_loss(n_met / ((double)n_first + 2), p->is_met[i], &plain);
    }
    gb_presence_free(early);
    if (status)
        return status;
    *out = json_pack("{s:I, s:I, s:f, s:f, s:f, s:f, s:f, s:f}", "learnt_from",
                     (json_int_t)n_first, "visits", (json_int_t)n, "brier",
                     learnt.brier / n, "card_brier", card.brier / n,
                     "plain_brier", plain.brier / n, "log_loss",
                     learnt.log / n, "card_log_loss", card.log / n,
                     "plain_log_loss", plain.log / n);
    return *out ? GB_OK : base_fail_nomem(p->from.run->ctx);
}

static gb_status check(const plan_presence *p, int32_t after, json_t **out)
{
    size_t n = 0;
    char day[16];
    gb_status status;

    *out = NULL;
    if (after == STORE_NO_DAY && p->visits.n < HELD_PART)
        return GB_OK;
    if (after == STORE_NO_DAY)
        after = p->visits.items[p->visits.n - p->visits.n / HELD_PART].day - 1;
    while (n < p->visits.n && p->visits.items[n].day <= after)
        n++;
    if (n == 0 || n == p->visits.n)
        return GB_OK;
    status = hold(p, n, after + 1, out);
    if (!status
        && json_object_set_new(*out, "after",
                               json_string(store_day_text(day, after))))
        status = base_fail_nomem(p->from.run->ctx);
    return status;
}

/* ---- one customer ---- */

static gb_status profile_of(const plan_presence *p, int64_t customer,
                            uint32_t *profile)
{
    store_ids ids = { 0 };
    gb_status status
        = store_ids_build(p->from.ws, &customer, 1, sizeof customer, &ids);

    if (!status)
        status = plan_presence_profiles(&p->from, &ids, profile);
    store_ids_clear(&ids);
    return status;
}

static json_t *visits_of(const plan_presence *p, int64_t customer)
{
    json_t *list = json_array();
    bool is_made = list != NULL;
    char day[16];

    for (size_t i = 0; is_made && i < p->visits.n; i++) {
        const store_attempt *v = &p->visits.items[i];

        if (v->customer_id == customer)
            is_made = append(list,
                             json_pack("{s:s, s:i, s:s, s:b}", "date",
                                       store_day_text(day, v->day), "at_s",
                                       (int)v->at_s, "day_kind",
                                       v->is_workday ? "workday" : "off",
                                       "met", v->is_met));
    }
    if (is_made)
        return list;
    json_decref(list);
    return NULL;
}

/* What each level made of the card's chance, in a slot on a workday. */
static json_t *hour_row(const plan_presence *p, const plan_presence_who *who,
                        size_t slot)
{
    double steps[GB_PRESENCE_LEVELS];
    json_t *row = slot_row(p, who, slot);

    (void)gb_presence_from(
        p->learnt, plan_presence_supposed(p->from.card, who->profile, slot),
        plan_presence_whom(who), (uint32_t)slot, steps);
    if (row
        && (json_object_set_new(row, "like_him",
                                json_real(steps[GB_PRESENCE_SEGMENT]))
            || json_object_set_new(row, "at_the_place",
                                   json_real(steps[GB_PRESENCE_PLACE])))) {
        json_decref(row);
        row = NULL;
    }
    return row;
}

static json_t *hours_of(const plan_presence *p, const plan_presence_who *who)
{
    json_t *list = json_array();
    bool is_made = list != NULL;

    for (size_t s = 0; is_made && s < p->n_slots; s++)
        is_made = append(list, hour_row(p, who, s));
    if (is_made)
        return list;
    json_decref(list);
    return NULL;
}

static size_t best_slot(const plan_presence *p, const plan_presence_who *who,
                        bool by_card)
{
    double most = -1;
    size_t best = 0;

    for (size_t s = 0; s < p->n_slots; s++) {
        const double chance
            = by_card ? plan_presence_supposed(p->from.card, who->profile, s)
                      : plan_presence_at(p, who, PLAN_WORKDAY, s);

        if (chance > most) {
            most = chance;
            best = s;
        }
    }
    return best;
}

static gb_status describe_customer(const plan_presence *p,
                                   const plan_presence_question *question,
                                   json_t *to)
{
    plan_presence_who who = { 0, 0, 0 };
    size_t best, by_card;
    json_t *made;
    gb_status status
        = store_find_customer(p->from.ws, question->ref, question->scope,
                              &who.customer_id, &who.place_id);

    if (!status)
        status = profile_of(p, who.customer_id, &who.profile);
    if (status)
        return status;
    best = best_slot(p, &who, false);
    by_card = best_slot(p, &who, true);
    made = json_pack("{s:s, s:s, s:o, s:o, s:i, s:i, s:f, s:i}", "customer",
                     question->ref, "profile", profile_name(p, who.profile),
                     "hours", hours_of(p, &who), "visits_there",
                     visits_of(p, who.customer_id), "best_from_s",
                     (int)p->borders_s[best], "best_to_s",
                     (int)p->borders_s[best + 1], "best",
                     plan_presence_at(p, &who, PLAN_WORKDAY, best),
                     "card_best_from_s", (int)p->borders_s[by_card]);
    return made && json_object_set_new(to, "of", made) == 0
               ? GB_OK
               : base_fail_nomem(p->from.run->ctx);
}

/* ---- all ---- */

static gb_status describe_all(const plan_presence *p,
                              const plan_presence_question *question,
                              json_t *to)
{
    json_t *tries = NULL, *checked = NULL;
    gb_status status = by_attempt(p, &tries);

    if (!status)
        status = check(p, question->check_after, &checked);
    if (!status
        && (json_object_set_new(to, "profiles", by_profile(p))
            || json_object_set(to, "by_attempt", tries)
            || (checked && json_object_set(to, "check", checked))))
        status = base_fail_nomem(p->from.run->ctx);
    json_decref(tries);
    json_decref(checked);
    return status;
}

gb_status plan_presence_tell(const plan_presence *p,
                             const plan_presence_question *question,
                             json_t **result)
{
    json_t *made = plan_presence_summary(p);
    char day[16];
    gb_status status = made ? GB_OK : base_fail_nomem(p->from.run->ctx);

    if (!status
        && json_object_set_new(made, "as_of",
                               json_string(store_day_text(day, p->from.on))))
        status = base_fail_nomem(p->from.run->ctx);
    if (!status)
        status = question->ref ? describe_customer(p, question, made)
                               : describe_all(p, question, made);
    if (status) {
        json_decref(made);
        return status;
    }
    *result = made;
    return GB_OK;
}
