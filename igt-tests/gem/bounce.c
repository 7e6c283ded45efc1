// SPDX-License-Identifier: MIT
/*
 * Machines where all DMA goes through bounce buffers, as in a guest whose memory is
 * encrypted (swiotlb=force): pieces that can be bounced, or the documented errno, also when
 * the bounce buffers are all in use; and no copy of old content over new.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/klog.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xf86drm.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/bounce.h"
#include "lib/subtests.h"

#define LONGEST (256u * 1024) /* of what the kernel bounces in one piece */
#define SIZE (1024u * 1024)

/* More than there are bounce buffers for: 64 MiB, or what swiotlb= says. */
#define BUFFERS_MAX 512

#define READ_LOG 3
#define LOG_MAX (16 * 1024 * 1024)

/* How often the kernel said that its bounce buffers are all in use. */
static unsigned int complaints(void)
{
	char *log = calloc(1, LOG_MAX), *at = log;
	unsigned int count = 0;

	igt_assert(log);
	igt_assert_errno(klogctl(READ_LOG, log, LOG_MAX - 1), 0);
	while ((at = strstr(at, "swiotlb buffer is full")))
		count++, at++;
	free(log);
	return count;
}

static int exported(uint32_t flags, uint32_t *handle)
{
	*handle = gem_new(cards.vprime, SIZE, flags);
	return prime_export(cards.vprime, *handle, DRM_RDWR | DRM_CLOEXEC);
}

/* However long a piece of memory is, a device gets it in such as can be bounced. */
static void cut(struct screen *screen)
{
	static const uint32_t kinds[] = { 0, VPRIME_GEM_CONTIGUOUS, VPRIME_GEM_WRITE_COMBINE };
	uint32_t handle, imported;

	(void)screen;
	igt_require_f(bounce_all(), "needs swiotlb=force\n");
	limits_reset();
	for (size_t kind = 0; kind < sizeof(kinds) / sizeof(kinds[0]); kind++) {
		int dmabuf = exported(kinds[kind], &handle);

		imported = prime_import(cards.second, dmabuf);
		igt_assert(gem_info(cards.second, imported).segments >= SIZE / LONGEST);
		gem_fill(cards.second, imported, SIZE, kind);
		gem_assert_noise(cards.vprime, handle, SIZE, kind);
		gem_close(cards.second, imported);
		gem_assert_noise(cards.vprime, handle, SIZE, kind);
		gem_close(cards.vprime, handle);
		close(dmabuf);
	}
}

/* Who wants one piece can have one that is bounced in one. */
static void one_piece(struct screen *screen)
{
	uint32_t handle, imported, small = gem_new(cards.vprime, LONGEST, VPRIME_GEM_CONTIGUOUS);
	int dmabuf = exported(VPRIME_GEM_CONTIGUOUS, &handle), whole;

	(void)screen;
	igt_require_f(bounce_all(), "needs swiotlb=force\n");
	limits_reset();
	whole = prime_export(cards.vprime, small, DRM_RDWR | DRM_CLOEXEC);
	igt_assert_eq(slot_set(1, "contiguous", 1), 0);
	igt_assert_errno(drmPrimeFDToHandle(cards.second, dmabuf, &imported), EOPNOTSUPP);
	imported = prime_import(cards.second, whole);
	igt_assert_eq(gem_info(cards.second, imported).segments, 1);
	gem_close(cards.second, imported);
	/* What is its own is not bounced. */
	imported = gem_new(cards.second, SIZE, 0);
	gem_fill(cards.second, imported, SIZE, 1);
	igt_assert_eq(gem_info(cards.second, imported).segments, 1);
	gem_close(cards.second, imported);
	limits_reset();
	gem_close(cards.vprime, handle);
	gem_close(cards.vprime, small);
	close(dmabuf);
	close(whole);
}

/* Written by a door that knows nothing of the import, which has a copy, and goes. */
static void ended(struct screen *screen)
{
	uint32_t handle, imported;
	int dmabuf = exported(0, &handle);

	(void)screen;
	limits_reset();
	gem_fill(cards.vprime, handle, SIZE, 1);
	imported = prime_import(cards.second, dmabuf);
	gem_fill(cards.vprime, handle, SIZE, 2);
	gem_close(cards.second, imported);
	gem_assert_noise(cards.vprime, handle, SIZE, 2);
	gem_close(cards.vprime, handle);
	close(dmabuf);
}

/* ENOMEM for one more, which another can have as soon as one goes. */
static void full(struct screen *screen)
{
	uint32_t handles[BUFFERS_MAX], imported[BUFFERS_MAX];
	unsigned int count, before = complaints();
	int dmabufs[BUFFERS_MAX], error = 0;

	(void)screen;
	igt_require_f(bounce_all(), "needs swiotlb=force\n");
	limits_reset();
	for (count = 0; !error && count < BUFFERS_MAX; count++) {
		dmabufs[count] = exported(0, &handles[count]);
		gem_fill(cards.vprime, handles[count], PAGE_BYTES, count);
		if (drmPrimeFDToHandle(cards.second, dmabufs[count], &imported[count]))
			error = errno;
	}
	igt_assert_eq(error, ENOMEM);
	igt_assert(count > 2);
	gem_close(cards.second, imported[0]);
	imported[0] = prime_import(cards.second, dmabufs[count - 1]);
	gem_close(cards.second, imported[0]);
	for (unsigned int i = 0; i < count; i++) {
		if (i && i < count - 1)
			gem_close(cards.second, imported[i]);
		gem_assert_noise(cards.vprime, handles[i], PAGE_BYTES, i);
		gem_close(cards.vprime, handles[i]);
		close(dmabufs[i]);
	}
	igt_assert_eq(complaints(), before);
}

static const struct subtest subtests[] = {
	{ "bounce-cut", "Pieces are no longer than what can be bounced.", cut },
	{ "bounce-one-piece", "One that is too long is refused to who wants one.", one_piece },
	{ "bounce-ended", "The end of an import changes nothing.", ended },
	{ "bounce-full", "No bounce buffer is left: ENOMEM, and nothing is lost or said.", full },
};

void bounce_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
