#include "store_import_delivery.h"

#include "store_import_value.h"

#include <jansson.h>
#include <sodium.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

typedef struct delivery_file {
    const char *kind, *name;  /* borrowed from the manifest */
    const char *sha256;       /* NULL: not told */
    int64_t n_rows;           /* 0: not told */
    import_encoding encoding;
    char *path;
} delivery_file;

typedef struct delivery {
    gb_workspace *ws;
    gb_context *ctx;
    base_mem *mem;
    const char *folder;
    json_t *manifest;
    const char *as_of;        /* NULL: not told */
    gb_datum datum;
    BASE_ARRAY(delivery_file) files;
    gb_import_report *report;
} delivery;

static char *join_path(base_mem *mem, const char *folder, const char *name)
{
    base_text path;

    base_text_init(&path, mem);
    base_text_add(&path, folder);
    if (path.n > 0 && path.chars[path.n - 1] != '/')
        base_text_add(&path, "/");
    base_text_add(&path, name);
    return base_text_take(&path);
}

/* ----------------------------------------------------------- the manifest -- */

static gb_status bad_manifest(const delivery *d, const char *what)
{
    return base_fail(d->ctx, GB_ERR_PARSE, "%s/manifest.json: %s", d->folder,
                     base_lang_text(d->ctx->lang, what));
}

/* A name inside the folder, not a way out of it. */
static bool is_plain_name(const char *name)
{
    return name[0] && name[0] != '.' && !strchr(name, '/')
        && !strchr(name, '\\');
}

static bool is_sha256(const char *text)
{
    return strlen(text) == 64
        && strspn(text, "0123456789abcdefABCDEF") == 64;
}

static gb_status read_entry(delivery *d, const json_t *entry)
{
    const char *encoding
        = json_string_value(json_object_get(entry, "encoding"));
    delivery_file file = {
        .kind = json_string_value(json_object_get(entry, "kind")),
        .name = json_string_value(json_object_get(entry, "file")),
        .sha256 = json_string_value(json_object_get(entry, "sha256")),
        .n_rows = json_integer_value(json_object_get(entry, "rows"))
    };

    if (!file.kind || !file.name || !is_plain_name(file.name))
        return bad_manifest(d, GB_N("an entry without a kind, or without the "
                                    "name of a file in this folder"));
    if (strcmp(file.kind, "roads") != 0 && !import_kind_find(file.kind))
        return base_fail(d->ctx, GB_ERR_PARSE,
                         "%s/manifest.json: there is no kind of file called "
                         "\"%s\"", d->folder, file.kind);
    if (encoding && !import_encoding_parse(encoding, &file.encoding))
        return bad_manifest(d, GB_N("an encoding that is neither utf-8 nor "
                                    "gb18030"));
    if (file.sha256 && !is_sha256(file.sha256))
        return bad_manifest(d, GB_N("a sha256 that is not 64 hexadecimal "
                                    "digits"));
    file.path = join_path(d->mem, d->folder, file.name);
    if (!file.path || !base_array_push(d->mem, &d->files, file)) {
        base_free(d->mem, file.path);
        return base_fail_nomem(d->ctx);
    }
    return GB_OK;
}

static gb_status read_head(delivery *d)
{
    const char *format
        = json_string_value(json_object_get(d->manifest, "format"));
    const char *datum
        = json_string_value(json_object_get(d->manifest, "datum"));

    if (!format || strcmp(format, "gridbeat-delivery") != 0)
        return bad_manifest(d, GB_N("not of format gridbeat-delivery"));
    if (json_integer_value(json_object_get(d->manifest, "version")) != 1)
        return bad_manifest(d, GB_N("not of version 1"));
    d->datum = GB_DATUM_WGS84;
    if (datum && !gb_datum_parse(datum, &d->datum))
        return bad_manifest(d, GB_N("an unknown datum"));
    d->as_of = json_string_value(json_object_get(d->manifest, "as_of"));
    if (d->as_of && !import_is_date(d->as_of))
        return bad_manifest(d, GB_N("as_of is not a date as 2026-03-02"));
    if (!json_is_array(json_object_get(d->manifest, "files")))
        return bad_manifest(d, GB_N("no list of files"));
    return GB_OK;
}

static gb_status read_manifest(delivery *d)
{
    char *path = join_path(d->mem, d->folder, "manifest.json");
    struct stat about;
    json_error_t error;
    const json_t *list;
    gb_status status;

    if (!path)
        return base_fail_nomem(d->ctx);
    if (stat(path, &about) != 0) {
        status = base_fail(d->ctx, GB_ERR_NOT_FOUND, "%s: %s", path,
                           strerror(errno));
        base_free(d->mem, path);
        return status;
    }
    d->manifest = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
    base_free(d->mem, path);
    if (!d->manifest)
        return base_fail(d->ctx, GB_ERR_PARSE,
                         "%s/manifest.json: line %d: %s", d->folder,
                         error.line, error.text);
    status = read_head(d);
    list = json_object_get(d->manifest, "files");
    for (size_t f = 0; f < json_array_size(list) && !status; f++)
        status = read_entry(d, json_array_get(list, f));
    return status;
}

/* -------------------------------------------------------------- checksums -- */

