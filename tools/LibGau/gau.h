/* libgau: GAU-alpha, RoFormerV2, BERT and RoFormer models on the CPU. docs/c-api.md explains, samples/c/gau-lines.c shows.

   Texts, paths and labels are UTF-8, given as a pointer and a number of bytes; nothing needs a final NUL. Results go
   into the caller's buffers: where one is too small, a function says GAU_TOO_SMALL and the size that it needs, and has
   written nothing else. Every function may be called from any number of threads at once, also for the same model. */
#ifndef GAU_H
#define GAU_H

#include <stddef.h>
#include <stdint.h>
#if defined(__x86_64__) && defined(__GNUC__)
#include <cpuid.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* What every function of type gau_status returns. The numbers below 100 are exit codes of the program gau. */
typedef int32_t gau_status;
enum {
    GAU_OK = 0,
    GAU_USAGE = 2,        /* a NULL pointer, a number out of range, or a model that cannot do what was asked */
    GAU_MALFORMED = 65,   /* the file is no sound model file; gau_last_error says where */
    GAU_MISSING = 66,     /* the file is missing or may not be read */
    GAU_UNSUPPORTED = 69, /* GAU_ISA asks for what this machine lacks */
    GAU_INTERNAL = 70,    /* a fault of the library, or too little memory, too few threads or file descriptors */
    GAU_IO = 74,          /* reading failed */
    GAU_BAD_MODEL = 100,  /* no model, or one that has been freed */
    GAU_TOO_SMALL = 101,  /* the buffer; the size it needs has been written */
    GAU_NOT_UTF8 = 102,   /* a text, or a path */
    GAU_NO_ANSWER = 103   /* a text without [MASK], or a model that gave a number that is not finite */
};

/* A loaded model. 0 is none; a number is never used again, so one that was freed is GAU_BAD_MODEL for ever. */
typedef uint64_t gau_model;

/* What to compute on; what is not needed is 0. This and the structs below are laid out as here in all of version 1. */
typedef struct gau_text {
    const char *text;
    size_t text_length;
    const char *pair; /* the second text of a pair; NULL: there is none */
    size_t pair_length;
    size_t max_tokens; /* longer texts are cut to so many tokens, [CLS] and [SEP] included: 8 to 65536;
                          0: as the model says, else 4096 */
} gau_text;

/* What became of a text. */
typedef struct gau_text_info {
    int32_t tokens;    /* [CLS] and [SEP] included */
    int32_t truncated; /* 1: it was cut */
    int32_t empty;     /* 1: it holds nothing but white space and control characters */
} gau_text_info;

/* How the tokens of a text become one vector; [CLS] and [SEP] count. The model's own is what its file says, prompt,
   dense layers and all, or the mean where it says nothing; a pooling that contradicts the file is GAU_USAGE. */
typedef int32_t gau_pooling;
enum {
    GAU_POOLING_MODEL = -1,
    GAU_POOLING_CLS = 0,
    GAU_POOLING_MEAN = 1,
    GAU_POOLING_MAX = 2,
    GAU_POOLING_LASTTOKEN = 3,
    GAU_POOLING_MEAN_SQRT_LEN_TOKENS = 4,
    GAU_POOLING_WEIGHTEDMEAN = 5
};

/* A token for a [MASK]. */
typedef struct gau_filled {
    int32_t position; /* of the [MASK], in tokens */
    int32_t offset;   /* of the [MASK], in code points of its text */
    int32_t token;    /* see gau_token */
    float probability;
} gau_filled;

/* An entity: a run of characters with one label. */
typedef struct gau_entity {
    int32_t label; /* see gau_entity_label */
    int32_t pair;  /* 1: it stands in the second text of a pair */
    int32_t start; /* of its first character, in code points of its text */
    int32_t end;   /* behind its last */
    float score;   /* the mean probability of its tokens' labels */
} gau_entity;

/* The answer to a question, as a place in its context. */
typedef struct gau_span {
    int32_t found; /* 0: no token of the context was seen, and there is no answer */
    int32_t start; /* of its first character, in code points of the context */
    int32_t end;   /* behind its last */
    float score;
} gau_span;

/* 1 if this processor and system can run the library; on x86-64 it needs AVX2, FMA, BMI1, BMI2, LZCNT and MOVBE. This
   code is part of your program, not of the library. Where it says 0, call nothing else: loading the library does no
   harm, but the first call of a function would end the process (SIGABRT), before the library could return an error. */
static inline int gau_supported(void)
{
#if defined(__x86_64__) && defined(__GNUC__)
    unsigned a, b, c, d, low, high;
    const unsigned basic = bit_SSE4_2 | bit_POPCNT | bit_MOVBE | bit_FMA | bit_AVX | bit_OSXSAVE;
    const unsigned extended = bit_AVX2 | bit_BMI | bit_BMI2;
    if (!__get_cpuid(1, &a, &b, &c, &d) || (c & basic) != basic) return 0;
    __asm__("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
    if ((low & 6) != 6) return 0;
    if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || (b & extended) != extended) return 0;
    return __get_cpuid(0x80000001, &a, &b, &c, &d) && (c & bit_LZCNT) ? 1 : 0;
#else
    return 1;
#endif
}

/* The version, such as "1.0.0"; the library's own, never freed. */
const char *gau_version(void);

