/** A cloud assembly as the next version would have it, without a second synth. */
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TemplateChange } from './template-changes.ts';

/** A copy with other templates, by the ids of their stacks. The caller removes the folder that it returns. */
export function writeChangedAssembly(
  assembly: string,
  changes: Readonly<Record<string, TemplateChange>>,
): string {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-changed-'));
  cpSync(assembly, folder, { recursive: true });
  for (const [id, change] of Object.entries(changes)) changeTemplate(folder, id, change);
  return folder;
}

/** A template is published by its hash, which stands in two files. */
function changeTemplate(folder: string, id: string, change: TemplateChange): void {
  const file = join(folder, `${id}.template.json`);
  const template = JSON.parse(readFileSync(file, 'utf8'));
  change(template);
  const text = JSON.stringify(template);
  writeFileSync(file, text);
  const { artifacts } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
  const { stackTemplateAssetObjectUrl: published } = artifacts[id].properties;
  const [, hash] = /([0-9a-f]{64})\.json$/.exec(published) ?? [];
  if (hash === undefined) throw new Error(`the template of ${id} is published without a hash: ${published}`);
  const nextHash = createHash('sha256').update(text).digest('hex');
  for (const name of ['manifest.json', `${id}.assets.json`]) {
    const naming = readFileSync(join(folder, name), 'utf8');
    writeFileSync(join(folder, name), naming.replaceAll(hash, nextHash));
  }
}
