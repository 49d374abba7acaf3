/*
 * lp.c - see lp.h.
 *
 * GLPK 5.0.  Between setjmp() and the end of the worker nothing is allocated
 * but by GLPK itself, and all that is needed after a jump lives in the job.
 * A cancel during the simplex has no door of its own: GLPK tells its progress
 * to the terminal hook every TELL_MS, and from there the jump is taken.
 */
#include "lp.h"

#include <errno.h>
#include <glpk.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <string.h>
#include <time.h>

enum { TELL_MS = 20, LINE = 256 };

typedef enum answer {
    ANSWER_BROKEN,    /* an error jumped out of GLPK */
    ANSWER_STOPPED,
    ANSWER_INFEASIBLE,
    ANSWER_UNBOUNDED,
    ANSWER_REFUSED,
    ANSWER_DONE
} answer;

typedef struct job {
    const lp_problem *problem;
    int time_limit_ms;
    double gap;
    lp_result *result;
    int *columns;         /* of one row, GLPK's way: from 1 */
    double *coefficients;

    jmp_buf escape;
    answer answer;
    char line[LINE], line_before[LINE]; /* GLPK's last words */
    double tree_bound;
    bool has_tree_bound;

    atomic_bool stop;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool is_ended;
} job;

/* --- on the worker thread ------------------------------------------------ */

static int hear(void *info, const char *words)
{
    job *j = info;

    if (words[strspn(words, " \n")] != '\0') {
        memcpy(j->line_before, j->line, LINE);
        memset(j->line, 0, LINE);
        strncpy(j->line, words, LINE - 1);
        j->line[strcspn(j->line, "\n")] = '\0';
    }
    if (atomic_load(&j->stop)) {
        j->answer = ANSWER_STOPPED;
        longjmp(j->escape, 1);
    }
    return 1; /* nothing goes to the terminal */
}

static void escape(void *info)
{
    job *j = info;

    /* The line before is the reason; the last names a file of GLPK's. */
    j->answer = ANSWER_BROKEN;
    memcpy(j->line, j->line_before, LINE);
    longjmp(j->escape, 1);
}

static void watch_tree(glp_tree *tree, void *info)
{
    job *j = info;
    const int node = glp_ios_best_node(tree);

    if (node) {
        j->tree_bound = glp_ios_node_bound(tree, node);
        j->has_tree_bound = true;
    }
    if (atomic_load(&j->stop))
        glp_ios_terminate(tree);
}

static int kind_of_bounds(double lower, double upper)
{
    const bool has_lower = lower > -(double)INFINITY;
    const bool has_upper = upper < (double)INFINITY;

    if (has_lower && has_upper)
        return lower < upper || lower > upper ? GLP_DB : GLP_FX;
    return has_lower ? GLP_LO : has_upper ? GLP_UP : GLP_FR;
}

static void load_columns(const lp_problem *p, glp_prob *lp)
{
    glp_add_cols(lp, (int)p->n_columns);
    for (size_t c = 0; c < p->n_columns; c++) {
        const double lower = p->lower ? p->lower[c] : 0;
        const double upper = p->upper ? p->upper[c] : (double)INFINITY;

        glp_set_obj_coef(lp, (int)c + 1, p->cost[c]);
        if (p->is_binary && p->is_binary[c])
            glp_set_col_kind(lp, (int)c + 1, GLP_BV);
        else
            glp_set_col_bnds(lp, (int)c + 1, kind_of_bounds(lower, upper),
                             lower, upper);
    }
}

