/*
 * report_map_people.c - customers, targets and what marks them on a map page.
 *
 * The marks - a deposit matures soon, visited lately - are found by the very
 * query of `map count`, over the whole scope: so the page's sentence has the
 * number that the command gives for the same box, wherever the box lies.
 */
#include <stdlib.h>
#include <string.h>

#include "base_check.h"
#include "report_map_work.h"
#include "report_reason.h"
#include "store_query.h"
#include "store_rows.h"

enum { MATURING_DAYS = 30, LATELY_DAYS = 90 };

/* Customers at one point are one place, with their number. */
static int by_point(const void *a, const void *b)
{
    const store_customer_point *p = a, *q = b;

    if (p->at.lon_deg < q->at.lon_deg || p->at.lon_deg > q->at.lon_deg)
        return p->at.lon_deg < q->at.lon_deg ? -1 : 1;
    if (p->at.lat_deg < q->at.lat_deg || p->at.lat_deg > q->at.lat_deg)
        return p->at.lat_deg < q->at.lat_deg ? -1 : 1;
    return (p->place_id < q->place_id) - (p->place_id > q->place_id);
}

static bool is_same_point(gb_lonlat p, gb_lonlat q)
{
    return !(p.lon_deg < q.lon_deg || p.lon_deg > q.lon_deg
             || p.lat_deg < q.lat_deg || p.lat_deg > q.lat_deg);
}

static void add_place(map_work *w, const store_ids *ids,
                      const store_customer_point *points, size_t n)
{
    const uint32_t place = store_ids_find(ids, points[0].place_id);
    const char *name = place == STORE_NONE ? NULL : w->places.items[place].name;
    size_t n_coarse = 0;

    for (size_t i = 0; i < n; i++)
        n_coarse += points[i].accuracy > STORE_ACCURACY_COMPOUND;
    base_text_format(w->json, "{\"n\":%zu,\"at\":", n);
    report_add_point(w->json, &w->pen, points[0].at);
    if (n_coarse)
        base_text_format(w->json, ",\"coarse\":%zu", n_coarse);
    if (name && name[0]) {
        base_text_add(w->json, ",\"name\":");
        base_text_json(w->json, name);
    }
    base_text_add(w->json, "}");
}

static gb_status add_customers(map_work *w)
{
    const char *comma = "";
    store_customer_points points;
    store_ids ids = { 0 };
    gb_status status;

    memset(&points, 0, sizeof points);
    status = store_load_customer_points_in(
        w->data->ws, &w->data->branches, w->scope, w->data->plan.as_of, w->sw,
        w->ne, &points);
    if (!status)
        status = store_ids_build(w->data->ws, w->places.items, w->places.n,
                                 sizeof *w->places.items, &ids);
    if (!status && points.n > 0)
        qsort(points.items, points.n, sizeof *points.items, by_point);
    report_map_key(w->json, "places");
    base_text_add(w->json, "[");
    for (size_t i = 0; i < points.n && !status;) {
        size_t end = i + 1;

        while (end < points.n
               && is_same_point(points.items[i].at, points.items[end].at))
            end++;
        if (report_map_in_box(w, points.items[i].at)) {
            base_text_add(w->json, comma);
            add_place(w, &ids, &points.items[i], end - i);
            comma = ",";
        }
        i = end;
        status = base_poll(w->data->run);
    }
    base_text_add(w->json, "]");
    store_ids_clear(&ids);
    store_customer_points_clear(&points);
    return status;
}

/* ---- marks ---- */

static void add_mark(map_work *w, const store_found *found, bool matures,
                     bool visited)
{
    base_text_add(w->json, "{\"ref\":");
    base_text_json(w->json, found->ref);
    if (matures)
        base_text_format(w->json, ",\"fen\":%lld",
                         (long long)found->maturing_fen);
    if (visited)
        base_text_add(w->json, ",\"visited\":1");
    base_text_add(w->json, ",\"at\":");
    report_add_point(w->json, &w->pen, found->at);
    base_text_add(w->json, "}");
}

/* Both lists are by id: one walk through them. */
static void merge_marks(map_work *w, const store_found_list *maturing,
                        const store_found_list *visited)
{
    const char *comma = "";
    size_t m = 0, v = 0;

    while (m < maturing->n || v < visited->n) {
        const store_found *a = m < maturing->n ? &maturing->items[m] : NULL;
        const store_found *b = v < visited->n ? &visited->items[v] : NULL;
        const bool takes_a = a && (!b || a->id <= b->id);
        const bool takes_b = b && (!a || b->id <= a->id);

        m += takes_a;
        v += takes_b;
        base_text_add(w->json, comma);
        add_mark(w, takes_a ? a : b, takes_a, takes_b || a->is_visited);
        comma = ",";
    }
}

gb_status report_bank_load(gb_workspace *ws, store_scope scope, int32_t on,
                           report_bank *out)
{
    const store_count_filter filter
        = { .scope = scope, .as_of = on, .maturing_days = MATURING_DAYS,
            .tells_visited_days = LATELY_DAYS };

    return store_query_found(ws, &filter, &out->maturing);
}

void report_bank_clear(report_bank *bank)
{
    store_found_clear(&bank->maturing);
}

/*
 * The sentence of the page counts who waits wherever one looks: all whose
 * deposits mature.  A bank's other visits are far too many for each page.
 */
