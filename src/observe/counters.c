/* Licensed under the Apache License, Version 2.0; see LICENSE. */

#include "observe/counters.h"

#define VERDICT_WORD(verdict, word) static const char word_##verdict[] = word;
CORS_VERDICTS(VERDICT_WORD)
#undef VERDICT_WORD

const cors_count_row_t cors_count_rows[CORS_COUNT_ROWS] = {
#define X(kind, verdict) \
    { CORS_COUNT_##kind##_##verdict, #kind, word_##verdict },
    CORS_COUNTED(X)
#undef X
#define X(name, kind, word, place) { CORS_COUNT_##name, kind, word },
        CORS_COUNTED_TOO(X)
#undef X
};

int cors_counts_sum(const cors_counts_t *some, cors_counts_t *sum)
{
    int any = 0;
    int i;

    for (i = 0; i < CORS_COUNT_PLACES; i++) {
        cors_number_t number = CORS_LOAD(some->of[i]);

        sum->of[i] += number;
        any |= number != 0;
    }
    return any;
}
