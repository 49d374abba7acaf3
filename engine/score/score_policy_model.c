/*
 * score_policy_model.c - what each action would bring, from means of strata
 * that lean on the action at large.
 *
 * Sums are kept by fold, so that those of the other folds are all less one.
 */
#include "score_policy.h"

#include "base_rng.h"

typedef struct sums {
    double *rewards, *rows; /* folds x strata x actions, then totals of each */
    double *action_rewards, *action_rows; /* folds x actions, and totals */
    double *fold_rewards, *fold_rows;     /* folds, and the total */
} sums;

typedef struct model {
    const gb_policy_log *log;
    const uint32_t *strata;
    size_t n_strata, n_actions, n_folds;
    double strength;
    uint16_t *folds; /* of rows */
    sums s;
} model;

static void clear(base_mem *mem, model *m)
{
    base_free(mem, m->folds);
    base_free(mem, m->s.rewards);
    base_free(mem, m->s.rows);
    base_free(mem, m->s.action_rewards);
    base_free(mem, m->s.action_rows);
    base_free(mem, m->s.fold_rewards);
    base_free(mem, m->s.fold_rows);
}

static double *zeros(base_run *run, size_t n_parts, size_t n, size_t m)
{
    size_t total;

    if (__builtin_mul_overflow(n, m, &total)
        || __builtin_mul_overflow(total, n_parts, &total))
        return NULL;
    return base_alloc_zeroed(run->mem, total, sizeof(double));
}

static gb_status prepare(base_run *run, model *m)
{
    const size_t n_parts = m->n_folds + 1;
    sums *s = &m->s;

    m->folds = base_alloc_array(run->mem, m->log->n, sizeof *m->folds);
    s->rewards = zeros(run, n_parts, m->n_strata, m->n_actions);
    s->rows = zeros(run, n_parts, m->n_strata, m->n_actions);
    s->action_rewards = zeros(run, n_parts, 1, m->n_actions);
    s->action_rows = zeros(run, n_parts, 1, m->n_actions);
    s->fold_rewards = zeros(run, n_parts, 1, 1);
    s->fold_rows = zeros(run, n_parts, 1, 1);
    return m->folds && s->rewards && s->rows && s->action_rewards
                   && s->action_rows && s->fold_rewards && s->fold_rows
               ? GB_OK
               : base_fail_nomem(run->ctx);
}

static size_t stratum_of(const model *m, size_t i)
{
    return m->strata ? m->strata[i] : 0;
}

static void add_to(model *m, size_t part, size_t i)
{
    const size_t action = m->log->actions[i];
    const size_t in_part = part * m->n_actions + action;
    const size_t cell
        = (part * m->n_strata + stratum_of(m, i)) * m->n_actions + action;
    const double reward = m->log->rewards[i];

    m->s.rewards[cell] += reward;
    m->s.rows[cell] += 1;
    m->s.action_rewards[in_part] += reward;
    m->s.action_rows[in_part] += 1;
    m->s.fold_rewards[part] += reward;
    m->s.fold_rows[part] += 1;
}

static gb_status add_all(base_run *run, model *m, uint64_t seed)
{
    gb_status status = GB_OK;

    for (size_t i = 0; i < m->log->n && !status; i++) {
        const size_t unit = m->log->units ? m->log->units[i] : i;
        base_rng rng = base_rng_stream(seed, unit);

        m->folds[i] = (uint16_t)base_rng_below(&rng, m->n_folds);
        add_to(m, m->folds[i], i);
        add_to(m, m->n_folds, i);
        status = base_poll(run);
    }
    return status;
}

/* A sum over the folds that a row is not in; with one fold, over all. */
static double others(const model *m, const double *sum, size_t width,
                     size_t fold, size_t at)
{
    const double total = sum[m->n_folds * width + at];

    return m->n_folds == 1 ? total : total - sum[fold * width + at];
}

static double drawn(double sum, double n, double strength, double towards)
{
    return (sum + strength * towards) / (n + strength);
}

static void foretell(const model *m, size_t i, double *expected)
{
    const size_t fold = m->folds[i];
    const size_t width = m->n_strata * m->n_actions;
    const double n = others(m, m->s.fold_rows, 1, fold, 0);
    const double mean
        = n > 0 ? others(m, m->s.fold_rewards, 1, fold, 0) / n : 0;

    for (size_t a = 0; a < m->n_actions; a++) {
        const size_t at = stratum_of(m, i) * m->n_actions + a;
        const double action
            = drawn(others(m, m->s.action_rewards, m->n_actions, fold, a),
                    others(m, m->s.action_rows, m->n_actions, fold, a),
                    m->strength, mean);

        expected[a] = drawn(others(m, m->s.rewards, width, fold, at),
                            others(m, m->s.rows, width, fold, at),
                            m->strength, action);
    }
}

gb_status score_policy_model(base_run *run, const gb_policy_log *log,
                             const uint32_t *strata, uint32_t n_strata,
                             const gb_policy_model_options *options,
                             double *expected)
{
    model m = { .log = log, .strata = strata,
                .n_strata = strata ? n_strata : 1,
                .n_actions = log->n_actions, .n_folds = options->n_folds,
                .strength = options->strength };
    gb_status status = prepare(run, &m);

    if (!status)
        status = add_all(run, &m, options->seed);
    for (size_t i = 0; i < log->n && !status; i++) {
        foretell(&m, i, expected + i * log->n_actions);
        status = base_poll(run);
    }
    clear(run->mem, &m);
    return status;
}
