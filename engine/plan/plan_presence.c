/*
 * plan_presence.c - see plan_presence.h.
 */
#include "plan_presence.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_text.h"

enum { PERMILLE = 1000, YEARS_BACK_DAYS = 4 * 366 };
static const double HALF_LIFE_DAYS = 365;
/* A card says 0 or 1000; nothing is that sure. */
static const double LEAST_CHANCE = 0.0005;

static const char *const kind_names[PLAN_DAY_KINDS] = { "workday", "off" };
static const char *const level_names[GB_PRESENCE_LEVELS]
    = { "all", "segment", "place", "customer" };

/* Rows are numbered from 1; NONE for the number of no row. */
static uint32_t unit_of(int64_t id)
{
    return id > 0 && id < UINT32_MAX ? (uint32_t)id : GB_PRESENCE_NONE;
}

gb_presence_whom plan_presence_whom(const plan_presence_who *who)
{
    return (gb_presence_whom){ who->profile, unit_of(who->place_id),
                               unit_of(who->customer_id) };
}

double plan_presence_supposed(const gb_score_card *card, uint32_t profile,
                              size_t slot)
{
    gb_score_profile p = { 0 };

    if (!gb_score_card_profile(card, profile, &p))
        return LEAST_CHANCE;
    return fmin(fmax((double)p.permille[slot] / PERMILLE, LEAST_CHANCE),
                1 - LEAST_CHANCE);
}

double plan_presence_at(const plan_presence *p, const plan_presence_who *who,
                        int day_kind, size_t slot)
{
    return gb_presence_from(
        p->learnt, plan_presence_supposed(p->from.card, who->profile, slot),
        plan_presence_whom(who),
        (uint32_t)((size_t)day_kind * p->n_slots + slot), NULL);
}

/* ---- who has which profile ---- */

gb_status plan_presence_profiles(const plan_presence_source *from,
                                 const store_ids *ids, uint32_t *profiles)
{
    const size_t last = gb_score_card_n_profiles(from->card) - 1;
    gb_score_profile profile;
    gb_status status = GB_OK;

    for (size_t i = 0; i < ids->n; i++)
        profiles[i] = (uint32_t)last;
    /* the first of a card counts, so it is marked last */
    for (size_t p = last; p-- > 0 && !status;) {
        (void)gb_score_card_profile(from->card, p, &profile);
        if (profile.tag)
            status = store_mark_tagged(from->ws, profile.tag, ids,
                                       (uint32_t)p, profiles);
    }
    return status;
}

static int by_number(const void *a, const void *b)
{
    const int64_t p = *(const int64_t *)a, q = *(const int64_t *)b;

    return (p > q) - (p < q);
}

/* Each visited customer once. */
static size_t distinct(const store_attempts *visits, int64_t *ids)
{
    size_t n = 0;

    for (size_t i = 0; i < visits->n; i++)
        ids[i] = visits->items[i].customer_id;
    qsort(ids, visits->n, sizeof *ids, by_number);
    for (size_t i = 0; i < visits->n; i++)
        if (n == 0 || ids[n - 1] != ids[i])
            ids[n++] = ids[i];
    return n;
}

static gb_status find_segments(plan_presence *p)
{
    base_mem *mem = p->from.run->mem;
    const size_t n = p->visits.n;
    int64_t *customers = base_alloc_array(mem, n, sizeof *customers);
    uint32_t *profiles = base_alloc_array(mem, n, sizeof *profiles);
    store_ids ids = { 0 };
    gb_status status = customers && profiles
                           ? GB_OK
                           : base_fail_nomem(p->from.run->ctx);

    if (!status) {
        p->n_customers = distinct(&p->visits, customers);
        status = store_ids_build(p->from.ws, customers, p->n_customers,
                                 sizeof *customers, &ids);
    }
    if (!status)
        status = plan_presence_profiles(&p->from, &ids, profiles);
    for (size_t i = 0; i < n && !status; i++)
        p->segments[i]
            = profiles[store_ids_find(&ids, p->visits.items[i].customer_id)];
    store_ids_clear(&ids);
    base_free(mem, customers);
    base_free(mem, profiles);
    return status;
}

