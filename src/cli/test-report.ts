import type { Change, ExaminationKind, Graded } from '../answering/editing/examination.ts';
import { examinationKinds } from '../answering/editing/examination.ts';
import { plain, table } from './table.ts';
import type { Terminal } from './terminal.ts';
import type { ComparedBase, TestResult } from './test.ts';

/** The result of `zhike test` for people: figures, failures, who steals what, what the edit changed. */
export function reportOf(result: TestResult, { colours }: Pick<Terminal, 'colours'>): string {
  const paint = colours ? coloured : uncoloured;
  const parts = [figures(result), failures(result, paint), stolen(result, paint), thieves(result), base(result, paint)];
  return parts.filter((part) => part !== '').join('\n');
}

type Paint = (text: string, colour: 'red' | 'green' | 'yellow') => string;
const codes = { red: 31, green: 32, yellow: 33 } as const;
const coloured: Paint = (text, colour) => `\u001b[${codes[colour]}m${text}\u001b[0m`;
const uncoloured: Paint = (text) => text;

const names: Readonly<Record<ExaminationKind, string>> = {
  own: 'own wordings',
  held_out: 'held out, one at a time',
  not_question: 'not_questions',
  test: 'tests.yaml',
};

/** As many rows as can be read; `--json` has them all. */
const mostRows = 30;

function figures({ summaries }: TestResult): string {
  const head = ['', 'asked', 'hit@1', 'hit@3', 'MRR', 'answered', 'clarified', 'handed over', 'answers right'];
  const rows = examinationKinds.map((kind) => {
    const { asked, hit1, hit3, mrr, answered, clarified, handedOver, answeredRight } = summaries[kind];
    const shares = [hit1, hit3, mrr, answered, clarified, handedOver, answeredRight];
    return [names[kind], `${asked}`, ...shares.map((share) => share?.toFixed(3) ?? '–')];
  });
  return table(head, rows);
}

function failures({ failures: rows }: TestResult, paint: Paint): string {
  if (rows.length === 0) return paint('no failures\n', 'green');
  const lines = rows.map(
    ({ kind, line, of, question, wrong }) =>
      `${kind === 'test' ? `tests.yaml:${line}` : of}  ${plain(question)}\n    ${wrong}\n`,
  );
  return `${paint(`${rows.length} failures`, 'red')}\n${listed(lines)}`;
}

/** Only what is answered wrongly is shown: the rest is clarified or handed over, and harms nobody. */
function stolen({ stolen: rows }: TestResult, paint: Paint): string {
  const answered = rows.filter(({ outcome }) => outcome === 'answer');
  if (answered.length === 0) return '';
  const cells = answered
    .slice(0, mostRows)
    .map(({ question, of, found, confidence }) => [question, `${of}`, `${found}`, confidence.toFixed(2)]);
  const title = paint(`stolen: ${answered.length} wordings would be answered with another article`, 'yellow');
  return `${title}\n${table(['question', 'should be', 'got', 'confidence'], cells)}${more(answered.length)}`;
}

function thieves({ thieves: list }: TestResult): string {
  if (list.length === 0) return '';
  const cells = list.slice(0, 10).map(({ article, questions, from }) => {
    const victims = from.map((victim) => `${victim.article} (${victim.questions})`);
    return [article, `${questions}`, `${victims.slice(0, 3).join(', ')}${victims.length > 3 ? ', …' : ''}`];
  });
  return `articles that come first for others' wordings, answered or not\n${table(['article', 'wordings', 'of'], cells, 90)}`;
}

function base({ base: compared }: TestResult, paint: Paint): string {
  if (!compared) return '';
  if ('skipped' in compared) return `not compared with ${compared.ref}: ${compared.skipped}\n`;
  const { better, worse, changed, broken, compared: asked } = compared.comparison;
  const count = `${asked} questions asked there too: ${better.length} better, ${worse.length} worse, ${changed.length} with another article`;
  const title = `since ${nameOf(compared)}, ${count}\n`;
  const cells = [...rowsOf('better', better), ...rowsOf('worse', worse), ...rowsOf('changed', changed)];
  const regressions = broken.map(({ now }) => `${names[now.kind]}  ${plain(now.question)}\n    ${now.wrong}\n`);
  return [
    title,
    cells.length === 0 ? '' : table(['', 'asked as', 'question', 'before', 'now'], cells.slice(0, mostRows)),
    more(cells.length),
    broken.length === 0
      ? ''
      : `\n${paint(`${broken.length} regressions: right before, wrong now`, 'red')}\n${listed(regressions)}`,
  ].join('');
}

function nameOf({ ref, commit }: Extract<NonNullable<ComparedBase>, { readonly commit: string }>): string {
  const short = commit.slice(0, 7);
  return commit.startsWith(ref) ? short : `${ref} (${short})`;
}

function rowsOf(what: string, changes: readonly Change[]): string[][] {
  return changes.map(({ before, now }) => [what, names[now.kind], now.question, told(before), told(now)]);
}

function told({ outcome, found }: Graded): string {
  if (outcome === 'answer') return `${found}`;
  const nearest = found === null ? '' : `, nearest ${found}`;
  return outcome === 'clarify' ? `clarified${nearest}` : `handed over${nearest}`;
}

function listed(lines: readonly string[]): string {
  return lines.slice(0, mostRows).join('') + more(lines.length);
}

function more(count: number): string {
  return count > mostRows ? `… and ${count - mostRows} more: see --json\n` : '';
}
