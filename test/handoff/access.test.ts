import { mayReach, reachableGroups, type Accessed, type Accessor } from '../../src/handoff/access.ts';

function li(given: Partial<Accessor> = {}): Accessor {
  return { id: 'li', role: 'agent', disabled: false, groups: ['returns'], ...given };
}

function conversation(given: Partial<Accessed> = {}): Accessed {
  return { groupId: 'repair', agentId: null, service: { reservedFor: null }, ...given };
}

const everyKind: readonly Accessed[] = [
  conversation(),
  conversation({ groupId: null }),
  conversation({ groupId: 'returns' }),
  conversation({ agentId: 'li' }),
  conversation({ service: { reservedFor: { id: 'li', name: '小李' } } }),
];

describe('An agent', () => {
  it('reaches what is for everybody, for their groups, theirs, or waits for them', () => {
    expect(everyKind.map((one) => mayReach(li(), one))).toEqual([false, true, true, true, true]);
  });

  it("does not reach another group's conversations, nor what is a colleague's there", () => {
    expect(mayReach(li(), conversation({ agentId: 'wang' }))).toBe(false);
    expect(mayReach(li(), conversation({ service: { reservedFor: { id: 'wang', name: '小王' } } }))).toBe(false);
  });

  it('of no group reaches only what is for everybody', () => {
    expect(mayReach(li({ groups: [] }), conversation({ groupId: 'returns' }))).toBe(false);
    expect(mayReach(li({ groups: [] }), conversation({ groupId: null }))).toBe(true);
    expect(reachableGroups(li({ groups: [] }))).toEqual([null]);
  });
});

describe('A supervisor', () => {
  it('reaches all', () => {
    expect(everyKind.every((one) => mayReach(li({ role: 'supervisor', groups: [] }), one))).toBe(true);
    expect(reachableGroups(li({ role: 'supervisor' }))).toBe('all');
  });
});

describe('An editor, and whoever is disabled,', () => {
  it('reaches nothing, not even what was theirs', () => {
    const nobodies = [
      li({ role: 'editor' }),
      ...(['agent', 'supervisor', 'editor'] as const).map((role) => li({ role, disabled: true })),
    ];
    for (const nobody of nobodies) {
      expect(everyKind.some((one) => mayReach(nobody, one))).toBe(false);
      expect(reachableGroups(nobody)).toEqual([]);
    }
  });
});

describe('A list', () => {
  it('of the groups an agent reaches is what they reach one by one', () => {
    const groups = reachableGroups(li());
    for (const groupId of [null, 'returns', 'repair']) {
      expect(groups !== 'all' && groups.includes(groupId)).toBe(mayReach(li(), conversation({ groupId })));
    }
  });
});
