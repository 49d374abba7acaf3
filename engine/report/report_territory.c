/*
 * report_territory.c - territory sheets: what a manager answers for, on one
 * page of A4: the border with streets and named places, the counts, and the
 * targets, the visits of the day first and then by score.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report_map_work.h"
#include "report_reason.h"
#include "report_sheets.h"
#include "report_sketch.h"
#include "store_query.h"

enum {
    SKETCH_W = 1000,
    SKETCH_H = 560,
    SKETCH_EDGE = 30,
    MOST_ROWS = 52, /* in two columns, below the sketch */
    MOST_NAMES = 12,
    MATURING_DAYS = 30,
    LATELY_DAYS = 90,
    HOUR_S = 3600
};

typedef struct territory_sheet {
    map_work *w;
    base_text *page;
    base_lang lang;
    const gb_roads *roads;
    gb_shapes outlines;
    const gb_lonlat *degrees; /* of outlines */
    uint32_t territory;
    report_sketch sketch;
    gb_lonlat sw, ne;
} territory_sheet;

static void add_words(territory_sheet *s, const char *english)
{
    base_text_html(s->page, base_lang_text(s->lang, english));
}

static void points_of(const territory_sheet *s, uint32_t *from, uint32_t *to)
{
    const gb_shapes *o = &s->outlines;

    *from = o->ring_first_point[o->shape_first_ring[s->territory]];
    *to = o->ring_first_point[o->shape_first_ring[s->territory + 1]];
}

static void fit(territory_sheet *s)
{
    uint32_t from, to;

    points_of(s, &from, &to);
    s->sw = s->ne = s->degrees[from];
    for (uint32_t p = from; p < to; p++) {
        s->sw.lon_deg = fmin(s->sw.lon_deg, s->degrees[p].lon_deg);
        s->sw.lat_deg = fmin(s->sw.lat_deg, s->degrees[p].lat_deg);
        s->ne.lon_deg = fmax(s->ne.lon_deg, s->degrees[p].lon_deg);
        s->ne.lat_deg = fmax(s->ne.lat_deg, s->degrees[p].lat_deg);
    }
    s->sketch = report_sketch_fit(SKETCH_W, SKETCH_H, SKETCH_EDGE, s->sw,
                                  s->ne);
}

/* Is it in the frame of the sketch? */
static bool is_in_frame(const territory_sheet *s, gb_lonlat p)
{
    const double x = report_sketch_x(&s->sketch, p);
    const double y = report_sketch_y(&s->sketch, p);

    return x >= 0 && x <= SKETCH_W && y >= 0 && y <= SKETCH_H;
}

/* ---- the sketch ---- */

static gb_status add_streets(territory_sheet *s)
{
    static const char *const classes[GB_LINE_CLASS_COUNT]
        = { "arterial", "secondary", "local", "rail", "river", "border" };
    gb_roads_line_set set = { 0 };
    gb_context quiet;
    gb_status status;

    if (!s->roads)
        return GB_OK;
    base_context_fork(&quiet, s->w->data->run->ctx);
    status = gb_roads_lines(&quiet, s->roads, &set);
    if (status)
        base_context_adopt(s->w->data->run->ctx, &quiet);
    base_context_join(&quiet);
    for (size_t l = 0; l < set.n_lines && !status; l++) {
        const gb_lonlat *points = set.points + set.first_point[l];
        const size_t n = set.first_point[l + 1] - set.first_point[l];

        if (n < 2
            || (!is_in_frame(s, points[0]) && !is_in_frame(s, points[n - 1])))
            continue;
        base_text_format(s->page, "<polyline class=\"%s\" points=\"",
                         classes[set.classes[l]]);
        report_sketch_add_points(s->page, &s->sketch, points, n);
        base_text_add(s->page, "\"/>");
    }
    return status;
}

