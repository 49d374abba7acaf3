/*
 * call_way_documents.c - see call_way.h: a way as GeoJSON, as a cue sheet, as
 * a text.
 */
#include "call_way.h"

#include <math.h>
#include <string.h>

#include "report_sheets.h"

/* ---- GeoJSON ---- */

static void put_real(base_text *out, const char *key, double value,
                     int decimals)
{
    base_text_format(out, ",\"%s\":", key);
    base_text_real(out, value, decimals);
}

static void put_step(const call *c, const call_way *way,
                     const gb_roads_step *step, int32_t total_m,
                     int32_t total_s, base_text *out)
{
    base_text words;

    base_text_init(&words, c->mem);
    call_way_words(c, way->travel->mode, step, &words);
    base_text_add(out, "{\"text\":");
    base_text_json(out, words.chars ? words.chars : "");
    base_text_format(out, ",\"turn\":%d,\"exit\":%d,\"name\":",
                     (int)step->turn, (int)step->exit);
    base_text_json(out, step->name);
    base_text_add(out, ",\"class\":");
    base_text_json(out, step->road_class);
    base_text_format(out,
                     ",\"metres\":%ld,\"seconds\":%ld,\"total_m\":%ld,"
                     "\"total_s\":%ld,\"point\":%lu,\"pushed\":%s",
                     (long)step->metres, (long)step->seconds, (long)total_m,
                     (long)total_s, (unsigned long)step->first_point,
                     step->is_pushed ? "true" : "false");
    put_real(out, "bearing_deg", step->bearing_deg, 0);
    base_text_add(out, "}");
    out->is_short = out->is_short || words.is_short;
    base_text_clear(&words);
}

static void put_line(const gb_lonlat *line, size_t n, base_text *out)
{
    base_text_add(out, "{\"type\":\"LineString\",\"coordinates\":[");
    /* A LineString has two positions, also where both are one place. */
    for (size_t i = 0; i < (n < 2 ? 2 : n); i++) {
        const gb_lonlat *at = &line[i < n ? i : n - 1];

        base_text_add(out, i ? ",[" : "[");
        base_text_real(out, at->lon_deg, 7);
        base_text_add(out, ",");
        base_text_real(out, at->lat_deg, 7);
        base_text_add(out, "]");
    }
    base_text_add(out, "]}");
}

void call_way_geojson(const call *c, const call_way *way, base_text *out)
{
    const gb_roads_step *steps;
    const gb_lonlat *line;
    const size_t n = gb_roads_directions_steps(way->directions, &steps);
    const size_t n_points = gb_roads_directions_line(way->directions, &line);
    const gb_roads_path_totals totals =
        gb_roads_directions_totals(way->directions);
    int32_t total_m = 0, total_s = 0;

    base_text_add(out, "{\"type\":\"Feature\",\"geometry\":");
    put_line(line, n_points, out);
    base_text_format(out,
                     ",\n\"properties\":{\"mode\":\"%s\",\"seconds\":%ld,"
                     "\"metres\":%ld,\"steps\":[\n",
                     gb_mode_name(way->travel->mode), (long)totals.seconds,
                     (long)totals.metres);
    for (size_t i = 0; i < n; i++) {
        base_text_add(out, i ? ",\n" : "");
        put_step(c, way, &steps[i], total_m, total_s, out);
        total_m += steps[i].metres;
        total_s += steps[i].seconds;
    }
    base_text_add(out, "]}}\n");
}

/* ---- for people ---- */

static void put_m(base_text *out, int32_t metres)
{
    if (metres < 1000) {
        base_text_format(out, "%ld m", (long)metres);
        return;
    }
    base_text_real(out, metres / 1000.0, metres < 100000 ? 1 : 0);
    base_text_add(out, " km");
}

static void put_min(const call *c, base_text *out, int32_t seconds)
{
    base_text_real(out, seconds / 60.0, seconds < 600 ? 1 : 0);
    base_text_add(out, " ");
    base_text_add(out, call_words(c, GB_N("min")));
}

