import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { commonErrorStatus } from './common-errors.ts';
import type { WireOperation, WireService } from './service-table.ts';

/** Services that may be named before they are offered here: rules for them are lawful and strike nothing. */
const notOffered = [
  'application-autoscaling',
  'events',
  'kms',
  'lambda',
  'logs',
  'scheduler',
  'secretsmanager',
  'sns',
  'ssm',
] as const;

const badRequest = 400;

type Matches = (pattern: string, text: string) => boolean;

/** The names that AWS's models hold, by patterns: what fault rules may speak of. */
export class Vocabulary {
  readonly services: readonly string[];
  readonly #offered: readonly WireService[];
  readonly #matches: Matches;

  constructor(offered: readonly WireService[], matches: Matches) {
    this.#offered = offered;
    this.#matches = matches;
    this.services = [...offered.map(({ name }) => name), ...notOffered];
  }

  hasOperation(service: string, operation: string): boolean {
    const offered = this.#services(service);
    if (operation === '*' || offered.length === 0) return true;
    return offered.some(({ operations }) =>
      [...operations.keys()].some((name) => this.#matches(operation, name)),
    );
  }

  answers(shape: 'stream' | 'list', service: string, operation: string): boolean {
    const answers = shape === 'stream' ? answersStream : answersList;
    return this.#operations(service, operation).some(answers);
  }

  errorNames(service: string, operation: string): ReadonlySet<string> {
    const names = new Set<string>(Object.keys(commonErrorStatus));
    for (const found of this.#operations(service, operation)) {
      for (const name of operation === '*' ? found.service.errors.keys() : modelledErrors(found))
        names.add(name);
    }
    return names;
  }

  streamExceptions(service: string, operation: string): ReadonlySet<string> {
    const names = new Set<string>();
    for (const { streamMember } of this.#operations(service, operation)) {
      if (streamMember?.shape.kind !== 'structure') continue;
      for (const { name, shape } of streamMember.shape.members) {
        if (shape.kind === 'structure' && shape.error) names.add(name).add(shape.name);
      }
    }
    return names;
  }

  /** The status of an error name, also at a service that does not model it: as another service does. */
  statusOf(name: string, service: WireService): number {
    const modelled = [service, ...this.#offered].map(({ errors }) => errors.get(name)?.status);
    return modelled.find((status) => status !== undefined) ?? commonErrorStatus[name] ?? badRequest;
  }

  #services(pattern: string): WireService[] {
    return this.#offered.filter(({ name }) => this.#matches(pattern, name));
  }

  #operations(service: string, operation: string): WireOperation[] {
    return this.#services(service)
      .flatMap(({ operations }) => [...operations.values()])
      .filter(({ name, run }) => (run !== undefined || name === operation) && this.#matches(operation, name));
  }
}

export function answersStream(operation: WireOperation): boolean {
  return operation.streamMember !== undefined;
}

/** A list API: a read whose answer holds a list at its top. */
export function answersList({ name, output }: WireOperation): boolean {
  if (!/^(List|Receive|Describe|Search|Query|Scan|Get|BatchGet)/.test(name) || output.kind !== 'structure')
    return false;
  return output.members.some(({ shape }) => shape.kind === 'list');
}

const errorsByOperation = new Map<string, ReadonlySet<string>>();

/**
 * The errors one operation models. The run-time schemas list errors per service only; the client's shipped type
 * declarations name them per operation. Where those are absent every error of the service counts.
 */
function modelledErrors({ service, name }: WireOperation): Iterable<string> {
  const key = `${service.name}/${name}`;
  const known = errorsByOperation.get(key) ?? new Set(readDeclaredErrors(service.clientPackage, name));
  errorsByOperation.set(key, known);
  const modelled = [...known].filter((error) => service.errors.has(error));
  const everywhere = Object.keys(service.definition.unmodelledErrors ?? {});
  return modelled.length > 0 ? [...modelled, ...everywhere] : service.errors.keys();
}

function readDeclaredErrors(clientPackage: string, operation: string): string[] {
  try {
    const main = createRequire(import.meta.url).resolve(clientPackage);
    const root = main.slice(0, main.lastIndexOf('/dist-'));
    const declaration = readFileSync(`${root}/dist-types/commands/${operation}Command.d.ts`, 'utf8');
    return [...declaration.matchAll(/@throws \{@link (\w+)\}/g)].map((match) => match[1] ?? '');
  } catch {
    return [];
  }
}
