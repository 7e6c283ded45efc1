/* SPDX-License-Identifier: MIT */
#ifndef KMS_SUBTESTS_H
#define KMS_SUBTESTS_H

struct screen;

/* The parts of vprime_kms. To be called from igt_main, on an open screen. */
void plane_subtests(struct screen *screen);
void stack_subtests(struct screen *screen);
void blend_subtests(struct screen *screen);
void writeback_subtests(struct screen *screen);
void crc_subtests(struct screen *screen);
void cursor_subtests(struct screen *screen);
void mode_subtests(struct screen *screen);
void mode_limit_subtests(struct screen *screen);
void edge_subtests(struct screen *screen);
void limit_subtests(struct screen *screen);
void console_subtests(struct screen *screen);
void connector_subtests(struct screen *screen);
void tiling_subtests(struct screen *screen);
void lease_subtests(struct screen *screen);
void no_memory_subtests(struct screen *screen);

#endif