static void add_border(territory_sheet *s)
{
    const gb_shapes *o = &s->outlines;

    base_text_add(s->page, "<path class=\"edge\" d=\"");
    for (uint32_t r = o->shape_first_ring[s->territory];
         r < o->shape_first_ring[s->territory + 1]; r++) {
        base_text_add(s->page, "M");
        report_sketch_add_points(
            s->page, &s->sketch, s->degrees + o->ring_first_point[r],
            o->ring_first_point[r + 1] - o->ring_first_point[r]);
        base_text_add(s->page, "Z");
    }
    base_text_add(s->page, "\"/>");
}

static bool is_ours(const territory_sheet *s, const store_plan_target *t)
{
    return t->territory_id
           == s->w->territories.items[s->territory].id;
}

static void add_dots(territory_sheet *s)
{
    const store_plan *plan = &s->w->data->plan;

    for (int pass = 0; pass < 2; pass++) /* those planned on top */
        for (size_t t = 0; t < plan->n_targets; t++) {
            const store_plan_target *target = &plan->targets[t];
            const bool is_planned = target->state == STORE_PLANNED;

            if (!is_ours(s, target) || !target->has_location
                || is_planned != (pass == 1))
                continue;
            base_text_format(s->page, "<circle class=\"%s\" r=\"%s\"",
                             store_plan_state_name(target->state),
                             is_planned ? "6" : "3.2");
            report_sketch_add_at(s->page, &s->sketch, "cx", "cy", target->at);
            base_text_add(s->page, "/>");
        }
}

/* A text with its halo, a little to the right of a point. */
static void add_label(territory_sheet *s, const char *name, gb_lonlat at)
{
    base_text_add(s->page, "<text class=\"label\" dx=\"9\" dy=\"4\"");
    report_sketch_add_at(s->page, &s->sketch, "x", "y", at);
    base_text_add(s->page, ">");
    base_text_html(s->page, name);
    base_text_add(s->page, "</text>");
}

static void add_landmarks(territory_sheet *s)
{
    const store_branch *branch
        = &s->w->data->branches.items[s->w->data->branch];
    size_t n = 0;

    for (size_t p = 0; p < s->w->places.n && n < MOST_NAMES; p++) {
        const store_place *place = &s->w->places.items[p];

        if (!place->name || !place->name[0] || !is_in_frame(s, place->at))
            continue;
        base_text_add(s->page, "<rect class=\"landmark\" width=\"8\" "
                               "height=\"8\" transform=\"translate(-4 -4)\"");
        report_sketch_add_at(s->page, &s->sketch, "x", "y", place->at);
        base_text_add(s->page, "/>");
        add_label(s, place->name, place->at);
        n++;
    }
    if (!is_in_frame(s, branch->at))
        return;
    base_text_add(s->page, "<rect class=\"home\" width=\"16\" height=\"16\" "
                           "transform=\"translate(-8 -8)\"");
    report_sketch_add_at(s->page, &s->sketch, "x", "y", branch->at);
    base_text_add(s->page, "/>");
    add_label(s, branch->name && branch->name[0] ? branch->name : branch->ref,
              branch->at);
}

static gb_status add_sketch(territory_sheet *s)
{
    gb_status status;

    fit(s);
    base_text_format(s->page,
                     "<svg class=\"ground\" viewBox=\"0 0 %d %d\" "
                     "role=\"img\">",
                     SKETCH_W, SKETCH_H);
    status = add_streets(s);
    add_border(s);
    add_dots(s);
    add_landmarks(s);
    base_text_add(s->page, "</svg>\n");
    return status;
}

/* ---- counts ---- */

/* `dots` is the class of those dots in the sketch, or "". */
static void add_fact(territory_sheet *s, const char *english, int64_t value,
                     const char *dots)
{
    base_text_format(s->page, "<div><b class=\"%s\">%lld</b>", dots,
                     (long long)value);
    add_words(s, english);
    base_text_add(s->page, "</div>");
}

