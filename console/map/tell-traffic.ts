/** The answer of the map in sentences: what happens to the traffic, and what remains. */
import type { Foreseen, MapQuestion } from './foresee-traffic.ts';
import { namedRegion } from './region-cities.ts';

/** The first sentence is the answer; the others say why it is one. */
export function tellTraffic({ residency, model, dark }: MapQuestion, foreseen: Foreseen): readonly string[] {
  const { entry, gateways, steps, refusal } = foreseen;
  const calls = `calls of ${model} under ${residency}`;
  const when = dark === '' ? '' : `With ${namedRegion(dark)} dark, `;
  const [first, ...others] = steps;
  if (entry === undefined)
    return [
      capital(`${when}no gateway is left that may hold a prompt under ${residency}: ${calls} fail.`),
      'None of them leaves the residency.',
    ];
  if (first === undefined)
    return [
      capital(`${when}nobody is left who may answer ${calls}: they fail with ${refusal}.`),
      'None of them leaves the residency.',
    ];
  const then =
    others.length === 0 ? 'and nowhere else' : `then to ${others.map(({ region }) => region).join(', ')}`;
  return [
    capital(`${when}${calls} go to ${first.region}, ${then}.`),
    ...(dark === '' ? [] : ['Nothing leaves the residency.']),
    `Callers enter at the gateway ${entry}${gateways.length > 1 ? `, or at ${gateways.slice(1).join(', ')}` : ''}.`,
    steps.length === 1
      ? '1 lawful region remains that can answer.'
      : `${steps.length} lawful regions ${dark === '' ? 'can' : 'remain that can'} answer.`,
  ];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