/* ---- learning ---- */

static size_t slot_of(const plan_presence *p, int32_t at_s)
{
    for (size_t s = 0; s < p->n_slots; s++)
        if (at_s >= p->borders_s[s] && at_s < p->borders_s[s + 1])
            return s;
    return SIZE_MAX;
}

static void drop_other_hours(plan_presence *p)
{
    store_attempts *v = &p->visits;
    size_t n = 0;

    for (size_t i = 0; i < v->n; i++)
        if (slot_of(p, v->items[i].at_s) < p->n_slots)
            v->items[n++] = v->items[i];
    p->n_outside = v->n - n;
    v->n = n;
}

static gb_status take_arrays(plan_presence *p)
{
    base_mem *mem = p->from.run->mem;
    const size_t n = p->visits.n;

    p->segments = base_alloc_array(mem, n, sizeof *p->segments);
    p->places = base_alloc_array(mem, n, sizeof *p->places);
    p->customers = base_alloc_array(mem, n, sizeof *p->customers);
    p->bands = base_alloc_array(mem, n, sizeof *p->bands);
    p->is_met = base_alloc_array(mem, n, sizeof *p->is_met);
    p->age_days = base_alloc_array(mem, n, sizeof *p->age_days);
    p->chances = base_alloc_array(mem, n, sizeof *p->chances);
    return p->segments && p->places && p->customers && p->bands && p->is_met
                   && p->age_days && p->chances
               ? GB_OK
               : base_fail_nomem(p->from.run->ctx);
}

static void fill_arrays(plan_presence *p)
{
    for (size_t i = 0; i < p->visits.n; i++) {
        const store_attempt *v = &p->visits.items[i];
        const size_t slot = slot_of(p, v->at_s);
        const int kind = v->is_workday ? PLAN_WORKDAY : PLAN_DAY_OFF;

        p->places[i] = unit_of(v->place_id);
        p->customers[i] = unit_of(v->customer_id);
        p->bands[i] = (uint16_t)((size_t)kind * p->n_slots + slot);
        p->is_met[i] = v->is_met;
        p->n_met += v->is_met;
        p->chances[i]
            = plan_presence_supposed(p->from.card, p->segments[i], slot);
    }
}

gb_status plan_presence_learn_first(const plan_presence *p, size_t n,
                                    int32_t today, gb_presence **out)
{
    gb_presence_options options = GB_PRESENCE_OPTIONS_INIT;
    gb_presence_attempts attempts = GB_PRESENCE_ATTEMPTS_INIT;
    gb_status status;

    options.n_bands = (uint32_t)(PLAN_DAY_KINDS * p->n_slots);
    options.half_life_days = p->half_life_days;
    for (size_t i = 0; i < n; i++)
        p->age_days[i] = today - p->visits.items[i].day;
    attempts.n = n;
    attempts.segments = p->segments;
    attempts.places = p->places;
    attempts.customers = p->customers;
    attempts.bands = p->bands;
    attempts.is_met = p->is_met;
    attempts.age_days = p->age_days;
    attempts.chances = p->chances;
    status = gb_presence_learn(p->from.quiet, &attempts, &options, out);
    return status ? base_context_adopt(p->from.run->ctx, p->from.quiet)
                  : GB_OK;
}

gb_status plan_presence_learn(const plan_presence_source *from,
                              plan_presence *out)
{
    gb_status status;

    out->from = *from;
    out->n_slots = gb_score_card_n_slots(from->card);
    out->borders_s = gb_score_card_slot_borders(from->card);
    out->half_life_days
        = from->half_life_days > 0 ? from->half_life_days : HALF_LIFE_DAYS;
    status = store_load_attempts(from->ws, from->scope,
                                 from->on - YEARS_BACK_DAYS, from->on,
                                 &out->visits);
    if (status)
        return status;
    drop_other_hours(out);
    status = take_arrays(out);
    if (!status)
        status = find_segments(out);
    if (status)
        return status;
    fill_arrays(out);
    return plan_presence_learn_first(out, out->visits.n, from->on,
                                     &out->learnt);
}

