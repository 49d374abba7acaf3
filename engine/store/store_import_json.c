#include "store_import_json.h"

#include "store_import_refs.h"

#include <jansson.h>

#include <string.h>

enum { MAX_FILE = 1 << 30 };

struct import_json {
    gb_context *ctx;
    base_mem *mem;
    json_t *root;        /* of a whole file; owns `rows` */
    json_t *rows;        /* the array; NULL when read by lines */
    bool is_geojson;
    size_t next;         /* row of the array */
    base_lines lines;  /* of a .jsonl */
    import_encoding encoding;
    import_decoder decoder;
    base_text decoded;
    json_t *object;      /* of the present line */
    import_refs names;
    base_text text;      /* the fields, each with its '\0' */
    BASE_ARRAY(size_t) starts;
    BASE_ARRAY(char *) fields;
};

static gb_status new_reader(gb_context *ctx, import_json **out)
{
    import_json *json = base_alloc_zeroed(ctx->mem, 1, sizeof *json);

    *out = json;
    if (!json)
        return base_fail_nomem(ctx);
    json->ctx = ctx;
    json->mem = ctx->mem;
    import_refs_init(&json->names, ctx->mem);
    base_text_init(&json->text, ctx->mem);
    base_text_init(&json->decoded, ctx->mem);
    return GB_OK;
}

void import_json_close(import_json *json)
{
    if (!json)
        return;
    json_decref(json->root);
    json_decref(json->object);
    base_lines_close(&json->lines);
    import_decoder_clear(&json->decoder);
    import_refs_clear(&json->names);
    base_text_clear(&json->text);
    base_text_clear(&json->decoded);
    base_array_clear(json->mem, &json->starts);
    base_array_clear(json->mem, &json->fields);
    base_free(json->mem, json);
}

/* -------------------------------------------------------------- columns -- */

/* The object that holds the row's columns; NULL: the row is none. */
static json_t *columns_of(const import_json *json, json_t *row)
{
    json_t *properties = json->is_geojson ? json_object_get(row, "properties")
                                          : row;

    return json_is_object(properties) ? properties : NULL;
}

static gb_status note_names(import_json *json, json_t *row)
{
    json_t *columns = columns_of(json, row), *value;
    const char *name;

    if (!columns)
        return GB_OK;
    json_object_foreach(columns, name, value) {
        if (import_refs_find(&json->names, name))
            continue;
        if (!import_refs_add(&json->names, name,
                             (int64_t)json->names.entries.n, 0))
            return base_fail_nomem(json->ctx);
    }
    return GB_OK;
}

size_t import_json_n_names(const import_json *json)
{
    return json->names.entries.n;
}

const char *import_json_name(const import_json *json, size_t i)
{
    return json->names.entries.items[i].text;
}

/* ----------------------------------------------------------- whole files -- */

static gb_status take_root(import_json *json)
{
    gb_status status = GB_OK;

    json->rows = json->root;
    if (json_is_object(json->root)) {
        json->is_geojson = true;
        json->rows = json_object_get(json->root, "features");
    }
    if (!json_is_array(json->rows))
        return base_fail(json->ctx, GB_ERR_PARSE,
                         "neither a list of objects nor a GeoJSON "
                         "FeatureCollection");
    for (size_t r = 0; r < json_array_size(json->rows) && !status; r++)
        status = note_names(json, json_array_get(json->rows, r));
    return status;
}

gb_status import_json_read(gb_context *ctx, const char *bytes, size_t n,
                           import_json **out)
{
    import_json *json;
    json_error_t error;
    gb_status status = new_reader(ctx, &json);

    *out = NULL;
    if (status)
        return status;
    json->root = json_loadb(bytes, n, JSON_REJECT_DUPLICATES, &error);
    status = json->root
        ? take_root(json)
        : base_fail(ctx, GB_ERR_PARSE, "line %d, column %d: %s", error.line,
                    error.column, error.text);
    if (status) {
        import_json_close(json);
        return status;
    }
    *out = json;
    return GB_OK;
}

static gb_status read_all(gb_context *ctx, base_lines *lines,
                          base_text *text)
{
    base_line line;
    gb_status status;

    if (lines->size > MAX_FILE)
        return base_fail(ctx, GB_ERR_PARSE,
                         "larger than a gigabyte; send it as .jsonl or .csv");
    while (!(status = base_lines_next(lines, &line)) && line.n > 0) {
        /* One long line is usual in JSON; it is read in pieces here. */
        base_text_append(text, line.bytes, line.n);
        if (text->is_short)
            return base_fail_nomem(ctx);
    }
    return status;
}