static void load_rows(job *j, glp_prob *lp)
{
    const lp_problem *p = j->problem;

    if (p->n_rows > 0)
        glp_add_rows(lp, (int)p->n_rows);
    for (size_t r = 0; r < p->n_rows; r++) {
        int n = 0;

        for (size_t i = p->first[r]; i < p->first[r + 1]; i++) {
            n++;
            /* What does not fit an int is out of range for GLPK as well. */
            j->columns[n] = p->columns[i] < INT32_MAX
                ? (int)p->columns[i] + 1 : 0;
            j->coefficients[n] = p->coefficients[i];
        }
        glp_set_mat_row(lp, (int)r + 1, n, j->columns, j->coefficients);
        glp_set_row_bnds(lp, (int)r + 1,
                         kind_of_bounds(p->row_lower[r], p->row_upper[r]),
                         p->row_lower[r], p->row_upper[r]);
    }
}

static answer answer_of_code(int code)
{
    switch (code) {
    case 0:
    case GLP_EMIPGAP:
    case GLP_ETMLIM:
        return ANSWER_DONE;
    case GLP_ESTOP:
        return ANSWER_STOPPED;
    case GLP_ENOPFS:
        return ANSWER_INFEASIBLE;
    case GLP_ENODFS:
        return ANSWER_UNBOUNDED;
    default:
        return ANSWER_REFUSED;
    }
}

static int status_of(uint8_t code)
{
    return code == LP_BASIC ? GLP_BS : code == LP_UPPER ? GLP_NU : GLP_NL;
}

static uint8_t code_of(int status)
{
    return status == GLP_BS ? LP_BASIC : status == GLP_NU ? LP_UPPER
                                                          : LP_LOWER;
}

static void load_basis(const lp_problem *p, glp_prob *lp)
{
    for (size_t r = 0; r < p->n_rows; r++)
        glp_set_row_stat(lp, (int)r + 1, status_of(p->basis->rows[r]));
    for (size_t c = 0; c < p->n_columns; c++)
        glp_set_col_stat(lp, (int)c + 1, status_of(p->basis->columns[c]));
}

static void read_basis(const lp_problem *p, glp_prob *lp)
{
    for (size_t r = 0; r < p->n_rows; r++)
        p->basis->rows[r] = code_of(glp_get_row_stat(lp, (int)r + 1));
    for (size_t c = 0; c < p->n_columns; c++)
        p->basis->columns[c] = code_of(glp_get_col_stat(lp, (int)c + 1));
    p->basis->is_set = true;
}

/* From the basis given, where it is one; else from slacks. */
static int run_simplex(const lp_problem *p, glp_prob *lp, glp_smcp *how)
{
    if (p->basis && p->basis->is_set) {
        int code;

        load_basis(p, lp);
        /* More columns leave the point feasible: the primal goes on. */
        how->meth = p->basis->is_dual ? GLP_DUALP : GLP_PRIMAL;
        code = glp_simplex(lp, how);
        if (code != GLP_EBADB && code != GLP_ESING && code != GLP_ECOND)
            return code;
        glp_std_basis(lp);
        how->meth = GLP_DUALP;
    }
    return glp_simplex(lp, how);
}

static void read_real(const job *j, glp_prob *lp)
{
    const lp_problem *p = j->problem;
    lp_result *r = j->result;

    r->objective = glp_get_obj_val(lp);
    for (size_t c = 0; r->x && c < p->n_columns; c++)
        r->x[c] = glp_get_col_prim(lp, (int)c + 1);
    for (size_t i = 0; r->row_dual && i < p->n_rows; i++)
        r->row_dual[i] = glp_get_row_dual(lp, (int)i + 1);
}

static answer solve_real(job *j, glp_prob *lp)
{
    const lp_problem *p = j->problem;
    glp_smcp how;
    lp_result *r = j->result;
    int code, status;
    answer end;

    glp_init_smcp(&how);
    how.msg_lev = GLP_MSG_ALL;
    how.meth = GLP_DUALP;
    how.tm_lim = j->time_limit_ms;
    how.out_frq = TELL_MS;
    code = run_simplex(p, lp, &how);
    end = answer_of_code(code);
    if (end != ANSWER_DONE)
        return end;
    status = glp_get_status(lp);
    if (status == GLP_NOFEAS)
        return ANSWER_INFEASIBLE;
    if (status == GLP_UNBND
        || (status != GLP_OPT && glp_get_dual_stat(lp) == GLP_NOFEAS))
        return ANSWER_UNBOUNDED;
    r->outcome = code == GLP_ETMLIM ? GB_OUTCOME_TIME_LIMIT
                                    : GB_OUTCOME_OPTIMAL;
    r->has_answer = status == GLP_OPT || status == GLP_FEAS;
    if (r->has_answer)
        read_real(j, lp);
    if (status == GLP_OPT)
        r->bound = r->objective;
    if (status == GLP_OPT && p->basis)
        read_basis(p, lp);
    return ANSWER_DONE;
}

