/*
 * call_route.c - see call_route.h: problems and routes in, names, figures.
 */
#include "call_route.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base_run.h"
#include "route_file_internal.h"

enum { CLIENTS_A_MS = 50 }; /* described, written, read again: 20 ms of 1,000 */

/* ---- in ---- */

static gb_route_file_options options_of(call *c)
{
    gb_route_file_options o = GB_ROUTE_FILE_OPTIONS_INIT;

    if (call_has(c, "form"))
        gb_route_format_parse(call_text(c, "form"), &o.format);
    o.n_vehicles = (uint32_t)call_int(c, "vehicles");
    o.rounding = call_choice(c, "rounding") + 1; /* -1: by convention */
    o.scale = (uint32_t)call_int(c, "scale");
    if (call_has(c, "roads")) {
        o.travel = call_route_travel;
        o.travel_user = c;
    }
    return o;
}

static bool has_prizes(const gb_route_problem *p)
{
    if (p->client_kind_prize || p->client_slot_prize)
        return true;
    for (uint32_t i = 0; p->client_prize && i < p->n_clients; i++)
        if (p->client_prize[i] > 0)
            return true;
    return false;
}

/* What one number says of a plan, and how it follows from the value. */
static void take_goal(call_route *r)
{
    const gb_route_problem *p = r->problem;

    r->has_clock = r->facts.format == GB_ROUTE_FORMAT_VROOM
        || r->facts.format == GB_ROUTE_FORMAT_JSON;
    r->goal = r->facts.is_prize ? CALL_ROUTE_PRIZE
        : r->file->counts_uncollected || r->file->points_a_step
                || !has_prizes(p)
            ? CALL_ROUTE_COST : CALL_ROUTE_VALUE;
    if (r->facts.format == GB_ROUTE_FORMAT_JSON && has_prizes(p))
        r->goal = CALL_ROUTE_VALUE;
    for (uint32_t i = 0; r->file->counts_uncollected && i < p->n_clients; i++)
        r->constant += p->client_prize ? p->client_prize[i] : 0;
}

static gb_status read_document(call *c, const gb_route_file_options *options,
                               call_route *r)
{
    char *bytes = json_dumps(call_document(c, "problem"), JSON_COMPACT);
    gb_status status;

    if (!bytes)
        return base_fail_nomem(c->ctx);
    status = gb_route_file_read_memory(c->ctx, bytes, strlen(bytes), "problem",
                                       options, &r->file);
    free(bytes);
    return status;
}

gb_status call_route_open(call *c, call_route *r)
{
    const gb_route_file_options options = options_of(c);
    gb_status status;

    *r = (call_route){ .c = c };
    if (call_has(c, "file") == call_has(c, "problem"))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "a problem is needed: either a file or \"problem\"");
    if (call_document(c, "problem"))
        status = read_document(c, &options, r);
    else
        status = gb_route_file_read(
            c->ctx, call_text(c, call_has(c, "file") ? "file" : "problem"),
            &options, &r->file);
    if (status)
        return status;
    r->problem = gb_route_file_problem(r->file);
    r->facts.size = sizeof r->facts;
    gb_route_file_facts_get(r->file, &r->facts);
    take_goal(r);
    return GB_OK;
}

void call_route_close(call_route *r)
{
    gb_route_file_free(r->file);
    r->file = NULL;
}

int64_t call_route_time_left(const call_route *r, int64_t limit_ms)
{
    const double spent_ms = 1000 * (base_clock_s() - r->c->began_s);
    const int64_t left_ms = limit_ms - (int64_t)spent_ms
        - r->problem->n_clients / CLIENTS_A_MS - 1;

    return left_ms > 0 ? left_ms : limit_ms > 0;
}

gb_status call_route_read(const call_route *r, const char *param,
                          gb_route_file_routes **out)
{
    call *c = r->c;
    const json_t *document = call_document(c, param);
    gb_status status;
    char *bytes;

    *out = NULL;
    if (!call_has(c, param))
        return GB_OK;
    if (!document)
        return gb_route_file_read_solution(c->ctx, r->file,
                                           call_text(c, param), out);
    bytes = json_dumps(document, JSON_COMPACT);
    if (!bytes)
        return base_fail_nomem(c->ctx);
    status = gb_route_file_read_solution_memory(
        c->ctx, r->file, bytes, strlen(bytes), param, out);
    free(bytes);
    return status;
}

/* ---- names and times that callers give ---- */

static gb_status find_name(const call_route *r, const char *name,
                           const char *(*name_of)(const gb_route_file *,
                                                  uint32_t),
                           uint32_t n, uint32_t *out)
{
    const char *nearest = NULL;
    size_t best = SIZE_MAX;

    for (uint32_t i = 0; i < n; i++) {
        const char *own = name_of(r->file, i);

        if (!own)
            continue;
        if (strcmp(own, name) == 0) {
            *out = i;
            return GB_OK;
        }
        if (base_is_nearer(name, own, &best))
            nearest = own;
    }
    if (nearest)
        call_note(r->c, GB_N("did you mean \"%s\"?"), nearest);
    return GB_ERR_NOT_FOUND;
}

gb_status call_route_find_client(const call_route *r, const char *name,
                                 uint32_t *out)
{
    return find_name(r, name, gb_route_file_client_name,
                     r->problem->n_clients, out)
               ? base_fail(r->c->ctx, GB_ERR_NOT_FOUND,
                           "the problem has no client \"%.64s\"", name)
               : GB_OK;
}

