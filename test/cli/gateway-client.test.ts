import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createGatewayClient } from '#cli/gateway-client.ts';
import { AvailabilityFolder } from '#contract/compact-availability.ts';
import type { Availability } from '#contract/http.ts';

const [account, region] = ['111111111111', 'us-east-1'];
const whole: Availability = {
  asOf: '2026-11-21T08:00:00.000Z',
  stale: false,
  targets: [
    {
      ...{ id: `${account}/${region}/a.one-v1:0`, account, region, modelId: 'a.one-v1:0', scope: 'geo' },
      ...{ state: 'available', reasons: [], hint: { who: 'nobody', text: 'Nothing to repair.' } },
      ...{ reach: [region], since: '2026-11-21T07:00:00.000Z', stale: false },
    },
  ],
};
const folder = new AvailabilityFolder();
const places = [folder.fold({ account, region }, whole.targets)];
const { asOf, stale } = whole;
const compact = { asOf, stale, ...folder.dictionaries, places };

interface Told {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

let told: Told[] = [];
let asked: { readonly path: string; readonly tag: string | undefined }[] = [];
const server = createServer((incoming, outgoing) => {
  asked.push({ path: incoming.url ?? '', tag: incoming.headers['if-none-match'] });
  const { status, headers, body } = told.shift() ?? { status: 500 };
  outgoing.writeHead(status, headers).end(body === undefined ? undefined : JSON.stringify(body));
});
beforeEach(async () => {
  [told, asked] = [[], []];
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  const closed = new Promise((resolve) => server.close(resolve));
  server.closeAllConnections();
  await closed;
});

const open = () =>
  createGatewayClient({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: 'sk-a' });

describe('availability', () => {
  it('is asked for in few bytes, and read whole', async () => {
    told = [{ status: 200, body: compact }];
    expect(await open().loadAvailability({})).toEqual(whole);
    expect(asked).toEqual([{ path: '/spillway/v1/availability?format=compact', tag: undefined }]);
  });

  it('is understood from a gateway that knows no other form than the whole', async () => {
    told = [{ status: 200, body: whole }];
    expect(await open().loadAvailability({})).toEqual(whole);
  });

  it('is as it was where the gateway says that nothing moved, as of its last look', async () => {
    const later = '2026-11-21T08:01:00.000Z';
    told = [
      { status: 200, headers: { etag: 'W/"one"' }, body: compact },
      { status: 304, headers: { 'x-spillway-as-of': later } },
      { status: 200, body: { ...compact, stale: true } },
    ];
    const client = open();
    await client.loadAvailability({});
    expect(await client.loadAvailability({})).toEqual({ ...whole, asOf: later });
    expect(await client.loadAvailability({ region })).toEqual({ ...whole, stale: true });
    expect(asked.map(({ tag }) => tag)).toEqual([undefined, 'W/"one"', undefined]);
  });

  it('is refused where it contradicts itself', async () => {
    told = [{ status: 200, body: { ...compact, names: [] } }];
    await expect(open().loadAvailability({})).rejects.toThrow('contradicts itself');
  });
});
