// SPDX-License-Identifier: GPL-2.0-only
/*
 * The writeback connector: a consumer of one frame, the one its job was
 * committed with. The DRM core makes and cleans jobs; the CRTC's worker gives
 * them lines. A job's out-fence is signalled after the last line is written.
 */

#include <linux/dma-resv.h>
#include <linux/slab.h>
#include <linux/wait_bit.h>

#include <drm/drm_atomic.h>
#include <drm/drm_atomic_helper.h>
#include <drm/drm_edid.h>
#include <drm/drm_framebuffer.h>
#include <drm/drm_gem.h>
#include <drm/drm_modeset_helper_vtables.h>
#include <drm/drm_print.h>
#include <drm/drm_probe_helper.h>
#include <drm/drm_writeback.h>

#include "vprime_composer.h"
#include "vprime_crtc.h"
#include "vprime_drv.h"
#include "vprime_fb.h"
#include "vprime_fence.h"
#include "vprime_format.h"
#include "vprime_image.h"
#include "vprime_mode.h"
#include "vprime_patience.h"
#include "vprime_plane_commit.h"
#include "vprime_source.h"
#include "vprime_writeback.h"

/**
 * struct vprime_writeback_job - the driver's part of a writeback job
 * @sink: takes the lines
 * @connector: whose job it is
 * @fb: what is written
 * @destination: @fb, mapped; from vprime_writeback_publish() on
 * @image: of @destination
 * @fence: a writer's, on @destination from vprime_writeback_publish() on
 * @before: what stood against writing then and is waited for, or NULL
 * @status: 0, or why nothing can be written
 */
struct vprime_writeback_job {
	struct vprime_sink sink;
	struct drm_writeback_connector *connector;
	struct drm_framebuffer *fb;
	struct vprime_source *destination;
	struct vprime_image image;
	struct vprime_fence *fence;
	struct dma_fence *before;
	int status;
};

static size_t vprime_writeback_line(struct vprime_sink *sink, int y,
				    unsigned int count,
				    const struct vprime_pixel *pixels)
{
	struct vprime_writeback_job *job =
		container_of(sink, struct vprime_writeback_job, sink);

	vprime_image_write(&job->image, y, count, pixels);

	return vprime_image_bytes(&job->image, 0, count);
}

/**
 * vprime_writeback_start - ask whether a job can be written
 * @job: job
 *
 * Return: false if its destination could not be opened.
 */
bool vprime_writeback_start(const struct vprime_writeback_job *job)
{
	return !job->status;
}

/**
 * vprime_writeback_sink - where a job takes its lines
 * @job: job
 *
 * Return: a sink, valid until vprime_writeback_finish().
 */
struct vprime_sink *vprime_writeback_sink(struct vprime_writeback_job *job)
{
	return &job->sink;
}

/**
 * vprime_writeback_finish - end a job and signal its fences
 * @job: job; must not be used any more
 *
 * The destination's exporter is told before the fences are signalled, for
 * whoever waits for them reads next.
 *
 * Context: process, no dma_resv lock held.
 */
void vprime_writeback_finish(struct vprime_writeback_job *job)
{
	vprime_source_end(job->destination);
	vprime_fence_end(job->fence, job->status);
	job->fence = NULL;
	drm_writeback_signal_completion(job->connector, job->status);
}

static int vprime_writeback_prepare_job(struct drm_writeback_connector *wb,
					struct drm_writeback_job *base)
{
	struct vprime_writeback_job *job;

	if (!base->fb)
		return 0;

	job = kzalloc_obj(*job, GFP_KERNEL_ACCOUNT);
	if (!job)
		return -ENOMEM;

	job->fence = vprime_fence_create(to_vprime_device(wb->base.dev),
					 VPRIME_FENCE_WRITEBACK,
					 dma_fence_context_alloc(1), 1);
	if (!job->fence) {
		kfree(job);
		return -ENOMEM;
	}
	atomic_inc(&to_vprime_device(wb->base.dev)->writeback_jobs);
	job->sink.line = vprime_writeback_line;
	job->connector = wb;
	job->fb = base->fb;
	base->priv = job;

	return 0;
}

static void vprime_writeback_cleanup_job(struct drm_writeback_connector *wb,
					 struct drm_writeback_job *base)
{
	struct vprime_device *vdev = to_vprime_device(wb->base.dev);
	struct vprime_writeback_job *job = base->priv;

	if (!job)
		return;