static gb_status open_whole(gb_context *ctx, const char *path,
                            import_encoding encoding, import_json **out)
{
    import_decoder decoder = { 0 };
    base_lines lines;
    base_text text, decoded;
    gb_status status = base_lines_open(ctx, path, &lines);

    if (status)
        return status;
    base_text_init(&text, ctx->mem);
    base_text_init(&decoded, ctx->mem);
    if (!encoding)
        encoding = import_detect_lines(&lines);
    lines.max_line = SIZE_MAX;
    status = read_all(ctx, &lines, &text);
    if (!status && encoding == IMPORT_GB18030) {
        if (!import_decode(&decoder, text.chars, text.n, &decoded))
            status = base_fail(ctx, GB_ERR_PARSE,
                               "%s: bytes that are not GB18030", path);
        else if (decoded.is_short)
            status = base_fail_nomem(ctx);
    }
    if (!status)
        status = decoded.n ? import_json_read(ctx, decoded.chars, decoded.n,
                                              out)
                           : import_json_read(ctx, text.chars ? text.chars
                                                              : "",
                                              text.n, out);
    base_text_clear(&text);
    base_text_clear(&decoded);
    import_decoder_clear(&decoder);
    base_lines_close(&lines);
    return status;
}

/* ----------------------------------------------------------------- lines -- */

/* The line as UTF-8; false: it is neither UTF-8 nor GB18030. */
static bool decode_line(import_json *json, base_line *line,
                        bool *is_converted)
{
    const bool is_utf8 = base_is_utf8(line->bytes, line->n);
    const bool is_first_gb = json->encoding == IMPORT_GB18030;

    *is_converted = false;
    if (import_is_ascii(line->bytes, line->n) || (is_utf8 && !is_first_gb))
        return true;
    base_text_reset(&json->decoded);
    if (!import_decode(&json->decoder, line->bytes, line->n, &json->decoded))
        return is_utf8;
    *is_converted = true;
    line->bytes = json->decoded.chars;
    line->n = json->decoded.n;
    return true;
}

static bool is_blank(const base_line *line)
{
    for (size_t i = 0; i < line->n; i++)
        if (!memchr(" \t\r\n", line->bytes[i], 4))
            return false;
    return true;
}

/* The next line's object; json->object is NULL when it is none. */
static gb_status next_object(import_json *json, import_raw *raw)
{
    base_line line;
    json_error_t error;
    gb_status status;

    json_decref(json->object);
    json->object = NULL;
    do {
        status = base_lines_next(&json->lines, &line);
    } while (!status && line.n > 0 && !line.is_too_long && is_blank(&line));
    *raw = (import_raw){ .found = IMPORT_BAD, .line = line.line,
                         .code = IMPORT_NOT_JSON };
    if (status)
        return status;
    if (line.n == 0) {
        raw->found = IMPORT_END;
        return GB_OK;
    }
    if (line.is_too_long) {
        raw->detail = GB_N("a line longer than a megabyte");
        return GB_OK;
    }
    if (!decode_line(json, &line, &raw->is_converted)) {
        raw->code = IMPORT_ENCODING;
        return GB_OK;
    }
    if (json->decoded.is_short)
        return base_fail_nomem(json->ctx);
    json->object = json_loadb(line.bytes, line.n, JSON_REJECT_DUPLICATES,
                              &error);
    if (!json->object)
        raw->detail = GB_N("broken");
    return GB_OK;
}

static gb_status note_all_lines(import_json *json)
{
    const int64_t start = json->lines.offset; /* behind a byte order mark */
    import_raw raw;
    gb_status status;

    while (!(status = next_object(json, &raw)) && raw.found != IMPORT_END)
        if (json->object && (status = note_names(json, json->object)))
            return status;
    return status ? status : base_lines_seek(&json->lines, start, 1);
}

static gb_status open_lines(gb_context *ctx, const char *path,
                            import_encoding encoding, import_json **out)
{
    import_json *json;
    gb_status status = new_reader(ctx, &json);

    if (status)
        return status;
    status = base_lines_open(ctx, path, &json->lines);
    if (!status) {
        json->encoding = encoding ? encoding
                                  : import_detect_lines(&json->lines);
        status = note_all_lines(json);
    }
    if (status) {
        import_json_close(json);
        return status;
    }
    *out = json;
    return GB_OK;
}

