// SPDX-License-Identifier: MIT
/*
 * Fences that a program attaches to a buffer and signals: vgem's contract, and what
 * vprime adds to it.
 */
#include "fence_subtests.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <drm/vgem_drm.h>
#include <drm/vprime_drm.h>
#include <xf86drm.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/subtests.h"
#include "software.h"

#define MANY 4096 /* what a file may have */

/* A buffer of a file of its own, and its dma-buf. */
struct target {
	int card;
	struct dumb dumb;
	int dmabuf;
};

static struct target target_new(void)
{
	struct target target = { .card = drm_open_card("vprime", 0) };

	igt_assert(target.card >= 0);
	target.dumb = dumb_new(target.card, 4096);
	target.dmabuf = prime_export(target.card, target.dumb.handle, DRM_CLOEXEC);
	return target;
}

static void target_free(struct target *target)
{
	dumb_free(&target->dumb);
	close(target->dmabuf);
	close(target->card);
}

static int __vgem_attach(int card, uint32_t handle, uint32_t flags, uint32_t pad,
			 uint32_t *fence)
{
	struct drm_vgem_fence_attach attach = { .handle = handle, .flags = flags, .pad = pad };
	int ret = drmIoctl(card, DRM_IOCTL_VGEM_FENCE_ATTACH, &attach);

	*fence = attach.out_fence;
	return ret;
}

static int __vgem_signal(int card, uint32_t fence, uint32_t flags)
{
	struct drm_vgem_fence_signal signal = { .fence = fence, .flags = flags };

	return drmIoctl(card, DRM_IOCTL_VGEM_FENCE_SIGNAL, &signal);
}

/* The same program on both, by vgem's header alone. */
static void vgem_program(int card)
{
	struct dumb dumb = dumb_new(card, 4096);
	int dmabuf = prime_export(card, dumb.handle, DRM_CLOEXEC);
	uint32_t reader, writer, none;

	igt_assert_errno(__vgem_attach(card, dumb.handle, 2, 0, &none), EINVAL);
	igt_assert_errno(__vgem_attach(card, dumb.handle, 0, 1, &none), EINVAL);
	igt_assert_errno(__vgem_attach(card, 0, 0, 0, &none), ENOENT);
	igt_assert_errno(__vgem_attach(card, 12345, 0, 0, &none), ENOENT);
	igt_assert_errno(__vgem_signal(card, 12345, 0), ENOENT);
	igt_assert_errno(__vgem_signal(card, 0, 0), ENOENT);

	igt_assert_errno(__vgem_attach(card, dumb.handle, 0, 0, &reader), 0);
	igt_assert(dmabuf_is_free(dmabuf, false));
	igt_assert(!dmabuf_is_free(dmabuf, true));
	igt_assert_errno(__vgem_attach(card, dumb.handle, VGEM_FENCE_WRITE, 0, &none), EBUSY);
	igt_assert_errno(__vgem_signal(card, reader, 1), EINVAL);
	igt_assert_errno(__vgem_signal(card, reader, 0), 0);
	igt_assert(dmabuf_is_free(dmabuf, true));
	igt_assert_errno(__vgem_signal(card, reader, 0), ENOENT);

	igt_assert_errno(__vgem_attach(card, dumb.handle, VGEM_FENCE_WRITE, 0, &writer), 0);
	igt_assert(writer != reader);
	igt_assert(!dmabuf_is_free(dmabuf, false));
	igt_assert_errno(__vgem_attach(card, dumb.handle, 0, 0, &none), EBUSY);
	igt_assert_errno(__vgem_signal(card, writer, 0), 0);
	igt_assert(dmabuf_is_free(dmabuf, false));
	close(dmabuf);
	dumb_free(&dumb);
}

static void as_vgem(struct screen *screen)
{
	int vgem = drm_open_card("vgem", 0), vprime = drm_open_card("vprime", 0);

	(void)screen;
	igt_require_f(vgem >= 0, "needs vgem\n");
	vgem_program(vgem);
	vgem_program(vprime);
	close(vgem);
	close(vprime);
}

static void render_node(struct screen *screen)
{
	char *name = drmGetRenderDeviceNameFromFd(screen->kms.fd);
	struct drm_vprime_fence_attach attach = {};
	struct target target = target_new();
	int render;

	igt_assert(name);
	render = open(name, O_RDWR | O_CLOEXEC);
	free(name);
	igt_assert(render >= 0);
	attach.handle = prime_import(render, target.dmabuf);
	igt_assert_errno(drmIoctl(render, DRM_IOCTL_VPRIME_FENCE_ATTACH, &attach), 0);
	igt_assert(!dmabuf_is_free(target.dmabuf, true));
	/* A number means something in its own file only. */
	igt_assert_errno(__soft_signal(target.card, attach.out_fence, 0), ENOENT);
	soft_signal(render, attach.out_fence, 0);
	igt_assert(dmabuf_is_free(target.dmabuf, true));
	close(render);
	target_free(&target);
}

