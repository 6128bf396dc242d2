import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import type { Priority } from '../../../api.ts';
import { useSurroundings } from '../surroundings.ts';
import { Asking, Choices } from './asking.tsx';

const priorities = ['urgent', 'high', 'medium', 'low'] as const satisfies readonly Priority[];
/** No id of a group has a capital letter. */
const everybody = 'EVERYBODY';

/** Says which group a conversation is for, and how urgent it is. */
export function Routing(): JSX.Element | null {
  const { desk, state, m } = useSurroundings();
  const conversation = state.open?.conversation;
  const [group, setGroup] = useState(conversation?.groupId ?? everybody);
  const [priority, setPriority] = useState<Priority>(conversation?.priority ?? 'medium');
  if (!conversation) return null;
  const words = m.conversation.routing;
  const groups = state.directory?.groups ?? [];
  const groupId = group === everybody ? null : group;
  const changed = groupId !== conversation.groupId || priority !== conversation.priority;
  const does = () =>
    desk.route({
      ...(groupId === conversation.groupId ? {} : { groupId }),
      ...(priority === conversation.priority ? {} : { priority }),
    });
  return (
    <Asking title={words.title} submit={words.submit} does={changed ? does : null}>
      <p class="options-label">{words.priority}</p>
      <Choices
        first
        label={words.priority}
        name="priority"
        chosen={priority}
        onChoose={setPriority}
        options={priorities.map((value) => ({
          value,
          children: <span class={`priority priority-${value}`}>{m.conversation.priorities[value]}</span>,
        }))}
      />
      {groups.length > 0 && (
        <>
          <p class="options-label">{words.group}</p>
          <Choices
            label={words.group}
            name="group"
            chosen={group}
            onChoose={setGroup}
            options={[
              { value: everybody, children: m.conversation.everybody },
              ...groups.map(({ id, name }) => ({ value: id, children: name })),
            ]}
          />
        </>
      )}
    </Asking>
  );
}
