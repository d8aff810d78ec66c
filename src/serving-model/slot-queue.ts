/**
 * The slots of a target's concurrency and the line of those who wait for one, first come, first served.
 * A value: each step answers the next queue and who starts now.
 */

/** Requests by id. `running` may exceed `slots` for a while after the slots were reduced. */
export interface SlotQueue {
  readonly slots: number;
  readonly running: ReadonlySet<string>;
  readonly waiting: readonly string[];
}

/** The queue after a step, and the requests that got a slot in it, in order. */
export interface SlotStep {
  readonly queue: SlotQueue;
  readonly started: readonly string[];
}

/** An idle queue of `slots` slots. */
export function emptySlotQueue(slots: number): SlotQueue {
  return { slots, running: new Set(), waiting: [] };
}

/** A request joins the line; it starts at once when a slot is free. */
export function enter(queue: SlotQueue, id: string): SlotStep {
  return start({ ...queue, waiting: [...queue.waiting, id] });
}

/** A request is done, or gave up waiting. An id that is not there changes nothing. */
export function leave(queue: SlotQueue, id: string): SlotStep {
  const running = new Set(queue.running);
  running.delete(id);
  return start({ ...queue, running, waiting: queue.waiting.filter((other) => other !== id) });
}

/** Copies came or went: more slots start more requests, fewer let the running ones finish. */
export function resize(queue: SlotQueue, slots: number): SlotStep {
  return start({ ...queue, slots });
}

function start(queue: SlotQueue): SlotStep {
  const free = Math.max(0, queue.slots - queue.running.size);
  const started = queue.waiting.slice(0, free);
  return {
    queue: {
      slots: queue.slots,
      running: new Set([...queue.running, ...started]),
      waiting: queue.waiting.slice(started.length),
    },
    started,
  };
}
