// SPDX-License-Identifier: MIT
/*
 * What is told of a buffer while another thread closes, uses and moves it: never of two
 * buffers at once, never of one that is gone.
 */
#include <pthread.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xf86drm.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/subtests.h"
#include "lib/vgem_fence.h"

#define SIZE (20 * PAGE_BYTES)
#define HELD_MS 300

/* A buffer whose lock somebody has: a move that waits for a fence. */
static struct held {
	uint32_t handle, fence;
	int dmabuf, vgem, error;
	pthread_t mover;
} held;

static void *move_held(void *unused)
{
	(void)unused;
	held.error = gem_move(0, held.dmabuf);
	return NULL;
}

static void make_held(void)
{
	limits_reset();
	held.handle = gem_new(cards.vprime, SIZE, 0);
	held.dmabuf = prime_export(cards.vprime, held.handle, DRM_RDWR | DRM_CLOEXEC);
}

static void hold(void)
{
	uint32_t handle;

	held.vgem = drm_open_card("vgem", 0);
	handle = prime_import(held.vgem, held.dmabuf);
	held.fence = vgem_fence_attach(held.vgem, handle, true);
	gem_close(held.vgem, handle);
	igt_assert(!pthread_create(&held.mover, NULL, move_held, NULL));
	usleep(HELD_MS * 1000);
}

static void let_go(void)
{
	vgem_fence_signal(held.vgem, held.fence);
	pthread_join(held.mover, NULL);
	close(held.vgem);
	igt_assert_eq(held.error, 0);
}

static struct asked {
	int card;
	struct drm_vprime_gem_info info;
	int error;
} asked;

static void *ask(void *unused)
{
	(void)unused;
	asked.error = drmIoctl(asked.card, DRM_IOCTL_VPRIME_GEM_INFO, &asked.info) ? errno : 0;
	return NULL;
}

/* Who asks waits for the lock. Another buffer has the handle when it gets it. */
static void one_buffer(struct screen *screen)
{
	uint32_t other = gem_new(cards.vprime, 2 * SIZE, 0), handle;
	int dmabuf = prime_export(cards.vprime, other, DRM_RDWR | DRM_CLOEXEC);
	struct drm_vprime_gem_info expected;
	pthread_t asker;

	(void)screen;
	asked.card = drm_open_card("vprime", 0);
	make_held();
	hold();
	handle = prime_import(asked.card, held.dmabuf);
	asked.info = (struct drm_vprime_gem_info){ .handle = handle };
	igt_assert(!pthread_create(&asker, NULL, ask, NULL));
	usleep(HELD_MS * 1000);
	gem_close(asked.card, handle);
	igt_assert_eq(prime_import(asked.card, dmabuf), handle);
	let_go();
	pthread_join(asker, NULL);
	expected = gem_info(cards.vprime, held.handle);
	gem_close(cards.vprime, held.handle);
	gem_close(cards.vprime, other);
	close(held.dmabuf);
	close(dmabuf);
	close(asked.card);
	igt_assert_eq(asked.error, 0);
	igt_assert_eq(asked.info.size, expected.size);
	igt_assert_eq(asked.info.offset, expected.offset);
}

static char listed[1 << 16];

static void *list(void *unused)
{
	FILE *file = fopen("/sys/kernel/debug/dri/vprime.0/vprime_buffers", "re");

	(void)unused;
	if (file) {
		listed[fread(listed, 1, sizeof(listed) - 1, file)] = '\0';
		fclose(file);
	}
	return NULL;
}

static void *close_held(void *unused)
{
	(void)unused;
	drmCloseBufferHandle(cards.vprime, held.handle);
	close(held.dmabuf);
	return NULL;
}

/*
 * Somebody who lists buffers waits for the lock, and behind him the dma-buf goes, whose
 * inode is gone by the time the list is written. Only a mapping keeps the buffer.
 */
static void inode_gone(struct screen *screen)
{
	pthread_t lister, closer;
	void *map;

	(void)screen;
	make_held();
	map = gem_map(cards.vprime, held.handle, SIZE, PROT_READ);
	hold();
	igt_assert(!pthread_create(&lister, NULL, list, NULL));
	usleep(HELD_MS * 1000);
	igt_assert(!pthread_create(&closer, NULL, close_held, NULL));
	usleep(HELD_MS * 1000);
	let_go();
	pthread_join(lister, NULL);
	pthread_join(closer, NULL);
	munmap(map, SIZE);
	igt_assert_f(strstr(listed, "inode\n"), "no list of buffers\n");
}

static const struct subtest subtests[] = {
	{ "info-one-buffer", "What is told of a handle is of one buffer.", one_buffer },
	{ "list-closed", "A buffer is listed while its dma-buf goes.", inode_gone },
};

void handle_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
