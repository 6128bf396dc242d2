import type { VNode } from 'preact';
import { useState } from 'preact/hooks';
import { fill } from '../../web/locale.ts';
import type { SurveyKind } from '../activity.ts';
import { longestComment, type ChatState } from '../chat.ts';
import type { Messages } from '../messages/index.ts';
import type { Survey } from '../transcript.ts';
import { useDesk } from './desk.ts';
import { CheckIcon, FaceIcon } from './icons.tsx';

/** Asks once, at the end, what the customer thought of it. */
export function SurveyCard({ state }: { state: ChatState }): VNode | null {
  const { survey, rating, link, caughtUp } = state;
  if (!survey || !caughtUp) return null;
  const answered = rating?.about === survey.about ? rating : null;
  if (answered && !answered.refused) return <Thanks kept={link !== 'online'} />;
  return <Questions key={survey.about} survey={survey} wasRefused={answered !== null} />;
}

/** What the customer answered, as a line of the log: `4 / 5` or, where the steps have names, the name. */
export function ratedWords(score: number, survey: SurveyKind | null, t: Messages): string {
  const said = survey === 'csat' ? csatLabels(t)[score - 1] : undefined;
  return fill(t.rated, { rating: said ?? (survey ? `${score} / ${scales[survey].to}` : score) });
}

function Questions({ survey: { kind }, wasRefused }: { survey: Survey; wasRefused: boolean }): VNode {
  const { chat, t } = useDesk();
  const [score, setScore] = useState<number | null>(null);
  const [comment, setComment] = useState('');
  const { from, to } = scales[kind];
  const [question, low, high] = wordsOf(kind, t);
  return (
    <section class="survey" aria-labelledby="survey">
      <h3 id="survey">{question}</h3>
      {/* The log reads out what comes into it; of this, the question is enough. */}
      <form
        aria-live="off"
        onSubmit={(event) => {
          event.preventDefault();
          if (score !== null) chat.rate(score, comment.trim());
        }}
      >
        <div class="scale" data-kind={kind} role="radiogroup" aria-labelledby="survey">
          {Array.from({ length: to - from + 1 }, (_, i) => from + i).map((step) => (
            <label key={step} class="step">
              <input
                type="radio"
                name="score"
                value={step}
                checked={score === step}
                aria-label={stepLabel(step, { kind, low, high, t })}
                onChange={() => setScore(step)}
              />
              <span class="step-face" aria-hidden="true">
                {kind === 'csat' && <FaceIcon mood={step - 3} />}
                {kind === 'csat' ? csatLabels(t)[step - 1] : step}
              </span>
            </label>
          ))}
        </div>
        {kind !== 'csat' && (
          <p class="scale-ends" aria-hidden="true">
            <span>{low}</span>
            <span>{high}</span>
          </p>
        )}
        {score !== null && (
          <textarea
            class="comment"
            rows={2}
            value={comment}
            maxLength={longestComment}
            aria-label={t.surveyComment}
            placeholder={t.surveyComment}
            onInput={(event) => setComment(event.currentTarget.value)}
          />
        )}
        {wasRefused && (
          <p class="survey-refused" role="alert">
            {t.surveyRefused}
          </p>
        )}
        <div class="survey-buttons">
          <button type="button" class="survey-skip" data-goes onClick={() => chat.skipSurvey()}>
            {t.surveySkip}
          </button>
          {score !== null && (
            <button type="submit" class="survey-send" data-goes>
              {t.surveySend}
            </button>
          )}
        </div>
      </form>
    </section>
  );
}

/** Until the log shows the rating itself. */
function Thanks({ kept }: { kept: boolean }): VNode {
  const { t } = useDesk();
  return (
    <section class="survey survey-thanks" role="status">
      <CheckIcon size={18} />
      <span>{kept ? t.surveyKept : t.surveyThanks}</span>
    </section>
  );
}

const scales: Readonly<Record<SurveyKind, { readonly from: number; readonly to: number }>> = {
  csat: { from: 1, to: 5 },
  ces: { from: 1, to: 7 },
  nps: { from: 0, to: 10 },
};

/** The question, and what the ends of its scale mean. */
function wordsOf(kind: SurveyKind, t: Messages): readonly [string, string, string] {
  switch (kind) {
    case 'csat':
      return [t.surveyCsat, t.csat1, t.csat5];
    case 'ces':
      return [t.surveyCes, t.cesLow, t.cesHigh];
    case 'nps':
      return [t.surveyNps, t.npsLow, t.npsHigh];
  }
}

function stepLabel(
  step: number,
  { kind, low, high, t }: { kind: SurveyKind; low: string; high: string; t: Messages },
): string {
  if (kind === 'csat') return csatLabels(t)[step - 1] ?? '';
  const { from, to } = scales[kind];
  return step === from ? `${step} ${low}` : step === to ? `${step} ${high}` : String(step);
}

function csatLabels(t: Messages): readonly string[] {
  return [t.csat1, t.csat2, t.csat3, t.csat4, t.csat5];
}
