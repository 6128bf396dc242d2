import { neighbour } from '../waiting.ts';

/** Moves the focus among what can be acted on in a section (a selector), from wherever it is. */
export function moveAmongItems(section: string, step: 1 | -1, target: HTMLElement): boolean {
  const items = [...document.querySelectorAll<HTMLElement>(`${section} [data-item]`)];
  const current = target.closest<HTMLElement>('[data-item]')?.dataset['item'] ?? null;
  const next = neighbour(
    items.map(({ dataset }) => dataset['item'] ?? ''),
    current,
    step,
  );
  const item = items.find(({ dataset }) => dataset['item'] === next);
  item?.focus();
  return item !== undefined;
}
