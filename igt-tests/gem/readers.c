// SPDX-License-Identifier: MIT
/*
 * Buffers that were handed out read-only: nobody who got one that way can write it,
 * by no door, and who made it still can.
 */
#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

#include <xf86drm.h>

#include "gem/gem_subtests.h"
#include "igt_api.h"
#include "lib/scene.h"
#include "lib/subtests.h"

#define SIZE (5 * PAGE_BYTES)

static void assert_read_only(int card, uint32_t handle)
{
	void *map;

	igt_assert(gem_info(card, handle).state & VPRIME_GEM_READ_ONLY);
	igt_assert(__gem_map(card, handle, SIZE, PROT_READ | PROT_WRITE) == MAP_FAILED);
	igt_assert_eq(errno, EACCES);
	igt_assert(__gem_map(card, handle, SIZE, PROT_WRITE) == MAP_FAILED);
	igt_assert_eq(errno, EACCES);
	map = gem_map(card, handle, SIZE, PROT_READ);
	igt_assert_errno(mprotect(map, SIZE, PROT_READ | PROT_WRITE), EACCES);
	munmap(map, SIZE);
}

static void assert_writable(int card, uint32_t handle)
{
	igt_assert(!(gem_info(card, handle).state & VPRIME_GEM_READ_ONLY));
	munmap(gem_map(card, handle, SIZE, PROT_READ | PROT_WRITE), SIZE);
}

static void descriptor(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0);
	int dmabuf = prime_export(cards.vprime, handle, DRM_CLOEXEC);
	void *map;

	(void)screen;
	igt_assert_eq(fcntl(dmabuf, F_GETFD), FD_CLOEXEC);
	igt_assert_eq(fcntl(dmabuf, F_GETFL) & O_ACCMODE, O_RDONLY);
	igt_assert(mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, dmabuf, 0) == MAP_FAILED);
	igt_assert_eq(errno, EACCES);
	map = mmap(NULL, SIZE, PROT_READ, MAP_SHARED, dmabuf, 0);
	igt_assert(map != MAP_FAILED);
	igt_assert_errno(mprotect(map, SIZE, PROT_READ | PROT_WRITE), EACCES);
	munmap(map, SIZE);
	close(dmabuf);

	dmabuf = prime_export(cards.vprime, handle, 0);
	igt_assert_eq(fcntl(dmabuf, F_GETFD), 0);
	close(dmabuf);
	assert_writable(cards.vprime, handle);
	gem_close(cards.vprime, handle);

	handle = gem_new(cards.vprime, SIZE, 0);
	dmabuf = prime_export(cards.vprime, handle, DRM_RDWR);
	igt_assert_eq(fcntl(dmabuf, F_GETFD), 0);
	igt_assert_eq(fcntl(dmabuf, F_GETFL) & O_ACCMODE, O_RDWR);
	close(dmabuf);
	gem_close(cards.vprime, handle);
}

/* On the same device, on another, and re-exported as writable as can be. */
static void imported(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0), again, second;
	int dmabuf = prime_export(cards.vprime, handle, DRM_CLOEXEC), exported;

	(void)screen;
	again = prime_import(cards.again, dmabuf);
	second = prime_import(cards.second, dmabuf);
	close(dmabuf);
	assert_read_only(cards.again, again);
	assert_read_only(cards.second, second);
	assert_writable(cards.vprime, handle);

	exported = prime_export(cards.again, again, DRM_RDWR | DRM_CLOEXEC);
	igt_assert(mmap(NULL, SIZE, PROT_WRITE, MAP_SHARED, exported, 0) == MAP_FAILED);
	close(exported);
	exported = prime_export(cards.second, second, DRM_RDWR | DRM_CLOEXEC);
	igt_assert(mmap(NULL, SIZE, PROT_WRITE, MAP_SHARED, exported, 0) == MAP_FAILED);
	close(exported);

	/* Also when its maker has gone. */
	gem_close(cards.vprime, handle);
	assert_read_only(cards.again, again);
	exported = prime_export(cards.again, again, DRM_RDWR | DRM_CLOEXEC);
	igt_assert(mmap(NULL, SIZE, PROT_WRITE, MAP_SHARED, exported, 0) == MAP_FAILED);
	close(exported);
	gem_close(cards.again, again);
	gem_close(cards.second, second);
}

/* A name is global: it must not give more than the dma-buf did. */
static void named(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0), again;
	int dmabuf = prime_export(cards.vprime, handle, DRM_CLOEXEC);
	struct drm_gem_flink flink = { .handle = handle };
	struct drm_gem_open open = { 0 };

	(void)screen;
	again = prime_import(cards.again, dmabuf);
	igt_assert_errno(drmIoctl(cards.vprime, DRM_IOCTL_GEM_FLINK, &flink), 0);
	open.name = flink.name;
	igt_assert_errno(drmIoctl(cards.again, DRM_IOCTL_GEM_OPEN, &open), 0);
	assert_read_only(cards.again, open.handle);
	gem_close(cards.again, again);
	assert_read_only(cards.again, open.handle);
	gem_close(cards.again, open.handle);

	/* Its maker, who can write, opens it as well. */
	igt_assert_errno(drmIoctl(cards.vprime, DRM_IOCTL_GEM_OPEN, &open), 0);
	assert_writable(cards.vprime, open.handle);
	gem_close(cards.vprime, open.handle);
	assert_writable(cards.vprime, handle);
	close(dmabuf);
	gem_close(cards.vprime, handle);
}

