/*
 * world_write_customers.c - customers and what they hold, row by row.  Each
 * customer is made anew for each file: that costs less than keeping him.
 */
#include "world_cell.h"
#include "world_customer.h"
#include "world_date.h"

#include "base_check.h"

/* One row of the holdings in so many is spoilt. */
enum { SPOILT_EVERY = 250 };

/* ---- tags ---- */

/* The value number `wanted` of "a;b;c". */
static void add_value(base_text *row, const char *values, uint32_t wanted)
{
    const char *end;

    for (; wanted; values++)
        wanted -= *values == ';';
    for (end = values; *end && *end != ';'; end++)
        ;
    base_text_append(row, values, (size_t)(end - values));
}

static void add_tags(base_text *row, const world_customer *c)
{
    const char *between = "";

    for (uint32_t t = 0; t < WORLD_TAG_COUNT; t++) {
        if (!(c->tags >> t & 1))
            continue;
        base_text_add(row, between);
        base_text_add(row, world_tag_names[t]);
        between = ";";
        if (world_tag_values[t]) {
            base_text_add(row, "=");
            add_value(row, world_tag_values[t], c->tag_values[t]);
        }
    }
    if (c->spoil == WORLD_SPOIL_BYTES) {
        base_text_add(row, between);
        base_text_add(row, "\xb2\xcd\xd2\xfb\xb5\xea"); /* GB18030 */
    }
}

/* ---- customers ---- */

/* Off the globe, if a shift by one digit can make it so. */
static void shift_point(world_e7 *at)
{
    if (at->lat * 10 > 900000000 || at->lat * 10 < -900000000)
        at->lat *= 10;
    else if (at->lon * 10 > 1800000000 || at->lon * 10 < -1800000000)
        at->lon *= 10;
    else
        at->lat *= 1000;
}

static gb_status add_location(world_writer *w, const world_customer *c)
{
    static const char *const names[]
        = { "exact,", "building,", "compound,", "street,", "district,",
            "none," };
    base_text *row = &w->folder->text;

    if (c->accuracy == WORLD_ACCURACY_NONE) {
        base_text_add(row, ",,");
    } else {
        world_e7 at;
        const gb_status status = world_cell_place(w, c->at, &at);

        if (status)
            return status;
        if (c->spoil == WORLD_SPOIL_SHIFTED)
            shift_point(&at);
        if (c->spoil == WORLD_SPOIL_SWAPPED)
            at = (world_e7){ at.lat, at.lon };
        world_cell_degrees(row, at.lon, ",");
        world_cell_degrees(row, at.lat, ",");
    }
    base_text_add(row, names[c->accuracy]);
    return GB_OK;
}

static void add_who(world_writer *w, const world_customer *c)
{
    base_text *row = &w->folder->text;
    char ref[12];

    world_customer_ref(w->bank,
                       c->number - (c->spoil == WORLD_SPOIL_TWICE), ref);
    world_cell_text(row, ref, ",");
    world_cell_ref(row, 'b',
                   c->spoil == WORLD_SPOIL_BRANCH ? 99998 : c->branch, ",");
    world_cell_ref(row, 'p', c->place, ",");
    world_cell_ref(row, 'm', c->manager, ",");
}

static void add_dealings(world_writer *w, const world_customer *c)
{
    base_text *row = &w->folder->text;

    world_cell_int(row, c->balance_fen, ",");
    world_cell_int(row, c->peak_24m_fen, ",");
    if (c->spoil == WORLD_SPOIL_DATE)
        base_text_format(row, "%d-02-30,",
                         (int)world_date_of(w->bank->as_of_day).year);
    else
        world_cell_day(row, c->last_txn_day, ",");
    world_cell_day(row, c->opened_day, ",");
    world_cell_int(row, c->do_not_visit, ",");
    world_cell_int(row, c->reach_sms, ",");
}

static gb_status write_customer(world_writer *w, const world_customer *c)
{
    base_text *row = &w->folder->text;
    gb_status status;

    add_who(w, c);
    status = add_location(w, c);
    if (status)
        return status;
    add_dealings(w, c);
    if (c->window_to_min > c->window_from_min) {
        world_cell_clock(row, c->window_from_min, ",");
        world_cell_clock(row, c->window_to_min, ",");
    } else {
        base_text_add(row, ",,");
    }
    world_cell_int(row, c->service_s, ",");
    add_tags(row, c);
    base_text_add(row, "\n");
    return world_file_row(w->folder);
}

gb_status world_write_customers(world_writer *w)
{
    gb_status status
        = world_file_open(w->folder, "customers", "customers.csv", "utf-8");

    base_text_add(&w->folder->text,
                  "customer_ref,branch_ref,place_ref,manager_ref,lon,lat,"
                  "accuracy,balance_fen,peak_24m_fen,last_txn_on,opened_on,"
                  "do_not_visit,reach_sms,window_from,window_to,service_s,"
                  "tags\n");
    for (uint32_t i = 0; !status && i < w->bank->n_customers; i++) {
        const world_customer c = world_customer_make(w->bank, i);

        w->report.n_dormant += c.is_dormant;
        w->report.n_spoilt += c.spoil != WORLD_SPOIL_NOT;
        status = write_customer(w, &c);
    }
    w->report.n_customers = w->bank->n_customers;
    return status ? status : world_file_close(w->folder);
}

/* ---- holdings ---- */

static gb_status write_holding(world_writer *w, const world_customer *c,
                               const world_holding *h)
{
    base_text *row = &w->folder->text;
    const uint32_t n = w->report.n_holdings++;
    const uint32_t spoil
        = n % SPOILT_EVERY == SPOILT_EVERY - 1 ? 1 + n / SPOILT_EVERY % 3 : 0;

    world_cell_text(row, c->ref, ",");
    world_cell_text(row,
                    spoil == 1 ? "no_such_product"
                               : world_product_refs[h->product],
                    ",");
    world_cell_int(row, h->amount_fen, spoil == 2 ? ".5," : ",");
    world_cell_day(row, h->opened_day, ",");
    world_cell_day(row, spoil == 3 ? h->opened_day - 7 : h->matures_day, ",");
    world_cell_day(row, h->closed_day, "\n");
    return world_file_row(w->folder);
}

/* Who is spoilt himself brings his holdings down with him; a reference that
 * comes twice has holdings once. */
gb_status world_write_holdings(world_writer *w)
{
    gb_status status
        = world_file_open(w->folder, "holdings", "holdings.csv", "utf-8");

    base_text_add(&w->folder->text,
                  "customer_ref,product_ref,amount_fen,opened_on,matures_on,"
                  "closed_on\n");
    for (uint32_t i = 0; !status && i < w->bank->n_customers; i++) {
        const world_customer c = world_customer_make(w->bank, i);

        for (uint32_t h = 0;
             !status && c.spoil != WORLD_SPOIL_TWICE && h < c.n_holdings; h++)
            status = write_holding(w, &c, &c.holdings[h]);
    }
    return status ? status : world_file_close(w->folder);
}
