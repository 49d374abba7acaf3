/*
 * call_territory_handover.c - territory.handover: what a manager has goes to
 * another one, with a pack to read and to print.
 */
#include "call_territory.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "call_file.h"
#include "call_groups.h"
#include "report_file.h"
#include "store_db.h"
#include "store_territory_handover.h"

/* ---- files ---- */

/* How a column is printed. */
typedef enum show {
    AS_IT_IS,
    AS_CLOCK,   /* seconds after midnight */
    AS_WEEKDAY, /* 1 Monday */
    AS_HOUR,
    AS_YES,     /* 1 */
    AS_OUTCOME
} show;

typedef struct column {
    const char *key, *title;
    show show;
} column;

typedef struct section {
    const char *key, *title;
    const column *columns;
    size_t n_columns;
} section;

static const column territory_columns[] = {
    { "territory", GB_N("territory"), AS_IT_IS },
    { "branch", GB_N("branch"), AS_IT_IS },
    { "cells", GB_N("cells"), AS_IT_IS },
    { "customers", GB_N("customers"), AS_IT_IS },
    { "targets", GB_N("targets"), AS_IT_IS },
};
static const column cell_columns[] = {
    { "cell", GB_N("cell"), AS_IT_IS },
    { "territory", GB_N("territory"), AS_IT_IS },
    { "customers", GB_N("customers"), AS_IT_IS },
    { "lon", GB_N("longitude"), AS_IT_IS },
    { "lat", GB_N("latitude"), AS_IT_IS },
};
static const column appointment_columns[] = {
    { "day", GB_N("day"), AS_IT_IS },
    { "from_s", GB_N("from"), AS_CLOCK },
    { "to_s", GB_N("to"), AS_CLOCK },
    { "customer", GB_N("customer"), AS_IT_IS },
    { "territory", GB_N("territory"), AS_IT_IS },
};
static const column stop_columns[] = {
    { "day", GB_N("day"), AS_IT_IS },
    { "start_s", GB_N("from"), AS_CLOCK },
    { "customer", GB_N("customer"), AS_IT_IS },
    { "place", GB_N("place"), AS_IT_IS },
    { "must", GB_N("must"), AS_YES },
    { "plan_again", GB_N("to be planned again"), AS_YES },
};
static const column lead_columns[] = {
    { "lead", GB_N("lead"), AS_IT_IS },
    { "day", GB_N("day"), AS_IT_IS },
    { "territory", GB_N("territory"), AS_IT_IS },
    { "cell", GB_N("cell"), AS_IT_IS },
};
static const column link_columns[] = {
    { "customer", GB_N("customer"), AS_IT_IS },
    { "by", GB_N("by"), AS_IT_IS },
    { "reason", GB_N("reason"), AS_IT_IS },
};
static const column contact_columns[] = {
    { "customer", GB_N("customer"), AS_IT_IS },
    { "territory", GB_N("territory"), AS_IT_IS },
    { "place", GB_N("place"), AS_IT_IS },
    { "grade", GB_N("grade"), AS_IT_IS },
    { "window_from_s", GB_N("welcome from"), AS_CLOCK },
    { "window_to_s", GB_N("to"), AS_CLOCK },
    { "best_weekday", GB_N("met mostly on"), AS_WEEKDAY },
    { "best_hour", GB_N("at"), AS_HOUR },
    { "visits", GB_N("visits"), AS_IT_IS },
    { "met", GB_N("met"), AS_IT_IS },
    { "last_visit", GB_N("last visit"), AS_IT_IS },
};
static const column visit_columns[] = {
    { "customer", GB_N("customer"), AS_IT_IS },
    { "territory", GB_N("territory"), AS_IT_IS },
    { "cell", GB_N("cell"), AS_IT_IS },
    { "day", GB_N("day"), AS_IT_IS },
    { "manager", GB_N("manager"), AS_IT_IS },
    { "outcome", GB_N("outcome"), AS_OUTCOME },
};

#define COLUMNS_OF(a) (a), COUNT_OF(a)

