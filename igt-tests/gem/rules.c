// SPDX-License-Identifier: MIT
/*
 * Who may do what: the render node, clients that are not authenticated, handles of
 * others, names.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/subtests.h"

#define SIZE (3 * PAGE_BYTES)

static int open_render(int card)
{
	char *name = drmGetRenderDeviceNameFromFd(card);
	int fd;

	igt_assert_f(name, "the card has no render node\n");
	fd = open(name, O_RDWR | O_CLOEXEC);
	free(name);
	igt_assert(fd >= 0);
	return fd;
}

/* Everything of buffers, nothing of the screen. */
static void render_node(struct screen *screen)
{
	int render = open_render(cards.vprime), dmabuf;
	struct drm_mode_create_dumb dumb = { .width = 1, .height = 1, .bpp = 32 };
	struct drm_mode_card_res resources = { 0 };
	struct drm_gem_flink flink = { 0 };
	uint32_t handle = gem_new(render, SIZE, 0), imported;

	(void)screen;
	gem_fill(render, handle, SIZE, 3);
	dmabuf = prime_export(render, handle, DRM_RDWR | DRM_CLOEXEC);
	imported = prime_import(cards.vprime, dmabuf);
	gem_assert_noise(cards.vprime, imported, SIZE, 3);
	gem_close(cards.vprime, imported);
	igt_assert_eq(prime_import(render, dmabuf), handle);
	close(dmabuf);

	flink.handle = handle;
	igt_assert_errno(drmIoctl(render, DRM_IOCTL_GEM_FLINK, &flink), EACCES);
	igt_assert_errno(drmIoctl(render, DRM_IOCTL_MODE_CREATE_DUMB, &dumb), EACCES);
	igt_assert_errno(drmIoctl(render, DRM_IOCTL_MODE_GETRESOURCES, &resources), EACCES);
	igt_assert_errno(drmSetMaster(render), EACCES);
	gem_close(render, handle);
	close(render);
}

/* A handle is a number of one open file: the same number elsewhere is nothing. */
static void own_handles(struct screen *screen)
{
	uint32_t handle = 0;
	int fresh = drm_open_card("vprime", 0), dmabuf;
	struct drm_vprime_gem_info info;

	(void)screen;
	for (int i = 0; i < 5; i++)
		handle = gem_new(cards.vprime, SIZE, 0);
	info = (struct drm_vprime_gem_info){ .handle = handle };
	igt_assert_errno(drmIoctl(fresh, DRM_IOCTL_VPRIME_GEM_INFO, &info), ENOENT);
	igt_assert_errno(drmPrimeHandleToFD(fresh, handle, DRM_CLOEXEC, &dmabuf), ENOENT);
	igt_assert_errno(drmCloseBufferHandle(fresh, handle), EINVAL);
	for (int i = 0; i < 5; i++)
		gem_close(cards.vprime, handle - i);
	close(fresh);
}

static void names(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0);
	struct drm_gem_flink flink = { .handle = handle }, repeated = { .handle = handle };
	struct drm_gem_open open = { 0 };

	(void)screen;
	gem_fill(cards.vprime, handle, SIZE, 4);
	igt_assert_errno(drmIoctl(cards.vprime, DRM_IOCTL_GEM_FLINK, &flink), 0);
	igt_assert_errno(drmIoctl(cards.vprime, DRM_IOCTL_GEM_FLINK, &repeated), 0);
	igt_assert_eq(flink.name, repeated.name);
	open.name = flink.name;
	igt_assert_errno(drmIoctl(cards.again, DRM_IOCTL_GEM_OPEN, &open), 0);
	igt_assert_eq(open.size, SIZE);
	gem_close(cards.vprime, handle);
	gem_assert_noise(cards.again, open.handle, SIZE, 4);
	gem_close(cards.again, open.handle);
	igt_assert_errno(drmIoctl(cards.again, DRM_IOCTL_GEM_OPEN, &open), ENOENT);
	flink.handle = handle;
	igt_assert_errno(drmIoctl(cards.vprime, DRM_IOCTL_GEM_FLINK, &flink), ENOENT);
}

#ifdef DRM_IOCTL_GEM_CHANGE_HANDLE
/* A handle gets another number: mappings, name, dma-buf and mode go with it. */
static void change_handle(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0), again;
	int dmabuf = prime_export(cards.vprime, handle, DRM_CLOEXEC);
	struct drm_gem_change_handle change = { 0 };

	(void)screen;
	gem_fill(cards.vprime, handle, SIZE, 5);
	change.handle = handle;
	change.new_handle = 4321;
	if (drmIoctl(cards.vprime, DRM_IOCTL_GEM_CHANGE_HANDLE, &change)) {
		igt_assert_eq(errno, EINVAL);
		close(dmabuf);
		gem_close(cards.vprime, handle);
		igt_require_f(false, "this kernel's DRM has the ioctl switched off\n");
	}
	gem_assert_noise(cards.vprime, 4321, SIZE, 5);
	igt_assert_eq(prime_import(cards.vprime, dmabuf), 4321);
	igt_assert_errno(drmCloseBufferHandle(cards.vprime, handle), EINVAL);

	again = prime_import(cards.again, dmabuf);
	change.handle = again;
	igt_assert_errno(drmIoctl(cards.again, DRM_IOCTL_GEM_CHANGE_HANDLE, &change), 0);
	igt_assert(gem_info(cards.again, 4321).state & VPRIME_GEM_READ_ONLY);
	igt_assert_errno(drmIoctl(cards.again, DRM_IOCTL_GEM_CHANGE_HANDLE, &change), ENOSPC);
	gem_close(cards.again, 4321);
	gem_close(cards.vprime, 4321);
	close(dmabuf);
}
#endif

static const struct subtest subtests[] = {
	{ "render-node", "The render node has all of buffers and nothing else.", render_node },
	{ "own-handles", "A client reaches only its own handles.", own_handles },
	{ "names", "GEM names share a buffer and go with it.", names },
#ifdef DRM_IOCTL_GEM_CHANGE_HANDLE
	{ "change-handle", "A handle gets another number and is the same.", change_handle },
#endif
};

void rule_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
