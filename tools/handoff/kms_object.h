/* SPDX-License-Identifier: MIT */
#ifndef KMS_OBJECT_H
#define KMS_OBJECT_H

#include <stdint.h>

#include <xf86drmMode.h>

#define KMS_MAX_PROPERTIES 32

/**
 * struct kms_object - a CRTC, connector or plane with the properties it has
 * @id: KMS object id, 0 when there is none
 * @props: the properties; NULL entries behind the last one
 */
struct kms_object {
	uint32_t id;
	struct _drmModeProperty *props[KMS_MAX_PROPERTIES];
};

/* @type is one of DRM_MODE_OBJECT_*. Returns 0 or a negative errno. */
int kms_object_read(struct kms_object *object, int fd, uint32_t id, uint32_t type);
void kms_object_free(struct kms_object *object);

/* Property id by name; 0, which no property has, when there is none. */
uint32_t kms_property_id(const struct kms_object *object, const char *name);

/* Adds name=value to an atomic request; -ENOENT when there is no such property. */
int kms_set(drmModeAtomicReq *request, const struct kms_object *object,
	    const char *name, uint64_t value);

/* The same for an enum property, whose value is given by its name. */
int kms_set_enum(drmModeAtomicReq *request, const struct kms_object *object,
		 const char *name, const char *value);

/* What the property is now. */
int kms_get(int fd, const struct kms_object *object, uint32_t type,
	    const char *name, uint64_t *value);

#endif
