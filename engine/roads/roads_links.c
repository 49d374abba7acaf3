/*
 * roads_links.c - see roads_links.h.
 */
#include "roads_links.h"

#include <math.h>
#include <stdio.h>

#include "base_check.h"
#include "roads_links_kind.h"
#include "roads_links_reading.h"
#include "roads_measure.h"

/* A line may end this far from its nodes; the nodes' places count. */
#define MAX_APART_M 10.0

enum { NODE_ID, NODE_LON, NODE_LAT, NODE_SIGNAL, NODE_BARRIER };
static const char *const node_columns[]
    = { "id", "lon", "lat", "signal", "barrier" };

static bool fault(links_reading *r, roads_fault code, size_t column,
                  const char *detail)
{
    return roads_sheet_fault(&r->sheet, code, column, detail);
}

static bool duplicate(links_reading *r, size_t column, uint64_t line)
{
    char text[24];

    snprintf(text, sizeof text, "%llu", (unsigned long long)line);
    return fault(r, ROADS_FAULT_DUPLICATE, column, text);
}

gb_status links_open(links_reading *r, const char *path,
                     const char *const *columns, size_t n_columns,
                     uint32_t musts)
{
    roads_sheet_close(&r->sheet);
    return roads_sheet_open(r->run, path, columns, n_columns, musts,
                            r->on_row, r->user, r->report, &r->sheet);
}

/* Degrees of the tables' datum to WGS 84. */
static gb_status shift(links_reading *r, gb_lonlat *points, size_t n)
{
    return gb_datum_convert(r->run->ctx, (gb_datum)r->links->datum,
                            GB_DATUM_WGS84, points, n);
}

static roads_e7 e7_of(gb_lonlat at)
{
    return (roads_e7){ (int32_t)lround(at.lon_deg * 1e7),
                       (int32_t)lround(at.lat_deg * 1e7) };
}

static bool is_same(roads_e7 a, roads_e7 b)
{
    return a.lon == b.lon && a.lat == b.lat;
}

/* ----------------------------------------------------------------- nodes -- */

static bool add_node(links_reading *r, roads_e7 at, uint8_t flags)
{
    return base_array_push(r->mem, &r->nodes, at)
           && base_array_push(r->mem, &r->node_flags, flags);
}

/* Of several nodes at one place lines end at the first. */
static bool note_end(links_reading *r, roads_e7 at, uint32_t node)
{
    return roads_ids_find(&r->end_points, &at, sizeof at) != ROADS_NONE
           || (roads_ids_add(&r->end_points, &at, sizeof at)
               && base_array_push(r->mem, &r->node_at, node));
}

static bool check_node(links_reading *r, gb_lonlat *at, uint8_t *flags)
{
    static const char *const barriers[]
        = { "none", "shut", "cars", "private", NULL };
    static const uint8_t flags_of[]
        = { 0, ROADS_NODE_SHUT * 7, ROADS_NODE_SHUT << GB_MODE_CAR,
            ROADS_NODE_PRIVATE * 7 };
    bool is_signal = false;
    int barrier = 0;
    uint32_t before;

    if (!roads_sheet_id(&r->sheet, NODE_ID))
        return false;
    before = links_find(&r->node_ids, r->sheet.row[NODE_ID]);
    if (before != ROADS_NONE)
        return duplicate(r, NODE_ID, r->node_lines.items[before]);
    if (!roads_sheet_place(&r->sheet, NODE_LON, NODE_LAT, at)
        || !roads_sheet_flag(&r->sheet, NODE_SIGNAL, &is_signal)
        || !roads_sheet_word(&r->sheet, NODE_BARRIER, barriers, &barrier))
        return false;
    *flags = (uint8_t)(flags_of[barrier]
                       | (is_signal ? ROADS_NODE_SIGNAL : 0));
    return true;
}

static gb_status take_node(links_reading *r)
{
    const char *id = r->sheet.row[NODE_ID];
    const uint32_t node = (uint32_t)r->nodes.n;
    gb_lonlat at;
    uint8_t flags = 0;
    gb_status status;

    if (!check_node(r, &at, &flags))
        return roads_sheet_refuse(&r->sheet);
    status = shift(r, &at, 1);
    if (status)
        return status;
    if (!add_node(r, e7_of(at), flags) || !note_end(r, e7_of(at), node)
        || !roads_ids_add(&r->node_ids, id, strlen(id))
        || !base_array_push(r->mem, &r->node_lines, r->sheet.line))
        return base_fail_nomem(r->run->ctx);
    r->report->nodes_read++;
    return GB_OK;
}

