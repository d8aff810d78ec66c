import type { SpillwayConfig } from '#contract/config.ts';
import type { CompiledFacts } from '#core/facts/compile-facts.ts';
import { judgeGatewayRegion } from '#core/residency/judge-reach.ts';
import { resolveResidency } from '#core/residency/resolve-residency.ts';
import type { CommandContext } from '../command.ts';
import { checkRouteName } from '../route-argument.ts';
import { UsageError } from '../usage-error.ts';

/** Whose traffic is planned for, and where copies would stand. */
export interface PlanPlace {
  readonly config: SpillwayConfig;
  readonly facts: CompiledFacts;
  readonly model: string;
  readonly residency: string;
  /** Inside the residency. */
  readonly region: string;
}

/** Throws a UsageError that names what there is. */
export function placeOf(config: SpillwayConfig, { line, runtime: { facts } }: CommandContext): PlanPlace {
  const [model = ''] = line.positionals;
  const residencies = Object.keys(config.residencies);
  const residency = line.text('residency') ?? (residencies.length === 1 ? residencies[0] : undefined);
  checkRouteName(config, model, residency);
  if (residency === undefined)
    throw new UsageError(`Name the --residency of the traffic: ${residencies.join(', ')}`);
  if (config.models[model]?.kind !== 'chat')
    throw new UsageError(`capacity plan reckons with answers token by token; "${model}" makes vectors`);
  const spec = config.residencies[residency] ?? {};
  const policy = resolveResidency(residency, spec, facts);
  const inside = config.accounts
    .flatMap(({ regions }) => regions)
    .filter((region) => judgeGatewayRegion(policy, region).lawful);
  const own = config.models[model].dedicated.map(({ region }) => region);
  const region = line.text('region') ?? own.find((each) => inside.includes(each)) ?? inside[0];
  if (region === undefined || !inside.includes(region))
    throw new UsageError(
      `Copies in "${region ?? 'no region'}" would lie outside the residency ${residency}; --region must be ${[...new Set(inside)].join(', ') || 'a region of an account inside it'}`,
    );
  return { config, facts, model, residency, region };
}
