import { Argument, Command, CommanderError, Option } from 'commander';
import { ConfigError } from '../config.ts';
import { AccessError, BusyError, ConflictError, InputError, NotFoundError, TooLargeError } from '../errors.ts';
import { roles } from '../handoff/roles.ts';
import { addAgent, disableAgent, listAgents } from './agent.ts';
import { ask } from './ask.ts';
import { evaluate } from './eval.ts';
import { exportFormats, exportTranscripts, type ExportOptions } from './export.ts';
import { importRows } from './import.ts';
import { lint } from './lint.ts';
import type { Terminal } from './terminal.ts';
import { suggest } from './synonyms.ts';
import { test } from './test.ts';

/**
 * Runs one command and resolves with its exit code: 0 done, 1 not done (said on stderr), 2 called wrongly. Only data
 * goes to stdout.
 */
export async function runCli(args: readonly string[], terminal: Terminal): Promise<number> {
  let code = 0;
  const program = commands(terminal, (result) => (code = result));
  try {
    await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    if (error instanceof ConfigError) {
      terminal.err(`${error.message}\n`);
      return 2;
    }
    terminal.err(isExpected(error) ? `zhike: ${error.message}\n` : `zhike: ${inFull(error)}\n`);
    return 1;
  }
}

function isExpected(error: unknown): error is Error {
  return [InputError, TooLargeError, AccessError, NotFoundError, ConflictError, BusyError].some(
    (kind) => error instanceof kind,
  );
}

function inFull(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

function commands(terminal: Terminal, done: (code: number) => void): Command {
  const program = new Command('zhike')
    .description('Asks, checks, measures and fills the knowledge of a zhike support desk.')
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: false })
    .exitOverride()
    .configureOutput({ writeOut: (text) => terminal.out(text), writeErr: (text) => terminal.err(text) })
    .showHelpAfterError('(zhike -h tells how)');
  const command = (usage: string, description: string, parent = program): Command =>
    parent.command(usage).description(description).helpOption('-h, --help', 'tells how');
  const knowledge = () =>
    new Option('--knowledge <dir>', 'the folder of articles (default: KNOWLEDGE_DIR, else ./knowledge)');

  program.helpOption('-h, --help', 'tells how');
  command('ask', 'Asks one question and shows what a customer would get, and why.')
    .argument('<question>', 'what a customer might ask, in quotes')
    .addOption(knowledge())
    .option('--explain', 'shows segmentation, candidates, what each was weighed by, and why this outcome')
    .option('--json', 'as one line of JSON')
    .action(async (question: string, options: { knowledge?: string; explain?: true; json?: true }) =>
      done(await ask(question, options, terminal)),
    );
  command('lint', 'Checks the articles: what is broken, said twice, contradictory, out of date or unreadable.')
    .argument('[dir]', 'the folder of articles (default: KNOWLEDGE_DIR, else ./knowledge)')
    .option('--json', 'as a JSON array')
    .action(async (dir: string | undefined, options: { json?: true }) => done(await lint(dir, options, terminal)));
  command('test', 'Asks the knowledge its own questions and tests.yaml; fails on a regression.')
    .addOption(knowledge())
    .option('--base <ref>', 'compare with the knowledge of this commit (default: HEAD, where there is one)')
    .option('--no-compare', 'compare with nothing')
    .option('--json', 'as one JSON object')
    .action(async (options: { knowledge?: string; base?: string; compare: boolean; json?: true }) =>
      done(await test(options, terminal)),
    );
  command('eval', 'Asks every question of a file and reports how many are answered, and how many rightly.')
    .addOption(knowledge())
    .option(
      '--questions <file>',
      'a line of JSON for each: {"query", "expected_id"?, "also_ok"?, "kind"?: "near" or "far"}',
    )
    .option('--labels <file>', 'the same, to calibrate on first; without --questions on one half, asking the other')
    .option(
      '--learn <file>',
      'the same: shows what 0, 50, 100 … of them, confirmed by customers, are worth for the others',
    )
    .option('--jsonl', 'each answer as a line of JSON, in the order of the questions, instead of the report')
    .action(async (options: Parameters<typeof evaluate>[0], self: Command) => {
      if (!options.questions && !options.labels && !options.learn) {
        self.error('error: --questions, --labels or --learn must name a file');
      }
      done(await evaluate(options, terminal));
    });
  command('synonyms', 'Suggests words that mean the same to the shop, from how its own articles ask.')
    .addOption(knowledge())
    .option('--json', 'as a JSON array, with all the evidence')
    .action(async (options: Parameters<typeof suggest>[0]) => done(await suggest(options, terminal)));
  command('import', 'Makes articles from a file of questions and answers, or from a QnA Maker export.')
    .argument(
      '<file>',
      'FILE.jsonl, .csv or .tsv with id, question, answer, aliases, category; or an export as .tsv or .json',
    )
    .argument('<dir>', 'the folder to write the articles to')
    .option('--force', 'overwrite articles that exist')
    .action(async (file: string, dir: string, options: { force?: true }) =>
      done(await importRows({ file, dir, ...options }, terminal)),
    );

  command('export', 'Writes transcripts of conversations: for Bot Framework tools, as text, or to print.')
    .argument('[conversation]', 'its id; without one, all of them')
    .addOption(
      new Option('--format <format>', 'activities: .transcript JSON; text; html: to print or save as PDF')
        .choices(Object.keys(exportFormats))
        .default('text'),
    )
    .option('--notes', 'with private notes, verdicts and ratings')
    .option('--out <dir>', 'a file for each, in this folder')
    .option('--since <date>', 'without an id: only what changed since then (2026-11-01)')
    .action(async (id: string | undefined, options: ExportOptions) =>
      done(await exportTranscripts(id, options, terminal)),
    );

  const agent = command('agent', 'Adds, lists and disables the accounts of those who sign in to the console.');
  const email = () => new Argument('<email>', 'what they sign in with');
  command('add', 'Adds an account. The password is asked for, unless an option says where it comes from.', agent)
    .addArgument(email())
    .option('--name <name>', 'what customers and colleagues see (default: the email up to the @)')
    .addOption(new Option('--role <role>', 'what they may do').choices(roles).default('agent'))
    .option('--password-stdin', 'read the password from standard input')
    .addOption(new Option('--generate-password', 'make a password and print it, once').conflicts('passwordStdin'))
    .action(async (address: string, options: Parameters<typeof addAgent>[1]) =>
      done(await addAgent(address, options, terminal)),
    );
  command('list', 'Lists the accounts.', agent)
    .option('--json', 'as a JSON array')
    .action(async (options: { json?: true }) => done(await listAgents(options, terminal)));
  command('disable', 'Ends an account: signs it out everywhere and gives its conversations back to the queue.', agent)
    .addArgument(email())
    .action(async (address: string) => done(await disableAgent(address, terminal)));
  return program;
}
