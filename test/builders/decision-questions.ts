/** Questions over a few worlds of targets, with everything that a request can bring or meet. */
import fc from 'fast-check';
import type { WorkNeeds } from '#core/call/work.ts';
import type { ChatFeature } from '#core/chat/chat-request.ts';
import { accountRestKey, regionHealthKey } from '#core/decide/condition-keys.ts';
import type { Conditions, DecisionQuestion, HeardFailure } from '#core/decide/decision.ts';
import { refusedFeatureKey } from '#core/decide/refused-features.ts';
import { compilingKey } from '#core/decide/schema-grammars.ts';
import type { FailureClass } from '#core/failures/failure-table.ts';
import { type TargetHealth, unknownHealth } from '#core/health/target-health.ts';
import type { Capabilities, Target } from '#core/target.ts';
import { anywhere, aQuestion, euPolicy, usPolicy } from '#test/builders/a-question.ts';
import { aDedicatedTarget, aTarget } from '#test/builders/a-target.ts';
import { fewNeeds } from '#test/builders/few-needs.ts';

const at = 1_000_000;

const models = ['amazon.nova-lite-v1:0', 'anthropic.claude-sonnet-4-5-20250929-v1:0', 'cohere.embed-v4:0'];
const regions = ['us-east-1', 'us-west-2', 'ca-central-1', 'eu-central-1'];
const accounts = ['111111111111', '222222222222'];
const maybe = fc.constantFrom(true, true, true, undefined, undefined, false);

const anyCapabilities: fc.Arbitrary<Capabilities> = fc.record({
  input: fc.constantFrom(['TEXT'], ['TEXT', 'IMAGE'], undefined),
  output: fc.constantFrom(['TEXT'], ['TEXT'], ['TEXT'], ['TEXT'], undefined, undefined, ['EMBEDDING']),
  streaming: maybe,
  tools: maybe,
  streamedTools: maybe,
  jsonSchema: maybe,
  toolChoiceAny: maybe,
  systemPrompts: maybe,
});
const anyModel = fc.record({
  modelId: fc.constantFrom(...models),
  position: fc.nat({ max: 2 }),
  lifecycle: fc.constantFrom('ACTIVE', 'ACTIVE', 'LEGACY'),
  contextTokensMax: fc.constantFrom(300_000, 300_000, 4, null),
  outputTokensMax: fc.constantFrom(10_000, 100, null),
  capabilities: anyCapabilities,
});

/** A few, so that many targets are of one make. */
const model = fc.constantFrom(...fc.sample(anyModel, { numRuns: 8, seed: 3 }));
const ofContainers = fc.constantFrom<Capabilities>({}, { streaming: true, tools: true, jsonSchema: true });

const serverless: fc.Arbitrary<Target> = fc
  .record({
    model,
    account: fc.constantFrom(...accounts),
    region: fc.constantFrom(...regions),
    state: fc.constantFrom('available', 'available', 'available', 'legacy', 'denied'),
    pricing: fc.constantFrom(null, cheap(60_000), cheap(120_000), cheap(null)),
    geo: fc.boolean(),
  })
  .map(({ geo, model: drawn, ...place }) => {
    const target = { ...drawn, ...place };
    if (!geo) return aTarget(target);
    const reach = ['us-east-1', target.region];
    return aTarget({ ...target, profileId: `us.${target.modelId}`, scope: 'geo', reach });
  });

const dedicated: fc.Arbitrary<Target> = fc
  .record({
    endpoint: fc.constantFrom('chat-small', 'chat-large', 'chat-tgi'),
    region: fc.constantFrom(...regions),
    state: fc.constantFrom('warm', 'warm', 'warming', 'cold'),
    capabilities: ofContainers,
    share: fc.constantFrom(undefined, { 'us-east-1': 2 }, { 'us-west-2': 2 }),
  })
  .map(({ endpoint, ...rest }) =>
    aDedicatedTarget({
      ...rest,
      endpoint,
      ...(endpoint === 'chat-tgi' ? { container: { api: 'tgi', chatTemplate: 'chatml' } } : {}),
    }),
  );

/** Lists that are asked for again and again, so that what is kept of them is used. */
interface World {
  readonly targets: readonly Target[];
  readonly baseline: readonly Target[];
}

