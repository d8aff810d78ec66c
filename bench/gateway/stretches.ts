/** What is measured: stretches of load, and how long each lasts. */
import { atOnce, type LoadOrder, type Pacing } from './protocol.ts';

export type StretchName =
  | 'plain-16'
  | 'plain-64'
  | 'stream-16'
  | 'stream-64'
  | 'plain-open'
  | 'stream-open'
  | 'streams-held';

export interface Stretch {
  readonly name: StretchName;
  readonly title: string;
  readonly stream: boolean;
  readonly shape: LoadOrder['shape'];
  readonly pacing: Pacing;
  readonly isQuick: boolean;
}

/** A stream that lasts as a short answer does: 20 ms to the first of 24 deltas, 4 ms between two. */
const paced: Pacing = { firstMs: 20, gapMs: 4 };
/** Slower, so that 64 streams stay open without keeping the processor busy: what they hold is what is weighed. */
const held: Pacing = { firstMs: 50, gapMs: 25 };

const OPEN_PER_SECOND = 300;

/** In this order: what streams hold is weighed in processes that have done nothing else. */
export const stretches: readonly Stretch[] = [
  {
    name: 'streams-held',
    title: `memory: 64 streams open all the time, ${held.gapMs} ms between two deltas, in fresh processes`,
    stream: true,
    shape: { connections: 64 },
    pacing: held,
    isQuick: true,
  },
  {
    name: 'plain-16',
    title: 'closed loop, plain, 16 connections, upstream answers at once',
    stream: false,
    shape: { connections: 16 },
    pacing: atOnce,
    isQuick: false,
  },
  {
    name: 'plain-64',
    title: 'closed loop, plain, 64 connections, upstream answers at once',
    stream: false,
    shape: { connections: 64 },
    pacing: atOnce,
    isQuick: true,
  },
  {
    name: 'stream-16',
    title: 'closed loop, streamed, 16 connections, upstream answers at once',
    stream: true,
    shape: { connections: 16 },
    pacing: atOnce,
    isQuick: false,
  },
  {
    name: 'stream-64',
    title: 'closed loop, streamed, 64 connections, upstream answers at once',
    stream: true,
    shape: { connections: 64 },
    pacing: atOnce,
    isQuick: true,
  },
  {
    name: 'plain-open',
    title: `open loop, plain, ${OPEN_PER_SECOND} requests a second`,
    stream: false,
    shape: { perSecond: OPEN_PER_SECOND },
    pacing: atOnce,
    isQuick: true,
  },
  {
    name: 'stream-open',
    title: `open loop, streamed, ${OPEN_PER_SECOND} requests a second, ${paced.firstMs} ms to the first delta, ${paced.gapMs} ms between two`,
    stream: true,
    shape: { perSecond: OPEN_PER_SECOND },
    pacing: paced,
    isQuick: true,
  },
];
