/* SPDX-License-Identifier: MIT */
#ifndef VIDEO_CONTROL_H
#define VIDEO_CONTROL_H

/* All of them assert. */

/* Sets a menu control of the open video device @fd, both by name. */
void video_choose(int fd, const char *control, const char *item);

/*
 * Connects an input of vivid's, by the name of its control, to one of its outputs. 7.2's
 * vivid may take that back: its work item, which hides outputs in use from other inputs,
 * can read the connection before it is written down, and then hides it from the input
 * that has it. So it is looked at after a moment, and made again.
 */
void video_connect(int fd, const char *control, const char *output);

/* vivid's picture stands still and has no text in it. */
void video_still_picture(int fd);

#endif