gb_status call_route_find_vehicle(const call_route *r, const char *name,
                                  uint32_t *out)
{
    return find_name(r, name, gb_route_file_vehicle_name,
                     r->problem->n_vehicles, out)
               ? base_fail(r->c->ctx, GB_ERR_NOT_FOUND,
                           "the problem has no vehicle \"%.64s\"", name)
               : GB_OK;
}

/* The name of the number at `digits` behind one of the words; NULL: none. */
static const char *name_behind(const call_route *r, const char *text,
                               size_t *n_word, size_t *n_digits)
{
    static const char *const words[]
        = { "client ", "客户 ", "vehicle ", "车辆 " };

    for (size_t w = 0; w < COUNT_OF(words); w++) {
        const size_t n = strlen(words[w]);
        int64_t number;
        char digits[16];

        if (strncmp(text, words[w], n) != 0)
            continue;
        *n_word = n;
        *n_digits = strspn(text + n, "0123456789");
        if (*n_digits == 0 || *n_digits >= sizeof digits)
            return NULL;
        memcpy(digits, text + n, *n_digits);
        digits[*n_digits] = '\0';
        if (!base_parse_int(digits, &number) || number >= UINT32_MAX)
            return NULL;
        return w < 2
            ? gb_route_file_client_name(r->file, (uint32_t)number)
            : gb_route_file_vehicle_name(r->file, (uint32_t)number);
    }
    return NULL;
}

char *call_route_name_in(const call_route *r, const char *text)
{
    base_text out;

    base_text_init(&out, r->c->mem);
    while (*text) {
        size_t n_word = 0, n_digits = 0;
        const char *name = name_behind(r, text, &n_word, &n_digits);

        if (!name) {
            base_text_append(&out, text++, 1);
            continue;
        }
        base_text_append(&out, text, n_word);
        base_text_add(&out, name);
        text += n_word + n_digits;
    }
    return base_text_take(&out);
}

gb_status call_route_named(const call_route *r, gb_status status)
{
    gb_context *ctx = r->c->ctx;
    char *words;

    if (status != GB_ERR_INFEASIBLE && status != GB_ERR_DATA)
        return status;
    words = call_route_name_in(r, gb_last_error(ctx));
    if (words)
        status = base_fail(ctx, status, "%s", words);
    base_free(r->c->mem, words);
    return status;
}

bool call_route_clock(const char *text, int32_t *out_s)
{
    const char *colon = text ? strchr(text, ':') : NULL;
    int64_t hours, minutes;
    char part[24];

    if (!text)
        return false;
    if (!colon) {
        if (!base_parse_int(text, &minutes) || minutes < -100000000
            || minutes > 100000000)
            return false;
        *out_s = (int32_t)minutes;
        return true;
    }
    if (colon - text >= (ptrdiff_t)sizeof part || strlen(colon + 1) != 2)
        return false;
    snprintf(part, sizeof part, "%.*s", (int)(colon - text), text);
    if (!base_parse_int(part, &hours) || !base_parse_int(colon + 1, &minutes)
        || hours < 0 || hours > 1000 || minutes < 0 || minutes > 59)
        return false;
    *out_s = (int32_t)(hours * 3600 + minutes * 60);
    return true;
}

/* ---- figures ---- */

/*
 * A value of k steps of prize, less a cost below one step, or more some points
 * below one: the steps.
 */
static double steps_of(const gb_route_file *file, double points)
{
    const double steps = points / (double)file->points_a_step;

    return file->is_prize_count ? ceil(steps) : floor(steps);
}

double call_route_figure(const call_route *r, double value_milli)
{
    const double points = value_milli / 1000;
    const gb_route_file *file = r->file;

    if (r->goal == CALL_ROUTE_VALUE)
        return points;
    if (r->goal == CALL_ROUTE_PRIZE)
        return file->points_a_step
            ? steps_of(file, points) * (double)file->prize_step
            : floor(points);
    if (file->points_a_step) /* the jobs that it serves, less the cost */
        return steps_of(file, points) * (double)file->points_a_step - points;
    return (double)r->constant - points;
}

int64_t call_route_prize(const call_route *r, int64_t points)
{
    const gb_route_file *file = r->file;

    return file->points_a_step
        ? points / file->points_a_step * file->prize_step : points;
}

json_t *call_route_points(int64_t milli)
{
    return milli % 1000 ? json_real((double)milli / 1000)
                        : json_integer(milli / 1000);
}

/* Costs of a file are whole: a bound on them is rounded to the good side. */
json_t *call_route_bound_json(const call_route *r, int64_t upper_milli)
{
    const double figure = call_route_figure(r, (double)upper_milli);

    if (r->goal == CALL_ROUTE_VALUE)
        return call_route_points(upper_milli);
    return json_integer(
        (json_int_t)(r->goal == CALL_ROUTE_COST ? ceil(figure)
                                                : floor(figure)));
}

int64_t call_route_gain(const call_route *r, int64_t milli)
{
    const gb_route_file *file = r->file;

    if (!file->points_a_step)
        return milli;
    return 1000 * file->prize_step
        * llround((double)milli / 1000 / (double)file->points_a_step);
}

static int tell(void *user, const gb_progress *progress)
{
    const call_route_telling *t = user;
    gb_progress told = *progress;

    told.best = call_route_figure(t->r, progress->best);
    told.bound = call_route_figure(t->r, progress->bound);
    return t->told(t->user, &told);
}

void call_route_begin_telling(const call_route *r, call_route_telling *t)
{
    gb_context *ctx = r->c->ctx;

    *t = (call_route_telling){ r, ctx->progress, ctx->progress_user };
    if (t->told)
        gb_context_set_progress(ctx, tell, t);
}

void call_route_end_telling(call_route_telling *t)
{
    gb_context_set_progress(t->r->c->ctx, t->told, t->user);
}
