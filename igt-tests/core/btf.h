/* SPDX-License-Identifier: MIT */
#ifndef BTF_H
#define BTF_H

#include <stdint.h>

/* The running kernel's types; skips when it tells none. Kept until the end. */
const struct btf_header *btf_kernel(void);

/* The id of a function, or of a struct, by its name; asserts. */
uint32_t btf_id(const struct btf_header *btf, unsigned int kind, const char *name);

/* Where a struct's member begins, in bytes; asserts. */
int btf_offset(const struct btf_header *btf, const char *type, const char *member);

#endif
