import { BusyError } from '../../src/errors.ts';
import { groupCommit, type WritingConnection } from '../../src/storage/group-commit.ts';

/** A connection that keeps a list of rows, with transactions and one savepoint, and fails where it is told to. */
function fakeConnection() {
  const statements: string[] = [];
  const state = {
    rows: [] as string[],
    uncommitted: null as string[] | null,
    savepoint: 0,
    failOn: null as string | null,
  };
  const connection: WritingConnection = {
    inTransaction: () => state.uncommitted !== null,
    run: (sql) => {
      statements.push(sql);
      if (sql === state.failOn) throw new Error(`${sql} failed`);
      if (sql === 'begin immediate') state.uncommitted = [];
      if (sql === 'commit') state.rows.push(...(state.uncommitted ?? []));
      if (sql === 'commit' || sql === 'rollback') state.uncommitted = null;
      if (sql === 'savepoint job') state.savepoint = state.uncommitted?.length ?? 0;
      if (sql === 'rollback to job') state.uncommitted?.splice(state.savepoint);
    },
  };
  return {
    connection,
    statements,
    state,
    insert: (row: string) => async () => {
      state.uncommitted?.push(row);
      return row;
    },
  };
}

describe('a group commit', () => {
  it('commits everything that waits in one tick together, in order', async () => {
    const { connection, statements, state, insert } = fakeConnection();
    const group = groupCommit(connection);
    const results = await Promise.all(['a', 'b', 'c'].map((row) => group.submit(insert(row))));
    expect(results).toEqual(['a', 'b', 'c']);
    expect(state.rows).toEqual(['a', 'b', 'c']);
    expect(statements.filter((sql) => sql === 'commit')).toHaveLength(1);
  });

  it('tells nobody before the commit', async () => {
    const { connection, state, insert } = fakeConnection();
    const group = groupCommit(connection);
    const seen: number[] = [];
    await Promise.all(['a', 'b'].map((row) => group.submit(insert(row)).then(() => seen.push(state.rows.length))));
    expect(seen).toEqual([2, 2]);
  });

  it('undoes a job that fails, and only that one', async () => {
    const { connection, state, insert } = fakeConnection();
    const group = groupCommit(connection);
    const failing = async () => {
      await insert('half done')();
      throw new Error('no');
    };
    const outcomes = await Promise.allSettled([
      group.submit(insert('a')),
      group.submit(failing),
      group.submit(insert('c')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(state.rows).toEqual(['a', 'c']);
  });

  it.each(['begin immediate', 'commit'])('rejects everybody when %s fails, and works again later', async (sql) => {
    const { connection, state, insert } = fakeConnection();
    const group = groupCommit(connection);
    state.failOn = sql;
    const outcomes = await Promise.allSettled(['a', 'b'].map((row) => group.submit(insert(row))));
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(state.rows).toEqual([]);
    state.failOn = null;
    await group.submit(insert('later'));
    expect(state.rows).toEqual(['later']);
  });

  it('rejects everybody when a job loses the whole transaction', async () => {
    const { connection, state, insert } = fakeConnection();
    const group = groupCommit(connection);
    const diskFull = async () => {
      // As SQLite does of itself on some errors.
      state.uncommitted = null;
      throw new Error('disk is full');
    };
    const outcomes = await Promise.allSettled([
      group.submit(insert('a')),
      group.submit(diskFull),
      group.submit(insert('c')),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
    expect(state.rows).toEqual([]);
    await group.submit(insert('later'));
    expect(state.rows).toEqual(['later']);
  });

  it('bounds how many jobs share a commit', async () => {
    const { connection, statements, insert } = fakeConnection();
    const group = groupCommit(connection, { largest: 10 });
    await Promise.all(Array.from({ length: 25 }, (_, n) => group.submit(insert(String(n)))));
    expect(statements.filter((sql) => sql === 'commit')).toHaveLength(3);
  });

  it('refuses more than may wait as busy, and takes work again afterwards', async () => {
    const { connection, state, insert } = fakeConnection();
    const group = groupCommit(connection, { waiting: 2 });
    const outcomes = await Promise.allSettled(['a', 'b', 'c'].map((row) => group.submit(insert(row))));
    expect(outcomes[2]).toMatchObject({ status: 'rejected', reason: expect.any(BusyError) as unknown });
    await group.submit(insert('d'));
    expect(state.rows).toEqual(['a', 'b', 'd']);
  });

  it('finishes what was submitted before it stops, and refuses the rest', async () => {
    const { connection, state, insert } = fakeConnection();
    const group = groupCommit(connection, { largest: 1 });
    const submitted = ['a', 'b', 'c'].map((row) => group.submit(insert(row)));
    const stopped = group.stop();
    await expect(group.submit(insert('d'))).rejects.toThrow('closed');
    await stopped;
    expect(state.rows).toEqual(['a', 'b', 'c']);
    await Promise.all(submitted);
    await group.stop();
  });

  it('settles every job, and goes on, when even the rollback fails', async () => {
    const { connection, state, insert } = fakeConnection();
    const group = groupCommit({
      ...connection,
      run: (sql) => {
        if (broken && (sql === 'commit' || sql === 'rollback')) throw new Error(`${sql} failed`);
        if (sql === 'begin immediate' && connection.inTransaction()) throw new Error('a transaction within another');
        connection.run(sql);
      },
    });
    let broken = true;
    await expect(group.submit(insert('a'))).rejects.toThrow('commit failed');
    broken = false;
    await expect(group.submit(insert('b'))).rejects.toThrow('a transaction within another');
    expect(await group.submit(insert('c'))).toBe('c');
    expect(state.rows).toEqual(['c']);
  });
});