	/* The commit failed: nothing was written. */
	if (job->fence)
		vprime_fence_end(job->fence, -ECANCELED);
	dma_fence_put(job->before);
	vprime_source_put(job->destination);
	kfree(job);

	/* The last that the DRM core would call of ours, after this. */
	drm_framebuffer_put(base->fb);
	base->fb = NULL;
	if (atomic_dec_and_test(&vdev->writeback_jobs))
		wake_up_var(&vdev->writeback_jobs);
}

/**
 * vprime_writeback_wait_jobs - wait until the DRM core has freed all jobs
 * @vdev: device, unplugged and its screen off
 *
 * Context: process; those who carry commits out must not be kept by the caller.
 */
void vprime_writeback_wait_jobs(struct vprime_device *vdev)
{
	wait_var_event(&vdev->writeback_jobs,
		       !atomic_read(&vdev->writeback_jobs));
}

static struct vprime_writeback_job *
vprime_writeback_find(struct drm_atomic_commit *commit)
{
	struct drm_connector *connector =
		&to_vprime_device(commit->dev)->writeback.base;
	struct drm_connector_state *state =
		drm_atomic_get_new_connector_state(commit, connector);

	if (!state || !state->writeback_job)
		return NULL;

	return state->writeback_job->priv;
}

static int vprime_writeback_map(struct vprime_writeback_job *job,
				unsigned long until)
{
	struct vprime_source *source;

	source = vprime_source_create(to_vprime_device(job->fb->dev), job->fb,
				      until);
	if (IS_ERR(source))
		return PTR_ERR(source);

	job->destination = source;
	vprime_source_image(source, &job->image);

	return 0;
}

/*
 * Its exporter waits for all fences when CPU access is opened, so ours may come
 * only after that, and somebody who uses the buffer has to be waited for here.
 */
static int vprime_writeback_open_import(struct vprime_writeback_job *job,
					struct dma_resv *resv, bool nonblock,
					unsigned long until)
{
	struct vprime_device *vdev = to_vprime_device(job->connector->base.dev);
	int ret;

	if (nonblock)
		ret = dma_resv_test_signaled(resv, dma_resv_usage_rw(true)) ?
			      0 :
			      -EBUSY;
	else
		ret = vprime_patience_resv(vdev, resv, true, true, until);
	if (ret)
		return ret;
	job->status = vprime_source_open(job->destination, DMA_TO_DEVICE,
					 until);

	return 0;
}

static int vprime_writeback_prepare_native(struct vprime_writeback_job *job,
					   struct dma_resv *resv, bool nonblock,
					   unsigned long until)
{
	struct vprime_device *vdev = to_vprime_device(job->connector->base.dev);
	int ret;

	ret = dma_resv_get_singleton(resv, dma_resv_usage_rw(true),
				     &job->before);
	if (ret || nonblock || !job->before)
		return ret;

	return vprime_patience_fence(vdev, job->before, true, until);
}

/**
 * vprime_writeback_publish - map a commit's destination, and put the job's fence on it
 * @commit: commit, prepared but not swapped
 * @nonblock: do not wait for anybody
 * @until: jiffies, when it is not waited any longer
 *
 * A buffer that the same commit shows gets no fence: showing it would wait for
 * it.
 *
 * Return: 0; -EBUSY if somebody uses the destination until then, or if @nonblock and
 * it is imported, now; what vprime_source_create() says.
 */
int vprime_writeback_publish(struct drm_atomic_commit *commit, bool nonblock,
			     unsigned long until)
{
	struct vprime_writeback_job *job = vprime_writeback_find(commit);
	struct drm_gem_object *obj;
	int ret;

	if (!job)
		return 0;

	ret = vprime_writeback_map(job, until);
	if (ret)
		return ret;

	/* What can be written has one plane. */
	obj = vprime_source_object(job->destination);
	if (drm_gem_is_imported(obj))
		ret = vprime_writeback_open_import(job, obj->resv, nonblock,
						   until);
	else
		ret = vprime_writeback_prepare_native(job, obj->resv, nonblock,
						      until);
	if (ret == -ETIMEDOUT)
		ret = -EBUSY;
	if (ret || vprime_plane_shows(commit, obj->resv))
		return ret;

	vprime_fence_arm(job->fence, VPRIME_FENCE_LIMIT_MS);

	return vprime_fence_add(obj, &job->fence->base, true, until);
}

/**
 * vprime_writeback_begin_access - wait for who used a job's destination before
 * @commit: commit, swapped
 * @until: jiffies; a job that can't be written by then fails
 *
 * Done before the CRTC's scene is locked, for it may sleep.
 */
