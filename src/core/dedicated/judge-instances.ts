import type { EngineFacts } from '../kv/described-engine.ts';
import { engineOf, layoutOf } from './copy-layout.ts';
import type { Contradiction, Deployment } from './deployment.ts';

/** Ada, Hopper and later; earlier ones unpack each number before they multiply, and gain nothing by it. */
const FP8_COMPUTE_CAPABILITY_MIN = 8.9;
/** SageMaker's own: priorities go from 1 to 5. */
const INSTANCE_TYPES_MAX = 5;

/** Instance types that exist, are large enough for a copy, and whose GPUs can do what is asked of them. */
export function judgeInstances(deployment: Deployment, facts: EngineFacts): readonly Contradiction[] {
  const { instanceTypes } = deployment;
  if (instanceTypes.length === 0 || instanceTypes.length > INSTANCE_TYPES_MAX) {
    const message = `${instanceTypes.length} instance types; must be 1 to ${INSTANCE_TYPES_MAX}`;
    return [{ member: 'instanceTypes', message }];
  }
  const known = instanceTypes.flatMap((type, index) => judgeType({ deployment, type, index }, facts));
  return known.length > 0 ? known : [...judgeGpuCounts(deployment, facts), ...judgeHeads(deployment, facts)];
}

function judgeType(
  {
    deployment,
    type,
    index,
  }: { readonly deployment: Deployment; readonly type: string; readonly index: number },
  facts: EngineFacts,
): readonly Contradiction[] {
  const member = `instanceTypes[${index}]`;
  if (deployment.instanceTypes.indexOf(type) < index)
    return [{ member, message: `${type} stands in the list before; leave it out` }];
  const instance = facts.instanceOf(type);
  if (instance === undefined)
    return [{ member, message: `"${type}" is not known; name one of ${facts.instances.join(', ')}` }];
  const asked = fp8Asked(deployment);
  if (asked === undefined || instance.computeCapability >= FP8_COMPUTE_CAPABILITY_MIN) return [];
  const able = facts.instances.filter(
    (each) => (facts.instanceOf(each)?.computeCapability ?? 0) >= FP8_COMPUTE_CAPABILITY_MIN,
  );
  const families = [...new Set(able.map((each) => each.slice(0, each.lastIndexOf('.'))))];
  const message = `"${deployment[asked]}" needs GPUs of compute capability ${FP8_COMPUTE_CAPABILITY_MIN}, those of ${type} have ${instance.computeCapability}; take one of ${families.join(', ')}, or another ${asked}`;
  return [{ member: asked, message }];
}

function fp8Asked({ quantisation, kvFormat }: Deployment): 'quantisation' | 'kvFormat' | undefined {
  if (quantisation === 'fp8' || quantisation === 'fp8-at-start') return 'quantisation';
  return kvFormat === 'fp8' ? 'kvFormat' : undefined;
}

function judgeGpuCounts(deployment: Deployment, facts: EngineFacts): readonly Contradiction[] {
  const { gpusPerCopy, instanceTypes } = deployment;
  const said = engineOf(deployment, facts)?.gpus;
  if (said !== undefined && gpusPerCopy !== undefined && said !== gpusPerCopy)
    return [{ member: 'gpusPerCopy', message: `${gpusPerCopy} is not the ${said} of engine; say it once` }];
  const wanted = said ?? gpusPerCopy;
  const counts = instanceTypes.map((type) => ({ type, gpus: facts.instanceOf(type)?.gpus ?? 0 }));
  if (wanted === undefined) {
    const [first, ...others] = counts;
    const other = others.find(({ gpus }) => gpus !== first?.gpus);
    if (first === undefined || other === undefined) return [];
    const message = `is needed: ${first.type} has ${first.gpus} GPUs and ${other.type} has ${other.gpus}; must be at most the smaller number`;
    return [{ member: 'gpusPerCopy', message }];
  }
  const small = counts.find(({ gpus }) => gpus < wanted);
  if (small === undefined) return [];
  const message = `${wanted} is more than the ${small.gpus} GPUs of ${small.type}; must be at most ${small.gpus}`;
  return [{ member: 'gpusPerCopy', message }];
}

/**
 * LMI starts no engine whose layers lie on GPUs one after the other, so all GPUs of a copy divide each layer; and vLLM gives
 * each of them whole heads, or keeps a head on several: either number must divide the other.
 */
function judgeHeads(deployment: Deployment, facts: EngineFacts): readonly Contradiction[] {
  const layout = layoutOf(deployment, facts);
  const engine = engineOf(deployment, facts);
  if (layout === undefined || engine === undefined) return [];
  const { gpus } = layout;
  const { attention, tensorParallel = gpus } = engine;
  if (tensorParallel !== gpus) {
    const message = `${tensorParallel} of the ${gpus} GPUs of a copy would divide each layer, and the container uses no others; must be ${gpus}, or fewer GPUs a copy`;
    return [{ member: 'engine.tensorParallel', message }];
  }
  if (attention.kind === 'mla') return [];
  const { kvHeads } = attention;
  if (kvHeads % gpus === 0 || gpus % kvHeads === 0) return [];
  const message = `${gpus} GPUs cannot share the ${kvHeads} key and value heads of engine; one number must divide the other`;
  return [{ member: 'gpusPerCopy', message }];
}
