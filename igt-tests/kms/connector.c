// SPDX-License-Identifier: MIT
/*
 * What a user may do to a connector by the means of the DRM core: give it another
 * EDID, unplug its screen.
 */
#include "kms_subtests.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "igt_api.h"
#include "lib/subtests.h"

#define BLOCK 128
#define SERIAL 12
#define OVERRIDE "/sys/kernel/debug/dri/vprime.0/Virtual-1/edid_override"

static int write_file(const char *path, const void *bytes, size_t size)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC), ret;

	igt_assert_f(fd >= 0, "%s: %s\n", path, strerror(errno));
	ret = write(fd, bytes, size) == (ssize_t)size ? 0 : errno;
	close(fd);
	return ret;
}

static void set_status(struct screen *screen, const char *status)
{
	struct stat card;
	char path[64];

	igt_assert_errno(fstat(screen->kms.fd, &card), 0);
	snprintf(path, sizeof(path), "/sys/class/drm/card%u-Virtual-1/status",
		 minor(card.st_rdev));
	igt_assert_eq(write_file(path, status, strlen(status)), 0);
}

/* Asks the connector anew, as programs do after a hotplug event. */
static drmModeConnection probe(struct screen *screen)
{
	drmModeConnector *connector =
		drmModeGetConnector(screen->kms.fd, screen->kms.connector.id);
	drmModeConnection connection;

	igt_assert(connector);
	connection = connector->connection;
	igt_assert_eq(connector->count_modes > 0, connection == DRM_MODE_CONNECTED);
	drmModeFreeConnector(connector);
	return connection;
}

static drmModePropertyBlobPtr edid_of(struct screen *screen)
{
	drmModePropertyBlobPtr blob;
	uint64_t id = 0;

	igt_assert_eq(probe(screen), DRM_MODE_CONNECTED);
	igt_assert_eq(kms_get(screen->kms.fd, &screen->kms.connector, DRM_MODE_OBJECT_CONNECTOR,
			      "EDID", &id),
		      0);
	blob = drmModeGetPropertyBlob(screen->kms.fd, id);
	igt_assert_f(blob, "no EDID\n");
	return blob;
}

/* The screen's own EDID with another serial number. */
static void override(struct screen *screen)
{
	drmModePropertyBlobPtr own = edid_of(screen), other, again;
	uint8_t edid[BLOCK * 2];
	int ret;

	igt_assert_eq(own->length, sizeof(edid));
	memcpy(edid, own->data, sizeof(edid));
	edid[SERIAL]++;
	edid[BLOCK - 1]--;
	igt_assert_eq(write_file(OVERRIDE, edid, sizeof(edid)), 0);
	other = edid_of(screen);
	ret = memcmp(other->data, edid, sizeof(edid));
	igt_assert_eq(write_file(OVERRIDE, "reset", 5), 0);
	again = edid_of(screen);
	igt_assert_f(!ret, "the screen has not got the EDID\n");
	igt_assert(!memcmp(again->data, own->data, own->length));
	drmModeFreePropertyBlob(own);
	drmModeFreePropertyBlob(other);
	drmModeFreePropertyBlob(again);
}

static void status(struct screen *screen)
{
	drmModeConnection off;

	set_status(screen, "off");
	off = probe(screen);
	set_status(screen, "detect");
	igt_assert_eq(off, DRM_MODE_DISCONNECTED);
	igt_assert_eq(probe(screen), DRM_MODE_CONNECTED);
}

static const struct subtest subtests[] = {
	{ "connector-edid", "A screen takes another EDID by edid_override.", override },
	{ "connector-status", "A screen is unplugged and plugged in by sysfs.", status },
};

void connector_subtests(struct screen *screen)
{
	RUN_SUBTESTS(subtests, screen);
}
