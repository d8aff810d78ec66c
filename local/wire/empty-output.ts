import type { WireOperation } from './service-table.ts';

/** The answer of a list API that has nothing: its lists empty, no token, whatever else it must hold at zero. */
export function emptyOutput({ output }: WireOperation): Readonly<Record<string, unknown>> {
  if (output.kind !== 'structure') return {};
  const members = output.members.filter(({ shape }) => shape.kind === 'list');
  return Object.fromEntries(members.map(({ name }) => [name, []]));
}
