/* SPDX-License-Identifier: MIT */
/*
 * What a driver's buffers cost: made and touched, exported and imported. All
 * times are nanoseconds a turn. Whatever fails ends the program with a message:
 * half a measurement is none.
 */
#ifndef BUFFERS_H
#define BUFFERS_H

/**
 * struct peer - a driver that is measured
 * @driver: its name
 * @card: an open card
 * @other: the same card, opened again: a second client
 */
struct peer {
	const char *driver;
	int card;
	int other;
};

/**
 * peer_open - open a driver's first card twice
 * @peer: where to
 * @driver: its name
 */
void peer_open(struct peer *peer, const char *driver);

/**
 * buffers_touch - create 1920x1080 in 4 bytes, map it, write a byte of each page,
 * unmap it, destroy it
 * @peer: whose buffers
 * @turns: how often
 *
 * Return: nanoseconds a turn.
 */
double buffers_touch(const struct peer *peer, unsigned int turns);

/**
 * buffers_share - export a buffer that never was exported, import it into the
 * second client, close what was made: the fd, both handles, with them the buffer
 * @peer: whose buffers; one page each
 * @turns: how often
 *
 * Return: nanoseconds a turn; making the buffers is not in it.
 */
double buffers_share(const struct peer *peer, unsigned int turns);

/**
 * buffers_share_again - export a buffer again that has a dma-buf, import it into
 * the second client, close the fd and the second handle
 * @peer: whose buffer; one page
 * @turns: how often
 *
 * Return: nanoseconds a turn.
 */
double buffers_share_again(const struct peer *peer, unsigned int turns);

/**
 * buffers_keep - have some imported buffers open in a client
 * @peer: whose first client
 * @from: who exports them; each is a page that nobody else keeps
 * @count: how many, up to 10,000; 0 closes them
 */
void buffers_keep(const struct peer *peer, const struct peer *from, unsigned int count);

/**
 * buffers_import - import a buffer into the first client and close the handle there
 * @peer: who imports
 * @from: who exports it; one page
 * @turns: how often
 *
 * Return: nanoseconds a turn.
 */
double buffers_import(const struct peer *peer, const struct peer *from, unsigned int turns);

/**
 * buffers_export_touched - make a buffer of 1920x1080 in 4 bytes whose pages are there
 * @peer: whose
 *
 * Return: its dma-buf, which alone keeps it.
 */
int buffers_export_touched(const struct peer *peer);

#endif
