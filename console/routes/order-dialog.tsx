import { useEffect, useRef, useState } from 'preact/hooks';
import type { RouteDifference, RouteHistory } from '#contract/route-history.ts';
import { isApiProblem, unreachable } from '../shell/api-problem.ts';
import type { ConsoleApi } from '../shell/console-api.ts';
import { UnreadPart } from '../shell/states.tsx';
import { useAnswer } from '../shell/use-answer.ts';
import { DifferenceWords, differencePath } from './difference-view.tsx';
import {
  emptyOrder,
  type OrderDone,
  orderProblems,
  orderRequest,
  type RouteOrder,
  refusalWords,
  type TypedOrder,
} from './operator-order.ts';
import { OrderFields } from './order-fields.tsx';
import { doneWords, meanings, titles, verbs } from './order-words.ts';

/** The operator's token in the page's memory: empty until one was taken, and again when one was refused. */
export interface OperatorSignIn {
  readonly token: string;
  readonly rememberToken: (token: string) => void;
}

interface DialogProps {
  readonly api: ConsoleApi;
  readonly history: RouteHistory;
  readonly operator: OperatorSignIn;
  readonly name: RouteOrder['name'];
  /** The one to go back to; otherwise the one that stands. */
  readonly version: number;
  readonly onClose: () => void;
  readonly onDone: () => void;
}

/** Pins or rolls back, after everything that it would change was shown and the model's name was typed. */
export function OrderDialog(props: DialogProps) {
  const { history, name, version, onClose } = props;
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    dialog.current?.showModal();
    // The first thing that could be focused is what closes it, as long as the rest is being read.
    heading.current?.focus();
  }, []);
  return (
    <dialog ref={dialog} class="order" aria-labelledby="order-title" onClose={onClose}>
      <h2 ref={heading} id="order-title" tabIndex={-1}>
        {titles[name](version)} of {history.model} in {history.residency}
      </h2>
      {name === 'rollback' ? (
        <RollbackForm {...props} />
      ) : (
        <OrderForm {...props} order={{ ...routeOf(props), name }} />
      )}
      <form method="dialog" class="order-close">
        <button type="submit" class="quiet">
          Close
        </button>
      </form>
    </dialog>
  );
}

const routeOf = ({ history, version }: DialogProps) => ({
  model: history.model,
  residency: history.residency,
  version,
});

/** Nothing can be ordered before what it would change was read. */
function RollbackForm(props: DialogProps) {
  const { api, history, version } = props;
  // What stands may change while somebody types: the order is about what was shown first.
  const [from] = useState(history.versions[0]?.version ?? version);
  const { answer, problem, again } = useAnswer<RouteDifference>(
    api,
    differencePath({ ...routeOf(props), from, to: version }),
  );
  if (problem !== undefined) return <UnreadPart problem={problem} again={again} />;
  if (answer === undefined) return <p>Reading what it would change.</p>;
  const hasForbidden = answer.forbidden.length + answer.forbiddenHidden > 0;
  return (
    <>
      <h3>What it would change from version {from}</h3>
      <DifferenceWords difference={answer} isSame={from === version} />
      <OrderForm {...props} order={{ ...routeOf(props), name: 'rollback', standing: from, hasForbidden }} />
    </>
  );
}

function OrderForm(props: DialogProps & { readonly order: RouteOrder }) {
  const { order, name } = props;
  const { typed, change, problems, result, isSending, submit } = useOrder(props);
  if (result?.done !== undefined) return <Done order={order} done={result.done} />;
  return (
    <form class="order-form" noValidate onSubmit={submit}>
      <p>{meanings[name]}</p>
      <OrderFields order={order} typed={typed} problems={problems} onChange={change} />
      {result?.refusal !== undefined && (
        <p class="bad" role="alert">
          ✗ {result.refusal}
        </p>
      )}
      <button type="submit" disabled={isSending}>
        {isSending ? 'Ordering…' : verbs[name]}
      </button>
    </form>
  );
}

function Done({ order, done }: { readonly order: RouteOrder; readonly done: OrderDone }) {
  const heading = useRef<HTMLParagraphElement>(null);
  useEffect(() => heading.current?.focus(), []);
  const leftOut = done.leftOut ?? [];
  return (
    <div role="status">
      <p ref={heading} tabIndex={-1}>
        <strong class="good">✓ Done.</strong> {doneWords(order, done)}
      </p>
      {leftOut.length > 0 && <p>Left out, because the residency forbids it today: {leftOut.join(', ')}.</p>}
      <p>
        Audit entry <code class="audit-id">{done.auditId}</code>, by <span class="mono">{done.by}</span>.
        Other gateways read it within seconds.
      </p>
    </div>
  );
}

interface OrderResult {
  readonly done?: OrderDone;
  readonly refusal?: string;
}

function useOrder({ api, order, operator, onDone }: DialogProps & { readonly order: RouteOrder }) {
  const [typed, setTyped] = useState({ ...emptyOrder, credential: operator.token });
  const [wasTried, setTried] = useState(false);
  const [isSending, setSending] = useState(false);
  const [result, setResult] = useState<OrderResult | undefined>(undefined);
  const problems = orderProblems(order, typed);
  const send = async (): Promise<void> => {
    const { path, body } = orderRequest(order, typed);
    const token = typed.credential.trim();
    setSending(true);
    try {
      const done = await api.withCredential(token).postJson<OrderDone>(path, body);
      operator.rememberToken(token);
      setResult({ done });
      onDone();
    } catch (error) {
      const problem = isApiProblem(error) ? error : unreachable(error);
      if (problem.status === 401) {
        operator.rememberToken('');
        setTyped((last) => ({ ...last, credential: '' }));
      }
      setResult({ refusal: refusalWords(problem) });
    } finally {
      setSending(false);
    }
  };
  return {
    typed,
    change: (part: Partial<TypedOrder>): void => setTyped((last) => ({ ...last, ...part })),
    /** Nobody is told what is missing before having tried. */
    problems: wasTried ? problems : {},
    result,
    isSending,
    submit: (event: Event): void => {
      event.preventDefault();
      setTried(true);
      if (Object.keys(problems).length === 0 && !isSending) void send();
    },
  };
}
