/** An operator's order as it is typed: what is wrong with it, and what goes to the gateway. */
import {
  ORDER_HOURS_MAX,
  ORDER_HOURS_USUAL,
  ORDER_REASON_CHARACTERS_MAX,
  orderReasonPattern,
} from '#contract/order-limits.ts';

export interface TypedOrder {
  readonly credential: string;
  readonly reason: string;
  readonly hours: string;
  /** The model's name once more. */
  readonly confirmation: string;
  readonly leaveOutForbidden: boolean;
}

export const emptyOrder: TypedOrder = {
  credential: '',
  reason: '',
  hours: String(ORDER_HOURS_USUAL),
  confirmation: '',
  leaveOutForbidden: false,
};

/** What is ordered of which route. */
export type RouteOrder = {
  readonly model: string;
  readonly residency: string;
  /** For a pin the one that stands, as the operator saw it; for a rollback the one that is to come back. */
  readonly version: number;
} & (
  | { readonly name: 'pin' }
  | {
      readonly name: 'rollback';
      /** Whether the version holds targets that the residency forbids today. */
      readonly hasForbidden: boolean;
    }
);

export type OrderField = keyof TypedOrder;
export type OrderProblems = Partial<Readonly<Record<OrderField, string>>>;

/** By field, all at once; empty where the order may go. */
export function orderProblems(order: RouteOrder, typed: TypedOrder): OrderProblems {
  const { credential, reason, hours, confirmation, leaveOutForbidden } = typed;
  const number = Number(hours);
  const isReason = orderReasonPattern.test(reason) && reason.length <= ORDER_REASON_CHARACTERS_MAX;
  return {
    ...(isToken(credential)
      ? {}
      : {
          credential:
            'This is no operator’s token: three parts with dots between them. An API key orders nothing.',
        }),
    ...(isReason
      ? {}
      : { reason: `Say why, in 1 to ${ORDER_REASON_CHARACTERS_MAX} characters of one line.` }),
    ...(hours.trim() !== '' && Number.isInteger(number) && number >= 1 && number <= ORDER_HOURS_MAX
      ? {}
      : { hours: `A whole number of hours, 1 to ${ORDER_HOURS_MAX}.` }),
    ...(confirmation === order.model ? {} : { confirmation: `Type ${order.model} to confirm.` }),
    ...(order.name === 'rollback' && order.hasForbidden && !leaveOutForbidden
      ? {
          leaveOutForbidden:
            'The residency forbids some of its targets today: leave them out, or take another version.',
        }
      : {}),
  };
}

/** A JSON Web Token in its compact form: nothing else may be sent as an operator's, an application's key least of all. */
const isToken = (credential: string): boolean => /^[\w-]+\.[\w-]+\.[\w-]+$/.test(credential.trim());

/** Path and body of an order without problems. */
export function orderRequest(
  order: RouteOrder,
  { reason, hours, leaveOutForbidden }: TypedOrder,
): { readonly path: string; readonly body: Readonly<Record<string, unknown>> } {
  const { name, model, residency, version } = order;
  const body = { model, residency, version, reason: reason.trim(), hours: Number(hours) };
  const leavesOut = order.name === 'rollback' && order.hasForbidden && leaveOutForbidden;
  return {
    path: `/spillway/v1/operations/${name}`,
    body: leavesOut ? { ...body, leaveOutForbidden } : body,
  };
}

/** What the gateway answers to an order that it carried out. */
export interface OrderDone {
  readonly operation: string;
  readonly auditId: string;
  readonly version: number;
  /** Of a rollback: the version whose targets came back. */
  readonly content?: number;
  readonly hold: { readonly until: string; readonly by: string };
  readonly leftOut?: readonly string[];
}

/** What a refusal means for whoever ordered, and what to do. */
export function refusalWords({
  status,
  code,
  message,
}: {
  readonly status: number;
  readonly code: string;
  readonly message: string;
}): string {
  if (status === 401)
    return 'The gateway did not take this sign-in: it has expired, was revoked, or is no token of an operators’ issuer. Nothing was done.';
  if (code === 'operation_not_allowed') return `${message} Nothing was done.`;
  if (status === 0)
    return `${message} Nobody knows whether the order was carried out: look at the history before you give it again.`;
  if (status === 503) return `${message} Look at the history before you order it again.`;
  return message;
}