const world: fc.Arbitrary<World> = fc
  .record({
    targets: fc.array(fc.oneof(serverless, serverless, dedicated), { maxLength: 12 }),
    baseline: fc.array(serverless, { maxLength: 3 }),
    twins: fc.nat({ max: 2 }),
  })
  .map(({ targets, baseline, twins }) => ({
    targets: firstOfId(targets),
    baseline: firstOfId([...baseline, ...targets.filter(({ kind }) => kind === 'bedrock').slice(0, twins)]),
  }));
const worlds = fc.sample(world, { numRuns: 80, seed: 7 });

function cheap(inputMicroUsdPerMillionTokens: number | null) {
  return { inputMicroUsdPerMillionTokens, outputMicroUsdPerMillionTokens: 240_000 };
}

function firstOfId(targets: readonly Target[]): readonly Target[] {
  return [...new Map(targets.map((target) => [target.id, target])).values()];
}

const features: readonly ChatFeature[] = [
  'tools',
  'tool-choice',
  'strict-tools',
  'prompt-caching',
  'native-json',
  'streaming',
  'streaming-tools',
  'system-prompts',
];

const chatNeeds: fc.Arbitrary<WorkNeeds> = fc
  .record({
    work: fc.constantFrom('chat', 'chat', 'chat', 'count-tokens'),
    input: fc.constantFrom(['TEXT'], ['TEXT'], ['TEXT'], ['TEXT', 'IMAGE']),
    tools: fc.boolean(),
    jsonSchema: fc.boolean(),
    forcedJsonTool: fc.constantFrom(undefined, 'any', 'any', 'named', 'sole'),
    barsJsonTool: fc.constantFrom(undefined, undefined, undefined, true),
    jsonSchemaKey: fc.constantFrom(undefined, 'schema-1'),
    schemaCompiles: fc.constantFrom(undefined, undefined, true),
    nativeJsonObstacle: fc.constantFrom(undefined, undefined, 'a bound'),
    features: fc.subarray([...features], { maxLength: 3 }),
    guardrail: fc.constantFrom(false, false, false, false, false, true),
    anthropicOnly: fc.constantFrom(false, false, false, true),
    pricedOtherwise: fc.constantFrom(false, false, true),
    thinkingTokens: fc.constantFrom(undefined, undefined, undefined, 200),
    inputTokensMin: fc.constantFrom(null, 3, 3, 10),
  })
  .map((changes) => ({ ...fewNeeds, ...changes }));

const embeddingNeeds: fc.Arbitrary<WorkNeeds> = fc.record({
  work: fc.constant('embedding' as const),
  dimensions: fc.constantFrom(undefined, 256, 7),
  normalize: fc.constantFrom(undefined, true),
  truncates: fc.boolean(),
  inputTokensMin: fc.constantFrom(0, 10),
});

const known = { pace: [], ejections: 1, ejectedAt: at - 4000, lastFailureAt: at - 4000 };
const pacedBy = (firstContentMs: number): TargetHealth => ({
  ...unknownHealth,
  pace: Array.from({ length: 8 }, () => firstContentMs),
  typicalFirstContentMs: firstContentMs,
  lastSuccessAt: at - 100,
});
const healths: readonly (TargetHealth | undefined)[] = [
  undefined,
  unknownHealth,
  pacedBy(200),
  pacedBy(900),
  { ...known, kind: 'ejected', until: at + 1000 },
  { ...known, kind: 'ejected', until: at - 1000 },
  { ...known, kind: 'half-open', probedAt: at - 100 },
  { ...known, kind: 'returning', since: at - 2000, until: at + 8000 },
];
const failures: readonly FailureClass[] = ['quota', 'targets-fault', 'broken', 'no-capacity', 'unable'];

/** Few things at a time: where everything is wrong, all questions have one answer. */
const seldom = <Value>(usual: Value, other: fc.Arbitrary<Value>, weight = 5): fc.Arbitrary<Value> =>
  fc.oneof({ weight, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: other });

