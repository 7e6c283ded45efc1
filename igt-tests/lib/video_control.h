/* SPDX-License-Identifier: MIT */
#ifndef VIDEO_CONTROL_H
#define VIDEO_CONTROL_H

/* All of them assert. */

/* Sets a menu control of the open video device @fd, both by name. */
void video_choose(int fd, const char *control, const char *item);

/* vivid's picture stands still and has no text in it. */
void video_still_picture(int fd);

#endif
