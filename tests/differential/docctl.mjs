import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** The engine's side: a docctl process that answers batches of requests in order. */
export class Docctl {
  constructor(path) {
    this.process = spawn(path, [], { stdio: ['pipe', 'pipe', 'inherit'] });
    this.waiting = [];
    createInterface({ input: this.process.stdout }).on('line', (line) => this.waiting.shift().resolve(JSON.parse(line)));
    const fail = (why) => this.waiting.splice(0).forEach(({ reject }) => reject(why));
    this.process.on('error', fail);
    this.process.on('exit', (code, signal) => fail(new Error(`docctl ended: ${signal ?? code}`)));
    this.process.stdin.on('error', fail);
  }

  ask(requests) {
    return new Promise((resolve, reject) => {
      this.waiting.push({ resolve, reject });
      this.process.stdin.write(`${JSON.stringify(requests)}\n`);
    });
  }

  end() {
    this.process.stdin.end();
  }
}
