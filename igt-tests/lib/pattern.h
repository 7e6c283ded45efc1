/* SPDX-License-Identifier: MIT */
#ifndef PATTERN_H
#define PATTERN_H

#include <stddef.h>
#include <stdint.h>

#include "kms_fb.h"

/* Bytes that look random and depend on @seed alone. */
void pattern_noise(void *memory, size_t size, uint32_t seed);

/* A mapped framebuffer full of them: every bit of every channel is used. */
void pattern_noise_fb(const struct kms_fb *fb, uint32_t seed);

/* ARGB8888: alpha grows across, colour grows down, and exceeds alpha in one half. */
void pattern_alpha_ramp(const struct kms_fb *fb);

/* ARGB8888 or XRGB8888, all of one colour. */
void pattern_plain(const struct kms_fb *fb, uint32_t argb);

/* The picture of @from, 32 bits a pixel, with red and blue in each other's place. */
void pattern_swap_red_blue(const struct kms_fb *fb, const struct kms_fb *from);

#endif
