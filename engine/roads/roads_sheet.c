#include "roads_sheet.h"

#include <stdio.h>
#include <string.h>

#include "base_check.h"
#include "base_near.h"

typedef struct fault_text {
    roads_fault fault;
    const char *reason; /* with at most one %s */
    const char *mend;   /* "": none can be told */
} fault_text;

static const fault_text texts[] = {
    { ROADS_FAULT_UNKNOWN_COLUMN, GB_N("no such column in this table%s"),
      GB_N("mend its name, or put x_ before it to leave it out") },
    { ROADS_FAULT_MISSING_COLUMN, GB_N("this column must be there%s"), "" },
    { ROADS_FAULT_DOUBLE_COLUMN, GB_N("this column is there twice"),
      GB_N("put x_ before one of the two names") },
    { ROADS_FAULT_FIELD_COUNT, GB_N("the row has %s"),
      GB_N("a comma inside a field? put the field in quotes") },
    { ROADS_FAULT_NOT_CSV, GB_N("the row is not CSV: %s"),
      GB_N("quotes stand round whole fields, and are doubled inside them") },
    { ROADS_FAULT_LONGITUDE, GB_N("not a longitude (-180 .. 180)"), "" },
    { ROADS_FAULT_LATITUDE, GB_N("not a latitude (-90 .. 90)"), "" },
    { ROADS_FAULT_SWAPPED, GB_N("longitude and latitude look swapped"),
      GB_N("the longitude comes first") },
    { ROADS_FAULT_EMPTY, GB_N("must not be empty"), "" },
    { ROADS_FAULT_ID, GB_N("not an id: 1 to 64 bytes without a space"), "" },
    { ROADS_FAULT_UNKNOWN, GB_N("there is no %s"),
      GB_N("mend the id; its own row may have been refused") },
    { ROADS_FAULT_DUPLICATE, GB_N("the same as in line %s"),
      GB_N("leave one of the two lines") },
    { ROADS_FAULT_NUMBER, GB_N("not a number (%s)"), "" },
    { ROADS_FAULT_FLAG, GB_N("not a flag: 0 or 1"), "" },
    { ROADS_FAULT_WORD, GB_N("not one of: %s"), "" },
    { ROADS_FAULT_ENCODING, GB_N("bytes that are not UTF-8"),
      GB_N("write the file in UTF-8") },
    { ROADS_FAULT_GEOMETRY, GB_N("not a line: %s"),
      GB_N("as LINESTRING (104.06 30.66, 104.07 30.66)") },
    { ROADS_FAULT_SHORT, GB_N("fewer than two distinct points"), "" },
    { ROADS_FAULT_NO_NODES, GB_N("no table of nodes was given"),
      GB_N("give one, or put x_ before the name where lines do") },
    { ROADS_FAULT_APART, GB_N("the line does not begin and end at its nodes "
                              "(%s m away)"),
      GB_N("turn the line round, or mend the node") },
    { ROADS_FAULT_CLOSED, GB_N("a street closed to all: %s"), "" },
    { ROADS_FAULT_NOT_JOINED, GB_N("%s do not meet"), "" },
    { ROADS_FAULT_AMBIGUOUS, GB_N("the two streets meet at both ends"),
      GB_N("name the node in column via") },
    { ROADS_FAULT_MODE, GB_N("a turn binds car and ebike only"), "" },
};

static const fault_text *text_of(roads_fault fault)
{
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (texts[i].fault == fault)
            return &texts[i];
    return NULL;
}

bool roads_sheet_fault(roads_sheet *sheet, roads_fault fault, size_t column,
                       const char *detail)
{
    sheet->fault = fault;
    sheet->column = column;
    snprintf(sheet->detail, sizeof sheet->detail, "%s", detail);
    return false;
}

/* At most some 60 bytes of a value, never half of a character. */
static int cut_length(const char *value)
{
    const size_t n = strlen(value);
    size_t cut = n < 60 ? n : 60;

    while (cut < n && cut > 0 && ((unsigned char)value[cut] & 0xc0) == 0x80)
        cut--;
    return (int)cut;
}

/* "E3118  column class, value "x": not one of: a b; the mend" */
static void write_why(roads_sheet *sheet, const char *name, const char *value)
{
    const base_lang lang = sheet->run->ctx->lang;
    const fault_text *text = text_of(sheet->fault);
    base_text *why = &sheet->why;

    base_text_reset(why);
    base_text_format(why, "E%d  ", (int)sheet->fault);
    if (name) {
        base_text_format(why, base_lang_text(lang, GB_N("column %s")), name);
        if (*value)
            base_text_format(why, base_lang_text(lang, GB_N(", value "
                                                            "\"%.*s\"")),
                             cut_length(value), value);
        base_text_add(why, ": ");
    }
    base_text_format(why, base_lang_text(lang, text->reason), sheet->detail);
    if (text->mend[0]) {
        base_text_add(why, "; ");
        base_text_add(why, base_lang_text(lang, text->mend));
    }
}

