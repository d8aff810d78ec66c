import { describe, expect, it } from 'vitest';
import type { Fault } from '#contract/swarm-scenario.ts';
import { describeFault, isDenial, isOfCalls } from '#simulator/swarm/fault.ts';

const when = { fromSeconds: 5, untilSeconds: 20 };
const faults: readonly (readonly [string, Fault])[] = [
  ['region eu-west-1 dark, 5–20 s', { ...when, kind: 'region', region: 'eu-west-1', trouble: 'dark' }],
  ['model nova denied, 5–20 s', { ...when, kind: 'model', modelId: 'nova', trouble: 'denied' }],
  ['endpoint chat-small cold, 5–20 s', { ...when, kind: 'cold', endpoint: 'chat-small' }],
  ['table eu-west-1 hangs, 5–20 s', { ...when, kind: 'table', region: 'eu-west-1', trouble: 'hangs' }],
  [
    'catalogue eu-west-1 empty, 5–20 s',
    { ...when, kind: 'catalogue', region: 'eu-west-1', trouble: 'empty' },
  ],
  ['planted routes in eu-west-1, 5–20 s', { ...when, kind: 'planted', region: 'eu-west-1' }],
];

describe('a fault', () => {
  it.each(faults)('is one line: %s', (line, fault) => {
    expect(describeFault(fault)).toBe(line);
  });

  it('makes calls fail, or only what is known of their targets', () => {
    expect(faults.filter(([, fault]) => isOfCalls(fault)).map(([, { kind }]) => kind)).toEqual([
      'region',
      'model',
      'cold',
    ]);
  });

  it('is a denial where calls are refused as not allowed', () => {
    expect(faults.filter(([, fault]) => isDenial(fault)).map(([line]) => line)).toEqual([
      'model nova denied, 5–20 s',
    ]);
  });
});
