import { describe, expect, it } from 'vitest';
import { parseConfig } from '#contract/config.ts';
import { pathText } from '#contract/config-violations.ts';
import acme from '#examples/acme.config.ts';

function messagesOf(changes: object): readonly string[] {
  const result = parseConfig({ ...acme, ...changes });
  return result.ok ? [] : result.violations.map(({ path, message }) => `${path}: ${message}`);
}

describe('a violation', () => {
  it('names the value and what would be right', () => {
    expect(messagesOf({ name: 'Acme' })).toEqual([
      'name: "Acme" must be a lower-case letter and up to 40 more of a-z, 0-9 and -, such as "prod-eu"',
    ]);
    expect(messagesOf({ guard: { vanishShareMax: 2 } })).toEqual([
      'guard.vanishShareMax: 2 must be a number from 0 to 1',
    ]);
  });

  it('says once what breaks two bounds of one rule', () => {
    expect(messagesOf({ capacity: { processesMax: 1e18 }, chains: { chainsMin: -1.5 } })).toEqual([
      'capacity.processesMax: 1000000000000000000 must be a whole number from 1 to 100000',
      'chains.chainsMin: -1.5 must be a whole number from 1 to 32',
    ]);
  });

  it('says that a value is missing', () => {
    expect(messagesOf({ home: { account: '111111111111' } })).toEqual([
      'home.region: is missing and must be a region code such as "eu-central-1"',
    ]);
  });

  it('lists the settings that an unknown one may have meant, at every depth', () => {
    expect(messagesOf({ guard: { vanishShare: 0.5 } })).toEqual([
      'guard.vanishShare: is not a setting; known here: vanishShareMax, ageSecondsMax',
    ]);
    expect(messagesOf({ models: { chat: { candidates: [{ id: 'a.b', prize: 1 }] } }, tenants: {} })).toEqual([
      'models.chat.candidates[0].prize: is not a setting; known here: id, retention',
    ]);
    expect(
      messagesOf({ accounts: [{ id: '111111111111', regions: ['us-east-1'], area: 1, zone: 2 }] }),
    ).toEqual([
      'accounts[0].area: is not a setting; known here: id, name, regions, traffic, quotas, guardrails',
      'accounts[0].zone: is not a setting; known here: id, name, regions, traffic, quotas, guardrails',
    ]);
  });

  it('speaks for the form that a value was meant to have', () => {
    expect(messagesOf({ models: { chat: { candidates: [7] } } })).toEqual([
      'models.chat.candidates[0]: 7 must be a Bedrock model id such as "amazon.nova-lite-v1:0", or must be an object',
    ]);
    expect(messagesOf({ residencies: { us: { jurisdictions: ['US', 7] } } })).toEqual([
      'residencies.us.jurisdictions[1]: 7 must be a code such as "EU", "US" or "JP"',
    ]);
  });

  it('cuts long values and never repeats a key', () => {
    const [long = ''] = messagesOf({ name: 'x'.repeat(500) });
    expect(long.length).toBeLessThan(250);
    const secret = 'secret with spaces';
    const [hidden = ''] = messagesOf({ tenants: { one: { keys: [secret], residencies: ['us'] } } });
    expect(hidden).toBe('tenants.one.keys[0]: a value must be a key of 4 to 256 visible ASCII characters');
  });

  it('calls the whole configuration "config"', () => {
    expect(pathText([])).toBe('config');
    expect(pathText(['models', 'chat-large', 'candidates', 0])).toBe('models.chat-large.candidates[0]');
    const result = parseConfig(7);
    expect(result).toEqual({ ok: false, violations: [{ path: 'config', message: '7 must be an object' }] });
  });
});
