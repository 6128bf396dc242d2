import type { DirectoryAnswer } from '../../../desk-api.ts';
import { useSurroundings } from '../surroundings.ts';

/** What the page keeps at hand of the desk; nothing while it is not known. A group that is gone is named by its id. */
export function useDirectory(): Pick<DirectoryAnswer, 'colleagues' | 'groups' | 'tags' | 'channels'> & {
  readonly groupName: (id: string) => string;
} {
  const { directory } = useSurroundings().state;
  const { colleagues, groups, tags, channels } = directory ?? nothing;
  return {
    colleagues,
    groups,
    tags,
    channels,
    groupName: (id) => groups.find((group) => group.id === id)?.name ?? id,
  };
}

const nothing = { colleagues: [], groups: [], tags: [], channels: [] };
