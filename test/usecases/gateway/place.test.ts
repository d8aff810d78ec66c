import { describe, expect, it } from 'vitest';
import { aGateway } from '#test/builders/a-gateway.ts';

const residency = (name: string) => ({ 'x-spillway-residency': name });
async function codeOf(response: Response) {
  const { error } = (await response.json()) as { readonly error: { readonly code: string } };
  return `${response.status} ${error.code}`;
}

describe('the residency of a request', () => {
  const tenant = { name: 'bound', residencies: ['us', 'frankfurt'], models: ['*'] };
  const tenants = { identify: async () => tenant };

  it('is the one that the header names among the tenant’s, and never a wider one', async () => {
    const { chat, invoker } = aGateway({ overrides: { tenants } });
    expect((await chat({}, residency('us'))).headers.get('x-spillway-residency')).toBe('us');
    expect(await codeOf(await chat({}, residency('anywhere')))).toBe('403 residency_not_allowed');
    expect(await codeOf(await chat({}, residency('mars')))).toBe('400 unknown_residency');
    expect(await codeOf(await chat({}, residency('__proto__')))).toBe('400 unknown_residency');
    expect(await codeOf(await chat({}, residency('us, anywhere')))).toBe('400 unknown_residency');
    expect(await codeOf(await chat({}))).toBe('400 residency_required');
    expect(invoker.calls).toHaveLength(1);
  });

  it('is the tenant’s default without a header, even when the default is not among them', async () => {
    const { chat } = aGateway({
      overrides: { tenants: { identify: async () => ({ ...tenant, defaultResidency: 'anywhere' }) } },
    });
    expect(await codeOf(await chat({}))).toBe('403 residency_not_allowed');
  });
});

describe('a gateway outside the residency', () => {
  it('answers 421 with the lawful gateways, and reads no byte of the body', async () => {
    const { gateway, lines, invoker } = aGateway();
    let pulled = false;
    const body = new ReadableStream(
      {
        pull: () => {
          pulled = true;
        },
      },
      { highWaterMark: 0 },
    );
    const init = {
      method: 'POST',
      body,
      duplex: 'half' as const,
      headers: { authorization: 'Bearer sk-local', ...residency('eu') },
    };
    const response = await gateway.handle(new Request('http://gateway.test/v1/chat/completions', init));
    const answer = (await response.json()) as { readonly gateways: unknown };
    expect(response.status).toBe(421);
    expect(answer.gateways).toEqual([
      { region: 'eu-central-1', url: 'http://127.0.0.1:4001' },
      { region: 'eu-west-1', url: 'http://127.0.0.1:4003' },
    ]);
    expect(pulled).toBe(false);
    expect(invoker.calls).toEqual([]);
    expect(lines.map(({ event }) => event)).toEqual(['wrong-gateway-region']);
  });

  it.each([
    ['their regions where no address is known', {}, 'eu', /: eu-central-1, eu-west-1\.$/, []],
    [
      'those whose address is known',
      { 'eu-west-1': 'https://eu.example.com' },
      'eu',
      /: eu-west-1 \(https:\/\/eu\.example\.com\)\.$/,
      [{ region: 'eu-west-1', url: 'https://eu.example.com' }],
    ],
  ])('names %s', async (_name, gatewayUrls, name, message, gateways) => {
    const { chat } = aGateway({ overrides: { gatewayUrls } });
    const response = await chat({}, residency(name));
    const { error } = (await response.json()) as { error: { message: string; gateways: unknown } };
    expect(error.message).toMatch(message);
    expect(error.gateways).toEqual(gateways);
  });
});
