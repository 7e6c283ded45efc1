// SPDX-License-Identifier: MIT
/*
 * KMS objects and their properties by name.
 *
 * The atomic interface addresses everything by number; the numbers are looked up
 * once per object and kept. Used by whoever builds an atomic request.
 */
#include "kms_object.h"

#include <errno.h>
#include <string.h>

int kms_object_read(struct kms_object *object, int fd, uint32_t id, uint32_t type)
{
	drmModeObjectProperties *list = drmModeObjectGetProperties(fd, id, type);

	memset(object, 0, sizeof(*object));
	if (!list)
		return -errno;
	object->id = id;
	for (uint32_t i = 0; i < list->count_props && i < KMS_MAX_PROPERTIES; i++)
		object->props[i] = drmModeGetProperty(fd, list->props[i]);
	drmModeFreeObjectProperties(list);
	return 0;
}

void kms_object_free(struct kms_object *object)
{
	for (int i = 0; i < KMS_MAX_PROPERTIES && object->props[i]; i++)
		drmModeFreeProperty(object->props[i]);
	memset(object, 0, sizeof(*object));
}

static drmModePropertyRes *find_property(const struct kms_object *object, const char *name)
{
	for (int i = 0; i < KMS_MAX_PROPERTIES && object->props[i]; i++)
		if (!strcmp(object->props[i]->name, name))
			return object->props[i];
	return NULL;
}

uint32_t kms_property_id(const struct kms_object *object, const char *name)
{
	drmModePropertyRes *prop = find_property(object, name);

	return prop ? prop->prop_id : 0;
}

int kms_set(drmModeAtomicReq *request, const struct kms_object *object,
	    const char *name, uint64_t value)
{
	uint32_t prop = kms_property_id(object, name);
	int ret;

	if (!prop)
		return -ENOENT;
	ret = drmModeAtomicAddProperty(request, object->id, prop, value);
	return ret < 0 ? ret : 0;
}

int kms_set_enum(drmModeAtomicReq *request, const struct kms_object *object,
		 const char *name, const char *value)
{
	drmModePropertyRes *prop = find_property(object, name);

	for (int i = 0; prop && i < prop->count_enums; i++)
		if (!strcmp(prop->enums[i].name, value))
			return kms_set(request, object, name, prop->enums[i].value);
	return -ENOENT;
}

int kms_get(int fd, const struct kms_object *object, uint32_t type,
	    const char *name, uint64_t *value)
{
	drmModeObjectProperties *list = drmModeObjectGetProperties(fd, object->id, type);
	uint32_t prop = kms_property_id(object, name);
	int ret = -ENOENT;

	if (!list)
		return -errno;
	for (uint32_t i = 0; prop && i < list->count_props; i++) {
		if (list->props[i] != prop)
			continue;
		*value = list->prop_values[i];
		ret = 0;
	}
	drmModeFreeObjectProperties(list);
	return ret;
}
