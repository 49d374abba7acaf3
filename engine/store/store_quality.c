#include "store_quality.h"

#include "base_check.h"

typedef struct quality_check {
    const char *code, *title, *mend;
    const char *total_sql; /* how many were looked at */
    const char *refs_sql;  /* the references found, in their order */
} quality_check;

#define ALL_CUSTOMERS "SELECT count(*) FROM customer"
#define ALL_PLACES "SELECT count(*) FROM place"

/*
 * Kilometres by a flat degree: exact enough for "far".  30 km is an hour on
 * an electric bicycle: nobody is visited at that distance.
 */
#define FAR_FROM_BRANCH                                                       \
    "SELECT c.ref FROM customer c JOIN branch b ON b.id = c.branch_id "       \
    "WHERE c.geom IS NOT NULL AND "                                           \
    "(ST_X(c.geom) - ST_X(b.geom)) * (ST_X(c.geom) - ST_X(b.geom)) "          \
    "* cos(radians(ST_Y(b.geom))) * cos(radians(ST_Y(b.geom))) "              \
    "+ (ST_Y(c.geom) - ST_Y(b.geom)) * (ST_Y(c.geom) - ST_Y(b.geom)) "        \
    "> (30 / 111.2) * (30 / 111.2) ORDER BY c.ref"

static const quality_check checks[] = {
    { "duplicate_customers",
      GB_N("customers that agree in place, balance, peak and dates"),
      GB_N("ask the CRM whether they are one, and deliver one"),
      ALL_CUSTOMERS,
      "SELECT ref FROM (SELECT ref, count(*) OVER (PARTITION BY branch_id, "
      "geom, balance_fen, peak_24m_fen, last_txn_on, opened_on) AS n "
      "FROM customer WHERE balance_fen <> 0 AND opened_on IS NOT NULL "
      "AND geom IS NOT NULL) WHERE n > 1 ORDER BY ref" },
    { "no_location", GB_N("customers without any location"),
      GB_N("deliver their place_ref, or lon and lat: they cannot be visited"),
      ALL_CUSTOMERS,
      "SELECT ref FROM customer WHERE located_by = 'none' ORDER BY ref" },
    { "coarse_location", GB_N("customers known to a street or district only"),
      GB_N("deliver the compound or building: routes need the door"),
      ALL_CUSTOMERS,
      "SELECT ref FROM customer WHERE accuracy IN ('street', 'district') "
      "ORDER BY ref" },
    { "far_from_branch", GB_N("customers more than 30 km from their branch"),
      GB_N("check the coordinates and the datum, or the branch"),
      ALL_CUSTOMERS, FAR_FROM_BRANCH },
    { "no_last_txn",
      GB_N("customers without the date of their last transaction"),
      GB_N("deliver last_txn_on: without it nobody can be called dormant"),
      ALL_CUSTOMERS,
      "SELECT ref FROM customer WHERE last_txn_on IS NULL ORDER BY ref" },
    { "no_opened_on", GB_N("customers without an opening date"),
      GB_N("deliver opened_on"), ALL_CUSTOMERS,
      "SELECT ref FROM customer WHERE opened_on IS NULL ORDER BY ref" },
    { "no_peak", GB_N("customers without a 24-month peak"),
      GB_N("deliver peak_24m_fen: it tells what a dormant customer once was"),
      ALL_CUSTOMERS,
      "SELECT ref FROM customer WHERE peak_24m_fen IS NULL ORDER BY ref" },
    { "peak_below_balance", GB_N("customers whose peak is below the balance"),
      GB_N("check what the two columns hold"), ALL_CUSTOMERS,
      "SELECT ref FROM customer WHERE peak_24m_fen < balance_fen "
      "ORDER BY ref" },
    { "txn_before_opening",
      GB_N("customers whose last transaction is before their opening"),
      GB_N("check the two dates"), ALL_CUSTOMERS,
      "SELECT ref FROM customer WHERE last_txn_on < opened_on ORDER BY ref" },
    { "manager_of_other_branch",
      GB_N("customers looked after by a manager of another branch"),
      GB_N("check manager_ref and branch_ref"), ALL_CUSTOMERS,
      "SELECT c.ref FROM customer c JOIN manager m ON m.id = c.manager_id "
      "WHERE m.branch_id <> c.branch_id ORDER BY c.ref" },
    { "tag_not_used", GB_N("tags that no customer carries"),
      GB_N("check the spelling in both files"), "SELECT count(*) FROM tag",
      "SELECT tag FROM tag WHERE id NOT IN "
      "(SELECT tag_id FROM customer_tag) ORDER BY tag" },
    { "empty_places", GB_N("places where no customer is"),
      GB_N("check place_ref in both files"), ALL_PLACES,
      "SELECT ref FROM place WHERE id NOT IN (SELECT place_id FROM customer "
      "WHERE place_id IS NOT NULL) ORDER BY ref" },
    { "compounds_without_outline", GB_N("compounds without an outline"),
      GB_N("deliver it in outlines: a border may cut the compound else"),
      "SELECT count(*) FROM place WHERE kind = 'compound'",
      "SELECT ref FROM place WHERE kind = 'compound' AND id NOT IN "
      "(SELECT place_id FROM place_outline) ORDER BY ref" },
    { "branches_without_managers", GB_N("branches without a manager"),
      GB_N("deliver managers: nobody can visit their customers"),
      "SELECT count(*) FROM branch",
      "SELECT ref FROM branch WHERE id NOT IN "
      "(SELECT branch_id FROM manager) ORDER BY ref" },
};

static gb_status count_refs(gb_workspace *ws, const quality_check *check,
                            base_text *samples, int64_t *count)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(ws, check->refs_sql, &st);

    *count = 0;
    while (store_next(ws, st, &status)) {
        if (*count < STORE_QUALITY_SAMPLES) {
            base_text_add(samples, *count ? ", " : "");
            base_text_json(samples, store_column_text(st, 0));
        }
        ++*count;
        status = base_poll(ws->run);
    }
    store_finalize(st);
    return status;
}

static gb_status add_check(gb_workspace *ws, const quality_check *check,
                           base_text *json)
{
    const base_lang lang = ws->run->ctx->lang;
    base_text samples;
    int64_t total = 0, count;
    gb_status status = store_query_int(ws, check->total_sql, &total);

    base_text_init(&samples, ws->mem);
    if (!status)
        status = count_refs(ws, check, &samples, &count);
    if (!status) {
        base_text_format(json, "{\"code\": \"%s\", \"title\": ", check->code);
        base_text_json(json, base_lang_text(lang, check->title));
        base_text_format(json, ", \"count\": %lld, \"of\": %lld, "
                               "\"samples\": [%s], \"mend\": ",
                         (long long)count, (long long)total,
                         samples.chars ? samples.chars : "");
        base_text_json(json, base_lang_text(lang, check->mend));
        base_text_add(json, "}");
        json->is_short |= samples.is_short;
    }
    base_text_clear(&samples);
    return status;
}

gb_status store_quality_json(gb_workspace *ws, base_text *json)
{
    gb_status status = store_begin_read(ws);

    if (status)
        return status;
    base_run_phase(ws->run, GB_N("looking over the data"), 0, 1, 0);
    base_text_add(json, "[");
    for (size_t c = 0; c < COUNT_OF(checks) && !status; c++) {
        base_text_add(json, c ? ",\n" : "");
        status = add_check(ws, &checks[c], json);
    }
    base_text_add(json, "]");
    if (!status && json->is_short)
        status = base_fail_nomem(ws->run->ctx);
    return store_end(ws, status);
}
