import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { zeroQuotas } from '#core/discovery/zero-quotas.ts';
import { plainModel } from '#test/builders/fake-region.ts';

const model = (modelId: string, provider: string, name: string) => plainModel(modelId, { provider, name });

const micro = 'amazon.nova-micro-v1:0';
const sonnet4 = 'anthropic.claude-sonnet-4-20250514-v1:0';
const sonnet5 = 'anthropic.claude-sonnet-5';
const sonnet35 = 'anthropic.claude-3-5-sonnet-20240620-v1:0';
const sonnet35v2 = 'anthropic.claude-3-5-sonnet-20241022-v2:0';
const titan = 'amazon.titan-embed-text-v2:0';
const multimodal = 'amazon.nova-2-multimodal-embeddings-v1:0';
const models = [
  model(micro, 'Amazon', 'Nova Micro'),
  model('amazon.nova-micro-v1:0:128k', 'Amazon', 'Nova Micro'),
  model(sonnet4, 'Anthropic', 'Claude Sonnet 4'),
  model(sonnet5, 'Anthropic', 'Claude Sonnet 5'),
  model(sonnet35, 'Anthropic', 'Claude 3.5 Sonnet'),
  model(sonnet35v2, 'Anthropic', 'Claude 3.5 Sonnet v2'),
  model(titan, 'Amazon', 'Titan Text Embeddings V2'),
  model(multimodal, 'Amazon', 'Amazon Nova Multimodal Embeddings'),
  model('mistral.mistral-large-2402-v1:0', 'Mistral AI', 'Mistral Large (24.02)'),
  model('amazon.nova-reel-v1:0', 'Amazon', 'Nova Reel'),
  model('amazon.nova-reel-v1:1', 'Amazon', 'Nova Reel'),
  model('acme.think-v1:0', 'Acme', 'Think'),
  model('acme.think-v2:0', 'Acme', 'Think'),
  model('acme.nameless-v1:0', '', ''),
];
const zero = (...names: readonly string[]) =>
  zeroQuotas(
    names.map((name) => ({ name, value: 0 })),
    models,
  );

describe('a quota of zero', () => {
  it.each([
    [
      'On-demand model inference tokens per minute for Amazon Nova Micro',
      'on-demand',
      micro,
      'tokens-per-minute',
    ],
    [
      'Cross-region model inference tokens per minute for Anthropic Claude Sonnet 4 V1',
      'cross-region',
      sonnet4,
      'tokens-per-minute',
    ],
    [
      'Cross-Region model inference requests per minute for Anthropic Claude 3.5 Sonnet V2',
      'cross-region',
      sonnet35v2,
      'requests-per-minute',
    ],
    [
      'Cross-region model inference requests per minute for Anthropic Claude 3.5 Sonnet',
      'cross-region',
      sonnet35,
      'requests-per-minute',
    ],
    [
      'Global cross-region model inference tokens per minute for Anthropic Claude Sonnet 5',
      'global',
      sonnet5,
      'tokens-per-minute',
    ],
    [
      'Global Cross-Region model inference tokens per day for Anthropic Claude Sonnet 4 V1',
      'global',
      sonnet4,
      'tokens-per-day',
    ],
    [
      'On-demand InvokeModel requests per minute for Amazon Titan Text Embeddings V2',
      'on-demand',
      titan,
      'requests-per-minute',
    ],
    [
      'On-demand model inference requests per minute for Amazon Nova Multimodal Embeddings',
      'on-demand',
      multimodal,
      'requests-per-minute',
    ],
    ['On-demand model inference tokens per minute for Nova Micro', 'on-demand', micro, 'tokens-per-minute'],
    [
      'On-demand model inference tokens per minute for Mistral AI Mistral Large (24.02)',
      'on-demand',
      'mistral.mistral-large-2402-v1:0',
      'tokens-per-minute',
    ],
    [
      'On-demand model inference tokens per minute for Acme Think V2',
      'on-demand',
      'acme.think-v2:0',
      'tokens-per-minute',
    ],
  ])('is read from "%s"', (name, pool, modelId, measure) => {
    expect(zero(name)).toEqual([{ pool, modelId, reasons: [`zero-${measure}`] }]);
  });

  it.each([
    [
      'of another endpoint',
      '[bedrock-mantle endpoint] On-demand model inference tokens per minute for Amazon Nova Micro',
    ],
    [
      'of a latency class',
      'On-demand latency-optimized model inference tokens per minute for Amazon Nova Micro',
    ],
    [
      'of a context length',
      'Cross-region model inference tokens per minute for Anthropic Claude Sonnet 4 V1 1M Context Length',
    ],
    ['of batch jobs', 'Records per batch inference job for Amazon Nova Micro'],
    ['of provisioned throughput', 'Model units per provisioned model for Amazon Nova Micro'],
    ['of a model that is not listed', 'On-demand model inference tokens per minute for Amazon Nova Pro'],
    [
      'of a version that is not listed',
      'Cross-region model inference tokens per minute for Anthropic Claude Sonnet 4 V2',
    ],
    ['of another provider', 'On-demand model inference tokens per minute for Acme Nova Micro'],
    ['of two versions alike', 'On-demand model inference tokens per minute for Acme Think'],
    [
      'of two ids that the version cannot tell apart',
      'On-demand model inference tokens per minute for Amazon Nova Reel V1',
    ],
    ['of nothing', ''],
  ])('%s concludes nothing', (_what, name) => {
    expect(zero(name)).toEqual([]);
  });

  it('counts at exactly 0 only', () => {
    const name = 'On-demand model inference tokens per minute for Amazon Nova Micro';
    for (const value of [undefined, 0.1, 1, -1, Number.NaN]) {
      expect(zeroQuotas([{ name, value }], models)).toEqual([]);
    }
  });

  it('names all that is zero of one pool, each once, whatever the order of the rows', () => {
    const names = [
      'On-demand model inference tokens per minute for Amazon Nova Micro',
      'On-demand model inference requests per minute for Amazon Nova Micro V1',
      'on-demand model inference requests per minute for Nova Micro',
    ];
    const found = [
      { pool: 'on-demand', modelId: micro, reasons: ['zero-requests-per-minute', 'zero-tokens-per-minute'] },
    ];
    expect(zero(...names)).toEqual(found);
    expect(zero(...names.reverse())).toEqual(found);
  });

  it('is not believed where another spelling of the same quota is above zero', () => {
    const rows = [
      { name: 'On-demand InvokeModel requests per minute for Amazon Nova Micro', value: 0 },
      { name: 'On-demand model inference requests per minute for Amazon Nova Micro', value: 200 },
    ];
    expect(zeroQuotas(rows, models)).toEqual([]);
    expect(zeroQuotas(rows.reverse(), models)).toEqual([]);
  });
});