/* What a file may do stays, whatever becomes of its handles. */
static void kept(struct screen *screen)
{
	uint32_t handle = gem_new(cards.vprime, SIZE, 0), again;
	struct drm_gem_flink flink = { .handle = handle };
	struct drm_gem_open open = { 0 };
	int dmabuf;

	(void)screen;
	/* One who had a handle before it was exported, as its maker. */
	igt_assert_errno(drmIoctl(cards.vprime, DRM_IOCTL_GEM_FLINK, &flink), 0);
	open.name = flink.name;
	igt_assert_errno(drmIoctl(cards.again, DRM_IOCTL_GEM_OPEN, &open), 0);
	dmabuf = prime_export(cards.vprime, handle, DRM_CLOEXEC);
	assert_writable(cards.again, open.handle);
	gem_close(cards.again, open.handle);
	gem_close(cards.vprime, handle);
	handle = prime_import(cards.vprime, dmabuf);
	again = prime_import(cards.again, dmabuf);
	assert_writable(cards.vprime, handle);
	assert_writable(cards.again, again);
	gem_close(cards.again, again);

	/* Their files are not they: who opens the card anew has none of it. */
	close(cards.again);
	cards.again = drm_open_card("vprime", 0);
	again = prime_import(cards.again, dmabuf);
	assert_read_only(cards.again, again);
	gem_close(cards.again, again);
	again = prime_import(cards.again, dmabuf);
	assert_read_only(cards.again, again);
	gem_close(cards.again, again);
	gem_close(cards.vprime, handle);
	close(dmabuf);
}

/* The last thing that is left of the buffer; its handle and its dma-buf are gone. */
static void by_framebuffer(struct screen *screen)
{
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	struct kms_fb *fb = screen_fb_slot(screen);
	struct pixel_layout layout;
	struct dumb dumb;
	drmModeFBPtr got;
	int dmabuf;

	pixel_layout_fill(&layout, format, 64 * 4, 64);
	dumb = dumb_new(cards.again, layout.size);
	dmabuf = prime_export(cards.again, dumb.handle, DRM_CLOEXEC);
	igt_assert_eq(kms_fb_import(fb, screen->kms.fd, dmabuf, format, 64, 64, &layout), 0);
	close(dmabuf);
	dumb_free(&dumb);
	gem_close(screen->kms.fd, fb->handle);
	fb->handle = 0;

	got = drmModeGetFB(screen->kms.fd, fb->id);
	igt_assert(got && got->handle);
	igt_assert(gem_info(screen->kms.fd, got->handle).state & VPRIME_GEM_READ_ONLY);
	dmabuf = prime_export(screen->kms.fd, got->handle, DRM_RDWR | DRM_CLOEXEC);
	igt_assert_eq(fcntl(dmabuf, F_GETFL) & O_ACCMODE, O_RDONLY);
	close(dmabuf);
	gem_close(screen->kms.fd, got->handle);
	drmModeFreeFB(got);
}

static void leased(struct screen *screen)
{
	const uint32_t objects[] = { screen->kms.crtc.id, screen->kms.connector.id,
				     screen->kms.primary.id };
	uint32_t handle = gem_new(cards.again, SIZE, 0), imported, id;
	int dmabuf = prime_export(cards.again, handle, DRM_CLOEXEC), lessee;

	lessee = drmModeCreateLease(screen->kms.fd, objects, 3, O_CLOEXEC, &id);
	igt_assert_f(lessee >= 0, "no lease: %s\n", strerror(-lessee));
	imported = prime_import(lessee, dmabuf);
	assert_read_only(lessee, imported);
	gem_close(lessee, imported);
	close(lessee);
	close(dmabuf);
	gem_close(cards.again, handle);
}

/* Shown it can be, but not written. */
static void written_back(struct screen *screen)
{
	static const char *const names[] = { "again", "vgem", "second" };
	const struct pixel_format *format = pixel_format_by_name("XRGB8888");
	const int makers[] = { cards.again, cards.vgem, cards.second };
	struct kms_fb *shown = screen_picture_fb(screen, "XRGB8888");
	struct layer layer = layer_new(&screen->kms.primary, shown, 0, 0);

	for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
		struct kms_fb *fb = screen_fb_slot(screen);
		struct pixel_layout layout;
		struct dumb dumb;
		int dmabuf;

		pixel_layout_fill(&layout, format, shown->width * 4, shown->height);
		dumb = dumb_new(makers[i], layout.size);
		dmabuf = prime_export(makers[i], dumb.handle, DRM_CLOEXEC);
		igt_assert_eq(kms_fb_import(fb, screen->kms.fd, dmabuf, format, shown->width,
					    shown->height, &layout),
			      0);
		close(dmabuf);
		dumb_free(&dumb);
		igt_assert_f(__scene_show(screen, &layer, 1, 0, fb) == -EACCES,
			     "a buffer of %s was written\n", names[i]);
		layer.fb = fb;
		scene_show(screen, &layer, 1);
		layer.fb = shown;
	}
}

static const struct subtest subtests[] = {
	{ "read-only-fd", "The flags of an export are those of its descriptor.", descriptor },
	{ "read-only-import", "A read-only buffer stays so where it is imported.", imported },
	{ "read-only-name", "A GEM name does not make it writable.", named },
	{ "read-only-kept", "Nor does another handle of the same file.", kept },
	{ "read-only-getfb", "Nor does a framebuffer that is all that is left.", by_framebuffer },
	{ "read-only-lessee", "Nor does a lease.", leased },
	{ "read-only-writeback", "Nor does a framebuffer.", written_back },
};

void reader_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
