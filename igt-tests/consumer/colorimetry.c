// SPDX-License-Identifier: MIT
/*
 * What pixel values mean: the screen's owner says it on the connector, each frame
 * brings it to the consumer, and what the screen can't show is refused.
 */
#include "consumer_subtests.h"

#include <unistd.h>

#include "consumer.h"
#include "igt_api.h"
#include "lib/edid_override.h"
#include "lib/pattern.h"
#include "lib/subtests.h"

/* linux/hdmi.h, enum hdmi_eotf */
#define EOTF_SDR 0
#define EOTF_GAMMA 1
#define EOTF_ST2084 2
#define EOTF_HLG 3

/* CTA-861-G, 7.5 and 7.5.13: a data block with an extended tag, the HDR static one */
#define EXTENDED 7
#define HDR_STATIC 6

/* BT.2020's primaries, D65, 1000 cd/m2. */
static struct hdr_output_metadata metadata_new(uint8_t eotf)
{
	return (struct hdr_output_metadata){
		.hdmi_metadata_type1 = {
			.eotf = eotf,
			.display_primaries = { { 35400, 14600 }, { 8500, 39850 }, { 6550, 2300 } },
			.white_point = { 15635, 16450 },
			.max_display_mastering_luminance = 1000,
			.min_display_mastering_luminance = 50,
			.max_cll = 900,
			.max_fall = 400,
		},
	};
}

/* Flips to @fb and sets HDR_OUTPUT_METADATA, to a blob of @size bytes; 0: to none. */
static int flip_metadata(struct screen *screen, const struct kms_fb *fb, const void *metadata,
			 size_t size)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	uint32_t blob = 0;
	int ret;

	if (size)
		igt_assert_eq(drmModeCreatePropertyBlob(screen->kms.fd, metadata, size, &blob), 0);
	kms_set(request, &screen->kms.primary, "FB_ID", fb->id);
	igt_assert_eq(kms_set(request, &screen->kms.connector, "HDR_OUTPUT_METADATA", blob), 0);
	ret = kms_commit_flip(&screen->kms, request, 0);
	drmModeAtomicFree(request);
	if (blob)
		drmModeDestroyPropertyBlob(screen->kms.fd, blob);
	if (!ret)
		flip_done(screen);
	return ret;
}

static void flip_space(struct screen *screen, const struct kms_fb *fb, const char *space)
{
	drmModeAtomicReq *request = drmModeAtomicAlloc();

	kms_set(request, &screen->kms.primary, "FB_ID", fb->id);
	igt_assert_eq(kms_set_enum(request, &screen->kms.connector, "Colorspace", space), 0);
	igt_assert_eq(kms_commit_flip(&screen->kms, request, 0), 0);
	drmModeAtomicFree(request);
	flip_done(screen);
}

static void flip_unchanged(struct screen *screen, const struct kms_fb *fb)
{
	flip(screen, fb);
	flip_done(screen);
}

/* The next frame, whose whole picture counts as changed. */
static struct drm_vprime_consumer_acquire next_frame(int consumer)
{
	struct drm_vprime_consumer_acquire frame = consumer_acquire(consumer);

	igt_assert_eq(frame.num_damage, 1);
	igt_assert_eq(frame.damage[0].x2 - frame.damage[0].x1, frame.width);
	igt_assert_eq(frame.damage[0].y2 - frame.damage[0].y1, frame.height);
	frame_done(consumer, &frame);
	return frame;
}

static bool has_metadata(const struct drm_vprime_consumer_acquire *frame,
			 const struct hdr_output_metadata *metadata)
{
	return frame->hdr == VPRIME_CONSUMER_HDR_STATIC &&
	       !memcmp(&frame->metadata.hdmi_metadata_type1, &metadata->hdmi_metadata_type1,
		       sizeof(metadata->hdmi_metadata_type1));
}

static void metadata(struct screen *screen)
{
	static const uint8_t eotfs[] = { EOTF_ST2084, EOTF_HLG, EOTF_SDR };
	const struct hdr_output_metadata none = {};
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB2101010");
	struct drm_vprime_consumer_acquire frame;
	int consumer;

	pattern_noise_fb(fb, 1);
	show_only(screen, fb);
	consumer = consumer_latest(screen, 0, 1000);
	frame = next_frame(consumer);
	igt_assert_eq(frame.hdr, VPRIME_CONSUMER_HDR_NONE);
	for (size_t i = 0; i < sizeof(eotfs); i++) {
		struct hdr_output_metadata metadata = metadata_new(eotfs[i]);

		igt_assert_eq(flip_metadata(screen, fb, &metadata, sizeof(metadata)), 0);
		frame = next_frame(consumer);
		igt_assert(has_metadata(&frame, &metadata));
		igt_assert(frame.flags & VPRIME_CONSUMER_DIRECT);
		/* It is a state. */
		flip_unchanged(screen, fb);
		frame = next_frame(consumer);
		igt_assert(has_metadata(&frame, &metadata));
	}
	igt_assert_eq(flip_metadata(screen, fb, NULL, 0), 0);
	frame = next_frame(consumer);
	igt_assert_eq(frame.hdr, VPRIME_CONSUMER_HDR_NONE);
	igt_assert(!memcmp(&frame.metadata, &none, sizeof(none)));
	close(consumer);
}

