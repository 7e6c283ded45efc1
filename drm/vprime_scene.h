/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_SCENE_H
#define VPRIME_SCENE_H

struct vprime_crtc;
struct vprime_crtc_state;
struct vprime_layer;

void vprime_scene_init(struct vprime_crtc *vcrtc);
void vprime_scene_stop(struct vprime_crtc *vcrtc);

void vprime_scene_set_layer(struct vprime_crtc *vcrtc, unsigned int slot,
			    const struct vprime_layer *layer);
void vprime_scene_update_layer(struct vprime_crtc *vcrtc, unsigned int slot,
			       const struct vprime_layer *layer,
			       struct vprime_crtc_state *state);
void vprime_scene_publish(struct vprime_crtc *vcrtc,
			  struct vprime_crtc_state *state);
void vprime_scene_clear(struct vprime_crtc *vcrtc);

#endif /* VPRIME_SCENE_H */