static void read_binary(const job *j, glp_prob *lp)
{
    lp_result *r = j->result;

    r->objective = glp_mip_obj_val(lp);
    for (size_t c = 0; r->x && c < j->problem->n_columns; c++)
        r->x[c] = glp_mip_col_val(lp, (int)c + 1);
}

static answer solve_binary(job *j, glp_prob *lp)
{
    glp_iocp how;
    lp_result *r = j->result;
    int code, status;
    answer end;

    glp_init_iocp(&how);
    how.msg_lev = GLP_MSG_ALL;
    /* With presolve one limit covers the root as well. */
    how.presolve = GLP_ON;
    how.tm_lim = j->time_limit_ms;
    how.out_frq = TELL_MS;
    how.mip_gap = j->gap;
    how.cb_func = watch_tree;
    how.cb_info = j;
    code = glp_intopt(lp, &how);
    end = answer_of_code(code);
    if (end != ANSWER_DONE)
        return end;
    status = glp_mip_status(lp);
    if (status == GLP_NOFEAS)
        return ANSWER_INFEASIBLE;
    r->has_answer = status == GLP_OPT || status == GLP_FEAS;
    r->outcome = code == GLP_ETMLIM ? GB_OUTCOME_TIME_LIMIT
        : code == GLP_EMIPGAP       ? GB_OUTCOME_CONVERGED
                                    : GB_OUTCOME_OPTIMAL;
    if (r->has_answer)
        read_binary(j, lp);
    if (status == GLP_OPT && code == 0)
        r->bound = r->objective;
    else if (j->has_tree_bound)
        r->bound = j->tree_bound;
    return ANSWER_DONE;
}

static bool has_binaries(const lp_problem *p)
{
    for (size_t c = 0; p->is_binary && c < p->n_columns; c++)
        if (p->is_binary[c])
            return true;
    return false;
}

static void solve(job *j)
{
    glp_prob *lp = glp_create_prob();

    glp_set_obj_dir(lp, j->problem->is_greatest ? GLP_MAX : GLP_MIN);
    load_columns(j->problem, lp);
    load_rows(j, lp);
    j->answer = has_binaries(j->problem) ? solve_binary(j, lp)
                                         : solve_real(j, lp);
}

static void *work(void *argument)
{
    job *j = argument;

    glp_term_hook(hear, j);
    glp_error_hook(escape, j);
    if (setjmp(j->escape) == 0)
        solve(j);
    glp_term_hook(NULL, NULL);
    glp_error_hook(NULL, NULL);
    /* Of this thread alone; frees the problem, too. */
    glp_free_env();
    pthread_mutex_lock(&j->lock);
    j->is_ended = true;
    pthread_cond_signal(&j->ended);
    pthread_mutex_unlock(&j->lock);
    return NULL;
}

/* --- on the caller's thread ---------------------------------------------- */

/* As many polls as it takes to have the clock and the flag looked at. */
static gb_status look_up(base_run *run)
{
    const uint64_t count = run->count;
    const gb_status status = base_poll_many(run, run->until_look);

    run->count = count;
    return status;
}

