/* SPDX-License-Identifier: MIT */
#ifndef WINDOW_H
#define WINDOW_H

#include <stdbool.h>
#include <stdint.h>

#include "compositor.h"
#include "source.h"
#include "timeline.h"

/**
 * struct window_counts - what became of frames
 * @shown: handed to the compositor
 * @released: given back by it
 * @presented: on the screen, as wp_presentation tells
 * @zero_copy: of these, shown from the very buffer
 * @discarded: never on the screen
 */
struct window_counts {
	unsigned int shown;
	unsigned int released;
	unsigned int presented;
	unsigned int zero_copy;
	unsigned int discarded;
};

struct window;

/**
 * struct window_buffer - a picture as the compositor knows it
 * @window: where it is shown
 * @index: of the picture in the source
 * @proxy: it
 * @timeline: its points, with explicit synchronisation
 */
struct window_buffer {
	struct window *window;
	unsigned int index;
	struct wl_buffer *proxy;
	struct timeline timeline;
};

/**
 * struct window - a toplevel that shows the pictures of a source
 * @compositor: where it is
 * @source: what it shows
 * @surface: the window's
 * @xdg_surface: the same in its role
 * @toplevel: the same again
 * @feedback: which dma-bufs are best for it where it is
 * @sync: its explicit synchronisation; or NULL
 * @render: an open render node for that; -1
 * @buffers: the source's pictures
 * @configured: it may be drawn
 * @failed: the compositor refused a buffer
 * @closed: the user closed it
 * @ready: the compositor wants the next frame
 * @counts: what became of frames
 */
struct window {
	struct compositor *compositor;
	struct source *source;
	struct wl_surface *surface;
	struct xdg_surface *xdg_surface;
	struct xdg_toplevel *toplevel;
	struct formats feedback;
	struct wp_linux_drm_syncobj_surface_v1 *sync;
	int render;
	struct window_buffer buffers[SOURCE_MAX_PICTURES];
	bool configured;
	bool failed;
	bool closed;
	bool ready;
	struct window_counts counts;
};

/**
 * struct window_options - how a window is
 * @fullscreen: it is the whole screen
 * @transform: of wl_output, what the buffers' content went through
 * @implicit: no explicit synchronisation, even if there is
 */
struct window_options {
	bool fullscreen;
	uint32_t transform;
	bool implicit;
};

/* All return 0 or a negative errno, and have said on stderr what went wrong. */

/* Opens it and waits until it may be drawn. */
int window_open(struct window *window, struct compositor *compositor,
		const struct window_options *options);
void window_close(struct window *window);

/* Makes the compositor know the pictures of an open source. */
int window_take_source(struct window *window, struct source *source);

/* Hands a picture over, drawn for that frame. It is given back to the source by itself. */
int window_show(struct window *window, unsigned int index, uint32_t frame);

/* Waits for something to happen. -EINTR: a signal. */
int window_wait(struct window *window, int timeout_ms);

/*
 * Waits until all pictures are given back but the last: compositors keep that one, even
 * when it is gone from the screen. -ETIMEDOUT.
 */
int window_settle(struct window *window, int timeout_ms);

#endif
