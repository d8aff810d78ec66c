import { expect, it } from 'vitest';
import { aGateway, configWithoutBaseline } from '#test/builders/a-gateway.ts';
import { aRoute } from '#test/builders/a-route.ts';
import { aTarget } from '#test/builders/a-target.ts';

async function asked(config = configWithoutBaseline(), body: Readonly<Record<string, unknown>> = {}) {
  const made = aGateway({ config, routes: [aRoute({ targets: [aTarget({ outputTokensMax: 5000 })] })] });
  await made.gateway.start();
  made.gateway.stop();
  return made.chat(body);
}

it('forbids a model whose provider keeps prompts where the residency lets it keep nothing', async () => {
  const config = configWithoutBaseline();
  const small = config.models['chat-small'];
  const us = config.residencies.us;
  if (small === undefined || us === undefined) throw new Error('the example has chat-small and us');
  const candidates = small.candidates.map((candidate) => ({
    ...candidate,
    retention: 'provider-data-share' as const,
  }));
  const keeping = { ...config, models: { ...config.models, 'chat-small': { ...small, candidates } } };
  expect((await asked(keeping)).status).toBe(403);
  const lenient = {
    ...keeping,
    residencies: { ...config.residencies, us: { ...us, retention: 'provider-data-share' as const } },
  };
  expect((await asked(lenient)).status).toBe(200);
});

it.each([
  [{}, '5000'],
  [{ max_tokens: 77 }, '77'],
  [{ max_completion_tokens: 99_999 }, '5000'],
])('bounds the output of %j to %s tokens', async (body, tokens) => {
  expect((await asked(configWithoutBaseline(), body)).headers.get('x-spillway-max-tokens')).toBe(tokens);
});
