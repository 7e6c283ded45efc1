// SPDX-License-Identifier: MIT
/*
 * A window and its buffers: handed over, shown, given back. A buffer is not touched
 * between its commit and its release, which is wl_buffer.release or, with explicit
 * synchronisation, its release point. Knows nothing of where pictures come from.
 */
#include "window.h"

#include <err.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <wayland-client.h>

#include "memory.h"
#include "samples.h"

#define ANSWER_MS 60000

static void on_surface_configure(void *data, struct xdg_surface *surface, uint32_t serial)
{
	struct window *window = data;

	xdg_surface_ack_configure(surface, serial);
	window->configured = true;
}

static const struct xdg_surface_listener surface_listener = { .configure = on_surface_configure };

/* A size is asked for before the buffers are made, or not at all: not waited for. */
static void on_toplevel_configure(void *data, struct xdg_toplevel *toplevel, int32_t width,
				  int32_t height, struct wl_array *states)
{
}

static void on_close(void *data, struct xdg_toplevel *toplevel)
{
	struct window *window = data;

	window->closed = true;
}

static const struct xdg_toplevel_listener toplevel_listener = {
	.configure = on_toplevel_configure,
	.close = on_close,
};

/* Explicit synchronisation is of the render node whose syncobjs the compositor takes. */
static int use_syncobj(struct window *window)
{
	struct compositor *compositor = window->compositor;

	window->render = memory_open_render();
	if (window->render < 0)
		return window->render;
	window->sync = wp_linux_drm_syncobj_manager_v1_get_surface(compositor->syncobj,
								   window->surface);
	return 0;
}

/* wait_until - dispatch events until a flag of the window's is set */
static int wait_until(struct window *window, const bool *flag)
{
	double end = now_ms() + ANSWER_MS;

	while (!*flag && !window->failed) {
		int ret = window_wait(window, ANSWER_MS);

		if (!ret && now_ms() > end)
			ret = -ETIMEDOUT;
		if (ret) {
			warnx("waiting for the compositor: %s", strerror(-ret));
			return ret;
		}
	}
	return 0;
}

int window_open(struct window *window, struct compositor *compositor,
		const struct window_options *options)
{
	int ret = 0;

	*window = (struct window){ .compositor = compositor, .render = -1, .ready = true };
	window->surface = wl_compositor_create_surface(compositor->compositor);
	window->xdg_surface = xdg_wm_base_get_xdg_surface(compositor->shell, window->surface);
	xdg_surface_add_listener(window->xdg_surface, &surface_listener, window);
	window->toplevel = xdg_surface_get_toplevel(window->xdg_surface);
	xdg_toplevel_add_listener(window->toplevel, &toplevel_listener, window);
	xdg_toplevel_set_app_id(window->toplevel, "wl-handoff");
	xdg_toplevel_set_title(window->toplevel, "wl-handoff");
	if (options->fullscreen)
		xdg_toplevel_set_fullscreen(window->toplevel, compositor->output);
	wl_surface_set_buffer_transform(window->surface, options->transform);
	window->feedback.whose = "surface";
	if (compositor->formats.feedback)
		formats_listen(&window->feedback,
			       zwp_linux_dmabuf_v1_get_surface_feedback(compositor->dmabuf,
									window->surface));
	if (compositor->syncobj && !options->implicit)
		ret = use_syncobj(window);
	wl_surface_commit(window->surface);
	return ret ? ret : wait_until(window, &window->configured);
}

void window_close(struct window *window)
{
	for (unsigned int i = 0; i < SOURCE_MAX_PICTURES; i++) {
		timeline_close(&window->buffers[i].timeline);
		if (window->buffers[i].proxy)
			wl_buffer_destroy(window->buffers[i].proxy);
	}
	if (!window->surface)
		return;
	if (window->sync)
		wp_linux_drm_syncobj_surface_v1_destroy(window->sync);
	formats_free(&window->feedback);
	xdg_toplevel_destroy(window->toplevel);
	xdg_surface_destroy(window->xdg_surface);
	wl_surface_destroy(window->surface);
	if (window->render >= 0)
		close(window->render);
}

static void give_back(struct window_buffer *buffer)
{
	struct window *window = buffer->window;

	window->counts.released++;
	if (source_give_back(window->source, buffer->index))
		window->failed = true;
}

/* With explicit synchronisation it says nothing. */
static void on_release(void *data, struct wl_buffer *proxy)
{
	struct window_buffer *buffer = data;

	if (!buffer->window->sync)
		give_back(buffer);
}

static const struct wl_buffer_listener buffer_listener = { .release = on_release };

static void on_created(void *data, struct zwp_linux_buffer_params_v1 *params,
		       struct wl_buffer *proxy)
{
	struct window_buffer *buffer = data;

	buffer->proxy = proxy;
	wl_buffer_add_listener(proxy, &buffer_listener, buffer);
	zwp_linux_buffer_params_v1_destroy(params);
}

static void on_failed(void *data, struct zwp_linux_buffer_params_v1 *params)
{
	struct window_buffer *buffer = data;

	warnx("the compositor can't import buffer %u", buffer->index);
	buffer->window->failed = true;
	zwp_linux_buffer_params_v1_destroy(params);
}

static const struct zwp_linux_buffer_params_v1_listener params_listener = {
	.created = on_created,
	.failed = on_failed,
};

