#include "store_import.h"

#include "store_import_job.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

const char *store_import_kind_name(size_t i)
{
    return i < store_n_import_kinds ? store_import_kinds[i].name : NULL;
}

static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static bool ends_in(const char *path, const char *ending)
{
    const size_t n = strlen(path), m = strlen(ending);

    return n >= m && strcmp(path + n - m, ending) == 0;
}

/* ---------------------------------------------------------------- faults -- */

gb_status import_job_refuse(import_job *job, const import_fault *fault,
                            const import_raw *raw)
{
    job->file->counts.n_rejected++;
    if (!import_report_fault(job->report, job->file, job->ctx, fault,
                             raw->line, 1))
        return base_fail_nomem(job->ctx);
    return import_reject_row(&job->reject, job->columns.names.items,
                             job->columns.names.n, raw->fields,
                             raw->n_fields, job->columns.is_withheld.items,
                             job->columns.is_number.items, fault, raw->line);
}

/* ---------------------------------------------------------------- source -- */

static gb_status open_source(import_job *job, const char *path)
{
    gb_status status;

    job->encoding = job->settings->encoding;
    if (ends_in(path, ".jsonl") || ends_in(path, ".ndjson"))
        return import_json_open(job->ctx, path, true, job->encoding,
                                &job->json);
    if (ends_in(path, ".json") || ends_in(path, ".geojson"))
        return import_json_open(job->ctx, path, false, job->encoding,
                                &job->json);
    if (job->kind->has_shape)
        return base_fail(job->ctx, GB_ERR_PARSE,
                         "%s: %s come as GeoJSON (.geojson)", path,
                         job->kind->name);
    status = import_csv_open(job->ctx, path, &job->csv);
    if (!status && !job->encoding)
        job->encoding = import_csv_encoding(job->csv);
    return status;
}

static gb_status next_raw(import_job *job, import_raw *raw)
{
    return job->csv ? import_csv_next(job->csv, raw)
                    : import_json_next(job->json, raw);
}

static void source_progress(const import_job *job, int64_t *done,
                            int64_t *total)
{
    if (job->csv)
        import_csv_progress(job->csv, done, total);
    else
        import_json_progress(job->json, done, total);
}

/*
 * Make a CSV row UTF-8, by the rule of store_import_text.h.  Its fields lie
 * in one block with a '\0' behind each, and stay so.
 */
static import_code decode_row(import_job *job, import_raw *raw,
                              import_fault *fault)
{
    const bool is_utf8 = base_is_utf8(raw->bytes, raw->n_bytes);
    char *at;

    if ((is_utf8 && job->encoding != IMPORT_GB18030)
        || import_is_ascii(raw->bytes, raw->n_bytes))
        return IMPORT_OK;
    base_text_reset(&job->decoded);
    if (!import_decode(&job->decoder, raw->bytes, raw->n_bytes,
                       &job->decoded)) {
        if (is_utf8)
            return IMPORT_OK;
        fault->column = "";
        /* Bytes of no known meaning are shown nowhere. */
        raw->fields = NULL;
        return import_fault_set(fault, IMPORT_ENCODING, "", "", "");
    }
    job->decoded_fields.n = 0;
    if (job->decoded.is_short
        || !base_array_reserve(job->mem, &job->decoded_fields,
                               raw->n_fields))
        return IMPORT_OK; /* the caller sees is_short */
    at = job->decoded.chars;
    for (size_t f = 0; f < raw->n_fields; f++) {
        job->decoded_fields.items[job->decoded_fields.n++] = at;
        at += strlen(at) + 1;
    }
    raw->fields = job->decoded_fields.items;
    raw->is_converted = true;
    return IMPORT_OK;
}

