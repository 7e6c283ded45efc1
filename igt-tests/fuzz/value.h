/* SPDX-License-Identifier: MIT */
#ifndef VALUE_H
#define VALUE_H

#include <stdbool.h>
#include <stdint.h>

/* What a call takes or makes. Up to KIND_LAST_FD they are descriptors. */
enum kind {
	KIND_NONE,
	KIND_CARD,
	KIND_RENDER,
	KIND_DMABUF,
	KIND_SYNC_FILE,
	KIND_SYNCOBJ_FILE,
	KIND_CONSUMER,
	KIND_VIDEO,
	KIND_UDMABUF,
	KIND_HEAP,
	KIND_MEMFD,
	KIND_EVENTFD,
	KIND_EPOLL,
	KIND_SW_SYNC,
	KIND_FD,
	KIND_LAST_FD = KIND_FD,
	/* a card or a render node, when it is taken */
	KIND_DRM,
	/* names that the kernel gives */
	KIND_HANDLE,
	KIND_NAME,
	KIND_SYNCOBJ,
	KIND_FB,
	KIND_BLOB,
	KIND_FENCE,
	KIND_TIMELINE,
	KIND_FRAME,
	KIND_LESSEE,
	KIND_MAGIC,
	KIND_OFFSET,
	KIND_MAP,
	KIND_LAST_NAME = KIND_MAP,
	/* parts of a screen, by their place in a table */
	KIND_CRTC,
	KIND_PLANE,
	KIND_CONNECTOR,
	KIND_PROPERTY,
	KIND_LAST_PART = KIND_PROPERTY,
	/* numbers */
	KIND_NUMBER,
	KIND_FLAGS,
	KIND_SIZE,
	KIND_WIDTH,
	KIND_HEIGHT,
	KIND_X,
	KIND_Y,
	KIND_PITCH,
	KIND_FORMAT,
	KIND_MODIFIER,
	KIND_POINT,
	KIND_MS,
	KIND_US,
	KIND_SEED,
	KIND_COUNT,
};

/**
 * struct taken - one argument of a call
 * @kind: what it is
 * @limit: of a number: the largest that is in order; of flags: those there are
 */
struct taken {
	enum kind kind;
	uint64_t limit;
};

struct random {
	uint64_t state;
};

void random_seed(struct random *random, uint64_t seed, uint64_t round, uint64_t worker);
uint64_t random_next(struct random *random);

/* Less than @limit, which is not 0. */
uint32_t random_below(struct random *random, uint32_t limit);

/* True in @percent of 100. */
bool random_chance(struct random *random, uint32_t percent);

/* The edges of everything: 0, 1, the largest of each width, signs, and beside them. */
uint64_t value_boundary(struct random *random);

/* Less than @most, but for what is too large for any machine. */
uint64_t value_bounded(uint64_t size, uint64_t most);

/* A number that is in order for @taken; @width and @height are the program's own. */
uint64_t value_ordinary(struct random *random, const struct taken *taken, uint32_t width,
			uint32_t height);

/* Whether what makes @made is good for who takes @taken. */
bool kind_accepts(enum kind taken, enum kind made);
const char *kind_name(enum kind kind);
enum kind kind_by_name(const char *name);

#endif