gb_status roads_sheet_refuse(roads_sheet *sheet)
{
    const bool has_column = sheet->column < sheet->n_columns;

    write_why(sheet, has_column ? sheet->columns[sheet->column] : NULL,
              has_column ? sheet->row[sheet->column] : "");
    if (sheet->why.is_short)
        return base_fail_nomem(sheet->run->ctx);
    sheet->report->refused_rows++;
    if (sheet->on_row)
        sheet->on_row(sheet->user, sheet->path, sheet->line,
                      sheet->why.chars);
    return GB_OK;
}

/* ---------------------------------------------------------------- header -- */

gb_status roads_sheet_refuse_header(roads_sheet *sheet, roads_fault fault,
                                    const char *name, const char *detail)
{
    roads_sheet_fault(sheet, fault, sheet->n_columns, detail);
    write_why(sheet, name, "");
    if (sheet->why.is_short)
        return base_fail_nomem(sheet->run->ctx);
    return base_fail(sheet->run->ctx, GB_ERR_PARSE, "%s:%llu  %s",
                     sheet->path, (unsigned long long)sheet->line,
                     sheet->why.chars);
}

static void nearest_word(const char *const *words, size_t n, const char *word,
                         char *out, size_t size)
{
    size_t best = SIZE_MAX;

    out[0] = '\0';
    for (size_t i = 0; i < n; i++)
        if (base_is_nearer(word, words[i], &best))
            snprintf(out, size, "; %s?", words[i]);
}

static gb_status take_name(roads_sheet *sheet, const char *name)
{
    char nearest[80];
    size_t c = 0;

    if (strncmp(name, "x_", 2) == 0) {
        c = sheet->n_columns;
    } else {
        while (c < sheet->n_columns && strcmp(name, sheet->columns[c]) != 0)
            c++;
        if (c == sheet->n_columns) {
            nearest_word(sheet->columns, sheet->n_columns, name, nearest,
                         sizeof nearest);
            return roads_sheet_refuse_header(
                sheet, ROADS_FAULT_UNKNOWN_COLUMN, name, nearest);
        }
        if (sheet->is_present[c])
            return roads_sheet_refuse_header(
                sheet, ROADS_FAULT_DOUBLE_COLUMN, name, "");
        sheet->is_present[c] = true;
    }
    return base_array_push(sheet->run->mem, &sheet->column_of, (uint8_t)c)
               ? GB_OK
               : base_fail_nomem(sheet->run->ctx);
}

static gb_status read_header(roads_sheet *sheet, uint32_t musts)
{
    base_csv_row row;
    gb_status status = base_csv_next(sheet->csv, &row);

    if (status)
        return status;
    sheet->line = row.line;
    if (row.found == BASE_CSV_END)
        return base_fail(sheet->run->ctx, GB_ERR_PARSE, "%s: is empty",
                         sheet->path);
    if (row.found == BASE_CSV_BAD)
        return roads_sheet_refuse_header(
            sheet, ROADS_FAULT_NOT_CSV, NULL,
            base_lang_text(sheet->run->ctx->lang, row.fault));
    if (!base_is_utf8(row.bytes, row.n_bytes))
        return roads_sheet_refuse_header(sheet, ROADS_FAULT_ENCODING, NULL, "");
    for (size_t f = 0; f < row.n_fields && !status; f++)
        status = take_name(sheet, row.fields[f]);
    for (size_t c = 0; c < sheet->n_columns && !status; c++)
        if ((musts >> c & 1) && !sheet->is_present[c])
            status = roads_sheet_refuse_header(
                sheet, ROADS_FAULT_MISSING_COLUMN, sheet->columns[c], "");
    return status;
}

gb_status roads_sheet_open(base_run *run, const char *path,
                           const char *const *columns, size_t n_columns,
                           uint32_t musts, gb_roads_row_fn *on_row,
                           void *user, gb_roads_report *report,
                           roads_sheet *sheet)
{
    gb_status status;

    memset(sheet, 0, sizeof *sheet);
    sheet->run = run;
    sheet->path = path;
    sheet->columns = columns;
    sheet->n_columns = n_columns;
    sheet->on_row = on_row;
    sheet->user = user;
    sheet->report = report;
    base_text_init(&sheet->why, run->mem);
    status = base_csv_open(run->ctx, path, &sheet->csv);
    if (status == GB_ERR_NOT_FOUND) /* as of a map that is not there */
        status = run->ctx->status = GB_ERR_IO;
    return status ? status : read_header(sheet, musts);
}

