import { expect, it } from 'vitest';
import { aGateway } from '#test/builders/a-gateway.ts';

it('lists the models of the configuration, as OpenAI lists them', async () => {
  const { get } = aGateway();
  const object = (id: string) => ({ id, object: 'model', created: 0, owned_by: 'spillway' });
  const data = ['chat-large', 'chat-small', 'embed'].map(object);
  expect(await (await get('/v1/models')).json()).toEqual({ object: 'list', data });
  expect(await (await get('/v1/models/embed')).json()).toEqual(object('embed'));
});

it('does not find what is not there', async () => {
  const { get } = aGateway();
  for (const name of ['nobody', '__proto__', 'chat-large/x', '%ff']) {
    expect((await get(`/v1/models/${name}`)).status).toBe(404);
  }
});