static gb_status take_header(import_job *job)
{
    import_raw raw;
    import_fault fault = { .column = "" };
    BASE_ARRAY(char *) names = BASE_ARRAY_INIT;
    gb_status status;

    if (job->csv) {
        status = next_raw(job, &raw);
        if (status)
            return status;
        if (raw.found != IMPORT_ROW || decode_row(job, &raw, &fault))
            return base_fail(job->ctx, GB_ERR_PARSE,
                             "%s: no header line that can be read",
                             job->file->file);
        return import_columns_take(job->ctx, job->kind, job->settings->map,
                                   raw.fields, raw.n_fields, job->report,
                                   job->file, &job->columns);
    }
    if (import_json_is_empty(job->json))
        return GB_OK; /* columns are those of the rows: none is missing */
    for (size_t i = 0; i < import_json_n_names(job->json); i++) {
        const char *name = import_json_name(job->json, i);
        char *plain;

        memcpy(&plain, &name, sizeof plain); /* only read from there on */
        if (!base_array_push(job->mem, &names, plain)) {
            base_array_clear(job->mem, &names);
            return base_fail_nomem(job->ctx);
        }
    }
    status = import_columns_take(job->ctx, job->kind, job->settings->map,
                                 names.items, names.n, job->report,
                                 job->file, &job->columns);
    base_array_clear(job->mem, &names);
    return status;
}

/* ------------------------------------------------------------------ rows -- */

static import_code count_fields(import_job *job, const import_raw *raw,
                                import_fault *fault)
{
    char detail[160];
    const char *format = base_lang_text(
        job->ctx->lang, GB_N("%zu fields where the header has %zu"));

    if (raw->n_fields == job->columns.names.n)
        return IMPORT_OK;
    fault->column = "";
    snprintf(detail, sizeof detail, format, raw->n_fields,
             job->columns.names.n);
    return import_fault_set(fault, IMPORT_FIELD_COUNT, "", detail, "");
}

/* The key columns in one text, in the form that keys_sql has. */
static void key_of(const import_job *job, const import_values *values,
                   char *key, size_t size)
{
    size_t n = 0;

    key[0] = '\0';
    for (size_t c = 0; c < job->kind->n_key && n < size; c++) {
        const import_value *value = &values->of[c];
        const char *before = c ? "\x1f" : "";
        int wrote;

        if (value->is_set && job->kind->columns[c].type == IMPORT_CLOCK)
            wrote = snprintf(key + n, size - n, "%s%lld", before,
                             (long long)value->number);
        else
            wrote = snprintf(key + n, size - n, "%s%s", before,
                             value->is_set ? value->text : "");
        n += (size_t)wrote;
    }
}

static import_code check_double(import_job *job, const import_ref *known,
                                const import_values *values, uint64_t line,
                                import_fault *fault)
{
    char lines[32];

    if (!known || !known->line)
        return IMPORT_OK;
    (void)line;
    fault->column = job->kind->columns[0].name;
    snprintf(lines, sizeof lines, "%llu", (unsigned long long)known->line);
    return import_fault_set(fault, IMPORT_DUPLICATE, values->of[0].text,
                            lines, "");
}

static gb_status note_parent(import_job *job, const import_ref *ref,
                             uint64_t line, bool is_new,
                             const import_values *values,
                             import_effect effect)
{
    import_parent row = { .id = ref->id, .line = line, .ref = ref->text,
                          .is_new = is_new, .effect = effect };

    if (strcmp(job->kind->name, "orgs") != 0 || !job->columns.is_present[1])
        return GB_OK;
    if (values->of[1].is_set) {
        const size_t size = strlen(values->of[1].text) + 1;
        char *copy = base_arena_alloc(&job->parent_texts, size, 1);

        if (!copy)
            return base_fail_nomem(job->ctx);
        memcpy(copy, values->of[1].text, size);
        row.parent = copy;
    }
    return base_array_push(job->mem, &job->parents, row)
        ? GB_OK : base_fail_nomem(job->ctx);
}

