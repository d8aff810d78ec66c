/** Resources that stand and that nothing here acts on: their properties are held to their shape and remembered. */
import type { Cloud } from '../cloud.ts';
import type { Made, ResourceHandler, ResourceRequest } from '../resource-handler.ts';

type Description = Pick<ResourceHandler<Cloud>, 'type' | 'properties' | 'required' | 'createOnly'> & {
  /** Throws where AWS would refuse what the shape lets pass. */
  readonly check?: (request: ResourceRequest, cloud: Cloud) => void | Promise<void>;
  /** The name, and what else can be asked of it. */
  readonly made: (request: ResourceRequest) => Made;
  /** Under which it is remembered, and which no two may share. @default - the attribute Arn */
  readonly key?: (made: Made) => string;
};

export function keptResource(description: Description): ResourceHandler<Cloud> {
  const {
    type,
    properties,
    required,
    createOnly,
    made,
    key = ({ attributes }) => attributes.Arn ?? '',
  } = description;
  const keep = async (request: ResourceRequest, cloud: Cloud): Promise<Made> => {
    await description.check?.(request, cloud);
    const result = made(request);
    cloud.kept.set(key(result), request.properties);
    return result;
  };
  return {
    type,
    properties,
    required,
    createOnly,
    async create(request, cloud) {
      const name = key(made(request));
      if (cloud.kept.has(name)) throw new Error(`AlreadyExists: ${name}`);
      return keep(request, cloud);
    },
    update: ({ request }, cloud) => keep(request, cloud),
    async remove(resource, { kept }) {
      kept.delete(key(resource.made));
    },
  };
}

export const tagsShape = [{ Key: 'text', Value: 'text' }] as const;
