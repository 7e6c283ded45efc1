// SPDX-License-Identifier: MIT
/*
 * The connection to a Wayland compositor and the globals that this program uses. Knows
 * nothing of windows.
 */
#include "compositor.h"

#include <err.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysmacros.h>

#include <wayland-client.h>

#define MAX_FDS 16

static void on_ping(void *data, struct xdg_wm_base *shell, uint32_t serial)
{
	xdg_wm_base_pong(shell, serial);
}

static const struct xdg_wm_base_listener shell_listener = { .ping = on_ping };

static void on_geometry(void *data, struct wl_output *output, int32_t x, int32_t y,
			int32_t width_mm, int32_t height_mm, int32_t subpixel, const char *make,
			const char *model, int32_t transform)
{
}

static void on_mode(void *data, struct wl_output *output, uint32_t flags, int32_t width,
		    int32_t height, int32_t refresh)
{
	struct compositor *compositor = data;

	if (!(flags & WL_OUTPUT_MODE_CURRENT))
		return;
	compositor->width = width;
	compositor->height = height;
}

static const struct wl_output_listener output_listener = {
	.geometry = on_geometry,
	.mode = on_mode,
};

/* What is bound, and the newest version that is understood here. */
static const struct global {
	const struct wl_interface *interface;
	uint32_t version;
	size_t offset;
} globals[] = {
	{ &wl_compositor_interface, 4, offsetof(struct compositor, compositor) },
	{ &wl_output_interface, 1, offsetof(struct compositor, output) },
	{ &xdg_wm_base_interface, 1, offsetof(struct compositor, shell) },
	{ &zwp_linux_dmabuf_v1_interface, 4, offsetof(struct compositor, dmabuf) },
	{ &wp_presentation_interface, 1, offsetof(struct compositor, presentation) },
	{ &wp_linux_drm_syncobj_manager_v1_interface, 1, offsetof(struct compositor, syncobj) },
};

static void on_global(void *data, struct wl_registry *registry, uint32_t name,
		      const char *interface, uint32_t version)
{
	for (size_t i = 0; i < sizeof(globals) / sizeof(globals[0]); i++) {
		const struct global *global = &globals[i];
		void **bound = (void **)((char *)data + global->offset);

		if (*bound || strcmp(interface, global->interface->name))
			continue;
		*bound = wl_registry_bind(registry, name, global->interface,
					  version < global->version ? version : global->version);
	}
}

static void on_global_remove(void *data, struct wl_registry *registry, uint32_t name)
{
}

static const struct wl_registry_listener registry_listener = {
	.global = on_global,
	.global_remove = on_global_remove,
};

static int ask(struct compositor *compositor)
{
	return wl_display_roundtrip(compositor->display) < 0 ? -errno : 0;
}

static int learn_formats(struct compositor *compositor)
{
	struct formats *formats = &compositor->formats;

	formats->whose = "compositor";
	if (zwp_linux_dmabuf_v1_get_version(compositor->dmabuf) < 4)
		formats_listen_v3(formats, compositor->dmabuf);
	else
		formats_listen(formats,
			       zwp_linux_dmabuf_v1_get_default_feedback(compositor->dmabuf));
	return ask(compositor);
}

static void tell(const struct compositor *compositor)
{
	const struct formats *formats = &compositor->formats;

	printf("{\"compositor\":{\"dmabuf\":%u,\"feedback\":%s,\"main_device\":\"%u:%u\",",
	       zwp_linux_dmabuf_v1_get_version(compositor->dmabuf),
	       formats->feedback ? "true" : "false", major(formats->main_device),
	       minor(formats->main_device));
	printf("\"takes\":%zu,\"presentation\":%s,\"syncobj\":%s}}\n", formats->count,
	       compositor->presentation ? "true" : "false",
	       compositor->syncobj ? "true" : "false");
	fflush(stdout);
}

int compositor_open(struct compositor *compositor)
{
	int ret;

	memset(compositor, 0, sizeof(*compositor));
	compositor->display = wl_display_connect(NULL);
	if (!compositor->display) {
		ret = -errno;
		warn("no Wayland compositor");
		return ret;
	}
	compositor->registry = wl_display_get_registry(compositor->display);
	wl_registry_add_listener(compositor->registry, &registry_listener, compositor);
	ret = ask(compositor);
	if (!ret && (!compositor->compositor || !compositor->output || !compositor->shell ||
		     !compositor->dmabuf)) {
		warnx("the compositor lacks %s",
		      !compositor->dmabuf ? "zwp_linux_dmabuf_v1" : "windows");
		return -EOPNOTSUPP;
	}
	if (!ret && zwp_linux_dmabuf_v1_get_version(compositor->dmabuf) < 3) {
		warnx("zwp_linux_dmabuf_v1 knows no modifiers");
		return -EOPNOTSUPP;
	}
	if (!ret) {
		xdg_wm_base_add_listener(compositor->shell, &shell_listener, NULL);
		wl_output_add_listener(compositor->output, &output_listener, compositor);
		ret = learn_formats(compositor);
	}
	if (ret)
		warnx("the compositor does not answer: %s", strerror(-ret));
	else
		tell(compositor);
	return ret;
}

void compositor_close(struct compositor *compositor)
{
	if (!compositor->display)
		return;
	formats_free(&compositor->formats);
	for (size_t i = 0; i < sizeof(globals) / sizeof(globals[0]); i++) {
		void **bound = (void **)((char *)compositor + globals[i].offset);

		if (*bound)
			wl_proxy_destroy(*bound);
	}
	wl_registry_destroy(compositor->registry);
	wl_display_disconnect(compositor->display);
	compositor->display = NULL;
}

static int poll_all(struct compositor *compositor, const int *fds, unsigned int count,
		    int timeout_ms)
{
	struct pollfd polled[MAX_FDS] = {
		{ .fd = wl_display_get_fd(compositor->display), .events = POLLIN },
	};

	for (unsigned int i = 0; i < count; i++)
		polled[i + 1] = (struct pollfd){ .fd = fds[i], .events = POLLIN };
	if (poll(polled, count + 1, timeout_ms) < 0)
		return -errno;
	return polled[0].revents ? 1 : 0;
}

int compositor_wait(struct compositor *compositor, const int *fds, unsigned int count,
		    int timeout_ms)
{
	struct wl_display *display = compositor->display;
	int ret;

	while (wl_display_prepare_read(display))
		if (wl_display_dispatch_pending(display) < 0)
			return -errno;
	wl_display_flush(display);
	ret = poll_all(compositor, fds, count, timeout_ms);
	if (ret <= 0) {
		wl_display_cancel_read(display);
		return ret;
	}
	if (wl_display_read_events(display) || wl_display_dispatch_pending(display) < 0)
		return -errno;
	return 0;
}