/* "2.4 km · 8.1 min · by e-bike · 08:30–08:38" */
static void put_summary(const call *c, const call_way *way, base_text *out)
{
    const gb_roads_path_totals totals =
        gb_roads_directions_totals(way->directions);

    put_m(out, totals.metres);
    base_text_add(out, " · ");
    put_min(c, out, way->depart_s < 0 ? totals.seconds
                                      : way->arrive_s - way->depart_s);
    base_text_add(out, " · ");
    base_text_add(out, call_mode_words(c, way->travel->mode));
    if (way->depart_s >= 0) {
        base_text_add(out, " · ");
        call_put_clock(out, way->depart_s);
        base_text_add(out, "–");
        call_put_clock(out, way->arrive_s);
    }
}

void call_way_text(const call *c, const call_way *way, base_text *out)
{
    const gb_roads_step *steps;
    const size_t n = gb_roads_directions_steps(way->directions, &steps);
    int32_t total_m = 0;

    put_summary(c, way, out);
    base_text_add(out, "\n");
    for (size_t i = 0; i < n; i++) {
        base_text_format(out, "%3zu  ", i + 1);
        call_way_words(c, way->travel->mode, &steps[i], out);
        if (steps[i].turn != GB_TURN_ARRIVE) {
            base_text_add(out, "  ");
            put_m(out, steps[i].metres);
        }
        base_text_add(out, "  [");
        put_m(out, total_m);
        base_text_add(out, "]\n");
        total_m += steps[i].metres;
    }
}

static void put_words(const call *c, base_text *out, const char *english)
{
    base_text_html(out, call_words(c, english));
}

static void put_cue(const call *c, const call_way *way, size_t i,
                    const gb_roads_step *step, const int32_t totals[2],
                    base_text *out)
{
    base_text turn;

    base_text_init(&turn, c->mem);
    call_way_turn(c, step, &turn);
    base_text_format(out, "<tr><td class=\"n\">%zu</td><td>", i + 1);
    base_text_html(out, turn.chars ? turn.chars : "");
    base_text_add(out, "</td><td class=\"street\">");
    base_text_html(out, call_way_street(c, step));
    if (step->is_pushed && way->travel->mode == GB_MODE_EBIKE)
        put_words(c, out, GB_N(", pushing the e-bike"));
    base_text_format(out,
                     "</td><td class=\"n\">%ld</td><td class=\"n\">%ld</td>"
                     "<td class=\"n\">",
                     (long)step->metres, (long)totals[0]);
    base_text_real(out, totals[1] / 60.0, 1);
    base_text_add(out, "</td></tr>\n");
    out->is_short = out->is_short || turn.is_short;
    base_text_clear(&turn);
}

/*
 * A page of A4 has 245 mm for rows of 5.7 mm, or 4.3 mm in two halves; more
 * are written as small as it needs, down to what can still be read.
 */
enum { ONE_TABLE = 42, WITH_SKETCH = 31, SMALLEST_PT = 3 };

static double letters_pt(size_t n_rows)
{
    const double pt = (245.0 / (double)n_rows - 0.6) / (1.3 * 0.3528);

    return pt > 8 ? 8 : pt < SMALLEST_PT ? SMALLEST_PT : pt;
}

static void put_cue_table(const call *c, const call_way *way,
                          size_t first, size_t end, int32_t totals[2],
                          base_text *out)
{
    static const struct {
        const char *title;
        bool is_number;
    } columns[] = { { GB_N("no."), true },     { GB_N("turn"), false },
                    { GB_N("street"), false }, { GB_N("metres"), true },
                    { GB_N("total m"), true }, { GB_N("min"), true } };
    const gb_roads_step *steps;
    const size_t n_steps = gb_roads_directions_steps(way->directions, &steps);

    base_text_add(out, "<table class=\"cue\"");
    if (end - first < n_steps) {
        base_text_add(out, " style=\"font-size:");
        base_text_real(out, letters_pt(end - first), 1);
        base_text_add(out, "pt\"");
    }
    base_text_add(out, "><thead><tr>");
    for (size_t k = 0; k < COUNT_OF(columns); k++) {
        base_text_add(out, columns[k].is_number ? "<th class=\"n\">" : "<th>");
        put_words(c, out, columns[k].title);
        base_text_add(out, "</th>");
    }
    base_text_add(out, "</tr></thead>\n<tbody>\n");
    for (size_t i = first; i < end; i++) {
        put_cue(c, way, i, &steps[i], totals, out);
        totals[0] += steps[i].metres;
        totals[1] += steps[i].seconds;
    }
    base_text_add(out, "</tbody></table>\n");
}

