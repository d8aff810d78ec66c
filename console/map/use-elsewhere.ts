import { useEffect, useState } from 'preact/hooks';
import type { Explanation } from '#contract/http.ts';
import type { RouteList } from '#contract/route-history.ts';
import { explainCall } from '../routes/question.ts';
import type { ConsoleApi } from '../shell/console-api.ts';
import type { MapQuestion } from './foresee-traffic.ts';

type Elsewhere = NonNullable<Explanation['gateways']>;

/** The gateways to which this one sends callers of the residency; none where they may enter here. */
export function useElsewhere(
  api: ConsoleApi,
  known: RouteList,
  { residency, model }: Omit<MapQuestion, 'dark'>,
): Elsewhere {
  const [elsewhere, setElsewhere] = useState<Elsewhere>([]);
  useEffect(() => {
    let isCurrent = true;
    const call = { residency, model, from: known.from, lane: known.defaultLane ?? 'standard' };
    const { path, body, headers } = explainCall(call, known);
    setElsewhere([]);
    api.postJson<Explanation>(path, body, headers).then(
      ({ code, gateways = [] }) => {
        if (isCurrent && code === 'wrong_gateway_region') setElsewhere(gateways);
      },
      // The map's own questions say what is wrong.
      () => undefined,
    );
    return () => {
      isCurrent = false;
    };
  }, [api, known, residency, model]);
  return elsewhere;
}
