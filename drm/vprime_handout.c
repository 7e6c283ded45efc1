// SPDX-License-Identifier: GPL-2.0-only
/*
 * Handouts: dma-bufs, fences and descriptors for a frame that a consumer acquires.
 * All that can fail is done before a descriptor is installed. ACQUIRE calls it;
 * it knows nothing of queues.
 */

#include <linux/dma-buf.h>
#include <linux/dma-fence.h>
#include <linux/dma-resv.h>
#include <linux/fcntl.h>
#include <linux/file.h>
#include <linux/sync_file.h>

#include <drm/drm_fourcc.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem.h>
#include <drm/vprime_consumer.h>

#include "vprime_crtc.h"
#include "vprime_drv.h"
#include "vprime_export.h"
#include "vprime_feed.h"
#include "vprime_frame.h"
#include "vprime_grab.h"
#include "vprime_handout.h"
#include "vprime_source.h"

/* Places in &vprime_handout.files, behind the planes of the picture. */
#define CURSOR 4
#define FENCE 5

static int vprime_handout_file(struct vprime_handout *out, unsigned int at,
			       struct file *file, s32 *told)
{
	int fd = get_unused_fd_flags(O_CLOEXEC);

	if (fd < 0) {
		fput(file);
		return fd;
	}
	out->files[at] = file;
	out->fds[at] = fd;
	*told = fd;

	return 0;
}

/* Until the frame is released, who writes into the buffer has a reader to wait for. */
static int vprime_handout_fence(struct vprime_handout *out,
				struct dma_resv *resv, struct dma_fence *writer)
{
	int ret;

	ret = dma_resv_lock_interruptible(resv, NULL);
	if (ret)
		return ret;
	ret = dma_resv_reserve_fences(resv, 2);
	if (!ret) {
		dma_resv_add_fence(resv, out->hold, DMA_RESV_USAGE_READ);
		if (writer)
			dma_resv_add_fence(resv, writer, DMA_RESV_USAGE_WRITE);
	}
	dma_resv_unlock(resv);

	return ret;
}

static int vprime_handout_plane(struct vprime_handout *out, unsigned int at,
				const struct drm_framebuffer *fb,
				unsigned int i,
				struct drm_vprime_consumer_plane *plane)
{
	struct dma_buf *dma_buf;
	int ret;

	dma_buf = vprime_export_share(fb->obj[i]);
	if (IS_ERR(dma_buf))
		return PTR_ERR(dma_buf);

	plane->offset = fb->offsets[i];
	plane->pitch = fb->pitches[i];
	ret = vprime_handout_file(out, at, dma_buf->file, &plane->fd);
	if (ret)
		return ret;

	return vprime_handout_fence(out, dma_buf->resv, NULL);
}

static int vprime_handout_direct(struct vprime_handout *out)
{
	const struct vprime_layer *layer = vprime_frame_picture(out->frame);
	const struct drm_framebuffer *fb = vprime_source_fb(layer->source);
	struct drm_vprime_consumer_acquire *args = out->args;
	unsigned int i;
	int ret;

	for (i = 0; i < fb->format->num_planes; i++) {
		ret = vprime_handout_plane(out, i, fb, i, &args->planes[i]);
		if (ret)
			return ret;
	}
	args->flags |= VPRIME_CONSUMER_DIRECT;
	args->encoding = layer->encoding;
	args->range = layer->range;
	args->format = fb->format->format;
	args->modifier = fb->modifier;
	args->num_planes = fb->format->num_planes;

	return 0;
}

static int vprime_handout_picture(struct vprime_handout *out,
				  struct vprime_grab *grab)
{
	struct drm_vprime_consumer_acquire *args = out->args;
	int ret;

	args->format = VPRIME_GRAB_FORMAT;
	args->modifier = DRM_FORMAT_MOD_LINEAR;
	args->num_planes = 1;
	args->planes[0].pitch = grab->image.pitch[0];
	get_dma_buf(grab->dma_buf);
	ret = vprime_handout_file(out, 0, grab->dma_buf->file,
				  &args->planes[0].fd);
	if (ret)
		return ret;

	return vprime_handout_fence(out, grab->obj->resv, grab->fence);
}

static int vprime_handout_composed(struct vprime_handout *out, bool separate)
{
	struct sync_file *sync_file;
	struct vprime_grab *grab;
	int ret;

	grab = vprime_feed_grab(&out->vdev->vcrtc->feed, out->frame, separate);
	if (IS_ERR(grab))
		return PTR_ERR(grab);
	out->grab = grab;

	ret = vprime_handout_picture(out, grab);
	if (ret || dma_fence_is_signaled(grab->fence))
		return ret;

	sync_file = sync_file_create(grab->fence);
	if (!sync_file)
		return -ENOMEM;

	return vprime_handout_file(out, FENCE, sync_file->file,
				   &out->args->fence_fd);
}

static int vprime_handout_cursor(struct vprime_handout *out)
{
	const struct vprime_layer *layer = vprime_frame_cursor(out->frame);
	struct drm_vprime_consumer_cursor *cursor = &out->args->cursor;
	const struct drm_framebuffer *fb;
	int ret;

	if (!layer)
		return 0;

	fb = vprime_source_fb(layer->source);
	ret = vprime_handout_plane(out, CURSOR, fb, 0, &cursor->plane);
	if (ret)
		/* Its owner has given it up. */
		return ret == -ENOENT ? 0 : ret;

	out->args->flags |= VPRIME_CONSUMER_CURSOR_VISIBLE;
	cursor->x = layer->dst.x1 - layer->src_x;
	cursor->y = layer->dst.y1 - layer->src_y;
	cursor->width = fb->width;
	cursor->height = fb->height;
	cursor->format = fb->format->format;

	return 0;
}

/**
 * vprime_handout_drop - give nothing after all
 * @out: handout
 */
void vprime_handout_drop(struct vprime_handout *out)
{
	unsigned int i;

	for (i = 0; i < VPRIME_HANDOUT_FILES; i++) {
		if (!out->files[i])
			continue;
		put_unused_fd(out->fds[i]);
		fput(out->files[i]);
		out->files[i] = NULL;
	}
	for (i = 0; i < ARRAY_SIZE(out->args->planes); i++)
		out->args->planes[i] =
			(struct drm_vprime_consumer_plane){ .fd = -1 };
}

/**
 * vprime_handout_install - give what was made; can't fail
 * @out: handout
 */
void vprime_handout_install(struct vprime_handout *out)
{
	unsigned int i;

	for (i = 0; i < VPRIME_HANDOUT_FILES; i++)
		if (out->files[i])
			fd_install(out->fds[i], out->files[i]);
}

/**
 * vprime_handout_fill - make descriptors of a frame, not installed yet
 * @out: handout, its frame, hold and args set
 * @direct: as it is shown, not composed
 * @separate: the cursor apart
 *
 * Context: process, no dma_resv lock held; the device may be unplugged meanwhile, but is
 * there.
 *
 * Return: 0; -EMFILE, -ENOMEM, -ERESTARTSYS, what an exporter says. Then, too,
 * there may be something to drop.
 */
int vprime_handout_fill(struct vprime_handout *out, bool direct,
			bool separate)
{
	int ret;

	ret = direct ? vprime_handout_direct(out) : -ENOENT;
	/* Of a buffer that its owner has given up there is no dma-buf to be had. */
	if (ret == -ENOENT) {
		vprime_handout_drop(out);
		ret = vprime_handout_composed(out, separate);
	}
	if (!ret && separate)
		ret = vprime_handout_cursor(out);

	return ret;
}
