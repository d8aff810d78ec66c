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

/** vLLM gives each GPU whole heads, or keeps a head on several GPUs: either number must divide the other. */
function judgeHeads(deployment: Deployment, facts: EngineFacts): readonly Contradiction[] {
  const layout = layoutOf(deployment, facts);
  const engine = engineOf(deployment, facts);
  if (layout === undefined) return [];
  const { gpus, tensorParallel, pipelineParallel } = layout;
  const member = 'tensorParallel';
  if (!Number.isInteger(pipelineParallel))
    return [{ member, message: `${tensorParallel} must divide the ${gpus} GPUs of a copy` }];
  if (deployment.speculation !== undefined && pipelineParallel > 1) {
    const message = `${tensorParallel} of ${gpus} GPUs puts layers on GPUs one after the other, which speculation does not work with; must be ${gpus}`;
    return [{ member, message }];
  }
  if (engine === undefined || engine.attention.kind === 'mla') return [];
  const { kvHeads } = engine.attention;
  if (kvHeads % tensorParallel === 0 || tensorParallel % kvHeads === 0) return [];
  const message = `${tensorParallel} GPUs cannot share the ${kvHeads} key and value heads of engine; one number must divide the other`;
  return [{ member, message }];
}
