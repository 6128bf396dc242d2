import fc from 'fast-check';
import type { Service } from '../../../src/conversation/conversation.ts';
import {
  assignments,
  type Assignment,
  capacityOf,
  type Colleague,
  mayTake,
  modeFor,
  reservationHolds,
  type Routable,
  type RoutingSettings,
} from '../../../src/handoff/routing/routing.ts';
import { defaultSettings } from '../../../src/handoff/settings/defaults.zh.ts';

const groups = {
  groups: [
    { id: 'returns', name: '退换货', mode: 'auto' as const },
    { id: 'presale', name: '售前', mode: 'pull' as const },
    { id: 'repair', name: '维修', mode: 'auto' as const },
  ],
};

function settings(given: Partial<RoutingSettings['routing']> = {}): RoutingSettings {
  return { groups, routing: { ...defaultSettings.routing, mode: 'auto', defaultCapacity: 2, ...given } };
}

function waits(
  id: string,
  {
    groupId = null,
    serveBy = 0,
    reservedFor = null,
    lastAgent = null,
    atRisk = [],
    broken = [],
  }: Partial<
    Routable & Pick<Service, 'atRisk' | 'broken'> & { reservedFor: string | null; lastAgent: string | null }
  > = {},
): Routable {
  const person = (known: string | null) => (known === null ? null : { id: known, name: known });
  return {
    id,
    groupId,
    serveBy,
    service: { reservedFor: person(reservedFor), lastAgent: person(lastAgent), atRisk, broken },
  };
}

function agent(id: string, given: Partial<Colleague> = {}): Colleague {
  return { id, name: id, groups: [], capacity: 2, load: 0, status: 'online', lastAssignedAt: null, ...given };
}

/** Who gets what and why, as one can read it. */
function plan(waiting: readonly Routable[], agents: readonly Colleague[], by = settings()): readonly string[] {
  return assignments(waiting, agents, by).map(
    ({ conversation, agent: { id }, why }) => `${conversation.id} → ${id} (${why})`,
  );
}

describe('The desk, giving conversations away', () => {
  it('takes who has the most free capacity, then who has waited longest for work, then the lower id', () => {
    expect(plan([waits('c1')], [agent('li', { load: 1 }), agent('wang')])).toEqual(['c1 → wang (most_free)']);
    const idle = [agent('li', { lastAssignedAt: 20 }), agent('wang', { lastAssignedAt: 10 })];
    expect(plan([waits('c1')], idle)).toEqual(['c1 → wang (most_free)']);
    expect(plan([waits('c1')], [...idle, agent('zhao')])).toEqual(['c1 → zhao (most_free)']);
    expect(plan([waits('c1')], [agent('wang'), agent('li')])).toEqual(['c1 → li (most_free)']);
  });

  it('spreads the work, and stops where everybody is full', () => {
    const waiting = ['c1', 'c2', 'c3', 'c4', 'c5'].map((id) => waits(id));
    expect(plan(waiting, [agent('li', { capacity: 3 }), agent('wang', { capacity: null, load: 1 })])).toEqual([
      'c1 → li (most_free)',
      'c2 → li (most_free)',
      'c3 → wang (most_free)',
      'c4 → li (most_free)',
    ]);
  });

  it('gives two equals their turns', () => {
    const waiting = ['c1', 'c2', 'c3', 'c4'].map((id) => waits(id));
    expect(plan(waiting, [agent('li', { lastAssignedAt: 1 }), agent('wang', { lastAssignedAt: 2 })])).toEqual([
      'c1 → li (most_free)',
      'c2 → wang (most_free)',
      'c3 → li (most_free)',
      'c4 → wang (most_free)',
    ]);
  });

  it('serves in the order of service, whatever order it is given', () => {
    const waiting = [waits('late', { serveBy: 30 }), waits('b', { serveBy: 10 }), waits('a', { serveBy: 10 })];
    expect(plan(waiting, [agent('li')])).toEqual(['a → li (most_free)', 'b → li (most_free)']);
  });

  it('gives nothing to who is busy, away, offline or full', () => {
    const absent = [
      agent('li', { status: 'busy' }),
      agent('wang', { status: 'away' }),
      agent('zhao', { status: 'offline' }),
      agent('sun', { load: 2 }),
      agent('qian', { load: 9 }),
    ];
    expect(plan([waits('c1')], absent)).toEqual([]);
  });

  it('asks members of the group, and everybody where there is none', () => {
    const li = agent('li', { groups: ['returns'], load: 1 });
    const wang = agent('wang', { groups: ['repair'] });
    const waiting = [waits('c1', { groupId: 'returns' }), waits('c2', { groupId: 'returns' }), waits('c3')];
    expect(plan(waiting, [li, wang])).toEqual(['c1 → li (most_free)', 'c3 → wang (most_free)']);
  });

  it('leaves alone what agents take themselves', () => {
    const li = agent('li', { groups: ['presale', 'returns'], capacity: 9 });
    const waiting = [waits('c1', { groupId: 'presale' }), waits('c2', { groupId: 'returns' }), waits('c3')];
    expect(plan(waiting, [li])).toEqual(['c2 → li (most_free)', 'c3 → li (most_free)']);
    expect(plan(waiting, [li], settings({ mode: 'pull' }))).toEqual(['c2 → li (most_free)']);
  });

  it('strands nobody in a group that was deleted', () => {
    const waiting = [waits('c1', { groupId: 'gone' })];
    expect(plan(waiting, [agent('li')])).toEqual(['c1 → li (most_free)']);
    const li = agent('li', { load: 1, groups: ['repair'] });
    expect(plan(waiting, [agent('wang'), li], settings({ defaultGroup: 'repair' }))).toEqual(['c1 → li (most_free)']);
  });
});

