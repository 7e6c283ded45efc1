// SPDX-License-Identifier: MIT
/*
 * What calls reach, as the kernel's KCOV tells it: one area a thread. One thread of all
 * gets what the device's workers do as well, as vprime_coverage.h has it. Without KCOV
 * nothing is new, ever.
 */
#include "kcov.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <linux/kcov.h>

#include "run.h"
#include "shared.h"

/* Words; what is beyond is lost. */
#define AREA 16384

/* Points that this process told before: a power of two, those with one hash in turn. */
#define TOLD 16384

/* drm/vprime_coverage.h has the same number. */
#define VPRIME_COVERAGE_HANDLE (KCOV_SUBSYSTEM_COMMON | 0x7670)

static int enable(int fd)
{
	struct kcov_remote_arg remote = {
		.trace_mode = KCOV_TRACE_PC,
		.area_size = AREA,
		.common_handle = VPRIME_COVERAGE_HANDLE,
	};

	if (!ioctl(fd, KCOV_REMOTE_ENABLE, &remote))
		return 0;
	return ioctl(fd, KCOV_ENABLE, KCOV_TRACE_PC);
}

void kcov_open(struct kcov *kcov)
{
	void *area;

	kcov->area = NULL;
	kcov->fd = run_own_fd(open("/sys/kernel/debug/kcov", O_RDWR | O_CLOEXEC));
	if (kcov->fd < 0)
		return;
	if (ioctl(kcov->fd, KCOV_INIT_TRACE, AREA))
		return;
	area = mmap(NULL, AREA * sizeof(uint64_t), PROT_READ | PROT_WRITE, MAP_SHARED, kcov->fd,
		    0);
	if (area == MAP_FAILED || enable(kcov->fd))
		return;
	kcov->area = area;
}

void kcov_reset(struct kcov *kcov)
{
	if (kcov->area)
		__atomic_store_n(&kcov->area[0], 0, __ATOMIC_RELAXED);
}

/* Loops and whole programs go over the same points again and again. */
static bool was_told(uint64_t point)
{
	static uint64_t told[TOLD];
	uint64_t *last = &told[point * 0x9e3779b97f4a7c15ull >> 50];

	if (*last == point)
		return true;
	*last = point;
	return false;
}

unsigned int kcov_collect(struct kcov *kcov, struct shared *shared)
{
	unsigned int news = 0;
	uint64_t count;

	if (!kcov->area)
		return 0;
	count = __atomic_load_n(&kcov->area[0], __ATOMIC_ACQUIRE);
	for (uint64_t i = 1; i <= count && i < AREA; i++)
		if (!was_told(kcov->area[i]))
			news += shared_reach(shared, kcov->area[i]);
	return news;
}