void roads_sheet_close(roads_sheet *sheet)
{
    if (!sheet->run)
        return;
    base_csv_close(sheet->csv);
    base_array_clear(sheet->run->mem, &sheet->column_of);
    base_text_clear(&sheet->why);
    memset(sheet, 0, sizeof *sheet);
}

/* ------------------------------------------------------------------ rows -- */

static char nothing[] = "";

/* false: what came is no row of this table. */
static bool take_row(roads_sheet *sheet, const base_csv_row *row)
{
    char counts[80];

    sheet->line = row->line;
    for (size_t c = 0; c < sheet->n_columns; c++)
        sheet->row[c] = nothing;
    if (row->found == BASE_CSV_BAD)
        return roads_sheet_fault(sheet, ROADS_FAULT_NOT_CSV, sheet->n_columns,
                                 base_lang_text(sheet->run->ctx->lang,
                                                row->fault));
    if (!base_is_utf8(row->bytes, row->n_bytes))
        return roads_sheet_fault(sheet, ROADS_FAULT_ENCODING,
                                 sheet->n_columns, "");
    if (row->n_fields != sheet->column_of.n) {
        snprintf(counts, sizeof counts,
                 base_lang_text(sheet->run->ctx->lang,
                                GB_N("%zu fields, the header %zu")),
                 row->n_fields, sheet->column_of.n);
        return roads_sheet_fault(sheet, ROADS_FAULT_FIELD_COUNT,
                                 sheet->n_columns, counts);
    }
    for (size_t f = 0; f < row->n_fields; f++)
        if (sheet->column_of.items[f] < sheet->n_columns)
            sheet->row[sheet->column_of.items[f]] = row->fields[f];
    return true;
}

gb_status roads_sheet_next(roads_sheet *sheet)
{
    base_csv_row row;
    gb_status status;

    sheet->fields = NULL;
    for (;;) {
        status = base_poll(sheet->run);
        if (!status)
            status = base_csv_next(sheet->csv, &row);
        if (status || row.found == BASE_CSV_END)
            return status;
        sheet->report->rows_read++;
        if (take_row(sheet, &row)) {
            sheet->fields = sheet->row;
            return GB_OK;
        }
        status = roads_sheet_refuse(sheet);
        if (status)
            return status;
    }
}

/* ---------------------------------------------------------------- values -- */

bool roads_sheet_id(roads_sheet *sheet, size_t column)
{
    const char *id = sheet->row[column];
    const size_t n = strlen(id);

    if (n == 0)
        return roads_sheet_fault(sheet, ROADS_FAULT_EMPTY, column, "");
    if (n > 64 || strpbrk(id, " \t\r\n"))
        return roads_sheet_fault(sheet, ROADS_FAULT_ID, column, "");
    return true;
}

bool roads_sheet_flag(roads_sheet *sheet, size_t column, bool *out)
{
    const char *text = sheet->row[column];

    if (!*text)
        return true;
    if ((*text != '0' && *text != '1') || text[1])
        return roads_sheet_fault(sheet, ROADS_FAULT_FLAG, column, "");
    *out = *text == '1';
    return true;
}

/* "yes no private; privat?" */
static bool unknown_word(roads_sheet *sheet, size_t column,
                         const char *const *words)
{
    char all[sizeof sheet->detail];
    size_t n = 0, length = 0;

    for (; words[n]; n++)
        length += (size_t)snprintf(all + length, sizeof all - length, "%s%s",
                                   n ? " " : "", words[n]);
    if (length < sizeof all)
        nearest_word(words, n, sheet->row[column], all + length,
                     sizeof all - length);
    return roads_sheet_fault(sheet, ROADS_FAULT_WORD, column, all);
}

bool roads_sheet_word(roads_sheet *sheet, size_t column,
                      const char *const *words, int *out)
{
    if (!*sheet->row[column])
        return true;
    for (int i = 0; words[i]; i++) {
        if (strcmp(sheet->row[column], words[i]) == 0) {
            *out = i;
            return true;
        }
    }
    return unknown_word(sheet, column, words);
}

