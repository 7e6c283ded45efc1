/* SPDX-License-Identifier: MIT */
#ifndef _UAPI_VPRIME_FOURCC_H_
#define _UAPI_VPRIME_FOURCC_H_

#include <drm/drm.h>

#if defined(__cplusplus)
extern "C" {
#endif

/**
 * DOC: the tiled layout
 *
 * DRM_FORMAT_MOD_VPRIME_TILED cuts each plane of a format into tiles of 32 lines
 * of 128 bytes. A tile is 4096 bytes, a page, and holds its lines one after the
 * other; the tiles of a plane follow each other from the left and then from the
 * top. Of a plane with a pitch and an offset, byte x of line y is in the buffer
 * at::
 *
 *	offset + (y / 32) * pitch * 32 + (x / 128) * 4096 + (y % 32) * 128 + x % 128
 *
 * (divisions rounded down). The pitch is a multiple of 128, the offset one of
 * 4096, and the last row of tiles is whole: a plane of n lines takes
 * pitch * 32 * ceil(n / 32) bytes. What lies in a tile beyond the last line or
 * pixel is neither shown nor written.
 *
 * Every format can lie in tiles whose pixels, or groups of pixels that share
 * samples, have one, two or four bytes in each plane. Those of three bytes can't:
 * 128 is no multiple of them.
 *
 * The vendor byte. drm_fourcc.h gives vendors their numbers from the lowest on and
 * has none for vprime. This number is not in that list and is no claim on it: it
 * is far from where the list grows, and the rest of the modifier spells the
 * project's name, so that no vendor's modifier can be equal to it. Only vprime
 * announces it: programs find it in IN_FORMATS, two devices agree on it when both
 * do, and whoever does not know it has to leave it alone. A number assigned by
 * drm_fourcc.h would replace it.
 */

/** DRM_FORMAT_MOD_VENDOR_VPRIME - not assigned by drm_fourcc.h, see above */
#define DRM_FORMAT_MOD_VENDOR_VPRIME 0xfe

/** DRM_FORMAT_MOD_VPRIME_TILED - tiles of 128 bytes by 32 lines; "vprime", 1 */
#define DRM_FORMAT_MOD_VPRIME_TILED \
	(((__u64)DRM_FORMAT_MOD_VENDOR_VPRIME << 56) | 0x767072696d6501ULL)

#define VPRIME_TILE_BYTES 128
#define VPRIME_TILE_LINES 32
#define VPRIME_TILE_SIZE (VPRIME_TILE_BYTES * VPRIME_TILE_LINES)

#if defined(__cplusplus)
}
#endif

#endif /* _UAPI_VPRIME_FOURCC_H_ */