static gb_status write_row(import_job *job, const import_raw *raw,
                           const char *key, import_ref *known,
                           const import_values *values)
{
    gb_import_counts *counts = &job->file->counts;
    const bool is_new = known == NULL;
    import_effect effect;
    gb_status status;

    if (is_new) {
        known = import_refs_add(&job->keys, key, job->next_id++, raw->line);
        if (!known)
            return base_fail_nomem(job->ctx);
    }
    known->line = raw->line;
    status = import_writer_put(&job->writer, known->id, is_new, values,
                               job->kind->has_shape ? &job->shape : NULL,
                               &effect);
    if (status)
        return status;
    counts->n_loaded += effect == IMPORT_LOADED;
    counts->n_changed += effect == IMPORT_CHANGED;
    counts->n_unchanged += effect == IMPORT_UNCHANGED;
    counts->n_converted += raw->is_converted;
    return note_parent(job, known, raw->line, is_new, values, effect);
}

/* One manager leads; a file that names two says which line was first. */
static import_code check_lead(import_job *job, const import_values *values,
                              uint64_t line, import_fault *fault,
                              gb_status *status)
{
    const import_ref *first;
    char text[32];

    if (strcmp(job->kind->name, "relations") != 0
        || strcmp(values->of[2].text, "lead") != 0)
        return IMPORT_OK;
    first = import_refs_find(&job->leads, values->of[0].text);
    if (!first) {
        if (!import_refs_add(&job->leads, values->of[0].text, 0, line))
            *status = base_fail_nomem(job->ctx);
        return IMPORT_OK;
    }
    fault->column = "role";
    snprintf(text, sizeof text, "%llu", (unsigned long long)first->line);
    return import_fault_set(fault, IMPORT_TWO_LEADS, "lead", text, "");
}

static gb_status take_row(import_job *job, import_raw *raw)
{
    char *fields[IMPORT_MAX_COLUMNS] = { NULL };
    char key[256];
    import_values values;
    import_fault fault = { .column = "" };
    import_ref *known = NULL;
    gb_status status = GB_OK;
    import_code code = job->csv ? decode_row(job, raw, &fault) : IMPORT_OK;

    if (job->decoded.is_short)
        return base_fail_nomem(job->ctx);
    if (!code)
        code = count_fields(job, raw, &fault);
    for (size_t i = 0; i < raw->n_fields && !code; i++)
        if (job->columns.column_of.items[i] != IMPORT_DROPPED)
            fields[job->columns.column_of.items[i]] = raw->fields[i];
    if (!code)
        code = import_row_check(&job->world, fields, &values, &fault);
    if (!code) {
        key_of(job, &values, key, sizeof key);
        known = import_refs_find(&job->keys, key);
        code = check_double(job, known, &values, raw->line, &fault);
    }
    if (!code)
        code = check_lead(job, &values, raw->line, &fault, &status);
    if (status)
        return status;
    if (!code && job->kind->has_shape)
        code = import_shape_read(job->ctx, raw->shape, job->settings->datum,
                                 &job->world.box, job->crs, &job->shape,
                                 &fault, &status);
    if (status)
        return status;
    return code ? import_job_refuse(job, &fault, raw)
                : write_row(job, raw, key, known, &values);
}

static gb_status take_bad(import_job *job, const import_raw *raw)
{
    import_fault fault = { .column = "" };
    import_raw bare = { .line = raw->line };

    import_fault_set(&fault, raw->code, "",
                     raw->detail
                         ? base_lang_text(job->ctx->lang, raw->detail) : "",
                     "");
    return import_job_refuse(job, &fault, &bare);
}

/* Indexes take a third of a large load. */
static double indexes_from(const import_settings *settings)
{
    return settings->from + 0.7 * (settings->to - settings->from);
}

static gb_status take_rows(import_job *job)
{
    int64_t before, done, total;
    import_raw raw;
    gb_status status;

    source_progress(job, &before, &total);
    base_run_phase(job->ws->run, GB_N("loading rows"),
                   job->settings->from, indexes_from(job->settings),
                   (uint64_t)total);
    while (!(status = next_raw(job, &raw)) && raw.found != IMPORT_END) {
        job->file->counts.n_rows++;
        status = raw.found == IMPORT_ROW ? take_row(job, &raw)
                                         : take_bad(job, &raw);
        if (status)
            break;
        source_progress(job, &done, &total);
        status = base_poll_many(job->ws->run,
                                done > before ? (uint64_t)(done - before)
                                              : 0);
        if (status)
            break;
        before = done > before ? done : before;
    }
    return status;
}

