import { type KeyState, keyStateAt } from '#core/keys/key-record.ts';
import type { InstantMs } from '#core/units/instant-ms.ts';
import type { KeyRecord } from '#runtime/key-desk.ts';
import type { Ink, Paint } from '../terminal/paint.ts';
import { renderTable } from '../terminal/render-table.ts';
import { shortTime, timeAgo } from '../terminal/time-ago.ts';

/** A key as programs see it: without its hash; `pepperId` tells peppers apart and says nothing of them. */
export interface ShownKey extends Omit<KeyRecord, 'hash' | 'slot' | 'changedAt'> {
  readonly state: KeyState;
}

export function showKey(record: KeyRecord, now: InstantMs): ShownKey {
  const { hash: _hash, slot: _slot, changedAt: _changedAt, ...shown } = record;
  return { ...shown, state: keyStateAt(record, now) };
}

const inkOf: Readonly<Record<KeyState, Ink>> = { live: 'good', expired: 'dim', revoked: 'bad' };

/** One row for each key, by tenant and label. */
export function drawKeys(
  keys: readonly ShownKey[],
  { now, width, paint }: { readonly now: InstantMs; readonly width: number; readonly paint: Paint },
): readonly string[] {
  // Of interest while one pepper follows another alone: then it tells which keys are still to be rotated.
  const live = keys.filter(({ state }) => state === 'live').map(({ pepperId }) => pepperId);
  const showsPepper = new Set(live).size > 1;
  const pepper = showsPepper ? ['pepper'] : [];
  const headings = ['key id', 'tenant', 'label', 'state', 'created', 'end', ...pepper, 'scopes'];
  return renderTable({
    columns: headings.map((heading) => (heading === 'scopes' ? { heading, widthMin: 12 } : { heading })),
    rows: keys.map((key) => ({
      cells: [
        key.keyId,
        key.tenant,
        key.label,
        { text: key.state, ink: inkOf[key.state] },
        timeAgo(key.createdAt, now),
        endOf(key),
        ...(showsPepper ? [key.pepperId] : []),
        scopesOf(key),
      ],
    })),
    width,
    paint,
  });
}

function endOf({ expiresAt, revokedAt }: Pick<KeyRecord, 'expiresAt' | 'revokedAt'>): string {
  const end = revokedAt ?? expiresAt;
  return end === undefined ? 'none' : shortTime(end);
}

function scopesOf({ residencies, models }: Pick<KeyRecord, 'residencies' | 'models'>): string {
  const named = [residencies?.join(', '), models?.join(', ')].filter((text) => text !== undefined);
  return named.length === 0 ? "the tenant's" : named.join(' · ');
}

/** The one time that a key is shown. */
export function drawNewKey(
  { key, record }: { readonly key: string; readonly record: KeyRecord },
  paint: Paint,
): readonly string[] {
  const { keyId, tenant, label } = record;
  const end = record.expiresAt === undefined ? 'does not expire' : `expires ${shortTime(record.expiresAt)}`;
  return [
    `${paint('good', '✔')} Key ${keyId} of tenant ${tenant}, label ${label}; ${end}; scopes: ${scopesOf(record)}.`,
    '',
    `  ${paint('strong', key)}`,
    '',
    'It is shown this once and kept nowhere. Gateways know it within five seconds.',
  ];
}

/** For whoever made a key with a pepper that is not the one of the others. */
export const PEPPER_WARNING =
  'Other live keys were made with another pepper, and gateways know one, or two while one follows the other. Is SPILLWAY_KEY_PEPPER the text with which they were deployed?';
