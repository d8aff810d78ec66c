import type { HostingFacts } from '#core/facts/compile-hosting.ts';

/** `ml.p5.48xlarge (8 or 4 GPUs a copy), ml.p4de.24xlarge (8)`: where somebody measured the engine. */
export function measuredPlaces(hosting: HostingFacts, engine: string): string {
  const gpusByType = new Map<string, number[]>();
  for (const { instanceType, gpusPerCopy } of hosting.speedsOf(engine))
    gpusByType.set(instanceType, [...(gpusByType.get(instanceType) ?? []), gpusPerCopy]);
  return [...gpusByType]
    .map(([type, gpus], index) => `${type} (${gpus.join(' or ')}${index === 0 ? ' of its GPUs a copy' : ''})`)
    .join(', ');
}

/** Every engine with the places where it was measured, as one sentence's end. */
export function everyMeasuredPlace(hosting: HostingFacts): string {
  return hosting.measuredEngines
    .map((engine) => `${engine} on ${measuredPlaces(hosting, engine)}`)
    .join('; ');
}
