/*
 * roads_links_turns.c - the table of turns: from a link, at a node or over
 * links, to a link.
 */
#include "roads_links_reading.h"

#include "base_check.h"

enum { TURN_FROM, TURN_VIA, TURN_TO, TURN_KIND, TURN_MODES };
static const char *const turn_columns[]
    = { "from", "via", "to", "kind", "modes" };

enum { MAX_VIAS = 16 };

/* A row while it is looked at. */
typedef struct turn {
    uint32_t from, to; /* ways */
    uint32_t via_node; /* NONE: over ways */
    uint32_t vias[MAX_VIAS];
    uint32_t n_vias;
} turn;

static bool fault(links_reading *r, roads_fault code, size_t column,
                  const char *detail)
{
    return roads_sheet_fault(&r->sheet, code, column, detail);
}

static const char *said(const links_reading *r, const char *english)
{
    return base_lang_text(r->run->ctx->lang, english);
}

/* ---- how ways meet ---- */

static uint32_t end_of(const links_reading *r, uint32_t way, int end)
{
    const roads_way *w = &r->ways.items[way];

    return r->refs.items[w->first_ref + (end ? w->n_refs - 1 : 0)];
}

static bool ends_at(const links_reading *r, uint32_t way, uint32_t node)
{
    return end_of(r, way, 0) == node || end_of(r, way, 1) == node;
}

/*
 * Where one can be who was at one of `at` and has travelled `way`: its other
 * ends.  How many there are, at most two.
 */
static size_t travel(const links_reading *r, uint32_t way, const uint32_t *at,
                     size_t n_at, uint32_t after[2])
{
    size_t n = 0;

    for (int end = 0; end < 2; end++) {
        bool is_met = false;

        for (size_t i = 0; i < n_at; i++)
            is_met |= at[i] == end_of(r, way, end);
        if (is_met)
            after[n++] = end_of(r, way, !end);
    }
    return n;
}

/* Do `from`, the ways between and `to` lie end to end? */
static bool is_chain(const links_reading *r, const turn *t)
{
    uint32_t at[2] = { end_of(r, t->from, 0), end_of(r, t->from, 1) };
    uint32_t after[2];
    size_t n = 2;

    for (uint32_t i = 0; i < t->n_vias && n; i++) {
        n = travel(r, t->vias[i], at, n, after);
        memcpy(at, after, sizeof at);
    }
    return n && travel(r, t->to, at, n, after) > 0;
}

/* ---- fields ---- */

static bool find_way(links_reading *r, const char *id, size_t column,
                     uint32_t *way)
{
    const uint32_t link = links_find(&r->link_ids, id);

    if (link == ROADS_NONE)
        return fault(r, ROADS_FAULT_UNKNOWN, column,
                     said(r, GB_N("such link")));
    *way = r->given_links.items[link].way;
    return *way != ROADS_NONE ? true
                              : fault(r, ROADS_FAULT_CLOSED, column, id);
}

/* Nothing is said: the one end that the two share. */
static bool find_shared(links_reading *r, turn *t)
{
    uint32_t shared = ROADS_NONE;

    for (int end = 0; end < 2; end++) {
        const uint32_t node = end_of(r, t->from, end);

        if (!ends_at(r, t->to, node) || node == shared)
            continue;
        if (shared != ROADS_NONE)
            return fault(r, ROADS_FAULT_AMBIGUOUS, TURN_VIA, "");
        shared = node;
    }
    t->via_node = shared;
    return shared != ROADS_NONE
               ? true
               : fault(r, ROADS_FAULT_NOT_JOINED, TURN_TO,
                       said(r, GB_N("from and to")));
}

/* One id that is a node where the two meet. */
static bool find_node(links_reading *r, const char *id, turn *t)
{
    const uint32_t node = links_find(&r->node_ids, id);

    if (node == ROADS_NONE || !ends_at(r, t->from, node)
        || !ends_at(r, t->to, node))
        return false;
    t->via_node = node;
    return true;
}

