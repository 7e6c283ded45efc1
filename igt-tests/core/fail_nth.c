// SPDX-License-Identifier: MIT
/*
 * Failing on purpose by the kernel's own fault injection: the process' counter, and
 * what root has to set for it to mean every allocation of slabs and of pages. Where
 * and why something fails is not known here.
 */
#include "fail_nth.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "igt_api.h"

static int counter = -1;

static const struct {
	const char *file;
	const char *value;
} settings[] = {
	{ "/sys/kernel/debug/failslab/ignore-gfp-wait", "N" },
	{ "/sys/kernel/debug/failslab/verbose", "0" },
	{ "/sys/kernel/debug/fail_page_alloc/ignore-gfp-wait", "N" },
	{ "/sys/kernel/debug/fail_page_alloc/min-order", "0" },
	{ "/sys/kernel/debug/fail_page_alloc/verbose", "0" },
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
