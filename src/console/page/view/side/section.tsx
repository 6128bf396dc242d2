import type { ComponentChildren, JSX } from 'preact';

/** A part of the side with a heading. */
export function Section(props: { title: string; aside?: ComponentChildren; children: ComponentChildren }): JSX.Element {
  return (
    <section class="brief-section">
      <h3>
        {props.title}
        {props.aside && <small>{props.aside}</small>}
      </h3>
      {props.children}
    </section>
  );
}
