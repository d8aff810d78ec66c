import { describe, expect, it } from 'vitest';
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

describe('for callers that name a version of Anthropic’s', () => {
  const headers = { 'anthropic-version': '2023-06-01', 'x-api-key': 'sk-local' };
  const object = (id: string) => ({
    type: 'model',
    id,
    display_name: id,
    created_at: '1970-01-01T00:00:00Z',
  });

  it('lists and finds as Anthropic does', async () => {
    const { get } = aGateway();
    const page = await get('/v1/models?limit=2', headers);
    expect(page.headers.get('request-id')).toBe(page.headers.get('x-spillway-request-id'));
    expect(await page.json()).toEqual({
      data: [object('chat-large'), object('chat-small')],
      has_more: true,
      first_id: 'chat-large',
      last_id: 'chat-small',
    });
    expect(await (await get('/v1/models/embed', headers)).json()).toEqual(object('embed'));
  });

  it('refuses as Anthropic does', async () => {
    const { get } = aGateway();
    const told = async (path: string) => {
      const answer = await get(path, headers);
      const { error } = (await answer.json()) as { error: { type: string; code: string } };
      return [answer.status, error.type, error.code];
    };
    expect(await told('/v1/models?limit=0')).toEqual([400, 'invalid_request_error', 'invalid_request']);
    expect(await told('/v1/models/nobody')).toEqual([404, 'not_found_error', 'model_not_found']);
  });
});
