// SPDX-License-Identifier: GPL-2.0-only
/*
 * The EDID of the virtual screen: a base block with the preferred mode and a
 * CTA-861 extension with the usual television modes, for 4096x2160 does not
 * fit in a detailed timing. Called when a connector is made; knows no DRM
 * object but the mode.
 *
 * Layout: VESA E-EDID Standard Release A2, sections 3.3 to 3.11, and
 * CTA-861-G, 7.3 (extension) and 7.5 (data blocks).
 */

#include <linux/string.h>
#include <linux/unaligned.h>

#include <drm/drm_modes.h>

#include "vprime_edid.h"

#define BLOCK 128

/* A pixel is a quarter of a millimetre wide: 96 to 102 dots an inch. */
#define PIXELS_TO_MM(pixels) ((pixels) * 265 / 1000)

/* 640x480, 800x600, 1024x768, all at 60 Hz */
static const u8 established[3] = { 0x21, 0x08, 0x00 };

/* Width / 8 - 31, aspect ratio (16:10, 4:3, 5:4, 16:9), rate - 60 */
static const u8 standard[8][2] = {
	{ 1280 / 8 - 31, 0 << 6 }, /* 1280x800 */
	{ 1280 / 8 - 31, 2 << 6 }, /* 1280x1024 */
	{ 1440 / 8 - 31, 0 << 6 }, /* 1440x900 */
	{ 1600 / 8 - 31, 1 << 6 }, /* 1600x1200 */
	{ 1600 / 8 - 31, 3 << 6 }, /* 1600x900 */
	{ 1680 / 8 - 31, 0 << 6 }, /* 1680x1050 */
	{ 1920 / 8 - 31, 0 << 6 }, /* 1920x1200 */
	{ 1920 / 8 - 31, 3 << 6 }, /* 1920x1080 */
};

/* CTA-861-G, table 3 */
static const u8 video_ids[] = {
	16, /* 1920x1080 60 Hz */
	31, /* 1920x1080 50 Hz */
	4, /* 1280x720 60 Hz */
	19, /* 1280x720 50 Hz */
	97, /* 3840x2160 60 Hz */
	95, /* 3840x2160 30 Hz */
	102, /* 4096x2160 60 Hz */
	100, /* 4096x2160 30 Hz */
};

/*
 * CTA-861-G, 7.5.5 and 7.5.13: BT.2020 RGB; SDR, SMPTE ST 2084 and HLG, static metadata
 * type 1. Nothing is said of how bright it is: nobody knows.
 */
static const u8 color_blocks[2][4] = {
	{ 7 << 5 | 3, 0x05, 0x80, 0x00 }, /* colorimetry */
	{ 7 << 5 | 3, 0x06, 0x0d, 0x01 }, /* HDR */
};

/* VESA CVT 1.2, reduced blanking; neither list above can say it. */
static const struct drm_display_mode mode_2560x1440 = {
	DRM_MODE("2560x1440", DRM_MODE_TYPE_DRIVER, 241500,
		 2560, 2608, 2640, 2720, 0, 1440, 1443, 1448, 1481, 0,
		 DRM_MODE_FLAG_PHSYNC | DRM_MODE_FLAG_NVSYNC)
};

static void seal(u8 *block)
{
	u8 sum = 0;
	int i;

	for (i = 0; i < BLOCK - 1; i++)
		sum += block[i];
	block[BLOCK - 1] = -sum;
}

/* Three letters of five bits, A is 1. */
static void put_vendor(u8 *at, const char *name)
{
	u16 letters = (name[0] - '@') << 10 | (name[1] - '@') << 5 |
		      (name[2] - '@');

	put_unaligned_be16(letters, at);
}

static void put_text(u8 *at, u8 tag, const char *text)
{
	size_t length = strlen(text);

	memset(at, 0, 5);
	at[3] = tag;
	memset(at + 5, ' ', 13);
	memcpy(at + 5, text, length);
	if (length < 13)
		at[5 + length] = '\n';
}

static void put_range_limits(u8 *at)
{
	memset(at, 0, 11);
	at[3] = 0xfd;
	at[5] = 24; /* vertical, Hz */
	at[6] = 240;
	at[7] = 15; /* horizontal, kHz */
	at[8] = 255;
	at[9] = 60; /* pixel clock, 10 MHz */
	at[10] = 1; /* no timing formula */
	at[11] = '\n';
	memset(at + 12, ' ', 6);
}

