/* SPDX-License-Identifier: MIT */
#ifndef CORPUS_H
#define CORPUS_H

#include "fuzz.h"

/* One program in a file; 0: nothing was found. */
int corpus_replay(const struct fuzz_options *options, const char *path, unsigned int times);

/* All of the folder beside this program, of the mode or any; how many had a finding. */
unsigned int corpus_run(const struct fuzz_options *options, unsigned int *programs);

#endif
