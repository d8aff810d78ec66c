import { describe, expect, it } from 'vitest';
import { aGateway, aStartedGateway, configWithoutBaseline } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering, usageOf } from '#test/builders/scripted-invoker.ts';

const east = aTarget();

const world = (leap = true) => aStartedGateway([east], { leap });

describe('the numbers of a request', () => {
  it('are exact: tokens, cost in pico-USD, time to the first token and for each further one', async () => {
    const { chat, invoker, records, lines } = await world();
    invoker.script(east.id, {
      ...answering(['a', 'b', 'c', 'd'], { ...usageOf(10, 4), cacheReadInputTokens: 100 }),
      betweenMs: 100,
    });
    await (await chat({ stream: true })).text();
    expect(records).toHaveLength(1);
    expect(records[0]).toMatchObject({
      outcome: 'answered',
      model: 'chat-small',
      residency: 'us',
      tenant: 'demo',
      tier: 'serverless',
      streamed: true,
      timeToFirstTokenMs: 200,
      inputTokens: 10,
      outputTokens: 4,
      cacheReadInputTokens: 100,
      costPicoUsd: 10n * 60_000n + 4n * 240_000n + 100n * 60_000n,
    });
    expect(records[0]?.timePerOutputTokenMs).toBeCloseTo(200);
    const line = JSON.stringify(lines.find(({ event }) => event === 'request'));
    expect(line).toContain('"outcome":"answered"');
    for (const secret of ['sk-local', 'Say hello', '"a"']) expect(line).not.toContain(secret);
  });

  it('leave the cost out where a price is unknown', async () => {
    const free = aTarget({ pricing: null });
    const made = aGateway({ config: configWithoutBaseline(), routes: [aRoute({ targets: [free] })] });
    await made.gateway.start();
    made.gateway.stop();
    await made.chat();
    expect(made.records[0]).toMatchObject({ inputTokens: 5, costPicoUsd: undefined });
  });
});
