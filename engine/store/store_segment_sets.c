/*
 * store_segment_sets.c - reads what the functions of rules need, once.
 */
#include "store_segment_sets.h"

#include "base_check.h"

#include <string.h>

gb_status store_sets_init(store_sets *sets, gb_workspace *reader,
                          const char *as_of, int64_t only)
{
    int64_t max_id = 0, n = 0;
    gb_status status;

    memset(sets, 0, sizeof *sets);
    sets->reader = reader;
    sets->ctx = reader->run->ctx;
    sets->mem = reader->mem;
    sets->only = only;
    base_text_init(&sets->remarks, sets->mem);
    sets->as_of_day = store_day_parse(as_of);
    if (sets->as_of_day == STORE_NO_DAY)
        return base_fail(sets->ctx, GB_ERR_ARGUMENT,
                         "as_of \"%s\" is not a date as 2026-03-02",
                         as_of ? as_of : "");
    store_day_text(sets->as_of, sets->as_of_day);
    if (only) {
        sets->n_slots = 1;
        return GB_OK;
    }
    status = store_query_int(reader, "SELECT coalesce(max(id), 0) "
                                     "FROM customer", &max_id);
    if (!status)
        status = store_query_int(reader, "SELECT count(*) FROM customer", &n);
    if (status)
        return status;
    if (max_id < 0 || max_id > 64 * n + (1 << 24))
        return base_fail(sets->ctx, GB_ERR_INTEGRITY,
                         "customer %lld: too high a row number for %lld rows",
                         (long long)max_id, (long long)n);
    sets->n_slots = (size_t)max_id + 1;
    return GB_OK;
}

static void clear_tag(base_mem *mem, store_tag_set *set)
{
    for (size_t i = 0; i < set->values.n; i++)
        base_free(mem, set->values.items[i]);
    base_array_clear(mem, &set->values);
    base_free(mem, set->value_of);
    base_free(mem, set->tag);
    base_free(mem, set->value);
    base_free(mem, set);
}

static void clear_area(base_mem *mem, store_area_set *set)
{
    for (size_t i = 0; i < set->shapes.n; i++)
        geo_geometry_clear(&set->shapes.items[i]);
    base_array_clear(mem, &set->shapes);
    base_array_clear(mem, &set->boxes);
    base_free(mem, set->name);
    base_free(mem, set);
}

static void clear_products(base_mem *mem, store_product_set *set)
{
    base_free(mem, set->mask);
    base_free(mem, set->names);
    base_free(mem, set);
}

void store_sets_clear(store_sets *sets)
{
    while (sets->tags) {
        store_tag_set *next = sets->tags->next;

        clear_tag(sets->mem, sets->tags);
        sets->tags = next;
    }
    while (sets->areas) {
        store_area_set *next = sets->areas->next;

        clear_area(sets->mem, sets->areas);
        sets->areas = next;
    }
    while (sets->product_sets) {
        store_product_set *next = sets->product_sets->next;

        clear_products(sets->mem, sets->product_sets);
        sets->product_sets = next;
    }
    for (size_t i = 0; i < sets->org_paths.n; i++)
        base_free(sets->mem, sets->org_paths.items[i]);
    base_array_clear(sets->mem, &sets->org_paths);
    base_free(sets->mem, sets->products);
    base_free(sets->mem, sets->ever);
    base_free(sets->mem, sets->now);
    base_free(sets->mem, sets->next_maturity_on);
    base_free(sets->mem, sets->next_maturity_fen);
    base_free(sets->mem, sets->appointment_on);
    base_free(sets->mem, sets->grade_of);
    for (size_t i = 0; i < sets->grades.n; i++)
        base_free(sets->mem, sets->grades.items[i]);
    base_array_clear(sets->mem, &sets->grades);
    base_text_clear(&sets->remarks);
}

size_t store_sets_slot(const store_sets *sets, int64_t customer)
{
    if (sets->only)
        return customer == sets->only ? 0 : SIZE_MAX;
    return customer >= 0 && (uint64_t)customer < sets->n_slots
               ? (size_t)customer : SIZE_MAX;
}

static void remark(store_sets *sets, const char *format, const char *name)
{
    base_text line;

    base_text_init(&line, sets->mem);
    base_text_format(&line, base_lang_text(sets->ctx->lang, format), name);
    if (sets->remarks.n > 0)
        base_text_add(&sets->remarks, ", ");
    base_text_json(&sets->remarks, line.chars ? line.chars : "");
    sets->remarks.is_short |= line.is_short;
    base_text_clear(&line);
}