static const section sections[] = {
    { "territories", GB_N("Territories"), COLUMNS_OF(territory_columns) },
    { "appointments", GB_N("Appointments"), COLUMNS_OF(appointment_columns) },
    { "stops", GB_N("Planned visits"), COLUMNS_OF(stop_columns) },
    { "leads", GB_N("Leads"), COLUMNS_OF(lead_columns) },
    { "links", GB_N("Customers of his own, to be decided on"),
      COLUMNS_OF(link_columns) },
    { "contacts", GB_N("When customers are met"),
      COLUMNS_OF(contact_columns) },
    { "visits", GB_N("Visits until now"), COLUMNS_OF(visit_columns) },
    { "cells", GB_N("Cells"), COLUMNS_OF(cell_columns) },
};

/* ---- CSV: raw values under their keys ---- */

static void put_raw(base_text *text, const json_t *value)
{
    char number[32];

    if (json_is_integer(value))
        base_text_format(text, "%lld", (long long)json_integer_value(value));
    else if (json_is_real(value))
        base_text_add(text,
                      base_real_text(number, json_real_value(value), 7));
    else if (json_is_string(value))
        base_text_csv(text, json_string_value(value));
}

static void write_csv(const section *s, const json_t *pack, base_text *text)
{
    const json_t *rows = json_object_get(pack, s->key);

    for (size_t k = 0; k < s->n_columns; k++)
        base_text_format(text, "%s%s", k ? "," : "", s->columns[k].key);
    base_text_add(text, "\n");
    for (size_t r = 0; r < json_array_size(rows); r++) {
        for (size_t k = 0; k < s->n_columns; k++) {
            base_text_add(text, k ? "," : "");
            put_raw(text, json_object_get(json_array_get(rows, r),
                                          s->columns[k].key));
        }
        base_text_add(text, "\n");
    }
}

/* ---- the page to print ---- */

static const char *weekday(const call *c, json_int_t day)
{
    static const char *const names[]
        = { GB_N("Monday"), GB_N("Tuesday"), GB_N("Wednesday"),
            GB_N("Thursday"), GB_N("Friday"), GB_N("Saturday"),
            GB_N("Sunday") };

    return day >= 1 && day <= 7 ? call_words(c, names[day - 1]) : "";
}

static const char *outcome(const call *c, const char *word)
{
    return strcmp(word, "met") == 0      ? call_words(c, GB_N("met"))
           : strcmp(word, "absent") == 0 ? call_words(c, GB_N("nobody there"))
                                         : call_words(c, GB_N("refused"));
}

static void put_shown(const call *c, base_text *text, const json_t *value,
                      show how)
{
    const json_int_t n = json_integer_value(value);

    if (json_is_null(value))
        return;
    if (how == AS_CLOCK)
        base_text_format(text, "%02d:%02d", (int)(n / 3600),
                         (int)(n / 60 % 60));
    else if (how == AS_HOUR)
        base_text_format(text, "%d:00", (int)n);
    else if (how == AS_WEEKDAY)
        base_text_html(text, weekday(c, n));
    else if (how == AS_YES)
        base_text_add(text, n ? "\u2713" : "");
    else if (how == AS_OUTCOME)
        base_text_html(text, outcome(c, json_string_value(value)));
    else if (json_is_string(value))
        base_text_html(text, json_string_value(value));
    else
        put_raw(text, value);
}

static void write_section(const call *c, const section *s, const json_t *pack,
                          base_text *text)
{
    const json_t *rows = json_object_get(pack, s->key);

    base_text_add(text, "<h2>");
    base_text_html(text, call_words(c, s->title));
    base_text_format(text, " (%zu)</h2>\n", json_array_size(rows));
    if (json_array_size(rows) == 0)
        return;
    base_text_add(text, "<table><thead><tr>");
    for (size_t k = 0; k < s->n_columns; k++) {
        base_text_add(text, "<th>");
        base_text_html(text, call_words(c, s->columns[k].title));
        base_text_add(text, "</th>");
    }
    base_text_add(text, "</tr></thead><tbody>\n");
    for (size_t r = 0; r < json_array_size(rows); r++) {
        base_text_add(text, "<tr>");
        for (size_t k = 0; k < s->n_columns; k++) {
            base_text_add(text, "<td>");
            put_shown(c, text,
                      json_object_get(json_array_get(rows, r),
                                      s->columns[k].key),
                      s->columns[k].show);
            base_text_add(text, "</td>");
        }
        base_text_add(text, "</tr>\n");
    }
    base_text_add(text, "</tbody></table>\n");
}

