import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 collect short-lived objects as suits a gateway: nearly all that a request makes is dead when it ends. Node
 * takes such options on its command line, but not from `NODE_OPTIONS`.
 */
export function collectYoungObjectsCheaply(): void {
  // While many requests are under way at a start, V8 takes some of their objects for long-lived and makes them among
  // the old from then on. There each dead one holds its whole request until the old are collected.
  setFlagsFromString('--no-allocation-site-pretenuring');
  // So little is left to move that waking other threads for it costs more than moving it.
  setFlagsFromString('--no-parallel-scavenge');
}
