/** How a configuration says what the lanes are promised. */
import * as z from 'zod';
import { amount } from './config-values.ts';

export const laneSchema = z.enum(
  ['interactive', 'standard', 'bulk'],
  'must be "interactive", "standard" or "bulk"',
);

/** More than four times what a target has is no load to plan for. */
const OFFERED_SHARE_MAX = 4;

const blockedShareSchema = (otherwise: number, who: string) =>
  amount(0.0001, 1)
    .default(otherwise)
    .describe(`Share of ${who} calls that may find no slot while the planned load is offered.`);

const offeredShareSchema = (otherwise: number) =>
  amount(0, OFFERED_SHARE_MAX)
    .default(otherwise)
    .describe(
      'The planned load: calls under way at a time if none were refused, as a share of the target’s slots.',
    );

const slotShareSchema = (otherwise: number) =>
  amount(0, 1)
    .default(otherwise)
    .describe('Share of a target’s slots, from the first one taken, that is never kept from the lane.');

/** Two lanes have one: what is left is for the highest, however little. */
const TURN_SHARE_MAX = 0.4;

const turnShareSchema = amount(0, TURN_SHARE_MAX)
  .default(0.1)
  .describe('Share of the turns in a line that the lane gets although lanes above it wait.');

export const lanesSchema = z.strictObject({
  interactive: z
    .strictObject({
      blockedShareMax: blockedShareSchema(0.015, 'interactive'),
      offeredShare: offeredShareSchema(0.4),
    })
    .prefault({})
    .describe('Somebody waits for the first word.'),
  standard: z
    .strictObject({
      blockedShareMax: blockedShareSchema(0.15, 'standard'),
      offeredShare: offeredShareSchema(0.35),
      slotShareMin: slotShareSchema(0.9),
      turnShareMin: turnShareSchema,
    })
    .prefault({})
    .describe('A program waits.'),
  bulk: z
    .strictObject({
      offeredShare: offeredShareSchema(0.5),
      slotShareMin: slotShareSchema(0.8),
      turnShareMin: turnShareSchema,
    })
    .prefault({})
    .describe('Nobody waits.'),
  waitShareMax: amount(0, 1)
    .default(0.1)
    .describe(
      'Share of the time to the first content that a call may wait for a slot of one target, once every target of its route was found full, before it waits for the next one; at most a tenth where a process serves one request at a time.',
    ),
});
