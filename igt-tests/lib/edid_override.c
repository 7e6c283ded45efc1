// SPDX-License-Identifier: MIT
/*
 * Another EDID for a screen, by the DRM core's debugfs. What is in it is the
 * caller's business.
 */
#include "edid_override.h"

#include <fcntl.h>
#include <unistd.h>

#include "igt_api.h"

#define OVERRIDE "/sys/kernel/debug/dri/vprime.0/Virtual-1/edid_override"

drmModePropertyBlobPtr screen_edid(struct screen *screen)
{
	drmModeConnector *connector =
		drmModeGetConnector(screen->kms.fd, screen->kms.connector.id);
	drmModePropertyBlobPtr blob;
	uint64_t id = 0;

	igt_assert(connector);
	igt_assert_eq(connector->connection, DRM_MODE_CONNECTED);
	drmModeFreeConnector(connector);
	igt_assert_eq(kms_get(screen->kms.fd, &screen->kms.connector, DRM_MODE_OBJECT_CONNECTOR,
			      "EDID", &id),
		      0);
	blob = drmModeGetPropertyBlob(screen->kms.fd, id);
	igt_assert_f(blob, "no EDID\n");
	return blob;
}

void edid_override(const uint8_t *edid, size_t size)
{
	int fd = open(OVERRIDE, O_WRONLY | O_CLOEXEC);
	ssize_t written;

	igt_assert_f(fd >= 0, "%s: %s\n", OVERRIDE, strerror(errno));
	written = edid ? write(fd, edid, size) : write(fd, "reset", 5);
	close(fd);
	igt_assert_eq(written, edid ? (ssize_t)size : 5);
}

void edid_seal(uint8_t *block)
{
	uint8_t sum = 0;

	for (int i = 0; i < EDID_BLOCK - 1; i++)
		sum += block[i];
	block[EDID_BLOCK - 1] = -sum;
}
