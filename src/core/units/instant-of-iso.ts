import { INSTANT_MS_MAX, type InstantMs, isInstantMs, isoOfInstant } from './instant-ms.ts';

const form = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d)(?::(\d\d)(?:\.(\d{1,3}))?)?(Z|[+-]\d\d:\d\d))?$/;

/**
 * The moment of `2026-11-21T08:00:00Z`, `2026-11-21T08:00+01:00` or `2026-11-21` (its beginning in UTC). Undefined for
 * anything else: a time without a zone is nobody's, and the 30th of February is no day.
 */
export function instantOfIso(text: string): InstantMs | undefined {
  const [, day, minute = '00:00', second = '00', fraction = '', zone = 'Z'] = form.exec(text) ?? [];
  if (day === undefined) return undefined;
  const local = Date.parse(`${day}T${minute}:${second}.${fraction.padEnd(3, '0')}Z`);
  // `Date.parse` takes the 30th of February for the 2nd of March, and 24:00 for the next day.
  if (!isInstantMs(local) || !isoOfInstant(local).startsWith(`${day}T${minute}`)) return undefined;
  const at = local - zoneMs(zone);
  return at >= 0 && at <= INSTANT_MS_MAX ? at : undefined;
}

function zoneMs(zone: string): number {
  if (zone === 'Z') return 0;
  const [hours = 0, minutes = 0] = zone.slice(1).split(':').map(Number);
  return (zone.startsWith('-') ? -1 : 1) * (hours * 60 + minutes) * 60_000;
}
