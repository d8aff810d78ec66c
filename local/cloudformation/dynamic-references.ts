/** `{{resolve:…}}` in a value whose functions are resolved: what CloudFormation fetches from elsewhere at the last moment. */

const form = /\{\{resolve:([^}]*)\}\}/g;

/** @param fetch answers what stands between `resolve:` and the braces, or throws where there is no such thing */
export function withDynamicReferences(value: unknown, fetch: (reference: string) => string): unknown {
  if (typeof value === 'string') return value.replaceAll(form, (_, reference: string) => fetch(reference));
  if (Array.isArray(value)) return value.map((element) => withDynamicReferences(element, fetch));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, withDynamicReferences(part, fetch)]),
  );
}
