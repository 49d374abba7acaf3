/*
 * route_read_sol.c - solutions in the form of CVRPLIB's .sol; see
 * gb_route_file_solution_text() for what may stand in them.
 */
#include "route_read.h"

#include <math.h>
#include <string.h>

#include "route_scan.h"

typedef struct sol {
    gb_context *ctx;
    const gb_route_file *file;
    route_scan scan;
    uint32_t *client_of; /* the first client of each number */
    uint32_t *n_taken;   /* visits of each number that are given */
    uint8_t *is_used;    /* vehicles with a line */
    uint32_t n_numbers, n_lines;
    BASE_ARRAY(uint32_t) vehicle;
    BASE_ARRAY(uint32_t) items;
    gb_route_file_routes *routes;
} sol;

static gb_status number_clients(sol *s)
{
    const gb_route_file *file = s->file;

    for (size_t c = 0; c < file->clients.n; c++)
        if (file->clients.items[c].number >= s->n_numbers)
            s->n_numbers = file->clients.items[c].number + 1;
    s->client_of = base_alloc_array(s->ctx->mem, s->n_numbers,
                                    sizeof *s->client_of);
    s->n_taken = base_alloc_zeroed(s->ctx->mem, s->n_numbers,
                                   sizeof *s->n_taken);
    s->is_used = base_alloc_zeroed(s->ctx->mem, file->vehicles.n, 1);
    if (!s->client_of || !s->n_taken || !s->is_used)
        return base_fail_nomem(s->ctx);
    for (uint32_t k = 0; k < s->n_numbers; k++)
        s->client_of[k] = GB_ROUTE_NONE;
    for (size_t c = file->clients.n; c-- > 0;)
        s->client_of[file->clients.items[c].number] = (uint32_t)c;
    return GB_OK;
}

/* "(depot 2)" and "(day 3)" before the colon; 0: not there. */
typedef struct route_head {
    uint32_t number, depot, day;
    route_word word;
} route_head;

static gb_status take_mark(sol *s, const char *word, uint32_t *out)
{
    const char *at = s->scan.at;
    const size_t n = strlen(word);
    size_t digits = 0;
    uint32_t value = 0;

    while (at < s->scan.end && *at == ' ')
        at++;
    if ((size_t)(s->scan.end - at) < n + 2 || memcmp(at, word, n) != 0)
        return GB_OK;
    at += n;
    while (at < s->scan.end && *at >= '0' && *at <= '9' && digits++ < 7)
        value = value * 10 + (uint32_t)(*at++ - '0');
    if (digits == 0 || at == s->scan.end || *at != ')')
        return GB_OK;
    s->scan.at = at + 1;
    *out = value;
    return GB_OK;
}

/* "Route #12 (day 1):", up to behind its colon. */
static gb_status take_head(sol *s, route_head *head)
{
    uint32_t digits = 0;
    const char *at;

    head->number = head->depot = head->day = 0;
    while (s->scan.at < s->scan.end && *s->scan.at == ' ')
        s->scan.at++;
    at = s->scan.at;
    if (at < s->scan.end && *at == '#') {
        s->scan.at++;
        for (at++; at < s->scan.end && *at >= '0' && *at <= '9'
                   && digits++ < 7;
             at++)
            head->number = head->number * 10 + (uint32_t)(*at - '0');
        s->scan.at = at;
    }
    take_mark(s, "(depot ", &head->depot);
    take_mark(s, "(day ", &head->day);
    while (s->scan.at < s->scan.end && *s->scan.at == ' ')
        s->scan.at++;
    if (s->scan.at < s->scan.end && *s->scan.at == ':') {
        s->scan.at++;
        return GB_OK;
    }
    {
        const route_word word = route_scan_word(&s->scan);

        return route_scan_at(&s->scan, &word,
                             base_fail(s->ctx, GB_ERR_PARSE,
                                       "\"Route #1: 31 46 35\" expected"));
    }
}

static bool suits(const sol *s, const route_head *head, uint32_t v)
{
    const gb_route_file *file = s->file;

    if (s->is_used[v])
        return false;
    if (head->depot
        && (!file->vehicle_depot || file->vehicle_depot[v] != head->depot))
        return false;
    return !head->day
           || (file->vehicle_of_day && file->vehicle_of_day[v] == head->day);
}

/* The vehicle of a line: by its number where that tells, or the next. */
static gb_status choose_vehicle(sol *s, const route_head *head, uint32_t *out)
{
    const uint32_t n = (uint32_t)s->file->vehicles.n;

    if (s->file->has_numbered_vehicles && head->number >= 1
        && head->number <= n && suits(s, head, head->number - 1)) {
        *out = head->number - 1;
        return GB_OK;
    }
    for (uint32_t v = 0; v < n; v++)
        if (suits(s, head, v)) {
            *out = v;
            return GB_OK;
        }
    return route_scan_at(&s->scan, &head->word,
                         base_fail(s->ctx, GB_ERR_DATA,
                                   "there is no vehicle left for this route: "
                                   "the problem has %u",
                                   n));
}

