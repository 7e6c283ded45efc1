// SPDX-License-Identifier: MIT
/*
 * The road of a frame: camera, dma-buf, framebuffer, plane, and the screen back.
 *
 * This is the file to read. Each buffer of the camera is exported and imported
 * once, when its first frame comes; after that a frame costs one commit. No
 * pixel is copied before the screen itself is read back.
 *
 * videobuf2 puts no fences on its buffers: that no frame is shown half-written is
 * the work of the order of calls in relay_frame() and give_back().
 */
#include "relay.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xf86drm.h>

#include "kms_commit.h"

#define CAMERA_BUFFERS 4 /* one on the screen, one about to be, two being filled */
#define PATIENCE_MS 60000 /* an emulated machine is slow, a hung one is forever */

static int complain(int ret, const char *what)
{
	if (ret) {
		errno = -ret;
		warn("%s", what);
	}
	return ret;
}

/*
 * A dma-buf is a file with an inode of its own. The exporter's descriptor and one
 * made by the importer from its handle lead to the same inode exactly when both
 * have the same buffer, that is, when nothing was copied.
 */
static int note_sharing(struct relay *relay, const char *exporter, unsigned int index,
			int dmabuf, uint32_t handle)
{
	struct report *report = &relay->report;
	struct shared_buffer *buffer = &report->buffers[report->num_buffers];
	struct stat there, here;
	int again, ret = 0;

	if (drmPrimeHandleToFD(relay->screen.fd, handle, DRM_CLOEXEC, &again))
		return complain(-errno, "exporting a buffer again");
	if (fstat(dmabuf, &there) || fstat(again, &here))
		ret = complain(-errno, "looking at a dma-buf");
	close(again);
	if (ret)
		return ret;

	*buffer = (struct shared_buffer){
		.exporter = exporter,
		.index = index,
		.exporter_inode = there.st_ino,
		.importer_inode = here.st_ino,
	};
	report->num_buffers++;
	return 0;
}

static int open_screen(struct relay *relay)
{
	const struct relay_options *options = &relay->options;
	int ret;

	ret = kms_device_open(&relay->screen, options->driver, 0);
	if (ret)
		return ret;
	relay->mode = kms_find_mode(&relay->screen, options->mode_width, options->mode_height);
	if (!relay->mode) {
		warnx("the screen has no mode %ux%u: see 'modetest -M %s -c'",
		      options->mode_width, options->mode_height, options->driver);
		return -EINVAL;
	}
	if (!relay->screen.num_overlays || !relay->screen.writeback.id) {
		warnx("the card has no overlay plane or no writeback connector");
		return -EOPNOTSUPP;
	}
	ret = kms_fb_create(&relay->picture, relay->screen.fd, pixel_format_by_name("XRGB8888"),
			    relay->mode->hdisplay, relay->mode->vdisplay);
	return complain(ret, "a buffer for the picture of the screen");
}

static int place_window(struct relay *relay)
{
	uint32_t width = relay->options.width, height = relay->options.height;

	if (width > relay->mode->hdisplay || height > relay->mode->vdisplay) {
		warnx("a frame of %ux%u is larger than the screen, %ux%u: choose another --size",
		      width, height, relay->mode->hdisplay, relay->mode->vdisplay);
		return -EINVAL;
	}
	relay->window = (struct rectangle){
		.x = (relay->mode->hdisplay - width) / 2,
		.y = (relay->mode->vdisplay - height) / 2,
		.width = width,
		.height = height,
	};
	return 0;
}

static int open_camera(struct relay *relay)
{
	const struct relay_options *options = &relay->options;
	struct camera *camera = &relay->camera;
	int ret;

	ret = camera_open(camera, options->camera);
	if (!ret)
		ret = camera_set_format(camera, options->format, options->width, options->height);
	if (!ret && options->rate)
		ret = camera_set_rate(camera, options->rate);
	if (!ret)
		ret = camera_allocate(camera, CAMERA_BUFFERS);
	if (!ret && options->format->yuv) {
		ret = colorimetry_from_v4l2(&relay->report.color, &camera->pix);
		complain(ret, "the camera's colour encoding");
	}
	return ret;
}

static int open_backdrop(struct relay *relay)
{
	struct backdrop *backdrop = &relay->backdrop;
	int ret;

	ret = backdrop_open(backdrop, relay->mode->hdisplay, relay->mode->vdisplay,
			    &relay->window);
	if (ret)
		return ret;
	ret = kms_fb_import(&relay->backdrop_fb, relay->screen.fd, backdrop->dmabuf,
			    backdrop->format, backdrop->width, backdrop->height,
			    &backdrop->layout);
	if (ret)
		return complain(ret, "importing vgem's buffer");
	return note_sharing(relay, "vgem", 0, backdrop->dmabuf, relay->backdrop_fb.handle);
}

static void fill_report(struct relay *relay)
{
	struct report *report = &relay->report;

	report->importer = relay->options.driver;
	report->camera_format = relay->options.format->name;
	report->camera_width = relay->options.width;
	report->camera_height = relay->options.height;
	report->backdrop_format = relay->backdrop.format->name;
	report->screen_width = relay->mode->hdisplay;
	report->screen_height = relay->mode->vdisplay;
}

int relay_open(struct relay *relay, const struct relay_options *options)
{
	int ret;

	memset(relay, 0, sizeof(*relay));
	relay->options = *options;
	relay->on_screen = -1;
	relay->screen.fd = -1;
	relay->camera.fd = -1;
	relay->backdrop.fd = -1;
	relay->backdrop.dmabuf = -1;
	report_init(&relay->report);

	ret = open_screen(relay);
	if (!ret)
		ret = place_window(relay);
	if (!ret)
		ret = open_camera(relay);
	if (!ret)
		ret = open_backdrop(relay);
	if (!ret)
		fill_report(relay);
	return ret;
}

