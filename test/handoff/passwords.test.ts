import { BusyError } from '../../src/errors.ts';
import { createPasswords } from '../../src/handoff/passwords.ts';

const cheap = { cost: 2 ** 10 };

describe('a password', () => {
  it('is right or wrong, and its hash tells nothing twice', async () => {
    const passwords = createPasswords(cheap);
    const [one, two] = [await passwords.hash('口令一二三'), await passwords.hash('口令一二三')];
    expect(one).not.toBe(two);
    expect(one).not.toContain('口令');
    expect(await passwords.verify('口令一二三', one)).toBe(true);
    expect(await passwords.verify('口令一二四', one)).toBe(false);
    expect(await passwords.verify('口令一二三', null)).toBe(false);
  });

  it('is the same however a keyboard composes it', async () => {
    const passwords = createPasswords(cheap);
    expect(await passwords.verify('cafe\u0301ｘ', await passwords.hash('café' + 'x'))).toBe(true);
  });

  it('made at another cost still verifies', async () => {
    const hash = await createPasswords({ cost: 2 ** 11 }).hash('口令一二三');
    expect(await createPasswords(cheap).verify('口令一二三', hash)).toBe(true);
  });

  it('costs N = 2^17 unless told otherwise, for accounts that do not exist too', async () => {
    const passwords = createPasswords();
    expect(await passwords.hash('口令一二三')).toMatch(/^scrypt\$131072\$/);
    const [known, unknown] = [await cpuOf(() => passwords.verify('x', null)), await cpuOf(() => passwords.hash('x'))];
    expect(known).toBeGreaterThan(unknown / 4);
  });

  it('is refused as busy when too many wait already, and taken again afterwards', async () => {
    const passwords = createPasswords({ ...cheap, atOnce: 2, waiting: 3 });
    const hash = await passwords.hash('口令一二三');
    const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => passwords.verify('口令一二三', hash)));
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') expect(outcome.reason).toBeInstanceOf(BusyError);
    }
    expect(await passwords.verify('口令一二三', hash)).toBe(true);
  });
});

/** Processor time, which a busy machine does not stretch. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}
