/** What the audit of data/capabilities.json demands of it, and the page that shows it. Run by its test. */

/** One value and the ids of the sources that say so; null with the sources that disagree. */
type Fact = readonly unknown[];

export interface CapabilityFile {
  readonly asOf: string;
  readonly sources: readonly Source[];
  readonly models: readonly Row[];
}

interface Source {
  readonly id: string;
  /** `first-hand`: AWS or the vendor of the model. `second-hand`: somebody who uses them. */
  readonly kind: string;
  readonly of: string;
  readonly url: string;
  readonly at: string;
}

type Row = { readonly id: string } & { readonly [fact: string]: unknown };

/** What the catalogue says of a model: its modalities and streams come from AWS's own list. */
export interface CatalogueModel {
  readonly id: string;
  readonly input: readonly string[] | null;
  readonly output: readonly string[] | null;
  readonly streaming: boolean | null;
}

const isYesOrNo = (value: unknown): boolean => typeof value === 'boolean';
const isTokens = (value: unknown): boolean => Number.isInteger(value) && Number(value) > 0;
const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((each) => typeof each === 'string');
const isLengths = (value: unknown): boolean => Array.isArray(value) && value.every(isTokens);

const shapes: Readonly<Record<string, (value: unknown) => boolean>> = {
  tools: isYesOrNo,
  streamedTools: isYesOrNo,
  parallelTools: isYesOrNo,
  toolChoiceAny: isYesOrNo,
  toolChoiceNamed: isYesOrNo,
  jsonSchema: isYesOrNo,
  documents: isYesOrNo,
  images: isYesOrNo,
  systemPrompts: isYesOrNo,
  reasoning: isTexts,
  serviceTiers: isTexts,
  promptCaching: isYesOrNo,
  cachePointTokensMin: isTokens,
  dimensions: isLengths,
};

/** What is wrong with the file, one sentence each; none where it holds. */
export function capabilityFaults(
  file: CapabilityFile,
  catalogue: readonly Pick<CatalogueModel, 'id'>[],
): readonly string[] {
  const ids = file.models.map(({ id }) => id);
  const known = new Set(catalogue.map(({ id }) => id));
  return [
    ...[...known].filter((id) => !ids.includes(id)).map((id) => `${id} has no entry`),
    ...ids.filter((id) => !known.has(id)).map((id) => `${id} is no model of the catalogue`),
    ...ids.filter((id, index) => ids.indexOf(id) !== index).map((id) => `${id} has two entries`),
    ...file.sources.flatMap(sourceFaults),
    ...file.models.flatMap((row) =>
      factsOf(row).flatMap(([name, fact]) => factFaults(file, { path: `${row.id}.${name}`, name, fact })),
    ),
  ];
}

function sourceFaults({ id, kind, of, url, at }: Source): readonly string[] {
  const whole = [of, url, at].every((text) => text.length > 0) && url.startsWith('https://');
  const kinds = kind === 'first-hand' || kind === 'second-hand';
  return whole && kinds ? [] : [`source ${id} must say its kind, of what, where and when`];
}

function factFaults(
  file: CapabilityFile,
  { path, name, fact }: { readonly path: string; readonly name: string; readonly fact: Fact },
): readonly string[] {
  const [value, ...sources] = fact;
  const kinds = sources.map((source) => file.sources.find((each) => each.id === source)?.kind);
  if (shapes[name] === undefined) return [`${path} is no known fact`];
  const faults = kinds.flatMap((kind, index) =>
    kind === undefined ? [`${path} names an unknown source: ${sources[index]}`] : [],
  );
  if (sources.length === 0) faults.push(`${path} has no source`);
  if (value === null && sources.length < 2) faults.push(`${path} is disputed by fewer than two sources`);
  if (value !== null && shapes[name]?.(value) !== true) faults.push(`${path} has a value of another kind`);
  if (value === false && !kinds.includes('first-hand'))
    faults.push(`${path} is a second-hand "no": it would take targets out of routes`);
  return faults;
}

function factsOf({ id: _, ...facts }: Row): readonly (readonly [string, Fact])[] {
  return Object.entries(facts).map(([name, fact]) => [name, Array.isArray(fact) ? fact : []]);
}

const columns: readonly (readonly [title: string, fact: string])[] = [
  ['tools', 'tools'],
  ['streamed tools', 'streamedTools'],
  ['parallel tools', 'parallelTools'],
  ['forced: any', 'toolChoiceAny'],
  ['forced: named', 'toolChoiceNamed'],
  ['JSON schema', 'jsonSchema'],
  ['documents', 'documents'],
  ['images', 'images'],
  ['video', 'video'],
  ['audio', 'audio'],
  ['reasoning', 'reasoning'],
  ['prompt caching', 'promptCaching'],
  ['system prompts', 'systemPrompts'],
  ['streaming', 'streaming'],
  ['service tiers', 'serviceTiers'],
];

