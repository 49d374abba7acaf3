/*
 * call_import.c - loading what a CRM delivers, and what became of it.
 */
#define _GNU_SOURCE /* mkstemps */
#include "call_groups.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FIRST_CODE_OF_ROWS = 3105 }; /* below it: columns of a header */

static gb_import_options import_options(const call *c)
{
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;

    options.reject_file = call_text(c, "reject");
    options.max_reject_ratio = call_real(c, "max_reject");
    if (!(options.max_reject_ratio > 0.0))
        options.max_reject_ratio = -1.0; /* not a single row */
    options.is_dry_run = call_flag(c, "dry_run");
    return options;
}

static json_t *describe_reason(const gb_import_report *report, size_t file,
                               size_t i)
{
    gb_import_reason reason = { .size = sizeof reason };
    char code[16];

    if (gb_import_report_reason(report, file, i, &reason))
        return NULL;
    snprintf(code, sizeof code, "E%04d", (int)reason.code);
    return json_pack("{s:o, s:s, s:I, s:I, s:o, s:o, s:o, s:o}", "file",
                     call_string(gb_import_report_file(report, file)), "code",
                     code, "rows", (json_int_t)reason.n_rows, "first_line",
                     (json_int_t)reason.first_line, "column",
                     call_string(reason.column), "value",
                     call_string(reason.value), "reason",
                     call_string(reason.reason), "mend",
                     call_string(reason.mend));
}

static json_t *describe_file(const gb_import_report *report, size_t file)
{
    gb_import_counts n = { .size = sizeof n };

    if (gb_import_report_counts(report, file, &n))
        return NULL;
    return json_pack("{s:s, s:o, s:I, s:I, s:I, s:I, s:I, s:I, s:b}", "kind",
                     gb_import_report_kind(report, file), "file",
                     call_string(gb_import_report_file(report, file)), "rows",
                     (json_int_t)n.n_rows, "loaded", (json_int_t)n.n_loaded,
                     "changed", (json_int_t)n.n_changed, "unchanged",
                     (json_int_t)n.n_unchanged, "rejected",
                     (json_int_t)n.n_rejected, "converted",
                     (json_int_t)n.n_converted, "refused",
                     (int)(n.is_refused != 0));
}

static json_t *describe_report(const call *c, const gb_import_report *report)
{
    json_t *files = json_array(), *reasons = json_array();
    bool is_made = files && reasons;

    for (size_t f = 0; f < gb_import_report_n_files(report); f++) {
        is_made = is_made && call_put(files, NULL, describe_file(report, f));
        for (size_t i = 0; i < gb_import_report_n_reasons(report, f); i++)
            is_made = is_made
                      && call_put(reasons, NULL, describe_reason(report, f, i));
    }
    if (!is_made) {
        json_decref(files);
        json_decref(reasons);
        return NULL;
    }
    return json_pack("{s:b, s:o, s:o}", "dry_run", (int)call_flag(c, "dry_run"),
                     "files", files, "reasons", reasons);
}

/* The file that is at fault, its most frequent reason first in the words. */
static const json_t *worst_reason(const json_t *reasons)
{
    const json_t *worst = NULL;

    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const json_t *reason = json_array_get(reasons, i);

        if (!worst
            || json_integer_value(json_object_get(reason, "rows"))
                   > json_integer_value(json_object_get(worst, "rows")))
            worst = reason;
    }
    return worst;
}

static const char *text_of(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    return text ? text : "";
}

/* "error E3130  customers.csv: ..." has its number in the words: take it. */
static gb_status take_code(call *c, gb_status status, const char *said)
{
    const char *number = strstr(said, " E");
    char *end = NULL;
    const long code = number ? strtol(number + 2, &end, 10) : 0;

    if (code < FIRST_CODE_OF_ROWS || strncmp(end, "  ", 2) != 0)
        return status;
    c->error_code = (int32_t)code;
    return base_fail(c->ctx, status, "%s", end + 2);
}