gb_status import_json_open(gb_context *ctx, const char *path, bool is_lines,
                           import_encoding encoding, import_json **out)
{
    *out = NULL;
    return is_lines ? open_lines(ctx, path, encoding, out)
                    : open_whole(ctx, path, encoding, out);
}

/* ------------------------------------------------------------------ rows -- */

static void add_real(base_text *text, double value)
{
    base_text_real(text, value, 9);
    while (text->n > 1 && text->chars[text->n - 1] == '0')
        text->chars[--text->n] = '\0';
    if (text->n > 0 && text->chars[text->n - 1] == '.')
        text->chars[--text->n] = '\0';
}

/* NULL, or why the value is none that a field can have. */
static const char *add_value(base_text *text, const json_t *value)
{
    size_t n;

    switch (json_typeof(value)) {
    case JSON_STRING:
        if (strlen(json_string_value(value)) != json_string_length(value))
            return GB_N("a zero byte");
        base_text_add(text, json_string_value(value));
        return NULL;
    case JSON_INTEGER:
        base_text_format(text, "%lld",
                         (long long)json_integer_value(value));
        return NULL;
    case JSON_REAL:
        add_real(text, json_real_value(value));
        return NULL;
    case JSON_TRUE:
    case JSON_FALSE:
        base_text_add(text, json_is_true(value) ? "1" : "0");
        return NULL;
    case JSON_NULL:
        return NULL;
    case JSON_ARRAY:
        n = json_array_size(value);
        for (size_t i = 0; i < n; i++) {
            const char *item
                = json_string_value(json_array_get(value, i));

            if (!item)
                return GB_N("a list of other things than texts");
            base_text_add(text, i ? ";" : "");
            base_text_add(text, item);
        }
        return NULL;
    case JSON_OBJECT:
        break;
    }
    return GB_N("an object inside the object");
}

static gb_status give_row(import_json *json, json_t *row, import_raw *raw)
{
    json_t *columns = columns_of(json, row);

    raw->found = IMPORT_BAD;
    raw->code = IMPORT_NOT_JSON;
    raw->detail = GB_N("something else");
    if (!columns)
        return GB_OK;
    base_text_reset(&json->text);
    json->starts.n = json->fields.n = 0;
    for (size_t i = 0; i < json->names.entries.n; i++) {
        const json_t *value
            = json_object_get(columns, import_json_name(json, i));

        if (!base_array_push(json->mem, &json->starts, json->text.n))
            return base_fail_nomem(json->ctx);
        raw->detail = value ? add_value(&json->text, value) : NULL;
        if (raw->detail)
            return GB_OK;
        base_text_append(&json->text, "", 1);
    }
    if (json->text.is_short
        || !base_array_reserve(json->mem, &json->fields, json->starts.n))
        return base_fail_nomem(json->ctx);
    for (size_t i = 0; i < json->starts.n; i++)
        json->fields.items[json->fields.n++]
            = json->text.chars + json->starts.items[i];
    raw->found = IMPORT_ROW;
    raw->code = IMPORT_OK;
    raw->fields = json->fields.items;
    raw->n_fields = json->fields.n;
    raw->bytes = json->text.chars;
    raw->n_bytes = json->text.n;
    raw->shape = json->is_geojson ? json_object_get(row, "geometry") : NULL;
    return GB_OK;
}

gb_status import_json_next(import_json *json, import_raw *raw)
{
    if (!json->rows) {
        const gb_status status = next_object(json, raw);

        return status || !json->object ? status
                                       : give_row(json, json->object, raw);
    }
    *raw = (import_raw){ .found = IMPORT_END };
    if (json->next >= json_array_size(json->rows))
        return GB_OK;
    raw->line = json->next + 1;
    return give_row(json, json_array_get(json->rows, json->next++), raw);
}

bool import_json_is_empty(const import_json *json)
{
    return json->rows && json_array_size(json->rows) == 0;
}

void import_json_progress(const import_json *json, int64_t *done,
                          int64_t *total)
{
    *done = json->rows ? (int64_t)json->next : json->lines.offset;
    *total = json->rows ? (int64_t)json_array_size(json->rows)
                        : json->lines.size;
}
