import { beforeEach, describe, expect, it } from 'vitest';
import { darkRegion, deadTable, type FaultRule } from '../../../console/break-it/breakage.ts';
import { LocalControl } from '../../../console/break-it/local-control.ts';

let rules: readonly FaultRule[];
let asked: string[];
const control = new LocalControl('http://127.0.0.1:4000/console', async (url, init) => {
  asked.push(`${init?.method} ${String(url)}`);
  if (init?.method === 'PUT') rules = JSON.parse(String(init.body)) as readonly FaultRule[];
  if (init?.method === 'DELETE') rules = [];
  return Response.json(rules);
});
beforeEach(() => {
  rules = [];
  asked = [];
});

describe('local mode’s control from the page', () => {
  it('adds a fault to those of others, once', async () => {
    rules = [{ kind: 'hang' }];
    await control.breakIt(deadTable);
    await control.breakIt(deadTable);
    expect(rules).toEqual([{ kind: 'hang' }, deadTable]);
    expect(asked[0]).toBe('GET http://127.0.0.1:4000/_local/faults');
  });

  it('takes one away and leaves the others, or takes all', async () => {
    rules = [deadTable, darkRegion('eu-west-1'), { kind: 'hang' }];
    await control.mend(darkRegion('eu-west-1'));
    expect(rules).toEqual([deadTable, { kind: 'hang' }]);
    await control.mend(darkRegion('eu-west-1'));
    expect(asked.filter((line) => line.startsWith('PUT'))).toHaveLength(1);
    await control.mendEverything();
    expect(rules).toEqual([]);
  });

  it('says in its own words why it was refused', async () => {
    const refused = new LocalControl('http://127.0.0.1:4000/console', async () =>
      Response.json({ error: 'seconds: is 0; must be a number above 0', violations: [] }, { status: 400 }),
    );
    await expect(refused.startTraffic({ seconds: 0 })).rejects.toMatchObject({
      status: 400,
      message: 'seconds: is 0; must be a number above 0',
    });
    const gone = new LocalControl('http://127.0.0.1:4000/console', async () => {
      throw new TypeError('failed to fetch');
    });
    await expect(gone.stopTraffic()).rejects.toMatchObject({ status: 0, code: 'unreachable' });
  });
});