static void timeout(struct screen *screen)
{
	struct target target = target_new();
	unsigned long expired = fence_count(target.card, "software", true);
	uint32_t fence = soft_attach(target.card, target.dumb.handle, true, 100);
	int sync_file = dmabuf_sync_file(target.dmabuf, false);

	(void)screen;
	igt_assert_eq(sync_file_wait(sync_file), -ETIMEDOUT);
	igt_assert(dmabuf_is_free(target.dmabuf, true));
	igt_assert_eq(fence_count(target.card, "software", true), expired + 1);
	igt_assert_errno(__soft_signal(target.card, fence, 0), ETIMEDOUT);
	igt_assert_errno(__soft_signal(target.card, fence, 0), ENOENT);
	close(sync_file);
	target_free(&target);
}

/* Whoever says nothing of the time gets vgem's: it is there after 5 s, gone after 20. */
static void default_timeout(struct screen *screen)
{
	struct target target = target_new();
	uint32_t fence;
	int sync_file;

	(void)screen;
	igt_assert_errno(__vgem_attach(target.card, target.dumb.handle, VGEM_FENCE_WRITE, 0,
				       &fence),
			 0);
	sync_file = dmabuf_sync_file(target.dmabuf, false);
	sleep(5);
	igt_assert_eq(sync_file_status(sync_file), 0);
	sleep(3);
	igt_assert_eq(sync_file_wait(sync_file), -ETIMEDOUT);
	igt_assert_errno(__vgem_signal(target.card, fence, 0), ETIMEDOUT);
	close(sync_file);
	target_free(&target);
}

static void error(struct screen *screen)
{
	static const uint32_t errors[] = { EIO, ECANCELED, 1, 4095 };
	struct target target = target_new();
	unsigned long expired = fence_count(target.card, "software", true);

	(void)screen;
	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		uint32_t fence = soft_attach(target.card, target.dumb.handle, true, 0);
		int sync_file = dmabuf_sync_file(target.dmabuf, false);

		soft_signal(target.card, fence, errors[i]);
		igt_assert_eq(sync_file_wait(sync_file), -(int)errors[i]);
		close(sync_file);
	}
	igt_assert_eq(fence_count(target.card, "software", true), expired);
	target_free(&target);
}

static void bad_arguments(struct screen *screen)
{
	struct target target = target_new();
	const struct drm_vprime_fence_attach bad[] = {
		{ .handle = target.dumb.handle, .flags = 1u << 31 },
		{ .handle = target.dumb.handle, .pad = 1 },
		{ .handle = target.dumb.handle, .pad2 = 1 },
		{ .handle = target.dumb.handle, .timeout_ms = VPRIME_FENCE_TIMEOUT_MS + 1 },
	};
	struct drm_vprime_fence_signal signal = { .pad = 1 };

	(void)screen;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct drm_vprime_fence_attach attach = bad[i];

		igt_assert_errno(drmIoctl(target.card, DRM_IOCTL_VPRIME_FENCE_ATTACH, &attach),
				 EINVAL);
	}
	igt_assert(dmabuf_is_free(target.dmabuf, true));

	/* Nothing is lost: the fence is there, and can be signalled. */
	signal.fence = soft_attach(target.card, target.dumb.handle, true, 0);
	igt_assert_errno(drmIoctl(target.card, DRM_IOCTL_VPRIME_FENCE_SIGNAL, &signal), EINVAL);
	igt_assert_errno(__soft_signal(target.card, signal.fence, 4096), EINVAL);
	igt_assert_errno(__soft_signal(target.card, signal.fence, -1u), EINVAL);
	igt_assert(!dmabuf_is_free(target.dmabuf, false));
	soft_signal(target.card, signal.fence, 0);
	target_free(&target);
}

static void file_closed(struct screen *screen)
{
	struct target target = target_new();
	int sync_file;

	(void)screen;
	soft_attach(target.card, target.dumb.handle, true, 0);
	sync_file = dmabuf_sync_file(target.dmabuf, false);
	/* A mapping keeps the file open. */
	dumb_free(&target.dumb);
	igt_assert_eq(sync_file_status(sync_file), 0);
	close(target.card);
	igt_assert_eq(sync_file_status(sync_file), -ECANCELED);
	igt_assert(dmabuf_is_free(target.dmabuf, true));
	close(sync_file);
	close(target.dmabuf);
}