static void write_page(const call *c, const json_t *pack, base_text *text)
{
    base_text_format(text,
                     "<!DOCTYPE html>\n<html lang=\"%s\"><head><meta "
                     "charset=\"utf-8\"><title>",
                     gb_context_lang(c->ctx));
    base_text_html(text, call_words(c, GB_N("Handover")));
    base_text_add(
        text,
        "</title>\n<style>body{font:10pt sans-serif;margin:12mm}"
        "h1{font-size:16pt}h2{font-size:12pt;break-after:avoid}"
        "table{border-collapse:collapse;width:100%}"
        "th,td{border:1px solid #999;padding:1mm 2mm;text-align:left}"
        "th{background:#eee}thead{display:table-header-group}"
        "tr{break-inside:avoid}@page{size:A4;margin:12mm}"
        "@media print{body{margin:0}}</style></head><body>\n<h1>");
    base_text_html(text, call_words(c, GB_N("Handover")));
    base_text_add(text, ": ");
    base_text_html(text, json_string_value(json_object_get(pack, "from")));
    base_text_add(text, " \u2192 ");
    base_text_html(text, json_string_value(json_object_get(pack, "to")));
    base_text_add(text, ", ");
    base_text_html(text, json_string_value(json_object_get(pack, "on")));
    base_text_add(text, "</h1>\n");
    for (size_t i = 0; i < COUNT_OF(sections); i++)
        write_section(c, &sections[i], pack, text);
    base_text_add(text, "</body></html>\n");
}

static gb_status write_file(call *c, const char *folder, const char *name,
                            const char *ending, const base_text *text)
{
    base_text path;
    gb_status status;

    base_text_init(&path, c->mem);
    base_text_format(&path, "%s/%s%s", folder, name, ending);
    status = path.is_short || text->is_short
                 ? base_fail_nomem(c->ctx)
                 : report_file_write(c->ctx, path.chars, text);
    base_text_clear(&path);
    return status;
}

static gb_status write_json(call *c, const char *folder, const json_t *pack)
{
    char *dump = json_dumps(pack, JSON_INDENT(1) | JSON_REAL_PRECISION(12));
    base_text text;
    gb_status status = dump ? GB_OK : base_fail_nomem(c->ctx);

    base_text_init(&text, c->mem);
    if (!status) {
        base_text_add(&text, dump);
        base_text_add(&text, "\n");
        status = write_file(c, folder, "handover", ".json", &text);
    }
    base_text_clear(&text);
    free(dump);
    return status;
}

static gb_status write_pack(call *c, const char *folder, const json_t *pack)
{
    base_text text;
    gb_status status = GB_OK;

    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return base_fail(c->ctx, GB_ERR_IO, "%s: cannot be made: %s", folder,
                         strerror(errno));
    base_text_init(&text, c->mem);
    write_page(c, pack, &text);
    status = write_file(c, folder, "handover", ".html", &text);
    if (!status)
        status = write_json(c, folder, pack);
    for (size_t i = 0; i < COUNT_OF(sections) && !status; i++) {
        base_text_reset(&text);
        write_csv(&sections[i], pack, &text);
        status = write_file(c, folder, sections[i].key, ".csv", &text);
    }
    base_text_clear(&text);
    return status;
}

/* ---- the method ---- */