/* ------------------------------------------------------------- holdings -- */

static gb_status read_products(store_sets *sets)
{
    store_statement *st = NULL;
    int64_t n = 0;
    gb_status status
        = store_query_int(sets->reader, "SELECT count(*) FROM product", &n);

    if (!status)
        status = store_prepare(sets->reader,
                               "SELECT id FROM product ORDER BY id", &st);
    if (status)
        return status;
    sets->products = base_alloc_array(sets->mem, (size_t)n,
                                      sizeof *sets->products);
    sets->n_words = ((size_t)n + 63) / 64;
    if (!sets->products)
        status = base_fail_nomem(sets->ctx);
    while (store_next(sets->reader, st, &status)
           && sets->n_products < (size_t)n)
        sets->products[sets->n_products++] = store_column_int(st, 0);
    store_finalize(st);
    return status;
}

/* The place of a product among the rising rows; they are all there. */
static size_t product_bit(const store_sets *sets, int64_t product)
{
    size_t low = 0, high = sets->n_products;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (sets->products[middle] < product)
            low = middle + 1;
        else
            high = middle;
    }
    return low < sets->n_products && sets->products[low] == product ? low
                                                                    : SIZE_MAX;
}

static gb_status make_holding_arrays(store_sets *sets)
{
    const size_t n = sets->n_slots;

    if (sets->n_words > 0 && n > SIZE_MAX / sets->n_words)
        return base_fail_nomem(sets->ctx);
    sets->ever = base_alloc_zeroed(sets->mem, n * sets->n_words,
                                   sizeof *sets->ever);
    sets->now = base_alloc_zeroed(sets->mem, n * sets->n_words,
                                  sizeof *sets->now);
    sets->next_maturity_on
        = base_alloc_array(sets->mem, n, sizeof *sets->next_maturity_on);
    sets->next_maturity_fen
        = base_alloc_zeroed(sets->mem, n, sizeof *sets->next_maturity_fen);
    if (!sets->ever || !sets->now || !sets->next_maturity_on
        || !sets->next_maturity_fen)
        return base_fail_nomem(sets->ctx);
    for (size_t i = 0; i < n; i++)
        sets->next_maturity_on[i] = STORE_NO_DAY;
    return GB_OK;
}

static void note_maturity(store_sets *sets, size_t slot, int32_t on,
                          int64_t fen)
{
    int32_t *next = &sets->next_maturity_on[slot];

    if (on == STORE_NO_DAY || on < sets->as_of_day)
        return;
    if (*next == STORE_NO_DAY || on < *next) {
        *next = on;
        sets->next_maturity_fen[slot] = fen;
    } else if (on == *next) {
        sets->next_maturity_fen[slot] += fen;
    }
}

/* Held on the as-of date: opened by then, and not closed until after it; a
 * day of maturity comes only with a deposit that is held and yet to mature. */
static void note_holding(store_sets *sets, store_statement *st)
{
    const size_t slot = store_sets_slot(sets, store_column_int(st, 0));
    const size_t bit = product_bit(sets, store_column_int(st, 1));
    size_t word;

    if (slot == SIZE_MAX || bit == SIZE_MAX)
        return;
    word = slot * sets->n_words + bit / 64;
    sets->ever[word] |= (uint64_t)1 << (bit % 64);
    if (!store_column_int(st, 2))
        return;
    sets->now[word] |= (uint64_t)1 << (bit % 64);
    if (!store_column_is_null(st, 3))
        note_maturity(sets, slot, store_day_parse(store_column_text(st, 3)),
                      store_column_int(st, 4));
}

/* What is not needed stays in SQLite: a text handed out costs more than the
 * comparison that tells it is of no use. */
#define HOLDINGS                                                              \
    "SELECT h.customer_id, h.product_id, "                                    \
    "h.closed_on IS NULL OR h.closed_on > ?1, "                               \
    "CASE WHEN h.matures_on >= ?1 "                                           \
    "AND (h.closed_on IS NULL OR h.closed_on > ?1) AND h.product_id IN "      \
    "(SELECT id FROM product WHERE kind = 'deposit') "                        \
    "THEN h.matures_on END, h.amount_fen "                                    \
    "FROM holding h WHERE h.opened_on <= ?1"