static gb_status read_nodes(links_reading *r)
{
    gb_status status = links_open(r, r->links->nodes_path, node_columns,
                                  COUNT_OF(node_columns),
                                  1u << NODE_ID | 1u << NODE_LON
                                      | 1u << NODE_LAT);

    while (!status && !(status = roads_sheet_next(&r->sheet))
           && r->sheet.fields)
        status = take_node(r);
    return status;
}

/* ----------------------------------------------------------------- lines -- */

/* The row's line to r->points; GB_OK also where it is broken, which
 * r->sheet.fault says. */
static gb_status read_line(links_reading *r)
{
    gb_status status;

    r->degrees.at.n = r->points.n = 0;
    r->sheet.fault = ROADS_FAULT_NONE;
    if (!*r->sheet.row[LINK_LINE])
        return GB_OK;
    if (!roads_sheet_line(&r->sheet, LINK_LINE, &r->degrees))
        return r->sheet.fault ? GB_OK : base_fail_nomem(r->run->ctx);
    status = shift(r, r->degrees.at.items, r->degrees.at.n);
    if (status)
        return status;
    if (!base_array_reserve(r->mem, &r->points, r->degrees.at.n))
        return base_fail_nomem(r->run->ctx);
    for (size_t i = 0; i < r->degrees.at.n; i++)
        r->points.items[r->points.n++] = e7_of(r->degrees.at.items[i]);
    return GB_OK;
}

/* A node of the table by the row's field; NONE when it is empty. */
static bool find_end(links_reading *r, size_t column, uint32_t *node)
{
    const char *id = r->sheet.row[column];

    *node = ROADS_NONE;
    if (!*id)
        return true;
    *node = links_find(&r->node_ids, id);
    return *node != ROADS_NONE
               ? true
               : fault(r, ROADS_FAULT_UNKNOWN, column,
                       base_lang_text(r->run->ctx->lang, GB_N("such node")));
}

/* A line between nodes ends at their places. */
static bool pull_ends(links_reading *r, const uint32_t ends[2])
{
    for (int e = 0; e < 2; e++) {
        const size_t column = e ? LINK_TO : LINK_FROM;
        roads_e7 *at = &r->points.items[e ? r->points.n - 1 : 0];
        double apart_m;
        char text[32];

        if (ends[e] == ROADS_NONE)
            continue;
        apart_m = roads_distance_m(*at, r->nodes.items[ends[e]]);
        if (apart_m > MAX_APART_M)
            return fault(r, ROADS_FAULT_APART, column,
                         base_real_text(text, apart_m, 0));
        *at = r->nodes.items[ends[e]];
    }
    return true;
}

/* Each place once that points follow each other at; how many are left. */
static size_t drop_repeated(links_reading *r)
{
    size_t n = 0;

    for (size_t i = 0; i < r->points.n; i++)
        if (n == 0 || !is_same(r->points.items[i], r->points.items[n - 1]))
            r->points.items[n++] = r->points.items[i];
    return r->points.n = n;
}

/* Ends by their nodes, where they are named, and the points between. */
static bool check_shape(links_reading *r, uint32_t ends[2])
{
    const bool has_line = *r->sheet.row[LINK_LINE] != '\0';

    if (!find_end(r, LINK_FROM, &ends[0]) || !find_end(r, LINK_TO, &ends[1]))
        return false;
    if (!has_line) {
        for (int e = 0; e < 2; e++)
            if (ends[e] == ROADS_NONE)
                return fault(r, ROADS_FAULT_EMPTY, e ? LINK_TO : LINK_FROM,
                             "");
        r->points.n = 2; /* there is room: see read_links() */
        r->points.items[0] = r->nodes.items[ends[0]];
        r->points.items[1] = r->nodes.items[ends[1]];
    } else if (!pull_ends(r, ends)) {
        return false;
    }
    return drop_repeated(r) >= 2
               ? true
               : fault(r, ROADS_FAULT_SHORT, has_line ? LINK_LINE : LINK_TO,
                       "");
}

/* ----------------------------------------------------------------- links -- */

static bool check_link(links_reading *r, roads_link_facts *facts,
                       uint32_t ends[2])
{
    const char *id = r->sheet.row[LINK_ID];
    uint32_t before;

    if (!roads_sheet_id(&r->sheet, LINK_ID))
        return false;
    before = links_find(&r->link_ids, id);
    if (before != ROADS_NONE)
        return duplicate(r, LINK_ID, r->given_links.items[before].line);
    return roads_link_facts_take(&r->sheet, facts) && check_shape(r, ends);
}

