// docs/benchmarks.md: words are written by hand, the figures between two marks by those who measure.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';

/** Replaces the figures called `name` in `page`; a page without their marks gets them at its end. */
export function writeFigures(page, name, lines) {
  const begin = `<!-- figures: ${name} -->`;
  const end = `<!-- end of ${name} -->`;
  const text = existsSync(page) ? readFileSync(page, 'utf8') : '# Benchmarks\n';
  const whole = text.includes(begin) ? text : `${text}\n${begin}\n${end}\n`;
  const figures = [begin, '', ...lines, '', end].join('\n');
  writeFileSync(page, whole.split(begin)[0] + figures + whole.split(end)[1]);
}

/** When and on what something was measured. */
export function surroundings(began, loadBefore) {
  const processors = os.cpus();
  const compiler = execFileSync('c++', ['-dumpfullversion'], { encoding: 'utf8' }).trim();
  return [
    began.toISOString().slice(0, 10),
    `${processors.length} × ${processors[0].model.trim()}, ${Math.round(os.totalmem() / 2 ** 30)} GiB, Linux ${os.release().split('-')[0]}`,
    `g++ ${compiler}, Node ${process.versions.node}`,
    `load average before: ${loadBefore.toFixed(1)}`,
  ].join(' · ');
}