bool roads_sheet_speed(roads_sheet *sheet, size_t column, bool *is_set,
                       uint16_t *dkmh)
{
    double kmh;

    *is_set = *sheet->row[column] != '\0';
    *dkmh = 0;
    if (!*is_set)
        return true;
    if (!base_parse_real(sheet->row[column], &kmh)
        || !(kmh == 0 || (kmh >= 1 && kmh <= 200)))
        return roads_sheet_fault(sheet, ROADS_FAULT_NUMBER, column,
                                 "0, 1 .. 200 km/h");
    *dkmh = (uint16_t)(kmh * 10 + 0.5);
    return true;
}

static bool is_within(double value, double limit)
{
    return value >= -limit && value <= limit;
}

/* The fault of a place; NONE: it lies on the globe. */
static roads_fault place_fault(gb_lonlat at)
{
    if (is_within(at.lon_deg, 180) && is_within(at.lat_deg, 90))
        return ROADS_FAULT_NONE;
    if (is_within(at.lat_deg, 180) && is_within(at.lon_deg, 90))
        return ROADS_FAULT_SWAPPED;
    return is_within(at.lon_deg, 180) ? ROADS_FAULT_LATITUDE
                                      : ROADS_FAULT_LONGITUDE;
}

bool roads_sheet_place(roads_sheet *sheet, size_t lon, size_t lat,
                       gb_lonlat *out)
{
    roads_fault fault;

    if (!base_parse_real(sheet->row[lon], &out->lon_deg))
        return roads_sheet_fault(sheet, ROADS_FAULT_LONGITUDE, lon, "");
    if (!base_parse_real(sheet->row[lat], &out->lat_deg))
        return roads_sheet_fault(sheet, ROADS_FAULT_LATITUDE, lat, "");
    fault = place_fault(*out);
    if (fault)
        return roads_sheet_fault(
            sheet, fault, fault == ROADS_FAULT_LATITUDE ? lat : lon, "");
    return true;
}

/* ----------------------------------------------------------------- lines -- */

static const char *skip_spaces(const char *at)
{
    return at + strspn(at, " \t\r\n");
}

/* A number at *at, which is moved behind it. */
static bool take_number(const char **at, double *out)
{
    const size_t n = strcspn(*at, " \t\r\n,()");
    char text[64];

    if (n == 0 || n >= sizeof text)
        return false;
    memcpy(text, *at, n);
    text[n] = '\0';
    *at = skip_spaces(*at + n);
    return base_parse_real(text, out);
}

/* A point with its height and measure, if it has any. */
static bool take_point(const char **at, gb_lonlat *out)
{
    double more;

    if (!take_number(at, &out->lon_deg) || !take_number(at, &out->lat_deg))
        return false;
    for (int i = 0; i < 2 && **at && **at != ',' && **at != ')'; i++)
        if (!take_number(at, &more))
            return false;
    return **at == ',' || **at == ')';
}

/* Behind "LINESTRING", "Z", "M" or "ZM" in any case; NULL: something else. */
static const char *behind_keyword(const char *at)
{
    static const char keyword[] = "LINESTRING";

    at = skip_spaces(at);
    for (size_t i = 0; keyword[i]; i++, at++)
        if ((*at & ~0x20) != keyword[i])
            return NULL;
    at = skip_spaces(at);
    at += (*at & ~0x20) == 'Z';
    at += (*at & ~0x20) == 'M';
    at = skip_spaces(at);
    return *at == '(' ? skip_spaces(at + 1) : NULL;
}

static bool bad_line(roads_sheet *sheet, size_t column, size_t n_points)
{
    char detail[80];

    snprintf(detail, sizeof detail,
             base_lang_text(sheet->run->ctx->lang,
                            GB_N("broken behind point %zu")), n_points);
    return roads_sheet_fault(sheet, ROADS_FAULT_GEOMETRY, column, detail);
}

bool roads_sheet_line(roads_sheet *sheet, size_t column, roads_lonlats *out)
{
    const char *at = behind_keyword(sheet->row[column]);
    gb_lonlat point;
    roads_fault fault;
    bool is_last;

    sheet->fault = ROADS_FAULT_NONE;
    if (!at)
        return roads_sheet_fault(sheet, ROADS_FAULT_GEOMETRY, column,
                                 base_lang_text(sheet->run->ctx->lang,
                                                GB_N("no LINESTRING")));
    do {
        if (!take_point(&at, &point))
            return bad_line(sheet, column, out->at.n);
        fault = place_fault(point);
        if (fault)
            return roads_sheet_fault(sheet, fault, column, "");
        if (!base_array_push(sheet->run->mem, &out->at, point))
            return false;
        is_last = *at == ')';
        at = skip_spaces(at + 1);
    } while (!is_last);
    if (*at)
        return bad_line(sheet, column, out->at.n);
    return true;
}
