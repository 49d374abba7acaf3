/*
 * call_picture.c - the picture of call_surface.h, by libpng.
 *
 * libpng reports errors by longjmp: it is called from one function alone,
 * which owns nothing that has to be released but libpng's own.
 */
#include "call_surface.h"

#include <math.h>
#include <png.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

#include "report_file.h"

enum {
    BOX_WIDTH = 28, BOX_HEIGHT = 18, MARGIN = 8, SCALE = 2, /* of the legend */
    GLYPH_WIDTH = 5, GLYPH_HEIGHT = 7, LABEL = 12 /* glyphs */
};

/* ColorBrewer's YlOrBr of seven, as the map page has it. */
static const uint8_t ramp[CALL_CLASSES][3]
    = { { 0xff, 0xf7, 0xbc }, { 0xfe, 0xe3, 0x91 }, { 0xfe, 0xc4, 0x4f },
        { 0xfe, 0x99, 0x29 }, { 0xec, 0x70, 0x14 }, { 0xcc, 0x4c, 0x02 },
        { 0x8c, 0x2d, 0x04 } };

typedef struct picture {
    uint32_t width, height;
    uint8_t *pixels; /* RGBA, rows from the top */
} picture;

static void append_bytes(png_structp png, png_bytep bytes, size_t n)
{
    base_text_append(png_get_io_ptr(png), (const char *)bytes, n);
}

static void flush_nothing(png_structp png)
{
    (void)png;
}

