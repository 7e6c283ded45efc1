/* SPDX-License-Identifier: MIT */
#ifndef COMPOSITOR_H
#define COMPOSITOR_H

#include <stdbool.h>
#include <stdint.h>

#include "formats.h"
#include "linux-drm-syncobj-v1.h"
#include "presentation-time.h"
#include "xdg-shell.h"

/**
 * struct compositor - a connection
 * @display: it
 * @registry: what the compositor offers
 * @compositor: makes surfaces
 * @output: the first screen
 * @shell: makes windows of them
 * @dmabuf: makes buffers of dma-bufs
 * @presentation: tells when a frame was shown; or NULL
 * @syncobj: takes acquire and release points; or NULL
 * @formats: which dma-bufs it takes
 * @width: of the screen's mode, pixels
 * @height: the same
 */
struct compositor {
	struct wl_display *display;
	struct wl_registry *registry;
	struct wl_compositor *compositor;
	struct wl_output *output;
	struct xdg_wm_base *shell;
	struct zwp_linux_dmabuf_v1 *dmabuf;
	struct wp_presentation *presentation;
	struct wp_linux_drm_syncobj_manager_v1 *syncobj;
	struct formats formats;
	int32_t width;
	int32_t height;
};

/*
 * Connects to $WAYLAND_DISPLAY and learns what is there, which it prints as a line of
 * JSON. Returns 0 or a negative errno, and has said on stderr what went wrong.
 */
int compositor_open(struct compositor *compositor);
void compositor_close(struct compositor *compositor);

/*
 * Sends what was asked for, waits until there is an answer or one of the other
 * descriptors is readable, and lets listeners know. Returns 0; -EINTR after a signal;
 * what broke the connection.
 */
int compositor_wait(struct compositor *compositor, const int *fds, unsigned int count,
		    int timeout_ms);

#endif