function questionOver({ targets, baseline }: World): fc.Arbitrary<DecisionQuestion> {
  const all = [...targets, ...baseline];
  const some = fc.subarray(all, { maxLength: Math.max(1, Math.ceil(all.length / 2)) });
  const someIds = some.map((chosen) => new Set(chosen.map(({ id }) => id)));
  const until = fc.constantFrom(at - 1, at + 500, at + 500);
  const noUntil: ReadonlyMap<string, number> = new Map();
  const heldUntil = (keyOf: (target: Target) => string) =>
    seldom(
      noUntil,
      fc.tuple(some, until).map(([chosen, time]) => new Map(chosen.map((target) => [keyOf(target), time]))),
      2,
    );
  const health = fc
    .array(fc.constantFrom(...healths), { minLength: all.length, maxLength: all.length })
    .chain((drawn) =>
      fc
        .constantFrom((target: Target) => target.id, regionHealthKey)
        .map(
          (keyOf) =>
            new Map(
              all.flatMap((target, index) => {
                const state = drawn[index];
                return state === undefined ? [] : [[keyOf(target), state] as const];
              }),
            ),
        ),
    );
  const noHealth: ReadonlyMap<string, TargetHealth> = new Map();
  const conditions: fc.Arbitrary<Conditions> = fc.record({
    health: seldom(noHealth, health),
    blamed: seldom<Conditions['blamed']>(
      undefined,
      health.map((states) => new Map([...states].map(([id, state]) => [id, new Map([['origin-1', state]])]))),
    ),
    resting: fc.oneof(
      heldUntil(({ quotaPool }) => quotaPool),
      heldUntil(({ account }) => accountRestKey(account)),
      heldUntil(({ account, region }) => accountRestKey(account, region)),
    ),
    inFlight: seldom(
      noUntil,
      some.map((chosen) => new Map(chosen.map(({ id }) => [id, 2]))),
    ),
    // Structured outputs are what one target of a make may refuse alone.
    refused: fc.oneof(
      heldUntil((target) => refusedFeatureKey(target, 'native-json')),
      fc
        .constantFrom(...features)
        .chain((feature) => heldUntil((target) => refusedFeatureKey(target, feature))),
    ),
    awake: heldUntil(({ id }) => id),
    grammars: heldUntil((target) => compilingKey(target, 'schema-1')),
  });
  const heard = fc
    .tuple(some, fc.constantFrom(...failures))
    .map(
      ([chosen, name]) =>
        new Map<string, HeardFailure>(chosen.map(({ id }) => [id, { class: name, retryAt: at + 9 }])),
    );
  return fc
    .record({
      policy: fc.constantFrom(anywhere, anywhere, anywhere, anywhere, usPolicy, usPolicy, euPolicy),
      gatewayRegion: fc.constantFrom('us-east-1', 'us-east-1', 'us-east-1', 'us-east-1', 'eu-central-1'),
      gatewayAccount: fc.constantFrom(...accounts),
      needs: fc.oneof(
        { weight: 4, arbitrary: fc.constant<WorkNeeds>(fewNeeds) },
        { weight: 5, arbitrary: chatNeeds },
        { weight: 1, arbitrary: embeddingNeeds },
      ),
      limits: fc.record({
        maxTokens: fc.constantFrom(undefined, 50, 20_000),
        inputTokensCeiling: fc.constant(1000),
        costMicroUsdMax: seldom<number | undefined>(undefined, fc.constantFrom(100, 5_000)),
        contextTokensAbove: seldom<number | undefined>(undefined, fc.constantFrom(4, 400_000)),
        remainingMs: seldom<number | undefined>(undefined, fc.constantFrom(0, 500, 5_000)),
      }),
      routeUnknown: seldom<boolean | undefined>(undefined, fc.constant(true), 2),
      tenantScopes: seldom<DecisionQuestion['tenantScopes']>(
        undefined,
        fc.constant(['in-region', 'dedicated']),
      ),
      retentionForbidden: seldom<DecisionQuestion['retentionForbidden']>(
        undefined,
        fc.constant(new Set(models.slice(1))),
      ),
      disabled: seldom(new Set<string>(), someIds),
      conditions,
      tried: seldom(new Set<string>(), someIds),
      heard: seldom<DecisionQuestion['heard']>(undefined, heard),
      unasked: seldom<DecisionQuestion['unasked']>(undefined, someIds),
      full: seldom<DecisionQuestion['full']>(undefined, someIds),
      neverFits: seldom<DecisionQuestion['neverFits']>(undefined, someIds),
      serverlessSlots: fc.constantFrom(undefined, 2),
      troubledRegions: seldom(new Set<string>(), fc.constant(new Set(['us-east-1']))),
      lastServedBy: seldom<string | undefined>(
        undefined,
        fc.constantFrom(...all.map(({ id }) => id), 'gone'),
      ),
      origin: fc.constantFrom(undefined, 'origin-1', 'origin-2'),
      requestId: fc.uuid(),
    })
    .map((drawn) => aQuestion({ ...drawn, targets, baseline, at }));
}

/** A few worlds come again and again: what is kept of their lists is used. */
export const someQuestion: fc.Arbitrary<DecisionQuestion> = fc.constantFrom(...worlds).chain(questionOver);
