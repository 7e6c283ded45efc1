/* SPDX-License-Identifier: MIT */
#ifndef CONSUMER_H
#define CONSUMER_H

#include <stdbool.h>
#include <stdint.h>

#include <drm/vprime_consumer.h>

#include "lib/screen.h"

/* Long enough for a flip that nothing holds back, on a slow machine. */
#define FLIP_MS 2000

/* What a test opens; both assert, the twin with __ returns a negative errno. */
int __consumer_open(int card, struct drm_vprime_consumer_open *args);
int consumer_latest(struct screen *screen, uint32_t flags, uint32_t deadline_ms);
int consumer_queue(struct screen *screen, uint32_t length, uint32_t deadline_ms);

/* Both return 0 or a negative errno. */
int __consumer_acquire(int consumer, struct drm_vprime_consumer_acquire *frame, int timeout_ms);
int consumer_release(int consumer, uint32_t id, int fence);

/* The next frame; asserts that there is one. */
struct drm_vprime_consumer_acquire consumer_acquire(int consumer);

/* Closes what came with it, waiting for the fence first. */
void frame_close(struct drm_vprime_consumer_acquire *frame);

/* Closes and releases. */
void frame_done(int consumer, struct drm_vprime_consumer_acquire *frame);

/* The picture of an XRGB8888 frame equals that of the framebuffer, alpha aside. */
void frame_assert_fb(struct drm_vprime_consumer_acquire *frame, const struct kms_fb *fb);

/* Shows @fb on the primary plane without waiting; an event will tell of the flip. */
void flip(struct screen *screen, const struct kms_fb *fb);

/* The flip completes, or does not, within that time. */
void flip_done(struct screen *screen);
bool flip_waits(struct screen *screen, int timeout_ms);

/*
 * For what has to be done before a deadline is over, which some machine may be too slow for:
 * it is done again then, so often, as a late try says nothing.
 */
#define LATE_TRIES 10
int64_t now_ms(void);

/* Shows one full-screen framebuffer and nothing else, and waits for it. */
void show_only(struct screen *screen, const struct kms_fb *fb);

#endif