static gb_status take_client(sol *s, uint32_t vehicle)
{
    const route_word word = route_scan_peek(&s->scan);
    uint32_t client;
    int64_t number;
    gb_status status = route_scan_whole(&s->scan, "Route", 0, UINT32_MAX,
                                        &number);

    if (status)
        return status;
    client = number < s->n_numbers ? s->client_of[number] : GB_ROUTE_NONE;
    if (client == GB_ROUTE_NONE)
        return route_scan_at(&s->scan, &word,
                             base_fail(s->ctx, GB_ERR_DATA,
                                       "the problem has no client %u",
                                       (uint32_t)number));
    client += s->n_taken[number]++;
    if (client >= s->file->clients.n
        || s->file->clients.items[client].number != number)
        return route_scan_at(&s->scan, &word,
                             base_fail(s->ctx, GB_ERR_DATA,
                                       "client %u is served more often than "
                                       "the problem asks",
                                       (uint32_t)number));
    if (!base_array_push(s->ctx->mem, &s->vehicle, vehicle)
        || !base_array_push(s->ctx->mem, &s->items, client))
        return base_fail_nomem(s->ctx);
    return GB_OK;
}

static gb_status take_route(sol *s, const route_word *word)
{
    route_head head;
    uint32_t vehicle = 0;
    gb_status status = take_head(s, &head);

    head.word = *word;
    /* Where vehicles are alike, an empty line takes none. */
    if (status == GB_OK && !s->file->has_numbered_vehicles
        && route_scan_peek(&s->scan).n == 0)
        return GB_OK;
    if (status == GB_OK)
        status = choose_vehicle(s, &head, &vehicle);
    if (status)
        return status;
    s->is_used[vehicle] = 1;
    while (status == GB_OK && route_scan_peek(&s->scan).n)
        status = take_client(s, vehicle);
    return status;
}

static gb_status take_figure(sol *s)
{
    double value;
    gb_status status;

    while (s->scan.at < s->scan.end
           && (*s->scan.at == ' ' || *s->scan.at == ':'))
        s->scan.at++;
    status = route_scan_real(&s->scan, "Cost", &value);
    if (status)
        return status;
    s->routes->told
        = (int64_t)floor(value * s->file->facts.published_per + 0.5);
    s->routes->has_told = true;
    return route_scan_end_line(&s->scan, "Cost");
}

/* The word that a line begins with: letters only. */
static route_word take_word(route_scan *scan)
{
    route_word word = route_scan_word(scan);

    for (size_t i = 0; i < word.n; i++)
        if (word.text[i] == ':' || word.text[i] == '#') {
            word.n = i;
            scan->at = word.text + i;
        }
    return word;
}

static gb_status take_line(sol *s)
{
    const route_word word = take_word(&s->scan);
    char shown[48];

    if (route_word_is(&word, "Route"))
        return take_route(s, &word);
    if (route_word_is(&word, s->file->facts.is_prize ? "Prize" : "Cost"))
        return take_figure(s);
    if (route_word_is(&word, "Unserved") || route_word_is(&word, "Cost")
        || route_word_is(&word, "Prize") || route_word_is(&word, "Time")) {
        route_scan_rest(&s->scan);
        return GB_OK;
    }
    return route_scan_at(&s->scan, &word,
                         base_fail(s->ctx, GB_ERR_PARSE,
                                   "a line begins with \"%s\"; Route, Cost, "
                                   "Prize or Unserved expected",
                                   route_word_text(&word, shown)));
}

gb_status route_read_sol(gb_context *ctx, const gb_route_file *file,
                         const route_file_source *source,
                         gb_route_file_routes *routes)
{
    sol s;
    gb_status status;

    memset(&s, 0, sizeof s);
    s.ctx = ctx;
    s.file = file;
    s.routes = routes;
    route_scan_init(&s.scan, ctx, source->name, source->bytes, source->n);
    status = number_clients(&s);
    while (status == GB_OK && route_scan_line(&s.scan))
        status = take_line(&s);
    if (status == GB_OK)
        status = route_file_routes_fill(ctx, file, s.vehicle.items,
                                        s.items.items, s.items.n, routes);
    base_free(ctx->mem, s.client_of);
    base_free(ctx->mem, s.n_taken);
    base_free(ctx->mem, s.is_used);
    base_array_clear(ctx->mem, &s.vehicle);
    base_array_clear(ctx->mem, &s.items);
    return status;
}
