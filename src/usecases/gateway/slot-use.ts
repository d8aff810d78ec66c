import { slotsOf } from '#core/capacity/capacity-limit.ts';
import { slotShareHeld } from '#core/capacity/slot-share.ts';
import type { RequestRecord } from '../ports/gateway-metrics.ts';
import type { Services } from './services.ts';
import type { Answering } from './try-target.ts';

const nothing = {};

/** What an answer took of the slots of the target that gave it. Nothing where no number of slots limits that target. */
export function slotUse(
  { region, config }: Pick<Services, 'region' | 'config'>,
  { answering, endedMs }: { readonly answering: Answering | undefined; readonly endedMs: number },
): Pick<RequestRecord, 'slotHeldMs' | 'slotsReservedShare'> {
  if (answering === undefined) return nothing;
  const { target } = answering.candidate;
  const slots = slotsOf(target, { gatewayRegion: region, serverlessSlots: config.capacity.serverlessSlots });
  if (slots === undefined || slots === 0) return nothing;
  const slotHeldMs = endedMs - answering.calledMs;
  if (target.scope !== 'dedicated') return { slotHeldMs };
  return { slotHeldMs, slotsReservedShare: slotShareHeld({ heldMs: slotHeldMs, slots }) };
}