describe('Who served the customer last', () => {
  const waiting = [waits('c1', { groupId: 'returns', lastAgent: 'li' })];
  const wang = agent('wang', { groups: ['returns'] });

  it('serves them again when free', () => {
    expect(plan(waiting, [wang, agent('li', { groups: ['returns'], load: 1 })])).toEqual(['c1 → li (last_agent)']);
  });

  it('is not waited for', () => {
    for (const li of [
      agent('li', { groups: ['returns'], load: 2 }),
      agent('li', { groups: ['returns'], status: 'away' }),
      agent('li', { groups: ['repair'] }),
    ]) {
      expect(plan(waiting, [wang, li])).toEqual(['c1 → wang (most_free)']);
    }
  });
});

describe('What is reserved for an agent', () => {
  const waiting = [waits('c1', { groupId: 'presale', reservedFor: 'li' })];

  it('goes to them, whatever the mode and the group', () => {
    expect(plan(waiting, [agent('wang', { groups: ['presale'] }), agent('li', { load: 1 })])).toEqual([
      'c1 → li (reserved)',
    ]);
  });

  it('waits for them while they are full or busy', () => {
    const here = [waits('c1', { groupId: 'returns', reservedFor: 'li' })];
    const wang = agent('wang', { groups: ['returns'] });
    expect(plan(here, [wang, agent('li', { load: 2 })])).toEqual([]);
    expect(plan(here, [wang, agent('li', { status: 'busy' })])).toEqual([]);
  });

  it('is for everybody in its group once they are gone', () => {
    const left = [waits('c1', { groupId: 'returns', reservedFor: 'li' })];
    const wang = agent('wang', { groups: ['returns'] });
    for (const agents of [
      [wang],
      [wang, agent('li', { status: 'away' })],
      [wang, agent('li', { status: 'offline', groups: ['returns'] })],
    ]) {
      expect(plan(left, agents)).toEqual(['c1 → wang (most_free)']);
    }
  });
});

