import { describe, expect, it } from 'vitest';
import { checkModels } from '#core/config/check-models.ts';
import { acmeConfig } from '#test/builders/configs.ts';
import { emptyFacts, shippedFacts as facts } from '#test/builders/facts.ts';

type Changes = NonNullable<Parameters<typeof acmeConfig>[0]>;
const check = (model: NonNullable<Changes['models']>[string], more: Changes = {}) =>
  checkModels(acmeConfig({ ...more, models: { chat: model } }), facts);
const endpoint = { account: '111111111111', region: 'us-east-1', endpoint: 'chat' };

describe('models', () => {
  it('have something that can answer', () => {
    expect(check({}).errors).toMatchObject([{ path: 'models.chat' }]);
    expect(check({ dedicated: [endpoint] }).errors).toEqual([]);
  });

  it('name each candidate and each endpoint once; components make endpoints differ', () => {
    const { errors } = check({
      candidates: ['amazon.nova-lite-v1:0', { id: 'amazon.nova-lite-v1:0' }],
      dedicated: [endpoint, { ...endpoint, component: 'one' }, endpoint],
    });
    expect(errors).toEqual([
      {
        path: 'models.chat.candidates[1]',
        message: 'amazon.nova-lite-v1:0 stands in the list before; leave it out',
      },
      {
        path: 'models.chat.dedicated[2]',
        message: '111111111111/us-east-1/chat stands in the list before; leave it out',
      },
    ]);
  });

  it('place dedicated endpoints in listed accounts and regions', () => {
    const { errors } = check({
      dedicated: [
        { ...endpoint, account: '999999999999' },
        { ...endpoint, region: 'eu-west-1' },
      ],
    });
    expect(errors).toMatchObject([
      { path: 'models.chat.dedicated[0].account' },
      { path: 'models.chat.dedicated[1].region' },
    ]);
  });

  it('name models, not profiles', () => {
    expect(
      check({ candidates: ['eu.amazon.nova-lite-v1:0'] }, { discovery: { tracked: ['global.a.b'] } }).errors,
    ).toEqual([
      {
        path: 'models.chat.candidates[0]',
        message: expect.stringContaining('is a profile id; name the model amazon.nova-lite-v1:0,'),
      },
      { path: 'discovery.tracked[0]', message: expect.stringContaining('name the model a.b,') },
    ]);
  });

  it('name a template with each container of TGI’s own format, and with no other', () => {
    const { errors } = check({
      dedicated: [
        { ...endpoint, endpoint: 'a', api: 'tgi' },
        { ...endpoint, endpoint: 'b', chatTemplate: 'chatml' },
        { ...endpoint, endpoint: 'c', api: 'tgi', chatTemplate: 'chatml' },
      ],
    });
    expect(errors).toEqual([
      {
        path: 'models.chat.dedicated[0].chatTemplate',
        message: expect.stringContaining('must be one of chatml'),
      },
      { path: 'models.chat.dedicated[1].chatTemplate', message: 'is for api "tgi" alone; leave it out' },
    ]);
    const embedding = check({
      kind: 'embedding',
      dedicated: [{ ...endpoint, api: 'tgi', chatTemplate: 'chatml' }],
    });
    expect(embedding.errors).toEqual([
      { path: 'models.chat.dedicated[0].api', message: '"tgi" makes no embeddings; use "openai"' },
    ]);
  });

  it('warn of models that the facts do not know and of LEGACY ones', () => {
    expect(
      check({ candidates: ['no.such-model', 'ai21.jamba-1-5-mini-v1:0', 'amazon.nova-lite-v1:0'] }).warnings,
    ).toEqual([
      {
        path: 'models.chat.candidates[0]',
        message: expect.stringMatching(/^the facts do not know no.such-model:/),
      },
      {
        path: 'models.chat.candidates[1]',
        message: 'ai21.jamba-1-5-mini-v1:0 is LEGACY and ends on 2026-11-26; it can be no baseline',
      },
    ]);
    expect(checkModels(acmeConfig(), emptyFacts).warnings).toEqual([]);
  });
});