static int import_frame(struct relay *relay, unsigned int index)
{
	struct camera *camera = &relay->camera;
	struct kms_fb *fb = &relay->camera_fb[index];
	double start = now_ms();
	int ret;

	if (fb->id)
		return 0;
	ret = camera_export(camera, index);
	if (ret)
		return ret;
	ret = kms_fb_import(fb, relay->screen.fd, camera->buffers[index].dmabuf, camera->format,
			    camera->pix.width, camera->pix.height, &camera->layout);
	if (ret)
		return complain(ret, "importing the camera's buffer");
	samples_add_since(&relay->report.steps[STEP_IMPORT], start);
	return note_sharing(relay, relay->options.camera, index, camera->buffers[index].dmabuf,
			    fb->handle);
}

/* The first commit switches the screen on; later ones change one plane only. */
static int build_request(struct relay *relay, drmModeAtomicReq *request, unsigned int index,
			 int32_t *fence)
{
	struct kms_device *screen = &relay->screen;
	const struct kms_object *plane = &screen->overlay[0];
	const struct colorimetry *color = &relay->report.color;
	int ret = 0;

	if (relay->on_screen < 0) {
		ret = kms_enable(request, screen, relay->mode, &relay->mode_blob);
		if (!ret)
			ret = kms_show(request, screen, &screen->primary, &relay->backdrop_fb,
				       0, 0);
		if (!ret && color->encoding)
			ret = kms_set_enum(request, plane, "COLOR_ENCODING", color->encoding);
		if (!ret && color->range)
			ret = kms_set_enum(request, plane, "COLOR_RANGE", color->range);
	}
	if (!ret)
		ret = kms_show(request, screen, plane, &relay->camera_fb[index],
			       relay->window.x, relay->window.y);
	if (!ret && fence)
		ret = kms_read_back(request, screen, &relay->picture, fence);
	return complain(ret, "building the atomic request");
}

static int commit_and_wait(struct relay *relay, drmModeAtomicReq *request, int32_t *fence)
{
	uint32_t flags = relay->on_screen < 0 ? DRM_MODE_ATOMIC_ALLOW_MODESET : 0;
	struct samples *steps = relay->report.steps;
	double start = now_ms();
	int ret;

	ret = kms_commit_flip(&relay->screen, request, flags);
	if (ret)
		return complain(ret, "the atomic commit");
	ret = kms_wait_flip(&relay->screen, PATIENCE_MS);
	if (ret)
		return complain(ret, "waiting for the flip");
	samples_add_since(&steps[STEP_FLIP], start);
	if (!fence)
		return 0;

	ret = kms_wait_fence(*fence, PATIENCE_MS);
	if (ret)
		return complain(ret, "waiting for the picture of the screen");
	samples_add_since(&steps[STEP_READ_BACK], start);
	return 0;
}

static int show_frame(struct relay *relay, unsigned int index, bool read_back)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	int32_t fence = -1;
	int ret;

	if (!request)
		return complain(-ENOMEM, "an atomic request");
	ret = build_request(relay, request, index, read_back ? &fence : NULL);
	if (!ret)
		ret = commit_and_wait(relay, request, read_back ? &fence : NULL);
	drmModeAtomicFree(request);
	return ret;
}

/*
 * The buffer goes back to the camera, which may write into it at once. The flip has
 * taken it off the screen, but the screen may have been asked for a picture before
 * and still be reading: its fence on the dma-buf says when it has done. A driver that
 * puts none there says at once that the buffer is free.
 */
static int give_back(struct relay *relay, int index)
{
	struct pollfd reader = {
		.fd = relay->camera.buffers[index].dmabuf,
		.events = POLLOUT,
	};
	int ret = poll(&reader, 1, PATIENCE_MS);

	if (ret <= 0)
		return complain(ret ? -errno : -ETIMEDOUT, "waiting for the screen's readers");
	return camera_queue(&relay->camera, index);
}

/*
 * Dequeued: the camera has done with this buffer. Committed: the screen reads it.
 * The flip has come: nobody shows the one before any more.
 */
static int relay_frame(struct relay *relay, bool read_back)
{
	double start = now_ms();
	int index, ret;

	index = camera_dequeue(&relay->camera, PATIENCE_MS);
	if (index < 0)
		return index;
	samples_add_since(&relay->report.steps[STEP_DEQUEUE], start);

	ret = import_frame(relay, index);
	if (!ret)
		ret = show_frame(relay, index, read_back);
	if (!ret && relay->on_screen >= 0)
		ret = give_back(relay, relay->on_screen);
	relay->on_screen = index;
	return ret;
}

int relay_run(struct relay *relay)
{
	unsigned int frames = relay->options.frames;
	unsigned int every = relay->options.read_back_every;
	int ret = camera_start(&relay->camera);

	for (unsigned int i = 0; !ret && i < frames; i++) {
		bool last = i + 1 == frames;

		ret = relay_frame(relay, last || (i + 1) % every == 0);
		if (!ret)
			relay->report.handed_over++;
	}
	relay->report.dropped = relay->camera.dropped;
	return ret;
}

/* Framebuffers first: that takes the buffers off the screen. */
void relay_close(struct relay *relay)
{
	for (int i = 0; i < CAMERA_MAX_BUFFERS; i++)
		kms_fb_destroy(&relay->camera_fb[i]);
	kms_fb_destroy(&relay->backdrop_fb);
	kms_fb_destroy(&relay->picture);
	if (relay->mode_blob)
		drmModeDestroyPropertyBlob(relay->screen.fd, relay->mode_blob);
	camera_close(&relay->camera);
	backdrop_close(&relay->backdrop);
	kms_device_close(&relay->screen);
}
