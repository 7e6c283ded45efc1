// SPDX-License-Identifier: MIT
/*
 * What is known of a frame, as one line of JSON, flushed: somebody may be reading
 * along. Knows nothing of pixels.
 */
#include "frame_json.h"

#include <errno.h>
#include <sys/stat.h>

static void write_damage(FILE *file, const struct drm_vprime_consumer_acquire *info)
{
	for (uint32_t i = 0; i < info->num_damage; i++)
		fprintf(file, "%s[%d,%d,%d,%d]", i ? "," : "", info->damage[i].x1,
			info->damage[i].y1, info->damage[i].x2, info->damage[i].y2);
}

/* What fstat() says to whoever has the same dma-buf. */
static void write_inodes(FILE *file, const struct drm_vprime_consumer_acquire *info)
{
	for (uint32_t i = 0; i < info->num_planes; i++) {
		struct stat stat = {};

		fstat(info->planes[i].fd, &stat);
		fprintf(file, "%s%llu", i ? "," : "", (unsigned long long)stat.st_ino);
	}
}

static const char *eotf_name(uint8_t eotf)
{
	static const char *const names[] = { "sdr", "hdr", "st2084", "hlg" };

	return eotf < sizeof(names) / sizeof(names[0]) ? names[eotf] : "unknown";
}

/* Units: CTA-861-G, 6.9.1: 0.00002 of a chromaticity, cd/m2, 0.0001 cd/m2. */
static void write_metadata(FILE *file, const struct hdr_metadata_infoframe *metadata)
{
	fprintf(file, "{\"eotf\":\"%s\",\"primaries\":[", eotf_name(metadata->eotf));
	for (int i = 0; i < 3; i++)
		fprintf(file, "%s[%.5f,%.5f]", i ? "," : "",
			metadata->display_primaries[i].x * 0.00002,
			metadata->display_primaries[i].y * 0.00002);
	fprintf(file, "],\"white\":[%.5f,%.5f],", metadata->white_point.x * 0.00002,
		metadata->white_point.y * 0.00002);
	fprintf(file, "\"max_luminance\":%u,\"min_luminance\":%.4f,",
		metadata->max_display_mastering_luminance,
		metadata->min_display_mastering_luminance * 0.0001);
	fprintf(file, "\"max_cll\":%u,\"max_fall\":%u}", metadata->max_cll, metadata->max_fall);
}

static void write_colorimetry(FILE *file, const struct drm_vprime_consumer_acquire *info)
{
	fprintf(file, "\"colorspace\":\"%s\",\"hdr\":",
		info->colorspace == VPRIME_CONSUMER_COLORSPACE_BT2020_RGB ? "BT2020_RGB" :
									    "Default");
	if (info->hdr == VPRIME_CONSUMER_HDR_STATIC)
		write_metadata(file, &info->metadata.hdmi_metadata_type1);
	else
		fprintf(file, "null");
}

static void write_frame(FILE *file, const struct drm_vprime_consumer_acquire *info)
{
	fprintf(file, "{\"sequence\":%llu,\"time_ns\":%llu,\"width\":%u,\"height\":%u,",
		(unsigned long long)info->sequence, (unsigned long long)info->time_ns,
		info->width, info->height);
	fprintf(file, "\"format\":\"%.4s\",\"modifier\":%llu,\"direct\":%s,\"mode_changed\":%s,",
		(const char *)&info->format, (unsigned long long)info->modifier,
		info->flags & VPRIME_CONSUMER_DIRECT ? "true" : "false",
		info->flags & VPRIME_CONSUMER_MODE_CHANGED ? "true" : "false");
	write_colorimetry(file, info);
	fprintf(file, ",\"inodes\":[");
	write_inodes(file, info);
	fprintf(file, "],\"dropped\":%llu,\"expired\":%llu,\"damage\":[",
		(unsigned long long)info->dropped, (unsigned long long)info->expired);
	write_damage(file, info);
	fprintf(file, "]}\n");
}

int frame_json_write(FILE *file, const struct vprime_grab_frame *frame)
{
	if (frame->info.kind == VPRIME_CONSUMER_FRAME)
		write_frame(file, &frame->info);
	else
		fprintf(file, "{\"event\":\"%s\"}\n",
			frame->info.kind == VPRIME_CONSUMER_SCREEN_OFF ? "off" : "on");
	return fflush(file) ? -EIO : 0;
}