const scope = fc.constantFrom(
  'On-demand',
  'Cross-region',
  'cross-Region',
  'Global cross-region',
  'Batch',
  '',
);
const measure = fc.constantFrom(
  'tokens per minute',
  'requests per minute',
  'tokens per day',
  'images per hour',
);
const label = fc.oneof(
  fc.constantFrom(...models.flatMap(({ provider, name }) => [name, `${provider} ${name}`, `${name} V1`])),
  fc.string(),
);
const anyRow = fc.record({
  name: fc.oneof(
    fc.string(),
    fc
      .tuple(scope, measure, label)
      .map(([first, second, third]) => `${first} model inference ${second} for ${third}`),
  ),
  value: fc.constantFrom(undefined, 0, 1, 200_000),
});

describe('whatever the rows', () => {
  it('concludes only on listed base ids, and nothing at all without a value of 0', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 20 }), (rows) => {
        const found = zeroQuotas(rows, models);
        const listed = new Set(models.map(({ modelId }) => modelId));
        expect(found.every(({ modelId }) => listed.has(modelId))).toBe(true);
        expect(
          zeroQuotas(
            rows.filter(({ value }) => value !== 0),
            models,
          ),
        ).toEqual([]);
        expect(zeroQuotas([...rows].reverse(), [...models].reverse())).toEqual(found);
      }),
    );
  });

  it('concludes no more on a model when another one of the same name is listed too', () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 20 }), fc.constantFrom(...models), (rows, twin) => {
        const ambiguous = [...models, { ...twin, modelId: `twin.${twin.modelId}` }];
        const keys = (found: ReturnType<typeof zeroQuotas>) =>
          found.map(({ pool, modelId }) => `${pool}/${modelId}`);
        const base = twin.modelId.replace(/(:\d+):[^:]+$/, '$1');
        const before = keys(zeroQuotas(rows, models));
        const after = keys(zeroQuotas(rows, ambiguous));
        expect(before).toEqual(expect.arrayContaining(after));
        expect(after.filter((key) => key.endsWith(`/${base}`))).toEqual([]);
      }),
    );
  });
});