/* A header has one line: what else is wrong in it is told in the notes. */
static gb_status explain_header(call *c, gb_status status,
                                const json_t *worst)
{
    const json_t *reasons = json_object_get(c->details, "reasons");

    for (size_t i = 0; i < json_array_size(reasons); i++) {
        const json_t *reason = json_array_get(reasons, i);

        if (reason != worst)
            call_note(c, GB_N("column %s: %s"), text_of(reason, "column"),
                      text_of(reason, "reason"));
    }
    call_note(c, GB_N("nothing was loaded"));
    return base_fail(c->ctx, status, "%s:1  column %s",
                     text_of(worst, "file"), text_of(worst, "column"));
}

/*
 * A refused file as words: the place and value of the reason that most rows
 * share, what is expected there, and last what the import itself said.
 */
static gb_status explain_refusal(call *c, gb_status status,
                                 const gb_import_report *report)
{
    const json_t *reason;
    json_int_t rows, line;
    char said[1024];

    snprintf(said, sizeof said, "%s", gb_last_error(c->ctx));
    c->details = describe_report(c, report);
    reason = worst_reason(json_object_get(c->details, "reasons"));
    if (!reason)
        return take_code(c, status, said);
    rows = json_integer_value(json_object_get(reason, "rows"));
    line = json_integer_value(json_object_get(reason, "first_line"));
    c->error_code = (int32_t)strtol(text_of(reason, "code") + 1, NULL, 10);
    if (text_of(reason, "mend")[0])
        call_note(c, GB_N("%s; %s"), text_of(reason, "reason"),
                  text_of(reason, "mend"));
    else
        call_note(c, "%s", text_of(reason, "reason"));
    if (rows > 1)
        call_note(c, GB_N("%lld more rows like this"), (long long)rows - 1);
    if (call_has(c, "reject"))
        call_note(c, GB_N("all are in %s"), call_text(c, "reject"));
    if (c->error_code < FIRST_CODE_OF_ROWS)
        return explain_header(c, status, reason);
    call_note(c, "%s", said);
    if (text_of(reason, "column")[0])
        return base_fail(c->ctx, status, "%s:%lld  column %s = \"%s\"",
                         text_of(reason, "file"), (long long)line,
                         text_of(reason, "column"), text_of(reason, "value"));
    return base_fail(c->ctx, status, "%s:%lld", text_of(reason, "file"),
                     (long long)line);
}

static gb_status import_one(call *c, json_t **result)
{
    gb_import_options options = import_options(c);
    gb_import_report *report = NULL;
    gb_status status;

    options.datum = call_text(c, "datum");
    options.encoding = call_text(c, "encoding");
    options.map = call_text(c, "map");
    status = gb_import(c->ctx, c->workspace, call_text(c, "kind"),
                       call_text(c, "file"), &options, &report);
    if (status && report)
        status = explain_refusal(c, status, report);
    else if (!status)
        status = call_result(c, result, describe_report(c, report));
    gb_import_report_free(report);
    return status;
}

static gb_status build_roads(call *c, const char *map, json_t *result)
{
    gb_roads_report report = { .size = sizeof report };
    char *path = call_roads_path(c);
    gb_status status;

    if (!path)
        return base_fail_nomem(c->ctx);
    status = gb_roads_build(c->ctx, map, path, NULL, &report);
    if (!status
        && !call_put(result, "roads",
                     json_pack("{s:s, s:I, s:I}", "file", path, "streets",
                               (json_int_t)report.highways, "bytes",
                               (json_int_t)report.file_bytes)))
        status = base_fail_nomem(c->ctx);
    base_free(c->mem, path);
    return status;
}

static gb_status import_all(call *c, json_t **result)
{
    gb_import_options options = import_options(c);
    gb_import_report *report = NULL;
    gb_status status;

    status = gb_import_delivery(c->ctx, c->workspace, call_text(c, "folder"),
                                &options, &report);
    if (status && report) {
        status = explain_refusal(c, status, report);
        goto done;
    }
    if (!status)
        status = call_result(c, result, describe_report(c, report));
    if (!status && gb_import_report_roads(report) && !options.is_dry_run
        && call_flag(c, "roads"))
        status = build_roads(c, gb_import_report_roads(report), *result);

done:
    gb_import_report_free(report);
    return status;
}

/* ---- one customer by hand ---- */