static gb_status hash_file(delivery *d, const char *path, char hex[65])
{
    unsigned char bytes[1 << 14], hash[crypto_hash_sha256_BYTES];
    crypto_hash_sha256_state state;
    FILE *in = fopen(path, "rb");
    gb_status status = GB_OK;
    size_t n;

    if (!in)
        return base_fail(d->ctx, errno == ENOENT ? GB_ERR_DATA : GB_ERR_IO,
                         "%s: the manifest lists it, but it cannot be opened: "
                         "%s", path, strerror(errno));
    crypto_hash_sha256_init(&state);
    while (!status && (n = fread(bytes, 1, sizeof bytes, in)) > 0) {
        crypto_hash_sha256_update(&state, bytes, n);
        status = base_poll(d->ws->run);
    }
    if (!status && ferror(in))
        status = base_fail(d->ctx, GB_ERR_IO, "%s: cannot be read: %s", path,
                           strerror(errno));
    fclose(in);
    crypto_hash_sha256_final(&state, hash);
    sodium_bin2hex(hex, 65, hash, sizeof hash);
    return status;
}

static bool is_same_hash(const char *a, const char *b)
{
    for (size_t i = 0; i < 64; i++) {
        const char c = a[i] >= 'A' && a[i] <= 'F'
            ? (char)(a[i] - 'A' + 'a') : a[i];

        if (c != b[i])
            return false;
    }
    return true;
}

static gb_status check_file(delivery *d, const delivery_file *file)
{
    char hex[65];
    gb_status status = hash_file(d, file->path, hex);

    if (status || !file->sha256 || is_same_hash(file->sha256, hex))
        return status;
    return base_fail(d->ctx, GB_ERR_DATA,
                     "error E3130  %s: not the file that manifest.json tells "
                     "of (sha256 %.12s..., expected %.12s...); half a "
                     "delivery? nothing was loaded",
                     file->name, hex, file->sha256);
}

static gb_status check_all(delivery *d)
{
    gb_status status = GB_OK;

    base_run_phase(d->ws->run, GB_N("checking the delivery"), 0, 0.1, 0);
    for (size_t f = 0; f < d->files.n && !status; f++)
        status = check_file(d, &d->files.items[f]);
    return status;
}

/* ------------------------------------------------------------------- load -- */

static gb_status load_file(delivery *d, const delivery_file *file,
                           const import_settings *settings)
{
    import_settings own = *settings;
    char *reject = NULL;
    gb_status status;

    own.datum = d->datum;
    own.sha256 = file->sha256;
    own.n_rows = file->sha256 ? 0 : file->n_rows;
    own.from = 0.1 + 0.9 * (double)d->report->files.n / (double)d->files.n;
    own.to = own.from + 0.9 / (double)d->files.n;
    if (file->encoding)
        own.encoding = file->encoding;
    if (settings->reject_file) {
        if (mkdir(settings->reject_file, 0777) != 0 && errno != EEXIST)
            return base_fail(d->ctx, GB_ERR_IO, "%s: cannot be made: %s",
                             settings->reject_file, strerror(errno));
        reject = join_path(d->mem, settings->reject_file, file->name);
        if (!reject)
            return base_fail_nomem(d->ctx);
        own.reject_file = reject;
    }
    status = store_import_file(d->ws, file->kind, file->path, &own,
                               d->report);
    base_free(d->mem, reject);
    return status;
}

static gb_status load_kind(delivery *d, const char *kind,
                           const import_settings *settings)
{
    gb_status status = GB_OK;

    for (size_t f = 0; f < d->files.n && !status; f++)
        if (strcmp(d->files.items[f].kind, kind) == 0)
            status = load_file(d, &d->files.items[f], settings);
    return status;
}

static gb_status note_roads(delivery *d)
{
    for (size_t f = 0; f < d->files.n; f++) {
        if (strcmp(d->files.items[f].kind, "roads") != 0)
            continue;
        d->report->roads = base_strdup(d->report->mem,
                                       d->files.items[f].path);
        return d->report->roads ? GB_OK : base_fail_nomem(d->ctx);
    }
    return GB_OK;
}

/* Which day the data are of: the default of a night's date. */
static gb_status note_as_of(delivery *d)
{
    gb_status status;

    if (!d->as_of)
        return GB_OK;
    status = store_begin(d->ws);
    if (status)
        return status;
    return store_end(d->ws, store_setting_set(d->ws, "as_of", d->as_of));
}

gb_status store_import_delivery(gb_workspace *ws, const char *folder,
                                const import_settings *settings,
                                gb_import_report *report)
{
    delivery d = { .ws = ws, .ctx = ws->run->ctx, .mem = ws->run->mem,
                   .folder = folder, .report = report };
    gb_status status = read_manifest(&d);

    if (!status)
        status = check_all(&d);
    if (!status)
        status = note_roads(&d);
    for (size_t k = 0; !status && store_import_kind_name(k); k++)
        status = load_kind(&d, store_import_kind_name(k), settings);
    if (!status && !settings->is_dry_run)
        status = note_as_of(&d);
    for (size_t f = 0; f < d.files.n; f++)
        base_free(d.mem, d.files.items[f].path);
    base_array_clear(d.mem, &d.files);
    json_decref(d.manifest);
    return status;
}