const SCAN = 'scan';

interface Told {
  readonly file: CapabilityFile;
  readonly catalogue: readonly CatalogueModel[];
}

/** docs/models.md. */
export function capabilitiesDocument(told: Told): string {
  const { file, catalogue } = told;
  const chats = catalogue.filter(({ output }) => output === null || output.includes('TEXT'));
  const embedders = catalogue.filter(({ output }) => output?.includes('EMBEDDING'));
  const cells = chats.flatMap(({ id }) => columns.map(([, name]) => factOf(told, id, name)));
  return [
    '# What each model can do',
    '',
    `Made from \`data/capabilities.json\` and \`data/catalogue.json\`, as of ${file.asOf}. The number after a value is its source, below.`,
    '**?** is unknown: such a target is tried, and what it refuses is believed for an hour. **? with two numbers**: those',
    'sources disagree. Only a **no** keeps a request away from a target (`capability-missing`), and only where AWS or the',
    'vendor says so. Reasoning and service tiers are lists: what is not in one counts as a no, and some lists of reasoning are',
    'second-hand. "JSON schema" is a model’s own structured outputs. A JSON answer is made by those where the model is known',
    'to have them, and else by a tool that it is forced to call: it is missing only where both are a no, see',
    '[JSON answers](dialects.md#json-answers).',
    '',
    tally(file, cells),
    '',
    `| model | ${columns.map(([title]) => title).join(' | ')} |`,
    `| --- |${' --- |'.repeat(columns.length)}`,
    ...chats.map(({ id }) => rowOf(told, id)),
    '',
    '## Vectors',
    '',
    '| model | lengths; the first is what it gives unasked |',
    '| --- | --- |',
    ...embedders.map(({ id }) => `| \`${id}\` | ${cellOf(file, factOf(told, id, 'dimensions'))} |`),
    '',
    '## Sources',
    '',
    '| | | what | as of |',
    '| --- | --- | --- | --- |',
    ...file.sources.map(
      ({ kind, of, url, at }, index) => `| ${index + 1} | ${kind} | [${of}](${url}) | ${at} |`,
    ),
    '',
  ].join('\n');
}

function rowOf(told: Told, id: string): string {
  const cells = columns.map(([, name]) => {
    const cell = cellOf(told.file, factOf(told, id, name));
    const tokens = name === 'promptCaching' ? factOf(told, id, 'cachePointTokensMin')?.[0] : undefined;
    return tokens === undefined ? cell : `${cell} from ${tokens} tokens`;
  });
  return `| \`${id}\` | ${cells.join(' | ')} |`;
}

/** Undefined where nobody says anything. */
function factOf({ file, catalogue }: Told, id: string, name: string): Fact | undefined {
  const own = file.models.find((row) => row.id === id)?.[name];
  if (Array.isArray(own)) return own;
  const listed = catalogue.find((row) => row.id === id);
  const modality = { images: ['IMAGE'], video: ['VIDEO'], audio: ['AUDIO', 'SPEECH'] }[name];
  if (name === 'streaming') return listed?.streaming == null ? undefined : [listed.streaming, SCAN];
  if (modality === undefined || listed?.input == null) return undefined;
  return [modality.some((each) => listed.input?.includes(each)), SCAN];
}

function cellOf({ sources }: CapabilityFile, fact: Fact | undefined): string {
  if (fact === undefined) return '?';
  const [value, ...named] = fact;
  const marks = named.map((id) => sources.findIndex((source) => source.id === id) + 1).join(',');
  return `${textOf(value)}<sup>${marks}</sup>`;
}

function textOf(value: unknown): string {
  if (value === null) return '?';
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.join(', ');
  return value === true ? 'yes' : 'no';
}

function tally({ sources }: CapabilityFile, cells: readonly (Fact | undefined)[]): string {
  const count = (kind: string) => cells.filter((fact) => kindOf(sources, fact) === kind).length;
  const kinds = ['first-hand', 'second-hand', 'unknown', 'in dispute'];
  return `Of ${cells.length} cells: ${kinds.map((kind) => `${count(kind)} ${kind}`).join(', ')}.`;
}

function kindOf(sources: readonly Source[], fact: Fact | undefined): string {
  if (fact === undefined) return 'unknown';
  if (fact[0] === null) return 'in dispute';
  const first = sources.some(({ id, kind }) => kind === 'first-hand' && fact.slice(1).includes(id));
  return first ? 'first-hand' : 'second-hand';
}
