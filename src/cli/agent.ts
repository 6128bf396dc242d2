import { randomBytes } from 'node:crypto';
import { loadConfig } from '../config.ts';
import { InputError } from '../errors.ts';
import { type Accounts, createAccounts } from '../handoff/agents.ts';
import type { Role } from '../handoff/roles.ts';
import { releaseAll } from '../handoff/desk.ts';
import { createPasswords } from '../handoff/passwords.ts';
import { openStorage, type Storage } from '../storage/storage.ts';
import type { Terminal } from './terminal.ts';

type AddOptions = {
  readonly name?: string;
  readonly role: Role;
  readonly passwordStdin?: boolean;
  readonly generatePassword?: boolean;
};

/** Adds an account; exit code 1 if there is one with this email. A generated password is printed this once. */
export async function addAgent(email: string, options: AddOptions, terminal: Terminal): Promise<number> {
  const password = await passwordFor(options, terminal);
  return withAccounts(async (accounts) => {
    const name = options.name ?? email.replace(/@.*$/s, '');
    const added = await accounts.add({ email, name, role: options.role, password });
    if (added.kind === 'exists') {
      terminal.err(`zhike: there is an account ${email} already\n`);
      return 1;
    }
    if (options.generatePassword) terminal.out(`${password}\n`);
    terminal.err(`added ${added.agent.email} (${added.agent.name}, ${added.agent.role})\n`);
    return 0;
  });
}

/** Lists the accounts by name. */
export async function listAgents({ json }: { readonly json?: boolean }, terminal: Terminal): Promise<number> {
  return withAccounts(async (accounts) => {
    const agents = await accounts.list();
    if (json) terminal.out(`${JSON.stringify(agents, null, 2)}\n`);
    else
      for (const { email, name, role, disabled } of agents)
        terminal.out(`${email}\t${name}\t${role}${disabled ? '\tdisabled' : ''}\n`);
    return 0;
  });
}

/** Disables an account and requeues what it had; exit code 1 if there is none with this email. */
export async function disableAgent(email: string, terminal: Terminal): Promise<number> {
  return withAccounts(async (accounts, storage) => {
    const disabled = await accounts.disable(email);
    if (disabled.kind === 'unknown') {
      terminal.err(`zhike: there is no account ${email}\n`);
      return 1;
    }
    const released = await releaseAll(disabled.agent, { log: storage.log, now: Date.now });
    terminal.err(`disabled ${disabled.agent.email}; ${released} conversations went back to the queue\n`);
    return 0;
  });
}

async function passwordFor({ passwordStdin, generatePassword }: AddOptions, terminal: Terminal): Promise<string> {
  if (generatePassword) return randomBytes(15).toString('base64url');
  if (passwordStdin) return (await terminal.input()).replace(/\r?\n$/, '');
  const password = await terminal.secret('Password: ');
  if (password === null) throw new InputError('no password: type one, or use --password-stdin or --generate-password');
  if ((await terminal.secret('Once more: ')) !== password)
    throw new InputError('the two passwords differ: nothing was added');
  return password;
}

async function withAccounts(act: (accounts: Accounts, storage: Storage) => Promise<number>): Promise<number> {
  const storage = await openStorage(loadConfig().databaseUrl);
  try {
    const { agents, sessions } = storage;
    return await act(createAccounts({ agents, sessions, passwords: createPasswords(), now: Date.now }), storage);
  } finally {
    await storage.close();
  }
}
