// SPDX-License-Identifier: MIT
/*
 * Programs that are kept: files in the folder fuzz-corpus beside this program, which
 * the Makefile copies from corpus/. Each shows something that went wrong once, or a way
 * that random programs rarely go.
 */
#include "corpus.h"

#include <glob.h>
#include <libgen.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "parts.h"

int corpus_replay(const struct fuzz_options *options, const char *path, unsigned int times)
{
	FILE *file = fopen(path, "re");
	struct program program;
	int ret;

	if (!file) {
		perror(path);
		return 2;
	}
	ret = program_parse(&program, file, path);
	fclose(file);
	if (ret)
		return 2;
	if (options->print) {
		program_print(&program, stdout);
		return 0;
	}
	return fuzz_replay(options, &program, path, times);
}

unsigned int corpus_run(const struct fuzz_options *options, unsigned int *programs)
{
	unsigned int found = 0;
	char pattern[300] = "";
	glob_t files;

	*programs = 0;
	if (readlink("/proc/self/exe", pattern, sizeof(pattern) - 40) < 0)
		return 0;
	strcat(dirname(pattern), "/fuzz-corpus/*.prog");
	if (glob(pattern, 0, NULL, &files))
		return 0;
	for (size_t i = 0; i < files.gl_pathc; i++)
		found += !!corpus_replay(options, files.gl_pathv[i], 3);
	*programs = files.gl_pathc;
	globfree(&files);
	return found;
}
