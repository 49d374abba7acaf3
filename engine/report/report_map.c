/*
 * report_map.c - see report_map.h.
 */
#include "report_map.h"

#include <sodium.h>
#include <string.h>

extern const unsigned char gb_leaflet_js[];
extern const unsigned char gb_leaflet_css[];
extern const unsigned char gb_map_js[];
extern const unsigned char gb_map_css[];
extern const unsigned char gb_map_texts[];

/* 'sha256-...' of an inline element's content, for the policy. */
static void add_hash(base_text *page, const base_text *content)
{
    unsigned char hash[crypto_hash_sha256_BYTES];
    char base64[sodium_base64_ENCODED_LEN(crypto_hash_sha256_BYTES,
                                          sodium_base64_VARIANT_ORIGINAL)];

    crypto_hash_sha256(hash, (const unsigned char *)content->chars,
                       content->n);
    sodium_bin2base64(base64, sizeof base64, hash, sizeof hash,
                      sodium_base64_VARIANT_ORIGINAL);
    base_text_format(page, " 'sha256-%s'", base64);
}

/* A browser drops carriage returns before it hashes: so do we. */
static void add_plain(base_text *text, const char *from, size_t n)
{
    for (const char *end = from + n; from < end;) {
        const char *cr = memchr(from, '\r', (size_t)(end - from));
        const char *stop = cr ? cr : end;

        base_text_append(text, from, (size_t)(stop - from));
        from = stop + (cr != NULL);
    }
}

/* The vendored file up to a mark: its source map is not for a page. */
static void add_until(base_text *text, const unsigned char *bytes,
                      const char *mark)
{
    const char *from = (const char *)bytes;
    const char *end = strstr(from, mark);

    add_plain(text, from, end ? (size_t)(end - from) : strlen(from));
}

/* Leaflet's styles name images that a page of one file does not have. */
static void add_without_images(base_text *text, const unsigned char *bytes)
{
    static const char open[] = "url(images/";
    const char *from = (const char *)bytes;

    for (;;) {
        const char *url = strstr(from, open);
        const char *close = url ? strchr(url, ')') : NULL;

        if (!close) {
            add_plain(text, from, strlen(from));
            return;
        }
        add_plain(text, from, (size_t)(url - from));
        base_text_add(text, "none");
        from = close + 1;
    }
}

enum { LEAFLET_CSS, PAGE_CSS, LEAFLET_JS, PAGE_JS, N_PARTS };

static void fill_parts(base_text parts[N_PARTS], base_mem *mem)
{
    for (size_t i = 0; i < N_PARTS; i++)
        base_text_init(&parts[i], mem);
    add_without_images(&parts[LEAFLET_CSS], gb_leaflet_css);
    base_text_add(&parts[PAGE_CSS], (const char *)gb_map_css);
    add_until(&parts[LEAFLET_JS], gb_leaflet_js, "//# sourceMappingURL");
    base_text_add(&parts[PAGE_JS], (const char *)gb_map_js);
}

static void add_element(base_text *page, const char *open,
                        const base_text *content, const char *close)
{
    base_text_add(page, open);
    base_text_append(page, content->chars, content->n);
    base_text_add(page, close);
}

static void add_head(base_text *page, const base_text parts[N_PARTS],
                     const char *lang)
{
    base_text_format(page,
                     "<!doctype html>\n<html lang=\"%s\">\n<head>\n"
                     "<meta charset=\"utf-8\">\n"
                     "<meta name=\"viewport\" content=\"width=device-width, "
                     "initial-scale=1\">\n"
                     "<meta http-equiv=\"Content-Security-Policy\" content=\""
                     "default-src 'none'; img-src data:; script-src",
                     lang);
    add_hash(page, &parts[LEAFLET_JS]);
    add_hash(page, &parts[PAGE_JS]);
    base_text_add(page, "; style-src");
    add_hash(page, &parts[LEAFLET_CSS]);
    add_hash(page, &parts[PAGE_CSS]);
    base_text_add(page, "\">\n<title>gridbeat</title>\n");
    add_element(page, "<style>", &parts[LEAFLET_CSS], "</style>\n");
    add_element(page, "<style>", &parts[PAGE_CSS], "</style>\n");
}

gb_status report_map_page(report_data *data, const gb_roads *roads,
                          base_text *page)
{
    gb_context *ctx = data->run->ctx;
    base_text parts[N_PARTS], json;
    gb_status status;

    base_text_init(&json, ctx->mem);
    status = report_map_data(data, roads, &json);
    fill_parts(parts, ctx->mem);
    for (size_t i = 0; i < N_PARTS && !status; i++)
        if (parts[i].is_short)
            status = base_fail_nomem(ctx);
    if (!status) {
        add_head(page, parts, base_lang_name(ctx->lang));
        base_text_add(page, "</head>\n<body>\n<div id=\"map\"></div>\n"
                            "<div id=\"panel\"></div>\n");
        add_element(page, "<script type=\"application/json\" id=\"data\">",
                    &json, "</script>\n");
        base_text_add(page,
                      "<script type=\"application/json\" id=\"texts\">");
        base_text_add(page, (const char *)gb_map_texts);
        base_text_add(page, "</script>\n");
        add_element(page, "<script>", &parts[LEAFLET_JS], "</script>\n");
        add_element(page, "<script>", &parts[PAGE_JS], "</script>\n");
        base_text_add(page, "</body>\n</html>\n");
    }
    for (size_t i = 0; i < N_PARTS; i++)
        base_text_clear(&parts[i]);
    base_text_clear(&json);
    return status;
}
