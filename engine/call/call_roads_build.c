/*
 * call_roads_build.c - roads.build, roads.customise, roads.verify.
 */
#include "call_roads.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include <gridbeat/geo.h>

#include "call_file.h"
#include "report_file.h"

enum { REJECTS_SHOWN = 20 };

/* ---- build ---- */

typedef struct build {
    call *c;
    const char *out;
    gb_roads_report report;
    json_t *shown;     /* the first refused rows */
    base_text rejects; /* all of them, as CSV */
    base_text beside;  /* path of the file for them */
} build;

static json_t *describe_modes(const gb_roads_report *report)
{
    json_t *modes = json_array();

    for (int m = 0; m < GB_MODE_COUNT; m++)
        if (!call_put(modes, NULL,
                      call_describe_mode((gb_mode)m, &report->modes[m]))) {
            json_decref(modes);
            return NULL;
        }
    return modes;
}

static json_t *describe_refused(const gb_roads_report *report)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I}", "class",
                     (json_int_t)report->refused_class, "short",
                     (json_int_t)report->refused_short, "access",
                     (json_int_t)report->refused_access, "restrictions",
                     (json_int_t)report->refused_restrictions, "rows",
                     (json_int_t)report->refused_rows);
}

static json_t *describe_build(const build *b)
{
    const gb_roads_report *r = &b->report;
    const bool is_osm = call_has(b->c, "osm");
    json_t *object = json_pack(
        "{s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:o, s:I, s:I, s:I, s:I, "
        "s:I, s:I, s:I, s:I, s:o, s:o}",
        "file", b->out, "source", is_osm ? "osm" : "links", "nodes_read",
        (json_int_t)r->nodes_read, "ways_read", (json_int_t)r->ways_read,
        "relations_read", (json_int_t)r->relations_read, "rows_read",
        (json_int_t)r->rows_read, "streets", (json_int_t)r->highways, "areas",
        (json_int_t)r->areas, "refused", describe_refused(r),
        "missing_nodes", (json_int_t)r->missing_nodes, "bad_nodes",
        (json_int_t)r->bad_nodes, "duplicate_elements",
        (json_int_t)r->duplicate_elements, "lines", (json_int_t)r->lines,
        "links", (json_int_t)r->links, "names", (json_int_t)r->names,
        "restrictions", (json_int_t)r->restrictions, "bytes",
        (json_int_t)r->file_bytes, "modes", describe_modes(r), "rejects",
        json_incref(b->shown));

    /* What only the one kind of source has is shown for it alone. */
    if (object && !call_put(object, is_osm ? "osm" : "tables", json_true())) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static void note_row(void *user, const char *path, uint64_t line,
                     const char *why)
{
    build *b = user;

    if (b->rejects.n == 0)
        base_text_add(&b->rejects, "file,line,reason\n");
    base_text_csv(&b->rejects, path);
    base_text_format(&b->rejects, ",%llu,", (unsigned long long)line);
    base_text_csv(&b->rejects, why);
    base_text_add(&b->rejects, "\n");
    if (json_array_size(b->shown) < REJECTS_SHOWN)
        json_array_append_new(b->shown,
                              json_pack("{s:o, s:I, s:o}", "file",
                                        call_string(path), "line",
                                        (json_int_t)line, "reason",
                                        call_string(why)));
}

static gb_status run_tables(build *b, const gb_roads_options *options)
{
    gb_roads_links links = GB_ROADS_LINKS_INIT;
    gb_datum datum = GB_DATUM_WGS84;
    call *c = b->c;

    gb_datum_parse(call_text(c, "datum"), &datum); /* one of the choices */
    links.links_path = call_text(c, "links");
    links.nodes_path = call_text(c, "nodes");
    links.turns_path = call_text(c, "turns");
    links.datum = (int32_t)datum;
    return gb_roads_build_links(c->ctx, &links, b->out, options, note_row, b,
                                &b->report);
}

static gb_status check_sources(call *c)
{
    static const char *const of_tables[] = { "nodes", "turns" };

    if (call_has(c, "osm") == call_has(c, "links"))
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "either \"%s\" or \"%s\" must be given", "osm",
                         "links");
    for (size_t i = 0; i < COUNT_OF(of_tables); i++)
        if (call_has(c, of_tables[i]) && !call_has(c, "links"))
            return base_fail(c->ctx, GB_ERR_ARGUMENT,
                             "\"%s\" goes with \"%s\"", of_tables[i],
                             "links");
    if (call_has(c, "osm") && strcmp(call_text(c, "datum"), "wgs84") != 0)
        return base_fail(c->ctx, GB_ERR_ARGUMENT,
                         "an OpenStreetMap extract is wgs84, not %s",
                         call_text(c, "datum"));
    return GB_OK;
}

/* The refused rows beside the index; none, and an older list goes. */
static gb_status write_rejects(build *b)
{
    base_text_init(&b->beside, b->c->mem);
    base_text_add(&b->beside, b->out);
    base_text_add(&b->beside, ".rejects.csv");
    if (b->beside.is_short || b->rejects.is_short)
        return base_fail_nomem(b->c->ctx);
    if (b->rejects.n > 0)
        return report_file_write(b->c->ctx, b->beside.chars, &b->rejects);
    remove(b->beside.chars);
    return GB_OK;
}

