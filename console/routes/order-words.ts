/** What an order is called, what it means, and what it did. */
import { utcTime } from '../shell/times.ts';
import type { OrderDone, RouteOrder } from './operator-order.ts';

export const titles: Readonly<Record<RouteOrder['name'], (version: number) => string>> = {
  pin: (version) => `Pin version ${version}`,
  rollback: (version) => `Go back to version ${version}`,
  lift: () => 'Lift the hold',
};

export const meanings: Readonly<Record<RouteOrder['name'], string>> = {
  pin: 'Plan shows what it would change and publishes only what the residency demands, until the hold ends.',
  rollback: 'Its targets are published again as a new version, each as it is today, and held.',
  lift: 'Plan publishes what it finds again, from its next run on.',
};

/** On the button that orders it. */
export const verbs: Readonly<Record<RouteOrder['name'], string>> = {
  pin: 'Pin',
  rollback: 'Go back',
  lift: 'Lift',
};

export function doneWords(
  { name, version }: RouteOrder,
  { version: stands, hold, standing = [] }: OrderDone,
): string {
  const until = hold === undefined ? '' : utcTime(hold.until);
  if (name === 'pin') return `Version ${stands} is held until ${until}.`;
  if (name === 'rollback')
    return `Version ${stands} stands now, with the targets of version ${version}, and is held until ${until}.`;
  return standing.length === 0
    ? 'Nobody holds it now: the next plan publishes again.'
    : `It still is held in ${standing.map(({ region }) => region).join(', ')}.`;
}
