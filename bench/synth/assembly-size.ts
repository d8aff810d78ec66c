import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Measure, measuresOf } from '#lib/template-limits.ts';

/** The fullest that anything is of one kind that AWS bounds, and in which template. */
interface Fullest extends Measure {
  readonly template: string;
}

export interface AssemblySize {
  readonly templates: number;
  readonly resources: number;
  readonly functionAssets: number;
  readonly bytes: number;
  /** By kind of limit, the fullest first. */
  readonly fullest: readonly Fullest[];
}

const TEMPLATE = /\.template\.json$/;
const ASSET = /^asset\.[0-9a-f]{64}$/;

export function assemblySize(folder: string): AssemblySize {
  const names = readdirSync(folder);
  const templates = names.filter((name) => TEMPLATE.test(name));
  const fullest = new Map<string, Fullest>();
  let resources = 0;
  for (const template of templates) {
    const text = readFileSync(join(folder, template), 'utf8');
    for (const measure of measuresOf(JSON.parse(text), Buffer.byteLength(text))) {
      if (measure.what === 'resources') resources += measure.value;
      const before = fullest.get(measure.what);
      if (before === undefined || before.value < measure.value)
        fullest.set(measure.what, { ...measure, template });
    }
  }
  return {
    templates: templates.length,
    resources,
    functionAssets: names.filter((name) => ASSET.test(name)).length,
    bytes: filesUnder(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0),
    fullest: [...fullest.values()].sort((left, right) => right.value / right.max - left.value / left.max),
  };
}

/** Every file below a folder, with a hash of what it holds: equal maps are equal folders. */
function hashesOf(folder: string): ReadonlyMap<string, string> {
  const entries = filesUnder(folder).map(
    (name) =>
      [
        name,
        createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex'),
      ] as const,
  );
  return new Map(entries);
}

/** Files that only one of the folders has, or that differ. */
export function differences(left: string, right: string): readonly string[] {
  const [ours, theirs] = [hashesOf(left), hashesOf(right)];
  return [...new Set([...ours.keys(), ...theirs.keys()])].filter(
    (name) => ours.get(name) !== theirs.get(name),
  );
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    statSync(join(folder, name)).isFile(),
  );
}