gb_status store_sets_need_holdings(store_sets *sets)
{
    store_statement *st = NULL;
    gb_status status;

    if (sets->has_holdings)
        return GB_OK;
    status = read_products(sets);
    if (!status)
        status = make_holding_arrays(sets);
    if (!status)
        status = store_prepare(
            sets->reader,
            sets->only ? HOLDINGS " AND h.customer_id = ?2" : HOLDINGS,
            &st);
    if (status)
        return status;
    store_bind_text(st, 1, sets->as_of);
    if (sets->only)
        store_bind_int(st, 2, sets->only);
    while (store_next(sets->reader, st, &status))
        note_holding(sets, st);
    store_finalize(st);
    sets->has_holdings = !status;
    return status;
}

static gb_status join_names(store_sets *sets, const char *const *names,
                            size_t n, char **out)
{
    base_text joined;

    base_text_init(&joined, sets->mem);
    for (size_t i = 0; i < n; i++) {
        base_text_add(&joined, names[i]);
        base_text_add(&joined, "\x1f");
    }
    *out = base_text_take(&joined);
    return *out ? GB_OK : base_fail_nomem(sets->ctx);
}

static gb_status fill_mask(store_sets *sets, const char *name, uint64_t *mask)
{
    store_statement *st = NULL;
    bool is_known = false;
    gb_status status = store_prepare(
        sets->reader,
        "SELECT id FROM product WHERE ref = ?1 OR kind = ?1 OR name = ?1",
        &st);

    if (status)
        return status;
    store_bind_text(st, 1, name);
    while (store_next(sets->reader, st, &status)) {
        const size_t bit = product_bit(sets, store_column_int(st, 0));

        is_known = true;
        if (bit != SIZE_MAX)
            mask[bit / 64] |= (uint64_t)1 << (bit % 64);
    }
    store_finalize(st);
    if (!status && !is_known)
        remark(sets, GB_N("there is no product or kind \"%s\""), name);
    return status;
}

gb_status store_sets_products(store_sets *sets, const char *const *names,
                              size_t n, store_product_set **out)
{
    store_product_set *set;
    char *joined;
    gb_status status = store_sets_need_holdings(sets);

    if (!status)
        status = join_names(sets, names, n, &joined);
    if (status)
        return status;
    for (set = sets->product_sets; set; set = set->next) {
        if (strcmp(set->names, joined) == 0) {
            base_free(sets->mem, joined);
            *out = set;
            return GB_OK;
        }
    }
    set = base_alloc_zeroed(sets->mem, 1, sizeof *set);
    if (!set) {
        base_free(sets->mem, joined);
        return base_fail_nomem(sets->ctx);
    }
    set->names = joined;
    set->mask = base_alloc_zeroed(sets->mem, sets->n_words, sizeof *set->mask);
    status = set->mask ? GB_OK : base_fail_nomem(sets->ctx);
    for (size_t i = 0; i < n && !status; i++)
        status = fill_mask(sets, names[i], set->mask);
    if (status) {
        clear_products(sets->mem, set);
        return status;
    }
    set->next = sets->product_sets;
    *out = sets->product_sets = set;
    return GB_OK;
}

/* --------------------------------------------------------- appointments -- */

gb_status store_sets_need_appointments(store_sets *sets)
{
    store_statement *st = NULL;
    gb_status status;

    if (sets->appointment_on)
        return GB_OK;
    sets->appointment_on = base_alloc_array(sets->mem, sets->n_slots,
                                            sizeof *sets->appointment_on);
    if (!sets->appointment_on)
        return base_fail_nomem(sets->ctx);
    for (size_t i = 0; i < sets->n_slots; i++)
        sets->appointment_on[i] = STORE_NO_DAY;
    status = store_prepare(sets->reader,
                           "SELECT customer_id, min(day) FROM appointment "
                           "WHERE day >= ?1 GROUP BY customer_id",
                           &st);
    if (status)
        return status;
    store_bind_text(st, 1, sets->as_of);
    while (store_next(sets->reader, st, &status)) {
        const size_t slot = store_sets_slot(sets, store_column_int(st, 0));

        if (slot != SIZE_MAX)
            sets->appointment_on[slot]
                = store_day_parse(store_column_text(st, 1));
    }
    store_finalize(st);
    return status;
}