/* In a process of its own, which does not come back. */
static _Noreturn void attach_and_hang(int dmabuf)
{
	int card = drm_open_card("vprime", 0);
	struct drm_vprime_fence_attach attach = { .flags = VPRIME_FENCE_WRITE };

	if (drmPrimeFDToHandle(card, dmabuf, &attach.handle) ||
	    drmIoctl(card, DRM_IOCTL_VPRIME_FENCE_ATTACH, &attach))
		_exit(1);
	for (;;)
		pause();
}

static void owner_killed(struct screen *screen)
{
	struct target target = target_new();
	int sync_file, tries = 0;
	pid_t child = fork();

	(void)screen;
	igt_assert(child >= 0);
	if (!child)
		attach_and_hang(target.dmabuf);
	while (dmabuf_is_free(target.dmabuf, false) && tries++ < 500)
		usleep(10000);
	sync_file = dmabuf_sync_file(target.dmabuf, false);
	igt_assert_eq(sync_file_status(sync_file), 0);
	igt_assert_errno(kill(child, SIGKILL), 0);
	igt_assert_eq(waitpid(child, NULL, 0), child);
	igt_assert_eq(sync_file_wait(sync_file), -ECANCELED);
	close(sync_file);
	target_free(&target);
}

static void limit(struct screen *screen)
{
	struct target target = target_new();
	struct drm_vprime_fence_attach attach = { .handle = target.dumb.handle };
	static uint32_t fences[MANY];

	(void)screen;
	for (int i = 0; i < MANY; i++)
		fences[i] = soft_attach(target.card, target.dumb.handle, false, 0);
	igt_assert_errno(drmIoctl(target.card, DRM_IOCTL_VPRIME_FENCE_ATTACH, &attach), ENOSPC);
	for (int i = 0; i < MANY; i++) {
		int ret = __soft_signal(target.card, fences[i], 0);

		/* A slow machine may need more than the ten seconds. */
		igt_assert(!ret || errno == ETIMEDOUT);
	}
	igt_assert(dmabuf_is_free(target.dmabuf, true));
	soft_signal(target.card, soft_attach(target.card, target.dumb.handle, true, 0), 0);
	target_free(&target);
}

/* On an import the fence is on the exporter's buffer, where all see it. */
static void on_import(struct screen *screen)
{
	int vgem = drm_open_card("vgem", 0), card = drm_open_card("vprime", 0);
	struct dumb dumb;
	uint32_t handle, fence, none;
	int dmabuf;

	(void)screen;
	igt_require_f(vgem >= 0, "needs vgem\n");
	dumb = dumb_new(vgem, 4096);
	dmabuf = prime_export(vgem, dumb.handle, DRM_CLOEXEC);
	handle = prime_import(card, dmabuf);
	fence = soft_attach(card, handle, true, 0);
	igt_assert(!dmabuf_is_free(dmabuf, false));
	igt_assert_errno(__vgem_attach(vgem, dumb.handle, 0, 0, &none), EBUSY);
	soft_signal(card, fence, 0);
	igt_assert_errno(__vgem_attach(vgem, dumb.handle, VGEM_FENCE_WRITE, 0, &fence), 0);
	igt_assert_errno(__vgem_attach(card, handle, 0, 0, &none), EBUSY);
	igt_assert_errno(__vgem_signal(vgem, fence, 0), 0);
	close(dmabuf);
	dumb_free(&dumb);
	close(card);
	close(vgem);
}

static const struct subtest subtests[] = {
	{ "attach-as-vgem", "A program written for vgem's fences works on vprime.", as_vgem },
	{ "attach-render-node", "A render node is enough; numbers are the file's.", render_node },
	{ "attach-timeout", "A fence expires with ETIMEDOUT, and is counted.", timeout },
	{ "attach-default-timeout", "By default it expires after ten seconds.", default_timeout },
	{ "attach-error", "A fence ends with the error it was signalled with.", error },
	{ "attach-bad-arguments", "What is wrong is refused and nothing is lost.", bad_arguments },
	{ "attach-file-closed", "Closing the file ends its fences.", file_closed },
	{ "attach-owner-killed", "So does the death of its process.", owner_killed },
	{ "attach-limit", "A file may have only so many fences.", limit },
	{ "attach-on-import", "A fence on an import is the exporter's too.", on_import },
};

void attach_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
