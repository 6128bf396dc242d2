import { type Asked, type Check, eachArticle, type Finding, folded, questionsOf } from './finding.ts';

/** A question that two articles claim, or one article twice. */
export const duplicateQuestions: Check = ({ sources }) => {
  const first = new Map<string, Asked>();
  const findings: Finding[] = [];
  for (const asked of sources.flatMap(questionsOf)) {
    const key = folded(asked.text);
    if (key === '') continue;
    const earlier = first.get(key);
    if (!earlier) {
      first.set(key, asked);
      continue;
    }
    const { article } = asked.source;
    const other = earlier.source.article;
    const within = article === other;
    findings.push({
      file: article.file,
      line: asked.line,
      severity: !within && article.status === 'published' && other.status === 'published' ? 'error' : 'warning',
      rule: 'duplicate-question',
      message: within
        ? `"${asked.text}" stands in this article twice`
        : `"${asked.text}" is asked in ${other.file}:${earlier.line} too: keep it in one of them`,
    });
  }
  return findings;
};

/** A question that an article both answers and excludes. */
export const contradictoryQuestions = eachArticle((source) => {
  const { article, at } = source;
  const asked = new Set(questionsOf(source).map(({ text }) => folded(text)));
  return article.notQuestions.flatMap((text, index) =>
    asked.has(folded(text))
      ? [
          {
            file: article.file,
            line: at.notQuestions[index] ?? 1,
            severity: 'error' as const,
            rule: 'contradictory-question' as const,
            message: `"${text}" is among both the questions and the not_questions`,
          },
        ]
      : [],
  );
});

/** A follow-up that nobody answers: it must be some article's question to the letter. */
export const deadFollowUps: Check = ({ sources }) => {
  const known = new Set(
    sources
      .filter(({ article }) => article.status === 'published')
      .flatMap(questionsOf)
      .map(({ text }) => folded(text)),
  );
  return sources.flatMap(({ article, at }) =>
    article.followUps.flatMap((text, index) =>
      known.has(folded(text))
        ? []
        : [
            {
              file: article.file,
              line: at.followUps[index] ?? 1,
              severity: 'warning' as const,
              rule: 'dead-follow-up' as const,
              message: `no published article has "${text}" as its title or question`,
            },
          ],
    ),
  );
};
