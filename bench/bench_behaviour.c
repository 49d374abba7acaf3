/*
 * bench_behaviour.c - what it takes to fit MBG/NBD, and whether the truth is
 * found again.
 *
 *   bench_behaviour [CUSTOMERS]      1,000,000
 *
 * Customers are drawn from the model itself, over 40 to 52 weeks.  `days`:
 * their transactions are known by the day, so that many are alike; `any`: by
 * the moment, so that none are.  One thread; CPU seconds.
 */
#include <gridbeat/gridbeat.h>

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double TRUTH[] = { 0.525, 6.183, 0.891, 1.614 }; /* as CDNOW */

typedef struct bench {
    gb_context *ctx;
    uint64_t state;
    size_t n;
    double *x, *t_x, *T;
} bench;

static double cpu_s(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* Above 0, below 1, by a multiplicative generator: the same anywhere. */
static double chance(bench *b)
{
    b->state = b->state * 6364136223846793005u + 1442695040888963407u;
    return ((double)(b->state >> 12) + 0.5) / 4503599627370496.0;
}

static double normal(bench *b)
{
    return sqrt(-2 * log(chance(b))) * cos(2 * acos(-1) * chance(b));
}

/* G. Marsaglia, W. Tsang, ACM TOMS 26 (2000), doi:10.1145/358407.358414. */
static double gamma_of(bench *b, double shape)
{
    const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
    double z, v;

    do {
        z = normal(b);
        v = pow(1 + z / sqrt(9 * d), 3);
    } while (v <= 0 || log(chance(b)) > 0.5 * z * z + d - d * v + d * log(v));
    return d * v * (shape < 1 ? pow(chance(b), 1 / shape) : 1);
}

static void draw(bench *b, size_t i, double unit)
{
    const double rate = gamma_of(b, TRUTH[0]) / TRUTH[1];
    const double u = gamma_of(b, TRUTH[2]), v = gamma_of(b, TRUTH[3]);
    const double T = floor((40 + 12 * chance(b)) * unit) / unit;
    double t = 0;

    b->x[i] = b->t_x[i] = 0;
    b->T[i] = T;
    while (chance(b) >= u / (u + v)) {
        t -= log(chance(b)) / rate;
        if (!(t < T))
            break;
        b->t_x[i] = floor(t * unit) / unit;
        b->x[i]++;
    }
}

static int measure(bench *b, const char *name, double unit)
{
    const gb_behaviour_rows rows
        = { sizeof rows, b->n, b->x, b->t_x, b->T, NULL };
    gb_behaviour_model m = GB_BEHAVIOUR_MODEL_INIT;
    gb_behaviour_outlook out = GB_BEHAVIOUR_OUTLOOK_INIT;
    double began_s;

    b->state = 1;
    for (size_t i = 0; i < b->n; i++)
        draw(b, i, unit);
    began_s = cpu_s();
    if (gb_behaviour_fit(b->ctx, GB_BEHAVIOUR_MBGNBD, &rows, NULL, &m)) {
        fprintf(stderr, "%s\n", gb_last_error(b->ctx));
        return 1;
    }
    printf("behaviour.%s.fit.cpu %.3f s\n", name, cpu_s() - began_s);
    printf("behaviour.%s.distinct %llu rows\n", name,
           (unsigned long long)m.n_distinct);
    printf("behaviour.%s.evaluations %u sums\n", name, m.n_evaluations);
    printf("behaviour.%s.converged %d -\n", name, m.is_converged);
    for (int p = 0; p < 4; p++)
        printf("behaviour.%s.%s %lld thousandths\n", name,
               gb_behaviour_param(m.kind, (size_t)p),
               (long long)llround(1000 * m.params[p]));
    out.p_any = b->T; /* the ages have done */
    began_s = cpu_s();
    (void)gb_behaviour_predict(b->ctx, &m, &rows, 13, &out);
    printf("behaviour.%s.predict.cpu %.3f s\n", name, cpu_s() - began_s);
    return 0;
}

int main(int argc, char **argv)
{
    bench b = { .n = argc > 1 ? strtoull(argv[1], NULL, 10) : 1000000 };
    int code = 2;

    b.x = malloc(b.n * sizeof *b.x);
    b.t_x = malloc(b.n * sizeof *b.t_x);
    b.T = malloc(b.n * sizeof *b.T);
    if (b.x && b.t_x && b.T && gb_context_new(NULL, &b.ctx) == GB_OK) {
        code = measure(&b, "days", 7);
        if (!code)
            code = measure(&b, "any", 1e9);
    }
    gb_context_free(b.ctx);
    free(b.x);
    free(b.t_x);
    free(b.T);
    return code;
}
