/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef VPRIME_CONSTRAINTS_H
#define VPRIME_CONSTRAINTS_H

#include <linux/types.h>

struct device;
struct sg_table;

/**
 * struct vprime_constraints - what memory a device can use
 * @dma_mask: addresses it reaches
 * @max_segment: bytes of the longest piece it takes; a multiple of PAGE_SIZE
 * @max_segments: how many pieces it takes
 * @contiguous: one piece only
 * @no_cpu: buffers made on it are out of the CPU's reach
 */
struct vprime_constraints {
	u64 dma_mask;
	unsigned long max_segment;
	unsigned int max_segments;
	bool contiguous;
	bool no_cpu;
};

/* No constraint at all. */
#define VPRIME_CONSTRAINTS_NONE                      \
	((struct vprime_constraints){                \
		.dma_mask = U64_MAX,                 \
		.max_segment = PAGE_MASK & UINT_MAX, \
		.max_segments = UINT_MAX,            \
	})

void vprime_constraints_of(struct device *dev, struct vprime_constraints *c);
void vprime_constraints_to_map(struct device *dev,
			       struct vprime_constraints *c);
void vprime_constraints_merge(struct vprime_constraints *c,
			      const struct vprime_constraints *other);
bool vprime_constraints_any(const struct vprime_constraints *c);
bool vprime_constraints_possible(const struct vprime_constraints *c,
				 size_t size);
int vprime_constraints_check(const struct vprime_constraints *c,
			     struct sg_table *sgt);

#endif /* VPRIME_CONSTRAINTS_H */
