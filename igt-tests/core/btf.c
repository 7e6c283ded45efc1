// SPDX-License-Identifier: MIT
/*
 * Reads the kernel's own type information, as far as a small BPF program needs
 * it: numbers of functions and offsets of members. The format is the kernel's
 * Documentation/bpf/btf.rst.
 */
#include <linux/btf.h>

#include "btf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "igt_api.h"

const struct btf_header *btf_kernel(void)
{
	static char *data;
	struct stat st;
	ssize_t done = 0, part = 1;
	int fd;

	if (data)
		return (const struct btf_header *)data;
	fd = open("/sys/kernel/btf/vmlinux", O_RDONLY);
	igt_require_f(fd >= 0, "needs CONFIG_DEBUG_INFO_BTF\n");
	igt_assert_errno(fstat(fd, &st), 0);
	data = malloc(st.st_size);
	igt_assert(data);
	for (; done < st.st_size && part > 0; done += part)
		part = read(fd, data + done, st.st_size - done);
	close(fd);
	igt_assert_eq(done, st.st_size);
	igt_assert_eq(((struct btf_header *)data)->magic, BTF_MAGIC);
	return (const struct btf_header *)data;
}

/* What follows a type, by its kind. */
static size_t extra(const struct btf_type *type)
{
	unsigned int count = BTF_INFO_VLEN(type->info);

	switch (BTF_INFO_KIND(type->info)) {
	case BTF_KIND_INT:
	case BTF_KIND_VAR:
	case BTF_KIND_DECL_TAG:
		return sizeof(uint32_t);
	case BTF_KIND_ARRAY:
		return sizeof(struct btf_array);
	case BTF_KIND_STRUCT:
	case BTF_KIND_UNION:
		return count * sizeof(struct btf_member);
	case BTF_KIND_ENUM:
		return count * sizeof(struct btf_enum);
	case BTF_KIND_ENUM64:
		return count * sizeof(struct btf_enum64);
	case BTF_KIND_FUNC_PROTO:
		return count * sizeof(struct btf_param);
	case BTF_KIND_DATASEC:
		return count * sizeof(struct btf_var_secinfo);
	default:
		return 0;
	}
}

static const char *btf_name(const struct btf_header *btf, uint32_t offset)
{
	return (const char *)btf + btf->hdr_len + btf->str_off + offset;
}

static const struct btf_type *find(const struct btf_header *btf, unsigned int kind,
				   const char *name, uint32_t *id)
{
	const char *at = (const char *)btf + btf->hdr_len + btf->type_off;
	const char *end = at + btf->type_len;

	for (*id = 1; at < end; (*id)++) {
		const struct btf_type *type = (const struct btf_type *)at;

		if (BTF_INFO_KIND(type->info) == kind &&
		    !strcmp(btf_name(btf, type->name_off), name))
			return type;
		at += sizeof(*type) + extra(type);
	}
	igt_assert_f(false, "the kernel has no %s\n", name);
	return NULL;
}

uint32_t btf_id(const struct btf_header *btf, unsigned int kind, const char *name)
{
	uint32_t id;

	find(btf, kind, name, &id);
	return id;
}

int btf_offset(const struct btf_header *btf, const char *type, const char *member)
{
	const struct btf_member *members;
	const struct btf_type *found;
	uint32_t id;

	found = find(btf, BTF_KIND_STRUCT, type, &id);
	members = (const struct btf_member *)(found + 1);
	for (unsigned int i = 0; i < BTF_INFO_VLEN(found->info); i++)
		if (!strcmp(btf_name(btf, members[i].name_off), member))
			return BTF_MEMBER_BIT_OFFSET(members[i].offset) / 8;
	igt_assert_f(false, "struct %s has no %s\n", type, member);
	return -1;
}
