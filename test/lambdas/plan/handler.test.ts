import type { Context } from 'aws-lambda';
import { expect, it } from 'vitest';
import { createPlanHandler } from '#lambdas/plan/handler.ts';
import { openSmallWorld } from '#test/builders/small-world.ts';

const context = {} as Context;

it('says what came of each route, whatever invoked it', async () => {
  const world = await openSmallWorld();
  const handler = createPlanHandler(() => ({ plan: () => world.plan() }));
  expect(await handler({ Records: [] }, context)).toEqual({
    published: 0,
    unchanged: 2,
    refused: 0,
    held: 0,
    conflicts: 0,
    badItems: 0,
  });
});

it('fails when nothing was planned, so that its alarm sees it', async () => {
  const handler = createPlanHandler(() => ({
    plan: async () => ({ kind: 'not-planned', why: 'the table is down' }),
  }));
  await expect(handler({}, context)).rejects.toMatchObject({
    code: 'upstream_unavailable',
    message: 'nothing was planned: the table is down',
  });
});