/* How many of each; the lists themselves are in the files. */
static json_t *describe(const json_t *pack)
{
    const json_t *stops = json_object_get(pack, "stops");
    json_t *made = json_object();
    json_int_t n_again = 0;

    for (size_t i = 0; i < json_array_size(stops); i++)
        n_again += json_integer_value(
            json_object_get(json_array_get(stops, i), "plan_again"));
    json_object_set(made, "from", json_object_get(pack, "from"));
    json_object_set(made, "to", json_object_get(pack, "to"));
    json_object_set(made, "on", json_object_get(pack, "on"));
    json_object_set(made, "version", json_object_get(pack, "version"));
    json_object_set(made, "dry_run", json_object_get(pack, "dry_run"));
    json_object_set(made, "territories",
                    json_object_get(pack, "territories"));
    for (size_t i = 1; i < COUNT_OF(sections); i++)
        call_put(made, sections[i].key,
                 json_integer((json_int_t)json_array_size(
                     json_object_get(pack, sections[i].key))));
    call_put(made, "plan_again", json_integer(n_again));
    return made;
}

static gb_status carry_out(call *c, bool is_dry_run, json_t **pack)
{
    const store_handover h = {
        .from = call_text(c, "from"), .to = call_text(c, "to"),
        .territory = call_text(c, "territory"), .on = call_day(c, "on"),
        .is_dry_run = is_dry_run,
    };
    base_run run;

    json_decref(*pack);
    call_enter_store(c, &run);
    return call_leave_store(c, &run,
                            store_handover_do(c->workspace, &h, pack));
}

/* The pack comes first: nothing changes hands where it cannot be written. */
static gb_status handover(call *c, json_t **result)
{
    const bool is_dry_run = call_flag(c, "dry_run");
    const char *folder = call_text(c, "out");
    json_t *pack = NULL;
    gb_status status = carry_out(c, true, &pack);

    if (!status && !call_put(pack, "dry_run", json_boolean(is_dry_run)))
        status = base_fail_nomem(c->ctx);
    if (!status && folder)
        status = write_pack(c, folder, pack);
    if (!status && !is_dry_run)
        status = carry_out(c, false, &pack);
    if (!status)
        status = call_result(c, result, describe(pack));
    if (!status && folder
        && !call_put(*result, "folder", call_string(folder)))
        status = base_fail_nomem(c->ctx);
    json_decref(pack);
    return status;
}

/* ---- the table ---- */

static const call_param params[] = {
    { .name = "from", .type = CALL_TEXT, .is_required = true,
      .help = GB_N("the manager who hands over") },
    { .name = "to", .type = CALL_TEXT, .is_required = true,
      .help = GB_N("the one who takes over") },
    { .name = "on", .type = CALL_DATE, .is_required = true,
      .help = GB_N("the first day of the new one") },
    { .name = "territory", .type = CALL_TEXT,
      .help = GB_N("this one alone; else all of them") },
    { .name = "out", .type = CALL_PATH,
      .help = GB_N("a folder for the pack: JSON, CSV, and HTML to print") },
    { .name = "dry_run", .type = CALL_BOOL, .fallback = "false",
      .help = GB_N("the pack alone: nothing changes hands") },
};
static const call_column shown_columns[] = {
    { "territory", GB_N("territory"), CALL_SHOW_PLAIN },
    { "branch", GB_N("branch"), CALL_SHOW_PLAIN },
    { "cells", GB_N("cells"), CALL_SHOW_PLAIN },
    { "customers", GB_N("customers"), CALL_SHOW_PLAIN },
    { "targets", GB_N("targets"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { .text = GB_N("{from} to {to} on {on}: {appointments} appointments, "
                   "{stops} planned visits, {leads} leads, {visits} visits "
                   "until now") },
    { .rows = "territories", CALL_COLUMNS(shown_columns) },
    { .when = "plan_again",
      .text = GB_N("{plan_again} visits are on days that must be planned "
                   "again") },
    { .when = "links",
      .text = GB_N("{links} customers are his by an override or a relation: "
                   "decide on them") },
    { .when = "dry_run", .text = GB_N("nothing was stored") },
    { .when = "folder", .text = GB_N("the pack is in {folder}") },
};

static const call_method methods[] = {
    { .name = "territory.handover",
      .help = GB_N("Hand a manager's territories over to another one"),
      .workspace = CALL_WRITES, CALL_PARAMS(params), CALL_BLOCKS(blocks),
      .run = handover },
};
const call_group call_territory_handover_group = CALL_GROUP(methods);
