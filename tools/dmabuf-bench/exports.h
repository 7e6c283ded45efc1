/* SPDX-License-Identifier: MIT */
/*
 * Export and close, timed from user space: the release is in the close.
 */
#ifndef EXPORTS_H
#define EXPORTS_H

/**
 * exports_time - export a buffer and close its fd, again and again
 * @turns: how often
 *
 * Return: nanoseconds a turn.
 */
double exports_time(unsigned int turns);

/**
 * exports_keep - have so many buffers alive
 * @count: as many as were kept so far, or more
 */
void exports_keep(unsigned int count);

/**
 * exports_drop - close those that were kept
 */
void exports_drop(void);

/**
 * exports_begin_team - start a thread on each of the first CPUs
 * @cpus: how many, 1 to 64; each has a table of fds of its own
 *
 * The first of them is the caller.
 */
void exports_begin_team(unsigned int cpus);

/**
 * exports_team_time - exports_time() on some CPUs at once
 * @cpus: on how many of the team's
 * @turns: how often on each
 *
 * Return: nanoseconds a turn, the mean of the CPUs.
 */
double exports_team_time(unsigned int cpus, unsigned int turns);

#endif
