/**
 * One run of the simulator's swarm as a file: what a seed drew, or what is left of it when a run that failed was made small.
 * Anybody can send it to somebody else, who sees the same.
 */
import { z } from 'zod';

/** What may be wrong with calls of models. */
export const callTroubles = [
  'dark',
  'hangs',
  'slow',
  'throttled',
  'unavailable',
  'denied',
  'cuts',
  'stalls',
  'no-credentials',
] as const;

const share = z.number().min(0).max(1);
const seconds = z.number().min(0).max(86_400);
const when = { fromSeconds: seconds, untilSeconds: seconds };
const name = z.string().min(1).max(200);

const faultSchema = z.discriminatedUnion('kind', [
  /** Calls of every target in a region. */
  z.strictObject({ ...when, kind: z.literal('region'), region: name, trouble: z.enum(callTroubles) }),
  /** Calls of one model id, in every region. */
  z.strictObject({ ...when, kind: z.literal('model'), modelId: name, trouble: z.enum(callTroubles) }),
  /** A dedicated endpoint has no copy. */
  z.strictObject({ ...when, kind: z.literal('cold'), endpoint: name }),
  /** What a gateway region reads its routes from. */
  z.strictObject({ ...when, kind: z.literal('table'), region: name, trouble: z.enum(['dark', 'hangs']) }),
  /** What discovery hears of a region. */
  z.strictObject({
    ...when,
    kind: z.literal('catalogue'),
    region: name,
    trouble: z.enum(['throttled', 'empty', 'poisoned']),
  }),
  /** Somebody writes routes that no plan made into what a gateway region reads. */
  z.strictObject({ ...when, kind: z.literal('planted'), region: name }),
]);

export const swarmScenarioSchema = z.strictObject({
  seed: name,
  /** Length of the phase with faults. */
  faultSeconds: seconds,
  /** Length of the phase after it, in which everything is whole again. */
  calmSeconds: seconds,
  /** Requests a second over all gateways, by the seconds at which a rate begins; the first one at 0. */
  rates: z
    .array(z.strictObject({ fromSeconds: seconds, perSecond: z.number().positive().max(10_000) }))
    .min(1)
    .readonly(),
  streamedShare: share,
  /** Callers that leave before their answer has ended. */
  leavingShare: share,
  /** Callers that set a deadline of their own while there are faults. */
  deadlineShare: share,
  lanes: z
    .array(z.enum(['interactive', 'standard', 'bulk']))
    .min(1)
    .readonly(),
  /** Milliseconds until a replica of the routing table has what was written. */
  replicationMs: z.number().min(0).max(600_000),
  /** How far the clock of a gateway region is ahead. @default 0 */
  skewMs: z.record(name, z.number().min(-60_000).max(60_000)),
  faults: z.array(faultSchema).max(100).readonly(),
});

export type SwarmScenario = z.output<typeof swarmScenarioSchema>;
export type Fault = z.output<typeof faultSchema>;
export type CallTrouble = (typeof callTroubles)[number];
