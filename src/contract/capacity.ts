/** How a configuration says who counts the slots of targets, and how much may overflow from one to the next. */
import * as z from 'zod';
import { amount, whole } from './config-values.ts';

/** One slot of a page of 16: the least that a lane can be asked to leave free there. */
const RETURN_SHARE = 1 / 16;

export const capacitySchema = z.strictObject({
  ledger: z
    .enum(['pages', 'blocks', 'memory'], 'must be "pages", "blocks" or "memory"')
    .optional()
    .describe(
      'Who counts the slots of a target: `pages` (leases in the table `capacity` of the gateway’s region, shared by all its processes), `blocks` (each process takes many slots from that table at a time: for a few processes that serve many requests each) or `memory` (each process by itself: only where a region has one). @default - `pages` for functions, `blocks` for servers, `memory` in local mode',
    ),
  processesMax: whole(1, 100_000)
    .optional()
    .describe(
      'The most processes that a gateway region can have at a time that call one target: see `safeShare`. @default - functions that are deployed with the context `gatewayConcurrency`: that, and the dispatchers of a model; else nobody knows, and no process lends what it does not hold in the table',
    ),
  safeShare: amount(0, 1)
    .default(0)
    .describe(
      'Share of each target’s slots, and of its KV tokens, that is set aside for processes that do not reach the table `capacity`: each of `processesMax` has its part of it, rounded down, and uses it first, at any time. The rest is shared. All together never lend more than the limit; a part that its process does not use nobody else does. So the longest request is shorter by it: none is larger than the shared part of a copy, or a process’s own. More than 0 wants `processesMax` set.',
    ),
  serverlessSlots: whole(1, 100_000)
    .optional()
    .describe(
      'Requests that each gateway region may have in flight at one serverless target. @default - as many as its quota bears',
    ),
  remoteShare: amount(0, 1)
    .default(0.1)
    .describe(
      'Share of a dedicated target’s slots that gateways outside its jurisdiction have between them, where others stand inside it; `models.<name>.dedicated[].shares` says otherwise.',
    ),
  spill: z
    .strictObject({
      shareMax: amount(0.01, 1)
        .default(0.8)
        .describe(
          'Share of a serverless target that requests may take which come because a better target is full or fails: of its token quota where that is known, and of `serverlessSlots`. The rest stays free for the target’s own traffic.',
        ),
      waitShareMax: amount(0, 1)
        .default(0.1)
        .describe(
          'Share of the time to the first content that a request of the lanes `interactive` and `standard` waits for a slot of a full dedicated target before it goes to the next tier, where one is expected to come free in that time; 0 sends it on at once. At most a tenth where a process serves one request at a time.',
        ),
      bulkWaitShareMax: amount(0, 1)
        .default(0.5)
        .describe(
          'The same for `bulk`, whether or not a slot is expected: nobody waits for its answer, and the next tier costs more.',
        ),
      returnShareMin: amount(0, 0.5)
        .default(RETURN_SHARE)
        .describe(
          'Share of the slots of a target that has been full, rounded down, that must be free before requests come back to it; 0 lets them back to the first one.',
        ),
    })
    .prefault({})
    .describe('What overflows from full targets.'),
});
