import { signalNames } from '../../src/answering/confidence.ts';
import { featureNames } from '../../src/answering/rank.ts';
import { locales, messagesIn } from '../../src/console/page/messages/choose.ts';

describe('the panel that explains an answer', () => {
  it.each(locales)('has words in $name for every feature and signal there is, and for no other', ({ locale }) => {
    const words = messagesIn(locale).knowledge.ask.shares;
    expect(Object.keys(words).sort()).toEqual([...new Set<string>([...featureNames, ...signalNames])].sort());
    // Two of one name would be told apart by nobody.
    expect(new Set(Object.values(words)).size).toBe(Object.keys(words).length);
  });
});
