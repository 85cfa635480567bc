/* Eight threads on one model give the bits of one thread, have messages of their own, and may go on while the model is
   freed. Argument: rounds. Standard input: lines. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "gau.h"

enum { threads = 8, labels = 4, most_lines = 64, longest = 1 << 14 };

static char lines[most_lines][longest];
static float expected[most_lines][labels];
static int line_count, rounds;
static gau_model shared;
static pthread_barrier_t barrier;

static gau_status score(gau_model model, int line, float *probabilities)
{
    gau_text text;
    size_t count;
    memset(&text, 0, sizeof text);
    text.text = lines[line];
    text.text_length = strlen(lines[line]);
    return gau_score(model, &text, probabilities, labels, &count, NULL);
}

static void *same_bits(void *argument)
{
    int me = (int)(size_t)argument;
    size_t wrong = 0;
    for (int round = 0; round < rounds; round++) {
        for (int i = 0; i < line_count; i++) {
            int line = (i * (me + 1) + round) % line_count;
            float found[labels];
            if (score(shared, line, found) != GAU_OK || memcmp(found, expected[line], sizeof found) != 0) wrong++;
        }
    }
    return (void *)wrong;
}

static void *own_message(void *argument)
{
    size_t me = (size_t)argument, length;
    char label[64], found[128], message[128];
    gau_status status = gau_label(shared, 1000 + me, label, sizeof label, &length);
    pthread_barrier_wait(&barrier);
    gau_last_error(found, sizeof found);
    snprintf(message, sizeof message, "there are 4 labels, and none of index %zu", 1000 + me);
    return (void *)(size_t)(status != GAU_USAGE || strcmp(found, message) != 0);
}

static void *until_freed(void *argument)
{
    int line = (int)(size_t)argument % line_count;
    float found[labels];
    gau_status status;
    pthread_barrier_wait(&barrier);
    while ((status = score(shared, line, found)) == GAU_OK)
        if (memcmp(found, expected[line], sizeof found) != 0) return (void *)1;
    return (void *)(size_t)(status != GAU_BAD_MODEL);
}

static size_t run(void *(*work)(void *), int frees)
{
    pthread_t ids[threads];
    size_t wrong = 0;
    for (size_t i = 0; i < threads; i++)
        if (pthread_create(&ids[i], NULL, work, (void *)i) != 0) exit(2);
    if (frees) {
        float found[labels];
        pthread_barrier_wait(&barrier);
        for (int i = 0; i < line_count; i++) score(shared, i, found);
        wrong += gau_free(shared) != GAU_OK;
    }
    for (int i = 0; i < threads; i++) {
        void *result;
        pthread_join(ids[i], &result);
        wrong += (size_t)result;
    }
    return wrong;
}

int main(int argc, char **argv)
{
    if (argc != 2 || gau_load_default(&shared) != GAU_OK) return 2;
    rounds = atoi(argv[1]);
    while (line_count < most_lines && fgets(lines[line_count], longest, stdin)) line_count++;
    for (int i = 0; i < line_count; i++)
        if (score(shared, i, expected[i]) != GAU_OK) return 3;
    size_t wrong = run(same_bits, 0);
    printf("%d threads, %d texts: %zu wrong\n", threads, threads * rounds * line_count, wrong);
    pthread_barrier_init(&barrier, NULL, threads);
    size_t mixed = run(own_message, 0);
    pthread_barrier_destroy(&barrier);
    pthread_barrier_init(&barrier, NULL, threads + 1);
    size_t after = run(until_freed, 1);
    printf("messages: %zu wrong; freed meanwhile: %zu wrong\n", mixed, after);
    return wrong + mixed + after == 0 ? 0 : 1;
}
