import { expect, it } from 'vitest';
import { aStartedGateway } from '#test/builders/a-gateway.ts';
import { aTarget } from '#test/builders/a-target.ts';
import { answering } from '#test/builders/scripted-invoker.ts';

const tenantOf = (name: string) => ({
  name,
  residencies: ['us'],
  defaultResidency: 'us',
  models: ['*'],
});

it.each([{ sizes: [20_000, 2_000] }, { sizes: [20_000, 2_000, 200, 20] }])(
  'take no target from the other tenants, with prompts of $sizes words',
  async ({ sizes }) => {
    const targets = ['us-east-1', 'us-east-2', 'us-west-2'].map((region) => aTarget({ region }));
    const tenants = { identify: async (key: string) => tenantOf(key === 'sk-hasty' ? 'hasty' : 'shop') };
    const { chat, invoker, ejections } = await aStartedGateway(targets, { overrides: { tenants } });
    const answerAfter = (afterMs: number) => {
      for (const { id } of targets) invoker.script(id, { ...answering(), afterMs });
    };
    const ask = async () => {
      answerAfter(200);
      const { status, headers } = await chat();
      return [status, headers.get('x-spillway-target')];
    };
    for (let call = 0; call < 20; call += 1) await ask();
    const before = await ask();
    answerAfter(8_000);
    const headers = { authorization: 'Bearer sk-hasty', 'x-spillway-deadline-ms': '2500' };
    const hasty = await Promise.all(
      sizes.map((words) => chat({ messages: [{ role: 'user', content: 'word '.repeat(words) }] }, headers)),
    );
    expect(hasty.map(({ status }) => status)).toEqual(sizes.map(() => 504));
    expect(ejections).toEqual([]);
    expect(await ask()).toEqual(before);
  },
);
