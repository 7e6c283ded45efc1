/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_FLIP_H
#define VPRIME_FLIP_H

struct drm_framebuffer;
struct vprime_crtc;
struct vprime_flip;

struct vprime_flip *vprime_flip_create(struct vprime_crtc *vcrtc);
int vprime_flip_publish(struct vprime_flip *flip, struct drm_framebuffer *fb,
			unsigned long until);
void vprime_flip_finish(struct vprime_flip *flip);
void vprime_flip_cancel(struct vprime_flip *flip);

#endif /* VPRIME_FLIP_H */
