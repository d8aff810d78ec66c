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
  /** For a rollback the one that is to come back; otherwise the one that stands, as the operator saw it. */
  readonly version: number;
} & (
  | { readonly name: 'pin' }
  | { readonly name: 'lift' }
  | {
      readonly name: 'rollback';
      /** The one that stands, as the operator saw it. */
      readonly standing: number;
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
    ...(order.name === 'lift' ||
    (hours.trim() !== '' && Number.isInteger(number) && number >= 1 && number <= ORDER_HOURS_MAX)
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
  const { model, residency, version } = order;
  const path = `/spillway/v1/operations/${order.name}`;
  const route = { model, residency, reason: reason.trim() };
  if (order.name === 'lift') return { path, body: route };
  const held = { ...route, version, hours: Number(hours) };
  if (order.name === 'pin') return { path, body: held };
  const leavesOut = order.hasForbidden && leaveOutForbidden;
  return { path, body: { ...held, standing: order.standing, ...(leavesOut ? { leaveOutForbidden } : {}) } };
}

/** What the gateway answers to an order that it carried out. */
export interface OrderDone {
  readonly operation: string;
  readonly auditId: string;
  /** Who ordered it, as the audit names them. */
  readonly by: string;
  /** Of a pin and a rollback: the version that stands now, and until when it does. */
  readonly version?: number;
  readonly hold?: { readonly until: string };
  readonly leftOut?: readonly string[];
  /** Of a lift: holds of other regions that go on. */
  readonly standing?: readonly { readonly region: string }[];
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
  if (code === 'operation_refused')
    return `${message.replace(/\.$/, '')}. Close this and look at the history before you order anew.`;
  if (code === 'operation_not_allowed') return `${message} Nothing was done.`;
  if (status === 0)
    return `${message} Nobody knows whether the order was carried out: look at the history before you give it again.`;
  if (status === 503) return `${message} Look at the history before you order it again.`;
  return message;
}
