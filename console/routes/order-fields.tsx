import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { ORDER_HOURS_MAX } from '#contract/order-limits.ts';
import { offeredOperator } from '../shell/local-offers.ts';
import type { OrderField, OrderProblems, RouteOrder, TypedOrder } from './operator-order.ts';

interface FieldsProps {
  readonly order: RouteOrder;
  readonly typed: TypedOrder;
  readonly problems: OrderProblems;
  /** What of it was typed anew. */
  readonly onChange: (part: Partial<TypedOrder>) => void;
}

export function OrderFields({ order, typed, problems, onChange }: FieldsProps) {
  const text = (field: Exclude<OrderField, 'leaveOutForbidden'>) => ({
    id: `order-${field}`,
    value: typed[field],
    autocomplete: 'off' as const,
    spellcheck: false,
    'aria-invalid': problems[field] !== undefined,
    'aria-describedby': `order-${field}-note`,
    onInput: (event: { readonly currentTarget: HTMLInputElement }) =>
      onChange({ [field]: event.currentTarget.value }),
  });
  return (
    <>
      <Field
        field="credential"
        label="Your operator’s token"
        problem={problems.credential}
        note="Your own sign-in, with the scope operate; never an application key. Forgotten when you leave this page."
      >
        <input type="password" {...text('credential')} />
        <LocalOperator onToken={(credential) => onChange({ credential })} />
      </Field>
      <Field
        field="reason"
        label="Reason"
        problem={problems.reason}
        note="One line, for the audit and the history."
      >
        <input {...text('reason')} />
      </Field>
      {order.name !== 'lift' && (
        <Field
          field="hours"
          label="Hold it for, hours"
          problem={problems.hours}
          note={`1 to ${ORDER_HOURS_MAX}. Then plan publishes again.`}
        >
          <input type="number" inputMode="numeric" min={1} max={ORDER_HOURS_MAX} {...text('hours')} />
        </Field>
      )}
      {order.name === 'rollback' && order.hasForbidden && (
        <Field
          field="leaveOutForbidden"
          label="Leave out what the residency forbids today"
          problem={problems.leaveOutForbidden}
          note="It comes back without those targets."
        >
          <input
            id="order-leaveOutForbidden"
            type="checkbox"
            checked={typed.leaveOutForbidden}
            aria-describedby="order-leaveOutForbidden-note"
            onChange={(event) => onChange({ leaveOutForbidden: event.currentTarget.checked })}
          />
        </Field>
      )}
      <Field
        field="confirmation"
        label={`Type ${order.model} to confirm`}
        problem={problems.confirmation}
        note="Callers of this model feel it within seconds."
      >
        <input {...text('confirmation')} />
      </Field>
    </>
  );
}

/** In local mode an operator's own sign-in is one step away. */
function LocalOperator({ onToken }: { readonly onToken: (token: string) => void }) {
  const [says, setSays] = useState('');
  const ask = offeredOperator();
  if (ask === undefined) return null;
  const signIn = (): void =>
    void ask().then(
      (token) => {
        onToken(token);
        setSays('✓ Signed in for this page.');
      },
      (error: unknown) => setSays(`✗ ${String(error)}`),
    );
  return (
    <p class="local-operator">
      <button type="button" class="quiet" onClick={signIn}>
        Sign in as local operator
      </button>{' '}
      <span role="status">{says}</span>
    </p>
  );
}

function Field(props: {
  readonly field: OrderField;
  readonly label: string;
  readonly problem: string | undefined;
  readonly note: string;
  readonly children: ComponentChildren;
}) {
  const { field, label, problem, note, children } = props;
  return (
    <div class="field">
      <label for={`order-${field}`}>{label}</label>
      {children}
      <p
        id={`order-${field}-note`}
        class={problem === undefined ? 'dim' : 'bad'}
        role={problem === undefined ? undefined : 'alert'}
      >
        {problem === undefined ? note : `✗ ${problem}`}
      </p>
    </div>
  );
}
