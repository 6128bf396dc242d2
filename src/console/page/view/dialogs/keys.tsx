import type { JSX } from 'preact';
import { Icon } from '../icons.tsx';
import { useAgent, useSurroundings } from '../surroundings.ts';
import { Modal } from './modal.tsx';

type KeyLine = readonly [keys: readonly string[], words: string];

/** Every key that does something. */
export function Keys(): JSX.Element {
  const { m, show } = useSurroundings();
  const agent = useAgent();
  const words = m.conversation.keys;
  const map: readonly KeyLine[] = [
    [['J', '↓', 'K', '↑'], m.keys.list],
    [['Enter'], m.keys.open],
    [['1', '2', '3', '4'], m.keys.views],
    [['Ctrl', 'K'], m.desk.keys.search],
    [['G', 'Q'], m.desk.keys.queue],
    [['G', 'M'], m.desk.keys.mine],
    [['G', 'S'], m.desk.keys.snoozed],
    [['G', 'A'], m.desk.keys.all],
    [['G', 'E'], m.desk.keys.resolved],
    [['G', 'K'], m.desk.keys.knowledge],
    ...(agent?.role === 'supervisor' ? [[['G', 'B'], m.desk.keys.supervision] as const] : []),
    [['C'], m.keys.claim],
    [['R'], m.keys.reply],
    [['N'], m.keys.note],
    [['/'], m.side.articles.label],
    [['G'], m.knowledge.keys.section],
    [['Esc'], m.keys.escape],
    [['?'], m.keys.help],
  ];
  const inConversation: readonly KeyLine[] = [
    [['Enter'], m.keys.send],
    [['Shift', 'Enter'], m.keys.newline],
    [['/'], words.canned],
    [['Alt', '1–3'], words.suggestion],
    [['@'], words.mention],
    [['Q'], words.quote],
    [['T'], words.transfer],
    [['S'], words.snooze],
    [['D', 'E'], words.resolve],
    [['O'], words.takeOver],
    [['M'], words.more],
  ];
  const inKnowledge: readonly KeyLine[] = [
    [['/'], m.knowledge.keys.ask],
    [['1', '2', '3', '4'], m.knowledge.keys.views],
    [['J', '↓', 'K', '↑'], m.knowledge.keys.list],
    [['A'], m.knowledge.keys.accept],
    [['E'], m.knowledge.keys.edit],
    [['X'], m.knowledge.keys.refuse],
  ];
  const inSupervision: readonly KeyLine[] = [
    [['1', '…', '5'], m.supervision.keys.views],
    [['J', '↓', 'K', '↑'], m.supervision.keys.list],
    [['Space'], m.supervision.keys.select],
    [['Enter'], m.supervision.keys.open],
    [['Ctrl', 'S'], m.supervision.keys.save],
  ];
  return (
    <Modal label={m.keys.title} wide>
      <header class="modal-head">
        <h2>{m.keys.title}</h2>
        <button type="button" class="icon-button" aria-label={m.actions.close} onClick={() => show(null)}>
          <Icon name="close" size={18} />
        </button>
      </header>
      <div class="keys-columns">
        <section>
          <KeyLines lines={map} />
        </section>
        <section>
          <h3>{words.title}</h3>
          <KeyLines lines={inConversation} />
        </section>
        <section>
          <h3>{m.knowledge.keys.title}</h3>
          <KeyLines lines={inKnowledge} />
        </section>
        {agent?.role === 'supervisor' && (
          <section>
            <h3>{m.supervision.keys.title}</h3>
            <KeyLines lines={inSupervision} />
          </section>
        )}
      </div>
    </Modal>
  );
}

function KeyLines({ lines }: { lines: readonly KeyLine[] }): JSX.Element {
  return (
    <dl class="keys">
      {lines.map(([keys, words]) => (
        <div key={words}>
          <dt>{words}</dt>
          <dd>
            {keys.map((key) => (
              <kbd key={key}>{key}</kbd>
            ))}
          </dd>
        </div>
      ))}
    </dl>
  );
}
