import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLocalAws, type LocalAws } from '#local/local-aws.ts';
import { seedLocalAws } from '#local-mode/local-seed.ts';
import { projectFolder } from '#test/tidy/source-files.ts';

let aws: LocalAws;
const folder = mkdtempSync(join(tmpdir(), 'spillway-seed-'));
beforeAll(async () => {
  aws = await createLocalAws({ port: 0 });
});
afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

const overrides = async () => (await fetch(`${aws.url}/_local/catalogue`)).json();
const seedFrom = (name: string, text: string): Promise<void> => {
  writeFileSync(join(folder, `${name}.local.json`), text);
  return seedLocalAws(join(folder, `${name}.config.ts`), aws.url);
};

it('lets the example have a gap of its own, and leaves other configurations as the facts are', async () => {
  await seedLocalAws(join(folder, 'none.config.ts'), aws.url);
  expect(await overrides()).toEqual([]);
  await seedLocalAws(join(projectFolder, 'examples/acme.config.ts'), aws.url);
  expect(await overrides()).toMatchObject([
    { region: 'ap-southeast-2', agreementAvailability: 'NOT_AVAILABLE' },
  ]);
});

it('says which file is wrong, and how', async () => {
  await expect(seedFrom('broken', '{')).rejects.toThrow(/broken\.local\.json cannot be read: /);
  await expect(seedFrom('odd', '{"catalogue":[{"region":"eu-west-3"}]}')).rejects.toThrow(
    /odd\.local\.json holds what means nothing here: .*modelId/,
  );
});
