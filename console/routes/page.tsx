import { useEffect, useMemo, useState } from 'preact/hooks';
import type { RouteList } from '#contract/route-history.ts';
import type { ConsoleApi } from '../shell/console-api.ts';
import { Empty, Loading, Problem } from '../shell/states.tsx';
import { useAnswer } from '../shell/use-answer.ts';
import { hashQuery, replaceHashQuery, useHash } from '../shell/use-hash.ts';
import { DecisionView } from './decision-view.tsx';
import { HistoryView } from './history-view.tsx';
import { type Question, queryOf, questionFrom } from './question.ts';
import { QuestionForm } from './question-form.tsx';
import { useExplanation } from './use-explanation.ts';

/** Where a call would go and why, and how the route came to be as it is. */
export function RoutesPage({ api }: { readonly api: ConsoleApi }) {
  const { answer, problem, isLoading, again } = useAnswer<RouteList>(api, '/spillway/v1/routes');
  if (answer === undefined)
    return isLoading || problem === undefined ? (
      <Loading what="which routes you may ask about" />
    ) : (
      <Problem problem={problem} onRetry={again} />
    );
  if (answer.models.length === 0 || answer.residencies.length === 0)
    return (
      <Empty title="There is nothing to ask about">
        Your key may use no model, or no residency, of this deployment.
      </Empty>
    );
  return <AskedRoutes api={api} known={answer} />;
}

function AskedRoutes({ api, known }: { readonly api: ConsoleApi; readonly known: RouteList }) {
  const [question, ask] = useQuestion(known);
  // The operator's own sign-in goes with this page: whoever leaves it or signs out leaves none behind.
  const [token, rememberToken] = useState('');
  const { explanation, published, problem, isLoading, again } = useExplanation(api, known, question);
  return (
    <>
      <h1>Routes and explain</h1>
      <QuestionForm known={known} question={question} onAsk={ask} onAgain={again} />
      {problem !== undefined ? (
        <Problem problem={problem} onRetry={again} />
      ) : explanation === undefined ? (
        <Loading what="what the gateway would do" />
      ) : (
        <DecisionView
          explanation={explanation}
          published={published}
          isOld={isLoading}
          onAskFrom={(from) => ask({ ...question, from })}
        />
      )}
      {known.models.some(({ name }) => name === question.model) && (
        <HistoryView
          key={`${question.model} ${question.residency}`}
          api={api}
          model={question.model}
          residency={question.residency}
          operator={{ token, rememberToken }}
          onChanged={again}
        />
      )}
    </>
  );
}

/** Kept in the address, so that it can be sent to somebody; the address may be typed as well. */
function useQuestion(known: RouteList): readonly [Question, (question: Question) => void] {
  const hash = useHash();
  const linked = useMemo(() => questionFrom(hashQuery(hash), known), [hash, known]);
  const [question, setQuestion] = useState(linked);
  useEffect(() => setQuestion(linked), [linked]);
  const ask = (next: Question): void => {
    setQuestion(next);
    replaceHashQuery('routes', queryOf(next));
  };
  return [question, ask];
}
