/** What it must show, 2 and 3: the table follows what the regions offer, and nothing else. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { RouteItem } from '#contract/route-item.ts';
import { chat, eventually, type SpillwayProcess, startSpillway } from './spillway-process.ts';

const account = { us: '111111111111', eu: '222222222222' };
const key = { authorization: 'Bearer sk-local' };
/** "Within 5 s of the observation": one round of a second, the observation, and those five. */
const followMsMax = 8_000;
let spillway: SpillwayProcess;

const config = {
  name: 'changes',
  home: { account: account.us, region: 'us-east-1' },
  accounts: [
    { id: account.us, regions: ['us-east-1', 'us-west-2', 'xx-north-9'] },
    { id: account.eu, regions: ['eu-central-1', 'eu-north-1'] },
  ],
  gateways: ['us-east-1', 'eu-central-1'],
  residencies: {
    us: { jurisdictions: ['US'] },
    eu: { jurisdictions: ['EU'] },
    new: { regions: ['us-east-1', 'xx-north-9'] },
    anywhere: { jurisdictions: 'any' },
  },
  models: {
    small: { candidates: ['amazon.nova-lite-v1:0'], baseline: { us: ['us-east-1'], eu: ['eu-north-1'] } },
    fresh: { candidates: ['acme.brand-new-v1:0'] },
  },
  tenants: {
    demo: { keys: ['sk-local'], residencies: ['us', 'eu', 'new', 'anywhere'], defaultResidency: 'anywhere' },
  },
};

beforeAll(async () => {
  spillway = await startSpillway({ config, parameters: ['--discover-every', '1'] });
});
afterAll(() => spillway?.close());
afterEach(async () => {
  await spillway.control('DELETE', 'faults');
  await spillway.control('DELETE', 'catalogue');
});

async function route(model: string, residency: string): Promise<RouteItem | undefined> {
  const response = await fetch(
    `${spillway.gatewayUrl('us-east-1')}/spillway/v1/routes/${model}?residency=${residency}`,
    { headers: key },
  );
  return response.status === 200 ? ((await response.json()) as RouteItem) : undefined;
}

const targets = async (model: string, residency: string): Promise<string[]> =>
  ((await route(model, residency))?.targets ?? []).map((target) => target.id);

const until = (
  what: string,
  model: string,
  residency: string,
  holds: (ids: string[]) => boolean,
): Promise<string[]> =>
  eventually(
    async () => {
      const ids = await targets(model, residency);
      return holds(ids) ? ids : undefined;
    },
    what,
    followMsMax,
  );

/** Waits for a further discovery round of a region, by the journal. */
async function nextRound(region: string, rounds = 1): Promise<void> {
  const from = (await spillway.journal()).at(-1)?.seq ?? 0;
  await eventually(async () => {
    const lists = await spillway.journal(`?service=bedrock&since=${from}`);
    const seen = lists.filter(
      (entry) => entry.region === region && entry.operation === 'ListFoundationModels',
    );
    return seen.length > rounds ? true : undefined;
  }, `${rounds} more rounds in ${region}`);
}

