import type { JSX } from 'preact';
import { useSurroundings } from '../surroundings.ts';
import { Export } from './export.tsx';
import { Keys } from './keys.tsx';
import { Merge } from './merge.tsx';
import { Resolve } from './resolve.tsx';
import { Routing } from './routing.tsx';
import { Snooze } from './snooze.tsx';
import { TakeOver } from './take-over.tsx';
import { ToBot } from './to-bot.tsx';
import { Transfer } from './transfer.tsx';

/** Whatever lies over the page now. */
export function Dialogs(): JSX.Element | null {
  const { dialog } = useSurroundings();
  switch (dialog) {
    case null:
      return null;
    case 'keys':
      return <Keys />;
    case 'transfer':
      return <Transfer />;
    case 'toBot':
      return <ToBot />;
    case 'resolve':
      return <Resolve />;
    case 'snooze':
      return <Snooze />;
    case 'merge':
      return <Merge />;
    case 'takeOver':
      return <TakeOver />;
    case 'routing':
      return <Routing />;
    case 'export':
      return <Export />;
  }
}