static gb_status add_facts(territory_sheet *s)
{
    const store_territory *g = &s->w->territories.items[s->territory];
    const store_plan *plan = &s->w->data->plan;
    const store_count_filter filter
        = { .scope = s->w->scope, .as_of = s->w->data->on,
            .territory_ref = g->ref, .maturing_days = MATURING_DAYS,
            .unvisited_days = LATELY_DAYS };
    int64_t by_state[STORE_N_STATES] = { 0 };
    store_count maturing;
    gb_status status
        = store_query_count(s->w->data->ws, &filter, &maturing);

    for (size_t t = 0; t < plan->n_targets; t++)
        if (is_ours(s, &plan->targets[t]))
            by_state[plan->targets[t].state]++;
    base_text_add(s->page, "<div class=\"facts\">");
    add_fact(s, GB_N("targets"),
             report_map_count_targets(s->w, s->territory), "");
    add_fact(s, GB_N("planned"), by_state[STORE_PLANNED],
             "planned");
    add_fact(s, GB_N("no room that day"), by_state[STORE_CROWDED_OUT],
             "crowded_out");
    add_fact(s, GB_N("another channel"), by_state[STORE_OTHER_CHANNEL],
             "other_channel");
    add_fact(s, GB_N("deposits that mature within 30 days, unvisited"),
             maturing.customers, "");
    add_fact(s, GB_N("expected work, h"), (int64_t)(g->activity / HOUR_S),
             "");
    base_text_add(s->page, "</div>\n");
    return status;
}

/* ---- targets ---- */

/* Whom one visits first, then by score; ties by reference. */
static int by_use(const void *a, const void *b)
{
    const store_plan_target *p = *(const store_plan_target *const *)a;
    const store_plan_target *q = *(const store_plan_target *const *)b;
    const bool p_later = p->state == STORE_OTHER_CHANNEL;
    const bool q_later = q->state == STORE_OTHER_CHANNEL;

    if ((p->state == STORE_PLANNED) != (q->state == STORE_PLANNED))
        return p->state == STORE_PLANNED ? -1 : 1;
    if (p_later != q_later)
        return p_later ? 1 : -1;
    if (p->score != q->score)
        return p->score > q->score ? -1 : 1;
    return strcmp(p->ref, q->ref);
}

static void add_target(territory_sheet *s, const store_plan_target *t)
{
    base_text_format(s->page, "<tr%s><td>",
                     t->must_rule && t->must_rule[0] ? " class=\"must\"" : "");
    base_text_html(s->page, t->ref);
    base_text_add(s->page, "</td><td>");
    base_text_html(s->page, t->grade ? t->grade : "");
    base_text_format(s->page, "</td><td class=\"n\">%lld</td><td>",
                     (long long)t->score);
    base_text_html(s->page, report_state_title(s->lang, t->state));
    base_text_add(s->page, "</td></tr>\n");
}

static void add_table(territory_sheet *s, const store_plan_target **list,
                      size_t from, size_t to)
{
    static const char *const heads[] = { GB_N("Customer"), GB_N("Grade"),
                                         GB_N("Points"), GB_N("State") };

    base_text_add(s->page, "<table><thead><tr>");
    for (size_t h = 0; h < sizeof heads / sizeof heads[0]; h++) {
        base_text_add(s->page, h == 2 ? "<th class=\"n\">" : "<th>");
        add_words(s, heads[h]);
        base_text_add(s->page, "</th>");
    }
    base_text_add(s->page, "</tr></thead>\n<tbody>\n");
    for (size_t i = from; i < to; i++)
        add_target(s, list[i]);
    base_text_add(s->page, "</tbody></table>\n");
}

