import type { ComponentChildren, VNode } from 'preact';

function icon(children: ComponentChildren, filled = false) {
  return function Icon({ size = 20 }: { size?: number }): VNode {
    return (
      <svg
        width={size}
        height={size}
        viewBox="0 0 24 24"
        fill={filled ? 'currentColor' : 'none'}
        stroke={filled ? 'none' : 'currentColor'}
        stroke-width="1.8"
        stroke-linecap="round"
        stroke-linejoin="round"
        aria-hidden="true"
        focusable="false"
      >
        {children}
      </svg>
    );
  };
}

export const ChatIcon = icon(
  <>
    <path d="M12 3C6.9 3 2.8 6.5 2.8 10.9c0 2.5 1.3 4.7 3.4 6.1-.1 1-.5 2.2-1.4 3.3-.2.3 0 .7.4.6 2-.3 3.5-1.1 4.5-1.9.7.1 1.5.2 2.3.2 5.1 0 9.2-3.6 9.2-8.1S17.1 3 12 3Z" />
    <g fill="var(--accent)">
      <circle cx="8" cy="11" r="1.25" />
      <circle cx="12" cy="11" r="1.25" />
      <circle cx="16" cy="11" r="1.25" />
    </g>
  </>,
  true,
);
export const DownIcon = icon(<path d="m5 9 7 7 7-7" />);
export const CloseIcon = icon(<path d="m6 6 12 12M18 6 6 18" />);
export const SendIcon = icon(<path d="M12 19V5m-6.5 6.5L12 5l6.5 6.5" />);
export const ImageIcon = icon(
  <>
    <rect x="3.5" y="4.5" width="17" height="15" rx="3" />
    <circle cx="9" cy="10" r="1.6" />
    <path d="m4 17 4.5-4 3.5 3 3.5-4 5 5" />
  </>,
);
export const PersonIcon = icon(
  <>
    <circle cx="12" cy="8" r="3.7" />
    <path d="M5 20c.6-3.7 3.4-5.7 7-5.7s6.4 2 7 5.7" />
  </>,
);
export const BotIcon = icon(
  <>
    <rect x="4" y="8" width="16" height="11.5" rx="4" />
    <path d="M12 8V4.5" />
    <circle cx="12" cy="3.7" r="1" fill="currentColor" />
    <path d="M9 12.5v1.4M15 12.5v1.4M10 16.6c1.2.6 2.8.6 4 0" />
  </>,
);
export const UpThumbIcon = icon(
  <path d="M7 11v9H4.5A1.5 1.5 0 0 1 3 18.5v-6A1.5 1.5 0 0 1 4.5 11H7Zm0 0 4-7.5c1.4 0 2.5 1.1 2.5 2.5v3.5h4.8c1.3 0 2.2 1.1 2 2.3l-1 6.3c-.2 1.1-1.1 1.9-2.2 1.9H7" />,
);
export const DownThumbIcon = icon(
  <path d="M17 13V4h2.5A1.5 1.5 0 0 1 21 5.5v6a1.5 1.5 0 0 1-1.5 1.5H17Zm0 0-4 7.5A2.5 2.5 0 0 1 10.5 18v-3.5H5.7c-1.3 0-2.2-1.1-2-2.3l1-6.3C4.9 4.8 5.8 4 6.9 4H17" />,
);
export const ArticleIcon = icon(
  <path d="M12 6.5C10.5 5 8 4.5 4 4.5v13c4 0 6.5.5 8 2 1.5-1.5 4-2 8-2v-13c-4 0-6.5.5-8 2Zm0 0v13" />,
);
export const AlertIcon = icon(
  <>
    <circle cx="12" cy="12" r="8.7" />
    <path d="M12 7.7v5M12 16.2v.1" />
  </>,
);
export const CheckIcon = icon(<path d="m5 12.5 4.5 4.5L19 7.5" />);
export const FileIcon = icon(
  <path d="M13.5 3.5H7A1.5 1.5 0 0 0 5.5 5v14A1.5 1.5 0 0 0 7 20.5h10a1.5 1.5 0 0 0 1.5-1.5V8.5l-5-5Zm0 0v5h5" />,
);

/** A face from unhappy (-2) to happy (2). */
export function FaceIcon({ mood }: { mood: number }): VNode {
  const corner = 15.3 - mood * 0.6;
  return (
    <svg
      width={30}
      height={30}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.6"
      aria-hidden="true"
    >
      <circle cx="12" cy="12" r="9.6" class="face" />
      <g fill="currentColor" stroke="none">
        <circle cx="8.7" cy="9.8" r="1.2" />
        <circle cx="15.3" cy="9.8" r="1.2" />
      </g>
      <path d={`M8 ${corner}Q12 ${corner + mood * 2.4} 16 ${corner}`} stroke-linecap="round" />
    </svg>
  );
}