/* --------------------------------------------------------------- grades -- */

/* There are few grades: the last one seen is the likeliest, then a walk. */
static gb_status grade_index(store_sets *sets, const char *grade,
                             uint32_t *out)
{
    char *copy;

    for (size_t i = 0; i < sets->grades.n; i++) {
        if (strcmp(sets->grades.items[i], grade) == 0) {
            *out = (uint32_t)i + 1;
            return GB_OK;
        }
    }
    copy = base_strdup(sets->mem, grade);
    if (!copy || !base_array_push(sets->mem, &sets->grades, copy)) {
        base_free(sets->mem, copy);
        return base_fail_nomem(sets->ctx);
    }
    *out = (uint32_t)sets->grades.n;
    return GB_OK;
}

/*
 * One walk along the table instead of a search in it for each customer, which
 * took four times as long for a million of them.
 */
gb_status store_sets_need_grades(store_sets *sets)
{
    store_statement *st = NULL;
    gb_status status;

    if (sets->grade_of)
        return GB_OK;
    sets->grade_of = base_alloc_zeroed(sets->mem, sets->n_slots,
                                       sizeof *sets->grade_of);
    if (!sets->grade_of)
        return base_fail_nomem(sets->ctx);
    status = store_prepare(sets->reader,
                           sets->only ? "SELECT customer_id, grade FROM "
                                        "customer_grade "
                                        "WHERE customer_id = ?1"
                                      : "SELECT customer_id, grade "
                                        "FROM customer_grade",
                           &st);
    if (!status && sets->only)
        store_bind_int(st, 1, sets->only);
    while (store_next(sets->reader, st, &status)) {
        const size_t slot = store_sets_slot(sets, store_column_int(st, 0));

        if (slot != SIZE_MAX)
            status = grade_index(sets, store_column_text(st, 1),
                                 &sets->grade_of[slot]);
    }
    store_finalize(st);
    return status;
}

/* ----------------------------------------------------------------- orgs -- */

/* UNION, not UNION ALL: a loop among the nodes, which the import refuses and
 * a hand may make, ends here all the same. */
static const char org_path_sql[]
    = "WITH RECURSIVE path(id, path) AS ("
      "SELECT id, '/' || ref || '/' FROM org WHERE parent_id IS NULL "
      "UNION SELECT o.id, p.path || o.ref || '/' "
      "FROM org o JOIN path p ON o.parent_id = p.id "
      "WHERE length(p.path) < 4000) "
      "SELECT id, path FROM path";

gb_status store_sets_need_orgs(store_sets *sets)
{
    store_statement *st = NULL;
    int64_t max_id = 0;
    gb_status status;

    if (sets->has_orgs)
        return GB_OK;
    status = store_query_int(sets->reader,
                             "SELECT coalesce(max(id), 0) FROM org", &max_id);
    for (int64_t i = 0; i <= max_id && !status; i++) {
        if (!base_array_push(sets->mem, &sets->org_paths, NULL))
            status = base_fail_nomem(sets->ctx);
    }
    if (!status)
        status = store_prepare(sets->reader, org_path_sql, &st);
    while (store_next(sets->reader, st, &status)) {
        const int64_t id = store_column_int(st, 0);
        char *path = base_strdup(sets->mem, store_column_text(st, 1));

        if (!path) {
            status = base_fail_nomem(sets->ctx);
            break;
        }
        base_free(sets->mem, sets->org_paths.items[id]);
        sets->org_paths.items[id] = path;
    }
    store_finalize(st);
    sets->has_orgs = !status;
    return status;
}

/* ----------------------------------------------------------------- tags -- */

/* Rows come by value, so a new value is one that differs from the last. */
static gb_status note_tag(store_sets *sets, store_tag_set *set,
                          store_statement *st)
{
    const size_t slot = store_sets_slot(sets, store_column_int(st, 0));
    const char *value = store_column_text(st, 1);
    char *copy;

    if (slot == SIZE_MAX)
        return GB_OK;
    if (set->values.n == 0
        || strcmp(set->values.items[set->values.n - 1], value) != 0) {
        copy = base_strdup(sets->mem, value);
        if (!copy || !base_array_push(sets->mem, &set->values, copy)) {
            base_free(sets->mem, copy);
            return base_fail_nomem(sets->ctx);
        }
    }
    if (set->value_of[slot] == 0)
        set->value_of[slot] = (uint32_t)set->values.n;
    return GB_OK;
}