/* Wait for the end of the worker and look up now and then. */
static gb_status wait_for(base_run *run, job *j)
{
    gb_status status = GB_OK;

    pthread_mutex_lock(&j->lock);
    while (!j->is_ended) {
        struct timespec until;

        clock_gettime(CLOCK_REALTIME, &until);
        until.tv_nsec += TELL_MS * 1000000L;
        if (until.tv_nsec >= 1000000000L) {
            until.tv_nsec -= 1000000000L;
            until.tv_sec++;
        }
        if (pthread_cond_timedwait(&j->ended, &j->lock, &until) != ETIMEDOUT)
            continue;
        if (!status)
            status = look_up(run);
        if (status)
            atomic_store(&j->stop, true);
    }
    pthread_mutex_unlock(&j->lock);
    return status;
}

static gb_status tell(base_run *run, const job *j)
{
    gb_context *ctx = run->ctx;

    switch (j->answer) {
    case ANSWER_DONE:
        return GB_OK;
    case ANSWER_INFEASIBLE:
        return base_fail(ctx, GB_ERR_INFEASIBLE,
                         "the program has no solution");
    case ANSWER_UNBOUNDED:
        return base_fail(ctx, GB_ERR_INFEASIBLE,
                         "the program's objective has no bound");
    case ANSWER_STOPPED:
        return base_fail(ctx, GB_ERR_CANCELLED, "cancelled");
    case ANSWER_BROKEN:
    case ANSWER_REFUSED:
        break;
    }
    return base_fail(ctx, GB_ERR_LIBRARY, "GLPK: %s",
                     j->line[0] ? j->line : "refused the program");
}

static int milliseconds_left(const base_run *run, const lp_limits *limits)
{
    double most = INT32_MAX;

    if (limits && limits->time_limit_ms > 0)
        most = fmin(most, (double)limits->time_limit_ms);
    if (run->limits.time_limit_ms > 0)
        most = fmin(most, fmax((run->deadline_s - base_clock_s()) * 1e3, 1));
    return (int)most;
}

static size_t longest_row(const lp_problem *p)
{
    size_t longest = 0;

    for (size_t r = 0; r < p->n_rows; r++)
        if (p->first[r + 1] - p->first[r] > longest)
            longest = p->first[r + 1] - p->first[r];
    return longest;
}

static gb_status run_worker(base_run *run, job *j)
{
    pthread_t thread;
    gb_status status;

    pthread_mutex_init(&j->lock, NULL);
    pthread_cond_init(&j->ended, NULL);
    if (pthread_create(&thread, NULL, work, j) != 0) {
        status = base_fail(run->ctx, GB_ERR_LIBRARY,
                           "a thread for GLPK cannot be started");
    } else {
        status = wait_for(run, j);
        pthread_join(thread, NULL);
        if (!status)
            status = tell(run, j);
    }
    pthread_cond_destroy(&j->ended);
    pthread_mutex_destroy(&j->lock);
    return status;
}

gb_status lp_solve(base_run *run, const lp_problem *problem,
                   const lp_limits *limits, lp_result *result)
{
    const size_t longest = longest_row(problem) + 1;
    job *j = base_alloc_zeroed(run->mem, 1, sizeof *j);
    gb_status status;

    result->outcome = GB_OUTCOME_NONE;
    result->has_answer = false;
    result->objective = 0;
    result->bound = problem->is_greatest ? (double)INFINITY
                                         : -(double)INFINITY;
    if (!j)
        return base_fail_nomem(run->ctx);
    j->problem = problem;
    j->result = result;
    j->gap = limits ? limits->gap : 0;
    j->time_limit_ms = milliseconds_left(run, limits);
    atomic_init(&j->stop, false);
    j->columns = base_alloc_array(run->mem, longest, sizeof *j->columns);
    j->coefficients
        = base_alloc_array(run->mem, longest, sizeof *j->coefficients);
    if (!j->columns || !j->coefficients)
        status = base_fail_nomem(run->ctx);
    else
        status = run_worker(run, j);
    base_free(run->mem, j->columns);
    base_free(run->mem, j->coefficients);
    base_free(run->mem, j);
    return status;
}