describe('The plan', () => {
  const person = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'gone', null);
  const someWaiting = fc.uniqueArray(
    fc
      .record({
        id: fc.string({ minLength: 1, maxLength: 3 }),
        groupId: fc.constantFrom('returns', 'presale', 'repair', 'gone', null),
        serveBy: fc.option(fc.integer({ min: -5, max: 5 })),
        reservedFor: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: person }),
        lastAgent: person,
      })
      .map(({ id, ...rest }) => waits(id, rest)),
    { selector: ({ id }) => id, maxLength: 15 },
  );
  const someAgents = fc.subarray(['a', 'b', 'c', 'd', 'e']).chain((ids) =>
    fc.tuple(
      ...ids.map((id) =>
        fc
          .record({
            groups: fc.subarray(['returns', 'presale', 'repair', 'gone']),
            capacity: fc.option(fc.integer({ min: 0, max: 4 })),
            load: fc.integer({ min: 0, max: 5 }),
            status: fc.constantFrom<Colleague['status'][]>('online', 'online', 'online', 'busy', 'away', 'offline'),
            lastAssignedAt: fc.option(fc.integer({ min: 0, max: 3 })),
          })
          .map((given) => agent(id, given)),
      ),
    ),
  );
  const someSettings = fc
    .record({
      mode: fc.constantFrom<('auto' | 'pull')[]>('auto', 'pull'),
      defaultGroup: fc.constantFrom('repair', 'gone', null),
      defaultCapacity: fc.integer({ min: 1, max: 4 }),
    })
    .map((given) => settings(given));

  type Scene = {
    readonly waiting: readonly Routable[];
    readonly agents: readonly Colleague[];
    readonly by: RoutingSettings;
    readonly made: readonly Assignment[];
  };
  function always(holds: (scene: Scene) => void): void {
    fc.assert(
      fc.property(someWaiting, someAgents, someSettings, (waiting, agents, by) => {
        holds({ waiting, agents, by, made: assignments(waiting, agents, by) });
      }),
      { numRuns: 3_000 },
    );
  }

  const inOrder = (waiting: readonly Routable[]) =>
    waiting.toSorted((a, b) => (a.id < b.id ? -1 : 1)).toSorted((a, b) => (a.serveBy ?? 1_000) - (b.serveBy ?? 1_000));
  /** The group as it counts: one that is gone gives way to the default one. */
  const home = (groupId: string | null, { routing }: RoutingSettings) =>
    groupId !== 'gone' ? groupId : routing.defaultGroup === 'gone' ? null : routing.defaultGroup;
  const isKept = (one: Routable, agents: readonly Colleague[]) => reservationHolds(one, agents);
  /** Whether this agent may be given this conversation at all. */
  const eligible = (one: Routable, candidate: Colleague, { agents, by }: Scene) =>
    isKept(one, agents)
      ? one.service.reservedFor?.id === candidate.id
      : modeFor(one, by) === 'auto' && mayTake(candidate, { groupId: home(one.groupId, by) });
  const loadAfter = (candidate: Colleague, { made }: Scene) =>
    candidate.load + made.filter(({ agent: { id } }) => id === candidate.id).length;

  it('takes nobody over their capacity', () => {
    always((scene) => {
      for (const { agent: given } of scene.made) {
        const found = scene.agents.find(({ id }) => id === given.id);
        expect(found).toMatchObject({ name: given.name, status: 'online' });
        if (found) expect(loadAfter(found, scene)).toBeLessThanOrEqual(capacityOf(found, scene.by));
      }
    });
  });

  it('gives nothing away twice, and nothing that does not wait', () => {
    always(({ waiting, made }) => {
      const given = made.map(({ conversation }) => conversation);
      expect(new Set(given).size).toBe(given.length);
      for (const one of given) expect(waiting).toContain(one);
    });
  });

  it('asks only members, or who it is reserved for', () => {
    always((scene) => {
      for (const { conversation, agent: given, why } of scene.made) {
        const found = scene.agents.find(({ id }) => id === given.id);
        expect(found && eligible(conversation, found, scene)).toBe(true);
        expect(why === 'reserved').toBe(isKept(conversation, scene.agents));
        if (why === 'last_agent') expect(conversation.service.lastAgent?.id).toBe(given.id);
      }
    });
  });

  it('lets nobody overtake whom the same agent could have served', () => {
    always((scene) => {
      const given = scene.made.map(({ conversation }) => conversation);
      const order = inOrder(scene.waiting);
      expect(given).toEqual(order.filter((one) => given.includes(one)));
      for (const { conversation, agent: server } of scene.made) {
        const found = scene.agents.find(({ id }) => id === server.id);
        for (const earlier of order.slice(0, order.indexOf(conversation))) {
          if (found && eligible(earlier, found, scene)) expect(given).toContain(earlier);
        }
      }
    });
  });

  it('leaves nobody idle while somebody waits whom they may serve', () => {
    always((scene) => {
      const left = scene.waiting.filter((one) => scene.made.every(({ conversation }) => conversation !== one));
      const idle = scene.agents.filter(
        (one) => one.status === 'online' && loadAfter(one, scene) < capacityOf(one, scene.by),
      );
      for (const one of idle) expect(left.filter((waiting) => eligible(waiting, one, scene))).toEqual([]);
    });
  });

  it('is the same whatever the order of what it is made from', () => {
    always(({ waiting, agents, by, made }) => {
      expect(assignments(waiting.toReversed(), agents.toReversed(), by)).toEqual(made);
    });
  });
});
