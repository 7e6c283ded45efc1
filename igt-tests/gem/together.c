// SPDX-License-Identifier: MIT
/*
 * Several who use one buffer: it is one buffer in every file of its device, readers keep
 * no reader waiting, and the longest fence is as long as it is documented.
 */
#include <time.h>
#include <unistd.h>

#include <linux/dma-buf.h>
#include <xf86drm.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/subtests.h"

#define SIZE (4 * PAGE_BYTES)

/* Much less than a fence lives by itself, and enough for a slow machine. */
#define AT_ONCE_MS 4000

static long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000ll + now.tv_nsec / 1000000;
}

static void one_buffer(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0), again;
	int dmabuf = prime_export(cards.vprime, handle, DRM_RDWR | DRM_CLOEXEC);

	(void)screen;
	again = prime_import(cards.again, dmabuf);
	igt_assert_eq(gem_info(cards.again, again).state & VPRIME_GEM_IMPORTED, 0);
	igt_assert(gem_info(cards.again, again).state & VPRIME_GEM_EXPORTED);
	igt_assert_eq(gem_info(cards.again, again).flags, gem_info(cards.vprime, handle).flags);
	gem_close(cards.again, again);
	gem_close(cards.vprime, handle);
	close(dmabuf);
}

static void attach(int card, uint32_t handle, uint32_t flags, uint32_t timeout_ms)
{
	struct drm_vprime_fence_attach args = {
		.handle = handle,
		.flags = flags,
		.timeout_ms = timeout_ms,
	};
	struct drm_vprime_fence_signal signal = { 0 };

	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_FENCE_ATTACH, &args), 0);
	if (!timeout_ms)
		return;
	signal.fence = args.out_fence;
	igt_assert_errno(drmIoctl(card, DRM_IOCTL_VPRIME_FENCE_SIGNAL, &signal), 0);
}

static void readers(struct screen *screen)
{
	struct dma_buf_sync sync = { .flags = DMA_BUF_SYNC_START | DMA_BUF_SYNC_READ };
	int card = drm_open_card("vprime", 0), dmabuf;
	uint32_t handle = gem_new(card, SIZE, 0);
	long long begun;

	(void)screen;
	dmabuf = prime_export(card, handle, DRM_RDWR | DRM_CLOEXEC);
	attach(card, handle, 0, 0);
	begun = now_ms();
	igt_assert_errno(drmIoctl(dmabuf, DMA_BUF_IOCTL_SYNC, &sync), 0);
	igt_assert_f(now_ms() - begun < AT_ONCE_MS, "a reader waited for a reader\n");
	sync.flags = DMA_BUF_SYNC_END | DMA_BUF_SYNC_READ;
	igt_assert_errno(drmIoctl(dmabuf, DMA_BUF_IOCTL_SYNC, &sync), 0);
	close(dmabuf);
	/* With the file goes its fence. */
	close(card);
}

static void longest_fence(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0);

	(void)screen;
	attach(cards.vprime, handle, VPRIME_FENCE_WRITE, VPRIME_FENCE_TIMEOUT_MS);
	gem_close(cards.vprime, handle);
}

static const struct subtest subtests[] = {
	{ "together-one", "A buffer is the same one in every file of its device.", one_buffer },
	{ "together-readers", "Who reads does not wait for who reads.", readers },
	{ "together-longest-fence", "A fence may be as long as is documented.", longest_fence },
};

void together_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
