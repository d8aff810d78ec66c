import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AccountSettings, judgePromptPaths } from '#core/prompt-paths/judge-prompt-paths.ts';
import { type ResidencySpec, resolveResidency } from '#core/residency/resolve-residency.ts';
import { shippedFacts as facts } from '#test/builders/facts.ts';

const quiet: AccountSettings = {
  logGroup: undefined,
  logBuckets: [],
  retentionMode: 'default',
  guardrails: [],
};

const specs: Readonly<Record<string, ResidencySpec>> = {
  eu: { jurisdictions: ['EU'] },
  frankfurt: { regions: ['eu-central-1'] },
  anywhere: { jurisdictions: 'any' },
};

function paths(
  settings: Partial<AccountSettings>,
  names: readonly string[] = Object.keys(specs),
  region = 'eu-central-1',
) {
  const residencies = names.map((name) => ({
    policy: resolveResidency(name, specs[name] ?? {}, facts),
    retention: name === 'anywhere' ? ('provider-data-share' as const) : ('none' as const),
  }));
  return judgePromptPaths({ region, settings: { ...quiet, ...settings }, residencies, facts });
}

const told = (settings: Partial<AccountSettings>, names?: readonly string[]) =>
  paths(settings, names).map(({ kind, detail }) => `${kind}: ${detail}`);

describe('judgePromptPaths', () => {
  it('has nothing to say of an account that does nothing by itself', () => {
    expect(paths({})).toEqual([]);
  });

  it('finds logs outside a residency, and notes those inside', () => {
    expect(told({ logGroup: 'all' })).toEqual(['note: prompts and answers are kept in log group all']);
    const bucket = (region: string | undefined) => ({ logBuckets: [{ name: 'logs', region }] });
    expect(told(bucket('eu-central-1'))).toEqual([
      'note: prompts and answers are kept in bucket logs, in eu-central-1',
    ]);
    expect(told(bucket('eu-west-1'))).toEqual([
      'conflict: prompts and answers are kept in bucket logs, in eu-west-1: outside frankfurt',
    ]);
    expect(told(bucket('us-east-1'))[0]).toContain('outside eu, frankfurt');
    expect(told(bucket(undefined))[0]).toContain('which is not of this account: outside eu, frankfurt');
    expect(told(bucket(undefined), ['anywhere'])[0]).toMatch(/^note/);
  });

  it('finds what providers may keep where a residency forbids it', () => {
    expect(told({ retentionMode: 'provider_data_share' })).toEqual([
      'conflict: mode provider_data_share: providers may keep prompts, which eu, frankfurt forbid',
    ]);
    expect(told({ retentionMode: 'provider_data_share' }, ['anywhere'])[0]).toMatch(/^note/);
    expect(told({ retentionMode: 'aws_review' })).toEqual(['note: mode aws_review: AWS may keep prompts']);
    expect(told({ retentionMode: 'none' })).toEqual([]);
  });

  it('finds guardrails that judge elsewhere: a conflict where they are enforced', () => {
    const guardrail = (profileId: string | undefined, enforced: boolean) => ({
      guardrails: [{ id: 'g', profileId, enforced }],
    });
    expect(told(guardrail(undefined, true))).toEqual([]);
    expect(told(guardrail('eu.guardrail.v1:0', true), ['eu', 'anywhere'])).toEqual([]);
    expect(told(guardrail('eu.guardrail.v1:0', true))).toEqual([
      'conflict: eu.guardrail.v1:0 may judge prompts outside frankfurt, and is enforced for every call',
    ]);
    expect(told(guardrail('us.guardrail.v1:0', false))[0]).toMatch(
      /^note: .* outside eu, frankfurt; only calls/,
    );
    expect(told(guardrail('mars.guardrail.v1:0', true))[0]).toContain('outside eu, frankfurt');
  });

  it('never lets a bucket pass that stands outside a residency with bounds', () => {
    const region = fc.constantFrom(...facts.regions);
    fc.assert(
      fc.property(
        region,
        fc.option(region, { nil: undefined }),
        fc.uniqueArray(region, { minLength: 1 }),
        (at, bucket, allowed) => {
          const residencies = [
            { policy: { name: 'r', allowed: new Set([...allowed, at]) }, retention: 'none' as const },
          ];
          const settings = { ...quiet, logBuckets: [{ name: 'logs', region: bucket }] };
          const [path] = judgePromptPaths({ region: at, settings, residencies, facts });
          const inside = bucket !== undefined && (bucket === at || allowed.includes(bucket));
          expect(path?.kind).toBe(inside ? 'note' : 'conflict');
        },
      ),
    );
  });
});
