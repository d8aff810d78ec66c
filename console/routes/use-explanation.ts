import { useCallback, useEffect, useState } from 'preact/hooks';
import type { Explanation } from '#contract/http.ts';
import type { RouteList } from '#contract/route-history.ts';
import type { RouteItem } from '#contract/route-item.ts';
import { type ApiProblem, isApiProblem, unreachable } from '../shell/api-problem.ts';
import type { ConsoleApi } from '../shell/console-api.ts';
import { explainCall, type Question, routePath } from './question.ts';

type Published = RouteItem['targets'];

interface Explained {
  readonly explanation: Explanation | undefined;
  /** Targets of the route with scope and reach; none where it could not be read, for they only add detail. */
  readonly published: Published;
  readonly problem: ApiProblem | undefined;
  readonly isLoading: boolean;
}

const nothingYet: Explained = { explanation: undefined, published: [], problem: undefined, isLoading: true };

/** What the gateway would do with the question's call; the last answer stays until the next one is here. */
export function useExplanation(
  api: ConsoleApi,
  known: RouteList,
  question: Question,
): Explained & { readonly again: () => void } {
  const [state, setState] = useState(nothingYet);
  const [turn, setTurn] = useState(0);
  const { model, residency, lane, from } = question;
  useEffect(() => {
    let isCurrent = true;
    setState((last) => ({ ...last, isLoading: true }));
    void explain(api, known, { model, residency, lane, from }).then((explained) => {
      if (isCurrent) setState(explained);
    });
    return () => {
      isCurrent = false;
    };
  }, [api, known, model, residency, lane, from, turn]);
  return { ...state, again: useCallback(() => setTurn((last) => last + 1), []) };
}

async function explain(api: ConsoleApi, known: RouteList, question: Question): Promise<Explained> {
  const { path, body, headers } = explainCall(question, known);
  try {
    const [explanation, published] = await Promise.all([
      api.postJson<Explanation>(path, body, headers),
      publishedTargets(api, question),
    ]);
    return { explanation, published, problem: undefined, isLoading: false };
  } catch (error) {
    return { ...nothingYet, problem: isApiProblem(error) ? error : unreachable(error), isLoading: false };
  }
}

async function publishedTargets(api: ConsoleApi, question: Question): Promise<Published> {
  try {
    const { targets, baseline } = await api.getJson<RouteItem>(routePath(question));
    return [...targets, ...baseline];
  } catch {
    return [];
  }
}
