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
#include "lib/edid_override.h"
#include "lib/subtests.h"

#define SERIAL 12

static void set_status(struct screen *screen, const char *status)
{
	struct stat card;
	char path[64];
	int fd;

	igt_assert_errno(fstat(screen->kms.fd, &card), 0);
	snprintf(path, sizeof(path), "/sys/class/drm/card%u-Virtual-1/status",
		 minor(card.st_rdev));
	fd = open(path, O_WRONLY | O_CLOEXEC);
	igt_assert_errno(fd, 0);
	igt_assert_eq(write(fd, status, strlen(status)), strlen(status));
	close(fd);
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

/* The screen's own EDID with another serial number. */
static void override(struct screen *screen)
{
	drmModePropertyBlobPtr own = screen_edid(screen), other, again;
	uint8_t edid[EDID_BLOCK * 2];
	int ret;

	igt_assert_eq(own->length, sizeof(edid));
	memcpy(edid, own->data, sizeof(edid));
	edid[SERIAL]++;
	edid_seal(edid);
	edid_override(edid, sizeof(edid));
	other = screen_edid(screen);
	ret = memcmp(other->data, edid, sizeof(edid));
	edid_override(NULL, 0);
	again = screen_edid(screen);
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
