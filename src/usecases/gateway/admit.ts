import type { Run } from './job.ts';
import { type Admission, Slot } from './slot.ts';
import { type AskedSlot, slotsAt } from './slot-demand.ts';

/**
 * Stage 5. Takes a slot of the target for the request's lane. Nothing is waited for where the target has no limit, or
 * the ledger is this process's own and has room: decision and admission are then one turn of the event loop. Where a
 * dedicated target is full, a request waits a little for a slot that is expected soon (`spillPatience`); where nobody else
 * may answer, as long as there is time. In a process that serves many requests they wait in a line.
 */
export function admit(run: Run, asked: AskedSlot): Admission | Promise<Admission> {
  const { book, clock, lines } = run.services;
  const { target } = asked.candidate;
  const slots = slotsAt(run, target);
  if (slots === undefined) {
    return { granted: true, lease: { release: book.begin(target, clock.now()) }, waitedMs: 0 };
  }
  const slot = new Slot(run, asked, slots);
  if (slot.isKnownFull()) return { granted: false, denial: { reason: 'full', waitedMs: 0, asked: false } };
  return lines === undefined || !slot.isUsual() ? slot.ask() : slot.waitIn(lines);
}
