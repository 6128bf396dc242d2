import type { JSX } from 'preact';

export type IconName = keyof typeof paths;

/** A line icon in the colour of the text. It says nothing by itself: label what it stands on. */
export function Icon(props: { name: IconName; size?: number; upsideDown?: boolean }): JSX.Element {
  const { name, size = 16, upsideDown = false } = props;
  return (
    <svg
      class={upsideDown ? 'icon icon-upside-down' : 'icon'}
      width={size}
      height={size}
      viewBox="0 0 24 24"
      aria-hidden="true"
      focusable="false"
    >
      {paths[name].map((d) => (
        <path d={d} key={d} />
      ))}
    </svg>
  );
}

const paths = {
  queue: ['M12 7v5l3 2', 'M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z'],
  mine: ['M20 21v-1a6 6 0 0 0-6-6h-4a6 6 0 0 0-6 6v1', 'M16 7a4 4 0 1 1-8 0 4 4 0 0 1 8 0z'],
  all: ['M21 11.5a8.5 8.5 0 0 1-12.4 7.6L3 21l1.9-5.6A8.5 8.5 0 1 1 21 11.5z'],
  resolved: ['M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z', 'M8 12.3l2.8 2.7L16 9.5'],
  bot: [
    'M5 9h14v10H5z',
    'M12 9V5',
    'M12 5a1 1 0 1 0 0-2 1 1 0 0 0 0 2z',
    'M9.5 13.2v1.6',
    'M14.5 13.2v1.6',
    'M2.5 13v2',
    'M21.5 13v2',
  ],
  lock: ['M6 11h12v9H6z', 'M8.5 11V8a3.5 3.5 0 0 1 7 0v3'],
  send: ['M4 12l16-8-5.5 16-3-6.5z', 'M11.5 13.5L20 4'],
  back: ['M15 5l-7 7 7 7'],
  down: ['M12 5v14', 'M6 13l6 6 6-6'],
  undo: ['M9 14L4 9l5-5', 'M4 9h10a6 6 0 0 1 0 12h-3'],
  check: ['M5 12.5l4.5 4.5L19 7.5'],
  close: ['M6 6l12 12', 'M18 6L6 18'],
  hand: ['M13 5l7 7-7 7', 'M20 12H4'],
  thumb: ['M4 11h4v9H4z', 'M8 11l3.6-7c1.3 0 2.2 1 2 2.3L13 10h5.5a2 2 0 0 1 2 2.4l-1.2 6a2 2 0 0 1-2 1.6H8'],
  file: ['M6 3h8l4 4v14H6z', 'M14 3v4h4'],
  warn: ['M12 4l9 16H3z', 'M12 10v4', 'M12 17v.4'],
  info: ['M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z', 'M12 11v5', 'M12 8v.3'],
  brief: ['M5 4h14v16H5z', 'M9 9h6', 'M9 13h6', 'M9 17h3'],
  sound: ['M4 9.5v5h3.5L12 19V5L7.5 9.5z', 'M15.5 9a4 4 0 0 1 0 6', 'M18 6.5a8 8 0 0 1 0 11'],
  mute: ['M4 9.5v5h3.5L12 19V5L7.5 9.5z', 'M16 9.5l5 5', 'M21 9.5l-5 5'],
  bell: ['M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15z', 'M10 21h4'],
  bellOff: ['M6 16V11a6 6 0 0 1 9-5.2', 'M18 11v5l1.5 2h-15L6 16', 'M10 21h4', 'M3.5 3.5l17 17'],
  sun: [
    'M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0z',
    'M12 3v2',
    'M12 19v2',
    'M3 12h2',
    'M19 12h2',
    'M5.6 5.6L7 7',
    'M17 17l1.4 1.4',
    'M5.6 18.4L7 17',
    'M17 7l1.4-1.4',
  ],
  moon: ['M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5z'],
  auto: ['M3 5h18v11H3z', 'M8 20h8', 'M12 16v4'],
  globe: ['M21 12a9 9 0 1 1-18 0 9 9 0 0 1 18 0z', 'M3 12h18', 'M12 3c3 3 3 15 0 18', 'M12 3c-3 3-3 15 0 18'],
  keyboard: ['M3 6h18v12H3z', 'M7 10v.3', 'M11 10v.3', 'M15 10v.3', 'M7.5 14h9'],
  signOut: ['M10 4H5v16h5', 'M14 8l4 4-4 4', 'M18 12H9'],
  retry: ['M20 11a8 8 0 1 0-2.3 6.3', 'M20 4v7h-7'],
  edit: ['M5 19h4L19 9l-4-4L5 15z'],
  trash: ['M5 7h14', 'M9 7V4h6v3', 'M7 7l1 13h8l1-13'],
  tea: [
    'M4 9h12v6a4 4 0 0 1-4 4H8a4 4 0 0 1-4-4z',
    'M16 10h2.5a2.5 2.5 0 0 1 0 5H16',
    'M8 6c0-1.5 1-1.5 1-3',
    'M12 6c0-1.5 1-1.5 1-3',
  ],
  inbox: ['M21 11.5a8.5 8.5 0 0 1-12.4 7.6L3 21l1.9-5.6A8.5 8.5 0 1 1 21 11.5z', 'M8.5 10h7', 'M8.5 13.5h4'],
  book: ['M12 6.5C10 5 7 4.5 4 5v13c3-.5 6 0 8 1.5 2-1.5 5-2 8-1.5V5c-3-.5-6 0-8 1.5z', 'M12 6.5v13'],
  search: ['M16.5 10.5a6 6 0 1 1-12 0 6 6 0 0 1 12 0z', 'M15 15l5 5'],
  gap: ['M4 6h16', 'M4 12h6', 'M14 12h6', 'M4 18h16'],
  quote: ['M5 5h14v11h-7l-5 4v-4H5z', 'M12 8v5', 'M9.5 10.5h5'],
  gauge: ['M4 17a8.5 8.5 0 1 1 16 0', 'M12 14l4-4.5'],
  right: ['M9 5l7 7-7 7'],
  chat: ['M4 5h16v11H9l-5 4z', 'M8 9.5h8', 'M8 12.5h5'],
} as const;
