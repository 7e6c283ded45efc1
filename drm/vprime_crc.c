// SPDX-License-Identifier: GPL-2.0-only
/*
 * CRCs of the screen, one for each vblank, for debugfs. A consumer of composed
 * frames: a frame is composed for it once, however long it stays on screen.
 * The vblank timer and the CRTC's worker call it.
 */

#include <linux/crc32.h>
#include <linux/minmax.h>
#include <linux/string.h>

#include <drm/drm_debugfs_crc.h>
#include <drm/drm_print.h>
#include <drm/drm_vblank.h>

#include "vprime_crc.h"
#include "vprime_crtc.h"
#include "vprime_pixel.h"

/*
 * A frame that was composed for long has as many entries as there were vblanks. More
 * than DRM keeps would be called its reader's fault, so the oldest are left out.
 */
#define VPRIME_CRC_BURST (DRM_CRC_ENTRIES_NR / 2)

static const char *const vprime_crc_sources[] = { "auto" };

static size_t vprime_crc_line(struct vprime_sink *base, int y,
			      unsigned int count,
			      const struct vprime_pixel *pixels)
{
	struct vprime_crc_sink *sink =
		container_of(base, struct vprime_crc_sink, base);

	sink->value = crc32_le(sink->value, (const u8 *)pixels,
			       count * sizeof(*pixels));

	return 0;
}

/**
 * vprime_crc_start - prepare to compute a frame's CRC, if it is wanted
 * @frame: frame
 * @sink: initialised
 *
 * Return: true if @sink must get the frame's lines.
 */
bool vprime_crc_start(struct vprime_frame *frame, struct vprime_crc_sink *sink)
{
	struct vprime_crtc *vcrtc = frame->vcrtc;

	*sink = (struct vprime_crc_sink){
		.base.line = vprime_crc_line,
		.value = ~0,
	};
	spin_lock_irq(&vcrtc->lock);
	sink->active = frame->crc.wanted;
	spin_unlock_irq(&vcrtc->lock);

	return sink->active;
}

/**
 * vprime_crc_finish - keep a frame's CRC and hand it to those who wait
 * @frame: frame
 * @sink: what vprime_crc_start() prepared, after the last line
 */
void vprime_crc_finish(struct vprime_frame *frame,
		       const struct vprime_crc_sink *sink)
{
	struct vprime_crtc *vcrtc = frame->vcrtc;
	u64 count, first;

	if (!sink->active)
		return;

	spin_lock_irq(&vcrtc->lock);
	frame->crc.value = sink->value;
	frame->crc.known = true;
	frame->crc.wanted = false;
	first = frame->crc.last - min(frame->crc.last - frame->crc.first,
				      VPRIME_CRC_BURST - 1);
	for (count = first; count <= frame->crc.last; count++)
		drm_crtc_add_crc_entry(&vcrtc->base, true, count,
				       &frame->crc.value);
	spin_unlock_irq(&vcrtc->lock);
}

static void vprime_crc_want(struct vprime_crtc *vcrtc,
			    struct vprime_frame *frame, u64 count)
{
	if (!frame->crc.wanted) {
		frame->crc.wanted = true;
		frame->crc.first = count;
		vprime_crtc_queue_locked(vcrtc, frame);
	}
	frame->crc.last = count;
}

/**
 * vprime_crc_vblank - add an entry for a vblank
 * @vcrtc: CRTC
 *
 * An entry whose frame is not composed yet follows when it is.
 *
 * Context: the vblank timer.
 */
void vprime_crc_vblank(struct vprime_crtc *vcrtc)
{
	u64 count = drm_crtc_vblank_count(&vcrtc->base);
	struct vprime_frame *frame;
	unsigned long flags;

	spin_lock_irqsave(&vcrtc->lock, flags);
	frame = vcrtc->frame;
	if (frame && vcrtc->crc_on) {
		if (frame->crc.known)
			drm_crtc_add_crc_entry(&vcrtc->base, true, count,
					       &frame->crc.value);
		else
			vprime_crc_want(vcrtc, frame, count);
	}
	spin_unlock_irqrestore(&vcrtc->lock, flags);
}

/**
 * vprime_crc_verify_source - &drm_crtc_funcs.verify_crc_source
 * @crtc: CRTC
 * @name: of a source
 * @values: how many values an entry has
 *
 * Return: 0, or -EINVAL for an unknown source.
 */
int vprime_crc_verify_source(struct drm_crtc *crtc, const char *name,
			     size_t *values)
{
	if (name && strcmp(name, vprime_crc_sources[0])) {
		drm_dbg_kms(crtc->dev, "unknown CRC source %s\n", name);
		return -EINVAL;
	}
	*values = 1;

	return 0;
}

/**
 * vprime_crc_get_sources - &drm_crtc_funcs.get_crc_sources
 * @crtc: CRTC
 * @count: how many there are
 *
 * Return: their names.
 */
const char *const *vprime_crc_get_sources(struct drm_crtc *crtc, size_t *count)
{
	*count = ARRAY_SIZE(vprime_crc_sources);
	return vprime_crc_sources;
}

/**
 * vprime_crc_set_source - &drm_crtc_funcs.set_crc_source
 * @crtc: CRTC
 * @name: of a source, or NULL to stop
 *
 * Return: 0, -EINVAL for an unknown source or a CRTC that is off.
 */
int vprime_crc_set_source(struct drm_crtc *crtc, const char *name)
{
	struct vprime_crtc *vcrtc = to_vprime_crtc(crtc);
	bool was_on, on = name;
	size_t values;
	int ret;

	ret = vprime_crc_verify_source(crtc, name, &values);
	if (!ret && on)
		ret = drm_crtc_vblank_get(crtc);
	if (ret)
		return ret;

	spin_lock_irq(&vcrtc->lock);
	was_on = vcrtc->crc_on;
	vcrtc->crc_on = on;
	spin_unlock_irq(&vcrtc->lock);

	if (was_on)
		drm_crtc_vblank_put(crtc);

	return 0;
}