static gb_status answer(build *b, json_t **result)
{
    gb_status status = write_rejects(b);

    if (!status)
        status = call_result(b->c, result, describe_build(b));
    if (!status && b->rejects.n > 0
        && !call_put(*result, "rejects_file", call_string(b->beside.chars)))
        status = base_fail_nomem(b->c->ctx);
    base_text_clear(&b->beside);
    return status;
}

/* What was refused when nothing was left to build: below the error. */
static void note_refused(build *b)
{
    json_t *row;
    size_t i;

    json_array_foreach(b->shown, i, row)
        call_note(b->c, GB_N("%s:%lld  %s"),
                  json_string_value(json_object_get(row, "file")),
                  (long long)json_integer_value(json_object_get(row, "line")),
                  json_string_value(json_object_get(row, "reason")));
}

gb_status call_roads_build(call *c, json_t **result)
{
    gb_roads_options options = GB_ROADS_OPTIONS_INIT;
    build b = { .c = c, .report = { .size = sizeof b.report },
                .shown = json_array() };
    char *beside = call_roads_path(c), *profile = NULL;
    gb_status status = check_sources(c);

    base_text_init(&b.rejects, c->mem);
    b.out = call_has(c, "out") ? call_text(c, "out") : beside;
    if (!status && !b.out)
        status = base_fail(c->ctx, GB_ERR_STATE,
                           "%s needs --out FILE, or a workspace to put the "
                           "index beside",
                           c->method->name);
    if (!status)
        status = call_file_text(c, "profile", &profile);
    options.ebike_contraflow = call_flag(c, "ebike_contraflow");
    options.profile_json = profile;
    if (!status && call_has(c, "osm"))
        status = gb_roads_build(c->ctx, call_text(c, "osm"), b.out, &options,
                                &b.report);
    else if (!status)
        status = run_tables(&b, &options);
    if (!status)
        status = answer(&b, result);
    else
        note_refused(&b);
    json_decref(b.shown);
    base_text_clear(&b.rejects);
    base_free(c->mem, profile);
    base_free(c->mem, beside);
    return status;
}

/* ---- customise ---- */

static gb_status customise(call *c, const gb_roads *roads, const char *profile,
                           gb_roads **out)
{
    gb_roads_speeds speeds = GB_ROADS_SPEEDS_INIT;
    gb_mode mode;

    if (call_has(c, "mode") && gb_mode_parse(call_text(c, "mode"), &mode))
        speeds.mode = (int32_t)mode;
    speeds.profile_json = profile;
    speeds.band = call_text(c, "band");
    return gb_roads_customise(c->ctx, roads, &speeds, out);
}

gb_status call_roads_customise(call *c, json_t **result)
{
    const gb_roads *roads = NULL;
    gb_roads *made = NULL;
    char *profile = NULL;
    gb_status status = GB_OK;

    if (!call_has(c, "profile") && !call_has(c, "band"))
        status = base_fail(c->ctx, GB_ERR_ARGUMENT,
                           "either \"%s\" or \"%s\" must be given", "profile",
                           "band");
    if (!status)
        status = call_roads(c, call_text(c, "roads"), &roads);
    if (!status)
        status = call_file_text(c, "profile", &profile);
    if (!status)
        status = customise(c, roads, profile, &made);
    if (!status)
        status = gb_roads_save(c->ctx, made, call_text(c, "out"));
    if (!status)
        status = call_result(c, result,
                             json_pack("{s:s, s:s}", "file",
                                       call_text(c, "out"), "mode",
                                       call_has(c, "mode")
                                           ? call_text(c, "mode")
                                           : "all"));
    gb_roads_close(made);
    base_free(c->mem, profile);
    return status;
}

/* ---- verify ---- */

static json_t *describe_check(const gb_roads_check_report *report)
{
    return json_pack("{s:I, s:I, s:I, s:I}", "pairs",
                     (json_int_t)report->n_pairs, "unreachable",
                     (json_int_t)report->n_unreachable, "wrong_tables",
                     (json_int_t)report->n_wrong_tables, "wrong_paths",
                     (json_int_t)report->n_wrong_paths);
}

gb_status call_roads_verify(call *c, json_t **result)
{
    gb_roads_check_options options = GB_ROADS_CHECK_OPTIONS_INIT;
    gb_roads_check_report report = { .size = sizeof report };
    const gb_roads *roads = NULL;
    gb_status status = call_roads(c, call_text(c, "roads"), &roads);

    options.n_pairs = (uint64_t)call_int(c, "pairs");
    options.seed = c->seed;
    if (!status)
        status = gb_roads_check(c->ctx, roads, &options, &report);
    if (status)
        return status;
    if (report.n_wrong_tables + report.n_wrong_paths == 0)
        return call_result(c, result, describe_check(&report));
    c->details = describe_check(&report);
    return base_fail(c->ctx, GB_ERR_INTEGRITY,
                     "%llu tables and %llu paths of %llu are not those of a "
                     "plain search",
                     (unsigned long long)report.n_wrong_tables,
                     (unsigned long long)report.n_wrong_paths,
                     (unsigned long long)report.n_pairs);
}