/* The node at one end of a line: named, there already, or new. */
static bool end_node(links_reading *r, size_t point, uint32_t named,
                     uint32_t *node)
{
    const roads_e7 at = r->points.items[point];
    const uint32_t known = roads_ids_find(&r->end_points, &at, sizeof at);

    *node = named;
    if (named != ROADS_NONE)
        return true;
    if (known != ROADS_NONE) {
        *node = r->node_at.items[known];
        return true;
    }
    *node = (uint32_t)r->nodes.n;
    return add_node(r, at, 0) && note_end(r, at, *node);
}

static bool add_way(links_reading *r, const roads_link_facts *facts,
                    const uint32_t ends[2], uint32_t *number)
{
    const size_t n = r->points.n;
    roads_way way = { .id = (int64_t)r->sheet.line,
                      .first_ref = (uint32_t)r->refs.n,
                      .n_refs = (uint32_t)n };

    for (size_t i = 0; i < n; i++) {
        uint32_t node = (uint32_t)r->nodes.n;
        const bool is_end = i == 0 || i == n - 1;

        if (!(is_end ? end_node(r, i, ends[i > 0], &node)
                     : add_node(r, r->points.items[i], 0))
            || !base_array_push(r->mem, &r->refs, node))
            return false;
    }
    way.kind = roads_intern_kind(r->interner, &facts->kind);
    way.name = roads_intern_name(r->interner, r->sheet.row[LINK_NAME]);
    *number = (uint32_t)r->ways.n;
    return way.kind != ROADS_NONE && way.name != ROADS_NONE
           && base_array_push(r->mem, &r->ways, way);
}

static bool add_line(links_reading *r, int class)
{
    for (size_t i = 0; i < r->points.n; i++)
        if (!roads_lines_point(r->mem, &r->lines,
                               roads_e7_lonlat(r->points.items[i])))
            return false;
    return roads_lines_end(r->mem, &r->lines, (uint8_t)class);
}

static gb_status take_link(links_reading *r)
{
    const char *id = r->sheet.row[LINK_ID];
    given_link given = { r->sheet.line, ROADS_NONE };
    roads_link_facts facts;
    uint32_t ends[2];
    gb_status status = read_line(r);

    if (status)
        return status;
    if (r->sheet.fault || !check_link(r, &facts, ends))
        return roads_sheet_refuse(&r->sheet);
    r->report->highways += facts.is_street;
    r->report->refused_access += facts.is_street && !facts.is_open;
    if ((facts.line_class >= 0 && !add_line(r, facts.line_class))
        || (facts.is_open && !add_way(r, &facts, ends, &given.way))
        || !roads_ids_add(&r->link_ids, id, strlen(id))
        || !base_array_push(r->mem, &r->given_links, given))
        return base_fail_nomem(r->run->ctx);
    if (r->nodes.n >= UINT32_MAX / 2 || r->refs.n >= UINT32_MAX / 2)
        return base_fail(r->run->ctx, GB_ERR_DATA, "%s: too many points",
                         r->links->links_path);
    return GB_OK;
}

static gb_status read_links(links_reading *r)
{
    gb_status status = links_open(
        r, r->links->links_path, roads_link_columns, LINK_COLUMN_COUNT,
        1u << LINK_ID | 1u << LINK_CLASS);

    if (!status && !base_array_reserve(r->mem, &r->points, 2))
        status = base_fail_nomem(r->run->ctx);
    if (!status && !r->sheet.is_present[LINK_LINE]
        && (!r->sheet.is_present[LINK_FROM] || !r->sheet.is_present[LINK_TO]))
        status = base_fail(r->run->ctx, GB_ERR_PARSE,
                           "%s: has neither a column line nor columns from "
                           "and to", r->links->links_path);
    for (size_t c = LINK_FROM; c <= LINK_TO && !status; c++)
        if (r->sheet.is_present[c] && !r->links->nodes_path)
            status = roads_sheet_refuse_header(&r->sheet, ROADS_FAULT_NO_NODES,
                                               roads_link_columns[c], "");
    while (!status && !(status = roads_sheet_next(&r->sheet))
           && r->sheet.fields) {
        r->report->ways_read++;
        status = take_link(r);
    }
    if (!status && r->ways.n == 0)
        status = base_fail(r->run->ctx, GB_ERR_DATA,
                           "%s: no street in it that any mode can use (%llu "
                           "rows refused)", r->links->links_path,
                           (unsigned long long)r->report->refused_rows);
    return status;
}

