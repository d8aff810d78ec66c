import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { ConfigError, loadConfig } from '#runtime/load-config.ts';
import { shippedFacts } from '#test/builders/facts.ts';
import { acme } from '#test/lib/acme.ts';

const folder = fileURLToPath(new URL('../..', import.meta.url));
const load = (file?: string) => loadConfig({ folder, file, facts: shippedFacts });

async function refusalOf(file: string): Promise<string> {
  const error = await load(file).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigError);
  return error instanceof Error ? error.message : '';
}

describe('loadConfig', () => {
  it('takes the example when no file is named', async () => {
    expect((await load()).config).toEqual(acme);
  });

  it('loads a file that is named', async () => {
    expect((await load('examples/world.config.ts')).config.name).toBe('world');
  });

  it('rejects a configuration with every violation and its path', async () => {
    const message = await refusalOf('test/lib/broken.config.json');
    expect(message).toContain('broken.config.json is not a usable configuration:');
    expect(message).toMatch(/home\.account: "1" must be an AWS account id/);
    expect(message).toMatch(/gateways: \[\] must list at least one region/);
    expect(message.split('\n').at(-1)).toBe(
      '(relations between settings are checked once the shape is right)',
    );
  });

  it('rejects a file that is not there, saying where it looked', async () => {
    expect(await refusalOf('nowhere.config.ts')).toMatch(
      /config: no such file; looked for .*nowhere\.config\.ts/,
    );
  });

  it('rejects a file that is no configuration', async () => {
    expect(await refusalOf('package-lock.json')).toContain('is not a setting');
  });
});
