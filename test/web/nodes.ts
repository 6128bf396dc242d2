import type { ComponentChildren, VNode } from 'preact';

/** One element as it would stand in the page. */
export type Element = { readonly type: string; readonly props: Readonly<Record<string, unknown>> };

/** All elements in a tree of nodes, outermost first. */
export function elementsOf(children: ComponentChildren): readonly Element[] {
  const found: Element[] = [];
  walk(children, { element: (element) => void found.push(element), text: () => {} });
  return found;
}

/** All text in a tree of nodes. */
export function textOf(children: ComponentChildren): string {
  let text = '';
  walk(children, { element: () => {}, text: (part) => (text += part) });
  return text;
}

/** The tree as a reader of a test likes it: `<p>a <strong>b</strong></p>`. */
export function markupOf(children: ComponentChildren): string {
  if (children === null || children === undefined || typeof children === 'boolean') return '';
  if (Array.isArray(children)) return (children as ComponentChildren[]).map(markupOf).join('');
  if (typeof children !== 'object') return String(children).replace(/&/g, '&amp;').replace(/</g, '&lt;');
  const { type, props } = children as VNode<Record<string, unknown>>;
  if (typeof type !== 'string') return markupOf(props.children);
  const attributes = Object.entries(props)
    .filter(([key, value]) => key !== 'children' && value !== undefined)
    .map(([key, value]) => ` ${key}="${String(value)}"`);
  return `<${type}${attributes.join('')}>${markupOf(props.children)}</${type}>`;
}

function walk(
  children: ComponentChildren,
  visit: { element: (element: Element) => void; text: (text: string) => void },
): void {
  if (children === null || children === undefined || typeof children === 'boolean') return;
  if (Array.isArray(children)) return (children as ComponentChildren[]).forEach((child) => walk(child, visit));
  if (typeof children !== 'object') return visit.text(String(children));
  const { type, props } = children as VNode<Record<string, unknown>>;
  if (typeof type === 'string') visit.element({ type, props });
  walk(props.children, visit);
}
