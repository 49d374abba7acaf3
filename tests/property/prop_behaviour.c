/*
 * Behaviour models held to what they are made of: a person with a rate and a
 * chance (or rate) to drop out, summed over all persons by plain trapezoids in
 * logs; gradients to differences; and models to the truth they were drawn from.
 */
#include "base_rng.h"
#include "score_behaviour.h"

#include "test.h"

static double between(base_rng *rng, double low, double high)
{
    return low + (high - low) * base_rng_unit(rng);
}

/* ---- plain sums over persons ---- */

enum { N_RATE = 560, N_OTHER = 560 };

/* What is summed: the likelihood, its part of those alive, and of those what
 * they do within t. */
typedef struct plain {
    double all, alive, any, expected;
} plain;

static void add(plain *sum, double weight, double gone, double alive,
                double any, double expected)
{
    sum->all += weight * (gone + alive);
    sum->alive += weight * alive;
    sum->any += weight * alive * any;
    sum->expected += weight * alive * expected;
}

static double log_gamma_density(double v, double shape, double rate)
{
    return shape * log(rate) + (shape - 1) * log(v) - rate * v
           - behaviour_lgamma(shape);
}

/* One person of BG or MBG; times v's own density by the log: `weight`. */
static void add_bg(plain *sum, bool is_modified, const behaviour_row *row,
                   double t, double rate, double p, double weight)
{
    const double stayed = row->x * log1p(-p) + row->x * log(rate);
    const double alive = exp(stayed - rate * row->T
                             + (is_modified ? log1p(-p) : 0) + weight);
    double gone = exp(stayed - rate * row->t_x + log(p)
                      - (is_modified ? 0 : log1p(-p)) + weight);

    if (!is_modified && row->x < 1)
        gone = 0;
    add(sum, 1, gone, alive, -expm1(-rate * t), -expm1(-rate * p * t) / p);
}

static void add_pareto(plain *sum, const behaviour_row *row, double t,
                       double rate, double drop, double weight)
{
    const double both = rate + drop;
    const double gone = exp(row->x * log(rate) + log(drop / both)
                            - both * row->t_x + weight)
                        * -expm1(-both * (row->T - row->t_x));
    const double alive = exp(row->x * log(rate) - both * row->T + weight);

    add(sum, 1, gone, alive, rate / both * -expm1(-both * t),
        rate / drop * -expm1(-drop * t));
}

static plain sum_persons(int32_t kind, const double q[4],
                         const behaviour_row *row, double t)
{
    const double h = 0.1, g = 0.15;
    plain sum = { 0, 0, 0, 0 };

    for (int i = 0; i < N_RATE; i++) {
        const double rate = exp(-48 + i * h);
        const double w = log_gamma_density(rate, q[0], q[1]) + log(rate * h);

        if (w < -60)
            continue;
        for (int j = 0; j < N_OTHER; j++) {
            const double u = (j - N_OTHER / 2) * g;

            if (kind == GB_BEHAVIOUR_PARETONBD) {
                const double drop = exp(u - 6);

                add_pareto(&sum, row, t, rate, drop,
                           w + log_gamma_density(drop, q[2], q[3])
                               + log(drop * g));
            } else {
                const double p = 1 / (1 + exp(-u)), rest = 1 / (1 + exp(u));

                if (p < 1) /* the rest is below rounding */
                    add_bg(&sum, kind == GB_BEHAVIOUR_MBGNBD, row, t, rate, p,
                           w + q[2] * log(p) + q[3] * log(rest) + log(g)
                               + behaviour_lgamma(q[2] + q[3])
                               - behaviour_lgamma(q[2])
                               - behaviour_lgamma(q[3]));
            }
        }
    }
    return sum;
}

static behaviour_row random_row(base_rng *rng)
{
    behaviour_row row = { (double)base_rng_below(rng, 12), 0,
                          between(rng, 5, 60) };

    if (base_rng_chance(rng, 0.3))
        row.x = 0;
    if (row.x > 0)
        row.t_x = row.T * (base_rng_chance(rng, 0.1)
                               ? 1 : base_rng_unit(rng));
    return row;
}

static void random_params(base_rng *rng, int32_t kind, double q[4])
{
    q[0] = exp(between(rng, -0.7, 1.2));
    q[1] = exp(between(rng, 0, 3.5));
    q[2] = exp(between(rng, -0.5, 1.2));
    q[3] = exp(kind == GB_BEHAVIOUR_PARETONBD ? between(rng, 0, 3.5)
                                              : between(rng, -0.5, 1.5));
}

