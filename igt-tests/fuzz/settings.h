/* SPDX-License-Identifier: MIT */
#ifndef SETTINGS_H
#define SETTINGS_H

/* What a run wants of the system: memory that fails on demand, a group with little. */
void settings_begin(void);

/* Limits that programs changed are as they were, the second device is there. */
void settings_usual(void);

#endif