/* ------------------------------------------------------------------- end -- */

static gb_status judge(import_job *job)
{
    gb_import_counts *counts = &job->file->counts;
    const double most
        = job->settings->max_reject_ratio * (double)counts->n_rows;
    char is[32], may[32];

    if (job->settings->n_rows > 0
        && (uint64_t)job->settings->n_rows != counts->n_rows)
        return base_fail(job->ctx, GB_ERR_DATA,
                         "error E3130  %s: %llu rows, and the manifest tells "
                         "of %lld; half a delivery? nothing was loaded",
                         job->file->file, (unsigned long long)counts->n_rows,
                         (long long)job->settings->n_rows);
    if ((double)counts->n_rejected <= most)
        return GB_OK;
    base_real_text(is, 100.0 * (double)counts->n_rejected
                           / (double)counts->n_rows, 1);
    base_real_text(may, 100.0 * job->settings->max_reject_ratio, 1);
    return base_fail(job->ctx, GB_ERR_DATA,
                     "%s: %s %% of the rows are bad (%llu of %llu), more than "
                     "%s %%: nothing was loaded",
                     job->file->file, is,
                     (unsigned long long)counts->n_rejected,
                     (unsigned long long)counts->n_rows, may);
}

static gb_status write_log_reasons(import_job *job, int64_t run_id)
{
    store_statement *st = NULL;
    gb_status status = store_prepare(
        job->ws, "INSERT INTO import_reason(import_run_id, code, column_name,"
                 " n_rows, first_line) VALUES(?1, ?2, ?3, ?4, ?5)", &st);

    for (size_t r = 0; r < job->file->reasons.n && !status; r++) {
        const import_reason *reason = &job->file->reasons.items[r];

        store_bind_int(st, 1, run_id);
        store_bind_int(st, 2, reason->code);
        store_bind_text(st, 3, reason->column);
        store_bind_int(st, 4, (int64_t)reason->n_rows);
        store_bind_int(st, 5, (int64_t)reason->first_line);
        status = store_run(job->ws, st);
    }
    store_finalize(st);
    return status;
}

static gb_status write_log(import_job *job)
{
    const gb_import_counts *counts = &job->file->counts;
    const time_t now = time(NULL);
    store_statement *st = NULL;
    struct tm utc;
    char at[32];
    gb_status status;

    gmtime_r(&now, &utc);
    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", &utc);
    status = store_prepare(
        job->ws, "INSERT INTO import_run(at, kind, file, sha256, datum, "
                 "n_rows, n_loaded, n_changed, n_unchanged, n_rejected) "
                 "VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)", &st);
    if (status)
        return status;
    store_bind_text(st, 1, at);
    store_bind_text(st, 2, job->kind->name);
    store_bind_text(st, 3, job->file->file);
    store_bind_text(st, 4, job->settings->sha256);
    store_bind_text(st, 5, gb_datum_name(job->settings->datum));
    store_bind_int(st, 6, (int64_t)counts->n_rows);
    store_bind_int(st, 7, (int64_t)counts->n_loaded);
    store_bind_int(st, 8, (int64_t)counts->n_changed);
    store_bind_int(st, 9, (int64_t)counts->n_unchanged);
    store_bind_int(st, 10, (int64_t)counts->n_rejected);
    status = store_run(job->ws, st);
    store_finalize(st);
    return status ? status
                  : write_log_reasons(job, store_last_id(job->ws));
}