/* Remark on a name that `sql` counts nowhere: a slip of the pen, perhaps. */
static gb_status look_for(store_sets *sets, const char *sql, const char *name,
                          const char *remark_text)
{
    store_statement *st = NULL;
    bool has_row, is_known;
    gb_status status = store_prepare(sets->reader, sql, &st);

    if (status)
        return status;
    store_bind_text(st, 1, name);
    status = store_step(sets->reader, st, &has_row);
    is_known = !status && store_column_int(st, 0) > 0;
    store_finalize(st);
    if (!status && !is_known)
        remark(sets, remark_text, name);
    return status;
}

static gb_status read_tag(store_sets *sets, store_tag_set *set)
{
    store_statement *st = NULL;
    gb_status status
        = look_for(sets, "SELECT count(*) FROM tag WHERE tag = ?1", set->tag,
                   GB_N("there is no tag \"%s\""));

    if (!status)
        status = store_prepare(
            sets->reader,
            sets->only ? "SELECT customer_id, value FROM customer_tag "
                         "WHERE tag_id = (SELECT id FROM tag WHERE tag = ?1) "
                         "AND (?2 IS NULL OR value = ?2) "
                         "AND customer_id = ?3 ORDER BY value"
                       : "SELECT customer_id, value FROM customer_tag "
                         "WHERE tag_id = (SELECT id FROM tag WHERE tag = ?1) "
                         "AND (?2 IS NULL OR value = ?2) ORDER BY value",
            &st);
    if (status)
        return status;
    store_bind_text(st, 1, set->tag);
    store_bind_text(st, 2, set->value);
    if (sets->only)
        store_bind_int(st, 3, sets->only);
    while (store_next(sets->reader, st, &status)) {
        status = note_tag(sets, set, st);
        if (status)
            break;
    }
    store_finalize(st);
    return status;
}

/* A tiering is looked at as a tag is: its tier on the date is the value. */
static gb_status read_tiers(store_sets *sets, store_tag_set *set)
{
    store_statement *st = NULL;
    gb_status status
        = look_for(sets, "SELECT count(*) FROM tiering WHERE name = ?1",
                   set->tag, GB_N("there are no tiers \"%s\""));

    if (!status)
        status = store_prepare(
            sets->reader,
            "SELECT customer_id, tier FROM tier_stay WHERE tiering_id = "
            "(SELECT id FROM tiering WHERE name = ?1) AND since <= ?2 "
            "AND (until IS NULL OR until > ?2) "
            "AND (?3 = 0 OR customer_id = ?3) ORDER BY tier",
            &st);
    if (status)
        return status;
    store_bind_text(st, 1, set->tag);
    store_bind_text(st, 2, sets->as_of);
    store_bind_int(st, 3, sets->only);
    while (!status && store_next(sets->reader, st, &status))
        status = note_tag(sets, set, st);
    store_finalize(st);
    return status;
}

static bool is_tag_set(const store_tag_set *set, const char *tag,
                       const char *value, bool is_tiers)
{
    return strcmp(set->tag, tag) == 0 && set->is_tiers == is_tiers
           && (value ? set->value && strcmp(set->value, value) == 0
                     : !set->value);
}

gb_status store_sets_tag(store_sets *sets, const char *tag,
                         const char *value, bool is_tiers,
                         store_tag_set **out)
{
    store_tag_set *set;
    gb_status status = GB_OK;

    for (set = sets->tags; set; set = set->next) {
        if (is_tag_set(set, tag, value, is_tiers)) {
            *out = set;
            return GB_OK;
        }
    }
    set = base_alloc_zeroed(sets->mem, 1, sizeof *set);
    if (!set)
        return base_fail_nomem(sets->ctx);
    set->is_tiers = is_tiers;
    set->tag = base_strdup(sets->mem, tag);
    set->value = value ? base_strdup(sets->mem, value) : NULL;
    set->value_of = base_alloc_zeroed(sets->mem, sets->n_slots,
                                      sizeof *set->value_of);
    if (!set->tag || !set->value_of || (value && !set->value))
        status = base_fail_nomem(sets->ctx);
    if (!status)
        status = is_tiers ? read_tiers(sets, set) : read_tag(sets, set);
    if (status) {
        clear_tag(sets->mem, set);
        return status;
    }
    set->next = sets->tags;
    *out = sets->tags = set;
    return GB_OK;
}