void vprime_writeback_begin_access(struct drm_atomic_commit *commit,
				   unsigned long until)
{
	struct vprime_writeback_job *job = vprime_writeback_find(commit);

	if (!job || job->status)
		return;

	if (job->before)
		job->status = vprime_patience_fence(to_vprime_device(commit->dev),
						    job->before, false, until);
	if (!job->status)
		job->status = vprime_source_open(job->destination,
						 DMA_TO_DEVICE, until);
}

/* Hands the job to the frame that the same commit is about to publish. */
static void vprime_writeback_atomic_commit(struct drm_connector *connector,
					   struct drm_atomic_commit *commit)
{
	struct drm_connector_state *state =
		drm_atomic_get_new_connector_state(commit, connector);
	struct drm_crtc_state *crtc_state =
		drm_atomic_get_new_crtc_state(commit, state->crtc);
	struct vprime_writeback_job *job = state->writeback_job->priv;

	to_vprime_crtc_state(crtc_state)->frame->writeback = job;
	drm_writeback_queue_job(job->connector, state);
}

static int vprime_writeback_atomic_check(struct drm_connector *connector,
					 struct drm_atomic_commit *commit)
{
	struct drm_connector_state *state =
		drm_atomic_get_new_connector_state(commit, connector);
	const struct drm_crtc_state *crtc_state;
	const struct drm_framebuffer *fb;

	if (!state->crtc || !state->writeback_job || !state->writeback_job->fb)
		return 0;

	crtc_state = drm_atomic_get_new_crtc_state(commit, state->crtc);
	fb = state->writeback_job->fb;
	if (fb->width != crtc_state->mode.hdisplay ||
	    fb->height != crtc_state->mode.vdisplay) {
		drm_dbg_kms(connector->dev,
			    "[FB:%u] %ux%u is not the size of the mode %ux%u\n",
			    fb->base.id, fb->width, fb->height,
			    crtc_state->mode.hdisplay,
			    crtc_state->mode.vdisplay);
		return -EINVAL;
	}
	if (vprime_fb_is_read_only(fb)) {
		drm_dbg_kms(connector->dev,
			    "[FB:%u] is made of a buffer that was imported read-only\n",
			    fb->base.id);
		return -EACCES;
	}

	return drm_atomic_helper_check_wb_connector_state(connector, commit);
}

static int vprime_writeback_get_modes(struct drm_connector *connector)
{
	return drm_add_modes_noedid(connector, VPRIME_MAX_WIDTH,
				    VPRIME_MAX_HEIGHT);
}

static const struct drm_connector_helper_funcs vprime_writeback_helper_funcs = {
	.get_modes = vprime_writeback_get_modes,
	.atomic_check = vprime_writeback_atomic_check,
	.atomic_commit = vprime_writeback_atomic_commit,
	.prepare_writeback_job = vprime_writeback_prepare_job,
	.cleanup_writeback_job = vprime_writeback_cleanup_job,
};

static const struct drm_connector_funcs vprime_writeback_funcs = {
	.reset = drm_atomic_helper_connector_reset,
	.fill_modes = drm_helper_probe_single_connector_modes,
	.atomic_duplicate_state = drm_atomic_helper_connector_duplicate_state,
	.atomic_destroy_state = drm_atomic_helper_connector_destroy_state,
};

/**
 * vprime_writeback_create - make a device's writeback connector
 * @vdev: device; it must have its CRTC and its screen's encoder
 *
 * Return: 0 or a negative error code.
 */
int vprime_writeback_create(struct vprime_device *vdev)
{
	struct drm_encoder *encoder = &vdev->writeback_encoder;
	u32 formats[VPRIME_MAX_FORMATS];
	int ret;

	ret = drmm_encoder_init(&vdev->drm, encoder, NULL,
				DRM_MODE_ENCODER_VIRTUAL, NULL);
	if (ret)
		return ret;

	encoder->possible_crtcs = drm_crtc_mask(&vdev->vcrtc->base);
	encoder->possible_clones = drm_encoder_mask(encoder) |
				   drm_encoder_mask(&vdev->encoder);
	vdev->encoder.possible_clones = encoder->possible_clones;

	drm_connector_helper_add(&vdev->writeback.base,
				 &vprime_writeback_helper_funcs);

	return drmm_writeback_connector_init(&vdev->drm, &vdev->writeback,
					     &vprime_writeback_funcs, encoder,
					     formats,
					     vprime_format_list(VPRIME_FORMAT_WRITE,
								formats));
}