/* Where it leads, as a line from the ring to the dot; north is up. */
static void put_sketch(const gb_lonlat *line, size_t n, base_text *out)
{
    const double scale = cos(line[0].lat_deg * 3.14159265358979323846 / 180);
    double west = line[0].lon_deg, east = west;
    double south = line[0].lat_deg, north = south, size, x, y;

    for (size_t i = 1; i < n; i++) {
        west = fmin(west, line[i].lon_deg);
        east = fmax(east, line[i].lon_deg);
        south = fmin(south, line[i].lat_deg);
        north = fmax(north, line[i].lat_deg);
    }
    /* 1000 x 320 units; whichever side is tighter counts. */
    size = fmax((east - west) * scale / 960, (north - south) / 280);
    if (!(size > 0))
        return;
    base_text_add(out, "<svg viewBox=\"0 0 1000 320\"><path class=\"way\" "
                       "d=\"");
    for (size_t i = 0; i < n; i++) {
        x = 500 + (line[i].lon_deg - (west + east) / 2) * scale / size;
        y = 160 - (line[i].lat_deg - (south + north) / 2) / size;
        base_text_add(out, i ? "L" : "M");
        base_text_real(out, x, 1);
        base_text_add(out, " ");
        base_text_real(out, y, 1);
    }
    base_text_add(out, "\"/>");
    for (int end = 0; end < 2; end++) {
        const gb_lonlat *at = &line[end ? n - 1 : 0];

        x = 500 + (at->lon_deg - (west + east) / 2) * scale / size;
        y = 160 - (at->lat_deg - (south + north) / 2) / size;
        base_text_add(out, end ? "<circle class=\"home\" r=\"7\" cx=\""
                               : "<circle class=\"landmark\" r=\"7\" cx=\"");
        base_text_real(out, x, 1);
        base_text_add(out, "\" cy=\"");
        base_text_real(out, y, 1);
        base_text_add(out, "\"/>");
    }
    base_text_add(out, "</svg>\n");
}

void call_way_cue(const call *c, const call_way *way, base_text *out)
{
    const gb_roads_step *steps;
    const gb_lonlat *line;
    const size_t n_points = gb_roads_directions_line(way->directions, &line);
    const size_t n = gb_roads_directions_steps(way->directions, &steps);
    const bool is_halved = n > ONE_TABLE;
    const size_t n_rows = is_halved ? (n + 1) / 2 : n;
    int32_t totals[2] = { 0, 0 };

    report_sheet_head(out, c->ctx->lang, GB_N("Cue sheet"));
    base_text_add(out, "<section>\n<h1>");
    base_text_html(out, steps[0].name[0] ? call_way_street(c, &steps[0])
                                         : call_words(c, GB_N("Cue sheet")));
    if (steps[0].name[0] && steps[n - 1].name[0]) {
        base_text_add(out, " → ");
        base_text_html(out, steps[n - 1].name);
    }
    base_text_add(out, "</h1>\n<p class=\"sub\">");
    put_summary(c, way, out);
    base_text_add(out, "</p>\n");
    if (n <= WITH_SKETCH)
        put_sketch(line, n_points, out);
    base_text_add(out, is_halved ? "<div class=\"halves\">\n" : "<div>\n");
    put_cue_table(c, way, 0, n_rows, totals, out);
    if (is_halved)
        put_cue_table(c, way, n_rows, n, totals, out);
    base_text_add(out, "</div>\n<footer>");
    put_words(c, out, GB_N("Map data © OpenStreetMap contributors, ODbL"));
    base_text_add(out, "</footer>\n</section>\n</body>\n</html>\n");
}