void plan_presence_clear(plan_presence *p)
{
    base_mem *mem = p->from.run ? p->from.run->mem : NULL;

    if (!mem)
        return;
    gb_presence_free(p->learnt);
    base_free(mem, p->segments);
    base_free(mem, p->places);
    base_free(mem, p->customers);
    base_free(mem, p->bands);
    base_free(mem, p->is_met);
    base_free(mem, p->age_days);
    base_free(mem, p->chances);
    store_attempts_clear(&p->visits);
    memset(p, 0, sizeof *p);
}

/* ---- into the workspace ---- */

typedef struct walk {
    const plan_presence *p;
    const store_ids *targets;
    int32_t level;
    size_t i;
} walk;

static bool next_row(void *user, store_odds *row)
{
    walk *w = user;
    const size_t n_slots = w->p->n_slots;
    gb_presence_row r;

    for (;;) {
        if (w->level >= GB_PRESENCE_LEVELS)
            return false;
        if (!gb_presence_row_at(w->p->learnt, w->level, w->i++, &r)) {
            w->level++;
            w->i = 0;
        } else if (w->level < GB_PRESENCE_CUSTOMER
                   || store_ids_find(w->targets, r.unit) != STORE_NONE) {
            break;
        }
    }
    *row = (store_odds){ .level = level_names[w->level], .unit_id = r.unit,
                         .day_kind = "any", .from_s = -1,
                         .visits = r.attempts, .met = r.met,
                         .odds = r.odds };
    if (r.band != GB_PRESENCE_NONE) {
        row->day_kind = kind_names[r.band / n_slots];
        row->from_s = w->p->borders_s[r.band % n_slots];
    }
    return true;
}

static json_t *strengths_of(const plan_presence *p)
{
    json_t *made = json_object();

    for (int32_t level = 0; made && level < GB_PRESENCE_LEVELS; level++)
        if (json_object_set_new(
                made, level_names[level],
                json_real(gb_presence_strength(p->learnt, level)))) {
            json_decref(made);
            made = NULL;
        }
    return made;
}

static char *slots_text(const plan_presence *p)
{
    json_t *list = json_array();
    char *text;

    for (size_t s = 0; s <= p->n_slots; s++)
        json_array_append_new(list, json_integer(p->borders_s[s]));
    text = json_dumps(list, JSON_COMPACT);
    json_decref(list);
    return text;
}

static char *profiles_text(const plan_presence *p)
{
    json_t *list = json_array();
    gb_score_profile profile;
    char *text;

    for (size_t i = 0; gb_score_card_profile(p->from.card, i, &profile); i++)
        json_array_append_new(list, json_string(profile.name));
    text = json_dumps(list, JSON_COMPACT);
    json_decref(list);
    return text;
}

gb_status plan_presence_save(const plan_presence *p, const store_ids *targets)
{
    json_t *strengths = strengths_of(p);
    char *strengths_text = strengths ? json_dumps(strengths, JSON_COMPACT)
                                     : NULL;
    char *slots = slots_text(p), *profiles = profiles_text(p);
    walk w = { p, targets, 0, 0 };
    const store_presence run
        = { .on = p->from.on, .n_visits = (int64_t)p->visits.n,
            .n_met = (int64_t)p->n_met,
            .n_untimed = (int64_t)p->visits.n_untimed,
            .half_life_days = p->half_life_days, .slots_json = slots,
            .profiles_json = profiles, .strengths_json = strengths_text };
    const gb_status status
        = strengths_text && slots && profiles
              ? store_save_presence(p->from.ws, &run, next_row, &w)
              : base_fail_nomem(p->from.run->ctx);

    json_decref(strengths);
    free(strengths_text);
    free(slots);
    free(profiles);
    return status;
}

json_t *plan_presence_summary(const plan_presence *p)
{
    const double n = (double)p->visits.n;

    return json_pack("{s:I, s:I, s:f, s:I, s:I, s:o}", "visits",
                     (json_int_t)p->visits.n, "customers",
                     (json_int_t)p->n_customers, "met",
                     n > 0 ? (double)p->n_met / n : 0, "untimed",
                     (json_int_t)p->visits.n_untimed, "outside",
                     (json_int_t)p->n_outside, "strengths",
                     strengths_of(p));
}