/* The columns of data/FORMATS.md that the caller gave, as one JSON row. */
static json_t *row_of_params(const call *c)
{
    json_t *row = json_object();

    for (size_t i = 0; i < c->method->n_params; i++) {
        const char *name = c->method->params[i].name;
        if (json_object_get(c->args, name) && strcmp(name, "datum") != 0)
            json_object_set(row, name, json_object_get(c->args, name));
    }
    return json_pack("[o]", row);
}

/* What is wrong with the one row: the first reason says it. */
static gb_status explain_row(call *c, const gb_import_report *report)
{
    gb_import_reason reason = { .size = sizeof reason };

    if (gb_import_report_reason(report, 0, 0, &reason) != GB_OK)
        return GB_ERR_DATA; /* the columns: the error says it */
    if (reason.mend[0])
        call_note(c, "%s", reason.mend);
    return base_fail(c->ctx, GB_ERR_DATA, "%s = \"%s\": %s", reason.column,
                     reason.value, reason.reason);
}

static gb_status customer_add(call *c, json_t **result)
{
    gb_import_options options = GB_IMPORT_OPTIONS_INIT;
    gb_import_report *report = NULL;
    char path[] = "/tmp/gridbeat-customer-XXXXXX.json";
    const int file = mkstemps(path, 5);
    json_t *rows = row_of_params(c);
    gb_status status;

    if (file < 0)
        status = base_fail(c->ctx, GB_ERR_IO, "cannot make a file in /tmp");
    else if (!rows)
        status = base_fail_nomem(c->ctx);
    else if (json_dumpfd(rows, file, JSON_COMPACT) != 0)
        status = base_fail(c->ctx, GB_ERR_IO, "cannot write to /tmp");
    else {
        options.datum = call_text(c, "datum");
        options.max_reject_ratio = -1; /* the one row must be right */
        status = gb_import(c->ctx, c->workspace, "customers", path, &options,
                           &report);
    }
    if (file >= 0) {
        close(file);
        remove(path);
    }
    json_decref(rows);
    if (status == GB_ERR_DATA && report)
        status = explain_row(c, report);
    if (!status)
        status = call_result(c, result,
                             json_pack("{s:s}", "customer",
                                       call_text(c, "customer_ref")));
    gb_import_report_free(report);
    return status;
}

#define KINDS                                                                 \
    "orgs|branches|managers|calendar|products|tags|places|outlines|areas|"    \
    "cells|customers|holdings|appointments|visits|relations|assignments"

#define COMMON_PARAMS                                                         \
    { .name = "reject", .type = CALL_PATH,                                    \
      .help = GB_N("where refused rows go, with their reasons") },            \
    { .name = "max_reject", .type = CALL_RATIO, .fallback = "5%",             \
      .help = GB_N("refuse a file with a larger share of bad rows") },        \
    { .name = "dry_run", .type = CALL_BOOL,                                   \
      .help = GB_N("check everything and load nothing") }

static const call_param one_params[] = {
    { .name = "kind", .type = CALL_ENUM, .choices = KINDS,
      .is_positional = true, .is_required = true,
      .help = GB_N("what the file holds") },
    { .name = "file", .type = CALL_PATH, .is_positional = true,
      .is_required = true, .help = GB_N(".csv, .json, .jsonl or .geojson") },
    { .name = "datum", .type = CALL_ENUM, .choices = "wgs84|gcj02|bd09|cgcs2000",
      .fallback = "wgs84", .help = GB_N("of its coordinates") },
    { .name = "encoding", .type = CALL_ENUM, .choices = "utf-8|gb18030",
      .help = GB_N("of its texts; else found out") },
    { .name = "map", .type = CALL_TEXT,
      .help = GB_N("its column names: theirs=ours,theirs2=ours2") },
    COMMON_PARAMS,
};
static const call_param all_params[] = {
    { .name = "folder", .type = CALL_PATH, .is_positional = true,
      .is_required = true, .help = GB_N("a delivery with manifest.json") },
    { .name = "roads", .type = CALL_BOOL, .fallback = "true",
      .help = GB_N("build the road index beside the workspace as well") },
    COMMON_PARAMS,
};

