import { describe, expect, it } from 'vitest';
import { compilePrices } from '#core/facts/compile-prices.ts';
import { shippedFacts } from '#test/builders/facts.ts';

const sonnet = 'anthropic.claude-sonnet-4-5-20250929-v1:0';
const novaLite = 'amazon.nova-lite-v1:0';

function inputPrice(
  modelId: string,
  call: Parameters<typeof shippedFacts.priceOf>[1],
): number | null | undefined {
  return shippedFacts.priceOf(modelId, call)?.inputMicroUsdPerMillionTokens;
}

describe('prices', () => {
  it('differ by scope', () => {
    const region = 'us-east-1';
    expect(shippedFacts.priceOf(sonnet, { scope: 'geo', region, profileId: `us.${sonnet}` })).toEqual({
      inputMicroUsdPerMillionTokens: 3_300_000,
      outputMicroUsdPerMillionTokens: 16_500_000,
      cacheReadMicroUsdPerMillionTokens: 330_000,
      cacheWriteMicroUsdPerMillionTokens: 4_125_000,
    });
    expect(inputPrice(sonnet, { scope: 'global', region, profileId: `global.${sonnet}` })).toBe(3_000_000);
  });

  it('come from the narrowest row: region, then profile, then the one price of the page', () => {
    const geo = { scope: 'geo', profileId: `eu.${novaLite}` } as const;
    expect(inputPrice(novaLite, { ...geo, region: 'eu-central-1' })).toBe(78_000);
    expect(inputPrice(novaLite, { ...geo, region: 'eu-west-1' })).toBe(69_000);
    expect(inputPrice(novaLite, { scope: 'in-region', region: 'us-east-1' })).toBe(60_000);
  });

  it('follow the prefix of the profile where the page names geographies', () => {
    const model = 'openai.gpt-5.6-terra';
    expect(inputPrice(model, { scope: 'geo', region: 'us-east-1', profileId: `us.${model}` })).toBe(
      2_200_000,
    );
    expect(inputPrice(model, { scope: 'geo', region: 'eu-west-1', profileId: `eu.${model}` })).toBe(
      2_750_000,
    );
  });

  it('follow an alias', () => {
    const alias = {
      scope: 'global',
      region: 'us-east-1',
      profileId: 'global.anthropic.claude-haiku-4-5',
    } as const;
    expect(inputPrice('anthropic.claude-haiku-4-5', alias)).toBe(
      inputPrice('anthropic.claude-haiku-4-5-20251001-v1:0', alias),
    );
    expect(inputPrice('anthropic.claude-haiku-4-5', alias)).toBeGreaterThan(0);
  });

  it('are unknown for dedicated targets, unknown models and models billed otherwise', () => {
    expect(inputPrice(novaLite, { scope: 'dedicated', region: 'us-east-1' })).toBeUndefined();
    expect(inputPrice('no.such-model', { scope: 'in-region', region: 'us-east-1' })).toBeUndefined();
    expect(inputPrice('cohere.rerank-v3-5:0', { scope: 'in-region', region: 'us-east-1' })).toBeUndefined();
  });

  it('know no output price for embeddings', () => {
    const price = shippedFacts.priceOf('amazon.titan-embed-text-v2:0', {
      scope: 'in-region',
      region: 'us-east-1',
    });
    expect(price).toEqual({ inputMicroUsdPerMillionTokens: 20_000, outputMicroUsdPerMillionTokens: null });
  });

  it('do not depend on the order of the rows', () => {
    const rows = [
      { modelId: 'm', scope: 'list', in: 1, out: 1 },
      { modelId: 'm', scope: 'geo', in: 2, out: 2 },
      { modelId: 'm', scope: 'geo', geo: 'eu', in: 3, out: 3 },
      { modelId: 'm', scope: 'geo', profileId: 'eu.m', in: 4, out: 4 },
      { modelId: 'm', scope: 'list', regions: ['eu-west-1'], in: 5, out: 5 },
    ];
    const ask = (calls: typeof rows, region: string, profileId: string) =>
      compilePrices({ prices: calls, aliases: [] })('m', { scope: 'geo', region, profileId })
        ?.inputMicroUsdPerMillionTokens;
    for (const order of [rows, rows.toReversed()]) {
      expect(ask(order, 'eu-west-1', 'eu.m')).toBe(5);
      expect(ask(order, 'eu-west-3', 'eu.m')).toBe(4);
      expect(ask(order, 'eu-west-3', 'eu.m2')).toBe(3);
      expect(ask(order, 'us-east-1', 'us.m')).toBe(2);
    }
  });
});
