/**
 * The wire layer: sockets, signatures, protocols. It decodes calls and encodes answers out of the schemas that
 * the SDK clients ship, and knows no service by name.
 *
 * This file turns one client schema into a plain tree, once per operation, so that no call walks schema
 * objects again.
 */
import { NormalizedSchema } from '@smithy/core/schema';

export type TimestampFormat = 'date-time' | 'http-date' | 'epoch-seconds';

/** How a member travels in HTTP, where it does not travel in the body. */
interface Binding {
  readonly label?: boolean;
  readonly query?: string;
  readonly queryParams?: boolean;
  readonly header?: string;
  readonly prefixHeaders?: string;
  readonly payload?: boolean;
  readonly responseCode?: boolean;
  readonly eventHeader?: boolean;
  readonly eventPayload?: boolean;
  readonly flattened?: boolean;
}

export interface Member {
  readonly name: string;
  readonly wireName: string;
  readonly required: boolean;
  readonly shape: Shape;
  readonly binding: Binding;
}

export interface StructureShape {
  readonly kind: 'structure';
  readonly name: string;
  /** The element around it where it is a whole XML body. */
  readonly rootName: string;
  readonly union: boolean;
  readonly streaming: boolean;
  readonly error: boolean;
  readonly members: readonly Member[];
  readonly byWireName: ReadonlyMap<string, Member>;
}

export type Shape =
  | StructureShape
  | {
      readonly kind: 'list';
      readonly sparse: boolean;
      readonly member: Shape;
      /** The element around each item in XML. */
      readonly itemName: string;
    }
  | { readonly kind: 'map'; readonly sparse: boolean; readonly value: Shape }
  | { readonly kind: 'timestamp'; readonly format: TimestampFormat | undefined }
  | { readonly kind: 'string' | 'boolean' | 'number' | 'big-number' | 'blob' | 'document' | 'unit' };

const timestampFormats: Readonly<Record<number, TimestampFormat>> = {
  5: 'date-time',
  6: 'http-date',
  7: 'epoch-seconds',
};

/** Schema codes of the SDK: index 6 of a structure counts its required members, which come first. */
const requiredCountIndex = 6;
const errorSchemaCode = -3;

/** Compiles schemas of one service. Shapes are shared, so recursive schemas end. */
export class ShapeCompiler {
  readonly #nameTrait: 'jsonName' | 'xmlName' | undefined;
  readonly #known = new Map<unknown, Shape>();

  /** `nameTrait`: REST services rename members on the wire by this trait; RPC services do not. */
  constructor(nameTrait: 'jsonName' | 'xmlName' | undefined) {
    this.#nameTrait = nameTrait;
  }

  compile(reference: unknown): Shape {
    return this.#of(NormalizedSchema.of(reference as never));
  }

  #of(schema: NormalizedSchema): Shape {
    if (schema.isUnitSchema()) return { kind: 'unit' };
    if (schema.isStructSchema()) return this.#structure(schema);
    const traits = schema.getMergedTraits() as { sparse?: 1 };
    if (schema.isListSchema())
      return this.#shared(schema, () =>
        list(schema.getValueSchema(), this.#of(schema.getValueSchema()), traits),
      );
    if (schema.isMapSchema())
      return this.#shared(schema, () => map(this.#of(schema.getValueSchema()), traits));
    return scalar(schema);
  }

  #shared(schema: NormalizedSchema, make: () => Shape): Shape {
    const key = schema.getSchema();
    if (typeof key !== 'object') return make();
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const later = {} as Record<string, unknown>;
    this.#known.set(key, later as unknown as Shape);
    return Object.assign(later, make()) as unknown as Shape;
  }

  #structure(schema: NormalizedSchema): Shape {
    return this.#shared(schema, () => {
      const source = schema.getSchema() as unknown as readonly unknown[];
      const requiredCount = Number(source[requiredCountIndex] ?? 0);
      const members: Member[] = [];
      for (const [name, member] of schema.structIterator()) {
        members.push(this.#member(name, member, members.length < requiredCount));
      }
      return {
        kind: 'structure',
        name: String(source[2]),
        rootName: rootNameOf(schema) ?? String(source[2]),
        union: schema.isUnionSchema(),
        streaming: schema.isStreaming(),
        error: source[0] === errorSchemaCode,
        members,
        byWireName: new Map(members.map((member) => [member.wireName, member])),
      };
    });
  }

  #member(name: string, schema: NormalizedSchema, required: boolean): Member {
    const traits = schema.getMergedTraits() as Record<string, unknown>;
    const renamed = this.#nameTrait === undefined ? undefined : traits[this.#nameTrait];
    return {
      name,
      wireName: typeof renamed === 'string' ? renamed : name,
      required,
      shape: this.#of(schema),
      binding: bindingOf(traits),
    };
  }
}

function list(item: NormalizedSchema, member: Shape, traits: { sparse?: 1 }): Shape {
  return { kind: 'list', sparse: traits.sparse === 1, member, itemName: itemNameOf(item) };
}

/** Members of a list that carry their own element name; a structure's root name is not one. */
function itemNameOf(item: NormalizedSchema): string {
  const { xmlName } = item.getMemberTraits() as { xmlName?: string };
  return xmlName ?? 'member';
}

function rootNameOf(schema: NormalizedSchema): string | undefined {
  return (schema.getOwnTraits() as { xmlName?: string }).xmlName;
}

function map(value: Shape, traits: { sparse?: 1 }): Shape {
  return { kind: 'map', sparse: traits.sparse === 1, value };
}

function scalar(schema: NormalizedSchema): Shape {
  if (schema.isBlobSchema()) return { kind: 'blob' };
  if (schema.isTimestampSchema()) {
    return { kind: 'timestamp', format: timestampFormats[schema.getSchema() as number] };
  }
  if (schema.isBooleanSchema()) return { kind: 'boolean' };
  if (schema.isNumericSchema()) return { kind: 'number' };
  if (schema.isBigIntegerSchema() || schema.isBigDecimalSchema()) return { kind: 'big-number' };
  if (schema.isDocumentSchema()) return { kind: 'document' };
  return { kind: 'string' };
}

function bindingOf(traits: Record<string, unknown>): Binding {
  const text = (key: string): string | undefined =>
    typeof traits[key] === 'string' ? traits[key] : undefined;
  const flag = (key: string): true | undefined => (traits[key] === 1 ? true : undefined);
  const found = {
    label: flag('httpLabel'),
    query: text('httpQuery'),
    queryParams: flag('httpQueryParams'),
    header: text('httpHeader')?.toLowerCase(),
    prefixHeaders: text('httpPrefixHeaders')?.toLowerCase(),
    payload: flag('httpPayload'),
    responseCode: flag('httpResponseCode'),
    eventHeader: flag('eventHeader'),
    eventPayload: flag('eventPayload'),
    flattened: flag('xmlFlattened'),
  };
  return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined)) as Binding;
}

/** Whether a member of a REST operation's input or output is carried in the JSON body. */
export function isInBody(member: Member): boolean {
  const { label, query, queryParams, header, prefixHeaders, payload, responseCode } = member.binding;
  return !(label || query || queryParams || header || prefixHeaders || payload || responseCode);
}
