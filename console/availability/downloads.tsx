import type { AvailabilityTarget } from '#contract/availability-cells.ts';
import { writeTable } from './write-table.ts';

/** What is shown, as files. */
export function Downloads({ targets }: { readonly targets: readonly AvailabilityTarget[] }) {
  return (
    <span class="downloads">
      <span class="dim">
        {targets.length} {targets.length === 1 ? 'target' : 'targets'} as
      </span>
      <button
        type="button"
        class="quiet"
        onClick={() => save('availability.csv', 'text/csv', writeTable(targets))}
      >
        CSV
      </button>
      <button
        type="button"
        class="quiet"
        onClick={() =>
          save('availability.json', 'application/json', JSON.stringify({ targets }, undefined, 2))
        }
      >
        JSON
      </button>
    </span>
  );
}

function save(name: string, type: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