static void send_picture(struct window_buffer *buffer, uint64_t modifier)
{
	const struct source *source = buffer->window->source;
	struct zwp_linux_buffer_params_v1 *params;

	params = zwp_linux_dmabuf_v1_create_params(buffer->window->compositor->dmabuf);
	zwp_linux_buffer_params_v1_add_listener(params, &params_listener, buffer);
	for (int i = 0; i < source->format->num_planes; i++)
		zwp_linux_buffer_params_v1_add(params, source->pictures[buffer->index].dmabuf, i,
					       source->layout.offset[i], source->layout.pitch[i],
					       modifier >> 32, modifier);
	zwp_linux_buffer_params_v1_create(params, source->width, source->height,
					  source->format->drm, 0);
}

static int wait_for_buffers(struct window *window)
{
	for (unsigned int i = 0; i < window->source->count; i++) {
		int ret = 0;

		while (!ret && !window->buffers[i].proxy && !window->failed)
			ret = window_wait(window, ANSWER_MS);
		if (ret || window->failed)
			return ret ? ret : -EIO;
	}
	return 0;
}

int window_take_source(struct window *window, struct source *source)
{
	const struct format_row *row = formats_find(&window->compositor->formats,
						    source->format->drm);
	int ret = 0;

	if (!row) {
		warnx("the compositor takes no linear %s", source->format->name);
		return -EOPNOTSUPP;
	}
	window->source = source;
	for (unsigned int i = 0; !ret && i < source->count; i++) {
		window->buffers[i] = (struct window_buffer){ .window = window, .index = i };
		if (window->sync)
			ret = timeline_open(&window->buffers[i].timeline, window->render,
					    window->compositor->syncobj);
		send_picture(&window->buffers[i], row->modifier);
	}
	return ret ? ret : wait_for_buffers(window);
}

static void on_frame(void *data, struct wl_callback *callback, uint32_t time)
{
	struct window *window = data;

	window->ready = true;
	wl_callback_destroy(callback);
}

static const struct wl_callback_listener frame_listener = { .done = on_frame };

static void on_sync_output(void *data, struct wp_presentation_feedback *feedback,
			   struct wl_output *output)
{
}

static void on_presented(void *data, struct wp_presentation_feedback *feedback, uint32_t sec_high,
			 uint32_t sec_low, uint32_t nsec, uint32_t refresh, uint32_t seq_high,
			 uint32_t seq_low, uint32_t flags)
{
	struct window *window = data;

	window->counts.presented++;
	if (flags & WP_PRESENTATION_FEEDBACK_KIND_ZERO_COPY)
		window->counts.zero_copy++;
	wp_presentation_feedback_destroy(feedback);
}

static void on_discarded(void *data, struct wp_presentation_feedback *feedback)
{
	struct window *window = data;

	window->counts.discarded++;
	wp_presentation_feedback_destroy(feedback);
}

static const struct wp_presentation_feedback_listener presentation_listener = {
	.sync_output = on_sync_output,
	.presented = on_presented,
	.discarded = on_discarded,
};

static void commit(struct window *window, struct wl_buffer *proxy)
{
	struct wp_presentation *presentation = window->compositor->presentation;
	struct wp_presentation_feedback *feedback;

	wl_surface_attach(window->surface, proxy, 0, 0);
	wl_surface_damage_buffer(window->surface, 0, 0, INT32_MAX, INT32_MAX);
	wl_callback_add_listener(wl_surface_frame(window->surface), &frame_listener, window);
	if (presentation) {
		feedback = wp_presentation_feedback(presentation, window->surface);
		wp_presentation_feedback_add_listener(feedback, &presentation_listener, window);
	}
	wl_surface_commit(window->surface);
	window->ready = false;
	window->counts.shown++;
}

/* The picture is drawn when the commit is out: the compositor has to wait for it. */
static int show_explicit(struct window *window, unsigned int index, uint32_t frame)
{
	struct window_buffer *buffer = &window->buffers[index];
	int ret = timeline_begin(&buffer->timeline, window->sync);

	if (ret)
		return ret;
	commit(window, buffer->proxy);
	wl_display_flush(window->compositor->display);
	ret = source_draw(window->source, index, frame);
	return ret ? ret : timeline_signal(&buffer->timeline);
}

int window_show(struct window *window, unsigned int index, uint32_t frame)
{
	int ret;

	if (window->sync)
		return show_explicit(window, index, frame);
	ret = source_draw(window->source, index, frame);
	if (!ret)
		commit(window, window->buffers[index].proxy);
	return ret;
}

int window_wait(struct window *window, int timeout_ms)
{
	unsigned int count = window->sync && window->source ? window->source->count : 0;
	int fds[SOURCE_MAX_PICTURES] = {}, ret;

	for (unsigned int i = 0; i < count; i++)
		fds[i] = window->buffers[i].timeline.released;
	ret = compositor_wait(window->compositor, fds, count, timeout_ms);
	for (unsigned int i = 0; i < count; i++)
		if (timeline_take_release(&window->buffers[i].timeline))
			give_back(&window->buffers[i]);
	return !ret && window->failed ? -EIO : ret;
}

int window_settle(struct window *window, int timeout_ms)
{
	double end = now_ms() + timeout_ms;

	while (window->counts.released + 1 < window->counts.shown) {
		int ret = window_wait(window, 100);

		if (!ret && now_ms() > end)
			ret = -ETIMEDOUT;
		if (ret && ret != -EINTR) {
			warnx("of %u frames only %u were given back: %s", window->counts.shown,
			      window->counts.released, strerror(-ret));
			return ret;
		}
	}
	return 0;
}
