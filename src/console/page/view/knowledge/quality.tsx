import { Fragment, type ComponentChildren, type JSX } from 'preact';
import type { FitView, KnowledgeAnswer } from '../../../knowledge-api.ts';
import { agoText } from '../../durations.ts';
import { percentText } from '../../figures.ts';
import { measuredIn, reportLines } from '../../reports.ts';
import { useNow, useStore } from '../../store.ts';
import { fullTime } from '../../../../web/dates.ts';
import { Icon } from '../icons.tsx';
import { useSurroundings } from '../surroundings.ts';
import { Panel, Read } from './parts.tsx';

/** How far the bot can be believed, what that rests on, and which articles it can't read. */
export function QualityView(): JSX.Element {
  const { desk } = useSurroundings();
  const { quality } = useStore(desk.knowledge.store);
  return (
    <Read loaded={quality} rows={3}>
      {(value) => (
        <div class="quality">
          <Stage knowledge={value} />
          <Faults faults={value.faults} />
          <Fits fits={value.fits} />
        </div>
      )}
    </Read>
  );
}

function Stage({ knowledge }: { knowledge: KnowledgeAnswer }): JSX.Element {
  const { m } = useSurroundings();
  const now = useNow(false);
  const q = m.knowledge.quality;
  const { stage, estimated, labels, promised, threshold } = knowledge.calibration;
  // What a check found is worth telling, also where it left the shipped coefficients as they were.
  const [last] = knowledge.fits;
  const { fittedAt, report } =
    knowledge.calibration.fittedAt === null && last
      ? { fittedAt: last.at, report: last.report }
      : knowledge.calibration;
  const [title, text] = q.stages[stage];
  // What was measured on the base's own wordings says little of customers: it stays in the report below.
  const actual = estimated ? null : measuredIn(report);
  return (
    <section class="panel stage">
      <h2>
        {title}
        <span class={estimated ? 'tag' : 'tag tag-good'}>{estimated ? m.knowledge.estimated : m.knowledge.measured}</span>
        <small>{fittedAt === null ? q.neverFitted : q.fittedAt(agoText(now - fittedAt, m))}</small>
      </h2>
      <p>{text}</p>
      <dl class="figures">
        <Figure name={q.promised} hint={q.promisedHint}>
          {percentText(promised)}
        </Figure>
        <Figure name={q.actual} hint={actual === null ? q.unknownHint : q.measuredOn(actual.questions)}>
          {actual === null ? <span class="figure-unknown">{q.unknown}</span> : percentText(actual.precision)}
        </Figure>
        <Figure name={q.threshold} hint={q.thresholdHint}>
          {percentText(threshold)}
        </Figure>
        {stage === 'self' ? (
          <Figure name={q.ownQuestions} hint={q.ownQuestionsHint}>
            {labels}
          </Figure>
        ) : (
          <Figure name={q.labels} hint={q.labelsHint}>
            {labels}
          </Figure>
        )}
        <Figure name={q.articles} hint={q.articlesHint}>
          {knowledge.articles}
        </Figure>
      </dl>
      {report && <Report report={report} />}
    </section>
  );
}

function Figure(props: { name: string; hint: string; children: ComponentChildren }): JSX.Element {
  return (
    <div class="figure">
      <dt>{props.name}</dt>
      <dd>
        <strong>{props.children}</strong>
        <small>{props.hint}</small>
      </dd>
    </div>
  );
}

function Report({ report }: { report: FitView['report'] }): JSX.Element | null {
  const { m } = useSurroundings();
  const lines = reportLines(report);
  if (lines.length === 0) return null;
  return (
    <details class="report">
      <summary>
        <Icon name="right" size={14} />
        {m.knowledge.quality.report}
      </summary>
      <dl class="facts">
        {lines.map(({ key, value }) => (
          <Fragment key={key}>
            <dt title={key}>{m.knowledge.quality.reportKeys[key] ?? key}</dt>
            <dd>{value}</dd>
          </Fragment>
        ))}
      </dl>
    </details>
  );
}

function Faults({ faults }: { faults: KnowledgeAnswer['faults'] }): JSX.Element {
  const { m } = useSurroundings();
  const q = m.knowledge.quality;
  return (
    <Panel title={q.faults} {...(faults.length > 0 ? { hint: q.faultsHint } : {})}>
      {faults.length === 0 ? (
        <p class="all-well">
          <Icon name="check" />
          {q.noFaults}
        </p>
      ) : (
        <ul class="faults">
          {faults.map(({ file, line, message }) => (
            <li key={`${file}:${line} ${message}`}>
              <Icon name="warn" size={14} />
              <span>
                <span class="mono">{file}</span>
                {line !== null && <span class="fault-line">{q.line(line)}</span>}
                <span class="fault-message">{message}</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Fits({ fits }: { fits: readonly FitView[] }): JSX.Element {
  const { m, locale } = useSurroundings();
  const q = m.knowledge.quality;
  return (
    <Panel title={q.fits}>
      {fits.length === 0 ? (
        <p class="fine-print">{q.noFits}</p>
      ) : (
        <div class="table" tabIndex={0} role="region" aria-label={q.fits}>
          <table>
            <thead>
              <tr>
                {columns.map((column) => (
                  <th key={column} class={`column-${column}`}>
                    {q.columns[column]}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {fits.map(({ id, at, stage, articles, labels, promised, threshold }) => (
                <tr key={id}>
                  <td class="column-at">
                    <time>{fullTime(at, locale)}</time>
                  </td>
                  <td class="column-stage">{q.stageNames[stage]}</td>
                  <td>{articles}</td>
                  <td>{labels}</td>
                  <td>{percentText(promised)}</td>
                  <td>{percentText(threshold)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Panel>
  );
}

const columns = ['at', 'stage', 'articles', 'labels', 'promised', 'threshold'] as const;