/* ---------------------------------------------------------------- finish -- */

/* Leave out nodes that no way leads to. */
static gb_status drop_nodes(links_reading *r)
{
    uint32_t *number = base_alloc_zeroed(r->mem, r->nodes.n, sizeof *number);
    uint32_t n = 0;

    if (!number)
        return base_fail_nomem(r->run->ctx);
    for (size_t i = 0; i < r->refs.n; i++)
        number[r->refs.items[i]] = 1;
    for (size_t i = 0; i < r->nodes.n; i++) {
        if (!number[i])
            continue;
        r->nodes.items[n] = r->nodes.items[i];
        r->node_flags.items[n] = r->node_flags.items[i];
        number[i] = n++;
    }
    r->nodes.n = r->node_flags.n = n;
    for (size_t i = 0; i < r->refs.n; i++)
        r->refs.items[i] = number[r->refs.items[i]];
    for (size_t i = 0; i < r->bans.n; i++)
        if (r->bans.items[i].via_node != ROADS_NONE)
            r->bans.items[i].via_node = number[r->bans.items[i].via_node];
    base_free(r->mem, number);
    return GB_OK;
}

/* Hand an array over to the source. */
#define GIVE(array, to, count)                                                \
    ((to) = (array)->items, (count) = (array)->n, (array)->items = NULL,      \
     (array)->n = (array)->capacity = 0)

static gb_status give(links_reading *r, roads_source *out)
{
    gb_status status = drop_nodes(r);
    size_t n_flags; /* as many as nodes */

    if (status)
        return status;
    if (!base_array_reserve(r->mem, &r->bans, 1)
        || !base_array_reserve(r->mem, &r->via_ways, 1)
        || !roads_lines_give(r->mem, &r->lines, &out->lines)
        || !roads_interner_give(r->interner, out))
        return base_fail_nomem(r->run->ctx);
    GIVE(&r->nodes, out->nodes, out->n_nodes);
    GIVE(&r->node_flags, out->node_flags, n_flags);
    GIVE(&r->ways, out->ways, out->n_ways);
    GIVE(&r->refs, out->refs, out->n_refs);
    GIVE(&r->bans, out->bans, out->n_bans);
    GIVE(&r->via_ways, out->via_ways, out->n_via_ways);
    r->report->lines = out->lines.n;
    (void)n_flags;
    return GB_OK;
}

static void clear_reading(links_reading *r)
{
    roads_sheet_close(&r->sheet);
    base_array_clear(r->mem, &r->nodes);
    base_array_clear(r->mem, &r->node_flags);
    base_array_clear(r->mem, &r->node_lines);
    roads_ids_clear(&r->node_ids);
    roads_ids_clear(&r->end_points);
    base_array_clear(r->mem, &r->node_at);
    roads_ids_clear(&r->link_ids);
    base_array_clear(r->mem, &r->given_links);
    base_array_clear(r->mem, &r->ways);
    base_array_clear(r->mem, &r->refs);
    roads_interner_free(r->interner);
    roads_lines_drop(r->mem, &r->lines);
    base_array_clear(r->mem, &r->degrees.at);
    base_array_clear(r->mem, &r->points);
    base_array_clear(r->mem, &r->bans);
    base_array_clear(r->mem, &r->via_ways);
}

gb_status roads_links_read(base_run *run, const gb_roads_links *links,
                           gb_roads_row_fn *on_row, void *user,
                           roads_source *out, gb_roads_report *report)
{
    links_reading r = { .run = run, .mem = run->mem, .links = links,
                        .on_row = on_row, .user = user, .report = report };
    gb_status status;

    memset(out, 0, sizeof *out);
    roads_ids_init(&r.node_ids, run->mem);
    roads_ids_init(&r.end_points, run->mem);
    roads_ids_init(&r.link_ids, run->mem);
    r.interner = roads_interner_new(run->mem);
    status = r.interner ? shift(&r, NULL, 0) : base_fail_nomem(run->ctx);
    if (!status && links->nodes_path)
        status = read_nodes(&r);
    if (!status)
        status = read_links(&r);
    if (!status && links->turns_path)
        status = links_read_turns(&r);
    if (!status)
        status = give(&r, out);
    clear_reading(&r);
    return status;
}
