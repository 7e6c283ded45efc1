// SPDX-License-Identifier: MIT
/*
 * Failing on purpose by the kernel's own fault injection: the process' counter, and
 * what root has to set for it to mean every allocation of slabs and of pages. Where
 * and why something fails is not known here.
 */
#include "fail_nth.h"

#include <dirent.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <unistd.h>

#include "dmabuf_count.h"
#include "igt_api.h"

/* More than anything here allocates. */
#define WALK_MAX 5000

static int counter = -1;

static const struct {
	const char *file;
	const char *value;
} settings[] = {
	{ "/sys/kernel/debug/failslab/ignore-gfp-wait", "N" },
	{ "/sys/kernel/debug/failslab/verbose", "0" },
	{ "/sys/kernel/debug/failslab/require-start", "0" },
	{ "/sys/kernel/debug/failslab/require-end", "0xffffffffffffffff" },
	{ "/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N" },
	{ "/sys/kernel/debug/fail_page_alloc/min-order", "0" },
	{ "/sys/kernel/debug/fail_page_alloc/verbose", "0" },
	{ "/sys/kernel/debug/fail_page_alloc/require-start", "0" },
	{ "/sys/kernel/debug/fail_page_alloc/require-end", "0xffffffffffffffff" },
};

static void set(const char *file, const char *value)
{
	int fd = open(file, O_WRONLY | O_CLOEXEC);

	igt_require_f(fd >= 0, "no %s\n", file);
	igt_assert_errno(write(fd, value, strlen(value)), 0);
	close(fd);
}

void fail_nth_require(void)
{
	if (counter < 0)
		counter = open("/proc/self/fail-nth", O_RDWR | O_CLOEXEC);
	igt_require_f(counter >= 0, "needs a kernel with FAULT_INJECTION\n");
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		set(settings[i].file, settings[i].value);
}

/* A function ends where another symbol begins, which need not be the next in the file. */
static void find_function(const char *function, unsigned long long *start,
			  unsigned long long *end)
{
	FILE *symbols = fopen("/proc/kallsyms", "re");
	unsigned long long address;
	char line[512], name[256];

	igt_assert(symbols);
	*start = 0;
	while (!*start && fgets(line, sizeof(line), symbols))
		if (sscanf(line, "%llx %*c %255s", &address, name) == 2 && !strcmp(name, function))
			*start = address;
	igt_require_f(*start, "a kernel without %s\n", function);
	*end = ULLONG_MAX;
	rewind(symbols);
	while (fgets(line, sizeof(line), symbols)) {
		address = strtoull(line, NULL, 16);
		if (address > *start && address < *end)
			*end = address;
	}
	fclose(symbols);
}

void fail_nth_within(const char *function)
{
	static const char *const directories[] = { "failslab", "fail_page_alloc" };
	unsigned long long start, end;
	char file[80], value[32];

	find_function(function, &start, &end);
	for (size_t i = 0; i < sizeof(directories) / sizeof(directories[0]); i++) {
		snprintf(file, sizeof(file), "/sys/kernel/debug/%s/require-start", directories[i]);
		snprintf(value, sizeof(value), "%#llx", start);
		set(file, value);
		snprintf(file, sizeof(file), "/sys/kernel/debug/%s/require-end", directories[i]);
		snprintf(value, sizeof(value), "%#llx", end);
		set(file, value);
	}
}

void fail_nth_begin(unsigned int nth)
{
	char text[16];
	int length = snprintf(text, sizeof(text), "%u", nth);

	igt_assert_eq(pwrite(counter, text, length, 0), length);
}

unsigned int fail_nth_end(void)
{
	int saved = errno;
	char text[16] = "";

	igt_assert_errno(pread(counter, text, sizeof(text) - 1, 0), 0);
	fail_nth_begin(0);
	errno = saved;
	return atoi(text);
}

static unsigned int descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned int count = 0;

	igt_assert(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

/*
 * An allocation that the kernel can do without may fail and nobody notices. It may be one
 * that comes once in a while, in the place of another, which is then the next to fail.
 */
void fail_nth_walk(const char *what, int (*run)(void), void (*undo)(void))
{
	unsigned int allocations = 0, errors = 0, fds;
	bool done = false, again = false;
	int before, ret;

	/* Once unhindered: what the kernel keeps from the first time is not in the walk. */
	igt_assert_f(!run(), "%s: %s\n", what, strerror(errno));
	if (undo)
		undo();
	before = dmabuf_count();
	fds = descriptors();
	for (unsigned int nth = 1; !done && nth < WALK_MAX; nth += !again) {
		fail_nth_begin(nth);
		ret = run();
		done = fail_nth_end();
		allocations += !done;
		errors += !!ret;
		igt_assert_f(!ret || (errno == ENOMEM && !done), "%s: allocation %u: %s\n", what,
			     nth, strerror(errno));
		if (!ret && undo)
			undo();
		again = !ret && !again;
	}
	igt_assert_f(done, "%s never ends\n", what);
	igt_assert_f(errors, "%s needs no memory\n", what);
	dmabuf_assert_count(before);
	igt_assert_eq(descriptors(), fds);
	igt_info("%s: %u allocations failed, %u errors\n", what, allocations, errors);
}
