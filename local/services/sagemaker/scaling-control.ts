import { ControlError, type ControlResource } from '../../service.ts';
import {
  type EntryShape,
  entryPath,
  isCount,
  isRegion,
  isText,
  parseEntries,
  type Rule,
} from '../../world/body-check.ts';
import type { AutoScaling, ScalingEntry } from './auto-scaling.ts';

const AMOUNT_MAX = 100_000;
const isAmount: Rule = (value) =>
  typeof value === 'number' && value > 0 && value <= AMOUNT_MAX
    ? undefined
    : `a number above 0, at most ${AMOUNT_MAX}`;

const SHAPE: EntryShape = {
  required: ['region', 'endpoint', 'copiesMin', 'copiesMax', 'targetConcurrencyPerCopy'],
  rules: {
    region: isRegion,
    endpoint: isText,
    copiesMin: isCount,
    copiesMax: isCount,
    targetConcurrencyPerCopy: isAmount,
    copies: isCount,
    wakeSeconds: isAmount,
    scaleOutSeconds: isAmount,
    scaleInSeconds: isAmount,
  },
};

/** `/_local/scaling`: which endpoints scale by themselves, between which bounds, and what that has come to. */
export function scalingControl(scaling: AutoScaling): ControlResource {
  return {
    name: 'scaling',
    methods: {
      GET: () => scaling.list(),
      PATCH: (body) => {
        const entries = parseEntries(body, SHAPE) as unknown as readonly ScalingEntry[];
        checkBounds(body, entries);
        scaling.apply(entries);
        return scaling.list();
      },
      DELETE: () => {
        scaling.close();
        return scaling.list();
      },
    },
  };
}

function checkBounds(body: unknown, entries: readonly ScalingEntry[]): void {
  const violations = entries.flatMap(({ copies, copiesMin, copiesMax }, index) => [
    ...(copiesMin > copiesMax
      ? [
          {
            path: entryPath(body, index, 'copiesMin'),
            message: `${copiesMin} must be at most copiesMax, ${copiesMax}`,
          },
        ]
      : []),
    ...(copies !== undefined && (copies < copiesMin || copies > copiesMax)
      ? [
          {
            path: entryPath(body, index, 'copies'),
            message: `${copies} must be from ${copiesMin} to ${copiesMax}`,
          },
        ]
      : []),
  ]);
  if (violations.length > 0) throw new ControlError(violations);
}