/* ---------------------------------------------------------------- areas -- */

static gb_status note_area(store_sets *sets, store_area_set *set,
                           store_statement *st)
{
    size_t n = 0;
    const void *bytes = store_column_blob(st, 0, &n);
    geo_geometry shape;
    gb_shapes view;
    gb_status status = geo_read_blob(sets->ctx, bytes, n, &shape);

    if (status)
        return status;
    view = geo_shapes_view(&shape.parts);
    if (!base_array_push(sets->mem, &set->boxes, geo_shape_box(&view, 0))
        || !base_array_push(sets->mem, &set->shapes, shape)) {
        geo_geometry_clear(&shape);
        return base_fail_nomem(sets->ctx);
    }
    return GB_OK;
}

static gb_status read_areas(store_sets *sets, store_area_set *set,
                            const char *sql)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(sets->reader, sql, &st);

    if (status)
        return status;
    store_bind_text(st, 1, set->name);
    while (store_next(sets->reader, st, &status)) {
        status = note_area(sets, set, st);
        if (status)
            break;
    }
    store_finalize(st);
    return status;
}

gb_status store_sets_area(store_sets *sets, const char *name,
                          store_area_set **out)
{
    store_area_set *set;
    gb_status status;

    for (set = sets->areas; set; set = set->next) {
        if (strcmp(set->name, name) == 0) {
            *out = set;
            return GB_OK;
        }
    }
    set = base_alloc_zeroed(sets->mem, 1, sizeof *set);
    if (!set)
        return base_fail_nomem(sets->ctx);
    set->name = base_strdup(sets->mem, name);
    status = set->name ? GB_OK : base_fail_nomem(sets->ctx);
    if (!status)
        status = read_areas(sets, set,
                            "SELECT geom FROM area "
                            "WHERE ref = ?1 OR name = ?1 ORDER BY id");
    if (!status && set->shapes.n == 0)
        status = read_areas(sets, set,
                            "SELECT x.geom FROM place_outline x "
                            "JOIN place p ON p.id = x.place_id "
                            "WHERE p.ref = ?1 OR p.name = ?1 ORDER BY p.id");
    if (!status && set->shapes.n == 0)
        status = base_fail(sets->ctx, GB_ERR_NOT_FOUND,
                           "there is no area \"%s\", nor a place of that "
                           "name with an outline",
                           name);
    if (status) {
        clear_area(sets->mem, set);
        return status;
    }
    set->next = sets->areas;
    *out = sets->areas = set;
    return GB_OK;
}

static bool is_between(double a, double x, double b, double slack)
{
    return a <= b ? a - slack <= x && x <= b + slack
                  : b - slack <= x && x <= a + slack;
}

/*
 * Even-odd over all rings of the shape, so holes are out; a point within the
 * slack of any edge, that of a hole too, is in.
 */
static bool shape_contains(const gb_shapes *shapes, gb_point p)
{
    const double slack = 1e-9; /* degrees */
    bool is_inside = false;

    for (size_t r = 0; r < shapes->n_rings; r++) {
        const uint32_t from = shapes->ring_first_point[r];
        const uint32_t to = shapes->ring_first_point[r + 1];
        gb_point a = shapes->points[to - 1];

        for (uint32_t i = from; i < to; i++) {
            const gb_point b = shapes->points[i];

            if (is_between(a.x_m, p.x_m, b.x_m, slack)
                && is_between(a.y_m, p.y_m, b.y_m, slack)
                && geo_segment_distance_m(p, a, b, NULL) <= slack)
                return true;
            if ((a.y_m > p.y_m) != (b.y_m > p.y_m)
                && p.x_m < a.x_m + (b.x_m - a.x_m) * (p.y_m - a.y_m)
                                       / (b.y_m - a.y_m))
                is_inside = !is_inside;
            a = b;
        }
    }
    return is_inside;
}

bool store_area_contains(const store_area_set *area, gb_point at)
{
    for (size_t i = 0; i < area->shapes.n; i++) {
        const gb_shapes view = geo_shapes_view(&area->shapes.items[i].parts);

        if (geo_box_contains(geo_box_grow(area->boxes.items[i], 1e-9), at)
            && shape_contains(&view, at))
            return true;
    }
    return false;
}
