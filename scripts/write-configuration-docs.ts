/**
 * Writes docs/configuration.md from the schema of spillway.config, so that the two cannot drift apart.
 *
 * Usage: node scripts/write-configuration-docs.ts
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { configSchema } from '#contract/config.ts';

/** JSON Schema, as far as zod writes it for a configuration. */
interface Node {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly properties?: Readonly<Record<string, Node>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Node | boolean;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  /** Of an object whose kind one of its members says. */
  readonly oneOf?: readonly Node[];
}

interface Setting {
  readonly path: string;
  readonly type: string;
  readonly otherwise: string;
  readonly meaning: string;
}

const INTRODUCTION = `# Configuration

<!-- Written by scripts/write-configuration-docs.ts from the schema. Do not edit. -->

One file, \`spillway.config.ts\` (or \`.json\`), named by \`SPILLWAY_CONFIG\` or \`--config\`. Unknown settings are
refused. Every violation is reported with its path: first all wrong shapes at once, and when there are none, all settings
that do not fit together. \`examples/acme.config.ts\` is a complete example.

\`<name>\` stands for a name of your own: a lower-case letter and up to 40 more of a-z, 0-9 and -. \`[]\` stands for each
entry of a list. A residency allows the union of its jurisdictions and its regions; jurisdiction codes are the
\`groups\` of \`data/regions.json\`.

A baseline entry without an id is resolved from the product's own facts: the plain model id where that is offered on
demand, else the profile whose destinations lie inside the residency. One that cannot be resolved lawfully is an error
that names the nearest lawful choice. A baseline also serves every wider residency.

| setting | type | without it | meaning |
| --- | --- | --- | --- |
`;

/** The whole text of docs/configuration.md. */
export function configurationDocument(): string {
  const rows = settingsOf(z.toJSONSchema(configSchema, { io: 'input' }) as Node, '');
  const lines = rows.map(
    ({ path, type, otherwise, meaning }) =>
      `| ${[`\`${path}\``, type, otherwise, meaning].map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`,
  );
  return `${INTRODUCTION}${lines.join('\n')}\n`;
}

/** Every setting of the schema, parents before children. */
function settingsOf(node: Node, path: string): readonly Setting[] {
  const required = new Set(node.required ?? []);
  const named = Object.entries(node.properties ?? {}).filter(([, child]) => !saysKind(child));
  return named.flatMap(([name, child]) => {
    const childPath = path === '' ? name : `${path}.${name}`;
    return [setting(childPath, child, required.has(name)), ...nested(child, childPath)];
  });
}

/** A member that tells kinds of an object apart: what stands above it says which there are. */
function saysKind({ const: only, description }: Node): boolean {
  return only !== undefined && description === undefined;
}

function nested(node: Node, path: string): readonly Setting[] {
  const rows = [node, ...(node.anyOf ?? []), ...(node.oneOf ?? [])].flatMap((option) => {
    if (option.properties !== undefined) return settingsOf(option, path);
    if (option.items !== undefined) return nested(option.items, `${path}[]`);
    const values = option.additionalProperties;
    return typeof values === 'object' ? nested(values, `${path}.<name>`) : [];
  });
  // Kinds of an object share members.
  return rows.filter((row, index) => rows.findIndex((each) => each.path === row.path) === index);
}

function setting(path: string, node: Node, required: boolean): Setting {
  const [meaning = '', otherwise] = (node.description ?? '').split(' @default - ');
  return {
    path,
    type: typeText(node),
    otherwise: required ? 'required' : (otherwise ?? defaultText(node)),
    meaning,
  };
}

function defaultText(node: Node): string {
  if (node.default !== undefined && JSON.stringify(node.default) !== '{}')
    return `\`${JSON.stringify(node.default)}\``;
  return node.properties === undefined ? 'none' : 'the defaults below';
}

function typeText(node: Node): string {
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.enum !== undefined) return node.enum.map((value) => `\`${JSON.stringify(value)}\``).join(' or ');
  if (node.anyOf !== undefined) return [...new Set(node.anyOf.map(typeText))].join(' or ');
  if (node.items !== undefined) return `list of ${typeText(node.items)}`;
  if (node.type === 'integer' || node.type === 'number') {
    const kind = node.type === 'integer' ? 'whole number' : 'number';
    return `${kind} ${node.minimum} to ${node.maximum}`;
  }
  if (node.type === 'boolean') return 'true or false';
  if (typeof node.additionalProperties === 'object') return `by name, ${typeText(node.additionalProperties)}`;
  return node.type === 'string' ? 'text' : 'object';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = fileURLToPath(new URL('..', import.meta.url));
  writeFileSync(join(root, 'docs/configuration.md'), configurationDocument());
  console.log('docs/configuration.md');
}
