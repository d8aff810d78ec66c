import { describe, expect, it } from 'vitest';
import type { RouteList } from '#contract/route-history.ts';
import { explainCall, queryOf, questionFrom, routePath } from '../../../console/routes/question.ts';

const known: RouteList = {
  from: 'us-east-1',
  gateways: ['us-east-1', 'eu-central-1'],
  lanes: ['interactive', 'bulk'],
  defaultLane: 'bulk',
  models: [
    { name: 'chat-small', kind: 'chat' },
    { name: 'embed', kind: 'embedding' },
  ],
  residencies: ['us', 'eu'],
  defaultResidency: 'eu',
  routes: [],
};

describe('the question', () => {
  it('begins with what the viewer’s calls would have by default', () => {
    expect(questionFrom(new URLSearchParams(), known)).toEqual({
      model: 'chat-small',
      residency: 'eu',
      lane: 'bulk',
      from: 'us-east-1',
    });
  });

  it('is in the address, and what the address says is taken where it is known; a model as it was typed', () => {
    const question = { model: 'embed', residency: 'us', lane: 'interactive', from: 'eu-central-1' };
    expect(questionFrom(queryOf(question), known)).toEqual(question);
    const wrong = new URLSearchParams('model=<b>&residency=mars&lane=x&from=y');
    expect(questionFrom(wrong, known)).toEqual({
      model: '<b>',
      residency: 'eu',
      lane: 'bulk',
      from: 'us-east-1',
    });
  });

  it('is asked as the call that the model’s kind takes, for the gateway region that is asked about', () => {
    const ask = (model: string) =>
      explainCall({ model, residency: 'eu', lane: 'bulk', from: 'eu-central-1' }, known);
    expect(ask('chat-small')).toMatchObject({
      path: '/spillway/v1/explain?for=%2Fv1%2Fchat%2Fcompletions&from=eu-central-1',
      headers: { 'x-spillway-residency': 'eu', 'x-spillway-lane': 'bulk' },
    });
    expect(ask('embed')).toMatchObject({
      path: '/spillway/v1/explain?for=%2Fv1%2Fembeddings&from=eu-central-1',
      body: { model: 'embed', input: 'Hello' },
    });
  });

  it('names a route whatever stands in its name', () => {
    expect(routePath({ model: 'a/b?c', residency: 'eu' }, '/history')).toBe(
      '/spillway/v1/routes/a%2Fb%3Fc/history?residency=eu',
    );
  });
});
