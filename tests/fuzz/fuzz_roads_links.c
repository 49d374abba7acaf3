/*
 * A bank's own map from any bytes: the first byte is the datum, then come the
 * tables of links, nodes and turns with a zero byte between them; none where
 * there are fewer.  Refused, or arrays that hold together; each row is read
 * once, and told of once at most.
 */
#include "roads_links.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char paths[3][300];

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void remove_files(void)
{
    for (int t = 0; t < 3; t++)
        if (paths[t][0])
            unlink(paths[t]);
}

static void name_files(void)
{
    static const char *const names[] = { "links", "nodes", "turns" };
    const char *folder = getenv("TMPDIR");

    if (paths[0][0])
        return;
    for (int t = 0; t < 3; t++)
        snprintf(paths[t], sizeof paths[t], "%s/fuzz_%s_%ld.csv",
                 folder ? folder : "/tmp", names[t], (long)getpid());
    atexit(remove_files);
}

static void write_table(const char *path, const uint8_t *data, size_t size)
{
    FILE *file = fopen(path, "wb");

    must(file && fwrite(data, 1, size, file) == size && fclose(file) == 0);
}

/* The tables that there are. */
static gb_roads_links split(const uint8_t *data, size_t size)
{
    gb_roads_links tables = GB_ROADS_LINKS_INIT;
    const char **to[]
        = { &tables.links_path, &tables.nodes_path, &tables.turns_path };

    tables.datum = size ? data[0] % 5 : 0;
    data += size > 0;
    size -= size > 0;
    for (int t = 0; t < 3; t++) {
        const uint8_t *end = t < 2 ? memchr(data, 0, size) : NULL;
        const size_t n = end ? (size_t)(end - data) : size;

        write_table(paths[t], data, n);
        *to[t] = paths[t];
        if (!end)
            break;
        data += n + 1;
        size -= n + 1;
    }
    return tables;
}

typedef struct teller {
    uint64_t n;
    const char *path;
    uint64_t line;
} teller;

static void on_row(void *user, const char *path, uint64_t line,
                   const char *why)
{
    teller *told = user;

    must(why[0] == 'E' && line > 1);
    must(path != told->path || line > told->line);
    told->path = path;
    told->line = line;
    told->n++;
}

static void check_ways(const roads_source *s)
{
    for (size_t w = 0; w < s->n_ways; w++) {
        const roads_way *way = &s->ways[w];

        must(way->n_refs >= 2 && way->first_ref + way->n_refs <= s->n_refs);
        must(way->kind < s->n_kinds && way->name < s->n_names);
        must(w == 0 || s->ways[w - 1].id < way->id);
        for (uint32_t i = 0; i < way->n_refs; i++) {
            const uint32_t node = s->refs[way->first_ref + i];

            must(node < s->n_nodes);
            must(labs(s->nodes[node].lon) <= 1800000000
                 && labs(s->nodes[node].lat) <= 900000000);
        }
    }
}

static void check_rest(const roads_source *s)
{
    for (size_t b = 0; b < s->n_bans; b++) {
        const roads_ban *ban = &s->bans[b];

        must(ban->from_way < s->n_ways && ban->to_way < s->n_ways);
        must(ban->via_node < s->n_nodes || ban->n_vias > 0);
        must(ban->first_via + ban->n_vias <= s->n_via_ways);
        must(ban->modes && !(ban->modes & 1));
    }
    for (size_t i = 0; i < s->n_via_ways; i++)
        must(s->via_ways[i] < s->n_ways);
    for (size_t l = 0; l < s->lines.n; l++)
        must(s->lines.first_point[l + 1] - s->lines.first_point[l] >= 2
             && s->lines.classes[l] < GB_LINE_CLASS_COUNT);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    gb_context *ctx = NULL;
    gb_roads_links tables;
    gb_roads_report report = { 0 };
    roads_source source;
    teller told = { 0 };
    base_run run;
    gb_status status;

    if (gb_context_new(NULL, &ctx) != GB_OK)
        return 0;
    name_files();
    tables = split(data, size);
    base_run_begin(&run, ctx, (base_limits){ 0 });
    status = roads_links_read(&run, &tables, on_row, &told, &source, &report);
    must(told.n == report.refused_rows && told.n <= report.rows_read);
    if (!status) {
        must(source.n_ways > 0);
        check_ways(&source);
        check_rest(&source);
    } else {
        must(status == GB_ERR_PARSE || status == GB_ERR_DATA
             || status == GB_ERR_ARGUMENT);
    }
    roads_source_clear(run.mem, &source);
    gb_context_free(ctx);
    return 0;
}