/* Why the last call of this thread that failed did, in one line. Writes at most capacity bytes, the last of them NUL,
   and returns the length of the whole message, without NUL; 0 where nothing has failed. */
size_t gau_last_error(char *buffer, size_t capacity);

/* Loads a model file. The file is mapped: it must not be changed while the model is in use. */
gau_status gau_load(const char *path, size_t path_length, gau_model *model);

/* Loads the model inside the library. */
gau_status gau_load_default(gau_model *model);

/* Ends the use of a model. Calls that are at it on other threads come to their end; the last gives the memory back. */
gau_status gau_free(gau_model model);

/* The number of labels of the model's head; 0: it has none, or its head has no labels. */
gau_status gau_label_count(gau_model model, size_t *count);

/* The name of a label, with a final NUL that length does not count. */
gau_status gau_label(gau_model model, size_t index, char *buffer, size_t capacity, size_t *length);

/* The numbers in a vector of gau_embed. */
gau_status gau_vector_size(gau_model model, size_t *size);

/* A token of the vocabulary, with a final NUL that length does not count. */
gau_status gau_token(gau_model model, int32_t token, char *buffer, size_t capacity, size_t *length);

/* Sequence classification: a probability per label, in the order of gau_label. With one label per text they
   sum to 1, with several each stands for itself; a regression has one number, its value. GAU_USAGE for models with
   another head. capacity and count are numbers of floats; info may be NULL. */
gau_status gau_score(
    gau_model model, const gau_text *text, float *probabilities, size_t capacity, size_t *count, gau_text_info *info);

/* The vector of a text, behind the model's default prompt where it has one, scaled to length 1 if normalize is not 0, or the model's file says so. info may be NULL. */
gau_status gau_embed(
    gau_model model, const gau_text *text, gau_pooling pooling, int32_t normalize, float *vector, size_t capacity,
    size_t *count, gau_text_info *info);

/* gau_embed with a prompt of the model in front of the text, by its name: GAU_USAGE for a name that the model does not
   have, with those that it has. */
gau_status gau_embed_prompt(
    gau_model model, const gau_text *text, const char *prompt, size_t prompt_length, gau_pooling pooling,
    int32_t normalize, float *vector, size_t capacity, size_t *count, gau_text_info *info);

/* gau_embed with any text in front of the text; nothing comes between. Of length 0: nothing, not even the model's
   default prompt. */
gau_status gau_embed_prefix(
    gau_model model, const gau_text *text, const char *prefix, size_t prefix_length, gau_pooling pooling,
    int32_t normalize, float *vector, size_t capacity, size_t *count, gau_text_info *info);

/* The best tokens for every [MASK]: those of the first [MASK], best first, then those of the next. At most top (1 to
   10000) each. capacity and count are numbers of gau_filled; info may be NULL. */
gau_status gau_fill(
    gau_model model, const gau_text *text, size_t top, gau_filled *tokens, size_t capacity, size_t *count,
    gau_text_info *info);

/* Token classification: the entities of a text, those of a pair's second text behind those of its first. How many there
   are is known when they have been computed; there are never more than info.tokens, GAU_TOO_SMALL says how many.
   GAU_USAGE for models with another head. capacity and count are numbers of gau_entity; info may be NULL. */
gau_status gau_entities(
    gau_model model, const gau_text *text, gau_entity *entities, size_t capacity, size_t *count, gau_text_info *info);

/* The number of labels that entities may have: those of the model without "O" and without what marks the first and
   last tokens of an entity ("B-", "I-", "M-", "E-", "S-"). 0: the model's head does not classify tokens. */
gau_status gau_entity_label_count(gau_model model, size_t *count);

/* The name of such a label, with a final NUL that length does not count. */
gau_status gau_entity_label(gau_model model, size_t index, char *buffer, size_t capacity, size_t *length);

/* Multiple choice: the probability of every choice, in their order. Each choice is the second text of a pair with text,
   or, where text->text is NULL, computed alone; text->pair is NULL. There are 1 to 65536 choices, and choice_lengths are
   their bytes. GAU_USAGE for models with another head. capacity and count are numbers of floats; info, the tokens of
   all pairs together, may be NULL. */
gau_status gau_choose(
    gau_model model, const gau_text *text, const char *const *choices, const size_t *choice_lengths,
    size_t choice_count, float *probabilities, size_t capacity, size_t *count, gau_text_info *info);

/* Reranking: the score of every candidate for a query, in their order, of a model whose head is a sequence classifier
   with one output. Each candidate is the second text of a pair with query->text; query->pair is NULL. There are 1 to 65536
   candidates, and candidate_lengths are their bytes. If raw is not 0, scores are the model's logits as they are. GAU_USAGE
   for other models. capacity and count are numbers of floats; after a failure scores may hold some. info, the tokens of
   all pairs together, may be NULL. */
gau_status gau_rerank(
    gau_model model, const gau_text *query, const char *const *candidates, const size_t *candidate_lengths,
    size_t candidate_count, int32_t raw, float *scores, size_t capacity, size_t *count, gau_text_info *info);

/* Question answering: where in its context, text->pair, the answer to a question, text->text, stands. GAU_USAGE for
   models with another head. info may be NULL. */
gau_status gau_answer(gau_model model, const gau_text *text, gau_span *span, gau_text_info *info);

#ifdef __cplusplus
}
#endif

#endif
