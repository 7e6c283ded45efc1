// SPDX-License-Identifier: MIT
/*
 * A card, found by its driver's name, and what it has: CRTC, connectors, planes.
 *
 * Called once at the start. The rest of a program then works on the objects that
 * were found here and needs no further look at the card's resources.
 */
#include "kms_device.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <xf86drm.h>

#define DRM_MAX_CARDS 64

static bool is_driver(int fd, const char *driver)
{
	drmVersion *version = drmGetVersion(fd);
	bool same = version && !strcmp(version->name, driver);

	drmFreeVersion(version);
	return same;
}

int drm_open_card(const char *driver, unsigned int index)
{
	char path[32];

	for (int i = 0; i < DRM_MAX_CARDS; i++) {
		int fd;

		snprintf(path, sizeof(path), "/dev/dri/card%d", i);
		fd = open(path, O_RDWR | O_CLOEXEC);
		if (fd < 0)
			continue;
		if (is_driver(fd, driver) && index-- == 0)
			return fd;
		close(fd);
	}
	return -ENODEV;
}

static int enable_interfaces(struct kms_device *device)
{
	if (drmSetClientCap(device->fd, DRM_CLIENT_CAP_UNIVERSAL_PLANES, 1) ||
	    drmSetClientCap(device->fd, DRM_CLIENT_CAP_ATOMIC, 1) ||
	    drmSetClientCap(device->fd, DRM_CLIENT_CAP_WRITEBACK_CONNECTORS, 1)) {
		warn("the card has no atomic modesetting with writeback");
		return -EOPNOTSUPP;
	}
	return 0;
}

static void take_modes(struct kms_device *device, const drmModeConnector *connector)
{
	size_t size = connector->count_modes * sizeof(*device->modes);

	device->modes = malloc(size);
	if (!device->modes)
		err(EXIT_FAILURE, "modes");
	memcpy(device->modes, connector->modes, size);
	device->num_modes = connector->count_modes;
}

static int find_connectors(struct kms_device *device, const drmModeRes *resources)
{
	int ret = 0;

	for (int i = 0; i < resources->count_connectors && !ret; i++) {
		drmModeConnector *c = drmModeGetConnector(device->fd, resources->connectors[i]);
		bool writeback;

		if (!c)
			continue;
		writeback = c->connector_type == DRM_MODE_CONNECTOR_WRITEBACK;
		if (writeback && !device->writeback.id) {
			ret = kms_object_read(&device->writeback, device->fd, c->connector_id,
					      DRM_MODE_OBJECT_CONNECTOR);
		} else if (!writeback && !device->connector.id &&
			   c->connection == DRM_MODE_CONNECTED) {
			ret = kms_object_read(&device->connector, device->fd, c->connector_id,
					      DRM_MODE_OBJECT_CONNECTOR);
			take_modes(device, c);
		}
		drmModeFreeConnector(c);
	}
	if (!ret && !device->connector.id) {
		warnx("no screen is connected to the card");
		ret = -ENODEV;
	}
	return ret;
}

static struct kms_object *plane_slot(struct kms_device *device, uint64_t type)
{
	switch (type) {
	case DRM_PLANE_TYPE_PRIMARY:
		return &device->primary;
	case DRM_PLANE_TYPE_CURSOR:
		return &device->cursor;
	default:
		if (device->num_overlays == KMS_MAX_OVERLAYS)
			return NULL;
		return &device->overlay[device->num_overlays++];
	}
}

static int add_plane(struct kms_device *device, uint32_t id)
{
	struct kms_object plane, *slot;
	uint64_t type;
	int ret;

	ret = kms_object_read(&plane, device->fd, id, DRM_MODE_OBJECT_PLANE);
	if (ret)
		return ret;
	ret = kms_get(device->fd, &plane, DRM_MODE_OBJECT_PLANE, "type", &type);
	slot = ret ? NULL : plane_slot(device, type);
	if (slot && !slot->id)
		*slot = plane;
	else
		kms_object_free(&plane);
	return ret;
}

static int find_planes(struct kms_device *device)
{
	drmModePlaneRes *planes = drmModeGetPlaneResources(device->fd);
	int ret = planes ? 0 : -errno;

	for (uint32_t i = 0; !ret && i < planes->count_planes; i++) {
		drmModePlane *plane = drmModeGetPlane(device->fd, planes->planes[i]);

		/* Bit 0: it can be used on the first CRTC. */
		if (plane && plane->possible_crtcs & 1)
			ret = add_plane(device, plane->plane_id);
		drmModeFreePlane(plane);
	}
	drmModeFreePlaneResources(planes);
	return ret;
}

static int find_objects(struct kms_device *device)
{
	drmModeRes *resources = drmModeGetResources(device->fd);
	int ret = -ENODEV;

	if (resources && resources->count_crtcs) {
		ret = kms_object_read(&device->crtc, device->fd, resources->crtcs[0],
				      DRM_MODE_OBJECT_CRTC);
		if (!ret)
			ret = find_connectors(device, resources);
		if (!ret)
			ret = find_planes(device);
	}
	drmModeFreeResources(resources);
	return ret;
}

int kms_device_open(struct kms_device *device, const char *driver, unsigned int index)
{
	int ret;

	memset(device, 0, sizeof(*device));
	device->fd = drm_open_card(driver, index);
	if (device->fd < 0) {
		warnx("no card %u of the driver %s: load the module first", index, driver);
		return device->fd;
	}
	ret = enable_interfaces(device);
	if (!ret)
		ret = find_objects(device);
	if (!ret && !drmIsMaster(device->fd)) {
		warnx("another program holds the screen: end it first");
		ret = -EBUSY;
	}
	if (ret)
		kms_device_close(device);
	return ret;
}

void kms_device_close(struct kms_device *device)
{
	kms_object_free(&device->crtc);
	kms_object_free(&device->connector);
	kms_object_free(&device->writeback);
	kms_object_free(&device->primary);
	kms_object_free(&device->cursor);
	for (unsigned int i = 0; i < KMS_MAX_OVERLAYS; i++)
		kms_object_free(&device->overlay[i]);
	free(device->modes);
	if (device->fd >= 0)
		close(device->fd);
	memset(device, 0, sizeof(*device));
	device->fd = -1;
}

const drmModeModeInfo *kms_find_mode(const struct kms_device *device,
				     uint32_t width, uint32_t height)
{
	for (unsigned int i = 0; i < device->num_modes; i++) {
		const drmModeModeInfo *mode = &device->modes[i];

		if (width ? mode->hdisplay == width && mode->vdisplay == height :
			    (mode->type & DRM_MODE_TYPE_PREFERRED) != 0)
			return mode;
	}
	return width || !device->num_modes ? NULL : &device->modes[0];
}
