import { describe, expect, it } from 'vitest';
import type { SpillwayConfigInput } from '#contract/config.ts';
import { aGateway } from '#test/builders/a-gateway.ts';
import { acmeConfig } from '#test/builders/configs.ts';

async function refusalOf(response: Response) {
  const { error } = (await response.json()) as {
    readonly error: { readonly code: string; readonly param: string | null; readonly message: string };
  };
  return { status: response.status, ...error };
}

type TenantConfigInput = NonNullable<SpillwayConfigInput['tenants']>[string];

describe('headers', () => {
  it.each([
    ['x-spillway-deadline-ms', ['0', '-1', '1.5', 'soon', '1e3', '99999999999999999999', '']],
    ['x-spillway-max-cost-usd', ['-1', 'cheap', 'NaN', '1e9', '']],
    ['x-spillway-lane', ['fast', '', 'INTERACTIVE']],
  ])('%s must be what it says', async (name, values) => {
    const { chat } = aGateway();
    for (const value of values) {
      expect(await refusalOf(await chat({}, { [name]: value }))).toMatchObject({
        status: 400,
        code: 'invalid_request',
        param: name,
      });
    }
  });

  it('name the lane, the value that is none, and those that there are', async () => {
    const { message } = await refusalOf(await aGateway().chat({}, { 'x-spillway-lane': 'fast' }));
    expect(message).toBe('x-spillway-lane must be one of interactive, standard, bulk, not "fast"');
  });

  it('that bring a chain’s terms back may not bring a lane that is not the tenant’s, nor without a trace', async () => {
    const demo: TenantConfigInput = { residencies: ['us'], lanes: ['standard', 'bulk'], lane: 'bulk' };
    const { chat, records } = aGateway({ config: acmeConfig({ tenants: { demo } }) });
    const traceparent = (digit: string) => `00-${digit.repeat(32)}-00000000000000ab-01`;
    for (const [index, state] of [
      '1;interactive;0',
      '1;standard;-',
      '1;nonsense;-',
      '9;standard;-',
    ].entries())
      await chat({}, { traceparent: traceparent(String(index + 1)), tracestate: `spillway=${state}` });
    await chat({}, { tracestate: 'spillway=1;standard;-' });
    expect(records.map(({ lane, outcome }) => [lane, outcome])).toEqual([
      ['bulk', 'answered'],
      ['standard', 'answered'],
      ['bulk', 'answered'],
      ['bulk', 'answered'],
      ['bulk', 'answered'],
    ]);
  });

  it('may ask for the tenant’s own lanes alone; without one it has the tenant’s usual lane', async () => {
    const demo: TenantConfigInput = { residencies: ['us'], lanes: ['standard', 'bulk'], lane: 'bulk' };
    const { chat, records } = aGateway({ config: acmeConfig({ tenants: { demo } }) });
    expect(await refusalOf(await chat({}, { 'x-spillway-lane': 'interactive' }))).toMatchObject({
      status: 400,
      param: 'x-spillway-lane',
      message: 'x-spillway-lane must be one of this tenant\'s lanes, standard, bulk, not "interactive"',
    });
    await chat();
    await chat({}, { 'x-spillway-lane': 'standard' });
    expect(records.map(({ lane }) => lane)).toEqual(['bulk', 'standard']);
  });

  it('carry a trace on, and drop a broken one', async () => {
    const { chat, invoker } = aGateway();
    const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
    await chat({}, { traceparent });
    await chat({}, { traceparent: '00-zz-01' });
    await chat({}, { traceparent: traceparent.replace(/^00/, 'ff') });
    const traces = invoker.calls.map(({ call }) => call.traceparent?.split('-')[1]);
    expect(traces[0]).toBe('4bf92f3577b34da6a3ce929d0e0e4736');
    // A broken one is dropped: the request begins a trace of its own.
    expect(new Set(traces).size).toBe(3);
  });

  it('bound the cost: what may be dearer is not called', async () => {
    const { chat, invoker } = aGateway();
    expect(await refusalOf(await chat({}, { 'x-spillway-max-cost-usd': '0.0001' }))).toMatchObject({
      status: 429,
      code: 'budget_exhausted',
    });
    expect(invoker.calls).toEqual([]);
    expect((await chat({ max_tokens: 10 }, { 'x-spillway-max-cost-usd': '0.01' })).status).toBe(200);
  });
});
