import { expect, it } from 'vitest';
import { checkConfig } from '#core/config/check-config.ts';
import { checkVectorSpaces } from '#core/config/check-vector-spaces.ts';
import acme from '#examples/acme.config.ts';
import enterprise from '#examples/enterprise.config.ts';
import world from '#examples/world.config.ts';
import { acmeConfig, parsedConfig } from '#test/builders/configs.ts';
import { shippedFacts } from '#test/builders/facts.ts';

type Changes = NonNullable<Parameters<typeof acmeConfig>[0]>;
type Model = NonNullable<Changes['models']>[string];
const check = (model: Model) => checkVectorSpaces(acmeConfig({ models: { embed: model } }));
const two = ['amazon.titan-embed-text-v2:0', 'cohere.embed-v4:0'];

it('an embedding model has one model behind it: vectors of two cannot be compared', () => {
  const finding = {
    path: 'models.embed.candidates[1]',
    message: expect.stringMatching(
      /^cohere\.embed-v4:0 makes other vectors than amazon\.titan-embed-text-v2:0, .* keep one/,
    ),
  };
  expect(check({ kind: 'embedding', candidates: two })).toEqual({ errors: [finding], warnings: [] });
  // Of one length, and still of two spaces.
  const languages = ['cohere.embed-english-v3', 'cohere.embed-multilingual-v3'];
  expect(check({ kind: 'embedding', candidates: languages }).errors).toHaveLength(1);
  const config = acmeConfig({ models: { embed: { kind: 'embedding', candidates: two } } });
  expect(checkConfig(config, shippedFacts).errors).toContainEqual(finding);
});

it('one model in many places is fine, and so are several models that chat', () => {
  expect(check({ kind: 'embedding', candidates: two.slice(0, 1) })).toEqual({ errors: [], warnings: [] });
  expect(check({ candidates: ['amazon.nova-lite-v1:0', 'amazon.nova-pro-v1:0'] }).errors).toEqual([]);
  for (const example of [acme, enterprise, world])
    expect(checkVectorSpaces(parsedConfig(example))).toEqual({ errors: [], warnings: [] });
});

it('a container beside a model is asked about, since only its owner knows what it serves', () => {
  const dedicated = [{ account: '111111111111', region: 'us-east-1', endpoint: 'own' }];
  expect(check({ kind: 'embedding', dedicated }).warnings).toEqual([]);
  expect(check({ kind: 'embedding', candidates: two.slice(0, 1), dedicated })).toEqual({
    errors: [],
    warnings: [
      {
        path: 'models.embed.dedicated[0]',
        message: expect.stringMatching(/^own must make the very vectors of amazon\.titan-embed-text-v2:0/),
      },
    ],
  });
});
