import type { ChangeLine } from './read-changes.ts';

/** Each change with its mark beside its colour. */
export function ChangeList({ lines }: { readonly lines: readonly ChangeLine[] }) {
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
