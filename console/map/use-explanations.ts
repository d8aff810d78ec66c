import { useEffect, useState } from 'preact/hooks';
import type { Explanation } from '#contract/http.ts';
import type { RouteList } from '#contract/route-history.ts';
import { explainCall } from '../routes/question.ts';
import { type ApiProblem, isApiProblem, unreachable } from '../shell/api-problem.ts';
import type { ConsoleApi } from '../shell/console-api.ts';
import type { MapQuestion } from './foresee-traffic.ts';

export interface Explained {
  /** By gateway region, in the order in which they were asked about. Undefined until all have answered. */
  readonly explanations: ReadonlyMap<string, Explanation> | undefined;
  readonly problem: ApiProblem | undefined;
}

/** What each of the gateways would do with a call now; asked again at an interval, for regions go dark by themselves. */
export function useExplanations(
  api: ConsoleApi,
  known: RouteList,
  asked: Omit<MapQuestion, 'dark'> & { readonly gateways: readonly string[]; readonly everyMs: number },
): Explained {
  const [state, setState] = useState<Explained>({ explanations: undefined, problem: undefined });
  const { residency, model, everyMs } = asked;
  const gateways = asked.gateways.join(' ');
  useEffect(() => {
    let isCurrent = true;
    const ask = async (): Promise<void> => {
      const next = await explainAll(api, known, { residency, model, gateways: gateways.split(' ') });
      if (isCurrent) setState((last) => ({ explanations: last.explanations, ...next }));
    };
    setState({ explanations: undefined, problem: undefined });
    void ask();
    const timer = setInterval(() => void ask(), everyMs);
    return () => {
      isCurrent = false;
      clearInterval(timer);
    };
  }, [api, known, residency, model, gateways, everyMs]);
  return state;
}

async function explainAll(
  api: ConsoleApi,
  known: RouteList,
  { residency, model, gateways }: { residency: string; model: string; gateways: readonly string[] },
): Promise<Pick<Explained, 'problem'> & Partial<Explained>> {
  try {
    const asked = gateways
      .filter((from) => from !== '')
      .map(async (from) => {
        const { path, body, headers } = explainCall(
          { residency, model, from, lane: known.defaultLane ?? 'standard' },
          known,
        );
        return [from, await api.postJson<Explanation>(path, body, headers)] as const;
      });
    return { explanations: new Map(await Promise.all(asked)), problem: undefined };
  } catch (error) {
    return { problem: isApiProblem(error) ? error : unreachable(error) };
  }
}