static const call_column file_columns[] = {
    { "kind", GB_N("kind"), CALL_SHOW_PLAIN },
    { "rows", GB_N("rows"), CALL_SHOW_PLAIN },
    { "loaded", GB_N("new"), CALL_SHOW_PLAIN },
    { "changed", GB_N("changed"), CALL_SHOW_PLAIN },
    { "unchanged", GB_N("unchanged"), CALL_SHOW_PLAIN },
    { "rejected", GB_N("refused"), CALL_SHOW_PLAIN },
    { "file", GB_N("file"), CALL_SHOW_PLAIN },
};
static const call_column reason_columns[] = {
    { "code", GB_N("code"), CALL_SHOW_PLAIN },
    { "rows", GB_N("rows"), CALL_SHOW_PLAIN },
    { "file", GB_N("file"), CALL_SHOW_PLAIN },
    { "first_line", GB_N("first line"), CALL_SHOW_ID },
    { "column", GB_N("column"), CALL_SHOW_PLAIN },
    { "value", GB_N("value"), CALL_SHOW_PLAIN },
    { "reason", GB_N("reason"), CALL_SHOW_PLAIN },
};
static const call_block blocks[] = {
    { .when = "dry_run", .text = GB_N("Only checked; nothing was loaded.") },
    { .rows = "files", CALL_COLUMNS(file_columns) },
    { .when = "reasons", .text = GB_N("Refused rows, by reason:"),
      .rows = "reasons", CALL_COLUMNS(reason_columns) },
    { .when = "roads",
      .text = GB_N("road index: {roads.file}, {roads.streets} streets, "
                   "{roads.bytes:bytes}") },
};

#define TEXT_PARAM(column, words)                                             \
    { .name = column, .type = CALL_TEXT, .help = words }

static const call_param add_params[] = {
    { .name = "customer_ref", .type = CALL_TEXT, .is_required = true,
      .is_positional = true, .help = GB_N("reference of the customer") },
    { .name = "branch_ref", .type = CALL_TEXT, .is_required = true,
      .help = GB_N("reference of the branch") },
    { .name = "balance_fen", .type = CALL_INT, .is_required = true,
      .help = GB_N("balance now, in fen") },
    { .name = "peak_24m_fen", .type = CALL_INT,
      .help = GB_N("highest balance of 24 months, in fen") },
    TEXT_PARAM("place_ref", GB_N("reference of the place")),
    TEXT_PARAM("manager_ref", GB_N("who looks after the customer")),
    { .name = "lon", .type = CALL_REAL, .unit = "deg",
      .help = GB_N("longitude") },
    { .name = "lat", .type = CALL_REAL, .unit = "deg",
      .help = GB_N("latitude") },
    TEXT_PARAM("accuracy", GB_N("exact, building, compound, street, district "
                                "or none")),
    { .name = "last_txn_on", .type = CALL_DATE,
      .help = GB_N("last transaction that the customer started") },
    { .name = "opened_on", .type = CALL_DATE,
      .help = GB_N("first day as a customer") },
    TEXT_PARAM("tags", GB_N("tags, separated by ;")),
    { .name = "datum", .type = CALL_ENUM, .choices = "wgs84|gcj02|bd09|cgcs2000",
      .fallback = "wgs84", .help = GB_N("of its coordinates") },
};
static const call_block add_blocks[] = {
    { .text = GB_N("customer {customer} is there") },
};

static const call_method methods[] = {
    { .name = "customer.add",
      .help = GB_N("Add a customer by hand, or bring one up to date"),
      .workspace = CALL_WRITES, CALL_PARAMS(add_params),
      CALL_BLOCKS(add_blocks), .run = customer_add },
    { .name = "import.all",
      .help = GB_N("Load a delivery and build its road index"),
      .workspace = CALL_WRITES, CALL_PARAMS(all_params), CALL_BLOCKS(blocks),
      .run = import_all },
    { .name = "import", .help = GB_N("Load one file"),
      .workspace = CALL_WRITES, CALL_PARAMS(one_params), CALL_BLOCKS(blocks),
      .run = import_one },
};
const call_group call_import_group = CALL_GROUP(methods);
