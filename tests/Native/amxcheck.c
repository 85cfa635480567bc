/* Checks amx.so on any x86-64 Linux: LD_PRELOAD=./amx.so ./amxcheck
   Multiplies tiles of several shapes, full and not, in all four kinds of signs, and compares with a loop; then lets
   other illegal instructions reach the program's own handler. Says what is wrong, or "ok". */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <ucontext.h>

enum { stride = 80 };

static int others; /* illegal instructions that reached the handler */
static uint32_t seed = 1;

static uint8_t draw(void)
{
    seed = seed * 1664525 + 1013904223;
    return (uint8_t)(seed >> 24);
}

static void fail(const char *what, int kind, int rows, int groups)
{
    printf("%s: kind %d, %d rows, %d groups\n", what, kind, rows, groups);
    exit(1);
}

static void configure(int rows, int groups)
{
    uint8_t config[64] = { 1 }, stored[64];
    const int tile_rows[] = { rows, rows, groups }, tile_bytes[] = { 64, 4 * groups, 64 };
    for (int t = 0; t < 3; t++) {
        config[16 + 2 * t] = (uint8_t)tile_bytes[t];
        config[48 + t] = (uint8_t)tile_rows[t];
    }
    __asm__ volatile("ldtilecfg %0" : : "m"(config));
    __asm__ volatile("sttilecfg %0" : "=m"(stored));
    if (memcmp(config, stored, sizeof config)) fail("another configuration", 0, rows, groups);
}

static void check(int kind, int rows, int groups)
{
    enum { offset = 16 };
    static __thread uint8_t space[offset + 16 * stride], b[16 * stride];
    uint8_t *a = space + offset;
    static __thread int32_t sums[16 * stride / 4], expected[16 * stride / 4];
    for (int i = 0; i < 16 * stride; i++) {
        a[i] = draw();
        b[i] = draw();
    }
    for (int i = 0; i < 16 * stride / 4; i++) expected[i] = sums[i] = draw() - 128;
    for (int row = 0; row < rows; row++)
        for (int column = 0; column < 16; column++)
            for (int k = 0; k < 4 * groups; k++) {
                uint8_t x = a[row * stride + k], y = b[k / 4 * stride + 4 * column + k % 4];
                expected[row * stride / 4 + column] += (kind & 1 ? (int8_t)x : x) * (kind & 2 ? (int8_t)y : y);
            }
    configure(rows, groups);
    int64_t bytes = stride;
    __asm__ volatile("tilezero %%tmm0\n tileloadd (%0,%3,1), %%tmm0\n tileloadd 16(%1,%3,1), %%tmm1\n"
                     "tileloaddt1 (%2,%3,1), %%tmm2"
                     : : "r"(sums), "r"(space), "r"(b), "r"(bytes) : "memory");
    if (kind == 0) __asm__ volatile("tdpbuud %tmm2, %tmm1, %tmm0");
    if (kind == 1) __asm__ volatile("tdpbsud %tmm2, %tmm1, %tmm0");
    if (kind == 2) __asm__ volatile("tdpbusd %tmm2, %tmm1, %tmm0");
    if (kind == 3) __asm__ volatile("tdpbssd %tmm2, %tmm1, %tmm0");
    __asm__ volatile("tilestored %%tmm0, (%0,%1,1)\n tilerelease" : : "r"(sums), "r"(bytes) : "memory");
    if (memcmp(sums, expected, sizeof sums)) fail("other sums", kind, rows, groups);
}

static void *check_all(void *argument)
{
    static const int shapes[][2] = { { 16, 16 }, { 16, 8 }, { 1, 16 }, { 5, 8 }, { 15, 1 } };
    for (int kind = 0; kind < 4; kind++)
        for (unsigned i = 0; i < sizeof shapes / sizeof *shapes; i++) check(kind, shapes[i][0], shapes[i][1]);
    return argument;
}

static void other(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)info;
    others++;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 2; /* behind ud2 */
}

static void refused(int number, siginfo_t *info, void *context)
{
    (void)number;
    (void)info;
    others++;
    ((ucontext_t *)context)->uc_mcontext.gregs[REG_RIP] += 5; /* behind tilezero */
}

int main(void)
{
    typedef int action(int, const struct sigaction *, struct sigaction *);
    struct sigaction ours = { 0 }, before;
    ours.sa_flags = SA_SIGINFO;
    ours.sa_sigaction = other;
    sigaction(SIGILL, &ours, NULL);
    check_all(NULL);
    __asm__ volatile("ud2");
    ours.sa_sigaction = refused; /* by the other way to sigaction */
    ((action *)dlsym(RTLD_DEFAULT, "sigaction"))(SIGILL, &ours, &before);
    if (before.sa_sigaction != other) fail("another handler before", 0, 0, 0);
    pthread_t thread;
    if (pthread_create(&thread, NULL, check_all, NULL) || pthread_join(thread, NULL)) fail("no thread", 0, 0, 0);
    __asm__ volatile("tilezero %tmm0"); /* of tiles that are released */
    if (others != 2) fail("other illegal instructions are lost", others, 0, 0);
    puts("ok");
    return 0;
}
