// SPDX-License-Identifier: MIT
/*
 * The parts of a screen and the nodes of devices: what programs name by its place. They
 * are looked for once, before processes are made; nodes each time, as devices go.
 */
#include "parts.h"

#include <dirent.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <xf86drm.h>
#include <xf86drmMode.h>

#define MAX_NODES 64
#define MAX_PARTS 16
#define MAX_PROPERTIES 128

static const char *const devices[] = {
	"/sys/bus/platform/devices/vprime.0/drm",
	"/sys/bus/platform/devices/vprime.1/drm",
	"/sys/devices/faux/vgem/drm",
	"/sys/bus/platform/devices/vgem/drm",
};

static uint32_t parts[KIND_LAST_PART + 1][MAX_PARTS];
static unsigned int counts[KIND_LAST_PART + 1];

static struct {
	uint32_t object;
	uint32_t id;
	char name[32];
} properties[MAX_PROPERTIES];

static unsigned int num_properties;

static void add_properties(int card, uint32_t object, uint32_t type)
{
	drmModeObjectProperties *all = drmModeObjectGetProperties(card, object, type);

	for (uint32_t i = 0; all && i < all->count_props; i++) {
		drmModePropertyRes *property = drmModeGetProperty(card, all->props[i]);

		if (property && num_properties < MAX_PROPERTIES) {
			properties[num_properties].object = object;
			properties[num_properties].id = property->prop_id;
			memcpy(properties[num_properties++].name, property->name,
			       sizeof(property->name));
		}
		drmModeFreeProperty(property);
	}
	drmModeFreeObjectProperties(all);
}

static void add(int card, enum kind kind, const uint32_t *ids, unsigned int count, uint32_t type)
{
	for (unsigned int i = 0; i < count && counts[kind] < MAX_PARTS; i++) {
		parts[kind][counts[kind]++] = ids[i];
		add_properties(card, ids[i], type);
	}
}

bool parts_find(void)
{
	drmModePlaneRes *planes;
	drmModeRes *resources;
	char path[64];
	int card;

	if (!parts_node(0, "card", path, sizeof(path)))
		return false;
	card = open(path, O_RDWR | O_CLOEXEC);
	drmSetClientCap(card, DRM_CLIENT_CAP_ATOMIC, 1);
	drmSetClientCap(card, DRM_CLIENT_CAP_WRITEBACK_CONNECTORS, 1);
	resources = drmModeGetResources(card);
	planes = drmModeGetPlaneResources(card);
	if (resources && planes) {
		add(card, KIND_CRTC, resources->crtcs, resources->count_crtcs,
		    DRM_MODE_OBJECT_CRTC);
		add(card, KIND_PLANE, planes->planes, planes->count_planes, DRM_MODE_OBJECT_PLANE);
		add(card, KIND_CONNECTOR, resources->connectors, resources->count_connectors,
		    DRM_MODE_OBJECT_CONNECTOR);
	}
	drmModeFreePlaneResources(planes);
	drmModeFreeResources(resources);
	close(card);
	return counts[KIND_CRTC] && num_properties;
}

uint32_t parts_id(enum kind kind, unsigned int index)
{
	if (kind == KIND_PROPERTY)
		return num_properties ? properties[index % num_properties].id : 0;
	return kind <= KIND_LAST_PART && counts[kind] ? parts[kind][index % counts[kind]] : 0;
}

uint32_t parts_property(uint32_t object, const char *name)
{
	for (unsigned int i = 0; i < num_properties; i++)
		if (properties[i].object == object && !strcmp(properties[i].name, name))
			return properties[i].id;
	return 0;
}

static bool find_node(const char *device, const char *node, char *path, size_t size)
{
	DIR *directory = opendir(device);
	struct dirent *entry;
	bool found = false;

	while (!found && directory && (entry = readdir(directory))) {
		if (strncmp(entry->d_name, node, strlen(node)))
			continue;
		snprintf(path, size, "/dev/dri/%.32s", entry->d_name);
		found = true;
	}
	if (directory)
		closedir(directory);
	return found;
}

bool parts_node(unsigned int device, const char *node, char *path, size_t size)
{
	if (device > 2)
		return false;
	return find_node(devices[device], node, path, size) ||
	       (device == 2 && find_node(devices[3], node, path, size));
}

/* The nodes that everyone may open for a while, and what they had before. */
static struct {
	char path[64];
	mode_t mode;
} permitted[MAX_NODES];

void parts_permit(void)
{
	struct stat st;
	glob_t nodes;

	if (glob("/dev/{dri/card*,dri/render*,video*,dma_heap/*,udmabuf}", GLOB_BRACE, NULL,
		 &nodes))
		return;
	for (size_t i = 0; i < nodes.gl_pathc && i < MAX_NODES; i++) {
		if (stat(nodes.gl_pathv[i], &st))
			continue;
		snprintf(permitted[i].path, sizeof(permitted[i].path), "%s", nodes.gl_pathv[i]);
		permitted[i].mode = st.st_mode & 07777;
		chmod(permitted[i].path, 0666);
	}
	globfree(&nodes);
}

void parts_forbid(void)
{
	for (size_t i = 0; i < MAX_NODES; i++)
		if (permitted[i].path[0])
			chmod(permitted[i].path, permitted[i].mode);
}
