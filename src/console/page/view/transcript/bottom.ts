import type { RefObject } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';

/**
 * Keeps the end in sight, whatever grows (an image that loads, a field below), until the reader scrolls up. Only a
 * scroll upwards counts as leaving: content that grows between a scroll and its event looks the same otherwise.
 */
export function useBottom(): {
  readonly scroll: RefObject<HTMLDivElement | null>;
  readonly content: RefObject<HTMLDivElement | null>;
  readonly atBottom: boolean;
  readonly toBottom: () => void;
  /** Lets go of the end, as before a jump. */
  readonly leave: () => void;
  readonly onScroll: (event: { currentTarget: HTMLDivElement }) => void;
} {
  const scroll = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const lastTop = useRef(0);
  const sticks = useRef(true);
  const [atBottom, setAtBottom] = useState(true);

  function toBottom() {
    sticks.current = true;
    scroll.current?.scrollTo({ top: scroll.current.scrollHeight });
  }

  useLayoutEffect(() => {
    const observer = new ResizeObserver(() => sticks.current && toBottom());
    if (scroll.current) observer.observe(scroll.current);
    if (content.current) observer.observe(content.current);
    return () => observer.disconnect();
  }, []);

  function onScroll({ currentTarget: { scrollTop, scrollHeight, clientHeight } }: { currentTarget: HTMLDivElement }) {
    if (scrollHeight - scrollTop - clientHeight < 48) sticks.current = true;
    else if (scrollTop < lastTop.current) sticks.current = false;
    lastTop.current = scrollTop;
    setAtBottom(sticks.current);
  }

  return {
    scroll,
    content,
    atBottom,
    toBottom,
    leave: () => {
      sticks.current = false;
      setAtBottom(false);
    },
    onScroll,
  };
}
