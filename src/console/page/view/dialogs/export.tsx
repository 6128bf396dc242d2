import type { JSX } from 'preact';
import { useState } from 'preact/hooks';
import { useSurroundings } from '../surroundings.ts';
import { Asking, Choices } from './asking.tsx';

type Format = 'html' | 'text' | 'activities';

/** Downloads what was said, in the form somebody needs it. */
export function Export(): JSX.Element {
  const { desk, m, locale } = useSurroundings();
  const [format, setFormat] = useState<Format>('html');
  const [notes, setNotes] = useState(false);
  const words = m.conversation.transcript;
  function download() {
    const link = document.createElement('a');
    link.href = desk.transcriptUrl({ format, notes, locale });
    link.download = '';
    link.click();
    return Promise.resolve({ kind: 'done' as const });
  }

  return (
    <Asking title={words.title} submit={words.submit} does={download}>
      <Choices
        first
        label={words.format}
        name="format"
        chosen={format}
        onChoose={setFormat}
        options={(['html', 'text', 'activities'] as const).map((value) => ({
          value,
          children: (
            <>
              {words.formats[value][0]}
              <small>{words.formats[value][1]}</small>
            </>
          ),
        }))}
      />
      <label class="check check-below">
        <input type="checkbox" checked={notes} onChange={({ currentTarget }) => setNotes(currentTarget.checked)} />
        {words.notes}
      </label>
    </Asking>
  );
}
