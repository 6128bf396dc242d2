/** Where a command reads and writes: the process's own streams, or a test's. */
export type Terminal = {
  /** Data, for people and pipes. */
  out(text: string): void;
  /** Everything else: progress, warnings, what went wrong. */
  err(text: string): void;
  /** All of standard input. */
  input(): Promise<string>;
  /** Asks and reads one line without showing it; null where nobody can be asked. */
  secret(question: string): Promise<string | null>;
  /** Whether `out` is a screen that shows colours, and its owner wants them (NO_COLOR). */
  readonly colours?: boolean;
};

/** The terminal this process was started in. */
export function processTerminal(): Terminal {
  // A reader that has seen enough (`| head`) is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    input: async () => {
      const chunks: Buffer[] = [];
      for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
      return Buffer.concat(chunks).toString('utf8');
    },
    secret: (question) => (process.stdin.isTTY ? askUnseen(question) : Promise.resolve(null)),
    colours: process.stdout.isTTY && process.stdout.hasColors(),
  };
}

const enter = /[\r\n\u0004]/;
const interrupt = '\u0003';
const backspace = /[\u007f\b]/;

function askUnseen(question: string): Promise<string | null> {
  const { stdin, stderr } = process;
  stderr.write(question);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8').resume();
  return new Promise((resolve) => {
    let typed: string[] = [];
    const done = (answer: string | null): void => {
      stdin.off('data', read).pause();
      stdin.setRawMode(false);
      stderr.write('\n');
      resolve(answer);
    };
    const read = (chunk: string): void => {
      for (const character of chunk) {
        if (character === interrupt) return done(null);
        if (enter.test(character)) return done(typed.join(''));
        typed = backspace.test(character) ? typed.slice(0, -1) : [...typed, character];
      }
    };
    stdin.on('data', read);
  });
}
