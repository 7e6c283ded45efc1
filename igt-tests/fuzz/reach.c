// SPDX-License-Identifier: MIT
/*
 * Which functions of ours were reached: by the kernel's function profiler, which sees
 * interrupts and workers too, and by what KCOV told. Ours are those of the modules, and
 * those of the core that the kernel has under a name of dma-buf/'s sources
 * (fuzz-functions, which the Makefile writes).
 */
#include "reach.h"

#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "shared.h"

#define TRACING "/sys/kernel/tracing/"
#define MAX_FUNCTIONS 4096

static struct function {
	uint64_t start, end;
	char name[64];
	bool core;
	bool reached;
} functions[MAX_FUNCTIONS];

static unsigned int num_functions;

/* What stands in the file beside this program: a sorted list. */
static char core_names[1024][64];
static unsigned int num_core_names;
static bool profiling;

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int compare_starts(const void *a, const void *b)
{
	const struct function *f = a, *g = b;

	return f->start < g->start ? -1 : f->start > g->start;
}

static void read_core_names(void)
{
	char path[256] = "";
	FILE *file;

	if (readlink("/proc/self/exe", path, sizeof(path) - 32) < 0)
		return;
	strcat(dirname(path), "/fuzz-functions");
	file = fopen(path, "re");
	while (file && num_core_names < 1024 &&
	       fscanf(file, "%63s", core_names[num_core_names]) == 1)
		num_core_names++;
	if (file)
		fclose(file);
	qsort(core_names, num_core_names, sizeof(core_names[0]), compare_names);
}

static bool is_ours(const char *name, const char *module, bool *core)
{
	bool named = bsearch(name, core_names, num_core_names, sizeof(core_names[0]),
			     compare_names);

	*core = strcmp(module, "[vprime]");
	/* Of no use, or of gcov. */
	if (!strncmp(name, "__pfx_", 6) || !strncmp(name, "_sub_", 5) || strchr(name, '.'))
		return false;
	return !*core || (named && (!*module || !strcmp(module, "[dmabuf_live]")));
}

/* One after the other as they lie; where one ends, the next symbol of any kind begins. */
static void read_symbols(void)
{
	FILE *file = fopen("/proc/kallsyms", "re");
	char line[512], name[256], type;
	struct function *last = NULL;
	uint64_t start;
	bool core;

	while (file && fgets(line, sizeof(line), file)) {
		char module[64] = "";

		if (sscanf(line, "%" SCNx64 " %c %255s %63s", &start, &type, name, module) < 3)
			continue;
		if (last && start > last->start)
			last->end = start;
		last = NULL;
		if ((type != 't' && type != 'T') || !is_ours(name, module, &core) ||
		    strlen(name) > 63 || num_functions >= MAX_FUNCTIONS)
			continue;
		last = &functions[num_functions++];
		last->start = start;
		last->end = start + 64;
		last->core = core;
		memcpy(last->name, name, strlen(name) + 1);
	}
	if (file)
		fclose(file);
	qsort(functions, num_functions, sizeof(functions[0]), compare_starts);
}

static bool put(const char *path, const char *text, int flags)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC | flags);
	bool done = fd >= 0 && write(fd, text, strlen(text)) > 0;

	if (fd >= 0)
		close(fd);
	return done;
}

/* Names all at once: each write has the kernel look at all its functions. */
static void set_filter(void)
{
	static char names[MAX_FUNCTIONS * 40];
	size_t length = 0;

	for (unsigned int i = 0; i < num_functions; i++)
		if (functions[i].core && length < sizeof(names) - 80)
			length += sprintf(names + length, "%s ", functions[i].name);
	put(TRACING "set_ftrace_filter", "*:mod:vprime\n", O_TRUNC);
	for (char *at = names; length;) {
		size_t some = length > 2000 ? 2000 : length;
		char part[2100];

		while (some < length && at[some - 1] != ' ')
			some--;
		snprintf(part, sizeof(part), "%.*s\n", (int)some, at);
		put(TRACING "set_ftrace_filter", part, O_APPEND);
		at += some;
		length -= some;
	}
}

void reach_begin(void)
{
	if (!num_functions) {
		read_core_names();
		read_symbols();
	}
	if (access(TRACING "function_profile_enabled", W_OK))
		return;
	set_filter();
	profiling = put(TRACING "function_profile_enabled", "1", 0);
}

static void mark_name(const char *name)
{
	for (unsigned int i = 0; i < num_functions; i++)
		if (!strcmp(functions[i].name, name))
			functions[i].reached = true;
}

static void mark_profiled(void)
{
	char path[64], line[256], name[128];

	put(TRACING "function_profile_enabled", "0", 0);
	for (unsigned int cpu = 0; cpu < 64; cpu++) {
		FILE *file;

		snprintf(path, sizeof(path), TRACING "trace_stat/function%u", cpu);
		file = fopen(path, "re");
		if (!file)
			break;
		while (fgets(line, sizeof(line), file))
			if (sscanf(line, " %127s", name) == 1)
				mark_name(name);
		fclose(file);
	}
	put(TRACING "set_ftrace_filter", "\n", O_TRUNC);
}

static void mark_point(uint64_t point)
{
	unsigned int low = 0, high = num_functions;

	while (low < high) {
		unsigned int middle = (low + high) / 2;

		if (functions[middle].end <= point)
			low = middle + 1;
		else
			high = middle;
	}
	if (low < num_functions && functions[low].start <= point)
		functions[low].reached = true;
}

static void tell(bool core, const char *folder)
{
	unsigned int all = 0, reached = 0;

	for (unsigned int i = 0; i < num_functions; i++) {
		all += functions[i].core == core;
		reached += functions[i].core == core && functions[i].reached;
	}
	if (!all)
		return;
	printf("%s: %u of %u functions reached, not:", folder, reached, all);
	for (unsigned int i = 0; i < num_functions; i++)
		if (functions[i].core == core && !functions[i].reached)
			printf(" %s", functions[i].name);
	printf("\n");
}

void reach_end(struct shared *shared)
{
	if (profiling)
		mark_profiled();
	for (unsigned int i = 0; i < SHARED_POINTS; i++)
		if (shared->points[i])
			mark_point(shared->points[i]);
	if (!profiling && !shared->num_points) {
		printf("functions reached: this kernel does not tell\n");
		return;
	}
	tell(false, "drm/");
	tell(true, "dma-buf/");
	profiling = false;
}
