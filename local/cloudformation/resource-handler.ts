/** How one type of resource is made, changed and removed. One file under handlers/ for each type. */
import type { Shape } from './shape.ts';
import { shapeProblems } from './shape.ts';
import type { Json } from './template.ts';

/** A thing that stands. */
export interface Made {
  /** What `Ref` answers, and by which the thing is found again. */
  readonly physicalId: string;
  /** What `Fn::GetAtt` answers. */
  readonly attributes: Readonly<Record<string, string>>;
}

export interface ResourceRequest {
  readonly stackName: string;
  readonly logicalId: string;
  readonly account: string;
  readonly region: string;
  /** Resolved: no intrinsic is left. */
  readonly properties: Json;
  /** A name nobody else has, for a thing whose template gives none. At most this many characters. */
  nameOf(charactersMax: number): string;
}

/** `Cloud` is what its things are made in. */
export interface ResourceHandler<Cloud> {
  readonly type: string;
  readonly properties: { readonly [name: string]: Shape };
  readonly required: readonly string[];
  /** A change of one of these makes another thing in the place of this one. */
  readonly createOnly: readonly string[];
  create(request: ResourceRequest, cloud: Cloud): Promise<Made>;
  /** Absent where nothing can be changed: then every change replaces. */
  readonly update?: (change: ResourceChange, cloud: Cloud) => Promise<Made>;
  remove(made: MadeResource, cloud: Cloud): Promise<void>;
}

/** What stands, with the request that made it or changed it last. */
export interface MadeResource {
  readonly request: ResourceRequest;
  readonly made: Made;
}

interface ResourceChange {
  readonly from: MadeResource;
  readonly request: ResourceRequest;
}

/** Everything about the properties that this type would not take. */
export function propertyProblems(
  handler: Pick<ResourceHandler<never>, 'properties' | 'required'>,
  properties: Json,
): string[] {
  const missing = handler.required.filter((name) => properties[name] === undefined);
  return [
    ...missing.map((name) => `required property ${name} is missing`),
    ...shapeProblems('', handler.properties, properties),
  ];
}