static gb_status load(import_job *job)
{
    import_bulk bulk = { 0 };
    int64_t done, total;
    gb_status status = import_job_load_world(job);

    source_progress(job, &done, &total);
    if (!status)
        status = import_bulk_begin(job->ws, job->kind,
                                   (int64_t)job->keys.entries.n,
                                   job->csv ? total : total * 150, &bulk);
    if (!status)
        status = import_writer_open(job->ws, &job->world,
                                    job->settings->datum, &job->writer);
    if (!status)
        status = take_rows(job);
    if (!status && job->parents.n > 0)
        status = import_job_link_parents(job);
    if (!status)
        status = judge(job);
    if (!status && !job->settings->is_dry_run) {
        base_run_phase(job->ws->run, GB_N("building the indexes"),
                       indexes_from(job->settings), job->settings->to, 0);
        /* Nobody asks for a reference any more; sorting takes the room. */
        import_refs_clear(&job->keys);
    import_refs_clear(&job->leads);
        status = import_bulk_end(job->ws, job->kind, &bulk);
        if (!status)
            status = import_write_after(job->ws, job->kind,
                                        &job->file->counts);
        if (!status)
            status = write_log(job);
    }
    import_bulk_clear(&bulk);
    /* Statements must be gone before the transaction ends. */
    import_writer_close(&job->writer);
    return status;
}

static gb_status load_in_transaction(import_job *job)
{
    gb_workspace *ws = job->ws;
    const int32_t epsg = ws->epsg;
    /* The references come at random, and their index is 25 MB a million; the
     * sorting for an index may take as much again as the cache. */
    gb_status status = store_exec(ws, "PRAGMA cache_size = -64000");

    if (!status)
        status = store_begin(ws);
    if (status)
        return status;
    status = load(job);
    if (!status && job->settings->is_dry_run) {
        store_end(ws, GB_ERR_CANCELLED);
        ws->epsg = epsg;
    } else {
        status = store_end(ws, status);
    }
    if (status)
        ws->epsg = epsg;
    if (status == GB_OK || status == GB_ERR_DATA)
        /* Never the reason to fail: the next open sets it again. */
        (void)store_release(ws);
    return status;
}

static void close_job(import_job *job)
{
    import_writer_close(&job->writer);
    import_csv_close(job->csv);
    import_json_close(job->json);
    import_decoder_clear(&job->decoder);
    base_text_clear(&job->decoded);
    base_array_clear(job->mem, &job->decoded_fields);
    import_columns_clear(&job->columns);
    import_world_clear(&job->world, job->mem);
    import_refs_clear(&job->keys);
    import_shape_clear(&job->shape, job->mem);
    gb_crs_free(job->crs);
    base_arena_clear(&job->parent_texts);
    base_array_clear(job->mem, &job->parents);
}

static gb_status run_job(import_job *job, const char *path)
{
    gb_status status, ended;

    status = import_map_check(job->ctx, job->kind, job->settings->map);
    if (!status)
        status = open_source(job, path);
    if (!status)
        status = take_header(job);
    if (!status)
        status = load_in_transaction(job);
    ended = import_reject_end(&job->reject);
    import_report_sort(job->file);
    if (status)
        job->file->counts.is_refused = status == GB_ERR_DATA;
    return status ? status : ended;
}

gb_status store_import_file(gb_workspace *ws, const char *kind,
                            const char *path, const import_settings *settings,
                            gb_import_report *report)
{
    import_job job = { .ws = ws, .ctx = ws->run->ctx, .mem = ws->run->mem,
                       .kind = import_kind_find(kind), .settings = settings,
                       .report = report };
    gb_status status;

    if (!job.kind)
        return base_fail(job.ctx, GB_ERR_ARGUMENT,
                         "there is no kind of file called \"%s\"", kind);
    job.file = import_report_add(report, kind, name_of(path));
    if (!job.file)
        return base_fail_nomem(job.ctx);
    base_text_init(&job.decoded, job.mem);
    base_arena_init(&job.parent_texts, job.mem);
    import_reject_begin(job.ctx, settings->reject_file, &job.reject);
    status = run_job(&job, path);
    close_job(&job);
    return status;
}