/* With no new pixel all of them mean something else. */
static void metadata_alone(struct screen *screen)
{
	struct hdr_output_metadata metadata = metadata_new(EOTF_ST2084);
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	drmModeAtomicReq *request = drmModeAtomicAlloc();
	struct drm_vprime_consumer_acquire frame;
	uint32_t blob;
	int consumer;

	show_only(screen, fb);
	consumer = consumer_latest(screen, 0, 1000);
	next_frame(consumer);
	igt_assert_eq(drmModeCreatePropertyBlob(screen->kms.fd, &metadata, sizeof(metadata), &blob),
		      0);
	kms_set(request, &screen->kms.connector, "HDR_OUTPUT_METADATA", blob);
	igt_assert_eq(drmModeAtomicCommit(screen->kms.fd, request, 0, NULL), 0);
	drmModeAtomicFree(request);
	drmModeDestroyPropertyBlob(screen->kms.fd, blob);
	frame = next_frame(consumer);
	igt_assert(has_metadata(&frame, &metadata));
	igt_assert_eq(flip_metadata(screen, fb, NULL, 0), 0);
	close(consumer);
}

static void colorspace(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct drm_vprime_consumer_acquire frame;
	int consumer;

	show_only(screen, fb);
	consumer = consumer_latest(screen, VPRIME_CONSUMER_COMPOSED, 1000);
	frame = next_frame(consumer);
	igt_assert_eq(frame.colorspace, VPRIME_CONSUMER_COLORSPACE_DEFAULT);
	flip_space(screen, fb, "BT2020_RGB");
	frame = next_frame(consumer);
	igt_assert_eq(frame.colorspace, VPRIME_CONSUMER_COLORSPACE_BT2020_RGB);
	flip_space(screen, fb, "Default");
	frame = next_frame(consumer);
	igt_assert_eq(frame.colorspace, VPRIME_CONSUMER_COLORSPACE_DEFAULT);
	close(consumer);
}

/* The EOTFs in the HDR block of an EDID's extension. */
static uint8_t *find_eotfs(uint8_t *extension)
{
	for (unsigned int at = 4; at < extension[2]; at += 1 + (extension[at] & 31))
		if (extension[at] >> 5 == EXTENDED && extension[at + 1] == HDR_STATIC)
			return &extension[at + 2];
	return NULL;
}

static void other_screen(struct screen *screen, const struct kms_fb *fb)
{
	struct hdr_output_metadata metadata = metadata_new(EOTF_ST2084);
	drmModePropertyBlobPtr own = screen_edid(screen);
	uint8_t edid[EDID_BLOCK * 2], *eotfs;
	int refused, taken;

	igt_assert_eq(own->length, sizeof(edid));
	memcpy(edid, own->data, sizeof(edid));
	eotfs = find_eotfs(edid + EDID_BLOCK);
	igt_assert_f(eotfs, "the EDID has no HDR\n");
	*eotfs = 1 << EOTF_SDR | 1 << EOTF_HLG;
	edid_seal(edid + EDID_BLOCK);
	edid_override(edid, sizeof(edid));
	drmModeFreePropertyBlob(screen_edid(screen));
	/* What is set already stays. */
	igt_assert_eq(flip_metadata(screen, fb, &metadata, sizeof(metadata)), 0);
	igt_assert_eq(flip_metadata(screen, fb, NULL, 0), 0);
	refused = flip_metadata(screen, fb, &metadata, sizeof(metadata));
	metadata.hdmi_metadata_type1.eotf = EOTF_HLG;
	taken = flip_metadata(screen, fb, &metadata, sizeof(metadata));
	edid_override(NULL, 0);
	drmModeFreePropertyBlob(screen_edid(screen));
	drmModeFreePropertyBlob(own);
	igt_assert_eq(refused, -EINVAL);
	igt_assert_eq(taken, 0);
}

static void errors(struct screen *screen)
{
	struct kms_fb *fb = screen_picture_fb(screen, "XRGB8888");
	struct hdr_output_metadata good = metadata_new(EOTF_ST2084), bad;
	struct drm_vprime_consumer_acquire frame;
	int consumer;

	show_only(screen, fb);
	igt_assert_eq(flip_metadata(screen, fb, &good, sizeof(good)), 0);
	bad = good;
	bad.metadata_type = 1;
	igt_assert_eq(flip_metadata(screen, fb, &bad, sizeof(bad)), -EINVAL);
	bad = good;
	bad.hdmi_metadata_type1.metadata_type = 1;
	igt_assert_eq(flip_metadata(screen, fb, &bad, sizeof(bad)), -EINVAL);
	bad = metadata_new(EOTF_GAMMA);
	igt_assert_eq(flip_metadata(screen, fb, &bad, sizeof(bad)), -EINVAL);
	bad = metadata_new(255);
	igt_assert_eq(flip_metadata(screen, fb, &bad, sizeof(bad)), -EINVAL);
	igt_assert_eq(flip_metadata(screen, fb, &good, sizeof(good) - 1), -EINVAL);
	consumer = consumer_latest(screen, 0, 1000);
	frame = next_frame(consumer);
	igt_assert(has_metadata(&frame, &good));
	close(consumer);
	other_screen(screen, fb);
	igt_assert_eq(flip_metadata(screen, fb, NULL, 0), 0);
}

static const struct subtest subtests[] = {
	{ "hdr-metadata", "HDR metadata comes with each frame, as it was set.", metadata },
	{ "hdr-metadata-alone", "New metadata alone is a new frame.", metadata_alone },
	{ "hdr-colorspace", "So does the colour space.", colorspace },
	{ "hdr-errors", "Metadata that the screen's EDID has not is refused.", errors },
};

void colorimetry_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
