// SPDX-License-Identifier: MIT
/*
 * What is refused as a framebuffer around an imported buffer, and with which
 * errno. The buffer is 64 lines of 256 bytes: 64x64 of XRGB8888 fit exactly.
 */
#include "prime_subtests.h"

#include <unistd.h>

#include <drm_fourcc.h>
#include <xf86drm.h>

#include "igt_api.h"
#include "lib/dumb.h"
#include "lib/subtests.h"

#define SIDE 64
#define PITCH 256
#define BYTES (SIDE * PITCH)

/* Stands for the imported buffer's handle in the table. */
#define HANDLE 1

/**
 * struct fb_case - one request, by what is different from a good one
 * @name: of the dynamic subtest
 * @error: the errno that comes back, 0 for none
 * @request: the whole request; handles are 0, HANDLE or a wrong one
 */
struct fb_case {
	const char *name;
	int error;
	struct drm_mode_fb_cmd2 request;
};

#define CASE(_name, _error, ...)                             \
	{                                                    \
		.name = _name, .error = _error, .request = { \
			.width = SIDE,                       \
			.height = SIDE,                      \
			.pixel_format = DRM_FORMAT_XRGB8888, \
			.handles = { HANDLE },               \
			.pitches = { PITCH },                \
			__VA_ARGS__                          \
		}                                            \
	}

/* NV12: 64x64 luma and 64x32 chroma, 96 lines of 64 bytes. */
#define CASE_NV12(_name, _error, ...)                              \
	CASE(_name, _error, .pixel_format = DRM_FORMAT_NV12,       \
	     .handles = { HANDLE, HANDLE }, .pitches = { 64, 64 }, \
	     .offsets = { 0, 64 * 64 }, __VA_ARGS__)

/* Cases override what the macros set before: that is what they are for. */
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Woverride-init"
static const struct fb_case cases[] = {
	CASE("fits", 0),
	CASE("width-zero", EINVAL, .width = 0),
	CASE("height-zero", EINVAL, .height = 0),
	CASE("width-too-large", EINVAL, .width = 1 << 17, .height = 1),
	CASE("height-too-large", EINVAL, .height = 1 << 17),
	CASE("one-line-too-many", EINVAL, .height = SIDE + 1),
	CASE("pitch-short", EINVAL, .pitches = { PITCH - 1 }),
	CASE("pitch-zero", EINVAL, .pitches = { 0 }),
	CASE("pitch-too-long", EINVAL, .pitches = { PITCH + 8 }),
	CASE("pitch-overflow", ERANGE, .pitches = { 0x80000000 }),
	CASE("offset-past-end", EINVAL, .offsets = { 4 }),
	CASE("offset-far-past-end", EINVAL, .offsets = { BYTES }),
	CASE("offset-overflow", ERANGE, .offsets = { 0xffffffff }),
	CASE("offset-with-room", 0, .offsets = { PITCH }, .height = SIDE - 1),
	CASE("handle-zero", EINVAL, .handles = { 0 }),
	CASE("handle-wrong", ENOENT, .handles = { 0xdeadbeef }),
	CASE("format-unknown", EINVAL, .pixel_format = 0x31313131),
	CASE("format-zero", EINVAL, .pixel_format = 0),
	CASE("format-not-ours", EINVAL, .pixel_format = DRM_FORMAT_BGRX8888),
	CASE("format-indexed", EINVAL, .pixel_format = DRM_FORMAT_C8),
	CASE("flag-unknown", EINVAL, .flags = 1 << 2),
	CASE("modifier-without-flag", EINVAL, .modifier = { I915_FORMAT_MOD_X_TILED }),
	CASE("modifier-not-ours", EINVAL, .modifier = { I915_FORMAT_MOD_X_TILED },
	     .flags = DRM_MODE_FB_MODIFIERS),
	CASE("modifier-linear", 0, .flags = DRM_MODE_FB_MODIFIERS),
	CASE("unused-plane", EINVAL, .flags = DRM_MODE_FB_MODIFIERS,
	     .handles = { HANDLE, HANDLE }, .pitches = { PITCH, PITCH }),
	CASE_NV12("nv12-fits", 0),
	CASE_NV12("nv12-chroma-past-end", EINVAL, .offsets = { 0, BYTES - 64 * 32 + 64 }),
	CASE_NV12("nv12-chroma-missing", EINVAL, .handles = { HANDLE, 0 }),
	CASE_NV12("nv12-chroma-wrong", ENOENT, .handles = { HANDLE, 0xdeadbeef }),
	CASE_NV12("nv12-chroma-pitch-short", EINVAL, .pitches = { 64, 63 }),
	CASE("yuv420-third-pitch-short", EINVAL, .pixel_format = DRM_FORMAT_YUV420,
	     .handles = { HANDLE, HANDLE, HANDLE }, .pitches = { 64, 32, 31 },
	     .offsets = { 0, 4096, 5120 }),
	CASE("yuyv-pitch-short", EINVAL, .pixel_format = DRM_FORMAT_YUYV, .pitches = { 127 }),
};

#pragma GCC diagnostic pop

static uint32_t import_buffer(struct screen *screen)
{
	struct dumb dumb = dumb_new(cards.vgem, BYTES);
	int dmabuf = prime_export(dumb.card, dumb.handle, DRM_CLOEXEC);
	uint32_t handle = prime_import(screen->kms.fd, dmabuf);

	close(dmabuf);
	dumb_free(&dumb);
	return handle;
}

static void try_case(struct screen *screen, const struct fb_case *fb_case)
{
	struct drm_mode_fb_cmd2 request = fb_case->request;
	uint32_t handle = import_buffer(screen);

	for (int i = 0; i < 4; i++)
		if (request.handles[i] == HANDLE)
			request.handles[i] = handle;
	igt_assert_errno(drmIoctl(screen->kms.fd, DRM_IOCTL_MODE_ADDFB2, &request),
			 fb_case->error);
	if (!fb_case->error)
		igt_assert_errno(drmModeRmFB(screen->kms.fd, request.fb_id), 0);
	gem_close(screen->kms.fd, handle);
}

void framebuffer_subtests(struct screen *screen)
{
	igt_describe("A request for a framebuffer around an imported buffer is checked.");
	igt_subtest_with_dynamic("framebuffer")
	{
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			igt_dynamic(cases[i].name)
			{
				screen_reset(screen);
				try_case(screen, &cases[i]);
			}
		}
	}
}
