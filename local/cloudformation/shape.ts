/** What a resource's properties may look like. A property that nobody reads is an error, never a wish unheard. */
import type { Json } from './template.ts';

/** A leaf by its kind, a list of one shape, or an object by its members. `json` is read by somebody else. */
export type Shape =
  | 'text'
  | 'number'
  | 'boolean'
  | 'json'
  | readonly [Shape]
  | { readonly [name: string]: Shape };

/** Everything that does not fit, with its path. */
export function shapeProblems(path: string, shape: Shape, value: unknown): string[] {
  if (shape === 'json') return [];
  if (typeof shape === 'string') return leafProblems(path, shape, value);
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${path} must be a list`];
    return value.flatMap((element, index) => shapeProblems(`${path}[${index}]`, shape[0], element));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return [`${path} must be an object`];
  return Object.entries(value as Json).flatMap(([name, member]) => {
    const inner = shape[name];
    const innerPath = path === '' ? name : `${path}.${name}`;
    return inner === undefined ? [`unknown property ${innerPath}`] : shapeProblems(innerPath, inner, member);
  });
}

const isList = (shape: Shape): shape is readonly [Shape] => Array.isArray(shape);

/** CloudFormation takes numbers and booleans as text too. */
function leafProblems(path: string, kind: 'text' | 'number' | 'boolean', value: unknown): string[] {
  const fits =
    kind === 'text'
      ? ['string', 'number', 'boolean'].includes(typeof value)
      : kind === 'number'
        ? value !== '' && Number.isFinite(Number(value)) && typeof value !== 'boolean'
        : [true, false, 'true', 'false'].includes(value as boolean);
  return fits ? [] : [`${path} must be a ${kind}, got ${JSON.stringify(value)}`];
}

export const isOn = (value: unknown): boolean => value === true || value === 'true';
