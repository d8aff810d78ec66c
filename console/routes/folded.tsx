import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';

/** What is made when somebody opens it: thirty versions of a long route are many thousand lines. */
export function Folded(props: { readonly title: string; readonly children: () => ComponentChildren }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{props.title}</summary>
      {isOpen && props.children()}
    </details>
  );
}
