/* SPDX-License-Identifier: MIT */
#ifndef SLOW_H
#define SLOW_H

/* A page of slow memory, or NULL if the kernel has no userfaultfd for us. */
char *slow_page(void);

/* From here on who writes to the page waits some milliseconds; until slow_end(). */
void slow_begin(char *page);
void slow_end(char *page);

#endif