static gb_status add_marks(map_work *w)
{
    const store_count_filter around
        = { .scope = w->scope, .as_of = w->data->on, .has_box = true,
            .south_west = w->sw, .north_east = w->ne,
            .visited_days = LATELY_DAYS };
    const report_bank *bank = w->data->bank;
    report_bank read = { .maturing = { .n = 0 } };
    store_found_list visited = { .n = 0 };
    gb_status status = GB_OK;

    if (!bank) {
        status = report_bank_load(w->data->ws, w->scope, w->data->on, &read);
        bank = &read;
    }
    if (!status)
        status = store_query_found(w->data->ws, &around, &visited);
    report_map_key(w->json, "marks");
    base_text_add(w->json, "[");
    if (!status)
        merge_marks(w, &bank->maturing, &visited);
    base_text_add(w->json, "]");
    report_bank_clear(&read);
    store_found_clear(&visited);
    return status;
}

/* ---- targets ---- */

static bool has_figures(const store_plan_target *target)
{
    return target->reason_json && target->reason_json[0]
           && strcmp(target->reason_json, "{}") != 0;
}

/* Is it the same sentence for both? */
static bool is_same_reason(const store_plan_target *a,
                           const store_plan_target *b)
{
    return a->state == b->state && strcmp(a->reason, b->reason) == 0
           && strcmp(has_figures(a) ? a->reason_json : "",
                     has_figures(b) ? b->reason_json : "")
                  == 0;
}

static void add_reason(map_work *w, const store_plan_target *target)
{
    base_text en, zh;

    base_text_init(&en, w->data->run->mem);
    base_text_init(&zh, w->data->run->mem);
    report_reason(&en, BASE_LANG_EN, target);
    report_reason(&zh, BASE_LANG_ZH, target);
    if (en.is_short || zh.is_short)
        w->json->is_short = true;
    base_text_add(w->json, "[");
    base_text_json(w->json, en.chars ? en.chars : "");
    base_text_add(w->json, ",");
    base_text_json(w->json, zh.chars ? zh.chars : "");
    base_text_add(w->json, "]");
    base_text_clear(&en);
    base_text_clear(&zh);
}

/* Reasons already written, each a target that has it: most targets share a
 * few, and those with figures of their own are looked for no further. */
typedef struct known_reasons {
    const store_plan_target *shared[64];
    uint32_t number[64];
    size_t n;
    uint32_t n_written;
} known_reasons;

static uint32_t number_of(known_reasons *known,
                          const store_plan_target *target, bool *is_new)
{
    *is_new = false;
    for (size_t i = 0; i < known->n && !has_figures(target); i++)
        if (is_same_reason(known->shared[i], target))
            return known->number[i];
    *is_new = true;
    if (!has_figures(target) && known->n < COUNT_OF(known->shared)) {
        known->shared[known->n] = target;
        known->number[known->n++] = known->n_written;
    }
    return known->n_written++;
}

static void add_target(map_work *w, const store_plan_target *planned,
                       uint32_t reason)
{
    base_text_add(w->json, "{\"ref\":");
    base_text_json(w->json, planned->ref);
    base_text_format(w->json, ",\"state\":%d,\"score\":%lld",
                     (int)planned->state, (long long)planned->score);
    if (planned->grade && planned->grade[0]) {
        base_text_add(w->json, ",\"grade\":");
        base_text_json(w->json, planned->grade);
    }
    if (planned->accuracy > STORE_ACCURACY_COMPOUND)
        base_text_add(w->json, ",\"coarse\":1");
    if (planned->state != STORE_PLANNED)
        base_text_format(w->json, ",\"why\":%u", reason);
    base_text_add(w->json, ",\"at\":");
    report_add_point(w->json, &w->pen, planned->at);
    base_text_add(w->json, "}");
}

static bool is_shown(const map_work *w, size_t t)
{
    return w->data->plan.targets[t].has_location
           && report_has_target(w->data, t);
}

/* The sentences, numbered in the order in which the targets bring them. */
static void add_reasons(map_work *w)
{
    known_reasons known = { .n = 0 };
    const char *comma = "";
    bool is_new;

    report_map_key(w->json, "reasons");
    base_text_add(w->json, "[");
    for (size_t t = 0; t < w->data->plan.n_targets; t++) {
        const store_plan_target *target = &w->data->plan.targets[t];

        if (!is_shown(w, t) || target->state == STORE_PLANNED)
            continue;
        number_of(&known, target, &is_new);
        if (!is_new)
            continue;
        base_text_add(w->json, comma);
        add_reason(w, target);
        comma = ",";
    }
    base_text_add(w->json, "]");
}

static gb_status add_targets(map_work *w)
{
    const store_plan *plan = &w->data->plan;
    known_reasons known = { .n = 0 };
    const char *comma = "";
    gb_status status = GB_OK;

    report_map_key(w->json, "targets");
    base_text_add(w->json, "[");
    for (size_t t = 0; t < plan->n_targets && !status; t++) {
        const store_plan_target *planned = &plan->targets[t];
        bool is_new;

        if (!is_shown(w, t))
            continue;
        base_text_add(w->json, comma);
        add_target(w, planned,
                   planned->state == STORE_PLANNED
                       ? 0
                       : number_of(&known, planned, &is_new));
        comma = ",";
        status = base_poll(w->data->run);
    }
    base_text_add(w->json, "]");
    return status;
}

gb_status report_map_people(map_work *w)
{
    gb_status status = add_customers(w);

    if (!status)
        status = add_marks(w);
    if (!status) {
        add_reasons(w);
        status = add_targets(w);
    }
    return status;
}