static bool find_vias(links_reading *r, turn *t)
{
    char *word = r->sheet.row[TURN_VIA];

    while (*(word += strspn(word, " "))) {
        const size_t n = strcspn(word, " ");
        const char after = word[n];
        bool is_good;

        if (t->n_vias == MAX_VIAS)
            return fault(r, ROADS_FAULT_NUMBER, TURN_VIA, "0 .. 16");
        word[n] = '\0';
        is_good = find_way(r, word, TURN_VIA, &t->vias[t->n_vias++]);
        word[n] = after;
        if (!is_good)
            return false;
        word += n;
    }
    return is_chain(r, t) ? true
                          : fault(r, ROADS_FAULT_NOT_JOINED, TURN_VIA,
                                  said(r, GB_N("from, via and to")));
}

static bool take_via(links_reading *r, turn *t)
{
    const char *via = r->sheet.row[TURN_VIA];

    if (!via[strspn(via, " ")])
        return find_shared(r, t);
    if (find_node(r, via, t))
        return true;
    if (links_find(&r->node_ids, via) != ROADS_NONE
        && links_find(&r->link_ids, via) == ROADS_NONE)
        return fault(r, ROADS_FAULT_NOT_JOINED, TURN_VIA,
                     said(r, GB_N("from, via and to")));
    return find_vias(r, t);
}

/* "car ebike"; empty: both. */
static bool take_modes(links_reading *r, uint8_t *modes)
{
    const char *word = r->sheet.row[TURN_MODES];

    for (*modes = 0; *(word += strspn(word, " "));) {
        const size_t n = strcspn(word, " ");

        if (n == 3 && strncmp(word, "car", n) == 0)
            *modes |= 1u << GB_MODE_CAR;
        else if (n == 5 && strncmp(word, "ebike", n) == 0)
            *modes |= 1u << GB_MODE_EBIKE;
        else
            return fault(r, ROADS_FAULT_MODE, TURN_MODES, "");
        word += n;
    }
    if (!*modes)
        *modes = 1u << GB_MODE_CAR | 1u << GB_MODE_EBIKE;
    return true;
}

static bool check_turn(links_reading *r, turn *t, roads_ban *ban)
{
    static const char *const kinds[] = { "no", "only", NULL };
    const char *from = r->sheet.row[TURN_FROM], *to = r->sheet.row[TURN_TO];
    int kind = -1;

    memset(t, 0, sizeof *t);
    t->via_node = ROADS_NONE;
    if (!roads_sheet_id(&r->sheet, TURN_FROM)
        || !roads_sheet_id(&r->sheet, TURN_TO)
        || !find_way(r, from, TURN_FROM, &t->from)
        || !find_way(r, to, TURN_TO, &t->to) || !take_via(r, t)
        || !roads_sheet_word(&r->sheet, TURN_KIND, kinds, &kind)
        || !take_modes(r, &ban->modes))
        return false;
    if (kind < 0)
        return fault(r, ROADS_FAULT_EMPTY, TURN_KIND, "");
    ban->is_only = kind == 1;
    return true;
}

static gb_status take_turn(links_reading *r)
{
    roads_ban ban = { 0 };
    turn t;

    if (!check_turn(r, &t, &ban))
        return roads_sheet_refuse(&r->sheet);
    ban.id = (int64_t)r->sheet.line;
    ban.from_way = t.from;
    ban.to_way = t.to;
    ban.via_node = t.via_node;
    ban.first_via = (uint32_t)r->via_ways.n;
    ban.n_vias = t.n_vias;
    for (uint32_t i = 0; i < t.n_vias; i++)
        if (!base_array_push(r->mem, &r->via_ways, t.vias[i]))
            return base_fail_nomem(r->run->ctx);
    if (!base_array_push(r->mem, &r->bans, ban))
        return base_fail_nomem(r->run->ctx);
    return GB_OK;
}

gb_status links_read_turns(links_reading *r)
{
    gb_status status = links_open(r, r->links->turns_path, turn_columns,
                                  COUNT_OF(turn_columns),
                                  1u << TURN_FROM | 1u << TURN_TO
                                      | 1u << TURN_KIND);

    while (!status && !(status = roads_sheet_next(&r->sheet))
           && r->sheet.fields) {
        r->report->relations_read++;
        status = take_turn(r);
    }
    return status;
}
