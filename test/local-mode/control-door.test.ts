import { request as httpRequest } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { behindControlDoor } from '#local-mode/control-door.ts';
import { type ServedGateway, serveGateway } from '#server/node-server.ts';

let aws: LocalAws;
let gateway: ServedGateway;
beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
  const handle = behindControlDoor(aws.url, async () => new Response('the gateway'));
  gateway = await serveGateway({ port: 0, handle });
});
afterAll(async () => {
  await gateway.close();
  await aws.close();
});

function statusOf(
  headers: Record<string, string>,
  { path = '/_local/faults', method = 'DELETE', body = Buffer.alloc(0) } = {},
): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = {
      host: '127.0.0.1',
      port: gateway.port,
      path,
      method,
      headers,
    };
    const sent = httpRequest(options, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

describe('the control API on a gateway’s port', () => {
  it('is the stand-in’s own, and everything else is the gateway’s', async () => {
    const rules = [{ service: 'bedrock-runtime', region: 'eu-central-1', kind: 'throttle' }];
    const put = await fetch(`${gateway.url}/_local/faults`, { method: 'PUT', body: JSON.stringify(rules) });
    expect([put.status, await put.json()]).toEqual([200, rules]);
    expect(await (await fetch(`${aws.url}/_local/faults`)).json()).toEqual(rules);
    const bad = await fetch(`${gateway.url}/_local/faults`, { method: 'PUT', body: '[{"kind":"gremlins"}]' });
    expect([bad.status, await bad.json()]).toMatchObject([400, { violations: [{ path: '[0].kind' }] }]);
    const wrong = await fetch(`${gateway.url}/_local/health`, { method: 'DELETE' });
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'GET']);
    expect(await (await fetch(`${gateway.url}/_locale`)).text()).toBe('the gateway');
  });

  it('is closed to other names of this machine and to pages of other sites', async () => {
    const host = `127.0.0.1:${gateway.port}`;
    expect(await statusOf({ host })).toBe(200);
    expect(await statusOf({ host, origin: `http://${host}` })).toBe(200);
    expect(await statusOf({ host: 'rebound.example' })).toBe(403);
    expect(await statusOf({ host, origin: 'https://evil.example' })).toBe(403);
    expect(await statusOf({ host, origin: 'null' })).toBe(403);
  });

  it('keeps the console, whose page offers a key, for this machine’s own names', async () => {
    const host = `127.0.0.1:${gateway.port}`;
    for (const path of ['/console', '/console/', '/console/main.js'])
      for (const method of ['GET', 'HEAD']) {
        expect(await statusOf({ host }, { path, method })).toBe(200);
        expect(await statusOf({ host: `localhost:${gateway.port}` }, { path, method })).toBe(200);
        expect(await statusOf({ host: 'rebound.example' }, { path, method })).toBe(403);
        expect(await statusOf({ host: '127.0.0.1.rebound.example' }, { path, method })).toBe(403);
        expect(await statusOf({ host, origin: 'https://evil.example' }, { path, method })).toBe(403);
      }
    expect(await statusOf({ host: 'rebound.example' }, { path: '/consoles', method: 'GET' })).toBe(200);
  });

  it('takes no body that is longer than the stand-in takes', async () => {
    const body = Buffer.alloc(25 * 1024 * 1024 + 1, ' ');
    const host = `127.0.0.1:${gateway.port}`;
    expect(await statusOf({ host }, { method: 'PUT', body })).toBe(413);
  });
});