static gb_status add_targets(territory_sheet *s)
{
    const store_plan *plan = &s->w->data->plan;
    base_mem *mem = s->w->data->run->mem;
    const store_plan_target **list
        = base_alloc_array(mem, plan->n_targets, sizeof *list);
    size_t n = 0, shown, half;

    if (!list)
        return base_fail_nomem(s->w->data->run->ctx);
    for (size_t t = 0; t < plan->n_targets; t++)
        if (is_ours(s, &plan->targets[t]))
            list[n++] = &plan->targets[t];
    if (n > 0)
        qsort(list, n, sizeof *list, by_use);
    shown = n < MOST_ROWS ? n : MOST_ROWS;
    half = (shown + 1) / 2;
    base_text_add(s->page, "<div class=\"halves\">\n");
    add_table(s, list, 0, half);
    add_table(s, list, half, shown);
    base_text_add(s->page, "</div>\n");
    if (n > shown) {
        base_text_format(s->page, "<p class=\"sub\">+ %zu ", n - shown);
        add_words(s, GB_N("more targets, each of fewer points or reached by "
                          "another channel"));
        base_text_add(s->page, "</p>\n");
    }
    base_free(mem, list);
    return GB_OK;
}

/* ---- the page ---- */

static gb_status add_sheet(territory_sheet *s)
{
    const report_data *data = s->w->data;
    const store_territory *g = &s->w->territories.items[s->territory];
    const store_branch *branch = &data->branches.items[data->branch];
    char day[16];
    gb_status status;

    base_text_add(s->page, "<section>\n<h1>");
    add_words(s, GB_N("Territory sheet"));
    base_text_add(s->page, " · ");
    base_text_html(s->page, data->managers.items[g->owner].ref);
    base_text_add(s->page, " · ");
    base_text_html(s->page, g->ref);
    base_text_add(s->page, "</h1>\n<p class=\"sub\">");
    base_text_html(s->page, branch->name && branch->name[0] ? branch->name
                                                            : branch->ref);
    base_text_format(s->page, " · %s · ", store_day_text(day, data->on));
    base_text_real(s->page, g->area_m2 / 1e6, 2);
    base_text_add(s->page, " km²</p>\n");
    status = add_facts(s);
    if (!status)
        status = add_sketch(s);
    if (!status)
        status = add_targets(s);
    base_text_add(s->page, "<footer>");
    add_words(s, GB_N("Map data © OpenStreetMap contributors, ODbL"));
    base_text_add(s->page, "</footer>\n</section>\n");
    return status;
}

static gb_status add_sheets(territory_sheet *s, const char *manager)
{
    const store_managers *managers = &s->w->data->managers;
    size_t n = 0;
    gb_status status = GB_OK;

    report_sheet_head(s->page, s->lang, GB_N("Territory sheet"));
    for (s->territory = 0; s->territory < s->w->territories.n && !status;
         s->territory++) {
        const uint32_t owner = s->w->territories.items[s->territory].owner;

        if (owner == STORE_NONE
            || strcmp(managers->items[owner].ref, manager) != 0
            || s->outlines.shape_first_ring[s->territory]
                   == s->outlines.shape_first_ring[s->territory + 1])
            continue;
        status = add_sheet(s);
        n++;
    }
    base_text_add(s->page, "</body>\n</html>\n");
    if (!status && n == 0)
        status = base_fail(s->w->data->run->ctx, GB_ERR_NOT_FOUND,
                           "manager \"%s\" has no territory that day",
                           manager);
    if (!status && s->page->is_short)
        status = base_fail_nomem(s->w->data->run->ctx);
    return status;
}

gb_status report_territory_sheets(report_data *data, const gb_roads *roads,
                                  const char *manager, base_text *page)
{
    gb_context *ctx = data->run->ctx;
    map_work w = { .data = data, .json = page, .scope = data->scope };
    gb_lonlat *degrees = NULL;
    geo_shapes outlines;
    gb_status status;

    geo_shapes_init(&outlines, ctx->mem);
    status = report_map_load(&w);
    if (!status)
        status = report_map_outlines(&w, &outlines, &degrees);
    if (!status) {
        territory_sheet s = { .w = &w, .page = page, .lang = ctx->lang,
                              .roads = roads,
                              .outlines = geo_shapes_view(&outlines),
                              .degrees = degrees };

        status = add_sheets(&s, manager);
    }
    base_free(ctx->mem, degrees);
    geo_shapes_clear(&outlines);
    report_map_clear(&w);
    return status;
}