static bool encode(const picture *p, base_text *out)
{
    png_structp png
        = png_create_write_struct(PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
    png_infop info = png ? png_create_info_struct(png) : NULL;

    if (!info || setjmp(png_jmpbuf(png))) {
        png_destroy_write_struct(&png, &info);
        return false;
    }
    png_set_write_fn(png, out, append_bytes, flush_nothing);
    png_set_IHDR(png, info, p->width, p->height, 8, PNG_COLOR_TYPE_RGBA,
                 PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                 PNG_FILTER_TYPE_DEFAULT);
    png_write_info(png, info);
    for (uint32_t y = 0; y < p->height; y++)
        png_write_row(png, p->pixels + (size_t)y * p->width * 4);
    png_write_end(png, NULL);
    png_destroy_write_struct(&png, &info);
    return true;
}

static gb_status write_picture(gb_context *ctx, const picture *p,
                               const char *path)
{
    base_text bytes;
    gb_status status;

    base_text_init(&bytes, ctx->mem);
    if (encode(p, &bytes))
        status = report_file_write(ctx, path, &bytes);
    else
        status = base_fail(ctx, GB_ERR_LIBRARY,
                           "%s: libpng cannot make a picture of %u x %u",
                           path, p->width, p->height);
    base_text_clear(&bytes);
    return status;
}

static void put_pixel(const picture *p, uint32_t x, uint32_t y,
                      const uint8_t colour[3])
{
    uint8_t *pixel = p->pixels + ((size_t)y * p->width + x) * 4;

    memcpy(pixel, colour, 3);
    pixel[3] = 255;
}

static void paint(const call_surface *s, const picture *p)
{
    for (uint32_t y = 0; y < p->height; y++)
        for (uint32_t x = 0; x < p->width; x++) {
            const size_t cell
                = (size_t)(p->height - 1 - y) * p->width + x;
            const double part = s->values[cell] / s->highest;

            if (part > 0)
                put_pixel(p, x, y,
                          ramp[(size_t)fmin(part * CALL_CLASSES,
                                            CALL_CLASSES - 1)]);
        }
}

/* A glyph a character of `drawn`: rows from the top, five bits each. */
static const char drawn[] = "0123456789.-+e%/kmpr";
static const uint8_t glyphs[][GLYPH_HEIGHT] = {
    { 14, 17, 19, 21, 25, 17, 14 }, { 4, 12, 4, 4, 4, 4, 14 },
    { 14, 17, 1, 2, 4, 8, 31 },     { 31, 2, 4, 2, 1, 17, 14 },
    { 2, 6, 10, 18, 31, 2, 2 },     { 31, 16, 30, 1, 1, 17, 14 },
    { 6, 8, 16, 30, 17, 17, 14 },   { 31, 1, 2, 4, 8, 8, 8 },
    { 14, 17, 17, 14, 17, 17, 14 }, { 14, 17, 17, 15, 1, 2, 12 },
    { 0, 0, 0, 0, 0, 12, 12 },      { 0, 0, 0, 31, 0, 0, 0 },
    { 0, 4, 4, 31, 4, 4, 0 },       { 0, 0, 14, 17, 31, 16, 14 },
    { 24, 25, 2, 4, 8, 19, 3 },     { 1, 1, 2, 4, 8, 16, 16 },
    { 16, 16, 18, 20, 24, 20, 18 }, { 0, 0, 26, 21, 21, 21, 21 },
    { 0, 0, 30, 17, 30, 16, 16 },   { 0, 0, 22, 25, 16, 16, 16 },
};

static void draw_text(const picture *p, uint32_t x, uint32_t y,
                      const char *text)
{
    static const uint8_t ink[3] = { 0x22, 0x22, 0x22 };

    for (; *text; text++, x += (GLYPH_WIDTH + 1) * SCALE) {
        const char *at = strchr(drawn, *text);

        for (uint32_t i = 0; at && i < GLYPH_WIDTH * SCALE; i++)
            for (uint32_t j = 0; j < GLYPH_HEIGHT * SCALE; j++)
                if (glyphs[at - drawn][j / SCALE]
                    >> (GLYPH_WIDTH - 1 - i / SCALE) & 1)
                    put_pixel(p, x + i, y + j, ink);
    }
}

/* Three digits; shares as percents. */
static void label_of(const call_surface *s, int border, base_text *label)
{
    const bool is_share = strcmp(s->unit, "share") == 0;
    const double value = s->highest * s->factor * border / CALL_CLASSES
                         * (is_share ? 100 : 1);
    const double size = fabs(value);

    base_text_reset(label);
    base_text_real(label, value, size >= 100 || border == 0 ? 0
                                 : size >= 10 ? 1 : size >= 1 ? 2 : 4);
    base_text_add(label, is_share ? "%" : "/km2");
}

/* Boxes from the highest down, each with its upper border; 0 below all. */
static gb_status write_legend(gb_context *ctx, const call_surface *s,
                              const char *path)
{
    static const uint8_t paper[3] = { 255, 255, 255 };
    const uint32_t text_x = 2 * MARGIN + BOX_WIDTH;
    picture p = { .width = text_x + LABEL * (GLYPH_WIDTH + 1) * SCALE + MARGIN,
                  .height = 2 * MARGIN + (CALL_CLASSES + 1) * BOX_HEIGHT };
    base_text label;
    gb_status status;

    p.pixels = base_alloc_zeroed(ctx->mem, (size_t)p.width * p.height, 4);
    if (!p.pixels)
        return base_fail_nomem(ctx);
    base_text_init(&label, ctx->mem);
    for (uint32_t i = 0; i < p.width * p.height; i++)
        put_pixel(&p, i % p.width, i / p.width, paper);
    for (uint32_t k = 0; k <= CALL_CLASSES; k++) {
        const uint32_t top = MARGIN + k * BOX_HEIGHT;

        for (uint32_t i = 0; k < CALL_CLASSES && i < BOX_WIDTH * BOX_HEIGHT;
             i++)
            put_pixel(&p, MARGIN + i % BOX_WIDTH,
                      top + BOX_HEIGHT / 2 + i / BOX_WIDTH,
                      ramp[CALL_CLASSES - 1 - k]);
        label_of(s, (int)(CALL_CLASSES - k), &label);
        if (!label.is_short)
            draw_text(&p, text_x, top + 2, label.chars);
    }
    status = label.is_short ? base_fail_nomem(ctx)
                            : write_picture(ctx, &p, path);
    base_text_clear(&label);
    base_free(ctx->mem, p.pixels);
    return status;
}

/* Lines: step, 0, 0, -step, x and y of the first pixel's middle. */
static void fill_world_file(const gb_raster *r, base_text *text)
{
    const double numbers[]
        = { r->step_m, 0, 0, -r->step_m, r->x0_m,
            r->y0_m + r->step_m * ((double)r->n_y - 1) };

    for (size_t i = 0; i < 6; i++) {
        base_text_exact(text, numbers[i]);
        base_text_add(text, "\n");
    }
}

/* The path with another end. */
static char *beside(gb_context *ctx, const char *path, const char *end)
{
    const size_t n = strlen(path);
    base_text text;

    base_text_init(&text, ctx->mem);
    base_text_append(&text, path,
                     n > 4 && strcmp(path + n - 4, ".png") == 0 ? n - 4 : n);
    base_text_add(&text, end);
    return base_text_take(&text);
}

static gb_status write_beside(gb_context *ctx, const call_surface *s,
                              const char *path)
{
    char *world = beside(ctx, path, ".pgw");
    char *legend = beside(ctx, path, ".legend.png");
    base_text text;
    gb_status status;

    base_text_init(&text, ctx->mem);
    fill_world_file(s->raster, &text);
    status = world && legend ? report_file_write(ctx, world, &text)
                             : base_fail_nomem(ctx);
    if (!status)
        status = write_legend(ctx, s, legend);
    base_text_clear(&text);
    base_free(ctx->mem, world);
    base_free(ctx->mem, legend);
    return status;
}

gb_status call_surface_png(gb_context *ctx, const call_surface *s,
                             const char *path)
{
    picture p = { .width = s->raster->n_x, .height = s->raster->n_y };
    gb_status status;

    p.pixels = base_alloc_zeroed(ctx->mem, (size_t)p.width * p.height, 4);
    if (!p.pixels)
        return base_fail_nomem(ctx);
    if (s->highest > 0)
        paint(s, &p);
    status = write_picture(ctx, &p, path);
    if (!status)
        status = write_beside(ctx, s, path);
    base_free(ctx->mem, p.pixels);
    return status;
}