START_TEST(likelihood_and_outlook_are_those_of_all_persons_summed)
{
    const int32_t kind = _i;
    base_rng rng = base_rng_stream(test_seed(), (uint64_t)_i);

    for (int n = 0; n < test_cases(15); n++) {
        const behaviour_row row = random_row(&rng);
        const double t = between(&rng, 0.5, 40);
        behaviour_per_x of_x;
        double q[4], alive, ll;
        plain sum;

        random_params(&rng, kind, q);
        sum = sum_persons(kind, q, &row, t);
        behaviour_of_x(kind, q, row.x, false, &of_x);
        ll = behaviour_loglik(kind, q, &of_x, &row, 1, NULL, &alive);
        assert_near(ll, log(sum.all), 1e-7);
        assert_near(alive, sum.alive / sum.all, 1e-7);
        assert_near(behaviour_any(kind, q, &row, t), sum.any / sum.alive,
                    1e-6);
        assert_near(behaviour_expected(kind, q, &row, t)
                        / (sum.expected / sum.alive), 1, 1e-5);
    }
}
END_TEST

START_TEST(amounts_are_those_of_all_persons_summed)
{
    base_rng rng = base_rng_seeded(test_seed());

    for (int n = 0; n < test_cases(30); n++) {
        const double q[4] = { exp(between(&rng, 0, 2)),
                              exp(between(&rng, 0.5, 2)),
                              exp(between(&rng, 0, 4)), 0 };
        const behaviour_row row = { 1 + (double)base_rng_below(&rng, 9), 0,
                                    exp(between(&rng, -1, 5)) };
        double all = 0, mean = 0;
        behaviour_per_x of_x;

        /* nu: the rate of a person's amounts, whose mean is p / nu. */
        for (int i = 0; i < 2000; i++) {
            const double nu = exp(-40 + i * 0.03);
            const double w
                = exp(log_gamma_density(nu, q[1], q[2])
                      + log_gamma_density(row.T, q[0] * row.x, nu * row.x)
                      + log(nu * 0.03));

            all += w;
            mean += w * q[0] / nu;
        }
        behaviour_of_x(GB_BEHAVIOUR_GAMMAGAMMA, q, row.x, false, &of_x);
        assert_near(behaviour_loglik(GB_BEHAVIOUR_GAMMAGAMMA, q, &of_x, &row,
                                     1, NULL, NULL), log(all), 1e-8);
        assert_near(behaviour_spend(q, row.x, row.T) / (mean / all), 1, 1e-8);
    }
}
END_TEST

/* ---- gradients ---- */

static double loglik_at(int32_t kind, const double q[4],
                        const behaviour_row *row, double slope[4])
{
    behaviour_per_x of_x;

    behaviour_of_x(kind, q, row->x, slope != NULL, &of_x);
    return behaviour_loglik(kind, q, &of_x, row, 1, slope, NULL);
}

START_TEST(gradients_are_those_of_differences)
{
    const int32_t kind = _i;
    base_rng rng = base_rng_stream(test_seed(), 10 + (uint64_t)_i);

    for (int n = 0; n < test_cases(200); n++) {
        behaviour_row row = random_row(&rng);
        double q[4], slope[4] = { 0 };

        random_params(&rng, kind, q);
        if (kind == GB_BEHAVIOUR_GAMMAGAMMA)
            row.x += 1;
        (void)loglik_at(kind, q, &row, slope);
        for (int i = 0; i < (kind == GB_BEHAVIOUR_GAMMAGAMMA ? 3 : 4); i++) {
            const double step = 1e-5 * q[i], was = q[i];
            double up, down;

            q[i] = was + step;
            up = loglik_at(kind, q, &row, NULL);
            q[i] = was - step;
            down = loglik_at(kind, q, &row, NULL);
            q[i] = was;
            assert_near(slope[i] * was, (up - down) / (2 * step) * was,
                        1e-7 * (1 + fabs(up)));
        }
    }
}
END_TEST

/* ---- the truth, planted ---- */

static double gamma_of(base_rng *rng, double shape)
{
    const double d = (shape < 1 ? shape + 1 : shape) - 1.0 / 3;
    double z, v;

    do {
        z = base_rng_normal(rng);
        v = pow(1 + z / sqrt(9 * d), 3);
    } while (v <= 0 || log1p(-base_rng_unit(rng))
                           > 0.5 * z * z + d - d * v + d * log(v));
    return d * v * (shape < 1 ? pow(1 - base_rng_unit(rng), 1 / shape) : 1);
}

