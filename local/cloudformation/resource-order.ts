/** In which order resources are made: each after all that it refers to or depends on. */
import { DeploymentError } from './deployment-error.ts';
import type { ResourceDefinition } from './template.ts';

/** @throws DeploymentError for a dependency that is not there, and for a circle with its members */
export function inCreationOrder(
  stackName: string,
  resources: readonly ResourceDefinition[],
): readonly ResourceDefinition[] {
  const byId = new Map(resources.map((resource) => [resource.logicalId, resource]));
  const placed = new Set<ResourceDefinition>();
  const place = (resource: ResourceDefinition, path: readonly string[]): void => {
    if (placed.has(resource)) return;
    const { logicalId } = resource;
    if (path.includes(logicalId)) {
      const circle = [...path.slice(path.indexOf(logicalId)), logicalId].join(' → ');
      throw new DeploymentError(stackName, `circular dependency: ${circle}`);
    }
    const missing = resource.dependsOn.find((id) => !byId.has(id));
    if (missing !== undefined) {
      throw new DeploymentError(
        `${stackName} ${logicalId}`,
        `DependsOn names ${missing}, which is no resource`,
      );
    }
    for (const id of referencesOf(resource)) {
      const first = byId.get(id);
      if (first !== undefined) place(first, [...path, logicalId]);
    }
    placed.add(resource);
  };
  for (const resource of resources) place(resource, []);
  return [...placed];
}

/** Names that a resource refers to, of parameters also. */
function referencesOf({ properties, dependsOn }: ResourceDefinition): Set<string> {
  const found = new Set(dependsOn);
  collect(properties, found);
  return found;
}

function collect(value: unknown, found: Set<string>): void {
  if (Array.isArray(value)) {
    for (const element of value) collect(element, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    if (name === 'Ref') found.add(String(part));
    else if (name === 'Fn::GetAtt')
      found.add(String(Array.isArray(part) ? part[0] : part).split('.')[0] ?? '');
    else if (name === 'Fn::Sub') collectFromText(Array.isArray(part) ? part[0] : part, found);
    collect(part, found);
  }
}

function collectFromText(text: unknown, found: Set<string>): void {
  for (const [, name = ''] of String(text).matchAll(/\$\{([^!}][^}]*)\}/g))
    found.add(name.split('.')[0] ?? name);
}
