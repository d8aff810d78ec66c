import type { EngineFacts } from '../kv/described-engine.ts';
import { admissibleTokens, kvTokensOfRequest } from '../kv/kv-tokens.ts';
import { type KvPool, resolvePool } from '../kv/resolve-engine.ts';
import type { Contradiction, Deployment } from './deployment.ts';

/** The cache of one copy, which must hold the longest request whatever it runs on. */
export function judgeMemory(deployment: Deployment, facts: EngineFacts): readonly Contradiction[] {
  const { engine, kvTokensPerCopy } = deployment;
  if (engine === undefined && kvTokensPerCopy === undefined) {
    const message =
      'is needed, or kvTokensPerCopy: nobody could tell whether the longest request fits; name a model of data/engines.json, or describe it';
    return [{ member: 'engine', message }];
  }
  const pools = deployment.instanceTypes.map((type) => ({ type, resolved: poolOn(deployment, type, facts) }));
  const wrong = pools.flatMap(({ resolved }) => (resolved.kind === 'wrong' ? [resolved] : []));
  // The same member is wrong on each type by the same reason.
  if (wrong[0] !== undefined)
    return [{ member: wrong[0].member.replace(/^deploy\./, ''), message: wrong[0].message }];
  const known = pools.flatMap(({ type, resolved }) =>
    resolved.kind === 'pool' ? [{ type, pool: resolved.pool }] : [],
  );
  return [...judgeSmaller(known), ...known.slice(0, 1).flatMap((first) => judgeLongest(deployment, first))];
}

/** The cache of one copy on the first instance type. Undefined where it cannot be told. */
export function firstPool(deployment: Deployment, facts: EngineFacts): KvPool | undefined {
  const [type] = deployment.instanceTypes;
  const resolved = type === undefined ? undefined : poolOn(deployment, type, facts);
  return resolved?.kind === 'pool' ? resolved.pool : undefined;
}

function poolOn(deployment: Deployment, instanceType: string, facts: EngineFacts) {
  const { engine, gpusPerCopy, kvTokensPerCopy, kvFormat, utilisation, speculation } = deployment;
  const deploy = { kvFormat, utilisation, speculation };
  return resolvePool({ engine, instanceType, gpusPerCopy, kvTokensPerCopy, deploy }, facts);
}

/** The gateway reckons with the first type alone: a copy on a later one must not have less. */
function judgeSmaller(
  pools: readonly { readonly type: string; readonly pool: KvPool }[],
): readonly Contradiction[] {
  const [first, ...others] = pools;
  if (first === undefined) return [];
  return others.flatMap(({ type, pool }, index) => {
    if (pool.tokens >= first.pool.tokens) return [];
    const message = `a copy on ${type} holds ${pool.tokens} tokens, less than the ${first.pool.tokens} on ${first.type} that the gateway reckons with; name the smallest one first`;
    return [{ member: `instanceTypes[${index + 1}]`, message }];
  });
}

function judgeLongest(
  { contextTokensMax }: Deployment,
  { type, pool }: { readonly type: string; readonly pool: KvPool },
): readonly Contradiction[] {
  const room = admissibleTokens(pool.tokens);
  const { fixedTokens } = pool;
  const longest = kvTokensOfRequest({ inputTokens: contextTokensMax, outputTokens: 0, fixedTokens });
  if (longest <= room) return [];
  const message = `${contextTokensMax} does not fit: such a request takes ${longest} tokens of cache, and of the ${pool.tokens} of a copy on ${type} ${room} may be reserved; must be at most ${Math.max(0, room - fixedTokens)}, or take more GPUs`;
  return [{ member: 'contextTokensMax', message }];
}