static double wait(base_rng *rng, double rate)
{
    return -log1p(-base_rng_unit(rng)) / rate;
}

static void draw_customer(base_rng *rng, int32_t kind, const double q[4],
                          double *x, double *t_x, double *T)
{
    const double rate = gamma_of(rng, q[0]) / q[1];
    const double u = gamma_of(rng, q[2]), v = gamma_of(rng, q[3]);
    const bool is_pareto = kind == GB_BEHAVIOUR_PARETONBD;
    const double ends = is_pareto ? wait(rng, u / q[3]) : HUGE_VAL;
    bool is_gone = kind == GB_BEHAVIOUR_MBGNBD
                   && base_rng_chance(rng, u / (u + v));
    double t = 0;

    *x = *t_x = 0;
    *T = between(rng, 30, 60);
    while (!is_gone) {
        t += wait(rng, rate);
        if (t > *T || t > ends)
            break;
        *t_x = t;
        ++*x;
        is_gone = !is_pareto && base_rng_chance(rng, u / (u + v));
    }
}

enum { N_DRAWN = 20000 };
static double drawn_x[N_DRAWN], drawn_t[N_DRAWN], drawn_T[N_DRAWN];
static double drawn_m[N_DRAWN];

START_TEST(a_model_finds_the_truth_it_was_drawn_from)
{
    static const double truth[][4] = {
        { 0.6, 5, 0.8, 2.4 }, { 0.8, 6, 0.9, 1.6 }, { 0.7, 9, 0.7, 10 },
        { 6, 4, 15, 0 }
    };
    const int32_t kind = _i;
    const double *q = truth[kind];
    const gb_behaviour_rows rows = { sizeof rows, N_DRAWN, drawn_x, drawn_t,
                                     drawn_T, drawn_m };
    gb_behaviour_model m = GB_BEHAVIOUR_MODEL_INIT, true_model = m;
    gb_context *ctx = test_context();
    base_rng rng = base_rng_stream(test_seed(), 20 + (uint64_t)_i);
    double at_truth;

    for (size_t i = 0; i < N_DRAWN; i++) {
        if (kind != GB_BEHAVIOUR_GAMMAGAMMA) {
            draw_customer(&rng, kind, q, &drawn_x[i], &drawn_t[i],
                          &drawn_T[i]);
            continue;
        }
        drawn_x[i] = 1 + (double)base_rng_below(&rng, 5);
        drawn_m[i] = gamma_of(&rng, q[0] * drawn_x[i])
                     / (drawn_x[i] * gamma_of(&rng, q[1]) / q[2]);
    }
    true_model.kind = kind;
    memcpy(true_model.params, q, sizeof true_model.params);
    assert_ok(ctx, gb_behaviour_fit(ctx, kind, &rows, NULL, &m));
    assert_ok(ctx, gb_behaviour_loglik(ctx, &true_model, &rows, NULL,
                                       &at_truth, NULL));
    ck_assert(m.is_converged);
    /* Twice the gain is chi-squared with at most 4 degrees of freedom: above
     * 18 in one of 800 runs. */
    ck_assert_double_ge(m.loglik, at_truth - 1e-6);
    ck_assert_double_lt(m.loglik - at_truth, 9);
    for (int i = 0; i < (kind == GB_BEHAVIOUR_GAMMAGAMMA ? 3 : 4); i++)
        ck_assert_msg(fabs(log(m.params[i] / q[i])) < 0.35,
                      "parameter %d: %g, not %g", i, m.params[i], q[i]);
    gb_context_free(ctx);
}
END_TEST

Suite *test_suite(void)
{
    Suite *suite = suite_create("behaviour");
    TCase *t = tcase_create("all");

    tcase_set_timeout(t, 240);
    tcase_add_loop_test(
        t, likelihood_and_outlook_are_those_of_all_persons_summed, 0, 3);
    tcase_add_test(t, amounts_are_those_of_all_persons_summed);
    tcase_add_loop_test(t, gradients_are_those_of_differences, 0, 4);
    tcase_add_loop_test(t, a_model_finds_the_truth_it_was_drawn_from, 0, 4);
    suite_add_tcase(suite, t);
    return suite;
}
