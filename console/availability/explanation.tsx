/** Beside the grid: why a cell is as it is, and before one is chosen, what could be repaired. */
import type { ComponentChildren, RefObject } from 'preact';
import { cellSigns } from '#contract/availability-cells.ts';
import { timeAgo, utcTime } from '../shell/times.ts';
import type { AccountExplanation, CellExplanation } from './explain-cell.ts';
import type { GapSummary } from './summarize-gaps.ts';
import { repairerTexts, verdicts } from './words.ts';

export function Explanation(props: {
  readonly explanation: CellExplanation;
  readonly now: number;
  readonly titleRef: RefObject<HTMLHeadingElement | null>;
  readonly onClose: () => void;
}) {
  const { explanation, now, titleRef, onClose } = props;
  const { name, region, kind, accounts, elsewhere } = explanation;
  return (
    <section
      class="why"
      aria-labelledby="why-title"
      onKeyDown={(event) => event.key === 'Escape' && onClose()}
    >
      <h2 id="why-title" ref={titleRef} tabIndex={-1}>
        <span class="mono">{name}</span> in <span class="mono">{region}</span>
      </h2>
      <p class="why-verdict">
        <span class={`cell-${kind}`} aria-hidden="true">
          {cellSigns[kind].symbol}
        </span>{' '}
        {verdicts[kind]}.
      </p>
      {accounts.map((account) => (
        <AccountPart key={account.accounts.join()} account={account} now={now} />
      ))}
      <h3>Where else it can be called now</h3>
      <p>{elsewhere.length === 0 ? 'Nowhere that you may see.' : elsewhere.join(', ')}</p>
      <button type="button" class="quiet" onClick={onClose}>
        Close
      </button>
    </section>
  );
}

function AccountPart({ account, now }: { readonly account: AccountExplanation; readonly now: number }) {
  const { accounts, kind, state, reasons, since, who, hint, stale, ways } = account;
  return (
    <dl class="why-account">
      <dt>{accounts.length === 1 ? 'Account' : `${accounts.length} accounts`}</dt>
      <dd>{accounts.join(', ')}</dd>
      <dt>Why</dt>
      <dd>
        <span class={`cell-${kind}`} aria-hidden="true">
          {cellSigns[kind].symbol}
        </span>{' '}
        {state}
        {stale && ' (last known: the last question had no answer)'}
        {reasons.map(({ code, text }) => (
          <div key={code} class="dim">
            {text} <code>{code}</code>
          </div>
        ))}
      </dd>
      <dt>Since</dt>
      <dd>
        {since === undefined ? (
          'always: it was never listed there'
        ) : (
          <>
            <time dateTime={since}>{utcTime(since)}</time>, {timeAgo(since, now)}
          </>
        )}
      </dd>
      <dt>Who</dt>
      <dd>
        <strong>{repairerTexts[who]}.</strong> {hint}
      </dd>
      {ways.length > 0 && (
        <>
          <dt>By</dt>
          <dd>
            {ways.map(({ id, reach }) => (
              <div key={id}>
                <code>{id}</code>, runs in{' '}
                {reach.length === 0 ? 'regions that AWS did not name' : reach.join(', ')}
              </div>
            ))}
          </dd>
        </>
      )}
    </dl>
  );
}

export function GapList(props: {
  readonly gaps: readonly GapSummary[];
  readonly onShow: (example: GapSummary['example']) => void;
  /** What stands below it. */
  readonly children: ComponentChildren;
}) {
  const { gaps, onShow, children } = props;
  return (
    <section class="why" aria-labelledby="gaps-title">
      <h2 id="gaps-title">Why something cannot be called</h2>
      <p class="dim">
        Choose a cell, by mouse or by arrow keys and Enter: it says why, since when and who can repair it.
      </p>
      {gaps.length === 0 && <p>● No gaps: whatever is offered in what you look at can be called.</p>}
      <ul class="gaps">
        {gaps.map((gap) => (
          <li key={`${gap.who} ${gap.state} ${gap.hint}`}>
            <strong>
              <span class="cell-blocked" aria-hidden="true">
                ✗
              </span>{' '}
              {gap.state}
            </strong>
            <div>
              {counted(gap.modelCount, 'model')}, {counted(gap.regionCount, 'region')},{' '}
              {counted(gap.accountCount, 'account')}
            </div>
            <div class="dim">
              {repairerTexts[gap.who]}. {gap.hint}
            </div>
            <button type="button" class="quiet" onClick={() => onShow(gap.example)}>
              Show one<span class="hidden-text">: {gap.state}</span>
            </button>
          </li>
        ))}
      </ul>
      {children}
    </section>
  );
}

const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`;
