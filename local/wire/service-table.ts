import type { Operation, ServiceDefinition } from '../service.ts';
import { type Member, type Shape, ShapeCompiler, type StructureShape } from './shape.ts';

export type Protocol = 'rest-json' | 'rest-xml' | 'aws-json' | 'aws-query';

/** How an error class of a service goes out. */
export interface ErrorShape {
  readonly name: string;
  readonly status: number;
  readonly fault: 'client' | 'server';
  /** The code that query callers see, where it differs. */
  readonly queryCode: string;
  readonly shape: StructureShape;
}

interface RestRoute {
  readonly method: string;
  readonly pattern: RegExp;
  readonly labels: readonly string[];
  readonly query: readonly (readonly [string, string | undefined])[];
  readonly status: number;
}

/** An operation of the SDK's model. `run` is absent where the stand-in does not offer it. */
export interface WireOperation {
  readonly service: WireService;
  readonly name: string;
  readonly route: RestRoute | undefined;
  readonly run: Operation | undefined;
  readonly input: Shape;
  readonly output: Shape;
  /** The output member that is an event stream. */
  readonly streamMember: Member | undefined;
}

export interface WireService {
  readonly definition: ServiceDefinition;
  readonly name: string;
  readonly protocol: Protocol;
  readonly namespace: string;
  readonly xmlNamespace: string;
  /** Prefix of X-Amz-Target. */
  readonly target: string;
  readonly version: string;
  readonly queryCompatible: boolean;
  /** The npm name of the SDK client, where its documentation of errors lies. */
  readonly clientPackage: string;
  readonly operations: ReadonlyMap<string, WireOperation>;
  readonly errors: ReadonlyMap<string, ErrorShape>;
}

interface ProtocolSettings {
  readonly defaultNamespace?: string;
  readonly xmlNamespace?: string;
  readonly serviceTarget?: string;
  readonly version?: string;
  readonly awsQueryCompatible?: boolean;
}

interface ClientConfig {
  readonly serviceId: string;
  readonly protocol: { getShapeId(): string };
  readonly protocolSettings: ProtocolSettings;
}

type OperationSchema = readonly [
  number,
  string,
  string,
  { http?: readonly [string, string, number?] },
  unknown,
  unknown,
];

/** The trait by which a protocol renames members on the wire. */
const nameTraits: Readonly<Partial<Record<Protocol, 'jsonName' | 'xmlName'>>> = {
  'rest-json': 'jsonName',
  'rest-xml': 'xmlName',
};

const operationSchemaCode = 9;
const errorSchemaCode = -3;

const noMembers: StructureShape = {
  kind: 'structure',
  name: 'Error',
  rootName: 'Error',
  union: false,
  streaming: false,
  error: true,
  members: [],
  byWireName: new Map(),
};

/** Reads a service's operations and errors out of its SDK client. */
export function readService(definition: ServiceDefinition): WireService {
  const config = configOf(definition);
  const settings = config.protocolSettings;
  const protocol = protocolOf(config.protocol.getShapeId(), definition.service);
  const compiler = new ShapeCompiler(nameTraits[protocol]);
  const operations = new Map<string, WireOperation>();
  const service: WireService = {
    definition,
    name: definition.service,
    protocol,
    namespace: settings.defaultNamespace ?? '',
    xmlNamespace: settings.xmlNamespace ?? '',
    target: settings.serviceTarget ?? '',
    version: settings.version ?? '',
    queryCompatible: settings.awsQueryCompatible === true,
    clientPackage: `@aws-sdk/client-${config.serviceId.toLowerCase().replaceAll(' ', '-')}`,
    operations,
    errors: readErrors(definition, compiler),
  };
  for (const schema of schemasOf(definition, operationSchemaCode)) {
    const operation = new CompiledOperation(service, schema as unknown as OperationSchema, compiler);
    operations.set(operation.name, operation);
  }
  refuseUnknownOperations(definition, operations);
  return service;
}

/** Shapes are compiled at an operation's first call: SageMaker alone models 404 operations. */
class CompiledOperation implements WireOperation {
  readonly service: WireService;
  readonly name: string;
  readonly route: RestRoute | undefined;
  readonly run: Operation | undefined;
  readonly #schema: OperationSchema;
  readonly #compiler: ShapeCompiler;
  #input: Shape | undefined;
  #output: Shape | undefined;

  constructor(service: WireService, schema: OperationSchema, compiler: ShapeCompiler) {
    this.service = service;
    this.name = schema[2];
    this.route = routeOf(service.protocol, schema);
    this.run = service.definition.operations[this.name];
    this.#schema = schema;
    this.#compiler = compiler;
  }

