import type { CompiledFacts } from '../facts/compile-facts.ts';
import { mayServe } from '../plan/share-limit.ts';
import { resolveResidency } from '../residency/resolve-residency.ts';
import { targetId } from '../target.ts';
import {
  type CheckableConfig,
  type ConfigFinding,
  type ConfigFindings,
  listText,
} from './config-findings.ts';

/** Sums of decimals are off by less. */
const ROUNDING_ERROR = 1e-9;

/** Shares of dedicated endpoints: of gateways that may use them, and of no more than there is. */
export function checkShares(config: CheckableConfig, facts: CompiledFacts): ConfigFindings {
  const policies = Object.entries(config.residencies).map(([name, spec]) =>
    resolveResidency(name, spec, facts),
  );
  const errors = Object.entries(config.models).flatMap(([name, { dedicated }]) =>
    dedicated.flatMap((entry, index): readonly ConfigFinding[] => {
      const { shares, region } = entry;
      if (shares === undefined) return [];
      const path = `models.${name}.dedicated[${index}].shares`;
      const target = { region, scope: 'dedicated', modelId: entry.endpoint, reach: [region] } as const;
      const wrong = Object.keys(shares).flatMap((gateway) => {
        const message = config.gateways.includes(gateway)
          ? mayServe(gateway, target, { policies, facts })
            ? undefined
            : `no residency lets a gateway in ${gateway} use ${targetId(entry)}; leave it out`
          : `${gateway} runs no gateway; there are ${listText(config.gateways)}`;
        return message === undefined ? [] : [{ path: `${path}.${gateway}`, message }];
      });
      const sum = Object.values(shares).reduce((total, share) => total + share, 0);
      const message = `the shares come to ${Number(sum.toFixed(4))}; must be 1 at most`;
      return [...wrong, ...(sum > 1 + ROUNDING_ERROR ? [{ path, message }] : [])];
    }),
  );
  return { errors, warnings: [] };
}