static void put_timing(u8 *at, const struct drm_display_mode *mode)
{
	unsigned int hblank = mode->htotal - mode->hdisplay;
	unsigned int vblank = mode->vtotal - mode->vdisplay;
	unsigned int hfront = mode->hsync_start - mode->hdisplay;
	unsigned int hsync = mode->hsync_end - mode->hsync_start;
	unsigned int vfront = mode->vsync_start - mode->vdisplay;
	unsigned int vsync = mode->vsync_end - mode->vsync_start;
	unsigned int hmm = PIXELS_TO_MM(mode->hdisplay);
	unsigned int vmm = PIXELS_TO_MM(mode->vdisplay);

	put_unaligned_le16(mode->clock / 10, at);
	at[2] = mode->hdisplay;
	at[3] = hblank;
	at[4] = mode->hdisplay >> 8 << 4 | hblank >> 8;
	at[5] = mode->vdisplay;
	at[6] = vblank;
	at[7] = mode->vdisplay >> 8 << 4 | vblank >> 8;
	at[8] = hfront;
	at[9] = hsync;
	at[10] = (vfront & 0xf) << 4 | (vsync & 0xf);
	at[11] = (hfront >> 8 & 3) << 6 | (hsync >> 8 & 3) << 4 |
		 (vfront >> 4 & 3) << 2 | (vsync >> 4 & 3);
	at[12] = hmm;
	at[13] = vmm;
	at[14] = hmm >> 8 << 4 | vmm >> 8;
	at[17] = 0x18 |
		 (mode->flags & DRM_MODE_FLAG_PVSYNC ? 4 : 0) |
		 (mode->flags & DRM_MODE_FLAG_PHSYNC ? 2 : 0);
}

static void put_base(u8 *block, const struct drm_display_mode *preferred,
		     u32 serial)
{
	static const u8 magic[8] = { 0, 255, 255, 255, 255, 255, 255, 0 };
	/* sRGB: IEC 61966-2-1 primaries and white, ten bits each */
	static const u8 srgb[10] = { 0xee, 0x91, 0xa3, 0x54, 0x4c,
				     0x99, 0x26, 0x0f, 0x50, 0x54 };

	memcpy(block, magic, sizeof(magic));
	put_vendor(block + 8, "VPR");
	put_unaligned_le16(1, block + 10);
	put_unaligned_le32(serial, block + 12);
	block[17] = 2026 - 1990;
	block[18] = 1;
	block[19] = 4;
	block[20] = 0xb5; /* digital, 10 bits, DisplayPort */
	block[21] = PIXELS_TO_MM(preferred->hdisplay) / 10;
	block[22] = PIXELS_TO_MM(preferred->vdisplay) / 10;
	block[23] = 220 - 100; /* gamma 2.2 */
	block[24] = 0x06; /* sRGB, the first timing is the preferred one */
	memcpy(block + 25, srgb, sizeof(srgb));
	memcpy(block + 35, established, sizeof(established));
	memcpy(block + 38, standard, sizeof(standard));
	put_timing(block + 54, preferred);
	put_text(block + 72, 0xfc, "vprime");
	put_range_limits(block + 90);
	put_text(block + 108, 0xfe, "virtual");
	block[126] = 1;
	seal(block);
}

static void put_cta_extension(u8 *block)
{
	const u8 colors = 4 + 1 + sizeof(video_ids);
	const u8 timings = colors + sizeof(color_blocks);

	block[0] = 2;
	block[1] = 3;
	block[2] = timings;
	block[4] = 2 << 5 | sizeof(video_ids);
	memcpy(block + 5, video_ids, sizeof(video_ids));
	memcpy(block + colors, color_blocks, sizeof(color_blocks));
	put_timing(block + timings, &mode_2560x1440);
	seal(block);
}

/**
 * vprime_edid_build - write the EDID of a virtual screen
 * @edid: where it is written
 * @preferred: the mode it prefers; at most 4095x4095
 * @serial: its serial number
 */
void vprime_edid_build(u8 edid[VPRIME_EDID_SIZE],
		       const struct drm_display_mode *preferred, u32 serial)
{
	memset(edid, 0, VPRIME_EDID_SIZE);
	put_base(edid, preferred, serial);
	put_cta_extension(edid + BLOCK);
}