  get input(): Shape {
    this.#input ??= this.#compiler.compile(this.#schema[4]);
    return this.#input;
  }

  get output(): Shape {
    this.#output ??= this.#compiler.compile(this.#schema[5]);
    return this.#output;
  }

  get streamMember(): Member | undefined {
    if (this.output.kind !== 'structure') return undefined;
    return this.output.members.find(({ shape }) => shape.kind === 'structure' && shape.streaming);
  }
}

function configOf({ client, service }: ServiceDefinition): ClientConfig {
  const name = Object.keys(client).find((key) => key.endsWith('Client') && key !== '__Client');
  const Client = name === undefined ? undefined : client[name];
  if (typeof Client !== 'function') throw new Error(`service ${service}: its module exports no client class`);
  const instance = new (Client as new (options: object) => { config: ClientConfig; destroy(): void })({
    region: 'us-east-1',
    credentials: { accessKeyId: 'unused', secretAccessKey: 'unused' },
  });
  instance.destroy();
  return instance.config;
}

function protocolOf(shapeId: string, service: string): Protocol {
  if (shapeId.endsWith('#restJson1')) return 'rest-json';
  if (shapeId.endsWith('#restXml')) return 'rest-xml';
  if (shapeId.includes('#awsJson1_')) return 'aws-json';
  if (shapeId.endsWith('#awsQuery')) return 'aws-query';
  throw new Error(`service ${service}: the wire layer does not speak ${shapeId}`);
}

function schemasOf({ client }: ServiceDefinition, code: number): (readonly unknown[])[] {
  return Object.values(client).filter((value) => Array.isArray(value) && value[0] === code) as unknown[][];
}

function refuseUnknownOperations(definition: ServiceDefinition, known: ReadonlyMap<string, unknown>): void {
  for (const name of Object.keys(definition.operations)) {
    if (!known.has(name))
      throw new Error(`service ${definition.service}: the SDK models no operation ${name}`);
  }
}

function readErrors(definition: ServiceDefinition, compiler: ShapeCompiler): Map<string, ErrorShape> {
  const errors = new Map<string, ErrorShape>();
  for (const [name, status] of Object.entries(definition.unmodelledErrors ?? {})) {
    const fault = status >= 500 ? 'server' : 'client';
    errors.set(name, { name, status, fault, queryCode: name, shape: noMembers });
  }
  for (const schema of schemasOf(definition, errorSchemaCode)) {
    const traits = (schema[3] || {}) as {
      error?: 'client' | 'server';
      httpError?: number;
      awsQueryError?: readonly [string, number];
    };
    if (traits.error === undefined) continue;
    const shape = compiler.compile(schema);
    if (shape.kind !== 'structure') continue;
    const name = String(schema[2]);
    errors.set(name, {
      name,
      status: traits.httpError ?? traits.awsQueryError?.[1] ?? (traits.error === 'server' ? 500 : 400),
      fault: traits.error,
      queryCode: traits.awsQueryError?.[0] ?? name,
      shape,
    });
  }
  return errors;
}

function routeOf(protocol: Protocol, schema: OperationSchema): RestRoute | undefined {
  const { http } = schema[3] ?? {};
  if (http === undefined) return undefined;
  if (protocol === 'rest-json') return readRoute(http);
  if (protocol !== 'rest-xml') return undefined;
  const [method, uri, status] = http;
  return readRoute([method, takesBucket(schema[4]) ? underBucket(uri) : uri, status ?? 200]);
}

const memberNamesIndex = 4;

/** The client puts the bucket into host or path by its endpoint rules, so that its routes do not name it. */
function takesBucket(input: unknown): boolean {
  const schema = (typeof input === 'function' ? input() : input) as readonly unknown[];
  const names = schema[memberNamesIndex];
  return Array.isArray(names) && names.includes('Bucket');
}

const underBucket = (uri: string): string => `/{Bucket}${uri.replace(/^\/(?=\?|$)/, '')}`;

function readRoute([method, uri, status]: readonly [string, string, number?]): RestRoute {
  const [path = '/', query] = uri.split('?');
  const labels: string[] = [];
  const source = path
    .replaceAll(/[.*^$()|[\]\\]/g, '\\$&')
    .replaceAll(/\{([^}+]+)(\+?)\}/g, (_, name, greedy) => {
      labels.push(String(name));
      return greedy === '+' ? '(.+)' : '([^/]+)';
    });
  const statics = (query ?? '').split('&').filter((part) => part !== '');
  return {
    method,
    pattern: new RegExp(`^${source}/?$`),
    labels,
    query: statics.map((part) => [part.split('=')[0] ?? '', part.split('=')[1]] as const),
    status: status ?? 200,
  };
}