describe('a change in a region', () => {
  const plain = `${account.us}/us-west-2/amazon.nova-lite-v1:0`;

  it('takes a withdrawn model out, and puts it back when it returns', async () => {
    expect(await targets('small', 'us')).toContain(plain);
    await spillway.control('PATCH', 'catalogue', {
      region: 'us-west-2',
      modelId: 'amazon.nova-lite-v1:0',
      offered: false,
    });
    await until('the withdrawal', 'small', 'us', (ids) => !ids.includes(plain));
    await spillway.control('DELETE', 'catalogue');
    await until('the return', 'small', 'us', (ids) => ids.includes(plain));
  });

  it('takes a model out that the account may no longer use, and says why', async () => {
    await spillway.control('PATCH', 'catalogue', {
      region: 'us-west-2',
      account: account.us,
      modelId: 'amazon.nova-lite-v1:0',
      authorizationStatus: 'NOT_AUTHORIZED',
    });
    await until('the removal', 'small', 'us', (ids) => !ids.includes(plain));
    const response = await fetch(
      `${spillway.gatewayUrl('us-east-1')}/spillway/v1/availability?region=us-west-2&model=small`,
      { headers: key },
    );
    const { targets: rows } = (await response.json()) as {
      targets: { id: string; state: string; hint: { who: string } }[];
    };
    expect(rows.find((row) => row.id === plain)).toMatchObject({
      state: 'not-authorized',
      hint: { who: 'aws-support' },
    });
  });

  it('takes a target out whose calls are refused', async () => {
    await until('the target', 'small', 'us', (ids) => ids.includes(plain));
    await spillway.control('PATCH', 'catalogue', {
      region: 'us-west-2',
      modelId: 'amazon.nova-lite-v1:0',
      denied: true,
    });
    await spillway.control('PUT', 'faults', [
      {
        service: 'bedrock-runtime',
        region: 'us-east-1',
        kind: 'error',
        error: 'ServiceUnavailableException',
      },
    ]);
    await eventually(
      async () => {
        await chat(spillway.gatewayUrl('us-east-1'), {
          body: { model: 'small' },
          headers: { 'x-spillway-residency': 'us' },
        });
        return (await targets('small', 'us')).includes(plain) ? undefined : true;
      },
      'the demotion',
      followMsMax,
    );
  });

  it('routes a model and a region that stand in no data file', async () => {
    await spillway.control('PATCH', 'catalogue', {
      region: 'xx-north-9',
      modelId: 'acme.brand-new-v1:0',
      offered: true,
      inferenceTypes: ['ON_DEMAND'],
      lifecycle: 'ACTIVE',
    });
    const id = `${account.us}/xx-north-9/acme.brand-new-v1:0`;
    await until('the new model', 'fresh', 'new', (ids) => ids.includes(id));
    expect(await targets('fresh', 'us')).toEqual([]);
    // The table has it; a gateway reads the table every five seconds.
    const target = await eventually(
      async () => {
        const headers = { 'x-spillway-residency': 'new' };
        const response = await chat(spillway.gatewayUrl('us-east-1'), { body: { model: 'fresh' }, headers });
        await response.text();
        return response.status === 200 ? response.headers.get('x-spillway-target') : undefined;
      },
      'an answer from the new target',
      followMsMax,
    );
    expect(target).toBe(id);
  });

  it('routes a profile that stands in no data file, by the reach of its ARNs', async () => {
    const arn = (region: string): string => `arn:aws:bedrock:${region}::foundation-model/acme.brand-new-v1:0`;
    await spillway.control('PATCH', 'catalogue', {
      region: 'eu-central-1',
      modelId: 'acme.brand-new-v1:0',
      offered: true,
      inferenceTypes: ['INFERENCE_PROFILE'],
      lifecycle: 'ACTIVE',
    });
    await spillway.control('PATCH', 'profiles', {
      region: 'eu-central-1',
      profileId: 'eu.acme.brand-new-v1:0',
      offered: true,
      modelArns: [arn('eu-central-1'), arn('eu-west-1')],
    });
    const id = `${account.eu}/eu-central-1/eu.acme.brand-new-v1:0`;
    await until('the new profile', 'fresh', 'eu', (ids) => ids.includes(id));
    expect((await route('fresh', 'eu'))?.targets.find((target) => target.id === id)?.reach).toEqual([
      'eu-central-1',
      'eu-west-1',
    ]);
    await spillway.control('PATCH', 'profiles', {
      region: 'eu-central-1',
      profileId: 'eu.acme.brand-new-v1:0',
      offered: true,
      modelArns: [arn('eu-central-1'), arn('us-east-1')],
    });
    await until('the wider reach', 'fresh', 'eu', (ids) => !ids.includes(id));
    await spillway.control('DELETE', 'profiles');
  });
});

describe('what is no change', () => {
  it('keeps every route when a region answers empty lists', async () => {
    const before = await targets('small', 'us');
    await spillway.control('PUT', 'faults', [{ service: 'bedrock', region: 'us-west-2', kind: 'empty' }]);
    await nextRound('us-west-2', 4);
    expect(await targets('small', 'us')).toEqual(before);
  });

  it('keeps every route when every discovery API is throttled, and says that the answer is old', async () => {
    const before = await targets('small', 'eu');
    await spillway.control('PUT', 'faults', [{ service: 'bedrock', kind: 'throttle' }]);
    await nextRound('eu-north-1', 2);
    expect(await targets('small', 'eu')).toEqual(before);
    const rows = await eventually(
      async () => {
        const url = `${spillway.gatewayUrl('us-east-1')}/spillway/v1/availability?region=eu-north-1`;
        const { targets: found } = (await (await fetch(url, { headers: key })).json()) as {
          targets: { state: string; stale: boolean }[];
        };
        // What was never offered is concluded, not waiting for an answer.
        const known = found.filter((row) => row.state !== 'not-offered');
        return known.every((row) => row.stale) ? known : undefined;
      },
      'every answer marked old',
      30_000,
    );
    expect(rows.length).toBeGreaterThan(0);
    expect(await targets('small', 'eu')).toEqual(before);
  });
});
