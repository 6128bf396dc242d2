import type { JSX } from 'preact';
import { Icon, type IconName } from './icons.tsx';
import { useSurroundings } from './surroundings.ts';

/** Where there is nothing to show: why, and what will be here. */
export function Empty(props: { icon: IconName; title: string; text: string; size?: number }): JSX.Element {
  const { icon, title, text, size = 32 } = props;
  return (
    <div class="empty">
      <Icon name={icon} size={size} />
      <h2>{title}</h2>
      <p>{text}</p>
    </div>
  );
}

/** Where something could not be shown: what went wrong and, if trying again may help, a button for it. */
export function Failed(props: { icon?: IconName; title?: string; text?: string; onRetry?: () => void }): JSX.Element {
  const { m } = useSurroundings();
  const { icon = 'warn', title = m.loadFailed, text, onRetry } = props;
  return (
    <div class="empty" role="alert">
      <Icon name={icon} size={32} />
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {onRetry && (
        <button type="button" class="button" onClick={onRetry}>
          <Icon name="retry" />
          {m.retry}
        </button>
      )}
    </div>
  );
}
