/* SPDX-License-Identifier: MIT */
#ifndef FD_PASSING_H
#define FD_PASSING_H

/* One descriptor and one byte through a unix socket; for use in any process. */

/* 0, or -1 with errno set. */
int send_fd(int socket, int fd);

/* The descriptor, closed at exec, or -1. */
int receive_fd(int socket);

#endif
