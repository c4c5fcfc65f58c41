/** The lines of a script, trimmed; comments count as blank. */
export class ScriptLines {
  private readonly lines: readonly string[];
  private at = -1;

  constructor(text: string) {
    this.lines = text.split('\n').map((line) => (line.trim().startsWith('#') ? '' : line.trim()));
  }

  /** Of the current line, from one. */
  get number(): number {
    return this.at + 1;
  }

  /** The next line with something on it; undefined at the end. */
  nextCommand(): string | undefined {
    while (++this.at < this.lines.length) {
      const line = this.lines[this.at];
      if (line) return line;
    }
    return undefined;
  }

  /** The lines of the command that the current line began. A reader may stop early: the rest is then a command of its own. */
  *untilBlank(): Generator<string> {
    for (let line = this.lines[this.at + 1]; line; line = this.lines[this.at + 1]) {
      this.at += 1;
      yield line;
    }
  }
}
