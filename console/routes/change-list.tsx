import { useState } from 'preact/hooks';
import type { ChangeLine } from './read-changes.ts';

const LINES_SHOWN = 20;

/** Each change with its mark beside its colour. */
export function ChangeList({ lines }: { readonly lines: readonly ChangeLine[] }) {
  const [isWhole, setWhole] = useState(false);
  const shown = isWhole ? lines : lines.slice(0, LINES_SHOWN);
  return (
    <>
      <Changes lines={shown} />
      {lines.length > LINES_SHOWN && (
        <button type="button" class="quiet" aria-expanded={isWhole} onClick={() => setWhole(!isWhole)}>
          {isWhole ? `Show the first ${LINES_SHOWN}` : `Show all ${lines.length} changes`}
        </button>
      )}
    </>
  );
}

function Changes({ lines }: { readonly lines: readonly ChangeLine[] }) {
  return (
    <ul class="changes">
      {lines.map(({ mark, tone, spoken, text }) => (
        <li key={`${mark}${text}`} class={tone}>
          <span aria-hidden="true">{mark} </span>
          <span class="hidden-text">{spoken} </span>
          <span class="mono">{text}</span>
        </li>
      ))}
    </ul>
  );
}
