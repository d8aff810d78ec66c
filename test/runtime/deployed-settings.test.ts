import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import acme from '#examples/acme.config.ts';
import { readDeployedSettings } from '#runtime/deployed-settings.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-test-'));
  writeFileSync(join(folder, 'config.json'), JSON.stringify(acme));
});

afterAll(() => rmSync(folder, { recursive: true }));

const place = { SPILLWAY_ACCOUNT: '222222222222', AWS_REGION: 'eu-central-1' };

describe('readDeployedSettings', () => {
  it('takes the configuration as JSON', () => {
    const settings = readDeployedSettings({ ...place, SPILLWAY_CONFIG: JSON.stringify(acme) });
    expect(settings).toMatchObject({ account: '222222222222', region: 'eu-central-1', endpoint: undefined });
    expect(settings.config.name).toBe('acme');
  });

  it('takes the configuration from a file in the bundle', () => {
    const settings = readDeployedSettings({
      ...place,
      SPILLWAY_CONFIG: 'config.json',
      LAMBDA_TASK_ROOT: folder,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:4566',
    });
    expect(settings.config.name).toBe('acme');
    expect(settings.endpoint).toBe('http://127.0.0.1:4566');
  });

  it('takes the pepper of API keys, and refuses a short one without showing it', () => {
    const given = { ...place, SPILLWAY_CONFIG: JSON.stringify(acme) };
    const pepper = 'x'.repeat(44);
    expect(readDeployedSettings({ ...given, SPILLWAY_KEY_PEPPER: pepper }).keyPepper).toBe(pepper);
    expect(readDeployedSettings(given).keyPepper).toBeUndefined();
    expect(() => readDeployedSettings({ ...given, SPILLWAY_KEY_PEPPER: 'short' })).toThrow(
      'SPILLWAY_KEY_PEPPER: has 5 characters',
    );
  });

  it('names everything that is missing or wrong at once', () => {
    expect(() => readDeployedSettings({ SPILLWAY_ACCOUNT: '1', AWS_REGION: 'here' })).toThrow(
      /SPILLWAY_ACCOUNT: got "1", want 12 digits.*AWS_REGION: got "here".*SPILLWAY_CONFIG: is missing/s,
    );
    expect(() => readDeployedSettings({ ...place, SPILLWAY_CONFIG: '/no/such/file.json' })).toThrow(
      'cannot be read',
    );
    expect(() => readDeployedSettings({ ...place, SPILLWAY_CONFIG: '{"name":7}' })).toThrow(
      'SPILLWAY_CONFIG name:',
    );
  });
});
