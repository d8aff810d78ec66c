import type { CompiledFacts } from '../facts/compile-facts.ts';
import { resolvePool } from '../kv/resolve-engine.ts';
import type { CheckableConfig, ConfigFinding, ConfigFindings } from './config-findings.ts';

/** Engines of dedicated endpoints: known or described in full, with room for something beside their weights. */
export function checkEngines(config: CheckableConfig, facts: CompiledFacts): ConfigFindings {
  const errors = Object.entries(config.models).flatMap(([name, model]) =>
    model.dedicated.flatMap((dedicated, index): readonly ConfigFinding[] => {
      const path = `models.${name}.dedicated[${index}]`;
      const limited = (['engine', 'kvTokensPerCopy'] as const).find((each) => dedicated[each] !== undefined);
      // What is deployed is judged as a whole.
      if (limited === undefined || dedicated.deploy !== undefined) return [];
      if (model.kind === 'embedding') {
        const message = 'is for chat models: one that makes vectors keeps no conversation; leave it out';
        return [{ path: `${path}.${limited}`, message }];
      }
      const resolved = resolvePool(dedicated, facts);
      return resolved.kind === 'wrong'
        ? [{ path: `${path}.${resolved.member}`, message: resolved.message }]
        : [];
    }),
  );
  return { errors, warnings: [] };
}
