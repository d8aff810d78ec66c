import type { Member, Shape } from './shape.ts';
import { formatTimestamp } from './timestamps.ts';

/** An SDK output value as the plain JSON value that the wire carries. Members the shape lacks are left out. */
export function toJsonValue(shape: Shape, value: unknown): unknown {
  if (value === null || value === undefined) return null;
  switch (shape.kind) {
    case 'structure':
      return structureToJson(shape.members, value as Record<string, unknown>);
    case 'list':
      return Array.from(value as Iterable<unknown>, (element) => toJsonValue(shape.member, element));
    case 'map':
      return Object.fromEntries(
        Object.entries(value as object).map(([key, element]) => [key, toJsonValue(shape.value, element)]),
      );
    case 'blob':
      return Buffer.from(value as Uint8Array).toString('base64');
    case 'timestamp':
      return formatTimestamp(value as Date, shape.format ?? 'epoch-seconds');
    case 'number':
    case 'big-number':
      return Number.isFinite(value) ? value : String(value);
    default:
      return value;
  }
}

/** The given members of a structure, under their wire names. */
export function structureToJson(
  members: readonly Member[],
  value: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const member of members) {
    const given = value[member.name];
    if (given !== undefined && given !== null) result[member.wireName] = toJsonValue(member.shape, given);
  }
  return result;
}
