/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * How a picture gets to the screen while others hold its buffers, as drm/ does it: two
 * commits of one program, the workers that carry them out, compose and free, the vblank;
 * beside them somebody who moves the buffers and waits for all their fences with their
 * lock held, a writer who came late and waits for the first commit, and an unplug.
 *
 * Checked for all orders: nobody waits for ever, no work is left in a queue whose device
 * is gone, nothing is composed from what was freed. The only waits that may be given up
 * are those that Documentation/fences.rst gives a bound ("Patience"). Each FAULT_* plants
 * a fault that SPIN has to find.
 */

#define COMMITS 2

byte modeset, scene, mapping_lock;	/* locks: 0, or who has it */
byte shown, written;	/* dma_resv: of what is shown, of writeback's destination */

/* Fences; true: it is on the buffer and did not signal. */
bool scan_out[COMMITS];	/* on what is shown */
bool writeback[COMMITS];	/* on the destination */
bool late_writer;	/* on what is shown */

bool published[COMMITS];	/* to the scene; the next vblank shows it */
bool flipped[COMMITS];
bool finished[COMMITS];		/* the commit's worker is done with it */
bool was_on[COMMITS];		/* its scan-out fence was put on the buffer */
bool sourced[COMMITS];		/* a source holds the buffer's mapping */
bool unplugged, stopped;

chan commit_wq = [COMMITS] of { byte };
chan compose_wq = [4] of { bit, byte };	/* 0: compose, 1: end of the flip; of which */
chan release_wq = [4] of { byte };
byte at_commit, at_compose, at_release;	/* works that run */

inline lock(which) { atomic { !which -> which = _pid } }

inline unlock(which) { which = 0 }

/* vprime_patience_lock() */
inline patience_lock(which, got)
{
	if
	:: atomic { !which -> which = _pid; got = true }
	:: which -> got = false
	fi
}

/* vprime_commit(), twice, and the end of it */
proctype program()
{
	byte c;
	bool got;

	do
	:: c < COMMITS ->
		lock(modeset);
		if
		:: unplugged || (c > 0 && !finished[0] && was_on[0]) ->
			/* ENODEV; EBUSY: the last one is not done */
			goto next
		:: else -> skip
		fi;
		sourced[c] = true;
		patience_lock(shown, got);
		if
		:: got -> scan_out[c] = true; was_on[c] = true; unlock(shown)
		:: else -> sourced[c] = false; goto next
		fi;
		patience_lock(written, got);
		if
		:: got -> writeback[c] = true; unlock(written)
		:: else -> /* the fence of what will not be shown ends */
			d_step { scan_out[c] = false; was_on[c] = false; sourced[c] = false };
			goto next
		fi;
		/* vprime_commit_queue(), inside drm_dev_enter() */
		atomic {
			if
			:: !stopped -> commit_wq!c
			:: else -> d_step {	/* carried out in the ioctl */
				scan_out[c] = false; writeback[c] = false;
				sourced[c] = false; was_on[c] = false
			}
			fi
		}
next:
		unlock(modeset);
		c++
	:: else -> break
	od
}

/* commit_wq: vprime_commit_work() */
proctype commit_worker()
{
	byte c;

end_idle:
	do
	:: atomic { commit_wq?c -> at_commit++ };
		/* drm_atomic_helper_wait_for_dependencies() */
		(c == 0 || !was_on[0] || finished[0]);
		/* vprime_plane_begin_access() */
		if
		:: !late_writer
#ifndef FAULT_NO_PATIENCE
		:: late_writer -> skip
#endif
		fi;
		lock(scene);
		assert(sourced[c]);
		published[c] = true;
		compose_wq!0, c;
		unlock(scene);
		/* drm_atomic_helper_wait_for_flip_done() */
		flipped[c];
		/* vprime_flip_finish() */
		compose_wq!1, c;
		finished[c] = true;
		at_commit--
	od
}

/* Frees in place what release_wq is there for. */
inline end_source(c)
{
	lock(shown);
	assert(sourced[c]);
	sourced[c] = false;
	unlock(shown)
}

/* compose_wq: vprime_crtc_compose_work(), vprime_flip_work() */
proctype composer()
{
	byte c;
	bit what;

end_idle:
	do
	:: atomic { compose_wq?what, c -> at_compose++ };
		if
		:: what == 0 ->
			assert(sourced[c]);
			/* vprime_writeback_finish(): the destination's end_cpu_access */
#ifdef FAULT_END_LOCKS
			lock(written);
#endif
			lock(mapping_lock);
			unlock(mapping_lock);
#ifdef FAULT_END_LOCKS
			unlock(written);
#endif
			writeback[c] = false
		:: else ->
#ifdef FAULT_FREE_IN_PLACE
			end_source(c);
			scan_out[c] = false
#else
			scan_out[c] = false;
			release_wq!c
#endif
		fi;
		at_compose--
	od
}

/* release_wq: vprime_source_free_work() */
proctype releaser()
{
	byte c;

end_idle:
	do
	:: atomic { release_wq?c -> at_release++ };
		end_source(c);
		at_release--
	od
}

proctype vblank()
{
end_off:
	do
	:: published[0] && !flipped[0] -> flipped[0] = true
	:: published[1] && !flipped[1] -> flipped[1] = true
	od
}

/* Has the buffers moved: all their fences are waited for with the lock held. */
proctype mover()
{
	if
	:: lock(shown);
		!scan_out[0] && !scan_out[1] && !late_writer;
		unlock(shown)
	:: lock(written);
		!writeback[0] && !writeback[1];
		lock(mapping_lock);
		unlock(mapping_lock);
		unlock(written)
	fi
}

/* Writes what is shown when the first commit is done with it. */
proctype writer()
{
	lock(shown);
	if
	:: scan_out[0] ->
		late_writer = true;
		unlock(shown);
		!scan_out[0];
		late_writer = false
	:: else -> unlock(shown)
	fi
}

inline flush(queue, running) { empty(queue) && !running }

/* vprime_remove() */
proctype unplug()
{
	unplugged = true;
	/* drm_dev_unplug() waits for vprime_commit_queue() */
	stopped = true;
	/* vprime_move_revoke_all(), vprime_import_unmap_all() */
	lock(shown);
	unlock(shown);
	lock(written);
	unlock(written);
	/* drm_atomic_helper_shutdown(): waits for flips, not for the workers */
	lock(modeset);
	(!was_on[0] || flipped[0]) && (!was_on[1] || flipped[1]);
	unlock(modeset);
#ifdef FAULT_FLUSH_ORDER
	flush(compose_wq, at_compose);
	flush(commit_wq, at_commit);
#else
	flush(commit_wq, at_commit);
	flush(compose_wq, at_compose);
#endif
	flush(release_wq, at_release);
	assert(empty(commit_wq) && empty(compose_wq) && empty(release_wq));
	assert(!at_commit && !at_compose && !at_release);
	assert(!sourced[0] && !sourced[1])
}

init
{
	atomic {
		run program();
		run commit_worker();
		run composer();
		run releaser();
		run vblank();
		run mover();
		run writer();
		run unplug()
	}
}
