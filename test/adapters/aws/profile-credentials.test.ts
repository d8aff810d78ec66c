import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { profileCredentials } from '#adapters/aws/profile-credentials.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'spillway-profile-'));
  const file = join(folder, 'credentials');
  writeFileSync(
    file,
    '[team]\naws_access_key_id = LKIA111111111111\naws_secret_access_key = local-LKIA111111111111\n',
  );
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', file);
  vi.stubEnv('AWS_CONFIG_FILE', join(folder, 'config'));
  vi.stubEnv('AWS_EC2_METADATA_DISABLED', 'true');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

describe('profileCredentials', () => {
  it('reads the keys of the named profile when they are first used', async () => {
    const credentials = await profileCredentials('team')();
    expect(credentials.accessKeyId).toBe('LKIA111111111111');
  });

  it('rejects for a profile that does not exist', async () => {
    await expect(profileCredentials('nobody')()).rejects.toMatchObject({ name: 'CredentialsProviderError' });
  });
});
